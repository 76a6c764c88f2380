"""Who takes part in a drill: a district, its schools, and in each the people who write and decide."""

from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password

from schools.choices import Role
from schools.models import (
    District,
    Employment,
    Institution,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    User,
)
from tests.factories import LONG_AGO, PASSWORD

POSTS = ("head", "deputy", "second_deputy", "director")


@dataclass(frozen=True)
class School:
    institution: Institution
    association: MethodicalAssociation
    teachers: list[User]
    head: User
    deputy: User
    second_deputy: User
    director: User


@dataclass(frozen=True)
class Place:
    """One district with its officer."""

    district: District
    officer: User
    schools: list[School]


def settle(schools: int = 1, teachers: int = 1, *, name: str = "д") -> Place:
    """A new district; usernames are ``name``, the school's number and the post: «д1-teacher1», «д1-deputy»."""
    password = make_password(PASSWORD, hasher=PBKDF2PasswordHasher())
    district = District.objects.create(
        title_ky=f"Сыноо району {name}", oblast=Oblast.objects.create(title_ky=f"Сыноо облусу {name}")
    )
    officer = _account(f"{name}-officer", password)
    RoleAssignment.objects.create(
        person=officer.person, role=Role.DISTRICT_OFFICER, district=district, starts_on=LONG_AGO
    )
    return Place(district, officer, [_school(district, f"{name}{n}", teachers, password) for n in range(schools)])


def _school(district: District, name: str, teachers: int, password: str) -> School:
    institution = Institution.objects.create(title_ky=f"Мектеп {name}", number=name, district=district)
    association = MethodicalAssociation.objects.create(title_ky=f"Тилдер {name}", institution=institution)
    staff = [_account(f"{name}-teacher{n}", password) for n in range(teachers)]
    led = {post: _account(f"{name}-{post}", password) for post in POSTS}
    Employment.objects.bulk_create(
        Employment(
            person=user.person,
            institution=institution,
            association=None if user is led["director"] else association,
            position="мугалим",
            starts_on=LONG_AGO,
        )
        for user in (*staff, *led.values())
    )
    RoleAssignment.objects.create(
        person=led["head"].person, role=Role.ASSOCIATION_HEAD, association=association, starts_on=LONG_AGO
    )
    for post, role in (
        ("deputy", Role.DEPUTY_DIRECTOR),
        ("second_deputy", Role.DEPUTY_DIRECTOR),
        ("director", Role.DIRECTOR),
    ):
        RoleAssignment.objects.create(person=led[post].person, role=role, institution=institution, starts_on=LONG_AGO)
    return School(institution, association, staff, **led)


def _account(username: str, password: str) -> User:
    person = Person.objects.create(family_name=f"Сыноочу-{username}", given_name="Элмира")
    return User.objects.create(username=username, person=person, password=password, must_change_password=False)
