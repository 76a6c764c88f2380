"""Who is left to decide on papers of small colleges, and who reads them: nothing falls to the district office."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from schools.choices import Action, Work
from schools.models import Decision, Delegation, Document
from tests import factories
from tests.plans import letters
from tests.plans.departments_told import filled, perspective_plan, submitted

pytestmark = pytest.mark.django_db


def page_of(user, plan):
    client = Client()
    client.force_login(user)
    return client.get(reverse("plan", args=[plan.pk]))


@pytest.mark.parametrize(
    ("author", "decider"), [("college_deputy", "college_director"), ("college_director", "college_deputy")]
)
def test_of_two_leaders_the_other_signs_once_and_that_approves(author, decider, campus):
    """003 4.3 names two signatures; one person gives no two."""
    plan = letters.application(getattr(campus, author), at="college")
    plan = letters.handed_in(plan, by=getattr(campus, author))
    assert [step["action"] for step in plan.submitted_version.route] == ["approve"]
    plan = letters.decided(factories.fresh(plan), getattr(campus, decider))
    assert plan.state == "approved"


def test_a_lecturers_application_goes_to_both(campus):
    plan = letters.application(campus.college_lecturer, at="college")
    plan = letters.handed_in(plan, by=campus.college_lecturer)
    assert [step["action"] for step in plan.submitted_version.route] == ["agree", "approve"]


def test_who_is_to_approve_a_plan_of_all_is_offered_that_at_the_first_look(campus):
    plan = submitted(filled(perspective_plan(campus.college_deputy, campus.college)), campus.college_deputy)
    moves = page_of(campus.college_director, plan).context["moves"]
    assert moves[:2] == [Action.APPROVE, Action.RETURN]
    assert Action.WITHDRAW not in moves


def test_who_makes_the_plan_of_all_in_somebodys_place_is_named_so(campus):
    Delegation.objects.create(
        institution=campus.college,
        giver=campus.college_director.person,
        taker=campus.college_colleague.person,
        work=Work.PLANS,
        starts_on=today(),
        ends_on=today() + dt.timedelta(days=30),
    )
    taker = factories.again(campus.college_colleague)
    plan = submitted(filled(perspective_plan(taker, campus.college)), taker)
    assert Decision.objects.get(version__document=plan).in_place_of == campus.college_director.person


@pytest.mark.parametrize("kind", ["individual_plan", "annual_plan", "induction_plan"])
def test_plans_of_schools_are_not_begun_at_a_university(kind, campus):
    client = Client()
    client.force_login(campus.lecturer)
    page = client.get(reverse("plan_start", args=[kind]))
    assert not page.context["form"].jobs
    typed = {"once": uuid4(), "employment": ""}
    client.post(reverse("plan_start", args=[kind]), typed)
    assert not Document.objects.filter(kind=kind).exists()


@pytest.mark.parametrize("reader", ["officer", "school_deputy", "college_director", "strange_dean", "other_head"])
def test_an_application_in_force_is_read_at_its_university_alone(reader, campus):
    plan = letters.approved(campus.lecturer, campus.head, campus.dean, campus.quality, campus.rector)
    assert page_of(campus.dean, plan).status_code == 200
    assert page_of(getattr(campus, reader), plan).status_code == 404


def test_papers_of_a_second_job_stay_with_it(campus):
    plan = letters.approved(campus.both, campus.college_deputy, campus.college_director, at="college")
    assert page_of(campus.college_director, plan).status_code == 200
    assert page_of(campus.school_deputy, plan).status_code == 404
