"""``manage.py print_forms DIR``: one paper of every form from the database, to look at and to compare."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.pdf import record_pdf
from plans.actions import MODELS
from plans.pdf import FORMS, plan_pdf
from schools.choices import State
from schools.models import Employment


class Command(BaseCommand):
    help = "Write F01, F02 (one approved and one draft of each) and F03 as PDF files into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="is made where it does not exist")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        papers: dict[str, bytes | None] = {}
        for kind in FORMS:
            papers |= plan_papers(kind)
        papers["F03"] = record_paper()
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


def record_paper() -> bytes | None:
    job = Employment.objects.select_related("person", "institution").order_by("pk").first()
    return record_pdf(job.person, job) if job else None
