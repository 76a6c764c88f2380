"""What is typed into the rows of a request: many on one screen, each with fields of its own."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.forms import HoursField
from plans.models import RequestRow
from plans.requests import words
from plans.requests.content import Gathered

PREFIX = "row-"


class RowForm(forms.ModelForm):
    """What the school wishes of the courses of one row. All of it may stay open."""

    hours = HoursField(
        label=_("Number of hours"),
        required=False,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    class Meta:
        model = RequestRow
        fields = ["quarter", "study_form", "block", "hours", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        for name, field in self.fields.items():  # drawn without crispy-forms: a page has hundreds of them
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            wrong = " is-invalid" if self.is_bound and name in self.errors else ""
            field.widget.attrs["class"] = f"{kind} form-control-sm{wrong}"

    @property
    def is_filled(self) -> bool:
        """Whether something stands in a field, or is wrong there."""
        return any(field.errors or field.value() for field in self)

    def validate_constraints(self) -> None:
        """The fields say the same in words that stand beside them."""


@dataclass(frozen=True)
class Lost:
    """What was typed for a row that is not there any more."""

    title: str
    typed: str


class RowsForm:
    """The forms of all rows shown; of those in ``typed`` what was typed stands in them, saved or not."""

    def __init__(self, rows: Sequence[Gathered], typed: QueryDict | None = None) -> None:
        self.rows = [(one, _form(one.row, typed)) for one in rows]
        self.typed = typed

    def is_valid(self) -> bool:
        judged = [form.is_valid() for _row, form in self.rows if form.is_bound]  # each: what is wrong stands beside it
        return all(judged)

    def columns(self) -> dict[uuid.UUID, dict[str, Any]]:
        """What was typed otherwise than it stood, by row; needs :meth:`is_valid`."""
        changed = ((one.row.uid, form) for one, form in self.rows if form.is_bound and form.has_changed())
        return {uid: {name: form.cleaned_data[name] for name in form.changed_data} for uid, form in changed}

    def unsaved(self) -> list[Lost]:
        """Everything that was typed and does not stand in the rows; needs :meth:`is_valid`."""
        typed = self.typed or QueryDict()
        changed = ((one.row.title, form) for one, form in self.rows if form.is_bound and form.has_changed())
        found = [
            Lost(title, _told((name, typed.get(form.add_prefix(name), "")) for name in form.changed_data))
            for title, form in changed
        ]
        return found + self.lost()

    def lost(self) -> list[Lost]:
        """What was typed for rows that were merged or taken out meanwhile."""
        typed = self.typed or QueryDict()
        shown = {f"{prefix_of(one.row)}-title" for one, _form in self.rows}
        found = []
        for name in typed:
            if name.startswith(PREFIX) and name.endswith("-title") and name not in shown:
                prefix = name.removesuffix("-title")
                values = [(field, typed.get(f"{prefix}-{field}", "")) for field in RowForm.Meta.fields]
                if any(value for _field, value in values):
                    found.append(Lost(typed.get(name, ""), _told((field, value) for field, value in values if value)))
        return found


def prefix_of(row: RequestRow) -> str:
    return f"{PREFIX}{row.uid}"


def _form(row: RequestRow, typed: QueryDict | None) -> RowForm:
    prefix = prefix_of(row)
    was_shown = typed is not None and f"{prefix}-note" in typed
    return RowForm(typed if was_shown else None, instance=row, prefix=prefix)


def _told(values: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{words.column_label(field)}: {_said(field, value) or '—'}" for field, value in values)


def _said(field: str, value: str) -> str:
    return words.column_value(field, int(value) if field == "quarter" and value.isdecimal() else value)
