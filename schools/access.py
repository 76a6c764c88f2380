"""Who may do what with the people of an institution: one line each, for views and templates alike."""

from cpd.dates import today
from schools.choices import LEADING_ROLES, Role, Work
from schools.kinds import WAYS
from schools.models import District, Employment, Institution, Person, User

# Nobody makes an equal or a superior of theirs. The highest comes first.
GIVEN_BY_DIRECTOR = (Role.DEPUTY_DIRECTOR, Role.QUALITY_OFFICER, Role.CLERK, Role.DEAN, Role.ASSOCIATION_HEAD)
GIVEN_BY_DEPUTY = (Role.CLERK, Role.ASSOCIATION_HEAD)


def can_keep_staff(user: User, institution: Institution) -> bool:
    """Hiring, leaving, long leave, names: the leaders of the institution and its clerk.

    Where nobody leads an institution, its district office does: it has to enter the first director.
    """
    scope = user.scope
    if institution.pk in scope.kept:
        return True
    return institution.district_id in scope.districts and not is_led(institution)


def can_read_staff(user: User, institution: Institution) -> bool:
    """The list of who works, worked and will work there: who serves the institution, and its district office."""
    scope = user.scope
    return institution.pk in scope.served or institution.district_id in scope.districts or scope.is_administrator


def can_move(user: User, employment: Employment) -> bool:
    """Ending an employment or moving it: who keeps the staff; of a leader's employment another leader only.

    With the employment end its roles, and a clerk cannot take those from a director.
    """
    institution = employment.institution
    if not can_keep_staff(user, institution):
        return False
    if institution.pk in user.scope.led or institution.pk not in user.scope.kept:
        return True
    return not employment.person.roles.on(today()).filter(institution=institution, role__in=LEADING_ROLES).exists()


def can_keep_person(user: User, person: Person) -> bool:
    """What is known of a person, and the name: the institution of the main job; without one, any of the others."""
    jobs = _not_ended(person)
    return any(can_keep_staff(user, job.institution) for job in [job for job in jobs if job.is_main] or jobs)


def can_see_numbers(user: User, person: Person) -> bool:
    """Personal number and date of birth: the person's own, and those of the institutions where the person works."""
    if person.pk == user.person_id:
        return True
    return any(job.institution_id in user.scope.kept for job in _not_ended(person))


def is_led(institution: Institution) -> bool:
    """Whether anybody holds a leader's role there today."""
    return institution.roles.on(today()).filter(role__in=LEADING_ROLES).exists()


def can_fix_mentors(user: User, institution: Institution) -> bool:
    """Who leads the institution, and its clerk, who enters what the director ordered (national regulation 4.4.1)."""
    return institution.pk in user.scope.kept


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


def can_keep_units(user: User, institution: Institution) -> bool:
    """Its associations, departments and faculties: as by a workbook."""
    return can_import(user, institution)


def imports_anywhere(user: User) -> bool:
    """Whether there is any place the user may import for."""
    scope = user.scope
    return bool(scope.led or scope.districts or scope.is_administrator)


def roles_to_give(user: User, institution: Institution) -> tuple[Role, ...]:
    """Which of the roles that there are in an institution the user may give and end."""
    scope = user.scope
    may: tuple[Role, ...] = ()
    if institution.district_id in scope.districts or scope.is_administrator:
        may = (Role.DIRECTOR, *GIVEN_BY_DIRECTOR)
    elif institution.pk in scope.schools_as(Role.DIRECTOR):
        may = GIVEN_BY_DIRECTOR
    elif institution.pk in scope.schools_as(Role.DEPUTY_DIRECTOR):
        may = GIVEN_BY_DEPUTY
    return tuple(role for role in may if role in WAYS[institution.kind].roles)


def can_read_journal(user: User) -> bool:
    scope = user.scope
    return bool(scope.led or scope.districts or scope.is_administrator)


def _not_ended(person: Person) -> list[Employment]:
    """Employments that go on or have not begun; from memory where they are loaded."""
    return [job for job in person.employments.all() if job.ends_on is None or job.ends_on >= today()]
