"""A university and a college beside the schools: departments, their plans, applications, internships and a report.

Everything walks as it would there: through ``plans.lecturers`` and ``schools.approval``.
"""

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from courses import verification
from courses.actions import save_record
from courses.choices import DocumentType, RecordAction, StudyForm, TrainingKind
from courses.models import TrainingRecord
from cpd.dates import Period, school_year, span, today
from plans import actions
from plans.choices import Funding, InternshipActivity, ReportUse
from plans.demo import courses, texts
from plans.demo.names import CAST
from plans.demo.people import FullName, Job, Town, draw_names, september
from plans.lecturers import starting
from schools import approval
from schools.choices import Action, DocumentKind, InstitutionKind, Role
from schools.models import Document, Employment, Institution, MethodicalAssociation, Person, RoleAssignment, User

DAY = dt.timedelta(days=1)
MINUTES = "4"


@dataclass(frozen=True)
class Post:
    """Somebody of the demo: where, as what, with which role and login."""

    position: str
    login: str = ""
    role: Role | None = None
    is_teaching: bool = True
    degree: str = ""


LECTURER, SENIOR, DOCENT = "окутуучу", "ага окутуучу", "доцент"
CANDIDATE, DOCTOR = "педагогика илимдеринин кандидаты", "физика-математика илимдеринин доктору"

UNIVERSITY = ("Ала-Тоо мамлекеттик университети", "Ала-Тооский государственный университет")
FACULTY = ("Педагогика факультети", "Педагогический факультет")
DEPARTMENTS = (
    (
        ("Башталгыч билим берүү", "Начальное образование"),
        (
            Post("кафедра башчысы", "chair", Role.ASSOCIATION_HEAD, degree=CANDIDATE),
            Post(DOCENT, "lecturer", degree=CANDIDATE),
            Post(SENIOR),
            Post(LECTURER),
            Post(LECTURER),
            Post(LECTURER),
        ),
    ),
    (
        ("Математика жана аны окутуунун усулу", "Математика и методика её преподавания"),
        (Post("кафедра башчысы", "", Role.ASSOCIATION_HEAD, degree=DOCTOR), Post(SENIOR), Post(LECTURER)),
    ),
)
RECTORATE = (
    Post("факультеттин деканы", "dean", Role.DEAN, degree=CANDIDATE),
    Post("окуу жана илимий иштер боюнча проректор", "prorector", Role.DEPUTY_DIRECTOR, degree=DOCTOR),
    Post("ректор", "rector", Role.DIRECTOR, degree=DOCTOR),
    Post("кадрлар бөлүмүнүн башчысы", "personnel", Role.CLERK, is_teaching=False),
    Post("“Билим берүүнүн сапаты” бөлүмүнүн башчысы", "quality", Role.QUALITY_OFFICER, is_teaching=False),
)
COLLEGE = ("Ак-Суу агрардык-техникалык колледжи", "Ак-Сууйский аграрно-технический колледж")
COMMISSION = ("Агрардык дисциплиналар", "Аграрные дисциплины")
COLLEGE_POSTS = (
    Post("комиссиянын төрагасы", "", Role.ASSOCIATION_HEAD),
    Post(LECTURER, "tutor"),
    Post("өндүрүштүк окутуунун устаты"),
    Post(LECTURER),
)
COLLEGE_OFFICE = (
    Post("окуу иштери боюнча директордун орун басары", "cdeputy", Role.DEPUTY_DIRECTOR),
    Post("колледждин директору", "cdirector", Role.DIRECTOR),
    Post("кадрлар бөлүмүнүн адиси", "", Role.CLERK, is_teaching=False),
)
WHO = {
    "lecturer": "lecturer of the department of primary education, university",
    "chair": "head of that department",
    "dean": "dean of the faculty",
    "quality": "head of the quality department",
    "prorector": "vice-rector",
    "rector": "rector",
    "personnel": "personnel department of the university",
    "tutor": "lecturer of the college",
    "cdeputy": "deputy director of the college",
    "cdirector": "director of the college",
}
PLANNED = (
    ("methods", "Компетенттүүлүккө негизделген окутуу"),
    ("it", "Электрондук курстарды түзүү"),
    ("speciality", "Окууну баалоонун заманбап ыкмалары"),
)
FARM = "“Айыл-Технолог” өндүрүштүк кооперативи"
INSTITUTE = "Республикалык КЖИ"  # as people write the republican institute; the register knows it by this name too
INTERNSHIP_ROWS = (
    (InternshipActivity.THEORY, "Уюмдун жобосу жана программалары менен таанышуу", "1-күн", "16"),
    (InternshipActivity.SKILLS, "Угуучулар менен сабактарды биргелешип өткөрүү", "2–8-күн", "40"),
    (InternshipActivity.PAPERS, "Окуу-усулдук документтерди талдоо", "9–14-күн", "24"),
)


