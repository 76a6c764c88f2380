"""What the schools of a district need in a school year, summed up over the requests that the district received.

A group is one topic, subject, language, block and quarter. Which texts are one topic the district says itself, and
where it is silent the country; see ``plans.needs.topics``. Whoever needs one thing in two ways, or works at two
schools, is one teacher of the group: people are counted, never the numbers of lines added up.

An order asks for a topic, subject and language: block, term and study form stand in it where all schools wish the
same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db.models import F
from django.db.models.functions import Coalesce

from courses.choices import Block
from cpd.text import sort_key
from plans.choices import Quarter
from plans.models import CountedNeed
from plans.needs.topics import titles_for
from plans.orders.hidden import is_small
from plans.orders.words import for_whom
from plans.requests.lines import versions_that_hold
from schools.models import District, Subject

COLUMNS = (
    "institution", "title", "title_key", "subject", "language", "block", "quarter", "study_form", "hours",
    "teachers",
)  # fmt: skip
AGREED = ("block", "quarter", "study_form")
BETWEEN = "|"  # the parts of a group's text; the topic stands last and may hold the sign itself
Said = TypeVar("Said")
Line = Mapping[str, Any]  # the columns, and the keys of the ``people`` whose needs it counts
Titles = Mapping[str, tuple[str, str]]  # by folded text: the key and the title of its topic


class GroupKey(NamedTuple):
    """What a group is told apart by; no two groups of a district and year have the same."""

    title_key: str
    subject: int | None
    language: str
    block: str
    quarter: int | None

    @property
    def text(self) -> str:
        """As forms and lines of orders name the group."""
        return BETWEEN.join(str(part or "") for part in (*self[1:], self.title_key))

    @property
    def of_order(self) -> "GroupKey":
        """What its line of an order is told apart by."""
        return self._replace(block="", quarter=None)


@dataclass(frozen=True)
class Group:
    """Needs that can be met by one course.

    ``texts`` are all ways in which the schools write the topic. ``study_form`` and ``hours`` are what most teachers
    wish, nothing where nobody said. ``agreed`` are the columns in which all lines say the same.
    """

    key: GroupKey
    title: str
    subject: Subject | None
    teachers: int
    schools: int
    study_form: str
    hours: Decimal | None
    texts: tuple[str, ...]
    people: frozenset[int] = frozenset()
    agreed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.key.text

    @property
    def order_text(self) -> str:
        """As the line of an order names it that asks for this group."""
        return self.key.of_order.text

    @property
    def block(self) -> str:
        return str(Block(self.key.block).label) if self.key.block else ""

    @property
    def term(self) -> str:
        return str(Quarter(self.key.quarter).label) if self.key.quarter else ""

    @property
    def for_whom(self) -> str:
        return for_whom(str(self.subject or ""), self.key.language)

    @property
    def is_small(self) -> bool:
        return is_small(self.teachers)


def totals(district: District, year: int) -> list[Group]:
    """The groups of a district by title: five queries for any number of requests."""
    lines = received(district, year)
    return groups(lines, titles_for(district, {line["title_key"] for line in lines}))


def totals_of_orders(district: District, year: int) -> list[Group]:
    """The same as orders ask for it: groups that differ in block and quarter only are one."""
    lines = received(district, year)
    return groups(lines, titles_for(district, {line["title_key"] for line in lines}), is_for_orders=True)


def received(district: District, year: int) -> list[Line]:
    """The lines of the requests that the district accepted, each school's newest, with their people; two queries."""
    versions = versions_that_hold(district, year, is_accepted_only=True)
    job = "need__employment__person"
    columns = {name: F(f"line__{name}") for name in COLUMNS}
    counted = CountedNeed.objects.filter(line__version__in=versions).order_by("line__institution_id", "line_id")
    found: dict[int, dict[str, Any]] = {}
    for row in counted.values(
        "line", person=Coalesce(f"{job}__merged_into", job), **columns
    ):  # the record that goes on
        found.setdefault(row["line"], row | {"people": set()})["people"].add(row["person"])
    return list(found.values())


def groups(lines: Iterable[Line], titles: Titles, *, is_for_orders: bool = False) -> list[Group]:
    """Lines put together by what ``titles`` say is one topic; one query, for the subjects."""
    by_key: dict[GroupKey, list[Line]] = defaultdict(list)
    for line in lines:
        title_key, _title = titles.get(line["title_key"], (line["title_key"], ""))
        key = GroupKey(title_key, line["subject"], line["language"], line["block"], line["quarter"])
        by_key[key.of_order if is_for_orders else key].append(line)
    subjects = Subject.objects.in_bulk({key.subject for key in by_key if key.subject})
    known = dict(titles.values())
    found = [
        _group(key, some, known.get(key.title_key, ""), subjects[key.subject] if key.subject else None)
        for key, some in by_key.items()
    ]
    return sorted(found, key=lambda group: (sort_key(group.title), group.text))


def called_today(district: District, texts: Iterable[str]) -> dict[str, str]:
    """What groups named earlier are called by now: the district may have merged their topics since. Two queries."""
    parts = {text: text.split(BETWEEN, 4) for text in texts}
    titles = titles_for(district, {key for *_rest, key in parts.values()})
    return {text: BETWEEN.join([*rest, titles.get(key, (key, ""))[0]]) for text, (*rest, key) in parts.items()}


def ordered_as(text: str) -> str:
    """The line of an order that asks for the group named so; see ``Group.order_text``."""
    parts = text.split(BETWEEN, 4)
    return BETWEEN.join([*parts[:2], "", "", *parts[4:]])


def _group(key: GroupKey, lines: list[Line], title: str, subject: Subject | None) -> Group:
    texts = Counter[str]()
    for line in lines:
        texts[line["title"]] += line["teachers"]
    people = frozenset[int]().union(*(line["people"] for line in lines))
    return Group(
        key=key,
        title=title or _most(texts) or "",
        subject=subject,
        teachers=len(people),
        schools=len({line["institution"] for line in lines}),
        study_form=_wished(lines, "study_form") or "",
        hours=_wished(lines, "hours"),
        texts=tuple(sorted(texts)),
        people=people,
        agreed={name: lines[0][name] for name in AGREED if len({line[name] for line in lines}) == 1},
    )


def _wished(lines: list[Line], column: str) -> Any:
    said = Counter[Any]()
    for line in lines:
        if line[column]:
            said[line[column]] += line["teachers"]
    return _most(said)


def _most(said: "Counter[Said]") -> Said | None:
    """What was said most often; of two said equally often always the same one."""
    return min(said, key=lambda one: (-said[one], str(one))) if said else None
