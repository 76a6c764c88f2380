"""What is kept only for a while goes, and nothing else."""

import datetime as dt
from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from cpd.models import PendingImport, ReceivedForm
from cpd.once import new_token
from cpd.tidying import FORMS_ARE_KEPT, IMPORTS_ARE_KEPT

pytestmark = pytest.mark.django_db


def tidy() -> str:
    out = StringIO()
    call_command("tidy", stdout=out)
    return out.getvalue()


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
    assert tidy() == "Removed: ended sessions 2, received forms 0, imports not taken 0, files without a record 0.\n"
    assert list(Session.objects.values_list("pk", flat=True)) == [stays]


def test_forms_of_more_than_a_week_ago_go_and_younger_ones_stay(cast):
    received(cast, ago=dt.timedelta(days=7, minutes=1))
    stay = {received(cast, ago=dt.timedelta(days=6, hours=23)), received(cast, ago=dt.timedelta())}
    assert tidy() == "Removed: ended sessions 0, received forms 1, imports not taken 0, files without a record 0.\n"
    assert set(ReceivedForm.objects.values_list("pk", flat=True)) == stay


def test_imports_that_nobody_took_go_after_a_week(cast):
    def pending(*, ago: dt.timedelta) -> int:
        made = PendingImport.objects.create(user=cast.officer, purpose="offerings", target=1, rows=[])
        PendingImport.objects.filter(pk=made.pk).update(read_at=timezone.now() - ago)
        return made.pk

    pending(ago=IMPORTS_ARE_KEPT + dt.timedelta(minutes=1))
    stays = pending(ago=IMPORTS_ARE_KEPT - dt.timedelta(hours=1))
    assert tidy() == "Removed: ended sessions 0, received forms 0, imports not taken 1, files without a record 0.\n"
    assert list(PendingImport.objects.values_list("pk", flat=True)) == [stays]


def test_people_and_papers_stay(approved, cast):
    tidy()
    approved.refresh_from_db()
    cast.teacher.refresh_from_db()


def test_no_session_outlives_the_answers_to_its_forms(settings):
    """The reason for the week: whoever sends an older form must first sign in anew, and gets a new page."""
    assert dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) <= FORMS_ARE_KEPT


def test_where_there_is_nothing_it_says_so():
    assert tidy() == "Removed: ended sessions 0, received forms 0, imports not taken 0, files without a record 0.\n"
