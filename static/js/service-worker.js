/* Pages for classrooms without a connection. What a view marks as kept is stored when it is opened, and shown again
   when the network does not answer; the CSS and the scripts it needs come from the same store. Nothing else of the
   site is stored, and nothing that is sent. What is stored belongs to one account: the first answer for another one,
   or for nobody, empties the store. `lesson-sheet.js` fills it ahead. */
"use strict";

const OURS = "lesson-sheets-";
const STORE = `${OURS}1-`; // then the account; the number changes with what is stored, here and in lesson-sheet.js
const ACCOUNT = "X-Account";
const KEPT = "X-Kept-Offline";
const LIST = new URL(self.location).searchParams.get("list"); // the address of the page from which sheets are begun
const PATIENCE = 8000; // milliseconds until a stored page is shown in place of one that does not come
const HASHED = /\.[0-9a-f]{12}\.\w+$/; // a file whose name changes with it

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([empty((name) => !name.startsWith(STORE)), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(`${self.location.origin}/`)) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (["style", "script", "image"].includes(request.destination)) event.respondWith(part(request));
});

async function empty(goes) {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS) && goes(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/* From the network; from the store when that does not answer, or only says that the site is down. Who opens the site
   by its first address without a connection comes to what is stored. */
async function page(event) {
  const stored = await caches.match(event.request, { ignoreVary: true });
  try {
    const answer = await (stored ? soon(event.request) : fetch(event.request));
    if (stored && answer.status >= 500) return asStored(stored);
    const copy = answer.ok && answer.headers.has(KEPT) ? answer.clone() : null;
    event.waitUntil(tidy(event.request, answer.headers.get(ACCOUNT), copy));
    return answer;
  } catch {
    if (stored) return asStored(stored);
    const form = new URL("edit/", event.request.url).pathname; // a sheet that is read opens as its form
    if (await caches.match(form, { ignoreVary: true })) return Response.redirect(form);
    const isStart = new URL(event.request.url).pathname === "/";
    return isStart && (await caches.match(LIST)) ? Response.redirect(LIST) : Response.error();
  }
}

/* An answer that names no account is not the site's own: it says nothing of who holds the phone. */
async function tidy(request, account, copy) {
  if (!account) return;
  await empty((name) => name !== STORE + account);
  if (copy) await (await caches.open(STORE + account)).put(request, copy);
}

async function soon(request) {
  const patience = new AbortController();
  const alarm = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await fetch(request, { signal: patience.signal });
  } finally {
    clearTimeout(alarm);
  }
}

/* The page itself says that it is a stored one, and since when: its script reads the mark. */
async function asStored(stored) {
  const headers = new Headers(stored.headers);
  headers.delete("Content-Encoding"); // the text is unpacked already
  headers.delete("Content-Length");
  const text = await stored.text();
  return new Response(text.replace("<html ", `<html data-stored="${headers.get("Date") || ""}" `), { headers });
}

async function part(request) {
  const stored = await caches.match(request, { ignoreVary: true });
  if (stored && HASHED.test(new URL(request.url).pathname)) return stored;
  try {
    return await fetch(request);
  } catch {
    return stored || Response.error();
  }
}
