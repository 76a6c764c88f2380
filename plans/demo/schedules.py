"""The course schedules of the demo: drafted, handed over, closed, sent, received and changed, as at schools.

This school year's are with the district; the next one's are being made.
"""

import datetime as dt
from collections import Counter

from courses.choices import PeriodKind
from courses.models import AwayLimit, CalendarPeriod, Schedule, ScheduleDeadline, ScheduleEntry
from courses.schedules import actions, school_actions
from courses.schedules.drafting import suggestions
from cpd.dates import months_of_school_year, school_year
from plans.demo import texts
from plans.demo.people import NEWCOMER, Town, september
from plans.schedule_facts import planned_courses
from schools import approval
from schools.choices import Action, DocumentKind, Role, TeachingLanguage
from schools.models import Employment, Institution, Mentorship, MethodicalAssociation, User

RUSSIAN = "Орус тили жана адабияты"
MONTHS = (10, 11, 1, 2, 3, 4)  # in which schools like to let people go
WEEKS_OF_A_MONTH = 4


def write(town: Town) -> Counter[str]:
    """The calendar of the district, and everybody's schedules; returns how many were made."""
    _know_languages(town)
    _keep_calendar(town)
    first, second, third = _schools(town)
    for school in (first, second, third):
        _whole_school(town, school, town.year)
    _send(town, first, town.year, fate=Action.APPROVE)
    _change(town, first, town.year)
    _send(town, second, town.year, fate=Action.APPROVE)
    _send(town, third, town.year, fate=Action.RETURN)
    _begin_next(town, first)
    _whole_school(town, second, town.year + 1)
    _send(town, second, town.year + 1, fate=None)
    _whole_school(town, third, town.year + 1)
    schedule, deputy = _close(town, third, town.year + 1)
    approval.perform(schedule, Action.REOPEN, by=deputy, seen=_revision(schedule))
    _close(town, third, town.year + 1)
    return Counter(schedules=Schedule.objects.count(), schedule_rows=ScheduleEntry.objects.count())


def _schools(town: Town) -> list[Institution]:
    return list(dict.fromkeys(job.employment.institution for job in town.jobs))


def _know_languages(town: Town) -> None:
    """Teachers of Russian teach in Russian here, all others in Kyrgyz; of some it is not known."""
    for job in town.jobs:
        if job.subjects and town.rng.random() < 0.9:
            is_russian = RUSSIAN in job.subjects
            job.employment.teaching_language = TeachingLanguage.RUSSIAN if is_russian else TeachingLanguage.KYRGYZ
    Employment.objects.bulk_update([job.employment for job in town.jobs], ["teaching_language"])


def _keep_calendar(town: Town) -> None:
    """When courses are not welcome, how many may be away, who mentors whom, and until when schedules are awaited."""
    [officer, *_others] = town.holders(Role.DISTRICT_OFFICER, town.district.pk)
    for year in (town.year, town.year + 1):
        ScheduleDeadline.objects.create(
            district=town.district, school_year=year, due_on=dt.date(year, 6, 1), by=officer.person
        )
        for kind, begins, ends in (
            (PeriodKind.EXAMS, dt.date(year + 1, 5, 25), dt.date(year + 1, 6, 15)),
            (PeriodKind.LEAVE, dt.date(year + 1, 6, 25), dt.date(year + 1, 8, 19)),
        ):
            CalendarPeriod.objects.create(
                district=town.district, kind=kind, starts_on=begins, ends_on=ends, entered_by=officer.person
            )
    newcomer, school = town.job_of(NEWCOMER), town.job_of("deputy").employment.institution
    AwayLimit.objects.create(institution=school, percent=15, starts_on=september(town.year))
    mentor = next(
        job
        for job in town.jobs
        if job.employment.association_id == newcomer.employment.association_id and job is not newcomer
    )
    Mentorship.objects.create(
        institution=school,
        mentor=mentor.person,
        mentee=newcomer.person,
        order_number="14",
        ordered_on=september(town.year),
        starts_on=september(town.year),
    )


def _whole_school(town: Town, school: Institution, year: int) -> None:
    """Every association hands its part over, and the deputy takes it in and fixes the days."""
    deputy = town.holders(Role.DEPUTY_DIRECTOR, school.pk)[0]
    director = town.holders(Role.DIRECTOR, school.pk)[0]
    for association in MethodicalAssociation.objects.filter(institution=school).order_by("pk"):
        part = _hand_over(town, association, year)
        takes = director if deputy.person_id == part.author_id else deputy
        school_actions.take_part(part=part, by=takes, seen=_revision(part))
    _fix_days(town, _schedule(school, year), deputy)


def _hand_over(town: Town, association: MethodicalAssociation, year: int) -> Schedule:
    part, head = _draft(town, association, year)
    actions.submit_schedule(schedule=part, by=head, seen=_revision(part))
    part.refresh_from_db()
    return part


