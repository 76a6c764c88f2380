"""The paper of one version: rendered once, kept in the store, and sent from there for as long as it would be the same.

It would be another one after a change of what makes it: the templates, the Kyrgyz words, the renderer, or a decision
that it prints. ``made_with`` is the hash over these.
"""

import functools
import logging
from collections.abc import Collection
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.files import new_name, remove
from courses.models import StoredPaper
from courses.schedules.papers import heads_of, schedule_html
from cpd.pdf import LANGUAGE, RENDERER, pdf_of
from cpd.storage import file_store
from schools.choices import Action
from schools.models import Decision, DocumentVersion

logger = logging.getLogger(__name__)

# Moves that are recorded on a version and change nothing of its paper.
NOT_PRINTED = (Action.AMEND, Action.DISCARD)


def paper_of(version: DocumentVersion) -> bytes:
    """The PDF of a version of a schedule. Where the store fails, it is rendered and not kept."""
    made_with = made_with_of([version.pk])[version.pk]
    kept = StoredPaper.objects.filter(version=version.pk, made_with=made_with).first()
    pdf = content_of(kept) if kept else None
    if pdf is not None:
        return pdf
    pdf = pdf_of(schedule_html(version.content, heads_of([version])[version.pk]))
    try:
        keep_paper(version.pk, made_with, pdf)
    except OSError:
        logger.exception("The paper of version %s could not be stored", version.pk)
    return pdf


def made_with_of(versions: Collection[int]) -> dict[int, str]:
    """What makes the paper of each of these versions, as a hash; one query."""
    printed = Decision.objects.filter(version__in=versions).exclude(action__in=NOT_PRINTED).order_by("pk")
    last = dict(printed.values_list("version", "chain_hash"))
    return {version: sha256(f"{makers()} {last.get(version, '')}".encode()).hexdigest() for version in versions}


def content_of(paper: StoredPaper) -> bytes | None:
    """The file as it was stored; nothing where it is missing or is not what was written."""
    try:
        with file_store().open(paper.stored_as) as stored:
            pdf: bytes = stored.read()
    except OSError:
        logger.exception("The paper of version %s cannot be read", paper.version_id)
        return None
    if sha256(pdf).hexdigest() != paper.sha256:
        logger.error("The paper of version %s is damaged", paper.version_id)
        return None
    return pdf


def keep_paper(version: int, made_with: str, pdf: bytes) -> StoredPaper:
    """The paper in the store and then in its row, in the place of one that was lost.

    Of two that come at once the second keeps nothing. Raises ``OSError`` where the store takes no file.
    """
    with pikepdf.open(BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    name = file_store().save(new_name("pdf"), ContentFile(pdf))
    file = {"stored_as": name, "size": len(pdf), "sha256": sha256(pdf).hexdigest(), "pages": pages}
    try:
        with transaction.atomic():
            return StoredPaper.objects.create(version_id=version, made_with=made_with, **file)
    except IntegrityError:
        kept = StoredPaper.objects.get(version=version, made_with=made_with)
    if content_of(kept) is not None:
        remove([name])
        return kept
    replaced = StoredPaper.objects.filter(pk=kept.pk, stored_as=kept.stored_as)
    unwanted = kept.stored_as if replaced.update(**file, made_at=timezone.now()) else name
    remove([unwanted])
    return StoredPaper.objects.get(pk=kept.pk)


@functools.cache
def makers() -> str:
    """The hash over all that makes papers, whatever is printed; the same as long as the process lives."""
    files = [*(settings.ROOT / "templates" / "pdf").iterdir()]
    files += (Path(folder) / LANGUAGE / "LC_MESSAGES" / "django.mo" for folder in settings.LOCALE_PATHS)
    made_by = sha256(f"{RENDERER} {settings.SITE_URL}".encode())
    for file in sorted(file for file in files if file.is_file()):
        made_by.update(file.name.encode() + b"\0" + file.read_bytes())
    return made_by.hexdigest()
