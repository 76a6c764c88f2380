"""What somebody is told of schedules without asking: what waits for them, a deadline, a reminder, a return."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from courses.models import Schedule, ScheduleDeadline, ScheduleReminder
from courses.schedules.desk import sent_versions
from cpd.dates import school_year, school_year_of
from schools.choices import Action, DocumentKind, State
from schools.kinds import WAYS, kinds_using
from schools.models import Decision, District, Document, Institution, MethodicalAssociation, User

NOTICE_DAYS = 30  # a deadline is spoken of from so many days before it; no act names a number, a month is ours


class NoticeCode(StrEnum):
    """The first two are the school's, the next two an association's; the last two count what waits for the reader."""

    NOT_SENT = "not_sent"
    RETURNED = "returned"
    NOT_HANDED_OVER = "not_handed_over"
    PART_RETURNED = "part_returned"
    PARTS_WAIT = "parts_wait"
    SCHOOLS_WAIT = "schools_wait"


@dataclass(frozen=True)
class Notice:
    """One thing to be told; ``place`` is the school, the association or the ``district``, ``schedule`` its paper where
    it was begun, or else the first of the ``count`` parts that wait to be taken into it.
    """

    code: NoticeCode
    place: str
    year: int
    schedule: int | None = None
    due_on: dt.date | None = None
    is_past: bool = False  # the deadline lies behind
    reminded_on: dt.date | None = None
    reason: str = ""
    count: int = 0
    district: int | None = None
    institution: int | None = None
    association: int | None = None  # whose paper it is; none of a school's


def notices_for(user: User, on: dt.date) -> list[Notice]:
    """What officers, leaders of schools and heads of associations are told of this school year and the next.

    One query for who serves a district, one for who makes a school's, one for who heads, none for others.
    """
    years = (school_year_of(on), school_year_of(on) + 1)
    found: list[Notice] = []
    if user.scope.districts:
        found += _of_districts(user, years)
    if user.scope.scheduled:
        found += _of_schools(user, years, on)
    if user.scope.associations:
        found += _of_associations(user, years, on)
    return found


def owed_in(district: District, on: dt.date) -> list[Notice]:
    """The same of all schools and associations of a district, but for what waits for somebody: two queries."""
    years = (school_year_of(on), school_year_of(on) + 1)
    schools = _with_schedules_of_schools(Institution.objects.filter(district=district).order_by("pk"), years)
    associations = MethodicalAssociation.objects.filter(institution__district=district).order_by("pk")
    headed = _with_schedules_of_associations(associations, years)
    return [notice for school in schools for year in years for notice in _of_school(school, year, on)] + [
        notice for association in headed for year in years for notice in _of_association(association, year, on)
    ]


def _of_districts(user: User, years: tuple[int, ...]) -> Iterator[Notice]:
    districts: QuerySet[Any] = District.objects.filter(pk__in=user.scope.districts).order_by("pk")
    for year in years:
        waiting = _waiting(user, DocumentKind.SCHOOL_SCHEDULE, year).filter(institution__district=OuterRef("pk"))
        districts = districts.annotate(**{f"waiting_{year}": _counted(waiting, "institution__district")})
    for district in districts:
        for year in years:
            if count := _value(district, "waiting", year):
                yield Notice(NoticeCode.SCHOOLS_WAIT, str(district), year, count=count, district=district.pk)


def _of_schools(user: User, years: tuple[int, ...], on: dt.date) -> Iterator[Notice]:
    schools = _with_schedules_of_schools(Institution.objects.filter(pk__in=user.scope.scheduled).order_by("pk"), years)
    for year in years:
        waiting = _waiting(user, DocumentKind.ASSOCIATION_SCHEDULE, year).filter(institution=OuterRef("pk"))
        schools = schools.annotate(
            **{f"waiting_{year}": _counted(waiting, "institution")},
            **{f"part_{year}": Subquery(waiting.order_by("pk").values("pk")[:1])},
        )
    for school in schools:
        for year in years:
            if count := _value(school, "waiting", year):
                schedule = _value(school, "schedule", year) or _value(school, "part", year)
                yield Notice(NoticeCode.PARTS_WAIT, str(school), year, schedule, count=count)
            yield from _of_school(school, year, on)


def _of_associations(user: User, years: tuple[int, ...], on: dt.date) -> Iterator[Notice]:
    associations = MethodicalAssociation.objects.filter(pk__in=user.scope.associations).order_by("pk")
    for association in _with_schedules_of_associations(associations, years):
        for year in years:
            yield from _of_association(association, year, on)


def _with_schedules_of_schools(schools: QuerySet[Any], years: tuple[int, ...]) -> QuerySet[Any]:
    own = Schedule.objects.filter(kind=DocumentKind.SCHOOL_SCHEDULE, institution=OuterRef("pk"))
    for year in years:
        schools = schools.annotate(**_told(year, own, school="pk", district="district"))
    return schools


def _with_schedules_of_associations(headed: QuerySet[Any], years: tuple[int, ...]) -> QuerySet[Any]:
    headed = headed.filter(institution__kind__in=kinds_using(DocumentKind.ASSOCIATION_SCHEDULE))
    own = Schedule.objects.filter(kind=DocumentKind.ASSOCIATION_SCHEDULE, association=OuterRef("pk"))
    for year in years:
        headed = headed.annotate(**_told(year, own, school="institution", district="institution__district"))
    return headed


def _of_school(school: Any, year: int, on: dt.date) -> Iterator[Notice]:
    if _value(school, "state", year) == State.RETURNED:
        yield _notice(NoticeCode.RETURNED, school, year, on)
    elif WAYS[school.kind].uses(DocumentKind.SCHOOL_SCHEDULE) and _is_called_for(school, year, on):
        yield _notice(NoticeCode.NOT_SENT, school, year, on)


def _of_association(association: Any, year: int, on: dt.date) -> Iterator[Notice]:
    state = _value(association, "state", year)
    is_handed_over = state not in (None, State.DRAFT) or _value(association, "in_force", year)
    if state == State.RETURNED:
        yield _notice(NoticeCode.PART_RETURNED, association, year, on)
    elif not is_handed_over and _is_called_for(association, year, on):
        yield _notice(NoticeCode.NOT_HANDED_OVER, association, year, on)


def _waiting(user: User, kind: str, year: int) -> QuerySet[Document]:
    """Schedules whose next step the user may take."""
    return Document.objects.awaiting(user).filter(kind=kind, starts_on=school_year(year).starts_on)


def _counted(documents: QuerySet[Document], by: str) -> Coalesce:
    counts = documents.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def _told(year: int, own: QuerySet[Schedule], *, school: str, district: str) -> dict[str, Any]:
    """Columns of one school year, for rows from which ``school`` and ``district`` lead to the two."""
    schedules = own.filter(starts_on=school_year(year).starts_on).order_by()
    returns = Decision.objects.filter(version__document=OuterRef("pk"), action=Action.RETURN).order_by("-pk")
    deadlines = ScheduleDeadline.objects.filter(district=OuterRef(district), school_year=year)
    reminders = ScheduleReminder.objects.for_school_year(year).filter(institution=OuterRef(school)).order_by("-at")
    columns = {
        "schedule": Subquery(schedules.values("pk")[:1]),
        "state": Subquery(schedules.values("state")[:1]),
        "in_force": Subquery(schedules.values("in_force")[:1]),
        "reason": Subquery(schedules.annotate(why=Subquery(returns.values("reason")[:1])).values("why")[:1]),
        "is_sent": Exists(sent_versions(None, year).filter(document__institution=OuterRef(school))),
        "due_on": Subquery(deadlines.values("due_on")),
        "reminded_at": Subquery(reminders.values("at")[:1]),
    }
    return {f"{name}_{year}": column for name, column in columns.items()}


def _value(place: Any, name: str, year: int) -> Any:
    return getattr(place, f"{name}_{year}")


def _is_called_for(place: Any, year: int, on: dt.date) -> bool:
    """Whether the school's schedule has not been sent, and its deadline is near or past, or the district reminded."""
    due_on = _value(place, "due_on", year)
    is_due = due_on is not None and on >= due_on - dt.timedelta(days=NOTICE_DAYS)
    return not _value(place, "is_sent", year) and bool(is_due or _value(place, "reminded_at", year))


def _notice(code: NoticeCode, place: Any, year: int, on: dt.date) -> Notice:
    due_on, reminded_at = _value(place, "due_on", year), _value(place, "reminded_at", year)
    is_return = code in (NoticeCode.RETURNED, NoticeCode.PART_RETURNED)
    is_part = isinstance(place, MethodicalAssociation)
    return Notice(
        code=code,
        place=str(place),
        year=year,
        schedule=_value(place, "schedule", year),
        due_on=due_on,
        is_past=due_on is not None and due_on < on,
        reminded_on=localdate(reminded_at) if reminded_at and not is_return else None,
        reason=_value(place, "reason", year) if is_return else "",
        institution=place.institution_id if is_part else place.pk,
        association=place.pk if is_part else None,
    )
