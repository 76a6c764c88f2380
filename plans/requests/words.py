"""The words of a request: what pages and papers print for the codes and numbers of its lines."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.choices import Block, StudyForm
from courses.words import decimal_text, listed
from cpd.templatetags.cpd import hours
from plans.choices import NeedOrigin, Quarter
from plans.models import RequestLine, RequestRow
from plans.requests.grouping import Differing
from plans.standard.codes import paper_code
from schools.choices import TeachingLanguage

CHOICES: dict[str, Any] = {
    "language": TeachingLanguage,
    "study_form": StudyForm,
    "quarter": Quarter,
    "block": Block,
}
LABELS: dict[str, Callable[[], str]] = {
    "grounds": lambda: _("Grounds"),
    "teachers": lambda: _name_of(RequestLine, "teachers"),
}


def column_label(name: str) -> str:
    """A column of a line by the name that forms and papers give it."""
    return LABELS[name]() if name in LABELS else _name_of(RequestRow, name)


def column_value(name: str, value: Any) -> str:
    """A value of a line in words; nothing is an empty text."""
    if value in ("", None, []):
        return ""
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    if name == "grounds":
        return grounds(value)
    if name == "hours":
        return hours(value)
    return str(value)


def each_once() -> str:
    """Why the lines can add up to more than their total."""
    return _("Each teacher is counted once in all, and once in each topic that they need.")


def differing_words(found: Iterable[Differing]) -> str:
    """What rows that became one wished differently, with every value: «Топ: Сааттын саны — 36 / 72»."""
    return "; ".join(
        f"{one.title}: {column_label(one.column)} — {' / '.join(_value(one.column, value) for value in one.values)}"
        for one in found
    )


def _value(column: str, value: Any) -> str:
    return column_value(column, decimal_text(value) if column == "hours" else value)


def grounds(found: Sequence[Sequence[Any]]) -> str:
    """«Өзүн өзү баалоо (А2.1, А3.4): 5; Аттестация: 1», of how many needs each."""
    return "; ".join(f"{_origin(origin, codes)}: {count}" for origin, codes, count in found)


def _origin(origin: str, codes: Sequence[str]) -> str:
    label = str(dict(NeedOrigin.choices).get(origin, origin))
    return f"{label} ({listed(*map(paper_code, codes))})" if codes else label


def _name_of(model: Any, column: str) -> str:
    return capfirst(str(model._meta.get_field(column).verbose_name))
