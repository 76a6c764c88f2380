"""Making people nameless whose data is past its time (trust T39).

What was decided stays decided: papers, decisions and their hashes stand, and the sums of courses with them. Names stay
where they are sealed: in the papers of an office (schedules, orders, plans of departments), beside the steps of
plans, whose hashes chain, and in the rows of the journal, whose page shows them no longer (ADR 24).
"""

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.choices import RecordStatus, Verdict
from courses.files import names_of, remove
from courses.models import (
    CalendarFeed,
    CertificateFile,
    ImportRow,
    RecordAttachment,
    RecordDecision,
    SharingEvent,
    TrainingRecord,
)
from courses.reading import document_key
from cpd.dates import add_years, today
from cpd.text import fold
from plans.choices import SheetKind
from plans.inventory import imported_about
from plans.models import (
    AssessmentAnswer,
    CourseReport,
    InductionMark,
    InternshipInformation,
    InternshipPlan,
    InternshipProgramme,
    LearningNeed,
    LessonSheet,
    PortfolioEntry,
    Replacement,
    SelfAssessment,
)
from schools.audit import note
from schools.choices import NO_CATEGORY, PERSONAL, DocumentKind, Event, Kept, LeaveKind
from schools.models import (
    DocumentVersion,
    Invitation,
    Leave,
    Merge,
    NameChange,
    Notice,
    Person,
    RetentionPeriod,
    RoleAssignment,
    User,
)

NAMELESS = "—"  # the family name of somebody whose name is kept no more; the number of the row tells rows apart
NUMBERLESS = "б/н"  # a document without a number of its own
NOBODY = {  # who a frozen plan says it is of
    "name": NAMELESS,
    "short_name": NAMELESS,
    "category": "",
    "experience_years": None,
    "education": "",
    "speciality": "",
}
HOSTS = ("host_head", "supervisor")  # people of another organisation, in the papers of an internship
# What a decision keeps of a record that the person wrote, or that an office can look a document up by.
WRITTEN = {"goal_achieved": "", "comment": "", "document_number": NUMBERLESS}
# What a lecturer wrote in a report on a course; the rest of it is the course's and the department's.
REPORTED = ("aim", "topics", "opinion", "effect", "new_lectures")
# What stays of a row of an import: where it was for, and in which tables it led to what.
REFERENCES = ("institution", "association", "person")


def past_their_time(on: dt.date | None = None) -> QuerySet[Person]:
    """People whose last employment ended longer ago than their data is kept, and who hold no role."""
    day = on or today()
    period = RetentionPeriod.objects.filter(kept=Kept.PEOPLE, years__isnull=False).first()
    if period is None or period.years is None:
        return Person.objects.none()
    before = add_years(day, -period.years)
    open_roles = RoleAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=before), person=OuterRef("pk"))
    left = Person.objects.filter(erased_at=None, merged_into=None, employments__isnull=False)
    left = left.exclude(employments__ends_on=None).annotate(last_day=Max("employments__ends_on"))
    return left.filter(~Exists(open_roles), last_day__lt=before).order_by("pk")


def erase(person: Person) -> bool:
    """Make one person nameless, with the records merged into theirs; files go once everything else is written.

    Whoever is hired again, given a role or merged meanwhile stays as they are; whether it was done.
    """
    with transaction.atomic():
        # Hiring and merging take this row first too (``schools.staffing``): they wait until the end, or we for them.
        held = Person.objects.select_for_update().filter(Q(pk=person.pk) | Q(merged_into=person.pk))
        people = sorted(held.order_by("pk"), key=lambda one: one.pk != person.pk)
        if not past_their_time().filter(pk=person.pk).exists():
            return False
        _empty_imports(people)  # before the number is gone, by which they are found
        files = list(CertificateFile.objects.filter(_theirs(people)).distinct())
        names = [name for file in files for name in names_of(file)]
        for one in people:
            _nameless(one)
        _close_accounts(people)
        for model in (NameChange, Notice, Invitation, CalendarFeed):
            model._default_manager.filter(person__in=people).delete()
        records = TrainingRecord.objects.filter(person__in=people)
        records.update(goal_achieved="", comment="")
        records.exclude(document_number="").update(document_number=NUMBERLESS, document_key=document_key(NUMBERLESS))
        noted = records.filter(status=RecordStatus.NOTED)  # nobody decided on what they say
        noted.update(title=NAMELESS, title_key=fold(NAMELESS), provider_text="", provider_key="")
        SharingEvent.objects.filter(record__in=records).update(topic="")
        RecordAttachment.objects.filter(record__in=records).update(title=NAMELESS)
        emptied = CertificateFile.objects.filter(pk__in=[file.pk for file in files])
        emptied.update(size=0, sha256="", original_sha256="")
        Leave.objects.filter(employment__person__in=people).update(kind=LeaveKind.OTHER, order_number="")
        _nameless_papers(people)
        _empty_lecturers_papers(people)
        _empty_marks(people)
        _empty_needs(people)
        _delete_sheets(people)
        _nameless_decisions(people)
        _empty_merges(people)
        note(Event.ERASED, by=None, subject=people[0])
        transaction.on_commit(lambda: remove(names))
    return True


def _theirs(people: list[Person]) -> Q:
    attached = Q(record__person__in=people) | Q(sharing__record__person__in=people)
    attached |= Q(attachment__record__person__in=people)
    return attached | Q(decisions__record__person__in=people) | Q(uploaded_by__in=people)


def _nameless(person: Person) -> None:
    person.family_name, person.given_name, person.fathers_name = NAMELESS, f"№ {person.pk}", ""
    person.education = person.speciality = person.academic_degree = person.personal_number = ""
    person.teaching_since = person.born_on = None
    person.category_id = NO_CATEGORY
    person.erased_at = timezone.now()
    person.save()


