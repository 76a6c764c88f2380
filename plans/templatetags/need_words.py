"""The words of learning needs, for pages."""

from collections.abc import Mapping
from typing import Any

from django import template

from plans.needs import words

register = template.Library()

register.filter("topic", words.topic_of)
register.filter("origin", words.origin_of)


@register.filter
def origin_of_item(row: Mapping[str, Any]) -> str:
    """Where an item of a plan comes from; empty where it was not made of a need."""
    came_from = row.get("from_need")
    return words.origin_in_words(came_from["origin"], came_from["code"]) if came_from else ""
