"""The paper a teacher takes along to a course."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.models import Seat
from courses.pdf import referral_pdf
from schools import audit
from schools.choices import Event
from schools.http import Request


@require_safe
def referral(request: Request, pk: int) -> HttpResponse:
    """The referral of a place that names its teacher, as a PDF."""
    seats = Seat.objects.visible_to(request.user).live().filter(offering__cancelled_at=None)
    found = get_object_or_404(
        seats.select_related("offering__provider", "institution__district", "employment__person"), pk=pk
    )
    if found.employment is None:
        raise Http404
    person = found.employment.person
    what = gettext_lazy("Referral")
    audit.saw(Event.SAW_PERSON, by=request.user, subject=person, institution=found.institution, what=what)
    answer = HttpResponse(referral_pdf(found, found.employment), content_type="application/pdf")
    name = f"{person.short_name} {found.offering.starts_on}.pdf"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer
