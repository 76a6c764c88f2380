"""Writes of a self-assessment: starting one, saving an answer, passing needs on."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cpd.dates import school_year_of, today
from plans.assessment.access import can_answer, is_told_by, jobs_of, years_to_choose
from plans.assessment.passing import Passable
from plans.choices import NeedOrigin
from plans.models import AssessmentAnswer, Competence, LearningNeed, ProfessionalStandard, SelfAssessment
from plans.needs.actions import is_counted, pass_on, wished_of, withdraw
from schools.approval import Refused
from schools.models import Employment, Subject, User


def start_assessment(*, by: User) -> SelfAssessment:
    """This school year's, by the version of the standard in force; started twice it is the same one."""
    if not jobs_of(by).exists():
        raise Refused(_("No teaching post is entered for you. Please tell your deputy director."))
    standard = ProfessionalStandard.objects.in_force(today())
    if standard is None or not Competence.objects.filter(unit__standard=standard).exists():
        raise Refused(_("No version of the professional standard is in force. Please tell the administrator."))
    year = school_year_of(today())
    try:
        with transaction.atomic():
            return SelfAssessment.objects.create(person=by.person, standard=standard, school_year=year)
    except IntegrityError:
        return SelfAssessment.objects.get(person=by.person_id, school_year=year)


def save_answer(
    *, assessment: SelfAssessment, by: User, competence: Competence, columns: Mapping[str, Any]
) -> AssessmentAnswer:
    """Write the ``columns`` that were given; what was not named stays as it is.

    The same answer sent twice is one answer, so a phone may send it again until it hears that it arrived. Of two
    different ones the last to arrive stands.
    """
    if assessment.person_id != by.person_id:
        raise PermissionDenied
    if not can_answer(assessment, today()):
        raise Refused(_("This school year is over, so the sheet stays as it is."))
    answer, _made = AssessmentAnswer.objects.update_or_create(
        assessment=assessment, competence=competence, defaults=columns
    )
    return answer


def save_answers(
    *, assessment: SelfAssessment, by: User, answers: Iterable[tuple[Competence, Mapping[str, Any]]]
) -> None:
    """Several answers of one sheet, all or none; see :func:`save_answer`."""
    with transaction.atomic():
        for competence, columns in answers:
            save_answer(assessment=assessment, by=by, competence=competence, columns=columns)


def pass_on_needs(
    *,
    assessment: SelfAssessment,
    by: User,
    school_year: int,
    passables: Collection[Passable],
    ticked: Collection[str],
    employment: Employment,
    subject: Subject | None,
    noted: Collection[str],
) -> bool:
    """Let the school know of the needs ticked, by the codes of their competences, and take back those unticked.

    ``passables`` are those of the ``school_year`` that the courses are wished in; other years' needs stay as they are.
    The sentence of a need goes along where its code is ``noted`` too; else the school reads none. What a request that
    was handed in counts stays with its sentence. Returns whether anything is otherwise than before.
    """
    if assessment.person_id != by.person_id or employment.person_id != by.person_id:
        raise PermissionDenied
    if not can_answer(assessment, today()):
        raise Refused(_("This school year is over, so the sheet stays as it is."))
    if school_year not in years_to_choose(assessment):
        raise Refused(_("Choose the school year."))
    only_subject, language = wished_of(employment)
    was_changed = False
    with transaction.atomic():
        for passable in passables:
            question, need = passable.question, passable.need
            if passable.is_fixed:
                continue
            if question.code not in ticked:
                if need is not None:
                    withdraw(need=need, by=by)
                    was_changed = True
                continue
            note = passable.sentence if question.code in noted else ""
            if need is None:
                need = pass_on(
                    by=by,
                    employment=employment,
                    school_year=school_year,
                    origin=NeedOrigin.SELF_ASSESSMENT,
                    # The Kyrgyz label in every language of the screen: what is written alike is counted together.
                    title=question.competence.title_ky,
                    competence=question.competence,
                    subject=subject or only_subject,
                    language=language,
                    note=note,
                )
                was_changed = True
            # Also of a need that was private until now, whose own sentence was not ticked.
            if need.note != note and is_told_by(by, need):
                if is_counted(need):
                    raise Refused(_("The school's request counts this need already."))
                LearningNeed.objects.filter(pk=need.pk).update(note=note)
                was_changed = True
    return was_changed