def write(town: Town) -> Counter[str]:
    """Returns how many places, people and papers were made."""
    rng, before = random.Random(f"campus {town.year}"), Document.objects.count()  # noqa: S311 - names and dates
    names = draw_names(rng)
    university = _institution(town, UNIVERSITY, InstitutionKind.UNIVERSITY)
    faculty = _unit(university, FACULTY)
    for title, posts in DEPARTMENTS:
        _staff(town, rng, names, university, _unit(university, title, faculty), posts)
    _staff(town, rng, names, university, faculty, RECTORATE[:1])
    _staff(town, rng, names, university, None, RECTORATE[1:])
    college = _institution(town, COLLEGE, InstitutionKind.COLLEGE)
    commission = _unit(college, COMMISSION)
    _staff(town, rng, names, college, commission, COLLEGE_POSTS)
    _staff(town, rng, names, college, None, COLLEGE_OFFICE)
    _second_job(town, college, commission)
    _learn(town, rng)
    _plan_departments(town)
    _apply(town)
    _intern(town)
    _report(town)
    _college_papers(town)
    return Counter(universities=1, colleges=1, papers_of_lecturers=Document.objects.count() - before)


def _institution(town: Town, title: tuple[str, str], kind: InstitutionKind) -> Institution:
    return Institution.objects.create(title_ky=title[0], title_ru=title[1], kind=kind, district=town.district)


def _unit(
    institution: Institution, title: tuple[str, str], faculty: MethodicalAssociation | None = None
) -> MethodicalAssociation:
    return MethodicalAssociation.objects.create(
        institution=institution, title_ky=title[0], title_ru=title[1], part_of=faculty
    )


def _staff(
    town: Town,
    rng: random.Random,
    names: Any,
    institution: Institution,
    unit: MethodicalAssociation | None,
    posts: Sequence[Post],
) -> None:
    for post in posts:
        person = _person(town, rng, CAST.get(post.login) or next(names), post)
        employment = Employment.objects.create(
            person=person,
            institution=institution,
            association=unit if post.role != Role.DEAN else None,
            position=post.position,
            is_teaching=post.is_teaching,
            starts_on=september(town.year - rng.randint(4, 12)),
        )
        town.jobs.append(Job(employment, login=post.login))
        if post.role:
            of_unit = post.role in (Role.ASSOCIATION_HEAD, Role.DEAN)
            place: dict[str, Any] = {"association": unit} if of_unit else {"institution": institution}
            since = september(town.year - 2)
            town.roles.append(RoleAssignment.objects.create(person=person, role=post.role, starts_on=since, **place))


def _person(town: Town, rng: random.Random, name: FullName, post: Post) -> Person:
    person = Person.objects.create(
        family_name=name[0],
        given_name=name[1],
        fathers_name=name[2],
        education=texts.HIGHER,
        academic_degree=post.degree,
        teaching_since=september(town.year - rng.randint(5, 25)) if post.is_teaching else None,
    )
    town.users[person.pk] = User.objects.create(
        username=post.login or f"campus.{person.pk}",
        person=person,
        password=_login(town, "teacher").password if post.login else make_password(None),  # hashed once for all
        must_change_password=not post.login,
    )
    return person


def _second_job(town: Town, college: Institution, commission: MethodicalAssociation) -> None:
    """A teacher of the second school also teaches at the college: two norms, one record."""
    person = town.job_of("stranger").person
    Employment.objects.create(
        person=person,
        institution=college,
        association=commission,
        position=LECTURER,
        starts_on=september(town.year - 2),
        is_main=False,
    )


def _login(town: Town, login: str) -> User:
    return town.user(town.job_of(login))


def _decide(plan: Any, by: User, action: Action = Action.APPROVE) -> None:
    """One step of the route; where a meeting takes it, at that meeting."""
    document = Document.objects.get(pk=plan.pk)
    step = approval.next_step(document)
    if step and step["needs_minutes"]:
        actions.record_meeting(
            association=document.association,  # type: ignore[arg-type]
            by=by,
            minutes_number=MINUTES,
            held_on=today(),
            present=[by.person],
            verdicts=[actions.Verdict(document, document.revision, action)],
        )
    else:
        approval.perform(document, action, by=by, seen=document.revision)


def _fill(plan: Any, by: User, header: dict[str, Any], rows: Sequence[dict[str, Any]] = ()) -> Any:
    revision = actions.save_plan(plan=plan, by=by, seen=plan.revision, header=header, rows=rows)
    found = type(plan).objects.get(pk=plan.pk)
    actions.submit_plan(plan=found, by=by, seen=revision)
    return type(plan).objects.get(pk=plan.pk)


