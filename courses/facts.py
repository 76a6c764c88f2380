"""The bridge of the hours rule: rows become the plain data that ``courses.rules`` judges, in few queries for many."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.db.models import Value, prefetch_related_objects
from django.utils.timezone import localdate

from courses import rules
from courses.models import ConfirmedPair, HoursPolicy, ProviderRight, TrainingRecord
from cpd.dates import Period
from schools.choices import DocumentKind
from schools.models import Document, Employment, Institution, Leave, Person

Days = tuple[dt.date, dt.date | None]
Right = Mapping[str, Any]

# What a rule and its row call by the same name.
SAME_IN_POLICY = {field.name for field in fields(rules.Policy)} - {"institution", "req_hours"}
SAME_IN_RECORD = (
    "id", "starts_on", "ends_on", "precision", "amount", "unit", "approved_hours", "kind", "category", "block",
    "delivery_mode", "role", "document_type", "document_number", "document_key", "document_on", "status",
)  # fmt: skip
OTHERS_OF_RECORD = (
    "person", "institution", "institution__district", "title_key", "provider", "file", "file__original_sha256",
    "recognition", "entered_at",
)  # fmt: skip


def policies() -> tuple[rules.Policy, ...]:
    """All hours rules there are, drafts and ended ones too: which of them judges is for the engine to say."""
    return tuple(policy_from(row) for row in HoursPolicy.objects.order_by("pk"))


def policy_from(row: HoursPolicy) -> rules.Policy:
    """One rule as the engine reads it; its act and clause stay behind."""
    return rules.Policy(
        institution=row.institution_id,
        req_hours=row.required_hours,
        **{name: getattr(row, name) for name in SAME_IN_POLICY},
    )


def facts_of(employments: Iterable[Employment], on: dt.date) -> dict[int, rules.Facts]:
    """What the rule is told of each employment, by its key: two queries, and one where institutions are not loaded."""
    jobs = list(employments)
    prefetch_related_objects(jobs, "institution")
    people = {job.person_id for job in jobs}
    plans, leaves = _plans_and_leaves_of(people, {job.pk for job in jobs}, on)
    pairs = _confirmed_pairs_of(people)
    return {
        job.pk: rules.Facts(
            institution_kind=job.institution.kind,
            institution=job.institution_id,
            staff_group=job.staff_group,
            employed_from=job.starts_on,
            plans=tuple(plans[job.person_id, job.institution_id]),
            confirmed_pairs=frozenset(pairs[job.person_id]),
            leaves=tuple(leaves.get(job.pk, ())),
        )
        for job in jobs
    }


def records_of(people: Iterable[Person | int]) -> dict[int, list[rules.Record]]:
    """The records of people by the person's key, the earliest first: two queries. Who has none is not in it."""
    keys = {person.pk if isinstance(person, Person) else person for person in people}
    rows = list(TrainingRecord.objects.filter(person__in=keys).values(*SAME_IN_RECORD, *OTHERS_OF_RECORD))
    rights = _rights_of({row["provider"] for row in rows if row["provider"]})
    found: dict[int, list[rules.Record]] = defaultdict(list)
    for row in rows:
        found[row["person"]].append(
            rules.Record(
                title=row["title_key"],
                provider=row["provider"],
                provider_rights=_known_in(row["institution"], row["institution__district"], rights[row["provider"]]),
                has_file=row["file"] is not None,
                file_hash=row["file__original_sha256"] or "",
                recognised=row["recognition"] != "",
                entered_on=localdate(row["entered_at"]),
                **{name: row[name] for name in SAME_IN_RECORD},
            )
        )
    return dict(found)


def judgement_of(person: Person, institution: Institution, on: dt.date) -> rules.Judgement:
    """Where a person stands by the rule of one institution, whether or not they still work there."""
    return rules.judge(_facts_in(person, institution, on), records_of([person]).get(person.pk, []), policies(), on)


def judgements(employments: Iterable[Employment], on: dt.date) -> dict[int, rules.Judgement]:
    """The same for a page of employments, by their keys: five queries, and one where institutions are not loaded."""
    jobs = list(employments)
    facts, norms = facts_of(jobs, on), policies()
    records = records_of(job.person_id for job in jobs)
    return {job.pk: rules.judge(facts[job.pk], records.get(job.person_id, []), norms, on) for job in jobs}


def policy_of(institution: Institution, staff_group: str, on: dt.date) -> rules.Policy | None:
    """The rule in force for a group of an institution's staff on a day, or None."""
    told = rules.Facts(institution_kind=institution.kind, institution=institution.pk, staff_group=staff_group)
    return rules.policy_on(policies(), told, on)


