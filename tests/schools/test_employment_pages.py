"""One employment on one page: what is shown to whom, and its forms."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from schools.choices import EndReason, Event, LeaveKind
from schools.models import AuditEntry, Employment, Leave, NameChange, Person, User
from tests import factories
from tests.conftest import Cast
from tests.factories import job_of

DAY = dt.timedelta(days=1)
NUMBER = "11203198500123"
BORN = dt.date(1985, 3, 12)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, employment: Employment) -> str:
    return client_of(user).get(reverse("employment", args=[employment.pk])).content.decode()


def send(user: User, name: str, pk: int, **typed: Any) -> Any:
    return client_of(user).post(reverse(name, args=[pk]), {"once": uuid.uuid4()} | typed)


@pytest.fixture
def numbered(cast: Cast) -> Employment:
    Person.objects.filter(pk=cast.teacher.person_id).update(personal_number=NUMBER, born_on=BORN)
    return job_of(cast.teacher)


def test_number_is_shown_to_the_school_and_the_person_alone(numbered: Employment, cast: Cast) -> None:
    for user in (cast.teacher, cast.deputy, cast.director, cast.clerk):
        assert NUMBER in page(user, numbered)
    for user in (cast.officer, cast.administrator):
        assert NUMBER not in page(user, numbered)


def test_the_school_that_somebody_left_sees_the_number_no_more(numbered: Employment, cast: Cast) -> None:
    Employment.objects.filter(pk=numbered.pk).update(ends_on=today() - DAY, end_reason=EndReason.LEFT)
    shown = page(cast.deputy, numbered)
    assert cast.teacher.person.full_name in shown
    assert NUMBER not in shown


def test_why_somebody_is_away_is_the_school_s_to_know(cast: Cast) -> None:
    job = job_of(cast.teacher)
    Leave.objects.create(employment=job, kind=LeaveKind.MILITARY, entered_by=cast.clerk.person)
    word = str(LeaveKind.MILITARY.label)
    for user in (cast.teacher, cast.clerk):
        assert word in page(user, job)
    for user in (cast.officer, cast.administrator):
        assert word not in page(user, job)


def test_whether_somebody_is_a_young_specialist_is_read_where_it_is_kept(cast: Cast) -> None:
    job = job_of(cast.teacher)
    for said, word in ((None, "иштеген алгачкы жылдары боюнча"), (True, "ооба"), (False, "жок")):
        Employment.objects.filter(pk=job.pk).update(is_young_specialist=said)
        shown = " ".join(page(cast.clerk, job).split())
        assert f"<dt>Жаш адис</dt> <dd> {word} </dd>" in shown
    Employment.objects.filter(pk=job.pk).update(is_teaching=False)
    assert "Жаш адис</dt>" not in page(cast.clerk, job)


def test_the_last_day_is_entered_after_what_hangs_on_it_was_told(cast: Cast) -> None:
    job = job_of(cast.head)
    asked = client_of(cast.deputy).get(reverse("employment_end", args=[job.pk])).content.decode()
    assert cast.association.title_ky in asked
    assert send(cast.deputy, "employment_end", job.pk, ends_on=today(), reason="retired").status_code == 302
    job.refresh_from_db()
    assert (job.ends_on, job.end_reason) == (today(), EndReason.RETIRED)


@pytest.mark.parametrize("name", ["person_edit", "name_change", "employment_edit", "employment_end", "transfer_new"])
def test_whoever_opens_a_form_about_a_person_is_in_the_journal(name: str, numbered: Employment, cast: Cast) -> None:
    pk = numbered.person_id if name in ("person_edit", "name_change") else numbered.pk
    assert client_of(cast.clerk).get(reverse(name, args=[pk])).status_code == 200
    entry = AuditEntry.objects.get(event=Event.SAW_PERSON)
    assert (entry.by, entry.subject, entry.institution) == (cast.clerk.person, cast.teacher.person, cast.school)


def test_a_clerk_changes_the_post_of_a_leader_and_not_the_days(cast: Cast) -> None:
    job = job_of(cast.director)
    typed = {"position": "мектептин директору", "starts_on": today(), "ends_on": today()}
    assert send(cast.clerk, "employment_edit", job.pk, **typed).status_code == 302
    changed = job_of(cast.director)
    assert (changed.position, changed.starts_on, changed.ends_on) == ("мектептин директору", job.starts_on, None)


def test_a_leader_s_ending_is_not_the_clerk_s_to_take_back(cast: Cast) -> None:
    job = job_of(cast.director)
    send(cast.deputy, "employment_end", job.pk, ends_on=today(), reason="retired")
    assert reverse("employment_take_back", args=[job.pk]) not in page(cast.clerk, job)
    assert send(cast.clerk, "employment_take_back", job.pk).status_code == 403
    assert reverse("employment_take_back", args=[job.pk]) in page(cast.deputy, job)


def test_an_employment_that_has_ended_offers_no_leave(cast: Cast) -> None:
    job, offered = job_of(cast.peer), reverse("leave_new", args=[job_of(cast.peer).pk])
    for last_day, is_offered in ((today(), True), (today() - DAY, False)):
        Employment.objects.filter(pk=job.pk).update(ends_on=last_day, end_reason=EndReason.LEFT)
        assert (offered in page(cast.clerk, job)) is is_offered


def test_nobody_dies_on_a_day_to_come(cast: Cast) -> None:
    answer = send(cast.deputy, "employment_end", job_of(cast.peer).pk, ends_on=today() + DAY, reason="died")
    assert list(answer.context["form"].errors) == ["ends_on"]
    assert job_of(cast.peer).ends_on is None


def test_the_pages_about_an_ending_hold_no_exclamation_mark(cast: Cast) -> None:
    job = job_of(cast.peer)
    content = client_of(cast.deputy).get(reverse("employment_end", args=[job.pk])).content.decode()
    assert "!" not in content.split("<main")[1].split("</main>")[0]


def test_a_move_is_no_reason_that_is_typed(cast: Cast) -> None:
    answer = send(cast.deputy, "employment_end", job_of(cast.peer).pk, ends_on=today(), reason="transferred")
    assert list(answer.context["form"].errors) == ["reason"]


def test_an_ending_is_taken_back_from_the_page(cast: Cast) -> None:
    job = job_of(cast.peer)
    send(cast.deputy, "employment_end", job.pk, ends_on=today() - DAY, reason="left")
    assert reverse("employment_take_back", args=[job.pk]) in page(cast.clerk, job)
    assert send(cast.clerk, "employment_take_back", job.pk).status_code == 302
    job.refresh_from_db()
    assert job.ends_on is None
    assert reverse("employment_take_back", args=[job.pk]) not in page(cast.clerk, job)


def test_what_is_refused_stands_in_the_form_with_what_was_typed(cast: Cast) -> None:
    job = job_of(cast.peer)
    Leave.objects.create(employment=job, kind=LeaveKind.STUDY, entered_by=cast.clerk.person)
    typed = {"kind": "illness", "starts_on": today(), "ends_on": today() + DAY, "order_number": "№ 7"}
    answer = send(cast.clerk, "leave_new", job.pk, **typed)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert 'value="№ 7"' in answer.content.decode()
    assert Leave.objects.count() == 1


def test_a_leave_gets_its_end_and_one_entered_twice_is_removed(cast: Cast) -> None:
    leave = Leave.objects.create(employment=job_of(cast.peer), kind=LeaveKind.STUDY, entered_by=cast.clerk.person)
    send(cast.clerk, "leave_edit", leave.pk, kind="study", starts_on=today(), ends_on=today() + 5 * DAY)
    leave.refresh_from_db()
    assert leave.ends_on == today() + 5 * DAY
    assert send(cast.clerk, "leave_remove", leave.pk).status_code == 302
    assert not Leave.objects.exists()


def test_a_form_without_a_last_day_does_not_ask_for_one(cast: Cast) -> None:
    shown = client_of(cast.clerk).get(reverse("employment_edit", args=[job_of(cast.peer).pk])).content.decode()
    assert 'name="starts_on"' in shown
    assert 'name="ends_on"' not in shown


def test_an_association_of_another_school_is_no_choice(cast: Cast) -> None:
    job = job_of(cast.peer)
    typed = {"position": "мугалим", "starts_on": job.starts_on, "association": cast.strange_association.pk}
    answer = send(cast.clerk, "employment_edit", job.pk, **typed)
    assert list(answer.context["form"].errors) == ["association"]


def test_another_person_s_number_is_told_beside_the_field(numbered: Employment, cast: Cast) -> None:
    answer = send(cast.clerk, "person_edit", cast.peer.person_id, category="none", personal_number=NUMBER)
    assert list(answer.context["form"].errors) == ["personal_number"]


def test_a_name_is_changed_or_put_right(cast: Cast) -> None:
    typed = {"family_name": "Маматова", "given_name": "Айнагүл", "fathers_name": ""}
    pk = cast.teacher.person_id
    answer = send(cast.clerk, "name_change", pk, why="changed", **typed)
    assert list(answer.context["form"].errors) == ["since"]
    assert send(cast.clerk, "name_change", pk, why="changed", since=today(), **typed).status_code == 302
    assert NameChange.objects.get().family_name == "Өмүралиева"
    assert "Өмүралиева" in page(cast.clerk, job_of(cast.teacher))
    send(cast.clerk, "name_change", pk, why="wrong", **typed | {"given_name": "АЙНАГУЛ"})
    assert Person.objects.get(pk=pk).given_name == "Айнагул"
    assert NameChange.objects.count() == 1


def test_the_main_job_is_handed_over_from_the_page(cast: Cast) -> None:
    job = job_of(cast.teacher)
    second = factories.EmploymentFactory(person=cast.teacher.person, institution=cast.far_school, is_main=False)
    assert reverse("employment_main", args=[second.pk]) in page(cast.clerk, job)
    assert send(cast.clerk, "employment_main", second.pk).url == reverse("employment", args=[job.pk])
    second.refresh_from_db()
    assert second.is_main


def test_somebody_who_is_to_come_can_be_kept_before_the_first_day(cast: Cast) -> None:
    coming = factories.EmploymentFactory(institution=cast.school, starts_on=today() + 9 * DAY)
    assert send(cast.clerk, "person_edit", coming.person_id, category="none", education="жогорку").status_code == 302
    coming.person.refresh_from_db()
    assert coming.person.education == "жогорку"
