"""What happens to people in the demo: a long leave, a move that waits for an answer, work handed over for a month."""

import datetime as dt
from collections import Counter

from cpd.dates import SCHOOL_YEAR_BEGINS, today
from plans.demo.people import Job, Town
from schools.choices import LeaveKind, Role, Work
from schools.delegations import hand_over
from schools.leaves import enter_leave
from schools.models import Delegation, Leave, Transfer
from schools.transfers import propose_transfer

ORDER = "48"
LEAVE_DAYS, MOVES_IN, HANDED_FOR = 540, 21, 30  # days


def write(town: Town) -> Counter[str]:
    """Returns how many of each."""
    here = town.job_of("teacher").employment.institution
    there = town.job_of("stranger").employment.institution
    plain = [job for job in town.jobs if job.employment.institution == here and _is_plain(town, job)]
    [clerk, *_more] = town.holders(Role.CLERK, here.pk)
    [deputy, *_more] = town.holders(Role.DEPUTY_DIRECTOR, here.pk)
    [director, *_more] = town.holders(Role.DIRECTOR, there.pk)
    away, mover = plain[-2:]
    begins = max(dt.date(town.year, SCHOOL_YEAR_BEGINS, 1), away.employment.starts_on)
    enter_leave(
        employment=away.employment,
        by=clerk,
        kind=LeaveKind.CHILDCARE,
        starts_on=begins,
        ends_on=begins + dt.timedelta(days=LEAVE_DAYS),
        order_number=ORDER,
    )
    propose_transfer(
        employment=mover.employment,
        institution=there,
        by=director,
        position=mover.employment.position,
        moves_on=today() + dt.timedelta(days=MOVES_IN),
    )
    hand_over(
        institution=here,
        taker=town.job_of("head2").person,
        works=[Work.PLANS],
        starts_on=today(),
        ends_on=today() + dt.timedelta(days=HANDED_FOR),
        by=deputy,
    )
    return Counter(
        long_leaves=Leave.objects.count(), transfers=Transfer.objects.count(), delegations=Delegation.objects.count()
    )


def _is_plain(town: Town, job: Job) -> bool:
    """A teacher whom nobody signs in as in the pictures, and who leads nothing."""
    leads = any(role.person_id == job.person.pk for role in town.roles)
    return job.employment.is_teaching and job.employment.association_id is not None and not (leads or job.login)