def policies_over(jobs: Iterable[Employment], on: dt.date) -> list[rules.Policy]:
    """The rules in force for these employments, each once: one query, and institutions are loaded."""
    norms = policies()
    told = [
        rules.Facts(institution_kind=job.institution.kind, institution=job.institution_id, staff_group=job.staff_group)
        for job in jobs
    ]
    return list(dict.fromkeys(filter(None, (rules.policy_on(norms, one, on) for one in told))))


def rule_over(record: TrainingRecord, on: dt.date) -> rules.Policy | None:
    """The rule in force where a record is verified, for the staff its owner belongs to there, or None."""
    job = _last_job(record.person_id, record.institution_id)
    return policy_of(record.institution, job.staff_group if job else "", on)


def _last_job(person: int, institution: int) -> Employment | None:
    jobs = Employment.objects.filter(person=person, institution=institution)
    return jobs.order_by("-starts_on", "-pk").first()


def _facts_in(person: Person, institution: Institution, on: dt.date) -> rules.Facts:
    """By the last employment there; somebody who never worked there is told of only by plans and pairs."""
    job = _last_job(person.pk, institution.pk)
    if job:
        job.institution = institution
        return facts_of([job], on)[job.pk]
    return rules.Facts(
        institution_kind=institution.kind,
        institution=institution.pk,
        plans=tuple(plans_of({person.pk}, on)[person.pk, institution.pk]),
        confirmed_pairs=frozenset(_confirmed_pairs_of({person.pk})[person.pk]),
    )


def plans_of(people: set[int], on: dt.date) -> dict[tuple[int, int], list[Period]]:
    """The individual plans in force that have begun, by person and institution."""
    return _plans_and_leaves_of(people, set(), on)[0]


def _plans_and_leaves_of(
    people: set[int], jobs: set[int], on: dt.date
) -> tuple[dict[tuple[int, int], list[Period]], dict[int, list[rules.Leave]]]:
    """The plans by person and institution, and the long leaves from employments by their keys: one query for both."""
    plans = Document.objects.filter(
        kind=DocumentKind.INDIVIDUAL_PLAN, in_force__isnull=False, author__in=people, starts_on__lte=on
    ).order_by()
    begun = plans.values_list("author", "institution", "starts_on", "ends_on", Value(0))  # no employment is 0
    away = Leave.objects.filter(employment__in=jobs).order_by()
    columns = ("employment__person", "employment__institution", "starts_on", "ends_on", "employment")
    found: dict[tuple[int, int], list[Period]] = defaultdict(list)
    leaves: dict[int, list[rules.Leave]] = defaultdict(list)
    for person, institution, starts_on, ends_on, job in begun.union(away.values_list(*columns), all=True):
        if job:
            leaves[job].append((starts_on, ends_on))
        else:
            found[person, institution].append(Period(starts_on, ends_on))
    return found, {job: sorted(told, key=lambda leave: leave[0]) for job, told in leaves.items()}


def leaves_of(jobs: Iterable[int]) -> dict[int, list[rules.Leave]]:
    """The long leaves from employments, by the employment's key: one query."""
    found: dict[int, list[rules.Leave]] = defaultdict(list)
    leaves = Leave.objects.filter(employment__in=list(jobs)).order_by("starts_on", "pk")
    for job, starts_on, ends_on in leaves.values_list("employment", "starts_on", "ends_on"):
        found[job].append((starts_on, ends_on))
    return found


def _confirmed_pairs_of(people: set[int]) -> dict[int, set[rules.Pair]]:
    found: dict[int, set[rules.Pair]] = defaultdict(set)
    pairs = ConfirmedPair.objects.filter(first__person__in=people, revoked_at=None)
    for person, first, second in pairs.values_list("first__person", "first", "second"):
        found[person].add(frozenset((first, second)))
    return found


def _rights_of(providers: set[int]) -> Mapping[int | None, list[Right]]:
    """The rights to teach of providers, wherever they hold; under None, no organisation, there are none."""
    found: dict[int | None, list[Right]] = defaultdict(list)
    for right in ProviderRight.objects.filter(provider__in=providers).values(
        "provider", "institution", "district", "starts_on", "ends_on"
    ):
        found[right["provider"]].append(right)
    return found


def _known_in(institution: int, district: int, rights: list[Right]) -> tuple[Days, ...]:
    """The rights that hold where the record is verified: there, in its district, in the whole country."""
    return tuple(
        (right["starts_on"], right["ends_on"])
        for right in rights
        if right["institution"] in (None, institution) and right["district"] in (None, district)
    )
