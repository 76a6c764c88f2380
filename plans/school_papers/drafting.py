"""Papers drawn up from what is known: the order on CPD measures (001 §3) and the extract of minutes (001 6.2).

A draft is in Kyrgyz, as the paper is, and only a proposal: people edit it as they like. Names stand in it in the
nominative behind a colon, so that no ending is needed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from courses.choices import NormStatus
from courses.models import HoursPolicy, PlanNorm, Schedule, ScheduleDeadline
from courses.schedules.content import Row, rows_of
from cpd.dates import Period, month_of_year, school_year, school_year_label, short_date, span
from cpd.pdf import LANGUAGE
from cpd.wording import speaking
from plans.models import IndividualPlan
from plans.school_papers.parts import COLUMNS, MEASURES, MOST_ROWS, Text
from plans.templatetags.plan_words import done
from schools.choices import Action, DocumentKind, Role
from schools.models import Decision, Employment, Institution, Meeting, Person, RoleAssignment
from schools.wording import words_of

MOST_TERMS = 3  # of one course that stand in a row of the order one by one


def measures_order(institution: Institution, year: int, on: dt.date) -> Text:
    """F10 for a school year, named by its first calendar year, from what is known on a day. About ten queries.

    No term lies before that day.
    """
    with speaking(words_of(institution), LANGUAGE):
        roles = list(_roles(institution, on))
        deputies = _held(roles, Role.DEPUTY_DIRECTOR)
        deadline = ScheduleDeadline.objects.filter(
            district=institution.district_id, school_year=year, due_on__gte=on
        ).first()
        due_on = short_date(deadline.due_on) if deadline else ""
        staff = _teachers(institution, on)
        return {
            "place": institution.district.title_ky,
            "preamble": _preamble(institution, year, on),
            "points": _order_points(institution, year, roles, due_on, staff),
            MEASURES: [
                *_usual_measures(year, deputies, due_on, on),
                *_courses(institution, year, deputies, on),
                _measure(
                    _("Report on professional development"),
                    _("end of the school year"),
                    deputies,
                ),
            ],
            "director": (director := _held(roles, Role.DIRECTOR)),
            # Who signs the order knows it.
            "readers": [person.full_name for person in staff if person.full_name != director],
        }


def minutes_extract(meeting: Meeting) -> Text:
    """F13 from what was recorded of a meeting: its papers and what was decided on each. Three queries."""
    association = meeting.association
    with speaking(words_of(association.institution), LANGUAGE):
        decisions = list(Decision.objects.filter(meeting=meeting).select_related("version__document__author"))
        papers = [decision.version.document for decision in decisions]
        heads = RoleAssignment.objects.on(meeting.held_on).filter(association=association, role=Role.ASSOCIATION_HEAD)
        leaders = [held.person for held in heads.select_related("person").order_by("pk")]
        # One signs: the head who recorded the meeting, else the first; who kept the minutes is not known here.
        # Nobody chairs what is said of their own paper: whoever decides in their place does.
        authors = {paper.author_id for paper in papers}
        leaders = [one for one in leaders if one.pk == meeting.recorded_by_id or one.pk not in authors]
        chair = next((one for one in leaders if one.pk == meeting.recorded_by_id), next(iter(leaders), None))
        return {
            "body": f"{association.institution.title_ky}, {association.title_ky}",
            "present": [person.full_name for person in meeting.present.all()],
            "agenda": list(dict.fromkeys(_item_of_agenda(decision) for decision in decisions)),
            "heard": [f"{paper.author.full_name}: {paper}" for paper in papers],
            "decided": [_decided(decision) for decision in decisions],
            "chair": (chair or meeting.recorded_by).full_name,
            "secretary": "",
        }


def _preamble(institution: Institution, year: int, on: dt.date) -> list[str]:
    lines = [
        _("To organise the continuous professional development of the teachers in the school year %(year)s")
        % {"year": school_year_label(year)}
    ]
    if acts := _acts(institution, on):
        lines.insert(0, _("Legal basis: %(acts)s") % {"acts": "; ".join(acts)})
    return lines


def _acts(institution: Institution, on: dt.date) -> list[str]:
    """The acts whose norms hold for the school, each once with its clauses."""
    clauses: dict[str, list[str]] = {}
    for model in (HoursPolicy, PlanNorm):
        in_force: QuerySet[Any] = model._default_manager.filter(
            Q(institution=institution) | Q(institution=None, institution_kind=institution.kind),
            status=NormStatus.IN_FORCE,
            valid_from__lte=on,
        ).exclude(valid_to__lt=on)
        for norm in in_force.select_related("legal_act").order_by("valid_from", "pk"):
            number = f" № {norm.legal_act.number}" if norm.legal_act.number else ""
            clauses.setdefault(f"«{norm.legal_act.title_ky}»{number}", []).append(norm.source_clause)
    return [f"{act} ({', '.join(dict.fromkeys(filter(None, found)))})" for act, found in clauses.items()]


def _order_points(
    institution: Institution, year: int, roles: Iterable[RoleAssignment], due_on: str, staff: QuerySet[Person]
) -> list[str]:
    found = [
        _("The measures below are to be approved for the school year %(year)s.") % {"year": school_year_label(year)}
    ]
    deputies, heads = _held(roles, Role.DEPUTY_DIRECTOR), _heads(roles)
    schedule = _("The course schedule of the school is to be drawn up and sent to the district.")
    if due_on:
        schedule += " " + _("Term: %(term)s") % {"term": due_on}
    found.append(_responsible(schedule, deputies))
    found.append(_responsible(_("Plans are to be considered at the meetings of the associations."), heads))
    years = school_year(year)
    plans = IndividualPlan.objects.filter(author=OuterRef("pk"), institution=institution, in_force__isnull=False)
    plans = plans.filter(starts_on__lte=years.ends_on, ends_on__gte=years.starts_on)
    if without := staff.exclude(Exists(plans)).count():
        found.append(
            _("Teachers without an approved individual plan are to hand one in. Their number: %(count)s.")
            % {"count": without}
        )
    found.append(_("Whoever attended a course is to hand in the certificate for verification."))
    found.append(_("I keep the control of this order myself."))
    return found


def _usual_measures(year: int, deputies: str, due_on: str, on: dt.date) -> list[dict[str, str]]:
    first = school_year(year).starts_on
    begins = month_of_year(first) if (on.year, on.month) <= (first.year, first.month) else ""
    return [
        _measure(_("Self-assessment by the professional standard"), begins, _("Teachers")),
        _measure(_("Consideration of the individual and yearly plans"), begins, _("Heads of the associations")),
        _measure(_("Request of the school on learning needs"), "", deputies),
        _measure(_("Course schedule of the school, sent to the district"), due_on, deputies),
    ]


def _courses(institution: Institution, year: int, deputies: str, on: dt.date) -> list[dict[str, str]]:
    """The courses of the school's schedule in force, each once with its terms and the number of its teachers.

    Those that are over on the day of drafting are left out.
    """
    schedule = (
        Schedule.objects.filter(
            kind=DocumentKind.SCHOOL_SCHEDULE, institution=institution, starts_on=school_year(year).starts_on
        )
        .exclude(in_force=None)
        .select_related("in_force")
        .first()
    )
    if schedule is None or schedule.in_force is None:
        return []
    terms: dict[str, list[Period | None]] = {}
    for row in sorted(rows_of(schedule.in_force.content), key=lambda row: row["starts_on"] or ""):
        days = _days(row)
        if days is None or days.ends_on >= on:
            terms.setdefault(row["title"], []).append(days)
    return [
        _measure(
            _("Course: %(title)s. Number of teachers: %(count)s") % {"title": title, "count": len(found)},
            _terms([days for days in dict.fromkeys(found) if days]),
            deputies,
        )
        for title, found in terms.items()
        if title
    ][: MOST_ROWS // 2]


def _days(row: Row) -> Period | None:
    if not row["starts_on"] or not row["ends_on"]:
        return None
    return Period(dt.date.fromisoformat(row["starts_on"]), dt.date.fromisoformat(row["ends_on"]))


def _terms(periods: Sequence[Period]) -> str:
    """Each of a few; of more the days from the first to the last."""
    if len(periods) > MOST_TERMS:
        return span(periods[0].starts_on, max(days.ends_on for days in periods))
    return ", ".join(span(days.starts_on, days.ends_on) for days in periods)


def _measure(what: str, term: str, who: str) -> dict[str, str]:
    return dict(zip(COLUMNS, (what, term, who), strict=True))


def _responsible(sentence: str, names: str) -> str:
    """The names stand behind a colon, in the nominative."""
    return f"{sentence} " + _("Responsible: %(names)s.") % {"names": names} if names else sentence


def _roles(institution: Institution, on: dt.date) -> QuerySet[RoleAssignment]:
    here = Q(institution=institution) | Q(association__institution=institution)
    return RoleAssignment.objects.on(on).filter(here).select_related("person", "association").order_by("pk")


def _held(roles: Iterable[RoleAssignment], role: Role) -> str:
    return ", ".join(held.person.full_name for held in roles if held.role == role)


def _heads(roles: Iterable[RoleAssignment]) -> str:
    """«Табигый илимдер — Бекмуратова Назгүл Эркиновна»."""
    heads: dict[str, list[str]] = {}
    for held in roles:
        if held.role == Role.ASSOCIATION_HEAD and held.association:
            heads.setdefault(held.association.title_ky, []).append(held.person.full_name)
    return "; ".join(f"{title} — {', '.join(names)}" for title, names in heads.items())


def _teachers(institution: Institution, on: dt.date) -> QuerySet[Person]:
    jobs = Employment.objects.on(on).teaching().filter(institution=institution)
    return Person.objects.filter(pk__in=jobs.values("person"))


def _item_of_agenda(decision: Decision) -> str:
    """Whether the meeting itself approves the paper, or considers what somebody else approves."""
    paper, step = decision.version.document, decision.version.route[decision.step or 0]
    if step["action"] == Action.APPROVE:
        return _("Hearing and approval: %(paper)s") % {"paper": paper}
    return _("Consideration: %(paper)s") % {"paper": paper}


def _decided(decision: Decision) -> str:
    paper = decision.version.document
    told = f"{paper.author.full_name}, {paper}: {done(decision)}"
    return f"{told} ({decision.reason})" if decision.reason else told
