"""The attendance list of an offered course: who came. From it the records are made, so that nobody types them again.

A record made here is the teacher's own draft, with all that the plan-schedule knows of the course. The teacher adds
the photo of the certificate and hands it in as any other; only ``courses.verification`` moves its status.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.actions import dates_of, hours_of
from courses.choices import DocumentType, RecordStatus
from courses.models import Offering, Seat, TrainingRecord
from courses.offerings.access import can_mark, can_mark_all
from courses.offerings.seats import hold, what_happened
from courses.reading import document_key
from cpd.dates import short_date, today
from schools.approval import ChangedMeanwhile, Refused
from schools.models import User

Made = Callable[[Sequence[Seat]], object]
RECORDED = ("title", "provider", "hours", "starts_on", "ends_on", "block")  # what a record takes from its course
STAYS = gettext_lazy("Attendance is marked already: this cannot be changed any more.")


@dataclass(frozen=True)
class Mark:
    """What the list says of one place; ``seen`` is what it said when it was shown. None is «not marked»."""

    attended: bool | None
    seen: bool | None
    document_number: str = ""
    document_on: dt.date | None = None

    @property
    def names_a_document(self) -> bool:
        return bool(self.document_number or self.document_on)


@dataclass(frozen=True)
class Marked:
    """What came of a list: places marked anew, records that got their document, places whose record is its owner's."""

    places: int
    documents: int
    kept_out: list[Seat]


def not_open(offering: Offering) -> str:
    """Why the list cannot be marked now: only from the last day of the course on. Empty where it can."""
    if offering.cancelled_at:
        return _("The course was cancelled.")
    if today() < offering.ends_on:
        return _("The attendance list is open from the last day of the course on: %(day)s.") % {
            "day": short_date(offering.ends_on)
        }
    return ""


def rewritten(offering: Offering, columns: Mapping[str, Any]) -> list[str]:
    """Which of ``columns`` would say something else of a course than its marked list and the records made from it."""
    changed = [name for name in RECORDED if name in columns and columns[name] != getattr(offering, name)]
    return changed if changed and offering.seats.live().exclude(attended=None).exists() else []


def mark_attendance(*, offering: Offering, by: User, marks: Mapping[int, Mark], made: Made | None = None) -> Marked:
    """Write who attended, by the place's key; a document that the list names for somebody marked before comes after.

    Each new «attended» makes one record, however often the list is sent; taking it back removes a record that its
    owner has not touched. ``made`` is told of the places with new records, in the same transaction. Raises ``Refused``
    or ``ChangedMeanwhile``; then nothing is written.
    """
    changed = {key: mark for key, mark in marks.items() if mark.attended != mark.seen}
    later = {key: mark for key, mark in marks.items() if mark.attended and mark.seen and mark.names_a_document}
    with transaction.atomic():
        hold(offering)
        offering = Offering.objects.select_related("provider", "programme").get(pk=offering.pk)
        if told := not_open(offering):
            raise Refused(told)
        seats = _seats(offering, by, changed | later)
        marked = [seat for seat in seats if seat.pk in changed]
        _claim(marked, changed, by, is_district=can_mark_all(by, offering))
        _remove_records([seat for seat in marked if changed[seat.pk].seen and seat.record])
        attended = [seat for seat in marked if changed[seat.pk].attended]
        _make_records(offering, attended, changed)
        if attended and made:
            made(attended)
        bringing = [seat for seat in seats if seat.pk in later and brings_a_document(seat, later[seat.pk])]
        reached = [seat for seat in bringing if is_untouched(seat)]
        kept_out = [seat for seat in bringing if not is_untouched(seat)]
        _add_documents(reached, later)
    return Marked(len(marked), len(reached), kept_out)


def brings_a_document(seat: Seat, mark: Mark) -> bool:
    """Whether the list names for somebody marked before what the record does not say."""
    said = (seat.record.document_number, seat.record.document_on) if seat.record else ("", None)
    return (mark.document_number or said[0], mark.document_on or said[1]) != said


def is_untouched(seat: Seat) -> bool:
    """Whether the record is the draft that the list made: its owner has not written it, nor added the photo."""
    record = seat.record
    return bool(
        record
        and record.status == RecordStatus.DRAFT
        and record.revision == seat.record_revision
        and record.file_id is None
    )


