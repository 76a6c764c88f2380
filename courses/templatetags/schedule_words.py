"""The words of schedules, for pages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from courses.models import Schedule
from courses.schedules import words
from courses.schedules.content import DifferenceKind
from cpd.templatetags.cpd import unbroken
from schools.approval import MOVES
from schools.categories import category_title
from schools.choices import ACTIONS_OF_KIND, STATES_OF_KIND, Action
from schools.models import Decision

register = template.Library()

register.filter("category", category_title)
register.filter("column_label", words.column_label)


@register.filter
def why(reason: words.Reason) -> SafeString:
    """A reason in one short sentence, its date on one line."""
    text, date = words.why(reason), words.date_of(reason)
    before, _date, after = text.partition(date) if date else (text, "", "")
    return format_html("{}{}{}", before, unbroken(date), after)


@register.filter
def column_value(value: Any, name: str) -> str:
    return words.column_value(name, value)


@register.filter
def term(row: Any) -> SafeString:
    """The fixed term of a row of a content, each date on one line."""
    return unbroken(words.term(row["starts_on"], row["ends_on"]))


@register.filter
def says(schedule: Schedule, action: Action) -> str:
    """A move in the words of this kind of schedule: what its button says."""
    return str(ACTIONS_OF_KIND.get((schedule.kind, action)) or action.label)


WRITERS_OWN = {
    Action.AMEND: gettext_lazy("A change was begun"),
    Action.WITHDRAW: gettext_lazy("Withdrawn"),
    Action.REOPEN: gettext_lazy("Opened again"),
    Action.DISCARD: gettext_lazy("The change was discarded"),
}


@register.filter
def made(decision: Decision, kind: str) -> str:
    """What a decision made of a schedule: «Районго жөнөтүлдү»."""
    action = Action(decision.action)
    state = MOVES[action].target
    return str(WRITERS_OWN.get(action) or STATES_OF_KIND.get((kind, state)) or state.label)


@register.filter
def leads_to(decision: Decision) -> str:
    """The code of the state a decision led to."""
    return MOVES[Action(decision.action)].target.value


@register.filter
def kind_of_difference(kind: DifferenceKind) -> str:
    return str(words.KINDS[kind])