def _typed(rng: random.Random, **columns: Any) -> dict[str, Any]:
    return {"uid": str(uuid.UUID(int=rng.getrandbits(128), version=4)), **columns}


def _learn(town: Town, rng: random.Random) -> None:
    """Most lecturers have a verified course behind them; of some it is long ago."""
    kinds = (InstitutionKind.COLLEGE, InstitutionKind.UNIVERSITY)
    jobs = [job for job in town.jobs if job.employment.institution.kind in kinds and job.employment.is_teaching]
    for place, job in enumerate(jobs):
        if place % 5 != 3 and town.holders(Role.CLERK, job.employment.institution_id):
            _, topic = PLANNED[place % len(PLANNED)]
            _course(town, job, topic, "72", town.day - rng.randint(60, 365 * 6) * DAY)


def _plan_departments(town: Town) -> None:
    """The perspective plan in force, and the yearly one with the dean."""
    chair, unit = _login(town, "chair"), town.job_of("chair").employment.association
    days = Period(school_year(town.year).starts_on, school_year(town.year + 2).ends_on)
    kind = DocumentKind.PERSPECTIVE_PLAN
    plan: Any = starting.start_unit_plan(by=chair, kind=kind, place=unit, period=days)  # type: ignore[arg-type]
    rows = []
    for place, row in enumerate(plan.rows.all()):
        code, topic = PLANNED[place % len(PLANNED)]
        cells = {f"{place % 3 + 1}-{code}": topic}
        rows.append(
            {
                "uid": str(row.uid),
                "person_id": row.person_id,
                "cells": cells,
                "provider_text": "",
                "funding": "",
                "note": "",
            }
        )
    plan = _fill(plan, chair, {}, rows)
    _decide(plan, _login(town, "quality"), Action.AGREE)
    _decide(plan, _login(town, "prorector"))
    year = school_year(town.year)
    kind = DocumentKind.DEPARTMENT_PLAN
    yearly: Any = starting.start_unit_plan(by=chair, kind=kind, place=unit, period=year)  # type: ignore[arg-type]
    rows = [
        {
            "uid": str(row.uid),
            "person_id": row.person_id,
            "training_kind": TrainingKind.COURSE,
            "topic": row.topic or PLANNED[0][1],
            "month": 11 + place % 2,
            "term_text": "",
            "provider_text": INSTITUTE,
            "note": "",
        }
        for place, row in enumerate(yearly.rows.all())
    ]
    _fill(yearly, chair, {}, rows)


def _apply(town: Town) -> None:
    """The lecturer's application, agreed by the head, waits for the dean."""
    lecturer, job = _login(town, "lecturer"), town.job_of("lecturer").employment
    starts_on = town.day + 30 * DAY
    plan = starting.start_termed(
        by=lecturer, kind=DocumentKind.APPLICATION, employment=job, starts_on=starts_on, ends_on=starts_on + 11 * DAY
    )
    plan = _fill(
        plan,
        lecturer,
        {
            "training_kind": TrainingKind.COURSE,
            "direction": PLANNED[1][1],
            "provider_text": INSTITUTE,
            "study_form": StudyForm.RELEASED,
        },
    )
    _decide(plan, _login(town, "chair"), Action.AGREE)


def _intern(town: Town) -> None:
    """An internship that has ended: the plan and the programme in force, the information being written."""
    lecturer, job = _login(town, "lecturer"), town.job_of("lecturer").employment
    ends_on = town.day - 6 * DAY
    plan = starting.start_termed(
        by=lecturer,
        kind=DocumentKind.INTERNSHIP_PLAN,
        employment=job,
        starts_on=ends_on - 13 * DAY,
        ends_on=ends_on,
    )
    header = {
        "direction": "Кошумча кесиптик билим берүүнү уюштуруу",
        "host_text": INSTITUTE,
        "host_head": "Мамбетов Эркин Асанович",
        "host_agreed_on": ends_on - 20 * DAY,
    }
    plan = _fill(plan, lecturer, header, _internship_rows(town.rng))
    _decide(plan, _login(town, "chair"))
    plan = type(plan).objects.get(pk=plan.pk)
    programme = starting.start_of_internship(by=lecturer, kind=DocumentKind.INTERNSHIP_PROGRAMME, internship=plan)
    header = {
        "programme_title": "Кошумча билим берүү программаларын иштеп чыгуу",
        "aim": "Угуучуларды окутуунун тажрыйбасын үйрөнүү",
        "supervision": "Стажировканын жетекчиси жума сайын текшерет",
        "supervisor": "Дөөлөтова Клара Орозбековна",
    }
    programme = _fill(programme, lecturer, header)
    _decide(programme, _login(town, "chair"), Action.AGREE)
    _decide(programme, _login(town, "prorector"))
    starting.start_of_internship(by=lecturer, kind=DocumentKind.INTERNSHIP_INFORMATION, internship=plan)


