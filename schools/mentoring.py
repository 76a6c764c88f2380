"""All writes about mentorships: fixed by the director's order, put right, ended, taken back (regulation 4.4.1).

Each keeps the rows of both people until it is done, as :mod:`schools.staffing` does: of two who fix a mentor for one
young specialist at the same moment the second one is told, and nobody's employment ends in between.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, ManyToOneRel, OuterRef, ProtectedError, Q, QuerySet
from django.utils.translation import gettext as _

from cpd.by_app import found_in_apps
from cpd.dates import add_years, short_date, today
from schools import audit
from schools.access import can_fix_mentors
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import DocumentKind, Event
from schools.models import DocumentVersion, Employment, Institution, Leave, Mentorship, Person, User
from schools.staffing import DAY, differences, hold_person

APART = 1  # years at most between the order and the first day: more is a slip of the finger


class Unfit(Refused):
    """What of an order cannot be, and in which ``field`` it stands."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Terms:
    """What the order says of a mentorship: from when, until when if that is known, its number and its date."""

    starts_on: dt.date
    ends_on: dt.date | None
    order_number: str
    ordered_on: dt.date

    @property
    def columns(self) -> dict[str, Any]:
        return dict(vars(self))


def fix_mentor(
    *,
    by: User,
    institution: Institution,
    mentor: Person,
    mentee: Person,
    starts_on: dt.date,
    order_number: str,
    ordered_on: dt.date,
    ends_on: dt.date | None = None,
) -> Mentorship:
    """A mentor for a young specialist. Raises ``Refused`` with what of the order cannot be."""
    if not can_fix_mentors(by, institution):
        raise PermissionDenied
    terms = Terms(starts_on, ends_on, order_number.strip(), ordered_on)
    with transaction.atomic():
        _hold_both(mentor, mentee)
        made = Mentorship(institution=institution, mentor=mentor, mentee=mentee, **terms.columns)
        _check(made)
        made.save(force_insert=True)
        _note(Event.MENTOR_FIXED, made, by=by, before={}, after=terms.columns)
    return made


def change_mentorship(*, mentorship: Mentorship, by: User, seen: str, terms: Terms) -> Mentorship:
    """A day, a number or a date that was entered wrong. ``seen`` is how it stood on the screen, see ``standing``."""
    with transaction.atomic():
        now = _held(mentorship, by)
        if seen != standing(now):
            raise ChangedMeanwhile(_("Meanwhile somebody else changed this mentorship. Look at it again."))
        before, after = differences(now, terms.columns)
        if not after:
            return now
        for name, value in after.items():
            setattr(now, name, value)
        _check(now)
        now.save(update_fields=list(after))
        _note(Event.MENTOR_CHANGED, now, by=by, before=before, after=after)
    return now


def end_mentorship(*, mentorship: Mentorship, by: User, last_day: dt.date) -> None:
    """The last day. One that has a last day already is changed instead."""
    with transaction.atomic():
        now = _held(mentorship, by)
        if now.ends_on is not None:
            raise ChangedMeanwhile(_("Its last day was entered already: %(day)s") % {"day": short_date(now.ends_on)})
        if last_day < now.starts_on:
            raise Unfit("ends_on", _("It began on %(day)s.") % {"day": short_date(now.starts_on)})
        now.ends_on = last_day
        now.save(update_fields=["ends_on"])
        _note(Event.MENTOR_CHANGED, now, by=by, before={"ends_on": None}, after={"ends_on": last_day})


def annul_mentorship(*, mentorship: Mentorship, by: User) -> None:
    """Take back what was entered by mistake, while nothing rests on it. The journal keeps what it was."""
    gone = _("Something rests on this mentorship already: enter its last day instead.")
    try:
        with transaction.atomic():
            now = _held(mentorship, by)
            if rests_on(now):
                raise Refused(gone)
            before = {name: getattr(now, name) for name in Terms.__dataclass_fields__}
            _note(Event.MENTOR_CHANGED, now, by=by, before=before, after=dict.fromkeys(before))
            now.delete()
    except (IntegrityError, ProtectedError):  # a sheet of a lesson arrived at this moment
        raise Refused(gone) from None


def rests_on(mentorship: Mentorship) -> bool:
    """Whether anything was built on it: sheets, a place in a portfolio, marks, a plan handed in since."""
    links = (link for link in Mentorship._meta.get_fields(include_hidden=True) if isinstance(link, ManyToOneRel))
    if any(link.related_model._base_manager.filter(**{link.field.name: mentorship}).exists() for link in links):
        return True
    handed_in = DocumentVersion.objects.filter(
        document__kind=DocumentKind.INDUCTION_PLAN,
        document__author=mentorship.mentee_id,
        document__institution=mentorship.institution_id,
        made_at__date__gte=mentorship.starts_on,
    )
    return handed_in.exists() or any(told(mentorship) for told in found_in_apps("annulling", "RESTS"))


def standing(mentorship: Mentorship) -> str:
    """What can be changed of a mentorship, as one line: a form brings back what stood on its screen."""
    columns = (mentorship.starts_on, mentorship.ends_on, mentorship.ordered_on, mentorship.order_number)
    return " ".join(str(value or "-") for value in columns)


