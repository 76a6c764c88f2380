"""Rows of the workbook, each with what becomes of it and why: institutions and associations; see also staff, records.

Every judge takes the rows of its sheet in their order and remembers what they will make, so that rows of the next
sheets can refer to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from courses.choices import ImportTable, Verdict
from courses.importing.cells import Doubt, chosen, codes_of
from courses.importing.known import Associations, Institutions, Place, Ref, Registers, codes_elsewhere
from courses.importing.tables import EXAMPLE_MARK
from courses.importing.words import Reason, is_warning, key
from cpd.sheets import Row, text_of
from schools.models import User

EXAMPLE_MARKS = (EXAMPLE_MARK.casefold(), "мисал:", "пример:")


@dataclass
class Line:
    """One row on its way to a verdict."""

    number: int
    typed: dict[str, str]
    columns: dict[str, Any] = field(default_factory=dict)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    target: int | None = None
    is_known: bool = False

    @classmethod
    def of(cls, row: Row, letters: Mapping[str, str]) -> "Line":
        """The row as typed, with what the sheet itself finds wrong with its cells."""
        names = {letter: name for name, letter in letters.items()}
        line = cls(row.number, {name: text_of(cell) for name, cell in row.cells.items() if cell is not None})
        for problem in row.problems:
            line.say(problem.code, names.get(problem.column, ""), **problem.values)
        return line

    def say(self, code: str, column: str = "", **values: Any) -> None:
        reason: dict[str, Any] = {"code": str(code)}
        if column:
            reason["column"] = column
        if values:
            reason["values"] = values
        self.reasons.append(reason)

    def text(self, name: str) -> str:
        return self.typed.get(name, "")

    def read(self, name: str, how: Callable[[str], Any], **values: Any) -> Any:
        """What a cell says; nothing where it is empty, or told why not where it cannot be read."""
        if not self.text(name):
            return None
        try:
            return how(self.text(name))
        except Doubt as doubt:
            self.say(doubt.code, name, **(doubt.values | values))
            return None

    def is_told(self, *names: str, warned: bool = True) -> bool:
        """Whether something is wrong with one of these cells."""
        reasons = (reason for reason in self.reasons if warned or not is_warning(reason))
        return any(reason.get("column") in names for reason in reasons)

    @property
    def is_refused(self) -> bool:
        return any(not is_warning(reason) for reason in self.reasons)

    @property
    def verdict(self) -> Verdict:
        if self.is_refused:
            return Verdict.REFUSED
        if not self.is_known:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.MATCHED

    def keep(self, **columns: Any) -> None:
        """Columns that say something."""
        self.columns |= {name: value for name, value in columns.items() if value not in (None, "", [])}

    def compare(self, name: str, old: Any, new: Any) -> None:
        """A column that says something else than what stands there; how a word is spelled makes no difference."""
        if new in (None, "", []) or old == new:
            return
        if isinstance(old, str) and isinstance(new, str) and key(old) == key(new):
            return
        self.changes[name] = [old, new]


def is_example(row: Row) -> bool:
    """Whether a row only shows how it is filled in, as those of our own empty workbook do."""
    texts = (cell.casefold() for cell in row.cells.values() if isinstance(cell, str))
    return any(text.startswith(EXAMPLE_MARKS) for text in texts)


class Judge:
    """What all sheets have in common: the place, the lists, the institutions and associations."""

    def __init__(self, place: Place, user: User) -> None:
        self.place, self.user = place, user
        self.registers = Registers()
        self.institutions = Institutions(place)
        self.associations = Associations(place)

    def institution(self, line: Line, *, name: str = "institution") -> Ref | None:
        """The institution a row speaks of; without a word the one the import is for."""
        own = self.place.institution
        text = line.text(name)
        if not text:
            if own is None:
                line.say(Reason.INSTITUTION_MISSING, name)
                return None
            return {"pk": own.pk}
        found = self.institutions.found(text)
        if len(found) == 1:
            return found[0]
        if found:
            titles = ", ".join(f"«{self.institutions.title(one)}»" for one in found)
            line.say(Reason.INSTITUTION_UNCLEAR, name, titles=titles)
        elif key(text) in self.institutions.refused:
            line.say(Reason.INSTITUTION_REFUSED, name, row=self.institutions.refused[key(text)])
        else:
            line.say(Reason.INSTITUTION_NOT_YOURS if own else Reason.INSTITUTION_UNKNOWN, name)
        return None

    def association(self, line: Line, institution: Ref) -> Ref | None:
        """The association a row of the staff names."""
        if not (text := line.text("association")):
            return None
        wanted = self.associations.key(institution, text)
        if wanted in self.associations.by_title:
            return self.associations.by_title[wanted]
        if wanted in self.associations.refused:
            line.say(Reason.ASSOCIATION_REFUSED, "association", row=self.associations.refused[wanted])
        else:
            line.say(Reason.ASSOCIATION_UNKNOWN, "association")
        return None


def judged_institutions(judge: Judge, lines: Iterable[Line]) -> Iterator[Line]:
    """Only a district makes and changes institutions; for a school its own row may stand there."""
    lines = list(lines)
    elsewhere = codes_elsewhere(judge.place, {line.text("code") for line in lines} - {""})
    kinds = codes_of(ImportTable.INSTITUTIONS, "kind")
    taken: dict[Any, int] = {}
    for line in lines:
        _judge_institution(judge, line, elsewhere, kinds, taken)
        known = judge.institutions
        if line.is_refused:
            for text in (line.text("title_ky"), line.text("title_ru"), line.text("code")):
                if text and not known.found(text):
                    known.refused[key(text)] = line.number
        elif line.target is None:
            said = line.columns
            titles = (said["title_ky"], said.get("title_ru", ""))
            known.add({"row": line.number}, said.get("code", ""), said.get("number", ""), *titles)
        else:  # by the new words too
            said = line.columns
            titles = (said["title_ky"], said.get("title_ru", ""))
            known.add({"pk": line.target}, said.get("code", ""), said.get("number", ""), *titles)
        yield line


def _judge_institution(
    judge: Judge, line: Line, elsewhere: set[str], kinds: Mapping[str, str], taken: dict[Any, int]
) -> None:
    known = judge.institutions
    line.keep(**{name: line.text(name) for name in ("code", "title_ky", "title_ru", "number")})
    line.keep(kind=line.read("kind", lambda text: chosen(text, kinds), table=ImportTable.INSTITUTIONS))
    code, title = line.text("code"), line.text("title_ky")
    by_code = known.by_code.get(key(code)) if code else None
    same = [by_code] if by_code else _of_title(known, title, code)
    target = same[0].get("pk") if len(same) == 1 else None
    if len(same) > 1:
        line.say(Reason.INSTITUTION_UNCLEAR, "title_ky", titles=", ".join(f"«{known.title(one)}»" for one in same))
    elif target is None and judge.place.institution:
        line.say(Reason.INSTITUTION_NOT_YOURS, "title_ky")
    elif target is None and code in elsewhere:
        line.say(Reason.CODE_TAKEN, "code")
    elif target is None and title and not same and known.by_title.get(key(title)):
        line.say(Reason.TITLE_TAKEN, "title_ky")
    if line.is_refused:
        return
    for which in (target and ("pk", target), code and ("code", key(code)), ("title", key(title))):
        if which and taken.setdefault(which, line.number) != line.number:
            line.say(Reason.DOUBLE, row=taken[which])
            return
    if target is None:
        return
    line.target, line.is_known = target, True
    there = known.all[target]
    for name in ("code", "title_ky", "title_ru", "number", "kind"):
        line.compare(name, getattr(there, name), line.columns.get(name))
    if line.changes and judge.place.institution:
        line.say(Reason.INSTITUTION_KEPT)


def _of_title(known: Institutions, title: str, code: str) -> list[Ref]:
    """Those of this title that may be meant: one with another code is another one."""
    return [
        one for one in known.by_title.get(key(title), []) if "pk" in one and not (code and known.all[one["pk"]].code)
    ]


def judged_associations(judge: Judge, lines: Iterable[Line]) -> Iterator[Line]:
    taken: dict[Any, int] = {}
    known = judge.associations
    for line in lines:
        institution = judge.institution(line)
        title = line.text("title_ky")
        line.keep(institution=institution, title_ky=title, title_ru=line.text("title_ru"))
        if institution and title:
            here = known.key(institution, title)
            there = known.by_title.get(here, {}).get("pk")
            if taken.setdefault(there or here, line.number) != line.number:
                line.say(Reason.DOUBLE, row=taken[there or here])
            elif there:
                line.target, line.is_known = there, True
                line.compare("title_ru", known.all[there][2], line.text("title_ru"))
            if not line.is_refused:
                ref = {"pk": there} if there else {"row": line.number}
                known.add(ref, institution, title, line.text("title_ru"))
            else:
                known.refused.setdefault(here, line.number)
        yield line
