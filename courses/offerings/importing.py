"""A provider's plan-schedule (F07) out of Excel: what its rows say, and everything that keeps them from being taken.

What was read is kept as typed (``PendingImport``) and judged each time anew: when it is shown, and when it is taken.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db.models import F, TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from courses import registers
from courses.choices import Block, HoursUnit, Precision, StudyForm
from courses.forms import REFUSED, YEARS
from courses.models import Offering, Provider, ProviderAlias
from courses.offerings.forms import CourseForm, title_key
from courses.reading import Unreadable, read_dates, read_hours
from courses.registers import PROVIDERS, Place, key_of
from cpd.sheets import Fault, Problem, Sheet, SheetColumn, in_order, text_of
from cpd.text import fold
from schools.choices import TeachingLanguage
from schools.models import District, Subject, User

PURPOSE = "offerings"
MOST_ROWS = 1000
LONGEST = {
    "provider": Provider._meta.get_field("title_ky").max_length or 0,
    "title": Offering._meta.get_field("title").max_length or 0,
    "audience": Offering._meta.get_field("audience").max_length or 0,
    "venue": Offering._meta.get_field("venue").max_length or 0,
}
A_WORD = 120  # signs: more than hours, a term or a choice ever needs
STEM = 4  # letters of a subject's title that must be there before its ending changes: «биологиянын»

# As F07 heads them (forms F07), and as people head them otherwise.
COLUMNS = (
    SheetColumn(
        "provider",
        ("Уюмдун аталышы", "Уюм", "Провайдер", "Наименование организации", "Организация"),
        longest=LONGEST["provider"],
    ),
    SheetColumn(
        "title",
        ("Курстун аталышы", "Курстун же модулдун аталышы", "Курс", "Название курса", "Тема курса"),
        longest=LONGEST["title"],
    ),
    SheetColumn(
        "audience",
        ("Кимдер үчүн (предмет, кызмат)", "Кимдер үчүн", "Для кого", "Для кого (предмет, должность)"),
        required=False,
        longest=LONGEST["audience"],
    ),
    SheetColumn("hours", ("Саат", "Сааттардын саны", "Часы", "Количество часов"), longest=A_WORD),
    SheetColumn("study_form", ("Окуу формасы", "Форма обучения"), required=False, longest=A_WORD),
    SheetColumn(
        "term",
        ("Өтүү мөөнөтү", "Мөөнөтү", "Өткөрүү мөөнөтү", "Срок проведения", "Сроки проведения", "Срок"),
        longest=A_WORD,
        instead=("starts_on", "ends_on"),
    ),
    SheetColumn(
        "venue",
        ("Өтүүчү жери", "Өткөрүлүүчү жери", "Место проведения"),
        required=False,
        longest=LONGEST["venue"],
    ),
    SheetColumn(
        "places",
        ("Бөлүнгөн орундардын саны", "Орундардын саны", "Количество выделенных мест", "Количество мест"),
        longest=A_WORD,
    ),
    SheetColumn("subject", ("Предмет", "Сабак"), required=False, longest=A_WORD),
    SheetColumn("language", ("Курстун тили", "Окутуу тили", "Язык обучения", "Язык"), required=False, longest=A_WORD),
    SheetColumn("block", ("Түрмөк", "Блок"), required=False, longest=A_WORD),
    # As our own file of F07 says the term, so that it can be sorted by days.
    SheetColumn("starts_on", ("Башталган датасы", "Дата начала"), required=False, longest=A_WORD),
    SheetColumn("ends_on", ("Аяктаган датасы", "Дата окончания"), required=False, longest=A_WORD),
)
_LEADERS = re.compile(r"директор|завуч|мектеп\w* жетекчи|руководител\w* школ")  # folded


@dataclass(frozen=True)
class Line:
    """One row of the file: as typed, as it will be saved, what is wrong with it, and what says the same already."""

    row: int
    typed: Mapping[str, str]
    columns: Mapping[str, Any]
    provider: Provider | None
    problems: list[Problem] = field(default_factory=list)
    same: Offering | None = None
    twin: int | None = None

    @property
    def is_new(self) -> bool:
        return not (self.problems or self.same or self.twin)

    @property
    def draft(self) -> Offering:
        """The course as it will be, for showing it."""
        return Offering(**self.columns)

    def offering(self, district: District, by: User) -> Offering:
        return Offering(district=district, provider=self.provider, entered_by=by.person, **self.columns)


@dataclass(frozen=True)
class Unknown:
    """An organisation that the register does not know by this text, and entries that it may be."""

    text: str
    rows: list[int]
    near: list[Provider]

    @property
    def field(self) -> str:
        """The name of its field in the form: by the first row, which never changes."""
        return f"provider-{self.rows[0]}"


@dataclass(frozen=True)
class Preview:
    lines: list[Line]
    unknown: list[Unknown]

    @property
    def problems(self) -> list[Problem]:
        return in_order(problem for line in self.lines for problem in line.problems)

    @property
    def faults(self) -> list[Problem]:
        """What only another file puts right: all but organisations that a person can name here."""
        return [problem for problem in self.problems if problem.code != "provider_unknown"]

    @property
    def new(self) -> int:
        return sum(line.is_new or self._waits(line) for line in self.lines)

    @property
    def known(self) -> int:
        return sum(bool(line.same or line.twin) for line in self.lines)

    @staticmethod
    def _waits(line: Line) -> bool:
        return [problem.code for problem in line.problems] == ["provider_unknown"]


def typed(sheet: Sheet) -> dict[str, Any]:
    """What a sheet says, as it is kept until somebody takes it."""
    rows = [
        {"row": number} | {name: text_of(cell) for name, cell in row.items()}
        for number, row in zip(sheet.numbers, sheet.rows, strict=True)
    ]
    return {
        "sheet": sheet.title,
        "others": sheet.others,
        "unread": sheet.unread,
        "letters": sheet.letters,
        "rows": rows,
    }


def check(read: Mapping[str, Any], district: District) -> Preview:
    """Every row judged as if it were typed into the form, and against what the district has. Few queries, any rows."""
    known = _providers(district, {key_of(row["provider"]) for row in read["rows"]})
    reader = _Reader(read["letters"])
    lines = [reader.line(row, known.get(key_of(row["provider"]))) for row in read["rows"]]
    return Preview(_compared(lines, district), _unknown(lines, district))


def problems_of(sheet: Sheet, district: District) -> list[Problem]:
    """What is wrong with the cells of a sheet, and with what the others say: all at once."""
    told = {(problem.row, problem.column) for problem in sheet.problems}
    more = check(typed(sheet), district).problems if sheet.rows else []
    # Of a column that is missing altogether it is said once, not for every row.
    return in_order([*sheet.problems, *(one for one in more if one.column and (one.row, one.column) not in told)])


def _providers(district: District, keys: set[str]) -> dict[str, Provider]:
    """Which entry each folded text stands for in a district: its own reading before the country's."""
    names = Place(district=district).knows(ProviderAlias.objects.live()).filter(key__in=keys)
    in_order = names.order_by(F("district").asc(nulls_first=True)).select_related("target")
    return {name.key: name.target for name in in_order}


