"""Sheets of lessons: kept as written by the two, sent twice they are one, and read by nobody else."""

import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from plans.mentoring.content import questions_of
from plans.models import LessonSheet
from schools.models import Mentorship, User
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
SAID = "Окуучулар топтордо жакшы иштешти."


@pytest.fixture
def pair(cast: Cast) -> Mentorship:
    """The head guides the teacher."""
    return factories.mentorship(cast.head, cast.teacher)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(pair: Mentorship, kind: str = "observation", seen: int = 0, **typed: Any) -> dict[str, Any]:
    """What the form of a sheet sends, with every question that a new one asks."""
    asked = questions_of(LessonSheet(mentorship=pair, kind=kind))
    answers = {f"answer-{question.pk}": "" for question in asked}
    return {"mentorship": pair.pk, "kind": kind, "seen": seen, "held_on": today()} | answers | typed


def send(user: User, uid: uuid.UUID, data: dict[str, Any], **headers: str) -> Any:
    return signed_in(user).post(reverse("lesson_sheet_edit", args=[uid]), data, headers=headers)


def send_by_itself(user: User, uid: uuid.UUID, data: dict[str, Any]) -> Any:
    """As the page's script does."""
    return send(user, uid, data, accept="application/json")


def begun(user: User, pair: Mentorship, kind: str = "observation", **typed: Any) -> LessonSheet:
    uid = uuid.uuid4()
    assert send(user, uid, body(pair, kind, **typed)).status_code == 302
    return LessonSheet.objects.get(uid=uid)


def read(user: User, name: str, *args: Any) -> HttpResponse:
    return signed_in(user).get(reverse(name, args=args))


def test_a_new_page_asks_the_questions_in_force_and_keeps_nothing(cast: Cast, pair: Mentorship) -> None:
    for kind, number in (("observation", 20), ("visit", 5), ("reflection", 13)):
        answer = read(cast.teacher, "lesson_sheet_new", pair.pk, kind)
        assert answer.status_code == 200
        assert answer.content.decode().count('name="answer-') == number
    assert not LessonSheet.objects.exists()


def test_what_was_typed_is_kept_with_every_question_that_was_asked(cast: Cast, pair: Mentorship) -> None:
    asked = questions_of(LessonSheet(mentorship=pair, kind="observation"))
    typed = {f"answer-{asked[0].pk}": SAID, "notes": "Бир.\r\nЭки.", "held_at": "09:30"}
    typed |= {"own-0-question": "Үй тапшырма кандай?", "own-0-answer": "Жеңил"}
    sheet = begun(cast.head, pair, **typed)
    assert (sheet.notes, f"{sheet.held_at:%H:%M}", sheet.made_by) == ("Бир.\nЭки.", "09:30", cast.head.person)
    texts = list(sheet.answers.values_list("question", "own_question", "text"))
    assert texts[0] == (asked[0].pk, "", SAID)
    assert texts[-1] == (None, "Үй тапшырма кандай?", "Жеңил")
    assert len(texts) == len(asked) + 1
    for name in ("lesson_sheet", "lesson_sheet_edit"):
        assert SAID in read(cast.teacher, name, sheet.uid).content.decode()
