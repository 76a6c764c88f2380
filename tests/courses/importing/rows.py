"""Imports that were read, their rows written by hand as the reader writes them."""

from collections import Counter, defaultdict
from typing import Any
from uuid import uuid4

from courses.choices import ImportState, ImportTable, Verdict
from courses.models import ImportRow, WorkbookImport
from schools.models import District, Institution, User

NUMBER = "2150719850012{}"  # a personal number; the last digit is put in


def imported(place: Institution | District, by: User, *rows: ImportRow, **columns: Any) -> WorkbookImport:
    """An import of one place that was read, with these rows."""
    where = {"district": place} if isinstance(place, District) else {"institution": place}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.table][row.verdict] += 1
    wanted = {"state": ImportState.READ, "file_name": "кадрлар.xlsx", "sha256": uuid4().hex * 2, "total": len(rows)}
    made = WorkbookImport.objects.create(by=by.person, counts=counts, **where, **wanted | columns)
    for row in rows:
        row.workbook = made
    ImportRow.objects.bulk_create(rows)
    return made


def school_row(number: int, verdict: str = Verdict.NEW, target: int | None = None, **columns: Any) -> ImportRow:
    wanted = {"title_ky": f"№{number} жаңы мектеп", "code": f"40{number}", "kind": "school"} | columns
    return row(ImportTable.INSTITUTIONS, number, verdict, target, wanted)


def association_row(
    number: int, institution: Any, verdict: str = Verdict.NEW, target: int | None = None, **columns: Any
) -> ImportRow:
    wanted = {"institution": institution, "title_ky": "Так илимдер"} | columns
    return row(ImportTable.ASSOCIATIONS, number, verdict, target, wanted)


def staff_row(
    number: int, institution: Any, verdict: str = Verdict.NEW, target: int | None = None, **columns: Any
) -> ImportRow:
    wanted = {
        "institution": institution,
        "born_on": "1985-07-15",
        "family_name": f"Жаңыев{number}",
        "given_name": "Үмүт",
        "position": "химия мугалими",
        "is_main": True,
        "is_teaching": True,
    } | columns
    return row(ImportTable.STAFF, number, verdict, target, wanted)


def record_row(
    number: int, person: Any, institution: Any, verdict: str = Verdict.NEW, target: int | None = None, **columns: Any
) -> ImportRow:
    wanted = {
        "person": person,
        "institution": institution,
        "title": "Критерийлик баалоо",
        "date_text": "12–23.07.2021",
        "hours_text": "72 саат",
        "provider_text": "Билим борбору",
    } | columns
    return row(ImportTable.RECORDS, number, verdict, target, wanted)


def row(table: str, number: int, verdict: str, target: int | None, columns: dict[str, Any]) -> ImportRow:
    typed = {name: str(value) for name, value in columns.items() if isinstance(value, str)}
    return ImportRow(table=table, number=number, verdict=verdict, target=target, columns=columns, typed=typed)


def here(one: Any) -> dict[str, int]:
    return {"pk": one.pk}


def in_row(number: int) -> dict[str, int]:
    return {"row": number}
