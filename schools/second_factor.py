"""Whether an account needs more than a password: the second factor that a setting demands for some roles."""

from django.conf import settings

from cpd.env import BadSetting
from schools.accounts import has_second_factor
from schools.choices import Role
from schools.models import User
from schools.scope import Scope


def demanded_roles() -> frozenset[Role]:
    """The roles of the setting SECOND_FACTOR_ROLES."""
    try:
        return frozenset(Role(word) for word in settings.SECOND_FACTOR_ROLES)
    except ValueError as mistake:
        raise BadSetting(f"The setting SECOND_FACTOR_ROLES names no role: {mistake}.") from None


def is_demanded_of(user: User) -> bool:
    return bool(demanded_roles() & roles_of(user.scope))


def is_missing(user: User) -> bool:
    """Whether the person has to set up a second factor before anything else."""
    return is_demanded_of(user) and not has_second_factor(user)


def roles_of(scope: Scope) -> frozenset[Role]:
    """The roles somebody holds today, wherever."""
    elsewhere = {
        Role.ASSOCIATION_HEAD: scope.associations,
        Role.DEAN: scope.faculties,
        Role.DISTRICT_OFFICER: scope.districts,
        Role.INSTITUTE_VIEWER: scope.is_institute_viewer,
        Role.ADMINISTRATOR: scope.is_administrator,
    }
    return frozenset(role for role, held in {**scope.schools, **elsewhere}.items() if held)
