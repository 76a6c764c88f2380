"""Learning beside courses and sharing in the demo: what the teacher noted, held and has in the association's plan."""

import datetime as dt
from collections import Counter

from courses.actions import save_record
from courses.choices import RecordStatus, SharingKind, TrainingKind, category_of
from courses.models import SharingEvent, TrainingRecord
from courses.sharing.actions import add_sharing, plan_sharing
from courses.sharing.planning import candidates
from cpd.dates import school_year_of, today
from plans.demo import course_texts
from plans.demo.people import Town

DAYS_AGO, PRESENT = 3, 14
PLANNED_IN = 2  # February


def write(town: Town) -> Counter[str]:
    """Returns how many of each."""
    job = town.job_of("teacher")
    teacher, head = town.user(job), town.user(town.job_of("head"))
    for days_ago, row in zip((20, 75), course_texts.BESIDE_COURSES, strict=True):
        _note(town, days_ago, *row)
    verified = TrainingRecord.objects.filter(person=job.person, status=RecordStatus.VERIFIED).courses()
    held_on = town.day - dt.timedelta(days=DAYS_AGO)
    course = verified.filter(ends_on__lt=held_on).latest_first()[0]
    held = {"kind": SharingKind.PRESENTATION, "topic": course_texts.SHARED_TOPIC, "held_on": held_on}
    add_sharing(by=teacher, record=course, columns=held | {"present_count": PRESENT}, file=None)
    association = job.employment.association
    year = school_year_of(today())
    if association and (offered := candidates(head, association, year).first()):
        columns = {"kind": SharingKind.SEMINAR, "month": PLANNED_IN, "school_year": year}
        plan_sharing(by=head, place=association, record=offered, columns=columns)
    return Counter(sharing=SharingEvent.objects.count())


def _note(town: Town, days_ago: int, kind: TrainingKind, title: str, gave: str) -> None:
    job = town.job_of("teacher")
    columns = {
        "institution": job.employment.institution,
        "title": title,
        "date_text": f"{town.day - dt.timedelta(days=days_ago):%d.%m.%Y}",
        "kind": kind,
        "category": category_of(kind),
        "goal_achieved": gave,
    }
    save_record(by=town.user(job), record=None, seen=None, columns=columns, file=None, submit=False)
