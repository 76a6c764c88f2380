"""The papers of course schedules: F05, the association's, and F06, the school's, sent to the district.

A version prints what was frozen with it and the decisions made on it. The working copy, and a version that was
returned, withdrawn or opened again, say on every page that they are no more than a draft.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from courses.models import Schedule
from courses.schedules import words
from courses.schedules.content import Content, Difference, DifferenceKind, Row, content_of, differences
from courses.schedules.history import HANDED_ON
from courses.words import listed
from cpd.dates import school_year_label, today, year_alone
from cpd.papers import Approval
from cpd.pdf import LANGUAGE, pdf_of
from cpd.templatetags.cpd import hours
from schools.checking import Seal, seal_of
from schools.choices import Action, DocumentKind, Role
from schools.delegations import post_of
from schools.models import Decision, DocumentVersion, RoleAssignment

FORMS: dict[str, str] = {DocumentKind.ASSOCIATION_SCHEDULE: "F05", DocumentKind.SCHOOL_SCHEDULE: "F06"}
FREEZING = (Action.SUBMIT, Action.CLOSE)
GIVEN_UP = (Action.RETURN, Action.WITHDRAW, Action.REOPEN)
TOLD_OF_WHOLE_ROWS = ("hours", "term")  # of a row that came or went
NOTHING = "—"

# The columns of forms §F05 and §F06, the number of the row aside.
COLUMNS: dict[str, tuple[str | Promise, Callable[[Row], str]]] = {
    "teacher": (gettext_lazy("Full name of the teacher"), lambda row: row["teacher"]),
    "subjects": (
        gettext_lazy("Subject taught, position held"),
        lambda row: listed(*row["subjects"], row["position"]),
    ),
    "category": (
        gettext_lazy("Category, teaching experience"),
        lambda row: listed(words.column_value("category", row["category"]), _years(row["experience_years"])),
    ),
    "last": (
        gettext_lazy("Year and hours of the last course"),
        lambda row: listed(_year(row["last_year"]), _hours(row["last_hours"])),
    ),
    "total": (gettext_lazy("Hours collected in five years"), lambda row: hours(row["total"])),
    "shortfall": (gettext_lazy("Missing hours"), lambda row: hours(row["shortfall"])),
    "title": (gettext_lazy("Course (module)"), lambda row: row["title"]),
    "hours": (pgettext_lazy("schedule", "Number of hours"), lambda row: hours(row["hours"])),
    "provider": (gettext_lazy("Name of the organisation"), lambda row: row["provider"]),
    "study_form": (
        gettext_lazy("Study form"),
        lambda row: words.column_value("study_form", row["study_form"]),
    ),
    "month": (
        gettext_lazy("Proposed term"),
        lambda row: words.column_value("proposed_month", row["proposed_month"]),
    ),
    "term": (gettext_lazy("Fixed term"), lambda row: _term(row)),
    "note": (gettext_lazy("Note"), lambda row: row["note"]),
}
# Which of them a form has, with their widths in per cent of the paper's. F06 leaves out what is missing and who is
# responsible: A4 is no wider, and the Excel file has both.
NUMBER = 3
WIDTHS: dict[str, dict[str, float]] = {
    DocumentKind.ASSOCIATION_SCHEDULE: {
        "teacher": 11, "subjects": 9.5, "category": 8, "last": 6.5, "total": 6.5, "shortfall": 7, "title": 14,
        "hours": 4.5, "provider": 10, "study_form": 7.5, "month": 6, "note": 6.5,
    },
    DocumentKind.SCHOOL_SCHEDULE: {
        "teacher": 11, "subjects": 9.5, "category": 8, "last": 6.5, "total": 6.5, "title": 14, "hours": 4.5,
        "provider": 10, "study_form": 7.5, "month": 6, "term": 8, "note": 5.5,
    },
}  # fmt: skip
# How the title of a district ends, and how its education office is called then: the title takes no case ending.
OFFICES = {
    "району": gettext_lazy("To the education office of the district: %(place)s"),
    "шаары": gettext_lazy("To the education office of the city: %(place)s"),
}


@dataclass(frozen=True)
class Earlier:
    """A version that was handed on before; ``is_accepted`` where it came to be in force."""

    key: int
    number: int
    made_at: dt.datetime
    is_accepted: bool

    @property
    def made_on(self) -> dt.date:
        return timezone.localdate(self.made_at)


@dataclass(frozen=True)
class Head:
    """What stands on a paper around its rows. Until a step is taken, lines stand for its name and its day.

    ``change`` counts the versions handed on before. ``base`` is the one it is compared with, ``before`` what that one
    says: the last that was accepted, or else the last that was handed on. A first version has none.
    """

    record: int
    number: int | None
    is_draft: bool
    change: int
    changed_on: dt.date | None
    base: Earlier | None
    before: Content | None
    meeting: Approval
    director: Approval
    writer: Approval
    sent_on: dt.date | None
    receipt: Approval
    seal: Seal | None


def schedule_pdf(schedule: Schedule, version: DocumentVersion | None = None) -> bytes:
    """The paper of one frozen ``version`` of the schedule, or of its working copy."""
    if version is None:
        return pdf_of(schedule_html(content_of(schedule), head_of_working_copy(schedule)))
    if version.document_id != schedule.pk:
        raise ValueError("this version belongs to another schedule")
    return pdf_of(schedule_html(version.content, heads_of([version])[version.pk]))


def schedule_html(content: Content, head: Head) -> str:
    """The paper as markup, in Kyrgyz; ``cpd.pdf.pdf_of`` makes the PDF of it, in any process, without a database."""
    with translation.override(LANGUAGE):
        return render_to_string(f"pdf/{FORMS[content['kind']].lower()}.html", _paper(content, head))


def heads_of(versions: Collection[DocumentVersion]) -> dict[int, Head]:
    """What stands on the papers of these versions, by their keys: at most four queries for any number."""
    decisions: dict[int, list[Decision]] = defaultdict(list)
    made = Decision.objects.filter(version__in=[version.pk for version in versions]).select_related("meeting")
    for decision in made.order_by("pk"):
        decisions[decision.version_id].append(decision)
    handed_on = _handed_on({version.document_id for version in versions})
    earlier = {
        version.pk: [one for one in handed_on[version.document_id] if one.number < version.number]
        for version in versions
    }
    contents = _contents(filter(None, map(_base, earlier.values())))
    writers = {
        one.in_place_of_id or one.by_id for found in decisions.values() for one in found if one.action in FREEZING
    }
    deputies = _deputies(writers)
    return {
        version.pk: _head(
            version.document_id,
            version.content["kind"],
            decisions[version.pk],
            deputies,
            earlier[version.pk],
            contents,
            number=version.number,
            changed_on=timezone.localdate(version.made_at),
            seal=seal_of(version.mark, version.content_hash),
        )
        for version in versions
    }


def head_of_working_copy(schedule: Schedule) -> Head:
    """The same of what is not frozen yet: nobody has signed it."""
    earlier = _handed_on({schedule.pk})[schedule.pk]
    contents = _contents(filter(None, [_base(earlier)]))
    return _head(schedule.pk, schedule.kind, [], [], earlier, contents, number=None, changed_on=None, seal=None)


def paper_name(schedule: Schedule, version: DocumentVersion | None, ending: str) -> str:
    """The file's name: form, school year, whose, version. Letters, digits and dashes only, whatever the names hold."""
    whose = schedule.association or schedule.institution
    with translation.override(LANGUAGE):
        which = f"v{version.number}" if version else _("Draft").lower()
    parts = (FORMS[schedule.kind], school_year_label(schedule.school_year), whose.title_ky, which)
    return "_".join(re.sub(r"[^\w-]+", "-", part).strip("-")[:80] for part in parts) + ending


