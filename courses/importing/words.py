"""Why a row or a file is taken as it is: the codes that are kept, and the sentences that a reader sees.

A reason is ``{"code": …, "column": …, "values": {…}}``: the values are plain data, the sentence is made in the
language of whoever reads it, months later too.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.choices import Block, DocumentType, Flag, ImportTable, TrainingKind
from courses.forms import IN_FUTURE, REFUSED, UNREAD_DATE, YEARS
from courses.importing.tables import BY_KEY
from courses.reading import Problem as Unread
from cpd.dates import short_date
from cpd.sheets import Fault
from cpd.text import fold
from schools.audit import SHOWN_OF_MASKED
from schools.choices import SCHOOL_ROLES, InstitutionKind, Role, TeachingLanguage
from schools.models import Category
from schools.names import Unclear
from schools.naming import HIDDEN

DAY = _("Enter a valid date, for example 25.09.2021.")


class Reason(TextChoices):
    """What is said of a row. Those in ``WARNINGS`` keep nothing from being taken."""

    DOUBLE = "double", _("Row %(row)s says the same already.")
    NOT_A_CHOICE = "not_a_choice", _("This is not known. Write one of: %(choices)s.")
    NOT_A_DAY = "not_a_day", DAY
    IN_FUTURE = "in_future", IN_FUTURE

    INSTITUTION_MISSING = "institution_missing", _("Name the institution.")
    INSTITUTION_UNKNOWN = "institution_unknown", _("There is no such institution here. Write its title or its code.")
    INSTITUTION_UNCLEAR = "institution_unclear", _("Several institutions fit: %(titles)s. Write the code.")
    INSTITUTION_REFUSED = "institution_refused", _("The institution's own row %(row)s is refused.")
    INSTITUTION_NOT_YOURS = "institution_not_yours", _("This row is about another institution than yours.")
    INSTITUTION_KEPT = "institution_kept", _("Only the district office changes institutions.")
    CODE_TAKEN = "code_taken", _("Another institution has this code.")
    TITLE_TAKEN = "title_taken", _("An institution with this title is there already, with another code.")

    ASSOCIATION_UNKNOWN = (
        "association_unknown",
        _("The institution has no such association. Enter it on the sheet of associations."),
    )
    ASSOCIATION_REFUSED = "association_refused", _("The association's own row %(row)s is refused.")

    NAME_EMPTY = Unclear.EMPTY.value, _("The name is missing.")
    NAME_INITIALS = (
        Unclear.INITIALS.value,
        _("Initials are not enough. Write the family name and the given name in full."),
    )
    NAME_ONE_WORD = Unclear.ONE_WORD.value, _("Write both the family name and the given name.")
    NAME_TOO_MANY = (
        Unclear.TOO_MANY.value,
        _("The name has more than three parts. Write it in three columns."),
    )
    NAME_SIGNS = Unclear.SIGNS.value, _("The name holds signs that no name has.")
    NAME_ORDER = (
        Unclear.ORDER.value,
        _("Write the family name first, then the given name and the father's name."),
    )
    NAME_TOO_LONG = Unclear.TOO_LONG.value, _("The name is too long.")

    NUMBER_DIGITS = "number_digits", _("The personal number has %(wanted)s digits; here it has %(count)s.")
    NUMBER_SIGNS = "number_signs", _("The personal number consists of digits only.")
    BIRTHDAY_DIFFERS = (
        "birthday_differs",
        _("Somebody with another date of birth has this personal number. Check both."),
    )
    NUMBER_OF_TWO = (
        "number_of_two",
        _("Row %(row)s has this personal number too, with another name or another date of birth. Check both."),
    )
    TOO_YOUNG = "too_young", _("On this day the person was not %(years)s years old. Check the date of birth.")
    BEGINS_LATER = "begins_later", _("This day lies ahead.")
    NAME_DIFFERS = "name_differs", _("Somebody with another name has this personal number. Check both.")
    NEEDS_BIRTHDAY = (
        "needs_birthday",
        _("Somebody with another name has this personal number. Write the date of birth too."),
    )
    NEEDS_NUMBER = (
        "needs_number",
        _("Write the personal number or the date of birth: nobody is found by the name alone."),
    )
    SAME_NAME_HERE = (
        "same_name_here",
        _(
            "Somebody of this name works here already. Write the personal number and the date of birth, "
            "and see that they stand on that person's page too."
        ),
    )
    SEVERAL_FIT = "several_fit", _("Several people have this name and date of birth. Write the personal number.")
    WORKS_ELSEWHERE = (
        "works_elsewhere",
        _("This person works in another institution: %(title)s. Propose a transfer, or call this a second job."),
    )
    WORKS_UNTIL = "works_until", _("The work of this person here is to end on %(day)s. Change that first.")
    DAYS_TAKEN = "days_taken", _("These days belong to another employment: %(place)s.")
    BEGAN_BY_MOVE = "began_by_move", _("It began by a move to another institution, which both of them confirmed.")
    LEAVE_BEFORE = "leave_before", _("A long leave began before this day.")
    PERSON_REFUSED = "person_refused", _("This person's own row %(row)s is refused.")
    PERSON_UNKNOWN = (
        "person_unknown",
        _("Nobody with this personal number, or this name and date of birth, works here."),
    )
    WORKS_NOT_THERE = "works_not_there", _("This person does not work in the institution named here.")

    ROLE_NOT_YOURS = "role_not_yours", _("You may not give the role “%(role)s” here.")
    ROLE_OF_NO_ASSOCIATION = "role_of_no_association", _("Name the association that this person heads.")
    SUBJECT_UNKNOWN = "subject_unknown", _("Not in the register of subjects and left out: %(texts)s.")
    EXPERIENCE_UNREAD = (
        "experience_unread",
        _("We could not read the experience. Write the years, for example 6, or since when."),
    )

    DATE_UNREAD = "date_unread", UNREAD_DATE
    NO_YEAR = Unread.NO_YEAR.value, REFUSED[Unread.NO_YEAR]
    NO_SUCH_DAY = Unread.NO_SUCH_DAY.value, REFUSED[Unread.NO_SUCH_DAY]
    END_BEFORE_START = Unread.END_BEFORE_START.value, REFUSED[Unread.END_BEFORE_START]
    YEAR_OUT_OF_RANGE = Unread.YEAR_OUT_OF_RANGE.value, REFUSED[Unread.YEAR_OUT_OF_RANGE]
    NOT_ENDED = "not_ended", _("The course has not ended yet. It can be entered when it is over.")
    NOT_POSITIVE = Unread.NOT_POSITIVE.value, REFUSED[Unread.NOT_POSITIVE]
    TOO_MANY = Unread.TOO_MANY.value, REFUSED[Unread.TOO_MANY]

    NUMBER_OTHER_DAY = "number_other_day", _("The personal number speaks of another date of birth.")
    NAME_CHANGES = "name_changes", _("The name changes; until now it is %(name)s.")
    PERSON_KEPT = "person_kept", _("What differs of the person stays as the main place of work keeps it.")
    MAIN_KEPT = "main_kept", _("Whether it is the main job is not changed by an import.")
    DAY_RECKONED = "day_reckoned", _("Reckoned from what is written: %(day)s.")
    POSITION_UNKNOWN = (
        "position_unknown",
        _("This position is not in the list. It is taken as a teaching post."),
    )
    DATE_IMPRECISE = "date_imprecise", Flag.DATE_IMPRECISE.label
    HOURS_UNREAD = "hours_unread", _("The hours could not be read. The verifier enters them from the document.")
    NOT_IN_HOURS = "not_in_hours", _("The unit is not hours. The verifier enters the hours from the document.")
    DELIVERY_UNREAD = "delivery_unread", _("The type of course could not be read and is left out.")
    LINE_BREAK = "line_break", _("A word seems to be divided at the end of a line. It stays as written.")


WARNINGS = frozenset(
    {
        Reason.NUMBER_OTHER_DAY,
        Reason.NAME_CHANGES,
        Reason.PERSON_KEPT,
        Reason.MAIN_KEPT,
        Reason.DAY_RECKONED,
        Reason.POSITION_UNKNOWN,
        Reason.SUBJECT_UNKNOWN,
        Reason.BEGINS_LATER,
        Reason.DATE_IMPRECISE,
        Reason.HOURS_UNREAD,
        Reason.NOT_IN_HOURS,
        Reason.DELIVERY_UNREAD,
        Reason.LINE_BREAK,
    }
)


class FileProblem(TextChoices):
    """What is said of the file, beside ``cpd.sheets.Fault``. Those in ``HINTS`` keep nothing from being taken."""

    NO_TABLES = "no_tables", _("None of the tables was found. The sheets are called: %(sheets)s.")
    SHEET_TWICE = "sheet_twice", _("This table stands on two sheets, here and on “%(other)s”. Put it on one.")
    SHEET_UNREAD = "sheet_unread", pgettext_lazy("import", "This sheet is none of the tables and was not read.")
    COLUMNS_UNREAD = "columns_unread", _("These columns are not known and were not read: %(headings)s.")
    EXAMPLES = "examples", _("Examples that were passed over: %(count)s.")


HINTS = frozenset({FileProblem.SHEET_UNREAD, FileProblem.COLUMNS_UNREAD, FileProblem.EXAMPLES})

# What came of undoing an import, kept as sentences among its problems.
NOT_UNDONE, KEPT = "not_undone", "kept"

# The closed lists, for the sentence that tells what may be written. Categories are data.
CHOICES: dict[tuple[str, str], type[TextChoices]] = {
    (ImportTable.INSTITUTIONS, "kind"): InstitutionKind,
    (ImportTable.STAFF, "teaching_language"): TeachingLanguage,
    (ImportTable.STAFF, "role"): Role,
    (ImportTable.RECORDS, "document_type"): DocumentType,
    (ImportTable.RECORDS, "kind"): TrainingKind,
    (ImportTable.RECORDS, "block"): Block,
}
HIDDEN_COLUMNS = ("personal_number", "born_on")
GIVEN_ROLES = (*SCHOOL_ROLES, Role.ASSOCIATION_HEAD)
YES_NO = (_("Yes"), _("No"))
MAIN_OR_SECOND = (pgettext_lazy("job", "main"), pgettext_lazy("job", "second"))


def reason_text(reason: Mapping[str, Any]) -> str:
    """One entry of ``ImportRow.reasons`` as a sentence in the reader's language."""
    code, values = reason["code"], dict(reason.get("values") or {})
    if code == Reason.NOT_A_CHOICE:
        values["choices"] = ", ".join(f"«{word}»" for word in _choices(reason["column"], values))
    if "day" in values:
        values["day"] = short_date_of(values["day"])
    if "role" in values:
        values["role"] = Role(values["role"]).label
    return str(_label(code)) % (YEARS | values)


