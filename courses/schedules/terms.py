"""What the schools' schedules say of single people: which course, when. From frozen versions, never from drafts."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import F, Q

from courses.models import Schedule
from cpd.dates import school_year
from schools.choices import DocumentKind, State
from schools.models import DocumentVersion


@dataclass(frozen=True)
class Term:
    """One row of a school's schedule. Without days of its own it has only the month the association proposed."""

    uid: str
    school_year: int
    institution: int
    employment: int
    teacher: str
    title: str
    hours: str
    provider: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    month: int | None
    schedule: int
    version: int
    made_at: dt.datetime


def terms(institutions: Collection[int], years: Collection[int]) -> list[Term]:
    """All rows of the schedules of some schools for some school years, in two queries.

    The version that stands: the one handed in last, or, while it is being changed, the one in force before.
    """
    schedules = Schedule.objects.filter(
        ~Q(state=State.DRAFT) | Q(in_force__isnull=False),
        kind=DocumentKind.SCHOOL_SCHEDULE,
        institution__in=institutions,
        starts_on__in=[school_year(year).starts_on for year in years],
    )
    drafted = schedules.filter(state=State.DRAFT).values("in_force")
    standing = schedules.exclude(state=State.DRAFT).values("current_version")
    versions = DocumentVersion.objects.filter(Q(pk__in=drafted) | Q(pk__in=standing))
    found = versions.annotate(place=F("document__institution")).order_by("document__starts_on", "pk")
    return [term for version in found for term in _rows(version, version.place)]


def _rows(version: DocumentVersion, institution: int) -> Iterator[Term]:
    for group in version.content["groups"]:
        for row in group["rows"]:
            yield Term(
                uid=row["uid"],
                school_year=version.content["school_year"],
                institution=institution,
                employment=row["employment"],
                teacher=row["teacher"],
                title=row["title"],
                hours=row["hours"] or "",
                provider=row["provider"],
                starts_on=_day(row["starts_on"]),
                ends_on=_day(row["ends_on"]),
                month=row["proposed_month"],
                schedule=version.document_id,
                version=version.number,
                made_at=version.made_at,
            )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
