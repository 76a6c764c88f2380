"""What the institute types into the standard."""

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plans.models import Competence, CompetenceGroup, ProfessionalStandard, ScaleLevel
from plans.standard.actions import Change, Entry, columns_of, mark_of
from schools.models import Bilingual

LONGEST_LABEL = Bilingual._meta.get_field("title_ky").max_length
LONGEST_SOURCE = ProfessionalStandard._meta.get_field("source").max_length


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Code or words"), max_length=100, required=False)

    def words(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


class EntryForm(forms.Form):
    """The labels of one entry, with a mark of what was shown: an entry that nobody touched is not written.

    An entry that the page did not show when it was sent stays unbound.
    """

    title_ky = forms.CharField(label=_("In Kyrgyz"), max_length=LONGEST_LABEL)
    title_ru = forms.CharField(label=_("In Russian"), max_length=LONGEST_LABEL, required=False)

    def __init__(self, entry: Entry, posted: QueryDict | None = None) -> None:
        prefix = f"{entry._meta.model_name}{entry.pk}"
        initial = columns_of(entry)
        seen = posted.get(f"{prefix}-seen") if posted else None
        self.entry = entry
        self.seen = seen or mark_of(initial)
        super().__init__(posted if seen else None, prefix=prefix, initial=initial)
        _uncut(self)

    def change(self) -> Change:
        return Change(self.entry, {name: self.cleaned_data[name] for name in self.initial}, self.seen)

    def show_what_is_kept(self, kept: Entry) -> None:
        """Somebody else was quicker: what they wrote stands beside what was typed, which the next saving keeps."""
        columns = columns_of(kept)
        self.seen = mark_of(columns)
        for name, value in columns.items():
            if value != self.cleaned_data[name]:
                text = ", ".join(value) if isinstance(value, list) else value
                self.add_error(name, _("Changed meanwhile to: %(text)s") % {"text": text or "—"})


class StandardForm(EntryForm):
    source = forms.CharField(label=_("Source"), max_length=LONGEST_SOURCE)


class CompetenceForm(EntryForm):
    groups = forms.MultipleChoiceField(
        label=_("Groups of key competences"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, entry: Competence, posted: QueryDict | None = None, *, groups: list[CompetenceGroup]) -> None:
        super().__init__(entry, posted)
        fields: dict[str, Any] = self.fields
        fields["groups"].choices = [(group.code, f"{group.code} {group.title}") for group in groups]

    def clean_groups(self) -> list[str]:
        return sorted(self.cleaned_data["groups"])


class LevelForm(forms.ModelForm):
    """One more level; its fields belong to the form of all labels, wherever they stand on the page."""

    class Meta:
        model = ScaleLevel
        fields = ["title_ky", "title_ru"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _uncut(self)
        for field in self.fields.values():
            field.widget.attrs["form"] = "labels"


class VersionForm(forms.ModelForm):
    """Number, source and first day of a version: of a new one, or of an ``instance`` that is corrected.

    ``earlier`` is the version it follows, if there is one.
    """

    class Meta:
        model = ProfessionalStandard
        fields = ["number", "source", "starts_on"]
        widgets = {"starts_on": forms.DateInput({"type": "date"}, "%Y-%m-%d")}

    def __init__(self, *args: Any, earlier: ProfessionalStandard | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = earlier
        _uncut(self)

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        if self.earlier and day <= self.earlier.starts_on:
            raise forms.ValidationError(_("A new version begins after the earlier one."))
        if self.instance.ends_on and day > self.instance.ends_on:
            raise forms.ValidationError(_("The end date must not be earlier than the start date."))
        return day


def _uncut(form: forms.BaseForm) -> None:
    """A browser would cut a pasted text without a word; what is too long is told beside its field."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)
