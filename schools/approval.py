"""The one state machine: every paper that is submitted and decided on is moved here and nowhere else.

States and legal moves are code, on this screen. Who takes which step is data (:class:`~schools.models.ApprovalRoute`),
copied into the version at submission. A move is one conditional UPDATE: it happens only if the document still stands
where the person saw it, so of two people deciding at once exactly one succeeds and the other is told what happened.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cpd.dates import moment, today
from schools import audit
from schools.choices import (
    CLOSED_BEFORE_SENT,
    DECIDED_ONCE,
    LEADING_ROLES,
    OF_A_SCHOOL,
    OF_A_UNIT,
    PERSONAL,
    SIGNED_BY_MAKER,
    Action,
    DocumentKind,
    Event,
    Role,
    State,
)
from schools.holders import in_turn
from schools.kinds import WAYS
from schools.models import (
    ApprovalRoute,
    Decision,
    Document,
    DocumentVersion,
    Meeting,
    Person,
    RoleAssignment,
    RouteStep,
    User,
)
from schools.models.documents import EDITABLE, LONGEST_REASON, LONGEST_ROUTE, UNDECIDED, decided_by, digest


@dataclass(frozen=True)
class Move:
    """From which states to which; ``by_author`` moves are the writer's, all others a step of the route."""

    sources: tuple[State, ...]
    target: State
    by_author: bool = False


MOVES: dict[Action, Move] = {
    Action.SUBMIT: Move(EDITABLE, State.SUBMITTED, by_author=True),
    Action.CLOSE: Move(EDITABLE, State.CLOSED, by_author=True),
    Action.SEND: Move((State.CLOSED,), State.SUBMITTED, by_author=True),
    Action.REOPEN: Move((State.CLOSED,), State.DRAFT, by_author=True),
    Action.WITHDRAW: Move((State.SUBMITTED,), State.DRAFT, by_author=True),
    Action.CONSIDER: Move(UNDECIDED, State.CONSIDERED),
    Action.AGREE: Move(UNDECIDED, State.AGREED),
    Action.APPROVE: Move(UNDECIDED, State.APPROVED),
    Action.RETURN: Move(UNDECIDED, State.RETURNED),
    Action.AMEND: Move((State.APPROVED,), State.DRAFT, by_author=True),
    Action.DISCARD: Move(EDITABLE, State.APPROVED, by_author=True),
}

# What is frozen and sent in two moves is not submitted in one.
IN_TWO_MOVES = (Action.CLOSE, Action.SEND, Action.REOPEN)

# Nobody decides on their own paper, and nobody twice on the same version: the step then goes to the next in line.
IN_LINE: dict[Role, tuple[Role, ...]] = {
    Role.ASSOCIATION_HEAD: (
        Role.ASSOCIATION_HEAD,
        Role.DEAN,
        Role.DEPUTY_DIRECTOR,
        Role.DIRECTOR,
        Role.DISTRICT_OFFICER,
    ),
    Role.DEAN: (Role.DEAN, Role.DEPUTY_DIRECTOR, Role.DIRECTOR),
    Role.QUALITY_OFFICER: (Role.QUALITY_OFFICER, Role.DEPUTY_DIRECTOR, Role.DIRECTOR),
    Role.DEPUTY_DIRECTOR: (Role.DEPUTY_DIRECTOR, Role.DIRECTOR, Role.DISTRICT_OFFICER),
    Role.DIRECTOR: (Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.DISTRICT_OFFICER),
}


class RouteStepData(TypedDict):
    """One step of the route as a version keeps it."""

    action: str
    role: str
    needs_minutes: bool
    needs_order: NotRequired[bool]  # where the step is an order of the director


@dataclass(frozen=True)
class Order:
    """The order by which the director decides: its number and date (national regulation 4.4.2)."""

    number: str
    issued_on: dt.date


class Refused(Exception):
    """A move that was not made; ``message`` says why, in the user's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ChangedMeanwhile(Refused):
    """The document no longer stands where the person saw it."""


def perform(
    document: Document,
    action: Action,
    *,
    by: User,
    seen: int,
    reason: str = "",
    meeting: Meeting | None = None,
    order: Order | None = None,
    content: dict[str, Any] | None = None,
) -> Decision:
    """Make one move, or raise and change nothing.

    ``seen`` is the revision the person had before their eyes; ``content`` is what SUBMIT or CLOSE freezes. Raises
    :class:`Refused` with a sentence where the move is not possible, ``PermissionDenied`` where it is not theirs.
    """
    with transaction.atomic():
        now = _hold(document)
        read_anew(by)
        if now.revision != seen:
            raise ChangedMeanwhile(what_happened(now))
        move = MOVES[action]
        if now.state not in move.sources:
            raise Refused(_("This is not possible now. Status: %(state)s.") % {"state": now.state_label})
        if move.by_author:
            decision = _author_move(now, action, by=by, content=content)
            decision.in_place_of = _whose_paper(now, by)
        else:
            decision = _step_of_route(now, action, by=by, reason=reason.strip(), meeting=meeting, order=order)
        return _record(now, decision, by=by)


def read_anew(user: User) -> None:
    """Let what the user may do be read from the database again, as it holds at the moment of a decision.

    A role or work handed over may have ended since the request began.
    """
    vars(user).pop("scope", None)


def take_for_editing(document: Document, *, by: User, seen: int | None) -> int:
    """Let the writer save the working copy once; returns its new revision. Call inside the saving transaction.

    ``seen`` is None where only a row is written that has a revision of its own.
    """
    if not document.is_written_by(by):
        raise PermissionDenied
    if not _claim(document, EDITABLE, seen):
        raise ChangedMeanwhile(what_happened(Document.objects.get(pk=document.pk)))
    revision: int = Document.objects.values_list("revision", flat=True).get(pk=document.pk)
    return revision


def moves_open_to(user: User, document: Document) -> list[Action]:
    """The moves this user may make now, the main one first. What pages offer as buttons."""
    own: list[Action] = []
    if document.is_written_by(user):
        own = [action for action, move in MOVES.items() if move.by_author and _is_open(document, action)]
        is_signed_too = document.kind in (*SIGNED_BY_MAKER, *OF_A_UNIT)  # by somebody who might have made it
        if document.author_id == user.person_id or (own and not is_signed_too):
            return own
    if not document.is_undecided or not Document.objects.awaiting(user).filter(pk=document.pk).exists():
        return own
    step = next_step(document)
    return [Action(step["action"]), Action.RETURN, *own] if step else own


def next_step(document: Document) -> RouteStepData | None:
    """The step that an undecided document waits for; None where it was just decided."""
    version = document.submitted_version
    steps: list[RouteStepData] = version.route[version.decisions.exclude(step=None).count() :]
    return steps[0] if steps else None


def needs_order(document: Document) -> bool:
    """Whether the next step of an undecided document is an order of the director (national regulation 4.4.2)."""
    step = next_step(document)
    return step is not None and step.get("needs_order", False)


def route_of(document: Document) -> list[RouteStepData]:
    """The institution's own route for this kind of document, or else its kind's; empty where none is set."""
    general = Q(institution=None, institution_kind=document.institution.kind)
    routes = ApprovalRoute.objects.filter(
        general | Q(institution=document.institution_id), document_kind=document.kind
    ).order_by(F("institution").asc(nulls_last=True))
    route = routes.first()
    steps = route.steps.all() if route else []
    return [_step_data(step) for step in steps]


def route_as_read(
    document: Document, version: DocumentVersion | None, decisions: Sequence[Decision]
) -> list[RouteStepData]:
    """The route of a version, or of a working copy; its next step names who really has it before them, a substitute
    included. ``decisions`` are those on the version.
    """
    if version is None:
        return route_of(document)
    route = [step.copy() for step in version.route]
    if document.is_undecided and version == document.current_version:
        route[sum(made.step is not None for made in decisions)]["role"] = document.awaiting_role
    return route


def _step_data(step: RouteStep) -> RouteStepData:
    data: RouteStepData = {"action": step.action, "role": step.role, "needs_minutes": step.needs_minutes}
    return {**data, "needs_order": True} if step.needs_order else data


def mark_seen(documents: list[int], *, by: User) -> int:
    """Note that somebody who can decide has these before their eyes: from now on the author cannot withdraw.

    Returns how many that was new of.
    """
    fresh = Document.objects.awaiting(by).filter(pk__in=documents, seen_at=None)
    return Document.objects.filter(pk__in=fresh.values("pk")).update(seen_at=timezone.now())


def what_happened(document: Document) -> str:
    """One sentence for the person who came second."""
    last = Decision.objects.filter(version__document=document).order_by("-pk").first()
    if last is None or last.at < document.changed_at:
        return _("It was changed meanwhile, at another screen: %(moment)s. Your click changed nothing.") % {
            "moment": moment(document.changed_at)
        }
    return _("Meanwhile: %(state)s, %(name)s, %(moment)s. Your click changed nothing.") % {
        "state": document.label_of(MOVES[Action(last.action)].target),
        "name": last.by_name,
        "moment": moment(last.at),
    }


def _hold(document: Document) -> Document:
    """The document as it stands, kept so until the end of the transaction.

    Without this, on PostgreSQL, somebody else's move could land between two of our checks and be told as a missing
    permission. SQLite ignores the lock and needs none: it lets one writer in at a time. Neither is relied on for the
    move itself, see :func:`_claim`.
    """
    held = Document.objects.select_for_update(of=("self",), no_key=True)
    held.get(pk=document.pk)  # alone: joined to a row that changes while it waits, PostgreSQL would find nothing
    whole = Document.objects.select_related("author", "institution", "association", "current_version", "in_force")
    return whole.get(pk=document.pk)


def _is_open(document: Document, action: Action) -> bool:
    """Whether the writer's move is possible on a document that stands so."""
    if document.state not in MOVES[action].sources:
        return False
    in_two_moves = document.kind in CLOSED_BEFORE_SENT
    if (action in IN_TWO_MOVES and not in_two_moves) or (action == Action.SUBMIT and in_two_moves):
        return False
    if action == Action.WITHDRAW:
        return document.seen_at is None or _is_stuck(document)
    if action == Action.DISCARD:
        return document.in_force_id is not None
    return action != Action.AMEND or document.kind not in DECIDED_ONCE


def _is_stuck(document: Document) -> bool:
    """Whether a young specialist's plan waits for people none of whom may decide on it any more.

    Who was to decide became the mentor. Handed in once more, it goes to the next in line.
    """
    if document.kind != DocumentKind.INDUCTION_PLAN or not document.is_undecided:
        return False
    columns = ("pk", "kind", "author", "institution", "institution__district", "association", "association__part_of")
    waiting = Document.objects.filter(pk=document.pk).values(*columns, "awaiting_role", "current_version")
    return not any(in_turn(waiting, today()).values())


def _author_move(now: Document, action: Action, *, by: User, content: dict[str, Any] | None) -> Decision:
    if not now.is_written_by(by):
        raise PermissionDenied
    if not _is_open(now, action):
        if action == Action.WITHDRAW:
            raise Refused(_("It can no longer be withdrawn: it has already been opened for a decision."))
        if action == Action.DISCARD:
            raise Refused(_("No approved version is in force."))
        raise Refused(_("This is not possible now. Status: %(state)s.") % {"state": now.state_label})
    if action in (Action.SUBMIT, Action.CLOSE):
        return _freeze(now, action, by=by, content=content)
    if action == Action.SEND:
        return _send(now)
    only_if = Q(seen_at=None) if action == Action.WITHDRAW and now.seen_at is None else Q()
    version = now.current_version if action in (Action.WITHDRAW, Action.REOPEN) else now.in_force
    columns: dict[str, Any] = {}
    if action == Action.DISCARD:
        columns["current_version"] = now.in_force
    if action == Action.AMEND:
        columns["change_note"] = ""  # the reason of the last change is not the reason of this one
    _claim_or_explain(now, action, only_if, awaiting_role="", **columns)
    return Decision(version=version, action=action)


