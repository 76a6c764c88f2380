"""Sheets of lessons: for mentor and mentee, and for nobody else, whatever their role."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd import held
from cpd.dates import today
from cpd.offline import kept_offline
from cpd.once import acts_once
from plans.choices import SheetKind
from plans.mentoring.access import can_delete, can_share, can_write, is_mentee, kinds_written_by, reads_shared_alone
from plans.mentoring.actions import delete_sheet, save_sheet
from plans.mentoring.content import head_read_by, parts_read_by
from plans.mentoring.forms import SheetForm
from plans.mentoring.paper import paper_name, sheet_pdf
from plans.models import InductionPlan, LessonSheet
from schools.approval import ChangedMeanwhile, Refused
from schools.http import Request, done_where, seen_in
from schools.models import Mentorship

LATELY = dt.timedelta(weeks=6)  # a phone keeps ahead the forms of lessons since then and to come,
MOST_KEPT = 8  # of each mentorship so many: a page is some kilobytes over a slow connection


@require_safe
@kept_offline
def lesson_sheet_new(request: Request, pk: int, kind: str) -> HttpResponse:
    """An empty sheet with a number of its own. Nothing is kept before it is saved."""
    sheet = _new_sheet(request, uuid.uuid4(), pk, kind)
    if not can_write(request.user, sheet):
        raise PermissionDenied
    return _page(request, sheet, _form(request, sheet))


@require_http_methods(["GET", "HEAD", "POST"])
@kept_offline
def lesson_sheet_edit(request: Request, uid: uuid.UUID) -> HttpResponse:
    """Fill in a sheet. A save is a POST of the whole form with the revision it was read at, 0 for a new one.

    Needs no one-use token: the same text of the same ``uid`` sent twice is one sheet, see ``save_sheet``. To the
    page's script it answers with data: 200 ``seen``; 409 ``message``, ``seen`` and ``stands`` (what is saved, by the
    names of the fields); 422 ``errors`` by the ids of fields.
    """
    typed = request.POST if request.method == "POST" else held.typed(request)
    sheet = _sheet_to_write(request, uid, typed)
    if request.method == "POST":
        return _save(request, sheet)
    seen = typed.get("seen") if typed is not None else sheet.revision
    return _page(request, sheet, _form(request, sheet, typed), seen=seen or 0)


def _sheet_to_write(request: Request, uid: uuid.UUID, typed: Any) -> LessonSheet:
    """The saved sheet, or the one that ``typed`` begins."""
    found = _visible(request).filter(uid=uid).first()
    if found is None:
        is_another_s = LessonSheet.objects.filter(uid=uid).exists()  # of whomever: to this person it is not there
        if typed is None or is_another_s:
            raise Http404
        found = _new_sheet(request, uid, typed.get("mentorship", ""), typed.get("kind", ""))
    if not can_write(request.user, found):
        raise PermissionDenied
    return found


def _new_sheet(request: Request, uid: uuid.UUID, mentorship: Any, kind: str) -> LessonSheet:
    """Not yet saved, in a mentorship of this person."""
    if not str(mentorship).isdecimal() or kind not in SheetKind.values:
        raise Http404
    pairs = Mentorship.objects.of_pair(request.user).select_related("mentor", "mentee", "institution")
    pair = get_object_or_404(pairs, pk=mentorship)
    return LessonSheet(uid=uid, mentorship=pair, kind=kind, held_on=_proposed_day(pair), revision=0)


def _proposed_day(pair: Mentorship) -> dt.date:
    """Today, or the nearest day of the mentorship."""
    return max(pair.starts_on, min(today(), pair.ends_on or today()))


def _visible(request: Request) -> Any:
    linked = ("mentorship__mentor", "mentorship__mentee", "mentorship__institution", "changed_by")
    sheets = LessonSheet.objects.visible_to(request.user).select_related(*linked)
    return sheets.prefetch_related("answers__question__question_set")


def _form(request: Request, sheet: LessonSheet, typed: Any = None) -> SheetForm:
    return SheetForm(typed, sheet=sheet, has_shares=can_share(request.user, sheet))


def _save(request: Request, sheet: LessonSheet) -> HttpResponse:
    form = _form(request, sheet, request.POST)
    by_itself = not request.accepts("text/html")
    if not form.is_valid():
        if by_itself:
            return JsonResponse({"errors": form.errors_by_id()}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        messages.error(request, _("Correct the errors below."))
        return _page(request, sheet, form, seen=seen_in(request), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        saved = save_sheet(
            uid=sheet.uid,
            by=request.user,
            mentorship=sheet.mentorship,
            kind=sheet.kind,
            seen=seen_in(request),
            written=form.written(),
        )
    except ChangedMeanwhile as refusal:
        return _both(request, sheet, refusal, by_itself=by_itself)
    if by_itself:
        return JsonResponse({"seen": saved.revision})
    messages.success(request, _("Saved."))
    return redirect("lesson_sheet_edit" if request.POST.get("then") == "add" else "lesson_sheet", saved.uid)


def _both(request: Request, sheet: LessonSheet, refusal: ChangedMeanwhile, *, by_itself: bool) -> HttpResponse:
    """It was changed elsewhere: what stands there beside what was typed. Nothing is written, nothing is lost."""
    stands = _visible(request).filter(uid=sheet.uid).first() or sheet
    form = _form(request, stands, request.POST)
    form.is_valid()
    if by_itself:
        told = {"message": refusal.message, "seen": stands.revision, "stands": form.stands() if stands.pk else None}
        return JsonResponse(told, status=HTTPStatus.CONFLICT)
    return _page(
        request,
        stands,
        _form(request, stands, form.filled_up()),
        status=HTTPStatus.CONFLICT,
        conflict=refusal.message,
        differences=form.differences() if stands.pk else [],
    )


def _page(
    request: Request, sheet: LessonSheet, form: SheetForm, *, seen: Any = None, status: int = 200, **context: Any
) -> HttpResponse:
    return render(
        request,
        "plans/lesson_sheet_edit.html",
        {
            "sheet": sheet,
            "mentorship": sheet.mentorship,
            "form": form,
            "seen": sheet.revision if seen is None else seen,
            **context,
        },
        status=status,
    )


@dataclass(frozen=True)
class Row:
    """A sheet in the list of one of the two."""

    sheet: LessonSheet
    about: str  # time, class, subject, topic: where this person reads them
    opens_form: bool  # which the phone can keep, so that it also opens in a classroom without a connection
    is_kept: bool = False  # fetched ahead


@dataclass(frozen=True)
class Pair:
    """One mentorship as its two see it on their page."""

    mentorship: Mentorship
    is_mentee: bool
    has_ended: bool
    kinds: Sequence[SheetKind]
    rows: Sequence[Row]
    plan: InductionPlan | None


@require_safe
@kept_offline
@done_where("guides_newcomers")
def my_mentoring(request: Request) -> HttpResponse:
    """My mentor, those I guide, the plan we write together, and our sheets."""
    linked = ("mentor", "mentee", "institution")
    pairs = Mentorship.objects.of_pair(request.user).select_related(*linked).order_by("-starts_on", "-pk")
    sheets: dict[int, list[LessonSheet]] = {}
    for sheet in LessonSheet.objects.visible_to(request.user).select_related("mentorship"):
        sheets.setdefault(sheet.mentorship_id, []).append(sheet)
    written: Any = InductionPlan.objects
    plans = {(one.author_id, one.institution_id): one for one in written.written_by(request.user).order_by("pk")}
    return render(
        request,
        "plans/my_mentoring.html",
        {
            "pairs": [
                _pair(request, one, sheets.get(one.pk, []), plans.get((one.mentee_id, one.institution_id)))
                for one in pairs
            ]
        },
    )


def _pair(request: Request, pair: Mentorship, sheets: Sequence[LessonSheet], plan: InductionPlan | None) -> Pair:
    has_ended = pair.ends_on is not None and pair.ends_on < today()
    rows = [_row(request, sheet, has_ended=has_ended) for sheet in sheets]
    first = [row for row in rows if row.opens_form and row.sheet.held_on >= today() - LATELY][:MOST_KEPT]
    listed = [replace(row, is_kept=True) if row in first else row for row in rows]
    return Pair(pair, is_mentee(request.user, pair), has_ended, kinds_written_by(request.user, pair), listed, plan)


def _row(request: Request, sheet: LessonSheet, *, has_ended: bool) -> Row:
    told = [] if reads_shared_alone(request.user, sheet) else [sheet.grade, sheet.subject_text, sheet.topic]
    if told and sheet.held_at:
        told.insert(0, f"{sheet.held_at:%H:%M}")
    return Row(sheet, " · ".join(filter(None, told)), not has_ended and can_write(request.user, sheet))


@require_safe
def lesson_sheet(request: Request, uid: uuid.UUID) -> HttpResponse:
    """Read it. Of a reflection the mentor reads its day and what the mentee shares."""
    sheet = get_object_or_404(_visible(request), uid=uid)
    return render(
        request,
        "plans/lesson_sheet.html",
        {
            "sheet": sheet,
            "mentorship": sheet.mentorship,
            "head": head_read_by(request.user, sheet),
            "parts": parts_read_by(request.user, sheet),
            "can_write": can_write(request.user, sheet),
            "can_delete": can_delete(request.user, sheet),
        },
    )


@require_POST
@acts_once
def lesson_sheet_delete(request: Request, uid: uuid.UUID) -> HttpResponse:
    """By whoever began it, while the other one has written nothing in it."""
    sheet = get_object_or_404(_visible(request), uid=uid)
    if not can_write(request.user, sheet):
        raise PermissionDenied
    try:
        delete_sheet(sheet=sheet, by=request.user, seen=seen_in(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(sheet)
    messages.success(request, _("The sheet was deleted."))
    return redirect("my_mentoring")


@require_safe
def lesson_sheet_paper(request: Request, uid: uuid.UUID) -> HttpResponse:
    """F14, F15 or F16 as PDF; a reflection's paper says to the mentor what its page says."""
    sheet = get_object_or_404(_visible(request), uid=uid)
    answer = HttpResponse(sheet_pdf(sheet, request.user), content_type="application/pdf")
    name = paper_name(sheet)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer
