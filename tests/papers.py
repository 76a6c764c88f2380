"""What tests of papers share: a listener nobody should call, markup that tries to, and eyes for a finished PDF."""

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

from pypdf import PageObject, PdfReader


@dataclass
class Listener:
    """Notes every path that is asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    heard = Listener()

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_line: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Note)
    heard.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()


def hostile_markup(address: str) -> list[str]:
    """Ways to make a renderer fetch an address, read a file or attach one; each names itself in what it asks for."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/data"/></svg>'
    packed = base64.b64encode(drawing.encode()).decode()
    return [
        f'<img src="{address}/img">',
        f'<link rel="stylesheet" href="{address}/link">',
        f'<style>@import "{address}/import";</style>',
        f"<style>body {{ background: url({address}/background) }}</style>",
        f"<style>@page {{ background: url({address}/page) }}</style>",
        f"<style>@font-face {{ font-family: x; src: url({address}/font) }} * {{ font-family: x }}</style>",
        f"<style>p::before {{ content: url({address}/content) }}</style><p>x</p>",
        f'<p style="background-image: url({address}/inline)">x</p>',
        f'<ul style="list-style-image: url({address}/list)"><li>x</li></ul>',
        f'<div style="border: 9px solid; border-image: url({address}/border) 1">x</div>',
        f'<object data="{address}/object" type="image/png"></object>',
        f'<embed src="{address}/embed" type="image/png">',
        f'<iframe src="{address}/iframe"></iframe>',
        f'<svg width="9" height="9"><image width="9" height="9" href="{address}/svg"/></svg>',
        f'<svg width="9" height="9"><use href="{address}/use#x"/></svg>',
        f'<img src="data:image/svg+xml;base64,{packed}">',
        f'<link rel="attachment" href="{address}/attached">',
        f'<a rel="attachment" href="{address}/anchor">x</a>',
        f'<meta http-equiv="refresh" content="0; url={address}/refresh">',
        f'<base href="{address}/"><img src="based">',
        f'</title></head></td></tr></table><img src="{address}/closing">',
        f"\"'><img src={address}/quotes>",
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<img src="file:///etc/passwd">',
        '<iframe src="file:///etc/passwd"></iframe>',
    ]


@dataclass(frozen=True)
class Paper:
    """A finished PDF, read back."""

    reader: PdfReader
    pages: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    @property
    def title(self) -> str:
        return str(self.reader.metadata and self.reader.metadata.title)

    @property
    def language(self) -> str:
        return str(self.reader.root_object["/Lang"])

    @property
    def attachments(self) -> list[str]:
        return list(self.reader.attachments)

    @property
    def is_landscape(self) -> bool:
        return all(page.mediabox.width > page.mediabox.height for page in self.reader.pages)


def read(pdf: bytes) -> Paper:
    """The words of every page with single spaces between them, whatever lines they were broken into."""
    reader = PdfReader(BytesIO(pdf))
    return Paper(reader, [_words(page) for page in reader.pages])


def _words(page: PageObject) -> str:
    return " ".join(page.extract_text().split())


# What the templates of papers are made of. None of it fetches, attaches or leads anywhere.
TAGS = {
    *("html", "head", "meta", "title", "body", "main", "section", "header", "footer", "div", "p", "span", "br", "hr"),
    *("h1", "h2", "h3", "h4", "b", "strong", "i", "em", "u", "s", "q", "small", "sup", "sub", "time", "a"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("ol", "ul", "li", "dl", "dt", "dd", "svg", "path"),
}
PLACES = re.compile(r"(?:section:|#).*")  # a page of the same book, a place of the same paper


def foreign_markup(html: str) -> list[str]:
    """Tags and attributes in a paper's markup that no template of ours writes: what was typed became markup."""
    found = []

    class Look(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            if tag not in TAGS:
                found.append(tag)
            for name, value in attributes:
                is_link = name in ("href", "src", "rel", "data", "background", "xlink:href", "srcset", "poster")
                is_place = name == "href" and tag == "a" and PLACES.fullmatch(value or "")
                if (is_link and not is_place) or name.startswith("on") or "url(" in (value or "").lower():
                    found.append(f"{tag} {name}")

    Look(convert_charrefs=True).feed(html)
    return found
