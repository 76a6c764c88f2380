"""What the page of hours is told: where each job stands, and the hours that are planned and not attended yet."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from courses.explanation import Standing
from courses.facts import facts_of, policy_from, records_of
from courses.models import HoursPolicy
from courses.rules import judge
from plans.rules import planned_hours
from schools.choices import DocumentKind
from schools.models import Document, Employment

Place = tuple[int, int]  # person and institution


def standings_of(jobs: Iterable[Employment], on: dt.date, attended: Collection[str] = ()) -> list[Standing]:
    """Where each job stands on a day, in the order given, with the text of its rule: six queries.

    ``attended`` are the uids of planned items that a record fulfils.
    """
    jobs = list(jobs)
    if not jobs:
        return []
    norms = {norm.code: norm for norm in HoursPolicy.objects.select_related("legal_act").order_by("pk")}
    policies = [policy_from(norm) for norm in norms.values()]
    facts, records = facts_of(jobs, on), records_of(job.person_id for job in jobs)
    planned = planned_hours_of(jobs, on, attended)
    found = []
    for job in jobs:
        judgement = judge(facts[job.pk], records.get(job.person_id, []), policies, on)
        rule = norms[judgement.counted_by.code] if judgement.counted_by else None
        found.append(Standing(job, judgement, rule, planned.get((job.person_id, job.institution_id), Decimal())))
    return found


def planned_hours_of(jobs: Sequence[Employment], on: dt.date, attended: Collection[str]) -> dict[Place, Decimal]:
    """The hours of the individual plan in force on a day that nobody has attended yet (rules §7, a third figure).

    Of several plans the one that began last, as for the demand; the text is that of the version in force.
    """
    plans = Document.objects.filter(
        kind=DocumentKind.INDIVIDUAL_PLAN,
        in_force__isnull=False,
        author__in={job.person_id for job in jobs},
        institution__in={job.institution_id for job in jobs},
        starts_on__lte=on,
    )
    in_order = plans.order_by("starts_on", "ends_on").values_list("author", "institution", "in_force__content")
    return {
        (author, institution): planned_hours({"rows": [row for row in content["rows"] if row["uid"] not in attended]})
        for author, institution, content in in_order
    }
