"""The pages of an import, as an officer and a deputy director see them."""

import re
import uuid
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from courses.choices import ImportState, Verdict
from courses.importing import jobs
from courses.importing.applying import apply_import
from courses.models import WorkbookImport
from cpd.uploads import MOST_BYTES
from schools.choices import Event
from schools.models import AuditEntry, Person, User
from tests import factories
from tests.conftest import Cast
from tests.courses.importing import books
from tests.courses.importing.rows import NUMBER, here, imported, record_row, staff_row

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posted(user: Any, name: str, pk: int, *, once: Any = None, **data: Any) -> Any:
    return client_of(user).post(reverse(name, args=[pk]), data | {"once": once or uuid.uuid4()}, follow=True)


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def a_file(data: bytes | None = None, name: str = "кадрлар.xlsx") -> SimpleUploadedFile:
    rows = books.staff(
        {"name": "Жаңыев Үмүт", "number": NUMBER.format(1), "born": "15.07.1985"}, {"name": "Белгисизов"}
    )
    return SimpleUploadedFile(name, books.workbook(rows) if data is None else data, content_type=XLSX)


def uploaded(cast: Cast) -> WorkbookImport:
    posted(cast.deputy, "school_import", cast.school.pk, file=a_file())
    return WorkbookImport.objects.get()


def page(user: Any, workbook: WorkbookImport, **asked: str) -> str:
    return text_of(client_of(user).get(reverse("workbook_import", args=[workbook.pk]), asked))


def test_from_the_upload_to_the_last_step(cast: Cast) -> None:
    workbook = uploaded(cast)
    assert (workbook.file_name, workbook.by) == ("кадрлар.xlsx", cast.deputy.person)
    assert "js/look-again.js" in page(cast.deputy, workbook)
    jobs.work_at.func(workbook.pk)
    shown = page(cast.deputy, workbook)
    assert "js/look-again.js" not in shown
    assert "Жаңыев Үмүт" in shown
    assert Person.objects.filter(family_name="Жаңыев").count() == 0
    posted(cast.deputy, "import_apply", workbook.pk, leave_out="yes")
    assert WorkbookImport.objects.get().state == ImportState.QUEUED
    jobs.work_at.func(workbook.pk)
    assert Person.objects.filter(family_name="Жаңыев").count() == 1
    posted(cast.deputy, "import_undo", workbook.pk)
    assert "js/look-again.js" in page(cast.deputy, workbook)
    jobs.work_at.func(workbook.pk)
    assert WorkbookImport.objects.get().state == ImportState.UNDONE
    assert Person.objects.filter(family_name="Жаңыев").count() == 0


def test_a_file_sent_twice_is_one_import(cast: Cast) -> None:
    data = a_file().read()  # made twice, it could hold two moments
    first = posted(cast.deputy, "school_import", cast.school.pk, file=a_file(data))
    second = posted(cast.second_deputy, "school_import", cast.school.pk, file=a_file(data))
    assert first.redirect_chain == second.redirect_chain
    assert WorkbookImport.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "The file is empty."), (b"P" * (MOST_BYTES + 1), "The file is too large. The limit is %(size)s MB.")],
    ids=["empty", "large"],
)
def test_a_file_that_is_nothing_is_told_beside_the_field(data: bytes, said: str, cast: Cast) -> None:
    answer = posted(cast.deputy, "school_import", cast.school.pk, file=a_file(data))
    assert _(said) % {"size": 10} in text_of(answer)
    assert not WorkbookImport.objects.exists()


def test_no_file_is_told_beside_the_field(cast: Cast) -> None:
    answer = posted(cast.deputy, "school_import", cast.school.pk)
    assert answer.context["form"].errors["file"]


def test_a_file_that_is_no_workbook_is_told_on_its_page(cast: Cast) -> None:
    posted(cast.deputy, "school_import", cast.school.pk, file=a_file(b"words"))
    workbook = WorkbookImport.objects.get()
    jobs.work_at.func(workbook.pk)
    shown = page(cast.deputy, workbook)
    assert _("This is not an Excel workbook (.xlsx). Open it in Excel and save it as one.") in shown
    assert reverse("import_apply", args=[workbook.pk]) not in shown


