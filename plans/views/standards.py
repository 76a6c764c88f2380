"""The professional standard: everybody reads it, the institute keeps it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from plans.standard.access import can_change_scale, can_keep_standard
from plans.standard.forms import CompetenceForm, EntryForm, LevelForm, NewVersionForm, SearchForm, StandardForm
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
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def standard_edit(request: Request, pk: int) -> HttpResponse:
    """All labels and tags of one version on one page. What somebody else changed meanwhile is told, never lost."""
    found = _kept(request, pk)
    sections = _sections(found, held.typed(request))
    forms = [form for _title, entries in sections for form in entries if form.is_bound]
    if request.method == "POST" and not all(form.is_valid() for form in forms):
        messages.error(request, _("Correct the errors below."))
    elif request.method == "POST":
        changes = [form.change() for form in forms]
        try:
            count = actions.change_entries(by=request.user, standard=found, changes=changes)
        except actions.EntriesChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            _show_what_is_kept(forms, refusal.entries)
        else:
            text = ngettext("Saved: %(count)s change.", "Saved: %(count)s changes.", count)
            messages.success(request, text % {"count": count})
            return redirect("standard", found.pk)
    return render(
        request,
        "plans/standard_edit.html",
        {
            "standard": found,
            "sections": [(title, entries, any(form.errors for form in entries)) for title, entries in sections],
            "can_change_scale": can_change_scale(request.user, found),
            "level_form": LevelForm(prefix="level"),
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def standard_new_version(request: Request, pk: int) -> HttpResponse:
    """A copy with a number, a source and a first day of its own; the earlier version ends the day before."""
    found = _kept(request, pk)
    form = NewVersionForm(request.POST or None, earlier=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.new_version(by=request.user, earlier=found, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("standard", found.pk)
        messages.success(request, _("The new version was made. Change its labels where they differ."))
        return redirect("standard_edit", made.pk)
    return render(request, "plans/standard_new_version.html", {"standard": found, "form": form})


@require_POST
@acts_once
def scale_level_add(request: Request, pk: int) -> HttpResponse:
    """One level above the highest, while no assessment uses the standard."""
    found = _kept(request, pk)
    form = LevelForm(request.POST, prefix="level")
    if not form.is_valid():
        messages.error(request, _("Write the name of the level in Kyrgyz."))
        return redirect("standard_edit", found.pk)
    try:
        actions.add_level(by=request.user, standard=found, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The level was added."))
    return redirect("standard_edit", found.pk)


@require_POST
@acts_once
def scale_level_remove(request: Request, pk: int) -> HttpResponse:
    """Take the highest level away, while no assessment uses the standard."""
    found = _kept(request, pk)
    try:
        actions.remove_level(by=request.user, standard=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The level was removed."))
    return redirect("standard_edit", found.pk)


def _kept(request: Request, pk: int) -> ProfessionalStandard:
    found = get_object_or_404(ProfessionalStandard.objects.visible_to(request.user), pk=pk)
    if not can_keep_standard(request.user):
        raise PermissionDenied
    return found


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
