"""The plans of the demo. Every state is reached as at a school: through ``plans.actions`` and ``schools.approval``."""

import datetime as dt
import random
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from cpd.dates import Period, months_of_school_year, period_from_label, school_year, school_year_of
from plans import actions
from plans.actions import Verdict
from plans.choices import Executor, Ground, LearningMethod
from plans.content import Plan
from plans.demo import texts
from plans.demo.people import Job, Town, members
from plans.models import AnnualPlan, IndividualPlan
from schools import approval
from schools.choices import Action, DocumentKind, Role
from schools.models import MethodicalAssociation, User

Row = dict[str, Any]
YEARS = 5

# What becomes of a plan: «step» and «back» are decisions of whoever's turn it is, «finish» is steps up to approval.
FATES = {
    "draft": (),
    "ready": (),  # a draft that lacks nothing
    "submitted": ("submit",),
    "withdrawn": ("submit", "withdraw"),
    "passed on": ("submit", "step"),  # considered; a yearly plan is agreed or, in one step, approved
    "returned": ("submit", "back"),
    "returned late": ("submit", "step", "back"),
    "resubmitted": ("submit", "back", "correct", "submit"),
    "approved": ("submit", "finish"),
    "amending": ("submit", "finish", "amend"),
    "change submitted": ("submit", "finish", "amend", "submit"),
    "changed": ("submit", "finish", "amend", "submit", "finish"),
}
FROM_EARLIER = {"approved", "amending", "change submitted", "changed"}

# Dealt to the teachers of a school in turn; "" is nobody's plan. Three of ten have no individual plan.
INDIVIDUAL_FATES = (
    "submitted", "passed on", "submitted", "approved", "", "changed", "returned", "draft", "", "approved",
    "amending", "", "returned late", "submitted", "withdrawn", "", "approved", "resubmitted", "", "change submitted",
    "passed on", "", "approved",
)  # fmt: skip
ANNUAL_FATES = (
    "submitted", "approved", "", "draft", "approved", "returned", "submitted", "passed on", "amending", "withdrawn",
    "changed", "", "resubmitted",
)  # fmt: skip
CAST_FATES = {
    "head": ("submitted", "approved"),
    "head2": ("approved", "submitted"),
    "teacher": ("amending", "ready"),
    "newcomer": ("", ""),
    "stranger": ("changed", "draft"),
}


@dataclass
class Walk:
    """One plan on its way, and what is still to happen to it."""

    plan: Plan
    job: Job
    rows: list[Row]
    verbs: deque[str]
    year: int  # the school year in which its meetings are held

    @property
    def association(self) -> MethodicalAssociation:
        """Nobody has plans here who belongs to none."""
        return cast(MethodicalAssociation, self.job.employment.association)


def write(town: Town) -> Counter[str]:
    """Make all plans and let them walk; returns how many were made of each kind."""
    walks = _geography(town) + _of_all(town)
    Meetings(town).walk(walks)
    return Counter(walk.plan.kind for walk in walks)


def _geography(town: Town) -> list[Walk]:
    """The two real papers of the sources, under an invented name."""
    job = town.job_of("teacher")
    years = period_from_label(*texts.GEOGRAPHY_YEARS, YEARS)
    courses = [_row(town.rng, course, school_year=year) for year, course in texts.GEOGRAPHY_COURSES]
    needs = [_row(town.rng, need, month=month) for month, need in texts.GEOGRAPHY_NEEDS]
    return [
        _begin(town, job, DocumentKind.INDIVIDUAL_PLAN, years, courses, "approved"),
        _begin(town, job, DocumentKind.ANNUAL_PLAN, school_year(texts.GEOGRAPHY_YEAR), needs, "approved"),
    ]


def _of_all(town: Town) -> list[Walk]:
    walks = []
    dealt: Counter[int] = Counter()
    for job in town.jobs:
        fates = job.fates or CAST_FATES.get(job.login)
        if fates is None:
            school = job.employment.institution.pk
            turn = dealt[school]
            dealt[school] += 1
            fates = INDIVIDUAL_FATES[turn % len(INDIVIDUAL_FATES)], ANNUAL_FATES[turn % len(ANNUAL_FATES)]
        walks += _of_one(town, job, *fates)
    return walks


def _of_one(town: Town, job: Job, individual: str, annual: str) -> list[Walk]:
    """The plans of one teacher: of five years, of this school year and, for some, of the last one."""
    walks = []
    if individual:
        period = _five_years(town, job, individual)
        rows = individual_rows(town.rng, job.theme, period)
        walks.append(_begin(town, job, DocumentKind.INDIVIDUAL_PLAN, period, rows, individual))
    worked_last_year = job.employment.starts_on < school_year(town.year).starts_on
    if annual and worked_last_year and town.rng.random() < 0.25:
        rows = annual_rows(town.rng, job.theme)
        walks.append(_begin(town, job, DocumentKind.ANNUAL_PLAN, school_year(town.year - 1), rows, "approved"))
    if annual:
        rows = annual_rows(town.rng, job.theme)
        walks.append(_begin(town, job, DocumentKind.ANNUAL_PLAN, school_year(town.year), rows, annual))
    return walks


