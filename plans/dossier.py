"""Everything the site holds about one person, as one archive they can take along.

Papers to read, the photos of certificates, and ``data.json`` for another program; ``manifest.json`` names every file
with its length and SHA-256, so that whoever receives the archive can tell whether it is whole.
"""

import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignKey
from django.template.loader import render_to_string
from django.utils.text import capfirst

from courses.models import CertificateFile
from courses.pdf import record_pdf
from cpd.dates import today
from cpd.storage import file_store
from plans.actions import MODELS
from plans.inventory import HOLDINGS, Holding
from plans.pdf import paper_name, plan_pdf
from schools.models import Person

FORMAT = 1  # of data.json and manifest.json; another number, another meaning
PIECE = 1 << 16  # bytes of a file in memory at once


def dossier(person: Person) -> IO[bytes]:
    """The archive, open at its beginning; it vanishes when it is closed. What the store has lost is named as lost."""
    opened = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
        files = [_written(archive, name, source) for name, source in _contents(person)]
        manifest = {"format": FORMAT, "person": person.pk, "made_on": today(), "files": files}
        archive.writestr("manifest.json", _json(manifest))
    opened.seek(0)
    return opened


def data_of(person: Person) -> dict[str, Any]:
    """All rows about the person by table, each with the titles of its columns in the language of the reader."""
    return {"format": FORMAT, "tables": {holding.model._meta.label: _table(holding, person) for holding in HOLDINGS}}


def _contents(person: Person) -> Iterator[tuple[str, bytes | IO[bytes] | None]]:
    yield "README.txt", render_to_string("plans/dossier.txt", {"person": person}).encode()
    yield "data.json", _json(data_of(person)).encode()
    job = person.employments.on(today()).select_related("institution").order_by("-is_main", "pk").first()
    yield f"papers/F03 {_safe(person.short_name)}.pdf", record_pdf(person, job)
    for model in MODELS.values():
        for plan in model.objects.filter(author=person, in_force__isnull=False).select_related("author", "in_force"):
            yield f"papers/{paper_name(plan, plan.in_force)}", plan_pdf(plan, plan.in_force)
    holding = next(one for one in HOLDINGS if one.model is CertificateFile)
    for file in holding.rows(person):
        yield f"certificates/{file.pk}.{file.stored_as.rpartition('.')[2]}", _opened(file)


def _opened(file: CertificateFile) -> IO[bytes] | None:
    try:
        return file_store().open(file.stored_as)
    except OSError:
        return None


def _written(archive: zipfile.ZipFile, name: str, source: bytes | IO[bytes] | None) -> dict[str, Any]:
    """Write one file and tell of it as the manifest does."""
    if source is None:
        return {"name": name, "missing": True}
    digest, size = sha256(), 0
    with archive.open(name, "w") as target:
        for piece in [source] if isinstance(source, bytes) else iter(lambda: source.read(PIECE), b""):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    if not isinstance(source, bytes):
        source.close()
    return {"name": name, "bytes": size, "sha256": digest.hexdigest()}


def _table(holding: Holding, person: Person) -> dict[str, Any]:
    columns = list(holding.columns())
    return {
        "title": capfirst(str(holding.model._meta.verbose_name_plural)),
        "columns": {column.name: capfirst(str(column.verbose_name)) for column in columns},
        "rows": [{column.name: _value(row, column) for column in columns} for row in holding.rows(person)],
    }


def _value(row: Any, column: Any) -> Any:
    """What stands in a column; of a link the key and the words."""
    if isinstance(column, ForeignKey):
        linked = getattr(row, column.name)
        return None if linked is None else {"key": linked.pk, "text": str(linked)}
    return column.value_from_object(row)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)


def _safe(text: str) -> str:
    return "".join(sign if sign.isalnum() or sign in " -" else "-" for sign in text)
