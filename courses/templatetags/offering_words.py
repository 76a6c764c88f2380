"""The words of offered courses, for pages."""

from django import template
from django.utils.safestring import SafeString

from courses.models import Offering
from courses.offerings import words
from cpd.templatetags.cpd import unbroken

register = template.Library()

register.filter("audience", words.audience)


@register.filter
def term(offering: Offering) -> SafeString:
    """From the first to the last day, each date on one line."""
    return unbroken(words.term(offering))
