"""What of plans rests on a mentorship, so that it cannot be taken back as entered by mistake."""

from plans.models import InductionMark
from schools.models import Mentorship


def marked(mentorship: Mentorship) -> bool:
    """Whether the mentor marked a row of the young specialist's plan there since the first day."""
    marks = InductionMark.objects.filter(by=mentorship.mentor_id, at__date__gte=mentorship.starts_on)
    return marks.filter(plan__author=mentorship.mentee_id, plan__institution=mentorship.institution_id).exists()


RESTS = marked
