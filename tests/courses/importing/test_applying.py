"""An import applied: everything its rows say in one transaction, or nothing where something has changed meanwhile."""

import datetime as dt
import threading
import time
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses import invariants
from courses.choices import ImportState, Verdict
from courses.importing.applying import apply_import
from courses.models import ImportRow, ProviderAlias, RecordDecision, TrainingRecord, WorkbookImport
from courses.verification import moves_open_to, perform
from cpd.dates import today
from schools import invariants as school_invariants
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event, LeaveKind, Role, TransferState
from schools.models import (
    AuditEntry,
    Employment,
    Institution,
    Leave,
    MethodicalAssociation,
    Person,
    RoleAssignment,
    Transfer,
    User,
)
from schools.staffing import DAY, hold_person
from tests import factories
from tests.conftest import Cast, make_cast
from tests.courses.importing.rows import (
    NUMBER,
    association_row,
    here,
    imported,
    in_row,
    record_row,
    school_row,
    staff_row,
)

pytestmark = pytest.mark.django_db


def whole_district(cast: Cast) -> WorkbookImport:
    """A new school with its association, a deputy director with a past course, and a second course of the teacher."""
    return imported(
        cast.district,
        cast.officer,
        school_row(2),
        association_row(2, in_row(2)),
        staff_row(
            2,
            in_row(2),
            personal_number=NUMBER.format(1),
            association=in_row(2),
            role="deputy_director",
            category="first",
            employed_from="2019-09-02",
            subjects=[factories.SubjectFactory().pk],
        ),
        staff_row(3, here(cast.school), association=here(cast.association), employed_from="2020-09-01"),
        record_row(2, in_row(2), in_row(2)),
        record_row(3, here(cast.teacher.person), here(cast.school)),
    )


def counted() -> list[int]:
    models = (Institution, MethodicalAssociation, Person, Employment, RoleAssignment, TrainingRecord, RecordDecision)
    return [model._default_manager.count() for model in models]


def test_a_district_s_workbook_becomes_schools_people_jobs_roles_and_records(cast: Cast) -> None:
    workbook = whole_district(cast)
    apply_import(workbook, by=cast.officer)
    school = Institution.objects.get(code="402")
    assert (school.title_ky, school.district, school.kind) == ("№2 жаңы мектеп", cast.district, "school")
    person = Person.objects.get(personal_number=NUMBER.format(1))
    assert (person.full_name, person.born_on, person.category_id) == ("Жаңыев2 Үмүт", dt.date(1985, 7, 15), "first")
    assert person.search_key == "жаныев2 умут"
    [job] = person.employments.all()
    assert (job.institution, job.position, job.starts_on) == (school, "химия мугалими", dt.date(2019, 9, 2))
    assert job.association.title_ky == "Так илимдер"
    assert job.association.institution == school
    assert job.subjects.count() == 1
    [role] = person.roles.all()
    assert (role.role, role.institution, role.starts_on) == (Role.DEPUTY_DIRECTOR, school, today())
    record = person.records.get()
    assert (record.status, record.institution, record.starts_on) == ("submitted", school, dt.date(2021, 7, 12))
    assert (record.amount, record.unit, record.precision) == (Decimal(72), "hour", "day")


def test_the_import_tells_who_applied_it_and_what_each_row_did(cast: Cast) -> None:
    workbook = whole_district(cast)
    apply_import(workbook, by=cast.officer)
    workbook.refresh_from_db()
    assert (workbook.state, workbook.applied_by) == (ImportState.APPLIED, cast.officer.person)
    done = {(row.table, row.number): [one[0] for one in row.did] for row in workbook.rows.all()}
    assert done == {
        ("institutions", 2): ["schools.Institution"],
        ("associations", 2): ["schools.MethodicalAssociation"],
        ("staff", 2): ["schools.Person", "schools.Employment", "schools.RoleAssignment"],
        ("staff", 3): ["schools.Person", "schools.Employment"],
        ("records", 2): ["courses.TrainingRecord"],
        ("records", 3): ["courses.TrainingRecord"],
    }
    entries = AuditEntry.objects.filter(event=Event.IMPORT_APPLIED)
    # Of the new school the district's entry tells: what the journal names cannot be undone.
    assert [one.institution for one in entries.order_by("pk")] == [None, cast.school, None]
    assert {one.district for one in entries} == {cast.district}
    assert entries.latest("pk").after["counts"]["staff"] == {"new": 2}
    named = [pair for entry in entries for pair in entry.after.get("decisions", [])]
    assert sorted(named) == sorted([one.pk, one.computed_hash()] for one in RecordDecision.objects.all())


