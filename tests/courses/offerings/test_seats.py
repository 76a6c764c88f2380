"""Places: who gives, names and takes back, in what order, and never more than there are."""

import datetime as dt
import re
from collections import Counter
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.choices import SeatState
from courses.invariants import places_are_counted
from courses.models import Offering, Seat
from courses.offerings import seats
from courses.offerings.need import Line, queue
from courses.offerings.seats import LeavesQueue, give_seats, give_to_school, name_teacher, take_back
from courses.templatetags.seat_words import need, state_of
from cpd.dates import today
from schools.approval import ChangedMeanwhile, Refused
from schools.models import Employment, User
from tests import factories
from tests.conftest import Cast, at_once, make_cast
from tests.factories import OfferingFactory, again, job_of

A_REASON = "Мектепте физика мугалими калбай калат."
CROWD = 6


@pytest.fixture
def offering(cast: Cast) -> Offering:
    return OfferingFactory.create(district=cast.district, entered_by=cast.officer.person, places=3)


def now(offering: Offering) -> Offering:
    return Offering.objects.get(pk=offering.pk)


def line(offering: Offering) -> list[Line]:
    return queue(now(offering), today())


def marks(lines: list[Line]) -> dict[int, int]:
    return {one.job.pk: one.mark for one in lines}


def give(offering: Offering, by: User, lines: list[Line], **more: Any) -> list[Seat]:
    given = now(offering)
    return give_seats(offering=given, by=by, seen=given.revision, chosen=marks(lines), **more)


def give_school(offering: Offering, by: User, **more: Any) -> list[Seat]:
    given = now(offering)
    return give_to_school(offering=given, by=by, seen=given.revision, **more)


def counted(offering: Offering) -> tuple[int, int]:
    return now(offering).given, offering.seats.live().count()


# Giving -----------------------------------------------------------------------------------------------------------


def test_places_go_to_the_first_in_line_with_the_reasons_that_were_shown(cast, offering):
    first = line(offering)[:2]
    before = timezone.now()
    give(offering, cast.officer, first)
    given = list(offering.seats.order_by("pk"))
    assert [(seat.employment, seat.institution) for seat in given] == [(one.job, one.job.institution) for one in first]
    assert [seat.reasons for seat in given] == [list(one.reasons) for one in first]
    assert all(seat.given_by == cast.officer.person and seat.given_at >= before for seat in given)
    assert all(seat.override_reason == "" and seat.attended is None and seat.named_at is None for seat in given)
    assert counted(offering) == (2, 2)
    assert now(offering).revision == 2


def test_leaving_somebody_out_needs_a_reason_that_stays_with_those_behind(cast, offering):
    first, second, third, *_others = line(offering)
    with pytest.raises(LeavesQueue) as refusal:
        give(offering, cast.officer, [first, third], override_reason="  ")
    assert refusal.value.passed == [second.job.pk]
    assert counted(offering) == (0, 0)
    give(offering, cast.officer, [first, third], override_reason=f" {A_REASON} ")
    assert {seat.employment_id: seat.override_reason for seat in offering.seats.all()} == {
        first.job.pk: "",
        third.job.pk: A_REASON,
    }


def test_a_reason_is_not_kept_where_the_order_holds(cast, offering):
    give(offering, cast.officer, line(offering)[:1], override_reason=A_REASON)
    assert offering.seats.get().override_reason == ""


def test_nobody_but_the_district_gives_or_takes_back(cast, offering):
    [seat] = give(offering, cast.officer, line(offering)[:1])
    for user in (cast.other_officer, cast.deputy, cast.director, cast.teacher, cast.institute, cast.administrator):
        with pytest.raises(PermissionDenied):
            give(offering, user, line(offering)[:1])
        with pytest.raises(PermissionDenied):
            give_school(offering, user, institution=cast.school, places=1)
        with pytest.raises(PermissionDenied):
            take_back(seat=seat, by=user, reason=A_REASON)
    assert counted(offering) == (1, 1)


def test_more_places_than_are_left_are_not_given_in_part(cast, offering):
    with pytest.raises(Refused) as refusal:
        give(offering, cast.officer, line(offering)[:4])
    assert "3" in refusal.value.message
    assert counted(offering) == (0, 0)


