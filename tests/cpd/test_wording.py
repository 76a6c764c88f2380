"""The words of a university and a college: their own where they differ, the language's own everywhere else."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from cpd.wording import VARIANTS, base_language, every_variant, speaking, variant
from schools.kinds import WAYS
from tests.test_catalogues import CATALOGUES

ROOT = Path(settings.ROOT)
SCHOOL = {
    ("ky", ""): "Мектеп",
    ("ky", "college"): "Колледж",
    ("ky", "uni"): "Университет",
    ("ru", ""): "Школа",
    ("ru", "college"): "Колледж",
    ("ru", "uni"): "Университет",
}


@pytest.mark.parametrize(("language", "words"), SCHOOL)
def test_each_kind_of_institution_has_its_own_word(language: str, words: str) -> None:
    with translation.override(variant(language, words)):
        assert gettext("School") == SCHOOL[language, words]
        assert base_language() == language


def test_posts_and_units_are_called_as_they_are_there() -> None:
    with translation.override("ky-uni"):
        assert gettext("Head of the methodical association") == "Кафедра башчысы"
        assert gettext("Director") == "Ректор"
        assert gettext("Teacher") == "Окутуучу"
    with translation.override("ky-college"):
        assert gettext("Head of the methodical association") == "Предметтик-циклдик комиссиянын төрагасы"
        assert gettext("Director") == "Директор"
        assert gettext("Teacher") == "Окутуучу"
    with translation.override("ru-uni"):
        assert gettext("Head of the methodical association") == "Заведующий кафедрой"
        assert gettext("Deputy director for academic affairs") == "Проректор по учебной и научной работе"


@pytest.mark.parametrize(("language", "said"), [("ky", "Башкы бет"), ("ru", "Главная")])
@pytest.mark.parametrize("words", VARIANTS)
def test_what_is_worded_alike_comes_from_the_language(language: str, said: str, words: str) -> None:
    with translation.override(variant(language, words)):
        assert gettext("Home") == said


@pytest.mark.parametrize("words", VARIANTS)
def test_numbers_and_contexts_are_kept(words: str) -> None:
    with speaking(words, "ru"):
        assert [ngettext("%(people)s teacher", "%(people)s teachers", number) for number in (1, 2, 5)] == [
            "%(people)s преподаватель",
            "%(people)s преподавателя",
            "%(people)s преподавателей",
        ]
        assert pgettext("need", "Passed on to the school") != pgettext("step", "School's request")
    with speaking(words, "ky"):
        assert npgettext("no such context", "%(people)s teacher", "%(people)s teachers", 1) == "%(people)s окутуучу"


@pytest.mark.parametrize("code", every_variant())
def test_texts_of_the_libraries_stay_translated(code: str) -> None:
    said = {"ky": "Бул талааны толтуруу милдеттүү.", "ru": "Это поле обязательно для заполнения."}
    parting = {"ky": "Эки сырсөз дал келген жок.", "ru": "Пароли не совпадают."}
    with translation.override(code), pytest.raises(ValidationError) as refused:
        forms.CharField().clean("")
    with translation.override(code):
        assert refused.value.messages == [said[base_language()]]
        assert gettext("You must type the same password each time.") == parting[base_language()]
        assert gettext("January") != "January"  # Django's own, of which our catalogues hold nothing


@pytest.mark.parametrize("code", every_variant())
def test_numbers_and_dates_are_written_as_in_the_language(code: str) -> None:
    with translation.override(code.partition("-")[0]):
        plain = formats()
    with translation.override(code):
        assert formats() == plain


def formats() -> tuple[Any, ...]:
    day = dt.date(2026, 9, 1)
    return (
        date_format(day),
        number_format(Decimal("1234.5"), 1, use_l10n=True),
        get_format("DATE_INPUT_FORMATS"),
        get_format("FIRST_DAY_OF_WEEK"),
    )


def test_speaking_keeps_the_language_and_gives_back_what_was_active() -> None:
    with translation.override("ru"):
        with speaking("uni"):
            assert translation.get_language() == "ru-uni"
            with speaking(""):
                assert gettext("School") == "Школа"
            with speaking("college", "ky"):
                assert translation.get_language() == "ky-college"
            assert translation.get_language() == "ru-uni"
        assert translation.get_language() == "ru"


def test_without_a_language_the_sites_own_is_meant() -> None:
    with translation.override(None):
        assert base_language() == settings.LANGUAGE_CODE


def test_every_kind_of_institution_speaks_words_there_are() -> None:
    assert {ways.words for ways in WAYS.values()} == {"", *VARIANTS}
    assert {path.parent.parent.name for path in CATALOGUES} == set(map(translation.to_locale, every_variant()))