def test_what_must_always_hold_holds_after_an_import(cast: Cast) -> None:
    apply_import(whole_district(cast), by=cast.officer)
    for check in (*invariants.OF_RECORDS, *school_invariants.CHECKS):
        assert list(check()) == []


def test_a_record_waits_for_its_school_and_its_owner_may_withdraw_it(cast: Cast) -> None:
    apply_import(whole_district(cast), by=cast.officer)
    record = cast.teacher.person.records.get()
    [decision] = record.decisions.all()
    assert (decision.action, decision.by, decision.by_role) == ("submit", cast.officer.person, Role.DISTRICT_OFFICER)
    assert decision.content["title"] == "Критерийлик баалоо"
    assert TrainingRecord.objects.awaiting(cast.deputy).filter(pk=record.pk).exists()
    [move] = moves_open_to(cast.teacher, record)
    perform(record, move, by=cast.teacher, seen=record.revision)
    record.refresh_from_db()
    assert (record.status, record.revision) == ("draft", 3)


def test_one_s_own_courses_are_one_s_own_submission(cast: Cast) -> None:
    mine = record_row(2, here(cast.deputy.person), here(cast.school))
    apply_import(imported(cast.school, cast.deputy, mine), by=cast.deputy)
    assert cast.deputy.person.records.get().decisions.get().by_role == ""
    assert list(invariants.nobody_verified_their_own()) == []


def test_the_register_s_names_link_a_record_as_its_owner_s_form_would(cast: Cast) -> None:
    country, own = factories.provider(), factories.provider()
    ProviderAlias.objects.create(target=country, text="Билим борбору")
    ProviderAlias.objects.create(target=own, text="Билим борбору", institution=cast.school)
    rows = [
        record_row(2, here(cast.teacher.person), here(cast.school)),
        record_row(3, here(cast.stranger.person), here(cast.other_school)),
    ]
    apply_import(imported(cast.district, cast.officer, *rows), by=cast.officer)
    assert cast.teacher.person.records.get().provider == own
    assert cast.stranger.person.records.get().provider == country


def test_refused_rows_are_left_out(cast: Cast) -> None:
    kept, refused = staff_row(2, here(cast.school)), staff_row(3, here(cast.school), Verdict.REFUSED)
    before = Person.objects.count()
    apply_import(imported(cast.school, cast.deputy, kept, refused), by=cast.deputy)
    assert Person.objects.count() == before + 1
    assert ImportRow.objects.get(verdict=Verdict.REFUSED).did == []


def test_changes_are_written_over_what_was_read_and_over_nothing_else(cast: Cast) -> None:
    person, job, subject = cast.teacher.person, factories.job_of(cast.teacher), factories.SubjectFactory()
    changes = {
        "education": ["", "жогорку"],
        "category": ["none", "first"],
        "position": ["биология мугалими", "химия мугалими"],
        "association": [here(cast.association), here(cast.other_association)],
        "subjects": [[], [subject.pk]],
        "role": ["", "clerk"],
    }
    row = staff_row(2, here(cast.school), Verdict.CHANGED, person.pk, born_on="", changes=changes)
    workbook = imported(cast.school, cast.deputy, row)
    apply_import(workbook, by=cast.deputy)
    person.refresh_from_db()
    job.refresh_from_db()
    assert (person.education, person.category_id, person.family_name) == ("жогорку", "first", "Өмүралиева")
    assert (job.position, job.association, list(job.subjects.all())) == (
        "химия мугалими",
        cast.other_association,
        [subject],
    )
    assert person.roles.get().role == Role.CLERK
    [row] = workbook.rows.all()
    assert ["schools.Person", person.pk, {"education": ["", "жогорку"], "category_id": ["none", "first"]}] in row.did


def test_a_changed_name_is_found_by_its_new_letters(cast: Cast) -> None:
    changes = {"family_name": ["Өмүралиева", "Асанова"]}
    row = staff_row(2, here(cast.school), Verdict.CHANGED, cast.teacher.person_id, born_on="", changes=changes)
    apply_import(imported(cast.school, cast.deputy, row), by=cast.deputy)
    assert list(Person.objects.named_like("асанова")) == [cast.teacher.person]


