"""What the newcomer and the mentor wrote of each other's lessons, and a reflection of which one answer is shared."""

import datetime as dt
import uuid
from collections import Counter
from typing import Any

from plans.choices import SheetKind
from plans.demo.people import NEWCOMER, Town
from plans.mentoring.actions import save_sheet
from plans.mentoring.content import Given, Written, columns_of, questions_of
from plans.models import LessonSheet
from schools.models import Mentorship

Columns = dict[str, Any]
LESSON = {"grade": "3-класс", "subject_text": "Кыргыз тили", "topic": "Зат атооч"}
SHEETS: tuple[tuple[str, Columns, dict[int, str]], ...] = (
    (
        SheetKind.OBSERVATION,
        LESSON
        | {
            "agreed": "Убакытты бөлүштүрүү жана тапшырманы түшүндүрүү.",
            "notes": "Тапшырма кыска жана так түшүндүрүлдү. Жуптарда иштөөгө он мүнөт кетти, бышыктоого аз калды.",
            "next_steps": "Кийинки сабакта жуптардагы ишке так убакыт коюлат.",
        },
        {
            1: "Дүйшөмбү, экинчи сабак.",
            2: "Тапшырманы кантип түшүндүргөнүмдү.",
            5: "Балдар суроо берүүдөн тартынган жок.",
        },
    ),
    (
        SheetKind.VISIT,
        LESSON
        | {
            "topic": "Этиш",
            "worth_taking": "Сабактын башында максатты балдар өздөрү айтат.",
            "discussion": "Максат коюуну төртүнчү чейректе өз классымда да байкап көрөм.",
        },
        {2: "Топторго бөлүү карточка менен тез өттү."},
    ),
    (SheetKind.REFLECTION, {}, {1: "Класс тапшырмага кызыгып иштеди.", 3: "Убакыт жетпей калды."}),
)
SHARED = 1  # the place of the question whose answer the mentor reads


def write(town: Town) -> Counter[str]:
    """All three of the newcomer's pair, and one of a pair whose mentor can sign in."""
    newcomer, head = town.job_of(NEWCOMER), town.job_of("head")
    pairs = Mentorship.objects.on(town.day).select_related("mentor__user", "mentee__user")
    for sheet in SHEETS:
        _write(town, pairs.get(mentee=newcomer.person), *sheet)
    _write(town, pairs.get(mentor=head.person), *SHEETS[0])
    return Counter(lesson_sheets=len(SHEETS) + 1)


def _write(town: Town, pair: Mentorship, kind: str, typed: Columns, texts: dict[int, str]) -> None:
    sheet = LessonSheet(mentorship=pair, kind=kind)
    empty = {name: getattr(sheet, name) for name in columns_of(kind)}
    day = max(pair.starts_on, town.day - dt.timedelta(days=10))
    answers = [
        Given(question.pk, "", texts.get(place, ""), kind == SheetKind.REFLECTION and place == SHARED)
        for place, question in enumerate(questions_of(sheet), start=1)
    ]
    save_sheet(
        uid=uuid.UUID(int=town.rng.getrandbits(128), version=4),
        by=pair.mentor.user if kind == SheetKind.OBSERVATION else pair.mentee.user,
        mentorship=pair,
        kind=kind,
        seen=0,
        written=Written(empty | typed | {"held_on": day}, answers),
    )
