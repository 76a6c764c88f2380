"""Two screens of one head choose somebody to go at the same moment: real threads; one of them is told of the other."""

import uuid
from functools import partial

import pytest

from plans.lecturers.replacing import replace_lecturer, rows_in_force
from plans.models import DepartmentPlan, Replacement
from schools.approval import ChangedMeanwhile
from schools.choices import Action, Event
from schools.models import AuditEntry
from tests.campus import Campus
from tests.conftest import at_once
from tests.factories import again
from tests.plans.departments_told import department_plan, moved, planned, submitted

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_of_two_who_choose_at_once_one_is_told_of_the_other(campus: Campus) -> None:
    plan = submitted(planned(department_plan(campus.head, campus.department), campus.lecturer), campus.head)
    plan = moved(plan, Action.APPROVE, campus.dean)
    [row] = rows_in_force(plan).values()
    choose = partial(replace_lecturer, uid=uuid.UUID(row.uid), seen=row.seen, reason="Ооруп калды")
    answers = at_once(
        *(
            partial(choose, plan=DepartmentPlan.objects.get(pk=plan.pk), by=again(campus.head), person=user.person_id)
            for user in (campus.colleague, campus.other_lecturer)
        )
    )
    assert {type(answer) for answer in answers} == {Replacement, ChangedMeanwhile}
    made = Replacement.objects.get()
    refused = next(answer for answer in answers if isinstance(answer, ChangedMeanwhile))
    assert made.person.full_name in refused.message
    assert AuditEntry.objects.filter(event=Event.LECTURER_REPLACED).count() == 2
