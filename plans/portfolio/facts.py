"""What a teacher's portfolio holds: everything they have, each with its unit of the standard where one is known.

Sheets of lessons are not among it: they are read by the two of a mentorship alone.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.choices import RecordStatus
from courses.models import CertificateFile, SharingEvent, TrainingRecord
from courses.words import days, decimal_text, known_hours
from cpd.dates import school_year, school_year_label, short_date, span, today
from plans.assessment.picture import average
from plans.models import AssessmentAnswer, PortfolioEntry, ProfessionalStandard, StandardUnit
from plans.models.portfolio import THINGS
from plans.portfolio.hints import Hint, with_hints
from plans.standard.codes import paper_code
from schools.choices import PERSONAL, Action, DocumentKind
from schools.models import Document, Mentorship, User

TOLD = (RecordStatus.NOTED, RecordStatus.SUBMITTED, RecordStatus.VERIFIED)
PRIVATE = ("assessment",)  # goes in where its owner says so, never by itself


@dataclass(frozen=True)
class Thing:
    """One thing a teacher has, in words of the reader's language."""

    column: str  # of a ``PortfolioEntry``
    pk: int
    kind: str
    title: str
    about: tuple[str, ...]
    on: dt.date | None  # the day by which it stands among others
    address: str
    state: str = ""  # of a record: whether it is verified, in words
    state_code: str = ""
    file: CertificateFile | None = None
    proposed: str = ""  # the code of a unit
    why: str = ""  # where that is from


@dataclass(frozen=True)
class Entry:
    """A thing with what was said of it, or else what holds until something is said."""

    thing: Thing
    said: PortfolioEntry | None
    unit: StandardUnit | None  # of the version in force
    is_proposed: bool  # nobody has said yet that it belongs there

    @property
    def key(self) -> str:
        """By which a form names it."""
        return f"{self.thing.column}-{self.thing.pk}"

    @property
    def is_private(self) -> bool:
        return self.thing.column in PRIVATE

    @property
    def is_in(self) -> bool:
        return self.said.is_in if self.said else not self.is_private


@dataclass(frozen=True)
class Portfolio:
    units: list[StandardUnit]  # of the version in force, in its order; empty where none is
    entries: list[Entry]  # the newest first

    @property
    def standard(self) -> ProfessionalStandard | None:
        return self.units[0].standard if self.units else None

    @property
    def chosen(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_in]


def by_unit(portfolio: Portfolio, entries: list[Entry]) -> list[tuple[StandardUnit | None, list[Entry]]]:
    """All units in the order of the standard, each with what belongs there; last what has no unit, if there is any."""
    found: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.unit.pk if entry.unit else None].append(entry)
    sections: list[tuple[StandardUnit | None, list[Entry]]] = [(unit, found[unit.pk]) for unit in portfolio.units]
    return sections + ([(None, found[None])] if found[None] else [])


def portfolio_of(user: User) -> Portfolio:
    """Seven queries, however much somebody has."""
    units = _units_in_force()
    by_code = {unit.code: unit for unit in units}
    said = {
        (column, key): one
        for one in PortfolioEntry.objects.visible_to(user).select_related("unit")
        for column in THINGS
        if (key := getattr(one, f"{column}_id"))
    }

    def entries(things: Iterable[Thing]) -> list[Entry]:
        return [_entry(thing, said.get((thing.column, thing.pk)), by_code) for thing in things]

    records = entries(_records(user))
    units_of_records = {entry.thing.pk: entry.unit.code for entry in records if entry.unit}
    others = entries([*_sharings(user, units_of_records), *_plans(user), *_mentorships(user), *_assessments(user)])
    return Portfolio(units, sorted(records + others, key=_age, reverse=True))


def _age(entry: Entry) -> tuple[bool, dt.date, str, int]:
    """What has no date that could be read stands before all else, so that it is the last of the newest first."""
    thing = entry.thing
    return thing.on is not None, thing.on or dt.date.min, thing.column, thing.pk


def _units_in_force() -> list[StandardUnit]:
    """Those of the version that began last, as :meth:`ProfessionalStandard.objects.in_force` finds it."""
    newest = ProfessionalStandard.objects.on(today()).order_by("-starts_on")[:1]
    return list(
        StandardUnit.objects.filter(standard__in=newest.values("pk")).select_related("standard").order_by("position")
    )


def _entry(thing: Thing, said: PortfolioEntry | None, by_code: dict[str, StandardUnit]) -> Entry:
    """A unit chosen of an earlier version of the standard is the one of the same code in the version in force."""
    code = (said.unit.code if said.unit else "") if said else thing.proposed
    return Entry(thing, said, by_code.get(code), is_proposed=said is None and code in by_code)


def _records(user: User) -> Iterator[Thing]:
    """What was handed in, and neither given back nor rejected: courses, and learning beside them, which is noted."""
    own = TrainingRecord.objects.visible_to(user).filter(person=user.person_id, status__in=TOLD)
    for record in with_hints(own).select_related("file").order_by("pk"):
        hint = next((hint for hint in Hint if getattr(record, hint)), None)
        yield Thing(
            column="record",
            pk=record.pk,
            kind=record.get_kind_display(),
            title=record.title,
            about=_told(
                days(record.starts_on, record.ends_on, record.precision) or record.date_text,
                record.provider_text,
                _hours(record),
                _document(record),
                _("What it gave: %(text)s") % {"text": record.goal_achieved} if record.goal_achieved else "",
            ),
            on=record.ends_on,
            address=record.get_absolute_url(),
            state=record.get_status_display(),
            state_code=record.status,
            file=record.file,
            proposed=getattr(record, hint) if hint else "",
            why=str(hint.label) if hint else "",
        )


