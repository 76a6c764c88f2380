"""The sheet of a self-assessment as a paper (F17): for the teacher, who may lay it into the portfolio."""

from typing import Any

from django.utils import translation

from cpd.dates import today
from cpd.pdf import LANGUAGE, render_pdf
from plans.assessment.access import jobs_of
from plans.assessment.sheet import Question, Sheet
from plans.standard.codes import paper_code
from schools.models import User


def assessment_pdf(sheet: Sheet, user: User) -> bytes:
    """All answers as they stand today."""
    with translation.override(LANGUAGE):
        return render_pdf("pdf/f17.html", paper_of(sheet, user))


def paper_of(sheet: Sheet, user: User) -> dict[str, Any]:
    """What the paper's template reads: codes as they stand on paper, everything said in words."""
    job = jobs_of(user).first()
    return {
        "teacher": user.person.full_name,
        "school": job.institution.title if job else "",
        "subjects": ", ".join(subject.title for subject in job.subjects.all()) if job else "",
        "school_year": sheet.assessment.school_year,
        "standard": sheet.assessment.standard,
        "levels": sheet.levels,
        "units": [
            (paper_code(unit.code), unit.title, [_row(question) for question in questions])
            for unit, questions in sheet.units
        ],
        "answered": sheet.answered,
        "asked": len(sheet.questions),
        "printed_on": today(),
    }


def _row(question: Question) -> dict[str, Any]:
    answer = question.answer
    return {
        "code": paper_code(question.code),
        "title": question.competence.title,
        "groups": ", ".join(paper_code(group.code) for group in question.competence.groups.all()),
        "level": question.level,
        "evidence": answer.evidence.title if answer and answer.evidence else "",
        "has_need": answer.has_need if answer else None,
        "note": answer.note if answer else "",
    }