def _unknown(lines: Iterable[Line], district: District) -> list[Unknown]:
    rows: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if any(problem.code == "provider_unknown" for problem in line.problems):
            rows[key_of(line.typed["provider"])].append(line)
    near: Mapping[str, list[Any]] = {}
    if rows:
        near = registers.proposals(PROVIDERS, Place(district=district), rows)
    return [
        Unknown(found[0].typed["provider"], [line.row for line in found], near[key]) for key, found in rows.items()
    ]


def _compared(lines: list[Line], district: District) -> list[Line]:
    """The lines, with those marked that the district has already, cancelled ones too, and that the file says twice."""
    days = {line.columns["starts_on"] for line in lines if "starts_on" in line.columns}
    there: dict[tuple[Any, ...], list[Offering]] = defaultdict(list)
    for offering in district.offerings.filter(starts_on__in=days).order_by(F("cancelled_at").asc(nulls_first=True)):
        there[(offering.provider_id, offering.title_key, offering.starts_on)].append(offering)
    first: dict[tuple[Any, ...], Line] = {}
    return [_placed(line, there, first) for line in lines]


def _placed(line: Line, there: Mapping[tuple[Any, ...], list[Offering]], first: dict[tuple[Any, ...], Line]) -> Line:
    if line.problems or line.provider is None:
        return line
    course = (line.provider.pk, title_key(line.columns["title"]), line.columns["starts_on"])
    language = line.columns["language"]
    # F07 has no column for the language: where the file does not name one, it speaks of the course there is.
    same = [one for one in there.get(course, ()) if one.language == language or not line.typed["language"]]
    if same:
        return replace(line, same=same[0])
    earlier = first.setdefault((*course, language), line)
    if earlier is line:
        return line
    if earlier.columns == line.columns:
        return replace(line, twin=earlier.row)
    told = _("Row %(row)s names the same course with other particulars.") % {"row": earlier.row}
    return replace(line, problems=[Problem("differs", told, row=line.row)])