def _draft(town: Town, association: MethodicalAssociation, year: int) -> tuple[Schedule, User]:
    """What the program proposes, with months by the head and a course for whom none was planned."""
    head = town.holders(Role.ASSOCIATION_HEAD, association.pk)[0]
    jobs = Employment.objects.on(town.day).teaching().filter(association=association)
    proposed = suggestions(jobs, year, town.day, planned_courses(jobs, year))
    part = actions.start_schedule(
        by=head, institution=association.institution, year=year, association=association, proposed=proposed
    )
    themes = {job.employment.pk: job.theme for job in town.jobs}
    for row in part.rows.all():
        course = town.rng.choice(texts.COURSES + texts.THEME_COURSES.get(themes.get(row.employment_id, ""), ()))
        columns: dict[str, object] = {"proposed_month": row.proposed_month or town.rng.choice(MONTHS)}
        if not row.title:
            columns |= {name: course[name] for name in ("block", "hours", "provider_text", "study_form")}
            columns["title"] = course["programme_title"]
        actions.save_row(row=row, by=head, seen=row.revision, columns=columns)
    return part, head


def _fix_days(town: Town, schedule: Schedule, deputy: User) -> None:
    """Days in the months proposed. Of several people in one month each goes in another week, as far as weeks go."""
    taken: Counter[int] = Counter()
    for row in schedule.rows.order_by("pk"):
        month = row.proposed_month or MONTHS[0]
        begins = _monday(schedule.school_year, month, taken[month] % WEEKS_OF_A_MONTH)
        taken[month] += 1
        days = 12 if row.hours and row.hours > 40 else 5
        school_actions.fix_term(
            row=row, by=deputy, seen=row.revision, starts_on=begins, ends_on=begins + dt.timedelta(days=days - 1)
        )


def _monday(year: int, month: int, week: int) -> dt.date:
    """The Monday of one of the four full weeks of a month of the school year."""
    is_autumn = months_of_school_year().index(month) < months_of_school_year().index(1)
    first = dt.date(year if is_autumn else year + 1, month, 1)
    return first + dt.timedelta(days=(-first.weekday()) % 7 + 7 * week)


def _close(town: Town, school: Institution, year: int) -> tuple[Schedule, User]:
    deputy = town.holders(Role.DEPUTY_DIRECTOR, school.pk)[0]
    schedule = _schedule(school, year)
    actions.close_schedule(schedule=schedule, by=deputy, seen=_revision(schedule), change_note=texts.CHANGED_TERM)
    return schedule, deputy


def _send(town: Town, school: Institution, year: int, *, fate: Action | None) -> None:
    """Close and send the school's schedule; the district accepts it, returns it, or has not looked yet."""
    schedule, deputy = _close(town, school, year)
    approval.perform(schedule, Action.SEND, by=deputy, seen=_revision(schedule))
    if fate:
        [officer, *_others] = town.holders(Role.DISTRICT_OFFICER, town.district.pk)
        reason = texts.SCHEDULE_RETURNED if fate == Action.RETURN else ""
        approval.perform(schedule, fate, by=officer, seen=_revision(schedule), reason=reason)


def _change(town: Town, school: Institution, year: int) -> None:
    """A week later in one row: the first numbered change, which waits for the district."""
    deputy = town.holders(Role.DEPUTY_DIRECTOR, school.pk)[0]
    schedule = _schedule(school, year)
    approval.perform(schedule, Action.AMEND, by=deputy, seen=_revision(schedule))
    row = schedule.rows.filter(starts_on__gt=town.day).order_by("starts_on", "pk").first() or schedule.rows.first()
    if row is not None and row.starts_on and row.ends_on:
        week = dt.timedelta(days=7)
        school_actions.fix_term(
            row=row, by=deputy, seen=row.revision, starts_on=row.starts_on + week, ends_on=row.ends_on + week
        )
    _send(town, school, year, fate=None)


def _begin_next(town: Town, school: Institution) -> None:
    """The next school year is being made: parts drafted, handed over, taken in, and one not begun."""
    deputy = town.holders(Role.DEPUTY_DIRECTOR, school.pk)[1]
    associations = MethodicalAssociation.objects.filter(institution=school).order_by("pk")
    natural, exact, kyrgyz, languages, primary, _not_begun = associations
    year = town.year + 1
    _draft(town, natural, year)
    for association in (exact, primary):
        part = _hand_over(town, association, year)
        school_actions.take_part(part=part, by=deputy, seen=_revision(part))
    _hand_over(town, kyrgyz, year)
    returned = _hand_over(town, languages, year)
    school_actions.return_part(part=returned, by=deputy, seen=_revision(returned), reason=texts.PART_RETURNED)
    rows = _schedule(school, year).rows.order_by("pk")
    for row in rows[: len(rows) // 2]:
        begins = _monday(year, row.proposed_month or MONTHS[0], 1)
        school_actions.fix_term(
            row=row, by=deputy, seen=row.revision, starts_on=begins, ends_on=begins + dt.timedelta(days=11)
        )


def _schedule(school: Institution, year: int) -> Schedule:
    return Schedule.objects.get(
        institution=school, association=None, starts_on=school_year(year).starts_on, kind=DocumentKind.SCHOOL_SCHEDULE
    )


def _revision(schedule: Schedule) -> int:
    """As it stands: everything here is done one after the other."""
    revision: int = Schedule.objects.values_list("revision", flat=True).get(pk=schedule.pk)
    return revision
