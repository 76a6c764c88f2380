"""A session that the database could not save."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from tests.conftest import Cast


def refuse(execute, sql, params, many, context):
    """A disk without room: nothing about sessions is written."""
    if "UPDATE" in sql and "django_session" in sql:
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


@pytest.fixture
def session(client: Client, cast: Cast) -> SessionStore:
    """One that has something to save at the next page."""
    client.force_login(cast.teacher)
    kept = client.session
    kept["_messages"] = '[["__json_message",0,20,"Сакталды.",""]]'
    kept.save()
    return kept


def test_what_is_read_is_shown_though_the_session_cannot_be_saved(client: Client, session: SessionStore) -> None:
    with connection.execute_wrapper(refuse):
        for _ in range(2):
            page = client.get(reverse("records"))
            assert page.status_code == 200
            assert "Сакталды." in page.content.decode(), "the message comes once more"


def test_who_sends_a_form_is_told_that_the_database_did_not_answer(client: Client, session: SessionStore) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        answer = client.post(reverse("record_new"), {"once": "7b0e2a4e-3d52-4c0a-8a53-5b1f3d9b4c11"})
    assert answer.status_code == 503


def test_a_session_that_was_ended_meanwhile_is_no_fault_of_the_database(client: Client, session: SessionStore) -> None:
    def end(execute, sql, params, many, context):
        if "UPDATE" in sql and "django_session" in sql:
            SessionStore(session.session_key).delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end):
        assert client.get(reverse("records")).status_code == 400
