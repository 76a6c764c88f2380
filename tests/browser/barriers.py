"""What keeps somebody from using a page, found in Chromium on any page given to it: by axe and by a few looks of ours.

The pages come as the server made them, headers and all, and no server stands behind them: hundreds are looked at for
the price of a few that are really visited.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.urls import reverse
from django.views.i18n import JavaScriptCatalog
from playwright.sync_api import ConsoleMessage, Page, Route

SITE = "http://localhost"
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2", "png": "image/png"}
UNSENT = ("content-length", "content-encoding", "set-cookie")  # of the headers: Chromium gets the page as it is
OF_NO_SERVER = ("Failed to load resource", "Service Worker registration blocked")

# Serious and critical findings of the rules of WCAG 2.0, 2.1 and 2.2, levels A and AA.
FIND_BARRIERS = """
async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"], preload: false });
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}
"""
# The document, and not what it says: its width, language, headings, names, and whatever is too small to tap.
LOOK = """
(language) => {
  const found = [];
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    const wide = [...document.body.querySelectorAll("*")]
      .filter((one) => seen(one) && one.getBoundingClientRect().right > page.clientWidth + 1);
    found.push(`too wide, ${page.scrollWidth}: `
      + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | "));
  }
  if (document.documentElement.lang !== language) found.push(`language: ${document.documentElement.lang}`);
  const headings = [...document.querySelectorAll("h1")].filter(seen);
  if (headings.length !== 1) found.push(`${headings.length} main headings`);
  const [title, site] = document.title.split(" · ").map((part) => part.trim());
  if (!title || (site !== undefined && title === site)) found.push(`no title of its own: ${document.title}`);
  const names = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = names.filter((name, place) => names.indexOf(name) !== place);
  if (twice.length) found.push(`ids used twice: ${[...new Set(twice)].join(", ")}`);
  for (const one of document.querySelectorAll("main ~ script, head script[src]:not([defer])")) {
    if (!location.pathname.startsWith("/administration/")) found.push(`the page waits for ${one.src}`);
  }
  const links = [...document.querySelectorAll("[aria-labelledby], [aria-describedby], [for]")];
  for (const one of links) {
    const named = `${one.getAttribute("aria-labelledby") || ""} ${one.getAttribute("for") || ""}`
      + ` ${one.getAttribute("aria-describedby") || ""}`;
    const lost = named.split(" ").filter((id) => id && !document.getElementById(id));
    if (lost.length) found.push(`names nothing: ${lost.join(", ")} in ${one.outerHTML.slice(0, 120)}`);
  }
  return found;
}
"""
# Django's own administration has buttons of its own size: only WCAG's least size, which axe looks at, holds there.
FIND_SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .btn, [type=submit], summary")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.matches("input.btn-check, [aria-hidden=true]"))
  .map((one) => [one, one.getBoundingClientRect().height, one.closest(".site-header") ? 36 : 40])
  .filter(([, height, least]) => height < least - 0.5)
  .map(([one, height]) => `${Math.round(height)} px high: ${one.outerHTML.slice(0, 120)}`)
"""
IS_TOO_WIDE = "() => document.scrollingElement.scrollWidth > window.innerWidth"
# Each thing that takes the focus shows that it has it: an outline, or a border or shadow that was not there before.
FIND_INVISIBLE_FOCUS = """
() => {
  const found = [];
  const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const drawn = (one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
    if (outline >= 2 || style.outlineStyle === "auto") return "outline"; // "auto" is the browser's own ring
    return [style.boxShadow, style.borderColor, style.backgroundColor, style.textDecoration].join(" ");
  };
  for (const one of document.querySelectorAll(can)) {
    if (one.disabled || !one.checkVisibility({ visibilityProperty: true })) continue;
    const mark = one.matches(".btn-check") ? one.nextElementSibling : one;
    const before = drawn(mark);
    one.focus({ preventScroll: true });
    if (document.activeElement !== one) continue;
    const after = drawn(mark);
    if (after !== "outline" && after === before) found.push(`focus is not seen: ${one.outerHTML.slice(0, 120)}`);
  }
  return found.slice(0, 5);
}
"""
# On paper nobody presses anything.
FIND_PRINTED_CONTROLS = """
() => [...document.querySelectorAll("button, .btn, [type=submit], nav, .site-header, .save-bar, .pagination")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => `printed: ${one.outerHTML.slice(0, 120)}`)
  .slice(0, 5)
"""


@dataclass(frozen=True)
class Sent:
    """A page as the server sent it, and what a person would call it."""

    name: str
    address: str
    html: str
    headers: dict[str, str] = field(hash=False)

    @property
    def is_administration(self) -> bool:
        return self.address.startswith("/administration/")


class Eyes:
    """One browser page, to which pages are given one after the other; ``titles`` counts what they were called."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.route("**/*", self._answer)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._said.append(f"threw: {error}"))
        self.titles: Counter[str] = Counter()
        self._said: list[str] = []
        self._sent: Sent | None = None

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in OF_NO_SERVER):
            self._said.append(f"console: {message.text}")

    def _answer(self, route: Route) -> None:
        """The page itself, the files of the site, and nothing else: no server stands behind."""
        path = route.request.url.removeprefix(SITE)
        if route.request.is_navigation_request() and self._sent:
            route.fulfill(body=self._sent.html, headers=self._sent.headers)
        elif path == reverse("admin:jsi18n"):
            said = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])(RequestFactory().get(path))
            route.fulfill(body=said.content, content_type="text/javascript")
        elif match := re.fullmatch(r"/static/([^?]+\.(\w+))", path):
            found = finders.find(match[1])
            if not found:
                self._said.append(f"no such file: {path}")
            route.fulfill(path=found, content_type=KINDS.get(match[2])) if found else route.abort()
        else:
            if not path.startswith("/"):
                self._said.append(f"another host: {path}")
            route.abort()

    def look(self, sent: Sent, language: str, width: int) -> list[str]:
        """What is wrong with the page at this width."""
        self._sent, self._said = sent, []
        self.page.set_viewport_size({"width": width, "height": 740})
        self.page.goto(SITE + sent.address, wait_until="load")
        found: list[str] = self.page.evaluate(LOOK, language)
        self.page.evaluate(AXE_SCRIPT)
        found += self.page.evaluate(FIND_BARRIERS)
        if not sent.is_administration:
            found += self.page.evaluate(FIND_SMALL_TARGETS)
            found += self.page.evaluate(FIND_INVISIBLE_FOCUS)
            self.page.emulate_media(media="print")
            found += self.page.evaluate(FIND_PRINTED_CONTROLS)
            self.page.emulate_media(media="screen")
        self.titles[self.page.title()] += 1
        return found + self._said
