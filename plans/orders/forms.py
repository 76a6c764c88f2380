"""What is typed about a district's orders, and what the tables of needs are narrowed by."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.choices import Block
from courses.forms import HoursField
from courses.models import Provider
from courses.registers import Place
from courses.staff_filters import ALL, Sifting
from cpd.text import fold, sort_key
from plans.choices import Quarter
from plans.models import OrderRow, TrainingOrder
from plans.needs.topics import LONGEST_TITLE
from plans.orders.country import Asked
from plans.orders.demand import Line
from schools.choices import TeachingLanguage
from schools.models import District, Oblast, Subject

ROW = re.compile(r"row\d+-")  # how the fields of a line begin


class Narrowing(Sifting):
    """The columns that both tables of needs have."""

    words = forms.CharField(label=_("Topic"), required=False)
    subject = forms.ModelChoiceField(Subject.objects.all(), label=_("Subject"), required=False, empty_label=ALL[1])
    language = forms.ChoiceField(
        label=_("Language of the course"), required=False, choices=[ALL, *TeachingLanguage.choices]
    )
    block = forms.ChoiceField(label=_("Block"), required=False, choices=[ALL, *Block.choices])
    quarter = forms.TypedChoiceField(
        label=_("Wished term"), required=False, choices=[ALL, *Quarter.choices], coerce=int, empty_value=None
    )


class DistrictNeedsForm(Narrowing):
    """The groups of a district, sifted in memory: a district has at most some hundred."""

    unmet = forms.BooleanField(label=_("Only where places are missing"), required=False)

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        subjects = {line.group.subject.pk: str(line.group.subject) for line in lines if line.group.subject}
        in_order = sorted(subjects.items(), key=lambda one: sort_key(one[1]))
        self.fields["subject"] = forms.TypedChoiceField(
            label=_("Subject"), required=False, choices=[ALL, *in_order], coerce=int, empty_value=None
        )

    def sifted(self) -> list[Line]:
        words = fold(self.value("words") or "").split()
        subject, is_unmet = self.value("subject"), self.value("unmet")
        chosen = {name: self.value(name) for name in ("language", "block", "quarter")}
        return [
            line
            for line in self.lines
            if _is_called(line, words)
            and (not subject or line.group.key.subject == subject)
            and all(not value or getattr(line.group.key, name) == value for name, value in chosen.items())
            and (not is_unmet or line.unmet)
        ]


class CountryNeedsForm(Narrowing):
    """The same of the country, one oblast or one district."""

    oblast = forms.ModelChoiceField(Oblast.objects.all(), label=_("Oblast"), required=False, empty_label=ALL[1])
    district = forms.ModelChoiceField(
        District.objects.all(), label=_("District, city"), required=False, empty_label=ALL[1]
    )
    field_order = ("oblast", "district")

    def asked(self, year: int) -> Asked:
        wanted = {name: self.value(name) for name in self.fields}
        for name in ("oblast", "district", "subject"):
            wanted[name] = wanted[name].pk if wanted[name] else None
        return Asked(year, **{name: value for name, value in wanted.items() if value})


class MergeForm(forms.Form):
    """What topics that mean the same are called from now on."""

    title = forms.CharField(
        label=_("Common name of the topic"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Write the common name of the topics.")},
        help_text=_(
            "These topics are counted together for all subjects, languages, terms and years, not in the ticked lines "
            "alone. Only this district counts them as one; the schools' requests stay as they were written."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["title"].widget
        widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        widget.attrs["form"] = "chosen"


class IntoForm(forms.Form):
    """Whether the chosen lines begin an order or are put into one of the ``drafts``."""

    into = forms.ChoiceField(label=_("Put into"), required=False)

    def __init__(self, *args: Any, drafts: Sequence[TrainingOrder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = {str(order.pk): order for order in drafts}
        named = [(key, _named(order)) for key, order in self.drafts.items()]
        field: Any = self.fields["into"]
        field.choices = [("", _("a new order")), *named]
        field.widget.attrs |= {"form": "chosen", "class": "form-select w-auto mw-100"}

    @property
    def draft(self) -> TrainingOrder | None:
        return self.drafts.get(self.cleaned_data["into"])


class OrderForm(forms.ModelForm):
    """To whom an order goes."""

    class Meta:
        model = TrainingOrder
        fields = ("provider", "addressee")
        help_texts = {"addressee": _("Empty: the name of the provider.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["provider"].queryset = Place(district=self.instance.district).knows(Provider.objects.all())
        fields["addressee"].widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word


class OrderRowForm(forms.ModelForm):
    """What the district asks for in one line, or that the line is taken out."""

    hours = HoursField(
        label=_("Number of hours"),
        required=False,
        localize=True,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    removed = forms.BooleanField(label=_("Take this line out"), required=False)

    class Meta:
        model = OrderRow
        fields = ("hours", "study_form", "quarter", "note")
        labels = {"quarter": _("Term"), "study_form": _("Study form")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["note"].widget.attrs.pop("maxlength", None)

    @property
    def is_removed(self) -> bool:
        return bool(self.cleaned_data.get("removed"))


class OrderEdit:
    """The whole page of a draft: the order's own form and one for each line."""

    def __init__(self, order: TrainingOrder, rows: Sequence[OrderRow], data: QueryDict | None = None) -> None:
        self.data = data
        self.order = OrderForm(data, instance=order)
        self.rows = [OrderRowForm(data, instance=row, prefix=f"row{row.pk}") for row in rows]

    def is_valid(self) -> bool:
        """All of them are looked at: a page shows every mistake at once. What is wrong in a line that goes, goes."""
        return all([self.order.is_valid(), *(form.is_valid() or form.is_removed for form in self.rows)])

    def show_what_is_kept(self) -> None:
        """Somebody else was quicker: what is kept now stands beside what was typed, which the next saving keeps."""
        for form in (self.order, *self.rows):
            form.is_valid()  # a mistake is told first
            for name in form.changed_data:
                if name != "removed" and name not in form.errors:
                    form.add_error(name, _("Changed meanwhile to: %(text)s") % {"text": _kept(form, name) or "—"})

    def removed_meanwhile(self) -> int:
        """How many lines somebody typed into are in the order no more."""
        kept = {form.prefix for form in self.rows}
        typed = {
            name.partition("-")[0] for name, text in (self.data or QueryDict()).items() if ROW.match(name) and text
        }
        return len(typed - kept)

    @property
    def columns(self) -> dict[str, Any]:
        return dict(self.order.cleaned_data)

    @property
    def kept(self) -> dict[int, dict[str, Any]]:
        names = OrderRowForm.Meta.fields
        return {
            form.instance.pk: {name: form.cleaned_data[name] for name in names}
            for form in self.rows
            if not form.is_removed
        }

    @property
    def removed(self) -> list[int]:
        return [form.instance.pk for form in self.rows if form.is_removed]


def _is_called(line: Line, words: Sequence[str]) -> bool:
    """By its own name, or as a school wrote the topic before the district gave it another name."""
    group = line.group
    return any(all(word in text for word in words) for text in map(fold, (group.title, *group.texts)))


def _named(order: TrainingOrder) -> str:
    name = gettext("Order for training No. %(number)s") % {"number": order.number}
    return f"{name}, {order.addressee}" if order.addressee else name


def _kept(form: forms.BaseModelForm, name: str) -> str:
    """What is kept of a field, as people read it."""
    value, field = form.initial.get(name), form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value).first() or "")  # type: ignore[union-attr]
    choices: Any = getattr(field, "choices", ())
    return str(dict(choices).get(value) or "") if choices else str(localize(value) or "")
