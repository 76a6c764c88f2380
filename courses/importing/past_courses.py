"""Rows of past courses: whose they are, and what keeps one from being handed in as it stands.

Dates and hours stay exactly as written; what cannot be read keeps a course out only where nobody could mend it later
(forms §M, and ``courses.actions.lacking_to_submit``).
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from courses.choices import HoursUnit, ImportTable, Precision
from courses.forms import REFUSED, earliest_end
from courses.importing import cells
from courses.importing.judging import Judge, Line
from courses.importing.known import Ref, courses_of
from courses.importing.staff import Member, Staff, birthday_of, name_key, number_of
from courses.importing.words import Reason
from courses.reading import ReadDates, Unreadable, read_dates, read_delivery, read_hours
from cpd.dates import today
from cpd.text import fold
from schools.names import Name, UnreadableName, read_name, read_parts

LINE_BREAK = re.compile(r"[^\W\d_]- ?[а-яөүң]{1,4}\b")  # «География-лык», «мугалим-дерин» (M17)
AS_WRITTEN = ("title", "date_text", "hours_text", "provider_text", "document_number", "goal_achieved", "comment")
CHOSEN = ("document_type", "kind", "block")


def judged_courses(judge: Judge, staff: Staff, lines: Iterable[Line]) -> Iterator[Line]:
    desk = _Desk(judge, staff)
    return map(desk.judge_row, lines)


class _Desk:
    def __init__(self, judge: Judge, staff: Staff) -> None:
        self.judge, self.staff = judge, staff
        self.codes = {name: cells.codes_of(ImportTable.RECORDS, name) for name in CHOSEN}
        self.there = courses_of(judge.place)
        self.rows: dict[Any, int] = {}  # courses named before

    def judge_row(self, line: Line) -> Line:
        line.keep(**{name: line.text(name) for name in AS_WRITTEN})
        for name, codes in self.codes.items():
            line.keep(**{name: line.read(name, partial(cells.chosen, codes=codes), table=ImportTable.RECORDS)})
        day = line.read("document_on", lambda text: cells.read_day(text, until=today()))
        line.keep(document_on=day and day.isoformat(), delivery_mode=self._delivery(line))
        dates = self._dates(line)
        self._hours(line)
        if LINE_BREAK.search(line.text("title")):
            line.say(Reason.LINE_BREAK, "title")
        if (member := self._member(line)) and (institution := self._institution(line, member)):
            line.keep(person=member.ref, institution=institution)
            if dates and not line.is_refused:
                self._compare(line, member.ref, dates)
        return line

    # What is written ----------------------------------------------------------------------------------------------

    def _dates(self, line: Line) -> ReadDates | None:
        try:
            read = read_dates(line.text("date_text"))
        except Unreadable as unreadable:
            code = unreadable.code if unreadable.code in REFUSED else Reason.DATE_UNREAD
            line.say(code, "date_text")
            return None
        if read and earliest_end(read) > today():
            line.say(Reason.NOT_ENDED, "date_text")
        elif read and read.precision != Precision.DAY:
            line.say(Reason.DATE_IMPRECISE, "date_text")
        return read

    def _hours(self, line: Line) -> None:
        try:
            read = read_hours(line.text("hours_text"))
        except Unreadable as unreadable:
            line.say(unreadable.code if unreadable.code in REFUSED else Reason.HOURS_UNREAD, "hours_text")
            return
        if read and read.unit != HoursUnit.HOUR:
            line.say(Reason.NOT_IN_HOURS, "hours_text")

    def _delivery(self, line: Line) -> str:
        text = line.text("delivery_mode")
        mode = read_delivery(text) if text else ""
        if text and not mode:
            line.say(Reason.DELIVERY_UNREAD, "delivery_mode")
        return mode

    # Whose it is --------------------------------------------------------------------------------------------------

    def _member(self, line: Line) -> Member | None:
        number, born_on, name = number_of(line), birthday_of(line), _name(line)
        if line.is_told("personal_number", "born_on"):
            return None
        if number:
            return self._bearer(line, number, name)
        if name is None or born_on is None:
            line.say(Reason.NEEDS_NUMBER, "personal_number")
            return None
        here = (born_on, name_key(name))
        found = self.staff.by_birthday.get(here, [])
        if len(found) == 1:
            return found[0]
        if found:
            line.say(Reason.SEVERAL_FIT, "personal_number")
        elif here in self.staff.refused:
            line.say(Reason.PERSON_REFUSED, row=self.staff.refused[here])
        else:
            line.say(Reason.PERSON_UNKNOWN, "born_on")
        return None

    def _bearer(self, line: Line, number: str, name: Name | None) -> Member | None:
        found = self.staff.by_number.get(number)
        if found is None:
            if number in self.staff.refused:
                line.say(Reason.PERSON_REFUSED, row=self.staff.refused[number])
            else:
                line.say(Reason.PERSON_UNKNOWN, "personal_number")
        elif name and not set(name_key(name)) & set(name_key(found.name)):
            line.say(Reason.NAME_DIFFERS, "personal_number")
            return None
        return found

    def _institution(self, line: Line, member: Member) -> Ref | None:
        """The school that will verify it: the one named, else the main place of work."""
        if not line.text("institution"):
            return member.institutions[0]
        wanted = self.judge.institution(line)
        if wanted is None or wanted in member.institutions:
            return wanted
        line.say(Reason.WORKS_NOT_THERE, "institution")
        return None

    def _compare(self, line: Line, person: Ref, dates: ReadDates) -> None:
        """The same course of the same person is not entered twice."""
        said = (fold(line.text("title")), dates.starts_on, dates.ends_on, fold(line.text("provider_text")))
        whose = next(iter(person.items()))
        before = self.rows.setdefault((whose, said), line.number)
        if before != line.number:
            line.say(Reason.DOUBLE, row=before)
        elif "pk" in person and (person["pk"], *said) in self.there:
            line.is_known = True


def _name(line: Line) -> Name | None:
    """The name where it can be read: a number is enough without it."""
    try:
        if line.text("family_name") or line.text("given_name"):
            return read_parts(*(line.text(part) for part in ("family_name", "given_name", "fathers_name")))
        return read_name(line.text("full_name"))
    except UnreadableName:
        return None
