"""Sessions are read by a prepared query, and as Django reads them otherwise."""

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cpd.session_store import SessionStore


@pytest.mark.django_db
def test_a_session_is_read_while_it_lasts_and_its_key_is_not_used_again() -> None:
    kept = SessionStore()
    kept["word"] = "бирикме"
    kept.create()
    other = SessionStore()
    other.create()
    for key, wanted in [(kept.session_key, "бирикме"), (other.session_key, None), ("a" * 32, None)]:
        with CaptureQueriesContext(connection) as captured:
            read = SessionStore(key)
            assert read.get("word") == DatabaseStore(key).get("word") == wanted
        assert len(captured) == 2
    unknown = SessionStore("a" * 32)
    assert unknown.get("word") is None
    assert unknown.session_key is None
    Session.objects.filter(pk=kept.session_key).update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    over = SessionStore(kept.session_key)
    assert over.get("word") is None
    assert over.session_key is None
