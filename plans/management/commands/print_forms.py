"""``manage.py print_forms DIR``: one paper of every form from the database, to look at and to compare."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, F, Q

from courses.models import Schedule, SharingEvent
from courses.pdf import attestation_pdf, record_pdf
from courses.schedules.papers import FORMS as SCHEDULE_FORMS
from courses.schedules.papers import schedule_pdf
from courses.sharing.paper import FORM as SHARING_FORM
from courses.sharing.paper import sharing_pdf
from courses.sharing.planning import in_order
from cpd.dates import today
from plans.actions import MODELS
from plans.assessment.paper import assessment_pdf
from plans.assessment.sheet import sheet_of
from plans.mentoring.paper import FORMS as SHEET_FORMS
from plans.mentoring.paper import sheet_pdf
from plans.mentors.paper import FORM as MENTOR_FORM
from plans.mentors.paper import order_pdf as mentor_order_pdf
from plans.models import LessonSheet, NeedsRequest, SchoolPaper, SelfAssessment, TrainingOrder
from plans.orders.papers import order_pdf
from plans.pdf import FORMS, plan_pdf
from plans.portfolio.paper import portfolio_pdf
from plans.requests.papers import request_pdf
from plans.school_papers.papers import FORMS as SCHOOL_FORMS
from plans.school_papers.papers import paper_pdf
from schools.choices import State
from schools.models import Employment, Institution, Mentorship, PrintedForm, User


class Command(BaseCommand):
    help = "Write one paper of every form as a PDF file into a folder; of plans an approved one and a draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="is made where it does not exist")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        papers: dict[str, bytes | None] = {}
        for kind in FORMS:
            papers |= plan_papers(kind)
        papers |= record_papers() | portfolio_paper()
        papers |= {form: schedule_paper(kind) for kind, form in SCHEDULE_FORMS.items()}
        papers |= need_papers() | mentor_papers() | sheet_papers() | sharing_papers() | lecturer_papers()
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


def lecturer_papers() -> dict[str, bytes | None]:
    """Of every form that colleges and universities of the database print: what is in force, else a draft.

    A form that two kinds of institution share is printed for each.
    """
    there = Institution.objects.values("kind")
    forms = PrintedForm.objects.filter(institution=None, institution_kind__in=there, document_kind__in=MODELS)
    found: dict[str, bytes | None] = {}
    for form in forms.order_by("code", "institution_kind"):
        papers = MODELS[form.document_kind].objects.filter(institution__kind=form.institution_kind)
        links = [F(link).asc(nulls_last=True) for link in ("in_force", "current_version")]
        paper = papers.order_by(*links, "pk").first()
        found[f"{form.code}-{form.institution_kind}"] = plan_pdf(paper, paper.versions.last()) if paper else None
    return found


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


def mentor_papers() -> dict[str, bytes | None]:
    """The first order that fixed a mentor."""
    fixed = Mentorship.objects.exclude(order_number="").order_by("pk").first()
    return {MENTOR_FORM: mentor_order_pdf(fixed) if fixed else None}


def portfolio_paper() -> dict[str, bytes | None]:
    """The portfolio of the teacher with the most records, among those who have an account."""
    owners = User.objects.annotate(attended=Count("person__records")).select_related("person")
    owner = owners.order_by("-attended", "pk").first()
    return {"portfolio": portfolio_pdf(owner, with_scans=True) if owner else None}


def sharing_papers() -> dict[str, bytes | None]:
    """The school year of the first school in which something was shared, or is planned to be."""
    first = SharingEvent.objects.select_related("institution").order_by("pk").first()
    if first is None:
        return {SHARING_FORM: None}
    rows = in_order(SharingEvent.objects.filter(institution=first.institution, school_year=first.school_year))
    return {SHARING_FORM: sharing_pdf(rows, of="", school=first.institution, signs="deputy", year=first.school_year)}


def sheet_papers() -> dict[str, bytes | None]:
    """F14 to F16: of each kind the sheet with the most answers, as its mentee prints it."""
    found = LessonSheet.objects.exclude(mentorship__mentee__user=None).annotate(
        answered=Count("answers", filter=~Q(answers__text=""))
    )
    papers: dict[str, bytes | None] = {}
    for kind, form in SHEET_FORMS.items():
        sheet = found.filter(kind=kind).order_by("-answered", "pk").first()
        papers[form] = sheet_pdf(sheet, sheet.mentorship.mentee.user) if sheet else None
    return papers


def need_papers() -> dict[str, bytes | None]:
    """The first request handed in, the first order issued, the fullest self-assessment, the school's own papers."""
    request = NeedsRequest.objects.exclude(current_version=None).order_by("pk").first()
    order = TrainingOrder.objects.issued().order_by("pk").first()
    sheets = SelfAssessment.objects.annotate(answered=Count("answers")).order_by("-answered", "-school_year", "pk")
    sheet = sheets.select_related("person__user").exclude(person__user=None).first()
    papers = {
        form: SchoolPaper.objects.filter(kind=kind).order_by("pk").first() for kind, form in SCHOOL_FORMS.items()
    }
    version = request.submitted_version if request else None
    return {
        "F08": request_pdf(request, version.content, version) if request and version else None,
        "F09": order_pdf(order) if order else None,
        "F17": assessment_pdf(sheet_of(sheet), sheet.person.user) if sheet else None,
    } | {form: paper_pdf(paper) if paper else None for form, paper in papers.items()}
