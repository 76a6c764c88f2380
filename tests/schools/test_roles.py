"""Giving and ending roles, and telling where one person or nobody holds one."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from cpd.dates import today
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event, Role
from schools.models import AuditEntry, Document, Employment, Institution, Person, RoleAssignment
from schools.roles import NobodyLeads, end_role, give_role, posts_of, single_holders, thinnest_first
from tests import factories
from tests.conftest import Cast, at_once
from tests.factories import again

DAY = dt.timedelta(days=1)
MAY_GIVE = {
    "officer": {Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.CLERK, Role.ASSOCIATION_HEAD},
    "administrator": {Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.CLERK, Role.ASSOCIATION_HEAD},
    "director": {Role.DEPUTY_DIRECTOR, Role.CLERK, Role.ASSOCIATION_HEAD},
    "deputy": {Role.CLERK, Role.ASSOCIATION_HEAD},
}


def give(cast: Cast, role: Role, *, by: str = "officer", who: str = "peer", starts_on=None) -> RoleAssignment:
    place = cast.association if role == Role.ASSOCIATION_HEAD else cast.school
    person = getattr(cast, who).person
    return give_role(
        person=person, role=role, place=place, starts_on=starts_on or today(), by=again(getattr(cast, by))
    )


def held_by(cast: Cast, name: str) -> RoleAssignment:
    return RoleAssignment.objects.select_related("person", "institution", "association__institution").get(
        person=getattr(cast, name).person
    )


# Giving -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role])
def test_exactly_these_give_each_role(role, cast):
    given = set()
    for name, user in cast.people.items():
        if user is None:
            continue
        try:
            give(cast, role, by=name, who="teacher").delete()
        except PermissionDenied:
            continue
        given.add(name)
    may = {name for name, roles in MAY_GIVE.items() if role in roles}
    assert given == may | ({"second_deputy"} if "deputy" in may else set())


@pytest.mark.django_db
def test_a_role_opens_its_pages_from_its_first_day(submitted, cast):
    later = give(cast, Role.ASSOCIATION_HEAD, by="deputy", starts_on=today() + DAY)
    assert not Document.objects.awaiting(again(cast.peer)).exists()
    RoleAssignment.objects.filter(pk=later.pk).update(starts_on=today())
    assert Document.objects.awaiting(again(cast.peer)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "role", "wanted"),
    [
        ("stranger", Role.CLERK, {}),
        ("clerk", Role.CLERK, {}),
        ("peer", Role.CLERK, {"starts_on": today() - DAY}),
    ],
    ids=["works elsewhere", "holds it already", "in the past"],
)
def test_what_makes_no_sense_is_refused(who, role, wanted, cast):
    before = RoleAssignment.objects.count()
    with pytest.raises(Refused):
        give(cast, role, who=who, **wanted)
    assert RoleAssignment.objects.count() == before


@pytest.mark.django_db
def test_a_role_of_an_association_is_not_given_for_the_school(cast):
    with pytest.raises(Refused):
        give_role(
            person=cast.peer.person,
            role=Role.ASSOCIATION_HEAD,
            place=cast.school,
            starts_on=today(),
            by=again(cast.officer),
        )


@pytest.mark.django_db
def test_a_record_that_was_merged_gets_no_role(cast):
    Person.objects.filter(pk=cast.peer.person_id).update(merged_into=cast.teacher.person)
    with pytest.raises(Refused):
        give(cast, Role.CLERK)


# Ending -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_role_holds_through_its_last_day(cast):
    end_role(assignment=held_by(cast, "clerk"), by=again(cast.deputy), last_day=today())
    assert again(cast.clerk).scope.served == {cast.school.pk}
    assert held_by(cast, "clerk").ends_on == today()


@pytest.mark.django_db
def test_at_once_means_from_the_next_request_on(cast):
    end_role(assignment=held_by(cast, "clerk"), by=again(cast.deputy), last_day=None)
    assert again(cast.clerk).scope.served == frozenset()
    assert held_by(cast, "clerk").ends_on == today() - DAY


@pytest.mark.django_db
def test_a_role_given_by_mistake_today_goes_at_once_and_the_journal_keeps_both(cast):
    given = give(cast, Role.CLERK, by="deputy")
    end_role(assignment=given, by=again(cast.deputy), last_day=None)
    assert again(cast.peer).scope.served == frozenset()
    entries = AuditEntry.objects.filter(subject=cast.peer.person).order_by("pk").values_list("event", flat=True)
    assert list(entries) == [Event.ROLE_GIVEN, Event.ROLE_ENDED]


@pytest.mark.django_db
def test_nobody_ends_the_role_of_an_equal_or_a_superior(cast):
    for name in ("director", "second_deputy", "deputy"):
        with pytest.raises(PermissionDenied):
            end_role(assignment=held_by(cast, name), by=again(cast.deputy), last_day=today())
    for name in ("clerk", "teacher", "other_director", "other_officer"):
        with pytest.raises(PermissionDenied):
            end_role(assignment=held_by(cast, "head"), by=again(getattr(cast, name)), last_day=today())


@pytest.mark.django_db
def test_a_role_that_has_ended_is_not_ended_again(cast):
    held = held_by(cast, "clerk")
    end_role(assignment=held, by=again(cast.deputy), last_day=None)
    with pytest.raises(ChangedMeanwhile):
        end_role(assignment=held, by=again(cast.deputy), last_day=today())


@pytest.mark.django_db
def test_the_last_leader_goes_only_where_somebody_says_so(cast):
    RoleAssignment.objects.filter(role=Role.DEPUTY_DIRECTOR).delete()
    held = held_by(cast, "director")
    with pytest.raises(NobodyLeads):
        end_role(assignment=held, by=again(cast.officer), last_day=today())
    assert held_by(cast, "director").ends_on is None
    end_role(assignment=held, by=again(cast.officer), last_day=today(), leaves_nobody=True)
    assert held_by(cast, "director").ends_on == today()


@pytest.mark.django_db
def test_who_leads_until_the_same_day_is_no_leader_of_the_day_after(cast):
    RoleAssignment.objects.filter(role=Role.DEPUTY_DIRECTOR).update(ends_on=today() + DAY)
    with pytest.raises(NobodyLeads):
        end_role(assignment=held_by(cast, "director"), by=again(cast.officer), last_day=today() + DAY)
    end_role(assignment=held_by(cast, "director"), by=again(cast.officer), last_day=today())


# One person or nobody ---------------------------------------------------------------------------------------------


def thin(cast: Cast) -> dict[tuple[str, str], set[int]]:
    posts = posts_of([cast.school])
    return {(post.role, post.place): {one.person_id for one in post.holders} for post in posts if post.is_thin}


@pytest.mark.django_db
def test_told_is_every_role_with_one_person_or_nobody(cast):
    empty = factories.AssociationFactory(institution=cast.school, title_ky="Башталгыч класстар")
    heads = {
        (Role.ASSOCIATION_HEAD, cast.association.title): {cast.head.person_id},
        (Role.ASSOCIATION_HEAD, cast.other_association.title): {cast.other_head.person_id},
    }
    director = {(Role.DIRECTOR, cast.school.title): {cast.director.person_id}}
    assert thin(cast) == director | heads, "there are two deputies, and an association without members needs no head"
    factories.EmploymentFactory(institution=cast.school, association=empty)
    RoleAssignment.objects.filter(person=cast.director.person).update(ends_on=today() - DAY)
    nobody = {(Role.DIRECTOR, cast.school.title): set(), (Role.ASSOCIATION_HEAD, empty.title): set()}
    assert thin(cast) == nobody | heads


@pytest.mark.django_db
def test_one_person_in_a_role_twice_is_one_person(cast):
    factories.RoleFactory(person=cast.director.person, role=Role.DIRECTOR, institution=cast.school)
    assert (Role.DIRECTOR, cast.school.title) in thin(cast)


@pytest.mark.django_db
def test_leaders_are_told_of_their_schools_and_officers_of_their_office(cast):
    assert {post.institution for post in single_holders(again(cast.deputy))} == {cast.school.pk}
    [office] = single_holders(again(cast.officer))
    assert (office.role, office.place, len(office.holders)) == (Role.DISTRICT_OFFICER, cast.district.title, 1)
    factories.RoleFactory(person=cast.other_officer.person, role=Role.DISTRICT_OFFICER, district=cast.district)
    assert single_holders(again(cast.officer)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["teacher", "head", "clerk", "institute", "administrator"])
def test_who_leads_nothing_is_told_nothing_and_asks_nothing(name, cast, django_assert_num_queries):
    user = again(getattr(cast, name))
    assert user.scope is not None
    with django_assert_num_queries(0):
        assert single_holders(user) == []


@pytest.mark.django_db
def test_the_district_sees_first_what_nobody_leads(cast):
    nobody = factories.InstitutionFactory(district=cast.district)
    factories.RoleFactory(person=cast.stranger.person, role=Role.CLERK, institution=nobody)
    Employment.objects.filter(institution=cast.other_school, association__isnull=False).update(is_main=True)
    rows = thinnest_first(Institution.objects.visible_to(again(cast.officer)))
    found = [(row.pk, row.directors, row.deputies, row.leaders, row.headless) for row in rows]
    assert found == [
        (nobody.pk, 0, 0, 0, 0),
        (cast.other_school.pk, 1, 0, 1, 1),
        (cast.school.pk, 1, 2, 3, 0),
    ]


# At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_four_clicks_at_once_one_gives_the_role(cast):
    answers = at_once(*[partial(give, cast, Role.CLERK, by="deputy")] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Refused", "Refused", "RoleAssignment"]
    assert RoleAssignment.objects.filter(person=cast.peer.person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_leaders_only_one_goes_at_once(cast):
    RoleAssignment.objects.filter(person=cast.second_deputy.person).delete()
    leaders = [held_by(cast, name) for name in ("deputy", "director")]
    ending = partial(end_role, by=again(cast.officer), last_day=None)
    answers = at_once(*(partial(ending, assignment=one) for one in leaders))
    assert sorted(type(answer).__name__ for answer in answers) == ["NobodyLeads", "NoneType"]
