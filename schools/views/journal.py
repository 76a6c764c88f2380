"""The journal: who saw and changed what, as far as the reader may know of it."""

from collections.abc import Iterable

from django import forms
from django.db.models import BigIntegerField, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.access import can_read_journal
from schools.http import Request
from schools.journal_filters import JournalForm
from schools.journal_words import changes
from schools.models import AuditEntry
from schools.models.audit import AuditQuerySet

ON_A_PAGE = 50


class OlderForm(forms.Form):
    """Below which entry the page begins, ``?before=``: entries only come in on top, so nothing is shown twice."""

    before = forms.IntegerField(min_value=1, max_value=BigIntegerField.MAX_BIGINT)


@require_safe
def journal(request: Request) -> HttpResponse:
    """Everybody reads what concerns them; leaders their institution's, a district office its district's.

    The entries are not counted: there may be a million.
    """
    form = JournalForm(request.GET, user=request.user)
    edge = _edge(request)
    parts = [form.narrowed(_below(part, edge)) for part in AuditEntry.objects.parts_visible_to(request.user)]
    found = _newest(parts, ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    return render(
        request,
        "schools/journal.html",
        {
            "form": form,
            "lines": [(entry, changes(entry, request.user)) for entry in shown],
            "mine": {entry.pk for entry in shown if entry.is_about(request.user.person_id)},
            "last": shown[-1] if len(found) > ON_A_PAGE else None,
            "is_top": "before" not in request.GET,
            "is_narrowed": any(value for name, value in request.GET.items() if name != "before"),
            "oversees": can_read_journal(request.user),
        },
    )


def _edge(request: Request) -> AuditEntry | None:
    """The entry below which the page begins; none where none is named, or none that this reader may see."""
    form = OlderForm(request.GET)
    if not form.is_valid():
        return None
    return AuditEntry.objects.visible_to(request.user).filter(pk=form.cleaned_data["before"]).first()


def _below(entries: AuditQuerySet, edge: AuditEntry | None) -> AuditQuerySet:
    if edge is None:
        return entries
    return entries.filter(Q(at__lt=edge.at) | Q(at=edge.at, pk__lt=edge.pk), at__lte=edge.at)


def _newest(parts: Iterable[AuditQuerySet], most: int) -> list[AuditEntry]:
    """The newest entries of all parts together."""
    keys = {key for part in parts for key in part.values_list("at", "pk")[:most]}
    pks = [pk for _at, pk in sorted(keys, reverse=True)[:most]]
    return list(AuditEntry.objects.filter(pk__in=pks).select_related("by", "subject", "institution", "district"))
