"""What the papers of an internship print beside the common head: its plan, F25 and F27; F23 and F24 (004 VI)."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.words import listed
from cpd.papers import Approval
from plans import words
from plans.choices import InternshipActivity
from plans.rules import planned_hours
from schools.models import DocumentVersion

Content = dict[str, Any]


def plan_part(content: Content, _plan: Any, _version: DocumentVersion | None) -> dict[str, Any]:
    """The plan with the block of the host; the least number of hours is that of the rule when it was frozen."""
    return _common(content) | {
        "host": Approval(
            word=_("AGREED"),
            post=_("Head of the host organisation"),
            name=content["host_head"],
            on=_day(content["host_agreed_on"]),
        ),
        "rows": [_row(row) for row in content["rows"]],
        "total": planned_hours(content) or None,  # a line to write on, while nothing is planned
        "min_hours": content["min_hours"],
    }


def programme_part(content: Content, _plan: Any, _version: DocumentVersion | None) -> dict[str, Any]:
    told = content["internship"]
    return _common(content) | {
        "whose": listed(content["teacher"]["name"], content["association"]),
        "internship": told | {"starts_on": _day(told["starts_on"]), "ends_on": _day(told["ends_on"])},
        "rows": [_row(row) for row in told["rows"]],
    }


def information_part(content: Content, _plan: Any, version: DocumentVersion | None) -> dict[str, Any]:
    """When it was handed in is known of a version only; late from the day after the last one (004 6.6)."""
    due_on, handed_in_on = _day(content["due_on"]), timezone.localdate(version.made_at) if version else None
    teacher = content["teacher"]
    return _common(content) | {
        "whose": listed(teacher["name"], teacher["position"], content["association"]),
        "internship": content["internship"],
        "due_on": due_on,
        "handed_in_on": handed_in_on,
        "is_late": bool(due_on and handed_in_on and handed_in_on > due_on),
    }


def _common(content: Content) -> dict[str, Any]:
    """The days are those of the paper, as frozen with it."""
    return {
        "content": content,
        "starts_on": dt.date.fromisoformat(content["starts_on"]),
        "ends_on": dt.date.fromisoformat(content["ends_on"]),
        "institution": {"title_ky": content["school"]["title"]},  # for the head of the quality system
    }


def _row(row: Content) -> Content:
    return row | {"activity": words.label(InternshipActivity, row["activity_kind"])}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
