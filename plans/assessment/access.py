"""Who may answer, and from which job needs are passed on; who reads says ``SelfAssessment.objects.visible_to``."""

import datetime as dt

from django.db.models import QuerySet

from cpd.dates import school_year_of, today
from plans.models import LearningNeed, SelfAssessment
from plans.needs.access import can_change
from schools.models import Employment, User
from schools.models.documents import EDITABLE


def can_answer(assessment: SelfAssessment, on: dt.date) -> bool:
    """Until its school year is over. Later answers would change what the next year is compared with."""
    return assessment.school_year == school_year_of(on)


def years_to_choose(assessment: SelfAssessment) -> list[int]:
    """The school years that needs of a sheet can be passed on for: its own and the one after it."""
    return [assessment.school_year, assessment.school_year + 1]


def proposed_year(on: dt.date) -> int:
    """From January on the next school year, whose request the school makes then; before that the present one."""
    return on.year


def jobs_of(user: User) -> QuerySet[Employment]:
    """The teaching posts of today, the main one first."""
    jobs = Employment.objects.on(today()).teaching().filter(person=user.person_id)
    return jobs.select_related("institution").prefetch_related("subjects").order_by("-is_main", "pk")


def is_told_by(user: User, need: LearningNeed) -> bool:
    """Whether what stands beside a need are the user's own words."""
    return need.entered_by_id == user.person_id


def can_take_back(user: User, need: LearningNeed) -> bool:
    """One's own need, while no request that the school handed in counts it. The need comes with its row's request."""
    if not can_change(user, need):
        return False
    return need.row is None or (need.row.request.state in EDITABLE and need.row.request.in_force_id is None)
