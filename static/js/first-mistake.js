/* A form came back with something wrong: the first field of it gets the focus, so that nobody has to look for it.
   The page says the same without this file. */
"use strict";

(() => {
  const wrong =
    document.querySelector("main [aria-invalid=true]") ||
    document.querySelector("main .alert-danger, main .invalid-feedback.d-block");
  if (!wrong || document.activeElement !== document.body) return;
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (!wrong.matches("input, select, textarea")) wrong.tabIndex = -1;
  wrong.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: "center" });
})();
