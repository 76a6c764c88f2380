"""Writes of learning needs: telling one, passing it on to the school, taking it back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cpd import dates
from cpd.text import fold
from plans.models import Competence, LearningNeed, NeedsRequest
from plans.models.needs import LearningNeedQuerySet
from plans.needs.access import can_change, can_enter_for, is_own
from plans.requests.content import needs_in
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import TeachingLanguage
from schools.models import Document, DocumentVersion, Employment, Subject, User
from schools.models.documents import EDITABLE


def wished_of(employment: Employment) -> tuple[Subject | None, str]:
    """Subject and language of a course for a teacher, as far as the job says: its only subject, its language."""
    subjects = list(employment.subjects.all())
    subject = subjects[0] if len(subjects) == 1 else None
    return subject, employment.teaching_language or TeachingLanguage.KYRGYZ


def tell_need(
    *,
    by: User,
    employment: Employment,
    school_year: int,
    origin: str,
    title: str,
    competence: Competence | None = None,
    subject: Subject | None = None,
    language: str = TeachingLanguage.KYRGYZ,
    is_passed_on: bool = False,
    **wishes: Any,
) -> LearningNeed:
    """A need of one's own or, from who leads the school, a teacher's. Told twice it is one need.

    ``wishes`` are ``study_form``, ``quarter`` and ``note``. What the school enters is always passed on.
    """
    is_of_the_school = employment.person_id != by.person_id
    if is_of_the_school and not can_enter_for(by, employment.institution_id):
        raise PermissionDenied
    if not title.strip():
        raise Refused(_("Name the topic."))
    need = LearningNeed(
        employment=employment,
        school_year=school_year,
        origin=origin,
        competence=competence,
        title=title.strip(),
        subject=subject,
        language=language,
        entered_by=by.person,
        passed_on_at=timezone.now() if is_passed_on or is_of_the_school else None,
        **wishes,
    )
    if known := _known_already(need):
        return known
    try:
        with transaction.atomic():
            need.save(force_insert=True)
    except IntegrityError:  # told at two screens at the same moment
        return _known_already(need) or need
    return need


def pass_on(
    *,
    by: User,
    employment: Employment,
    school_year: int,
    origin: str,
    title: str,
    competence: Competence | None = None,
    subject: Subject | None = None,
    language: str = TeachingLanguage.KYRGYZ,
    note: str = "",
) -> LearningNeed:
    """Tell the school of a need at once; one that was told before is passed on, not written twice."""
    return tell_need(
        by=by,
        employment=employment,
        school_year=school_year,
        origin=origin,
        title=title,
        competence=competence,
        subject=subject,
        language=language,
        note=note,
        is_passed_on=True,
    )


def pass_on_need(*, need: LearningNeed, by: User) -> LearningNeed:
    """Let the school see a need that was the teacher's alone; the need that the school reads now.

    Where the school has entered the same by itself, that one is passed on already, and the teacher's is taken back.
    """
    if not is_own(by, need):
        raise PermissionDenied
    waiting = LearningNeed.objects.live().filter(pk=need.pk, passed_on_at=None)
    try:
        with transaction.atomic():
            passed_on = waiting.update(passed_on_at=timezone.now())
    except IntegrityError:
        waiting.update(withdrawn_at=timezone.now())
        return _same(need).passed_on().get()
    if passed_on != 1:
        raise ChangedMeanwhile(_("This need was passed on or taken back already."))
    return need


def withdraw(*, need: LearningNeed, by: User) -> None:
    """Take a need back. It leaves a request that is still being made; one that was handed in keeps it.

    Raises :class:`Refused` where a request that the school handed in counts it.
    """
    if not can_change(by, need):
        raise PermissionDenied
    with transaction.atomic():
        row = _leave_request(need)
        if LearningNeed.objects.live().filter(pk=need.pk, row=row).update(withdrawn_at=timezone.now(), row=None) != 1:
            raise _what_happened(need)


def change_need(*, need: LearningNeed, by: User, columns: Mapping[str, Any]) -> None:
    """Write what was typed anew. A need that a request counts already stays as it was counted."""
    if not can_change(by, need):
        raise PermissionDenied
    written = dict(columns)
    if "title" in written:
        written["title_key"] = fold(written["title"])  # an UPDATE passes the column's own writing by
    with transaction.atomic():
        row = _leave_request(need)
        alike = set(_same(need, written).values_list("pk", flat=True)) if is_own(by, need) else set()
        if alike and need.pk not in alike:
            raise Refused(_("This need is already in the list."))
        try:
            with transaction.atomic():
                changed = LearningNeed.objects.live().filter(pk=need.pk, row=row).update(**written, row=None)
        except IntegrityError:
            raise Refused(_("This need is already in the list.")) from None
        if changed != 1:
            raise _what_happened(need)


def enter_for_teachers(
    *,
    by: User,
    employments: Iterable[Employment],
    school_year: int,
    origin: str,
    title: str,
    is_for_all_subjects: bool,
    **wishes: Any,
) -> list[LearningNeed]:
    """One topic that the school's programme or attestation asks of several teachers; the needs that are new.

    Each in the teacher's own language, and in the own subject unless it is for all.
    """
    jobs = list(employments)
    told = LearningNeed.objects.passed_on().filter(school_year=school_year, title_key=fold(title.strip()))
    known = set(told.filter(employment__in=jobs).values_list("employment", flat=True))
    made = []
    with transaction.atomic():
        for job in jobs:
            if job.pk in known:
                continue
            subject, language = wished_of(job)
            need = tell_need(
                by=by,
                employment=job,
                school_year=school_year,
                origin=origin,
                title=title,
                subject=None if is_for_all_subjects else subject,
                language=language,
                is_passed_on=True,
                **wishes,
            )
            if need.entered_by_id == by.person_id:  # else somebody entered it at the same moment
                made.append(need)
    return made


def take_along(old: Employment, new: Employment) -> None:
    """Whoever moves to another institution takes along their own needs of that year and later ones.

    The new school reads one when the teacher passes it on there. What a request counts stays with the school that
    handed it in, as does what the school itself entered.
    """
    needs = LearningNeed.objects.live().filter(
        employment=old, entered_by=old.person_id, school_year__gte=dates.school_year_of(new.starts_on)
    )
    for need in needs.select_related("employment"):
        if not is_counted(need):
            row = _leave_request(need)
            stands = LearningNeed.objects.live().filter(pk=need.pk, row=row)
            if stands.update(employment=new, passed_on_at=None, row=None) != 1:
                raise _what_happened(need)


def versions_holding(request: NeedsRequest) -> list[DocumentVersion]:
    """The version in force, and the one before somebody for a decision."""
    found = [request.in_force, None if request.is_editable else request.current_version]
    return [version for version in found if version is not None]


def is_counted(need: LearningNeed) -> bool:
    """Whether a request that was handed in, and not returned, counts the need."""
    period = dates.school_year(need.school_year)
    requests = NeedsRequest.objects.filter(
        institution=need.employment.institution_id, starts_on=period.starts_on
    ).select_related("in_force", "current_version")
    return any(need.pk in needs_in(version.content) for request in requests for version in versions_holding(request))


def _same(need: LearningNeed, written: Mapping[str, Any] | None = None) -> LearningNeedQuerySet:
    """The teacher's live needs that say the same, or the same as what is ``written`` of it now."""
    said = {"title_key": fold(need.title), "subject": need.subject_id} | dict(written or {})
    return LearningNeed.objects.live().filter(
        employment=need.employment_id,
        school_year=need.school_year,
        title_key=said["title_key"],
        subject=said["subject"],
    )


