"""Workbooks of schools and districts for trying the import, and their rows once they are read."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from courses.choices import ImportTable
from courses.importing.reading import read_workbook
from courses.models import ImportRow, WorkbookImport
from schools.models import District, Institution, User
from tests.workbooks import saved

INSTITUTIONS, ASSOCIATIONS, STAFF, RECORDS = "Мекемелер", "Усулдук бирикмелер", "Кызматкерлер", "Өткөн курстар"
INSTITUTION_HEAD = ["Мекеменин коду", "Мекеменин аталышы", "Мекеменин орусча аталышы", "Мекеменин номери", "Түрү"]
ASSOCIATION_HEAD = ["Мекеме", "Усулдук бирикменин аталышы", "Орусча аталышы"]
STAFF_HEAD = [
    *("Мекеме", "Аты-жөнү", "ПИН", "Туулган күнү", "Ээлеген кызматы", "Окуткан предмети", "Усулдук бирикме"),
    *("Квалификациялык категориясы", "Педагогикалык стажы", "Билими", "Адистиги", "Окутуу тили"),
    *("Иштей баштаган күнү", "Негизги иши же кошумча", "Системадагы ролу"),
]
RECORD_HEAD = [
    *("ПИН", "Аты-жөнү", "Туулган күнү", "Катышкан тренингдин/курстардын аталышы", "Курстардын типтери"),
    *("Курстарга катышкан датасы", "Уюмдун аталышы", "Сааттардын саны", "Документтин номери"),
]

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def workbook(sheets: Sheets) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(made)


def row_of(head: Sequence[str], **cells: Any) -> list[Any]:
    """One row by the names of columns as ``NAMES`` calls them."""
    return [cells.get(NAMES[heading]) for heading in head]


NAMES = {
    "Мекеме": "institution",
    "Аты-жөнү": "name",
    "ПИН": "number",
    "Туулган күнү": "born",
    "Ээлеген кызматы": "position",
    "Окуткан предмети": "subjects",
    "Усулдук бирикме": "association",
    "Квалификациялык категориясы": "category",
    "Педагогикалык стажы": "experience",
    "Билими": "education",
    "Адистиги": "speciality",
    "Окутуу тили": "language",
    "Иштей баштаган күнү": "since",
    "Негизги иши же кошумча": "main",
    "Системадагы ролу": "role",
    "Катышкан тренингдин/курстардын аталышы": "title",
    "Курстардын типтери": "mode",
    "Курстарга катышкан датасы": "date",
    "Уюмдун аталышы": "provider",
    "Сааттардын саны": "hours",
    "Документтин номери": "document",
}


def staff(*rows: Mapping[str, Any]) -> Sheets:
    return {STAFF: [STAFF_HEAD, *(row_of(STAFF_HEAD, **{"position": "мугалим", **row}) for row in rows)]}


COURSE = {"title": "Баалоо", "date": "12-23-июль 2021", "provider": "Сыноо борбору", "hours": "72"}


def records(*rows: Mapping[str, Any]) -> Sheets:
    return {RECORDS: [RECORD_HEAD, *(row_of(RECORD_HEAD, **{**COURSE, **row}) for row in rows)]}


def uploaded(place: Institution | District, by: User, data: bytes) -> WorkbookImport:
    where = {"district": place} if isinstance(place, District) else {"institution": place}
    return WorkbookImport.objects.create(
        **where, by=by.person, data=data, file_name="сыноо.xlsx", sha256=hashlib.sha256(data).hexdigest()
    )


def read(place: Institution | District, by: User, sheets: Sheets | bytes) -> WorkbookImport:
    """The workbook as it was read, its rows by table and number through ``rows_of``."""
    made = uploaded(place, by, sheets if isinstance(sheets, bytes) else workbook(sheets))
    read_workbook(made, lambda _done: None)
    return made


def rows_of(made: WorkbookImport, table: str = ImportTable.STAFF) -> list[ImportRow]:
    return list(made.rows.filter(table=table).order_by("number"))


def told(row: ImportRow) -> list[tuple[str, str]]:
    """Verdict aside: the codes of a row's reasons with their columns."""
    return [(reason["code"], reason.get("column", "")) for reason in row.reasons]


def verdicts(made: WorkbookImport, table: str = ImportTable.STAFF) -> list[str]:
    return [row.verdict for row in rows_of(made, table)]
