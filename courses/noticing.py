"""What people are told of their records, hours, places in courses and schedules."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses import facts as bridge
from courses import standing
from courses.choices import RecordAction, RecordStatus
from courses.models import RecordDecision, Seat, TrainingRecord
from courses.rules import Policy
from courses.schedules.notices import NoticeCode, owed_in
from courses.schedules.surroundings import due_of
from courses.staff import exact_dues
from courses.standing import Standing
from cpd.dates import lasting, school_year_label, short_date, span, today
from cpd.templatetags.cpd import hours
from schools.choices import SCHEDULES, NoticeKind, Work
from schools.document_notices import decided, waiting
from schools.holders import Holders, holders_at
from schools.models import District, Employment, User
from schools.notices import BATCH, LOOKS_BACK, Settled, Sources, Told, in_batches

Facts = Mapping[str, Any]

# Records ----------------------------------------------------------------------------------------------------------

RECORDS = "records"  # the first word of the keys of an institution's records that wait
TOLD = {
    RecordAction.VERIFY: NoticeKind.APPROVED,
    RecordAction.RETURN: NoticeKind.RETURNED,
    RecordAction.REJECT: NoticeKind.RETURNED,
    RecordAction.REVERSE: NoticeKind.RETURNED,
}


def records_decided(since: dt.datetime) -> Iterator[Told]:
    rows = RecordDecision.objects.filter(at__gte=since, action__in=TOLD)
    for batch in in_batches(rows.values("pk", "action", "record", "record__person", "record__title")):
        for row in batch:
            kind, path = TOLD[RecordAction(row["action"])], reverse("record", args=[row["record"]])
            told = {"what": "record", "action": row["action"], "title": row["record__title"]}
            yield Told(row["record__person"], kind, f"record-{row['pk']}", path, told)


def records_waiting(since: dt.datetime) -> Iterator[Told]:
    """One notice a day and institution, however many records came in: a file brings thousands.

    Told to whom ``TrainingRecord.objects.awaiting`` shows one of them.
    """
    rows = RecordDecision.objects.filter(
        at__gte=since, action=RecordAction.SUBMIT, record__status=RecordStatus.SUBMITTED
    )
    columns = ("record__institution", "record__institution__district", "record__person")
    for batch in in_batches(rows.values("pk", "at", *columns)):
        holders = holders_at({row["record__institution"] for row in batch}, today())
        for row in batch:
            institution, person = row["record__institution"], row["record__person"]
            verifying = _verifying(holders, institution, row["record__institution__district"], person)
            key = f"{RECORDS}-{institution}-{localdate(row['at'])}"
            for one in verifying - {person}:
                yield Told(one, NoticeKind.WAITING, key, reverse("verification"), {"what": "records_wait"})


def _verifying(holders: Holders, institution: int, district: int, owner: int) -> frozenset[int]:
    """As ``TrainingRecord.objects.decided_by``: where the owner leads the school too, the district's officers may."""
    keeping = holders.keeping(institution)
    officers = holders.of("district_officer", district) if owner in keeping else frozenset()
    return keeping | holders.entrusted(Work.RECORDS, institution) | officers


def records_settled(since: dt.datetime) -> Iterator[Settled]:
    """Institutions in which somebody decided, and nothing waits any more."""
    moved = RecordDecision.objects.filter(at__gte=since).exclude(action=RecordAction.SUBMIT)
    waiting_in = TrainingRecord.objects.filter(status=RecordStatus.SUBMITTED).values("institution")
    empty = moved.exclude(record__institution__in=waiting_in).values_list("record__institution", flat=True)
    now = timezone.now()
    for institution in empty.order_by().distinct():
        for day in range(LOOKS_BACK.days + 1):
            yield Settled(f"{RECORDS}-{institution}-{localdate(now) - dt.timedelta(days=day)}", now)


def records_still_waiting(user: User, keys: Collection[str]) -> Mapping[str, str]:
    """How many wait now, by institution."""
    institutions = {key: int(key.split("-")[1]) for key in keys}
    awaited = TrainingRecord.objects.awaiting(user).filter(institution__in=institutions.values()).order_by()
    counts = awaited.values("institution", "institution__title_ky").annotate(count=Count("pk"))
    found = {row["institution"]: f"{row['institution__title_ky']}: {row['count']}" for row in counts}
    return {key: found[institution] for key, institution in institutions.items() if institution in found}


