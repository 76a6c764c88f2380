"""The words of each kind of institution: a university never reads «мектеп».

A language has variants, such as ``ky-uni``, whose catalogues (``locale/ky_Uni``) hold only the texts that are worded
otherwise there; ``bin/messages compile`` adds the rest. Code and templates say "School" and "Director" throughout.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation

VARIANTS = ("college", "uni")  # of every language; "" names the words of schools, which are the language's own


def base_language() -> str:
    """The active language as people choose it, "ky" or "ru", in whose words it speaks at the moment."""
    return (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]


def variant(language: str, words: str) -> str:
    """The name of ``language`` in these words, for Django: "ky" and "uni" → "ky-uni"."""
    return f"{language}-{words}" if words else language


@contextmanager
def speaking(words: str, language: str | None = None) -> Iterator[None]:
    """Texts come in these words meanwhile, in the active language or in the one given."""
    with translation.override(variant(language or base_language(), words)):
        yield


def every_variant() -> list[str]:
    """All the languages in all their words, for what reads texts that any of our pages may have written."""
    return [variant(language, words) for language, _name in settings.LANGUAGES for words in ("", *VARIANTS)]
