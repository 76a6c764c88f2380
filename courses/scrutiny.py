"""What a verifier has to look at: the flags of records, the other records they are about, and what verifying does.

Rows become plain data in few queries for many records; the flags themselves are judged in ``courses.rules``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from courses import rules
from courses.choices import Flag, Reason, RecordStatus, Unfit
from courses.facts import plans_of, policies, records_of
from courses.models import ConfirmedPair, ProviderRight, RecordDecision, TrainingRecord
from courses.models.records import UNSENT
from courses.verification import HANDED_IN
from cpd.dates import today
from schools.models import Employment, User

# Flags that speak of another record, which is then shown.
ABOUT_ANOTHER = (Flag.DUPLICATE_DOCUMENT, Flag.SAME_FILE, Flag.OVERLAP, Flag.SAME_COURSE_AGAIN)
RIGHT = ("basis", "number", "starts_on", "ends_on")


@dataclass(frozen=True)
class Told:
    """All that flags rest on, read once for any number of records."""

    records: dict[int, list[rules.Record]]  # by person; drafts only where they are asked about
    norms: tuple[rules.Policy, ...]
    pairs: dict[int, dict[rules.Pair, ConfirmedPair]]  # by person

    def one(self, record: TrainingRecord) -> rules.Record:
        return next(one for one in self.records[record.person_id] if one.id == record.pk)

    def facts(self, record: Any, **more: Any) -> rules.Facts:
        return rules.Facts(
            institution_kind=record.institution.kind,
            institution=record.institution_id,
            staff_group=record.staff_group or "",
            employed_from=record.employed_from,
            confirmed_pairs=frozenset(self.pairs[record.person_id]),
            **more,
        )


@dataclass(frozen=True)
class Other:
    """Another record that flags are about. Of one the user may not see, nothing but that it exists may be shown."""

    record: TrainingRecord
    flags: list[Flag]
    is_own: bool  # of the same person
    is_readable: bool
    pair: ConfirmedPair | None

    @property
    def can_be_confirmed(self) -> bool:
        return self.is_readable and Flag.OVERLAP in self.flags and self.record.status in HANDED_IN


@dataclass(frozen=True)
class Effect:
    """What verifying a record would do to its owner's hours."""

    before: rules.Judgement
    after: rules.Judgement
    reason: Reason | Unfit  # why the record would count or qualify, or not

    @property
    def years(self) -> int | None:
        """In how many years the rule asks for an event."""
        return self.after.policy.event_years if self.after.policy else None

    @property
    def lowers(self) -> bool:
        """A long record may take the place of several short ones (rules §6)."""
        return self.after.figure.total < self.before.figure.total


@dataclass(frozen=True)
class Scrutiny:
    """One record as a verifier sees it."""

    record: TrainingRecord
    flags: list[Flag]
    others: list[Other]
    effect: Effect
    rule: rules.Policy | None  # in force today where the record is verified


def with_job(records: QuerySet[TrainingRecord]) -> QuerySet[TrainingRecord]:
    """The columns beyond a record's own that ``own_flags_of`` asks for."""
    job = Employment.objects.filter(person=OuterRef("person"), institution=OuterRef("institution"))
    job = job.order_by("-starts_on", "-pk")
    return records.select_related("person", "institution").annotate(
        employed_from=Subquery(job.values("starts_on")[:1]), staff_group=Subquery(job.values("staff_group")[:1])
    )


def with_context(records: QuerySet[TrainingRecord]) -> QuerySet[TrainingRecord]:
    """The columns beyond a record's own that ``flags_of`` asks for."""
    others = TrainingRecord.objects.exclude(status__in=UNSENT).filter(~Q(person=OuterRef("person")))
    return with_job(records).annotate(
        has_document_twin=Exists(
            others.filter(
                ~Q(document_key=""),
                _same_provider(OuterRef("provider"), OuterRef("provider_key")),
                document_key=OuterRef("document_key"),
            )
        ),
        has_file_twin=Exists(others.filter(file__original_sha256=OuterRef("file__original_sha256")))
        | Exists(
            RecordDecision.objects.filter(  # of a file that gave way to another one
                ~Q(record__person=OuterRef("person")),
                ~Q(record__status__in=UNSENT),
                file__original_sha256=OuterRef("file__original_sha256"),
            )
        ),
    )


def with_right(records: QuerySet[TrainingRecord]) -> QuerySet[TrainingRecord]:
    """The provider's right to teach on the record's last day, where it is known in the record's institution."""
    right = (
        ProviderRight.objects.filter(provider=OuterRef("provider"), starts_on__lte=OuterRef("ends_on"))
        .filter(Q(ends_on=None) | Q(ends_on__gte=OuterRef("ends_on")))
        .filter(Q(institution=None) | Q(institution=OuterRef("institution")))
        .filter(Q(district=None) | Q(district=OuterRef("institution__district")))
    )
    return records.annotate(**{f"right_{name}": Subquery(right.values(name)[:1]) for name in RIGHT})


def flags_of(records: Iterable[TrainingRecord]) -> dict[int, list[Flag]]:
    """The flags of each record by its key. Four queries, however many records; they come from ``with_context``."""
    records = list(records)
    told = _told_of(records)
    return {record.pk: _flags(record, told) for record in records}


