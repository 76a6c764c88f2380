"""The text of a paper as people edit it: lines, points one per line, and a table of measures."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cpd.dates import school_year_label, school_year_of, today
from plans.choices import PaperKind
from plans.models import SchoolPaper
from plans.school_papers.parts import COLUMNS, MEASURES, MOST_ROWS, PARTS, Text, points

LONGEST_LINE = 500
LONGEST_TEXT = 20_000  # signs: an order that hundreds of people sign
MOST_LINES_SHOWN = 14
SPARE_ROWS = 3  # empty rows of the table of measures, so that it grows without a script


class OrderForm(forms.Form):
    """For which school year an order is drawn up."""

    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int)
    is_another = forms.BooleanField(label=_("Draw up another one all the same"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        this_year = school_year_of(today())
        fields["school_year"].choices = [(year, school_year_label(year)) for year in (this_year, this_year + 1)]


class PaperForm(forms.ModelForm):
    """Number, date, and the parts of the paper's text."""

    class Meta:
        model = SchoolPaper
        fields = ["number", "dated_on"]
        widgets = {"dated_on": forms.DateInput({"type": "date"}, "%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = PARTS[self.instance.kind]
        for part in self.parts:
            kept = self.instance.text.get(part.name, "")
            options: dict[str, Any] = {"label": part.label, "required": False, "max_length": LONGEST_LINE}
            if part.has_points:
                rows = min(len(kept) + 2, MOST_LINES_SHOWN)
                options |= {"max_length": LONGEST_TEXT, "help_text": _("One line for each.")}
                options["widget"] = forms.Textarea({"rows": rows})
            self.initial[part.name] = "\n".join(kept) if part.has_points else kept
            self.fields[part.name] = forms.CharField(**options)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word

    def text(self) -> Text:
        typed = self.cleaned_data
        return {part.name: points(typed[part.name]) if part.has_points else typed[part.name] for part in self.parts}


class MeasureForm(forms.Form):
    """One row of the table; a row of which nothing is left is taken out."""

    place = forms.IntegerField(label=_("No."), required=False, min_value=1, max_value=999)
    what = forms.CharField(
        label=_("Measure"), required=False, max_length=LONGEST_LINE, widget=forms.Textarea({"rows": 2})
    )
    term = forms.CharField(label=_("Term"), required=False, max_length=LONGEST_LINE)
    who = forms.CharField(
        label=_("Responsible"), required=False, max_length=LONGEST_LINE, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if (typed.get("term") or typed.get("who")) and not typed.get("what") and "what" not in self.errors:
            self.add_error("what", _("Write the measure, or empty the whole row."))
        return typed

    def row(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in COLUMNS}


MeasureFormSet: Any = forms.formset_factory(
    MeasureForm, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + SPARE_ROWS
)


def measure_forms(paper: SchoolPaper, posted: QueryDict | None = None) -> Any:
    """The table of measures of an order; None for a paper without one."""
    if paper.kind != PaperKind.MEASURES_ORDER:
        return None
    rows = [{"place": place, **row} for place, row in enumerate(paper.text.get(MEASURES, []), start=1)]
    return MeasureFormSet(posted, initial=rows, prefix="measure")


def measures(forms_of_rows: Any) -> Mapping[str, list[dict[str, str]]]:
    """The rows that say something, by the number before them; without one they stand last."""
    if forms_of_rows is None:
        return {}
    numbered = [(form.cleaned_data.get("place") or MOST_ROWS, form.row()) for form in forms_of_rows]
    return {MEASURES: [row for _place, row in sorted(numbered, key=lambda one: one[0]) if any(row.values())]}