def unguided(jobs: QuerySet[Employment], on: dt.date) -> QuerySet[Employment]:
    """Of these employments those whose holder has no mentor there: none was fixed, or who was works there no more.

    A mentor on long leave guides nobody meanwhile, and nobody on long leave needs one. A mentor who is to begin on a
    later day was fixed all the same.
    """
    away = Exists(Leave.objects.on(on).filter(employment=OuterRef("pk")))
    stays = Employment.objects.teaching().lasting_after(on - DAY).exclude(away)
    stays = stays.filter(person=OuterRef("mentor"), institution=OuterRef("institution"))
    lasting = Mentorship.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), Exists(stays))
    guided = Exists(lasting.filter(mentee=OuterRef("person"), institution=OuterRef("institution")))
    return jobs.exclude(away).exclude(guided)


def _held(mentorship: Mentorship, by: User) -> Mentorship:
    """As it stands now, with both people kept until the end of the transaction."""
    _hold_both(mentorship.mentor, mentorship.mentee)
    now = Mentorship.objects.select_related("institution", "mentor", "mentee").filter(pk=mentorship.pk).first()
    if now is None:
        raise ChangedMeanwhile(_("Meanwhile this mentorship was taken back."))
    if not can_fix_mentors(by, now.institution):
        raise PermissionDenied
    return now


def _hold_both(mentor: Person, mentee: Person) -> None:
    """In one order for everybody, lest two wait for each other."""
    for person in sorted((mentor, mentee), key=lambda person: person.pk):
        hold_person(person)


def _check(one: Mentorship) -> None:
    """Everything the database cannot hold, and the rest in words before it does.

    Who is young by the years of teaching is kept out as a mentor by the form alone: the rule that says how many years
    these are belongs to ``courses``.
    """
    if one.mentor_id == one.mentee_id:
        raise Unfit("mentor", _("The mentor and the young specialist must be different people."))
    if one.ends_on and one.ends_on < one.starts_on:
        raise Unfit("ends_on", _("The end date must not be earlier than the start date."))
    _check_order(one)
    for field, person in (("mentor", one.mentor), ("mentee", one.mentee)):
        _check_works(field, person, one)
    beginner = Employment.objects.on(one.starts_on).filter(institution=one.institution_id, is_young_specialist=True)
    if beginner.filter(person=one.mentor).exists() or _of_same_days(one, mentee=one.mentor).exists():
        told = _("%(name)s is a young specialist too and cannot be a mentor.")
        raise Unfit("mentor", told % {"name": one.mentor})
    if _of_same_days(one, mentor=one.mentee).exists():
        raise Unfit("mentee", _("%(name)s is a mentor on these days.") % {"name": one.mentee})
    if other := _of_same_days(one, mentee=one.mentee).select_related("mentor").first():
        told = _("On these days %(name)s has a mentor already: %(mentor)s.")
        raise Unfit("mentee", told % {"name": one.mentee, "mentor": other.mentor})


def _check_order(one: Mentorship) -> None:
    """An order has a number and a date; it may be written some days after the work began, or before it."""
    if not one.order_number or one.ordered_on is None:
        raise Unfit("order_number", _("The mentor must first be fixed by the director's order."))
    if one.ordered_on > today():
        raise Unfit("ordered_on", _("The day of the order has not come yet."))
    earlier, later = sorted((one.ordered_on, one.starts_on))
    if add_years(earlier, APART) < later:
        raise Unfit("ordered_on", _("The order and the first day lie more than a year apart."))


def _check_works(field: str, person: Person, one: Mentorship) -> None:
    """On all days of the mentorship the person teaches there; one employment may follow another without a gap."""
    jobs = person.employments.teaching().filter(institution=one.institution_id).lasting_after(one.starts_on - DAY)
    reached: dt.date | None = one.starts_on - DAY
    for job in jobs.order_by("starts_on", "pk"):
        if reached is None or job.starts_on > reached + DAY:
            break
        reached = job.ends_on and max(reached, job.ends_on)
    if reached is not None and reached < one.starts_on:
        told = _("On the first day %(name)s did not work here as a teacher.")
        raise Unfit(field, told % {"name": person})
    if reached is not None and (one.ends_on is None or one.ends_on > reached):
        told = _("%(name)s works here until %(day)s: the mentorship ends by then.")
        raise Unfit("ends_on", told % {"name": person, "day": short_date(reached)})


def _of_same_days(one: Mentorship, **people: Person) -> QuerySet[Mentorship]:
    """Other mentorships there that share a day with this one."""
    others = Mentorship.objects.filter(institution=one.institution_id, **people).exclude(pk=one.pk)
    others = others.exclude(ends_on__lt=one.starts_on)
    return others.filter(starts_on__lte=one.ends_on) if one.ends_on else others


def _note(event: Event, mentorship: Mentorship, *, by: User, before: dict[str, Any], after: dict[str, Any]) -> None:
    """One entry for each of the two: either reads what is about them. Neither holds the other's name."""
    for person in (mentorship.mentee, mentorship.mentor):
        audit.note(
            event,
            by=by,
            subject=person,
            institution=mentorship.institution,
            what=mentorship.order_told,
            before=before,
            after=after,
        )
