"""The schedules of a district as single files: of each school its paper and its Excel file, in one archive."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from courses.books.edition import Edition
from courses.books.workbook import missing_table
from courses.exports import table_xlsx
from courses.models import Schedule
from courses.schedules.papers import paper_name
from courses.schedules.tables import schedule_table
from cpd.pdf import LANGUAGE
from schools.models import DocumentVersion

THEN = (1980, 1, 1, 0, 0, 0)  # the first day an archive knows: the same files make the same archive


Progress = Callable[[], object]


def write_archive(file: Path, edition: Edition, papers: Mapping[int, Path], *, progress: Progress) -> None:
    """Each name begins with the school's place in the list: two schools of one title stay two. A list of the schools
    that are not in it stands before them all. ``progress`` is called with every school.
    """
    width = len(str(len(edition.sections)))
    with zipfile.ZipFile(file, "w") as archive:
        if edition.missing:
            _write_missing(archive, f"{0:0{width}d}", edition)
        for place, section in enumerate(edition.sections, start=1):
            version = DocumentVersion.objects.get(pk=section.version)
            schedule = Schedule.objects.select_related("association", "institution").get(pk=version.document_id)
            table = table_xlsx(schedule_table(version.content, version.number), made_at=version.made_at)
            for data, ending in ((papers[section.version].read_bytes(), ".pdf"), (table, ".xlsx")):
                name = f"{place:0{width}d}_{paper_name(schedule, version, ending)}"
                archive.writestr(zipfile.ZipInfo(name, THEN), data)  # both are compressed already
            progress()


def _write_missing(archive: zipfile.ZipFile, place: str, edition: Edition) -> None:
    newest = DocumentVersion.objects.filter(pk__in=edition.versions).latest("made_at")
    with translation.override(LANGUAGE):
        table = missing_table(edition, [])
        name = f"{place}_{_('Schools not in this file').replace(' ', '-')}.xlsx"
        archive.writestr(zipfile.ZipInfo(name, THEN), table_xlsx(table, made_at=newest.made_at))
