"""What is kept only for a while goes, and nothing else."""

import datetime as dt
from io import StringIO
from uuid import UUID

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cpd.models import PendingImport, ReceivedForm
from cpd.once import new_token
from cpd.tidying import FORMS_ARE_KEPT, IMPORTS_ARE_KEPT, TASKS_ARE_KEPT

pytestmark = pytest.mark.django_db


def tidy() -> str:
    out = StringIO()
    call_command("tidy", stdout=out)
    return out.getvalue()


def removed(*, sessions: int = 0, forms: int = 0, tasks: int = 0, imports: int = 0, files: int = 0) -> str:
    return (
        f"Removed: ended sessions {sessions}, received forms {forms}, old tasks {tasks}, imports not taken {imports}, "
        f"lacking seals 0, old notices 0, second jobs left alone 0, old books 0, old papers 0, old imports 0, "
        f"files without a record {files}.\n"
    )


def session(*, ends_in: dt.timedelta) -> str:
    store = SessionStore()
    store.set_expiry(timezone.now() + ends_in)
    store.save()
    return str(store.session_key)


def received(cast, *, ago: dt.timedelta) -> int:
    form = ReceivedForm.objects.create(token=new_token(), user=cast.teacher, location="/")
    ReceivedForm.objects.filter(pk=form.pk).update(received_at=timezone.now() - ago)
    return form.pk


def test_ended_sessions_go_and_open_ones_stay():
    session(ends_in=dt.timedelta(minutes=-1))
    session(ends_in=dt.timedelta(days=-30))
    stays = session(ends_in=dt.timedelta(minutes=1))
    assert tidy() == removed(sessions=2)
    assert list(Session.objects.values_list("pk", flat=True)) == [stays]


def test_forms_of_more_than_a_week_ago_go_and_younger_ones_stay(cast):
    received(cast, ago=dt.timedelta(days=7, minutes=1))
    stay = {received(cast, ago=dt.timedelta(days=6, hours=23)), received(cast, ago=dt.timedelta())}
    assert tidy() == removed(forms=1)
    assert set(ReceivedForm.objects.values_list("pk", flat=True)) == stay


def test_imports_that_nobody_took_go_after_a_week(cast):
    def pending(target: int, *, ago: dt.timedelta) -> int:
        made = PendingImport.objects.create(user=cast.officer, purpose="offerings", target=target, rows=[])
        PendingImport.objects.filter(pk=made.pk).update(read_at=timezone.now() - ago)
        return made.pk

    pending(1, ago=IMPORTS_ARE_KEPT + dt.timedelta(minutes=1))
    stays = pending(2, ago=IMPORTS_ARE_KEPT - dt.timedelta(hours=1))
    assert tidy() == removed(imports=1)
    assert list(PendingImport.objects.values_list("pk", flat=True)) == [stays]


def test_people_and_papers_stay(approved, cast):
    tidy()
    approved.refresh_from_db()
    cast.teacher.refresh_from_db()


def test_no_session_outlives_the_answers_to_its_forms(settings):
    """The reason for the week: whoever sends an older form must first sign in anew, and gets a new page."""
    assert dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) <= FORMS_ARE_KEPT


def test_where_there_is_nothing_it_says_so():
    assert tidy() == removed()


def test_tasks_begun_a_week_ago_go_whatever_became_of_them():
    def begun(*, ago: dt.timedelta, status: str) -> UUID:
        task = DBTaskResult.objects.create(
            args_kwargs={"args": [1], "kwargs": {}},
            task_path="courses.books.jobs.make_book",
            backend_name="default",
            run_after=timezone.now(),
            status=status,
            started_at=timezone.now() - ago,
        )
        return task.pk

    begun(ago=TASKS_ARE_KEPT + dt.timedelta(minutes=1), status="SUCCESSFUL")
    begun(ago=TASKS_ARE_KEPT + dt.timedelta(minutes=1), status="RUNNING")  # its worker was killed
    stays = begun(ago=TASKS_ARE_KEPT - dt.timedelta(hours=1), status="SUCCESSFUL")
    assert tidy() == removed(tasks=2)
    assert list(DBTaskResult.objects.values_list("pk", flat=True)) == [stays]