def test_who_saw_an_older_offering_gives_nothing(cast, offering):
    shown, lines = now(offering), line(offering)
    give(offering, cast.officer, lines[:1])
    with pytest.raises(ChangedMeanwhile):
        give_seats(offering=shown, by=cast.officer, seen=shown.revision, chosen=marks(lines[1:2]))
    assert counted(offering) == (1, 1)


def test_who_saw_other_reasons_gives_nothing(cast, offering):
    lines = line(offering)[:1]
    Employment.objects.filter(pk=lines[0].job.pk).update(teaching_language="uz")
    with pytest.raises(ChangedMeanwhile):
        give(offering, cast.officer, lines, override_reason=A_REASON)
    assert counted(offering) == (0, 0)


def test_a_person_with_two_jobs_gets_one_place(cast, offering):
    second = factories.EmploymentFactory.create(
        person=cast.peer.person, institution=cast.other_school, is_main=False, teaching_language="ky"
    )
    [mine] = [one for one in line(offering) if one.job.person_id == cast.peer.person_id]
    assert mine.job == second
    give(offering, cast.officer, [mine], override_reason=A_REASON)
    assert cast.peer.person_id not in {one.job.person_id for one in line(offering)}


@pytest.mark.parametrize("when", ["cancelled", "over"])
def test_no_place_is_given_in_a_course_that_is_cancelled_or_over(when, cast, offering):
    lines = line(offering)[:1]
    if when == "over":
        days = {"starts_on": today() - dt.timedelta(days=9), "ends_on": today() - dt.timedelta(days=1)}
        Offering.objects.update(**days)
    else:
        by = {"cancelled_by": cast.officer.person, "cancelled_at": timezone.now(), "cancel_reason": "Топ чогулбады."}
        Offering.objects.update(**by)
    with pytest.raises(Refused):
        give(offering, cast.officer, lines, override_reason=A_REASON)
    assert counted(offering) == (0, 0)


def test_nobody_chosen_is_told(cast, offering):
    with pytest.raises(Refused):
        give(offering, cast.officer, [])


# Places for a school ----------------------------------------------------------------------------------------------


def first_school(offering: Offering) -> tuple[Any, int]:
    """Whose teachers stand at the head of the queue, and how many of them."""
    lines = line(offering)
    schools = [one.job.institution_id for one in lines]
    length = next((n for n, school in enumerate(schools) if school != schools[0]), len(schools))
    return lines[0].job.institution, length


def test_a_school_whose_teachers_stand_first_gets_places_without_a_reason(cast, offering):
    school, length = first_school(offering)
    places = min(length, 3)
    give_school(offering, cast.officer, institution=school, places=places, override_reason=A_REASON)
    assert {(seat.institution, seat.employment, seat.override_reason) for seat in offering.seats.all()} == {
        (school, None, "")
    }
    assert counted(offering) == (places, places)


def test_a_school_that_stands_behind_gets_places_with_a_reason(cast, offering):
    school, _length = first_school(offering)
    behind = cast.other_school if school == cast.school else cast.school
    with pytest.raises(LeavesQueue):
        give_school(offering, cast.officer, institution=behind, places=1)
    [seat] = give_school(offering, cast.officer, institution=behind, places=1, override_reason=A_REASON)
    assert (seat.institution, seat.override_reason) == (behind, A_REASON)


def test_more_places_than_a_school_has_people_in_line_need_a_reason(cast, offering):
    Employment.objects.filter(institution=cast.other_school).exclude(person=cast.stranger.person).update(
        is_teaching=False
    )
    Employment.objects.filter(person=cast.stranger.person).update(teaching_language="ky")
    assert line(offering)[0].job.person == cast.stranger.person
    with pytest.raises(LeavesQueue):
        give_school(offering, cast.officer, institution=cast.other_school, places=2)
    assert len(give_school(offering, cast.officer, institution=cast.other_school, places=1)) == 1


def test_a_school_of_another_district_gets_none(cast, offering):
    with pytest.raises(PermissionDenied):
        give_school(offering, cast.officer, institution=cast.far_school, places=1, override_reason=A_REASON)


# Naming -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_seat(cast: Cast, offering: Offering) -> Seat:
    """A place given to school A, which has not said whom it sends."""
    return give_school(offering, cast.officer, institution=cast.school, places=1, override_reason=A_REASON)[0]


