"""The record of achieved goals."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from courses.pdf import record_pdf
from cpd.dates import today
from schools.http import Request
from schools.models import Employment, Person


@require_safe
def record_paper(request: Request, pk: int) -> HttpResponse:
    """Form F03 of one person, as a PDF."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    job = Employment.objects.on(today()).filter(person=person).select_related("institution").first()
    answer = HttpResponse(record_pdf(person, job), content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"F03 {person.short_name}.pdf")
    answer["Content-Disposition"] = name or "inline"
    return answer
