"""The papers of what was learnt: the record of achieved goals, and the sheet for attestation."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.pdf import attestation_pdf, record_pdf
from cpd.dates import today
from cpd.forms import DayForm
from schools.http import Request
from schools.models import Employment, Person


@require_safe
def record_paper(request: Request, pk: int) -> HttpResponse:
    """Form F03 of one person, as a PDF."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return _paper(record_pdf(person, _job(person)), f"F03 {person.short_name}.pdf")


@require_safe
def attestation_paper(request: Request, pk: int) -> HttpResponse:
    """Form F29 of one person for a day of attestation, as a PDF; ``at`` names the institution where there are several.

    A day that cannot be read leads back to the page that asks for it, as does a person who has never worked.
    """
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    asked = DayForm(request.GET)
    job = _job(person, request.GET.get("at", ""))
    if not asked.is_valid():
        messages.error(request, asked.errors["on"].as_text())
    elif job is None:
        messages.error(request, _("No place of work is known, so no rule can be applied."))
    else:
        return _paper(attestation_pdf(person, job, asked.day), f"F29 {asked.day} {person.short_name}.pdf")
    return redirect("person_hours", pk)


def _job(person: Person, institution: str = "") -> Employment | None:
    """The main job of today, or else the one that lasted longest; only in one institution where it is named."""
    jobs = Employment.objects.filter(person=person, starts_on__lte=today()).select_related("institution")
    if institution.isdecimal():
        jobs = jobs.filter(institution=int(institution))
    return jobs.order_by(F("ends_on").desc(nulls_first=True), "-is_main", "-starts_on").first()


def _paper(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer
