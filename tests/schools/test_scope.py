"""Who sees what: sets compared whole, so that one row too many fails as one too few does (trust, T1, T3, T5)."""

import datetime as dt

import pytest

from cpd.dates import today
from schools import approval
from schools.choices import Action, Role
from schools.models import (
    Document,
    Employment,
    Institution,
    MethodicalAssociation,
    Person,
    RoleAssignment,
)
from tests import factories
from tests.conftest import PEOPLE, Cast
from tests.factories import again

YESTERDAY = dt.timedelta(days=-1)
INSIDE = {"head", "deputy", "second_deputy", "director", "clerk"}  # who is handed the teacher's papers
AT_A = {"teacher", "colleague", "peer", "head", "other_head", "deputy", "second_deputy", "director", "clerk"}
AT_B = {"stranger", "other_director"}
AT_C = {"far_stranger"}
LEADING_A = {"deputy", "second_deputy", "director", "clerk"}
IN_X = {"teacher", "peer", "head", "deputy"}
IN_Y = {"colleague", "other_head", "second_deputy"}
EVERYBODY = set(PEOPLE)


def who_sees(plan, cast: Cast) -> set[str]:
    return {
        name for name in PEOPLE if Document.objects.visible_to(again(getattr(cast, name))).filter(pk=plan.pk).exists()
    }


# Papers -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("walk", "who"),
    [
        (lambda plan: plan, set()),
        (factories.submitted, INSIDE),
        (factories.considered, INSIDE),
        (factories.returned, INSIDE),
        (factories.approved, INSIDE | {"officer", "institute"}),
        (factories.amended, INSIDE | {"officer", "institute"}),
    ],
    ids=["draft", "submitted", "considered", "returned", "approved", "amended"],
)
def test_a_paper_is_seen_by_its_author_and_by_exactly_these(walk, who, cast):
    assert who_sees(walk(cast.plan), cast) == {"teacher"} | who


@pytest.mark.django_db
def test_a_withdrawn_paper_is_its_author_s_alone_again(submitted, cast):
    approval.perform(submitted, Action.WITHDRAW, by=cast.teacher, seen=submitted.revision)
    assert who_sees(submitted, cast) == {"teacher"}


@pytest.mark.django_db
def test_the_district_sees_a_paper_that_waits_for_it(cast):
    for role, place in (
        (Role.DEPUTY_DIRECTOR, {"institution": cast.other_school}),
        (Role.DIRECTOR, {"institution": cast.other_school}),
    ):
        factories.RoleFactory(person=cast.stranger.person, role=role, **place)
    RoleAssignment.objects.filter(person=cast.other_director.person).delete()
    plan = factories.submitted(factories.annual_plan(again(cast.stranger)))
    assert who_sees(plan, cast) == {"stranger", "officer"}


@pytest.mark.django_db
def test_lists_of_papers_hold_exactly_what_each_may_see(cast):
    """Six papers of three schools in every standing, and for everybody the whole set."""
    papers = {
        "draft": factories.complete(factories.annual_plan(cast.teacher)),
        "submitted": factories.submitted(cast.plan),
        "other submitted": factories.submitted(factories.individual_plan(cast.colleague)),
        "director's": factories.approved(factories.annual_plan(cast.director)),
        "next school's": factories.approved(factories.annual_plan(cast.stranger)),
    }
    expected = {
        "teacher": {"draft", "submitted"},
        "colleague": {"other submitted"},
        "peer": set(),
        "stranger": {"next school's"},
        "far_stranger": set(),
        "head": {"submitted"},
        "other_head": {"other submitted"},
        "deputy": {"submitted", "other submitted", "director's"},
        "second_deputy": {"submitted", "other submitted", "director's"},
        "director": {"submitted", "other submitted", "director's"},
        "clerk": {"submitted", "other submitted", "director's"},
        "other_director": {"next school's"},
        "officer": {"director's", "next school's"},
        "other_officer": set(),
        "institute": {"director's", "next school's"},
        "administrator": set(),
    }
    by_pk = {paper.pk: name for name, paper in papers.items()}
    for name in PEOPLE:
        seen = Document.objects.visible_to(again(getattr(cast, name))).values_list("pk", flat=True)
        assert sorted(by_pk[pk] for pk in seen) == sorted(expected[name]), name


@pytest.mark.django_db
def test_queues_hold_exactly_what_each_can_decide(cast):
    papers = {
        "X considers": factories.submitted(cast.plan),
        "Y considers": factories.submitted(factories.individual_plan(cast.colleague)),
        "deputy approves": factories.considered(factories.individual_plan(cast.peer)),
        "director approves": factories.submitted(factories.annual_plan(cast.teacher)),
        "deputy for the director": factories.submitted(factories.annual_plan(cast.director)),
        "deputy for the head": factories.submitted(factories.individual_plan(cast.head)),
    }
    deputies = {"deputy approves", "deputy for the director", "deputy for the head"}
    expected = {
        "head": {"X considers"},
        "other_head": {"Y considers"},
        "deputy": deputies,
        "second_deputy": deputies,
        "director": {"director approves"},
    }
    by_pk = {paper.pk: name for name, paper in papers.items()}
    for name in PEOPLE:
        waiting = Document.objects.awaiting(again(getattr(cast, name))).values_list("pk", flat=True)
        assert sorted(by_pk[pk] for pk in waiting) == sorted(expected.get(name, ())), name


