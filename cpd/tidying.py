"""What ``manage.py tidy`` removes of the site itself."""

import datetime as dt

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cpd.models import PendingImport, ReceivedForm

# A phone on a weak network sends a form again within minutes, and a page left open for a week belongs to a session
# that has ended (SESSION_COOKIE_AGE): nobody needs the answer to an older form any more.
FORMS_ARE_KEPT = dt.timedelta(days=7)
TASKS_ARE_KEPT = dt.timedelta(days=7)  # done, failed, or left behind by a worker that was killed
IMPORTS_ARE_KEPT = dt.timedelta(days=7)  # read and shown, and never taken


def ended_sessions() -> int:
    ended = Session.objects.filter(expire_date__lt=timezone.now()).count()
    call_command("clearsessions")
    return ended


def received_forms() -> int:
    forms, _by_table = ReceivedForm.objects.filter(received_at__lt=timezone.now() - FORMS_ARE_KEPT).delete()
    return forms


def pending_imports() -> int:
    imports, _by_table = PendingImport.objects.filter(read_at__lt=timezone.now() - IMPORTS_ARE_KEPT).delete()
    return imports


def old_tasks() -> int:
    """Tasks begun long ago. What they were about has its own row, which says what became of it."""
    tasks, _by_table = DBTaskResult.objects.filter(started_at__lt=timezone.now() - TASKS_ARE_KEPT).delete()
    return tasks


SWEEPS = {
    "ended sessions": ended_sessions,
    "received forms": received_forms,
    "old tasks": old_tasks,
    "imports not taken": pending_imports,
}
