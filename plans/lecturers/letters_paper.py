"""What applications (F22) and reports (F21) print: annexes 4 and 3 of the university's regulation; 003 4.3.

Who signs is told by the route. The form has each line in a grammatical case of its own, so every post is a text.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from courses.choices import AttachmentKind, DeliveryMode, DocumentType, StudyForm, TrainingKind
from courses.words import days, listed
from cpd.dates import short_date, span
from cpd.templatetags.cpd import hours
from plans import words
from plans.choices import ReportUse
from plans.models import Application, CourseReport
from schools.approval import RouteStepData, route_as_read
from schools.choices import Action, Role
from schools.delegations import post_of
from schools.models import Decision, DocumentVersion

Content = dict[str, Any]
BLANK = "____________"

CONSENTS: dict[str, Promise] = {
    Role.ASSOCIATION_HEAD: pgettext_lazy("signature", "Consent of the head of the methodical association"),
    Role.DEAN: pgettext_lazy("signature", "Consent of the dean"),
    Role.QUALITY_OFFICER: pgettext_lazy("signature", "Consent of the head of the quality department"),
    Role.DEPUTY_DIRECTOR: pgettext_lazy("signature", "Consent of the deputy director"),
    Role.DIRECTOR: pgettext_lazy("signature", "Consent of the director"),
}
DECISIONS: dict[str, Promise] = {
    Role.ASSOCIATION_HEAD: pgettext_lazy("signature", "Decision of the head of the methodical association"),
    Role.DEAN: pgettext_lazy("signature", "Decision of the dean"),
    Role.QUALITY_OFFICER: pgettext_lazy("signature", "Decision of the head of the quality department"),
    Role.DEPUTY_DIRECTOR: pgettext_lazy("signature", "Decision of the deputy director"),
    Role.DIRECTOR: pgettext_lazy("signature", "Decision of the director"),
}
REPORT_APPROVED: dict[str, Promise] = {
    Role.ASSOCIATION_HEAD: pgettext_lazy(
        "signature", "The report was approved by the head of the methodical association"
    ),
    Role.DEAN: pgettext_lazy("signature", "The report was approved by the dean"),
    Role.QUALITY_OFFICER: pgettext_lazy("signature", "The report was approved by the head of the quality department"),
    Role.DEPUTY_DIRECTOR: pgettext_lazy("signature", "The report was approved by the deputy director"),
    Role.DIRECTOR: pgettext_lazy("signature", "The report was approved by the director"),
}
WHERE_TO: dict[str, Promise] = {
    TrainingKind.COURSE: pgettext_lazy("application", "to courses of qualification upgrade"),
    TrainingKind.INTERNSHIP: pgettext_lazy("application", "to an internship"),
}
RELEASES: dict[str, Promise] = {
    StudyForm.RELEASED: pgettext_lazy("application", "with a break from teaching"),
    StudyForm.PARTLY_RELEASED: pgettext_lazy("application", "with a partial break from teaching"),
    StudyForm.NOT_RELEASED: pgettext_lazy("application", "without a break from teaching"),
}


@dataclass(frozen=True)
class Signature:
    """One line to sign on; the name and the day stand there once it is signed."""

    post: str
    name: str = ""
    on: dt.date | None = None


def application_part(content: Content, plan: Application, version: DocumentVersion | None) -> dict[str, Any]:
    made = _decisions(version)
    handed_in = _last(made, Action.SUBMIT)
    return {
        "content": content,
        "institution": plan.institution,
        "sentence": _sentence(content),
        "organisation": content["provider_text"],
        "funding": words.field_value("funding", content["funding"]),
        "handed_in_on": _day(handed_in),
        "signatures": [
            Signature(_("Applicant"), content["teacher"]["name"], _day(handed_in)),
            *_steps(route_as_read(plan, version, made), made),
        ],
    }


def report_part(content: Content, plan: CourseReport, version: DocumentVersion | None) -> dict[str, Any]:
    made = _decisions(version)
    told, uses = content["record"], content["uses"]
    step = route_as_read(plan, version, made)[-1:]
    approved = _last(made, Action.APPROVE)
    return {
        "content": content,
        "institution": plan.institution,
        "place_and_time": [told["provider"], _days_of(told)],
        "course": listed(told["title"], _("%(hours)s h") % {"hours": hours(told["hours"])} if told["hours"] else ""),
        "delivery_mode": words.label(DeliveryMode, told["delivery_mode"]),
        "uses": [
            {
                "label": str(label),
                "ticked": code in uses,
                "names": content["new_lectures"] if code == ReportUse.NEW_LECTURES else None,
            }
            for code, label in ReportUse.choices
        ],
        "document": _document(told),
        "attachments": [
            f"{words.label(AttachmentKind, one['kind'])}: {one['title']}" for one in content["attachments"]
        ],
        "lecturer": Signature(_("Lecturer"), content["teacher"]["name"], _day(_last(made, Action.SUBMIT))),
        "approval": _approval(step, approved),
        "meeting": approved.meeting if approved else None,
    }


def _decisions(version: DocumentVersion | None) -> list[Decision]:
    return list(version.decisions.select_related("meeting").order_by("pk")) if version else []


def _last(made: Sequence[Decision], action: Action) -> Decision | None:
    return next((one for one in reversed(made) if one.action == action), None)


def _day(decision: Decision | None) -> dt.date | None:
    return timezone.localdate(decision.at) if decision else None


def _sentence(content: Content) -> str:
    """The one sentence of annex 4. Every variable stands in it as it is: the words around it bear the endings."""
    first, last = (dt.date.fromisoformat(content[name]) for name in ("starts_on", "ends_on"))
    when = pgettext("application", "on %(day)s") % {"day": short_date(first)}
    if first != last:
        when = pgettext("application", "in the days %(days)s") % {"days": span(first, last)}
    return _(
        "According to the plan of qualification upgrade I ask to be sent %(where_to)s, in the direction "
        "%(direction)s, %(when)s, %(release)s."
    ) % {
        "where_to": WHERE_TO[content["training_kind"]],
        "direction": f"«{content['direction']}»" if content["direction"] else BLANK,
        "when": when,
        "release": RELEASES.get(content["study_form"], BLANK),
    }


def _steps(route: Sequence[RouteStepData], made: Sequence[Decision]) -> list[Signature]:
    """A line for every step of the route, in its order; a return signs nothing."""
    taken = {one.step: one for one in made if one.step is not None and one.action != Action.RETURN}
    return [_step(step, taken.get(place)) for place, step in enumerate(route)]


def _step(step: RouteStepData, decision: Decision | None) -> Signature:
    posts = DECISIONS if step["action"] == Action.APPROVE else CONSENTS
    return _signed(posts, step, decision)


def _approval(route: Sequence[RouteStepData], decision: Decision | None) -> Signature | None:
    """The last step of a report's route; none where no route is set."""
    return _signed(REPORT_APPROVED, route[0], decision) if route else None


def _signed(posts: dict[str, Promise], step: RouteStepData, decision: Decision | None) -> Signature:
    """A substitute signs with their own post, not with the one the route names."""
    role = (decision.by_role if decision else "") or step["role"]
    post = str(posts.get(role) or words.label(Role, role))
    if decision is None:
        return Signature(post)
    return Signature(post_of(post, decision), decision.by_name, _day(decision))


def _days_of(told: Content) -> str:
    first, last = (dt.date.fromisoformat(told[name]) if told[name] else None for name in ("starts_on", "ends_on"))
    return days(first, last, told["precision"])


def _document(told: Content) -> str:
    """«Сертификат, № 12, 03.05.2027»; nothing where no document is entered."""
    number = f"№ {told['document_number']}" if told["document_number"] else ""
    issued_on = short_date(dt.date.fromisoformat(told["document_on"])) if told["document_on"] else ""
    return listed(words.label(DocumentType, told["document_type"]), number, issued_on)