def _record(facts: Facts) -> str:
    done = {
        RecordAction.VERIFY: _("Verified"),
        RecordAction.RETURN: _("Returned for revision"),
        RecordAction.REJECT: _("The record was rejected"),
        RecordAction.REVERSE: _("The decision was reversed"),
    }
    return f"{done[RecordAction(facts['action'])]}: {facts['title']}"


def _records_wait(facts: Facts) -> str:
    return _("Records of trainings wait for verification.")


# Hours ------------------------------------------------------------------------------------------------------------


def hours_due(district: District, on: dt.date) -> Iterator[Told]:
    """Told once for each threshold and due date: where the date moves, it is another one."""
    # Whether somebody has an account is looked up later: a join more would mislead the planner of the statement.
    jobs = Employment.objects.on(on).teaching().filter(institution__district=district)
    policies = bridge.policies()
    for found in _standings(jobs, on, policies):
        due = due_of(found)
        if due is None or found.policy is None or due < on:
            continue
        threshold = _threshold(found.policy, (due - on).days)
        if threshold is None:
            continue
        told = {"what": "hours_due", "due_on": due.isoformat()}
        if found.shortfall:
            told["lacking"] = str(found.shortfall)
        key = f"due-{due.isoformat()}-{threshold}"  # two jobs that owe by the same day are one matter
        yield Told(found.person, NoticeKind.DUE, key, reverse("my_hours"), told)


def _standings(jobs: Any, on: dt.date, policies: Sequence[Policy]) -> Iterator[Standing]:
    """Where each stands; the due dates that only the engine knows come from it, so many people at a time."""
    unsure: list[Standing] = []
    for found in standing.of(jobs, on, policies):
        if found.is_due_exact:
            yield found
        else:
            unsure.append(found)
    for start in range(0, len(unsure), BATCH):
        part = {one.employment: one for one in unsure[start : start + BATCH]}
        dues = exact_dues(list(Employment.objects.filter(pk__in=part)), on, policies)
        yield from (replace(one, due=dues[key], is_due_exact=True) for key, one in part.items())


def _threshold(policy: Policy, days: int) -> int | None:
    """The narrowest threshold that a due date so many days ahead lies within.

    One as long as the rule's own years would be told on the very day on which they begin.
    """
    whole = lasting(today(), policy.years)
    longest = (whole.ends_on - whole.starts_on).days
    thresholds = (one for one in settings.NOTICE_DAYS_BEFORE_DUE if one < longest)
    return min((one for one in thresholds if one >= days), default=None)


def _hours_due(facts: Facts) -> str:
    told = _("Hours of professional development are due by: %(day)s") % {"day": _day(facts["due_on"])}
    if "lacking" in facts:
        told += " " + _("Hours still lacking: %(hours)s") % {"hours": hours(facts["lacking"])}
    return told


# Places in courses ------------------------------------------------------------------------------------------------


def places(since: dt.datetime) -> Iterator[Told]:
    """Given and taken back: to the teacher; a place for somebody the school has yet to name: to its leaders."""
    now = Q(taken_back_at=None, offering__cancelled_at=None, offering__ends_on__gte=today())
    given = now & (Q(named_at__gte=since) | Q(named_at=None, given_at__gte=since))
    gone = Q(taken_back_at__gte=since) | Q(taken_back_at=None, offering__cancelled_at__gte=since)
    columns = ("pk", "institution", "employment", "employment__person", "taken_back_at")
    course = ("offering", "offering__title", "offering__starts_on", "offering__ends_on", "offering__cancelled_at")
    rows = Seat.objects.filter(given | gone)
    for batch in in_batches(rows.values(*columns, *course)):
        unnamed = {row["institution"] for row in batch if not row["employment"]}
        holders = holders_at(unnamed, today()) if unnamed else Holders({}, {})
        for row in batch:
            told = {
                "what": "place_to_name" if not row["employment"] else f"place_{_fate(row)}",
                "title": row["offering__title"],
                "starts_on": row["offering__starts_on"].isoformat(),
                "ends_on": row["offering__ends_on"].isoformat(),
            }
            if row["employment"]:
                key = f"seat-{row['pk']}-{row['employment']}-{_fate(row)}"
                yield Told(row["employment__person"], NoticeKind.PLACE, key, reverse("my_courses"), told)
            elif _fate(row) == "given":
                key = f"places-{row['offering']}-{row['institution']}"
                path = reverse("school_places", args=[row["institution"]])
                for person in holders.leading(row["institution"]):
                    yield Told(person, NoticeKind.PLACE, key, path, told)


