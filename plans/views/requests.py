"""The school's request on learning needs: whose it is to make, reading one, its rows, every move, and its papers."""

import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.exports import XLSX, table_xlsx
from courses.schedules.history import Told, with_former
from courses.verifying_forms import ReasonForm
from cpd import held
from cpd.dates import school_year, school_year_of, today
from cpd.once import acts_once
from plans.models import NeedsRequest, TopicAlias
from plans.needs.topics import merged_in
from plans.requests import actions
from plans.requests.access import (
    can_edit,
    is_of_the_school,
    named_needs,
    requests_seen,
    stands,
    version_read,
    versions_seen,
    visible_request,
)
from plans.requests.content import Content, content_of, differences, gathered, lacking
from plans.requests.forms import Lost, RowsForm
from plans.requests.grouping import Differing, counted_of_former_staff, not_in
from plans.requests.history import reason_of_return, signed, versions_told
from plans.requests.papers import annex_pdf, paper_name, request_pdf, request_table
from plans.requests.words import differing_words
from schools import approval, audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, DocumentKind, Event, Work
from schools.http import Request, check_done, done_where, seen_in
from schools.kinds import WAYS, kinds_using
from schools.models import District, DocumentVersion, Institution

MOVES = set(Action) - {Action.CONSIDER, *approval.IN_TWO_MOVES}
MERGE = "merge"  # what the button says that makes one topic of the ticked ones
ON_A_PAGE = 40  # rows of the working copy: a form that is longer is no longer saved in one go


@require_safe
@done_where("answers_to_district")
def needs_requests(request: Request) -> HttpResponse:
    """The requests the person makes or reads at school, for this school year and the next one.

    First stands what is to be made now: this year's until it has been started, then the next one's.
    """
    years = [school_year_of(today()), school_year_of(today()) + 1]
    scope = request.user.scope
    makes = scope.making(Work.NEEDS)
    near = Institution.objects.filter(pk__in=scope.served | makes).order_by("pk")
    schools = list(near.filter(kind__in=kinds_using(DocumentKind.NEEDS_REQUEST)))
    found = requests_seen(request.user).filter(
        institution__in=schools, starts_on__in=[school_year(year).starts_on for year in years]
    )
    made = {(one.institution_id, one.school_year): one for one in found.select_related("in_force")}
    return render(
        request,
        "plans/needs_requests.html",
        {
            "schools": [
                (school, school.pk in makes, [(year, made.get((school.pk, year))) for year in in_order])
                for school in schools
                for in_order in [years[::-1] if (school.pk, years[0]) in made else years]
            ],
            "districts": District.objects.filter(pk__in=scope.districts),
        },
    )


@require_POST
@acts_once
def needs_request_start(request: Request) -> HttpResponse:
    """Begin the request of a school for a school year. It counts every need that was passed on for it."""
    visible = Institution.objects.reached_by(request.user).select_related("district")
    institution = get_object_or_404(visible, pk=_number(request.POST.get("institution", "")))
    if institution.pk not in request.user.scope.making(Work.NEEDS):
        raise PermissionDenied
    check_done("answers_to_district", WAYS[institution.kind])
    year = _number(request.POST.get("year", ""))
    if year not in (school_year_of(today()), school_year_of(today()) + 1):
        raise Http404
    begun = NeedsRequest.objects.filter(institution=institution, starts_on=school_year(year).starts_on).first()
    if begun:
        return redirect(begun)
    try:
        made = actions.start_request(by=request.user, institution=institution, year=year)
    except Refused as refusal:
        messages.info(request, refusal.message)
        return redirect("needs_requests")
    messages.success(request, _("The request is drafted. Look through it, and change what you like."))
    return redirect("needs_request_edit", made.pk)


@require_safe
def needs_request(request: Request, pk: int) -> HttpResponse:
    """One request as it was handed in, with its history and what can be done now."""
    found = _visible(request, pk)
    if can_edit(request.user, found):
        return redirect("needs_request_edit", pk)
    if found.is_undecided and found.seen_at is None:  # only now: there is something to be looked at
        approval.mark_seen([found.pk], by=request.user)
        found.refresh_from_db(fields=["seen_at"])
    return _present_page(request, found)


