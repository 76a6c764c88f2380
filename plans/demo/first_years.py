"""Plans of young specialists: one approved by an order and marked by the mentor, one still being written."""

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from cpd.dates import Period
from plans import actions
from plans.demo.people import NEWCOMER, Job, Town, september
from plans.induction.facts import duty_of
from plans.induction.marks import mark_row
from plans.models import InductionPlan
from schools import approval
from schools.approval import Order
from schools.choices import Action, DocumentKind, Role
from schools.models import Mentorship

COLUMNS = ("direction", "activity", "activity_form", "plan_year", "expected_result")
ROWS = (
    (
        "Сабакты пландоо",
        "Насаатчынын сабактарына катышып, байкоо жүргүзүү",
        "байкоо, талкуу",
        1,
        "Сабактын планын өз алдынча түзөт",
    ),
    (
        "Классты башкаруу",
        "Класста тартипти кармоонун ыкмаларын насаатчы менен үйрөнүү",
        "практика",
        1,
        "Сабакта убакытты туура бөлөт",
    ),
    (
        "Баалоо",
        "Критерийлик баалоо боюнча тапшырмаларды түзүү",
        "өз алдынча иш",
        2,
        "Ар бир бөлүм үчүн баалоо критерийлери бар",
    ),
    (
        "Тажрыйба бөлүшүү",
        "Бирикменин алдында ачык сабак өткөрүү",
        "ачык сабак",
        3,
        "Ачык сабактын планы жана талдоосу",
    ),
)


def write(town: Town) -> Counter[str]:
    """The newcomer's plan in force, and a draft of the next youngest colleague's."""
    newcomer = town.job_of(NEWCOMER)
    plan = _begun(town, newcomer, ROWS)
    _approved(town, plan)
    _begun(town, _next_youngest(town, newcomer), ROWS[:2])
    return Counter({DocumentKind.INDUCTION_PLAN: 2})


def _begun(town: Town, job: Job, rows: Sequence[tuple[str | int, ...]]) -> InductionPlan:
    duty = duty_of(job.employment, town.day)
    if duty.starts_on is None or duty.ends_on is None:
        raise LookupError("no rule says how long the plan of a young specialist is")
    user, period = town.user(job), Period(duty.starts_on, duty.ends_on)
    plan = actions.start_plan(by=user, kind=DocumentKind.INDUCTION_PLAN, employment=job.employment, period=period)
    typed = [_typed(town.rng, row) for row in rows]
    actions.save_plan(plan=plan, by=user, seen=plan.revision, header={}, rows=typed)
    return InductionPlan.objects.get(pk=plan.pk)


def _typed(rng: random.Random, row: tuple[str | int, ...]) -> dict[str, Any]:
    """What the form would send, with a uid that is the same at every loading."""
    uid = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return {"uid": uid, "month": None, **dict(zip(COLUMNS, row, strict=True))}


def _approved(town: Town, plan: InductionPlan) -> None:
    mentor = Mentorship.objects.on(town.day).get(mentee=plan.author_id).mentor.user
    actions.submit_plan(plan=plan, by=mentor, seen=plan.revision)
    plan.refresh_from_db()
    [director, *_others] = town.holders(Role.DIRECTOR, plan.institution_id)
    order = Order("21", max(plan.starts_on, min(town.day, plan.starts_on + dt.timedelta(days=40))))
    approval.perform(plan, Action.APPROVE, by=director, seen=plan.revision, order=order)
    plan = InductionPlan.objects.get(pk=plan.pk)
    first = plan.rows.all()[0]
    mark_row(plan=plan, uid=first.uid, by=mentor, done_on=order.issued_on, note="Алты сабакка катышты")


def _next_youngest(town: Town, newcomer: Job) -> Job:
    """Of the newcomer's school, in the second year there, with a mentor of the association of "head"."""
    school, head = newcomer.employment.institution_id, town.job_of("head")
    colleagues = [job for job in town.jobs if job.employment.institution_id == school and not job.login]
    found = max(colleagues, key=lambda job: (job.person.teaching_since or dt.date.min, job.person.pk))
    hired_on = september(town.year - 1)
    found.employment.starts_on, found.employment.is_young_specialist = hired_on, True
    found.employment.save(update_fields=["starts_on", "is_young_specialist"])
    found.person.teaching_since = hired_on
    found.person.save(update_fields=["teaching_since"])
    starts_on = september(town.year)
    Mentorship.objects.create(
        institution=found.employment.institution,
        mentor=head.person,
        mentee=found.person,
        order_number="15",
        ordered_on=starts_on,
        starts_on=starts_on,
    )
    return found
