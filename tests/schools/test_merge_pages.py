"""The pages on people entered twice: finding, looking at both, merging, undoing."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from schools.choices import Event
from schools.models import AuditEntry, Employment, Merge, Person
from tests import factories
from tests.conftest import Cast

BORN_ON = dt.date(1980, 5, 17)


def page_of(client: Client, user, name: str, *numbers, **posted):
    client.force_login(user)
    url = reverse(name, args=numbers)
    return client.post(url, {"once": uuid.uuid4(), **posted}) if posted else client.get(url)


@pytest.fixture
def twin(cast: Cast) -> Person:
    """The teacher once more, with an account and a personal number."""
    person = cast.teacher.person
    Person.objects.filter(pk=person.pk).update(born_on=BORN_ON)
    names = {name: getattr(person, name) for name in ("family_name", "given_name", "fathers_name")}
    found = factories.PersonFactory(**names, born_on=BORN_ON, personal_number="11203198500123")
    factories.EmploymentFactory(person=found, institution=cast.school)
    factories.UserFactory(person=found, username="экинчи")
    return found


@pytest.mark.django_db
def test_a_deputy_finds_merges_and_undoes(twin, client, cast):
    teacher = cast.teacher.person_id
    pairs = page_of(client, cast.deputy, "twins").context["pairs"]
    assert [(one[0].pk, other[0].pk, is_alike) for one, other, is_alike in pairs] == [(teacher, twin.pk, True)]
    page = page_of(client, cast.deputy, "merge_check", teacher, twin.pk)
    assert "экинчи" in page.text
    answer = page_of(client, cast.deputy, "merge_check", teacher, twin.pk, reason="Эки жолу киргизилген.")
    assert answer.url == reverse("merges")
    assert page_of(client, cast.deputy, "twins").context["pairs"] == []
    done = Merge.objects.get()
    assert page_of(client, cast.deputy, "merge_check", teacher, twin.pk).status_code == 404
    page_of(client, cast.deputy, "merge_undo", done.pk, sure="1")
    twin.refresh_from_db()
    assert twin.merged_into is None
    assert cast.deputy.person.full_name in page_of(client, cast.deputy, "merges").text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["twins", "merge_check"])
def test_numbers_and_days_of_birth_are_on_no_page(name, twin, client, cast):
    numbers = [cast.teacher.person_id, twin.pk] if name == "merge_check" else []
    text = page_of(client, cast.officer, name, *numbers).text
    assert twin.family_name in text
    assert twin.personal_number not in text
    assert "1980" not in text


@pytest.mark.django_db
def test_whoever_looks_at_two_records_is_in_the_journal_with_both(twin, client, cast):
    page_of(client, cast.deputy, "merge_check", cast.teacher.person_id, twin.pk)
    seen = AuditEntry.objects.filter(event=Event.SAW_PERSON, by=cast.deputy.person, institution=cast.school)
    assert set(seen.values_list("subject", flat=True)) == {cast.teacher.person_id, twin.pk}


@pytest.mark.django_db
def test_what_stands_in_the_way_is_told_and_there_is_no_button(twin, client, cast):
    Person.objects.filter(pk=cast.teacher.person_id).update(personal_number="11203198500124")
    page = page_of(client, cast.deputy, "merge_check", cast.teacher.person_id, twin.pk)
    assert len(page.context["preview"].hindrances) == 1
    assert 'name="reason"' not in page.text
    answer = page_of(client, cast.deputy, "merge_check", cast.teacher.person_id, twin.pk, reason="Баары бир.")
    assert answer.status_code == 200
    assert not Merge.objects.exists()


@pytest.mark.django_db
def test_two_names_are_merged_only_with_the_tick_and_the_typed_reason_stays(twin, client, cast):
    Person.objects.filter(pk=twin.pk).update(family_name="Башкабаева")
    numbers = (cast.teacher.person_id, twin.pk)
    answer = page_of(client, cast.deputy, "merge_check", *numbers, reason="Турмушка чыккан.")
    assert list(answer.context["form"].errors) == ["is_one"]
    assert "Турмушка чыккан." in answer.text
    page_of(client, cast.deputy, "merge_check", *numbers, reason="Турмушка чыккан.", is_one="on")
    assert Merge.objects.get().gone == twin


@pytest.mark.django_db
def test_a_reason_that_is_too_long_is_told(twin, client, cast):
    answer = page_of(client, cast.deputy, "merge_check", cast.teacher.person_id, twin.pk, reason="а" * 301)
    assert list(answer.context["form"].errors) == ["reason"]


@pytest.mark.django_db
def test_a_person_is_not_merged_with_themselves_nor_with_one_out_of_reach(twin, client, cast):
    assert page_of(client, cast.deputy, "merge_check", twin.pk, twin.pk).status_code == 404
    assert page_of(client, cast.deputy, "merge_check", twin.pk, cast.stranger.person_id).status_code == 404
    Employment.objects.filter(person=twin).update(institution=cast.other_school)
    assert page_of(client, cast.deputy, "merge_check", cast.teacher.person_id, twin.pk).status_code == 404
    assert page_of(client, cast.officer, "merge_check", cast.teacher.person_id, twin.pk).status_code == 200
