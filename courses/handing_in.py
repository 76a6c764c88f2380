"""The register of handed-in documents: which certificate came to the personnel department, and when (form F28).

The college's regulation 4.6–4.7 and the university's 5.3 name the department that keeps it; the form is our own.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from courses.choices import RecordStatus
from courses.exports import Cell, Column, Table, table_pdf
from courses.models import TrainingRecord
from cpd.dates import short_date
from cpd.text import kyrgyz_order
from schools import audit
from schools.approval import Refused
from schools.choices import Event
from schools.models import Employment, Institution, MethodicalAssociation, PrintedForm, User
from schools.wording import words_of

CODE = "F28"
TITLE = gettext_lazy("Register of handed-in documents")
HANDED_IN = (RecordStatus.SUBMITTED, RecordStatus.VERIFIED)  # what a paper may name
BY_NAME = [kyrgyz_order(f"person__{name}") for name in ("family_name", "given_name", "fathers_name")]
NO_DAY = 0  # in a form: the day had not been entered when the page was shown


@dataclass(frozen=True)
class Line:
    """One document; ``seen`` is the day that stands in its row, as forms carry it."""

    record: TrainingRecord
    department: MethodicalAssociation | None

    @property
    def seen(self) -> int:
        return as_seen(self.record.handed_in_on)


def as_seen(day: dt.date | None) -> int:
    return day.toordinal() if day else NO_DAY


def documents_of(user: User, institution: Institution) -> Any:
    """What the institution's people handed in for verification, each with the unit they belong to there, by name."""
    jobs = Employment.objects.filter(person=OuterRef("person"), institution=institution)
    last = jobs.order_by(F("ends_on").desc(nulls_first=True), "-is_main", "-starts_on")
    handed_in = TrainingRecord.objects.visible_to(user).filter(institution=institution, status__in=HANDED_IN)
    found = handed_in.annotate(department=Subquery(last.values("association")[:1])).select_related("person")
    return found.order_by(*BY_NAME, F("ends_on").asc(nulls_last=True), "pk")


def lines(records: Iterable[Any], departments: Mapping[int, MethodicalAssociation]) -> list[Line]:
    """``departments`` are those of the institution, by key."""
    return [Line(record, departments.get(record.department)) for record in records]


@dataclass(frozen=True)
class Entered:
    """How many rows were written, a sentence for each that was not, and the records of those."""

    count: int
    refused: list[str]
    left: list[int]


def enter_day(
    *, by: User, institution: Institution, seen: Mapping[int, dt.date | None], day: dt.date | None
) -> Entered:
    """Write on which day papers were handed in, or with None that they were not; each row by itself.

    ``seen`` are the days that stood in the rows on the screen, by record: of two who keep the register at once the
    second changes nothing where the first was quicker.
    """
    with transaction.atomic():
        # In one order for everybody: of two that tick the same rows, the second waits for the first.
        records = list(documents_of(by, institution).filter(pk__in=seen).order_by("pk"))
        entries, refused, left = [], [], []
        for record in records:
            try:
                before = _write(record, seen[record.pk], day)
            except Refused as refusal:
                refused.append(f"{record.person}, “{record.title}”: {refusal.message}")
                left.append(record.pk)
                continue
            entries.append(
                audit.entry_of(
                    Event.RECORD_MOVED,
                    by=by,
                    subject=record.person,
                    institution=institution,
                    what=record.title,
                    before={"handed_in_on": before},
                    after={"handed_in_on": day},
                )
            )
        audit.note_all(entries)
    if gone := len(seen) - len(records):
        refused.append(_("Rows that are no longer in the register: %(count)s.") % {"count": gone})
    return Entered(len(entries), refused, left)


def _write(record: TrainingRecord, seen: dt.date | None, day: dt.date | None) -> dt.date | None:
    """The one conditional UPDATE; what stood there before."""
    if day and record.document_on and day < record.document_on:
        issued = short_date(record.document_on)
        raise Refused(_("The document was issued on %(day)s, and cannot have come earlier.") % {"day": issued})
    rows = TrainingRecord.objects.filter(pk=record.pk, status__in=HANDED_IN, handed_in_on=seen)
    if rows.update(handed_in_on=day) != 1:
        now = TrainingRecord.objects.get(pk=record.pk).handed_in_on
        if now is None:
            raise Refused(_("It was changed meanwhile, at another screen: no day stands there now."))
        raise Refused(_("Meanwhile %(day)s was entered at another screen.") % {"day": short_date(now)})
    return seen


def register_table(institution: Institution, found: Iterable[Line], chosen: Iterable[tuple[str, Cell]]) -> Table:
    """Form F28 of what a page shows; ``chosen`` tells what it was narrowed by."""
    return Table(
        title=str(TITLE),
        sheet=institution.title_ky,
        about=[(pgettext("register", "Institution"), institution.title_ky), *chosen],
        columns=[
            Column(_("No."), 4),
            Column(pgettext("register", "Lecturer"), 24),
            Column(pgettext("register", "Kind of document"), 17),
            Column(pgettext("register", "Number"), 14),
            Column(pgettext("register", "Date of issue"), 11),
            Column(pgettext("register", "Issued by"), 24),
            Column(pgettext("register", "Course, hours"), 30),
            Column(pgettext("register", "Handed in to the personnel department on"), 15),
            Column(pgettext("register", "Signature"), 12),
        ],
        rows=[[number, *_cells(line.record)] for number, line in enumerate(found, start=1)],
    )


def _cells(record: TrainingRecord) -> list[Cell]:
    return [
        record.person.full_name,
        record.get_document_type_display(),
        record.document_number,
        record.document_on,
        record.provider_text,
        ", ".join(filter(None, (record.title, record.hours_text))),
        record.handed_in_on,
        "",
    ]


def register_pdf(table: Table, institution: Institution) -> bytes:
    """The table on paper, in the institution's words, below the head of its quality system where it keeps one."""
    form = PrintedForm.objects.used_at(institution, CODE)
    words = words_of(institution)
    return table_pdf(table, "pdf/f28.html", words=words, printed_form=form, institution=institution)
