"""Making people nameless whose data is past its time (trust T39).

What was decided stays decided: papers, decisions and their hashes stand, and the sums of courses with them; only who
it was can no longer be told. The papers of an office (schedules, orders) keep the names they were signed with.
"""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.files import names_of, remove
from courses.models import CalendarFeed, CertificateFile, TrainingRecord
from courses.reading import document_key
from cpd.dates import add_years, today
from schools.audit import note
from schools.choices import NO_CATEGORY, PERSONAL, Event, Kept
from schools.models import (
    DocumentVersion,
    Invitation,
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
    "category": NO_CATEGORY,
    "experience_years": None,
    "education": "",
    "speciality": "",
}


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


def erase(person: Person) -> None:
    """Make one person nameless, with the records merged into theirs; files go once everything else is written."""
    people = [person, *person.merged.all()]
    with transaction.atomic():
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
        emptied = CertificateFile.objects.filter(pk__in=[file.pk for file in files])
        emptied.update(size=0, sha256="", original_sha256="")
        _nameless_papers(people)
        note(Event.ERASED, by=None, subject=person)
        transaction.on_commit(lambda: remove(names))


def _theirs(people: list[Person]) -> Q:
    return Q(record__person__in=people) | Q(decisions__record__person__in=people) | Q(uploaded_by__in=people)


def _nameless(person: Person) -> None:
    person.family_name, person.given_name, person.fathers_name = NAMELESS, f"№ {person.pk}", ""
    person.education = person.speciality = person.personal_number = ""
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
        teacher = version.content["teacher"] | NOBODY
        raw.filter(pk=version.pk).update(content=version.content | {"teacher": teacher})