def _known_already(need: LearningNeed) -> LearningNeed | None:
    """The live need that says the same as one that is told; passed on if this one would have been.

    What a teacher has told nobody yet stays so when the school enters the same by itself.
    """
    same = _same(need)
    if known := same.passed_on().first():
        return known
    private = same.first()
    if private is None or need.entered_by_id != need.employment.person_id:
        return None
    if not need.passed_on_at:
        return private
    same.filter(pk=private.pk, passed_on_at=None).update(passed_on_at=need.passed_on_at)
    return LearningNeed.objects.get(pk=private.pk)


def _leave_request(need: LearningNeed) -> int | None:
    """Take the need out of the working copy that counts it, which whoever is about to hand it in has to see anew.

    The row that it stands in, which the UPDATE that follows has to name: a request may begin to count it meanwhile.
    """
    if is_counted(need):
        raise Refused(_("The school's request counts this need already."))
    now = LearningNeed.objects.select_related("row")
    row = now.get(pk=need.pk).row
    if row is None:
        return None
    open_request = Document.objects.filter(pk=row.request_id, state__in=EDITABLE)
    if open_request.update(revision=F("revision") + 1) != 1:
        raise Refused(_("The school's request counts this need already."))
    return now.get(pk=need.pk).row_id  # the request is held now: it may have been merged or taken out just before


def _what_happened(need: LearningNeed) -> ChangedMeanwhile:
    """One sentence for whoever came second."""
    if LearningNeed.objects.live().filter(pk=need.pk).exists():
        return ChangedMeanwhile(_("Meanwhile the school's request began to count this need. Nothing was changed."))
    return ChangedMeanwhile(_("This need was passed on or taken back already."))
