/* Comfort for fixing terms: warnings while a day is typed, each row saved by itself as soon as both days stand there.
   The page works without this file; every word it shows comes from the table's data attributes or from the server. */
"use strict";

(() => {
  const table = document.getElementById("school-schedule");
  const summary = document.getElementById("summary");
  if (!table || !summary) return;
  if (!document.body.replaceChildren || !HTMLFormElement.prototype.requestSubmit) return; // too old: see CONTRIBUTING
  const words = table.dataset;
  const LOOK = 300; // milliseconds without typing before the warnings are asked for
  const SAVE = 1200; // and before the row is saved
  const PATIENCE = 30000; // the longest wait for an answer
  const forms = [...table.querySelectorAll(".term-form")];
  const saved = new Map(forms.map((form) => [form, days(form)])); // what the server has
  const timers = new Map();
  const attempts = new Map(); // what was sent and not answered: it may have arrived, so it is sent again as it was
  let turn = Promise.resolve(); // one save after the other: each tells the next how the schedule stands
  let asked = 0;

  function days(form) {
    return `${form.elements.starts_on.value} ${form.elements.ends_on.value}`;
  }

  function isHalf(form) {
    return !form.elements.starts_on.value !== !form.elements.ends_on.value;
  }

  const isSaved = (form) => saved.get(form) === days(form);

  function say(form, text, { wrong = false, more = null } = {}) {
    const place = form.querySelector(".said");
    const said = document.createElement("span");
    said.textContent = text;
    if (wrong) said.className = "text-danger";
    place.replaceChildren(said);
    if (more) place.append(" ", more);
  }

  function mark(form, errors) {
    for (const name of ["starts_on", "ends_on"]) {
      const field = form.elements[name];
      if (errors[name]) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    const text = Object.values(errors).join(" ");
    if (text) say(form, text, { wrong: true });
  }

  async function fetched(address, options) {
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(address, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        signal: patience.signal,
        ...options,
      });
    } finally {
      clearTimeout(alarm);
    }
  }

  /* --- warnings ---------------------------------------------------------------------------------------------------- */

  /* Of the whole table: a day typed in one row can warn another. Only the newest answer is shown. */
  async function look(form) {
    const mine = ++asked;
    const { starts_on: starts, ends_on: ends } = form.elements;
    const query = isSaved(form) ? "" : `?${new URLSearchParams({ starts_on: starts.value, ends_on: ends.value })}`;
    try {
      const answer = await fetched(form.dataset.check + query);
      if (mine !== asked) return;
      if (answer.ok) show(await answer.json());
      else if (answer.status === 422) mark(form, (await answer.json()).errors);
    } catch {
      /* the warnings stay as they were; saving tells of a lost connection */
    }
  }

  function show({ rows, summary: drawn }) {
    for (const form of forms) {
      const place = document.getElementById(`clashes_${form.dataset.row}`);
      const now = rows[form.dataset.row] || "";
      if (place.innerHTML.trim() !== now.trim()) place.innerHTML = now;
    }
    const open = [...summary.querySelectorAll("details[open]")].map((one) => one.id);
    summary.innerHTML = drawn;
    for (const id of open) summary.querySelector(`#${id}`)?.setAttribute("open", "");
  }

  /* --- saving ------------------------------------------------------------------------------------------------------ */

  function plan(form) {
    const pending = timers.get(form) || {};
    clearTimeout(pending.look);
    clearTimeout(pending.save);
    const itself = !isHalf(form) && !form.classList.contains("to-save");
    timers.set(form, {
      look: setTimeout(() => look(form), LOOK),
      save: itself ? setTimeout(() => save(form), SAVE) : null,
    });
  }

  function save(form) {
    clearTimeout(timers.get(form)?.save);
    turn = turn.then(() => send(form));
    return turn;
  }

  /* The row asks for its button: what it holds was refused, or may not have arrived. */
  function leaveToButton(form) {
    form.classList.add("to-save");
  }

  async function send(form) {
    if (isSaved(form) && !form.classList.contains("to-save")) return;
    const { sent, fields } = attempts.get(form) || { sent: days(form), fields: new URLSearchParams(new FormData(form)) };
    attempts.set(form, { sent, fields });
    say(form, words.saving);
    try {
      const answer = await fetched(form.action, { method: "POST", body: fields });
      if (answer.status < 500) attempts.delete(form);
      if (answer.status === 200 && !answer.redirected) await accepted(form, sent, await answer.json());
      else if ([409, 422, 423].includes(answer.status)) refused(form, await answer.json());
      else if ([401, 403].includes(answer.status)) {
        leaveToButton(form);
        say(form, words.signedOut, { wrong: true });
      } else throw new Error(answer.status);
    } catch {
      leaveToButton(form);
      say(form, words.failed, { wrong: true });
    }
  }

  async function accepted(form, sent, { revision, once, seen, others }) {
    form.elements.revision.value = revision;
    form.elements.once.value = once;
    for (const field of document.querySelectorAll(".term-form [name=seen], form[action*='/move/'] [name=seen]")) {
      field.value = seen;
    }
    saved.set(form, sent);
    form.classList.remove("to-save");
    mark(form, {});
    if (others) {
      const link = document.createElement("a");
      link.href = location.pathname;
      link.textContent = words.again;
      say(form, `${words.saved} ${words.others}`, { more: link });
    } else say(form, words.saved);
    if (!isSaved(form)) plan(form);
    else await look(form);
  }

  function refused(form, { errors, message, revision }) {
    leaveToButton(form);
    if (revision) form.elements.revision.value = revision;
    mark(form, errors || { "": message });
  }

  for (const form of forms) {
    form.classList.add("saves-itself");
    if (form.querySelector(".said").textContent.trim()) leaveToButton(form); // typed, and refused by the server
    form.addEventListener("input", () => {
      mark(form, {});
      say(form, "");
      plan(form);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leaveToButton(form);
      save(form);
    });
    form.addEventListener("focusout", ({ relatedTarget }) => {
      const goes = !form.contains(relatedTarget) && !isSaved(form) && !form.classList.contains("to-save");
      if (goes && !isHalf(form)) save(form);
    });
  }

  /* Another form of the page is sent: what was typed first. */
  document.addEventListener("submit", async (event) => {
    const other = event.target;
    const open = forms.filter((form) => !isSaved(form));
    if (event.defaultPrevented || forms.includes(other) || !open.length) return;
    event.preventDefault();
    await Promise.all(open.map(save));
    const left = forms.find((form) => !isSaved(form));
    if (left) left.elements.starts_on.focus();
    else other.requestSubmit(event.submitter);
  });

  window.addEventListener("beforeunload", (event) => {
    if (forms.some((form) => !isSaved(form))) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // its revisions and one-use tokens are of yesterday
  });
})();
