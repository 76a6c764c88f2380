"""``manage.py print_forms DIR``: one paper of every form from the database, to look at and to compare."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, F

from courses.models import Schedule
from courses.pdf import attestation_pdf, record_pdf
from courses.schedules.papers import FORMS as SCHEDULE_FORMS
from courses.schedules.papers import schedule_pdf
from cpd.dates import today
from plans.actions import MODELS
from plans.pdf import FORMS, plan_pdf
from schools.choices import State
from schools.models import Employment


class Command(BaseCommand):
    help = "Write F01, F02 (one approved and one draft of each), F03, F05, F06 and F29 as PDF files into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="is made where it does not exist")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        papers: dict[str, bytes | None] = {}
        for kind in FORMS:
            papers |= plan_papers(kind)
        papers |= record_papers()
        papers |= {form: schedule_paper(kind) for kind, form in SCHEDULE_FORMS.items()}
        folder.mkdir(parents=True, exist_ok=True)
        for name, paper in papers.items():
            if paper is not None:
                path = folder / f"{name}.pdf"
                path.write_bytes(paper)
                self.stdout.write(str(path))
        if missing := [name for name, paper in papers.items() if paper is None]:
            raise CommandError(f"The database holds nothing to print for: {', '.join(missing)}.")


def plan_papers(kind: str) -> dict[str, bytes | None]:
    """The first approved plan and the first that is not, with None where there is none.

    In the demo the first ones are those that the sources print.
    """
    plans = MODELS[kind].objects.order_by("pk")
    approved = plans.exclude(in_force=None).first()
    draft = plans.exclude(state=State.APPROVED).first()
    papers: dict[str, bytes | None] = {FORMS[kind]: None, f"{FORMS[kind]}-draft": None}
    if approved:
        papers[FORMS[kind]] = plan_pdf(approved, approved.in_force)
    if draft:
        papers[f"{FORMS[kind]}-draft"] = plan_pdf(draft, None if draft.is_editable else draft.current_version)
    return papers


def schedule_paper(kind: str) -> bytes | None:
    """The first schedule that has a version, in its newest one; where none has, the first working copy."""
    schedules = Schedule.objects.filter(kind=kind).order_by(F("current_version").asc(nulls_last=True), "pk")
    found = schedules.first()
    return schedule_pdf(found, found.versions.last()) if found else None


def record_papers() -> dict[str, bytes | None]:
    """F03, and F29 for attestation today, of the teacher with the most records."""
    jobs = Employment.objects.teaching().select_related("person", "institution")
    job = jobs.annotate(attended=Count("person__records")).order_by("-attended", "pk").first()
    if job is None:
        return {"F03": None, "F29": None}
    return {"F03": record_pdf(job.person, job), "F29": attestation_pdf(job.person, job, today())}