def name(seat: Seat, by: User, user: User, seen: int | None = None) -> Seat:
    seat = Seat.objects.select_related("offering", "institution").get(pk=seat.pk)
    return name_teacher(seat=seat, by=by, employment=job_of(user), seen=seen)


def test_the_school_names_whom_it_sends_with_the_reasons_of_that_moment(cast, offering, open_seat):
    [mine] = [one for one in line(offering) if one.job.person_id == cast.peer.person_id]
    named = name(open_seat, cast.deputy, cast.peer)
    assert (named.employment, named.named_by, named.reasons) == (mine.job, cast.deputy.person, list(mine.reasons))
    assert named.override_reason == open_seat.override_reason
    assert named.given_by == cast.officer.person
    assert now(offering).revision == 2  # nobody's queue is made old by it


def test_only_who_leads_the_school_names(cast, open_seat):
    for user in (cast.clerk, cast.officer, cast.other_director, cast.teacher, cast.head):
        with pytest.raises(PermissionDenied):
            name(open_seat, user, cast.peer)
    name(open_seat, cast.director, cast.peer)


def test_the_school_may_name_somebody_else_until_attendance_is_marked(cast, open_seat):
    named = name(open_seat, cast.deputy, cast.peer)
    again_named = name(open_seat, cast.second_deputy, cast.colleague, seen=named.employment_id)
    assert again_named.employment == job_of(cast.colleague)
    Seat.objects.update(attended=True, attended_by=cast.deputy.person, attended_at=timezone.now())
    with pytest.raises(ChangedMeanwhile) as told:
        name(open_seat, cast.deputy, cast.peer, seen=again_named.employment_id)
    assert cast.deputy.person.full_name in told.value.message


def test_of_two_deputies_naming_the_second_is_told(cast, open_seat):
    name(open_seat, cast.deputy, cast.peer)
    with pytest.raises(ChangedMeanwhile):
        name(open_seat, cast.second_deputy, cast.colleague)
    assert Seat.objects.get().employment == job_of(cast.peer)


def test_nobody_of_another_school_and_nobody_with_a_place_is_named(cast, offering, open_seat):
    with pytest.raises(Refused):
        name(open_seat, cast.deputy, cast.stranger)
    first = next(one for one in line(offering) if one.job.institution_id == cast.school.pk)
    give(offering, cast.officer, [first], override_reason=A_REASON)
    with pytest.raises(Refused):
        name(open_seat, cast.deputy, User.objects.get(person=first.job.person_id))
    assert Seat.objects.get(pk=open_seat.pk).employment is None


def test_a_teacher_whom_the_district_named_is_not_replaced_by_the_school(cast, offering):
    [seat] = give(offering, cast.officer, line(offering)[:1])
    leader = cast.director if seat.institution == cast.school else cast.other_director
    with pytest.raises(Refused):
        name_teacher(seat=seat, by=leader, employment=job_of(leader), seen=seat.employment_id)


# Taking back ------------------------------------------------------------------------------------------------------


def test_a_place_taken_back_is_free_again_and_stays_readable(cast, offering):
    [seat] = give(offering, cast.officer, line(offering)[:1])
    with pytest.raises(Refused):
        take_back(seat=seat, by=cast.officer, reason="  ")
    take_back(seat=seat, by=cast.officer, reason=A_REASON)
    seat.refresh_from_db()
    assert (seat.taken_back_by, seat.taken_back_reason) == (cast.officer.person, A_REASON)
    assert counted(offering) == (0, 0)
    with pytest.raises(ChangedMeanwhile) as told:
        take_back(seat=seat, by=cast.officer, reason=A_REASON)
    assert cast.officer.person.full_name in told.value.message
    assert counted(offering) == (0, 0)
    give(offering, cast.officer, line(offering)[:1])
    assert counted(offering) == (1, 1)


def test_a_place_whose_attendance_is_marked_is_not_taken_back(cast, offering):
    [seat] = give(offering, cast.officer, line(offering)[:1])
    Seat.objects.update(attended=False, attended_by=cast.officer.person, attended_at=timezone.now())
    with pytest.raises(ChangedMeanwhile):
        take_back(seat=seat, by=cast.officer, reason=A_REASON)
    assert counted(offering) == (1, 1)


