"""Why my number is what it is: the hours of one person on one page."""

from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from courses.choices import RecordStatus
from courses.explanation import lines, open_pairs
from courses.models import TrainingRecord
from cpd.dates import today
from cpd.forms import DayForm
from plans.facts import standings_of
from schools import audit
from schools.choices import Event
from schools.http import Request
from schools.models import Employment, Person

ATTENDED = (RecordStatus.SUBMITTED, RecordStatus.VERIFIED)


@require_safe
def my_hours(request: Request) -> HttpResponse:
    """One's own hours."""
    return _hours_page(request, Person.objects.filter(pk=request.user.person_id))


@require_safe
def person_hours(request: Request, pk: int) -> HttpResponse:
    """The hours of a person the user may see."""
    return _hours_page(request, Person.objects.visible_to(request.user).filter(pk=pk))


def _hours_page(request: Request, visible: QuerySet[Person]) -> HttpResponse:
    """The page of the one person in ``visible``, as of the day asked for; 404 where nobody is."""
    asked = DayForm(request.GET)
    on = asked.day
    employed = Employment.objects.on(on).teaching().filter(person__in=visible)
    jobs = list(employed.select_related("person", "institution").order_by("-is_main", "pk"))
    person = jobs[0].person if jobs else get_object_or_404(visible)
    place = jobs[0].institution if jobs else None
    audit.saw(
        Event.SAW_PERSON, by=request.user, subject=person, institution=place, what=pgettext_lazy("heading", "Hours")
    )
    records = TrainingRecord.objects.visible_to(request.user).filter(person=person).select_related("fulfilment")
    known = {record.pk: record for record in records.order_by(F("ends_on").desc(nulls_first=True), "-pk")}
    standings = standings_of(jobs, on, _attended_items(known.values()))
    return render(
        request,
        "plans/hours.html",
        {
            "person": person,
            "is_own": person.pk == request.user.person_id,
            "asked": asked,
            "on": on,
            "is_today": on == today(),
            "standings": standings,
            "records": known,
            "lines": lines(standings, known, request.user.scope.kept),
            "pairs": open_pairs(standings, known),
        },
    )


def _attended_items(records: Iterable[TrainingRecord]) -> set[str]:
    """The planned items for which a course has been handed in."""
    return {
        str(record.fulfilment.uid) for record in records if record.status in ATTENDED and hasattr(record, "fulfilment")
    }