def _five_years(town: Town, job: Job, fate: str) -> Period:
    """Plans in force began up to three years ago; the others begin this school year or with the next January."""
    if job.login == "teacher":  # follows her plan of the sources
        last = texts.GEOGRAPHY_YEARS[1]
        first = last + (town.year - last) // YEARS * YEARS
        return period_from_label(first, first + YEARS, YEARS)
    worked = town.year - job.employment.starts_on.year
    first = town.year - (town.rng.randint(0, min(worked, 3)) if fate in FROM_EARLIER else 0)
    if town.rng.random() < 0.15:
        return period_from_label(first + 1, first + YEARS, YEARS)
    return period_from_label(first, first + YEARS, YEARS)


def _row(rng: random.Random, row: Row, **columns: Any) -> Row:
    """A row of its own: what the form would send, with a uid that is the same at every loading."""
    return {"uid": str(uuid.UUID(int=rng.getrandbits(128), version=4)), **row, **columns}


def individual_rows(rng: random.Random, theme: str, period: Period) -> list[Row]:
    """One compulsory course and three to five others, spread over the years."""
    courses = rng.sample(texts.COURSES + texts.THEME_COURSES[theme], rng.randint(3, 5))
    courses.insert(rng.randint(0, len(courses)), rng.choice(texts.COMPULSORY_COURSES))
    years = sorted(rng.choice(period.school_years) for _course in courses)
    return [_planned(rng, course, year) for course, year in zip(courses, years, strict=True)]


def _planned(rng: random.Random, course: Row, year: int) -> Row:
    note = rng.choice(texts.NOTES) if rng.random() < 0.25 else ""
    return _row(rng, course, school_year=year, month=rng.choice((None, None, 10, 11, 1, 3, 4, 6)), note=note)


def annual_rows(rng: random.Random, theme: str) -> list[Row]:
    """Six to eight needs from September on, and the look back in May."""
    needs = rng.sample(texts.NEEDS, rng.randint(4, 6)) + list(texts.THEME_NEEDS[theme])
    rng.shuffle(needs)
    months = months_of_school_year()[:8]
    chosen = sorted(rng.sample(months, len(needs)), key=months.index)
    rows = [_row(rng, need, month=month) for need, month in zip(needs, chosen, strict=True)]
    if rng.random() < 0.2:
        rows[-1] |= {"month": None, "term_text": texts.ALL_YEAR}
    return [*rows, _row(rng, texts.YEAR_END, month=5)]


def _begin(town: Town, job: Job, kind: DocumentKind, period: Period, rows: list[Row], fate: str) -> Walk:
    """A draft with its rows, as typed by its author."""
    user = town.user(job)
    plan = actions.start_plan(by=user, kind=kind, employment=job.employment, period=period)
    if fate == "draft":
        rows = [*rows[:2], {name: rows[2][name] for name in ("uid", "need", "programme_title") if name in rows[2]}]
    header = _grounds(town.rng) if kind == DocumentKind.INDIVIDUAL_PLAN else {}
    actions.save_plan(plan=plan, by=user, seen=plan.revision, header=header, rows=rows)
    return Walk(plan, job, rows, deque(FATES[fate]), min(school_year_of(period.starts_on), town.year))


def _grounds(rng: random.Random) -> dict[str, Any]:
    chosen = rng.sample(Ground.values, rng.randint(1, 3))
    return {
        "grounds": [ground for ground in Ground.values if ground in chosen],
        "grounds_text": texts.OTHER_GROUNDS if rng.random() < 0.2 else "",
    }


