"""Who may do what with the people of an institution: one line each, for views and templates alike."""

from schools.choices import Role, Work
from schools.models import District, Institution, User


def can_keep_staff(user: User, institution: Institution) -> bool:
    """Hiring, leaving, long leave, names: the leaders of the institution and its clerk."""
    return institution.pk in user.scope.served


def can_keep_accounts(user: User, institution: Institution) -> bool:
    """Accounts of an institution: its leaders, whom they handed that to, its district office, an administrator."""
    scope = user.scope
    return (
        institution.pk in scope.led | scope.delegated.get(Work.ACCOUNTS, frozenset())
        or institution.district_id in scope.districts
        or scope.is_administrator
    )


def can_import(user: User, place: Institution | District) -> bool:
    """A workbook for an institution: its leaders; for a district and each of its schools: the district office."""
    scope = user.scope
    if isinstance(place, District):
        return place.pk in scope.districts or scope.is_administrator
    return place.pk in scope.led or place.district_id in scope.districts or scope.is_administrator


def roles_to_give(user: User, institution: Institution) -> tuple[Role, ...]:
    """Which roles in an institution the user may give and end: nobody makes an equal or a superior of theirs."""
    scope = user.scope
    if institution.district_id in scope.districts or scope.is_administrator:
        return (Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.CLERK, Role.ASSOCIATION_HEAD)
    if institution.pk in scope.schools_as(Role.DIRECTOR):
        return (Role.DEPUTY_DIRECTOR, Role.CLERK, Role.ASSOCIATION_HEAD)
    if institution.pk in scope.schools_as(Role.DEPUTY_DIRECTOR):
        return (Role.CLERK, Role.ASSOCIATION_HEAD)
    return ()


def can_read_journal(user: User) -> bool:
    scope = user.scope
    return bool(scope.led or scope.districts or scope.is_administrator)
