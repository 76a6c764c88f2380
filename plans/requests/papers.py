"""The paper of a request (F08), which names nobody, and its inner annex with the names, which stays at the school.

A version prints what was frozen with it and the decisions made on it; the working copy, and a version that was
returned or withdrawn, say on every page that they are no more than a draft.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.exports import Cell, Column, Table
from courses.schedules.papers import office_of
from courses.words import listed
from cpd.dates import school_year_label, today
from cpd.papers import Approval
from cpd.pdf import LANGUAGE, pdf_of
from cpd.templatetags.cpd import hours
from plans.models import LearningNeed, NeedsRequest
from plans.requests import words
from plans.requests.content import Content, Line, counts_somebody_twice
from plans.requests.history import signed
from plans.requests.words import each_once
from schools.checking import seal_of
from schools.choices import Action, DocumentKind, Role
from schools.delegations import post_of
from schools.models import Decision, DocumentVersion

FORM = "F08"
GIVEN_UP = (Action.RETURN, Action.WITHDRAW)
Named = Mapping[str, Sequence[LearningNeed]]


@dataclass(frozen=True)
class Head:
    """What stands on a paper around its lines. Until a step is taken, lines stand for its name and its day."""

    record: int
    number: int | None
    is_draft: bool
    director: Approval
    receipt: Approval


def request_pdf(request: NeedsRequest, content: Content, version: DocumentVersion | None = None) -> bytes:
    """The paper of one frozen ``version``, or of the working copy whose ``content`` it is."""
    seal = seal_of(version.mark, version.content_hash) if version else None
    return _pdf("pdf/f08.html", request, content, version, {"seal": seal})


def annex_pdf(request: NeedsRequest, content: Content, named: Named, version: DocumentVersion | None = None) -> bytes:
    """Who needs what of the same content; for the school alone."""
    numbers = count(1)
    lines = [{"number": next(numbers), "line": line, "needs": named[line["uid"]]} for line in content["lines"]]
    return _pdf("pdf/f08_annex.html", request, content, version, {"lines": lines})


def request_table(content: Content, number: int | None = None) -> Table:
    """The request for Excel, in Kyrgyz; ``number`` is the version's, if it is one."""
    names = ("title", "grounds", "subject", "language", "teachers", "study_form", "quarter", "block", "hours", "note")
    widths = (44, 34, 24, 12, 12, 18, 24, 18, 10, 30)
    with translation.override(LANGUAGE):
        return Table(
            title=str(DocumentKind.NEEDS_REQUEST.label),
            sheet=content["school"]["title"],
            about=[
                (_("School"), content["school"]["title"]),
                (_("District, city"), content["school"]["district"]),
                (_("School year"), school_year_label(content["school_year"])),
                (_("Version"), number or _("Draft")),
                (_("Number of teachers"), content["teachers"]),
                *([("", each_once())] if counts_somebody_twice(content) else []),
            ],
            columns=[
                Column(_("No."), 5),
                *(Column(words.column_label(name), width) for name, width in zip(names, widths, strict=True)),
            ],
            rows=[
                [number, *(_cell(name, line[name]) for name in names)]
                for number, line in enumerate(content["lines"], start=1)
            ],
        )


def paper_name(request: NeedsRequest, version: DocumentVersion | None, ending: str, *, is_annex: bool = False) -> str:
    """The file's name: form, school year, whose, version. Letters, digits and dashes only."""
    with translation.override(LANGUAGE):
        which = f"v{version.number}" if version else _("Draft").lower()
        annex = pgettext("file name", "annex")
    form = f"{FORM}-{annex}" if is_annex else FORM
    parts = (form, school_year_label(request.school_year), request.institution.title_ky, which)
    return "_".join(re.sub(r"[^\w-]+", "-", part).strip("-")[:80] for part in parts) + ending


def _pdf(
    template: str, request: NeedsRequest, content: Content, version: DocumentVersion | None, more: dict[str, Any]
) -> bytes:
    if version is not None and version.document_id != request.pk:
        raise ValueError("this version belongs to another request")
    with translation.override(LANGUAGE):
        head = _head(request, version)
        context = {
            "head": head,
            "is_draft": head.is_draft,
            "printed_on": today(),
            "content": content,
            "sum_explained": each_once() if counts_somebody_twice(content) else "",
            "year": school_year_label(content["school_year"]),
            "office": office_of(content["school"]["district"]),
            "printed": [[number, *_cells(line)] for number, line in enumerate(content["lines"], start=1)],
        }
        html = render_to_string(template, context | more)
    return pdf_of(html)


def _cells(line: Line) -> list[str]:
    """The columns of forms §F08. What the form has no column for stands under what it belongs to."""
    values = {name: words.column_value(name, line[name]) for name in line if name != "needs"}
    hours_said = _("%(hours)s h") % {"hours": hours(line["hours"])} if line["hours"] else ""
    return [
        values["title"],
        values["grounds"],
        "\n".join(filter(None, (values["subject"], _("Language: %(language)s") % {"language": values["language"]}))),
        values["teachers"],
        values["study_form"],
        values["quarter"],
        listed(values["block"], hours_said, values["note"]),
    ]


def _head(request: NeedsRequest, version: DocumentVersion | None) -> Head:
    decisions = list(version.decisions.order_by("pk")) if version else []
    steps = {one.by_role: one for one in decisions if one.step is not None and one.action != Action.RETURN}
    signature = signed(version, decisions) if version else None
    return Head(
        record=request.pk,
        number=version.number if version else None,
        is_draft=not decisions or decisions[-1].action in GIVEN_UP,
        director=_signed(Role.DIRECTOR, signature),
        receipt=_signed(Role.DISTRICT_OFFICER, steps.get(Role.DISTRICT_OFFICER)),
    )


def _signed(role: Role, decision: Decision | None) -> Approval:
    post = str(Role(decision.by_role or role).label) if decision else str(role.label)
    if decision is None:
        return Approval(post=post)
    return Approval(post=post_of(post, decision), name=decision.by_name, on=timezone.localdate(decision.at))


def _cell(name: str, value: Any) -> Cell:
    """A number stays one, so that it can be sorted by and reckoned with."""
    if name == "hours":
        return Decimal(value) if value else None
    return value if name == "teachers" else words.column_value(name, value)
