"""What the institute types into the questions that sheets ask."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpd.dates import today
from plans.models import Question, QuestionSet

MOST_QUESTIONS = 60  # in one version; far above any real one
LONGEST_TITLE = Question._meta.get_field("title_ky").max_length
LONGEST_SOURCE = QuestionSet._meta.get_field("source").max_length


class QuestionForm(forms.Form):
    """One question of a version, and its place among the others."""

    place = forms.IntegerField(label=gettext_lazy("Place"), min_value=0, max_value=MOST_QUESTIONS, required=False)
    title_ky = forms.CharField(label=gettext_lazy("In Kyrgyz"), max_length=LONGEST_TITLE, required=False)
    title_ru = forms.CharField(label=gettext_lazy("In Russian"), max_length=LONGEST_TITLE, required=False)
    is_stem = forms.BooleanField(
        label=gettext_lazy("The beginning of a sentence, which the answer ends"), required=False
    )
    leave_out = forms.BooleanField(label=gettext_lazy("Leave the question out"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title_ky", "title_ru"):
            self.fields[name].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("title_ru") and typed.get("title_ky") == "" and not typed.get("leave_out"):
            self.add_error("title_ky", _("Write the question in Kyrgyz too."))
        return typed


QuestionForms = forms.formset_factory(QuestionForm, extra=0, max_num=MOST_QUESTIONS, absolute_max=MOST_QUESTIONS + 1)


def question_rows(forms: Iterable[QuestionForm]) -> list[dict[str, Any]]:
    """The questions that stay, in the order of their places; of the same place the one that stood first."""
    typed = [form.cleaned_data for form in forms]
    kept = [row for row in typed if row["title_ky"] and not row["leave_out"]]
    kept.sort(key=lambda row: MOST_QUESTIONS if row["place"] is None else row["place"])
    return [{name: row[name] for name in ("title_ky", "title_ru", "is_stem")} for row in kept]


class SourceForm(forms.Form):
    """Which clause a version rests on."""

    source = forms.CharField(label=gettext_lazy("Source"), max_length=LONGEST_SOURCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].widget.attrs.pop("maxlength", None)


class NewSetForm(SourceForm):
    """Source and first day of a new version of ``earlier``."""

    starts_on = forms.DateField(label=gettext_lazy("from"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args: Any, earlier: QuestionSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = earlier

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        if day <= max(self.earlier.starts_on, today()):
            raise forms.ValidationError(_("A new version begins after the earlier one, tomorrow or later."))
        return day
