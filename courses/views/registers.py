"""The registers of providers and programmes, and what typed texts stand for."""

import copy
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import registers
from courses.choices import StudyForm
from courses.models import Programme, ProgrammeAlias, Provider, ProviderAlias, ProviderRight
from courses.register_forms import (
    EntryForm,
    ProgrammeForm,
    ProviderForm,
    ProviderSearchForm,
    RightEndForm,
    RightForm,
    SearchForm,
    TypedTextForm,
)
from courses.registers import PROGRAMMES, PROVIDERS, Entry, Place, Register
from cpd.once import acts_once
from schools.approval import Refused
from schools.http import Request

ON_A_PAGE = 30
BY_NAME = {"provider": PROVIDERS, "programme": PROGRAMMES}


@require_safe
def unlinked(request: Request) -> HttpResponse:
    """The texts of one place that the register lacks, with entries they may stand for."""
    register = BY_NAME.get(request.GET.get("register", ""), PROVIDERS)
    places = _places(request)
    place = _place(request, places)
    texts = registers.unlinked(register, place, by=request.user)
    page = Paginator(texts, ON_A_PAGE).get_page(request.GET.get("page"))
    near = registers.proposals(register, place, [text["folded"] for text in page])
    return render(
        request,
        "courses/unlinked.html",
        {
            "register": register,
            "place": place,
            "places": places,
            "page": page,
            "texts": [(text, near[text["folded"]]) for text in page],
            "link_url": reverse(f"link_{register.field}"),
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def link_provider(request: Request) -> HttpResponse:
    """What one typed organisation stands for: an entry of the register, or a new one."""
    return _link(request, PROVIDERS, ProviderForm)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def link_programme(request: Request) -> HttpResponse:
    """What one typed title stands for: a programme of the register, or a new one."""
    return _link(request, PROGRAMMES, ProgrammeForm)


@require_POST
@acts_once
def provider_alias_remove(request: Request, pk: int) -> HttpResponse:
    return _remove_alias(request, PROVIDERS, ProviderAlias.objects.visible_to(request.user), pk)


@require_POST
@acts_once
def programme_alias_remove(request: Request, pk: int) -> HttpResponse:
    return _remove_alias(request, PROGRAMMES, ProgrammeAlias.objects.visible_to(request.user), pk)


@require_safe
def providers(request: Request) -> HttpResponse:
    """The organisations that hold where the person works, serves or oversees."""
    form = ProviderSearchForm(request.GET)
    visible = Provider.objects.visible_to(request.user)
    if form.is_valid() and form.cleaned_data["kind"]:
        visible = visible.filter(kind=form.cleaned_data["kind"])
    return _list(request, PROVIDERS, visible, form)


@require_safe
def programmes(request: Request) -> HttpResponse:
    """The programmes that hold where the person works, serves or oversees."""
    visible = Programme.objects.visible_to(request.user).select_related("provider")
    return _list(request, PROGRAMMES, visible, SearchForm(request.GET))


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def provider_new(request: Request) -> HttpResponse:
    return _new(request, PROVIDERS, ProviderForm)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def programme_new(request: Request) -> HttpResponse:
    return _new(request, PROGRAMMES, ProgrammeForm)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: Request, pk: int) -> HttpResponse:
    """One organisation: its names, its rights to teach, and where it holds. Whoever keeps it changes it here."""
    return _entry(request, PROVIDERS, ProviderForm, pk)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: Request, pk: int) -> HttpResponse:
    """One programme: what it teaches, whom, and who checked it. Whoever keeps it changes it here."""
    return _entry(request, PROGRAMMES, ProgrammeForm, pk)


@require_POST
@acts_once
def right_new(request: Request, pk: int) -> HttpResponse:
    """By what right an organisation teaches: entered for the places the person keeps, whoever entered the provider."""
    found = _found(request, PROVIDERS, pk)
    places = registers.places_for(PROVIDERS, found, by=request.user)
    if not places:
        raise PermissionDenied
    form = RightForm(request.POST, places=places, prefix="right")
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _entry_page(request, PROVIDERS, found, right_form=form)
    try:
        registers.add_right(by=request.user, place=form.chosen_place(), provider=found, columns=form.columns())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The right to teach was entered."))
    return redirect("provider", found.pk)


