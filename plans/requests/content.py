"""A request as plain data: what is frozen when it is handed in, compared between versions, printed and sent.

It says how many need what and never who: ``needs`` are keys of rows that only the school may read. Titles stand in it
in Kyrgyz, choices as codes and numbers as text, so that a version prints and hashes the same for ever.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from courses.schedules.content import ColumnChange, DifferenceKind
from courses.words import decimal_text
from cpd.text import sort_key
from plans.choices import NeedOrigin
from plans.models import LearningNeed, NeedsRequest, RequestRow
from schools.choices import DocumentKind, TeachingLanguage

Content = dict[str, Any]
Line = dict[str, Any]

# What a line says, in the order of the paper.
TOLD = ("title", "grounds", "subject", "language", "teachers", "study_form", "quarter", "block", "hours", "note")


class Lack(StrEnum):
    """What keeps a request from being handed in."""

    NO_ROWS = "no_rows"


@dataclass(frozen=True)
class Difference:
    """One line that was added, removed or changed; ``title`` is the one it has, or had last."""

    kind: DifferenceKind
    uid: str
    title: str
    columns: tuple[ColumnChange, ...] = field(default=())


@dataclass(frozen=True)
class Gathered:
    """A row of the working copy with the needs it counts: those passed on and not taken back."""

    row: RequestRow
    needs: Sequence[LearningNeed]

    @property
    def teachers(self) -> int:
        """Whoever wrote the same need in two ways counts once."""
        return len(self.people)

    @property
    def people(self) -> list[list[LearningNeed]]:
        """The needs of each of them, so that nobody is read twice."""
        return by_person(self.needs)


def gathered(request: NeedsRequest) -> list[Gathered]:
    """The rows of the working copy in the order of the paper, two queries; a row may be left with nobody in it."""
    needs: dict[int, list[LearningNeed]] = defaultdict(list)
    counted = LearningNeed.objects.passed_on().filter(row__request=request.pk).order_by("pk")
    for need in counted.select_related("employment__person", "competence"):
        if need.row_id is not None:
            needs[need.row_id].append(need)
    rows = [Gathered(row, needs[row.pk]) for row in request.rows.select_related("subject")]
    return sorted(rows, key=_place)


def content_of(request: NeedsRequest, rows: Iterable[Gathered] | None = None) -> Content:
    """The working copy as it stands; rows that nobody is in any more are left out."""
    counted = [one for one in (gathered(request) if rows is None else rows) if one.needs]
    institution = request.institution
    people = {_who(need) for one in counted for need in one.needs}
    return {
        "kind": DocumentKind.NEEDS_REQUEST.value,
        "school_year": request.school_year,
        "school": {"title": institution.title_ky, "district": institution.district.title_ky},
        "change_note": request.change_note,
        "teachers": len(people),
        "rows": len(counted),
        "lines": [_line(one) for one in counted],
    }


def lacking(content: Mapping[str, Any]) -> list[Lack]:
    """What keeps it from being handed in."""
    return [] if content["rows"] else [Lack.NO_ROWS]


def counts_somebody_twice(content: Mapping[str, Any]) -> bool:
    """Whether its lines add up to more teachers than there are, since some need several topics."""
    return sum(line["teachers"] for line in content["lines"]) > int(content["teachers"])


def needs_in(content: Mapping[str, Any]) -> list[int]:
    """The keys of all needs that are counted."""
    return [key for line in content["lines"] for key in line["needs"]]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """From ``before`` to ``after``, in the order of ``after``; a line is the same line where its uid is."""
    old = {line["uid"]: line for line in before["lines"]}
    new = {line["uid"]: line for line in after["lines"]}
    found = []
    for uid, line in new.items():
        changes = _changes(old.get(uid, {}), line)
        if uid not in old:
            found.append(Difference(DifferenceKind.ADDED, uid, line["title"], changes))
        elif changes:
            found.append(Difference(DifferenceKind.CHANGED, uid, line["title"], changes))
    gone = [line for uid, line in old.items() if uid not in new]
    return found + [
        Difference(DifferenceKind.REMOVED, line["uid"], line["title"], _changes(line, {})) for line in gone
    ]


def columns_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of a content as the columns of a row, or of a line the database counts."""
    same = ("uid", "title", "language", "block", "quarter", "study_form")
    return {name: line[name] for name in same} | {
        "subject_id": line["subject_key"],
        "hours": Decimal(line["hours"]) if line["hours"] else None,
    }


def by_person(needs: Iterable[LearningNeed]) -> list[list[LearningNeed]]:
    """The needs of each person."""
    of_each: dict[int, list[LearningNeed]] = defaultdict(list)
    for need in needs:
        of_each[_who(need)].append(need)
    return list(of_each.values())


def _who(need: LearningNeed) -> int:
    """Whose need it is; of two records of one person the one that goes on."""
    person = need.employment.person
    return person.merged_into_id or person.pk


def _place(one: Gathered) -> tuple[Any, ...]:
    """By topic, subject, language. In Python, so that no database has its own order."""
    row = one.row
    subject = row.subject.title_ky if row.subject else ""
    return sort_key(row.title), sort_key(subject), TeachingLanguage.values.index(row.language), str(row.uid)


def _line(one: Gathered) -> Line:
    row = one.row
    return {
        "uid": str(row.uid),
        "title": row.title,
        "grounds": _grounds(one.needs),
        "subject": row.subject.title_ky if row.subject else "",
        "subject_key": row.subject_id,
        "language": row.language,
        "teachers": one.teachers,
        "study_form": row.study_form,
        "quarter": row.quarter,
        "block": row.block,
        "hours": decimal_text(row.hours),
        "note": row.note,
        "needs": [need.pk for need in one.needs],
    }


def _grounds(needs: Sequence[LearningNeed]) -> list[list[Any]]:
    """Where the needs were found: origin, codes of the standard, number of needs."""
    counted = Counter(need.origin for need in needs)
    codes: dict[str, set[str]] = defaultdict(set)
    for need in needs:
        if need.competence:
            codes[need.origin].add(need.competence.code)
    known = [origin for origin in NeedOrigin.values if counted[origin]]
    return [[origin, sorted(codes[origin]), counted[origin]] for origin in known]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ColumnChange, ...]:
    pairs = ((name, before.get(name) or "", after.get(name) or "") for name in TOLD)
    return tuple(ColumnChange(name, old, new) for name, old, new in pairs if old != new)