def test_what_changed_since_the_file_was_read_keeps_everything_out(cast: Cast) -> None:
    changes = {"position": ["биология мугалими", "химия мугалими"]}
    changed = staff_row(2, here(cast.school), Verdict.CHANGED, cast.teacher.person_id, born_on="", changes=changes)
    workbook = imported(cast.school, cast.deputy, staff_row(3, here(cast.school)), changed)
    Employment.objects.filter(person=cast.teacher.person).update(position="физика мугалими")
    before = counted()
    with pytest.raises(ChangedMeanwhile):
        apply_import(workbook, by=cast.deputy)
    assert counted() == before
    assert workbook.state == ImportState.READ
    workbook.refresh_from_db()
    assert (workbook.state, workbook.applied_at) == (ImportState.READ, None)


def a_person_of_that_number(cast: Cast) -> None:
    factories.PersonFactory(personal_number=NUMBER.format(1))


def a_person_of_that_day_and_name(cast: Cast) -> None:
    person = factories.PersonFactory(family_name="Жаңыев3", given_name="Үмүт", born_on=dt.date(1985, 7, 15))
    factories.EmploymentFactory(person=person, institution=cast.other_school)


def a_school_of_that_code(cast: Cast) -> None:
    factories.InstitutionFactory(code="402")


def the_same_course(cast: Cast) -> None:
    days = {"starts_on": dt.date(2021, 7, 12), "ends_on": dt.date(2021, 7, 23)}
    factories.training_record(cast.teacher, provider=None, provider_text="БИЛИМ борбору", **days)


def the_teacher_s_record_merged(cast: Cast) -> None:
    Person.objects.filter(pk=cast.teacher.person_id).update(merged_into=cast.peer.person)


def the_association_gone(cast: Cast) -> None:
    Employment.objects.filter(association=cast.association).update(association=None)
    RoleAssignment.objects.filter(association=cast.association).delete()
    cast.association.delete()


@pytest.mark.parametrize(
    "happened",
    [
        a_person_of_that_number,
        a_person_of_that_day_and_name,
        a_school_of_that_code,
        the_same_course,
        the_teacher_s_record_merged,
        the_association_gone,
    ],
)
def test_what_came_meanwhile_is_never_entered_a_second_time(happened, cast: Cast) -> None:
    workbook = whole_district(cast)
    happened(cast)
    before = counted()
    with pytest.raises(ChangedMeanwhile):
        apply_import(workbook, by=cast.officer)
    assert counted() == before


def test_who_works_there_by_now_is_not_hired_again(cast: Cast) -> None:
    person = factories.PersonFactory(personal_number=NUMBER.format(2))
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school), target=person.pk, born_on=""))
    factories.EmploymentFactory(person=person, institution=cast.school)
    with pytest.raises(ChangedMeanwhile):
        apply_import(workbook, by=cast.deputy)


def test_a_second_job_goes_to_the_person_who_is_there(cast: Cast) -> None:
    row = staff_row(2, here(cast.other_school), target=cast.teacher.person_id, born_on="", is_main=False)
    before = Person.objects.count()
    apply_import(imported(cast.district, cast.officer, row), by=cast.officer)
    assert Person.objects.count() == before
    assert cast.teacher.person.employments.get(institution=cast.other_school).is_main is False


def test_a_second_main_job_is_kept_out_by_the_database(cast: Cast) -> None:
    row = staff_row(2, here(cast.other_school), target=cast.teacher.person_id, born_on="")
    with pytest.raises(ChangedMeanwhile):
        apply_import(imported(cast.district, cast.officer, row), by=cast.officer)


def a_former_main_job(cast: Cast) -> None:
    """Elsewhere, until the day before the present one began."""
    Employment.objects.filter(person=cast.teacher.person).update(starts_on=dt.date(2024, 9, 1))
    former = {"starts_on": dt.date(2010, 9, 1), "ends_on": dt.date(2024, 8, 31)}
    factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school, **former)


def a_leave(cast: Cast) -> None:
    leave = {"kind": LeaveKind.CHILDCARE, "starts_on": dt.date(2021, 1, 1), "ends_on": dt.date(2022, 1, 1)}
    Leave.objects.create(employment=factories.job_of(cast.teacher), entered_by=cast.clerk.person, **leave)


