"""Writes of offered courses: entering, changing, cancelling one; taking a whole plan-schedule out of a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import ProviderKind
from courses.models import Offering, Provider
from courses.offerings.access import can_enter
from courses.offerings.attendance import rewritten
from courses.offerings.importing import PURPOSE, Unknown, check
from courses.registers import PROVIDERS, Place, link, save_entry
from cpd import imports
from cpd.models import PendingImport
from schools.approval import ChangedMeanwhile, Refused
from schools.models import District, User

NEW = "new"  # what is chosen for an organisation that is to be entered into the register


@dataclass(frozen=True)
class Taken:
    """How many courses of a file were entered, and how many stood there already."""

    entered: int
    skipped: int


def save_offering(
    *, by: User, district: District, columns: Mapping[str, Any], offering: Offering | None = None, seen: int = 0
) -> Offering:
    """Enter an offered course or change it. Raises ``ChangedMeanwhile`` where it was changed since ``seen``.

    What the records of those who attended were made from stays as it is once the list is marked.
    """
    _check_enters(by, district)
    try:
        with transaction.atomic():
            if offering is None:
                return Offering.objects.create(district=district, entered_by=by.person, **columns)
            _take(offering, seen)
            now = Offering.objects.get(pk=offering.pk)
            if rewritten(now, columns):
                raise Refused(_("Attendance was marked meanwhile: title, hours, dates and the like stay as they are."))
            for name, value in columns.items():
                setattr(now, name, value)
            now.save(update_fields=[*columns, "title_key"])
            return now
    except IntegrityError:  # two people at the same moment; alone, the form would have said so
        raise ChangedMeanwhile(_("Somebody else entered this course or gave places meanwhile.")) from None


def cancel_offering(*, offering: Offering, by: User, seen: int, reason: str) -> None:
    """Say that an offered course does not take place. Its places stay, so that those who hold one can see why."""
    _check_enters(by, offering.district)
    with transaction.atomic():
        _take(offering, seen)
        # Only now: whoever marks the list holds the course, so nobody can be marked any more behind this look.
        if offering.seats.live().filter(attended=True).exists():
            raise Refused(_("Somebody attended this course: it cannot be cancelled any more."))
        Offering.objects.filter(pk=offering.pk).update(
            cancelled_by=by.person, cancelled_at=timezone.now(), cancel_reason=reason
        )


def take_import(*, pending: PendingImport, by: User, district: District, choices: Mapping[str, str]) -> Taken:
    """Enter all courses of a file that was read and shown, or none.

    ``choices`` says by the field of each unknown organisation which entry of the register it is, or ``NEW``. All is
    judged anew. Raises ``Refused`` where anything is wrong or undecided; then nothing is written, and the file can
    still be taken.
    """
    _check_enters(by, district)
    try:
        with transaction.atomic():
            if not imports.pending(by, PURPOSE, district.pk).filter(pk=pending.pk).delete()[0]:
                raise ChangedMeanwhile(_("This file was taken already."))
            for unknown in check(pending.rows, district).unknown:
                _decide(unknown, choices.get(unknown.field, ""), by=by, district=district)
            preview = check(pending.rows, district)
            if preview.problems:
                raise Refused(_("Not everything in the file is right yet. Nothing was entered."))
            new = [line.offering(district, by) for line in preview.lines if line.is_new]
            Offering.objects.bulk_create(new)
    except IntegrityError:
        raise ChangedMeanwhile(_("One of these courses was entered meanwhile. Nothing was taken over.")) from None
    return Taken(len(new), len(preview.lines) - len(new))


def _decide(unknown: Unknown, choice: str, *, by: User, district: District) -> None:
    """Let the text of an organisation stand for what was chosen, in the district, from now on."""
    place = Place(district=district)
    if choice == NEW:
        columns = {"title_ky": unknown.text, "kind": ProviderKind.OTHER}
        save_entry(PROVIDERS, by=by, place=place, columns=columns)
        return
    known = Provider.objects.filter(pk__in=[entry.pk for entry in unknown.near if str(entry.pk) == choice])
    if not (entry := known.first()):
        raise Refused(_("Say which organisation “%(text)s” is. Nothing was entered.") % {"text": unknown.text})
    link(PROVIDERS, by=by, place=place, text=unknown.text, entry=entry)


def _take(offering: Offering, seen: int) -> None:
    """Let one of two writers through. Call inside the writing transaction."""
    free = Offering.objects.live().filter(pk=offering.pk, revision=seen)
    if not free.update(revision=F("revision") + 1):
        raise ChangedMeanwhile(_("The course or its places were changed meanwhile. Look at it again."))


def _check_enters(user: User, district: District) -> None:
    if not can_enter(user, district):
        raise PermissionDenied
