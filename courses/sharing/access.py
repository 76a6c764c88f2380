"""Who reads, plans and tells of what is shared after courses, one line each."""

from django.db.models import Q, QuerySet

from courses.choices import RecordStatus
from courses.models import SharingEvent, TrainingRecord
from cpd.dates import school_year_of, today
from schools.models import Employment, Institution, MethodicalAssociation, Person, User


def can_share(user: User, record: TrainingRecord) -> bool:
    """One's own course, and only once it is verified."""
    return record.person_id == user.person_id and record.status == RecordStatus.VERIFIED


def is_owner(user: User, event: SharingEvent) -> bool:
    return event.record.person_id == user.person_id


def can_edit(user: User, event: SharingEvent) -> bool:
    """The teacher's own always; whoever may plan it, as long as it is a plan."""
    return is_owner(user, event) or (event.held_on is None and _is_planner(user, event))


def is_of_past_year(event: SharingEvent) -> bool:
    """Held in a school year that is over: the paper of that year names it."""
    return event.held_on is not None and event.school_year < school_year_of(today())


def can_delete(user: User, event: SharingEvent) -> bool:
    return can_edit(user, event) and not is_of_past_year(event)


def is_verified(event: SharingEvent) -> bool:
    """Whether its course stands; until it does again, what was shared of it is not changed."""
    return event.record.status == RecordStatus.VERIFIED


def associations_read(user: User) -> QuerySet[MethodicalAssociation]:
    """Those one heads or is the dean over, and those of the schools one serves."""
    return MethodicalAssociation.objects.read_by(user).select_related("institution")


def can_plan_association(user: User, association: MethodicalAssociation) -> bool:
    return association.pk in user.scope.associations


def can_read_school(user: User, institution: Institution) -> bool:
    return institution.pk in user.scope.served


def can_plan_school(user: User, institution: Institution) -> bool:
    """For the teachers of no association: there is no head who would."""
    return institution.pk in user.scope.led


def can_read_person(user: User, person: Person) -> bool:
    """Oneself, and the teachers of today of the schools one serves and of the associations one reads of."""
    units = MethodicalAssociation.objects.read_by(user).values("pk")
    reach = Q(institution__in=user.scope.served) | Q(association__in=units)
    jobs = Employment.objects.on(today()).filter(person=person)
    return person.pk == user.person_id or jobs.filter(reach).exists()


def _is_planner(user: User, event: SharingEvent) -> bool:
    if event.association_id:
        return event.association_id in user.scope.associations
    return event.institution_id in user.scope.led
