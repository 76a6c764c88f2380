"""Who may do what with a plan, one line each. Moves of documents are judged in ``schools.approval``."""

from django.db.models import Q, QuerySet

from plans.actions import MODELS
from plans.content import Plan
from schools.choices import PERSONAL, STEP_ACTIONS, Action, DocumentKind, Work
from schools.kinds import WAYS
from schools.models import Decision, Document, DocumentVersion, Institution, Meeting, MethodicalAssociation, User


def can_edit(user: User, plan: Document) -> bool:
    """The working copy is its writers', while nobody has it before them for a decision."""
    return plan.is_editable and plan.is_written_by(user)


def can_delete(user: User, plan: Document) -> bool:
    """What was never sent may go; a plan written by two is the young specialist's, so the mentor deletes none."""
    return plan.is_editable and (
        plan.author_id == user.person_id if plan.kind in PERSONAL else plan.is_written_by(user)
    )


def can_read_working_copy(user: User, plan: Document) -> bool:
    return plan.is_written_by(user)


def can_read_perspective_plan(user: User, institution: Institution) -> bool:
    """Who leads or keeps the papers of the school, its district, the institute: it tells of everybody's plans.

    It is made of individual plans; where departments plan for their lecturers, that plan is a paper of its own.
    """
    scope = user.scope
    if not WAYS[institution.kind].uses(DocumentKind.INDIVIDUAL_PLAN):
        return False
    return institution.pk in scope.served or institution.district_id in scope.districts or scope.is_institute_viewer


def can_read_internships(user: User, institution: Institution) -> bool:
    """Which internships were told of in time: whoever reads all papers of the institution (004 6.6)."""
    return institution.pk in user.scope.served


def can_read_all_plans(user: User, institution: Institution) -> bool:
    """The plans of all departments on one paper: who leads the institution, keeps its papers or sees to quality.

    Where there are no faculties one plan is made for the whole institution.
    """
    return WAYS[institution.kind].has_faculties and institution.pk in user.scope.served


def visible_plan(user: User, pk: int) -> Plan | None:
    """The plan behind a document the user may see, with what its page shows: two queries."""
    visible = Document.objects.visible_to(user).filter(pk=pk)
    related = ("author", "institution__district", "association", "current_version", "in_force")
    kind = visible.values_list("kind", flat=True).first()
    if kind not in MODELS:
        return None
    return MODELS[kind].objects.select_related(*related).filter(pk=pk).first()


def visible_versions(user: User, plan: Document) -> QuerySet[DocumentVersion]:
    """Every version that was submitted; the district and above see only those that were approved."""
    if plan.is_inside_for(user):
        return plan.versions.all()
    return plan.versions.filter(decisions__action=Action.APPROVE)


def visible_decisions(user: User, plan: Document) -> QuerySet[Decision]:
    """The whole history at school; from outside, how the versions in force came to be."""
    decisions = Decision.objects.filter(version__document=plan)
    if plan.is_inside_for(user):
        return decisions
    return decisions.filter(
        action__in=[Action.SUBMIT, *STEP_ACTIONS], version__in=visible_versions(user, plan).values("pk")
    )


def associations_to_meet(user: User) -> QuerySet[MethodicalAssociation]:
    """Associations the user heads, and those whose papers wait for the user in a head's place."""
    waiting = Document.objects.awaiting(user).filter(state="submitted", current_version__route__0__needs_minutes=True)
    return MethodicalAssociation.objects.headed_by(user) | MethodicalAssociation.objects.filter(
        pk__in=waiting.values("association")
    )


def can_read_meetings(user: User, institution: Institution) -> bool:
    """Whoever serves the school or decides on its plans; heads and deans read those of their units."""
    inside = user.scope.served | user.scope.entrusted(Work.PLANS)
    return institution.pk in inside or institution.associations.read_by(user).exists()


def visible_meetings(user: User) -> QuerySet[Meeting]:
    """Of the schools one serves or decides on plans of, of one's associations and of those of one's faculty."""
    scope = user.scope
    at_school = Q(association__institution__in=scope.served | scope.entrusted(Work.PLANS))
    of_units = Q(association__in=scope.associations) | Q(association__part_of__in=scope.faculties)
    return Meeting.objects.filter(at_school | of_units)


def can_read_meeting(user: User, meeting: Meeting) -> bool:
    """As :func:`visible_meetings`, of one that is at hand with its association."""
    scope, unit = user.scope, meeting.association
    inside = scope.served | scope.entrusted(Work.PLANS)
    return unit.institution_id in inside or unit.pk in scope.associations or unit.part_of_id in scope.faculties
