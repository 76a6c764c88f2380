"""The words of plans, for pages."""

from collections.abc import Mapping
from typing import Any

from django import template

from plans import words
from schools.approval import MOVES
from schools.choices import Action, Category
from schools.models import Decision

register = template.Library()

register.filter("field_label", words.field_label)
register.filter("methods", words.methods)
register.filter("executor", words.executor)
register.filter("term", words.term)


@register.filter
def field_value(value: Any, name: str) -> str:
    return words.field_value(name, value)


@register.filter
def category(code: str) -> str:
    return words.label(Category, code)


@register.filter
def done(decision: Decision) -> str:
    """What a decision made of the document: «Бекитилди»."""
    action = Action(decision.action)
    own_words = action in (Action.AMEND, Action.WITHDRAW, Action.DISCARD)
    return str(action.label if own_words else MOVES[action].target.label)


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping[key]``, or nothing."""
    return mapping.get(key)
