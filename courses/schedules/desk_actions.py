"""What a district's education office does at its desk: the deadline, reminders, and receiving several at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import ScheduleDeadline, ScheduleReminder
from courses.schedules.access import can_keep_desk
from courses.schedules.desk import sent_versions
from cpd.dates import today
from schools import approval
from schools.approval import Refused
from schools.choices import Action, DocumentKind
from schools.models import District, Document, Institution, User


@dataclass
class Outcome:
    """What became of several papers received at once: titles of schools, and of each refused one why."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Reminded:
    """How many schools were reminded, and how many had been reminded earlier on the same day."""

    now: int
    earlier: int


def set_deadline(*, district: District, year: int, due_on: dt.date, by: User) -> ScheduleDeadline:
    """Set the last day for sending, or move it; the row keeps who did so last."""
    _check_keeps_desk(by, district)
    wanted = {"due_on": due_on, "by": by.person, "at": timezone.now()}
    deadline, _is_new = ScheduleDeadline.objects.update_or_create(defaults=wanted, district=district, school_year=year)
    return deadline


def remind_schools(*, district: District, year: int, schools: Iterable[Institution], by: User) -> Reminded:
    """Remind those of the schools that have sent nothing, each at most once a day."""
    _check_keeps_desk(by, district)
    with transaction.atomic():
        # One reminding of a district at a time: of two at once each would find that nobody was reminded today.
        # SQLite, which ignores this lock, lets one writer in at a time anyway.
        District.objects.select_for_update(no_key=True).get(pk=district.pk)
        sent = set(sent_versions(district, year).values_list("document__institution", flat=True))
        asked = [school for school in schools if school.pk not in sent]
        on_this_day = ScheduleReminder.objects.for_school_year(year).filter(district=district, at__date=today())
        earlier = set(on_this_day.values_list("institution", flat=True))
        fresh = [school for school in asked if school.pk not in earlier]
        ScheduleReminder.objects.bulk_create(
            ScheduleReminder(district=district, school_year=year, institution=school, by=by.person) for school in fresh
        )
    return Reminded(len(fresh), len(asked) - len(fresh))


def accept_schedules(seen: Mapping[int, int], *, district: District, by: User) -> Outcome:
    return accept_papers(seen, DocumentKind.SCHOOL_SCHEDULE, district=district, by=by)


def accept_papers(seen: Mapping[int, int], kind: DocumentKind, *, district: District, by: User) -> Outcome:
    """Accept each by itself, on the revision that was on the screen: one refused keeps none of the others back."""
    visible = Document.objects.visible_to(by).filter(kind=kind, pk__in=seen, institution__district=district)
    outcome = Outcome()
    # In one order for everybody: of two that accept the same papers, the second waits for the first.
    for paper in visible.select_related("institution").order_by("pk"):
        school = str(paper.institution)
        try:
            approval.perform(paper, Action.APPROVE, by=by, seen=seen[paper.pk])
        except Refused as refusal:
            outcome.refused.append((school, refusal.message))
        except PermissionDenied:
            outcome.refused.append((school, _("You have no permission for this action.")))
        else:
            outcome.done.append(school)
    return outcome


def _check_keeps_desk(user: User, district: District) -> None:
    if not can_keep_desk(user, district):
        raise PermissionDenied
