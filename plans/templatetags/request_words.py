"""The words of requests on learning needs, for pages."""

from django import template

from plans.needs.topics import key_of
from plans.requests import words
from plans.requests.content import Content, by_person, counts_somebody_twice

register = template.Library()

register.filter("line_label", words.column_label)
register.filter("grounds", words.grounds)
register.filter("by_person", by_person)


@register.filter
def line_value(value: object, name: str) -> str:
    return words.column_value(name, value)


@register.filter
def topics_counted(content: Content) -> int:
    """How many topics a request names: the same one for two subjects or in two languages is one."""
    return len({key_of(line["title"]) for line in content["lines"]})


@register.filter
def sum_explained(content: Content) -> str:
    """Why its lines add up to more teachers than it counts in all; nothing where they do not."""
    return words.each_once() if counts_somebody_twice(content) else ""