def _internship_rows(rng: random.Random) -> list[dict[str, Any]]:
    return [
        _typed(rng, activity_kind=kind, work=work, term_text=term, hours=hours, result="")
        for kind, work, term, hours in INTERNSHIP_ROWS
    ]


def _report(town: Town) -> None:
    """A colleague's verified course, and the report on it that the department sent back for rework."""
    chair = _login(town, "chair")
    unit = town.job_of("chair").employment.association
    [job, *_others] = [one for one in town.jobs if one.employment.association == unit and not one.login]
    by = town.user(job)
    record = _course(town, job, PLANNED[0][1], "72", town.day - 40 * DAY)
    kind = DocumentKind.COURSE_REPORT
    plan = starting.start_report(by=by, kind=kind, record=record, employment=job.employment)
    header = {
        "aim": "Компетенттүүлүккө негизделген окутуунун ыкмаларын өздөштүрүү",
        "topics": "Окуунун максаттары, тапшырмалар, баалоо",
        "opinion": "",
        "effect": "",
        "uses": [ReportUse.RENEWED_LECTURES, ReportUse.PRACTICAL_TASKS],
        "new_lectures": "",
    }
    plan = _fill(plan, by, header)
    document = Document.objects.get(pk=plan.pk)
    reason = "Лекциялардын кайсы темалары жаңырганын көрсөтүңүз."
    approval.perform(document, Action.RETURN, by=chair, seen=document.revision, reason=reason)


def _course(town: Town, job: Job, title: str, hours: str, ended: dt.date) -> TrainingRecord:
    """A verified record with a drawn certificate."""
    started = ended - 11 * DAY
    columns: dict[str, Any] = {
        "institution": job.employment.institution,
        "title": title,
        "date_text": span(started, ended),
        "provider_text": INSTITUTE,
        "hours_text": hours,
        "document_type": DocumentType.CERTIFICATE,
        "document_number": f"{ended.year % 100}-{job.employment.pk:04}",
        "document_on": ended,
    }
    course = courses.Course(title, span(started, ended), INSTITUTE, hours, ended, "verified")
    file = courses.certificate(town.user(job), course, columns["document_number"], ended)
    record = save_record(by=town.user(job), record=None, seen=None, columns=columns, file=file, submit=True)
    [verifier, *_others] = town.holders(Role.CLERK, job.employment.institution_id)
    verification.perform(record, RecordAction.VERIFY, by=verifier, seen=record.revision)
    return record


def _college_papers(town: Town) -> None:
    """The college's plan in force, an application with the director, an internship plan being written."""
    deputy, tutor = _login(town, "cdeputy"), _login(town, "tutor")
    job = town.job_of("tutor").employment
    days = Period(school_year(town.year).starts_on, school_year(town.year + 2).ends_on)
    plan: Any = starting.start_unit_plan(
        by=deputy, kind=DocumentKind.PERSPECTIVE_PLAN, place=job.institution, period=days
    )
    rows = [
        {
            "uid": str(row.uid),
            "person_id": row.person_id,
            "cells": {f"{place % 3 + 1}-course": "курс, 36 саат" if place % 2 else "стажировка, 72 саат"},
            "provider_text": INSTITUTE if place % 2 else FARM,
            "funding": Funding.BUDGET if place % 2 else Funding.INSTITUTION,
            "note": "",
        }
        for place, row in enumerate(plan.rows.all())
    ]
    plan = _fill(plan, deputy, {}, rows)
    _decide(plan, _login(town, "cdirector"))
    starts_on = town.day + 25 * DAY
    application = starting.start_termed(
        by=tutor, kind=DocumentKind.APPLICATION, employment=job, starts_on=starts_on, ends_on=starts_on + 5 * DAY
    )
    header = {
        "training_kind": TrainingKind.COURSE,
        "direction": "Айыл чарба техникасынын жаңы үлгүлөрү",
        "provider_text": FARM,
        "study_form": StudyForm.NOT_RELEASED,
        "funding": Funding.INSTITUTION,
    }
    application = _fill(application, tutor, header)
    _decide(application, deputy, Action.AGREE)
    starting.start_termed(
        by=tutor,
        kind=DocumentKind.INTERNSHIP_PLAN,
        employment=job,
        starts_on=town.day + 60 * DAY,
        ends_on=town.day + 73 * DAY,
    )
    _course(town, town.job_of("tutor"), "Кесиптик окутуунун усулу", "36", town.day - 200 * DAY)
