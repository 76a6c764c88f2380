"""Accounts of the people of an institution: who may keep whose, what they are called, closing, opening, sessions."""

from collections.abc import Collection, Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cpd.dates import today
from schools import audit
from schools.access import roles_to_give
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import LEADING_ROLES, SCHOOL_ROLES, UNIT_ROLES, Event, Role
from schools.models import Delegation, District, Employment, Institution, Invitation, Person, RoleAssignment, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none

# Kyrgyz and its neighbours in Latin letters, for names that every phone can type.
_LATIN = str.maketrans(
    {
        **dict(zip("абвгдеёжзийклмнңоөпрстуүфхыэ", "abvgdeejziiklmnnooprstuufhye", strict=True)),
        **dict(zip("әғіїқўһҳґ", "agiikuhhg", strict=True)),
        **{"ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "iu", "я": "ia", "җ": "j", "ұ": "u", "ъ": "", "ь": ""},
    }
)


class Standing(TextChoices):
    """How somebody stands with signing in."""

    NONE = "none", pgettext_lazy("account", "No account")
    INVITED = "invited", pgettext_lazy("account", "Invited")
    ACCOUNT = "account", pgettext_lazy("account", "Has an account")
    CLOSED = "closed", pgettext_lazy("account", "Closed")


def living() -> QuerySet[Person]:
    """Everybody but records that go on as another one or were made nameless."""
    return Person.objects.filter(merged_into=None, erased_at=None)


def people_of(institution: Institution) -> QuerySet[Person]:
    """Who works in an institution or holds a role there, today or from a later day."""
    return _with_job_or_role(Q(institution=institution), _at(institution))


def leaders_of(district: District) -> QuerySet[Person]:
    """Who leads an institution of the district, and who serves its office."""
    leading = _held().filter(
        Q(role__in=LEADING_ROLES, institution__district=district) | Q(role=Role.DISTRICT_OFFICER, district=district)
    )
    return living().filter(pk__in=leading.values("person"))


def in_care_of(user: User, institution: Institution) -> QuerySet[Person]:
    """The people of an institution whose account the user may keep.

    A slip opens an account to whoever holds it. So nobody gets one for a person who may do more than the user could
    let them do: not a deputy for the director, nobody for an officer of the district, and not by work that somebody
    else handed to them. Nor for oneself. And a second job gives its institution no hold of the account: that is kept
    where the main job is, or by whoever keeps accounts of both.
    """
    return _not_above(user, people_of(institution), institution)


def leaders_in_care_of(user: User, district: District) -> QuerySet[Person]:
    """The leaders of a district's institutions whose account its officer may keep; an administrator, officers too."""
    return _not_above(user, leaders_of(district), None)


def is_in_care_still(person: Person, user: User, institution: Institution | None) -> bool:
    """Whether the user keeps the person's account today: in that institution, or with none anywhere as an office."""
    scope = user.scope
    if institution is not None:
        people = people_of(institution)
    elif scope.is_administrator:
        people = living()
    else:
        people = _people_in(scope.districts)
    return _not_above(user, people, institution).filter(pk=person.pk).exists()


def has_main_job_elsewhere(person: Person, user: User, institution: Institution) -> bool:
    """Whether another institution keeps the account, because the person's main job is there."""
    return _main_jobs_elsewhere(user, institution).filter(person=person).exists()


def places_of(people: Collection[Person]) -> dict[int, Institution]:
    """The institution whose journal tells of an account, by the person's key: where they serve, else the main job."""
    jobs = Employment.objects.filter(person__in=people).exclude(ends_on__lt=today()).order_by("is_main", "-starts_on")
    roles = _held().filter(person__in=people, institution__isnull=False).order_by("-starts_on", "pk")
    found = {job.person_id: job.institution for job in jobs.select_related("institution")}
    led = {role.person_id: role.institution for role in roles.select_related("institution") if role.institution}
    return found | led


def with_standing(people: QuerySet[Person]) -> QuerySet[Person]:
    """With the account and, as ``open_invitations``, the slip that can still be used."""
    slips = Prefetch("invitations", Invitation.objects.open(), "open_invitations")
    return people.select_related("user").prefetch_related(slips)


def standing(people: QuerySet[Person], wanted: str) -> QuerySet[Person]:
    """Those of the people who stand so."""
    invited = Exists(Invitation.objects.open().filter(person=OuterRef("pk")))
    asked = {
        Standing.NONE: ~invited & Q(user=None),
        Standing.INVITED: invited & Q(user=None),
        Standing.ACCOUNT: Q(user__is_active=True),
        Standing.CLOSED: Q(user__is_active=False),
    }
    return people.filter(asked[Standing(wanted)])


def counted(people: QuerySet[Person]) -> dict[str, int]:
    """How many of the people are ``without`` an account and a slip, and how many have a slip that is open."""
    invited = Exists(Invitation.objects.open().filter(person=OuterRef("pk")))
    return people.order_by().aggregate(
        without=Count("pk", filter=~invited & Q(user=None)), invited=Count("pk", filter=Q(invited))
    )


def standing_of(person: Person) -> Standing:
    """How one of :func:`with_standing` stands."""
    account = getattr(person, "user", None)
    if account is not None:
        return Standing.ACCOUNT if account.is_active else Standing.CLOSED
    return Standing.INVITED if open_slip_of(person) else Standing.NONE


def open_slip_of(person: Person) -> Invitation | None:
    """The slip of one of :func:`with_standing` that can still be used."""
    slips: list[Invitation] = person.open_invitations  # type: ignore[attr-defined]
    return slips[0] if slips else None


# Names --------------------------------------------------------------------------------------------------------------


def propose_usernames(people: Collection[Person]) -> dict[int, str]:
    """A free name in Latin letters for each person, by key: «omuralieva.a», where that is taken «omuralieva.a2»."""
    wanted = {person.pk: _in_latin(person) for person in people}
    begun = Q(pk=None)
    for name in set(wanted.values()):
        begun |= Q(username__istartswith=name)
    taken = {name.lower() for name in User.objects.filter(begun).values_list("username", flat=True)}
    proposed: dict[int, str] = {}
    for pk, name in wanted.items():
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}{number}"
        taken.add(free)
        proposed[pk] = free
    return proposed


