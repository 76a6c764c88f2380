"""Workbooks as people send them, and as attackers do: built here, none taken from anybody."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book(*rows: Iterable[Any], change: Callable[[Worksheet], object] | None = None) -> bytes:
    """A workbook of one sheet; ``change`` does to it what people do."""
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(made)


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same archive with other parts in the place of some, or beside them."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def naming_sheets(*names: str) -> bytes:
    """What a workbook says of its sheets, all of which are the first one; Excel would take no such names."""
    spaces = f'xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId1"/>' for n, name in enumerate(names, start=1))
    return f"<workbook {spaces}><sheets>{sheets}</sheets></workbook>".encode()


def with_sheet(data: bytes, change: Callable[[str], str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return with_parts(data, {SHEET: change(archive.read(SHEET).decode()).encode()})


def with_dimension(data: bytes, said: str) -> bytes:
    """A sheet that says it is larger, or smaller, than it is."""
    return with_sheet(data, lambda xml: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{said}"', xml))


def plain(*rows: list[Any]) -> bytes:
    """As Excel writes it: the texts of all cells in a part of their own."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    made.close()
    return file.getvalue()


def many_rows(head: list[str], row: list[Any], count: int) -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": True})
    sheet = made.add_worksheet()
    for number, cells in enumerate([head, *([row] * count)]):
        sheet.write_row(number, 0, cells)
    made.close()
    return file.getvalue()


def endless_rows(data: bytes, count: int) -> bytes:
    """The same sheet with so many rows below, each with a number in its second cell."""
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in range(3, count + 3))
    return with_sheet(data, lambda xml: xml.replace("</sheetData>", f"{rows}</sheetData>"))


def billion_laughs(data: bytes) -> bytes:
    """Entities that name ten others each, nine times over, in the texts of the cells."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    texts = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{entities}]><sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'
    return with_parts(data, {"xl/sharedStrings.xml": texts.encode()})


def reading_a_file(data: bytes) -> bytes:
    """An entity that would bring a file of the server into a cell."""
    texts = f'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst xmlns="{MAIN}"><si><t>&x;</t></si></sst>'
    return with_parts(data, {"xl/sharedStrings.xml": texts.encode()})


def zip_bomb(data: bytes, *, megabytes: int) -> bytes:
    """Texts that unpack to so much, packed to a thousandth."""
    return with_parts(data, {"xl/sharedStrings.xml": bytes(megabytes << 20)})


def lying_bomb(data: bytes) -> bytes:
    """The directory says that the large part is small."""
    packed = zip_bomb(data, megabytes=64)
    size = struct.pack("<I", 64 << 20)
    return packed.replace(size, struct.pack("<I", 1000))


def heavy_texts(data: bytes) -> bytes:
    """Less than the directory may hold, and not packed tightly enough to be a bomb: many seconds of work."""
    cells = "".join(f"<si><t>{n % 1009}</t></si>" for n in range(1009)) * 300
    return with_parts(data, {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{cells}</sst>'.encode()})


def many_parts(data: bytes) -> bytes:
    return with_parts(data, {f"xl/media/{n}.bin": b"" for n in range(1000)})


def with_password_on_parts(data: bytes) -> bytes:
    """Every part is marked as encrypted, in its own head and in the directory."""
    marked = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            marked[place + offset] |= 1
    return bytes(marked)


def old_excel() -> bytes:
    return OLE + bytes(3000) + "Workbook".encode("utf-16-le") + bytes(3000)


def locked() -> bytes:
    """What Excel writes when a workbook gets a password."""
    return OLE + bytes(3000) + "EncryptedPackage".encode("utf-16-le") + bytes(3000)
