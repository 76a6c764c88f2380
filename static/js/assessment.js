/* Comfort for the self-assessment: each tap saves itself, the next question comes without loading, and what is
   answered without a connection stays on the phone until it can be sent. The page works without this file; every word
   it shows comes from the page's data attributes. */
"use strict";

(() => {
  const page = document.getElementById("assessment");
  if (!page) return;
  const forms = [...page.querySelectorAll(".question")]; // one form each, or parts of the one that asks all
  const state = document.getElementById("save-state");
  const isOneAtATime = forms.some((form) => form.hidden);
  const PAUSE = 1500; // milliseconds without typing before a sentence is sent
  const RETRY = 15000; // and before a lost connection is tried again
  const PATIENCE = 30000; // the longest wait for an answer
  let waiting = recall(); // {code: {field: value}}: answers the server may not have
  let sending = null;
  let timer = null;

  /* --- what is answered stays on this phone until the server has it ---------------------------------------------- */

  function recall() {
    try {
      return JSON.parse(localStorage.getItem(page.dataset.keptAs)) || {};
    } catch {
      return {};
    }
  }

  function keep() {
    try {
      if (Object.keys(waiting).length) localStorage.setItem(page.dataset.keptAs, JSON.stringify(waiting));
      else localStorage.removeItem(page.dataset.keptAs);
    } catch {
      /* a full or closed store: the answers are still sent */
    }
  }

  /* What somebody else answered on this phone and never sent is not left for whoever uses it now. */
  function forgetOthers() {
    const own = page.dataset.keptAs.slice(page.dataset.keptAs.lastIndexOf("-")); // the key ends with the account
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("assessment-") && !key.endsWith(own)) localStorage.removeItem(key);
      }
    } catch {
      /* a closed store keeps nothing */
    }
  }

  function answered({ target }) {
    const form = target.closest(".question");
    if (!form || !target.name) return;
    const name = target.name.replace(`${form.dataset.code}-`, ""); // the one form of all has the code before it
    waiting[form.dataset.code] = { ...waiting[form.dataset.code], [name]: target.value };
    keep();
    progress();
    later(target.type === "text" ? PAUSE : 0);
  }

  /* Show what was kept on the form it belongs to. */
  function putBack() {
    for (const form of forms) {
      for (const [name, value] of Object.entries(waiting[form.dataset.code] || {})) {
        for (const field of form.querySelectorAll(`[name="${name}"], [name="${form.dataset.code}-${name}"]`)) {
          if (field.type === "radio") field.checked = field.value === value;
          else field.value = value;
        }
      }
    }
  }

  /* --- sending ----------------------------------------------------------------------------------------------------- */

  function say(text, link) {
    state.textContent = text || "";
    if (!link) return;
    const made = document.createElement("a");
    made.href = link.address;
    made.textContent = link.text;
    state.append(" ", made);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  /* One answer after the other, one sending at a time. The same answer may be sent twice: it stays one. */
  function send() {
    clearTimeout(timer);
    sending = sending || sendAll().finally(() => (sending = null));
    return sending;
  }

  async function sendAll() {
    try {
      while (Object.keys(waiting).length) {
        if (!navigator.onLine) throw new Error("offline");
        say(page.dataset.saving);
        const code = Object.keys(waiting)[0];
        if (!(await sendOne(code, { ...waiting[code] }))) return;
      }
      say(page.dataset.saved);
    } catch {
      say(page.dataset.kept);
      later(RETRY);
    }
  }

  /* Whether the next one can be sent. */
  async function sendOne(code, fields) {
    const form = forms.find((one) => one.dataset.code === code);
    if (!form) return settle(code, fields); // the standard asks it no more
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE);
    let answer;
    try {
      answer = await fetch(form.dataset.answer, {
        method: "POST",
        body: new URLSearchParams({ ...fields, csrfmiddlewaretoken: page.querySelector("[name=csrfmiddlewaretoken]").value }),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: true,
        signal: patience.signal,
      });
    } finally {
      clearTimeout(alarm);
    }
    if (answer.status === 200) {
      showErrors(form, {});
      return settle(code, fields);
    }
    if (answer.status === 422) {
      showErrors(form, (await answer.json()).errors);
      settle(code, fields); // it stays in its field, and is sent again when it is changed
      say(page.dataset.invalid);
    } else if (answer.status === 401 || answer.status === 403) {
      say(page.dataset.signedOut, { address: page.dataset.signIn, text: page.dataset.signInText });
    } else if (answer.status === 404 || answer.status === 409) {
      settle(code, fields);
      say(page.dataset.refused);
    } else {
      throw new Error(answer.status);
    }
    return false;
  }

  /* The server has these; what was changed since then still waits. */
  function settle(code, fields) {
    for (const [name, value] of Object.entries(fields)) {
      if (waiting[code][name] === value) delete waiting[code][name];
    }
    if (!Object.keys(waiting[code]).length) delete waiting[code];
    keep();
    return true;
  }

  function showErrors(form, errors) {
    for (const old of form.querySelectorAll(".invalid-feedback")) old.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    for (const [id, text] of Object.entries(errors)) {
      const field = document.getElementById(id);
      if (!field) continue;
      const note = document.createElement("div");
      note.className = "invalid-feedback d-block";
      note.id = `${id}_error`;
      note.textContent = text;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", note.id);
      field.after(note);
      const closed = field.closest("details");
      if (closed) closed.open = true;
    }
  }

  /* --- one question after the other -------------------------------------------------------------------------------- */

  /* Which question this is or, where all are shown, how many are answered. */
  function progress() {
    const done = isOneAtATime
      ? forms.findIndex((form) => !form.hidden) + 1
      : forms.filter((form) => form.querySelector("input[type=radio]:checked")).length;
    document.getElementById("progress").value = done;
    document.getElementById("progress-value").textContent = done;
  }

  function show(form) {
    for (const other of forms) other.hidden = other !== form;
    progress();
    window.scrollTo(0, 0);
    form.querySelector("h2").focus({ preventScroll: true });
  }

  function turnTo(form) {
    history.pushState({}, "", form.getAttribute("action"));
    show(form);
  }

  async function finish() {
    await send();
    await send(); // the first may have been under way already, with less
    if (!Object.keys(waiting).length) location.assign(page.dataset.result);
  }

  page.addEventListener("input", answered);
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isOneAtATime) return send();
    send();
    const following = forms[forms.indexOf(event.target) + 1];
    if (following) turnTo(following);
    else finish();
  });
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-turn-to]");
    const wanted = link && forms.find((form) => form.dataset.code === link.dataset.turnTo);
    if (!wanted) return;
    event.preventDefault();
    turnTo(wanted);
  });
  window.addEventListener("popstate", () => {
    const wanted = forms.find((form) => form.getAttribute("action") === location.pathname);
    if (isOneAtATime && wanted) show(wanted);
  });
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && Object.keys(waiting).length) send();
  });

  if (!isOneAtATime) page.querySelector(".save-bar").hidden = true; // each tap saves itself
  forgetOthers();
  putBack();
  progress();
  if (Object.keys(waiting).length) later(0);
})();