@require_safe
def needs_request_version(request: Request, pk: int, number: int) -> HttpResponse:
    """One version as it was frozen, for ever."""
    found = _visible(request, pk)
    return _read_page(request, found, _told(request, found), number)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def needs_request_edit(request: Request, pk: int) -> HttpResponse:
    """The working copy. Every button of the page saves what was typed first, so that nothing typed is lost."""
    found = _visible(request, pk)
    if not found.is_written_by(request.user):
        raise PermissionDenied
    typed = held.typed(request)
    if not found.is_editable:
        return _closed(request, found, typed)
    if request.method == "POST":
        return _save(request, found)
    is_older = typed is not None and typed.get("seen") != str(found.revision)
    return _edit_page(request, found, typed, conflict=approval.what_happened(found) if is_older else "")


@require_POST
@acts_once
def needs_request_move(request: Request, pk: int, action: str) -> HttpResponse:
    """One move of one request, on the revision that was on the screen."""
    found = _visible(request, pk)
    if action not in MOVES:
        raise Http404
    form = ReasonForm(request.POST)
    lacks_reason = action == Action.RETURN and not form.is_valid()
    if lacks_reason and Action.RETURN in approval.moves_open_to(request.user, found):
        return _present_page(request, found, reason_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _make(Action(action), found, request)
    except Refused as refusal:
        if action == Action.RETURN and not lacks_reason:
            reason = [Lost(_("Reason"), form.cleaned_data["reason"])]
            now = _visible(request, pk)
            return _present_page(request, now, conflict=refusal.message, unsaved=reason, status=HTTPStatus.CONFLICT)
        messages.error(request, refusal.message)
    else:
        found.refresh_from_db(fields=["state"])
        begun = _("A change was begun. What the district received stays in force; you can discard the change here.")
        done = _("Done. Status: %(state)s.") % {"state": found.state_label}
        messages.success(request, begun if action == Action.AMEND else done)
    return redirect(found)


@require_safe
def needs_request_paper(request: Request, pk: int, number: int | None = None) -> HttpResponse:
    """F08, which names nobody: of a version, or of the working copy for whoever may write it."""
    found, version, content = _asked_for(request, pk, number)
    return _sent(request_pdf(found, content, version), "application/pdf", paper_name(found, version, ".pdf"))


@require_safe
def needs_request_xlsx(request: Request, pk: int, number: int | None = None) -> HttpResponse:
    """The same as an Excel file."""
    found, version, content = _asked_for(request, pk, number)
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found.institution, what=found)
    table = request_table(content, version.number if version else None)
    return _sent(table_xlsx(table), XLSX, paper_name(found, version, ".xlsx"), is_saved=True)


@require_safe
def needs_request_annex(request: Request, pk: int, number: int | None = None) -> HttpResponse:
    """The inner annex: who needs what. It never leaves the school."""
    found, version, content = _asked_for(request, pk, number)
    if not is_of_the_school(request.user, found):
        raise PermissionDenied
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found.institution, what=_("Annex with names"))
    pdf = annex_pdf(found, content, named_needs(request.user, content), version)
    return _sent(pdf, "application/pdf", paper_name(found, version, ".pdf", is_annex=True))


# What an address names ----------------------------------------------------------------------------------------------


def _visible(request: Request, pk: int) -> NeedsRequest:
    found = visible_request(request.user, pk)
    if found is None:
        raise Http404
    return found


def _told(request: Request, found: NeedsRequest) -> list[Told]:
    """The versions the reader may read, the newest one last; there is one at least."""
    told = versions_told(request.user, found)
    if not told:
        raise Http404
    return told


def _first(found: NeedsRequest, told: list[Told]) -> Told:
    """What is read first: the version that stands, or else the newest."""
    return next((one for one in told if one.version.pk == stands(found)), told[-1])


def _asked_for(request: Request, pk: int, number: int | None) -> tuple[NeedsRequest, DocumentVersion | None, Content]:
    """The request, the version to be read, and what it says; no version is the working copy."""
    found = _visible(request, pk)
    version: DocumentVersion | None
    if number is not None:
        version = get_object_or_404(versions_seen(request.user, found), number=number)
    elif can_edit(request.user, found):
        return found, None, content_of(found)
    else:
        version = version_read(request.user, found)
    if version is None:
        raise Http404
    return found, version, version.content


