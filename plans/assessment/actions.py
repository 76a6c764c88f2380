"""Writes of a self-assessment: starting one, saving an answer, passing needs on."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cpd.dates import school_year_of, today
from plans.assessment.access import can_answer, jobs_of
from plans.assessment.passing import Passable
from plans.choices import NeedOrigin
from plans.models import AssessmentAnswer, Competence, ProfessionalStandard, SelfAssessment
from plans.needs.actions import pass_on, wished_of, withdraw
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


def pass_on_needs(
    *,
    assessment: SelfAssessment,
    by: User,
    passables: Collection[Passable],
    ticked: Collection[str],
    employment: Employment,
    subject: Subject | None,
    has_notes: bool,
) -> None:
    """Let the school know of the needs ticked, by the codes of their competences, and take back those unticked.

    What a request that was handed in counts stays. The sentences of the sheet go along only where ``has_notes``.
    """
    if assessment.person_id != by.person_id or employment.person_id != by.person_id:
        raise PermissionDenied
    if not can_answer(assessment, today()):
        raise Refused(_("This school year is over, so the sheet stays as it is."))
    only_subject, language = wished_of(employment)
    with transaction.atomic():
        for passable in passables:
            question = passable.question
            is_ticked = question.code in ticked
            if is_ticked and passable.need is None:
                pass_on(
                    by=by,
                    employment=employment,
                    school_year=assessment.school_year,
                    origin=NeedOrigin.SELF_ASSESSMENT,
                    # The Kyrgyz label in every language of the screen: what is written alike is counted together.
                    title=question.competence.title_ky,
                    competence=question.competence,
                    subject=subject or only_subject,
                    language=language,
                    note=question.answer.note if has_notes and question.answer else "",
                )
            elif not is_ticked and passable.need is not None and not passable.is_fixed:
                withdraw(need=passable.need, by=by)
