"""The pages of roles and of work handed over, as people click through them."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from schools.choices import Role, Work
from schools.delegations import handed_to
from schools.models import Delegation, RoleAssignment
from tests import factories
from tests.conftest import Cast
from tests.factories import again

TOMORROW = today() + dt.timedelta(days=1)


def page_of(client: Client, user, name: str, *numbers, **posted):
    client.force_login(user)
    url = reverse(name, args=numbers)
    return client.post(url, {"once": uuid.uuid4(), **posted}) if posted else client.get(url)


@pytest.mark.django_db
def test_a_director_makes_somebody_deputy(client, cast):
    form = page_of(client, cast.director, "role_new", cast.school.pk).context["form"]
    heads = {f"association_head:{one.pk}" for one in (cast.association, cast.other_association)}
    assert {value for value, _title in form.fields["post"].choices} == {"", "deputy_director", "clerk"} | heads
    posted = {"post": "deputy_director", "person": cast.peer.person_id, "starts_on": today()}
    answer = page_of(client, cast.director, "role_new", cast.school.pk, **posted)
    assert answer.url == reverse("school_roles", args=[cast.school.pk])
    assert again(cast.peer).scope.led == {cast.school.pk}


@pytest.mark.django_db
def test_a_head_is_made_for_the_association_that_was_chosen(client, cast):
    post = f"association_head:{cast.other_association.pk}"
    page_of(client, cast.deputy, "role_new", cast.school.pk, post=post, person=cast.peer.person_id, starts_on=today())
    assert again(cast.peer).scope.associations == {cast.other_association.pk}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("post", "director"),
        ("post", "administrator"),
        ("post", "association_head:0"),
        ("person", "stranger"),
        ("person", "99999999999999999999"),
        ("starts_on", "2024-02-30"),
        ("starts_on", "1999-01-01"),
        ("starts_on", "9999-12-31"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_given(column, typed, client, cast):
    before = RoleAssignment.objects.count()
    typed = cast.stranger.person_id if typed == "stranger" else typed
    posted = {"post": "clerk", "person": cast.peer.person_id, "starts_on": today()} | {column: typed}
    answer = page_of(client, cast.deputy, "role_new", cast.school.pk, **posted)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [column]
    assert RoleAssignment.objects.count() == before


@pytest.mark.django_db
def test_the_last_leader_is_ended_only_with_the_tick(client, cast):
    RoleAssignment.objects.filter(role=Role.DEPUTY_DIRECTOR).delete()
    held = RoleAssignment.objects.get(person=cast.director.person)
    answer = page_of(client, cast.officer, "role_end", held.pk)
    assert "leaves_nobody" in answer.context["form"].fields
    answer = page_of(client, cast.officer, "role_end", held.pk, last_day=today())
    assert answer.context["form"].non_field_errors()
    held.refresh_from_db()
    assert held.ends_on is None
    page_of(client, cast.officer, "role_end", held.pk, last_day=today(), leaves_nobody="on")
    held.refresh_from_db()
    assert held.ends_on == today()


@pytest.mark.django_db
def test_a_role_ends_at_once_without_a_day(client, cast):
    held = RoleAssignment.objects.get(person=cast.clerk.person)
    assert "leaves_nobody" not in page_of(client, cast.deputy, "role_end", held.pk).context["form"].fields
    assert page_of(client, cast.deputy, "role_end", held.pk, last_day="").context["form"].errors["last_day"]
    page_of(client, cast.deputy, "role_end", held.pk, last_day="", at_once="on")
    assert again(cast.clerk).scope.served == frozenset()


@pytest.mark.django_db
def test_a_deputy_hands_over_two_parts_and_takes_one_back(client, cast):
    days = {"starts_on": today(), "ends_on": TOMORROW}
    works = [Work.PLANS, Work.ACCOUNTS]
    posted = {"taker": cast.clerk.person_id, "works": works} | days
    page_of(client, cast.deputy, "delegation_new", cast.school.pk, **posted)
    assert set(again(cast.clerk).scope.delegated) == set(works)
    assert len(handed_to(again(cast.clerk))) == 2
    page = page_of(client, cast.deputy, "school_roles", cast.school.pk)
    assert [line.can_end for line in page.context["delegations"]] == [True, True]
    page_of(client, cast.deputy, "delegation_end", Delegation.objects.get(work=Work.PLANS).pk, sure="1")
    assert set(again(cast.clerk).scope.delegated) == {Work.ACCOUNTS}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("taker", "stranger"),
        ("works", []),
        ("works", ["everything"]),
        ("ends_on", ""),
        ("ends_on", today() - dt.timedelta(days=1)),
        ("starts_on", TOMORROW + dt.timedelta(days=1)),
    ],
)
def test_a_handing_over_that_cannot_be_is_told_beside_its_field(column, typed, client, cast):
    typed = cast.stranger.person_id if typed == "stranger" else typed
    posted = {"taker": cast.clerk.person_id, "works": ["plans"], "starts_on": today(), "ends_on": TOMORROW}
    answer = page_of(client, cast.deputy, "delegation_new", cast.school.pk, **posted | {column: typed})
    wrong = "ends_on" if column == "starts_on" else column
    assert list(answer.context["form"].errors) == [wrong]
    assert not Delegation.objects.exists()


@pytest.mark.django_db
def test_a_teacher_gives_the_work_back_and_comes_home(client, cast):
    handed = Delegation.objects.create(
        institution=cast.school,
        giver=cast.deputy.person,
        taker=cast.peer.person,
        work=Work.ACCOUNTS,
        ends_on=today(),
    )
    assert page_of(client, cast.peer, "school_accounts", cast.school.pk).status_code == 200
    assert page_of(client, cast.peer, "institution", cast.school.pk).status_code == 404
    answer = page_of(client, cast.peer, "delegation_end", handed.pk, sure="1")
    assert answer.url == reverse("home")
    assert page_of(client, cast.peer, "school_accounts", cast.school.pk).status_code == 404


@pytest.mark.django_db
def test_whom_the_schedule_was_handed_to_begins_it_and_opens_it(client, cast):
    Delegation.objects.create(
        institution=cast.school,
        giver=cast.deputy.person,
        taker=cast.peer.person,
        work=Work.SCHEDULES,
        ends_on=today(),
    )
    year = factories.next_school_year()
    answer = page_of(client, cast.peer, "schedule_start", institution=cast.school.pk, year=year)
    assert answer.status_code == 302
    assert client.get(answer.url, follow=True).status_code == 200
    assert page_of(client, cast.peer, "schedules").status_code == 200
    assert page_of(client, cast.peer, "school_calendar", cast.school.pk).status_code == 404


@pytest.mark.django_db
def test_the_district_s_list_tells_who_is_led_by_nobody(client, cast: Cast):
    factories.InstitutionFactory(district=cast.district, title_ky="Жетекчиси жок мектеп")
    page = page_of(client, cast.officer, "district_roles", cast.district.pk).context["page"]
    assert [school.leaders for school in page] == [0, 1, 3]
