"""Whose courses a school year of sharing can be planned from, and what the year holds."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from courses.choices import ParticipationRole, RecordStatus
from courses.facts import policy_of
from courses.models import SharingEvent, TrainingRecord
from cpd.dates import add_years, months_of_school_year, today
from schools.models import Employment, Institution, MethodicalAssociation, User

Place = Institution | MethodicalAssociation


def institution_of(place: Place) -> Institution:
    return place.institution if isinstance(place, MethodicalAssociation) else place


def candidates(user: User, place: Place, school_year: int) -> QuerySet[TrainingRecord]:
    """Verified courses of the last years that nothing is planned from in that school year, the latest first.

    Of an association those of its members, of a school those of its teachers who belong to none. How many years that
    is the rule in force says; where there is none, they are all offered.
    """
    jobs = Employment.objects.on(today()).filter(person=OuterRef("person"))
    if isinstance(place, MethodicalAssociation):
        jobs = jobs.filter(association=place)
    else:
        jobs = jobs.filter(institution=place, association=None)
    shared = SharingEvent.objects.filter(record=OuterRef("pk"), school_year=school_year)
    courses = TrainingRecord.objects.visible_to(user).courses()
    courses = courses.filter(Exists(jobs), status=RecordStatus.VERIFIED, role=ParticipationRole.PARTICIPANT)
    if since := _since(institution_of(place)):
        courses = courses.filter(ends_on__gte=since)
    return courses.filter(~Exists(shared)).select_related("person").order_by("-ends_on", "-pk")


def _since(institution: Institution) -> dt.date | None:
    rule = policy_of(institution, "", today())
    return add_years(today(), -rule.years) if rule else None


def in_order(events: QuerySet[SharingEvent]) -> list[SharingEvent]:
    """By school year and month, what was held by its day; what names no month comes last of its year."""
    months = months_of_school_year()
    rows = events.select_related("record__person", "entered_by", "association", "file")
    return sorted(rows, key=lambda event: (event.school_year, *_place_in_year(event, months), event.pk))


def _place_in_year(event: SharingEvent, months: list[int]) -> tuple[int, int]:
    if event.held_on:
        return months.index(event.held_on.month), event.held_on.day
    return (months.index(event.month), 0) if event.month else (len(months), 0)