@require_POST
@acts_once
def right_end(request: Request, pk: int) -> HttpResponse:
    """The last day of a right to teach. Courses that ended before it go on counting."""
    right = get_object_or_404(ProviderRight.objects.visible_to(request.user).select_related("provider"), pk=pk)
    if not registers.keeps(request.user, Place.of(right)):
        raise PermissionDenied
    form = RightEndForm(request.POST, instance=right, prefix=f"end{pk}")
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _entry_page(request, PROVIDERS, _found(request, PROVIDERS, right.provider_id), wrong_end=form)
    registers.end_right(right, by=request.user, ends_on=form.cleaned_data["ends_on"])
    messages.success(request, _("The last day of the right was saved."))
    return redirect("provider", right.provider_id)


# Both registers alike -----------------------------------------------------------------------------------------------


def _link(request: Request, register: Register, form_of: type[EntryForm]) -> HttpResponse:
    place = _place(request, _places(request))
    given = request.POST if request.method == "POST" else request.GET
    typed = TypedTextForm(given, register=register, place=place, by=request.user)
    if not typed.is_valid():
        return _not_a_link(request, register, place, typed)
    text, entry = typed.cleaned_data["text"], typed.cleaned_data["target"]
    new_here: dict[str, Any] = {"places": [place], "prefix": "new"}
    if request.method != "POST":
        return _link_page(request, register, place, text, form_of(initial={"title_ky": text}, **new_here))
    form = form_of(request.POST, **new_here)
    if entry is None and not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _link_page(request, register, place, text, form)
    named: dict[str, Any] = {"by": request.user, "place": place, "text": text}
    try:
        if entry is None:
            entry, count = registers.enter_and_link(register, **named, columns=form.columns())
        else:
            count = registers.link(register, **named, entry=entry)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        _tell(request, count, text, entry)
    return redirect(_back(register, place))


def _not_a_link(request: Request, register: Register, place: Place, typed: TypedTextForm) -> HttpResponse:
    """No text, or none that can be kept, or an entry that does not hold there: no address of this site leads here."""
    if request.method != "POST" or "target" in typed.errors:
        raise Http404
    for error in typed.errors["text"]:
        messages.error(request, str(error))
    return redirect(_back(register, place))


def _link_page(request: Request, register: Register, place: Place, text: str, form: EntryForm) -> HttpResponse:
    search = SearchForm(request.GET)
    key = registers.key_of(text)
    entries: Iterable[Entry] = registers.proposals(register, place, [key])[key]
    if search.words():
        known = place.knows(register.entries.objects.visible_to(request.user))
        entries = registers.named_like(register, known, search.words(), by=request.user)[:ON_A_PAGE]
    return render(
        request,
        "courses/link.html",
        {
            "register": register,
            "place": place,
            "text": text,
            "use": registers.use_of(register, place, text, by=request.user),
            "search": search,
            "entries": entries,
            "form": form,
            "back": _back(register, place),
        },
    )


def _list(request: Request, register: Register, visible: QuerySet[Any], form: SearchForm) -> HttpResponse:
    found = registers.named_like(register, visible, form.words(), by=request.user)
    page = Paginator(found.select_related("institution", "district"), ON_A_PAGE).get_page(request.GET.get("page"))
    used = registers.used(register, [entry.pk for entry in page], by=request.user)
    return render(
        request,
        f"courses/{register.field}s.html",
        {
            "page": page,
            "rows": [{"entry": one, "place": Place.of(one), "used": used.get(one.pk, 0)} for one in page],
            "form": form,
            "may_keep": bool(registers.places_of(request.user)),
        },
    )


def _new(request: Request, register: Register, form_of: type[EntryForm]) -> HttpResponse:
    places = _places(request)
    place = _place(request, places)
    form = form_of(request.POST or None, places=places, initial={"place": place.key})
    if request.method == "POST" and form.is_valid():
        entry = registers.save_entry(register, by=request.user, place=place, columns=form.columns())
        messages.success(request, _("It was entered into the register."))
        return redirect(register.field, entry.pk)
    return render(request, "courses/entry_new.html", {"kind": register.entries._meta.verbose_name, "form": form})