def _number(text: str) -> int:
    """Our own forms send numbers that a database can hold."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadRequest("not a number")
    return int(text)


# Pages --------------------------------------------------------------------------------------------------------------


def _present_page(request: Request, found: NeedsRequest, **context: Any) -> HttpResponse:
    """The version that stands, with what can be done now."""
    told = _told(request, found)
    moves = approval.moves_open_to(request.user, found)
    return _read_page(request, found, told, _first(found, told).version.number, moves=moves, **context)


def _read_page(request: Request, found: NeedsRequest, told: list[Told], number: int, **context: Any) -> HttpResponse:
    """The version with that number, among those the reader may read."""
    shown = next((one for one in told if one.version.number == number), None)
    if shown is None:
        raise Http404
    content, before = with_former(told, shown.version.number)
    is_inside = is_of_the_school(request.user, found)
    status = context.pop("status", HTTPStatus.OK)
    named = named_needs(request.user, content) if is_inside else {}
    if is_inside:
        audit.saw(Event.SAW_DOCUMENT, by=request.user, institution=found.institution, what=found)
    return render(
        request,
        "plans/needs_request.html",
        {
            "schedule": found,
            "version_page": "needs_request_version",
            "move_page": "needs_request_move",
            "shown": shown,
            "signed": signed(shown.version, shown.decisions),
            "told": told,
            "content": content,
            "lines": [(line, named.get(line["uid"], [])) for line in content["lines"]],
            "differences": differences(before, content) if before else [],
            "is_past": shown != _first(found, told),
            "is_inside": is_inside,
            "Action": Action,
            "reason_form": ReasonForm(),
            **context,
        },
        status=status,
    )


def _edit_page(
    request: Request,
    found: NeedsRequest,
    typed: QueryDict | None = None,
    *,
    conflict: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The working copy as it stands; what was ``typed`` and not saved stands in its fields."""
    rows = gathered(found)
    content = content_of(found, rows)
    audit.saw(Event.SAW_DOCUMENT, by=request.user, institution=found.institution, what=found)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    form = RowsForm(page.object_list, typed)  # type: ignore[arg-type]
    form.is_valid()  # what is wrong stands beside its field
    typed = typed or QueryDict()
    waiting = not_in(found).select_related("employment__person", "subject").order_by("title_key", "pk")
    former = set(counted_of_former_staff(found).values_list("pk", flat=True))
    return render(
        request,
        "plans/needs_request_edit.html",
        {
            "schedule": found,
            "move_page": "needs_request_move",
            "content": content,
            "page": page,
            "rows": form.rows,
            "lost": form.lost() if conflict else [],
            "ticked": typed.getlist("tick"),
            "chosen": typed.getlist("need"),
            "title": typed.get("title", ""),
            "errors": errors or {},
            "titles": list(dict.fromkeys(one.row.title for one in rows)),
            "waiting": list(waiting),
            "former": former,
            "merged": list(merged_in(found.institution)),
            "conflict": conflict,
            "note": typed.get("change_note", found.change_note),
            "returned": reason_of_return(found),
            "differences": differences(found.in_force.content, content) if found.in_force else [],
            "lacking": lacking(content),
            "moves": approval.moves_open_to(request.user, found),
            "Action": Action,
        },
        status=status,
    )