def is_warning(reason: Mapping[str, Any]) -> bool:
    """Whether a row is taken in spite of it."""
    return reason["code"] in WARNINGS


def problem_text(problem: Mapping[str, Any]) -> str:
    """One entry of ``WorkbookImport.problems`` as a sentence in the reader's language, the sheet before it."""
    if "text" in problem:  # why an import was given up is kept as a sentence
        return str(problem["text"])
    code = problem["code"]
    label = FileProblem(code).label if code in FileProblem.values else _label(code)
    text = str(label) % (problem.get("values") or {})
    return f"{problem['sheet']}: {text}" if problem.get("sheet") else text


def is_hint(problem: Mapping[str, Any]) -> bool:
    """Whether the file is taken in spite of it."""
    return problem["code"] in HINTS


def is_of_undoing(problem: Mapping[str, Any]) -> bool:
    return problem["code"] in (NOT_UNDONE, KEPT)


def heading(table: str, column: str) -> str:
    """How our own workbook heads a column."""
    known = {one.name: one.headings[0] for one in BY_KEY[ImportTable(table)].columns}
    return known.get({"teaching_since": "experience"}.get(column, column), "")


def shown_of(column: str, text: str) -> str:
    """A cell as those see it who are not to see personal numbers and birth dates: of the number the end alone."""
    if column not in HIDDEN_COLUMNS or not text:
        return text
    return HIDDEN if column == "born_on" else f"{HIDDEN}{text[-SHOWN_OF_MASKED:]}"


def short_date_of(day: str) -> str:
    return short_date(dt.date.fromisoformat(day))


def _label(code: str) -> Any:
    return Reason(code).label if code in Reason.values else Fault(code).label


def _choices(column: str, values: Mapping[str, Any]) -> list[str]:
    if column == "category":
        return [str(one) for one in Category.objects.filter(pk__in=values["codes"])]
    if column in ("is_main", "is_teaching"):
        return [str(word) for word in (MAIN_OR_SECOND if column == "is_main" else YES_NO)]
    choices = CHOICES[values["table"], column]
    return [str(label) for value, label in choices.choices if column != "role" or value in GIVEN_ROLES]


def key(text: str) -> str:
    """A word for comparing: «1-категория» and «1 КАТЕГОРИЯ» are one."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(text)).split())
