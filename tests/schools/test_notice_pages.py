"""The inbox, the bell and the switches."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpd.dates import today
from cpd.once import new_token as token
from schools.choices import ALWAYS_TOLD, NoticeKind, Role
from schools.models import Notice, RoleAssignment, User
from schools.notices import LOOKS_BACK, collect_events
from schools.views.notices import PER_PAGE
from schools.working import gathering
from tests import factories
from tests.conftest import Cast
from tests.factories import again

DAY = dt.timedelta(days=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def notice(user: User, number: int = 1, **columns: object) -> Notice:
    facts = {"what": "account", "event": "password_changed"}
    wanted = {"kind": NoticeKind.ACCOUNT, "key": f"journal-{number}", "path": "/hours/", "facts": facts} | columns
    return Notice.objects.create(person=user.person, **wanted)


def page_of(user: User, query: str = "") -> str:
    return signed_in(user).get(reverse("notices") + query).content.decode()


def test_the_bell_counts_what_is_unread_on_every_page(cast: Cast) -> None:
    assert "bell-count" not in signed_in(cast.teacher).get("/").content.decode()
    for number in range(3):
        notice(cast.teacher, number)
    notice(cast.teacher, 9, read_at=timezone.now())
    notice(cast.peer)
    bell = signed_in(cast.teacher).get("/").content.decode().split('class="bell-count"')[1]
    assert bell.split("</a>")[0].split("</span>")[1].strip() == "3"


def test_unread_ones_come_first_then_the_newest(cast: Cast) -> None:
    for number, days, is_read in ((1, 3, False), (2, 1, True), (3, 2, True), (4, 4, False)):
        made_at = timezone.now() - days * DAY
        notice(cast.teacher, number, made_at=made_at, read_at=timezone.now() if is_read else None)
    page = signed_in(cast.teacher).get(reverse("notices"))
    assert [line.notice.key for line in page.context["lines"]] == ["journal-1", "journal-4", "journal-2", "journal-3"]


def test_looking_changes_nothing_and_one_tap_opens_and_marks_as_read(cast: Cast) -> None:
    one = notice(cast.teacher)
    page_of(cast.teacher)
    assert again(cast.teacher).unread_notices == 1
    answer = signed_in(cast.teacher).post(reverse("notice_open", args=[one.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/hours/")
    read_at = Notice.objects.get().read_at
    assert read_at is not None
    signed_in(cast.teacher).post(reverse("notice_open", args=[one.pk]))
    assert Notice.objects.get().read_at == read_at


def test_somebody_else_s_notice_is_not_there(cast: Cast) -> None:
    one = notice(cast.teacher)
    assert signed_in(cast.peer).post(reverse("notice_open", args=[one.pk])).status_code == 404
    signed_in(cast.peer).post(reverse("notices_read"), {"newest": one.pk})
    assert again(cast.teacher).unread_notices == 1


def test_all_are_marked_as_read_but_those_that_came_since(cast: Cast) -> None:
    seen = [notice(cast.teacher, number) for number in range(2)]
    newest = signed_in(cast.teacher).get(reverse("notices")).context["newest"]
    assert newest == seen[-1].pk
    later = notice(cast.teacher, 5)
    signed_in(cast.teacher).post(reverse("notices_read"), {"newest": newest})
    assert list(Notice.objects.filter(read_at=None)) == [later]


@pytest.mark.parametrize(("newest", "status"), [("", 400), ("x", 400), ("9" * 30, 302)])
def test_a_number_that_is_none_is_refused(newest: str, status: int, cast: Cast) -> None:
    assert signed_in(cast.teacher).post(reverse("notices_read"), {"newest": newest}).status_code == status


def test_the_inbox_has_pages_and_an_empty_state(cast: Cast) -> None:
    assert 'class="empty"' in page_of(cast.teacher)
    for number in range(PER_PAGE + 1):
        notice(cast.teacher, number)
    assert page_of(cast.teacher, "?page=2").count('class="notice"') == 1
    assert page_of(cast.teacher).count('class="notice"') == PER_PAGE


def told_of_a_plan(cast: Cast) -> None:
    factories.submitted(cast.plan)
    collect_events(timezone.now() - LOOKS_BACK)


def test_what_waits_is_told_with_whose_it_is(cast: Cast) -> None:
    told_of_a_plan(cast)
    assert cast.teacher.person.full_name in page_of(cast.head)


def test_what_was_dealt_with_is_shown_as_settled_and_names_nobody(cast: Cast) -> None:
    told_of_a_plan(cast)
    factories.considered(factories.fresh(cast.plan), by=cast.head)
    (line,) = signed_in(cast.head).get(reverse("notices")).context["lines"]
    assert (line.is_settled, line.detail) == (True, "")


def test_who_lost_the_role_reads_no_name_and_finds_no_page(cast: Cast) -> None:
    told_of_a_plan(cast)
    RoleAssignment.objects.filter(person=cast.head.person, role=Role.ASSOCIATION_HEAD).update(ends_on=today() - DAY)
    assert cast.teacher.person.family_name not in page_of(cast.head)
    client = signed_in(cast.head)
    answer = client.post(reverse("notice_open", args=[Notice.objects.get().pk]))
    assert client.get(answer.headers["Location"]).status_code == 404


def test_a_notice_of_a_former_program_says_its_kind(cast: Cast) -> None:
    notice(cast.teacher, facts={"what": "no longer told"})
    assert str(NoticeKind.ACCOUNT.label) in page_of(cast.teacher)


# Switches ---------------------------------------------------------------------------------------------------------


def choose(user: User, **posted: object) -> int:
    return signed_in(user).post(reverse("notice_settings"), {"once": token()} | posted).status_code


def test_kinds_are_switched_off_and_on_again(cast: Cast) -> None:
    assert choose(cast.teacher, kinds=["waiting", "due"]) == 302
    assert set(again(cast.teacher).muted) == {"place", "deadline", "move", "mentoring"}
    choose(cast.teacher, kinds=["waiting", "due", "place", "deadline", "move", "mentoring"])
    assert again(cast.teacher).muted == []


def test_decisions_on_one_s_own_papers_have_no_switch(cast: Cast) -> None:
    page = signed_in(cast.teacher).get(reverse("notice_settings")).content.decode()
    for kind in ALWAYS_TOLD:
        assert f'value="{kind}"' not in page
        assert str(kind.label) in page
    assert choose(cast.teacher, kinds=["returned"]) == 200
    assert again(cast.teacher).muted == []


def test_e_mail_is_offered_only_where_an_address_is_confirmed(cast: Cast) -> None:
    settings_page = reverse("notice_settings")
    assert 'name="wants_mail"' not in signed_in(cast.teacher).get(settings_page).content.decode()
    choose(cast.teacher, kinds=[])
    assert again(cast.teacher).wants_mail
    User.objects.filter(pk=cast.teacher.pk).update(email="teacher@example.kg")
    assert 'name="wants_mail"' in signed_in(cast.teacher).get(settings_page).content.decode()
    choose(cast.teacher, kinds=[])
    assert not again(cast.teacher).wants_mail


# The worker and the command ---------------------------------------------------------------------------------------


def test_the_worker_gathers_about_once_a_minute(cast: Cast) -> None:
    gather = gathering()
    factories.submitted(cast.plan)
    gather()
    assert again(cast.head).unread_notices == 1
    factories.submitted(factories.annual_plan(cast.teacher))
    gather()
    assert again(cast.head).unread_notices == 1


def test_the_command_tells_events_and_days(cast: Cast, capsys) -> None:
    factories.submitted(cast.plan)
    call_command("notify")
    call_command("notify")
    first, second = capsys.readouterr().out.splitlines()
    assert first != second == "New notices: 0."
    assert again(cast.head).unread_notices == 1
