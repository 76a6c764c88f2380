"""The site with two controls taken away: moves are read, then written; and a form acts as often as it comes."""

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.utils import timezone

from cpd import once


def _acts_always(view: Callable[..., Any]) -> Callable[..., Any]:
    return view


once.acts_once = _acts_always  # before any view is imported, which is when ``cpd.wsgi`` is

from cpd.wsgi import application as application  # noqa: E402
from schools import approval  # noqa: E402
from schools.models import Document  # noqa: E402


def _claim(document: Document, _sources: Any, _seen: Any, _only_if: Any = None, **columns: Any) -> bool:
    found = Document.objects.filter(pk=document.pk)
    found.update(revision=F("revision") + 1, changed_at=timezone.now(), **columns)
    return True


approval._claim = _claim
approval._hold = lambda document: Document.objects.get(pk=document.pk)  # type: ignore[assignment]