def _fate(seat: Mapping[str, Any]) -> str:
    if seat["taken_back_at"]:
        return "taken_back"
    return "cancelled" if seat["offering__cancelled_at"] else "given"


def _place(text: Callable[[], str]) -> Callable[[Facts], str]:
    def words(facts: Facts) -> str:
        days = span(dt.date.fromisoformat(facts["starts_on"]), dt.date.fromisoformat(facts["ends_on"]))
        return f"{text()}: {facts['title']}, {days}"

    return words


# Schedules --------------------------------------------------------------------------------------------------------


def deadlines(district: District, on: dt.date) -> Iterator[Told]:
    """What the first page tells of a schedule that is missing, once for each deadline and reminder.

    A deadline that passed long ago, or a reminder of long ago, is old.
    """
    old = on - LOOKS_BACK
    owed = [
        one
        for one in owed_in(district, on)
        if one.code in (NoticeCode.NOT_SENT, NoticeCode.NOT_HANDED_OVER)
        and max(filter(None, (one.due_on, one.reminded_on))) >= old
    ]
    institutions = {one.institution for one in owed if one.institution}
    holders = holders_at(institutions, on) if institutions else Holders({}, {})
    for one in owed:
        past = "past" if one.is_past else "ahead"
        key = f"schedule-{one.institution}-{one.association or ''}-{one.year}-{one.due_on}-{past}-{one.reminded_on}"
        told: dict[str, Any] = {"what": one.code, "place": one.place, "year": one.year, "is_past": one.is_past}
        told["due_on"] = one.due_on.isoformat() if one.due_on else None
        told["reminded_on"] = one.reminded_on.isoformat() if one.reminded_on else None
        path = reverse("schedule", args=[one.schedule]) if one.schedule else reverse("schedules")
        for person in _making(holders, one.institution or 0, one.association):
            yield Told(person, NoticeKind.DEADLINE, key, path, told)


def _making(holders: Holders, institution: int, association: int | None) -> frozenset[int]:
    if association:
        return holders.of("association_head", association)
    return holders.making(Work.SCHEDULES, institution)


def _owed(text: Callable[[], str]) -> Callable[[Facts], str]:
    def words(facts: Facts) -> str:
        said = [f"{facts['place']}, {school_year_label(facts['year'])}.", text()]
        if facts["due_on"]:
            awaited = _("The district waits for the school's schedule until")
            said.append(f"{awaited}: {_day(facts['due_on'])}")  # a date ends with a full stop of its own
        if facts["is_past"]:
            said.append(_("The deadline has passed."))
        if facts["reminded_on"]:
            said.append(f"{_('The district reminded the school')}: {_day(facts['reminded_on'])}")
        return " ".join(said)

    return words


def _day(text: str) -> str:
    return short_date(dt.date.fromisoformat(text))


WORDS: Mapping[str, Callable[[Facts], str]] = {
    "record": _record,
    "records_wait": _records_wait,
    "hours_due": _hours_due,
    "place_given": _place(lambda: _("You have a place in a course")),
    "place_taken_back": _place(lambda: _("Your place in a course was taken back")),
    "place_cancelled": _place(lambda: _("The course does not take place")),
    "place_to_name": _place(lambda: _("The school has places in a course and has to name the teachers")),
    NoticeCode.NOT_SENT: _owed(lambda: _("The course schedule has not been sent to the district yet.")),
    NoticeCode.NOT_HANDED_OVER: _owed(
        lambda: _("The association's course schedule has not been handed to the deputy director yet.")
    ),
}

SOURCES = Sources(
    events=(decided(SCHEDULES, "schedule"), waiting(SCHEDULES, "schedule"), records_decided, records_waiting, places),
    settled=(records_settled,),
    days=(hours_due, deadlines),
    waiting={RECORDS: records_still_waiting},
    words=WORDS,
)