def test_the_invariant_finds_a_course_that_counts_wrong(cast, offering):
    give(offering, cast.officer, line(offering)[:1])
    assert list(places_are_counted()) == []
    Offering.objects.update(given=2)
    assert list(places_are_counted()) == [f"offered course {offering.pk}: counts 2 places, 1 are held"]


# At the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    """Real threads, each with a connection of its own."""

    @pytest.fixture
    def crowd(self) -> tuple[Cast, Offering]:
        cast = make_cast()
        for _ in range(CROWD):
            factories.EmploymentFactory.create(institution=cast.other_school)
        return cast, OfferingFactory.create(district=cast.district, entered_by=cast.officer.person, places=5)

    def test_of_six_who_saw_the_same_queue_one_gives(self, crowd):
        cast, offering = crowd
        lines = line(offering)
        who = again(cast.officer)
        answers = at_once(
            *(
                partial(give_seats, offering=offering, by=who, seen=1, chosen=marks([one]), override_reason=A_REASON)
                for one in lines[:CROWD]
            )
        )
        assert Counter(type(answer).__name__ for answer in answers) == {"list": 1, "ChangedMeanwhile": CROWD - 1}
        assert counted(offering) == (1, 1)

    def test_six_who_look_again_give_exactly_the_places_there_are(self, crowd):
        cast, offering = crowd
        lines, who = line(offering), again(cast.officer)

        def keep_giving(one: Line) -> str:
            while True:
                seen = now(offering)
                shown = {job: mark for job, mark in marks(queue(seen, today())).items() if job == one.job.pk}
                try:
                    give_seats(offering=seen, by=who, seen=seen.revision, chosen=shown, override_reason=A_REASON)
                except ChangedMeanwhile:
                    continue
                except Refused:
                    return "refused"
                return "given"

        answers = at_once(*(partial(keep_giving, one) for one in lines[:CROWD]))
        assert Counter(answers) == {"given": 5, "refused": CROWD - 5}
        assert counted(offering) == (5, 5)
        assert list(places_are_counted()) == []

    def test_of_six_who_take_one_place_back_one_does(self, crowd):
        cast, offering = crowd
        [seat] = give(offering, cast.officer, line(offering)[:1])
        who = again(cast.officer)
        answers = at_once(*[partial(take_back, seat=seat, by=who, reason=A_REASON)] * CROWD)
        assert Counter(type(answer).__name__ for answer in answers) == {"NoneType": 1, "ChangedMeanwhile": CROWD - 1}
        assert counted(offering) == (0, 0)

    def test_one_teacher_named_for_two_places_at_once_gets_one(self, crowd):
        cast, offering = crowd
        places = give_school(offering, cast.officer, institution=cast.school, places=2, override_reason=A_REASON)
        who = again(cast.deputy)
        naming = [partial(name, seat, who, cast.peer) for seat in places]
        answers = at_once(*naming)
        assert Counter(isinstance(answer, Seat) for answer in answers) == {True: 1, False: 1}
        assert all(isinstance(answer, (Seat, Refused)) for answer in answers)
        assert offering.seats.filter(employment=job_of(cast.peer)).count() == 1

    def test_without_the_conditional_update_the_count_goes_wrong(self, crowd):
        """The teeth of the tests above: read, then save, and places are lost."""
        cast, offering = crowd

        def careless() -> None:
            seen = now(offering)
            with transaction.atomic():
                seats.Seat.objects.create(offering=offering, institution=cast.school, given_by=cast.officer.person)
                Offering.objects.filter(pk=offering.pk).update(given=seen.given + 1)

        at_once(*[careless] * CROWD)
        assert now(offering).given < CROWD
        assert offering.seats.count() == CROWD
        assert list(places_are_counted()) != []


# Pages ------------------------------------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posted(user: User, url: str, data: dict[str, Any]) -> Any:
    return signed_in(user).post(url, {"once": uuid4()} | data)


def queue_page(cast: Cast, offering: Offering, **asked: Any) -> str:
    return signed_in(cast.officer).get(reverse("offering_queue", args=[offering.pk]), asked).content.decode()


