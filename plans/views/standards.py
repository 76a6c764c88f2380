"""The professional standard: everybody reads it, the institute keeps it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd import held
from cpd.dates import today
from cpd.once import acts_once
from plans.models import ProfessionalStandard
from plans.standard import actions
from plans.standard.access import can_change_scale, can_correct_version, can_keep_standard
from plans.standard.forms import CompetenceForm, EntryForm, LevelForm, SearchForm, StandardForm, VersionForm
from plans.standard.rows import named_like, units_of
from schools.approval import Refused
from schools.http import Request


@require_safe
def standards(request: Request) -> HttpResponse:
    """The versions, the newest first."""
    visible = ProfessionalStandard.objects.visible_to(request.user)
    return render(
        request,
        "plans/standards.html",
        {
            "standards": visible,
            "in_force": visible.in_force(today()),
        },
    )


@require_safe
def standard(request: Request, pk: int) -> HttpResponse:
    """One version on one page; a code in whatever spelling, or words, narrow it."""
    found = get_object_or_404(ProfessionalStandard.objects.visible_to(request.user), pk=pk)
    form = SearchForm(request.GET)
    units = units_of(found)
    shown = {one.pk for one in named_like(units, form.words())}
    rows = [(unit, [one for one in unit.competences.all() if one.pk in shown]) for unit in units]
    return render(
        request,
        "plans/standard.html",
        {
            "standard": found,
            "form": form,
            "rows": [(unit, competences) for unit, competences in rows if competences],
            "is_narrowed": bool(form.words()),
            "groups": found.groups.all(),
            "levels": found.levels.all(),
            "can_keep": can_keep_standard(request.user),
            "can_correct": can_correct_version(request.user, found),
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def standard_edit(request: Request, pk: int) -> HttpResponse:
    """All labels and tags of one version on one page. What somebody else changed meanwhile is told, never lost."""
    found = _kept(request, pk)
    return _edit_page(request, found, to="standard")


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def standard_new_version(request: Request, pk: int) -> HttpResponse:
    """A copy with a number, a source and a first day of its own; the earlier version ends the day before."""
    found = _kept(request, pk)
    form = VersionForm(request.POST or None, earlier=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.new_version(by=request.user, earlier=found, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("standard", found.pk)
        messages.success(request, _("The new version was made. Change its labels where they differ."))
        return redirect("standard_edit", made.pk)
    return render(request, "plans/standard_new_version.html", {"standard": found, "form": form})


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def standard_version(request: Request, pk: int) -> HttpResponse:
    """Correct the number, source and first day of a version that nothing rests on yet."""
    found = _kept(request, pk)
    if not can_correct_version(request.user, found):
        messages.info(request, _("Teachers have answered by this version: it is not changed any more."))
        return redirect("standard", found.pk)
    earlier = actions.version_before(found)
    form = VersionForm(request.POST or None, instance=found, earlier=earlier)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_version(by=request.user, standard=found, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("standard", found.pk)
    context = {"standard": _kept(request, pk), "earlier": earlier, "form": form}  # the form has written into its own
    return render(request, "plans/standard_version.html", context)


@require_POST
@acts_once
def standard_delete(request: Request, pk: int) -> HttpResponse:
    """Take away a version that nothing rests on; the earlier one goes on."""
    found = _kept(request, pk)
    try:
        earlier = actions.delete_version(by=request.user, standard=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("standard", found.pk)
    messages.success(request, _("The version was deleted; the earlier one goes on."))
    return redirect("standard", earlier.pk)


@require_POST
@acts_once
def scale_level_add(request: Request, pk: int) -> HttpResponse:
    """One level above the highest, while no assessment uses the standard; the labels are saved with it."""
    found = _kept(request, pk)
    level = LevelForm(request.POST, prefix="level")

    def add() -> str:
        actions.add_level(by=request.user, standard=found, **level.cleaned_data)
        return _("The level was added.")

    return _edit_page(request, found, to="standard_edit", level=level, then=add)


@require_POST
@acts_once
def scale_level_remove(request: Request, pk: int) -> HttpResponse:
    """Take the highest level away, while no assessment uses the standard; the labels are saved with it."""
    found = _kept(request, pk)

    def remove() -> str:
        actions.remove_level(by=request.user, standard=found)
        return _("The level was removed.")

    return _edit_page(request, found, to="standard_edit", then=remove)


def _kept(request: Request, pk: int) -> ProfessionalStandard:
    found = get_object_or_404(ProfessionalStandard.objects.visible_to(request.user), pk=pk)
    if not can_keep_standard(request.user):
        raise PermissionDenied
    return found


def _edit_page(
    request: Request,
    found: ProfessionalStandard,
    *,
    to: str,
    level: LevelForm | None = None,
    then: Callable[[], str] | None = None,
) -> HttpResponse:
    """Save the labels and do what the button says, both or neither; or show the page with all that was typed."""
    sections = _sections(found, held.typed(request))
    forms = [form for _title, entries in sections for form in entries if form.is_bound]
    if request.method == "POST" and not all(form.is_valid() for form in (*forms, *([level] if level else []))):
        messages.error(request, _("Correct the errors below."))
    elif request.method == "POST":
        try:
            with transaction.atomic():
                changes = [form.change() for form in forms]
                count = actions.change_entries(by=request.user, standard=found, changes=changes)
                said = then() if then else ""
        except actions.EntriesChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            _show_what_is_kept(forms, refusal.entries)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            text = ngettext("Saved: %(count)s change.", "Saved: %(count)s changes.", count) % {"count": count}
            messages.success(request, f"{said} {text}" if said and count else said or text)
            return redirect(to, found.pk)
    return render(
        request,
        "plans/standard_edit.html",
        {
            "standard": found,
            "sections": [(title, entries, any(form.errors for form in entries)) for title, entries in sections],
            "can_change_scale": can_change_scale(request.user, found),
            "level_form": level or LevelForm(prefix="level"),
        },
    )


def _sections(found: ProfessionalStandard, posted: QueryDict | None) -> list[tuple[str, list[EntryForm]]]:
    """The forms of the page as it shows them: each unit with its competences, then the groups and the scale."""
    groups = list(found.groups.all())
    sections: list[tuple[str, list[EntryForm]]] = [(_("The version"), [StandardForm(found, posted)])]
    for unit in units_of(found):
        entries: list[EntryForm] = [EntryForm(unit, posted)]
        entries += [CompetenceForm(one, posted, groups=groups) for one in unit.competences.all()]
        sections.append((f"{unit.code} {unit.title}", entries))
    sections.append((_("Groups of key competences"), [EntryForm(group, posted) for group in groups]))
    sections.append((_("Scale"), [EntryForm(level, posted) for level in found.levels.all()]))
    return sections


def _show_what_is_kept(forms: Sequence[EntryForm], changed: Sequence[Any]) -> None:
    for form in forms:
        if form.entry in changed:
            form.show_what_is_kept(type(form.entry)._default_manager.get(pk=form.entry.pk))
