"""The site with its control taken away: no transaction holds several writes together. The drills' own teeth."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cpd.wsgi import application as application


def _nothing(*_arguments: Any, **_named: Any) -> None: ...


transaction.Atomic.__enter__ = transaction.Atomic.__exit__ = _nothing  # type: ignore[method-assign,assignment]
transaction.set_rollback = _nothing
QuerySet.select_for_update = lambda self, **_how: self._chain()  # type: ignore[method-assign,assignment]
