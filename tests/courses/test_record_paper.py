"""F03, the record of achieved goals, read back."""

import pytest

from courses.pdf import record_pdf
from cpd.dates import today
from cpd.pdf import render_pdf
from tests import factories
from tests.conftest import Cast
from tests.papers import read

HEADINGS = [
    "№",
    "Катышкан тренингдин/курстардын аталышы",
    "Курстардын типтери",
    "Курстарга катышкан датасы",
    "Уюмдун аталышы",
    "Сааттардын саны",
    "Коюлган максатка жетүү",
    "Комментарийлер",
]


def test_an_empty_record_prints_its_heading_and_says_that_there_is_nothing(cast: Cast) -> None:
    person = cast.teacher.person
    paper = read(record_pdf(person, factories.job_of(cast.teacher)))
    assert paper.is_landscape
    assert paper.title == f"Жетишилген максаттарды эсепке алуу, {person.full_name}"
    assert paper.text.startswith(f"Жетишилген максаттарды эсепке алуу {person.full_name} ")
    assert " ".join(HEADINGS) in paper.text
    assert "Маалымат жок Жалпы: 0 саат, анын ичинде эсепке алынганы: 0 саат" in paper.text
    assert "1 / 1" in paper.text


@pytest.mark.parametrize("count", [1, 40])
def test_headings_repeat_on_every_page_and_a_row_stays_on_one(count: int) -> None:
    rows = [
        {
            "title": f"Курс{number}ө",
            "delivery_mode": "офлайн",
            "date_text": "12-23-июль 2021",
            "provider_text": "Облустук институт",
            "hours_text": "4 сутка",
            "goal_achieved": "Сабакты баалоо " * 6,
            "comment": f"Соңу{number}ө",
        }
        for number in range(count)
    ]
    context = {"name": "Өмүралиева", "school": "Ак-Бата", "rows": rows, "printed_on": today()}
    paper = read(render_pdf("pdf/f03.html", context | {"total_hours": "72", "counted_hours": "24.5"}))
    assert all("Коюлган максатка жетүү" in page for page in paper.pages)
    for number in range(count):
        assert [f"Курс{number}ө" in page and f"Соңу{number}ө" in page for page in paper.pages].count(True) == 1
    assert "Жалпы: 72 саат, анын ичинде эсепке алынганы: 24,5 саат" in paper.pages[-1]