def test_refused_rows_have_to_be_left_out_knowingly(cast: Cast) -> None:
    workbook = uploaded(cast)
    jobs.work_at.func(workbook.pk)
    answer = posted(cast.deputy, "import_apply", workbook.pk)
    assert WorkbookImport.objects.get().state == ImportState.READ
    assert _("Say that the refused rows are to be left out, or correct them and upload the file again.") in text_of(
        answer
    )


def test_rows_are_narrowed_by_table_and_by_what_becomes_of_them(cast: Cast) -> None:
    rows = [
        staff_row(2, here(cast.school)),
        staff_row(3, here(cast.school), Verdict.REFUSED),
        record_row(2, here(cast.teacher.person), here(cast.school)),
    ]
    for row in rows:
        row.typed |= {"full_name": f"{row.table} {row.number}"}
    rows[1].reasons = [{"code": "needs_number", "column": "personal_number"}]
    workbook = imported(cast.school, cast.deputy, *rows)

    def shown(**asked: str) -> list[str]:
        found = page(cast.deputy, workbook, **asked)
        return [name for name in ("staff 2", "staff 3", "records 2") if name in found]

    assert shown() == ["staff 2", "staff 3", "records 2"]
    assert shown(table="staff") == ["staff 2", "staff 3"]
    assert shown(table="staff", verdict="refused") == ["staff 3"]
    assert shown(verdict="matched") == []
    why = _("Write the personal number or the date of birth: nobody is found by the name alone.")
    assert why in page(cast.deputy, workbook, verdict="refused")


def test_many_rows_are_shown_page_by_page(cast: Cast) -> None:
    rows = [staff_row(number, here(cast.school)) for number in range(100, 160)]
    workbook = imported(cast.school, cast.deputy, *rows)
    first, second = page(cast.deputy, workbook), page(cast.deputy, workbook, page="2")
    assert [name in first for name in ("Жаңыев100", "Жаңыев159")] == [True, False]
    assert [name in second for name in ("Жаңыев100", "Жаңыев159")] == [False, True]


