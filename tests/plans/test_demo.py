"""The demo district: loads once, holds every state, and names nobody real."""

import hashlib
import io
import json
import random
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import override_settings

from cpd import press
from plans.choices import Executor, LearningMethod
from plans.content import content_of
from plans.demo import build, people
from plans.models import AnnualPlan, IndividualPlan, InductionPlan
from schools.choices import Action, DocumentKind, InstitutionKind, Role, State
from schools.invariants import CHECKS
from schools.models import (
    Decision,
    Document,
    DocumentVersion,
    Employment,
    Institution,
    Meeting,
    MethodicalAssociation,
    Person,
    RoleAssignment,
    User,
)
from tests import factories, uploads
from tests.papers import foreign_markup
from tests.web import poison

pytestmark = pytest.mark.django_db

DAY = "2025-10-15"
SCHOOLS = Institution.objects.filter(kind=InstitutionKind.SCHOOL)
TABLES = (Institution, Person, User, Employment, RoleAssignment, Document, DocumentVersion, Decision, Meeting)
SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds"

# The stems of real people's and schools' names in the sources, as hashes, so that they stand nowhere in this project.
REAL_STEMS = {
    "930f6e6b19fd519d",
    "720e5fc06378ef39",
    "3a263f902da516f1",
    "5c5539671df5f261",
    "1812d9309e0a196e",
    "7e3e4bc64534ba2e",
    "bca5d75002196a3c",
    "c5df813983fd6b65",
    "4df808a1229207ea",
    "fd9c4e20548601ef",
    "ced1b24447a6d361",
    "be74b453a03dd5a7",
    "82a470b1bbccb8cd",
}
SHORTEST = 6

METHODS = {
    "Дискуссиялык окуу": [LearningMethod.DISCUSSION],
    "Теория менен иштөө": [LearningMethod.THEORY],
    "Тажрыйба менен иштөө": [LearningMethod.EXPERIENCE],
    "Офлайн, онлайн": [LearningMethod.OFFLINE, LearningMethod.ONLINE],
    "практика": [LearningMethod.PRACTICE],
}
MONTHS = ["сентябрь", "октябрь", "ноябрь", "декабрь", "январь", "февраль", "март", "апрель", "май"]
NEEDS = [
    "География предметинин үчүн билим берүү стандарттары",
    "Мектептик билим берүүдөгү педагогикалык менеджмент",
    "Насаатчылык. Насаатчылык деген эмне?",
    "Активдүү окутуунун формалары",
    "Курстарга, тренингдерге катышуу.",
    "Компетенттүүлүк деген эмне?",
    "үзгүлтүксүз билим алуунун түрлөрү",
    "Климатты коргоо боюнча иш алып баруу.",
    "Канткенде билим сапатты жакшырта алабыз",
]


