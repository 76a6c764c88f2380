"""Offered courses in words, alike on pages and papers."""

from django.utils.translation import gettext as _

from courses.models import Offering
from cpd.dates import span
from cpd.text import fold
from schools.choices import TeachingLanguage


def term(offering: Offering) -> str:
    """«5–16-октябрь 2026-ж.»."""
    return span(offering.starts_on, offering.ends_on)


def audience(offering: Offering) -> str:
    """For whom a course is, in one cell: subject, words of the provider, heads of schools, an unusual language."""
    words = [offering.audience] if offering.audience else []
    if offering.subject and fold(offering.subject.title_ky) not in fold(offering.audience):
        words.insert(0, str(offering.subject))
    if offering.is_for_leaders and "директор" not in fold(offering.audience):
        words.append(_("school directors and deputies"))
    if offering.language != TeachingLanguage.KYRGYZ:
        words.append(_("language of the course: %(language)s") % {"language": offering.get_language_display()})
    return "; ".join(words)
