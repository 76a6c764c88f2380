"""Past courses: whose they are, and what is kept as written, warned of or refused (forms §M)."""

import datetime as dt
from typing import Any

import pytest

from courses.choices import ImportTable, RecordStatus, Verdict
from courses.models import ImportRow, TrainingRecord
from schools.models import Person
from tests.conftest import Cast
from tests.courses.importing.books import RECORD_HEAD, RECORDS, read, records, row_of, rows_of, staff, told

NUMBER, BORN = "20503198012345", dt.date(1980, 3, 5)
NAME = "Өмүралиева Айнагүл Токтобековна"


@pytest.fixture
def teacher(cast: Cast) -> Person:
    person = cast.teacher.person
    person.personal_number, person.born_on = NUMBER, BORN
    person.save()
    return person


def several(cast: Cast, *rows: dict[str, Any]) -> list[ImportRow]:
    made = read(cast.school, cast.director, records(*({"number": NUMBER} | row for row in rows)))
    return rows_of(made, ImportTable.RECORDS)


def test_a_course_stays_exactly_as_written(cast: Cast, teacher: Person) -> None:
    (row,) = several(
        cast,
        {
            "title": "“Чыйрак жаңгак”",
            "date": "12-23-июль 2021",
            "provider": "КРнын ББжана ИМ",
            "hours": "4 сутка",
            "mode": "Офлайн, онлайн",
            "document": "№ 785/1",
        },
    )
    assert row.verdict == Verdict.NEW
    assert row.columns == {
        "person": {"pk": teacher.pk},
        "institution": {"pk": cast.school.pk},
        "title": "“Чыйрак жаңгак”",
        "date_text": "12-23-июль 2021",
        "hours_text": "4 сутка",
        "provider_text": "КРнын ББжана ИМ",
        "delivery_mode": "blended",
        "document_number": "№ 785/1",
    }
    assert told(row) == [("not_in_hours", "hours_text")]


def test_what_only_a_verifier_resolves_is_a_warning_and_what_nobody_can_is_refused(
    cast: Cast, teacher: Person
) -> None:
    later = f"{dt.date.today().year + 1}"
    rows = several(
        cast,
        {"title": "А", "date": "Август 2020-жыл"},
        {"title": "Б", "hours": "көп саат"},
        {"title": "В", "mode": "белгисиз"},
        {"title": "География-лык билим", "date": dt.date(2019, 11, 23), "hours": 24},
        {"title": "Г", "date": "12-23"},
        {"title": "Д", "date": "12-июль"},
        {"title": "Е", "date": "31.02.2021"},
        {"title": "Ё", "date": later},
        {"title": "Ж", "date": "28-март – 2-март 2022"},
        {"title": "З", "hours": "0"},
        {"title": "И", "hours": None},
        {"title": "Й", "date": None, "provider": None},
    )
    assert [(row.verdict, told(row)) for row in rows] == [
        (Verdict.NEW, [("date_imprecise", "date_text")]),
        (Verdict.NEW, [("hours_unread", "hours_text")]),
        (Verdict.NEW, [("delivery_unread", "delivery_mode")]),
        (Verdict.NEW, [("line_break", "title")]),
        (Verdict.REFUSED, [("date_unread", "date_text")]),
        (Verdict.REFUSED, [("no_year", "date_text")]),
        (Verdict.REFUSED, [("no_such_day", "date_text")]),
        (Verdict.REFUSED, [("not_ended", "date_text")]),
        (Verdict.REFUSED, [("end_before_start", "date_text")]),
        (Verdict.REFUSED, [("not_positive", "hours_text")]),
        (Verdict.REFUSED, [("missing", "hours_text")]),
        (Verdict.REFUSED, [("missing", "date_text"), ("missing", "provider_text")]),
    ]
    assert rows[3].columns["date_text"] == "23.11.2019"
    assert rows[3].columns["hours_text"] == "24"


def test_whose_a_course_is_says_the_number_or_the_birthday_never_the_name(cast: Cast, teacher: Person) -> None:
    rows = several(
        cast,
        {"title": "А", "name": "Өмүралиева А."},
        {"title": "Б", "number": None, "name": NAME, "born": "05.03.1980"},
        {"title": "В", "number": None, "name": NAME},
        {"title": "Г", "number": "20503198099999"},
        {"title": "Д", "name": "Исаков Темир"},
        {"title": "Е", "number": "205"},
        {"title": "Ё", "number": None, "name": NAME, "born": "06.03.1980"},
    )
    assert [(row.verdict, told(row)) for row in rows] == [
        (Verdict.NEW, []),
        (Verdict.NEW, []),
        (Verdict.REFUSED, [("needs_number", "personal_number")]),
        (Verdict.REFUSED, [("person_unknown", "personal_number")]),
        (Verdict.REFUSED, [("name_differs", "personal_number")]),
        (Verdict.REFUSED, [("number_digits", "personal_number")]),
        (Verdict.REFUSED, [("person_unknown", "born_on")]),
    ]


def test_people_of_other_schools_are_not_found(cast: Cast) -> None:
    Person.objects.filter(pk=cast.stranger.person_id).update(personal_number=NUMBER)
    (row,) = several(cast, {})
    assert told(row) == [("person_unknown", "personal_number")]
    made = read(cast.district, cast.officer, records({"number": NUMBER}))
    (row,) = rows_of(made, ImportTable.RECORDS)
    assert row.columns["institution"] == {"pk": cast.other_school.pk}


def test_a_course_of_a_refused_person_is_refused_with_the_row(cast: Cast) -> None:
    sheets = {
        **staff({"name": "Асанова А.", "number": NUMBER, "born": BORN}),
        RECORDS: records({"number": NUMBER})[RECORDS],
    }
    (row,) = rows_of(read(cast.school, cast.director, sheets), ImportTable.RECORDS)
    assert row.reasons == [{"code": "person_refused", "values": {"row": 2}}]


@pytest.mark.parametrize("status", [RecordStatus.VERIFIED, RecordStatus.REJECTED, RecordStatus.SUBMITTED])
def test_the_same_course_is_there_already_whatever_became_of_it(cast: Cast, teacher: Person, status: str) -> None:
    TrainingRecord.objects.create(
        person=teacher,
        institution=cast.school,
        title="БААЛОО",
        date_text="12.07–23.07.2021",
        starts_on=dt.date(2021, 7, 12),
        ends_on=dt.date(2021, 7, 23),
        precision="day",
        provider_text="Сыноо  борбору",
        status=status,
    )
    rows = several(cast, {}, {"provider": "Башка уюм"}, {"date": "12-24-июль 2021"})
    assert [row.verdict for row in rows] == ["matched", "new", "new"]


def test_the_same_course_twice_in_the_file_is_refused_once(cast: Cast, teacher: Person) -> None:
    rows = several(cast, {}, {"date": "12.07.2021–23.07.2021"})
    assert [row.verdict for row in rows] == ["new", "refused"]
    assert rows[1].reasons == [{"code": "double", "values": {"row": 2}}]


def test_a_course_names_only_an_institution_where_the_person_works(cast: Cast, teacher: Person) -> None:
    head = [*RECORD_HEAD, "Мектеп"]
    row = row_of(RECORD_HEAD, number=NUMBER, title="А", date="2021", provider="Б", hours=72)
    sheet = {RECORDS: [head, [*row, "Күн-Нур орто мектеби"]]}
    (found,) = rows_of(read(cast.district, cast.officer, sheet), ImportTable.RECORDS)
    assert ("works_not_there", "institution") in told(found)