def load() -> str:
    said = io.StringIO()
    call_command("load_demo", "--today", DAY, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """One loading for all tests of this module, undone after them; what the command said."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic():
        factories.first_data()
        with quick:
            said = load()
        yield said
        transaction.set_rollback(True)


def geography_plan() -> AnnualPlan:
    return AnnualPlan.objects.get(author__user__username="teacher", starts_on="2021-09-01")


def test_says_who_can_sign_in_with_what(demo):
    for login, who in build.WHO.items():
        person = User.objects.get(username=login).person
        assert re.search(rf"^{login} +{people.PASSWORD}  {person.full_name}, {who}$", demo, re.MULTILINE)


def test_no_form_makes_markup_of_what_was_typed(demo, tmp_path, monkeypatch):
    """Trust T23: every form there is, with markup in every text; tests/test_hostile_files.py has the other papers."""
    drawn = []
    monkeypatch.setattr(press.of_pages, "make", lambda html: drawn.append(html) or uploads.pdf())
    with transaction.atomic():
        poison.Poison().spread()
        call_command("print_forms", tmp_path, stdout=io.StringIO())
        transaction.set_rollback(True)
    assert len(drawn) >= len(list(tmp_path.iterdir())) > 30
    for html in drawn:
        assert foreign_markup(html) == [], html[:500]
        assert "&gt;&lt;xss&gt;" in html


def test_a_second_loading_changes_nothing(demo):
    before = [list(table.objects.order_by("pk").values()) for table in TABLES]
    said = load()
    assert "nothing was changed" in said
    assert "teacher " in said
    assert [list(table.objects.order_by("pk").values()) for table in TABLES] == before


@pytest.mark.parametrize("day", ["2023-08-31", "2999-01-01"])
def test_refuses_a_day_for_which_it_has_no_plans(demo, day):
    with pytest.raises(CommandError):
        call_command("load_demo", "--today", day)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_must_always_hold_holds(demo, check):
    assert list(check()) == []


def test_every_state_occurs_in_every_school(demo):
    usual = {State.DRAFT, State.SUBMITTED, State.CONSIDERED, State.APPROVED, State.RETURNED}
    for school in SCHOOLS.all():
        assert usual <= set(school.documents.values_list("state", flat=True))
    assert set(Document.objects.values_list("state", flat=True)) == set(State)
    assert set(Decision.objects.values_list("action", flat=True)) == set(Action) - {Action.DISCARD}


@pytest.mark.parametrize("model", [IndividualPlan, AnnualPlan])
def test_some_approved_plans_are_being_changed_and_some_were(demo, model):
    for school in SCHOOLS.all():
        plans = model.objects.filter(institution=school)
        assert plans.filter(state=State.DRAFT, in_force__isnull=False).exclude(change_note="").exists()
        assert plans.filter(state=State.APPROVED, in_force__number=2).exclude(change_note="").exists()


def test_seven_of_ten_teachers_have_an_individual_plan(demo):
    for school in SCHOOLS.all():
        teachers = school.employments.exclude(association=None).values("person").distinct().count()
        with_plan = IndividualPlan.objects.filter(institution=school).values("author").distinct().count()
        assert 28 <= teachers <= 36
        assert 0.6 < with_plan / teachers < 0.8


def test_somebody_works_in_two_schools_and_somebody_shares_a_head_post(demo):
    assert Employment.objects.filter(is_main=False).exists()
    heads = RoleAssignment.objects.filter(role=Role.ASSOCIATION_HEAD).values("association").annotate(Count("pk"))
    assert Counter(row["pk__count"] for row in heads) == {
        2: 1,
        1: MethodicalAssociation.objects.filter(parts=None).count() - 1,
    }


@pytest.mark.parametrize(
    "login",
    ["head", "head2", "deputy", "deputy2", "director", "district", "dean", "cdirector"],
    ids=lambda login: login,
)
def test_those_who_decide_find_papers_waiting(demo, login):
    assert Document.objects.awaiting(User.objects.get(username=login)).exists()


def test_young_specialists_with_a_plan_began_this_year_or_last(demo):
    first_days = [plan.author.employments.get().starts_on for plan in InductionPlan.objects.all()]
    assert sorted(first_days) == [people.september(2024), people.september(2025)]  # loaded for 2025/26


def test_the_newcomer_alone_must_change_the_password(demo):
    cast = User.objects.filter(username__in=build.WHO)
    assert [user.username for user in cast if user.must_change_password] == ["newcomer"]
    assert all(user.check_password(people.PASSWORD) for user in cast)
    assert cast.values("password").distinct().count() == 1
    assert not any(user.has_usable_password() for user in User.objects.exclude(username__in=build.WHO))
    for user in cast:
        # As if chosen anew: as a change it would be refused, since it is the present one.
        validate_password(people.PASSWORD, User(username=user.username, person=user.person))


def test_names_nobody_real(demo):
    texts = [person.full_name for person in Person.objects.all()]
    texts += [f"{school.title_ky} {school.title_ru}" for school in Institution.objects.all()]
    texts += [
        json.dumps(content, ensure_ascii=False)
        for content in DocumentVersion.objects.values_list("content", flat=True)
    ]
    words = {word for text in texts for word in re.findall(r"\w+", text.lower())}
    starts = {word[:length] for word in words for length in range(SHORTEST, len(word) + 1)}
    assert not {start for start in starts if hashlib.sha256(start.encode()).hexdigest()[:16] in REAL_STEMS}


def test_full_names_are_drawn_alike_and_never_twice():
    once, again = (list(islice(people.draw_names(random.Random(7)), 200)) for _time in range(2))
    assert once == again
    assert len({name[:2] for name in once}) == len(once)


def test_the_geography_plan_has_the_nine_needs(demo):
    plan = geography_plan()
    assert plan.state == State.APPROVED
    assert plan.in_force
    assert plan.in_force.decisions.get(action=Action.APPROVE).by_role == Role.DIRECTOR
    assert [row["need"] for row in content_of(plan)["rows"]] == NEEDS


@pytest.mark.skipif(not SEED.exists(), reason="the sources are not beside the project")
def test_the_geography_plan_is_the_source_word_for_word(demo):
    lines = next(SEED.glob("001_*.txt")).read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("№\tМуктаждыктар"))
    rows = content_of(geography_plan())["rows"]
    for line, row in zip(lines[start + 1 : start + 10], rows, strict=True):
        _number, need, methods, term, executor = line.split("\t")
        assert row["need"] == need
        assert row["learning_methods"] == METHODS[methods]
        assert row["month"] == (MONTHS.index(term.lower()) + 8) % 12 + 1
        assert (row["executor_kind"], row["executor_text"]) == expected_executor(executor)


def expected_executor(written: str) -> tuple[str, str]:
    """The column «Ким аткарат»: the association, somebody else in words, the teacher by name or as «Мугалим»."""
    if written.endswith("бирикмеси"):
        return Executor.ASSOCIATION, ""
    if "менен иштөө" in written:
        return Executor.OTHER, written
    return Executor.SELF, "Мугалим" if written == "Мугалим" else ""


def test_the_five_years_of_the_source_are_an_approved_plan(demo):
    plan = IndividualPlan.objects.get(author__user__username="teacher", starts_on="2018-09-01")
    assert plan.kind == DocumentKind.INDIVIDUAL_PLAN
    assert plan.period.label == "2018-2023"
    assert plan.state == State.APPROVED
    assert [row.school_year for row in plan.rows.all()] == [2018, 2019, 2020, 2021, 2022]
