"""Whether a paper in somebody's hand says what was decided: the square printed on it, and what its page tells.

The square holds the mark of the version, 128 bits of chance that are kept with it: it goes on working after a restore
and whatever the site's key is.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cpd.qr import qr_path
from schools.choices import PERSONAL, Action, State
from schools.models import Decision, DocumentVersion

NOT_OF_THE_TEXT = (Action.AMEND, Action.DISCARD)  # they begin another text, or give it up
MARK = re.compile(r"[A-Za-z0-9_-]{22}")
SIGNS_COMPARED = 16  # of the hash of the text: 64 bits, which eyes can still compare


@dataclass(frozen=True)
class Seal:
    """What is printed: the dark modules of the square of ``side``, and the first signs of the text's hash."""

    path: str
    side: int
    signs: str


@dataclass(frozen=True)
class Told:
    """What the page behind a square tells of one version, and nothing else: the paper itself says as much.

    ``state`` is the document's word for where the version stands; ``is_later`` that another one took its place.
    ``decided_on`` is the day of the last decision on it.
    """

    kind: str
    whose: str
    institution: str
    days: str
    number: int
    state: str
    is_in_force: bool
    is_later: bool
    is_given_up: bool
    decided_on: dt.date
    signs: str


def seal_of(mark: str | None, content_hash: str) -> Seal | None:
    """What the paper of a version with this mark carries; nothing where it has none."""
    if mark is None:
        return None
    path, side = qr_path(settings.SITE_URL + reverse("paper_check", args=[mark]))
    return Seal(path, side, signs_of(content_hash))


def signs_of(content_hash: str) -> str:
    """«3f2a 91c0 …»: four together."""
    return re.sub(r"(.{4})(?=.)", r"\1 ", content_hash[:SIGNS_COMPARED])


def told_by(mark: str) -> Told | None:
    """What the page tells; None for a mark that is none of ours. Two queries; none for what cannot be a mark."""
    if not MARK.fullmatch(mark):
        return None
    related = ("document__author", "document__association", "document__institution")
    version = DocumentVersion.objects.select_related(*related).filter(mark=mark).first()
    return _told(version) if version else None


def _told(version: DocumentVersion) -> Told:
    document = version.document
    decisions = list(Decision.objects.filter(version=version).exclude(action__in=NOT_OF_THE_TEXT).order_by("pk"))
    is_in_force = version.pk == document.in_force_id
    was_approved = any(one.action == Action.APPROVE for one in decisions)
    waits = document.is_undecided or document.state == State.CLOSED
    is_open = waits and version.pk == document.current_version_id
    state = State.APPROVED if was_approved else State(document.state)
    if document.kind in PERSONAL:
        whose = version.content["teacher"]["name"] or document.author.full_name
    else:
        whose = str(document.association or "")
    return Told(
        kind=document.get_kind_display(),
        whose=whose,
        institution=str(document.institution),
        days=document.label_of_days(document.kind, document.period),
        number=version.number,
        state=document.label_of(state),
        is_in_force=is_in_force,
        is_later=was_approved and not is_in_force,
        is_given_up=not was_approved and not is_open,
        decided_on=timezone.localdate(decisions[-1].at if decisions else version.made_at),
        signs=signs_of(version.content_hash),
    )
