"""Papers of one teacher: F03, the record of achieved goals, F29, the sheet for attestation, and the referral."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet
from django.utils.timezone import localdate

from courses import rules
from courses.choices import Precision, RecordStatus
from courses.facts import facts_of, judgement_of, policies, records_of
from courses.models import HoursPolicy, Seat, TrainingRecord
from courses.models.records import TrainingRecordQuerySet
from cpd.dates import Period, today
from cpd.pdf import render_pdf
from schools.models import Employment, Person
from schools.wording import words_of


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet of F03, and what they add up to, in hours."""

    rows: list[TrainingRecord]
    total: Decimal
    counted: Decimal


def record_pdf(person: Person, job: Employment | None) -> bytes:
    """F03 of everything the person has handed in, as written, the earliest first.

    What was learnt beside courses, noted or handed in, stands on a separate sheet (national regulation 5.3). The
    counted hours are those of the demand at ``job``, as of today.
    """
    judgement = judgement_of(person, job.institution, today()) if job else None
    records = {record.id: record for record in records_of([person]).get(person.pk, [])}
    return render_pdf(
        "pdf/f03.html",
        {
            "name": person.full_name,
            "school": job.institution.title_ky if job else "",
            "courses": _sheet(_handed_in(person).courses(), records, judgement),
            "beside": _sheet(_beside(person), records, judgement),
            "printed_on": today(),
        },
        words_of(job.institution if job else None),
    )


def _sheet(
    rows: QuerySet[TrainingRecord], records: Mapping[rules.RecordId, rules.Record], judgement: rules.Judgement | None
) -> Sheet:
    found = list(rows)
    known = (rules.hours_of(records[row.pk], judgement.counted_by if judgement else None) for row in found)
    counted = {row.record.id: row.hours for row in judgement.figure.rows} if judgement else {}
    return Sheet(
        rows=found,
        total=sum((hours for hours in known if hours is not None), Decimal()),
        counted=sum((counted.get(row.pk, Decimal()) for row in found), Decimal()),
    )


def attestation_pdf(person: Person, job: Employment, on: dt.date) -> bytes:
    """F29: what was learnt in the rule's years before the day of attestation, and what of it counts.

    Of schools 001 4.5.5 names five years. 003 1.5 names none: where a rule asks for one event, its own years stand for
    them, as on the page of hours, and of each record the sheet tells whether it is such an event; nothing is added up.
    """
    handed_in = list(_handed_in(person))
    facts = facts_of([job], on)[job.pk]
    records = records_of([person]).get(person.pk, [])
    judgement = rules.judge(facts, records, policies(), on)
    rule = judgement.counted_by
    figure = judgement.figure
    if rule and judgement.asks_for_event:
        away = rules.days_away(facts.leaves, on) if rule.stands_still_in_leave else ()
        figure = rules.attested_events(records, rule, on, facts.confirmed_pairs, away)
    elif rule:
        figure = rules.attested_figure(records, rule, on, facts.confirmed_pairs)
    answers = {row.record.id: row for row in figure.rows}
    rows = [{"record": row, "answer": answers[row.pk]} for row in handed_in if _belongs(row, figure.window)]
    return render_pdf(
        "pdf/f29.html",
        {
            "person": person,
            "job": job,
            "on": on,
            "window": figure.window,
            "rule": HoursPolicy.objects.select_related("legal_act").get(code=rule.code) if rule else None,
            "rows": rows,
            "figure": figure,
            "asks_for_event": judgement.asks_for_event,
            "printed_on": today(),
        },
        words_of(job.institution),
    )


def _handed_in(person: Person) -> TrainingRecordQuerySet:
    """What a paper may name, by the day it ended; what has no date that could be read stands last."""
    handed_in = TrainingRecord.objects.filter(person=person).on_paper()
    return handed_in.order_by(F("ends_on").asc(nulls_last=True), "pk")


def _beside(person: Person) -> QuerySet[TrainingRecord]:
    noted = TrainingRecord.objects.filter(person=person).beside_courses()
    told = (RecordStatus.NOTED, RecordStatus.SUBMITTED, RecordStatus.VERIFIED)
    return noted.filter(status__in=told).order_by(F("ends_on").asc(nulls_last=True), "pk")


def _belongs(row: TrainingRecord, window: Period | None) -> bool:
    """Whether the record ended in the window, or may have: one without dates is shown, so that somebody asks."""
    if window is None or row.starts_on is None or row.ends_on is None:
        return True
    earliest = row.ends_on if row.precision == Precision.DAY else row.starts_on
    return window.overlaps(Period(earliest, row.ends_on))


def referral_pdf(seat: Seat, job: Employment) -> bytes:
    """What a teacher takes along to a course: who is sent, where and when; the organisation marks it there."""
    return render_pdf(
        "pdf/referral.html",
        {
            "seat": seat,
            "offering": seat.offering,
            "job": job,
            "person": job.person,
            "school": seat.institution,
            "given_on": localdate(seat.given_at),
            "printed_on": today(),
        },
        words_of(seat.institution),
    )
