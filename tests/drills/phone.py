"""A phone of the drills: it signs in, reads pages, fills in forms as a browser does, and notes what it was told."""

import http.client
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.factories import PASSWORD

REDIRECT = (302, 303)
TRACES = ("Traceback (most recent call last)", "OperationalError", "database is locked", "psycopg2.")


class NoAnswer(Exception):
    """The server was gone, or went away in the middle: nobody knows whether it was done."""


@dataclass
class Form:
    """One form of a page: where it is sent, and its fields as they stand."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes
    headers: Message

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def is_trace(self) -> bool:
        return any(trace in self.text for trace in TRACES)

    @property
    def is_done(self) -> bool:
        """Whether the page that was led to says so in green."""
        return self.status == 200 and "alert-success" in self.text

    def forms(self) -> list[Form]:
        reader = FormReader()
        reader.feed(self.text)
        return reader.forms

    def form(self, ending: str) -> Form:
        """The form sent to an address with this ending; LookupError where the page offers none."""
        for found in self.forms():
            if urlsplit(found.action).path.endswith(ending):
                return found
        raise LookupError(f"the page offers no form for {ending}: status {self.status}")


class FormReader(HTMLParser):
    """Fields of forms with the values a browser would send; buttons are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._text = ""  # the name of the text area or list that is open
        self._skips = 0  # inside <template>

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._skips += 1
        elif tag == "form":
            self._form = Form(has.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None or self._skips or "disabled" in has:
            return
        elif tag == "input" and has.get("name"):
            kind = has.get("type", "text")
            is_ticked = kind in ("checkbox", "radio")
            if kind in ("submit", "button", "file") or (is_ticked and "checked" not in has):
                return
            self._form.fields.setdefault(has["name"], []).append(has.get("value", "on" if is_ticked else ""))
        elif tag == "textarea":
            self._text = has["name"]
            self._form.fields[self._text] = [""]
        elif tag == "select":
            self._text = has["name"]
        elif tag == "option" and self._text:
            chosen = self._form.fields.setdefault(self._text, [])
            if "selected" in has or not chosen:
                chosen[:] = [has.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._skips -= 1
        elif tag == "form":
            self._form = None
        elif tag in ("textarea", "select"):
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text and self.lasttag == "textarea":
            self._form.fields[self._text][0] += data.removeprefix("\n")


class Phone:
    """One session with the site. Not for two threads at once: :meth:`twin` makes another one of the same session."""

    def __init__(self, port: int, *, seconds: float = 30) -> None:
        self.port, self.seconds = port, seconds
        self.cookies: dict[str, str] = {}

    def twin(self) -> "Phone":
        other = Phone(self.port, seconds=self.seconds)
        other.cookies = dict(self.cookies)
        return other

    def ask(
        self, path: str, data: Mapping[str, object] | None = None, *, file: tuple[str, bytes] | None = None
    ) -> Answer:
        """One request: GET, or POST where there is ``data``. Raises ``NoAnswer`` where none came whole."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["Accept"] = "text/html"
        body = None
        if data is not None:
            sent = {"csrfmiddlewaretoken": [self.cookies.get("csrftoken", "")]} | {
                name: value if isinstance(value, list) else [str(value)] for name, value in data.items()
            }
            body, headers["Content-Type"] = _with_file(sent, file) if file else _plain(sent)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            connection.request("GET" if data is None else "POST", path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers.get("Location", ""), response.read(), response.headers)
        except (OSError, http.client.HTTPException) as problem:
            raise NoAnswer(repr(problem)) from problem
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer

    def send(self, form: Form, path: str = "", *, file: tuple[str, bytes] | None = None, **typed: object) -> Answer:
        """A form of a page as a person sends it, with what was typed into it."""
        fields: dict[str, object] = {
            **form.fields,
            **{name.replace("__", "-"): value for name, value in typed.items()},
        }
        return self.ask(form.action or path, fields, file=file)

    def follow(self, answer: Answer) -> Answer:
        """The page a redirect leads to: what the person sees."""
        return self.ask(answer.location) if answer.status in REDIRECT else answer

    def sign_in(self, username: str) -> "Phone":
        form = self.ask("/sign-in/").form("/sign-in/")
        answer = self.send(form, login=username, password=PASSWORD)
        if answer.status not in REDIRECT:
            raise RuntimeError(f"{username} cannot sign in: {answer.status}")
        return self


def once() -> str:
    """A one-use token, as each showing of a form has its own."""
    return str(uuid.uuid4())


def _plain(fields: Mapping[str, list[object]]) -> tuple[bytes, str]:
    return urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"


def _with_file(fields: Mapping[str, list[object]], file: tuple[str, bytes]) -> tuple[bytes, str]:
    mark, (name, data) = uuid.uuid4().hex, file
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, values in fields.items()
        for value in values
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", data, f"\r\n--{mark}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"
