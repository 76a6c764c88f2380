"""``manage.py work``: does what waits in the background, until it is told to stop. Any number may run at once."""

import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cpd import logs
from cpd.by_app import found_in_apps

INTERVAL = 1  # seconds between two looks


class Command(BaseCommand):
    help = "Do what waits in the background: what killed workers left first, then what is queued."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="end as soon as nothing waits")

    def handle(self, *, batch: bool, **options: Any) -> None:
        take_up_lost = found_in_apps("working", "TAKE_UP_LOST")
        worker = OneWorker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,  # returns as soon as nothing is queued, so that we look after the lost again
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        while worker.running:
            for take_up in take_up_lost:
                take_up()
            worker.run()
            if batch:
                return
            if worker.running:
                time.sleep(INTERVAL)


class OneWorker(Worker):
    """The library's worker, which waits for the end of a task when it is told to stop; ours does not."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Every line in the log that the task writes carries its id."""
        with logs.called(f"task-{db_task_result.pk}"):
            super().run_task(db_task_result)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop now, also in the middle of a task: it gives back what it had begun."""
        self.running = False
        raise SystemExit(0)