def _seats(offering: Offering, by: User, wanted: Collection[int]) -> list[Any]:
    """The places to be marked, each with its teacher. Who may not mark one of them marks none."""
    found = Seat.objects.live().filter(offering=offering, pk__in=wanted, employment__isnull=False)
    seats = list(found.select_related("offering", "institution", "employment__person", "record"))
    for seat in seats:
        if can_mark(by, seat):
            continue
        if seat.institution_id in by.scope.kept:
            raise Refused(_("The district office has marked this list: only it can change its marks."))
        raise PermissionDenied
    if len(seats) != len(wanted):
        raise ChangedMeanwhile(_("The list of places has changed meanwhile: look at it again. Nothing was marked."))
    return seats


def _claim(seats: Iterable[Seat], marks: Mapping[int, Mark], by: User, *, is_district: bool) -> None:
    """One conditional UPDATE for all places of one kind of change: each still stands as it was seen, or nothing is."""
    kinds: dict[tuple[bool | None, bool | None], list[Seat]] = defaultdict(list)
    for seat in seats:
        kinds[marks[seat.pk].seen, marks[seat.pk].attended].append(seat)
    for (seen, attended), group in kinds.items():
        is_marked = attended is not None
        columns = {
            "attended": attended,
            "attended_by": by.person if is_marked else None,
            "attended_at": timezone.now() if is_marked else None,
            "is_marked_by_district": is_marked and is_district,
        }
        standing = Seat.objects.live().filter(pk__in=[seat.pk for seat in group], attended=seen)
        if standing.update(**columns) != len(group):
            raise ChangedMeanwhile(what_happened(group[0]))


def _make_records(offering: Offering, seats: Sequence[Seat], marks: Mapping[int, Mark]) -> None:
    """A draft for each teacher; each place then names its record."""
    for seat, record in zip(
        seats,
        TrainingRecord.objects.bulk_create(_record(offering, seat, marks[seat.pk]) for seat in seats),
        strict=True,
    ):
        seat.record, seat.record_revision = record, record.revision
    Seat.objects.bulk_update(seats, ["record", "record_revision"])


def _add_documents(seats: Sequence[Any], marks: Mapping[int, Mark]) -> None:
    """Write into drafts nobody has touched what the list says of the document now."""
    _take_untouched(seats)
    for seat in seats:
        mark = marks[seat.pk]
        number = mark.document_number or seat.record.document_number
        seat.record.document_type = DocumentType.CERTIFICATE if number else ""
        seat.record.document_number, seat.record.document_key = number, document_key(number)
        seat.record.document_on = mark.document_on or seat.record.document_on
        seat.record_revision += 1
    written = ["document_type", "document_number", "document_key", "document_on"]
    TrainingRecord.objects.bulk_update([seat.record for seat in seats], written)
    Seat.objects.bulk_update(seats, ["record_revision"])


def _record(offering: Offering, seat: Any, mark: Mark) -> TrainingRecord:
    """As the teacher would have typed it: texts in Kyrgyz, and what is read of them."""
    first, last = (f"{day:%d.%m.%Y}" for day in (offering.starts_on, offering.ends_on))
    date_text = first if first == last else f"{first}–{last}"
    hours_text = f"{offering.hours.normalize():f}".replace(".", ",")
    programme = offering.programme
    return TrainingRecord(
        person=seat.employment.person,
        institution=seat.institution,
        title=offering.title,
        programme=programme,
        block=offering.block or (programme.block if programme else ""),
        date_text=date_text,
        provider_text=offering.provider.title_ky,
        provider=offering.provider,
        hours_text=hours_text,
        document_type=DocumentType.CERTIFICATE if mark.document_number else "",
        document_number=mark.document_number,
        document_key=document_key(mark.document_number),
        document_on=mark.document_on,
        **dates_of(date_text),
        **hours_of(hours_text),
    )


def _remove_records(seats: Sequence[Any]) -> None:
    """Only drafts that their owners have not opened to write: what somebody worked on stays."""
    _take_untouched(seats)
    TrainingRecord.objects.filter(pk__in=[seat.record_id for seat in seats]).delete()


def _take_untouched(seats: Sequence[Any]) -> None:
    """Writing the rows keeps them until the end: who saves one at this moment waits, and finds another revision."""
    by_revision: dict[int, list[int]] = defaultdict(list)
    for seat in seats:
        by_revision[seat.record_revision].append(seat.record_id)
    for revision, records in by_revision.items():
        drafts = TrainingRecord.objects.filter(pk__in=records, status=RecordStatus.DRAFT, file=None)
        taken = drafts.filter(revision=revision).update(revision=F("revision") + 1, changed_at=timezone.now())
        if taken != len(records):
            raise Refused(_("A teacher has worked on the record already, so the list cannot change it."))
