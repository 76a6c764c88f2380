"""Rows of the staff: who is meant, whether they work there already, and what would change.

Nobody is ever found by the name alone (field notes 29): a personal number and the date of birth, or the date of birth
and the whole name among the people of the place.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from courses.choices import ImportTable
from courses.importing import cells
from courses.importing.cells import Doubt, Since
from courses.importing.days import Days, Fault
from courses.importing.judging import Judge, Line
from courses.importing.known import Human, Job, People, Ref
from courses.importing.words import Reason, key
from cpd.dates import add_years, today
from cpd.text import fold
from schools.access import roles_to_give
from schools.choices import SCHOOL_ROLES, Role
from schools.models import Institution
from schools.names import Name, UnreadableName, read_name, read_parts

YOUNGEST = 16  # years: from when one may be employed (Labour Code); a slip is meant, no norm
NAMES = ("family_name", "given_name", "fathers_name")
OF_THE_PERSON = (*NAMES, "personal_number", "born_on", "category", "education", "speciality", "teaching_since")


@dataclass(frozen=True)
class Member:
    """Somebody whom other rows may speak of: by which key, where they work, what they are called."""

    ref: Ref
    name: Name
    personal_number: str
    born_on: dt.date | None
    institutions: tuple[Ref, ...]


class Staff:
    """Everybody of the place, as the rows of the staff and our tables know them together."""

    def __init__(self) -> None:
        self.by_number: dict[str, Member] = {}
        self.by_birthday: dict[tuple[dt.date, tuple[str, str]], list[Member]] = defaultdict(list)
        self.refused: dict[Any, int] = {}  # by number, and by birthday and name: the row

    def add(self, member: Member) -> None:
        if member.personal_number:
            self.by_number[member.personal_number] = member
        if member.born_on:
            there = self.by_birthday[member.born_on, name_key(member.name)]
            there[:] = [one for one in there if one.ref != member.ref] + [member]


def name_key(name: Name) -> tuple[str, str]:
    return fold(name.family_name), fold(name.given_name)


def is_named(one: Name, other: Name) -> bool:
    """Whether two may be one name: alike, where a father's name may be left out."""
    fathers = fold(one.fathers_name), fold(other.fathers_name)
    return name_key(one) == name_key(other) and (fathers[0] == fathers[1] or "" in fathers)


def name_of(line: Line) -> Name | None:
    """The name of a row, from one cell or from three; told why not where it cannot be read."""
    try:
        if line.text("family_name") or line.text("given_name"):
            return read_parts(*(line.text(name) for name in NAMES))
        return read_name(line.text("full_name"))
    except UnreadableName as refusal:
        if not line.is_told("full_name", *NAMES):
            line.say(refusal.code, "full_name" if line.text("full_name") else "family_name")
        return None


def number_of(line: Line) -> str:
    return line.read("personal_number", cells.read_number) or ""


def birthday_of(line: Line) -> dt.date | None:
    day: dt.date | None = line.read("born_on", lambda text: cells.read_day(text, until=today()))
    return day


def numbers_in(lines: Iterable[Line]) -> set[str]:
    """All numbers of the rows that can be read, for asking after their bearers at once."""
    found = set()
    for line in lines:
        try:
            found.add(cells.read_number(line.text("personal_number")))
        except Doubt:
            continue
    return found


def contrary_rows(lines: Iterable[Line]) -> dict[int, int]:
    """Rows that give one number to two people, each with the number of another such row."""
    by_number: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        with suppress(Doubt):
            by_number[cells.read_number(line.text("personal_number"))].append(line)
    found: dict[int, int] = {}
    for same in by_number.values():
        probes = [Line(line.number, line.typed) for line in same] if len(same) > 1 else []
        told = [(probe.number, name_of(probe), birthday_of(probe)) for probe in probes]
        for number, name, born_on in told:
            for other, its_name, its_born_on in told:
                is_other_day = born_on and its_born_on and born_on != its_born_on
                is_other_name = name and its_name and name_key(name) != name_key(its_name)
                if number != other and (is_other_day or is_other_name):
                    found.setdefault(number, other)
    return found