def _in_latin(person: Person) -> str:
    family, given = (
        "".join(sign for sign in name.lower().translate(_LATIN) if sign.isascii() and sign.isalnum())
        for name in (person.family_name, person.given_name)
    )
    return ".".join(filter(None, (family, given[:1]))) or "user"


# Acts ---------------------------------------------------------------------------------------------------------------


def close_account(account: User, *, by: User, institution: Institution | None) -> None:
    """Nobody signs in with it any more, from the next request on. Slips that could open it are revoked."""
    with transaction.atomic():
        if not User.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
            raise ChangedMeanwhile(_("This account is closed already."))
        Invitation.objects.filter(person=account.person_id, used_at=None, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        end_sessions(account)
        audit.note(Event.ACCOUNT_CLOSED, by=by, subject=account.person, institution=institution, what=account.username)


def open_account(account: User, *, by: User, institution: Institution | None) -> None:
    """The person signs in again with the password they had."""
    with transaction.atomic():
        if not User.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
            raise ChangedMeanwhile(_("This account is open already."))
        audit.note(Event.ACCOUNT_OPENED, by=by, subject=account.person, institution=institution, what=account.username)


def remove_second_factor(account: User, *, by: User | None, institution: Institution | None) -> None:
    """For who lost the phone: the password alone opens the account until a second factor is set up anew."""
    with transaction.atomic():
        removed, _by_table = Authenticator.objects.filter(user=account).delete()
        if not removed:
            raise Refused(_("This account has no second factor."))
        end_sessions(account)
        audit.note(
            Event.SECOND_FACTOR_CHANGED, by=by, subject=account.person, institution=institution, what=account.username
        )


def end_sessions(account: User, *, but: str | None = None) -> int:
    """End every session of an account, except the one with the key ``but``; how many there were."""
    sessions: Iterable[UserSession] = UserSession.objects.filter(user=account).exclude(session_key=but or "")
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended


def has_second_factor(account: User) -> bool:
    return Authenticator.objects.filter(user=account, type__in=FACTORS).exists()


def _held() -> QuerySet[RoleAssignment]:
    """Roles of today, and those that begin later."""
    return RoleAssignment.objects.exclude(ends_on__lt=today()).order_by()


def _at(institution: Institution) -> Q:
    return Q(institution=institution) | Q(association__institution=institution)


def _in_districts(districts: Collection[int]) -> Q:
    return Q(institution__district__in=districts) | Q(association__institution__district__in=districts)


def _giveable(user: User, institution: Institution | None) -> QuerySet[RoleAssignment]:
    """The roles held that the user could give: in the user's districts, and in the one institution."""
    scope = user.scope
    if scope.is_administrator:
        return _held()
    theirs = Q(_in_districts(scope.districts), role__in=(*SCHOOL_ROLES, *UNIT_ROLES))
    if institution is not None:
        theirs |= Q(_at(institution), role__in=roles_to_give(user, institution))
    return _held().filter(theirs)


def _people_in(districts: Collection[int]) -> QuerySet[Person]:
    """Who works or holds a role in an institution of the districts, today or from a later day."""
    return _with_job_or_role(Q(institution__district__in=districts), _in_districts(districts))


def _with_job_or_role(jobs: Q, roles: Q) -> QuerySet[Person]:
    at_work = Employment.objects.filter(jobs).exclude(ends_on__lt=today())
    return living().filter(Q(pk__in=at_work.values("person")) | Q(pk__in=_held().filter(roles).values("person")))


def _not_above(user: User, people: QuerySet[Person], institution: Institution | None) -> QuerySet[Person]:
    """Without oneself, who may do more than the user could let them do, and whose account is kept elsewhere."""
    above = _held().exclude(pk__in=_giveable(user, institution).values("pk"))
    # Who does the work of somebody above may do as much; what one handed over oneself is no more than one has.
    givers = above.filter(person=OuterRef("giver"), institution=OuterRef("institution"), role__in=LEADING_ROLES)
    handed = Delegation.objects.filter(Exists(givers), ended_at=None, ends_on__gte=today()).order_by()
    takers = handed.exclude(giver=user.person_id).values("taker")
    elsewhere = _main_jobs_elsewhere(user, institution).values("person")
    others = people.exclude(pk=user.person_id)
    return others.exclude(pk__in=above.values("person")).exclude(pk__in=takers).exclude(pk__in=elsewhere)


def _main_jobs_elsewhere(user: User, institution: Institution | None) -> QuerySet[Employment]:
    """Main jobs neither in the institution nor in the user's districts; for an administrator there is no elsewhere.

    The one of today counts, and where there is none, one that begins later.
    """
    scope = user.scope
    jobs = Employment.objects.filter(is_main=True).exclude(ends_on__lt=today()).order_by()
    if scope.is_administrator:
        return jobs.none()
    begun = jobs.filter(starts_on__lte=today())
    deciding = jobs.filter(Q(starts_on__lte=today()) | ~Exists(begun.filter(person=OuterRef("person"))))
    return deciding.exclude(institution=institution).exclude(institution__district__in=scope.districts)
