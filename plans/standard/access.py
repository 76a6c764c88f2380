"""Who may do what with the professional standard, one line each. Everybody who is signed in reads it."""

from plans.models import LearningNeed, PortfolioEntry, ProfessionalStandard, SelfAssessment
from schools.models import User


def can_keep_standard(user: User) -> bool:
    """The labels, the tags and the versions: the institute, whose matter the content of learning is, and whoever
    administers the system."""
    return user.scope.is_country_wide


def can_change_scale(user: User, standard: ProfessionalStandard) -> bool:
    """While nobody has placed themselves on the scale: else an answer would mean something else than it did."""
    return can_keep_standard(user) and not is_in_use(standard)


def can_correct_version(user: User, standard: ProfessionalStandard) -> bool:
    """Its number, first day and source, or that there is such a version at all: while nothing rests on it."""
    return can_keep_standard(user) and not is_referred_to(standard)


def is_in_use(standard: ProfessionalStandard) -> bool:
    return SelfAssessment.objects.filter(standard=standard).exists()


def is_referred_to(standard: ProfessionalStandard) -> bool:
    """Whether a self-assessment, a need or an entry of a portfolio names it, a competence or a unit of it."""
    return (
        is_in_use(standard)
        or LearningNeed.objects.filter(competence__unit__standard=standard).exists()
        or PortfolioEntry.objects.filter(unit__standard=standard).exists()
    )