def _entry(request: Request, register: Register, form_of: type[EntryForm], pk: int) -> HttpResponse:
    found = _found(request, register, pk)
    place = Place.of(found)
    if not registers.keeps(request.user, place):
        if request.method == "POST":
            raise PermissionDenied
        return _entry_page(request, register, found)
    form = form_of(request.POST or None, instance=copy.copy(found), places=[place])
    if request.method == "POST" and form.is_valid():
        registers.save_entry(register, by=request.user, place=place, columns=form.columns(), entry=found)
        messages.success(request, _("Saved."))
        return redirect(register.field, found.pk)
    return _entry_page(request, register, found, form=form)


def _entry_page(request: Request, register: Register, found: Entry, **context: Any) -> HttpResponse:
    names, removed = registers.names_of(register, found, by=request.user)
    places = registers.places_for(register, found, by=request.user)
    rights = _rights(request, found, context.pop("wrong_end", None)) if isinstance(found, Provider) else []
    defaults = {
        "entry": found,
        "register": register,
        "place": Place.of(found),
        "names": names,
        "removed": removed,
        "rights": rights,
        "study_forms": _study_forms(found),
        "places": places,
        "kept": [one.key for one in places],
        "used": registers.used(register, [found.pk], by=request.user).get(found.pk, 0),
        "right_form": RightForm(places=places, prefix="right") if places and register is PROVIDERS else None,
    }
    return render(request, f"courses/{register.field}.html", defaults | context)


def _study_forms(found: Entry) -> list[str]:
    chosen = found.study_forms if isinstance(found, Programme) else []
    return [str(StudyForm(form).label) for form in chosen if form in StudyForm.values]


def _rights(request: Request, found: Provider, wrong: RightEndForm | None) -> list[dict[str, Any]]:
    """The rights with a form for the last day of those the person keeps."""
    rows = []
    for row in registers.rights_of(found, by=request.user):
        form = None
        if row.is_kept:
            is_wrong = wrong is not None and wrong.instance.pk == row.right.pk
            form = wrong if is_wrong else RightEndForm(instance=row.right, prefix=f"end{row.right.pk}")
        rows.append({"right": row.right, "form": form, "place": row.place, "is_over": row.is_over})
    return rows


def _remove_alias(request: Request, register: Register, visible: QuerySet[Any], pk: int) -> HttpResponse:
    related = ("institution__district", "district", "target__institution", "target__district")
    alias = get_object_or_404(visible.select_related(*related), pk=pk)
    try:
        count = registers.unlink(register, by=request.user, alias=alias)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            ngettext(
                "“%(text)s” no longer stands for this entry: %(count)s record.",
                "“%(text)s” no longer stands for this entry: %(count)s records.",
                count,
            )
            % {"text": alias.text, "count": count},
        )
    return redirect(register.field, alias.target_id)


def _found(request: Request, register: Register, pk: int) -> Any:
    visible = register.entries.objects.visible_to(request.user)
    related = ["institution", "district", "entered_by"]
    related += ["provider", "subject"] if register is PROGRAMMES else []
    return get_object_or_404(visible.select_related(*related), pk=pk)


def _places(request: Request) -> list[Place]:
    """The places the person keeps registers for; whoever keeps none has nothing to find here."""
    places = registers.places_of(request.user)
    if not places:
        raise Http404
    return places


def _place(request: Request, places: list[Place]) -> Place:
    """The one the address or the form names, else the first."""
    given = request.POST if request.method == "POST" else request.GET
    wanted = given.get("place", places[0].key)
    found = next((place for place in places if place.key == wanted), None)
    if found is None:
        raise Http404
    return found


def _back(register: Register, place: Place) -> str:
    return f"{reverse('unlinked')}?{urlencode({'register': register.field, 'place': place.key})}"


def _tell(request: Request, count: int, text: str, entry: Entry) -> None:
    messages.success(
        request,
        ngettext(
            "“%(text)s” now stands for “%(entry)s”: %(count)s record.",
            "“%(text)s” now stands for “%(entry)s”: %(count)s records.",
            count,
        )
        % {"text": text, "entry": entry, "count": count},
    )
