"""Pages that a phone keeps: which they are, whose they are, and that nobody sends under another one's name."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cpd.offline import ACCOUNT, KEPT
from plans.models import LessonSheet
from schools.models import Mentorship
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast: Cast) -> Mentorship:
    return factories.mentorship(cast.head, cast.teacher)


@pytest.fixture
def mentor(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.head)
    return client


def body(pair: Mentorship) -> dict[str, Any]:
    return {"mentorship": pair.pk, "kind": "observation", "seen": 0, "held_on": "2026-09-01", "notes": "Сабак"}


def test_pages_of_sheets_are_kept_and_others_are_not(cast: Cast, pair: Mentorship, mentor: Client) -> None:
    sheet = LessonSheet.objects.create(
        mentorship=pair, kind="observation", made_by=cast.head.person, changed_by=cast.head.person
    )
    kept = [
        reverse("my_mentoring"),
        reverse("lesson_sheet_new", args=[pair.pk, "visit"]),
        reverse("lesson_sheet_edit", args=[sheet.uid]),
    ]
    assert all(KEPT in mentor.get(address).headers for address in kept)
    others = [reverse("home"), reverse("plans"), reverse("account_logout"), sheet.get_absolute_url()]
    assert not any(KEPT in mentor.get(address).headers for address in others)


def test_a_form_that_comes_back_for_correction_is_not_kept(pair: Mentorship, mentor: Client) -> None:
    answer = mentor.post(reverse("lesson_sheet_edit", args=[uuid.uuid4()]), body(pair) | {"held_on": ""})
    assert answer.status_code == 422
    assert KEPT not in answer.headers


def test_every_answer_names_the_account_it_was_made_for(cast: Cast, mentor: Client) -> None:
    assert mentor.get(reverse("home")).headers[ACCOUNT] == str(cast.head.pk)
    assert mentor.get("/nothing-there/").headers[ACCOUNT] == str(cast.head.pk)
    assert Client().get(reverse("account_login")).headers[ACCOUNT] == "0"
    assert mentor.post(reverse("account_logout")).headers[ACCOUNT] == "0"


def test_what_was_typed_under_another_account_is_refused(cast: Cast, pair: Mentorship, mentor: Client) -> None:
    address = reverse("lesson_sheet_edit", args=[uuid.uuid4()])
    said = {"accept": "application/json", ACCOUNT: str(cast.teacher.pk)}
    assert mentor.post(address, body(pair), headers=said).status_code == 401
    assert not LessonSheet.objects.exists()
    said[ACCOUNT] = str(cast.head.pk)
    assert mentor.post(address, body(pair), headers=said).json() == {"seen": 1}


def test_the_script_beneath_the_pages_is_asked_for_anew_each_time() -> None:
    answer = Client().get(reverse("service_worker"))
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b"addEventListener" in answer.content
    unchanged = Client().get(reverse("service_worker"), headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304
