"""What people type about courses."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext_lazy as _

from courses.choices import WITHOUT_HOURS, DocumentType, HoursUnit, Precision
from courses.facts import policies_over
from courses.models import CertificateFile, Programme, ProgrammeAlias, Provider, ProviderAlias, TrainingRecord
from courses.reading import (
    FIRST_YEAR,
    LAST_YEAR,
    Problem,
    ReadDates,
    ReadHours,
    Unreadable,
    read_dates,
    read_hours,
)
from cpd.dates import today
from cpd.templatetags.cpd import hours
from schools.models import Employment, Institution, User

# What the phone offers; the content decides. Without ``capture``: that would shut out a PDF and photos taken before.
TAKEN = "image/jpeg,image/png,image/heic,application/pdf"
SUGGESTED = 60  # titles sent along with the form: the page must stay light

# What is certainly wrong is refused, in a draft too. What merely could not be read is kept as typed (forms §M).
REFUSED = {
    Problem.NO_YEAR: _("The year is missing in the date. Write it in four digits."),
    Problem.NO_SUCH_DAY: _("There is no such day in the calendar."),
    Problem.END_BEFORE_START: _("The end date must not be earlier than the start date."),
    Problem.YEAR_OUT_OF_RANGE: _("Give a year from %(first)s to %(last)s."),
    Problem.NOT_POSITIVE: _("The number of hours must be greater than zero."),
    Problem.TOO_MANY: _("The number of hours is too large."),
}
YEARS = {"first": FIRST_YEAR, "last": LAST_YEAR}
UNREAD_DATE = _("We could not read the date. Write it like this: 12–23.07.2021.")
IN_FUTURE = _("The date must not be in the future.")

# A field for numbers would show nothing where the number is written with a comma.
HOURS = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})


class DayField(forms.CharField):
    """One day, written in any way people write dates. Shown as typed until it is right: nothing is lost."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            read = read_dates(text)
        except Unreadable as unreadable:
            refusal = REFUSED.get(unreadable.code, _("Enter a valid date, for example 25.09.2021."))
            raise forms.ValidationError(refusal, params=YEARS) from None
        if read is None:
            return None
        if read.precision != Precision.DAY or read.starts_on != read.ends_on:
            raise forms.ValidationError(_("Enter a valid date, for example 25.09.2021."))
        if read.starts_on > today():
            raise forms.ValidationError(IN_FUTURE)
        return read.starts_on


class HoursField(forms.DecimalField):
    """Hours as people write them: «24», «72,5», «24 саат», «24 с.», «24ч» (rules §4). Days and credits are refused."""

    default_error_messages = {
        Problem.NOT_A_NUMBER: _("Enter the number of hours as a number, for example 24."),
        Problem.NOT_POSITIVE: _("The number of hours must be greater than zero."),
        Problem.TOO_MANY: _("The number of hours is too large."),
        Problem.TOO_EXACT: _("One digit after the comma is enough."),
    }

    def to_python(self, value: Any) -> Any:
        try:
            read = read_hours(str(value or ""))
        except Unreadable as problem:
            raise forms.ValidationError(self.error_messages[problem.code], code=problem.code) from problem
        if read and read.unit != HoursUnit.HOUR:
            raise forms.ValidationError(self.error_messages[Problem.NOT_A_NUMBER], code=Problem.NOT_A_NUMBER)
        return read and read.amount

    def prepare_value(self, value: Any) -> Any:
        """As papers write hours; what was typed stays as typed."""
        return hours(value) if isinstance(value, Decimal) else value


class Comparable(forms.BaseForm):
    """A form that can tell, field by field and in words, what was typed where something else stands now."""

    def differences(self, saved: "Comparable") -> list[dict[str, str]]:
        """What stands in ``saved`` and what was typed here instead."""
        found = []
        for name in self.fields:
            before, after = saved.shown(name), self.shown(name)
            if before != after:
                found.append({"label": str(self[name].label), "saved": before, "typed": after})
        return found

    def shown(self, name: str) -> str:
        """What stands in a field, a choice by its word. A file is shown by itself."""
        field: Any = self.fields[name]
        value = None if isinstance(field.widget, forms.FileInput) else self[name].value()
        if isinstance(field, forms.BooleanField):
            return str(_("Yes") if value else _("No"))
        value = "" if value is None else value  # as a browser sends what was left empty
        chosen = {str(code): str(word) for code, word in getattr(field, "choices", ())}
        return chosen.get(str(value), str(value or ""))


