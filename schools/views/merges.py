"""Two records of one person: finding them, looking at both side by side, merging them and undoing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd.once import acts_once
from schools import audit
from schools.approval import Refused
from schools.choices import Event
from schools.http import Request
from schools.merging import (
    can_look_for_twins,
    can_merge,
    merge_people,
    merges_seen,
    people_with_places,
    possible_twins,
    preview_of,
    undo_merge,
    within_reach,
)
from schools.models import Person
from schools.role_forms import MergeForm

ON_A_PAGE = 30


@require_safe
def twins(request: Request) -> HttpResponse:
    """People born on one day who may be one: of one name, or of one institution."""
    if not can_look_for_twins(request.user):
        raise PermissionDenied
    page = Paginator(possible_twins(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    known = people_with_places([key for one, other, _is_alike in page for key in (one, other)])
    pairs = [(known[one], known[other], is_alike) for one, other, is_alike in page]
    return render(request, "schools/twins.html", {"page": page, "pairs": pairs})


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def merge_check(request: Request, pk: int, other: int) -> HttpResponse:
    """Both records side by side; ``pk`` goes on, ``other`` ends."""
    kept, gone = _person(request, pk), _person(request, other)
    if kept == gone:
        raise Http404
    if not can_merge(request.user, kept, gone):
        raise PermissionDenied
    preview = preview_of(kept, gone, by=request.user)
    form = MergeForm(request.POST or None, names_differ=preview.names_differ)
    if request.method == "POST" and form.is_valid():
        try:
            merge_people(kept=kept, gone=gone, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The two records are one now. It can be undone."))
            return redirect("merges")
    for side in (preview.kept, preview.gone):
        place = side.jobs[0].institution if side.jobs else None
        audit.saw(Event.SAW_PERSON, by=request.user, subject=side.person, institution=place)
    return render(request, "schools/merge_check.html", {"preview": preview, "form": form})


@require_safe
def merges(request: Request) -> HttpResponse:
    """Merges of people within the user's reach, the newest first."""
    if not can_look_for_twins(request.user):
        raise PermissionDenied
    found = merges_seen(request.user).select_related("kept", "gone", "by", "undone_by")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "schools/merges.html", {"page": page})


@require_POST
@acts_once
def merge_undo(request: Request, pk: int) -> HttpResponse:
    """Put everything back as it stood before a merge."""
    found = get_object_or_404(merges_seen(request.user), pk=pk)
    try:
        undo_merge(merge=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The merge was undone: there are two records again."))
    return redirect("merges")


def _person(request: Request, pk: int) -> Person:
    return get_object_or_404(within_reach(request.user), pk=pk)
