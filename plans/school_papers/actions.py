"""Drawing up and saving the papers of a school."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cpd.dates import school_year_of, today
from plans.choices import PaperKind
from plans.models import SchoolPaper
from plans.school_papers import drafting
from plans.school_papers.access import can_delete
from plans.school_papers.parts import Text
from schools.approval import ChangedMeanwhile
from schools.models import Institution, Meeting, User


def draw_up_order(*, by: User, institution: Institution, school_year: int) -> SchoolPaper:
    """An order on CPD measures, drawn up from what is known today. A school may issue several in a year."""
    return SchoolPaper.objects.create(
        kind=PaperKind.MEASURES_ORDER,
        institution=institution,
        school_year=school_year,
        text=drafting.measures_order(institution, school_year, today()),
        made_by=by.person,
        changed_by=by.person,
    )


def extract_of(*, by: User, meeting: Meeting) -> SchoolPaper:
    """The extract of the minutes of a meeting: the one there is, or a new one drawn up from what was recorded."""
    if found := SchoolPaper.objects.filter(meeting=meeting).first():
        return found
    try:
        with transaction.atomic():
            return SchoolPaper.objects.create(
                kind=PaperKind.MINUTES_EXTRACT,
                institution=meeting.association.institution,
                meeting=meeting,
                school_year=school_year_of(meeting.held_on),
                number=meeting.minutes_number,
                dated_on=meeting.held_on,
                text=drafting.minutes_extract(meeting),
                made_by=by.person,
                changed_by=by.person,
            )
    except IntegrityError:  # somebody else made it at the same moment
        return SchoolPaper.objects.get(meeting=meeting)


def orders_of(institution: Institution, school_year: int) -> QuerySet[SchoolPaper]:
    """Those drawn up for the year already."""
    return SchoolPaper.objects.filter(kind=PaperKind.MEASURES_ORDER, institution=institution, school_year=school_year)


def delete_paper(*, by: User, paper: SchoolPaper) -> None:
    """Take a draft away that was not given a number meanwhile."""
    if not can_delete(by, paper):
        raise PermissionDenied
    drafts = SchoolPaper.objects.filter(pk=paper.pk, number="")
    if not drafts.delete()[0]:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again."))


def save_paper(*, by: User, paper: SchoolPaper, seen: int, number: str, dated_on: dt.date | None, text: Text) -> None:
    """Keep what was edited, if the paper still stands as it was shown."""
    columns: dict[str, Any] = {"number": number, "dated_on": dated_on, "text": text}
    shown = SchoolPaper.objects.filter(pk=paper.pk, revision=seen)
    changed = shown.update(revision=F("revision") + 1, changed_by=by.person, changed_at=timezone.now(), **columns)
    if not changed:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again."))
    paper.refresh_from_db()
