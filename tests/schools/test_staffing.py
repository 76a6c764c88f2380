"""Hiring, changes, the last day, the main job, long leave, names: each write, and what it leaves alone."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from cpd.dates import today
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, Event, LeaveKind, Role, TransferState, Work
from schools.invitations import make_invitations
from schools.leaves import change_leave, enter_leave, remove_leave
from schools.leaving import what_hangs
from schools.models import (
    AuditEntry,
    Delegation,
    Employment,
    Leave,
    Mentorship,
    NameChange,
    Person,
    RoleAssignment,
    Transfer,
    User,
)
from schools.naming import Name, change_name, change_person, correct_name
from schools.newcomers import Identity, find_person
from schools.staffing import (
    Post,
    change_employment,
    end_employment,
    hire,
    make_main_job,
    settle_main_jobs,
    take_back_ending,
)
from tests import factories
from tests.conftest import Cast
from tests.factories import again, job_of

DAY = dt.timedelta(days=1)
NUMBER = "11203198500123"
BORN = dt.date(1985, 3, 12)


@pytest.fixture(autouse=True)
def _in_words_of_the_code() -> Iterator[None]:
    """Refusals are told apart by their English sentences, whatever the catalogues say."""
    with translation.override("en"):
        yield


def identity(**columns: Any) -> Identity:
    wanted = {
        "family_name": "Жаңыбаева",
        "given_name": "Асел",
        "fathers_name": "",
        "personal_number": NUMBER,
        "born_on": BORN,
    }
    return Identity(**wanted | columns)


def post(**columns: Any) -> Post:
    starts_on = columns.pop("starts_on", today())
    return Post(starts_on, {"position": "химия мугалими"} | columns)


def hired(cast: Cast, **columns: Any) -> Employment:
    who = identity(**columns.pop("who", {}))
    wanted = {"by": cast.deputy, "institution": cast.school, "identity": who, "post": post(), "known": None}
    return hire(**wanted | columns)


def known(cast: Cast, user: User, **columns: Any) -> Person:
    """The person of an account, with number and birth date."""
    Person.objects.filter(pk=user.person_id).update(**{"personal_number": NUMBER, "born_on": BORN} | columns)
    return Person.objects.get(pk=user.person_id)


def end(employment: Employment, by: User, last_day: dt.date | None = None, reason: str = EndReason.LEFT) -> Employment:
    end_employment(employment=employment, by=by, last_day=last_day or today() - DAY, reason=reason)
    employment.refresh_from_db()
    return employment


def second_job(cast: Cast, user: User, **columns: Any) -> Employment:
    wanted = {"person": user.person, "institution": cast.other_school, "is_main": False}
    return factories.EmploymentFactory(**wanted | columns)


def events(**wanted: Any) -> list[str]:
    return list(AuditEntry.objects.filter(**wanted).order_by("pk").values_list("event", flat=True))


def test_a_newcomer_becomes_one_person_and_one_employment(cast: Cast) -> None:
    employment = hired(cast, post=post(association=cast.association))
    person = employment.person
    assert (person.full_name, person.personal_number, person.born_on) == ("Жаңыбаева Асел", NUMBER, BORN)
    assert (employment.institution, employment.association) == (cast.school, cast.association)
    assert employment.is_main
    entry = AuditEntry.objects.get(event=Event.HIRED)
    assert (entry.by, entry.subject, entry.institution) == (cast.deputy.person, person, cast.school)


def test_who_does_not_keep_the_staff_hires_nobody(cast: Cast) -> None:
    for user in (cast.teacher, cast.head, cast.other_director, cast.officer, cast.administrator):
        with pytest.raises(PermissionDenied):
            hired(cast, by=user)
    assert not AuditEntry.objects.filter(event=Event.HIRED).exists()


def test_the_district_hires_where_nobody_leads_the_school(cast: Cast) -> None:
    RoleAssignment.objects.filter(institution=cast.other_school).update(ends_on=today() - DAY)
    assert hired(cast, by=again(cast.officer), institution=cast.other_school).institution == cast.other_school


def test_somebody_known_by_number_and_birth_date_is_never_entered_twice(cast: Cast) -> None:
    person = known(cast, cast.stranger)
    before = Person.objects.count()
    with pytest.raises(ChangedMeanwhile):
        hired(cast)
    with pytest.raises(Refused, match="works elsewhere"):
        hired(cast, known=person.pk)
    employment = hired(cast, known=person.pk, as_second_job=True)
    assert (employment.person, employment.is_main) == (person, False)
    assert Person.objects.count() == before


def test_a_number_with_another_birth_date_is_refused(cast: Cast) -> None:
    known(cast, cast.stranger, born_on=BORN + DAY)
    with pytest.raises(Refused, match="born on another day"):
        find_person(identity(), cast.school)
    with pytest.raises(Refused, match="date of birth too"):
        find_person(identity(born_on=None), cast.school)


def test_a_number_without_a_birth_date_needs_the_name_too(cast: Cast) -> None:
    person = known(cast, cast.stranger, born_on=None)
    name = {"family_name": person.family_name.upper(), "given_name": person.given_name}
    with pytest.raises(Refused, match="another name"):
        find_person(identity(), cast.school)
    with pytest.raises(Refused, match="another name"):
        find_person(identity(**name | {"fathers_name": "Башкаевна"}), cast.school)
    assert find_person(identity(**name), cast.school) == person


def test_a_second_job_adds_nothing_to_what_is_known_of_the_person(cast: Cast) -> None:
    person = known(cast, cast.stranger, born_on=None)
    name = {"family_name": person.family_name, "given_name": person.given_name}
    hired(cast, known=person.pk, as_second_job=True, who=name)
    person.refresh_from_db()
    assert person.born_on is None


def test_a_name_alone_tells_nobody_apart(cast: Cast) -> None:
    name = {"family_name": "Өмүралиева", "given_name": "Айнагүл", "fathers_name": "Токтобековна"}
    with pytest.raises(Refused, match="Give the personal number or the date of birth"):
        find_person(identity(personal_number="", born_on=None, **name), cast.school)
    with pytest.raises(Refused, match="tell the two apart"):
        find_person(identity(personal_number="", **name), cast.school)
    assert find_person(identity(personal_number="", **name), cast.other_school) is None
    assert find_person(identity(**name), cast.school) is None
    known(cast, cast.teacher, personal_number="")
    assert find_person(identity(personal_number="", **name), cast.school) == cast.teacher.person
    assert find_person(identity(personal_number="", born_on=BORN + DAY, **name), cast.school) is None


def test_a_record_that_goes_on_as_another_leads_to_that_one(cast: Cast) -> None:
    gone = factories.PersonFactory(personal_number=NUMBER, born_on=BORN, merged_into=cast.teacher.person)
    assert find_person(identity(), cast.school) == cast.teacher.person != gone


def test_somebody_who_works_here_is_not_hired_again(cast: Cast) -> None:
    person = known(cast, cast.peer)
    with pytest.raises(Refused, match="already works"):
        hired(cast, known=person.pk, as_second_job=True)


def test_somebody_who_left_comes_back_as_the_same_person(cast: Cast) -> None:
    person = known(cast, cast.peer)
    end(job_of(cast.peer), cast.deputy)
    employment = hired(cast, known=person.pk)
    assert (employment.person, employment.is_main) == (person, True)


def test_a_number_that_was_not_known_is_added_to_who_is_found(cast: Cast) -> None:
    person = known(cast, cast.peer, personal_number="")
    end(job_of(cast.peer), cast.deputy)
    name = {"family_name": person.family_name, "given_name": person.given_name, "fathers_name": person.fathers_name}
    hired(cast, known=person.pk, who=name)
    person.refresh_from_db()
    assert person.personal_number == NUMBER


def test_a_change_is_told_with_what_stood_before(cast: Cast) -> None:
    employment = job_of(cast.peer)
    new = post(position="физика мугалими", association=cast.other_association, starts_on=employment.starts_on)
    change_employment(employment=employment, by=cast.clerk, post=new, ends_on=None)
    employment.refresh_from_db()
    assert (employment.position, employment.association) == ("физика мугалими", cast.other_association)
    entry = AuditEntry.objects.get(event=Event.EMPLOYMENT_CHANGED)
    assert entry.before == {"position": "биология мугалими", "association": "Табигый илимдер"}
    assert entry.after == {"position": "физика мугалими", "association": "Тилдер"}


def test_a_change_that_changes_nothing_leaves_no_entry(cast: Cast) -> None:
    employment = job_of(cast.peer)
    same = Post(employment.starts_on, {"position": employment.position, "association": employment.association})
    change_employment(employment=employment, by=cast.clerk, post=same, ends_on=None)
    assert events() == []


def test_a_wrong_first_day_is_put_right_but_not_into_another_employment(cast: Cast) -> None:
    employment = job_of(cast.peer)
    factories.EmploymentFactory(
        person=cast.peer.person,
        institution=cast.far_school,
        starts_on=dt.date(2010, 9, 1),
        ends_on=dt.date(2012, 8, 31),
        end_reason=EndReason.LEFT,
    )
    columns = {"position": employment.position}
    change_employment(employment=employment, by=cast.deputy, post=Post(dt.date(2012, 9, 1), columns), ends_on=None)
    employment.refresh_from_db()
    assert employment.starts_on == dt.date(2012, 9, 1)
    with pytest.raises(Refused, match="another employment"):
        change_employment(
            employment=employment, by=cast.deputy, post=Post(dt.date(2012, 8, 31), columns), ends_on=None
        )


def test_the_last_day_ends_what_hangs_on_the_employment_here_and_nothing_elsewhere(cast: Cast) -> None:
    head, school = cast.head.person, cast.school
    elsewhere = factories.RoleFactory(person=head, role=Role.CLERK, institution=cast.other_school)
    later = factories.RoleFactory(person=head, role=Role.CLERK, institution=school, starts_on=today() + DAY)
    handed = Delegation.objects.create(
        institution=school, giver=cast.deputy.person, taker=head, work=Work.PLANS, ends_on=today() + 9 * DAY
    )
    pair = Mentorship.objects.create(institution=school, mentor=head, mentee=cast.peer.person, starts_on=today())
    leave = Leave.objects.create(employment=job_of(cast.head), kind=LeaveKind.STUDY, entered_by=cast.clerk.person)
    employment = end(job_of(cast.head), cast.deputy, last_day=today())
    assert (employment.ends_on, employment.end_reason) == (today(), EndReason.LEFT)
    for row in (handed, pair, cast.head.person.roles.get(association=cast.association)):
        row.refresh_from_db()
        assert row.ends_on == today()
    leave.refresh_from_db()
    assert leave.ends_on is None
    elsewhere.refresh_from_db()
    assert elsewhere.ends_on is None
    assert not RoleAssignment.objects.filter(pk=later.pk).exists()
    assert events(subject=head) == [
        "role_ended",
        "role_ended",
        "delegation_ended",
        "mentor_changed",
        "employment_ended",
    ]


def test_what_hangs_on_an_employment_is_told_before_it_ends(cast: Cast) -> None:
    offering = factories.offering(cast, starts_on=today() + 10 * DAY, ends_on=today() + 12 * DAY)
    factories.seat(offering, cast.head, by=cast.officer)
    factories.training_record(cast.head, status="submitted")
    factories.schedule_row(factories.school_schedule(cast.school, by=cast.deputy), cast.head)
    told = what_hangs(job_of(cast.head), today())
    assert [one.ends for one in told] == [False, False, False, True]
    assert "Nobody else holds this role" in told[-1].text
    assert all(one.url for one in told if not one.ends)


def test_a_last_day_to_come_keeps_the_role_until_then(cast: Cast) -> None:
    end(job_of(cast.head), cast.deputy, last_day=today() + DAY)
    assert again(cast.head).scope.associations == {cast.association.pk}
    role = cast.head.person.roles.get()
    assert role.ends_on == today() + DAY


def test_an_employment_ends_once_and_not_before_it_began(cast: Cast) -> None:
    with pytest.raises(Refused, match="first day"):
        end(job_of(cast.peer), cast.deputy, last_day=factories.LONG_AGO - DAY)
    employment = end(job_of(cast.peer), cast.deputy)
    with pytest.raises(Refused, match="ended already"):
        end(employment, cast.deputy)


def test_a_clerk_ends_no_employment_of_a_leader(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        end(job_of(cast.director), cast.clerk)
    assert end(job_of(cast.peer), cast.clerk).end_reason == EndReason.LEFT
    assert end(job_of(cast.director), cast.deputy).end_reason == EndReason.LEFT


def test_a_clerk_moves_no_day_of_a_leader_s_employment(cast: Cast) -> None:
    employment = end(job_of(cast.director), cast.deputy, last_day=today() + 9 * DAY)
    columns = {"position": "мектептин директору"}
    for starts_on, ends_on in ((employment.starts_on, today()), (employment.starts_on + DAY, employment.ends_on)):
        with pytest.raises(PermissionDenied):
            change_employment(employment=employment, by=cast.clerk, post=Post(starts_on, columns), ends_on=ends_on)
    with pytest.raises(PermissionDenied):
        take_back_ending(employment=employment, by=cast.clerk)
    same = Post(employment.starts_on, columns)
    change_employment(employment=employment, by=cast.clerk, post=same, ends_on=employment.ends_on)
    employment.refresh_from_db()
    assert (employment.position, employment.ends_on) == ("мектептин директору", today() + 9 * DAY)
    assert cast.director.person.roles.get().ends_on == today() + 9 * DAY


def test_with_the_employment_end_the_slips_of_that_school_alone(cast: Cast) -> None:
    second = second_job(cast, cast.peer)
    [slip] = make_invitations([cast.peer.person], by=cast.deputy, institution=cast.school)
    end(second, cast.other_director)
    slip.refresh_from_db()
    assert slip.revoked_at is None
    end(job_of(cast.peer), cast.deputy)
    slip.refresh_from_db()
    assert slip.revoked_at is not None


def test_a_second_job_becomes_the_main_one_when_the_main_one_has_ended(cast: Cast) -> None:
    second = second_job(cast, cast.peer)
    end(job_of(cast.peer), cast.deputy)
    second.refresh_from_db()
    assert second.is_main


def test_a_main_job_that_still_lasts_stays_the_main_one(cast: Cast) -> None:
    second = second_job(cast, cast.peer)
    employment = end(job_of(cast.peer), cast.deputy, last_day=today())
    second.refresh_from_db()
    assert (employment.is_main, second.is_main) == (True, False)
    Employment.objects.filter(pk=employment.pk).update(ends_on=today() - DAY)
    assert settle_main_jobs() == 1
    second.refresh_from_db()
    assert second.is_main
    assert settle_main_jobs() == 0


def test_a_second_job_without_a_main_one_here_stays_a_second_job(cast: Cast) -> None:
    """The main job may be in a place that keeps no staff here."""
    one, other = (
        factories.EmploymentFactory(person=cast.officer.person, institution=place, is_main=False)
        for place in (cast.school, cast.other_school)
    )
    assert settle_main_jobs() == 0
    end(one, cast.deputy)
    other.refresh_from_db()
    assert not other.is_main


def test_a_mistaken_ending_is_taken_back(cast: Cast) -> None:
    second = second_job(cast, cast.peer)
    employment = end(job_of(cast.peer), cast.deputy)
    take_back_ending(employment=employment, by=cast.clerk)
    employment.refresh_from_db()
    second.refresh_from_db()
    assert (employment.ends_on, employment.end_reason, employment.is_main) == (None, "", True)
    assert not second.is_main


def test_leave_stands_as_it_was_when_an_ending_is_taken_back(cast: Cast) -> None:
    now, to_come = leave(cast, starts_on=today() - 5 * DAY, ends_on=today() + DAY), None
    to_come = leave(cast, starts_on=today() + 2 * DAY, ends_on=None)
    told = [one.text for one in what_hangs(job_of(cast.peer), today() - 9 * DAY) if one.ends]
    assert told == [now.get_kind_display(), to_come.get_kind_display()]
    employment = end(job_of(cast.peer), cast.deputy, last_day=today() - 9 * DAY)
    take_back_ending(employment=employment, by=cast.clerk)
    kept = Leave.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(kept) == [(today() - 5 * DAY, today() + DAY), (today() + 2 * DAY, None)]


def test_nobody_left_before_a_role_of_theirs_began_or_before_what_they_decided(cast: Cast) -> None:
    role = factories.RoleFactory(
        person=cast.peer.person, role=Role.CLERK, institution=cast.school, starts_on=today() - 20 * DAY
    )
    with pytest.raises(Refused, match="later than that"):
        end(job_of(cast.peer), cast.deputy, last_day=today() - 21 * DAY)
    factories.considered(cast.plan, by=cast.head)
    with pytest.raises(Refused, match="later than that"):
        end(job_of(cast.head), cast.deputy, last_day=today() - DAY)
    assert end(job_of(cast.head), cast.deputy, last_day=today()).end_reason == EndReason.LEFT
    assert end(job_of(cast.peer), cast.deputy, last_day=today() - 20 * DAY).end_reason == EndReason.LEFT
    role.refresh_from_db()
    assert role.ends_on == role.starts_on


def test_a_role_that_has_begun_is_not_wiped_out_by_a_death_entered_late(cast: Cast) -> None:
    role = factories.RoleFactory(
        person=cast.peer.person, role=Role.CLERK, institution=cast.school, starts_on=today() - 20 * DAY
    )
    end(job_of(cast.peer), cast.deputy, last_day=today() - 30 * DAY, reason=EndReason.DIED)
    role.refresh_from_db()
    assert (role.starts_on, role.ends_on) == (today() - 20 * DAY, today() - 20 * DAY)


def test_an_ending_stays_where_a_new_main_job_was_taken_up(cast: Cast) -> None:
    employment = end(job_of(cast.peer), cast.deputy)
    factories.EmploymentFactory(person=cast.peer.person, institution=cast.other_school, starts_on=today())
    with pytest.raises(Refused, match="new main job"):
        take_back_ending(employment=employment, by=cast.clerk)
    employment.refresh_from_db()
    assert employment.ends_on == today() - DAY


def test_the_school_of_the_main_job_gives_it_up(cast: Cast) -> None:
    first, second = job_of(cast.peer), second_job(cast, cast.peer)
    with pytest.raises(PermissionDenied):
        make_main_job(employment=second, by=cast.other_director)
    make_main_job(employment=second, by=cast.deputy)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_main, second.is_main) == (False, True)


def test_a_death_ends_everything_on_that_day_and_closes_the_account(cast: Cast) -> None:
    second = second_job(cast, cast.peer)
    coming = factories.EmploymentFactory(
        person=cast.peer.person, institution=cast.far_school, is_main=False, starts_on=today() + DAY
    )
    waiting = Transfer.objects.create(
        employment=second,
        institution=cast.far_school,
        is_proposed_by_new=True,
        position="мугалим",
        moves_on=today(),
        proposed_by=cast.other_director.person,
    )
    day = today() - 3 * DAY
    employment = end(job_of(cast.peer), cast.deputy, last_day=day, reason=EndReason.DIED)
    second.refresh_from_db()
    waiting.refresh_from_db()
    assert [(job.ends_on, job.end_reason) for job in (employment, second)] == [(day, EndReason.DIED)] * 2
    assert not Employment.objects.filter(pk=coming.pk).exists()
    assert waiting.state == TransferState.WITHDRAWN
    assert not User.objects.get(pk=cast.peer.pk).is_active
    assert User.objects.get(pk=cast.teacher.pk).is_active
    assert Event.ACCOUNT_CLOSED in events(subject=cast.peer.person)


def test_a_death_is_entered_where_the_main_job_is_and_not_at_a_second_one(cast: Cast) -> None:
    second = second_job(cast, cast.other_director, institution=cast.school)
    main = job_of(cast.other_director)
    for user in (cast.clerk, cast.deputy):
        with pytest.raises(Refused, match=cast.other_school.title_ky):
            end(second, user, last_day=today(), reason=EndReason.DIED)
    assert User.objects.get(pk=cast.other_director.pk).is_active
    assert Employment.objects.filter(person=cast.other_director.person, ends_on=None).count() == 2
    assert cast.other_director.person.roles.get().ends_on is None
    deputy = factories.UserFactory()
    factories.RoleFactory(person=deputy.person, institution=cast.other_school)
    end(main, deputy, last_day=today(), reason=EndReason.DIED)
    assert not User.objects.get(pk=cast.other_director.pk).is_active


def test_a_clerk_enters_no_death_of_whom_a_role_elsewhere_goes_with_it(cast: Cast) -> None:
    job = factories.EmploymentFactory(person=cast.officer.person, institution=cast.school)
    with pytest.raises(Refused, match="leaders of the main job"):
        end(job, cast.clerk, last_day=today(), reason=EndReason.DIED)
    assert end(job, cast.deputy, last_day=today(), reason=EndReason.DIED).end_reason == EndReason.DIED


def test_nobody_is_hired_after_their_death(cast: Cast) -> None:
    known(cast, cast.peer)
    end(job_of(cast.peer), cast.deputy, reason=EndReason.DIED)
    with pytest.raises(Refused, match="death"):
        find_person(identity(), cast.other_school)


def test_a_last_day_put_right_moves_what_ended_with_it(cast: Cast) -> None:
    employment = end(job_of(cast.head), cast.deputy, last_day=today())
    same = Post(employment.starts_on, {"position": employment.position})
    change_employment(employment=employment, by=cast.deputy, post=same, ends_on=today() - 2 * DAY)
    assert cast.head.person.roles.get().ends_on == today() - 2 * DAY


def test_who_came_back_keeps_the_role_that_came_with_it(cast: Cast) -> None:
    employment = end(job_of(cast.head), cast.deputy, last_day=today() - 9 * DAY)
    factories.EmploymentFactory(person=cast.head.person, institution=cast.school, starts_on=today() - DAY)
    role = factories.RoleFactory(
        person=cast.head.person,
        role=Role.ASSOCIATION_HEAD,
        association=cast.association,
        starts_on=today() - DAY,
    )
    same = Post(employment.starts_on, {"position": employment.position})
    change_employment(employment=employment, by=cast.deputy, post=same, ends_on=today() - 12 * DAY)
    role.refresh_from_db()
    assert role.ends_on is None


def leave(cast: Cast, **columns: Any) -> Leave:
    wanted = {"kind": LeaveKind.CHILDCARE, "starts_on": today(), "ends_on": today() + 100 * DAY}
    return enter_leave(**{"employment": job_of(cast.peer), "by": cast.clerk} | wanted | columns)


def test_leaves_of_one_employment_never_overlap(cast: Cast) -> None:
    first = leave(cast)
    with pytest.raises(Refused, match="Another leave"):
        leave(cast, starts_on=today() + 100 * DAY, ends_on=None)
    second = leave(cast, starts_on=today() + 101 * DAY, ends_on=None)
    with pytest.raises(Refused, match="Another leave"):
        change_leave(
            leave=first,
            by=cast.clerk,
            kind=first.kind,
            starts_on=first.starts_on,
            ends_on=second.starts_on,
            order_number="",
        )
    with pytest.raises(Refused, match="before the employment"):
        leave(cast, starts_on=factories.LONG_AGO - DAY, ends_on=factories.LONG_AGO)


def test_a_leave_entered_by_mistake_goes_and_the_journal_keeps_its_days_but_not_its_kind(cast: Cast) -> None:
    entered = leave(cast)
    remove_leave(leave=entered, by=cast.deputy)
    assert not Leave.objects.exists()
    first, last = AuditEntry.objects.filter(event=Event.LEAVE_CHANGED).order_by("pk")
    assert first.after == last.before == {"starts_on": str(today()), "ends_on": str(today() + 100 * DAY)}
    assert "childcare" not in str([first.after, first.what, last.before, last.what])
    with pytest.raises(Refused, match="removed"):
        remove_leave(leave=entered, by=cast.deputy)


def test_a_leave_does_not_outlast_the_employment(cast: Cast) -> None:
    end(job_of(cast.peer), cast.deputy, last_day=today() + DAY)
    with pytest.raises(Refused, match="employment ends before"):
        leave(cast, ends_on=None)


def test_a_new_name_keeps_the_old_one_and_both_find_the_person(cast: Cast) -> None:
    old = cast.peer.person.full_name
    new = Name("Маматова", cast.peer.person.given_name, "")
    change_name(person=cast.peer.person, by=cast.clerk, name=new, since=today(), document="№ 12")
    person = Person.objects.get(pk=cast.peer.person_id)
    former = NameChange.objects.get(person=person)
    assert (person.family_name, str(former), former.until) == ("Маматова", old, today() - DAY)
    assert list(Person.objects.named_like("маматова")) == [person]
    assert list(Person.objects.named_like(old)) == [person]
    with pytest.raises(Refused, match="the name already"):
        change_name(person=person, by=cast.clerk, name=new, since=today(), document="")


def test_papers_signed_before_keep_the_old_name(cast: Cast) -> None:
    plan = factories.approved(cast.plan)
    old = cast.teacher.person.full_name
    version = plan.in_force
    change_name(person=cast.teacher.person, by=cast.clerk, name=Name("Маматова", "А", ""), since=today(), document="")
    version.refresh_from_db()
    assert version.decisions.order_by("pk").first().by_name == old


def test_a_misprint_leaves_no_former_name(cast: Cast) -> None:
    correct_name(person=cast.peer.person, by=cast.clerk, name=Name("Сыдыкалиев", "Нурлан", "Бекович"))
    assert Person.objects.get(pk=cast.peer.person_id).family_name == "Сыдыкалиев"
    assert not NameChange.objects.exists()
    assert AuditEntry.objects.get().before == {"family_name": "Сыдыгалиев"}


def test_the_journal_tells_of_numbers_without_telling_them(cast: Cast) -> None:
    change_person(person=cast.peer.person, by=cast.clerk, columns={"personal_number": NUMBER, "born_on": BORN})
    entry = AuditEntry.objects.get(event=Event.PERSON_CHANGED)
    assert set(entry.after) == {"personal_number", "born_on"}
    assert NUMBER not in str(entry.after)
    assert str(BORN) not in str(entry.after)


def test_another_person_s_number_is_refused(cast: Cast) -> None:
    known(cast, cast.stranger)
    with pytest.raises(Refused, match="Another person"):
        change_person(person=cast.peer.person, by=cast.clerk, columns={"personal_number": NUMBER})


def test_what_is_known_of_a_person_is_kept_where_the_main_job_is(cast: Cast) -> None:
    second_job(cast, cast.other_director, institution=cast.school)
    person = cast.other_director.person
    for user in (cast.clerk, cast.deputy):
        with pytest.raises(PermissionDenied):
            correct_name(person=person, by=user, name=Name("Башкаева", "Света", ""))
        with pytest.raises(PermissionDenied):
            change_person(person=person, by=user, columns={"personal_number": NUMBER})
    change_person(person=person, by=cast.other_director, columns={"personal_number": NUMBER})
    job_of(cast.other_director).delete()
    correct_name(person=person, by=cast.clerk, name=Name("Башкаева", "Света", ""))
    assert Person.objects.get(pk=person.pk).full_name == "Башкаева Света"


def test_who_left_is_no_more_the_school_s_to_change(cast: Cast) -> None:
    end(job_of(cast.peer), cast.deputy)
    with pytest.raises(PermissionDenied):
        change_person(person=cast.peer.person, by=cast.clerk, columns={"education": "жогорку"})