# --- what stands around the rows ----------------------------------------------------------------------------------


def _handed_on(documents: Collection[int]) -> Mapping[int, list[Earlier]]:
    """Every version that was handed on and not taken back, by document, the first one first."""
    handed_on = Q()
    for kind, action in HANDED_ON.items():
        handed_on |= Q(document__kind=kind, decisions__action=action)
    versions = DocumentVersion.objects.filter(handed_on, document__in=documents).order_by("number")
    accepted = Decision.objects.filter(version=OuterRef("pk"), action=Action.APPROVE)
    kept = versions.exclude(decisions__action=Action.WITHDRAW).annotate(is_accepted=Exists(accepted))
    found: dict[int, list[Earlier]] = defaultdict(list)
    for document, key, number, made_at, is_accepted in kept.values_list(
        "document", "pk", "number", "made_at", "is_accepted"
    ):
        found[document].append(Earlier(key, number, made_at, is_accepted))
    return found


def _base(earlier: Sequence[Earlier]) -> Earlier | None:
    """The version a change is a change of."""
    return max(earlier, key=lambda one: (one.is_accepted, one.number), default=None)


def _contents(versions: Iterable[Earlier]) -> dict[int, Content]:
    found = DocumentVersion.objects.filter(pk__in=[version.key for version in versions])
    return dict(found.values_list("pk", "content"))


def _deputies(people: Collection[int]) -> list[RoleAssignment]:
    """Who of these people is, or was, a deputy director."""
    return list(RoleAssignment.objects.filter(role=Role.DEPUTY_DIRECTOR, person__in=people))