class EntryForm(Comparable, forms.ModelForm):
    """What the long and the short form of a record share: where one works, and what the texts are read as."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for field in fields.values():
            field.widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        self.institutions = self._institutions(user)
        fields["institution"].queryset = Institution.objects.filter(pk__in=[one.pk for one in self.institutions])
        fields["institution"].empty_label = None
        fields["institution"].label = _("Place of work")
        if len(self.institutions) == 1:
            self.instance.institution = self.institutions[0]
            del fields["institution"]

    def _institutions(self, user: User) -> list[Institution]:
        """Where the person works, the main job first; of a record begun elsewhere, that place too."""
        jobs = Employment.objects.on(today()).filter(person=user.person_id).order_by("-is_main", "pk")
        self.jobs = list(jobs.select_related("institution"))
        places = [job.institution for job in self.jobs]
        if self.instance.pk and self.instance.institution not in places:
            places.insert(0, self.instance.institution)
        return list(dict.fromkeys(places))

    def validate_constraints(self) -> None:
        """The fields say the same in words that stand beside them."""

    def columns(self) -> dict[str, Any]:
        """What is written, as typed."""
        typed = {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}
        return {"institution": self.instance.institution, **typed}

    @property
    def dates_read(self) -> ReadDates | None:
        """What the text that stands in the form is read as."""
        try:
            return read_dates(self["date_text"].value() or "")
        except Unreadable:
            return None

    @property
    def hours_read(self) -> ReadHours | None:
        try:
            return read_hours(self["hours_text"].value() or "")
        except Unreadable:
            return None


class RecordForm(EntryForm):
    """One course as its document tells it: a few fields in the words of the paper, the rest folded away.

    ``attached`` is the file that will be saved with it, chosen now or kept from before; ``fault`` says why one was not
    taken. With ``submits`` the form must hold all that a submission needs, otherwise all that a draft needs.
    """

    document_on = DayField(label=_("Date of issue"), required=False)
    file = forms.Field(
        label=_("Photo or scan of the document"), required=False, widget=forms.FileInput(attrs={"accept": TAKEN})
    )

    class Meta:
        model = TrainingRecord
        fields = [
            "institution",
            "title",
            "date_text",
            "provider_text",
            "hours_text",
            "delivery_mode",
            "document_type",
            "document_number",
            "document_on",
            "kind",
            "category",
            "block",
            "role",
            "goal_achieved",
            "comment",
            "is_state_standard",
        ]
        widgets = {
            "title": forms.TextInput(attrs={"list": "titles"}),
            "provider_text": forms.TextInput(attrs={"list": "providers"}),
            "goal_achieved": forms.Textarea(attrs={"rows": 2}),
            "comment": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "date_text": _("As the document says, for example 12–23.07.2021."),
            "provider_text": _("As the document says."),
            "hours_text": _("As the document says, for example 24."),
            "document_number": _("If the document has no number, write “б/н”."),
        }

    def __init__(
        self,
        *args: Any,
        user: User,
        attached: CertificateFile | None = None,
        fault: str = "",
        submits: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.attached, self.fault, self.submits = attached, fault, submits
        # Where learning that is no course does for one, of what kind it was is asked for first.
        self.rules = [rule for rule in policies_over(self.jobs, today()) if rule.names_other_kinds]
        fields: dict[str, Any] = self.fields
        if not self.rules and self.instance.document_type != DocumentType.DIPLOMA:
            choices = fields["document_type"].choices
            fields["document_type"].choices = [one for one in choices if one[0] != DocumentType.DIPLOMA]
        for name in ("kind", "category", "role"):
            # They always hold a choice, so they bear no mark of a field that must be filled in.
            fields[name].required = False
            fields[name].empty_value = self._meta.model._meta.get_field(name).default

    def clean_date_text(self) -> str:
        text = self.cleaned_data["date_text"]
        try:
            read = read_dates(text)
        except Unreadable as unreadable:
            if unreadable.code in REFUSED:
                raise forms.ValidationError(REFUSED[unreadable.code], params=YEARS) from None
            if self.submits:
                raise forms.ValidationError(UNREAD_DATE) from None
            return text
        if read and earliest_end(read) > today():
            raise forms.ValidationError(_("The course has not ended yet. It can be entered when it is over."))
        return text

    def clean_hours_text(self) -> str:
        text = self.cleaned_data["hours_text"]
        try:
            read_hours(text)
        except Unreadable as unreadable:
            if unreadable.code in REFUSED:
                raise forms.ValidationError(REFUSED[unreadable.code]) from None
        return text

    def clean_file(self) -> None:
        """The file itself was taken in before the form: see ``courses.files``."""
        if self.fault:
            raise forms.ValidationError(self.fault)

    def clean(self) -> dict[str, Any]:
        """Whether hours must be named depends on the kind."""
        cleaned = super().clean() or {}
        lacks_hours = cleaned.get("hours_text") == "" and cleaned.get("kind") not in WITHOUT_HOURS
        if self.submits and lacks_hours:
            self.add_error("hours_text", self.fields["hours_text"].error_messages["required"])
        return cleaned

    @property
    def has_more(self) -> bool:
        """Whether a text stands in the folded fields, something unusual is chosen there, or something is wrong."""
        texts, choices = ("goal_achieved", "comment"), ["category", "role"]
        if not self.rules:
            choices.append("kind")
        if any(self[name].errors for name in (*texts, *choices, "block", "is_state_standard")):
            return True
        unusual = (self[name].value() != self._meta.model._meta.get_field(name).default for name in choices)
        return any(self[name].value() for name in texts) or any(unusual)

    def known_providers(self) -> list[str]:
        """Names to choose from while typing: titles of the register, and what people here write for them."""
        return _suggestions(Provider, ProviderAlias, self.institutions)

    def known_programmes(self) -> list[str]:
        return _suggestions(Programme, ProgrammeAlias, self.institutions)


def earliest_end(read: ReadDates) -> dt.date:
    """The first day on which the course may have ended: of a month or a year that runs on, its beginning."""
    if read.precision == Precision.DAY:
        return read.ends_on
    return read.ends_on.replace(day=1) if read.precision == Precision.MONTH else read.ends_on.replace(month=1, day=1)


def show_missing(form: Any, columns: list[str]) -> None:
    """Say beside the fields what keeps the record a draft."""
    form._errors = ErrorDict()  # an unbound form has none of its own
    for name in columns:
        message = UNREAD_DATE if name == "date_text" else form.fields[name].error_messages["required"]
        form._errors[name] = ErrorList([str(message)])


def _suggestions(register: Any, aliases: Any, institutions: list[Institution]) -> list[str]:
    texts: dict[str, None] = {}
    for institution in institutions:
        titles = [entry.title for entry in register.objects.known_in(institution)[:SUGGESTED]]
        others = aliases.objects.live().known_in(institution).values_list("text", flat=True)[:SUGGESTED]
        texts |= dict.fromkeys([*titles, *others])
    return list(texts)[:SUGGESTED]
