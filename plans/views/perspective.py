"""The school's perspective plan, as a paper and as an Excel file."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.exports import table_file
from cpd.dates import school_year_of, today
from cpd.forms import FIRST_YEAR, LAST_YEAR
from plans.access import can_read_perspective_plan
from plans.perspective import perspective_pdf, perspective_table, perspective_years
from schools import audit
from schools.choices import DocumentKind, Event
from schools.http import Request
from schools.kinds import kinds_using
from schools.models import Institution
from schools.wording import words_of


class FirstYearForm(forms.Form):
    """The first school year a plan is asked for in its address, ``?from=2026``. Nothing named means this one."""

    def __init__(self, *args: Any, years: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.IntegerField(
            label=gettext_lazy("School year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR - years
        )

    @property
    def first_year(self) -> int:
        return self.cleaned_data["from"] or school_year_of(today())


def _planning_by_teacher(request: Request) -> QuerySet[Institution]:
    """Where teachers have individual plans, of which the paper is made."""
    kinds = kinds_using(DocumentKind.INDIVIDUAL_PLAN)
    return Institution.objects.visible_to(request.user).filter(kind__in=kinds).select_related("district")


@require_safe
def perspective_plan(request: Request, pk: int, kind: str) -> HttpResponse:
    """Form F04 of one school: "pdf" or "xlsx"."""
    found = get_object_or_404(_planning_by_teacher(request), pk=pk)
    if not can_read_perspective_plan(request.user, found):
        raise PermissionDenied
    years = perspective_years(found, today())
    if years is None:
        messages.error(request, _("No rule says how many years the plan covers."))
        return redirect("institution", pk)
    asked = FirstYearForm(request.GET, years=years)
    if not asked.is_valid():
        messages.error(request, asked.errors["from"].as_text())
        return redirect("institution", pk)
    first = asked.first_year
    table = perspective_table(request.user, found, today(), range(first, first + years))
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found, what=table.title)
    name = f"F04 {first}-{first + years} {found.title_ky}"
    in_pdf = partial(perspective_pdf, words_there=words_of(found))
    return table_file(table, kind, name, in_pdf=in_pdf)
