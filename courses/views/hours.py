"""The papers of what was learnt: the record of achieved goals, and the sheet for attestation."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.pdf import attestation_pdf, record_pdf
from cpd.dates import today
from cpd.forms import DayForm
from schools import audit
from schools.choices import Event
from schools.http import Request
from schools.models import Employment, Person
from schools.models.people import EmploymentQuerySet


@require_safe
def record_paper(request: Request, pk: int) -> HttpResponse:
    """Form F03 of one person, as a PDF."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    job = _jobs(person).first()
    _note(request, person, job, gettext_lazy("Record of achieved goals"))
    return _paper(record_pdf(person, job), f"F03 {person.short_name}.pdf")


@require_safe
def attestation_paper(request: Request, pk: int) -> HttpResponse:
    """Form F29 of one person for a day of attestation, as a PDF; ``job`` names one of several posts.

    A day that cannot be read leads back to the page that asks for it, as does a person who has never taught.
    """
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    asked = DayForm(request.GET)
    jobs = _jobs(person).teaching()
    job = next((job for job in jobs if str(job.pk) == request.GET.get("job")), jobs.first())
    if not asked.is_valid():
        messages.error(request, " ".join(map(str, asked.errors["on"])))
    elif job is None:
        messages.error(request, _("No teaching post is known, so no rule applies."))
    else:
        _note(request, person, job, gettext_lazy("Information sheet for attestation"))
        return _paper(attestation_pdf(person, job, asked.day), f"F29 {asked.day} {person.short_name}.pdf")
    return redirect("person_hours", pk)


def _note(request: Request, person: Person, job: Employment | None, paper: Promise) -> None:
    place = job.institution if job else None
    audit.saw(Event.SAW_PERSON, by=request.user, subject=person, institution=place, what=paper)


def _jobs(person: Person) -> EmploymentQuerySet:
    """What the person has worked as up to today: present before past, the main job first."""
    jobs = Employment.objects.filter(person=person, starts_on__lte=today()).select_related("institution")
    return jobs.order_by(F("ends_on").desc(nulls_first=True), "-is_main", "-starts_on")


def _paper(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer
