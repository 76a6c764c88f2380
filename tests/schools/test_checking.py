"""The square on a paper: what its page tells, that nobody makes one up, and that it tells no more than the paper."""

import re
from dataclasses import astuple, fields
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from plans import actions
from plans.models import IndividualPlan
from plans.pdf import paper_of, plan_pdf
from schools import approval
from schools.checking import MARK, Told, seal_of, signs_of, told_by
from schools.choices import Action
from schools.models import DocumentVersion
from schools.models.documents import new_mark
from tests import factories
from tests.conftest import Cast
from tests.papers import read


def in_force(cast: Cast) -> DocumentVersion:
    version = factories.approved(cast.plan).in_force
    assert version is not None
    return version


def told(version: DocumentVersion) -> Told:
    found = told_by(str(version.mark))
    assert found is not None
    return found


def standing(found: Told) -> tuple[bool, bool, bool]:
    return found.is_in_force, found.is_later, found.is_given_up


def page(mark: str, **headers: str) -> Any:
    return Client().get(reverse("paper_check", args=[mark]), headers=headers)


def main_part(answer: Any) -> str:
    return answer.text.partition("<main")[2].partition("</main>")[0]


def test_the_page_says_what_was_approved_and_nothing_else(cast: Cast) -> None:
    version = in_force(cast)
    found = told(version)
    assert standing(found) == (True, False, False)
    assert (found.whose, found.institution) == (cast.teacher.person.full_name, cast.school.title_ky)
    assert found.days == cast.plan.period.label
    assert found.number == 1
    answer = page(str(version.mark))
    said = " ".join(re.sub(r"<[^>]+>", " ", main_part(answer)).split())
    values = [str(value) for value in astuple(found) if isinstance(value, str)]
    assert [value for value in values if value not in said] == []
    secret = (
        cast.teacher.username,
        cast.director.person.full_name,
        cast.deputy.person.full_name,
        cast.district.title_ky,
    )
    assert [name for name in secret if name in said] == []
    assert {field.name for field in fields(Told)} == {
        "kind", "whose", "institution", "days", "number", "state", "is_in_force", "is_later", "is_given_up",
        "decided_on", "signs",
    }  # fmt: skip


def test_the_next_version_takes_the_place_of_the_one_before_at_once(cast: Cast) -> None:
    first = in_force(cast)
    plan = factories.amended(IndividualPlan.objects.get(pk=cast.plan.pk))
    assert standing(told(first)) == (True, False, False), "a change that is only being written changes nothing"
    plan.change_note = "Курс кийинкиге жылды."
    plan = factories.complete(plan, rows=[factories.plan_row(plan, hours=Decimal(80))])
    actions.submit_plan(plan=plan, by=cast.teacher, seen=plan.revision)
    plan = IndividualPlan.objects.get(pk=plan.pk)
    second = plan.submitted_version
    assert standing(told(second)) == (False, False, False)
    assert standing(told(first)) == (True, False, False)
    while plan.in_force_id != second.pk:
        plan = factories.decided(plan)
    assert standing(told(first)) == (False, True, False)
    assert standing(told(second)) == (True, False, False)
    assert page(str(first.mark)).text != page(str(second.mark)).text


@pytest.mark.parametrize(
    ("state", "expected"),
    [("submitted", (False, False, False)), ("considered", (False, False, False)), ("returned", (False, False, True))],
)
def test_what_is_not_approved_is_not_in_force(cast: Cast, state: str, expected: tuple[bool, bool, bool]) -> None:
    plan = getattr(factories, state)(cast.plan)
    assert standing(told(plan.versions.get())) == expected


def test_a_paper_taken_back_by_its_author_is_not_valid(cast: Cast) -> None:
    plan = factories.submitted(cast.plan)
    version = plan.submitted_version
    approval.perform(plan, Action.WITHDRAW, by=cast.teacher, seen=plan.revision)
    assert standing(told(version)) == (False, False, True)


def test_nobody_makes_a_mark_up(cast: Cast) -> None:
    """128 bits of chance: each sign of a real one changed, numbers of rows, and what is no mark at all."""
    version = in_force(cast)
    real = str(version.mark)
    assert len(real) == 22
    made_up = {real[:place] + sign + real[place + 1 :] for place in range(len(real)) for sign in "A0_-é"} - {real}
    made_up |= {str(number) for number in range(200)} | {real[:-1], real + "A", real.swapcase(), "", "\x00" * 22}
    assert [mark for mark in made_up if told_by(mark)] == []
    assert told_by(real)


def test_marks_are_of_chance_alone() -> None:
    marks = {new_mark() for _one in range(1_000)}
    assert len(marks) == 1_000
    assert all(MARK.fullmatch(mark) for mark in marks)


def test_what_cannot_be_a_mark_costs_no_query(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert [told_by(mark) for mark in ("", "1", "x" * 5_000, "\x00" * 22, "а" * 22)] == [None] * 5


def test_unknown_and_mistyped_get_the_same_page_as_what_never_was(cast: Cast) -> None:
    real = str(in_force(cast).mark)
    answers = [page(mark) for mark in (real[:-1], "1", real[::-1], "a/b/c", new_mark())]
    assert {answer.status_code for answer in answers} == {404}
    assert len({main_part(answer) for answer in answers}) == 1, "around it stands a form with a token of its own"


def test_the_page_is_light_kept_by_nobody_and_asks_search_engines_to_stay_away(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    mark = str(in_force(cast).mark)
    with django_assert_max_num_queries(3):
        answer = page(mark)
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_another_key_of_the_site_knows_all_papers(cast: Cast, settings: Any) -> None:
    mark = str(in_force(cast).mark)
    settings.SECRET_KEY = "another key of the site, long enough to be one, and nothing of the former"
    assert told_by(mark) is not None


def test_a_version_that_the_program_before_made_has_no_square(cast: Cast) -> None:
    assert seal_of(None, "0" * 64) is None


def test_the_paper_carries_the_square_of_the_configured_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("schools.checking.qr_path", lambda text: asked.append(text) or ("M0 0h1v1h-1z", 21))
    version = in_force(cast)
    assert paper_of(cast.plan, version)["seal"].signs == signs_of(version.content_hash)
    assert asked == [f"{settings.SITE_URL}/p/{version.mark!s}/"]


def test_the_signs_are_printed_so_that_they_can_be_compared(cast: Cast) -> None:
    version = in_force(cast)
    plan = IndividualPlan.objects.get(pk=cast.plan.pk)
    assert signs_of(version.content_hash) in read(plan_pdf(plan, version)).text
    assert "seal" not in paper_of(plan, None) or paper_of(plan, None)["seal"] is None
