"""What pages and papers say of orders alike."""

from django.utils.translation import gettext as _

from courses.words import listed
from schools.choices import TeachingLanguage


def left_out_words(groups: int | None, teachers: int | None) -> str:
    """How many lines of small groups were left out, with their teachers where that sum is not small; or nothing."""
    if not groups:
        return ""
    if teachers is None:
        return _("Lines of small groups: %(count)s") % {"count": groups}
    return _("Lines of small groups: %(count)s, teachers in them: %(teachers)s") % {
        "count": groups,
        "teachers": teachers,
    }


def for_whom(subject: str, language: str) -> str:
    """The subject; an unusual language is named beside it."""
    if language == TeachingLanguage.KYRGYZ:
        return subject
    said = _("language of the course: %(language)s") % {"language": TeachingLanguage(language).label}
    return listed(subject, said)
