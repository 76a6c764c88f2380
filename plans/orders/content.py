"""What an order says to whoever reads it outside the district: plain data, frozen when it is issued."""

from typing import Any

from django.conf import settings

from courses.words import decimal_text
from plans.models import OrderRow, TrainingOrder
from plans.orders.hidden import is_small, sum_told

Content = dict[str, Any]
Row = dict[str, Any]


def content_of(order: TrainingOrder) -> Content:
    """The order without its small groups; one query. Titles are official, so in Kyrgyz."""
    rows = all_rows(order)
    shown = [row for row in rows if not is_small(row["teachers"])]
    left_out = [row["teachers"] for row in rows if is_small(row["teachers"])]
    return {
        "number": order.number,
        "district": order.district.title_ky,
        "school_year": order.school_year,
        "addressee": addressee(order),
        "replaces": order.replaces.number if order.replaces else None,
        "rows": shown,
        "teachers": sum(row["teachers"] for row in shown),
        "smallest_group": settings.SMALLEST_GROUP,
        "left_out": len(left_out),
        "left_out_teachers": sum_told(left_out),
    }


def addressee(order: TrainingOrder) -> str:
    """To whom it goes: as it was typed, or else the provider."""
    return order.addressee or (order.provider.title_ky if order.provider else "")


def all_rows(order: TrainingOrder) -> list[Row]:
    """The lines with the small groups: for the district alone."""
    return [_row(row) for row in order.rows.select_related("subject")]


def groups_told(order: TrainingOrder) -> set[str]:
    """The groups whose lines left the district with an issued order."""
    return {row["group"] for row in order.content["rows"]} if order.content else set()


def _row(row: OrderRow) -> Row:
    return {
        "group": row.group,
        "title": row.title,
        "subject": row.subject.title_ky if row.subject else "",
        "language": row.language,
        "block": row.block,
        "quarter": row.quarter,
        "study_form": row.study_form,
        "hours": decimal_text(row.hours),
        "schools": row.schools,
        "teachers": row.teachers,
        "note": row.note,
    }
