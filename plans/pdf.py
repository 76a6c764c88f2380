"""The papers of plans: F01 of a school year, F02, the individual plan, and F12, the first years with a mentor.

A version prints what was frozen with it and the decisions made on it; the working copy prints as a draft. Everything
that is not approved says so on every page.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import RecordStatus
from courses.facts import judgement_of
from courses.words import days, known_hours
from cpd.dates import Period, school_year_of, today
from cpd.papers import Approval
from cpd.pdf import LANGUAGE, render_pdf
from cpd.wording import speaking
from plans import words
from plans.changes import Change, ChangeKind, FieldChange, changes
from plans.choices import Ground
from plans.content import Content, Plan, content_of
from plans.induction.marks import marks_of
from plans.lecturers import paper
from plans.models import Fulfilment, InductionPlan
from plans.rules import planned_hours
from schools.approval import RouteStepData, route_as_read
from schools.categories import category_title
from schools.checking import seal_of
from schools.choices import PERSONAL, Action, DocumentKind, Role
from schools.delegations import post_of
from schools.models import Decision, DocumentVersion, Meeting, PrintedForm
from schools.wording import words_of

FORMS: dict[str, str] = {
    DocumentKind.ANNUAL_PLAN: "F01",
    DocumentKind.INDIVIDUAL_PLAN: "F02",
    DocumentKind.INDUCTION_PLAN: "F12",
}
NOTHING = "—"
BLANK = "____________"

# The word over a signature, by what the signer does (forms §0.1).
WORDS: dict[str, str | Promise] = {
    Action.CONSIDER: gettext_lazy("CONSIDERED"),
    Action.AGREE: gettext_lazy("AGREED"),
    Action.APPROVE: gettext_lazy("I APPROVE"),
}


@dataclass(frozen=True)
class YearlyChange:
    """One line of the sheet of yearly changes: what an approved version changed in the one approved before it."""

    school_year: int
    sentences: list[str]
    reason: str
    meeting: Meeting | None
    approved_on: dt.date


def plan_pdf(plan: Plan, version: DocumentVersion | None = None) -> bytes:
    """The paper of one frozen ``version`` of ``plan``, or of its working copy."""
    if version is not None and version.document_id != plan.pk:
        raise ValueError("this version belongs to another plan")
    own_words = words_of(plan.institution)
    with speaking(own_words, LANGUAGE):
        return render_pdf(f"pdf/{form_of(plan).lower()}.html", paper_of(plan, version), own_words)


def form_of(plan: Plan) -> str:
    """On which form the institution prints this kind of paper, as «F19»."""
    printed = _printed(plan)
    return printed.code if printed else FORMS[plan.kind]


def _printed(plan: Plan) -> PrintedForm | None:
    """What the institution prints on its form; schools print theirs as they are."""
    return None if plan.kind in FORMS else PrintedForm.objects.for_document(plan.institution, plan.kind)


def paper_name(plan: Plan, version: DocumentVersion | None = None) -> str:
    """The file's name: form, years, teacher, version. Letters, digits and dashes only, whatever the names hold."""
    whose = plan.author.short_name if plan.kind in PERSONAL else str(plan.association or plan.institution)
    parts = [form_of(plan), plan.period.label, whose]
    if version is not None:
        parts.append(f"v{version.number}")
    if version is None or not _is_approved(version.decisions.all()):
        with translation.override(LANGUAGE):
            parts.append(_("Draft").lower())
    safe = (re.sub(r"[^\w-]+", "-", part).strip("-")[:80] for part in parts)
    return "_".join(filter(None, safe)) + ".pdf"


def paper_of(plan: Plan, version: DocumentVersion | None) -> dict[str, Any]:
    """What the paper's template reads, with every code already a word."""
    content = version.content if version else content_of(plan)
    decisions = list(version.decisions.select_related("meeting")) if version else []
    steps = approvals(content, route_as_read(plan, version, decisions), decisions)
    told = {
        "record": plan.pk,
        "number": version.number if version else None,
        "printed_on": today(),
        "is_draft": not _is_approved(decisions),
        "considered": steps[:-1],
        "approved": steps[-1:],
        "years": Period(_day(content["starts_on"]), _day(content["ends_on"])).label,
        "teacher": content.get("teacher"),
        "school": content["school"],
        "printed": _printed(plan),
        "seal": seal_of(version.mark, version.content_hash) if version else None,
    }
    return told | PARTS[content["kind"]](content, plan, version)


