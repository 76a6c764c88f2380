"""What a district's desk shows of its books."""

from typing import Any

from django import template
from django.db.models import QuerySet

from courses.choices import BookForm
from courses.models import Book
from schools.models import District

register = template.Library()

SHOWN = 6


@register.simple_tag(takes_context=True)
def latest_books(context: dict[str, Any], district: District, year: int) -> "QuerySet[Book]":
    """The books of a district and school year that the reader may take along, the newest first."""
    books = Book.objects.visible_to(context["request"].user).filter(district=district, school_year=year)
    return books.select_related("asked_by")[:SHOWN]


@register.simple_tag
def book_forms() -> list[BookForm]:
    return list(BookForm)