def own_flags_of(record: TrainingRecord) -> list[Flag]:
    """What the owner should look at, a draft too; nothing is told of other people. Four queries.

    The record comes from ``with_job``.
    """
    told = _told_of([record], with_drafts=True)
    return _flags_beside(told.one(record), told.records[record.person_id], record, told)


def scrutiny_of(record: Any, user: User) -> Scrutiny:
    """One record with the others its flags are about, and what verifying it would do. Six queries."""
    told = _told_of([record])
    on = today()
    plans = plans_of({record.person_id}, on)[record.person_id, record.institution_id]
    facts = told.facts(record, plans=tuple(plans))
    before = rules.judge(facts, told.records[record.person_id], told.norms, on)
    as_verified = [
        replace(one, status=RecordStatus.VERIFIED) if one.id == record.pk else one
        for one in told.records[record.person_id]
    ]
    after = rules.judge(facts, as_verified, told.norms, on)
    reason = next(row.reason for row in after.rows if row.record.id == record.pk)
    effect = Effect(before, after, reason)
    rule = rules.policy_on(told.norms, facts, on)
    return Scrutiny(record, _flags(record, told), _others(record, told, user), effect, rule)


def _told_of(records: list[TrainingRecord], *, with_drafts: bool = False) -> Told:
    people = {record.person_id for record in records}
    # What is asked about stays, though its owner takes it back while the queue is read.
    asked = {record.pk for record in records}
    hidden = (RecordStatus.NOTED,) if with_drafts else UNSENT
    readable = {
        person: [one for one in theirs if one.id in asked or one.status not in hidden]
        for person, theirs in records_of(people).items()
    }
    pairs: dict[int, dict[rules.Pair, ConfirmedPair]] = {person: {} for person in people}
    confirmed = ConfirmedPair.objects.filter(first__person__in=people, revoked_at=None)
    for pair in confirmed.select_related("first", "confirmed_by"):
        pairs[pair.first.person_id][frozenset((pair.first_id, pair.second_id))] = pair
    return Told(readable, policies(), pairs)


def _flags(record: Any, told: Told) -> list[Flag]:
    """The flags beside the person's own records, and twins under other people's names."""
    raised = set(_flags_beside(told.one(record), told.records[record.person_id], record, told))
    if record.has_document_twin:
        raised.add(Flag.DUPLICATE_DOCUMENT)
    if record.has_file_twin:
        raised.add(Flag.SAME_FILE)
    return [flag for flag in Flag if flag in raised]


def _flags_beside(one: rules.Record, others: list[rules.Record], record: Any, told: Told) -> list[Flag]:
    facts = told.facts(record)
    policy = rules.policy_on(told.norms, facts, today()) or rules.last_policy(told.norms, facts, today())
    return rules.flags(one, others, policy, facts)


def _others(record: TrainingRecord, told: Told, user: User) -> list[Other]:
    """The records that flags are about, the person's own first, and those confirmed beside this one."""
    one = told.one(record)
    own = {
        other.id: [flag for flag in _flags_beside(one, [other], record, told) if flag in ABOUT_ANOTHER]
        for other in told.records[record.person_id]
        if other.id != record.pk
    }
    pairs = {key: told.pairs[record.person_id].get(frozenset((record.pk, key))) for key in own}
    shown = [key for key, flags in own.items() if flags or pairs[key]]
    twins = ~Q(status__in=UNSENT) & ~Q(person=record.person_id) & _twin_of(record)
    rows = (
        TrainingRecord.objects.filter(Q(pk__in=shown) | twins)
        .annotate(
            is_readable=Exists(TrainingRecord.objects.visible_to(user).filter(pk=OuterRef("pk"))),
            had_file=Exists(_decided_on_with(record)),
        )
        .select_related("person", "institution", "provider", "file")
        .order_by("pk")
    )
    found = [
        Other(
            record=row,
            flags=own.get(row.pk) or _twin_flags(record, row),
            is_own=row.person_id == record.person_id,
            is_readable=row.is_readable,
            pair=pairs.get(row.pk),
        )
        for row in rows
    ]
    return sorted(found, key=lambda other: not other.is_own)


def _same_provider(provider: Any, key: Any) -> Q:
    """One organisation, or one way of writing it where it is not in the register."""
    return Q(provider=provider) | Q(provider_key=key)


def _twin_of(record: TrainingRecord) -> Q:
    """Records with the same number of the same organisation, or the same file."""
    twin = Q(pk__in=[])
    if record.document_key:
        same = Q(provider_key=record.provider_key)
        if record.provider_id:
            same |= Q(provider=record.provider_id)
        twin |= same & Q(document_key=record.document_key)
    if record.file:
        twin |= Q(file__original_sha256=record.file.original_sha256) | Q(Exists(_decided_on_with(record)))
    return twin


def _decided_on_with(record: TrainingRecord) -> QuerySet[RecordDecision]:
    """Decisions on another record when it bore the file of this one. It may bear another file by now."""
    same = record.file.original_sha256 if record.file else ""
    return RecordDecision.objects.filter(record=OuterRef("pk"), file__original_sha256=same)


def _twin_flags(record: TrainingRecord, other: Any) -> list[Flag]:
    flags = []
    if record.document_key and record.document_key == other.document_key:
        flags.append(Flag.DUPLICATE_DOCUMENT)
    is_same = record.file and other.file and record.file.original_sha256 == other.file.original_sha256
    if is_same or other.had_file:
        flags.append(Flag.SAME_FILE)
    return flags