class Meetings:
    """Lets many plans walk at once, so that one meeting considers the plans of several colleagues."""

    ROUNDS = 9  # more than any fate needs

    def __init__(self, town: Town) -> None:
        self.town = town
        self.members = members(town)
        self.held: Counter[tuple[int, int]] = Counter()
        self.round = 0

    def walk(self, walks: Sequence[Walk]) -> None:
        while any(walk.verbs for walk in walks):
            decided = [walk for walk in walks if walk.verbs and not self._author_moves(walk)]
            self._decide(decided)
            self.round += 1

    def _author_moves(self, walk: Walk) -> bool:
        """Make the next move if it is the author's own; otherwise leave it to those who decide."""
        walk.plan.refresh_from_db()
        if walk.verbs[0] == "finish" and not walk.plan.is_undecided:
            walk.verbs.popleft()
            if not walk.verbs:
                return True
        if walk.verbs[0] not in AUTHOR_MOVES:
            return False
        AUTHOR_MOVES[walk.verbs.popleft()](self.town, walk)
        return True

    def _decide(self, walks: Sequence[Walk]) -> None:
        """Minutes for what a meeting considers, a click for all else."""
        agendas: dict[tuple[MethodicalAssociation, int], dict[User, list[Verdict]]] = {}
        for walk in walks:
            user, verdict, needs_meeting = self._verdict(walk)
            if needs_meeting:
                agenda = agendas.setdefault((walk.association, walk.year), defaultdict(list))
                agenda[user].append(verdict)
            else:
                must(actions.decide_all([verdict], by=user))
        for (association, year), agenda in agendas.items():
            self._hold(association, year, agenda)

    def _verdict(self, walk: Walk) -> tuple[User, Verdict, bool]:
        verb = walk.verbs[0] if walk.verbs[0] == "finish" else walk.verbs.popleft()
        user, next_action = self._whose_turn(walk)
        reason = self.town.rng.choice(texts.RETURN_REASONS[walk.plan.kind]) if verb == "back" else ""
        action = Action.RETURN if verb == "back" else next_action
        return user, Verdict(walk.plan, walk.plan.revision, action, reason), next_action == Action.CONSIDER

    def _whose_turn(self, walk: Walk) -> tuple[User, Action]:
        """Somebody who may take the next step; two who share a role take turns."""
        place = {
            Role.ASSOCIATION_HEAD: walk.association.pk,
            Role.DISTRICT_OFFICER: self.town.district.pk,
        }.get(Role(walk.plan.awaiting_role), walk.plan.institution_id)
        people = self.town.holders(walk.plan.awaiting_role, place)
        start = self.round % len(people)
        for user in people[start:] + people[:start]:
            moves = approval.moves_open_to(user, walk.plan)
            if moves and walk.plan.author_id != user.person_id:
                return user, moves[0]
        raise LookupError(f"nobody can decide on document {walk.plan.pk}")

    def _hold(self, association: MethodicalAssociation, year: int, agenda: dict[User, list[Verdict]]) -> None:
        """One meeting; a head's own plan is decided on by somebody else under the same minutes."""
        self.held[association.pk, year] += 1
        (chair, verdicts), *others = agenda.items()
        people = self.members[association.pk]
        meeting, outcome = actions.record_meeting(
            association=association,
            by=chair,
            minutes_number=str(self.held[association.pk, year]),
            held_on=self._day(year),
            present=[*self.town.rng.sample(people, len(people) - len(people) // 5), chair.person],
            verdicts=verdicts,
        )
        must(outcome)
        for user, rest in others:
            must(actions.decide_all(rest, by=user, meeting=meeting))

    def _day(self, year: int) -> dt.date:
        """A weekly meeting: this year's end before today, those of earlier years begin in the middle of September."""
        if year < self.town.year:
            day = dt.date(year, 9, 14) + dt.timedelta(weeks=self.round)
        else:
            weeks = dt.timedelta(weeks=max(self.ROUNDS - self.round, 0))
            day = max(self.town.day - weeks, min(dt.date(year, 9, 1), self.town.day))
        return day - dt.timedelta(days=day.weekday() == 6)


def must(outcome: actions.Outcome) -> None:
    """The demo's own moves are all legal; anything else is a mistake in the program."""
    if outcome.refused:
        raise approval.Refused(" ".join(message for _document, message in outcome.refused))


def _submit(town: Town, walk: Walk) -> None:
    actions.submit_plan(plan=walk.plan, by=town.user(walk.job), seen=walk.plan.revision)


def _withdraw(town: Town, walk: Walk) -> None:
    approval.perform(walk.plan, Action.WITHDRAW, by=town.user(walk.job), seen=walk.plan.revision)


def _correct(town: Town, walk: Walk) -> None:
    """What a return asks for: the last row is written anew."""
    better: Row = {"rationale": texts.CORRECTED_RATIONALE}
    if isinstance(walk.plan, AnnualPlan):
        methods = [LearningMethod.PRACTICE, LearningMethod.OFFLINE]
        better = {"learning_methods": methods, "executor_kind": Executor.ASSOCIATION, "executor_text": ""}
    walk.rows = [*walk.rows[:-1], {**walk.rows[-1], **better}]
    _save(town, walk, {})


def _amend(town: Town, walk: Walk) -> None:
    """A yearly change of an approved plan: one row more."""
    approval.perform(walk.plan, Action.AMEND, by=town.user(walk.job), seen=walk.plan.revision)
    walk.plan.refresh_from_db()
    walk.year = town.year
    walk.rows = [*walk.rows, _addition(town, walk)]
    _save(town, walk, {"change_note": town.rng.choice(texts.CHANGE_NOTES)})


def _addition(town: Town, walk: Walk) -> Row:
    if isinstance(walk.plan, IndividualPlan):
        known = {row["programme_title"] for row in walk.rows}
        course = next(course for course in texts.COURSES if course["programme_title"] not in known)
        years = walk.plan.period.school_years
        return _planned(town.rng, course, max(town.year, years[0]))
    known = {row["need"] for row in walk.rows}
    need = next(need for need in texts.NEEDS if need["need"] not in known)
    return _row(town.rng, need, month=town.rng.choice((2, 3, 4)))


def _save(town: Town, walk: Walk, header: dict[str, Any]) -> None:
    actions.save_plan(plan=walk.plan, by=town.user(walk.job), seen=walk.plan.revision, header=header, rows=walk.rows)


AUTHOR_MOVES = {"submit": _submit, "withdraw": _withdraw, "correct": _correct, "amend": _amend}
