"""``manage.py import_workbook``: the same import without a page, all or nothing."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from courses.importing import jobs
from courses.models import ImportRow, TrainingRecord, WorkbookImport
from schools.models import Employment, Institution, Person, RoleAssignment
from tests.conftest import Cast, make_cast
from tests.courses.importing.books import (
    ASSOCIATION_HEAD,
    ASSOCIATIONS,
    INSTITUTION_HEAD,
    INSTITUTIONS,
    Sheets,
    records,
    staff,
    workbook,
)

PERSON = {"name": "Асанова Айнагүл Бековна", "number": "20503198012345", "born": dt.date(1980, 3, 5)}
OTHER = {"name": "ИСАКОВ Темир Бек уулу", "number": "20603198112345", "born": dt.date(1981, 3, 6)}


def district(cast: Cast) -> Sheets:
    """A new school with all that belongs to it, and a second job in one that is there."""
    both = {"institution": "Жаңы мектеп", "category": "жогорку", "experience": "6 жыл", "language": "кыргызча"}
    rows = (
        PERSON | both | {"association": "Тилдер", "role": "Усулдук бирикменин жетекчиси"},
        OTHER | both | {"role": "директор", "since": "01.09.2020"},
        PERSON | {"institution": "Күн-Нур орто мектеби", "main": "кошумча"},
    )
    return {
        INSTITUTIONS: [INSTITUTION_HEAD, ["700", "Жаңы мектеп", "Новая школа", 7, "мектеп"]],
        ASSOCIATIONS: [ASSOCIATION_HEAD, ["700", "Тилдер", None]],
        **staff(*rows),
        **records({"number": PERSON["number"]}, {"number": OTHER["number"], "hours": "4 сутка", "date": "2020"}),
    }


def told(capsys: pytest.CaptureFixture[str], tmp_path: Path, sheets: Sheets | bytes, *words: Any) -> tuple[int, Any]:
    """The code of the exit and what was printed as JSON."""
    file = tmp_path / "сыноо.xlsx"
    file.write_bytes(sheets if isinstance(sheets, bytes) else workbook(sheets))
    code = 0
    try:
        call_command("import_workbook", str(file), "--json", *map(str, words))
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


def rows() -> list[int]:
    tables = (Institution, Person, Employment, RoleAssignment, TrainingRecord, WorkbookImport, ImportRow)
    return [table._default_manager.count() for table in tables]


def test_a_district_is_written_once_and_the_same_file_again_changes_nothing(
    cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, found = told(capsys, tmp_path, district(cast), "--district", cast.district.pk)
    assert (code, found["applied"], found["refused"], found["error"]) == (0, True, [], "")
    new = {"institutions": 1, "associations": 1, "staff": 3, "records": 2}
    assert found["counts"] == {table: {"new": count} for table, count in new.items()}
    person = Person.objects.get(personal_number=PERSON["number"])
    assert [job.is_main for job in person.employments.order_by("pk")] == [True, False]
    assert person.records.get().date_text == "12-23-июль 2021"
    before = rows()
    code, found = told(capsys, tmp_path, district(cast), "--district", cast.district.pk)
    assert (code, found["applied"]) == (0, True)
    assert found["counts"] == {table: {"matched": count} for table, count in new.items()}
    assert rows()[:5] == before[:5]


def test_what_changed_is_written_and_then_stands_so(
    cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told(capsys, tmp_path, staff(PERSON), "--school", cast.school.pk)
    more = PERSON | {"category": "жогорку", "association": "Тилдер", "position": "химия мугалими", "role": "завуч"}
    for verdict in ("changed", "matched"):
        code, found = told(capsys, tmp_path, staff(more), "--school", cast.school.pk)
        assert (code, found["counts"]) == (0, {"staff": {verdict: 1}})
    job = Employment.objects.get(person__personal_number=PERSON["number"])
    assert (job.position, job.association) == ("химия мугалими", cast.other_association)
    assert job.person.category_id == "highest"
    assert job.person.roles.get().institution == cast.school


def test_a_dry_run_leaves_no_rows_behind(cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = rows()
    code, found = told(capsys, tmp_path, district(cast), "--district", cast.district.pk, "--dry-run")
    assert (code, found["applied"]) == (0, False)
    assert found["counts"]["staff"] == {"new": 3}
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_nobody_s_writing_waits_while_a_file_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cast = make_cast()
    open_when_written = []

    def on_writing(execute, sql: str, *arguments):
        if sql.startswith('UPDATE "courses_workbookimport"'):
            open_when_written.append(connection.in_atomic_block)
        return execute(sql, *arguments)

    before = rows()
    with connection.execute_wrapper(on_writing):
        code, _found = told(capsys, tmp_path, staff(PERSON), "--school", cast.school.pk, "--dry-run")
    assert (code, rows()) == (0, before)
    assert len(open_when_written) > 2
    assert not any(open_when_written)


def test_a_file_that_is_under_way_is_not_taken_a_second_time(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(staff(PERSON)))
    jobs.take_in(cast.school, name="a.xlsx", data=file.read_bytes(), by=cast.deputy)
    with transaction.atomic(), pytest.raises(CommandError, match="already"):
        call_command("import_workbook", str(file), "--school", str(cast.school.pk))


def test_one_refused_row_of_many_writes_nothing(
    cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = rows()
    sheets = staff(PERSON, OTHER | {"role": "Система администратору"})
    code, found = told(capsys, tmp_path, sheets, "--school", cast.school.pk, "--by", "deputy")
    assert (code, found["applied"]) == (1, False)
    assert [(row["table"], row["row"], len(row["reasons"])) for row in found["refused"]] == [("staff", 3, 1)]
    assert rows() == before


def test_an_unfit_file_ends_with_one(cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = rows()
    code, found = told(capsys, tmp_path, b"x", "--school", cast.school.pk)
    assert (code, len(found["problems"]), found["counts"]) == (1, 1, {})
    assert rows() == before


def test_the_lines_say_the_same(cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(staff(PERSON, {})))
    with pytest.raises(SystemExit):
        call_command("import_workbook", str(file), "--school", str(cast.school.pk))
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "staff: new 1, matched 0, changed 0, refused 1"
    assert out[1].startswith("staff 3: ")
    assert out[-1] == "Nothing was written."


def test_who_imports_must_be_known_and_allowed(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(staff(PERSON)))
    school = ("--school", str(cast.school.pk))
    for words in (
        (*school, "--by", "nobody"),
        (*school, "--by", "stranger"),
        (*school, "--by", "clerk"),
        ("--district", str(cast.district.pk), "--by", "director"),
        ("--school", "999999"),
    ):
        with pytest.raises(CommandError):
            call_command("import_workbook", str(file), *words)
    with pytest.raises(CommandError):
        call_command("import_workbook", str(tmp_path / "none.xlsx"), *school)
    RoleAssignment.objects.create(person=cast.peer.person, role="administrator")
    with pytest.raises(CommandError, match="2 administrators"):
        call_command("import_workbook", str(file), *school)
