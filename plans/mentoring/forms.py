"""The form of a sheet: nothing in it is compulsory but its day. Fields bear the names that the page's script sends."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from cpd.dates import add_years, short_date, today
from plans.mentoring.content import Given, Written, questions_of, written_in
from plans.mentoring.parts import HEAD, PARTS, Part, columns_of
from plans.models import LessonSheet, Question, SheetAnswer
from plans.models.mentoring import LONGEST_TEXT

OWN = re.compile(r"own-([0-9]{1,3})-(question|answer)")
OWN_SHARE = re.compile(r"own-([0-9]{1,3})-share")
ANSWER = re.compile(r"answer-([0-9]{1,9})")
SPARE = 2  # empty places for own questions beside those that are filled
MOST_OWN = 40  # far above any real sheet, and below what one request may carry
LONGEST_QUESTION = SheetAnswer._meta.get_field("own_question").max_length


class WrittenText(forms.CharField):
    """Several lines, with the line ends a page shows. A browser would cut a pasted text without a word: we tell it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea({"rows": 3, "class": "form-control"})
        super().__init__(required=False, max_length=LONGEST_TEXT, widget=widget, **kwargs)
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


@dataclass(frozen=True)
class Line:
    """One question on the page: asked (``question``) or their own (``own``), its answer, and the tick beside it."""

    answer: forms.BoundField
    question: Question | None = None
    own: forms.BoundField | None = None
    share: forms.BoundField | None = None


class SheetForm(forms.Form):
    """A sheet with its questions, as ``Written``. ``sheet`` is a saved one, or one not yet saved with its kind."""

    def __init__(self, data: Any = None, *, sheet: LessonSheet, has_shares: bool) -> None:
        self.sheet = sheet
        self.has_shares = has_shares
        self.questions = questions_of(sheet, questions_in(data))
        self.own_numbers = _own_numbers(data, sheet)
        super().__init__(data, initial=_initial(sheet), auto_id="id_%s")
        fields: dict[str, Any] = self.fields
        for name in columns_of(sheet.kind):
            fields[name] = _column_field(name)
        for question in self.questions:
            fields[f"answer-{question.pk}"] = WrittenText(label=question.title)
            fields[f"share-{question.pk}"] = _tick()
        for number in self.own_numbers:
            fields[f"own-{number}-question"] = _line(_("Own question"), LONGEST_QUESTION)
            fields[f"own-{number}-answer"] = WrittenText(label=_("Answer"))
            fields[f"own-{number}-share"] = _tick()
        if not has_shares:
            for name in list(filter(is_share, fields)):
                del fields[name]

    def clean_held_on(self) -> dt.date:
        """A lesson is held on a day of the mentorship, also where that has ended and the sheet is finished later.

        The day that already stands is taken: the mentorship's own days may have been changed since.
        """
        day: dt.date = self.cleaned_data["held_on"]
        mentorship, latest = self.sheet.mentorship, add_years(today(), 1)
        if self.sheet.pk and day == self.sheet.held_on:
            return day
        if day < mentorship.starts_on:
            told = _("The mentorship began later: %(date)s.") % {"date": short_date(mentorship.starts_on)}
            raise forms.ValidationError(told)
        if mentorship.ends_on and day > mentorship.ends_on:
            told = _("The mentorship ended earlier: %(date)s.") % {"date": short_date(mentorship.ends_on)}
            raise forms.ValidationError(told)
        if day > latest:
            told = _("That is more than a year ahead: %(date)s at the latest.") % {"date": short_date(latest)}
            raise forms.ValidationError(told)
        return day

    def clean(self) -> dict[str, Any]:
        """An answer of one's own stands beside what it answers; a sheet that says nothing is not begun."""
        for number in self.own_numbers:
            name = f"own-{number}-question"
            if self.cleaned_data.get(f"own-{number}-answer") and self.cleaned_data.get(name) == "":
                self.add_error(name, _("Write the question too."))
        if not self.sheet.pk and not self.errors and not self._says_something():
            self.add_error(None, _("Nothing is written yet, so there is nothing to save."))
        return self.cleaned_data

    def head(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in HEAD)

    def parts(self) -> Iterator[tuple[Part, list[forms.BoundField], list[Line], bool]]:
        """Each part with its columns and its lines, and whether it is shown open."""
        parts = PARTS[self.sheet.kind]
        shown = [(part, [self[name] for name in part.columns], list(self._lines(part))) for part in parts]
        wrong = [part for part, columns, lines in shown if any(_fields_with_errors(columns, lines))]
        empty = [part for part, columns, lines in shown if not any(_texts(columns, lines))]
        opened = wrong or empty[:1] or parts[-1:]
        return ((part, columns, lines, part in opened) for part, columns, lines in shown)

    def written(self) -> Written:
        """What a valid form says. An own question that was emptied is no longer asked."""
        typed = self.cleaned_data
        answers = [
            Given(one.pk, "", typed[f"answer-{one.pk}"], bool(typed.get(f"share-{one.pk}"))) for one in self.questions
        ]
        for number in self.own_numbers:
            if question := typed[f"own-{number}-question"]:
                text, share = typed[f"own-{number}-answer"], bool(typed.get(f"own-{number}-share"))
                answers.append(Given(None, question, text, share))
        return Written({name: typed[name] for name in columns_of(self.sheet.kind)}, answers)

    def errors_by_id(self) -> dict[str, str]:
        """Messages by the id of the field they belong to, for the page's script."""
        fields = {name: told for name, told in self.errors.items() if name != NON_FIELD_ERRORS}
        return {self[name].auto_id: " ".join(map(str, told)) for name, told in fields.items()}

    def stands(self) -> dict[str, Any]:
        """What is saved, by the names of the fields: for the script of a page that was changed elsewhere meanwhile."""
        return {name: _as_text(self._kept(name)) for name in self.fields}

    def differences(self) -> list[tuple[str, str, str]]:
        """Where a bound form says something else than what is saved: which field, what stands, what was typed."""
        told = []
        for name in self.fields:
            kept, typed = self._kept(name), self.cleaned_data.get(name, self[name].value())
            if _as_text(kept) != _as_text(typed):
                told.append((self._called(name), _in_words(kept), _in_words(typed)))
        return told

    def filled_up(self) -> Any:
        """The data as typed, with what is saved wherever nothing was typed: so that saving takes nothing away.

        An answer is shown to the mentor where both say so: one that was taken back meanwhile stays taken back.
        """
        sent: Any = self.data
        data = sent.copy()
        for name, text in self.stands().items():
            if is_share(name):
                if not text:
                    data.pop(name, None)
            elif text and not data.get(name):
                data[name] = text
        return data

    def shared(self) -> list[str]:
        """The ticks that are saved: for the page's script, which sends no new one by itself."""
        return [name for name, is_on in self.stands().items() if is_share(name) and is_on]

    def _kept(self, name: str) -> Any:
        kept = self.get_initial_for_field(self.fields[name], name)
        return bool(kept) if is_share(name) else kept

    def _says_something(self) -> bool:
        silent = {"held_on", *filter(is_share, self.fields)}
        return any(value for name, value in self.cleaned_data.items() if name not in silent)

    def _called(self, name: str) -> str:
        """What a field is called among others; a tick by the question it stands beside."""
        label = str(self.fields[name].label)
        if not is_share(name):
            return label
        if own := OWN_SHARE.fullmatch(name):
            question = self.cleaned_data.get(f"own-{own[1]}-question") or _("Own question")
        else:
            question = str(self.fields[name.replace("share-", "answer-")].label)
        return f"{question} – {label}"

    def _lines(self, part: Part) -> Iterator[Line]:
        for question in self.questions:
            if question.question_set.purpose == part.purpose:
                yield Line(self[f"answer-{question.pk}"], question, share=self._share(f"share-{question.pk}"))
        for number in self.own_numbers if part.has_own else ():
            own, share = self[f"own-{number}-question"], self._share(f"own-{number}-share")
            yield Line(self[f"own-{number}-answer"], own=own, share=share)

    def _share(self, name: str) -> forms.BoundField | None:
        return self[name] if self.has_shares else None