def _close_accounts(people: list[Person]) -> None:
    for user in User.objects.filter(person__in=people):
        user.username, user.email, user.is_active = f"erased-{user.pk}", "", False
        user.set_unusable_password()
        user.save()
    for session in UserSession.objects.filter(user__person__in=people):
        session.end()
    Authenticator.objects.filter(user__person__in=people).delete()


def _nameless_papers(people: list[Person]) -> None:
    """In frozen papers of their own the teacher becomes nameless; the hash stays that of what was signed."""
    versions = DocumentVersion.objects.filter(document__author__in=people, document__kind__in=PERSONAL)
    raw: QuerySet[DocumentVersion] = QuerySet(DocumentVersion)  # past the guard that versions are never changed
    for version in versions.select_related("document"):
        content = _without_hosts(version.content) | {"teacher": version.content["teacher"] | NOBODY}
        if version.document.kind == DocumentKind.COURSE_REPORT:
            content |= _unwritten(version.content)
        raw.filter(pk=version.pk).update(content=content)


def _without_hosts(content: dict[str, Any]) -> dict[str, Any]:
    """A paper without the people of a host organisation, whom it alone names; so for the plan of an internship inside
    the papers that follow it.
    """
    emptied: dict[str, Any] = {name: "" for name in HOSTS if content.get(name)}
    if "internship" in content:
        emptied["internship"] = _without_hosts(content["internship"])
    return content | emptied


def _unwritten(report: dict[str, Any]) -> dict[str, Any]:
    """Of a report what its author wrote, and what its record says no longer either: emptied alike."""
    record = report["record"]
    if record["document_number"]:
        record = record | {"document_number": NUMBERLESS}
    attachments = [one | {"title": NAMELESS} for one in report["attachments"]]
    return dict.fromkeys(REPORTED, "") | {"record": record, "attachments": attachments}


def _empty_lecturers_papers(people: list[Person]) -> None:
    """The same of the working copies; and why somebody went in another's place."""
    InternshipPlan.objects.filter(author__in=people).update(host_head="")
    for model in (InternshipProgramme, InternshipInformation):
        model._default_manager.filter(author__in=people).update(supervisor="")
    CourseReport.objects.filter(author__in=people).update(**dict.fromkeys(REPORTED, ""))
    Replacement.objects.filter(Q(person__in=people) | Q(instead_of__in=people)).update(reason=NAMELESS)


def _empty_marks(people: list[Person]) -> None:
    """What a mentor said of their first years goes, and their name as a mentor in the papers of others."""
    InductionMark.objects.filter(plan__author__in=people).update(note="")
    raw: QuerySet[DocumentVersion] = QuerySet(DocumentVersion)  # past the guard that versions are never changed
    guided = raw.filter(content__mentor__person__in=[one.pk for one in people])
    for version in guided.filter(document__kind=DocumentKind.INDUCTION_PLAN):
        mentor = version.content["mentor"] | {"name": NAMELESS}
        raw.filter(pk=version.pk).update(content=version.content | {"mentor": mentor})


def _empty_needs(people: list[Person]) -> None:
    """How they saw their own work goes, with their portfolio, and what they said of a need in a sentence.

    What was counted stays counted.
    """
    PortfolioEntry.objects.filter(person__in=people).delete()
    AssessmentAnswer.objects.filter(assessment__person__in=people).delete()
    SelfAssessment.objects.filter(person__in=people).delete()
    LearningNeed.objects.filter(employment__person__in=people).update(note="")


def _delete_sheets(people: list[Person]) -> None:
    """What was written on their own lessons, and their reflections. On a mentee's lessons it stays the mentee's."""
    on_the_mentor_s = Q(mentorship__mentor__in=people, kind=SheetKind.VISIT)
    LessonSheet.objects.filter(Q(mentorship__mentee__in=people) | on_the_mentor_s).delete()


def _nameless_decisions(people: list[Person]) -> None:
    """What they wrote of a course goes, and their name where they moved it themselves."""
    decisions: QuerySet[RecordDecision] = QuerySet(RecordDecision)  # past the guard that decisions are never changed
    theirs = decisions.filter(record__person__in=people)
    for decision in theirs.all():
        written = {name: value for name, value in WRITTEN.items() if decision.content.get(name)}
        if written:
            decisions.filter(pk=decision.pk).update(content=decision.content | written)
    theirs.filter(by__in=people).update(by_name=NAMELESS)


def _empty_imports(people: list[Person]) -> None:
    """What was typed of them goes. An import that waits leaves such a row out; one that was applied stays so."""
    found = ImportRow.objects.filter(imported_about([one.pk for one in people]))
    rows = list(found.select_related("workbook"))
    for row in rows:
        if row.workbook.applied_at is None:
            row.verdict = Verdict.REFUSED
        row.typed, row.reasons = {}, []
        row.columns = {name: value for name, value in row.columns.items() if name in REFERENCES}
        row.did = [[table, key, _emptied(what)] for table, key, what in row.did]
    ImportRow.objects.bulk_update(rows, ["typed", "reasons", "columns", "did", "verdict"])


def _emptied(what: str | dict[str, list[None]]) -> str | dict[str, list[None]]:
    return what if isinstance(what, str) else {column: [None, None] for column in what}


def _empty_merges(people: list[Person]) -> None:
    """What stood in their two records. Without it a merge is not undone any more."""
    for merge in Merge.objects.filter(Q(kept__in=people) | Q(gone__in=people)):
        merge.reason = NAMELESS
        merge.moved = [[table, column, key, None, None] for table, column, key, _before, _after in merge.moved]
        merge.save(update_fields=["reason", "moved"])
