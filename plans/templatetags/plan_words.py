"""The words of plans, for pages."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy

from cpd.dates import short_date
from plans import words
from plans.lecturers import words as lecturers
from schools.approval import MOVES
from schools.categories import category_title
from schools.choices import ACTIONS_OF_KIND, Action
from schools.models import Decision, Document

register = template.Library()

register.filter("field_label", words.field_label)
register.filter("methods", words.methods)
register.filter("executor", words.executor)
register.filter("term", words.term)
register.filter("category", category_title)
register.filter("whose_paper", lecturers.whose)
register.filter("paper_facts", lecturers.facts)
register.filter("paper_table", lecturers.table)
register.filter("last_course_told", lecturers.last_course)
register.filter("due_told", lecturers.due_day)


@register.filter
def field_value(value: Any, name: str) -> str:
    return words.field_value(name, value)


AUTHORS_OWN = {
    Action.AMEND: gettext_lazy("A yearly change was begun"),
    Action.WITHDRAW: gettext_lazy("Withdrawn"),
    Action.DISCARD: gettext_lazy("The change was discarded"),
}


@register.filter
def says(document: Document, action: Action) -> str:
    """A move in the words of this kind of paper: what its button says."""
    return str(ACTIONS_OF_KIND.get((document.kind, action)) or action.label)


@register.filter
def done(decision: Decision) -> str:
    """What a decision made of the document: «Бекитилди»."""
    action = Action(decision.action)
    return str(AUTHORS_OWN.get(action, MOVES[action].target.label))


@register.filter
def day_of(text: str | None) -> str:
    """A day of a content in words; nothing where it holds none."""
    return short_date(dt.date.fromisoformat(text)) if text else ""


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping[key]``, or nothing."""
    return mapping.get(key)