def a_move(cast: Cast) -> None:
    job = factories.job_of(cast.teacher)
    old = factories.EmploymentFactory(person=job.person, institution=cast.other_school, is_main=False)
    Transfer.objects.create(
        employment=old,
        institution=cast.school,
        is_proposed_by_new=True,
        moves_on=job.starts_on,
        proposed_by=cast.deputy.person,
        answered_by=cast.deputy.person,
        answered_at=timezone.now(),
        state=TransferState.CONFIRMED,
        became=job,
    )


@pytest.mark.parametrize(
    ("happened", "first_day"),
    [(a_former_main_job, "2012-09-01"), (a_leave, "2023-09-01"), (a_move, "2012-09-01")],
)
def test_a_first_day_that_no_form_would_take_keeps_everything_out(happened, first_day: str, cast: Cast) -> None:
    happened(cast)
    before = factories.job_of(cast.teacher).starts_on
    changes = {"employed_from": [before.isoformat(), first_day]}
    row = staff_row(2, here(cast.school), Verdict.CHANGED, cast.teacher.person_id, born_on="", changes=changes)
    with pytest.raises(ChangedMeanwhile):
        apply_import(imported(cast.school, cast.deputy, row), by=cast.deputy)
    assert factories.job_of(cast.teacher).starts_on == before


def test_a_new_job_does_not_run_into_a_former_one_in_the_same_place(cast: Cast) -> None:
    person = cast.teacher.person
    Employment.objects.filter(person=person).update(starts_on=dt.date(2010, 9, 1), ends_on=today() - DAY)
    row = staff_row(2, here(cast.school), target=person.pk, born_on="", employed_from="2010-09-01")
    with pytest.raises(ChangedMeanwhile):
        apply_import(imported(cast.school, cast.deputy, row), by=cast.deputy)
    row = staff_row(2, here(cast.school), target=person.pk, born_on="", employed_from=today().isoformat())
    apply_import(imported(cast.school, cast.deputy, row), by=cast.deputy)
    assert person.employments.count() == 2


def test_who_comes_back_after_working_nowhere_is_kept_by_the_new_place(cast: Cast) -> None:
    person = cast.teacher.person
    Employment.objects.filter(person=person).update(ends_on=today() - DAY)
    changes = {"education": ["", "жогорку"], "family_name": ["Өмүралиева", "Асанова"]}
    row = staff_row(2, here(cast.other_school), target=person.pk, born_on="", changes=changes)
    apply_import(imported(cast.district, cast.officer, row), by=cast.officer)
    person.refresh_from_db()
    assert (person.education, person.family_name) == ("жогорку", "Асанова")
    assert list(Person.objects.named_like("асанова")) == [person]


def test_the_journal_tells_of_each_person_what_happened(cast: Cast) -> None:
    changes = {
        "role": ["", "clerk"],
        "family_name": ["Өмүралиева", "Асанова"],
        "personal_number": ["", NUMBER.format(3)],
        "position": ["биология мугалими", "химия мугалими"],
        "association": [here(cast.association), here(cast.other_association)],
    }
    rows = [
        school_row(2),
        staff_row(2, in_row(2), role="director"),
        staff_row(3, here(cast.school), Verdict.CHANGED, cast.teacher.person_id, born_on="", changes=changes),
    ]
    apply_import(imported(cast.district, cast.officer, *rows), by=cast.officer)
    entries = AuditEntry.objects.exclude(event=Event.IMPORT_APPLIED).order_by("pk")
    new, known = entries.filter(subject=None), entries.filter(subject=cast.teacher.person)
    assert [(one.event, one.institution, one.district, one.subject_name) for one in new] == [
        (Event.HIRED, None, cast.district, ""),
        (Event.ROLE_GIVEN, None, cast.district, ""),
    ]
    made = Person.objects.get(family_name="Жаңыев2")
    assert {one.after["person"] for one in new} == {made.pk}
    assert not entries.filter(what__contains="Жаңыев2").exists()
    assert {one.event: one.institution for one in known} == dict.fromkeys(
        (Event.ROLE_GIVEN, Event.NAME_CHANGED, Event.EMPLOYMENT_CHANGED), cast.school
    )
    name = known.get(event=Event.NAME_CHANGED)
    assert (name.before["family_name"], name.after["personal_number"]) == ("Өмүралиева", "…123")
    job = known.get(event=Event.EMPLOYMENT_CHANGED)
    assert job.after["association_id"] == cast.other_association.title_ky


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write after the other")
@pytest.mark.parametrize("is_merged", [True, False])
def test_whoever_changes_a_person_waits_for_the_import(is_merged: bool) -> None:
    cast = make_cast()
    person, other = cast.teacher.person, cast.peer.person
    row = staff_row(
        2, here(cast.school), Verdict.CHANGED, person.pk, born_on="", changes={"education": ["", "жогорку"]}
    )
    workbook = imported(cast.school, cast.deputy, row)
    waited = []

    def writing() -> None:
        started = time.perf_counter()
        with transaction.atomic():
            hold_person(person)
            waited.append(time.perf_counter() - started)
            changed = {"merged_into": other} if is_merged else {"education": "орто"}
            Person.objects.filter(pk=person.pk).update(**changed)
        connection.close()

    thread = threading.Thread(target=writing)

    def on_writing(execute, sql: str, *arguments):
        if sql.startswith('UPDATE "schools_person"') and not thread.ident:
            thread.start()
            thread.join(0.5)
        return execute(sql, *arguments)

    with connection.execute_wrapper(on_writing):
        apply_import(workbook, by=cast.deputy)
    thread.join()
    assert waited[0] > 0.4
    person.refresh_from_db()
    assert person.education == ("жогорку" if is_merged else "орто")


