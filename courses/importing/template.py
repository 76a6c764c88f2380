"""The empty workbook to fill in: four sheets, an example in each, lists to choose from, and a sheet of hints.

Official headings are Kyrgyz, so is the workbook, whatever language the reader's screen speaks.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from courses.choices import DeliveryMode, ImportTable
from courses.exports import BlankColumn, BlankSheet, Cell, Column, Table, blank_book
from courses.importing import tables
from courses.importing.tables import EXAMPLE_MARK, HINTS_SHEET, LISTS_SHEET, TABLES
from courses.importing.words import CHOICES, GIVEN_ROLES, MAIN_OR_SECOND, YES_NO
from cpd.sheets import SheetColumn
from cpd.wording import speaking
from schools.models import Category, District, Institution, Position, Subject
from schools.wording import words_of

NARROW, WIDE = 16, 34  # signs
LEFT_OUT = {  # known when read, and not asked for: one column for the name is enough
    ImportTable.STAFF: {"family_name", "given_name", "fathers_name"},
    ImportTable.RECORDS: {"family_name", "given_name", "fathers_name"},
}


# What stands otherwise in the workbook of a kind of institution (``cpd.wording``); such headings are read too.
_IN_WORDS: dict[str, dict[Cell, str]] = {
    "college": {
        "Усулдук бирикмелер": "Предметтик-циклдик комиссиялар",
        "Усулдук бирикменин аталышы": "Комиссиянын аталышы",
        "Усулдук бирикме": "Предметтик-циклдик комиссия",
        "№1 Сыноо орто мектеби": "Сыноо колледжи",
        "Пробная средняя школа №1": "Пробный колледж",
        "биология мугалими": "биология окутуучусу",
        "Биология мугалими": "Биология",
    },
    "uni": {
        "Усулдук бирикмелер": "Кафедралар",
        "Усулдук бирикменин аталышы": "Кафедранын аталышы",
        "Усулдук бирикме": "Кафедра",
        "№1 Сыноо орто мектеби": "Сыноо университети",
        "Пробная средняя школа №1": "Пробный университет",
        "биология мугалими": "биология окутуучусу",
        "Биология мугалими": "Биология",
    },
}


def template_workbook(place: Institution | District | None = None) -> bytes:
    """The workbook for a school or district; the lists name its institutions."""
    words = words_of(place) if isinstance(place, Institution) else ""
    own = _IN_WORDS.get(words, {})
    with speaking(words, "ky"):
        filler = _Filler(place, own)
        sheets = [
            BlankSheet(own.get(table.sheets[0], table.sheets[0]), filler.columns(table), table.most_rows)
            for table in TABLES
        ]
        return blank_book(sheets, hints=_hints(own), lists=LISTS_SHEET)


class _Filler:
    """Examples and lists of every column; ``own`` are the words that stand for others in this workbook."""

    def __init__(self, place: Institution | District | None, own: Mapping[Cell, str]) -> None:
        self.own = own
        here = Institution.objects.filter(district=place.pk) if isinstance(place, District) else ()
        self.institutions = [place.title_ky] if isinstance(place, Institution) else [one.title_ky for one in here]
        self.subjects = list(Subject.objects.values_list("title_ky", flat=True))
        self.positions = list(Position.objects.values_list("title_ky", flat=True))
        self.categories = list(Category.objects.values_list("title_ky", flat=True))

    def columns(self, table: tables.Table) -> list[BlankColumn]:
        asked = [column for column in table.columns if column.name not in LEFT_OUT.get(table.key, ())]
        examples = [self._in_words(self._example(table.key, column)) for column in asked]
        first = next(place for place, example in enumerate(examples) if isinstance(example, str))
        examples[first] = f"{EXAMPLE_MARK} {examples[first]}"
        return [
            BlankColumn(
                self.own.get(column.headings[0], column.headings[0]),
                WIDE if column.longest > tables.A_WORD else NARROW,
                example,
                self._choices(table.key, column.name),
                is_closed=(table.key, column.name) in CHOICES or column.name == "is_main",
            )
            for column, example in zip(asked, examples, strict=True)
        ]

    def _in_words(self, example: Cell) -> Cell:
        return self.own.get(example, example)

    def _example(self, table: ImportTable, column: SheetColumn) -> Cell:
        name = column.name
        if (table == ImportTable.INSTITUTIONS and name == "title_ky") or name == "institution":
            return "№1 Сыноо орто мектеби"
        if (table, name) in CHOICES and name != "role":
            return self._choices(table, name)[0]
        return _examples(table).get(name, "")

    def _choices(self, table: ImportTable, name: str) -> Sequence[str]:
        if (table, name) in CHOICES:
            known = CHOICES[table, name].choices
            return [str(label) for value, label in known if name != "role" or value in GIVEN_ROLES]
        return {
            "institution": self.institutions,
            "position": self.positions,
            "subjects": self.subjects,
            "category": self.categories,
            "is_main": [str(word) for word in MAIN_OR_SECOND],
            "is_teaching": [str(word) for word in YES_NO],
            "delivery_mode": [str(label) for label in DeliveryMode.labels],
        }.get(name, [])


def _examples(table: ImportTable) -> dict[str, Cell]:
    """Invented, and told apart by their mark."""
    if table == ImportTable.INSTITUTIONS:
        return {"title_ru": "Пробная средняя школа №1", "code": "00000001", "number": "1"}
    if table == ImportTable.ASSOCIATIONS:
        return {"title_ky": "Табигый илимдер", "title_ru": "Естественные науки"}
    person: dict[str, Cell] = {
        "full_name": "Үлгүбекова Үлгү Үлгүбековна",
        "personal_number": "20101198000000",
        "born_on": dt.date(1980, 1, 1),
    }
    if table == ImportTable.STAFF:
        return person | {
            "position": "биология мугалими",
            "subjects": "Биология, Химия",
            "association": "Табигый илимдер",
            "category": "Биринчи категория",
            "experience": "12 жыл",
            "education": "Жогорку",
            "speciality": "Биология мугалими",
            "employed_from": dt.date(2015, 9, 1),
            "is_main": str(MAIN_OR_SECOND[0]),
            "is_teaching": str(YES_NO[0]),
        }
    return person | {
        "title": "Критерийлер боюнча баалоо",
        "date_text": "12-23-июль 2021-ж.",
        "provider_text": "Сыноо билим берүү борбору",
        "hours_text": "72",
        "delivery_mode": str(DeliveryMode.OFFLINE.label),
        "document_number": "№ 123",
        "document_on": dt.date(2021, 7, 23),
    }


def _hints(own: Mapping[Cell, str]) -> Table:
    texts = _texts()
    rows = [
        [*(own.get(text, text) for text in (table.sheets[0], column.headings[0])), texts[column.name]]
        for table in TABLES
        for column in table.columns
        if column.name in texts and column.name not in LEFT_OUT.get(table.key, ())
    ]
    about = [
        (_("Sheets"), _("Fill in only those that you need. Columns may stand in any order.")),
        (_("Example"), _("The row marked as an example is passed over. It may be deleted.")),
        (_("Cells"), _("No formulas, no merged cells, one person or course in a row. An empty cell changes nothing.")),
        (_("Reading again"), _("The same file may be read again: what is there already stays as it is.")),
    ]
    columns = [Column(_("Sheet"), 22), Column(_("Column"), 34), Column(_("How it is filled in"), 90)]
    return Table(_("How to fill in this workbook"), HINTS_SHEET, about, columns, rows)


def _texts() -> dict[str, str]:
    return {
        "institution": _("The title, the code or the number. For a single school it may stay empty."),
        "code": _("The official code, where there is one: by it the institution is found again."),
        "full_name": _("Family name, given name, father's name in full, no initials. Three columns will do too."),
        "personal_number": _("All digits, as text. With the date of birth it says who is meant; a name never does."),
        "born_on": _("The day, for example 01.01.1980."),
        "position": _("As the order of employment says it."),
        "subjects": _("As the list has them; several with commas between."),
        "association": _("As the sheet of associations has it."),
        "experience": _("The years, for example 6 or 6 жыл, or better the first day of teaching."),
        "employed_from": _("The first day in this institution."),
        "is_main": _("Whether it is the main job or a second one."),
        "role": _("Only for those who lead the school, an association or the papers; otherwise empty."),
        "title": _("As the document says."),
        "date_text": _("As the document says, for example 12–23.07.2021."),
        "provider_text": _("As the document says."),
        "hours_text": _("As the document says, for example 24."),
        "document_number": _("If the document has no number, write “б/н”."),
    }