# People and places ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_people_see_exactly_those_their_role_covers(cast):
    covers = {
        "head": IN_X,
        "other_head": IN_Y,
        **dict.fromkeys(LEADING_A, AT_A),
        "other_director": AT_B,
        "officer": AT_A | AT_B,
        "other_officer": AT_C,
        "institute": AT_A | AT_B | AT_C,
        "administrator": AT_A | AT_B | AT_C,
    }
    by_pk = {getattr(cast, name).person_id: name for name in PEOPLE}
    for name in PEOPLE:
        user = again(getattr(cast, name))
        seen = {by_pk[pk] for pk in Person.objects.visible_to(user).values_list("pk", flat=True)}
        assert seen == covers.get(name, set()) | {name}, name
        jobs = {by_pk[pk] for pk in Employment.objects.overseen_by(user).values_list("person", flat=True)}
        assert jobs == covers.get(name, set()), name


@pytest.mark.django_db
def test_places_are_seen_by_exactly_those_who_serve_them(cast):
    a, b, c = cast.school, cast.other_school, cast.far_school
    serves = {
        **{name: {a} for name in ("head", "other_head", *LEADING_A)},
        "other_director": {b},
        "officer": {a, b},
        "other_officer": {c},
        "institute": {a, b, c},
        "administrator": {a, b, c},
    }
    for name in PEOPLE:
        assert set(Institution.objects.visible_to(again(getattr(cast, name)))) == serves.get(name, set()), name


@pytest.mark.django_db
def test_associations_are_headed_by_their_heads(cast):
    heads = {"head": {cast.association}, "other_head": {cast.other_association}}
    for name in PEOPLE:
        headed = MethodicalAssociation.objects.headed_by(again(getattr(cast, name)))
        assert set(headed) == heads.get(name, set()), name


# Rights of one day ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(INSIDE | {"officer", "institute"}))
def test_a_role_that_ended_yesterday_opens_nothing_today(name, approved, cast):
    RoleAssignment.objects.filter(person=getattr(cast, name).person).update(ends_on=today() + YESTERDAY)
    assert name not in who_sees(approved, cast)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(INSIDE | {"officer", "institute"}))
def test_a_role_that_ends_today_or_began_today_still_counts(name, approved, cast):
    RoleAssignment.objects.filter(person=getattr(cast, name).person).update(starts_on=today(), ends_on=today())
    assert name in who_sees(approved, cast)


@pytest.mark.django_db
def test_a_director_who_moved_sees_the_new_school_and_no_longer_the_old_one(approved, cast):
    RoleAssignment.objects.filter(person=cast.director.person).update(institution=cast.other_school)
    assert "director" not in who_sees(approved, cast)
    assert "director" in who_sees(factories.submitted(factories.annual_plan(cast.stranger)), cast)


@pytest.mark.django_db
def test_a_person_of_two_schools_sees_both(approved, cast):
    factories.RoleFactory(person=cast.other_director.person, role=Role.CLERK, institution=cast.school)
    assert "other_director" in who_sees(approved, cast)
    assert set(Institution.objects.visible_to(again(cast.other_director))) == {cast.school, cast.other_school}


@pytest.mark.django_db
def test_a_teacher_who_left_keeps_their_own_papers(approved, cast):
    Employment.objects.filter(person=cast.teacher.person).update(ends_on=today() + YESTERDAY)
    assert "teacher" in who_sees(approved, cast)


@pytest.mark.django_db
def test_a_role_on_one_district_opens_no_other(approved, cast):
    RoleAssignment.objects.filter(person=cast.officer.person).update(district=cast.other_district)
    assert "officer" not in who_sees(approved, cast)


@pytest.mark.django_db
def test_an_administrator_who_may_no_longer_sign_in_is_none(cast):
    assert again(cast.administrator).is_staff
    cast.administrator.is_active = False
    cast.administrator.save()
    user = again(cast.administrator)
    assert (user.is_staff, user.has_perm("schools.add_person"), user.has_module_perms("schools")) == (False,) * 3


@pytest.mark.django_db
def test_only_the_administrator_administers(cast):
    assert {name for name in PEOPLE if again(getattr(cast, name)).is_staff} == {"administrator"}


@pytest.mark.django_db
def test_what_one_may_see_costs_two_queries_however_many_roles(cast, django_assert_num_queries):
    for _more in range(5):
        factories.RoleFactory(
            person=cast.director.person,
            role=Role.CLERK,
            institution=factories.InstitutionFactory(district=cast.district),
        )
    user = again(cast.director)
    with django_assert_num_queries(2):
        assert len(user.scope.served) == 6


def test_the_cast_is_whole():
    assert AT_A | AT_B | AT_C | {"officer", "other_officer", "institute", "administrator"} == EVERYBODY
