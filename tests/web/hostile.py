"""What nobody would type and anybody may send: values of fields and parameters, whole bodies, parts of addresses."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

# Trust T41, and what was seen to break other sites. Plain text: the tests send it percent-encoded.
VALUES = (
    "\x00",
    "а\x00б",
    "10" + "0" * 19,
    "-1",
    "0",
    str(2**31),
    str(2**63),
    "1e400",
    "NaN",
    "Infinity",
    "２０２６",  # digits of another script: int() reads them
    "²",  # isdigit() says yes, int() no
    "2024-02-30",
    "99999-01-01",
    "0000-00-00",
    "9999-12-31",
    "31.12.0001",
    "ө" * 5000,
    "[1, {}]",
    '{"a": null}',
    "🙂",
    "\u202e\u200f\u2066",
    "\ud7ff\ufffe\uffff",
    "' OR 1=1; --",
    "%s%(a)s{0}{a}",
    '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% url 'home' %}",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "00000000-0000-0000-0000-000000000000",
    "1:1:1",
    "1:99999999999999999999",
    "all",
)
# Percent-encoded already: what no text can hold.
RAW_VALUES = ("%ff", "%ed%a0%80", "%", "%00%ff")

PARAMETERS = ("page", "year", "school_year", "name", "check", "next", "back", "q", "o", "p", "e", "sort", "text")


def names_in(page: str) -> list[str]:
    """Names of the fields of all forms of a page, and of the parameters of its links, in their order, each once."""
    fields = re.findall(r"""<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)\"""", page)
    queries = re.findall(r'href="[^"?#]*\?([^"#]*)"', page)
    links = [pair.partition("=")[0] for query in queries for pair in unescape(query).split("&")]
    apart = ("csrfmiddlewaretoken", "once", "language")
    return [name for name in dict.fromkeys([*map(unescape, fields), *links]) if name and name not in apart]


def forms_totals(names: list[str]) -> Iterator[dict[str, str]]:
    """Numbers of rows that no form of several rows has."""
    totals = [name for name in names if name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS"))]
    for value in ("-1", str(10**9), "", "x", "²", str(2**63)):
        if totals:
            yield dict.fromkeys(totals, value)


BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b'{"title": ["\\u0000"], "seen": {"a": 1}}'),
    ("application/json", b'[{"'),
    ("text/plain", b"title=1"),
    ("application/x-www-form-urlencoded; charset=nowhere", b"title=1"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"title=+ADw-"),
    ("application/x-www-form-urlencoded", b"%ff=%00&&&==&a[]=1&a[0][b]=2"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\x00\xff'),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="\x00/../a"\r\n\r\n',
    ),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=" + "x" * 500, b"--x--"),
    ("", b"\x00\x01"),
)


def many_fields(count: int) -> bytes:
    return b"&".join(b"f%d=1" % number for number in range(count))


def strange_parts(kwargs: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same address with numbers and words that stand for nothing."""
    for name, value in kwargs.items():
        strange: tuple[Any, ...] = ("\x00", "%ff", "ө" * 300, "'\"<x>")
        if isinstance(value, int):
            strange = (0, 2**31, 2**63, 10**20)
        for one in strange:
            yield kwargs | {name: one}
