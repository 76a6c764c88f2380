"""A teacher takes a need back while the school collects it and hands the request in: real threads, forced in turn.

Both orders are tried where the database lets two write at a time. The race has its teeth: with an UPDATE that names no
row, the same harness sees a need that was taken back and is counted all the same.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from plans.models import LearningNeed, NeedsRequest
from plans.needs import actions as needs
from plans.requests import actions, grouping
from plans.requests.content import needs_in
from schools.approval import ChangedMeanwhile
from schools.models import Decision, DocumentVersion
from tests import factories
from tests.conftest import Cast, at_once
from tests.factories import again

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="lets one writer in at a time"),
]
LONGEST_WAIT = 10  # seconds


def draft_without(cast: Cast) -> tuple[NeedsRequest, LearningNeed]:
    """A draft of the school's request, and a need of the teacher's that it does not count yet."""
    factories.need(cast.peer, "Инклюзия")
    request = factories.needs_request(cast.school, by=cast.deputy)
    return request, factories.need(cast.teacher)


def collect_and_hand_in(request: NeedsRequest, cast: Cast) -> Decision:
    now = NeedsRequest.objects.get(pk=request.pk)
    actions.collect_needs(request=now, by=again(cast.director), seen=now.revision)
    now = NeedsRequest.objects.get(pk=request.pk)
    return actions.submit_request(request=now, by=again(cast.director), seen=now.revision)


def in_between(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], Any]) -> Callable[[], Any]:
    """Let ``act`` happen in another thread right after the named function has looked, and before it goes on."""
    looked, done = threading.Event(), threading.Event()
    real = getattr(module, name)

    def slow(*args: Any) -> Any:
        found = real(*args)
        looked.set()
        done.wait(LONGEST_WAIT)
        return found

    def other() -> Any:
        looked.wait(LONGEST_WAIT)
        try:
            return act()
        finally:
            done.set()

    monkeypatch.setattr(module, name, slow)
    return other


def counted(need: LearningNeed) -> bool:
    return any(need.pk in needs_in(version.content) for version in DocumentVersion.objects.all())


def taken_back(need: LearningNeed) -> bool:
    return LearningNeed.objects.get(pk=need.pk).withdrawn_at is not None


def withdraw_by_key(*, need: LearningNeed, by: Any) -> None:
    """As it must not be written: looked at first, and then written whatever it is by now."""
    with transaction.atomic():
        needs._leave_request(need)
        LearningNeed.objects.live().filter(pk=need.pk).update(withdrawn_at=timezone.now(), row=None)


def test_what_is_counted_meanwhile_is_not_taken_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    request, need = draft_without(cast)
    hand_in = in_between(monkeypatch, needs, "_leave_request", partial(collect_and_hand_in, request, cast))
    withdrawn, handed_in = at_once(partial(needs.withdraw, need=need, by=again(cast.teacher)), hand_in)
    assert isinstance(handed_in, Decision)
    assert isinstance(withdrawn, ChangedMeanwhile)
    assert (counted(need), taken_back(need)) == (True, False)


def test_what_is_counted_meanwhile_is_not_changed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    request, need = draft_without(cast)
    hand_in = in_between(monkeypatch, needs, "_leave_request", partial(collect_and_hand_in, request, cast))
    change = partial(needs.change_need, need=need, by=again(cast.teacher), columns={"title": "Башка тема"})
    changed, handed_in = at_once(change, hand_in)
    assert isinstance(handed_in, Decision)
    assert isinstance(changed, ChangedMeanwhile)
    assert LearningNeed.objects.get(pk=need.pk).title == need.title


def test_what_is_taken_back_meanwhile_is_not_collected(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    request, need = draft_without(cast)
    take_back = partial(needs.withdraw, need=need, by=again(cast.teacher))
    withdraw = in_between(monkeypatch, grouping, "_rows", take_back)
    handed_in, withdrawn = at_once(partial(collect_and_hand_in, request, cast), withdraw)
    assert (counted(need), taken_back(need)) in ((True, False), (False, True)), (handed_in, withdrawn)


def test_the_teeth_an_update_that_names_no_row_takes_back_what_is_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, need = draft_without(cast)
    hand_in = in_between(monkeypatch, needs, "_leave_request", partial(collect_and_hand_in, request, cast))
    at_once(partial(withdraw_by_key, need=need, by=again(cast.teacher)), hand_in)
    assert (counted(need), taken_back(need)) == (True, True)
