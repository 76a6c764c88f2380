"""The e-mail about unread notices."""

import datetime as dt
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from cpd.dates import today
from schools.choices import NoticeKind
from schools.digest import MOST_FAILURES, Sent, send_digests
from schools.models import Notice, User
from tests import factories
from tests.conftest import Cast, at_once

TOMORROW = today() + dt.timedelta(days=1)


class RefusingBackend(EmailBackend):
    """A server that takes no e-mail to one of the addresses."""

    def send_messages(self, messages):
        if "badd@example.kg" in messages[0].to:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


class AwayBackend(EmailBackend):
    """A server that is not there."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


def reachable(user: User, **columns: object) -> User:
    address = {"email": f"{user.username}@example.kg"}
    User.objects.filter(pk=user.pk).update(**address | columns)
    return User.objects.get(pk=user.pk)


def notice(user: User, kind: str = NoticeKind.WAITING, **columns: object) -> Notice:
    facts = {"what": "document_waits", "title": "Эсенгулова"}
    key = f"thing-{Notice.objects.count()}"
    return Notice.objects.create(person=user.person, kind=kind, key=key, path="/", facts=facts, **columns)


def test_it_says_how_many_of_which_kind_and_where_to_read_them(cast: Cast, settings) -> None:
    settings.SITE_URL = "https://cpd.example.kg"
    user = reachable(cast.deputy)
    for kind in (NoticeKind.WAITING, NoticeKind.WAITING, NoticeKind.RETURNED):
        notice(user, kind)
    assert send_digests(today()) == Sent(sent=1)
    (message,) = mail.outbox
    assert message.to == ["deputy@example.kg"]
    assert "3" in message.subject
    for text in ("https://cpd.example.kg/notices/", "https://cpd.example.kg/notices/settings/", ": 2\n", ": 1\n"):
        assert text in message.body
    assert message.extra_headers["List-Unsubscribe"] == "<https://cpd.example.kg/notices/settings/>"
    assert "&#" not in message.body


def test_it_holds_no_name_and_no_title(cast: Cast) -> None:
    factories.submitted(cast.plan)
    reachable(cast.head)
    notice(cast.head)
    call_command("notify", no_mail=True)
    send_digests(today())
    (message,) = mail.outbox
    for person in (cast.teacher.person, cast.head.person, cast.stranger.person):
        assert person.family_name not in message.subject + message.body
    assert str(cast.school) not in message.body


def test_it_comes_in_the_reader_s_language(cast: Cast) -> None:
    for user, language in ((cast.deputy, "ky"), (cast.head, "ru")):
        notice(reachable(user, language=language))
    send_digests(today())
    assert len({message.body for message in mail.outbox}) == 2


def test_one_a_day_at_most_and_each_notice_once(cast: Cast) -> None:
    user = reachable(cast.deputy)
    notice(user)
    assert [send_digests(today()).sent, send_digests(today()).sent] == [1, 0]
    notice(user)
    assert [send_digests(today()).sent, send_digests(TOMORROW).sent] == [0, 1]
    assert send_digests(TOMORROW + dt.timedelta(days=1)).sent == 0
    assert [": 1\n" in message.body for message in mail.outbox] == [True, True]


@pytest.mark.parametrize(
    "columns", [{"email": ""}, {"wants_mail": False}, {"is_active": False}, {"muted": [NoticeKind.WAITING]}], ids=str
)
def test_nothing_goes_to_who_wants_none(columns: dict[str, object], cast: Cast) -> None:
    notice(reachable(cast.deputy, **columns))
    assert (send_digests(today()), mail.outbox) == (Sent(), [])


def test_what_was_read_is_not_sent(cast: Cast) -> None:
    user = reachable(cast.deputy)
    one = notice(user)
    Notice.objects.filter(pk=one.pk).update(read_at=one.made_at)
    assert send_digests(today()) == Sent()


def test_a_refused_address_stops_nobody_else_and_is_tried_the_next_day(cast: Cast, settings, caplog) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    for user, address in ((cast.teacher, "badd@example.kg"), (cast.deputy, "deputy@example.kg")):
        notice(reachable(user, email=address))
    assert send_digests(today()) == Sent(sent=1, failed=1)
    assert [message.to for message in mail.outbox] == [["deputy@example.kg"]]
    assert "badd@" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [send_digests(today()), send_digests(TOMORROW)] == [Sent(), Sent(sent=1)]


def test_a_server_that_is_away_is_not_asked_for_everybody(cast: Cast, settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"
    users = [reachable(factories.UserFactory()) for _ in range(MOST_FAILURES + 3)]
    for user in users:
        notice(user)
    assert send_digests(today()) == Sent(failed=MOST_FAILURES, is_whole=False)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [send_digests(today()).sent, send_digests(TOMORROW).sent] == [3, MOST_FAILURES]


def test_the_command_tells_how_it_went(cast: Cast, settings, capsys) -> None:
    notice(reachable(cast.deputy))
    call_command("notify")
    assert mail.outbox == []
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"
    with pytest.raises(CommandError, match="not sent: 1"):
        call_command("notify")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.update(mailed_on=None)
    call_command("notify")
    assert "E-mails sent: 1." in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_two_commands_at_once_send_one_e_mail() -> None:
    factories.first_data()
    notice(reachable(factories.UserFactory()))
    outcomes = at_once(*[lambda: send_digests(today())] * 3)
    assert sum(outcome.sent for outcome in outcomes) == 1
    assert len(mail.outbox) == 1