class _Reader:
    """Typed rows → columns. What it needs of the register of subjects is read once."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        self.letters = letters
        self.has_days = "term" not in letters and "starts_on" in letters
        self.headings = {column.name: column.headings[0] for column in COLUMNS}
        self.subjects = list(Subject.objects.order_by("pk"))
        self.study_forms = _by_label(StudyForm)
        self.languages = _by_label(TeachingLanguage)
        self.blocks = _by_label(Block)

    def line(self, row: Mapping[str, Any], provider: Provider | None) -> Line:
        problems: list[Problem] = []

        def wrong(column: str, code: str, text: Any) -> None:
            letter, heading = self.letters.get(column, ""), self.headings[column]
            problems.append(Problem(code, str(text), row=row["row"], column=letter, heading=heading))

        data = self._read(row, wrong)
        form = CourseForm(data)
        for name, errors in form.errors.as_data().items():
            column = "term" if name in ("starts_on", "ends_on") and not self.has_days else name
            if not any(problem.heading == self.headings[column] for problem in problems):
                for error in errors:
                    wrong(column, str(error.code or "invalid"), " ".join(error.messages))
        if provider is None:
            wrong("provider", "provider_unknown", _("The organisation is not in the register"))
        columns = {} if form.errors else form.columns() | {"subject": data["subject"]}
        return Line(row["row"], {name: row[name] for name in self.headings}, columns, provider, problems)

    def _read(self, row: Mapping[str, str], wrong: Any) -> dict[str, Any]:
        """The row as the form takes it; a text that cannot be read is left out and told."""
        data: dict[str, Any] = {name: row[name] for name in ("title", "audience", "venue")}
        days = ("starts_on", "ends_on")
        data |= (
            {name: self._day(name, row[name], wrong) for name in days}
            if self.has_days
            else self._term(row["term"], wrong)
        )
        data["hours"] = self._hours(row["hours"], wrong)
        data["places"] = row["places"]
        choices = {"study_form": self.study_forms, "language": self.languages, "block": self.blocks}
        for name, known in choices.items():
            data[name] = self._chosen(name, row[name], known, wrong)
        data["language"] = data["language"] or TeachingLanguage.KYRGYZ.value
        data["subject"] = self._subject(row, wrong)
        data["is_for_leaders"] = bool(_LEADERS.search(fold(row["audience"])))
        return data

    def _term(self, text: str, wrong: Any) -> dict[str, Any]:
        try:
            read = read_dates(text)
        except Unreadable as unreadable:
            told = REFUSED.get(unreadable.code, _("We could not read the date. Write it like this: 12–23.07.2021."))
            wrong("term", unreadable.code.value, str(told) % YEARS)
            return {}
        if read and read.precision != Precision.DAY:
            wrong("term", "imprecise", _("The first and the last day are needed, for example 12–23.07.2021."))
            return {}
        return {"starts_on": read.starts_on, "ends_on": read.ends_on} if read else {}

    def _day(self, name: str, text: str, wrong: Any) -> Any:
        try:
            read = read_dates(text)
        except Unreadable:
            read = None
        if read and read.precision == Precision.DAY and read.starts_on == read.ends_on:
            return read.starts_on
        wrong(name, "not_a_day", _("Enter a valid date, for example 25.09.2021.") if text else Fault.MISSING.label)
        return None

    def _hours(self, text: str, wrong: Any) -> Any:
        try:
            read = read_hours(text)
        except Unreadable as unreadable:
            wrong("hours", unreadable.code.value, REFUSED.get(unreadable.code, _("The hours could not be read")))
            return None
        if read and read.unit != HoursUnit.HOUR:
            wrong("hours", "not_in_hours", _("The unit is not hours"))
            return None
        return read.amount if read else None

    def _chosen(self, name: str, text: str, known: Mapping[str, str], wrong: Any) -> str:
        if text and fold(text) not in known:
            labels = ", ".join(f"«{label}»" for label in dict.fromkeys(_labels(name)))
            wrong(name, "invalid_choice", _("This is not known. Write one of: %(choices)s.") % {"choices": labels})
        return known.get(fold(text), "")

    def _subject(self, row: Mapping[str, str], wrong: Any) -> Subject | None:
        """The subject of its own column; without one, the only one that the words for whom the course is name."""
        if row["subject"]:
            same = [one for one in self.subjects if fold(row["subject"]) in (fold(one.title_ky), fold(one.title_ru))]
            if not same:
                wrong("subject", "invalid_choice", _("This subject is not in the register."))
            return same[0] if same else None
        words = fold(row["audience"])
        named = [
            one for one in self.subjects if any(_is_named(title, words) for title in (one.title_ky, one.title_ru))
        ]
        return named[0] if len(named) == 1 else None


_CHOICES: dict[str, type[TextChoices]] = {"study_form": StudyForm, "language": TeachingLanguage, "block": Block}


def _labels(name: str) -> list[str]:
    return [str(label) for label in _CHOICES[name].labels]


def _by_label(choices: type[TextChoices]) -> dict[str, str]:
    """The codes of a closed list by its words in every language of the site, folded."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): str(value) for value, label in choices.choices}
    return found


def _is_named(title: str, words: str) -> bool:
    """Whether a subject's title stands in folded words, with any ending."""
    stem = fold(title)
    return len(stem) >= STEM and re.search(rf"\b{re.escape(stem)}", words) is not None