def _hours(record: TrainingRecord) -> str:
    """As papers spell hours; what the document counts otherwise as it is written there."""
    known = known_hours(record.amount, record.unit, record.approved_hours)
    number = (decimal_text(known) or "").replace(".", ",")
    return _("%(hours)s h") % {"hours": number} if number else record.hours_text


def _document(record: TrainingRecord) -> str:
    number = f"№ {record.document_number}" if record.document_number else ""
    return " ".join(filter(None, (record.get_document_type_display(), number)))


def _sharings(user: User, units_of_records: dict[int, str]) -> Iterator[Thing]:
    """What was held; each is proposed for the unit of the course it gives on."""
    own = SharingEvent.objects.visible_to(user).held().filter(record__person=user.person_id)
    for sharing in own.select_related("record", "file", "institution").order_by("pk"):
        present = _("Present: %(number)s") % {"number": sharing.present_count} if sharing.present_count else ""
        yield Thing(
            column="sharing",
            pk=sharing.pk,
            kind=sharing.get_kind_display(),
            title=sharing.topic or sharing.record.title,
            about=_told(short_date(sharing.held_on) if sharing.held_on else "", str(sharing.institution), present),
            on=sharing.held_on,
            address=reverse("sharing", args=[sharing.pk]),
            file=sharing.file,
            proposed=units_of_records.get(sharing.record_id, ""),
            why=_("the course itself stands here"),
        )


def _plans(user: User) -> Iterator[Thing]:
    """Approved ones, past years' too; of a young specialist's plan also how much the mentor has marked as done."""
    approval = Q(in_force__decisions__action=Action.APPROVE)
    own = Document.objects.visible_to(user).filter(author=user.person_id, kind__in=PERSONAL, in_force__isnull=False)
    plans = own.annotate(
        approved_at=Max("in_force__decisions__at", filter=approval),
        order_number=Max("in_force__decisions__order_number", filter=approval),
        marked=Count("inductionplan__marks", distinct=True),
    )
    for plan in plans.select_related("institution").order_by("pk"):
        facts: Any = plan
        approved = facts.approved_at and short_date(timezone.localdate(facts.approved_at))
        is_of_first_years = plan.kind == DocumentKind.INDUCTION_PLAN
        yield Thing(
            column="document",
            pk=plan.pk,
            kind=pgettext("portfolio", "Plan"),
            title=plan.get_kind_display(),
            about=_told(
                plan.period.label,
                str(plan.institution),
                _("Approved on %(date)s") % {"date": approved} if approved else "",
                pgettext("director's order", "Order № %(number)s") % {"number": facts.order_number}
                if facts.order_number
                else "",
                _("Rows marked as done: %(number)s") % {"number": facts.marked} if is_of_first_years else "",
            ),
            on=plan.starts_on,
            address=reverse("plan", args=[plan.pk]),
        )


def _mentorships(user: User) -> Iterator[Thing]:
    """Those that have begun, in which one is or was the mentor or the mentee; never what was written in them."""
    own = Mentorship.objects.of_pair(user).filter(starts_on__lte=today())
    for pair in own.select_related("mentor", "mentee", "institution").order_by("pk"):
        is_mentor = pair.mentor_id == user.person_id
        other = _("Young specialist: %(name)s") if is_mentor else _("Mentor: %(name)s")
        since = _("since %(date)s") % {"date": short_date(pair.starts_on)}
        order = (
            pgettext("director's order", "Order № %(number)s") % {"number": pair.order_number}
            if pair.order_number
            else ""
        )
        yield Thing(
            column="mentorship",
            pk=pair.pk,
            kind=_("Mentoring"),
            title=other % {"name": (pair.mentee if is_mentor else pair.mentor).full_name},
            about=_told(
                span(pair.starts_on, pair.ends_on) if pair.ends_on else since,
                str(pair.institution),
                ", ".join(_told(order, short_date(pair.ordered_on) if pair.ordered_on else "")),
            ),
            on=pair.starts_on,
            address="",
        )


def _assessments(user: User) -> Iterator[Thing]:
    """The average of each unit; never a note, an evidence or a need."""
    answers = AssessmentAnswer.objects.filter(assessment__person=user.person_id, level__isnull=False)
    levels: dict[tuple[int, int], dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for key, year, code, level in answers.order_by(
        "assessment", "competence__unit__position", "competence__position"
    ).values_list("assessment", "assessment__school_year", "competence__unit__code", "level"):
        levels[key, year][code].append(level)
    for (key, year), of_units in levels.items():
        yield Thing(
            column="assessment",
            pk=key,
            kind=_("Self-assessment"),
            title=_("Self-assessment by the professional standard"),
            about=_told(
                school_year_label(year),
                *(f"{paper_code(code)}: {average(given)}".replace(".", ",") for code, given in of_units.items()),
            ),
            on=school_year(year).starts_on,
            address=reverse("assessment_result", args=[key]),
        )


def _told(*words: str | None) -> tuple[str, ...]:
    return tuple(filter(None, words))
