"""A form that a phone sends again acts once, at every address that takes one (trust T14)."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cpd import once
from tests.conftest import Cast
from tests.permissions.asking import prepare, sign_in
from tests.permissions.table import ROWS, STRANGERS, WHO

# Sent twice, these leave what they leave sent once; why, house rules say of each form (test_house_rules).
THE_SAME_TWICE = {
    "assessment",
    "assessment_answer",
    "assessment_step",
    "attendance_import",  # a file to look at; what is taken of it is taken once
    "calendar_feed",
    "district_slips",  # prints
    "invitation",
    "invitation_code",
    "invitation_slips",  # prints
    "language",
    "lesson_sheet_edit",
    "mail_confirm",
    "my_data_file",
    "notice_open",
    "notices_read",
    "offering_import",  # as attendance_import
    "portfolio_save",
}
# These keep the file of their form first and act once after it (courses.files.keeps_file_first).
AFTER_THE_FILE = {
    "internship_record",
    "item_attended",
    "record_edit",
    "record_new",
    "result_new",
    "sharing_edit",
    "sharing_new",
}
OF_THE_LIBRARY = ("account_", "mfa_", "admin:")  # signs in, out, asks again; second factors are single, or listed


def views(resolver: Any) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name, pattern.callback


def acts_once(view: Any) -> bool:
    """Whether one of the layers of the view is that of ``cpd.once``."""
    while view is not None:
        if getattr(view, "__code__", None) and view.__code__.co_filename == once.__file__:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_every_address_that_takes_a_form_acts_once() -> None:
    named = dict(views(get_resolver()))
    taking = {row.name for row in ROWS if row.method == "POST" and not row.name.startswith(OF_THE_LIBRARY)}
    assert len(taking) > 100
    assert {name for name in taking if not acts_once(named[name])} == THE_SAME_TWICE | AFTER_THE_FILE


def test_forms_with_a_file_are_refused_without_their_token(cast: Cast) -> None:
    tried = set()
    for row in ROWS:
        whose = [column for column, answer in row.answers if answer in (200, 302) and column != "anon"]
        if row.method == "POST" and row.name in AFTER_THE_FILE - tried and whose:
            for paper in ("plan", "annual_plan"):
                cast.__dict__.pop(paper, None)
            with transaction.atomic():
                asked = prepare(cast, row)
                client = Client(raise_request_exception=False)
                sign_in(client, cast.people[(WHO | STRANGERS)[whose[0]][0]])
                form = {name: value for name, value in asked["data"].items() if name != "once"}
                assert client.post(asked["url"], form).status_code == 400, row
                transaction.set_rollback(True)
            tried.add(row.name)
    assert tried == AFTER_THE_FILE
