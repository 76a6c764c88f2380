"""Course schedules as papers and as Excel files: of a version, or of the writer's own working copy."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from courses.books.papers import paper_of
from courses.exports import XLSX, table_xlsx
from courses.models import Schedule
from courses.schedules.access import can_edit, version_read, versions_seen, visible_schedule
from courses.schedules.content import content_of
from courses.schedules.papers import paper_name, schedule_pdf
from courses.schedules.tables import schedule_table
from schools import audit
from schools.choices import Event
from schools.http import Request
from schools.models import DocumentVersion


@require_safe
def schedule_paper(request: Request, pk: int, number: int | None = None) -> HttpResponse:
    """F05 or F06. A version's is rendered once and kept; the working copy's anew, for whoever may write it."""
    schedule, version = _taken(request, pk, number)
    pdf = paper_of(version) if version else schedule_pdf(schedule)
    return _sent(pdf, "application/pdf", paper_name(schedule, version, ".pdf"), is_saved=False)


@require_safe
def schedule_xlsx(request: Request, pk: int, number: int | None = None) -> HttpResponse:
    """The same as an Excel file."""
    schedule, version = _taken(request, pk, number)
    table = schedule_table(version.content, version.number) if version else schedule_table(content_of(schedule))
    return _sent(table_xlsx(table), XLSX, paper_name(schedule, version, ".xlsx"), is_saved=True)


def _taken(request: Request, pk: int, number: int | None) -> tuple[Schedule, DocumentVersion | None]:
    """What is taken away tells of several people, so it is noted."""
    schedule, version = _asked_for(request, pk, number)
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=schedule.institution, what=schedule)
    return schedule, version


def _asked_for(request: Request, pk: int, number: int | None) -> tuple[Schedule, DocumentVersion | None]:
    """The schedule, and the version to be read; none is the working copy."""
    schedule = visible_schedule(request.user, pk)
    if schedule is None:
        raise Http404
    if number is not None:
        return schedule, get_object_or_404(versions_seen(request.user, schedule), number=number)
    if can_edit(request.user, schedule):
        return schedule, None
    version = version_read(request.user, schedule)
    if version is None:
        raise Http404
    return schedule, version


def _sent(file: bytes, content_type: str, name: str, *, is_saved: bool) -> HttpResponse:
    answer = HttpResponse(file, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(is_saved, name) or "inline"
    return answer
