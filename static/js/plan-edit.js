/* Comfort for filling in a plan: rows without reloading, a draft that saves itself, nothing lost without a connection.
   The page works without this file; every word it shows comes from the form's data attributes. */
"use strict";

(() => {
  const form = document.getElementById("plan-form");
  if (!form) return;
  if (!document.body.replaceChildren || !HTMLFormElement.prototype.requestSubmit) return; // too old: see CONTRIBUTING
  const rows = document.getElementById("rows");
  const emptyRow = document.getElementById("empty-row");
  const total = form.elements["rows-TOTAL_FORMS"];
  const state = document.getElementById("save-state");
  const conflict = document.getElementById("conflict");
  const key = form.dataset.draft;
  const planAddress = new URL("..", form.action).href;
  const PAUSE = 2500; // milliseconds without typing before the draft saves itself
  const OFFER = 8000; // to look at what came back, before it does
  const RETRY = 15000; // and before a lost connection is tried again
  const PATIENCE = 30000; // the longest wait for an answer
  const TAP = 100; // after a finger is lifted, until its click has come
  const PRESS = 2000; // the longest that a press holds an answer back
  const REFUSALS = [401, 403, 409, 422, 423]; // an answer, and the draft is not saved
  const NEVER_TYPED = ["csrfmiddlewaretoken", "once", "seen", "rows-INITIAL_FORMS"];
  let timer = null;
  let saving = null; // the save under way
  let attempt = null; // the fields last sent, until the server has answered
  let changed = false; // something is on the screen that the server may not have
  let leaving = false;
  let lifted = Promise.resolve(); // settles when the press that came last is over
  let lift = () => {};
  const opened = Number(form.elements.seen.value); // the revision this page was made from

  /* --- rows ---------------------------------------------------------------------------------------------------- */

  const cards = () => [...rows.querySelectorAll(".row-card")];
  const placeOf = (card) => card.querySelector("[name$='-place']");

  function newUid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function renumber() {
    cards().forEach((card, place) => {
      card.querySelector(".row-number").textContent = place + 1;
      placeOf(card).value = place;
    });
  }

  /* A page with typed text lists the rows as they were sent; where each belongs stands in its place. */
  function putInOrder() {
    rows.append(...cards().sort((one, other) => Number(placeOf(one).value) - Number(placeOf(other).value)));
    renumber();
  }

  function addRow(uid) {
    const index = Number(total.value);
    const holder = document.createElement("div");
    holder.innerHTML = emptyRow.innerHTML.replaceAll("__prefix__", index);
    const card = holder.firstElementChild;
    const field = card.querySelector("[name$='-uid']");
    const before = field.value;
    field.value = uid || newUid();
    for (const button of card.querySelectorAll("[name=move]")) {
      button.value = button.value.replace(before, field.value);
    }
    rows.append(card);
    total.value = index + 1;
    renumber();
    return card;
  }

  function move(button) {
    const card = button.closest(".row-card");
    const up = button.value.endsWith("up");
    const other = up ? card.previousElementSibling : card.nextElementSibling;
    if (!other) return;
    if (up) other.before(card);
    else other.after(card);
    renumber();
    button.focus();
    touched();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name === "move") {
      event.preventDefault();
      move(button);
    } else if (button.id === "add-row") {
      event.preventDefault();
      const card = addRow();
      card.querySelector("input:not([type=hidden]):not(.btn-check), select, textarea").focus();
      touched();
    }
  });

  /* --- what is typed stays on this phone until the server has it --------------------------------------------------- */

  /* All fields as the server would get them, but for the CSRF token: that one belongs to the page, not to the text. */
  function fields() {
    const pairs = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    return pairs.map(([name, value]) => [name, String(value).replace(/\r?\n/g, "\r\n")]);
  }

  const typed = (pairs) => JSON.stringify(pairs.filter(([name]) => !NEVER_TYPED.includes(name)).sort());

  function remember() {
    // Beside a conflict no revision counts as read: only the person's own “Save” puts one text over the other.
    const seen = conflict ? "0" : form.elements.seen.value;
    try {
      localStorage.setItem(key, JSON.stringify({ seen, fields: fields(), attempt }));
    } catch {
      /* a full or closed store: the draft still saves itself */
    }
  }

  function forget() {
    try {
      localStorage.removeItem(key);
    } catch {
      /* nothing was stored */
    }
  }

  function recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept && Array.isArray(kept.fields) ? kept : null;
    } catch {
      return null;
    }
  }

  /* Show exactly what was kept: its rows, no others. */
  function fill(kept) {
    const values = new Map();
    for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) || []), value]);
    for (const card of cards()) card.remove();
    total.value = 0;
    const wanted = Number((values.get("rows-TOTAL_FORMS") || ["0"])[0]);
    while (Number(total.value) < wanted) addRow((values.get(`rows-${total.value}-uid`) || [])[0]);
    for (const field of form.elements) {
      if (!field.name || field.tagName === "BUTTON" || NEVER_TYPED.includes(field.name)) continue;
      const held = values.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = held.includes(field.value);
      else field.value = held.length ? held[0] : "";
    }
    for (const more of rows.querySelectorAll("details")) {
      more.open = [...more.querySelectorAll("input, textarea")].some((field) => field.value);
    }
    putInOrder();
    // The text was typed over this revision: if another screen saved since, the server shows both.
    form.elements.seen.value = kept.seen;
  }

  function offerBack(kept) {
    fill(kept);
    attempt = kept.attempt || null;
    changed = true;
    say(form.dataset.restored, link(form.action, form.dataset.forget, giveUp));
    plan(OFFER);
  }

  /* The person chose what is saved: what was typed here goes. */
  function giveUp() {
    leaving = true;
    clearTimeout(timer);
    forget();
  }

  /* --- the draft saves itself -------------------------------------------------------------------------------------- */

  function link(address, text, follow) {
    const made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    if (follow) made.addEventListener("click", follow);
    return made;
  }

  function say(text, more) {
    state.textContent = text || "";
    if (more) state.append(" ", more);
  }

  /* Marked fields and sentences move the page. A button that slips from under the finger is not pressed at all, so an
     answer that comes during a press is shown after it. */
  async function unpressed() {
    let last = null;
    while (last !== lifted) {
      last = lifted;
      await last;
    }
  }

  document.addEventListener("pointerdown", () => {
    lifted = new Promise((over) => {
      lift = over;
      setTimeout(over, PRESS);
    });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => setTimeout(lift, TAP));
  }

  function plan(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  function touched() {
    changed = true;
    leaving = false; // still here and typing: whatever was submitted has not taken us away
    if (state.textContent === form.dataset.saved) say("");
    remember();
    if (!conflict) plan(PAUSE);
  }

  function showErrors(errors) {
    for (const old of form.querySelectorAll(".typed-error")) old.remove();
    for (const field of form.querySelectorAll(".is-invalid")) {
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
      const about = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => document.getElementById(id));
      if (about.length) field.setAttribute("aria-describedby", about.join(" "));
      else field.removeAttribute("aria-describedby");
    }
    for (const [id, text] of Object.entries(errors)) {
      const field = id && document.getElementById(id);
      if (!field) continue;
      const note = document.createElement("span");
      note.className = "typed-error invalid-feedback d-block";
      note.id = `${id}_typed_error`;
      note.textContent = text;
      field.classList.add("is-invalid");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${note.id}`.trim());
      field.after(note);
      const closed = field.closest("details");
      if (closed) closed.open = true;
    }
  }

  /* One save at a time. An attempt that got no answer may have arrived all the same, so it is sent again as it was,
     with its own one-use token, before anything newer: the server does it once and answers as it did before. */
  function save() {
    if (saving || leaving || !changed || conflict) return saving;
    if (!navigator.onLine) {
      say(form.dataset.kept);
      plan(RETRY);
      return null;
    }
    saving = send().finally(() => {
      saving = null;
    });
    return saving;
  }

  async function send() {
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE);
    attempt = attempt || fields();
    remember();
    say(form.dataset.saving);
    try {
      const token = form.elements.csrfmiddlewaretoken.value;
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams([...attempt, ["csrfmiddlewaretoken", token]]),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: document.visibilityState === "hidden",
        signal: patience.signal,
      });
      await unpressed();
      if (answer.redirected && answer.url.startsWith(planAddress)) had();
      else if (answer.status === 200) saved(await answer.json());
      else if (REFUSALS.includes(answer.status)) await refused(answer);
      else throw new Error(answer.status);
    } catch {
      await unpressed();
      say(form.dataset.kept);
      plan(RETRY);
    } finally {
      clearTimeout(alarm);
    }
  }

  /* The server has answered the attempt. Returns whether something newer is on the screen. */
  function answered() {
    const newer = typed(fields()) !== typed(attempt);
    attempt = null;
    return newer;
  }

  function settle() {
    changed = answered();
    if (changed) remember();
    else forget();
  }

  function saved({ seen, once }) {
    for (const field of document.querySelectorAll("input[name=seen]")) field.value = seen;
    form.elements.once.value = once;
    showErrors({});
    settle();
    say(changed ? form.dataset.saving : form.dataset.saved);
    if (changed) plan(0);
    else if (seen < opened) location.replace(form.action); // it had arrived long ago, and others saved after it
  }

  /* The very same form had arrived by its button: how the plan stands since, only a fresh page knows. */
  function had() {
    settle();
    form.elements.once.value = newUid();
    leaving = true;
    location.replace(form.action);
  }

  async function refused(answer) {
    const newer = answered();
    remember();
    if (answer.status === 422) {
      const { errors } = await answer.json();
      showErrors(errors);
      say([form.dataset.invalid, errors[""]].filter(Boolean).join(" "));
      if (newer) plan(PAUSE);
    } else if (answer.status === 409) {
      say(form.dataset.changed);
    } else if (answer.status === 423) {
      say((await answer.json()).message);
    } else {
      say(form.dataset.signedOut, link(form.dataset.signIn, form.dataset.signInText));
    }
  }

  /* Two forms with one token are one form to the server, so what is under way is answered before the button's own. */
  async function submitAfter(button) {
    clearTimeout(timer);
    await save();
    if (leaving) return;
    if (attempt) {
      attempt = null; // no answer: perhaps it arrived, perhaps not. With a new token the server can tell the two apart
      form.elements.once.value = newUid();
    }
    form.requestSubmit(button);
  }

  form.addEventListener("input", touched);
  form.addEventListener("input", ({ target }) => {
    if (target.name.endsWith("-executor_kind") && target.value === "other") {
      target.closest(".row-card").querySelector("details").open = true; // there the name is typed
    }
  });
  form.addEventListener("change", ({ target }) => {
    if (!target.name.endsWith("-person_id")) return;
    const told = target.closest(".row-card").querySelector(".told-of");
    if (told) told.remove(); // it is about somebody else now
  });
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault(); // better this page than the browser's own about a missing connection
      remember();
      say(form.dataset.kept);
      return;
    }
    if (attempt && !leaving) {
      event.preventDefault();
      submitAfter(event.submitter);
      return;
    }
    leaving = true;
    clearTimeout(timer);
    attempt = fields();
    remember(); // until this page opens again and learns whether the server has it
  });

  /* Another form of the page is sent: the typed text first. */
  document.addEventListener("submit", async (event) => {
    const other = event.target;
    if (other === form || !changed || conflict || leaving) return;
    event.preventDefault();
    clearTimeout(timer);
    await save();
    await save(); // the first may have been under way already, with less
    leaving = true;
    other.requestSubmit(event.submitter);
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("online", () => plan(0));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // its revision and its one-use token are of yesterday
  });

  putInOrder();
  const kept = recall();
  if (conflict) {
    remember();
    for (const other of document.querySelectorAll(`.alert a[href="${form.getAttribute("action")}"]`)) {
      other.addEventListener("click", giveUp);
    }
  } else if ("unsaved" in form.dataset) {
    changed = true;
    remember();
    if (!form.querySelector(".is-invalid")) plan(PAUSE);
  } else if (kept && typed(kept.fields) !== typed(fields())) {
    offerBack(kept);
  } else {
    forget();
  }
})();
