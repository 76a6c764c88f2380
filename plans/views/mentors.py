"""The mentors of a school's young specialists: who has one, who has none, and the director's orders (001 4.4.1)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cpd.dates import today
from cpd.once import acts_once
from plans.mentors.facts import Line, is_over, lines_of, with_presence
from plans.mentors.forms import ChangeForm, LastDayForm, MentorForm
from plans.mentors.paper import order_name, order_pdf
from plans.models import InductionPlan
from schools import audit
from schools.access import can_fix_mentors
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.http import Request, check_done
from schools.kinds import WAYS
from schools.mentoring import Unfit, annul_mentorship, change_mentorship, end_mentorship, fix_mentor, rests_on
from schools.models import Institution, Mentorship


@require_safe
def mentors(request: Request, pk: int) -> HttpResponse:
    """Every young specialist with the mentor and the plan; what ended stands apart."""
    found = _school(request, pk)
    visible = Mentorship.objects.visible_to(request.user).filter(institution=found)
    rows = list(with_presence(visible.select_related("mentor", "mentee"), today()))
    lines = lines_of(found, rows, today())
    return render(
        request,
        "plans/mentors.html",
        {
            "institution": found,
            "lines": lines,
            "lacking": sum(line.lacks_mentor for line in lines),
            "ended": [row for row in rows if is_over(row, today())],
            "readable": _readable(request, lines),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def mentor_new(request: Request, pk: int) -> HttpResponse:
    """A mentor for a young specialist, ``?mentee=5`` for one of them."""
    found = _school(request, pk)
    chosen = {"mentee": request.GET.get("mentee"), "starts_on": today()}
    form = MentorForm(request.POST or None, institution=found, initial=chosen)

    def save() -> None:
        pair = {name: form.cleaned_data[name] for name in ("mentor", "mentee")}
        fix_mentor(by=request.user, institution=found, **pair, **form.terms.columns)

    return _acted(request, form, found, save, _("Fix a mentor"), done=_("The mentor was fixed."))


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def mentorship_change(request: Request, pk: int) -> HttpResponse:
    """A day, a number or a date of the order that was entered wrong; ``annul`` takes the whole back."""
    found = _kept(request, pk)
    if "annul" in request.POST:
        return _annulled(request, found)
    form = ChangeForm(request.POST or None, mentorship=found)

    def save() -> None:
        seen = form.cleaned_data["seen"]
        change_mentorship(mentorship=found, by=request.user, seen=seen, terms=form.terms)

    can_annul = not rests_on(found)
    return _acted(request, form, found.institution, save, _("Change the mentorship"), pair=found, can_annul=can_annul)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def mentorship_end(request: Request, pk: int) -> HttpResponse:
    """The last day of a mentorship."""
    found = _kept(request, pk)
    form = LastDayForm(request.POST or None, initial={"ends_on": today()})

    def save() -> None:
        end_mentorship(mentorship=found, by=request.user, last_day=form.cleaned_data["ends_on"])

    return _acted(request, form, found.institution, save, _("Enter the last day"), pair=found)


@require_safe
def mentor_order_paper(request: Request, pk: int) -> HttpResponse:
    """The PDF: form F11; for the school, and for the two whom it names."""
    found = _visible(request, pk)
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found.institution, what=f"F11 {found.order_told}")
    answer = HttpResponse(order_pdf(found), content_type="application/pdf")
    name = order_name(found)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer


def _school(request: Request, pk: int) -> Institution:
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not can_fix_mentors(request.user, found):
        raise PermissionDenied
    check_done("guides_newcomers", WAYS[found.kind])
    return found


def _readable(request: Request, lines: Iterable[Line]) -> set[int]:
    """Which of the plans the reader may open: while it is written, a plan is of the two alone."""
    plans = [line.duty.plan.pk for line in lines if line.duty and line.duty.plan]
    return set(InductionPlan.objects.visible_to(request.user).filter(pk__in=plans).values_list("pk", flat=True))


def _visible(request: Request, pk: int) -> Mentorship:
    visible = Mentorship.objects.visible_to(request.user).select_related(
        "institution__district", "mentor__category", "mentee"
    )
    return get_object_or_404(visible, pk=pk)


def _kept(request: Request, pk: int) -> Mentorship:
    found = _visible(request, pk)
    if not can_fix_mentors(request.user, found.institution):
        raise PermissionDenied
    return found


def _annulled(request: Request, found: Mentorship) -> HttpResponse:
    try:
        annul_mentorship(mentorship=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The mentorship was taken back."))
    return redirect("mentors", found.institution_id)


def _acted(
    request: Request, form: Any, institution: Institution, save: Callable[[], None], title: str, **context: Any
) -> HttpResponse:
    """The form again with what is wrong in it, or saved and back to the mentors.

    Where somebody else was quicker it comes with how the mentorship stands now and keeps what was typed (409).
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ChangedMeanwhile as refusal:
            now = Mentorship.objects.filter(pk=context["pair"].pk).select_related("mentor", "mentee").first()
            if now is None:
                messages.error(request, refusal.message)
                return redirect("mentors", institution.pk)
            if isinstance(form, ChangeForm):
                form.look_again(now)
            form.add_error(None, refusal.message)
            context, status = context | {"pair": now, "has_changed": True}, 409
        except Refused as refusal:
            field = refusal.field if isinstance(refusal, Unfit) else None
            form.add_error(field if field in form.fields else None, refusal.message)
        else:
            messages.success(request, context.get("done", _("Saved.")))
            return redirect("mentors", institution.pk)
    return render(
        request,
        "plans/mentor_form.html",
        {"form": form, "institution": institution, "title": title, **context},
        status=status,
    )
