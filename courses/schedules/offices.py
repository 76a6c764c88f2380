"""Whose schedules a person makes: of associations they head, of schools they lead or were handed the schedule of."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from courses.models import Schedule
from courses.schedules.access import schedules_seen
from cpd.dates import school_year
from schools.choices import DocumentKind
from schools.kinds import kinds_using
from schools.models import Institution, MethodicalAssociation, User


@dataclass(frozen=True)
class Office:
    """An association one heads or a school one leads, with its schedules of the years shown, if there are any."""

    place: MethodicalAssociation | Institution
    school: Institution
    schedules: Sequence[tuple[int, Schedule | None]]

    @property
    def is_school(self) -> bool:
        return self.place == self.school


def schedules_near(user: User, years: Sequence[int]) -> QuerySet[Schedule]:
    """The schedules of some years that the user makes or reads at school; the district has its own desk for them."""
    headed = MethodicalAssociation.objects.headed_by(user).values("institution")
    seen = schedules_seen(user).filter(starts_on__in=[school_year(year).starts_on for year in years])
    served = user.scope.served | user.scope.scheduled
    at_school = seen.filter(institution__in=served) | seen.filter(institution__in=headed)
    return at_school.select_related("institution", "association").order_by("-starts_on", "-kind", "pk")


def offices_of(user: User, found: Sequence[Schedule], years: Sequence[int]) -> list[Office]:
    """Every office of the user, the schools first, with what of the schedules ``found`` is its own."""
    kinds = kinds_using(DocumentKind.SCHOOL_SCHEDULE)
    schools = Institution.objects.filter(pk__in=user.scope.scheduled, kind__in=kinds)
    headed = MethodicalAssociation.objects.headed_by(user).filter(institution__kind__in=kinds)
    associations = headed.select_related("institution")
    by_office = {
        (schedule.institution_id, schedule.association_id, schedule.school_year): schedule for schedule in found
    }
    offices: list[Office] = []
    for school in schools:
        offices.append(Office(school, school, [(year, by_office.get((school.pk, None, year))) for year in years]))
    for one in associations:
        school = one.institution
        offices.append(Office(one, school, [(year, by_office.get((school.pk, one.pk, year))) for year in years]))
    return offices