def _sent(file: bytes, content_type: str, name: str, *, is_saved: bool = False) -> HttpResponse:
    answer = HttpResponse(file, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(is_saved, name) or "inline"
    return answer


# Writing ------------------------------------------------------------------------------------------------------------


def _save(request: Request, found: NeedsRequest) -> HttpResponse:
    """Save what was typed and do what the button says: both or neither."""
    form = RowsForm(gathered(found), request.POST)
    if seen_in(request) == found.revision and not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _edit_page(request, found, request.POST, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with transaction.atomic():
            columns = form.columns() if form.is_valid() else {}
            note = request.POST.get("change_note")
            seen = actions.save_rows(
                request=found, by=request.user, seen=seen_in(request), rows=columns, change_note=note
            )
            said = _then(request, found, seen)
    except ChangedMeanwhile as refusal:
        return _both(request, found.pk, refusal)
    except Refused as refusal:
        pressed = request.POST.get("then", "")
        if pressed != MERGE:  # the page tells that beside the field, and opens there
            messages.error(request, refusal.message)
        errors, status = {pressed: refusal.message}, HTTPStatus.UNPROCESSABLE_ENTITY
        return _edit_page(request, found, request.POST, errors=errors, status=status)
    messages.success(request, said)
    if request.POST.get("then") == Action.SUBMIT:
        return redirect(found)
    answer = redirect("needs_request_edit", found.pk)
    if page := request.GET.get("page", ""):
        answer["Location"] += f"?page={page}" if page.isdecimal() else ""
    return answer


def _then(request: Request, found: NeedsRequest, seen: int) -> str:
    """Do what the button that was pressed says; a sentence on what was done."""
    post, by = request.POST, request.user
    if "remove" in post:
        title = actions.take_out_row(request=found, by=by, seen=seen, row=_uid(post["remove"]))
        return _("The topic was taken out: %(title)s.") % {"title": title}
    if "take_out" in post:
        actions.take_out_need(request=found, by=by, seen=seen, need=_number(post["take_out"]))
        return _("The need was taken out of the request.")
    if "undo" in post:
        alias = TopicAlias.objects.filter(institution=found.institution_id, pk=_number(post["undo"])).first()
        if alias is None:
            raise BadRequest("no such name")
        _tell_differing(request, actions.undo_merge(request=found, by=by, seen=seen, alias=alias))
        parted = _("It wishes what its needs wish; hours, block and note stayed with the other topic. Look at both.")
        messages.info(request, parted)
        return _("“%(text)s” stands for itself again.") % {"text": alias.text}
    then = post.get("then")
    if then == MERGE:
        ticked = [_uid(uid) for uid in post.getlist("tick")]
        title = post.get("title", "")
        _tell_differing(request, actions.merge_rows(request=found, by=by, seen=seen, rows=ticked, title=title))
        return _("The ticked topics are one topic now.")
    if then in ("collect", "collect_all"):
        chosen = None if then == "collect_all" else [_number(need) for need in post.getlist("need")]
        former = counted_of_former_staff(found).count()
        count = actions.collect_needs(request=found, by=by, seen=seen, needs=chosen)
        if former:
            text = ngettext(
                "%(count)s need of somebody who no longer works at the school was left out.",
                "%(count)s needs of those who no longer work at the school were left out.",
                former,
            )
            messages.info(request, text % {"count": former})
        return ngettext("%(count)s need was added.", "%(count)s needs were added.", count) % {"count": count}
    if then == Action.SUBMIT:
        actions.submit_request(request=found, by=by, seen=seen)
        found.refresh_from_db(fields=["state"])
        return _("Done. Status: %(state)s.") % {"state": found.state_label}
    return _("Saved.")


def _tell_differing(request: Request, differing: Sequence[Differing]) -> None:
    """Nothing that somebody wished goes without a word."""
    if differing:
        told = _("The topics wished differently, so these fields are empty now: %(what)s. Fill them in anew.")
        messages.warning(request, told % {"what": differing_words(differing)})


def _both(request: Request, pk: int, refusal: ChangedMeanwhile) -> HttpResponse:
    """Rows were saved elsewhere: show them as they stand with what was typed, and write nothing."""
    now = _visible(request, pk)
    if not now.is_editable:
        return _closed(request, now, request.POST)
    return _edit_page(request, now, request.POST, conflict=refusal.message, status=HTTPStatus.CONFLICT)


def _closed(request: Request, found: NeedsRequest, typed: QueryDict | None) -> HttpResponse:
    """Nobody writes in it now, perhaps since a moment ago: what was typed stands beside the sentence that says so."""
    message = _("This is not possible now. Status: %(state)s.") % {"state": found.state_label}
    unsaved = _unsaved(found, typed) if typed else []
    if not unsaved:
        messages.info(request, message)
        return redirect(found)
    return _present_page(request, found, conflict=message, unsaved=unsaved, status=HTTPStatus.CONFLICT)


def _unsaved(found: NeedsRequest, typed: QueryDict) -> list[Lost]:
    """What was typed on the page of the working copy and is kept nowhere."""
    form = RowsForm(gathered(found), typed)
    form.is_valid()
    besides = [
        Lost(_("Common title"), typed.get("title", "").strip()),
        Lost(_("Reason for the change"), typed.get("change_note", "").strip()),
    ]
    return form.unsaved() + [one for one in besides if one.typed and one.typed != found.change_note]


def _make(action: Action, found: NeedsRequest, request: Request) -> None:
    seen = seen_in(request)
    if action == Action.SUBMIT:
        note = request.POST.get("change_note")
        actions.submit_request(request=found, by=request.user, seen=seen, change_note=note)
    elif action == Action.DISCARD:
        actions.discard_change(request=found, by=request.user, seen=seen)
    else:
        approval.perform(found, action, by=request.user, seen=seen, reason=request.POST.get("reason", ""))


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise BadRequest("no row") from None