def test_two_rows_may_speak_of_one_new_person(cast: Cast) -> None:
    rows = [
        staff_row(2, here(cast.school)),
        staff_row(3, here(cast.other_school), person=in_row(2), is_main=False),
    ]
    before = Person.objects.count()
    apply_import(imported(cast.district, cast.officer, *rows), by=cast.officer)
    assert Person.objects.count() == before + 1
    assert Person.objects.latest("pk").employments.count() == 2


@pytest.mark.parametrize(
    ("who", "role"), [("deputy", "director"), ("deputy", "deputy_director"), ("director", "director")]
)
def test_nobody_gives_a_role_that_is_not_theirs_to_give(who: str, role: str, cast: Cast) -> None:
    by: User = getattr(cast, who)
    workbook = imported(cast.school, by, staff_row(2, here(cast.school), role=role))
    before = counted()
    with pytest.raises(Refused):
        apply_import(workbook, by=by)
    assert counted() == before


def test_a_role_that_is_held_is_not_given_twice(cast: Cast) -> None:
    changes = {"role": ["", "clerk"]}
    row = staff_row(2, here(cast.school), Verdict.CHANGED, cast.clerk.person_id, born_on="", changes=changes)
    apply_import(imported(cast.school, cast.director, row), by=cast.director)
    assert cast.clerk.person.roles.count() == 1


def test_a_school_s_import_reaches_no_other_school(cast: Cast) -> None:
    with pytest.raises(Refused):
        apply_import(imported(cast.school, cast.deputy, staff_row(2, here(cast.other_school))), by=cast.deputy)
    with pytest.raises(Refused):
        apply_import(imported(cast.district, cast.officer, staff_row(2, here(cast.far_school))), by=cast.officer)


@pytest.mark.parametrize("who", ["teacher", "clerk", "head", "other_director", "other_officer", "institute"])
def test_only_who_may_import_for_a_place_applies(who: str, cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    with pytest.raises(Refused):
        apply_import(workbook, by=getattr(cast, who))


def test_an_import_is_applied_once(cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    other = WorkbookImport.objects.get()
    apply_import(workbook, by=cast.deputy)
    before = counted()
    with pytest.raises(ChangedMeanwhile):
        apply_import(other, by=cast.second_deputy)
    assert counted() == before


def test_many_rows_need_hardly_more_statements_than_few(cast: Cast) -> None:
    def applying(count: int, first: int) -> int:
        rows = [staff_row(number, here(cast.school)) for number in range(first, first + count)]
        rows += [record_row(number, in_row(number), here(cast.school)) for number in range(first, first + count)]
        workbook = imported(cast.school, cast.deputy, *rows)
        with CaptureQueriesContext(connection) as captured:
            apply_import(workbook, by=cast.deputy)
        return len([query for query in captured if not query["sql"].startswith('UPDATE "courses_importrow"')])

    assert applying(20, 100) <= applying(2, 10) + 4  # SQLite takes no more than so many values in one statement
