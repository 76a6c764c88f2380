"""The two lines in which somebody notes what was learnt beside courses (national regulation 5.3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.choices import BESIDE_COURSES, category_of
from courses.forms import IN_FUTURE, REFUSED, YEARS, EntryForm, earliest_end
from courses.models import TrainingRecord
from courses.reading import Unreadable, read_dates, read_hours
from cpd.dates import today

UNREAD = "unread"
NO_DATE_READ = _(
    "No date could be read from this. Write it like 12.03.2026, March 2026 or 2026, or tick below to keep the words."
)


class BesideForm(EntryForm):
    """What, when and of which kind; the rest may stay empty.

    A date that nobody can read is asked for once more: with ``keep_words`` it is kept as typed, as in the long form.
    """

    keep_words = forms.BooleanField(label=_("Keep the date in these words"), required=False)

    class Meta:
        model = TrainingRecord
        fields = ["title", "date_text", "kind", "goal_achieved", "hours_text", "provider_text", "institution"]
        labels = {
            "title": pgettext_lazy("learning", "What"),
            "date_text": pgettext_lazy("learning", "When"),
            "goal_achieved": _("What it gave"),
        }
        widgets = {"kind": forms.Select, "goal_achieved": forms.TextInput}
        help_texts = {
            "title": _("In a line or two: what you did, or what it was about."),
            "date_text": _("For example 12.03.2026, March 2026 or 2026."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [("", _("choose the kind")), *((kind.value, kind.label) for kind in BESIDE_COURSES)]
        if not self.instance.pk:
            self.initial["kind"] = ""  # a course, which the model begins with, is not among them
        self.date_before = self.instance.date_text
        fields["provider_text"].required = False

    def clean_date_text(self) -> str:
        text = self.cleaned_data["date_text"]
        try:
            read = read_dates(text)
        except Unreadable as unreadable:
            if unreadable.code in REFUSED:
                raise forms.ValidationError(REFUSED[unreadable.code], params=YEARS) from None
            if text != self.date_before and not self["keep_words"].value():
                raise forms.ValidationError(NO_DATE_READ, code=UNREAD) from None
            return text
        if read and earliest_end(read) > today():
            raise forms.ValidationError(IN_FUTURE)
        return text

    @property
    def offers_words(self) -> bool:
        """Whether to ask if the words are to stand; once asked, the answer stays on the page."""
        return bool(self["keep_words"].value()) or self.has_error("date_text", UNREAD)

    def clean_hours_text(self) -> str:
        text = self.cleaned_data["hours_text"]
        try:
            read_hours(text)
        except Unreadable as unreadable:
            if unreadable.code in REFUSED:
                raise forms.ValidationError(REFUSED[unreadable.code]) from None
        return text

    def shown(self, name: str) -> str:
        return "" if name == "keep_words" else super().shown(name)  # nothing that stands anywhere

    def columns(self) -> dict[str, Any]:
        """The category follows from the kind."""
        return super().columns() | {"category": category_of(self.cleaned_data["kind"])}
