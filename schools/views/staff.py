"""The people of an institution: the list, and newcomers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cpd.dates import today
from cpd.forms import DayForm
from cpd.once import acts_once
from schools.access import can_keep_staff, can_read_staff
from schools.approval import Refused
from schools.filters import StaffFilter
from schools.http import Request
from schools.models import Employment, Institution, Person
from schools.newcomers import find_person
from schools.staff import Group, counts, staff_on
from schools.staff_forms import HireForm, KnownForm
from schools.staffing import DAY, hire
from schools.transfers import propose_transfer

ON_A_PAGE = 40
Ways = list[tuple[str, str]]


@require_safe
def school_staff(request: Request, pk: int) -> HttpResponse:
    """Who works here on a day, is away, left or is coming."""
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not can_read_staff(request.user, found):
        raise PermissionDenied
    asked = DayForm(request.GET)
    chosen = StaffFilter(request.GET, staff_on(asked.day, found, request.user), institution=found)
    numbers = counts(chosen.qs)
    wanted = request.GET.get("group", "")
    group = Group(wanted) if wanted in Group else Group.WORKING
    pages = Paginator(chosen.qs.filter(group=group).prefetch_related("person__former_names"), ON_A_PAGE)
    pages.count = numbers[group]  # counted already
    return render(
        request,
        "schools/staff.html",
        {
            "institution": found,
            "asked": asked,
            "on": asked.day,
            "is_today": asked.day == today(),
            "filter": chosen,
            "groups": numbers.items(),
            "group": group,
            "page": pages.get_page(request.GET.get("page")),
            "can_keep": can_keep_staff(request.user, found),
            "is_inside": found.pk in request.user.scope.kept,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def staff_hire(request: Request, pk: int) -> HttpResponse:
    """A newcomer. Somebody who is known already is shown first, and never entered a second time."""
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not can_keep_staff(request.user, found):
        raise PermissionDenied
    form, answer = HireForm(request.POST or None, institution=found), KnownForm(request.POST)
    person, ways = None, []
    if request.method == "POST" and form.is_valid() and answer.is_valid():
        try:
            person = find_person(form.identity, found)
            ways = _ways(person, found, form) if person else []
            if person is None and (answer.cleaned_data["known"] or answer.cleaned_data["way"]):
                raise Refused(_("Nobody is known by what is typed now. If it is right, send it once more."))
            if person is None or _is_answered(answer, person, ways):
                return _hired(request, found, form, person, answer.cleaned_data["way"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return render(
        request,
        "schools/staff_hire.html",
        {"institution": found, "form": form, "person": person, "ways": ways, "jobs": _jobs(person)},
    )


def _jobs(person: Person | None) -> Any:
    """Where the person who was found works, today or later."""
    if person is None:
        return []
    return person.employments.lasting_after(today() - DAY).select_related("institution").order_by("-is_main", "pk")


def _ways(person: Person, institution: Institution, form: HireForm) -> Ways:
    """What can be done with somebody who is known: hired again, or as a second job, or moved here."""
    jobs = list(person.employments.lasting_after(form.post.starts_on - DAY).select_related("institution"))
    if any(job.institution_id == institution.pk for job in jobs):
        raise Refused(_("%(name)s already works in this institution.") % {"name": person.full_name})
    if not jobs:
        return [("hire", _("Yes, this is the person"))]
    moves = [(f"move-{job.pk}", _move_told(job)) for job in jobs]
    return [("second", _("A second job here; the main one stays where it is")), *moves]


def _move_told(job: Employment) -> str:
    return _("Propose a move here. It has to be confirmed by: %(place)s") % {"place": job.institution}


def _is_answered(answer: KnownForm, person: Person, ways: Ways) -> bool:
    data = answer.cleaned_data
    return bool(data["known"] == person.pk and data["way"] in dict(ways))


def _hired(
    request: Request, institution: Institution, form: HireForm, person: Person | None, way: str
) -> HttpResponse:
    """Somebody new, or the person who was found, in one of the ways that were offered."""
    if person and way.startswith("move-"):
        transfer = propose_transfer(
            employment=get_object_or_404(person.employments, pk=int(way.removeprefix("move-"))),
            institution=institution,
            by=request.user,
            position=form.cleaned_data["position"],
            association=form.cleaned_data["association"],
            moves_on=form.post.starts_on,
        )
        messages.success(request, _("The move was proposed. It waits for the other institution."))
        return redirect("transfer_answer", transfer.pk)
    employment = hire(
        by=request.user,
        institution=institution,
        identity=form.identity,
        post=form.post,
        known=person.pk if person else None,
        as_second_job=way == "second",
    )
    messages.success(request, _("%(name)s was entered.") % {"name": employment.person.full_name})
    return redirect("employment", employment.pk)
