"""F04, the school's perspective plan: who is to learn in which school year (000 §13), made wholly of what is known."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from courses.choices import HoursStatus
from courses.exports import Cell, Column, Table, table_pdf
from courses.facts import policy_of
from courses.models import PlanNorm
from courses.staff import Line, lines, rules_by_code
from cpd.dates import Period, school_year, school_year_label, school_year_of
from cpd.papers import Approval
from cpd.pdf import LANGUAGE
from cpd.templatetags.cpd import hours
from cpd.wording import speaking
from plans import words
from plans.pdf import WORDS
from schools.choices import Action, DocumentKind, Role
from schools.models import Document, Employment, Institution, User
from schools.wording import words_of

Courses = Mapping[tuple[int, int], Sequence[str]]  # by person and the first calendar year of the school year


def perspective_years(institution: Institution, on: dt.date) -> int | None:
    """How many school years the plan covers: as individual plans do, or else the hours rule. None without any rule."""
    if norm := PlanNorm.objects.for_institution(institution, on):
        return norm.years
    policy = policy_of(institution, "", on)
    return (policy.frequency_years or policy.years) if policy else None


def perspective_table(user: User, institution: Institution, on: dt.date, years: Sequence[int]) -> Table:
    """The people of a school whom the user oversees, each with the courses planned in ``years``, as of a day."""
    with speaking(words_of(institution), LANGUAGE):
        jobs = Employment.objects.overseen_by(user).teaching().on(on).filter(institution=institution)
        people = lines(jobs, on, rules_by_code())
        prefetch_related_objects([line.job for line in people], "subjects")
        courses = _courses(user, institution, [line.job.person_id for line in people], years)
        return Table(
            title=_("Perspective work plan for raising the professional qualification of teachers, years %(years)s")
            % {"years": _period(years).label},
            sheet=institution.title_ky,
            about=[(_("School"), institution.title_ky), (_("District, city"), institution.district.title_ky)],
            columns=[
                Column(_("No."), 4),
                Column(_("Full name of the teacher"), 20),
                Column(_("Subject, position held"), 16),
                Column(_("Qualification category"), 19),
                Column(_("Year of the last course"), 10),
                *(Column(school_year_label(year), 20) for year in years),
                Column(_("Note"), 14),
            ],
            rows=[[number, *_row(line, courses, years, on)] for number, line in enumerate(people, start=1)],
        )


def perspective_pdf(table: Table, words_there: str = "") -> bytes:
    """F04: signed by the director on the right above, and by the deputy below; in the words of the institution."""
    with speaking(words_there, LANGUAGE):
        approval = Approval(word=str(WORDS[Action.APPROVE]), post=words.label(Role, Role.DIRECTOR))
    return table_pdf(table, "pdf/f04.html", words=words_there, approval=approval)


def _row(line: Line, courses: Courses, years: Sequence[int], on: dt.date) -> list[Cell]:
    job, person = line.job, line.job.person
    return [
        person.full_name,
        words.listed(*(subject.title_ky for subject in job.subjects.all()), job.position),
        person.category.title,
        line.last_ended_on.year if line.last_ended_on else None,
        *_by_year(line, courses, years, on),
        _note(line),
    ]


def _by_year(line: Line, courses: Courses, years: Sequence[int], on: dt.date) -> list[str]:
    """The planned courses of each year; where there are none, the due date in its year, or this year that it is past.

    The first column holds what belongs before it.
    """
    planned = ["\n".join(courses.get((line.job.person_id, year), ())) for year in years]
    if any(planned) or line.due is None:
        return planned
    day, mark = line.due, f"{_('Due date')}: {line.due:%d.%m.%Y}"
    if line.status == HoursStatus.OVERDUE:
        day, mark = on, _late(line)
    marked = max(school_year_of(day), years[0])
    return [mark if year == marked else "" for year in years]


def _note(line: Line) -> str:
    """What is late, and what is missing."""
    missing = line.standing.shortfall
    return "\n".join(filter(None, (_late(line), f"{_('Missing hours')}: {hours(missing)}" if missing else "")))


def _late(line: Line) -> str:
    return str(line.status.label) if line.status in (HoursStatus.OVERDUE, HoursStatus.DUE_SOON) else ""


def _courses(user: User, institution: Institution, people: Iterable[int], years: Sequence[int]) -> Courses:
    """What plans in force hold, as it was frozen with them: «Критерийлик баалоо, 24 саат»."""
    period = _period(years)
    plans = Document.objects.visible_to(user).filter(
        kind=DocumentKind.INDIVIDUAL_PLAN,
        institution=institution,
        author__in=people,
        in_force__isnull=False,
        starts_on__lte=period.ends_on,
        ends_on__gte=period.starts_on,
    )
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for author, content in plans.order_by("starts_on", "pk").values_list("author", "in_force__content"):
        for row in content["rows"]:
            found[author, row["school_year"]].append(_course(row))
    return found


def _course(row: Mapping[str, str]) -> str:
    length = _("%(hours)s h") % {"hours": hours(row["hours"])} if row["hours"] else ""
    return words.listed(row["programme_title"], length)


def _period(years: Sequence[int]) -> Period:
    return Period(school_year(years[0]).starts_on, school_year(years[-1]).ends_on)
