"""``manage.py import_workbook FILE --school ID|--district ID``: a whole school or district out of one workbook."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils import timezone

from courses.choices import ImportState, ImportTable, Verdict
from courses.importing import states
from courses.importing.applying import apply_import
from courses.importing.jobs import LONGEST_NAME, TakenAway, hold
from courses.importing.reading import is_unfit, read_workbook
from courses.importing.report import reasons_of
from courses.importing.words import problem_text
from courses.models import WorkbookImport
from cpd.dates import today
from schools.access import can_import
from schools.approval import Refused
from schools.choices import Role
from schools.models import District, Institution, User


class Command(BaseCommand):
    help = (
        "Read a workbook of institutions, associations, staff and past courses, say what becomes of each row, and "
        "write all of it or nothing. Exits 1 where a row is refused or the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the workbook (.xlsx)")
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("--school", type=int, metavar="ID", help="the institution it is for")
        place.add_argument("--district", type=int, metavar="ID", help="the district it is for")
        parser.add_argument("--by", metavar="USERNAME", help="who imports; by default the only administrator")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *, file: str, **options: Any) -> None:
        data, place, by = _content(file), _place(options), _importer(options["by"])
        if not can_import(by, place):
            raise CommandError(f"“{by}” may not import for “{place}”.")
        workbook = _begun(data, Path(file).name, place, by)
        found: dict[str, Any] = {"applied": False}
        try:
            _read(workbook)
            found |= _preview(workbook)
            if not (found["problems"] or found["refused"] or options["dry_run"]):
                found["error"] = _applied(workbook, by)
                found["applied"] = not found["error"]
        finally:
            if not found["applied"]:
                workbook.delete()
        self._tell(found, as_json=options["json"])
        if found["problems"] or found["refused"] or found["error"]:
            sys.exit(1)

    def _tell(self, found: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for text in (*found["problems"], *found["hints"]):
            self.stdout.write(text)
        for table, counts in found["counts"].items():
            said = ", ".join(f"{verdict} {counts.get(verdict, 0)}" for verdict in Verdict.values)
            self.stdout.write(f"{table}: {said}")
        for row in found["refused"]:
            self.stdout.write(f"{row['table']} {row['row']}: {'; '.join(row['reasons'])}")
        if found["error"]:
            self.stdout.write(found["error"])
        self.stdout.write("Applied." if found["applied"] else "Nothing was written.")


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from None
    except ValueError:
        raise CommandError("The name of the file holds a character that no file name can have.") from None


def _place(options: dict[str, Any]) -> Institution | District:
    pk, model = options["school"], Institution
    if options["district"] is not None:
        pk, model = options["district"], District  # type: ignore[assignment]
    found: Institution | District | None = model.objects.filter(pk=pk).first()
    if found is None:
        raise CommandError(f"There is no {model._meta.verbose_name_raw} {pk}.")
    return found


def _begun(data: bytes, name: str, place: Institution | District, by: User) -> WorkbookImport:
    """The import as a row of its own, as a worker that took it up holds it: nobody else's writing waits."""
    try:
        return WorkbookImport.objects.create(
            **({"district": place} if isinstance(place, District) else {"institution": place}),
            file_name=name[-LONGEST_NAME:],
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
            state=ImportState.READING,
            taken_at=timezone.now(),
            by=by.person,
        )
    except IntegrityError:
        raise CommandError("This file is being read or applied already.") from None


def _read(workbook: WorkbookImport) -> None:
    read_workbook(workbook, lambda done: hold(workbook, done))
    if not states.move(workbook, ImportState.READ, done=workbook.total, data=None):
        raise TakenAway


def _importer(username: str | None) -> User:
    if username is not None:
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.")
        return user
    held = User.objects.filter(is_active=True, person__roles__role=Role.ADMINISTRATOR)
    administrators = [user for user in held.distinct() if user.scope.is_administrator]
    if len(administrators) != 1:
        raise CommandError(f"There are {len(administrators)} administrators on {today()}: say who imports with --by.")
    return administrators[0]


def _preview(workbook: WorkbookImport) -> dict[str, Any]:
    """What the file says, before anything is written."""
    told = [problem_text(problem) for problem in workbook.problems]
    refused = workbook.rows.filter(verdict=Verdict.REFUSED).order_by("pk")
    return {
        "file": workbook.file_name,
        "place": str(workbook.place),
        "problems": told if is_unfit(workbook) else [],
        "hints": [] if is_unfit(workbook) else told,
        "rows": workbook.total,
        "counts": {table: workbook.counts[table] for table in ImportTable.values if table in workbook.counts},
        "refused": [
            {"table": row.table, "row": row.number, "reasons": reasons_of(row).split("\n")} for row in refused
        ],
        "error": "",
    }


def _applied(workbook: WorkbookImport, by: User) -> str:
    """Write it; why not, where that is refused."""
    try:
        apply_import(workbook, by=by)
    except Refused as refusal:
        return str(refusal.message)
    return ""
