"""F09: a district's order for training as a paper and as Excel; and the needs of the country as Excel. In Kyrgyz.

Both leave the district: small groups stand in none of them.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.choices import Block, StudyForm
from courses.exports import Cell, Column, Table, printed
from cpd.dates import school_year_label, today
from cpd.pdf import LANGUAGE, render_pdf
from plans.choices import Quarter
from plans.models import TrainingOrder
from plans.orders.content import Content, Row, content_of
from plans.orders.country import Found
from plans.orders.words import for_whom, left_out_words

NUMBERS = (1, 5, 6, 7)  # columns that hold numbers, and stand in the middle


def order_pdf(order: TrainingOrder) -> bytes:
    with translation.override(LANGUAGE):
        content = content_told(order)
        table = order_table(content)
        context = {
            "order": order,
            "content": content,
            "table": table,
            "rows": [[printed(cell) for cell in row] for row in table.rows],
            "year": school_year_label(content["school_year"]),
            "numbers": NUMBERS,
            "issued_on": localdate(order.issued_at) if order.issued_at else None,
            "is_draft": order.issued_at is None,
            "printed_on": today(),
            "left_out": left_out_words(content["left_out"], content["left_out_teachers"]),
        }
        return render_pdf("pdf/f09.html", context)


def content_told(order: TrainingOrder) -> Content:
    """What was issued, or what would be today."""
    content: Content | None = order.content
    return content if content is not None else content_of(order)


def order_table(content: Content) -> Table:
    """The lines as forms §F09 has them; what was left out stands above them."""
    left_out = left_out_words(content["left_out"], content["left_out_teachers"])
    return Table(
        title=_("Order for training"),
        sheet=content["district"],
        about=[
            (_("District, city"), content["district"]),
            (_("School year"), school_year_label(content["school_year"])),
            (_("No."), content["number"]),
            (_("To whom"), content["addressee"]),
            *([(_("Instead of the order No."), content["replaces"])] if content["replaces"] else []),
            (_("Needed places"), content["teachers"]),
            *([(_("Left out"), left_out)] if left_out else []),
        ],
        columns=[
            Column(_("No."), 4),
            Column(_("Direction (programme, module)"), 31),
            Column(_("Block"), 13),
            Column(_("Target group"), 17),
            Column(_("Number of schools"), 13),
            Column(_("Number of teachers"), 15),
            Column(pgettext("table heading", "Hours"), 6),
            Column(_("Study form"), 14),
            Column(_("Term"), 17),
            Column(_("Note"), 15),
        ],
        rows=[[number, *in_words(row).values()] for number, row in enumerate(content["rows"], start=1)],
    )


def country_table(found: Found, year: int, subjects: dict[int, str], chosen: Iterable[tuple[str, Any]]) -> Table:
    """All lines of the country as they were asked for."""
    return Table(
        title=_("Learning needs of the country"),
        sheet=_("Learning needs"),
        about=[
            (_("School year"), school_year_label(year)),
            *((label, str(value)) for label, value in chosen),
            (_("Needed places"), found.teachers),
            *([(_("Left out"), left_out_words(found.left_out, found.left_out_teachers))] if found.left_out else []),
        ],
        columns=[
            Column(_("No."), 5),
            Column(_("Topic"), 40),
            Column(_("Subject"), 20),
            Column(_("Language of the course"), 12),
            Column(_("Block"), 16),
            Column(_("Wished term"), 22),
            Column(_("Districts"), 11),
            Column(_("Schools"), 11),
            Column(_("Teachers"), 12),
            Column(_("Places on the topic"), 14),
            Column(_("Of them given"), 12),
        ],
        rows=(
            [
                number,
                line.title,
                subjects.get(line.subject or 0, ""),
                line.get_language_display(),
                line.get_block_display(),
                line.get_quarter_display(),
                line.districts,
                line.schools,
                line.teachers,
                line.places,
                line.given,
            ]
            for number, line in enumerate(found.lines, start=1)
        ),
    )


def in_words(row: Row) -> dict[str, Cell]:
    """A line of an order column by column, its number aside."""
    return {
        "title": row["title"],
        "block": str(Block(row["block"]).label) if row["block"] else "",
        "for_whom": for_whom(row["subject"], row["language"]),
        "schools": row["schools"],
        "teachers": row["teachers"],
        "hours": Decimal(row["hours"]) if row["hours"] else None,
        "study_form": str(StudyForm(row["study_form"]).label) if row["study_form"] else "",
        "term": str(Quarter(row["quarter"]).label) if row["quarter"] else "",
        "note": row["note"],
    }
