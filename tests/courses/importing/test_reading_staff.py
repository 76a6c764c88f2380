"""The staff of a workbook: who is meant, and what becomes of each row. Nobody is found by the name alone."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.choices import Verdict
from courses.importing.reading import read_workbook
from courses.importing.words import reason_text
from courses.models import ImportRow, WorkbookImport
from cpd.dates import today
from schools.choices import LeaveKind, Role
from schools.models import Employment, Leave, Person, Position, RoleAssignment, Subject
from tests import factories
from tests.conftest import Cast
from tests.courses.importing.books import (
    ASSOCIATION_HEAD,
    ASSOCIATIONS,
    INSTITUTION_HEAD,
    INSTITUTIONS,
    read,
    rows_of,
    staff,
    told,
    uploaded,
    verdicts,
    workbook,
)

NUMBER = "20503198012345"  # born 5 March 1980
BORN = dt.date(1980, 3, 5)
NEW = {"name": "Асанова Айнагүл Бековна", "number": NUMBER, "born": BORN}


def one(cast: Cast, **cells: Any) -> ImportRow:
    """The only row of the staff, read for school A by its director."""
    (row,) = rows_of(read(cast.school, cast.director, staff({**NEW, **cells})))
    return row


def known(cast: Cast, name: str = "teacher", **columns: Any) -> Person:
    """Somebody of the cast with a number and a date of birth."""
    person = getattr(cast, name).person
    for column, value in ({"personal_number": NUMBER, "born_on": BORN} | columns).items():
        setattr(person, column, value)
    person.save()
    return person


TEACHER = {"name": "Өмүралиева Айнагүл Токтобековна", "position": "биология мугалими"}


def test_a_new_person_says_all_that_the_row_says(cast: Cast) -> None:
    biology = Subject.objects.create(title_ky="Сыноо биологиясы", title_ru="Пробная биология")
    chemistry = Subject.objects.create(title_ky="Сыноо химиясы жана сыноо", title_ru="Пробная химия")
    row = one(
        cast,
        position="биология мугалими",
        subjects="сыноо биологиясы, Сыноо химиясы жана сыноо",
        association="табигый илимдер",
        category="Высшая",
        experience="01.09.2005",
        education="Жогорку география",
        speciality="География мугалими",
        language="кыргызча",
        since="01.09.2015",
        main="негизги",
        role="завуч",
    )
    assert (row.verdict, row.reasons, row.target, row.number) == (Verdict.NEW, [], None, 2)
    assert row.columns == {
        "institution": {"pk": cast.school.pk},
        "personal_number": NUMBER,
        "born_on": "1980-03-05",
        "family_name": "Асанова",
        "given_name": "Айнагүл",
        "fathers_name": "Бековна",
        "position": "биология мугалими",
        "association": {"pk": cast.association.pk},
        "subjects": sorted([biology.pk, chemistry.pk]),
        "category": "highest",
        "education": "Жогорку география",
        "speciality": "География мугалими",
        "teaching_since": "2005-09-01",
        "employed_from": "2015-09-01",
        "is_main": True,
        "is_teaching": True,
        "teaching_language": "ky",
        "role": "deputy_director",
    }
    assert row.typed["born_on"] == "05.03.1980"
    assert row.typed["category"] == "Высшая"


def test_a_number_is_read_exactly_however_the_cell_holds_it(cast: Cast) -> None:
    for cell in (int(NUMBER), float(NUMBER), NUMBER):
        assert one(cast, number=cell).columns["personal_number"] == NUMBER
        WorkbookImport.objects.all().delete()  # the same file again would be the same import


def test_experience_is_reckoned_from_the_day_of_the_upload(cast: Cast) -> None:
    made = uploaded(cast.school, cast.director, workbook(staff(NEW | {"experience": "6 жыл"})))
    made.uploaded_at = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
    read_workbook(made, lambda _done: None)
    (row,) = rows_of(made)
    assert row.columns["teaching_since"] == "2020-06-15"
    assert row.reasons == [{"code": "day_reckoned", "column": "teaching_since", "values": {"day": "2020-06-15"}}]


def test_experience_in_years_never_moves_a_day_that_is_known(cast: Cast) -> None:
    known(cast, teaching_since=dt.date(2001, 9, 1))
    assert one(cast, **TEACHER, experience="6 жыл").verdict == Verdict.MATCHED
    row = one(cast, **TEACHER, experience="01.09.2003")
    assert row.columns["changes"] == {"teaching_since": ["2001-09-01", "2003-09-01"]}


def test_a_number_that_speaks_of_another_birthday_is_a_warning(cast: Cast) -> None:
    row = one(cast, born=dt.date(1980, 3, 6))
    assert (row.verdict, told(row)) == (Verdict.NEW, [("number_other_day", "personal_number")])


def test_initials_are_refused_with_their_own_reason(cast: Cast) -> None:
    row = one(cast, name="Асанова А.Б.")
    assert (row.verdict, told(row)) == (Verdict.REFUSED, [("name_initials", "full_name")])


def test_three_columns_of_a_name_are_as_good_as_one(cast: Cast) -> None:
    head = ["Ээлеген кызматы", "Атасынын аты", "Аты", "Фамилиясы", "ПИН", "Туулган күнү"]
    rows = [head, ["мугалим", "Бек у.", "БАКЫТ", "АСАНОВ", NUMBER, BORN]]
    (row,) = rows_of(read(cast.school, cast.director, {"Мугалимдер": rows}))
    assert (row.columns["family_name"], row.columns["given_name"]) == ("Асанов", "Бакыт")
    assert row.columns["fathers_name"] == "Бек уулу"


def test_everything_that_is_wrong_with_a_row_is_told_at_once(cast: Cast) -> None:
    row = one(
        cast,
        number="1",
        born="1980",
        category="үчүнчү",
        language="француз",
        main="балким",
        role="падыша",
        experience="көп",
    )
    assert row.verdict == Verdict.REFUSED
    assert told(row) == [
        ("number_digits", "personal_number"),
        ("not_a_day", "born_on"),
        ("not_a_choice", "category"),
        ("not_a_choice", "teaching_language"),
        ("not_a_choice", "role"),
        ("not_a_choice", "is_main"),
        ("experience_unread", "experience"),
    ]
    assert all(reason_text(reason).endswith(".") and "%(" not in reason_text(reason) for reason in row.reasons)


def test_unknown_subjects_and_associations_are_refused_by_name(cast: Cast) -> None:
    row = one(cast, subjects="учуу, жүзүү", association="Жок бирикме")
    assert told(row) == [("subject_unknown", "subjects"), ("association_unknown", "association")]
    assert row.reasons[0]["values"] == {"texts": "«учуу», «жүзүү»"}


def test_an_unknown_subject_is_left_out_and_takes_no_other_away(cast: Cast) -> None:
    physics = Subject.objects.create(title_ky="Сыноо физикасы", title_ru="Пробная физика")
    row = one(cast, subjects="учуу, сыноо физикасы")
    assert (row.verdict, row.columns["subjects"], told(row)) == (
        Verdict.NEW,
        [physics.pk],
        [("subject_unknown", "subjects")],
    )
    factories.job_of(cast.teacher).subjects.set([factories.SubjectFactory()])
    known(cast)
    row = one(cast, **TEACHER, subjects="учуу, сыноо физикасы")
    assert (row.verdict, "changes" in row.columns) == (Verdict.MATCHED, False)


def test_one_number_for_two_people_refuses_both(cast: Cast) -> None:
    rows = rows_of(
        read(cast.school, cast.director, staff(NEW, NEW | {"name": "Исаков Темир"}, NEW | {"born": "06.03.1980"}))
    )
    assert all(("number_of_two", "personal_number") in told(row) for row in rows)
    assert [row.verdict for row in rows] == [Verdict.REFUSED] * 3
    assert rows[0].reasons[0]["values"] == {"row": rows[1].number}


def test_a_first_day_in_childhood_is_refused_and_one_that_lies_ahead_is_told(cast: Cast) -> None:
    row = one(cast, since="01.09.1990", experience="01.09.1991")
    assert row.verdict == Verdict.REFUSED
    assert told(row) == [("too_young", "teaching_since"), ("too_young", "employed_from")]
    row = one(cast, since=today() + dt.timedelta(days=30))
    assert (row.verdict, told(row)) == (Verdict.NEW, [("begins_later", "employed_from")])


def test_whether_a_post_teaches_is_known_from_the_list_of_positions(cast: Cast) -> None:
    Position.objects.create(title_ky="сыноо ашпозчу", title_ru="пробный повар", is_teaching=False)
    assert one(cast, position="Пробный повар").columns["is_teaching"] is False
    row = one(cast, position="белгисиз кызмат", number="20503198012346")
    assert row.columns["is_teaching"] is True
    assert told(row) == [("position_unknown", "position")]


# Who is meant -----------------------------------------------------------------------------------------------------


def test_number_and_birthday_find_who_is_there(cast: Cast) -> None:
    person = known(cast)
    row = one(cast, **TEACHER)
    assert (row.verdict, row.target, row.reasons) == (Verdict.MATCHED, person.pk, [])
    assert row.columns["employment"] == Employment.objects.get(person=person).pk


def test_what_differs_is_a_change_and_an_empty_cell_is_none(cast: Cast) -> None:
    known(cast, category_id="first", education="Жогорку")
    row = one(cast, **TEACHER | {"position": "химия мугалими", "category": "жогорку", "association": "Тилдер"})
    assert row.verdict == Verdict.CHANGED
    assert row.columns["changes"] == {
        "position": ["биология мугалими", "химия мугалими"],
        "association": [{"pk": cast.association.pk}, {"pk": cast.other_association.pk}],
        "category": ["first", "highest"],
    }


def test_a_name_typed_without_kyrgyz_letters_changes_nothing(cast: Cast) -> None:
    known(cast)
    row = one(cast, **TEACHER | {"name": "Омуралиева Айнагул Токтобековна"})
    assert row.verdict == Verdict.MATCHED


def test_a_new_family_name_is_a_change_with_a_warning(cast: Cast) -> None:
    known(cast)
    row = one(cast, **TEACHER | {"name": "Асанова Айнагүл Токтобековна"})
    assert (row.verdict, told(row)) == (Verdict.CHANGED, [("name_changes", "")])
    assert row.columns["changes"] == {"family_name": ["Өмүралиева", "Асанова"]}


def test_another_birthday_or_another_name_for_a_known_number_is_refused(cast: Cast) -> None:
    known(cast)
    assert told(one(cast, **TEACHER | {"born": "06.03.1980", "number": NUMBER}))[-1] == ("birthday_differs", "born_on")
    assert told(one(cast, name="Исаков Темир")) == [("name_differs", "personal_number")]


def test_without_a_birthday_the_number_needs_the_name(cast: Cast) -> None:
    known(cast)
    assert one(cast, **TEACHER | {"born": None}).verdict == Verdict.MATCHED
    row = one(cast, name="Асанова Айнагүл", born=None)
    assert (row.verdict, told(row)) == (Verdict.REFUSED, [("needs_birthday", "born_on")])


def test_birthday_and_whole_name_find_who_has_no_number_yet(cast: Cast) -> None:
    person = known(cast, personal_number="")
    row = one(cast, **TEACHER)
    assert (row.verdict, row.target) == (Verdict.CHANGED, person.pk)
    assert row.columns["changes"] == {"personal_number": ["", NUMBER]}
    row = one(cast, **TEACHER | {"number": None})
    assert (row.verdict, row.target) == (Verdict.MATCHED, person.pk)


def test_the_name_alone_never_finds_anybody(cast: Cast) -> None:
    row = one(cast, **TEACHER | {"number": None, "born": None})
    assert (row.verdict, told(row)[-1]) == (Verdict.REFUSED, ("needs_number", "personal_number"))
    row = one(cast, name="Асанова Айнагүл", number=None, born=None)
    assert told(row) == [("needs_number", "personal_number")]


def test_somebody_of_the_same_name_without_a_birthday_is_asked_for(cast: Cast) -> None:
    for cells in ({}, {"number": None}, {"born": None}):
        row = one(cast, **TEACHER | cells)
        assert (row.verdict, told(row)) == (Verdict.REFUSED, [("same_name_here", "personal_number")])


def test_somebody_of_the_same_name_and_another_birthday_is_another_person(cast: Cast) -> None:
    known(cast, personal_number="", born_on=dt.date(1990, 1, 1))
    assert one(cast, **TEACHER).verdict == Verdict.NEW


def test_who_works_elsewhere_needs_a_transfer_or_a_second_job(cast: Cast) -> None:
    person = known(cast, "stranger")
    name = {"name": "Эсенгулова Чынара Асановна"}
    row = one(cast, **name)
    assert (row.verdict, told(row)) == (Verdict.REFUSED, [("works_elsewhere", "institution")])
    assert row.reasons[0]["values"] == {"title": "Күн-Нур орто мектеби"}
    row = one(cast, **name, main="кошумча", category="жогорку")
    assert (row.verdict, row.target, told(row)) == (Verdict.NEW, person.pk, [("person_kept", "")])
    assert (row.columns["person"], row.columns["is_main"]) == ({"pk": person.pk}, False)


def test_who_comes_back_gets_a_new_piece_of_work(cast: Cast) -> None:
    person = known(cast)
    Employment.objects.filter(person=person).update(ends_on=dt.date(2020, 1, 1))
    row = one(cast, **TEACHER)
    assert (row.verdict, row.target, row.reasons) == (Verdict.NEW, person.pk, [])
    assert "employment" not in row.columns


def test_who_comes_back_is_kept_by_the_new_place(cast: Cast) -> None:
    person = known(cast, education="орто")
    Employment.objects.filter(person=person).update(ends_on=dt.date(2020, 1, 1))
    row = one(cast, **TEACHER, education="жогорку")
    assert (row.verdict, row.columns["changes"]) == (Verdict.NEW, {"education": ["орто", "жогорку"]})
    row = one(cast, **TEACHER, education="жогорку", main="кошумча")
    assert ("changes" in row.columns, told(row)) == (False, [("person_kept", "")])


def test_a_job_runs_into_no_former_one_of_the_same_place_and_no_former_main_one(cast: Cast) -> None:
    person = known(cast)
    Employment.objects.filter(person=person).update(institution=cast.other_school, ends_on=dt.date(2023, 8, 31))
    row = one(cast, **TEACHER, since="01.09.2022")
    assert (row.verdict, told(row)) == (Verdict.REFUSED, [("days_taken", "employed_from")])
    assert reason_text(row.reasons[0]).count("Күн-Нур") == 1
    assert one(cast, **TEACHER, since="01.09.2022", main="кошумча").verdict == Verdict.NEW
    assert one(cast, **TEACHER, since="01.09.2023").verdict == Verdict.NEW


def test_a_first_day_is_not_moved_behind_a_leave(cast: Cast) -> None:
    job = factories.job_of(cast.teacher)
    known(cast)
    first = job.starts_on + dt.timedelta(days=100)
    Leave.objects.create(employment=job, kind=LeaveKind.OTHER, starts_on=first, entered_by=cast.clerk.person)
    assert one(cast, **TEACHER, since=first).verdict == Verdict.CHANGED
    row = one(cast, **TEACHER, since=first + dt.timedelta(days=1))
    assert (row.verdict, told(row)) == (Verdict.REFUSED, [("leave_before", "employed_from")])


def test_whose_work_here_is_to_end_is_told_first(cast: Cast) -> None:
    person = known(cast)
    Employment.objects.filter(person=person).update(ends_on=dt.date(2099, 1, 1))
    assert told(one(cast, **TEACHER)) == [("works_until", "")]


def test_a_record_that_goes_on_as_another_leads_to_that_one(cast: Cast) -> None:
    gone = known(cast, "peer")
    Employment.objects.filter(person=gone).update(ends_on=dt.date(2020, 1, 1))
    gone.merged_into = cast.teacher.person
    gone.save()
    row = one(cast, **TEACHER)
    assert (row.verdict, row.target) == (Verdict.CHANGED, cast.teacher.person.pk)


def test_the_same_person_twice_is_refused_unless_it_is_a_second_job(cast: Cast) -> None:
    rows = [NEW, NEW, NEW | {"institution": "Күн-Нур орто мектеби"}]
    rows.append(NEW | {"institution": "Күн-Нур орто мектеби", "main": "совместитель"})
    found = rows_of(
        read(cast.district, cast.officer, staff(*({"institution": "Ак-Бата орто мектеби"} | one for one in rows)))
    )
    assert [row.verdict for row in found] == ["new", "refused", "refused", "new"]
    assert found[1].reasons == [{"code": "double", "values": {"row": 2}}]
    assert found[3].columns["person"] == {"row": 2}


# What an importer may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "role", "verdict"),
    [
        ("deputy", "иш кагаздарын жүргүзүүчү", Verdict.NEW),
        ("deputy", "директор", Verdict.REFUSED),
        ("deputy", "завуч", Verdict.REFUSED),
        ("director", "завуч", Verdict.NEW),
        ("director", "директор", Verdict.REFUSED),
        ("director", "Система администратору", Verdict.REFUSED),
        ("director", "System administrator", Verdict.REFUSED),
        ("officer", "директор", Verdict.NEW),
        ("officer", "Районный специалист", Verdict.REFUSED),
    ],
)
def test_nobody_gives_a_role_that_they_may_not_give_by_hand(cast: Cast, who: str, role: str, verdict: str) -> None:
    (row,) = rows_of(read(cast.school, getattr(cast, who), staff(NEW | {"role": role})))
    assert row.verdict == verdict


def test_a_role_that_is_held_already_is_no_change(cast: Cast) -> None:
    known(cast, "director")
    made = read(
        cast.school,
        cast.deputy,
        staff(NEW | {"name": "Үсөнов Бакыт Өмүрович", "position": "директор", "role": "директор"}),
    )
    assert verdicts(made) == [Verdict.MATCHED]


def test_the_head_of_an_association_needs_it_named(cast: Cast) -> None:
    row = one(cast, role="Усулдук бирикменин жетекчиси")
    assert told(row) == [("role_of_no_association", "role")]
    known(cast)
    row = one(cast, **TEACHER, role="Усулдук бирикменин жетекчиси", association="Табигый илимдер")
    assert row.columns["changes"] == {"role": [None, Role.ASSOCIATION_HEAD]}


def test_a_school_reads_rows_of_its_own_only(cast: Cast) -> None:
    row = one(cast, institution="Күн-Нур орто мектеби")
    assert (row.verdict, told(row)) == (Verdict.REFUSED, [("institution_not_yours", "institution")])
    assert one(cast, institution="№1 мектеп").verdict == Verdict.NEW


def test_a_district_reads_rows_of_its_schools_only(cast: Cast) -> None:
    rows = [NEW | {"institution": name} for name in ("Төр-Жайлоо орто мектеби", None)]
    found = rows_of(read(cast.district, cast.officer, staff(*rows)))
    assert [told(row)[0][0] for row in found] == ["institution_unknown", "institution_missing"]


def test_a_new_school_with_its_association_and_staff(cast: Cast) -> None:
    sheets = {
        INSTITUTIONS: [INSTITUTION_HEAD, ["77", "Жаңы мектеп", None, 7, "мектеп"]],
        ASSOCIATIONS: [ASSOCIATION_HEAD, ["Жаңы мектеп", "Тилдер", None]],
        **staff(NEW | {"institution": "77", "association": "тилдер", "role": "директор"}),
    }
    made = read(cast.district, cast.officer, sheets)
    assert made.counts == {"institutions": {"new": 1}, "associations": {"new": 1}, "staff": {"new": 1}}
    (row,) = rows_of(made)
    assert (row.columns["institution"], row.columns["association"]) == ({"row": 2}, {"row": 2})


# However many rows ------------------------------------------------------------------------------------------------


def queries(cast: Cast, count: int) -> int:
    rows = [
        {"name": f"Сыноочу{'а' * (n % 26)} Айнагүл{'а' * (n // 26)}", "number": f"2050319801{n:04}", "born": BORN}
        for n in range(count)
    ]
    with CaptureQueriesContext(
        connection,
    ) as found:
        made = read(cast.school, cast.director, staff(*rows))
    assert made.counts == {"staff": {"new": count}}
    return sum(query["sql"].startswith("SELECT") for query in found)  # rows are written some hundreds at a time


def test_reading_asks_as_often_for_three_rows_as_for_three_hundred(cast: Cast) -> None:
    assert queries(cast, 3) == queries(cast, 300) <= 20


def test_reading_writes_nothing_but_rows_of_the_import(cast: Cast) -> None:
    before = [model.objects.count() for model in (Person, Employment, RoleAssignment)]
    read(cast.school, cast.director, staff(NEW))
    assert [model.objects.count() for model in (Person, Employment, RoleAssignment)] == before