def approvals(content: Content, route: Sequence[RouteStepData], decisions: Iterable[Decision]) -> list[Approval]:
    """The blocks of the route in its order; the last one approves. A return decides nothing on paper."""
    taken = {made.step: made for made in decisions if made.step is not None and made.action != Action.RETURN}
    blocks = []
    for place, step in enumerate(route):
        if step["needs_minutes"] and step["action"] != Action.CONSIDER:  # a meeting heard it and its chair signs
            blocks.append(_heard(content, taken.get(place)))
        blocks.append(_approval(content, step, taken.get(place)))
    return blocks


def yearly_changes(plan: Plan, version: DocumentVersion | None) -> list[YearlyChange]:
    """The sheet of yearly changes up to ``version`` (national regulation 6.2); only approved versions count."""
    approved = plan.versions.filter(decisions__action=Action.APPROVE).prefetch_related("decisions__meeting")
    if version is not None:
        approved = approved.filter(number__lte=version.number)
    return [_yearly_change(before, after) for before, after in pairwise(approved.order_by("number"))]


def sentence(change: Change) -> str:
    """One change in words: «Өзгөрдү: … (Сааттардын саны: 24 → 36)»."""
    if change.kind == ChangeKind.ADDED:
        return _("Added: %(title)s") % {"title": change.title}
    if change.kind == ChangeKind.REMOVED:
        return _("Removed: %(title)s") % {"title": change.title}
    if change.kind == ChangeKind.MOVED:
        return _("The order of the rows was changed.")
    fields = "; ".join(_field_sentence(field) for field in change.fields)
    if not change.title:
        return _("Changed: %(fields)s") % {"fields": fields}
    return _("Changed: %(title)s (%(fields)s)") % {"title": change.title, "fields": fields}


def _is_approved(decisions: Iterable[Decision]) -> bool:
    return any(decision.action == Action.APPROVE for decision in decisions)


def _approval(content: Content, step: RouteStepData, decision: Decision | None) -> Approval:
    meeting = decision.meeting if decision else None
    if step["action"] == Action.CONSIDER and (meeting or step["needs_minutes"]):
        return _heard(content, decision)
    if step.get("needs_order"):
        return Approval(
            word=_("APPROVED"),
            by_order=True,
            order=decision.order_number if decision else "",
            on=decision.ordered_on if decision else None,
        )
    # A substitute signs with their own post, not with the one the route names.
    role = (decision.by_role if decision else "") or step["role"]
    return Approval(
        word=str(WORDS[step["action"]]),
        post=post_of(words.label(Role, role), decision) if decision else words.label(Role, role),
        name=decision.by_name if decision else "",
        on=timezone.localdate(decision.at) if decision else None,
    )


def _heard(content: Content, decision: Decision | None) -> Approval:
    meeting = decision.meeting if decision else None
    return Approval(
        heard_by=_heard_by(content["association"]),
        minutes=meeting.minutes_number if meeting else "",
        on=meeting.held_on if meeting else None,
    )


def _heard_by(association: str) -> tuple[str, ...]:
    """Whose meeting it was, as F02 words it; a title that says what it is itself stands on its own line."""
    if any(word in association.lower() for word in words.UNIT_WORDS):
        return association, _("Considered at the meeting of the methodical association")
    return (_("%(association)s: considered at its meeting") % {"association": association or BLANK},)


def _annual_part(content: Content, _plan: Plan, _version: DocumentVersion | None) -> dict[str, Any]:
    return {
        "subjects": ", ".join(_inside_a_sentence(subject) for subject in content["teacher"]["subjects"]),
        "rows": [_annual_row(content, row) for row in content["rows"]],
    }


def _annual_row(content: Content, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "need": row["need"],
        "methods": words.methods(row),
        "term": words.term(row),
        "executor": words.executor(row, content),
    }


