"""The site with two controls taken away: moves are read, then written, and a form acts as often as it comes."""

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.utils import timezone

from tests.drills.without_atomic import application as application  # isort: skip  (sets Django up)

from cpd import once
from schools import approval
from schools.models import Document


def _acts_always(view: Callable[..., Any]) -> Callable[..., Any]:
    return view


def _claim(document: Document, _sources: Any, _seen: Any, _only_if: Any = None, **columns: Any) -> bool:
    found = Document.objects.filter(pk=document.pk)
    found.update(revision=F("revision") + 1, changed_at=timezone.now(), **columns)
    return True


once.acts_once = _acts_always  # views are imported later, with the first request
approval._claim = _claim
approval._hold = lambda document: Document.objects.get(pk=document.pk)  # type: ignore[assignment]
