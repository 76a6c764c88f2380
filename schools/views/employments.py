"""One employment on one page, and what can be done with it: changes, the last day, long leave, the main job."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd.dates import today
from cpd.once import acts_once
from schools import audit
from schools.access import can_keep_person, can_keep_staff, can_move, can_see_numbers
from schools.approval import Refused
from schools.choices import EndReason, Event, TransferState
from schools.http import Request
from schools.kinds import WAYS
from schools.leaves import change_leave, enter_leave, remove_leave
from schools.leaving import what_hangs
from schools.models import Employment, Leave, Person, Transfer
from schools.naming import change_name, change_person, correct_name
from schools.staff_forms import EmploymentForm, EndForm, LeaveForm, NameForm, PersonForm
from schools.staffing import DAY, change_employment, end_employment, make_main_job, take_back_ending


@require_safe
def employment(request: Request, pk: int) -> HttpResponse:
    """What the institution keeps about one person's work there; the person reads it too."""
    found = _visible(request, pk)
    person, user = found.person, request.user
    is_own = person.pk == user.person_id
    is_inside = is_own or found.institution_id in user.scope.kept
    audit.saw(Event.SAW_PERSON, by=user, subject=person, institution=found.institution)
    transfers = Transfer.objects.visible_to(user).filter(employment=found).select_related("institution")
    moves = list(transfers) if found.has_moves else []
    can_keep, may_move = can_keep_staff(user, found.institution), can_move(user, found)
    others = [job for job in person.employments.all() if job.pk != found.pk and _is_on(job, today())]
    return render(
        request,
        "schools/employment.html",
        {
            "employment": found,
            "person": person,
            "is_own": is_own,
            "ways": WAYS[found.institution.kind],
            "is_inside": is_inside,
            "is_today": _is_on(found, today()),
            "has_ended": found.ends_on is not None and found.ends_on < today(),
            "sees_numbers": can_see_numbers(user, person),
            "can_keep": can_keep,
            "can_keep_person": can_keep_person(user, person),
            "can_move": may_move and not found.end_reason,
            "can_take_back": may_move and found.end_reason and found.end_reason != EndReason.TRANSFERRED,
            "subjects": found.subjects.all(),
            "leaves": Leave.objects.visible_to(user).filter(employment=found),
            "transfers": moves,
            "has_move": any(one.state == TransferState.PROPOSED for one in moves),
            "former_names": person.former_names.all(),
            "others": others if is_inside else [],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def employment_edit(request: Request, pk: int) -> HttpResponse:
    """Another position, association or subject; days as they should have been entered."""
    found = _kept(request, pk)
    form = EmploymentForm(request.POST or None, employment=found, with_days=can_move(request.user, found))

    def save() -> None:
        change_employment(
            employment=found, by=request.user, post=form.post, ends_on=form.cleaned_data.get("ends_on", found.ends_on)
        )

    title = _("Change the employment")
    return _acted(request, form, found, save, title, datalist=form.positions)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def employment_end(request: Request, pk: int) -> HttpResponse:
    """The last day. What hangs on the employment is told before."""
    found = _visible(request, pk)
    if not can_move(request.user, found):
        raise PermissionDenied
    if found.end_reason:
        messages.error(request, _("This employment has ended already."))
        return redirect("employment", found.pk)
    form = EndForm(request.POST or None, initial={"ends_on": today()})
    if request.method == "POST" and form.is_valid():
        last_day, reason = form.cleaned_data["ends_on"], form.cleaned_data["reason"]
        try:
            end_employment(employment=found, by=request.user, last_day=last_day, reason=reason)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The last day was entered."))
            return redirect("employment", found.pk)
    audit.saw(Event.SAW_PERSON, by=request.user, subject=found.person, institution=found.institution)
    hanging = what_hangs(found, today())
    return render(request, "schools/employment_end.html", {"employment": found, "form": form, "hanging": hanging})


@require_POST
@acts_once
def employment_take_back(request: Request, pk: int) -> HttpResponse:
    """An ending that was a mistake."""
    found = _kept(request, pk)
    had_died = found.end_reason == EndReason.DIED
    try:
        take_back_ending(employment=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The ending was taken back. Roles that ended with it have to be given again."))
        if had_died:
            messages.warning(
                request, _("The account is still closed, and other employments that ended with this one.")
            )
    return redirect("employment", found.pk)


@require_POST
@acts_once
def employment_main(request: Request, pk: int) -> HttpResponse:
    """Of several jobs this one becomes the main one. The school of the main one so far decides."""
    found = get_object_or_404(
        Employment.objects.select_related("institution", "person").filter(
            person__in=Employment.objects.visible_to(request.user).values("person")
        ),
        pk=pk,
    )
    try:
        make_main_job(employment=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Main job: %(place)s.") % {"place": found.institution})
    own = Employment.objects.visible_to(request.user).filter(person=found.person).order_by("-starts_on", "-pk").first()
    return redirect("employment", own.pk if own else found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def leave_new(request: Request, pk: int) -> HttpResponse:
    """Long leave from a day on."""
    found = _kept(request, pk)
    form = LeaveForm(request.POST or None)

    def save() -> None:
        enter_leave(employment=found, by=request.user, **form.cleaned_data)

    return _acted(request, form, found, save, _("Long leave"))


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def leave_edit(request: Request, pk: int) -> HttpResponse:
    """The last day of a leave, or what was entered wrong."""
    leave = _leave(request, pk)
    form = LeaveForm(request.POST or None, initial=LeaveForm.initial_of(leave))

    def save() -> None:
        change_leave(leave=leave, by=request.user, **form.cleaned_data)

    return _acted(request, form, leave.employment, save, _("Long leave"), leave=leave)


@require_POST
@acts_once
def leave_remove(request: Request, pk: int) -> HttpResponse:
    """A leave that was entered by mistake."""
    leave = _leave(request, pk)
    try:
        remove_leave(leave=leave, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The leave was removed."))
    return redirect("employment", leave.employment_id)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def person_edit(request: Request, pk: int) -> HttpResponse:
    """Education, category, number and birth date."""
    person, job = _person_kept(request, pk)
    form = PersonForm(
        request.POST or None,
        instance=person,
        with_numbers=can_see_numbers(request.user, person),
        with_degree=_has_degree_column(person),
    )

    def save() -> None:
        change_person(person=person, by=request.user, columns=form.cleaned_data)

    return _acted(request, form, job, save, _("Personal data"))


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def name_change(request: Request, pk: int) -> HttpResponse:
    """Another name by a document, or the same one put right."""
    person, job = _person_kept(request, pk)
    initial = {name: getattr(person, name) for name in ("family_name", "given_name", "fathers_name")}
    form = NameForm(request.POST or None, initial=initial)

    def save() -> None:
        if form.cleaned_data["why"] == NameForm.WRONG:
            correct_name(person=person, by=request.user, name=form.name)
        else:
            since, document = form.cleaned_data["since"], form.cleaned_data["document"]
            change_name(person=person, by=request.user, name=form.name, since=since, document=document)

    note = _("Papers that were signed keep the name they were signed with. The earlier name still finds the person.")
    return _acted(request, form, job, save, _("Change of name"), note=note)


def _visible(request: Request, pk: int) -> Any:
    """With whether any move was proposed, and with the person's other employments."""
    listed = Employment.objects.visible_to(request.user).filter(person__in=Person.objects.listed())
    others = Prefetch("person__employments", Employment.objects.select_related("institution").order_by("pk"))
    moves = Transfer.objects.filter(employment=OuterRef("pk"))
    related = listed.select_related("person__category", "institution", "association").prefetch_related(others)
    return get_object_or_404(related.annotate(has_moves=Exists(moves)), pk=pk)


def _is_on(job: Employment, day: dt.date) -> bool:
    return job.starts_on <= day and (job.ends_on is None or job.ends_on >= day)


def _kept(request: Request, pk: int) -> Employment:
    found: Employment = _visible(request, pk)
    if not can_keep_staff(request.user, found.institution):
        raise PermissionDenied
    return found


def _leave(request: Request, pk: int) -> Leave:
    visible = Leave.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("employment__person", "employment__institution"), pk=pk)
    if not can_keep_staff(request.user, found.employment.institution):
        raise PermissionDenied
    return found


def _person_kept(request: Request, pk: int) -> tuple[Person, Employment]:
    """A person of the staff, and the employment whose page one comes from."""
    jobs = Employment.objects.visible_to(request.user).filter(person=pk, person__in=Person.objects.listed())
    job = jobs.select_related("person", "institution").order_by("-starts_on", "-pk").first()
    person = get_object_or_404(Person.objects.filter(pk__in=jobs.values("person")))
    if job is None or not can_keep_person(request.user, person):
        raise PermissionDenied
    return person, job


def _has_degree_column(person: Person) -> bool:
    """Whether a form of any institution where the person works has a column for the academic degree."""
    kinds = person.employments.lasting_after(today() - DAY).values_list("institution__kind", flat=True)
    return any(WAYS[kind].has_degrees for kind in kinds)


def _acted(
    request: Request, form: Any, job: Employment, save: Callable[[], None], title: str, **context: Any
) -> HttpResponse:
    """The form again with what is wrong in it, or saved and back to the employment."""
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("employment", job.pk)
    audit.saw(Event.SAW_PERSON, by=request.user, subject=job.person, institution=job.institution)
    return render(
        request, "schools/employment_form.html", {"form": form, "employment": job, "title": title, **context}
    )
