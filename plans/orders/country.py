"""What the teachers of the country need, district by district summed up: two statements, ``country.sql`` and
``country_places.sql``, for any number of requests.

A group of a district that is small counts nowhere here, in no sum and under no filter: whatever is asked for is made
of groups that may be told, so nothing can be reckoned back. How much was left out is told of a whole year only.

In a district's group every teacher counts once; who works in two districts counts in each, so that no difference
tells of that one person. There is no «unmet» as in the table of a district (``plans.orders.demand``): there each place
is set against one group, course by course, in the small groups too. Of the country that would be to fetch 145,000
groups and who has which place, where two statements fetch fifty lines; and it would tell of groups that are hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from django.conf import settings
from django.db import connection

from courses.choices import Block
from cpd.dates import school_year
from cpd.text import fold
from plans.choices import Quarter
from plans.orders.hidden import sum_told
from schools.choices import TeachingLanguage

HERE = Path(__file__).parent
NEEDS = Template((HERE / "country.sql").read_text(encoding="utf-8"))
PLACES = Template((HERE / "country_places.sql").read_text(encoding="utf-8"))
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Of which year and for what the table is asked; what is empty narrows nothing."""

    year: int
    oblast: int | None = None
    district: int | None = None
    subject: int | None = None
    language: str = ""
    block: str = ""
    quarter: int | None = None
    words: str = ""

    @property
    def is_whole(self) -> bool:
        return self == Asked(self.year)

    def of_place(self) -> dict[str, Any]:
        return {"district.oblast_id": self.oblast, "district.id": self.district}

    def of_line(self) -> dict[str, Any]:
        return {
            "line.subject_id": self.subject,
            "line.language": self.language,
            "line.block": self.block,
            "line.quarter": self.quarter,
        }


@dataclass(frozen=True)
class Line:
    """One topic, subject, language, block and quarter; ``places`` are those of all courses on the topic, for the
    subject or for all, in the language: lines that differ in block and quarter only have the same ones beside them.
    """

    title: str
    subject: int | None
    language: str
    block: str
    quarter: int | None
    teachers: int
    schools: int
    districts: int
    places: int
    given: int

    def get_language_display(self) -> str:
        return str(TeachingLanguage(self.language).label)

    def get_block_display(self) -> str:
        return str(Block(self.block).label) if self.block else ""

    def get_quarter_display(self) -> str:
        return str(Quarter(self.quarter).label) if self.quarter else ""


@dataclass(frozen=True)
class Found:
    """Some of the lines, how many there are, and the places that all of them need: who stands in two needs two.

    ``left_out`` groups of districts are told nowhere; ``left_out_teachers`` only where that sum is not small.
    """

    lines: list[Line] = field(default_factory=list)
    count: int = 0
    teachers: int = 0
    left_out: int | None = None
    left_out_teachers: int | None = None


def needs(asked: Asked, *, first: int = 0, most: int | None = None) -> Found:
    """The lines asked for, most teachers first, from the ``first`` on; all of them, or ``most``."""
    rows = _needs(asked, first, most)
    if not rows:
        return Found()
    places = _places(asked, {row["title_key"] for row in rows} if most else None)
    whole = {"left_out": rows[0]["left_out"], "left_out_teachers": sum_told([int(rows[0]["left_out_teachers"])])}
    return Found(
        lines=[_line(row, places) for row in rows],
        count=rows[0]["lines"],
        teachers=int(rows[0]["in_all"]),
        **whole if asked.is_whole else {},
    )


def _needs(asked: Asked, first: int, most: int | None) -> list[Row]:
    narrowed, params = _narrowed(asked.of_place() | asked.of_line())
    for word in fold(asked.words).split():
        narrowed += " AND COALESCE(topic.search_key, line.title_key) LIKE %s ESCAPE '!'"
        params.append(f"%{_plain(word)}%")
    statement, limits = NEEDS.substitute(narrowed=narrowed), [settings.SMALLEST_GROUP] * 2
    if most is not None:
        statement, limits = f"{statement}LIMIT %s OFFSET %s", [*limits, most, first]
    return _rows(statement, [asked.year, *params, *limits])


def _places(asked: Asked, titles: set[str] | None) -> dict[tuple[str, int | None, str], tuple[int, int]]:
    """Places and those given, by topic, subject and language; of some topics only, where ``titles`` says which."""
    days = school_year(asked.year)
    narrowed, params = _narrowed(asked.of_place())
    if titles is not None:
        narrowed += f" AND COALESCE(topic.search_key, said.title_key) IN ({', '.join(['%s'] * len(titles))})"
        params += sorted(titles)
    rows = _rows(PLACES.substitute(narrowed=narrowed), [days.starts_on, days.ends_on, *params])
    return {
        (row["title_key"], row["subject_id"], row["language"]): (int(row["places"]), int(row["given"])) for row in rows
    }


def _narrowed(columns: dict[str, Any]) -> tuple[str, list[Any]]:
    wanted = {name: value for name, value in columns.items() if value}
    return "".join(f" AND {name} = %s" for name in wanted), list(wanted.values())


def _plain(word: str) -> str:
    """The word with no sign that LIKE takes for others."""
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return word


def _rows(statement: str, params: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _line(row: Row, places: dict[tuple[str, int | None, str], tuple[int, int]]) -> Line:
    offered, given = 0, 0
    for subject in {row["subject_id"], None}:
        more = places.get((row["title_key"], subject, row["language"]), (0, 0))
        offered, given = offered + more[0], given + more[1]
    return Line(
        title=row["title"],
        subject=row["subject_id"],
        language=row["language"],
        block=row["block"],
        quarter=row["quarter"],
        teachers=int(row["teachers"]),
        schools=int(row["schools"]),
        districts=row["districts"],
        places=offered,
        given=given,
    )
