"""Who reads which version of a schedule, and who may do what with it. Moves are judged in ``schools.approval``."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Schedule
from cpd.dates import school_year
from schools.choices import Action, DocumentKind, State
from schools.models import Decision, District, Document, DocumentVersion, Institution, MethodicalAssociation, User
from schools.scope import in_any

RELATED = ("institution__district", "association", "author", "current_version", "in_force")


def schedules_seen(user: User) -> QuerySet[Schedule]:
    """Those whose page shows the user anything: of an office one holds, or with a version one may read."""
    documents = Document.objects.visible_to(user)
    mine = Q(pk__in=Document.objects.written_by(user).values("pk"))
    read = Exists(_versions_read(user).filter(document=OuterRef("pk")))
    return Schedule.objects.filter(mine | read, pk__in=documents.values("pk"))


def visible_schedule(user: User, pk: int) -> Schedule | None:
    """The schedule the user may see, with what its page shows; one query."""
    return schedules_seen(user).select_related(*RELATED).filter(pk=pk).first()


def versions_seen(user: User, schedule: Schedule) -> QuerySet[DocumentVersion]:
    """What of a schedule that is seen the user may read; see ``_versions_read``."""
    return _versions_read(user).filter(document=schedule.pk)


def stands(schedule: Schedule) -> int | None:
    """The key of the version in force, where nothing else is under way: a change that was closed, sent and then given
    up stays in the history only. None where the newest version is what counts."""
    return schedule.in_force_id if schedule.state in (State.APPROVED, State.DRAFT) else None


def version_read(user: User, schedule: Schedule) -> DocumentVersion | None:
    """What a reader reads first: the version that stands, or else the newest one seen; never the working copy."""
    seen = versions_seen(user, schedule)
    if key := stands(schedule):
        return seen.filter(pk=key).first()
    return seen.order_by("-number").first()


def can_edit(user: User, schedule: Schedule) -> bool:
    """The working copy is its office's, while nobody has it before them for a decision."""
    return schedule.is_editable and schedule.is_written_by(user)


def schedules_shown(user: User, institution: Institution, years: Iterable[int]) -> QuerySet[Schedule]:
    """A school's own schedules of some school years, as far as their page shows this user anything."""
    return schedules_seen(user).filter(
        kind=DocumentKind.SCHOOL_SCHEDULE,
        institution=institution,
        starts_on__in=[school_year(year).starts_on for year in years],
    )


def can_read_desk(user: User, district: District) -> bool:
    """What the schools of a district sent: its own officers, and the republican institute."""
    return user.scope.is_institute_viewer or can_keep_desk(user, district)


def can_keep_desk(user: User, district: District) -> bool:
    """Receiving, reminding and the deadline are the district's own."""
    return district.pk in user.scope.districts


def is_of_the_school(user: User, schedule: Schedule) -> bool:
    """Whether the reader is told how a version came about, and reads those that were never sent."""
    scope = user.scope
    return (
        schedule.is_written_by(user)
        or schedule.institution_id in scope.served | scope.scheduled
        or schedule.association_id in scope.associations
    )


def _versions_read(user: User) -> QuerySet[DocumentVersion]:
    """Every version inside the school. Outside it those that were sent and not withdrawn before anybody saw them:
    its district and its heads of associations read them when they are sent, all others once they are accepted.
    """
    scope = user.scope
    inside = in_any(document__institution=scope.served | scope.scheduled, document__association=scope.associations)
    at_once = in_any(document__institution__district=scope.districts)
    if scope.associations:
        at_once |= Q(document__institution__in=MethodicalAssociation.objects.headed_by(user).values("institution"))
    made = Decision.objects.filter(version=OuterRef("pk"))
    sent = Exists(made.filter(action=Action.SEND)) & ~Exists(made.filter(action=Action.WITHDRAW))
    accepted = Exists(made.filter(action=Action.APPROVE))
    return DocumentVersion.objects.filter(inside | Q(sent) & (at_once | Q(accepted)))
