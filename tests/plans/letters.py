"""Applications and reports as tests make them: through the doors pages use, complete, with days in the near future."""

import datetime as dt
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.choices import RecordStatus, StudyForm, TrainingKind
from courses.models import TrainingRecord
from cpd.dates import today
from plans import actions
from plans.choices import ReportUse
from plans.lecturers.starting import start_report, start_termed
from plans.models import Application, CourseReport
from schools import approval
from schools.choices import Action, DocumentKind
from schools.models import Employment, User
from tests import factories

FIRST_DAY = dt.timedelta(days=30)
LAST_DAY = dt.timedelta(days=41)
DIRECTION = "Молекулярдык биология"


def job(user: User, kind: str) -> Employment:
    return Employment.objects.on(today()).get(person=user.person_id, institution__kind=kind)


def begun(user: User, *, at: str = "university", **columns: Any) -> Application:
    """An application as the start page makes it; its blanks are empty."""
    days = {"starts_on": today() + FIRST_DAY, "ends_on": today() + LAST_DAY} | columns
    return start_termed(by=user, kind=DocumentKind.APPLICATION, employment=job(user, at), **days)


def application(user: User, *, at: str = "university", **columns: Any) -> Application:
    """A draft from which nothing is missing."""
    paper = begun(user, at=at)
    blanks = {
        "training_kind": TrainingKind.COURSE.value,
        "direction": DIRECTION,
        "study_form": StudyForm.RELEASED.value,
    }
    actions.save_plan(plan=paper, by=user, seen=paper.revision, header=blanks | columns, rows=[])
    return factories.fresh(paper)


def handed_in(paper: Any, *, by: User) -> Any:
    actions.submit_plan(plan=paper, by=by, seen=paper.revision)
    return factories.fresh(paper)


def decided(paper: Any, *people: User) -> Any:
    """The next steps of the route, each by the person given."""
    for person in people:
        paper = factories.decided(paper, by=factories.again(person))
    return paper


def returned(paper: Any, by: User, reason: str = "Мөөнөтүн тактаңыз.") -> Any:
    approval.perform(paper, Action.RETURN, by=by, seen=paper.revision, reason=reason)
    return factories.fresh(paper)


def approved(user: User, *people: User, at: str = "university", **columns: Any) -> Application:
    return decided(handed_in(application(user, at=at, **columns), by=user), *people)


def course(user: User, **columns: Any) -> TrainingRecord:
    """A verified course of the lecturer at the university."""
    place = job(user, "university").institution
    return factories.training_record(user, **{"status": RecordStatus.VERIFIED, "institution": place} | columns)


def report(user: User, record: TrainingRecord | None = None, **columns: Any) -> CourseReport:
    """A draft of a report from which nothing is missing."""
    paper = start_report(
        by=user,
        kind=DocumentKind.COURSE_REPORT,
        employment=job(user, "university"),
        record=record or course(user),
    )
    blanks = {"aim": "Жаңы ыкмаларды өздөштүрүү", "uses": [ReportUse.PRACTICAL_TASKS.value], "new_lectures": ""}
    actions.save_plan(plan=paper, by=user, seen=paper.revision, header=blanks | columns, rows=[])
    return factories.fresh(paper)


def queries(user: User, url: str) -> int:
    """How many a page takes, after everything that is kept in memory has been read once."""
    client = Client()
    client.force_login(user)
    client.get(url)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)
