/* Sheets of lessons on a phone: what is typed stays on it until the server has it, with or without a connection, and
   `service-worker.js` opens the pages where there is none. This file serves the form of a sheet, the list of sheets,
   which also sends what waits, and the page on which one signs out. Every word it shows comes from the page. */
"use strict";

(() => {
  const offline = document.getElementById("offline");
  if (!offline) return;
  if (!document.body.replaceChildren || !HTMLFormElement.prototype.requestSubmit) return; // too old: see CONTRIBUTING
  const words = offline.dataset;
  const PREFIX = `lesson-sheet-${words.account}-`; // another account's texts are neither shown nor sent
  const STORE = `lesson-sheets-1-${words.account}`; // the worker's, see there
  const ACCOUNT = "X-Account";
  const storedOn = document.documentElement.dataset.stored; // undefined where the page has just come from the site
  const PAUSE = 2500; // milliseconds without typing before the sheet is sent
  const RETRY = 15000; // and before a lost connection is tried again
  const PATIENCE = 30000; // the longest wait for an answer
  const DAY = 24 * 60 * 60 * 1000; // after which a stored page is fetched anew
  const MOST_IN_LEAVING = 60000; // bytes that a closing page may still send
  const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
  const NEVER_TYPED = ["csrfmiddlewaretoken", "seen"];
  const BY_ITSELF = ["mentorship", "kind", "held_on"]; // says nothing without anything else
  const SHARE = /^share-|-share$/; // the tick that shows an answer to the mentor

  /* --- texts that the server does not have ---------------------------------------------------------------------- */

  /* {uid, title, page, action, seen, fields, hidden, agreed, attempt, at}: `fields` as typed, `hidden` the names of
     those that nobody types, `agreed` the ticks of sharing that are saved or were confirmed by “Save”, `attempt` the
     fields last sent and not answered. */
  function recall(uid) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + uid));
    } catch {
      return null;
    }
  }

  /* Whether the phone could keep it. */
  function remember(text) {
    try {
      localStorage.setItem(PREFIX + text.uid, JSON.stringify(text));
      return true;
    } catch {
      return false; // a full or closed store
    }
  }

  function forget(uid) {
    try {
      localStorage.removeItem(PREFIX + uid);
    } catch {
      /* nothing was stored */
    }
  }

  /* All that wait, the one typed in last first. */
  function unsent() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      const texts = keys.map((key) => recall(key.slice(PREFIX.length))).filter(Boolean);
      return texts.sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }

  const isShare = ([name]) => SHARE.test(name);

  /* What may be sent: an answer is shown to the mentor after “Save” was pressed, never by itself. */
  const sendable = ({ fields, agreed }) => fields.filter((one) => !isShare(one) || agreed.includes(one[0]));

  const same = (one, other) => JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

  function newUid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /* --- sending -------------------------------------------------------------------------------------------------- */

  /* A page kept on the phone may be older than this sign-in: the cookie has the token that counts now. */
  async function csrfToken() {
    const read = () => (document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/) || [])[1];
    if (!read()) await fetch(words.list, { credentials: "same-origin" });
    return read() || "";
  }

  /* Send the attempt that may have arrived before anything newer: the same text sent twice is one sheet. The text
     stays on the phone unless the server says that it has it. Throws where there was no answer. */
  async function send(text) {
    text.attempt = text.attempt || sendable(text);
    remember(text);
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const body = new URLSearchParams([...text.attempt, ["seen", text.seen]]).toString();
      const answer = await fetch(text.action, {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded",
          "X-CSRFToken": await csrfToken(),
          [ACCOUNT]: words.account,
        },
        credentials: "same-origin",
        keepalive: document.visibilityState === "hidden" && body.length < MOST_IN_LEAVING,
        signal: patience.signal,
      });
      return await heard(text, answer);
    } finally {
      clearTimeout(alarm);
    }
  }

  async function heard(text, answer) {
    const was = answer.redirected ? 401 : answer.status; // a redirect asks for something of sign-in first
    if (![200, 401, 403, 404, 409, 422].includes(was)) throw new Error("down");
    const told = [200, 409, 422].includes(was) ? await answer.json() : {};
    const sent = text.attempt;
    text.attempt = null;
    const isAll = was === 200 && same(sent, sendable(text)); // else something newer was typed meanwhile
    if (was === 200) {
      text.seen = told.seen;
      if (isAll) text.agreed = sent.filter(isShare).map(([name]) => name);
      keepSaved(text.action, { seen: told.seen, fields: sent });
    }
    if (isAll) forget(text.uid);
    else remember(text);
    return { was, isAll, ...told };
  }

  /* The server has it no more: it can be begun anew, and nothing of it is shown until it is ticked again. */
  function beginAnew(text) {
    Object.assign(text, { seen: "0", attempt: null, agreed: [], fields: text.fields.filter((one) => !isShare(one)) });
    remember(text);
  }

  /* Why something waits: only where nothing answers it is the connection. */
  const why = (error) => ({ down: words.down, open: words.open })[error.message] || words.waits;

  /* Nobody else sends it meanwhile: a sheet that is open at another tab sends itself. Throws if it is. */
  function alone(uid, act) {
    if (!navigator.locks) return act();
    return navigator.locks.request(PREFIX + uid, { ifAvailable: true }, (lock) => {
      if (!lock) throw new Error("open");
      return act();
    });
  }

  /* --- pages kept for times without a connection ---------------------------------------------------------------- */

  const canKeep = "serviceWorker" in navigator && "caches" in window;

  /* What the server has of a sheet, beside its page, which may be older; goes with the page at sign-out. */
  async function keepSaved(action, saved) {
    if (!canKeep) return;
    const store = await caches.open(STORE);
    await store.put(`${action}?saved`, new Response(JSON.stringify(saved)));
  }

  async function recallSaved(action) {
    if (!canKeep) return null;
    const kept = await caches.match(`${action}?saved`);
    return kept ? kept.json() : null;
  }

  const isFresh = (kept) => kept && Math.abs(Date.now() - Date.parse(kept.headers.get("Date"))) < DAY;

  /* Whether what is stored of a sheet says what the server has. */
  async function isCurrent(kept, address, revision) {
    if (!revision) return true;
    const saved = await recallSaved(address);
    if (saved && String(saved.seen) === revision) return true;
    return (await kept.clone().text()).includes(`name="seen" value="${revision}"`);
  }

  /* Whether all these pages, by address and the revision of their sheet, can now be opened without a connection. */
  async function keepAhead(pages) {
    if (!canKeep || storedOn !== undefined) return false;
    await navigator.serviceWorker.register(`${words.worker}?list=${words.list}`, { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    const store = await caches.open(STORE);
    let isReady = true;
    for (const [address, revision] of new Map(pages)) {
      const kept = await store.match(address, { ignoreVary: true });
      if (isFresh(kept) && (await isCurrent(kept, address, revision))) continue;
      const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (answer.headers.get(ACCOUNT) !== words.account) return false;
      if (answer.ok && !answer.redirected) {
        await keepParts(store, await answer.clone().text());
        await store.put(address, answer);
      } else isReady = false; // one that was deleted meanwhile does not keep the others from being stored
    }
    return isReady;
  }

  async function keepParts(store, text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const parts = page.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]");
    for (const part of parts) {
      const address = part.getAttribute("href") || part.getAttribute("src");
      if (!isFresh(await store.match(address, { ignoreVary: true }))) await store.add(address);
    }
  }

  /* --- words ---------------------------------------------------------------------------------------------------- */

  const state = document.getElementById("save-state");

  function say(text, ...more) {
    if (!state || (state.textContent === text && !more.length)) return; // said aloud once, not at every letter
    state.textContent = text;
    for (const one of more) state.append(" ", one);
  }

  const two = (number) => String(number).padStart(2, "0");

  /* The hour; of another day, the day too. */
  function time(at) {
    const moment = new Date(at);
    const hour = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
    const isToday = moment.toDateString() === new Date().toDateString();
    return isToday ? hour : `${two(moment.getDate())}.${two(moment.getMonth() + 1)} ${hour}`;
  }

  const at = (word, moment) => `${word}, ${time(moment)}.`;

  function make(tag, text, about = {}) {
    return Object.assign(document.createElement(tag), { textContent: text, ...about });
  }

  const signInLink = () => make("a", words.signInText, { href: words.signIn });

  /* A text that cannot be sent can at least be taken elsewhere. */
  function copyBox(text) {
    const box = make("div", "", { className: "mt-2" });
    const area = make("textarea", text, { className: "form-control", rows: 4, readOnly: true });
    area.setAttribute("aria-label", words.copy);
    const button = make("button", words.copy, { type: "button", className: "btn btn-outline-primary mt-2" });
    button.addEventListener("click", async () => {
      area.select();
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = words.copied;
      } catch {
        area.focus(); // it is selected: the phone's own menu copies it
      }
    });
    box.append(area, button);
    return box;
  }

  /* What was typed, to be read by people. */
  function plain({ fields, hidden }) {
    const typed = fields.filter(([name, value]) => value && !hidden.includes(name));
    return typed.map(([, value]) => value).join("\n\n");
  }

  function sayStored() {
    if (storedOn !== undefined) {
      document.getElementById("offline-state").textContent = at(words.stored, Date.parse(storedOn) || Date.now());
    }
  }

  /* --- the form of a sheet -------------------------------------------------------------------------------------- */

  async function openSheet(form) {
    const isNew = new URL(form.action).pathname !== location.pathname;
    const shown = make("section", "", { className: "alert alert-warning", hidden: true });
    form.before(shown);
    const named = (location.hash.match(UID) || [])[0];
    const wantsAnother = location.hash === "#new";
    const isOfThisPage = (one) => one.page.split("#")[0] === location.pathname;
    const waiting = isNew && !named && !wantsAnother && unsent().find(isOfThisPage);
    const uid = isNew ? named || (waiting && waiting.uid) || newUid() : form.action.match(UID)[0];
    if (isNew) form.action = form.action.replace(UID, uid);
    const action = new URL(form.action).pathname;
    const text = recall(uid) || {
      uid,
      action,
      page: isNew ? `${location.pathname}#${uid}` : location.pathname,
      agreed: form.dataset.shared.split(" "),
    };
    let timer = null;
    let sending = null;
    let changed = false; // something is on the screen that the server may not have
    let both = false; // the other one's text is shown, and the person has not chosen yet

    /* All fields as the server would get them. What only belongs to the page is left out. */
    function fields() {
      const pairs = [...new FormData(form)].filter(([name]) => !NEVER_TYPED.includes(name));
      return pairs.map(([name, value]) => [name, String(value).replace(/\r?\n/g, "\r\n")]);
    }

    const ticks = () => fields().filter(isShare).map(([name]) => name);

    function fill(pairs) {
      const values = new Map(pairs);
      addOwn([...values.keys()]);
      for (const field of form.elements) {
        if (!field.name || field.type === "hidden" || field.tagName === "BUTTON") continue;
        if (field.type === "checkbox") field.checked = values.has(field.name);
        else field.value = values.get(field.name) || "";
      }
    }

    /* Places for own questions, until there is one for each of these names. */
    function addOwn(names) {
      const places = () => [...form.querySelectorAll("[data-own]")];
      for (const name of names) {
        const number = (name.match(/^own-(\d+)-/) || [])[1];
        if (number === undefined || form.elements[name] || !places().length) continue;
        const last = places().pop();
        const added = last.cloneNode(true);
        for (const one of added.querySelectorAll("[name], [id], [for]")) {
          for (const about of ["name", "id", "for", "aria-describedby"]) {
            const before = one.getAttribute(about);
            if (before) one.setAttribute(about, before.replace(/own-\d+-/, `own-${number}-`));
          }
          if (one.type === "checkbox") one.checked = false;
          else if (one.name) one.value = "";
          else if (one.id) one.replaceChildren(); // what was wrong with the place before
        }
        last.after(added);
      }
    }

    function freeOwn() {
      const taken = fields().map(([name]) => Number((name.match(/^own-(\d+)-/) || [0, -1])[1]));
      return Math.max(...taken) + 1;
    }

    function keep() {
      const hidden = [...form.querySelectorAll("input[type=hidden]")].map((one) => one.name);
      const seen = form.elements.seen.value;
      Object.assign(text, { seen, fields: fields(), title: title(), hidden, at: Date.now() });
      if (isNew && location.hash !== `#${uid}`) history.replaceState({}, "", `#${uid}`);
      return remember(text);
    }

    /* How the list calls it while it waits. */
    function title() {
      const { held_on: day, grade, topic } = form.elements;
      const heading = document.querySelector("h1").textContent;
      const date = day.value.split("-").reverse().join(".");
      return [heading, form.dataset.with, date, grade.value, topic.value].filter(Boolean).join(" · ");
    }

    const kept = () => at(words.kept, text.at);

    /* Whether a sheet that is not saved yet says anything at all. */
    function isEmpty() {
      if (form.elements.seen.value !== "0" || text.attempt) return false; // saved, or it may be
      return !fields().some((one) => one[1].trim() && !isShare(one) && !BY_ITSELF.includes(one[0]));
    }

    function touched() {
      if (isEmpty() && !both) {
        clearTimeout(timer);
        changed = false;
        forget(uid);
        history.replaceState({}, "", location.pathname);
        return say(words.nothing);
      }
      changed = true;
      say(keep() ? kept() : words.notKept);
      return both || later(PAUSE);
    }

    function later(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    }

    /* One sending at a time. */
    function save() {
      clearTimeout(timer);
      if (!changed || both) return sending;
      sending = sending || sendNow().finally(() => (sending = null));
      return sending;
    }

    async function sendNow() {
      try {
        if (!navigator.onLine) throw new Error("offline");
        show(await send(text));
      } catch (error) {
        say(why(error), kept());
        later(RETRY);
      }
    }

    function show(told) {
      showErrors(told.was === 422 ? told.errors : {});
      if (told.was === 200) {
        form.elements.seen.value = told.seen;
        changed = !told.isAll;
        if (changed) later(0);
        else say(at(words.saved, Date.now()), ...(same(sendable(text), fields()) ? [] : [words.ticks]));
      } else if (told.was === 409) {
        showBoth(told);
      } else if (told.was === 422) {
        say(words.invalid, kept());
      } else if (told.was === 401) {
        say(words.signedOut, kept(), signInLink());
      } else {
        say(words.refused, kept(), copyBox(plain(text)));
      }
    }

    function showErrors(errors) {
      for (const field of form.querySelectorAll(".is-invalid, [aria-invalid]")) {
        field.classList.remove("is-invalid");
        field.removeAttribute("aria-invalid");
        field.removeAttribute("aria-describedby");
        place(field).replaceChildren();
      }
      for (const [id, told] of Object.entries(errors)) {
        const field = document.getElementById(id);
        if (!field) continue;
        field.classList.add("is-invalid");
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", place(field).id);
        place(field).textContent = told;
        openAround(field);
      }
    }

    /* Where what is wrong with a field is told; a tick has no such place, and nothing is wrong with it. */
    const place = (field) => document.getElementById(`${field.id}-told`) || make("div", "");

    function openAround(field) {
      const closed = field.closest("details");
      if (closed) closed.open = true;
    }

    /* It was saved meanwhile, by the other one or elsewhere. Those words stand beside mine, and go into what I left
       empty; nothing is sent until I say so. An answer is shown to the mentor where both say so, or after it is ticked
       anew. */
    function showBoth({ message, seen, stands }) {
      if (!stands) return showDeleted(message);
      both = true;
      const list = make("dl", "", { className: "mb-2" });
      addOwn(Object.keys(stands));
      text.agreed = Object.keys(stands).filter((name) => SHARE.test(name) && stands[name]);
      for (const [name, theirs] of Object.entries(stands)) {
        const field = form.elements[name];
        if (!field) continue;
        if (field.type === "checkbox") {
          if (field.checked !== theirs) list.append(...tickTold(field, theirs));
          field.checked = field.checked && theirs;
        } else if (theirs !== field.value.replace(/\r\n/g, "\n")) {
          if (!field.value) field.value = theirs;
          else list.append(...beside(field, theirs));
        }
      }
      const mine = make("button", words.keepMine, { type: "button", className: "btn btn-primary me-2 mb-2" });
      mine.addEventListener("click", () => {
        form.elements.seen.value = seen;
        text.agreed = ticks();
        settle();
        later(0);
      });
      const open = make("a", words.openSaved, { href: action, className: "btn btn-outline-primary mb-2" });
      open.addEventListener("click", () => {
        clearTimeout(timer);
        changed = false;
        forget(uid);
      });
      ask(words.changed, make("p", message), list, mine, open);
      return undefined;
    }

    function showDeleted(message) {
      both = true;
      const anew = make("button", words.anew, { type: "button", className: "btn btn-primary me-2 mb-2" });
      anew.addEventListener("click", () => {
        for (const field of form.elements) if (SHARE.test(field.name)) field.checked = false;
        form.elements.seen.value = "0";
        text.agreed = [];
        settle();
        later(0);
      });
      const remove = make("button", words.remove, { type: "button", className: "btn btn-outline-danger mt-2" });
      remove.addEventListener("click", () => {
        clearTimeout(timer);
        changed = false;
        forget(uid);
        location.assign(words.list);
      });
      ask(words.deleted, make("p", message), anew, copyBox(plain(text)), remove);
    }

    function ask(word, ...parts) {
      shown.replaceChildren(...parts);
      shown.hidden = false;
      keep();
      say(word, kept());
      shown.scrollIntoView();
    }

    const labelOf = (field) => (field && field.labels.length ? field.labels[0].textContent.trim() : "");

    /* A tick is named by what it stands beside. */
    function tickTold(field, isShown) {
      const own = form.elements[field.name.replace(/-share$/, "-question")];
      const asked = SHARE.exec(field.name)[0] === "share-" && form.elements[field.name.replace(/^share-/, "answer-")];
      const name = asked ? labelOf(asked) : own.value;
      return [make("dt", name), make("dd", isShown ? words.shownThere : words.notShownThere)];
    }

    function beside(field, theirs) {
      const told = make("dd", theirs || "—");
      if (!theirs) return [make("dt", labelOf(field)), told]; // nothing to take
      const take = make("button", words.take, { type: "button", className: "btn btn-outline-primary d-block mt-1" });
      take.addEventListener("click", () => {
        field.value = theirs;
        take.disabled = true;
        keep();
      });
      told.append(take);
      return [make("dt", labelOf(field)), told];
    }

    function settle() {
      both = false;
      shown.hidden = true;
      shown.replaceChildren();
      keep();
    }

    /* What was typed and not sent. On a stored page without such a text, what was saved since it was stored. */
    async function putBack() {
      if (!text.fields) return storedOn === undefined ? null : bringUpToDate();
      if (same(text.fields, fields()) && !isNew) return forget(uid);
      fill(text.fields);
      form.elements.seen.value = text.seen; // if somebody saved since, the server shows both
      changed = true;
      say(words.restored, kept(), ...(isNew ? [anotherLink()] : []));
      return later(PAUSE);
    }

    async function bringUpToDate() {
      const now = new Date();
      const today = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
      if (isNew && form.elements.held_on.value < today) form.elements.held_on.value = today;
      const saved = await recallSaved(action);
      if (!saved || changed || saved.seen < Number(form.elements.seen.value)) return;
      fill(saved.fields);
      form.elements.seen.value = saved.seen;
      text.agreed = saved.fields.filter(isShare).map(([name]) => name);
    }

    function anotherLink() {
      const link = make("a", words.another, { href: "#new" });
      link.addEventListener("click", () => {
        history.replaceState({}, "", "#new");
        location.reload();
      });
      return link;
    }

    async function leave(button) {
      if (button && button.value === "add") {
        const number = freeOwn();
        addOwn([`own-${number}-question`]);
        form.elements[`own-${number}-question`].focus();
        return undefined;
      }
      if (isEmpty() && !both) return say(words.nothing);
      changed = true;
      if (!both) text.agreed = ticks();
      if (!both) say(keep() ? kept() : words.notKept);
      await save();
      await save(); // the first may have been under way already, with less
      return changed || both || location.assign(new URL("..", form.action));
    }

    /* Whoever comes back to this page may have signed in at another one. */
    function again() {
      if (changed && !both) later(0);
    }

    form.addEventListener("input", touched);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave(event.submitter);
    });
    window.addEventListener("online", () => later(0));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") save();
      else again();
    });
    window.addEventListener("focus", again);
    if (navigator.locks) navigator.locks.request(PREFIX + uid, () => new Promise(() => {})); // until the page closes

    if (isNew && named && !text.fields && storedOn === undefined) {
      location.replace(action); // it was sent, and this page does not have it
      return;
    }
    await putBack();
    if ("unsaved" in form.dataset) touched();
    keepAhead([[location.pathname]]).catch(() => {});
  }

  /* --- the list: what waits is sent from here ------------------------------------------------------------------- */

  function openList(section) {
    const list = section.querySelector("ul");
    const outcomes = new Map(); // of what was sent and refused, by uid
    let sending = null;
    let timer = null;

    function draw() {
      const texts = unsent();
      section.hidden = !texts.length;
      section.querySelector("[data-count]").textContent = texts.length;
      list.replaceChildren(...texts.map(line));
    }

    function line(text) {
      const made = make("li", "");
      const { was, stands, waits } = outcomes.get(text.uid) || {};
      const isGone = was === 403 || was === 404 || (was === 409 && !stands); // then it has no page either
      const title = isGone ? make("strong", text.title) : make("a", text.title, { href: text.page });
      made.append(title, " ", at(words.kept, text.at));
      if (waits) made.append(" ", waits);
      else if (was === 422) made.append(" ", words.invalid);
      else if (was === 401) made.append(" ", words.signedOut, " ", signInLink());
      else if (was === 409 && stands) made.append(" ", words.changed);
      else if (was === 409) made.append(" ", words.deleted, copyBox(plain(text)), anew(text), " ", removal(text));
      else if (isGone) made.append(" ", words.refused, copyBox(plain(text)), removal(text));
      return made;
    }

    function anew(text) {
      const button = make("button", words.anew, { type: "button", className: "btn btn-outline-primary mt-2" });
      button.addEventListener("click", () => {
        beginAnew(text);
        sendAll();
      });
      return button;
    }

    /* Only of a text that cannot be sent as it is, after it was offered for copying. */
    function removal(text) {
      const button = make("button", words.remove, { type: "button", className: "btn btn-outline-danger mt-2" });
      button.addEventListener("click", () => {
        forget(text.uid);
        draw();
      });
      return button;
    }

    function sendAll() {
      clearTimeout(timer);
      sending = sending || sendEach().finally(() => (sending = null));
      return sending;
    }

    async function sendEach() {
      let arrived = 0;
      let waits = "";
      for (const { uid } of unsent()) {
        try {
          if (!navigator.onLine) throw new Error("offline");
          const told = await alone(uid, () => sendKept(uid));
          if (told.was === 200) arrived += 1;
          outcomes.set(uid, told);
        } catch (error) {
          waits = why(error); // the next one may be luckier: one long text is sent less easily than another
          outcomes.set(uid, { waits });
        }
      }
      if (waits) {
        say(waits);
        timer = setTimeout(sendAll, RETRY);
      }
      draw();
      if (arrived) showArrived();
    }

    /* As it is now: while others were sent it may have been sent from elsewhere. */
    async function sendKept(uid) {
      const text = recall(uid);
      return text ? send(text) : { was: 200 };
    }

    /* The list of the page does not have them yet. That they were sent is said on the fresh one. */
    function showArrived() {
      try {
        sessionStorage.setItem(PREFIX, Date.now());
      } catch {
        /* then the list alone says so */
      }
      location.reload();
    }

    function sayArrived() {
      try {
        const moment = sessionStorage.getItem(PREFIX);
        if (moment) say(at(words.saved, Number(moment)));
        sessionStorage.removeItem(PREFIX);
      } catch {
        /* nothing was noted */
      }
    }

    section.querySelector("button").addEventListener("click", sendAll);
    window.addEventListener("online", sendAll);
    for (const comesBack of ["focus", "visibilitychange"]) {
      window.addEventListener(comesBack, () => {
        if (!document.hidden && unsent().length) sendAll();
      });
    }
    sayArrived();
    draw();
    if (!section.hidden) sendAll();
    const pages = [...document.querySelectorAll("a[data-keep]")].map((link) => [link.pathname, link.dataset.keep]);
    keepAhead([[location.pathname], ...pages])
      .then((isReady) => {
        if (isReady) document.getElementById("offline-state").textContent = words.ready;
      })
      .catch(() => {});
  }

  /* --- signing out ---------------------------------------------------------------------------------------------- */

  function warn(warning) {
    const count = unsent().length;
    warning.querySelector("[data-count]").textContent = count;
    warning.hidden = !count;
  }

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // what it shows is of yesterday
  });
  sayStored();
  const form = document.getElementById("lesson-sheet");
  const section = document.getElementById("unsent");
  const warning = document.getElementById("unsent-warning");
  if (form) openSheet(form);
  if (section) openList(section);
  if (warning) warn(warning);
})();
