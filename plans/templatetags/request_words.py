"""The words of requests on learning needs, for pages."""

from django import template

from plans.requests import words

register = template.Library()

register.filter("line_label", words.column_label)
register.filter("grounds", words.grounds)


@register.filter
def line_value(value: object, name: str) -> str:
    return words.column_value(name, value)