def ticks(page: str) -> list[tuple[str, bool]]:
    """Every line's value, and whether it is ticked."""
    return [
        (value, bool(checked)) for value, checked in re.findall(r'name="teacher"\s+value="([^"]+)"\s*(checked)?', page)
    ]


def test_as_many_as_there_are_places_are_ticked_and_each_line_says_why(cast, offering):
    page = queue_page(cast, offering)
    lines = line(offering)
    assert [value for value, _checked in ticks(page)] == [f"{one.job.pk}:{one.mark}" for one in lines]
    assert [checked for _value, checked in ticks(page)] == [True] * 3 + [False] * (len(lines) - 3)
    assert all(need(reason) in page for one in lines for reason in one.reasons)


def test_the_page_sent_as_it_came_gives_the_places_in_order(cast, offering):
    first = line(offering)[:3]
    values = [value for value, checked in ticks(queue_page(cast, offering)) if checked]
    url = reverse("offering_queue", args=[offering.pk])
    answer = posted(cast.officer, url, {"seen": 1, "teacher": values})
    assert answer.status_code == 302
    assert {seat.employment for seat in offering.seats.all()} == {one.job for one in first}


def test_leaving_the_order_without_a_reason_comes_back_with_the_ticks_and_the_names(cast, offering):
    first, second, *_others = line(offering)
    url = reverse("offering_queue", args=[offering.pk])
    data = {"seen": 1, "teacher": [f"{second.job.pk}:{second.mark}"]}
    answer = posted(cast.officer, url, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [value for value, checked in ticks(page) if checked] == data["teacher"]
    assert f"{first.job.person}" in page.split('id="teachers-reason_error"', 1)[-1]
    assert counted(offering) == (0, 0)
    assert posted(cast.officer, url, data | {"reason": A_REASON}).status_code == 302
    assert offering.seats.get().override_reason == A_REASON


def test_the_queue_of_one_school_keeps_its_places_in_the_whole_line(cast, offering):
    page = queue_page(cast, offering, school=cast.other_school.pk)
    lines = line(offering)
    shown = [value.split(":")[0] for value, _checked in ticks(page)]
    assert shown == [str(one.job.pk) for one in lines if one.job.institution == cast.other_school]
    places = [place for place, one in enumerate(lines, start=1) if one.job.institution == cast.other_school]
    assert all(f'data-label="№">{place}</td>' in page for place in places)


def test_places_are_given_to_a_school_from_the_same_page(cast, offering):
    url = reverse("offering_queue", args=[offering.pk])
    data = {"seen": 1, "school": cast.school.pk, "places": 2}
    assert posted(cast.officer, url, data | {"places": 0}).status_code == 422
    assert posted(cast.officer, url, data | {"reason": A_REASON}).status_code == 302
    assert [(seat.institution, seat.employment) for seat in offering.seats.all()] == [(cast.school, None)] * 2


def test_the_same_form_sent_twice_gives_once(cast, offering):
    values = [value for value, checked in ticks(queue_page(cast, offering)) if checked]
    data = {"once": uuid4(), "seen": 1, "teacher": values[:1]}
    client = signed_in(cast.officer)
    for _ in range(2):
        assert client.post(reverse("offering_queue", args=[offering.pk]), data).status_code == 302
    assert counted(offering) == (1, 1)


def test_a_course_that_is_over_has_no_queue(cast, offering):
    days = {"starts_on": today() - dt.timedelta(days=9), "ends_on": today() - dt.timedelta(days=1)}
    Offering.objects.update(**days)
    answer = signed_in(cast.officer).get(reverse("offering_queue", args=[offering.pk]))
    assert answer.headers["Location"] == reverse("offering", args=[offering.pk])


def test_taking_back_asks_for_the_reason(cast, offering):
    [seat] = give(offering, cast.officer, line(offering)[:1])
    url = reverse("seat_take_back", args=[seat.pk])
    assert posted(cast.officer, url, {"reason": " "}).status_code == 422
    assert counted(offering) == (1, 1)
    assert posted(cast.officer, url, {"reason": A_REASON}).status_code == 302
    assert counted(offering) == (0, 0)


def test_the_deputy_names_from_the_schools_people_in_order(cast, offering, open_seat):
    url = reverse("seat_name", args=[open_seat.pk])
    page = signed_in(cast.deputy).get(url).content.decode()
    lines = queue(now(offering), today(), cast.school)
    assert re.findall(r'name="employment"\s+value="(\d+)"', page) == [str(one.job.pk) for one in lines]
    answer = posted(cast.deputy, url, {"employment": job_of(cast.peer).pk, "seen": ""})
    assert answer.headers["Location"] == reverse("school_places", args=[cast.school.pk])
    assert Seat.objects.get().employment == job_of(cast.peer)


@pytest.mark.parametrize("typed", ["", "x", "99999999999999999999", "²"])
def test_naming_nobody_who_is_in_the_list_names_nobody(typed, cast, open_seat):
    url = reverse("seat_name", args=[open_seat.pk])
    assert posted(cast.deputy, url, {"employment": typed, "seen": ""}).status_code == 302
    assert Seat.objects.get().employment is None
    assert posted(cast.deputy, url, {"employment": job_of(cast.peer).pk, "seen": "²"}).status_code == 400


def test_the_places_of_a_school_are_listed_with_what_became_of_each(cast, offering, open_seat):
    page = signed_in(cast.deputy).get(reverse("school_places", args=[cast.school.pk])).content.decode()
    assert offering.title in page
    assert reverse("seat_name", args=[open_seat.pk]) in page
    assert reverse("seat_take_back", args=[open_seat.pk]) not in page
    of_clerk = signed_in(cast.clerk).get(reverse("school_places", args=[cast.school.pk])).content.decode()
    assert reverse("seat_name", args=[open_seat.pk]) not in of_clerk
    of_officer = signed_in(cast.officer).get(reverse("school_places", args=[cast.school.pk])).content.decode()
    assert reverse("seat_take_back", args=[open_seat.pk]) in of_officer


def test_why_somebody_was_passed_over_is_read_by_the_district_and_the_institute_alone(cast, offering):
    factories.training_record(cast.teacher, status="verified")  # so that the draw never puts the teacher first
    _first, *others = line(offering)
    mine = next(one for one in others if one.job.person == cast.teacher.person)
    give(offering, cast.officer, [mine], override_reason=A_REASON)
    addresses = [reverse("offering", args=[offering.pk]), reverse("school_places", args=[cast.school.pk])]
    for user in (cast.officer, cast.institute):
        assert all(A_REASON in signed_in(user).get(url).content.decode() for url in addresses)
    for user in (cast.deputy, cast.director, cast.clerk):
        assert not any(A_REASON in signed_in(user).get(url).content.decode() for url in addresses)
    assert A_REASON not in signed_in(cast.teacher).get(addresses[0]).content.decode()
    assert mine.job.person.full_name in signed_in(cast.teacher).get(addresses[0]).content.decode()


def test_states_of_a_place_are_told_apart(cast, offering, open_seat):
    def state(**columns: Any) -> SeatState:
        return state_of(Seat(offering=offering, **columns), offering)

    job = job_of(cast.peer)
    assert state() == SeatState.TO_NAME
    assert state(employment=job) == SeatState.CONFIRMED
    assert state(employment=job, attended=True) == SeatState.ATTENDED
    assert state(employment=job, attended=False) == SeatState.ABSENT
    assert state(taken_back_at=timezone.now()) == SeatState.TAKEN_BACK
    offering.cancelled_at = timezone.now()
    assert state(employment=job) == SeatState.CANCELLED


def test_giving_thirty_places_takes_as_many_queries_as_giving_one(cast):
    for _ in range(31):
        factories.EmploymentFactory.create(institution=cast.other_school)

    def giving(count: int) -> int:
        offering = OfferingFactory.create(district=cast.district, entered_by=cast.officer.person, places=40)
        lines, officer = line(offering)[:count], again(cast.officer)
        with CaptureQueriesContext(connection) as captured:
            give_seats(offering=offering, by=officer, seen=1, chosen=marks(lines))
        return len(captured)

    assert giving(30) == giving(1)


def test_counting_up_by_hand_is_refused_by_the_database_itself(cast, offering):
    with pytest.raises(Exception, match="no_more_given_than_there_are"), transaction.atomic():
        Offering.objects.update(given=F("places") + 1)
