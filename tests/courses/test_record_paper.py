"""F03, the record of achieved goals, read back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from courses.choices import DeliveryMode, HoursUnit, RecordStatus
from courses.models import TrainingRecord
from courses.pdf import record_pdf
from cpd.dates import today
from schools.models import User
from tests import factories
from tests.conftest import Cast
from tests.papers import Paper, hostile_markup, listening, read

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


def paper_of(user: User) -> Paper:
    return read(record_pdf(user.person, factories.job_of(user)))


def attended(user: User, **columns: Any) -> TrainingRecord:
    """A verified course, online, so that no other one overlaps it."""
    return factories.training_record(
        user, **({"status": RecordStatus.VERIFIED, "delivery_mode": DeliveryMode.ONLINE} | columns)
    )


def test_an_empty_record_prints_its_heading_and_says_that_there_is_nothing(cast: Cast) -> None:
    person = cast.teacher.person
    paper = paper_of(cast.teacher)
    assert paper.is_landscape
    assert paper.title == f"Жетишилген максаттарды эсепке алуу, {person.full_name}"
    assert paper.text.startswith(f"Жетишилген максаттарды эсепке алуу {person.full_name} ")
    assert " ".join(HEADINGS) in paper.text
    assert "Маалымат жок Жалпы: 0 саат, анын ичинде эсепке алынганы: 0 саат" in paper.text
    assert "1 / 1" in paper.text


def test_everything_stands_as_it_was_written(cast: Cast) -> None:
    attended(
        cast.teacher,
        title="“Чыйрак жаңгак” жайкы лагери",
        delivery_mode=DeliveryMode.OFFLINE,
        date_text="12-23-июль 2021",
        starts_on=dt.date(2021, 7, 12),
        ends_on=dt.date(2021, 7, 23),
        provider_text="GIZ",
        hours_text="4 сутка",
        amount=Decimal(4),
        unit=HoursUnit.DAY_NIGHT,
        goal_achieved="Алты окуучу катышты",
        comment="Тренер катары да иштедим",
    )
    with translation.override("ru"):  # whatever language the reader's screen speaks
        paper = paper_of(cast.teacher)
    row = "1 “Чыйрак жаңгак” жайкы лагери Офлайн 12-23-июль 2021 GIZ 4 сутка"
    assert f"{row} Алты окуучу катышты Тренер катары да иштедим" in paper.text
    assert "Жалпы: 0 саат, анын ичинде эсепке алынганы: 0 саат" in paper.text
    assert paper.language == "ky"


def test_rows_stand_by_their_end_and_those_without_a_date_last(cast: Cast) -> None:
    attended(cast.teacher, title="Датасызы", starts_on=None, ends_on=None, precision="", document_on=today())
    attended(cast.teacher, title="Кийинкиси", ends_on=dt.date(2024, 5, 5))
    attended(cast.teacher, title="Мурункусу", ends_on=dt.date(2019, 5, 5))
    text = paper_of(cast.teacher).text
    assert text.index("1 Мурункусу") < text.index("2 Кийинкиси") < text.index("3 Датасызы")


def test_only_what_was_handed_in_and_not_given_back_is_printed(cast: Cast) -> None:
    for status in RecordStatus:
        attended(cast.teacher, title=f"Абалы{status.value}", status=status)
    text = paper_of(cast.teacher).text
    printed = {status for status in RecordStatus if f"Абалы{status.value}" in text}
    assert printed == {RecordStatus.SUBMITTED, RecordStatus.VERIFIED}


def test_the_last_line_adds_up_known_hours_and_those_that_count_today(cast: Cast) -> None:
    attended(cast.teacher, amount=Decimal("24.5"))
    attended(cast.teacher, amount=Decimal(30), ends_on=dt.date(2018, 5, 5))
    attended(cast.teacher, amount=Decimal(10), status=RecordStatus.SUBMITTED)
    for status in (RecordStatus.DRAFT, RecordStatus.RETURNED, RecordStatus.REJECTED):
        attended(cast.teacher, amount=Decimal(99), status=status)
    days = {"amount": Decimal(4), "unit": HoursUnit.DAY_NIGHT}
    attended(cast.teacher, approved_hours=Decimal(32), approved_hours_reason="Сертификатта жазылган.", **days)
    attended(cast.teacher, **days)
    assert "Жалпы: 96,5 саат, анын ичинде эсепке алынганы: 56,5 саат" in paper_of(cast.teacher).text


def test_who_works_nowhere_prints_what_was_attended(cast: Cast) -> None:
    attended(cast.teacher, title="Баалоо курсу")
    paper = read(record_pdf(cast.teacher.person, None))
    assert "Баалоо курсу" in paper.text
    assert "анын ичинде эсепке алынганы: 0 саат" in paper.text


@pytest.mark.parametrize("count", [1, 9, 40])
def test_headings_repeat_on_every_page_and_a_row_stays_on_one(count: int, cast: Cast) -> None:
    for number in range(count):
        attended(
            cast.teacher,
            title=f"Курс{number}ө",
            goal_achieved="Сабакты баалоо " * 6,
            comment=f"Соңу{number}ө",
            amount=Decimal(24),
        )
    paper = paper_of(cast.teacher)
    assert all("Коюлган максатка жетүү" in page for page in paper.pages)
    for number in range(count):
        assert [f"Курс{number}ө" in page and f"Соңу{number}ө" in page for page in paper.pages].count(True) == 1
    total = 24 * count
    assert f"Жалпы: {total} саат, анын ичинде эсепке алынганы: {total} саат" in paper.pages[-1]


def test_words_without_a_space_stay_whole_and_inside_the_paper(cast: Cast) -> None:
    long = "Ө" * 110
    columns = ("title", "provider_text", "date_text", "goal_achieved", "comment")
    attended(cast.teacher, hours_text="9" * 50, **dict.fromkeys(columns, long))
    text = paper_of(cast.teacher).text.replace(" ", "")
    assert text.count("Ө") == len(long) * len(columns) + 2  # and the name's, under the title and at the foot
    assert "9" * 50 in text


def test_no_text_makes_the_paper_fetch_anything(cast: Cast) -> None:
    with listening() as heard:
        tricks = hostile_markup(heard.address)
        for trick in tricks:
            texts = {"date_text": trick[:120], "provider_text": trick[:300], "hours_text": trick[:60]}
            attended(cast.teacher, title=trick[:500], goal_achieved=trick[:500], comment=trick[:500], **texts)
        paper = paper_of(cast.teacher)
    assert heard.asked == []
    assert paper.attachments == []
    shown = paper.text.replace(" ", "")
    for trick in tricks:
        assert trick.replace(" ", "")[:40] in shown
