"""Sharing what a course gave: one's own occasions, and the year of an association or of a school."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.choices import RecordStatus
from courses.files import attached, gone, keeps_file_first
from courses.models import CertificateFile, SharingEvent, TrainingRecord
from courses.scans import LIMITS
from courses.sharing import access, actions
from courses.sharing.forms import (
    FAULTS,
    WITHOUT_FILE,
    PlanForm,
    SharingForm,
    YearForm,
    month_choices,
    year_choices,
)
from courses.sharing.paper import FORM, sharing_pdf
from courses.sharing.planning import Place, candidates, in_order, institution_of
from cpd import held
from cpd.dates import school_year_label, school_year_of, today
from cpd.once import acts_once
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.http import Request, seen_in
from schools.models import Institution, MethodicalAssociation, Person

ON_A_PAGE = 30
RELATED = ("record__person", "institution", "association", "entered_by", "file")


@require_safe
def my_sharing(request: Request) -> HttpResponse:
    """What one shared or may share, the latest school year first; and the verified courses it can be from."""
    own = SharingEvent.objects.visible_to(request.user).filter(record__person=request.user.person_id)
    page = Paginator(own.select_related(*RELATED).order_by("-school_year", "-pk"), ON_A_PAGE)
    records = TrainingRecord.objects.own_of(request.user).courses().filter(status=RecordStatus.VERIFIED)
    context = {"page": page.get_page(request.GET.get("page")), "records": records.latest_first()[:ON_A_PAGE]}
    return render(request, "courses/my_sharing.html", context)


@require_safe
def sharing(request: Request, pk: int) -> HttpResponse:
    """One occasion on one page."""
    found = _visible(request, pk)
    audit.saw(
        Event.SAW_RECORD,
        by=request.user,
        subject=found.record.person,
        institution=found.institution,
        what=found.record.title,
    )
    return render(
        request,
        "courses/sharing.html",
        {
            "event": found,
            "is_own": access.is_owner(request.user, found),
            "pages": range(1, found.file.pages + 1) if found.file else [],
            "can_edit": access.can_edit(request.user, found) and access.is_verified(found),
            "can_delete": access.can_delete(request.user, found),
        },
    )


def sharing_new(request: Request, pk: int) -> HttpResponse:
    """Plan or tell what is shared of one's own verified course."""
    visible = TrainingRecord.objects.visible_to(request.user).select_related("institution")
    record = get_object_or_404(visible, pk=pk)
    if record.person_id != request.user.person_id:
        raise PermissionDenied
    if not access.can_share(request.user, record):
        messages.info(request, _("Only a verified course can be shared."))
        return redirect(record)
    return _sharing_form(request, record, None)


def sharing_edit(request: Request, pk: int) -> HttpResponse:
    """Change what was planned, or say that it was held."""
    found = _visible(request, pk)
    if not access.can_edit(request.user, found):
        raise PermissionDenied
    if not access.is_verified(found):
        messages.info(request, _("Only a verified course can be shared."))
        return redirect("sharing", pk)
    return _sharing_form(request, found.record, found)


