"""Who may do what with a learning need, one line each; who reads it says ``LearningNeed.objects.visible_to``."""

from plans.models import LearningNeed
from schools.choices import Work
from schools.models import Employment, Institution, User
from schools.models.people import EmploymentQuerySet


def is_own(user: User, need: LearningNeed) -> bool:
    return need.employment.person_id == user.person_id


def can_enter_for(user: User, institution: Institution | int) -> bool:
    """What the school asks of its teachers is told by who leads it, or has that work."""
    key = institution if isinstance(institution, int) else institution.pk
    return key in user.scope.making(Work.NEEDS)


def can_read_needs_of(user: User, institution: Institution) -> bool:
    """The list of the school: who serves it or has that work, and heads of its associations for their members."""
    scope = user.scope
    inside = scope.served | scope.entrusted(Work.NEEDS)
    return institution.pk in inside or institution.associations.filter(pk__in=scope.associations).exists()


def can_read_request(user: User, need: LearningNeed) -> bool:
    """Whether the request that counts it is the reader's to open: whoever serves the school, or has that work."""
    return need.employment.institution_id in user.scope.served | user.scope.making(Work.NEEDS)


def jobs_read_by(user: User, institution: Institution) -> EmploymentQuerySet:
    """Teaching posts of the school whose needs the user reads, whatever the day."""
    scope = user.scope
    jobs = Employment.objects.filter(institution=institution).teaching()
    if institution.pk in scope.served | scope.entrusted(Work.NEEDS):
        return jobs
    return jobs.filter(association__in=scope.associations)


def can_change(user: User, need: LearningNeed) -> bool:
    """One's own words; what the school entered is the school's to change. Nothing that was taken back."""
    if need.withdrawn_at is not None:
        return False
    if is_own(user, need):
        return need.entered_by_id == user.person_id
    return need.entered_by_id != need.employment.person_id and can_enter_for(user, need.employment.institution_id)