def judged_staff(judge: Judge, lines: list[Line], on: dt.date) -> tuple[Iterator[Line], Staff]:
    """The rows one by one, and everybody of the place when they are through. ``on`` is the day of the upload."""
    desk = _Desk(judge, People.of(judge.place, numbers_in(lines)), on, lines)
    return map(desk.judge_row, lines), desk.staff


class _Desk:
    def __init__(self, judge: Judge, people: People, on: dt.date, lines: Iterable[Line]) -> None:
        self.judge, self.people, self.on = judge, people, on
        self.languages = cells.codes_of(ImportTable.STAFF, "teaching_language")
        self.roles = cells.codes_of(ImportTable.STAFF, "role")
        self.categories = cells.category_codes(judge.registers.categories)
        self.staff = Staff()
        self.rows: dict[Any, Line] = {}  # who was named before, by number and by birthday and name
        self.allowed: dict[int | None, tuple[Role, ...]] = {}
        self.days = Days.of(people.all)
        self.contrary = contrary_rows(lines)
        for human in people.all.values():
            jobs = [job for job in people.jobs[human.pk] if job.institution in judge.institutions.all]
            if jobs:
                jobs.sort(key=lambda job: not job.is_main)
                self.staff.add(_member({"pk": human.pk}, human, tuple({"pk": job.institution} for job in jobs)))

    def judge_row(self, line: Line) -> Line:
        institution = self.judge.institution(line)
        name, number, born_on = name_of(line), number_of(line), birthday_of(line)
        if number and born_on and cells.birthday_of(number) != born_on:
            line.say(Reason.NUMBER_OTHER_DAY, "personal_number")
        if other := self.contrary.get(line.number):
            line.say(Reason.NUMBER_OF_TWO, "personal_number", row=other)
        line.keep(institution=institution, personal_number=number, born_on=born_on and born_on.isoformat())
        if name:
            line.keep(**name._asdict())
        since = self._read(line)
        self._judge_age(line, since, born_on or cells.birthday_of(number))
        if institution and name:
            line.keep(association=self.judge.association(line, institution))
            if not line.is_told("personal_number", "born_on", warned=False):
                self._find(line, institution, name, number, born_on)
            if not line.is_refused:
                self._judge_role(line, institution)
            if line.is_known and not line.is_refused:
                self._compare(line, since)
            elif self._comes_back(line):  # from now on this is where the person is kept
                self._change_person(line, self.people.all[line.target or 0], since)
            if line.target and not line.is_refused:
                self._judge_days(line, institution)
            for column, one in since.items():
                if one.is_reckoned and (not line.is_known or column in line.changes):
                    line.say(Reason.DAY_RECKONED, column, day=one.day.isoformat())
        self._remember(line, institution, name, number, born_on)
        return line

    def _read(self, line: Line) -> dict[str, Since]:
        """The columns that stand by themselves."""
        line.keep(position=line.text("position"), education=line.text("education"), speciality=line.text("speciality"))
        line.keep(subjects=self._subjects(line))
        codes = list(self.judge.registers.categories)
        line.keep(category=line.read("category", lambda text: cells.chosen(text, self.categories), codes=codes))
        table = ImportTable.STAFF
        language = line.read("teaching_language", lambda text: cells.chosen(text, self.languages), table=table)
        line.keep(teaching_language=language, role=line.read("role", lambda text: self._role(text), table=table))
        line.keep(is_main=line.read("is_main", cells.read_main))
        line.keep(is_teaching=line.read("is_teaching", cells.read_yes))
        since = {
            "teaching_since": line.read("experience", lambda text: cells.read_experience(text, on=self.on)),
            "employed_from": line.read("employed_from", lambda text: cells.read_since(text, until=None)),
        }
        since = {name: one for name, one in since.items() if one}
        line.keep(**{name: one.day.isoformat() for name, one in since.items()})
        return since

    def _judge_age(self, line: Line, since: dict[str, Since], born_on: dt.date | None) -> None:
        """A first day of work in one's childhood is a slip, and one that lies ahead may be."""
        for column, one in since.items():
            if born_on and one.day < add_years(born_on, YOUNGEST):
                line.say(Reason.TOO_YOUNG, column, years=YOUNGEST)
            elif one.day > today():
                line.say(Reason.BEGINS_LATER, column)

    def _role(self, text: str) -> str:
        return cells.chosen(text, self.roles)

    def _subjects(self, line: Line) -> list[int]:
        """Subjects by their titles; a title may itself hold the «and» or the comma that parts others."""
        known = self.judge.registers.subjects
        found: list[int] = []
        unknown: list[str] = []
        for text in cells.listed(line.text("subjects"), known):
            pk = known.get(key(text))
            if pk is None:
                unknown.append(text)
            elif pk not in found:
                found.append(pk)
        if unknown:
            line.say(Reason.SUBJECT_UNKNOWN, "subjects", texts=", ".join(f"«{text}»" for text in unknown))
        return sorted(found)

    # Who is meant -------------------------------------------------------------------------------------------------

    def _find(self, line: Line, institution: Ref, name: Name, number: str, born_on: dt.date | None) -> None:
        if self._is_named_before(line, institution, name, number, born_on):
            return
        human = self._bearer(line, name, number, born_on) if number else None
        if human is None and not line.is_refused:
            human = self._namesake(line, institution, name, number, born_on)
        if line.is_refused:
            return
        if human is None:
            if not (number or born_on):
                line.say(Reason.NEEDS_NUMBER, "personal_number")
            self._fill_new(line)
            return
        line.target = human.pk
        line.columns["person"] = {"pk": human.pk}
        self._find_job(line, institution, human)

    def _is_named_before(self, line: Line, institution: Ref, name: Name, number: str, born_on: dt.date | None) -> bool:
        """Whether an earlier row names the same person: the same place again is a slip, another is a second job."""
        keys = _keys(name, number, born_on)
        before = next((self.rows[one] for one in keys if one in self.rows), None)
        if before is None:
            return False
        said = before.columns
        contrary = number and said.get("personal_number", number) != number
        if contrary:
            return False
        is_second = False in (said.get("is_main"), line.columns.get("is_main"))
        if said.get("institution") == institution or not is_second:
            line.say(Reason.DOUBLE, row=before.number)
        elif before.is_refused:
            line.say(Reason.PERSON_REFUSED, row=before.number)
        elif before.target is None:
            line.columns["person"] = {"row": before.number}
            self._fill_new(line)
        else:
            return False
        return True

    def _bearer(self, line: Line, name: Name, number: str, born_on: dt.date | None) -> Human | None:
        """Who has the number; the date of birth must be the same, or, where one is missing, the name."""
        pk = self.people.by_number.get(number)
        if pk is None:
            return None
        human = self.people.all[pk]
        theirs = _name(human)
        if born_on and human.born_on and born_on != human.born_on:
            line.say(Reason.BIRTHDAY_DIFFERS, "born_on")
        elif not (born_on and human.born_on) and not is_named(name, theirs):
            line.say(Reason.NEEDS_BIRTHDAY if human.born_on else Reason.NAME_DIFFERS, "born_on")
        elif not set(name_key(name)) & set(name_key(theirs)):
            line.say(Reason.NAME_DIFFERS, "personal_number")
        return human

    def _namesake(
        self, line: Line, institution: Ref, name: Name, number: str, born_on: dt.date | None
    ) -> Human | None:
        """Who of the place has this name and this date of birth, and no other number."""
        same = [self.people.all[pk] for pk in self.people.here.get(name_key(name), ())]
        same = [one for one in same if not (number and one.personal_number)]
        found = [one for one in same if born_on and one.born_on == born_on and is_named(name, _name(one))]
        if len(found) > 1:
            line.say(Reason.SEVERAL_FIT, "personal_number")
        if found:
            return found[0]
        unclear = [one for one in same if not (born_on and one.born_on) and self._job(one, institution)]
        if unclear:
            line.say(Reason.SAME_NAME_HERE if number or born_on else Reason.NEEDS_NUMBER, "personal_number")
        return None

    # Whether they work there --------------------------------------------------------------------------------------

    def _job(self, human: Human, institution: Ref) -> Job | None:
        jobs = self.people.jobs.get(human.pk, ())
        return next((job for job in jobs if {"pk": job.institution} == institution), None)

    def _find_job(self, line: Line, institution: Ref, human: Human) -> None:
        job = self._job(human, institution)
        if job and job.ends_on:
            line.say(Reason.WORKS_UNTIL, day=job.ends_on.isoformat())
        elif job:
            line.is_known = True
            line.columns["employment"] = job.pk
        else:
            others = self.people.jobs.get(human.pk, ())
            is_second = line.columns.get("is_main") is False
            if others and not is_second:
                line.say(Reason.WORKS_ELSEWHERE, "institution", title=others[0].title)
            elif (others or is_second) and any(self._differences(line, human)):
                line.say(Reason.PERSON_KEPT)
            self._fill_new(line)

    def _fill_new(self, line: Line) -> None:
        """What a new piece of work needs and the row does not say."""
        line.columns.setdefault("is_main", True)
        if "is_teaching" not in line.columns:
            teaching = self.judge.registers.teaching
            said = key(line.text("position"))
            line.columns["is_teaching"] = teaching.get(said, True)
            if teaching and said and said not in teaching:
                line.say(Reason.POSITION_UNKNOWN, "position")

    def _judge_role(self, line: Line, institution: Ref) -> None:
        """A role is only what the person who imports may give by hand as well (trust T32)."""
        if not (role := line.columns.get("role")):
            return
        place: Ref | None = line.columns.get("association") if role == Role.ASSOCIATION_HEAD else institution
        if place is None:
            line.say(Reason.ROLE_OF_NO_ASSOCIATION, "role")
            return
        held = self.people.roles.get(line.target or 0, set())
        if (role, place.get("pk", 0)) in held:
            return
        if role not in self._roles_to_give(institution) or role not in (*SCHOOL_ROLES, Role.ASSOCIATION_HEAD):
            line.say(Reason.ROLE_NOT_YOURS, "role", role=role)
        elif line.is_known:
            line.changes["role"] = [None, role]

    def _roles_to_give(self, institution: Ref) -> tuple[Role, ...]:
        pk = institution.get("pk")
        if pk not in self.allowed:
            there = self.judge.institutions.all[pk] if pk else Institution(district=self.judge.place.district)
            self.allowed[pk] = roles_to_give(self.judge.user, there)
        return self.allowed[pk]

    # What would change --------------------------------------------------------------------------------------------

    def _compare(self, line: Line, since: dict[str, Since]) -> None:
        human = self.people.all[line.target or 0]
        job = self._job(human, line.columns["institution"])
        if job is None:
            return
        said = line.columns
        line.compare("position", job.position, said.get("position"))
        association = {"pk": job.association} if job.association else None
        line.compare("association", association, said.get("association"))
        if not line.is_told("subjects"):  # those that are known alone would take the others away
            line.compare("subjects", sorted(self.people.subjects.get(job.pk, ())), said.get("subjects"))
        line.compare("teaching_language", job.teaching_language, said.get("teaching_language"))
        line.compare("is_teaching", job.is_teaching, said.get("is_teaching"))
        if "employed_from" in since and not since["employed_from"].is_reckoned:
            line.compare("employed_from", job.starts_on.isoformat(), said["employed_from"])
        if said.get("is_main", job.is_main) != job.is_main:
            line.say(Reason.MAIN_KEPT, "is_main")
        if not job.is_main:
            if any(self._differences(line, human)):
                line.say(Reason.PERSON_KEPT)
            return
        self._change_person(line, human, since)

    def _comes_back(self, line: Line) -> bool:
        """Whether it is the main job of somebody known who works nowhere."""
        is_new_here = bool(line.target) and not (line.is_known or line.is_refused)
        return is_new_here and line.columns["is_main"] and not self.people.jobs.get(line.target or 0)

    def _change_person(self, line: Line, human: Human, since: dict[str, Since]) -> None:
        for name, old, new in self._differences(line, human):
            # «6 жыл» says less than the day that is known; and it is another day a year later.
            if not (name == "teaching_since" and old and since[name].is_reckoned):
                line.changes[name] = [old, new]
        if any(name in line.changes for name in NAMES):
            line.say(Reason.NAME_CHANGES, name=human.full_name)

    def _judge_days(self, line: Line, institution: Ref) -> None:
        """The first day beside the person's other jobs, former ones too, and beside leave."""
        fault: Fault | None = None
        if not line.is_known:
            day = dt.date.fromisoformat(line.columns.get("employed_from", today().isoformat()))
            is_main = line.columns["is_main"]
            fault = self.days.fault_of_new(line.target or 0, institution.get("pk"), day, is_main=is_main)
        elif "employed_from" in line.changes:
            day = dt.date.fromisoformat(line.changes["employed_from"][1])
            fault = self.days.fault_of_start(line.target or 0, line.columns["employment"], day)
        if fault:
            line.say(fault.code, "employed_from", **({"place": fault.place} if fault.place else {}))

    def _differences(self, line: Line, human: Human) -> Iterator[tuple[str, Any, Any]]:
        """The columns of the person that the row says otherwise."""
        probe = Line(line.number, {})
        for name in OF_THE_PERSON:
            old = getattr(human, name)
            old = old.isoformat() if isinstance(old, dt.date) else old
            if name in NAMES and fold(old) == fold(line.columns.get(name, "")):
                continue  # typed without a Kyrgyz keyboard
            probe.compare(name, old, line.columns.get(name))
        return ((name, old, new) for name, (old, new) in probe.changes.items())

    # What later rows may refer to ---------------------------------------------------------------------------------

    def _remember(
        self, line: Line, institution: Ref | None, name: Name | None, number: str, born_on: dt.date | None
    ) -> None:
        keys = _keys(name, number, born_on)
        for one in keys:
            self.rows.setdefault(one, line)
            if line.is_refused:
                self.staff.refused.setdefault(one, line.number)
        if line.is_refused or not (name and institution):
            return
        human = self.people.all.get(line.target or 0)
        ref = line.columns.get("person") or {"row": line.number}
        places = [{"pk": job.institution} for job in self.people.jobs.get(line.target or 0, ())]
        places = [one for one in places if one["pk"] in self.judge.institutions.all]
        before = self.rows[keys[0]] if keys else line
        if before is not line and not before.is_refused:
            places.insert(0, before.columns["institution"])
        if institution not in places:
            places.append(institution)
        number = number or (human.personal_number if human else "")
        born_on = born_on or (human.born_on if human else None)
        self.staff.add(Member(ref, name, number, born_on, tuple(places)))


def _member(ref: Ref, human: Human, institutions: tuple[Ref, ...]) -> Member:
    return Member(ref, _name(human), human.personal_number, human.born_on, institutions)


def _name(human: Human) -> Name:
    return Name(human.family_name, human.given_name, human.fathers_name)


def _keys(name: Name | None, number: str, born_on: dt.date | None) -> list[Any]:
    keys: list[Any] = [number] if number else []
    return [*keys, (born_on, name_key(name))] if name and born_on else keys