def is_share(name: str) -> bool:
    """Whether a field is the tick that shows an answer to the mentor."""
    return name.startswith("share-") or bool(OWN_SHARE.fullmatch(name))


def questions_in(data: Any) -> list[int]:
    """The questions that a form names."""
    return [int(found[1]) for name in data or () if (found := ANSWER.fullmatch(name))]


def _own_numbers(data: Any, sheet: LessonSheet) -> list[int]:
    """The places for own questions: those that are filled, and those that the form sent or some empty ones."""
    kept = [answer for answer in sheet.answers.all() if answer.own_question] if sheet.pk else []
    if data is None:
        return list(range(len(kept) + SPARE))
    sent = {int(found[1]) for name in data if (found := OWN.fullmatch(name))}
    return sorted(sent.union(range(len(kept))))[:MOST_OWN]


def _initial(sheet: LessonSheet) -> dict[str, Any]:
    if not sheet.pk:
        return {"held_on": sheet.held_on}
    written = written_in(sheet)
    initial = dict(written.columns)
    own = 0
    for given in written.answers:
        if given.question:
            initial |= {f"answer-{given.question}": given.text, f"share-{given.question}": given.is_shared}
        else:
            initial |= {f"own-{own}-question": given.own_question, f"own-{own}-answer": given.text}
            initial[f"own-{own}-share"] = given.is_shared
            own += 1
    return initial


def _column_field(name: str) -> forms.Field:
    column: Any = LessonSheet._meta.get_field(name)
    if name == "held_on":
        widget = forms.DateInput({"type": "date", "class": "form-control"}, "%Y-%m-%d")
        return forms.DateField(label=column.verbose_name, widget=widget)
    if name == "held_at":
        clock = forms.TimeInput({"type": "time", "class": "form-control"}, "%H:%M")
        return forms.TimeField(label=column.verbose_name, required=False, widget=clock)
    if name in HEAD:
        return _line(column.verbose_name, column.max_length)
    return WrittenText(label=column.verbose_name)


def _line(label: Any, longest: int | None) -> forms.CharField:
    widget = forms.TextInput({"class": "form-control"})
    field = forms.CharField(label=label, required=False, max_length=longest, widget=widget)
    field.widget.attrs.pop("maxlength", None)
    return field


def _tick() -> forms.BooleanField:
    widget = forms.CheckboxInput({"class": "form-check-input"})
    return forms.BooleanField(label=_("Show this answer to my mentor"), required=False, widget=widget)


def _fields_with_errors(columns: list[forms.BoundField], lines: list[Line]) -> Iterator[forms.BoundField]:
    fields = [*columns, *(field for line in lines for field in (line.answer, line.own) if field)]
    return (field for field in fields if field.form.is_bound and field.errors)


def _texts(columns: list[forms.BoundField], lines: list[Line]) -> Iterator[str]:
    return (field.value() for field in [*columns, *(line.answer for line in lines)] if field.value())


def _as_text(value: Any) -> Any:
    """As a field of the page holds it."""
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, bool) else value or ""


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return short_date(value) if isinstance(value, dt.date) else str(_as_text(value))