def _freeze(now: Document, action: Action, *, by: User, content: dict[str, Any] | None) -> Decision:
    """Make the version that is decided on. SUBMIT starts its route at once; CLOSE leaves that to SEND."""
    if content is None:
        raise TypeError("a submission needs the content it freezes")
    if now.kind not in PERSONAL:
        now.author = by.person  # of an office's paper: who hands it in decides on it no more
    route = _complete_route(now, by)
    awaiting = _role_for(now, Role(route[0]["role"]), set()) if action == Action.SUBMIT else ""
    _claim_or_explain(now, action, author=now.author, awaiting_role=awaiting, seen_at=None)
    version = DocumentVersion.objects.create(
        document=now,
        number=now.versions.count() + 1,
        content=content,
        content_hash=digest(content),
        route=route,
    )
    Document.objects.filter(pk=now.pk).update(current_version=version)
    return Decision(version=version, action=action)


def _send(now: Document) -> Decision:
    """Start the route of the version that was closed."""
    version = now.submitted_version
    role = Role(version.route[0]["role"])
    _claim_or_explain(now, Action.SEND, awaiting_role=_role_for(now, role, set()), seen_at=None)
    return Decision(version=version, action=Action.SEND)


def _step_of_route(
    now: Document, action: Action, *, by: User, reason: str, meeting: Meeting | None, order: Order | None
) -> Decision:
    if by.person_id in now.writers:
        raise PermissionDenied(_("You cannot approve your own plan."))
    version = now.submitted_version
    taken = list(version.decisions.exclude(step=None).select_related("by"))
    step = version.route[len(taken)]
    if action not in (step["action"], Action.RETURN):
        raise Refused(
            _("The next step is: %(action)s (%(role)s).")
            % {"action": Action(step["action"]).label, "role": Role(now.awaiting_role).label}
        )
    if not Document.objects.awaiting(by).filter(pk=now.pk).exists():
        raise PermissionDenied(_("You have no permission for this action."))
    if action == Action.RETURN and not reason:
        raise Refused(_("Give the reason for the return."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("The reason is too long: at most %(most)s signs.") % {"most": LONGEST_REASON})
    if action != Action.RETURN and step["needs_minutes"] and meeting is None:
        raise Refused(_("Enter the number and date of the minutes."))
    if action == Action.RETURN or not step.get("needs_order"):
        order = None
    elif order is None:
        raise Refused(_("Enter the number and date of the order."))
    if meeting is not None and now.association_id not in (None, meeting.association_id):
        raise PermissionDenied  # the minutes of another association
    giver = _whose_step(now, version, by)
    columns: dict[str, Any] = {"awaiting_role": ""}
    if action == Action.APPROVE:
        columns["in_force"] = version
    elif action != Action.RETURN:
        decided = {by.person_id, giver.pk if giver else by.person_id}
        bound = version.decisions.that_bind().select_related("by")
        decided |= {one for decision in bound for one in decision.of if one is not None}
        columns["awaiting_role"] = _role_for(now, Role(version.route[len(taken) + 1]["role"]), decided)
    _claim_or_explain(now, action, **columns)
    return Decision(
        version=version,
        action=action,
        step=len(taken),
        by_role=now.awaiting_role,
        in_place_of=giver,
        reason=reason,
        meeting=meeting,
        order_number=order.number if order else "",
        ordered_on=order.issued_on if order else None,
    )


def _whose_paper(now: Document, by: User) -> Person | None:
    """Who handed the making of the school's paper over to ``by``; None where the paper is theirs."""
    is_of_all = now.kind in OF_A_SCHOOL or (now.kind in OF_A_UNIT and now.association_id is None)
    if not is_of_all or now.institution_id in by.scope.led:
        return None
    givers = [one.giver for one in by.scope.handed_for(now.kind, now.institution_id)]
    return Person.objects.get(pk=givers[0])


def _whose_step(now: Document, version: DocumentVersion, by: User) -> Person | None:
    """In whose place ``by`` takes the step that is next; None where the role is their own."""
    role = Role(now.awaiting_role)
    if role not in LEADING_ROLES or now.institution_id in by.scope.schools_as(role):
        return None
    givers = [one.giver for one in by.scope.handed_for(now.kind, now.institution_id) if one.role == role]
    taken = version.decisions.that_bind()
    free = (one for one in givers if one not in now.writers and not taken.filter(decided_by(one)).exists())
    return Person.objects.get(pk=next(free))


def _record(now: Document, decision: Decision, *, by: User) -> Decision:
    last = Decision.objects.filter(version__document=now).order_by("-pk").first()
    decision.by = by.person
    decision.by_name = by.person.full_name
    decision.in_place_of_name = decision.in_place_of.full_name if decision.in_place_of else ""
    decision.at = timezone.now()
    decision.previous_hash = last.chain_hash if last else ""
    decision.chain_hash = decision.computed_hash()
    decision.save()
    audit.note(
        Event.DOCUMENT_MOVED,
        by=by,
        subject=now.author if now.kind in PERSONAL else None,
        institution=now.institution,
        what=now,
        before={"state": now.state},
        after={
            "state": MOVES[Action(decision.action)].target,
            "action": decision.action,
            "decisions": [[decision.pk, decision.chain_hash]],
        },
    )
    return decision


def _claim_or_explain(now: Document, action: Action, only_if: Q = Q(), **columns: Any) -> None:  # noqa: B008
    if not _claim(now, (State(now.state),), now.revision, only_if, state=MOVES[action].target, **columns):
        raise ChangedMeanwhile(what_happened(Document.objects.get(pk=now.pk)))


def _claim(
    document: Document,
    sources: tuple[State, ...],
    seen: int | None,
    only_if: Q = Q(),  # noqa: B008
    **columns: Any,
) -> bool:
    """The conditional UPDATE under every change of a document: one row, or nothing happened.

    PostgreSQL makes a second writer wait and then checks this WHERE against the new row; SQLite lets one writer in
    at a time. ``select_for_update`` would be ignored by SQLite, and read-then-save loses races on PostgreSQL.
    """
    claimed = Document.objects.filter(only_if, pk=document.pk, state__in=sources)
    if seen is not None:
        claimed = claimed.filter(revision=seen)
    return claimed.update(revision=F("revision") + 1, changed_at=timezone.now(), **columns) == 1


def _without_own_signature(document: Document, route: list[RouteStepData], by: User) -> list[RouteStepData]:
    """The steps after the maker's own signature: a director who made the request has signed it by handing it in."""
    signs = document.kind in SIGNED_BY_MAKER and route and route[0]["action"] == Action.AGREE
    if signs and document.institution_id in by.scope.schools_as(Role(route[0]["role"])):
        return route[1:]
    return route


def _complete_route(document: Document, by: User) -> list[RouteStepData]:
    """The route a submission walks; refused where nobody could ever approve."""
    route = _without_own_signature(document, route_of(document), by)
    approving = [place for place, step in enumerate(route, start=1) if step["action"] == Action.APPROVE]
    if approving != [len(route)] or len(route) > LONGEST_ROUTE:
        raise Refused(_("No complete approval route is set for this paper. Please tell the administrator."))
    if document.association_id is None and any(step["role"] == Role.ASSOCIATION_HEAD for step in route):
        raise Refused(
            _(
                "Your place of work names no methodical association, so no meeting can consider the plan. "
                "Please tell the deputy director."
            )
        )
    return _signed_once(document, route)


def _signed_once(document: Document, route: list[RouteStepData]) -> list[RouteStepData]:
    """Without the steps that agree, where else nobody would be left to approve.

    Nobody decides twice on a version. Where no office outside could decide instead, and one leader stands in for
    another, that leader signs once: at the step that approves.
    """
    if WAYS[document.institution.kind].answers_to_district:
        return route
    holders, shorter = _holders(document), route
    while not _can_be_walked(document, shorter, holders):
        agreeing = [one for one in shorter if one["action"] == Action.AGREE and not one["needs_minutes"]]
        if not agreeing:
            return route  # it waits until somebody is appointed
        shorter = [one for one in shorter if one is not agreeing[-1]]
    return shorter


def _can_be_walked(document: Document, route: list[RouteStepData], holders: dict[str, set[int]]) -> bool:
    """Whether somebody is left for each step, if whoever is alone in taking one takes it."""
    decided: set[int] = set()
    for step in route:
        takers = _takers(document, Role(step["role"]), decided, holders)
        if not takers:
            return False
        if len(takers) == 1:
            decided |= takers
    return True


def _takers(document: Document, role: Role, decided: set[int], holders: dict[str, set[int]]) -> set[int]:
    """Who could take a step: the first in line that is neither the author's nor of people who all decided before."""
    for one in _line(document, role):
        others = holders.get(one, set()) - decided - document.writers
        if others and document.author_id not in holders[one]:
            return others
    return set()


def _line(document: Document, role: Role) -> list[Role]:
    stays_at_school = document.kind == DocumentKind.ASSOCIATION_SCHEDULE  # the district receives the school's alone
    has_district = WAYS[document.institution.kind].answers_to_district and not stays_at_school
    return [one for one in IN_LINE.get(role, ()) if has_district or one != Role.DISTRICT_OFFICER]


def _holders(document: Document) -> dict[str, set[int]]:
    """Who holds which role of those that could decide on it today."""
    at_place = Q(institution=document.institution_id) | Q(district=document.institution.district_id)
    if document.association:
        at_place |= Q(association=document.association_id, role=Role.ASSOCIATION_HEAD)
        at_place |= Q(association=document.association.part_of_id, role=Role.DEAN)
    found: dict[str, set[int]] = {}
    for assignment in RoleAssignment.objects.on(today()).filter(at_place):
        found.setdefault(assignment.role, set()).add(assignment.person_id)
    return found


def _role_for(document: Document, role: Role, decided: set[int]) -> Role:
    """Whose turn it is: ``role``, or the next in line where that would be the author or someone who decided before.

    Nobody signs in the place of who signs for the school: that paper waits until somebody is appointed.
    """
    if document.kind in SIGNED_BY_MAKER:
        return role
    holders, line = _holders(document), _line(document, role)
    stays_at_school = document.kind == DocumentKind.ASSOCIATION_SCHEDULE
    others = {one: holders.get(one, set()) - decided - document.writers for one in line}
    for candidate in line:
        if others[candidate] and document.author_id not in holders[candidate]:
            return candidate
    leaders = holders.get(Role.DEPUTY_DIRECTOR, set()) | holders.get(Role.DIRECTOR, set())
    if not stays_at_school or document.author_id not in leaders:
        return role  # it waits until somebody is appointed
    beside = next((candidate for candidate in line if others[candidate]), None)
    if beside is None:
        raise Refused(
            _(
                "Nobody else at the school could take this schedule in: you make the school's as well. Put the rows "
                "into the school's schedule directly, by “Who else is due or planned” or “Add a row”."
            )
        )
    return beside
