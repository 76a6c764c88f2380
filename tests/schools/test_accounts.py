"""Accounts of a school and of a district's leaders: what the lists say, and what can be done with one account."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.accounts import Standing, in_care_of, people_of, propose_usernames, standing, standing_of, with_standing
from schools.choices import Event, Role
from schools.invitations import make_invitations
from schools.models import AuditEntry, Invitation, Person, RoleAssignment, User
from tests import factories
from tests.conftest import Cast
from tests.factories import PASSWORD


def signed_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert client.get(reverse("home")).status_code == 200
    return client


def act(name: str, who: User, whom: User | Person, cast: Cast) -> Any:
    client = Client()
    client.force_login(who)
    person = whom.person_id if isinstance(whom, User) else whom.pk
    return client.post(reverse(name, args=[cast.school.pk, person]), {"once": uuid.uuid4()}, follow=True)


def shown(client: Client, name: str, pk: int, query: str = "") -> Any:
    return client.get(reverse(name, args=[pk]) + query).context


# Lists ------------------------------------------------------------------------------------------------------------


def test_each_person_stands_in_one_of_four_ways(cast: Cast) -> None:
    invited, without = (factories.EmploymentFactory(institution=cast.school).person for _ in range(2))
    make_invitations([invited], by=cast.deputy, institution=cast.school)
    User.objects.filter(pk=cast.peer.pk).update(is_active=False)
    expected = {
        invited: Standing.INVITED,
        without: Standing.NONE,
        cast.peer.person: Standing.CLOSED,
        cast.teacher.person: Standing.ACCOUNT,
    }
    people = with_standing(people_of(cast.school))
    assert {person: standing_of(person) for person in people if person in expected} == expected
    for person, how in expected.items():
        assert person in standing(people_of(cast.school), how)
    found = [set(standing(people_of(cast.school), how)) for how in Standing]
    assert sum(map(len, found)) == people.count()


def test_a_slip_that_ran_out_is_no_invitation(cast: Cast) -> None:
    person = factories.EmploymentFactory(institution=cast.school).person
    make_invitations([person], by=cast.deputy, institution=cast.school)
    Invitation.objects.update(expires_at=timezone.now())
    assert standing_of(with_standing(people_of(cast.school)).get(pk=person.pk)) == Standing.NONE
    make_invitations([person], by=cast.deputy, institution=cast.school)
    assert standing_of(with_standing(people_of(cast.school)).get(pk=person.pk)) == Standing.INVITED


def test_the_list_of_a_school_holds_its_people_and_nobody_merged_or_nameless(cast: Cast) -> None:
    Person.objects.filter(pk=cast.peer.person_id).update(merged_into=cast.teacher.person_id)
    client = Client()
    client.force_login(cast.deputy)
    lines = shown(client, "school_accounts", cast.school.pk)["lines"]
    listed = {line["person"].pk for line in lines}
    here = ("teacher", "colleague", "head", "other_head", "deputy", "second_deputy", "director", "clerk")
    assert listed == {getattr(cast, name).person_id for name in here}


def test_the_list_is_narrowed_by_name_and_standing(cast: Cast) -> None:
    User.objects.filter(pk=cast.peer.pk).update(is_active=False)
    client = Client()
    client.force_login(cast.deputy)
    closed = shown(client, "school_accounts", cast.school.pk, "?standing=closed")["lines"]
    assert [line["person"] for line in closed] == [cast.peer.person]
    named = shown(client, "school_accounts", cast.school.pk, "?name=омуралиева")["lines"]
    assert [line["person"] for line in named] == [cast.teacher.person]


def test_only_who_is_in_ones_care_can_be_ticked(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.deputy)
    page = client.get(reverse("school_accounts", args=[cast.school.pk])).content.decode()
    assert f'value="{cast.teacher.person_id}"' in page
    assert f'value="{cast.director.person_id}"' not in page


def test_a_district_sees_first_the_schools_that_no_leader_reaches(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.officer)
    User.objects.filter(pk=cast.other_director.pk).update(is_active=False)
    schools = shown(client, "district_accounts", cast.district.pk)["schools"]
    assert [one["institution"] for one in schools] == [cast.other_school, cast.school]
    assert [line["person"] for line in schools[0]["leaders"]] == [cast.other_director.person]
    assert {line["role"].role for line in schools[1]["leaders"]} == {Role.DIRECTOR, Role.DEPUTY_DIRECTOR}


def test_a_district_invites_leaders_in_its_own_name(cast: Cast) -> None:
    person = factories.PersonFactory()
    factories.RoleFactory(person=person, role=Role.DIRECTOR, institution=cast.other_school)
    client = Client()
    client.force_login(cast.officer)
    data = {"once": uuid.uuid4(), "everybody": "1"}
    client.post(reverse("district_invitations_make", args=[cast.district.pk]), data)
    [slip] = Invitation.objects.all()
    assert (slip.person, slip.institution) == (person, None)
    assert client.get(reverse("district_slips", args=[cast.district.pk])).headers["Content-Type"] == "application/pdf"


def tick(name: str, who: User, pk: int, *people: object) -> Any:
    client = Client()
    client.force_login(who)
    return client.post(reverse(name, args=[pk]), {"once": uuid.uuid4(), "person": people}, follow=True)


@pytest.mark.parametrize("typed", ["9" * 5000, "9" * 20, "-1", "²", "1a", ""])
@pytest.mark.parametrize("name", ["invitations_make", "invitation_slips"])
def test_a_key_that_no_row_can_have_is_nobody(name: str, typed: str, cast: Cast) -> None:
    answer = tick(name, cast.deputy, cast.school.pk, typed)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not Invitation.objects.exists()


def test_a_long_key_in_an_address_is_nobody(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.deputy)
    answer = client.get(reverse("invitation_slips", args=[cast.school.pk]), {"person": "9" * 4400})
    assert answer.headers["Location"] == reverse("school_accounts", args=[cast.school.pk])


@pytest.mark.parametrize("name", ["invitation_slips", "district_slips"])
def test_the_address_of_slips_names_the_people_ticked_and_no_secret_of_the_form(name: str, cast: Cast) -> None:
    people = [cast.director.person, cast.deputy.person]
    make_invitations(people, by=cast.officer, institution=None)
    place = cast.school if name == "invitation_slips" else cast.district
    answer = tick(name, cast.officer, place.pk, people[0].pk, "1" * 30)
    assert answer.redirect_chain == [(f"{reverse(name, args=[place.pk])}?person={people[0].pk}", 302)]
    assert answer.headers["Content-Type"] == "application/pdf"
    nobody = tick(name, cast.officer, place.pk)
    assert [message.level_tag for message in nobody.context["messages"]] == ["error"]


def test_no_button_of_the_lists_sends_its_form_by_address(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.officer)
    for name, pk in (("school_accounts", cast.school.pk), ("district_accounts", cast.district.pk)):
        assert "formmethod" not in client.get(reverse(name, args=[pk])).content.decode()


# One account ------------------------------------------------------------------------------------------------------


def test_a_closed_account_is_out_at_its_next_click(cast: Cast) -> None:
    phone = signed_in(cast.teacher)
    act("account_close", cast.deputy, cast.teacher, cast)
    assert phone.get(reverse("home")).status_code == 302
    assert not User.objects.get(pk=cast.teacher.pk).is_active
    act("account_open", cast.deputy, cast.teacher, cast)
    signed_in(cast.teacher)
    events = AuditEntry.objects.filter(subject=cast.teacher.person, by=cast.deputy.person).order_by("pk")
    assert [entry.event for entry in events if entry.event != Event.SIGNED_IN][-2:] == [
        Event.ACCOUNT_CLOSED,
        Event.ACCOUNT_OPENED,
    ]


@pytest.mark.parametrize("name", ["account_close", "account_open", "account_factor_remove", "invitation_revoke"])
def test_nobody_touches_the_account_of_somebody_above(name: str, cast: Cast) -> None:
    make_invitations([cast.director.person], by=cast.officer, institution=None)
    assert act(name, cast.deputy, cast.director, cast).status_code == 403
    assert User.objects.get(pk=cast.director.pk).is_active
    assert Invitation.objects.open().filter(person=cast.director.person).exists()


def test_closing_twice_is_told(cast: Cast) -> None:
    act("account_close", cast.deputy, cast.teacher, cast)
    again = act("account_close", cast.director, cast.teacher, cast)
    assert [message.level_tag for message in again.context["messages"]] == ["error"]


def test_a_person_of_another_school_is_not_found(cast: Cast) -> None:
    assert act("account_close", cast.deputy, cast.stranger, cast).status_code == 404


def test_a_role_that_ends_ends_the_care_at_once(cast: Cast) -> None:
    RoleAssignment.objects.filter(person=cast.deputy.person).delete()
    assert act("account_close", cast.deputy, cast.teacher, cast).status_code == 404
    assert User.objects.get(pk=cast.teacher.pk).is_active


# Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "given", "name"),
    [
        ("Өмүралиева", "Айнагүл", "omuralieva.a"),
        ("Жээнбаева", "Гүлзат", "jeenbaeva.g"),
        ("Щукина-Ёлкина", "Юлия", "schukinaelkina.i"),
        ("Чоң уулу", "Ысык", "chonuulu.y"),
        ("Ҳакимов", "Ўктам", "hakimov.u"),
        ("王", "", "user"),
    ],
)
def test_a_name_is_proposed_in_latin_letters(family: str, given: str, name: str, db: None) -> None:
    person = Person(pk=1, family_name=family, given_name=given)
    assert propose_usernames([person]) == {1: name}


def test_two_people_of_one_name_get_two_names(cast: Cast) -> None:
    people = [factories.PersonFactory(family_name="Асанова", given_name="Айнура") for _ in range(3)]
    User.objects.filter(pk=cast.peer.pk).update(username="Asanova.A2")
    assert list(propose_usernames(people).values()) == ["asanova.a", "asanova.a3", "asanova.a4"]


def test_nobody_keeps_their_own_account_here(cast: Cast) -> None:
    assert cast.administrator.person not in in_care_of(cast.administrator, cast.school)
    factories.EmploymentFactory(person=cast.administrator.person, institution=cast.school)
    assert cast.administrator.person not in in_care_of(cast.administrator, cast.school)
