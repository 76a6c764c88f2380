"""Single cells of an import: days, numbers, experience, words of closed lists. No database, no workbook."""

import datetime as dt
from typing import Any

import pytest

from courses.choices import ImportTable
from courses.importing import cells
from courses.importing.cells import Doubt
from courses.importing.words import CHOICES

TODAY = dt.date(2026, 6, 15)
NUMBER = "20503198012345"


def doubt(how: Any, *values: Any, **more: Any) -> str:
    with pytest.raises(Doubt) as found:
        how(*values, **more)
    return str(found.value.code)


@pytest.mark.parametrize(
    "text", [NUMBER, "2 05031980 12345", f"'{NUMBER}", "20503-1980-12345", f"2\u00a0{NUMBER[1:]}"]
)
def test_a_personal_number_is_read_however_it_is_grouped(text: str) -> None:
    assert cells.read_number(text) == NUMBER


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2050319801234", "number_digits"),
        (NUMBER + "1", "number_digits"),
        ("2050319801234А", "number_signs"),
        ("2,05032E+13", "number_signs"),
        ("٢٠٥٠٣١٩٨٠١٢٣٤٥", "number_signs"),
    ],
)
def test_a_personal_number_is_never_filled_up_or_cut(text: str, code: str) -> None:
    assert doubt(cells.read_number, text) == code


def test_a_personal_number_speaks_of_the_birthday() -> None:
    assert cells.birthday_of(NUMBER) == dt.date(1980, 3, 5)
    assert cells.birthday_of("29902198012345") is None


@pytest.mark.parametrize(
    "text",
    ["05.03.1980", "5.3.1980", "5.3.1980-ж.", "05/03/1980", "1980-жылдын 5-марты", "5-март 1980", "1980-03-05"],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert cells.read_day(text, until=TODAY) == dt.date(1980, 3, 5)


def test_a_birthday_may_lie_before_the_years_of_courses() -> None:
    assert cells.read_day("05.03.1948", until=TODAY) == dt.date(1948, 3, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1980", "not_a_day"),
        ("31.02.1980", "not_a_day"),
        ("05.03.80", "not_a_day"),
        ("03.05", "not_a_day"),
        ("05.03.1880", "not_a_day"),
        ("март 1980", "not_a_day"),
        ("16.06.2026", "in_future"),
    ],
)
def test_what_is_no_possible_day_is_refused(text: str, code: str) -> None:
    assert doubt(cells.read_day, text, until=TODAY) == code


@pytest.mark.parametrize(
    ("text", "since", "is_reckoned"),
    [
        ("6 жыл", "2020-06-15", True),
        ("6", "2020-06-15", True),
        ("6-жыл", "2020-06-15", True),
        ("6,5", "2019-12-15", True),
        ("6 жыл 3 ай", "2020-03-15", True),
        ("8 ай", "2025-10-15", True),
        ("6 лет", "2020-06-15", True),
        ("1 год", "2025-06-15", True),
        ("6 лет 2 мес.", "2020-04-15", True),
        ("0", "2026-06-15", True),
        ("2018", "2018-09-01", True),
        ("2018-ж.", "2018-09-01", True),
        ("2026", "2026-01-01", True),
        ("август 2018", "2018-08-01", True),
        ("01.09.2018", "2018-09-01", False),
        ("2018-жылдын 1-сентябрынан".replace("сентябрынан", "сентябры"), "2018-09-01", False),
    ],
)
def test_experience_is_reckoned_back_or_said_as_a_day(text: str, since: str, is_reckoned: bool) -> None:
    assert cells.read_experience(text, on=TODAY) == (dt.date.fromisoformat(since), is_reckoned)


@pytest.mark.parametrize("text", ["көп", "99 жыл", "6 саат", "6-7 жыл", "-3"])
def test_experience_that_could_mean_anything_is_refused(text: str) -> None:
    assert doubt(cells.read_experience, text, on=TODAY) == "experience_unread"


@pytest.mark.parametrize(
    ("text", "is_main"),
    [
        ("негизги", True),
        ("Ооба", True),
        ("основная", True),
        ("TRUE", True),
        ("кошумча", False),
        ("по совместительству", False),
        ("жок", False),
        ("FALSE", False),
    ],
)
def test_main_and_second_jobs_are_known_by_their_words(text: str, is_main: bool) -> None:
    assert cells.read_main(text) is is_main


def test_another_word_for_a_job_is_refused() -> None:
    assert doubt(cells.read_main, "балким") == "not_a_choice"


CATEGORIES = {
    "none": ("Категориясы жок", "Без категории"),
    "first": ("Биринчи категория", "Первая категория"),
    "highest": ("Жогорку категория", "Высшая категория"),
    "expert": ("Эксперт", ""),
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("жогорку категория", "highest"),
        ("Высшая", "highest"),
        ("1-категория", "first"),
        ("I", "first"),
        ("первая", "first"),
        ("жок", "none"),
        ("-", "none"),
        ("Без категории", "none"),
        ("эксперт", "expert"),
    ],
)
def test_a_category_is_known_by_its_words_in_both_languages(text: str, code: str) -> None:
    assert cells.chosen(text, cells.category_codes(CATEGORIES)) == code


def test_a_category_that_is_not_listed_is_refused() -> None:
    assert doubt(cells.chosen, "жогорку", cells.category_codes({"none": ("Жок", "Нет")})) == "not_a_choice"


@pytest.mark.parametrize(
    ("table", "column", "text", "code"),
    [
        ("institutions", "kind", "Орто мектеп", "school"),
        ("institutions", "kind", "колледж", "college"),
        ("institutions", "kind", "ВУЗ", "university"),
        ("staff", "teaching_language", "кыргызча", "ky"),
        ("staff", "teaching_language", "Русский", "ru"),
        ("staff", "teaching_language", "өзбек тили", "uz"),
        ("staff", "role", "завуч", "deputy_director"),
        ("staff", "role", "Деректир", "director"),
        ("staff", "role", "руководитель МО", "association_head"),
        ("staff", "role", "секретарь", "clerk"),
        ("records", "document_type", "сертификат", "certificate"),
        ("records", "kind", "семинар", "conference"),
        ("records", "kind", "курс", "course"),
        ("records", "block", "вариативдүү түрмөк", "variative"),
    ],
)
def test_closed_lists_are_known_by_their_words_in_both_languages(
    table: str, column: str, text: str, code: str
) -> None:
    assert cells.chosen(text, cells.codes_of(ImportTable(table), column)) == code


@pytest.mark.parametrize(("table", "column"), CHOICES)
def test_every_word_that_our_pages_show_is_known(table: ImportTable, column: str) -> None:
    codes = cells.codes_of(table, column)
    assert set(codes.values()) == set(CHOICES[table, column].values)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("биология, химия", ["биология", "химия"]),
        ("биология жана химия", ["биология", "химия"]),
        ("биология; химия/физика", ["биология", "химия", "физика"]),
        ("адам жана коом", ["адам жана коом"]),
        ("биология, адам жана коом", ["биология", "адам жана коом"]),
        ("", []),
    ],
)
def test_a_list_is_taken_apart_but_not_a_title_that_is_known(text: str, parts: list[str]) -> None:
    assert cells.listed(text, {"адам жана коом".replace("ң", "н")}) == parts