def test_what_was_built_on_an_import_is_told(cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    apply_import(workbook, by=cast.deputy)
    factories.UserFactory(person=Person.objects.get(family_name="Жаңыев2"))
    posted(cast.deputy, "import_undo", workbook.pk)
    jobs.work_at.func(workbook.pk)
    shown = page(cast.deputy, workbook)
    assert _("The import was not undone: it stands as it was applied.") in shown
    assert str(User.objects.get(person__family_name="Жаңыев2")) in shown
    assert WorkbookImport.objects.get().state == ImportState.APPLIED
    assert reverse("import_undo", args=[workbook.pk]) in shown


def test_an_import_on_top_of_another_leaves_no_button_to_undo_the_first(cast: Cast) -> None:
    first = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    second = imported(cast.school, cast.deputy, staff_row(3, here(cast.school)), file_name="экинчи.xlsx")
    for workbook in (first, second):
        apply_import(workbook, by=cast.deputy)
    assert reverse("import_undo", args=[first.pk]) not in page(cast.deputy, first)
    assert "экинчи.xlsx" in page(cast.deputy, first)
    assert reverse("import_undo", args=[second.pk]) in page(cast.deputy, second)


def test_former_imports_are_listed_with_who_and_what_came_of_them(cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    apply_import(workbook, by=cast.director)
    imported(cast.other_school, cast.other_director, staff_row(2, here(cast.other_school)), file_name="башка.xlsx")
    shown = text_of(client_of(cast.director).get(reverse("school_import", args=[cast.school.pk])))
    assert "кадрлар.xlsx" in shown
    assert cast.director.person.full_name in shown
    assert "башка.xlsx" not in shown


def test_the_report_holds_every_row_and_the_journal_tells_who_took_it(cast: Cast) -> None:
    workbook = uploaded(cast)
    jobs.work_at.func(workbook.pk)
    answer = client_of(cast.director).get(reverse("import_report", args=[workbook.pk]))
    assert answer["Content-Type"] == XLSX
    book = load_workbook(BytesIO(answer.content))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
    assert any("Жаңыев Үмүт" in cell for cell in cells)
    assert AuditEntry.objects.get(event=Event.TOOK_TABLE).by == cast.director.person


def test_the_workbook_to_fill_in_can_be_read_and_its_examples_are_passed_over(cast: Cast) -> None:
    answer = client_of(cast.deputy).get(reverse("import_template"))
    assert answer["Content-Type"] == XLSX
    posted(cast.deputy, "school_import", cast.school.pk, file=a_file(answer.content))
    workbook = WorkbookImport.objects.get()
    jobs.work_at.func(workbook.pk)
    assert not WorkbookImport.objects.get().rows.exists()


def test_what_somebody_typed_is_never_a_tag(cast: Cast) -> None:
    row = staff_row(2, here(cast.school))
    row.typed = {"full_name": "<script>alert(1)</script>"}
    workbook = imported(cast.school, cast.deputy, row, file_name="<b>кадрлар</b>.xlsx")
    shown = page(cast.deputy, workbook)
    assert "<script>alert" not in shown
    assert "<b>кадрлар" not in shown


@pytest.mark.parametrize("who", ["teacher", "clerk", "head", "other_director", "other_officer", "institute"])
def test_an_import_is_nothing_to_know_of_for_others(who: str, cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    client = client_of(getattr(cast, who))
    for name in ("workbook_import", "import_report"):
        assert client.get(reverse(name, args=[workbook.pk])).status_code == 404


def with_number(cast: Cast, place: Any, by: Any) -> WorkbookImport:
    row = staff_row(2, here(cast.school), personal_number=NUMBER.format(1), born_on="1985-07-15")
    row.typed |= {"full_name": "Жаңыев2 Үмүт", "born_on": "15.07.1985"}
    return imported(place, by, row)


@pytest.mark.parametrize(("who", "sees"), [("deputy", True), ("director", True), ("officer", False)])
def test_numbers_are_seen_by_who_typed_them_and_by_the_school(who: str, sees: bool, cast: Cast) -> None:
    workbook = with_number(cast, cast.school, cast.deputy)
    user = getattr(cast, who)
    shown = page(user, workbook)
    assert (NUMBER.format(1) in shown, "15.07.1985" in shown) == (sees, sees)
    assert NUMBER.format(1)[-3:] in shown
    answer = client_of(user).get(reverse("import_report", args=[workbook.pk]))
    cells = [str(cell.value) for sheet in load_workbook(BytesIO(answer.content)) for row in sheet for cell in row]
    assert (NUMBER.format(1) in cells, "15.07.1985" in cells) == (sees, sees)
    assert f"…{NUMBER.format(1)[-3:]}" in cells or sees


def test_an_officer_sees_the_numbers_of_a_file_of_their_own(cast: Cast) -> None:
    assert NUMBER.format(1) in page(cast.officer, with_number(cast, cast.district, cast.officer))


def test_the_journal_tells_who_looked_at_the_rows_once_a_day(cast: Cast) -> None:
    workbook = with_number(cast, cast.school, cast.deputy)
    for _time in range(2):
        page(cast.officer, workbook)
    entry = AuditEntry.objects.get(event=Event.TOOK_TABLE)
    assert (entry.by, entry.institution) == (cast.officer.person, cast.school)


def test_while_it_is_applied_its_page_shows_no_rows_and_writes_nothing(cast: Cast) -> None:
    workbook = with_number(cast, cast.school, cast.deputy)
    jobs.ask_to_apply(workbook, by=cast.deputy, leaves_out_refused=False)
    assert "Жаңыев2" not in page(cast.deputy, workbook)
    assert not AuditEntry.objects.filter(event=Event.TOOK_TABLE).exists()


def test_an_import_without_its_rows_offers_no_undoing(cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    apply_import(workbook, by=cast.deputy)
    workbook.rows.all().delete()
    assert reverse("import_undo", args=[workbook.pk]) not in page(cast.deputy, workbook)


def test_the_workbook_to_fill_in_names_the_institutions_of_its_place(cast: Cast) -> None:
    address = reverse("import_template")
    uploading = client_of(cast.officer).get(reverse("district_import", args=[cast.district.pk]))
    assert f"{address}?district={cast.district.pk}" in text_of(uploading)
    answer = client_of(cast.officer).get(address, {"district": cast.district.pk})
    cells = {cell.value for sheet in load_workbook(BytesIO(answer.content)) for row in sheet for cell in row}
    assert {cast.school.title_ky, cast.other_school.title_ky} <= cells
    assert cast.far_school.title_ky not in cells
    for place in (str(cast.far_school.pk), "x", "9" * 30):
        assert client_of(cast.deputy).get(address, {"school": place}).status_code == 404
