"""What ``/metrics`` says of the worker's queue and of the commands that a clock starts."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cpd import runs
from cpd.metrics import Figure

STATES = {
    "waiting": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "failed": TaskResultStatus.FAILED,
}


def figures() -> Iterator[Figure]:
    says = "Tasks of the worker; failed ones of the last week."
    counted = dict(DBTaskResult.objects.values_list("status").annotate(Count("pk")).order_by())
    for state, status in STATES.items():
        yield Figure("cpd_tasks", says, counted.get(status, 0), {"state": state})
    oldest = DBTaskResult.objects.filter(status=TaskResultStatus.READY).aggregate(at=Min("enqueued_at"))["at"]
    waited = (timezone.now() - oldest).total_seconds() if oldest else 0
    yield Figure("cpd_task_waits_seconds", "How long the oldest waiting task has waited.", waited)
    for command, moment in runs.last_ends().items():
        says = "When a command that a clock starts last ended well, in seconds since 1970."
        yield Figure("cpd_last_run_timestamp_seconds", says, moment, {"command": command})


FIGURES = figures