@require_POST
@acts_once
def sharing_delete(request: Request, pk: int) -> HttpResponse:
    """Take one occasion out."""
    found = _visible(request, pk)
    if not access.can_edit(request.user, found):
        raise PermissionDenied
    try:
        actions.delete_sharing(by=request.user, event=found, seen=seen_in(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("sharing", pk) if SharingEvent.objects.filter(pk=pk).exists() else redirect("my_sharing")
    messages.success(request, _("It was taken out."))
    return redirect("my_sharing") if access.is_owner(request.user, found) else _year_of(found)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def association_sharing(request: Request, pk: int) -> HttpResponse:
    """The school year of an association: what is planned and what was held; its head plans more."""
    found = get_object_or_404(access.associations_read(request.user), pk=pk)
    can_plan = access.can_plan_association(request.user, found)
    return _year(request, found, SharingEvent.objects.filter(association=found), can_plan=can_plan)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def school_sharing(request: Request, pk: int) -> HttpResponse:
    """The school year of a school; for teachers of no association who leads the school plans."""
    found = _school(request, pk)
    can_plan = access.can_plan_school(request.user, found)
    return _year(request, found, SharingEvent.objects.filter(institution=found), can_plan=can_plan)


@require_safe
def sharing_paper(request: Request, pk: int) -> HttpResponse:
    """F18 of one teacher, of all years."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not access.can_read_person(request.user, person):
        raise PermissionDenied
    events = SharingEvent.objects.visible_to(request.user).filter(record__person=person)
    last = events.select_related("institution").order_by("pk").last()
    jobs = person.employments.on(today()).select_related("institution").order_by("-is_main", "pk")
    job = None if last else jobs.first()
    school = last.institution if last else job.institution if job else None
    what = _("Sharing after the course")
    audit.saw(Event.SAW_PERSON, by=request.user, subject=person, institution=school, what=what)
    pdf = sharing_pdf(in_order(events), of=person.full_name, school=school, signs="teacher", year=None)
    return _sent(pdf, person.short_name)


@require_safe
def association_sharing_paper(request: Request, pk: int) -> HttpResponse:
    """F18 of an association for a school year."""
    found = get_object_or_404(access.associations_read(request.user), pk=pk)
    events = SharingEvent.objects.filter(association=found)
    return _year_paper(request, found, events, signs="head")


@require_safe
def school_sharing_paper(request: Request, pk: int) -> HttpResponse:
    """F18 of a school for a school year."""
    found = _school(request, pk)
    return _year_paper(request, found, SharingEvent.objects.filter(institution=found), signs="deputy")


# One occasion -----------------------------------------------------------------------------------------------------


def _sharing_form(request: Request, record: TrainingRecord, event: SharingEvent | None) -> HttpResponse:
    """The form, shown or taken; a file is kept whatever becomes of the rest.

    Who only plans is asked for no file: one that is sent all the same is not taken.
    """
    if request.method == "POST":
        return _save(request, record, event)
    typed = held.typed(request)
    own = event.file if event else None
    file = attached(typed.get("kept", ""), own, by=request.user) if typed else own
    form = _form(request, typed, record, event, file=file)
    return _page(request, form, event, seen=typed.get("seen") if typed else event and event.revision)


@partial(keeps_file_first, words=FAULTS)
@acts_once
def _save(
    request: Request,
    record: TrainingRecord,
    event: SharingEvent | None,
    *,
    kept: CertificateFile | None,
    fault: str,
) -> HttpResponse:
    own = event.file if event else None
    if record.person_id != request.user.person_id:
        file, fault = own, ""
    elif WITHOUT_FILE in request.POST:
        file = kept
    else:
        named = request.POST.get("kept", "")
        file = kept or attached(named, own, by=request.user)
        fault = fault or gone(named, kept, file)
    form = _form(request, request.POST, record, event, file=file, fault=fault)
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _page(request, form, event, seen=request.POST.get("seen"), status=422)
    try:
        if event:
            written = actions.change_sharing(
                by=request.user, event=event, seen=seen_in(request), columns=form.columns(), file=file
            )
        else:
            written = actions.add_sharing(by=request.user, record=record, columns=form.columns(), file=file)
    except ChangedMeanwhile as refusal:
        return _both(request, form, refusal)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _page(request, form, event, seen=request.POST.get("seen"), status=422)
    messages.success(request, _("Saved."))
    return redirect("sharing", written.pk)


def _form(
    request: Request,
    typed: Any,
    record: TrainingRecord,
    event: SharingEvent | None,
    *,
    file: CertificateFile | None,
    fault: str = "",
) -> SharingForm:
    only_plans = record.person_id != request.user.person_id
    return SharingForm(typed, record=record, instance=event, only_plans=only_plans, attached=file, fault=fault)


def _both(request: Request, form: SharingForm, refusal: ChangedMeanwhile) -> HttpResponse:
    """It was changed elsewhere: show what stands there beside what was typed, and write nothing."""
    visible = SharingEvent.objects.visible_to(request.user).select_related(*RELATED)
    stands = visible.filter(pk=form.instance.pk).first()
    if stands is None or not access.can_edit(request.user, stands):
        messages.error(request, refusal.message)
        return redirect("sharing", stands.pk) if stands else redirect("my_sharing")
    saved = _form(request, None, stands.record, stands, file=stands.file)
    more = {"conflict": refusal.message, "differences": form.differences(saved)}
    return _page(request, form, stands, seen=stands.revision, status=409, **more)


def _page(
    request: Request, form: SharingForm, event: SharingEvent | None, *, seen: Any, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "event": event, "record": form.record, "seen": seen or "", "limits": LIMITS, **more}
    return render(request, "courses/sharing_edit.html", context, status=status)


def _visible(request: Request, pk: int) -> SharingEvent:
    return get_object_or_404(SharingEvent.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


# A school year ----------------------------------------------------------------------------------------------------


def _school(request: Request, pk: int) -> Institution:
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not access.can_read_school(request.user, found):
        raise PermissionDenied
    return found


def _year(request: Request, place: Place, events: Any, *, can_plan: bool) -> HttpResponse:
    if request.method == "POST":
        if not can_plan:
            raise PermissionDenied
        return _plan(request, place, events)
    return _year_page(request, place, events, YearForm(request.GET).school_year, can_plan=can_plan)


def _plan(request: Request, place: Place, events: Any) -> HttpResponse:
    """One tap: a course is put into the plan of the year that was shown."""
    form = PlanForm(request.POST, records=TrainingRecord.objects.visible_to(request.user))
    year = YearForm({"year": request.POST.get("school_year", "")}).school_year
    if not form.is_valid():
        messages.error(request, _("Choose the course, how it is shared, and the month."))
        return _year_page(request, place, events, year, can_plan=True, status=422)
    try:
        actions.plan_sharing(by=request.user, place=place, record=form.cleaned_data["record"], columns=form.columns())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _year_page(request, place, events, year, can_plan=True, status=422)
    messages.success(request, _("It is in the plan."))
    return redirect(f"{request.path}?year={year}")


def _year_page(
    request: Request, place: Place, events: Any, year: int, *, can_plan: bool, status: int = 200
) -> HttpResponse:
    offered = candidates(request.user, place, year) if can_plan else TrainingRecord.objects.none()
    is_school = isinstance(place, Institution)
    return render(
        request,
        "courses/sharing_year.html",
        {
            "place": place,
            "is_school": is_school,
            "paper": "school_sharing_paper" if is_school else "association_sharing_paper",
            "year": year,
            "years": year_choices(school_year_of(today()) - 1, year),
            "events": in_order(events.filter(school_year=year)),
            "can_plan": can_plan and year >= school_year_of(today()),
            "page": Paginator(offered, ON_A_PAGE).get_page(request.GET.get("page")),
            "kinds": SharingEvent._meta.get_field("kind").choices,
            "months": month_choices(),
        },
        status=status,
    )


def _year_paper(request: Request, place: Place, events: Any, *, signs: str) -> HttpResponse:
    """What is taken away tells of several people, so it is noted."""
    year = YearForm(request.GET).school_year
    institution = institution_of(place)
    name = f"{_('Sharing after the course')}, {school_year_label(year)}"
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=institution, what=f"{name}, {place}")
    rows = in_order(events.filter(school_year=year))
    of = place.title_ky if isinstance(place, MethodicalAssociation) else ""
    pdf = sharing_pdf(rows, of=of, school=institution, signs=signs, year=year)
    return _sent(pdf, f"{year}-{year + 1} {place.title_ky}")


def _year_of(event: SharingEvent) -> HttpResponse:
    if event.association_id:
        return redirect("association_sharing", event.association_id)
    return redirect("school_sharing", event.institution_id)


def _sent(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{FORM} {name}.pdf") or "inline"
    return answer
