"""F11, the director's order that fixes a mentor, as PDF; with the day by which the plan of the two is due."""

import datetime as dt
import re
from typing import Any

from django.utils import translation
from django.utils.translation import ngettext

from cpd.dates import today
from cpd.pdf import LANGUAGE, render_pdf
from plans.induction.facts import duty_of
from schools.choices import Role
from schools.models import Employment, Mentorship, RoleAssignment

FORM = "F11"


def order_pdf(mentorship: Mentorship) -> bytes:
    with translation.override(LANGUAGE):
        return render_pdf(f"pdf/{FORM.lower()}.html", paper_of(mentorship))


def order_name(mentorship: Mentorship) -> str:
    """The file's name: form, young specialist, order. Letters, digits and dashes only."""
    parts = [FORM, mentorship.mentee.short_name, mentorship.order_number]
    safe = (re.sub(r"[^\w-]+", "-", part).strip("-")[:80] for part in parts)
    return "_".join(filter(None, safe)) + ".pdf"


def paper_of(mentorship: Mentorship) -> dict[str, Any]:
    """The order as its columns stand; what nobody entered is left to be written by hand."""
    on = mentorship.ordered_on or mentorship.starts_on
    job = _job_of(mentorship)
    years = mentorship.mentor.experience_years(on)
    return {
        "mentorship": mentorship,
        "school": mentorship.institution.title_ky,
        "place": mentorship.institution.district.title_ky,
        "subjects": ", ".join(subject.title_ky for subject in job.subjects.all()) if job else "",
        "hired_on": job.starts_on if job else None,
        "category": mentorship.mentor.category.title_ky,
        "experience": "" if years is None else ngettext("%(years)s year", "%(years)s years", years) % {"years": years},
        "plan_due_on": _due_on(job, on) if job else None,
        "director": _director(mentorship),
        "printed_on": today(),
    }


def _due_on(job: Employment, on: dt.date) -> dt.date | None:
    """The day by which the plan is due; None where it had passed when the order was given: nobody orders that."""
    due_on = duty_of(job, max(on, job.starts_on)).due_on
    return due_on if due_on and due_on >= on else None


def _job_of(mentorship: Mentorship) -> Employment | None:
    """The employment in which the young specialist stands when the mentorship begins."""
    jobs = Employment.objects.on(mentorship.starts_on).filter(person=mentorship.mentee)
    here = jobs.filter(institution=mentorship.institution).select_related("institution", "person")
    return here.order_by("-is_teaching", "pk").first()


def _director(mentorship: Mentorship) -> str:
    """Who held the post when the order was given."""
    held = RoleAssignment.objects.on(mentorship.ordered_on or today()).filter(
        institution=mentorship.institution, role=Role.DIRECTOR
    )
    return ", ".join(role.person.full_name for role in held.select_related("person").order_by("pk"))
