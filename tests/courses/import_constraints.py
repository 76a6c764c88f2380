"""What the database guards about imports, each fact broken once; ``test_constraints`` tries them with the others."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from courses.choices import ImportState
from courses.models import ImportRow, WorkbookImport
from tests.conftest import Cast
from tests.constraints import second


def workbook(cast: Cast, **columns: Any) -> WorkbookImport:
    wanted = {"institution": cast.school, "file_name": "а.xlsx", "sha256": "0" * 64, "by": cast.deputy.person}
    return WorkbookImport(**wanted | columns)


def of_district(cast: Cast) -> WorkbookImport:
    return workbook(cast, institution=None, district=cast.district)


def row(cast: Cast, **columns: Any) -> ImportRow:
    kept, _made = WorkbookImport.objects.get_or_create(
        file_name="б.xlsx", sha256="1" * 64, institution=cast.school, by=cast.deputy.person
    )
    return ImportRow(**{"workbook": kept, "table": "staff", "number": 2, "typed": {}, "verdict": "new"} | columns)


BREAKING: dict[str, Callable[[Cast], Any]] = {
    "courses_workbookimport_state_known": lambda cast: workbook(cast, state="lost"),
    "courses_workbookimport_for_one_place": lambda cast: workbook(cast, district=cast.district),
    "courses_workbookimport_once_for_a_school": lambda cast: second(workbook(cast), lambda: workbook(cast)),
    "courses_workbookimport_once_for_a_district": lambda cast: second(of_district(cast), lambda: of_district(cast)),
    "courses_workbookimport_applied_by_somebody": lambda cast: workbook(cast, state=ImportState.APPLIED),
    "courses_workbookimport_undone_by_somebody": lambda cast: workbook(cast, undone_at=timezone.now()),
    "courses_importrow_choices_known": lambda cast: row(cast, verdict="perhaps"),
    "courses_importrow_one_per_number": lambda cast: second(row(cast), lambda: row(cast)),
}
