"""A right that was taken away is gone at the next request of every session that was open (trust T5).

Work in the background that was begun with it: ``tests/courses/books/test_jobs.py``, ``…/importing/test_jobs.py``.
"""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from schools.choices import Action, Role
from schools.models import Employment, RoleAssignment, User
from tests import factories
from tests.campus import Campus
from tests.conftest import Cast
from tests.plans.departments_told import department_plan, planned, submitted

pytestmark = pytest.mark.django_db
YESTERDAY = today() - dt.timedelta(days=1)


class Open:
    """Two sessions of one person, as on a phone and on the school's computer."""

    def __init__(self, user: User) -> None:
        self.sessions = [Client(), Client()]
        for session in self.sessions:
            session.force_login(user)

    def gets(self, name: str, **numbers: int) -> int:
        """What both are told."""
        [answer] = {session.get(reverse(name, kwargs=numbers)).status_code for session in self.sessions}
        return answer


def pages_of(cast: Cast) -> dict[str, dict[str, int]]:
    """Pages that the director of school A reads because of the role."""
    school = cast.school.pk
    return {
        "plan": {"pk": cast.plan.pk},
        "school_staff": {"pk": school},
        "school_accounts": {"pk": school},
        "school_roles": {"pk": school},
        "school_needs": {"pk": school},
        "person_hours": {"pk": cast.teacher.person_id},
        "staff_hours": {"pk": school},
    }


def test_a_director_who_may_no_longer_sign_in_is_out_everywhere(cast: Cast) -> None:
    factories.submitted(cast.plan)
    director = Open(cast.director)
    pages = pages_of(cast)
    assert {name: director.gets(name, **numbers) for name, numbers in pages.items()} == dict.fromkeys(pages, 200)
    User.objects.filter(pk=cast.director.pk).update(is_active=False)
    assert {name: director.gets(name, **numbers) for name, numbers in pages.items()} == dict.fromkeys(pages, 302)


def test_a_director_who_moved_is_a_stranger_to_the_school_left_and_a_director_to_the_new_one(cast: Cast) -> None:
    factories.submitted(cast.plan)
    theirs = factories.submitted(factories.annual_plan(cast.stranger))
    director = Open(cast.director)
    pages = pages_of(cast)
    assert director.gets("plan", pk=theirs.pk) == 404
    assert {name: director.gets(name, **numbers) for name, numbers in pages.items()} == dict.fromkeys(pages, 200)
    RoleAssignment.objects.filter(person=cast.director.person).update(institution=cast.other_school)
    Employment.objects.filter(person=cast.director.person).update(institution=cast.other_school)
    assert {name: director.gets(name, **numbers) for name, numbers in pages.items()} == dict.fromkeys(pages, 404)
    assert director.gets("plan", pk=theirs.pk) == 200
    assert director.gets("school_accounts", pk=cast.other_school.pk) == 200


def test_what_was_on_the_screen_is_not_decided_by_who_lost_the_role(cast: Cast) -> None:
    plan = factories.submitted(factories.annual_plan(cast.teacher))
    director = Open(cast.director)
    shown = {"seen": plan.revision, "once": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4a001"}
    RoleAssignment.objects.filter(person=cast.director.person).update(ends_on=YESTERDAY)
    url = reverse("plan_move", kwargs={"pk": plan.pk, "action": Action.APPROVE})
    assert [session.post(url, shown).status_code for session in director.sessions] == [404, 404]
    assert not plan.current_version.decisions.filter(action=Action.APPROVE).exists()


def test_of_two_roles_the_one_that_ended_opens_nothing_and_the_other_goes_on(cast: Cast) -> None:
    """The head of the association is clerk of the school as well."""
    factories.submitted(cast.plan)
    also = factories.RoleFactory(person=cast.head.person, role=Role.CLERK, institution=cast.school)
    head = Open(cast.head)
    assert (head.gets("plan", pk=cast.plan.pk), head.gets("staff_hire", pk=cast.school.pk)) == (200, 200)
    RoleAssignment.objects.filter(pk=also.pk).update(ends_on=YESTERDAY)
    assert (head.gets("plan", pk=cast.plan.pk), head.gets("staff_hire", pk=cast.school.pk)) == (200, 403)


def test_of_two_schools_the_one_that_was_left_is_closed(cast: Cast) -> None:
    """The director of school B keeps the papers of school A, too."""
    also = factories.RoleFactory(person=cast.other_director.person, role=Role.CLERK, institution=cast.school)
    both = Open(cast.other_director)
    here, there = cast.school.pk, cast.other_school.pk
    assert (both.gets("school_staff", pk=here), both.gets("school_staff", pk=there)) == (200, 200)
    RoleAssignment.objects.filter(pk=also.pk).update(ends_on=YESTERDAY)
    assert (both.gets("school_staff", pk=here), both.gets("school_staff", pk=there)) == (404, 200)


def test_of_an_officer_the_district_left_is_closed(cast: Cast) -> None:
    officer = Open(cast.officer)
    assert officer.gets("district_accounts", pk=cast.district.pk) == 200
    RoleAssignment.objects.filter(person=cast.officer.person).update(district=cast.other_district)
    assert officer.gets("district_accounts", pk=cast.district.pk) == 404
    assert officer.gets("district_accounts", pk=cast.other_district.pk) == 200


def test_of_a_university_the_dean_and_the_head_of_a_department(campus: Campus) -> None:
    plan = submitted(planned(department_plan(campus.head, campus.department), campus.lecturer), campus.head)
    people = {name: Open(getattr(campus, name)) for name in ("head", "dean", "strange_dean", "rector", "lecturer")}
    before = {name: open.gets("plan", pk=plan.pk) for name, open in people.items()}
    assert before == {"head": 200, "dean": 200, "strange_dean": 404, "rector": 200, "lecturer": 404}
    RoleAssignment.objects.filter(person__in=[campus.dean.person, campus.head.person]).update(ends_on=YESTERDAY)
    after = {name: open.gets("plan", pk=plan.pk) for name, open in people.items()}
    assert after == before | {"head": 404, "dean": 404}


def test_who_works_at_a_college_and_a_school_loses_the_one_that_was_left(campus: Campus) -> None:
    both = Open(campus.both)
    for place in (campus.college, campus.school):
        factories.RoleFactory(person=campus.both.person, role=Role.CLERK, institution=place)
    assert [both.gets("school_staff", pk=place.pk) for place in (campus.college, campus.school)] == [200, 200]
    RoleAssignment.objects.filter(person=campus.both.person, institution=campus.college).update(ends_on=YESTERDAY)
    Employment.objects.filter(person=campus.both.person, institution=campus.college).update(ends_on=YESTERDAY)
    assert [both.gets("school_staff", pk=place.pk) for place in (campus.college, campus.school)] == [404, 200]
