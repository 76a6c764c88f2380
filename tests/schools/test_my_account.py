"""One's own account: sessions, signing out everywhere, and the e-mail address that a link confirms."""

import re
import uuid
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from schools import mail_addresses
from schools.choices import Event
from schools.mail_addresses import link_for
from schools.models import AuditEntry, User
from tests.conftest import Cast
from tests.factories import PASSWORD, again


def signed_in(user: User, phone: str = "Telefon") -> Client:
    client = Client(headers={"user-agent": phone})
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(name, args=args), {"once": uuid.uuid4()} | data)


# Sessions ---------------------------------------------------------------------------------------------------------


def test_each_phone_on_which_one_is_signed_in_is_listed(cast: Cast) -> None:
    here = signed_in(cast.teacher, "Here")
    signed_in(cast.teacher, "Elsewhere")
    signed_in(cast.peer, "Peers")
    lines = here.get(reverse("my_account")).context["sessions"]
    assert {(line["session"].user_agent, line["is_here"]) for line in lines} == {("Here", True), ("Elsewhere", False)}


PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) {}Chrome/124.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (PHONE.format(""), "Chrome · Android"),
        (PHONE.format("SamsungBrowser/24.0 "), "Samsung Internet · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) Version/17.4 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox · Windows"),
        ("curl/8.5", "curl/8.5"),
    ],
)
def test_a_phone_is_named_as_people_know_it(user_agent: str, device: str, cast: Cast) -> None:
    [line] = signed_in(cast.teacher, user_agent).get(reverse("my_account")).context["sessions"]
    assert line["device"] == device


def test_one_other_phone_is_signed_out(cast: Cast) -> None:
    here, lost = signed_in(cast.teacher), signed_in(cast.teacher, "Lost")
    send(here, "session_end", UserSession.objects.get(user_agent="Lost").pk)
    assert (is_in(here), is_in(lost)) == (True, False)
    assert AuditEntry.objects.filter(event=Event.SESSIONS_ENDED, subject=cast.teacher.person).count() == 1


def test_nobody_ends_another_ones_session(cast: Cast) -> None:
    here, theirs = signed_in(cast.teacher), signed_in(cast.peer, "Peers")
    answer = send(here, "session_end", UserSession.objects.get(user_agent="Peers").pk)
    assert answer.status_code == 404
    assert is_in(theirs)


def test_signing_out_everywhere_ends_every_session_of_ones_own(cast: Cast) -> None:
    here, other, theirs = signed_in(cast.teacher), signed_in(cast.teacher), signed_in(cast.peer)
    assert send(here, "sessions_end").headers["Location"] == reverse("account_login")
    assert (is_in(here), is_in(other), is_in(theirs)) == (False, False, True)


def test_a_new_password_ends_the_other_sessions(cast: Cast) -> None:
    here, other = signed_in(cast.teacher), signed_in(cast.teacher, "Other")
    data = {"oldpassword": PASSWORD, "password1": "Көк-Жайык-2027", "password2": "Көк-Жайык-2027"}
    here.post(reverse("account_change_password"), data)
    assert (is_in(here), is_in(other)) == (True, False)
    assert AuditEntry.objects.filter(event=Event.PASSWORD_CHANGED, by=cast.teacher.person).count() == 1
    assert len(here.get(reverse("my_account")).context["sessions"]) == 1


# The e-mail address -----------------------------------------------------------------------------------------------

NEW = "ainagul@example.kg"


@pytest.fixture
def mailing(settings: Any) -> None:
    settings.SENDS_MAIL = True


def ask(user: User, address: str, capture: Any) -> Any:
    client = Client()
    client.force_login(user)
    with capture(execute=True):
        return send(client, "mail_change", email=address)


def test_an_address_counts_once_the_button_behind_its_link_was_pressed(
    mailing: None, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    ask(cast.teacher, NEW, django_capture_on_commit_callbacks)
    [letter] = mail.outbox
    assert letter.to == [NEW]
    [link] = re.findall(r"http\S+", str(letter.body))
    phone = Client()
    assert phone.get(link).status_code == 200
    assert again(cast.teacher).email == "", "a program that checks letters looks too"
    phone.post(link)
    assert again(cast.teacher).email == NEW
    assert AuditEntry.objects.filter(event=Event.MAIL_CHANGED, subject=cast.teacher.person).count() == 1
    assert phone.get(link).status_code == phone.post(link).status_code == 404, "used"


def test_the_link_names_the_site_whatever_the_request_says(
    mailing: None, cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    ask(cast.teacher, NEW, django_capture_on_commit_callbacks)
    assert f"{settings.SITE_URL}/account/e-mail/" in str(mail.outbox[0].body)


def test_the_old_address_is_told(mailing: None, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(email="old@example.kg")
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(reverse("mail_confirm", args=[link_for(again(cast.teacher), NEW)]))
    assert [letter.to for letter in mail.outbox] == [["old@example.kg"]]
    assert NEW not in str(mail.outbox[0].body)


def test_an_address_is_removed_by_leaving_the_field_empty(
    mailing: None, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(email="old@example.kg")
    ask(again(cast.teacher), "", django_capture_on_commit_callbacks)
    assert again(cast.teacher).email == ""
    assert [letter.to for letter in mail.outbox] == [["old@example.kg"]]


def links_that_open_nothing(cast: Cast) -> list[str]:
    overtaken = link_for(cast.teacher, NEW)
    closed = link_for(cast.peer, NEW)
    User.objects.filter(pk=cast.teacher.pk).update(email="other@example.kg")
    User.objects.filter(pk=cast.peer.pk).update(is_active=False)
    return ["unknown", link_for(cast.head, NEW)[:-2], overtaken, closed]


def test_links_that_open_nothing_look_alike(cast: Cast) -> None:
    for link in links_that_open_nothing(cast):
        address = reverse("mail_confirm", args=[link])
        assert {Client().get(address).status_code, Client().post(address).status_code} == {404}
    assert not User.objects.filter(email=NEW).exists()


def test_a_link_grows_old(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_for(cast.teacher, NEW)
    assert mail_addresses.read_link(link)
    monkeypatch.setattr(mail_addresses, "GOOD_FOR", -1)
    assert mail_addresses.read_link(link) is None


def test_a_site_without_mail_says_so_and_shows_no_field(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.teacher)
    assert 'name="email"' not in client.get(reverse("my_account")).content.decode()
    answer = send(client, "mail_change", email=NEW)
    assert answer.status_code == 302
    assert mail.outbox == []


def test_a_bad_address_is_told_beside_the_field_and_kept(mailing: None, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.teacher)
    answer = send(client, "mail_change", email="ainagul@")
    assert answer.context["form"].errors.keys() == {"email"}
    assert "ainagul@" in answer.content.decode()