def _induction_part(content: Content, plan: InductionPlan, _version: DocumentVersion | None) -> dict[str, Any]:
    """The plan as it was frozen; the mentor's marks as they stand on the day of printing."""
    marks = marks_of(plan) if plan.in_force_id else {}
    return {
        "hired_on": _day(content["hired_on"]) if content["hired_on"] else None,
        "year_numbers": ", ".join(f"{number}-" for number in range(1, content["years"] + 1)),
        "mentor": content["mentor"]["name"] if content["mentor"] else "",
        "rows": [{**row, "term": words.term(row), "mark": marks.get(row["uid"])} for row in content["rows"]],
    }


def _individual_part(content: Content, plan: Plan, version: DocumentVersion | None) -> dict[str, Any]:
    """The plan as it was frozen; what was attended since, as it stands on the day of printing."""
    teacher = content["teacher"]
    attended: dict[str, Fulfilment] = {}
    if plan.in_force_id:
        links = Fulfilment.objects.on_paper().filter(plan=plan.pk).select_related("record")
        attended = {str(link.uid): link for link in links}
    return {
        "category": category_title(teacher["category"]),
        "education": words.listed(teacher["education"], teacher["speciality"]),
        "grounds": [{"label": str(label), "ticked": code in content["grounds"]} for code, label in Ground.choices],
        "grounds_text": content["grounds_text"],
        "rows": [_item(row, attended.get(row["uid"])) for row in content["rows"]],
        "planned_hours": planned_hours(content),
        "required_hours": content["required_hours"],
        "confirmed_hours": _confirmed_hours(plan) if plan.in_force_id else Decimal(),
        "yearly_changes": yearly_changes(plan, version),
    }


def _item(row: Mapping[str, Any], link: Fulfilment | None) -> dict[str, Any]:
    in_words = {name: words.field_value(name, row[name]) for name in ("block", "study_form")}
    return {**row, **in_words, "term": words.term(row), "attended": _attended(link) if link else None}


def _attended(link: Fulfilment) -> dict[str, Any]:
    """The record that fulfils an item, as the column «Аткарылышы» tells it."""
    record = link.record
    return {
        "title": record.title,
        "days": days(record.starts_on, record.ends_on, record.precision) or record.date_text,
        "hours": known_hours(record.amount, record.unit, record.approved_hours),
        "is_verified": record.status == RecordStatus.VERIFIED,
    }


def _confirmed_hours(plan: Plan) -> Decimal:
    """What the hours rule counts in the period of a plan in force, by today or by the plan's last day."""
    figure = judgement_of(plan.author, plan.institution, min(today(), plan.ends_on)).plan
    # Long leave may move the window's last day, so it is known by its first.
    is_of_plan = figure and figure.window and figure.window.starts_on == plan.starts_on
    return figure.total if figure and is_of_plan else Decimal()


def _yearly_change(before: DocumentVersion, after: DocumentVersion) -> YearlyChange:
    decisions = list(after.decisions.all())
    approved_on = timezone.localdate(next(one.at for one in decisions if one.action == Action.APPROVE))
    return YearlyChange(
        school_year=school_year_of(approved_on),
        sentences=[sentence(change) for change in changes(before.content, after.content)],
        reason=after.content["change_note"],
        meeting=next((one.meeting for one in decisions if one.meeting and one.action != Action.RETURN), None),
        approved_on=approved_on,
    )


def _field_sentence(field: FieldChange) -> str:
    """«Сааттардын саны: 24 → 36»."""
    before, after = (words.field_value(field.name, value) or NOTHING for value in (field.before, field.after))
    return f"{words.field_label(field.name)}: {before} → {after}"


def _inside_a_sentence(title: str) -> str:
    """«География» → «география»; abbreviations keep their capitals."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# What each kind's paper shows beside the common head.
PARTS: dict[str, Callable[[Content, Any, DocumentVersion | None], dict[str, Any]]] = {
    DocumentKind.INDIVIDUAL_PLAN: _individual_part,
    DocumentKind.ANNUAL_PLAN: _annual_part,
    DocumentKind.INDUCTION_PLAN: _induction_part,
    **paper.PARTS,
}
