"""Who reads which version of a schedule, and who may do what with it. Moves are judged in ``schools.approval``."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from courses.models import Schedule
from cpd.dates import school_year
from schools.choices import Action, DocumentKind
from schools.models import District, Document, DocumentVersion, Institution, User

RELATED = ("institution__district", "association", "author", "current_version", "in_force")


def visible_schedule(user: User, pk: int) -> Schedule | None:
    """The schedule behind a document the user may see, with what its page shows; one query."""
    visible = Document.objects.visible_to(user).filter(pk=pk).values("pk")
    return Schedule.objects.select_related(*RELATED).filter(pk__in=visible).first()


def versions_seen(user: User, schedule: Schedule) -> QuerySet[DocumentVersion]:
    """Every version inside the school; outside it those that were sent and not withdrawn before anybody saw them."""
    if is_of_the_school(user, schedule):
        return schedule.versions.all()
    sent = schedule.versions.filter(decisions__action=Action.SEND)
    return sent.exclude(decisions__action=Action.WITHDRAW)


def version_read(user: User, schedule: Schedule) -> DocumentVersion | None:
    """What a reader reads first: the newest version seen; never the working copy."""
    return versions_seen(user, schedule).order_by("-number").first()


def can_edit(user: User, schedule: Schedule) -> bool:
    """The working copy is its office's, while nobody has it before them for a decision."""
    return schedule.is_editable and schedule.is_written_by(user)


def schedules_shown(user: User, institution: Institution, years: Iterable[int]) -> QuerySet[Schedule]:
    """A school's own schedules of some school years, as far as their page shows this user anything."""
    visible = Document.objects.visible_to(user).values("pk")
    found = Schedule.objects.filter(
        pk__in=visible,
        kind=DocumentKind.SCHOOL_SCHEDULE,
        institution=institution,
        starts_on__in=[school_year(year).starts_on for year in years],
    )
    if institution.pk in user.scope.served:
        return found
    sent = DocumentVersion.objects.filter(document=OuterRef("pk"), decisions__action=Action.SEND)
    return found.filter(Exists(sent.exclude(decisions__action=Action.WITHDRAW)))


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
        or schedule.institution_id in scope.served
        or schedule.association_id in scope.associations
    )
