"""All writes of places: giving them, naming the teacher a school sends, taking them back.

No more places are given than there are: each gift is one conditional UPDATE of the offering, on the revision that was
on the screen (as in :mod:`schools.approval`), and the database itself lets ``given`` not grow above ``places``. Who
writes holds the offering's row until the end, so that no two give one teacher a place at the same time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Offering, Seat
from courses.offerings.access import can_give, can_name
from courses.offerings.need import queue
from courses.offerings.queue import Ranked, first_of_school, passed_over
from cpd.dates import moment, today
from schools.approval import ChangedMeanwhile, Refused
from schools.models import Employment, Institution, Person, User

Passed = Sequence[Ranked]


class LeavesQueue(Refused):
    """The choice passes somebody over, and nobody said why; ``passed`` are the employments that stand before."""

    def __init__(self, passed: Collection[int]) -> None:
        super().__init__(_("This leaves the order of the queue. Say why."))
        self.passed = passed


def give_seats(
    *, offering: Offering, by: User, seen: int, chosen: Mapping[int, int], override_reason: str = ""
) -> list[Seat]:
    """Give a place to each of the employments chosen; their reasons are kept as they were on the screen.

    ``chosen`` are the marks of the lines as shown, by employment (see ``need.Line``). ``override_reason`` is kept with
    the places of those who stand behind somebody passed over. Raises ``LeavesQueue`` where one is needed and missing,
    ``ChangedMeanwhile`` where the queue or the offering is no longer as it was shown; then nothing is given.
    """
    _check_may_give(offering, by)
    if not chosen:
        raise Refused(_("Tick at least one teacher."))
    lines = queue(offering, today())
    taken = [line for line in lines if chosen.get(line.job.pk) == line.mark]
    if len(taken) != len(chosen):
        raise ChangedMeanwhile(_("The queue has changed meanwhile: look at it again. Nothing was given."))
    ranked = [line.ranked for line in lines]
    reason = _reason_of(passed_over(ranked, chosen), override_reason)
    behind = _behind_somebody(ranked, chosen)
    seats = [
        Seat(
            offering=offering,
            institution_id=line.job.institution_id,
            employment=line.job,
            reasons=list(line.reasons),
            override_reason=reason if line.job.pk in behind else "",
            given_by=by.person,
        )
        for line in taken
    ]
    return _give(offering, seats, seen=seen)


def give_to_school(
    *, offering: Offering, by: User, seen: int, institution: Institution, places: int, override_reason: str = ""
) -> list[Seat]:
    """Give places to a school, which names its teachers later.

    The order of the queue holds where so many of the school stand at its head; else it needs a reason.
    """
    _check_may_give(offering, by)
    if institution.district_id != offering.district_id:
        raise PermissionDenied
    ranked = [line.ranked for line in queue(offering, today())]
    first = first_of_school(ranked, institution.pk, places)
    passed = passed_over(ranked, {one.candidate.employment for one in first})
    if len(first) < places:
        passed = passed or [one for one in ranked if one not in first]
    reason = _reason_of(passed, override_reason)
    seats = [
        Seat(offering=offering, institution=institution, override_reason=reason, given_by=by.person)
        for _place in range(places)
    ]
    return _give(offering, seats, seen=seen)


def name_teacher(*, seat: Seat, by: User, employment: Employment, seen: int | None) -> Seat:
    """The school names whom it sends; ``seen`` is the employment that was named on the screen, if any.

    It may be late: without a name nobody can be marked as having attended. A teacher whom the district named is not
    the school's to replace.
    """
    if not can_name(by, seat):
        raise PermissionDenied
    if seat.employment_id and not seat.named_at:
        raise Refused(_("The district office gave this place to a teacher by name."))
    lines = queue(seat.offering, today(), seat.institution)
    line = next((line for line in lines if line.job.pk == employment.pk), None)
    if line is None:
        raise Refused(_("This teacher holds a place in the course already, or does not work here on its days."))
    with transaction.atomic():
        hold(seat.offering)
        _check_without_place(seat.offering, [line.job])
        free = Seat.objects.live().filter(pk=seat.pk, employment=seen, attended=None)
        if not free.update(
            employment=line.job, reasons=list(line.reasons), named_by=by.person, named_at=timezone.now()
        ):
            raise ChangedMeanwhile(what_happened(seat))
    seat.refresh_from_db()
    return seat


def take_back(*, seat: Seat, by: User, reason: str) -> None:
    """Free a place again; it stays readable with the reason. One whose attendance is marked is not taken back."""
    _check_may_give(seat.offering, by)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Give the reason."))
    with transaction.atomic():
        of_course = Offering.objects.filter(pk=seat.offering_id)
        of_course.update(revision=F("revision") + 1)  # holds the row: of two that take it back one finds it gone
        live = Seat.objects.live().filter(pk=seat.pk, attended=None)
        if not live.update(taken_back_by=by.person, taken_back_at=timezone.now(), taken_back_reason=reason):
            raise ChangedMeanwhile(what_happened(seat))
        of_course.update(given=F("given") - 1)


def what_happened(seat: Seat) -> str:
    """One sentence for the person who came second."""
    now = Seat.objects.select_related("taken_back_by", "named_by", "attended_by").get(pk=seat.pk)
    for by, at, told in (
        (now.taken_back_by, now.taken_back_at, _("The place was taken back")),
        (now.attended_by, now.attended_at, _("Attendance is marked")),
        (now.named_by, now.named_at, _("The school named its teacher")),
    ):
        if by and at:
            return _("%(told)s: %(name)s, %(moment)s. Your click changed nothing.") % {
                "told": told,
                "name": by.full_name,
                "moment": moment(at),
            }
    return _("The place was changed meanwhile. Your click changed nothing.")


def _check_may_give(offering: Offering, by: User) -> None:
    if not can_give(by, offering):
        raise PermissionDenied


def _check_open(offering: Offering) -> None:
    if offering.cancelled_at:
        raise Refused(_("The course was cancelled."))
    if today() > offering.ends_on:
        raise Refused(_("The course is over."))


def _reason_of(passed: Passed, reason: str) -> str:
    """The reason as it is kept; none where the order of the queue holds."""
    if not passed:
        return ""
    if not reason.strip():
        raise LeavesQueue([one.candidate.employment for one in passed])
    return reason.strip()


def _behind_somebody(ranked: Passed, chosen: Collection[int]) -> set[int]:
    """Those chosen before whom somebody was passed over."""
    order = [one.candidate.employment for one in ranked]
    first_left = next((place for place, job in enumerate(order) if job not in chosen), len(order))
    return {job for job in order[first_left:] if job in chosen}


def _give(offering: Offering, seats: list[Seat], *, seen: int) -> list[Seat]:
    """Take so many places off the offering, or explain why not; then write them."""
    _check_open(offering)
    with transaction.atomic():
        free = Offering.objects.live().filter(pk=offering.pk, revision=seen, given__lte=F("places") - len(seats))
        if not free.update(given=F("given") + len(seats), revision=F("revision") + 1):
            raise _why_not(offering, len(seats))
        _check_without_place(offering, [seat.employment for seat in seats if seat.employment])
        return Seat.objects.bulk_create(seats)


def hold(offering: Offering) -> None:
    """Writing the row keeps it as it is until the end: who gives places at the same time waits."""
    if not Offering.objects.live().filter(pk=offering.pk).update(given=F("given")):
        raise Refused(_("The course was cancelled."))


def _check_without_place(offering: Offering, jobs: Iterable[Employment]) -> None:
    """One place per person, whatever the number of jobs. Call while the offering is held."""
    people = {job.person_id for job in jobs}
    holding = Seat.objects.live().filter(offering=offering).values("employment__person")
    if held := Person.objects.filter(pk__in=people).filter(pk__in=holding).first():
        text = _("Meanwhile a place was given to %(name)s. Your click changed nothing.")
        raise ChangedMeanwhile(text % {"name": held.full_name})


def _why_not(offering: Offering, wanted: int) -> Refused:
    now = Offering.objects.get(pk=offering.pk)
    if now.cancelled_at:
        return Refused(_("The course was cancelled."))
    if now.left < wanted:
        text = ngettext("Only %(count)s place is left.", "Only %(count)s places are left.", now.left)
        return Refused(text % {"count": now.left})
    return ChangedMeanwhile(_("The course or its places were changed meanwhile: look again. Nothing was given."))
