"""Pages of plans: who reads which text, drafts that go, meetings as people type them."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from plans.forms import MeetingForm, PlanItemForm
from schools import approval
from schools.choices import Action
from schools.models import Document, Meeting, User
from tests import factories

UNDECIDED = "Азырынча эч ким бекитпеген модуль"


def page(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def post(user: User, name: str, pk: int, **data: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse(name, args=[pk]), {"once": uuid.uuid4(), **data})


@pytest.fixture
def returned_change(amended, cast):
    """An approved plan whose yearly change was submitted and given back."""
    factories.complete(amended, rows=[factories.plan_row(amended, programme_title=UNDECIDED)])
    return factories.returned(factories.fresh(amended), reason="Сааттарды тактаңыз")


@pytest.mark.parametrize("who", ["officer", "institute"])
def test_from_outside_the_school_only_what_is_in_force_is_read(who: str, returned_change, cast) -> None:
    reader = getattr(cast, who)
    text = page(reader, returned_change.get_absolute_url())
    assert UNDECIDED not in text
    assert "Сааттарды тактаңыз" not in text
    assert "state-returned" not in text
    assert "state-returned" not in page(reader, reverse("plans"))
    assert "state-returned" not in page(reader, reverse("institution", args=[cast.school.pk]))
    assert f"/plans/{returned_change.pk}/versions/1/paper/" in text


@pytest.mark.parametrize("who", ["teacher", "deputy"])
def test_at_school_the_returned_text_and_its_reason_are_read(who: str, returned_change, cast) -> None:
    text = page(getattr(cast, who), returned_change.get_absolute_url())
    assert UNDECIDED in text
    assert "Сааттарды тактаңыз" in text


def test_the_reason_of_one_change_is_not_the_reason_of_the_next(amended, cast) -> None:
    Document.objects.filter(pk=amended.pk).update(change_note="Жаңы окуу китеби")
    factories.complete(amended, rows=[factories.plan_row(amended, programme_title=UNDECIDED)])
    Document.objects.filter(pk=amended.pk).update(change_note="Жаңы окуу китеби")
    second = factories.approved(factories.fresh(amended))
    approval.perform(second, Action.AMEND, by=cast.teacher, seen=second.revision)
    assert factories.fresh(second).change_note == ""


def test_a_draft_that_was_never_sent_can_be_deleted_and_its_years_are_free(draft, cast) -> None:
    post(cast.teacher, "plan_delete", draft.pk, seen=draft.revision)
    assert not Document.objects.filter(pk=draft.pk).exists()
    assert factories.individual_plan(cast.teacher).period == draft.period


def test_what_was_sent_once_is_never_deleted(submitted, cast) -> None:
    approval.perform(submitted, Action.WITHDRAW, by=cast.teacher, seen=submitted.revision)
    plan = factories.fresh(submitted)
    post(cast.teacher, "plan_delete", plan.pk, seen=plan.revision)
    assert factories.fresh(plan).rows.count() == 2


@pytest.mark.parametrize("typed", ["24", "24 саат", "24 с.", "24с", "24ч", "24 часа", " 24,0 "])
def test_hours_are_read_as_people_write_them(typed: str, cast) -> None:
    form = PlanItemForm({"uid": uuid.uuid4(), "hours": typed}, period=cast.plan.period)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["hours"] == 24


@pytest.mark.parametrize("typed", ["24-36", "абв", "0", "-5", "2001", "24,55", "4 сутка", "3 кредит"])
def test_what_is_no_number_of_hours_is_refused_beside_the_field(typed: str, cast) -> None:
    form = PlanItemForm({"uid": uuid.uuid4(), "hours": typed}, period=cast.plan.period)
    assert list(form.errors) == ["hours"]


def test_a_text_that_is_too_long_is_neither_cut_nor_saved(cast) -> None:
    form = PlanItemForm({"uid": uuid.uuid4(), "programme_title": "Ө" * 301}, period=cast.plan.period)
    assert list(form.errors) == ["programme_title"]
    assert "maxlength" not in str(form["programme_title"])
    assert "Ө" * 301 in str(form["programme_title"])


@pytest.mark.parametrize("typed", ["5", "№5", "№ 5", "N5", "Протокол № 5", "протокол №5"])
def test_papers_print_the_word_for_minutes_so_it_is_not_kept_twice(typed: str, submitted, cast) -> None:
    data = {f"plan{submitted.pk}-seen": submitted.revision, f"plan{submitted.pk}-verdict": "consider"}
    data |= {"minutes_number": typed, "held_on": today(), "present": [cast.head.person_id]}
    post(cast.head, "meeting_new", cast.association.pk, **data)
    assert Meeting.objects.get().minutes_number == "5"


@pytest.mark.parametrize("held_on", [dt.date(1026, 11, 20), dt.date(2999, 1, 1)])
def test_a_meeting_is_neither_long_ago_nor_still_to_come(held_on: dt.date, cast) -> None:
    form = MeetingForm({"minutes_number": "5", "held_on": held_on}, association=cast.association)
    assert "held_on" in form.errors


def test_a_refused_meeting_says_so_at_the_top(submitted, cast) -> None:
    answer = post(cast.head, "meeting_new", cast.association.pk)
    assert answer.status_code == 200
    assert "alert-danger" in answer.content.decode()


def test_a_meeting_sees_what_a_yearly_change_changes(amended, cast) -> None:
    factories.complete(amended, rows=[factories.plan_row(amended, programme_title=UNDECIDED)])
    factories.submitted(factories.fresh(amended))
    text = page(cast.head, reverse("meeting_new", args=[cast.association.pk]))
    assert "Бекитилген планга жылдык өзгөртүү" in text


def test_only_years_without_a_plan_are_offered(draft, cast) -> None:
    label = draft.period.label
    assert f'value="{label}"' not in page(cast.teacher, reverse("plan_start", args=["individual_plan"]))
    assert f'value="{label}"' in page(cast.colleague, reverse("plan_start", args=["individual_plan"]))


def test_a_number_no_plan_can_have_approves_nothing_and_stops_nothing(cast) -> None:
    plan = factories.considered(cast.plan)
    client = Client()
    client.force_login(factories.in_line(plan))
    ticks = [f"{2**70}:1", "-1:1", f"{plan.pk}:{plan.revision}"]
    answer = client.post(reverse("plans_approve"), {"once": uuid.uuid4(), "plan": ticks})
    assert answer.status_code == 302
    assert factories.fresh(plan).state == "approved"


def test_a_revision_no_plan_can_have_is_refused(cast) -> None:
    plan = factories.considered(cast.plan)
    client = Client()
    client.force_login(factories.in_line(plan))
    answer = client.post(reverse("plans_approve"), {"once": uuid.uuid4(), "plan": f"{plan.pk}:{2**70}"})
    assert answer.status_code == 302
    assert factories.fresh(plan).state == "considered"
