/* Comfort while a book is made: the bar moves by itself, and the page shows the file as soon as it is there.
   The page works without this file: it has a link to look again. */
"use strict";

(() => {
  const book = document.getElementById("book");
  if (!book) return;
  const bar = document.getElementById("done");
  const number = document.getElementById("done-number");
  const PAUSE = 1500; // milliseconds between two looks

  async function look() {
    try {
      const answer = await fetch(book.dataset.state, { headers: { Accept: "application/json" } });
      if (answer.redirected || !answer.ok) return location.reload(); // signed out, or no longer ours to see
      const { state, done, waits_in_vain: inVain } = await answer.json();
      // Begun, ready, failed, or taken up by nobody: the page has other words.
      if (state !== book.dataset.is || String(inVain) !== book.dataset.inVain) return location.reload();
      bar.value = done;
      number.textContent = done;
    } catch {
      // No connection just now: the next look may find one.
    }
    setTimeout(look, PAUSE);
  }

  setTimeout(look, PAUSE);
})();
