"""The site with its control taken away: no transaction holds several writes together. The drills' own teeth.

Each write takes as long as on a slow disk, so that a few kills are enough to meet one in the middle.
"""

import time
from typing import Any

from django.db import transaction
from django.db.backends.signals import connection_created
from django.db.models import QuerySet

from cpd.wsgi import application as application

SLOW_DISK = 0.03  # seconds a write takes
WRITES = ("INSERT", "UPDATE", "DELETE")


def _nothing(*_arguments: Any, **_named: Any) -> None: ...


def _slowly(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    answer = execute(sql, params, many, context)
    if sql.startswith(WRITES):
        time.sleep(SLOW_DISK)
    return answer


def _slow_down(connection: Any, **_signal: Any) -> None:
    if _slowly not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _slowly)  # whoever came before takes the last one away


transaction.Atomic.__enter__ = transaction.Atomic.__exit__ = _nothing  # type: ignore[method-assign,assignment]
transaction.set_rollback = _nothing
QuerySet.select_for_update = lambda self, **_how: self._chain()  # type: ignore[method-assign,assignment]
connection_created.connect(_slow_down, weak=False)
