"""A district's consolidated book: asked for, watched while it is made, and taken along."""

import logging
import re

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from courses.books.edition import missing_of
from courses.books.jobs import ask_for, is_current, waits_in_vain
from courses.choices import BookForm, BookState
from courses.models import Book
from courses.models.schedules import FIRST_YEAR, LAST_YEAR
from courses.schedules.access import can_read_desk
from courses.views.files import HARMLESS
from cpd.dates import school_year_label
from cpd.once import acts_once
from cpd.pdf import LANGUAGE
from cpd.storage import file_store
from schools import audit
from schools.approval import Refused
from schools.choices import Event
from schools.http import Request
from schools.models import District

logger = logging.getLogger(__name__)

# What the name of the file begins with, in official Kyrgyz as the names of papers are.
FILES: dict[str, Promise] = {
    BookForm.BOOK: pgettext_lazy("file name", "Consolidated book"),
    BookForm.WORKBOOK: pgettext_lazy("file name", "Consolidated table"),
    BookForm.ARCHIVE: pgettext_lazy("file name", "Single schedules"),
}


@require_POST
@acts_once
def book_ask(request: Request, pk: int) -> HttpResponse:
    """Ask for the schedules of a district and school year in one of three forms."""
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_read_desk(request.user, district):
        raise PermissionDenied
    year, form = _year_asked(request), request.POST.get("form", "")
    if form not in BookForm.values:
        raise BadRequest("no form of a book")
    try:
        asked = ask_for(district, year, form, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(reverse("district_schedules", args=[pk], query={"year": year}))
    return redirect("book", token=asked.token)


@require_safe
def book(request: Request, token: str) -> HttpResponse:
    """How far a book is, and where to get it; the address can be left and opened again."""
    found = _visible(request, token)
    is_ended = found.state in (BookState.DONE, BookState.FAILED)
    return render(
        request,
        "courses/book.html",
        {
            "book": found,
            "is_ended": is_ended,
            "is_outdated": found.state == BookState.DONE and not is_current(found),
            "waits_in_vain": waits_in_vain(found),
            "missing": missing_of(found),
        },
    )


@require_safe
def book_state(request: Request, token: str) -> HttpResponse:
    """The same as data, for the page that waits."""
    found = _visible(request, token)
    answer = JsonResponse(
        {
            "state": found.state,
            "done": found.done,
            "of": len(found.versions),
            "waits_in_vain": waits_in_vain(found),
        }
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def book_file(request: Request, token: str) -> HttpResponseBase:
    """The file, only ever to be saved, for whoever serves the district now."""
    found = _visible(request, token)
    if found.state != BookState.DONE:
        messages.info(request, _("The book is not ready yet."))
        return redirect("book", token=token)
    try:
        stored = file_store().open(found.stored_as)
    except OSError:
        logger.exception("The file of book %s cannot be read", found.pk)
        messages.error(request, _("The file cannot be read now. Ask for it again, or tell the administrator."))
        return redirect("book", token=token)
    name = _file_name(found)
    audit.saw(Event.TOOK_TABLE, by=request.user, district=found.district, what=name)
    return FileResponse(stored, as_attachment=True, filename=name, headers=HARMLESS)


def _file_name(book: Book) -> str:
    """Form, district, school year: letters, digits and dashes only."""
    with translation.override(LANGUAGE):
        parts = (str(FILES[book.form]), book.district.title_ky, school_year_label(book.school_year))
    extension = book.stored_as.rpartition(".")[2]
    return "_".join(re.sub(r"[^\w-]+", "-", part).strip("-") for part in parts) + f".{extension}"


def _visible(request: Request, token: str) -> Book:
    books = Book.objects.visible_to(request.user).select_related("district", "asked_by")
    return get_object_or_404(books, token=token)


def _year_asked(request: Request) -> int:
    try:
        year = int(request.POST.get("year", ""))
    except ValueError:
        raise BadRequest("no school year") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadRequest("no school year of ours")
    return year
