/* Comfort for filling in a plan: rows without reloading, a draft that saves itself, nothing lost without a connection.
   The page works without this file; every word it shows comes from the form's data attributes. */
"use strict";

(() => {
  const form = document.getElementById("plan-form");
  if (!form) return;
  const rows = document.getElementById("rows");
  const emptyRow = document.getElementById("empty-row");
  const total = form.elements["rows-TOTAL_FORMS"];
  const state = document.getElementById("save-state");
  const key = form.dataset.draft;
  const PAUSE = 2500; // milliseconds without typing before the draft saves itself
  const RETRY = 15000; // and before a lost connection is tried again
  let timer = null;
  let saving = false;
  let again = false;
  let changed = false;
  let leaving = false;

  /* --- rows ---------------------------------------------------------------------------------------------------- */

  const cards = () => [...rows.querySelectorAll(".row-card")];

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
      card.querySelector("[name$='-place']").value = place;
    });
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
      card.querySelector("input:not([type=hidden]):not(.btn-check), textarea").focus();
      touched();
    }
  });

  /* --- what is typed stays on this phone until the server has it --------------------------------------------------- */

  function typed() {
    const pairs = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "once");
    return pairs.map(([name, value]) => [name, String(value)]);
  }

  function remember(sent = false) {
    try {
      localStorage.setItem(key, JSON.stringify({ sent, seen: form.elements.seen.value, typed: typed() }));
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
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function fill(kept) {
    const values = new Map();
    for (const [name, value] of kept.typed) values.set(name, [...(values.get(name) || []), value]);
    const wanted = Number((values.get("rows-TOTAL_FORMS") || ["0"])[0]);
    while (Number(total.value) < wanted) addRow((values.get(`rows-${total.value}-uid`) || [])[0]);
    for (const field of form.elements) {
      if (!field.name || ["csrfmiddlewaretoken", "once", "seen", "then", "move", "rows-TOTAL_FORMS"].includes(field.name)) continue;
      const held = values.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = held.includes(field.value);
      else if (held.length) field.value = held[0];
    }
    const place = (card) => Number(card.querySelector("[name$='-place']").value);
    rows.append(...cards().sort((one, other) => place(one) - place(other)));
    renumber();
    // The text was typed over this revision: if another screen saved since, the server shows both.
    form.elements.seen.value = kept.seen;
  }

  function offerBack(kept) {
    fill(kept);
    const link = document.createElement("a");
    link.href = form.action;
    link.textContent = form.dataset.forget;
    link.addEventListener("click", forget);
    say(form.dataset.restored, link);
    changed = true;
    plan(PAUSE);
  }

  /* --- the draft saves itself -------------------------------------------------------------------------------------- */

  function say(text, link) {
    state.textContent = text || "";
    if (link) state.append(" ", link);
  }

  function plan(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  function touched() {
    changed = true;
    again = saving;
    remember();
    plan(PAUSE);
  }

  function showErrors(errors) {
    for (const old of form.querySelectorAll(".typed-error")) old.remove();
    for (const field of form.querySelectorAll(".is-invalid")) field.classList.remove("is-invalid");
    for (const [id, text] of Object.entries(errors)) {
      const field = id && document.getElementById(id);
      if (!field) continue;
      const note = document.createElement("span");
      note.className = "typed-error invalid-feedback d-block";
      note.id = `${id}_typed_error`;
      note.textContent = text;
      field.classList.add("is-invalid");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", note.id);
      field.after(note);
    }
  }

  async function save() {
    if (saving || leaving || !changed) return;
    saving = true;
    again = false;
    say(form.dataset.saving);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      await told(answer);
    } catch {
      say(form.dataset.kept);
      plan(RETRY);
    } finally {
      saving = false;
      if (again) plan(PAUSE);
    }
  }

  async function told(answer) {
    if (answer.status === 200) {
      const { seen, once } = await answer.json();
      for (const field of document.querySelectorAll("input[name=seen]")) field.value = seen;
      form.elements.once.value = once;
      showErrors({});
      say(form.dataset.saved);
      if (again) remember();
      else {
        changed = false;
        forget();
      }
    } else if (answer.status === 422) {
      showErrors((await answer.json()).errors);
      say(form.dataset.invalid);
    } else if (answer.status === 409) {
      say(form.dataset.changed);
    } else if (answer.status === 401 || answer.status === 403) {
      const link = document.createElement("a");
      link.href = form.dataset.signIn;
      link.textContent = form.dataset.signInText;
      say(form.dataset.signedOut, link);
    } else {
      say(form.dataset.kept);
      plan(RETRY);
    }
  }

  form.addEventListener("input", touched);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    remember(true); // until this page opens again and shows whether the server has it
  });
  window.addEventListener("online", () => plan(0));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });

  renumber();
  const kept = recall();
  const isTypedPage = form.querySelector(".is-invalid, .alert") || document.querySelector("#conflict");
  if (kept && !isTypedPage) {
    const now = JSON.stringify(typed().filter(([name]) => name !== "seen"));
    const same = now === JSON.stringify(kept.typed.filter(([name]) => name !== "seen"));
    const arrived = kept.sent && kept.seen !== form.elements.seen.value;
    if (same || arrived) forget();
    else offerBack(kept);
  }
})();
