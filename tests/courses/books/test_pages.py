"""Asking for a book on the desk, and the page of a book."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.choices import BookForm
from courses.models import Book
from courses.models.books import LEASE
from courses.schedules.desk import DeskState
from schools.models import DocumentVersion
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.officer)
    return client


def ask(client: Client, cast: Cast, **data: object):
    sent = {"once": uuid4(), "year": factories.next_school_year(), "form": "book"} | data
    return client.post(reverse("book_ask", args=[cast.district.pk]), sent, follow=True)


def test_a_book_is_asked_for_and_found_again(officer: Client, cast: Cast, versions: list[DocumentVersion]) -> None:
    answer = ask(officer, cast)
    book = Book.objects.get()
    assert answer.redirect_chain == [(reverse("book", args=[book.token]), 302)]
    assert 'max="2"' in answer.content.decode()
    assert ask(officer, cast).redirect_chain == answer.redirect_chain
    assert Book.objects.count() == 1
    desk = officer.get(reverse("district_schedules", args=[cast.district.pk]), {"year": book.school_year})
    assert reverse("book", args=[book.token]) in desk.content.decode()


def test_where_no_school_has_sent_the_desk_says_so(officer: Client, cast: Cast) -> None:
    answer = ask(officer, cast)
    assert [str(message) for message in answer.context["messages"]]
    assert answer.redirect_chain[0][0].startswith(reverse("district_schedules", args=[cast.district.pk]))
    assert not Book.objects.exists()


@pytest.mark.parametrize("data", [{"form": "cake"}, {"form": ""}, {"year": "x"}, {"year": 99999}, {"year": ""}])
def test_what_no_form_of_ours_sends_is_refused(
    officer: Client, cast: Cast, versions: list[DocumentVersion], data: dict[str, object]
) -> None:
    assert ask(officer, cast, **data).status_code == 400
    assert not Book.objects.exists()


def test_the_page_tells_how_far_it_is_and_what_went_wrong(officer: Client, cast: Cast) -> None:
    running = factories.book(cast.district, by=cast.officer, state="running", done=1)
    state = officer.get(reverse("book_state", args=[running.token]))
    assert state.json() == {"state": "running", "done": 1, "of": 2, "waits_in_vain": False}
    assert "no-store" in state["Cache-Control"]
    failed = factories.book(cast.district, by=cast.officer, state="failed", fault="paper:Өзөн мектеби")
    page = officer.get(reverse("book", args=[failed.token])).content.decode()
    assert "Өзөн мектеби" in page
    assert reverse("book_ask", args=[cast.district.pk]) in page


def test_a_book_of_earlier_versions_says_so(officer: Client, cast: Cast, versions: list[DocumentVersion]) -> None:
    book = factories.book(cast.district, by=cast.officer)
    answer = officer.get(reverse("book", args=[book.token]))
    assert answer.context["is_outdated"]
    assert reverse("book_file", args=[book.token]) in answer.content.decode()


def test_a_book_that_nobody_takes_up_says_so(officer: Client, cast: Cast) -> None:
    long_ago = timezone.now() - 2 * LEASE
    waiting = factories.book(cast.district, by=cast.officer, state="waiting", asked_at=long_ago)
    page = officer.get(reverse("book", args=[waiting.token]))
    assert 'data-in-vain="true"' in page.content.decode()
    assert page.context["waits_in_vain"]
    assert officer.get(reverse("book_state", args=[waiting.token])).json()["waits_in_vain"]
    factories.book(cast.district, by=cast.officer, state="running")
    assert not officer.get(reverse("book", args=[waiting.token])).context["waits_in_vain"]


def test_the_page_names_the_schools_left_out(officer: Client, cast: Cast) -> None:
    book = factories.book(cast.district, by=cast.officer, missing=[("Өзөн мектеби", "returned")])
    page = officer.get(reverse("book", args=[book.token])).content.decode()
    assert f"Өзөн мектеби: {DeskState.RETURNED.label}" in page


def test_the_institute_s_button_makes_a_book_of_accepted_schedules(
    client: Client, cast: Cast, versions: list[DocumentVersion]
) -> None:
    client.force_login(cast.institute)
    ask(client, cast)
    assert Book.objects.get().is_accepted_only
    district_s = factories.book(cast.district, by=cast.officer)
    desk = client.get(reverse("district_schedules", args=[cast.district.pk]), {"year": factories.next_school_year()})
    assert reverse("book", args=[Book.objects.get(is_accepted_only=True).token]) in desk.content.decode()
    assert district_s.token not in desk.content.decode()


def test_each_form_has_a_name_of_its_own(officer: Client, cast: Cast) -> None:
    names = set()
    for form in BookForm:
        book = factories.book(cast.district, by=cast.officer, form=form)
        disposition = officer.get(reverse("book_file", args=[book.token]))["Content-Disposition"]
        names.add(disposition.rpartition(".")[0])
    assert len(names) == len(BookForm)


def test_a_file_that_is_gone_gets_a_sentence(officer: Client, cast: Cast) -> None:
    book = factories.book(cast.district, by=cast.officer)
    factories.file_store().delete(book.stored_as)
    answer = officer.get(reverse("book_file", args=[book.token]), follow=True)
    assert answer.redirect_chain == [(reverse("book", args=[book.token]), 302)]
    assert [str(message) for message in answer.context["messages"]]
