/* Comfort while something is made in the background: the page looks again by itself.
   It works without this file: it has a link to look again. */
"use strict";

setTimeout(() => location.reload(), 4000); // milliseconds
