"""Two records of one person: what moves, what stays, what stands in the way, and the way back."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import chain

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.text import capfirst

from courses.choices import RecordAction
from courses.choices import RecordStatus as Status
from courses.invariants import OF_FILES
from courses.models import CalendarFeed, TrainingRecord
from courses.standing import of as standing_of
from courses.verification import perform as perform_on_record
from cpd.by_app import found_in_apps
from cpd.dates import today
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, Event, NoticeKind, Role, Work
from schools.delegations import hand_over
from schools.merging import (
    can_merge,
    hindrances,
    merge_people,
    merges_seen,
    possible_twins,
    preview_of,
    undo_merge,
    within_reach,
)
from schools.models import (
    AuditEntry,
    Decision,
    Document,
    Employment,
    Invitation,
    Leave,
    Mentorship,
    Merge,
    Notice,
    Person,
    User,
)
from tests import factories
from tests.conftest import Cast, at_once
from tests.factories import again, fresh

BORN_ON = dt.date(1980, 5, 17)
YESTERDAY = dt.timedelta(days=-1)
REASON = "Эки жолу киргизилген."


@pytest.fixture(autouse=True)
def _in_words_of_the_code() -> Iterator[None]:
    """Refusals are told apart by their English sentences, whatever the catalogues say."""
    with translation.override("en"):
        yield


def dump() -> dict[str, list]:
    """Every row of every table of ours, but for what tells of merges themselves."""
    tables = [
        model
        for app in ("cpd", "schools", "courses", "plans")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model not in (AuditEntry, Merge) and model._meta.managed
    ]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in tables}


def broken() -> list[str]:
    """What ``check_invariants`` would tell; the certificates of these tests have no files."""
    checks = chain.from_iterable(found_in_apps("invariants", "CHECKS"))
    return [told for check in checks if check not in OF_FILES for told in check()]


def second_record(cast: Cast, **columns) -> Person:
    """The teacher once more, entered as somebody else at the same school, in a post that began later."""
    person = cast.teacher.person
    Person.objects.filter(pk=person.pk).update(born_on=BORN_ON)
    person.refresh_from_db()
    names = {name: getattr(person, name) for name in ("family_name", "given_name", "fathers_name")}
    twin = factories.PersonFactory(**names | {"born_on": BORN_ON} | columns)
    job = {"institution": cast.school, "association": cast.association, "starts_on": dt.date(2020, 9, 1)}
    factories.EmploymentFactory(person=twin, **job)
    return twin


def merge(cast: Cast, twin: Person, *, by: User | None = None) -> Merge:
    return merge_people(kept=cast.teacher.person, gone=twin, reason=REASON, by=again(by or cast.deputy))


def life_of(twin: Person, cast: Cast) -> User:
    """Whatever may hang on a record: an account, papers, records, a mentor, leave, a meeting, a place, a notice."""
    user = factories.UserFactory(person=twin)
    job = twin.employments.get()
    factories.approved(factories.annual_plan(user))
    factories.training_record(user, status=Status.DRAFT)
    record = factories.training_record(user, status=Status.DRAFT)
    perform_on_record(record, RecordAction.SUBMIT, by=user, seen=record.revision)
    factories.meeting(cast.association, by=cast.head, number="7").present.add(twin)
    Mentorship.objects.create(institution=cast.school, mentor=twin, mentee=cast.peer.person)
    Leave.objects.create(employment=job, kind="study", entered_by=cast.deputy.person, ends_on=today())
    factories.seat(factories.offering(cast), by=cast.officer, employment=job, institution=cast.school)
    Notice.objects.create(person=twin, kind=NoticeKind.MOVE, key="жаңы", path="/")
    return user


# What moves -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_everything_goes_on_as_the_one_that_is_kept_but_what_was_signed(cast):
    twin = second_record(cast)
    life_of(twin, cast)
    job = cast.teacher.person.employments.get()
    decided = Decision.objects.filter(by=twin).count()
    User.objects.filter(person=twin).delete()
    done = merge(cast, twin)
    twin.refresh_from_db()
    assert twin.merged_into == cast.teacher.person
    assert set(TrainingRecord.objects.values_list("person", flat=True)) == {cast.teacher.person_id}
    assert set(Document.objects.values_list("author", flat=True)) == {cast.teacher.person_id}
    assert Mentorship.objects.get().mentor == cast.teacher.person
    assert set(Leave.objects.values_list("employment", flat=True)) == {job.pk}
    assert decided > 0
    assert Decision.objects.filter(by=twin).count() == decided, "what is signed stays as it was signed"
    assert (done.kept, done.gone, done.by) == (cast.teacher.person, twin, cast.deputy.person)
    assert broken() == []


@pytest.mark.django_db
def test_merging_and_undoing_leaves_every_table_as_it_was(cast):
    twin = second_record(cast, personal_number="1" * 14, speciality="химия")
    life_of(twin, cast)
    factories.EmploymentFactory(person=twin, institution=cast.other_school, is_main=False)
    Invitation.objects.create(
        person=twin,
        salt="тузсуз",
        token_hash="x",
        made_by=cast.deputy.person,
        expires_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
    )
    before = dump()
    done = merge(cast, twin, by=cast.officer)
    assert dump() != before
    assert broken() == []
    undo_merge(merge=done, by=again(cast.officer))
    assert dump() == before
    assert broken() == []
    done.refresh_from_db()
    assert done.undone_by == cast.officer.person
    noted = AuditEntry.objects.filter(subject=cast.teacher.person, event__in=[Event.MERGED, Event.MERGE_UNDONE])
    told = {
        (event, place) for event in (Event.MERGED, Event.MERGE_UNDONE) for place in (cast.school, cast.other_school)
    }
    assert {(entry.event, entry.institution) for entry in noted} == told, "in the journal of both schools"


@pytest.mark.django_db
def test_of_two_posts_in_one_school_one_goes_on_since_the_earlier_day(cast):
    twin = second_record(cast)
    Employment.objects.filter(person=cast.teacher.person).update(starts_on=dt.date(2021, 9, 1))
    merge(cast, twin)
    job, second = cast.teacher.person.employments.get(), twin.employments.get()
    assert (job.starts_on, job.ends_on, job.is_main) == (dt.date(2020, 9, 1), None, True)
    assert second.ends_on == today() + YESTERDAY


@pytest.mark.django_db
def test_a_post_at_another_school_becomes_the_second_job(cast):
    twin = second_record(cast)
    Employment.objects.filter(person=twin).update(institution=cast.other_school)
    done = merge(cast, twin, by=cast.officer)
    jobs = cast.teacher.person.employments.order_by("-is_main")
    assert [(job.institution, job.is_main) for job in jobs] == [(cast.school, True), (cast.other_school, False)]
    undo_merge(merge=done, by=again(cast.officer))
    assert Employment.objects.get(person=twin).is_main is True


@pytest.mark.django_db
def test_what_the_kept_record_lacks_is_taken_over_and_what_it_has_is_not(cast):
    twin = second_record(cast, personal_number="1" * 14, education="жогорку", speciality="химия")
    Person.objects.filter(pk=cast.teacher.person_id).update(speciality="биология")
    merge(cast, twin)
    kept = Person.objects.get(pk=cast.teacher.person_id)
    twin.refresh_from_db()
    assert (kept.personal_number, kept.education, kept.speciality) == ("1" * 14, "жогорку", "биология")
    assert twin.personal_number == ""


@pytest.mark.django_db
def test_the_only_account_goes_along_and_the_second_one_is_closed(cast):
    twin = second_record(cast)
    factories.UserFactory(person=twin, username="second")
    merge(cast, twin)
    assert User.objects.get(username="second").is_active is False
    assert User.objects.get(username="teacher").is_active is True


@pytest.mark.django_db
def test_an_account_goes_along_where_the_kept_record_has_none(cast):
    twin = second_record(cast)
    factories.UserFactory(person=twin, username="second")
    User.objects.filter(person=cast.teacher.person).delete()
    merge(cast, twin)
    assert User.objects.get(username="second").person == cast.teacher.person


@pytest.mark.django_db
def test_a_slip_for_the_record_that_ends_is_good_for_nothing(cast):
    twin = second_record(cast)
    expires_at = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    for number, person in enumerate((twin, cast.teacher.person)):
        Invitation.objects.create(
            person=person,
            institution=cast.school,
            salt=f"{number}",
            token_hash=f"{number}",
            made_by=cast.deputy.person,
            expires_at=expires_at,
        )
    merge(cast, twin)
    assert list(Invitation.objects.open().values_list("salt", flat=True)) == ["1"]


@pytest.mark.django_db
def test_what_both_have_of_notices_and_calendars_stays_with_the_record_that_ends(cast):
    twin = second_record(cast)
    meeting = factories.meeting(cast.association, by=cast.head)
    meeting.present.set([twin, cast.teacher.person])
    for person in (twin, cast.teacher.person):
        Notice.objects.create(person=person, kind=NoticeKind.MOVE, key="бир", path="/")
        CalendarFeed.objects.create(person=person, token_hash=f"{person.pk}")
    merge(cast, twin)
    assert set(Notice.objects.values_list("person", flat=True)) == {twin.pk, cast.teacher.person_id}
    assert set(meeting.present.all()) == {twin, cast.teacher.person}
    assert broken() == []


@pytest.mark.django_db
def test_an_hour_that_stood_in_both_records_is_counted_once(cast):
    twin = second_record(cast)
    for whose in (twin, cast.teacher.person):
        factories.training_record(whose, status=Status.VERIFIED)
    jobs = Employment.objects.on(today()).filter(person__in=[twin, cast.teacher.person])
    [before] = {standing.total for standing in standing_of(jobs, today())}
    assert before > 0
    merge(cast, twin)
    [after] = standing_of(Employment.objects.on(today()).filter(person__in=[twin, cast.teacher.person]), today())
    assert after.total == before


@pytest.mark.django_db
def test_whoever_decided_under_the_record_that_ended_decides_no_second_time(cast):
    """The head is entered twice: one record considered the plan, the other one is a deputy."""
    head = cast.head.person
    twin = factories.PersonFactory(born_on=BORN_ON, family_name=head.family_name, given_name=head.given_name)
    Person.objects.filter(pk=head.pk).update(born_on=BORN_ON)
    factories.EmploymentFactory(person=twin, institution=cast.school)
    deputy = factories.UserFactory(person=twin)
    factories.RoleFactory(person=twin, role=Role.DEPUTY_DIRECTOR, institution=cast.school)
    considered = factories.considered(cast.plan, by=cast.head)
    assert Document.objects.awaiting(again(deputy)).filter(pk=considered.pk).exists()
    head.refresh_from_db()
    merge_people(kept=twin, gone=head, reason=REASON, by=again(cast.officer))
    assert not Document.objects.awaiting(again(deputy)).filter(pk=considered.pk).exists()
    with pytest.raises(PermissionDenied):
        approval.perform(considered, Action.APPROVE, by=again(deputy), seen=fresh(considered).revision)
    assert broken() == []


# What stands in the way -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kept", "gone"),
    [
        ({"born_on": None}, {}),
        ({}, {"born_on": None}),
        ({}, {"born_on": dt.date(1981, 1, 1)}),
        ({"personal_number": "2" * 14}, {"personal_number": "1" * 14}),
    ],
    ids=["no birthday", "no birthday either", "another birthday", "another number"],
)
def test_who_may_be_two_people_is_not_merged(kept, gone, cast):
    twin = second_record(cast)
    Person.objects.filter(pk=twin.pk).update(**gone)
    Person.objects.filter(pk=cast.teacher.person_id).update(**kept)
    before = dump()
    with pytest.raises(Refused):
        merge(cast, twin)
    assert dump() == before


@pytest.mark.django_db
def test_nobody_merges_their_own_record(cast):
    twin = second_record(cast)
    factories.RoleFactory(person=cast.teacher.person, institution=cast.school)
    with pytest.raises(Refused):
        merge(cast, twin, by=cast.teacher)
    assert hindrances(cast.teacher.person, twin, by=again(cast.officer)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "who"),
    [
        (Role.CLERK, {"deputy", "director", "officer", "administrator"}),
        (Role.DEPUTY_DIRECTOR, {"director", "officer", "administrator"}),
        (Role.DIRECTOR, {"officer", "administrator"}),
    ],
)
def test_a_record_with_a_role_is_merged_only_by_who_may_give_that_role(role, who, cast):
    twin = second_record(cast)
    factories.RoleFactory(person=twin, role=role, institution=cast.school)
    names = ("deputy", "director", "officer", "administrator")
    free = {name for name in names if not hindrances(cast.teacher.person, twin, by=again(getattr(cast, name)))}
    assert free == who


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("giver", "who"),
    [
        ("deputy", {"deputy", "director", "officer", "administrator"}),
        ("second_deputy", {"director", "officer", "administrator"}),
        ("director", {"director", "officer", "administrator"}),
    ],
)
def test_handed_over_work_counts_as_the_role_of_who_handed_it_over(giver, who, cast):
    twin = second_record(cast)
    day = today() + dt.timedelta(days=3)
    hand_over(
        institution=cast.school,
        taker=cast.teacher.person,
        works=[Work.PLANS],
        starts_on=day,
        ends_on=day,
        by=again(getattr(cast, giver)),
    )
    names = ("deputy", "director", "officer", "administrator")
    free = {name for name in names if not hindrances(cast.teacher.person, twin, by=again(getattr(cast, name)))}
    assert free == who


@pytest.mark.django_db
def test_who_decided_on_the_others_paper_is_not_the_same_person(submitted, cast):
    twin = factories.PersonFactory(born_on=BORN_ON)
    factories.EmploymentFactory(person=twin, institution=cast.school)
    Person.objects.filter(pk=cast.teacher.person_id).update(born_on=BORN_ON)
    user = factories.UserFactory(person=twin)
    factories.RoleFactory(person=twin, role=Role.ASSOCIATION_HEAD, association=cast.association)
    factories.considered(submitted, by=again(user))
    with pytest.raises(Refused, match="decided"):
        merge(cast, twin)


@pytest.mark.django_db
def test_who_verified_the_others_record_is_not_the_same_person(cast):
    twin = second_record(cast)
    record = factories.training_record(cast.teacher, status=Status.SUBMITTED)
    factories.RoleFactory(person=twin, role=Role.CLERK, institution=cast.school)
    user = factories.UserFactory(person=twin)
    perform_on_record(record, RecordAction.RETURN, by=user, seen=record.revision, reason="Так эмес.")
    with pytest.raises(Refused, match="verified"):
        merge(cast, twin, by=cast.officer)


@pytest.mark.django_db
def test_two_plans_for_one_period_stand_in_the_way_and_nothing_is_changed(draft, cast):
    twin = second_record(cast)
    user = factories.UserFactory(person=twin)
    factories.individual_plan(user)
    before = dump()
    with pytest.raises(Refused, match="only one can stay"):
        merge(cast, twin)
    assert dump() == before


@pytest.mark.django_db
def test_a_merge_needs_its_reason(cast):
    twin = second_record(cast)
    with pytest.raises(Refused):
        merge_people(kept=cast.teacher.person, gone=twin, reason="  ", by=again(cast.deputy))


# Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_exactly_these_may_merge_two_records_of_one_school(cast):
    twin = second_record(cast)
    who = {name for name, user in cast.people.items() if user and can_merge(again(user), cast.teacher.person, twin)}
    assert who == {"deputy", "second_deputy", "director", "officer", "administrator"}


@pytest.mark.django_db
def test_of_two_schools_only_their_district_or_an_administrator(cast):
    twin = second_record(cast)
    Employment.objects.filter(person=twin).update(institution=cast.other_school)
    who = {name for name, user in cast.people.items() if user and can_merge(again(user), cast.teacher.person, twin)}
    assert who == {"officer", "administrator"}
    Employment.objects.filter(person=twin).update(institution=cast.far_school)
    who = {name for name, user in cast.people.items() if user and can_merge(again(user), cast.teacher.person, twin)}
    assert who == {"administrator"}
    with pytest.raises(PermissionDenied):
        merge(cast, twin, by=cast.officer)


@pytest.mark.django_db
def test_who_left_the_school_is_within_its_leaders_reach_and_a_record_that_ended_in_nobodys(cast):
    twin = second_record(cast)
    Employment.objects.filter(person=twin).update(ends_on=today() + YESTERDAY)
    assert twin in within_reach(again(cast.deputy))
    assert twin not in within_reach(again(cast.other_director))
    assert set(within_reach(again(cast.clerk))) == set()
    merge(cast, twin)
    assert twin not in within_reach(again(cast.administrator))


@pytest.mark.django_db
def test_who_works_elsewhere_by_now_is_nobody_s_but_that_place_s(cast):
    """A school does not take a person over whom it lost long ago by a record that it makes up."""
    twin = second_record(cast)
    gone = cast.far_stranger.person
    Person.objects.filter(pk=gone.pk).update(born_on=BORN_ON)
    old = {"starts_on": dt.date(2010, 9, 1), "ends_on": dt.date(2012, 9, 1), "is_main": False}
    factories.EmploymentFactory(person=gone, institution=cast.school, **old)
    who = {name for name, user in cast.people.items() if user and can_merge(again(user), twin, gone)}
    assert who == {"administrator"}
    for user in (cast.deputy, cast.officer):
        assert gone not in within_reach(again(user))
        assert not [pair for pair in possible_twins(again(user)) if gone.pk in pair[:2]]
    Employment.objects.filter(person=gone, institution=cast.far_school).update(institution=cast.other_school)
    who = {name for name, user in cast.people.items() if user and can_merge(again(user), twin, gone)}
    assert who == {"officer", "administrator"}
    assert gone in within_reach(again(cast.officer))


@pytest.mark.django_db
def test_a_merge_is_undone_only_by_who_may_give_the_roles_held_since(cast):
    done = merge(cast, second_record(cast))
    factories.RoleFactory(person=cast.teacher.person, institution=cast.school)
    with pytest.raises(Refused, match="give this role"):
        undo_merge(merge=done, by=again(cast.deputy))
    undo_merge(merge=done, by=again(cast.director))


@pytest.mark.django_db
def test_only_who_could_have_merged_may_undo(cast):
    done = merge(cast, second_record(cast))
    for name in ("clerk", "other_director", "other_officer", "teacher"):
        with pytest.raises(PermissionDenied):
            undo_merge(merge=done, by=again(getattr(cast, name)))
    assert set(merges_seen(again(cast.director))) == {done}
    undo_merge(merge=done, by=again(cast.officer))


# The way back -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_merge_is_undone_once(cast):
    done = merge(cast, second_record(cast))
    undo_merge(merge=done, by=again(cast.deputy))
    with pytest.raises(ChangedMeanwhile):
        undo_merge(merge=done, by=again(cast.deputy))


@pytest.mark.django_db
def test_what_was_changed_since_keeps_a_merge_from_being_undone(cast):
    twin = second_record(cast)
    factories.training_record(twin, status=Status.DRAFT)
    done = merge(cast, twin)
    TrainingRecord.objects.all().delete()
    before = dump()
    with pytest.raises(Refused, match="changed since"):
        undo_merge(merge=done, by=again(cast.deputy))
    assert dump() == before


@pytest.mark.django_db
def test_of_two_merges_in_a_row_the_last_is_undone_first(cast):
    twin = second_record(cast)
    third = second_record(cast)
    before = dump()
    first = merge_people(kept=third, gone=twin, reason=REASON, by=again(cast.deputy))
    second = merge(cast, third)
    twin.refresh_from_db()
    assert twin.merged_into == cast.teacher.person, "one step leads to the record that goes on"
    with pytest.raises(Refused):
        undo_merge(merge=first, by=again(cast.administrator))
    undo_merge(merge=second, by=again(cast.deputy))
    undo_merge(merge=first, by=again(cast.deputy))
    assert dump() == before


@pytest.mark.django_db
def test_what_came_after_the_merge_stays_with_the_record_that_goes_on(cast):
    twin = second_record(cast)
    done = merge(cast, twin)
    later = factories.training_record(cast.teacher, status=Status.DRAFT)
    undo_merge(merge=done, by=again(cast.deputy))
    later.refresh_from_db()
    assert later.person == cast.teacher.person


# Finding them -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_twins_are_born_on_one_day_and_have_one_name_or_one_school(cast):
    twin = second_record(cast)
    Person.objects.filter(pk=twin.pk).update(fathers_name="")
    Person.objects.filter(pk__in=[cast.peer.person_id, cast.stranger.person_id]).update(born_on=BORN_ON)
    Person.objects.filter(pk=cast.colleague.person_id).update(born_on=dt.date(1980, 5, 18))
    teacher, peer = cast.teacher.person_id, cast.peer.person_id
    twin.refresh_from_db()
    twin.save()
    at_school = [(teacher, twin.pk, True), (teacher, peer, False), (peer, twin.pk, False)]
    assert possible_twins(again(cast.deputy)) == at_school
    assert possible_twins(again(cast.officer)) == at_school
    assert possible_twins(again(cast.administrator)) == at_school[:1], "of the whole country only one name"
    assert possible_twins(again(cast.other_director)) == []
    merge(cast, twin)
    assert possible_twins(again(cast.deputy)) == [(teacher, peer, False)]


@pytest.mark.django_db
def test_a_father_s_name_that_differs_hides_no_twin(cast):
    twin = second_record(cast, fathers_name="Токтобаевна")
    Employment.objects.filter(person=twin).update(institution=cast.other_school)
    assert possible_twins(again(cast.officer)) == [(cast.teacher.person_id, twin.pk, False)]


@pytest.mark.django_db
def test_the_preview_counts_what_each_has(cast):
    twin = second_record(cast)
    life_of(twin, cast)
    preview = preview_of(cast.teacher.person, twin, by=again(cast.deputy))
    counts = {title: (kept, gone) for title, kept, gone in preview.counts}
    found = [counts[capfirst(model._meta.verbose_name_plural)] for model in (TrainingRecord, Document, Employment)]
    assert found == [(0, 2), (0, 1), (1, 1)]
    assert (preview.closes_account, preview.names_differ, preview.hindrances) == (True, False, [])


# At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_at_once_one_happens(cast):
    twin = second_record(cast)
    teacher = cast.teacher.person
    ways = [(teacher, twin), (twin, teacher), (teacher, twin), (twin, teacher)]
    answers = at_once(
        *(partial(merge_people, kept=kept, gone=gone, reason=REASON, by=again(cast.deputy)) for kept, gone in ways)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Merge", "Refused", "Refused", "Refused"]
    assert Merge.objects.count() == 1
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_undoings_at_once_one_happens(cast):
    done = merge(cast, second_record(cast))
    answers = at_once(*[partial(undo_merge, merge=done, by=again(cast.deputy))] * 4)
    assert [answer for answer in answers if answer is None] == [None]
    assert broken() == []
