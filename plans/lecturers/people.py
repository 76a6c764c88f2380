"""What plans of a department tell of each lecturer beside the plan itself: post, degree, last course, next due day."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Subquery

from courses import standing
from courses.models import TrainingRecord
from courses.staff import last_course
from courses.words import decimal_text
from schools.categories import category_title
from schools.models import Employment, Institution, Person

Told = dict[str, Any]
MOST_LECTURERS = 200  # in one plan: with fourteen fields each, within DATA_UPLOAD_MAX_NUMBER_FIELDS of the settings


def lecturers_of(institution: int, association: int | None, on: dt.date) -> list[Employment]:
    """Who teaches there on a day, in the order of lists: of one department, or of the whole institution."""
    jobs = Employment.objects.on(on).teaching().filter(institution=institution).select_related("person__category")
    return list(jobs.filter(association=association) if association else jobs)


def told_of(institution: Institution, people: Collection[int], on: dt.date) -> dict[int, Told]:
    """By the person's key; as plain data, for a content. Who left already is told of by name alone."""
    last = last_course(on, person=OuterRef("person"))
    jobs = (
        Employment.objects.on(on)
        .filter(institution=institution, person__in=people)
        .select_related("person__category", "association")
        .prefetch_related("subjects")
        .annotate(last_course=Subquery(last.values("pk")[:1]))
    )
    found = {job.person_id: job for job in jobs}
    courses = TrainingRecord.objects.in_bulk({job.last_course for job in jobs} - {None})
    due = {one.person: one.due for one in standing.of(Employment.objects.filter(pk__in=[job.pk for job in jobs]), on)}
    return {person: _told(job, courses.get(job.last_course), due.get(person)) for person, job in found.items()}


def _told(job: Any, last: TrainingRecord | None, due: dt.date | None) -> Told:
    subjects = ", ".join(subject.title_ky for subject in job.subjects.all())
    return {
        "name": job.person.full_name,
        "post": ", ".join(filter(None, [job.position, subjects])),
        "degree": job.person.academic_degree,
        "category": category_title(job.person.category.title_ky),
        "department": job.association.title_ky if job.association else "",
        "last_year": last.ends_on.year if last and last.ends_on else None,
        "last_kind": last.kind if last else "",
        "last_hours": decimal_text(last.approved_hours or last.amount) if last else None,
        "due_on": due.isoformat() if due else None,
    }


def with_names(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as they were typed, each with the name of whom it is about, as a content has it; others as they are."""
    people = Person.objects.in_bulk({row["person_id"] for row in rows if row.get("person_id")})
    return [
        {**row, "name": people[row["person_id"]].full_name} if row.get("person_id") in people else row for row in rows
    ]