def _head(
    record: int,
    kind: str,
    decisions: Sequence[Decision],
    deputies: Sequence[RoleAssignment],
    earlier: Sequence[Earlier],
    contents: Mapping[int, Content],
    **columns: Any,
) -> Head:
    with translation.override(LANGUAGE):
        steps = [one for one in decisions if one.step is not None and one.action != Action.RETURN]
        by_role = {one.by_role: one for one in steps}
        meeting = next((one.meeting for one in steps if one.meeting), None)
        sent = next((one for one in decisions if one.action == Action.SEND), None)
        base = _base(earlier)
        return Head(
            record=record,
            is_draft=not decisions or decisions[-1].action in GIVEN_UP,
            change=len(earlier),
            base=base,
            before=contents[base.key] if base else None,
            meeting=Approval(
                heard_by=(_("Considered at the meeting of the methodical association"),),
                minutes=meeting.minutes_number if meeting else "",
                on=meeting.held_on if meeting else None,
            ),
            director=_signed(Role.DIRECTOR, by_role.get(Role.DIRECTOR), word=_("I APPROVE")),
            writer=_written(kind, decisions, deputies),
            sent_on=timezone.localdate(sent.at) if sent else None,
            receipt=_signed(Role.DISTRICT_OFFICER, by_role.get(Role.DISTRICT_OFFICER)),
            **columns,
        )


def _signed(role: Role, decision: Decision | None, word: str = "") -> Approval:
    post = str(role.label)
    if decision is None:
        return Approval(word=word, post=post)
    return Approval(word=word, post=post_of(post, decision), name=decision.by_name, on=timezone.localdate(decision.at))


def _written(kind: str, decisions: Sequence[Decision], deputies: Sequence[RoleAssignment]) -> Approval:
    """Who made the schedule: the head of the association; for a school the deputy director, or the director where
    there is none (000 §14–15).
    """
    frozen = next((one for one in decisions if one.action in FREEZING), None)
    if kind == DocumentKind.ASSOCIATION_SCHEDULE:
        return _signed(Role.ASSOCIATION_HEAD, frozen)
    is_deputy = frozen is None or any(_held(role, frozen) for role in deputies)
    return _signed(Role.DEPUTY_DIRECTOR if is_deputy else Role.DIRECTOR, frozen)


def _held(role: RoleAssignment, decision: Decision) -> bool:
    day = timezone.localdate(decision.at)
    return (
        role.person_id == (decision.in_place_of_id or decision.by_id)
        and role.starts_on <= day
        and (role.ends_on is None or day <= role.ends_on)
    )


# --- what the templates read --------------------------------------------------------------------------------------


def _paper(content: Content, head: Head) -> dict[str, Any]:
    names = list(WIDTHS[content["kind"]])
    cells = [COLUMNS[name][1] for name in names]
    numbers = count(1)
    return {
        "head": head,
        "seal": head.seal,
        "is_draft": head.is_draft,
        "printed_on": today(),
        "content": content,
        "year": school_year_label(content["school_year"]),
        "names_itself": "бирикме" in content["association"].lower(),
        "office": office_of(content["school"]["district"]),
        "columns": [(COLUMNS[name][0], str(width)) for name, width in WIDTHS[content["kind"]].items()],
        "number_width": NUMBER,
        "groups": [
            {**group, "printed": [[next(numbers), *(cell(row) for cell in cells)] for row in group["rows"]]}
            for group in content["groups"]
        ],
        "before_hours": names.index("hours") + 1,
        "after_hours": len(names) - names.index("hours") - 1,
        "changes": [_told(one) for one in differences(head.before, content)] if head.before else [],
    }


def office_of(district: str) -> str:
    """«Ак-Булак райондук билим берүү бөлүмүнө»; a place that is neither keeps its title on a line of its own."""
    place, _space, ending = district.rpartition(" ")
    if place and ending in OFFICES:
        return OFFICES[ending] % {"place": place}
    return _("%(district)s: to the education office") % {"district": district}


def _told(difference: Difference) -> dict[str, Any]:
    """One line of the sheet of changes: «Сааттардын саны: 24 → 36»."""
    is_whole = difference.kind != DifferenceKind.CHANGED
    columns = (one for one in difference.columns if not is_whole or one.name in TOLD_OF_WHOLE_ROWS)
    return {
        "teacher": difference.teacher,
        "title": difference.title,
        "kind": words.KINDS[difference.kind],
        "said": [
            f"{words.column_label(one.name)}: "
            + (_value(one.name, one.after or one.before) if is_whole else _step(one.name, one.before, one.after))
            for one in columns
        ],
    }


def _step(name: str, before: Any, after: Any) -> str:
    return f"{_value(name, before)} → {_value(name, after)}"


def _value(name: str, value: Any) -> str:
    return words.column_value(name, value) or NOTHING


def _term(row: Row) -> str:
    """Each word on a line of its own: a date would be torn after its hyphens, and a whole one is wider than the
    column.
    """
    return words.term(row["starts_on"], row["ends_on"]).replace(" –", "\N{NO-BREAK SPACE}–").replace(" ", "\n")


def _years(experience: int | None) -> str:
    return "" if experience is None else pgettext("experience", "%(years)s years") % {"years": experience}


def _year(year: int | None) -> str:
    return year_alone(dt.date(year, 1, 1)) if year else ""


def _hours(value: str | None) -> str:
    return _("%(hours)s h") % {"hours": hours(value)} if value else ""
