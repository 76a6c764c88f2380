"""Sheets of lessons on a phone in a classroom: opened, filled in and kept without a connection, sent once later."""

import contextlib
import datetime as dt
import json
import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Error, Locator, Page, Route, expect

from cpd.dates import today
from plans.models import LessonSheet, SheetAnswer
from schools.models import Mentorship, User
from tests import factories
from tests.browser import screen
from tests.browser.barriers import FIND_BARRIERS, FIND_SMALL_TARGETS, IS_TOO_WIDE
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
WORDS = "Окуучулар топтордо иштешти,\nмугалим көбүрөөк уккан."
MORE = "Суроолорду окуучулар өздөрү коюшту."
TOPIC = "Бөлчөктөр"
NEW = re.compile(r"/mentoring/\d+/new/observation/#[0-9a-f-]{36}$")


@pytest.fixture
def pair(cast: Cast) -> Mentorship:
    """The head guides the teacher."""
    return factories.mentorship(cast.head, cast.teacher)


def list_page(page: Page) -> None:
    """Open the list, and wait until it says that sheets can now be opened without a connection."""
    page.goto(reverse("my_mentoring"))
    expect(page.locator("#offline-state")).to_have_text(word(page, "ready"))


def word(page: Page, name: str) -> str:
    """A word of the script, in the language of the page."""
    return page.locator("#offline").get_attribute(f"data-{name}") or "no such word"


def expect_state(page: Page, name: str) -> None:
    """A word, and after “saved” and “kept” the hour: the one begins as the other does."""
    told = word(page, name) + ("," if name in ("saved", "kept") else "")
    expect(page.locator("#save-state")).to_contain_text(told)


def new_sheet(page: Page, pair: Mentorship, kind: str = "observation") -> None:
    page.goto(reverse("lesson_sheet_new", args=[pair.pk, kind]))


def edit(page: Page, sheet: LessonSheet) -> None:
    page.goto(reverse("lesson_sheet_edit", args=[sheet.uid]))


def notes(page: Page) -> Locator:
    """The notes of the lesson, with their part opened."""
    part = page.locator("#part-lesson")
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    return part.locator("[name=notes]")


def another_page(page: Page) -> Page:
    """The phone ends the page without a word, as phones do; it opens a new one.

    A page that is closed may send a last word, and without a page Chromium holds nothing back any more.
    """
    context = page.context
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()
    return context.new_page()


def stored_pages(page: Page) -> list[str]:
    """The addresses of the site that the phone keeps, but for static files."""
    found: list[str] = page.evaluate(
        """async () => {
          const kept = [];
          for (const name of await caches.keys()) {
            for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname);
          }
          return kept.filter((path) => !path.startsWith("/static/"));
        }"""
    )
    return found


def sheet_of(user: User, pair: Mentorship, **columns: Any) -> LessonSheet:
    return LessonSheet.objects.create(
        mentorship=pair, kind="observation", made_by=user.person, changed_by=user.person, **columns
    )


# --- a lesson without a connection ---------------------------------------------------------------------------------


def test_a_sheet_never_opened_before_is_begun_without_a_connection_and_arrives_once(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    page = visit(cast.head)
    list_page(page)
    page.context.set_offline(True)
    page.locator(f"a[href='{reverse('lesson_sheet_new', args=[pair.pk, 'observation'])}']").click()
    expect(page.locator("#offline-state")).to_contain_text(word(page, "stored"))
    notes(page).fill(WORDS)
    page.locator("[name=topic]").fill(TOPIC)
    expect_state(page, "waits")
    expect_state(page, "kept")
    expect(page).to_have_url(NEW)

    page = another_page(page)
    new_sheet(page, pair)
    expect(notes(page)).to_have_value(WORDS)
    expect(page.locator("[name=topic]")).to_have_value(TOPIC)
    expect_state(page, "waits")
    assert not LessonSheet.objects.exists()

    page.context.set_offline(False)
    expect_state(page, "saved")
    sheet = LessonSheet.objects.get()
    assert (sheet.notes, sheet.topic, sheet.kind, sheet.made_by) == (WORDS, TOPIC, "observation", cast.head.person)
    assert sheet.revision == 1
    screen.expect_nothing_kept(page)


def test_the_list_says_what_waits_and_sends_it_by_itself(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    list_page(page)
    page.context.set_offline(True)
    for said in (WORDS, MORE):
        page.goto(reverse("lesson_sheet_new", args=[pair.pk, "observation"]) + "#new")
        notes(page).fill(said)
        expect_state(page, "kept")
        page = another_page(page)
    page.goto(reverse("my_mentoring"))
    expect(page.locator("#unsent [data-count]")).to_have_text("2")
    expect(page.locator("#unsent li")).to_have_count(2)
    page.context.set_offline(False)
    expect_state(page, "saved")
    expect(page.locator("#unsent")).to_be_hidden()
    assert sorted(LessonSheet.objects.values_list("notes", flat=True)) == sorted([WORDS, MORE])
    expect(page.locator(".list-group-item")).to_have_count(2)
    screen.expect_nothing_kept(page)


def test_the_button_of_the_list_sends_what_waits(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    list_page(page)
    address = re.compile("/mentoring/sheets/.*/edit/")
    page.context.route(address, lambda route: route.abort("connectionfailed"))
    new_sheet(page, pair)
    notes(page).fill(WORDS)
    expect_state(page, "waits")
    page.goto(reverse("my_mentoring"))
    expect_state(page, "waits")
    page.context.unroute(address)
    page.locator("#unsent > button").click()
    expect_state(page, "saved")
    expect(page.locator("#unsent")).to_be_hidden()
    assert LessonSheet.objects.get().notes == WORDS
    screen.expect_nothing_kept(page)


def test_a_saved_sheet_goes_on_without_a_connection_from_where_it_was(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    """Begun with a connection, saved by itself after the page was stored; then reloaded in the classroom."""
    sheet = sheet_of(cast.head, pair, topic=TOPIC)
    page = visit(cast.head)
    list_page(page)
    edit(page, sheet)
    notes(page).fill(WORDS)
    expect_state(page, "saved")
    screen.expect_nothing_kept(page)
    page.context.set_offline(True)
    page = another_page(page)
    edit(page, sheet)
    expect(page.locator("#offline-state")).to_contain_text(word(page, "stored"))
    expect(notes(page)).to_have_value(WORDS)
    page.locator("#part-plan summary").click()
    page.locator("[name=next_steps]").fill(MORE)
    expect_state(page, "waits")
    page.context.set_offline(False)
    expect_state(page, "saved")
    sheet.refresh_from_db()
    assert (sheet.notes, sheet.next_steps, sheet.topic) == (WORDS, MORE, TOPIC)


def test_places_for_own_questions_are_added_without_a_connection(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    list_page(page)
    page.context.set_offline(True)
    new_sheet(page, pair)
    page.locator("#part-after summary").click()
    places = page.locator("[data-own]")
    count = places.count()
    page.locator("#part-after [name=then]").click()
    expect(places).to_have_count(count + 1)
    places.last.locator("[name$=-question]").fill("Эмне үчүн?")
    places.last.locator("[name$=-answer]").fill(MORE)
    page = another_page(page)
    new_sheet(page, pair)
    expect(page.locator("[data-own]").last.locator("[name$=-answer]")).to_have_value(MORE)
    page.context.set_offline(False)
    expect_state(page, "saved")
    own = LessonSheet.objects.get().answers.get(question=None)
    assert (own.own_question, own.text) == ("Эмне үчүн?", MORE)


def test_the_save_button_without_a_connection_keeps_the_page_and_with_one_shows_the_sheet(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    page = visit(cast.head)
    new_sheet(page, pair)
    page.context.set_offline(True)
    notes(page).fill(WORDS)
    page.locator(".save-bar button").click()
    expect_state(page, "waits")
    page.context.set_offline(False)
    expect_state(page, "saved")
    page.locator(".save-bar button").click()
    sheet = LessonSheet.objects.get()
    page.wait_for_url(f"**{reverse('lesson_sheet', args=[sheet.uid])}")
    assert sheet.revision == 1


def test_without_scripts_a_sheet_is_a_plain_form(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head, java_script_enabled=False)
    page.goto(reverse("my_mentoring"))
    expect(page.locator("#unsent")).to_be_hidden()
    new_sheet(page, pair)
    notes(page).fill(WORDS)
    page.locator(".save-bar button").click()
    sheet = LessonSheet.objects.get()
    expect(page).to_have_url(re.compile(reverse("lesson_sheet", args=[sheet.uid])))
    assert sheet.notes == WORDS


def test_a_sheet_begun_on_a_page_that_was_stored_yesterday_is_of_today(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    page = visit(cast.head)
    list_page(page)
    page.context.set_offline(True)
    tomorrow = today() + dt.timedelta(days=1)
    page.clock.set_fixed_time(dt.datetime.combine(tomorrow, dt.time(9), dt.UTC))
    new_sheet(page, pair)
    expect(page.locator("[name=held_on]")).to_have_value(str(tomorrow))


def test_a_saved_sheet_opens_from_the_list_in_a_classroom(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    """Agreed at home on another screen, never opened on this phone; the address of its reading opens the form too."""
    sheet = factories.lesson_sheet(pair, cast.head, agreed=MORE)
    page = visit(cast.head)
    list_page(page)
    page.context.set_offline(True)
    page.locator(f"a[href='{reverse('lesson_sheet_edit', args=[sheet.uid])}']").click()
    expect(page.locator("#offline-state")).to_contain_text(word(page, "stored"))
    expect(page.locator("[name=agreed]")).to_have_value(MORE)
    notes(page).fill(WORDS)
    expect_state(page, "waits")
    page.goto(sheet.get_absolute_url())
    expect(notes(page)).to_have_value(WORDS)
    page.context.set_offline(False)
    expect_state(page, "saved")
    sheet.refresh_from_db()
    assert (sheet.agreed, sheet.notes, sheet.revision) == (MORE, WORDS, 2)


def test_the_list_fetches_a_sheet_anew_that_the_other_one_changed(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    sheet = factories.lesson_sheet(pair, cast.head)
    page = visit(cast.head)
    list_page(page)
    LessonSheet.objects.filter(pk=sheet.pk).update(agreed=MORE, revision=2)
    list_page(page)
    page.context.set_offline(True)
    edit(page, sheet)
    expect(page.locator("[name=agreed]")).to_have_value(MORE)


def test_a_form_in_which_nothing_was_written_is_not_saved(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    new_sheet(page, pair)
    page.locator(".save-bar button").click()
    expect_state(page, "nothing")
    page.locator("[name=topic]").fill(TOPIC)
    page.locator("[name=topic]").fill("")
    expect_state(page, "nothing")
    screen.expect_nothing_kept(page)
    page.reload()
    expect(page.locator("[name=topic]")).to_have_value("")
    assert not LessonSheet.objects.exists()


# --- lost answers, two people --------------------------------------------------------------------------------------


def test_a_sheet_whose_answer_was_lost_stays_one(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    new_sheet(page, pair)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/edit/", lose, times=1)
    notes(page).fill(WORDS)
    expect_state(page, "waits")
    assert LessonSheet.objects.get().notes == WORDS
    notes(page).fill(MORE)
    expect_state(page, "saved")
    sheet = LessonSheet.objects.get()
    assert (sheet.notes, sheet.revision) == (MORE, 2)
    screen.expect_nothing_kept(page)


@pytest.fixture
def meanwhile(cast: Cast, pair: Mentorship, visit: Visit) -> tuple[Page, LessonSheet]:
    """The mentor typed without a connection; meanwhile the mentee saved other words in the same sheet."""
    sheet = sheet_of(cast.head, pair)
    mentor, mentee = visit(cast.head), visit(cast.teacher)
    edit(mentor, sheet)
    mentor.context.set_offline(True)
    notes(mentor).fill(WORDS)
    expect_state(mentor, "waits")
    edit(mentee, sheet)
    notes(mentee).fill(MORE)
    mentee.locator("[name=topic]").fill(TOPIC)
    expect_state(mentee, "saved")
    mentor.context.set_offline(False)
    expect_state(mentor, "changed")
    return mentor, sheet


def test_what_the_other_one_saved_meanwhile_stands_beside_what_was_typed(
    meanwhile: tuple[Page, LessonSheet],
) -> None:
    page, sheet = meanwhile
    both = page.locator("section.alert-warning:visible")
    expect(both.locator("dd")).to_contain_text(MORE)
    expect(notes(page)).to_have_value(WORDS)
    expect(page.locator("[name=topic]")).to_have_value(TOPIC)  # was empty here
    sheet.refresh_from_db()
    assert sheet.notes == MORE
    both.locator("button.btn-primary").click()
    expect_state(page, "saved")
    sheet.refresh_from_db()
    assert (sheet.notes, sheet.topic) == (WORDS, TOPIC)
    screen.expect_nothing_kept(page)


def test_the_other_one_s_words_can_be_taken(meanwhile: tuple[Page, LessonSheet]) -> None:
    page, sheet = meanwhile
    page.locator("section.alert-warning dd button").click()
    expect(notes(page)).to_have_value(MORE)
    page.locator("section.alert-warning > button").click()
    expect_state(page, "saved")
    sheet.refresh_from_db()
    assert (sheet.notes, sheet.topic) == (MORE, TOPIC)


@pytest.fixture
def deleted(cast: Cast, pair: Mentorship, visit: Visit) -> tuple[Page, LessonSheet]:
    """The mentor typed without a connection; meanwhile the mentee deleted the sheet."""
    sheet = factories.lesson_sheet(pair, cast.teacher)
    page = visit(cast.head)
    list_page(page)
    page.context.set_offline(True)
    edit(page, sheet)
    notes(page).fill(WORDS)
    expect_state(page, "waits")
    with transaction.atomic():
        sheet.delete()
    return page, sheet


def test_what_was_typed_into_a_sheet_deleted_meanwhile_is_saved_as_a_new_one(
    deleted: tuple[Page, LessonSheet],
) -> None:
    page, _sheet = deleted
    page.context.set_offline(False)
    expect_state(page, "deleted")
    asked = page.locator("section.alert-warning:visible")
    expect(asked.locator("textarea")).to_have_value(re.compile(re.escape(WORDS.split("\n")[0])))
    asked.locator("> .btn-primary").click()
    expect_state(page, "saved")
    assert LessonSheet.objects.get().notes == WORDS
    screen.expect_nothing_kept(page)


@pytest.mark.parametrize("is_saved", [True, False], ids=["saved anew", "removed"])
def test_the_list_tells_of_a_sheet_deleted_meanwhile(deleted: tuple[Page, LessonSheet], *, is_saved: bool) -> None:
    page, sheet = deleted
    page.goto(reverse("my_mentoring"))
    page.context.set_offline(False)
    unsent = page.locator("#unsent li")
    expect(unsent).to_contain_text(word(page, "deleted"))
    expect(unsent.locator("textarea")).to_have_value(re.compile(re.escape(WORDS.split("\n")[0])))
    expect(unsent.locator("a")).to_have_count(0)  # its page is not there any more
    unsent.locator("> .btn-outline-primary" if is_saved else "> .btn-outline-danger").click()
    expect(page.locator("#unsent")).to_be_hidden()
    screen.expect_nothing_kept(page)
    assert list(LessonSheet.objects.values_list("uid", "notes")) == ([(sheet.uid, WORDS)] if is_saved else [])


def test_an_answer_is_shown_to_the_mentor_by_a_press_alone(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.teacher)
    new_sheet(page, pair, "reflection")
    page.locator("[name=own-0-question]").fill("Эмне үчүн?")
    page.locator("[name=own-0-answer]").fill(WORDS)
    tick = page.locator("[name=own-0-share]")
    tick.check()
    expect_state(page, "saved")
    expect_state(page, "ticks")
    answers = SheetAnswer.objects.filter(is_shared=True)
    assert not answers.exists()
    assert LessonSheet.objects.exists()
    page.locator(".save-bar button").click()
    sheet = LessonSheet.objects.get()
    page.wait_for_url(f"**{sheet.get_absolute_url()}")
    assert answers.get().text == WORDS
    edit(page, sheet)
    page.locator("[name=own-0-answer]").fill(MORE)  # goes on being shown
    expect_state(page, "saved")
    assert answers.get().text == MORE
    tick.uncheck()  # taken back at once
    screen.eventually(page, lambda: not answers.exists())


def test_an_answer_taken_back_elsewhere_stays_so_until_it_is_ticked_anew(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    sheet = factories.lesson_sheet(pair, cast.teacher, "reflection")
    SheetAnswer.objects.create(sheet=sheet, own_question="Эмне үчүн?", text=WORDS, is_shared=True)
    page = visit(cast.teacher)
    list_page(page)
    edit(page, sheet)
    page.context.set_offline(True)
    page.locator("[name=topic]").fill(TOPIC)
    expect_state(page, "waits")
    LessonSheet.objects.filter(pk=sheet.pk).update(revision=2)
    sheet.answers.update(is_shared=False)
    page.context.set_offline(False)
    expect_state(page, "changed")
    expect(page.locator("[name=own-0-share]")).not_to_be_checked()
    both = page.locator("section.alert-warning:visible")
    expect(both.locator("dd")).to_have_text(["—", word(page, "not-shown-there")])
    expect(both.locator("dt").last).to_have_text("Эмне үчүн?")
    expect(both.locator("dd button")).to_have_count(0)  # nothing to take
    both.locator("button.btn-primary").click()
    expect_state(page, "saved")
    assert not sheet.answers.filter(is_shared=True).exists()


def test_why_a_text_waits_is_told_apart(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    address = re.compile("/mentoring/sheets/.*/edit/")
    page.context.route(address, lambda route: route.fulfill(status=429))  # as one that is down, but no mistake of it
    new_sheet(page, pair)
    notes(page).fill(WORDS)
    expect_state(page, "down")
    other = page.context.new_page()
    other.goto(reverse("my_mentoring"))
    expect(other.locator("#unsent li")).to_contain_text(word(other, "open"))
    page.context.unroute(address)


def test_a_wrong_day_is_told_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    page = visit(cast.head)
    new_sheet(page, pair)
    notes(page).fill(WORDS)
    page.locator("[name=held_on]").fill("")
    expect_state(page, "invalid")
    expect(page.locator("[name=held_on]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_held_on-told")).not_to_be_empty()
    page.locator("[name=held_on]").fill(str(pair.starts_on))
    expect_state(page, "saved")
    expect(page.locator("#id_held_on-told")).to_be_empty()
    assert LessonSheet.objects.get().notes == WORDS


def test_a_sheet_that_the_site_does_not_take_can_be_copied(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    new_sheet(page, pair)
    with transaction.atomic():
        pair.mentor = cast.deputy.person
        pair.save()
    notes(page).fill(WORDS)
    expect_state(page, "refused")
    expect(page.locator("#save-state textarea")).to_have_value(re.compile(re.escape(WORDS.split("\n")[0])))
    page.goto(reverse("my_mentoring"))
    expect(page.locator("#unsent textarea")).to_have_value(re.compile(re.escape(WORDS.split("\n")[0])))
    page.locator("#unsent .btn-outline-danger").click()
    expect(page.locator("#unsent")).to_be_hidden()
    screen.expect_nothing_kept(page)


# --- sessions and accounts -----------------------------------------------------------------------------------------


def end_sessions() -> None:
    with transaction.atomic():
        Session.objects.all().delete()


def sign_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(re.escape(reverse("account_login"))))


def test_a_sheet_outlives_the_session_it_was_typed_in(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    list_page(page)
    new_sheet(page, pair)
    end_sessions()
    notes(page).fill(WORDS)
    expect_state(page, "signed-out")
    page.locator("#save-state a").click()
    screen.sign_in(page, cast.head)
    expect(notes(page)).to_have_value(WORDS)
    expect_state(page, "saved")
    assert LessonSheet.objects.get().notes == WORDS
    screen.expect_nothing_kept(page)


def test_a_page_that_was_signed_out_goes_on_after_signing_in_at_another_one(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    page = visit(cast.head)
    new_sheet(page, pair)
    end_sessions()
    notes(page).fill(WORDS)
    expect_state(page, "signed-out")
    other = page.context.new_page()
    screen.open_home(other, cast.head)
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # a browser without windows tells of none
    expect_state(page, "saved")
    assert LessonSheet.objects.get().notes == WORDS


def test_signing_out_empties_the_store_and_says_what_is_not_sent(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    list_page(page)
    address = re.compile("/mentoring/sheets/.*/edit/")
    page.context.route(address, lambda route: route.abort("connectionfailed"))
    new_sheet(page, pair)
    notes(page).fill(WORDS)
    expect_state(page, "waits")
    assert reverse("my_mentoring") in stored_pages(page)
    page.goto(reverse("account_logout"))
    expect(page.locator("#unsent-warning [data-count]")).to_have_text("1")
    sign_out(page)
    screen.eventually(page, lambda: stored_pages(page) == [])
    assert page.evaluate("localStorage.length") == 1
    page.context.unroute(address)

    screen.sign_in(page, cast.head)
    expect(page).to_have_url(re.compile(f"{reverse('home')}$"))
    page.goto(reverse("my_mentoring"))
    expect_state(page, "saved")
    expect(page.locator(".list-group-item")).to_have_count(1)
    assert LessonSheet.objects.get().notes == WORDS
    screen.expect_nothing_kept(page)


def test_another_account_on_the_same_phone_neither_sees_nor_sends_anything(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    """Not even the other one of the two, who might read the sheet once it is sent."""
    page = visit(cast.head)
    list_page(page)
    new_sheet(page, pair)
    end_sessions()
    notes(page).fill(WORDS)
    expect_state(page, "signed-out")
    page.locator("#save-state a").click()
    screen.sign_in(page, cast.teacher)
    expect(page).to_have_url(re.compile(reverse("lesson_sheet_new", args=[pair.pk, "observation"])))
    expect(notes(page)).to_have_value("")
    list_page(page)
    expect(page.locator("#unsent")).to_be_hidden()
    page.context.set_offline(True)
    new_sheet(page, pair)
    expect(notes(page)).to_have_value("")
    assert f'data-account="{cast.teacher.pk}"' in page.content()
    assert not LessonSheet.objects.exists()


def test_a_page_left_open_does_not_send_under_the_account_that_came_after(
    cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    page = visit(cast.head)
    new_sheet(page, pair)
    other = page.context.new_page()
    sign_out(other)
    screen.sign_in(other, cast.teacher)
    expect(other).to_have_url(re.compile(f"{reverse('home')}$"))
    notes(page).fill(WORDS)
    expect_state(page, "signed-out")
    assert not LessonSheet.objects.exists()


def test_what_is_stored_goes_when_another_account_signs_in(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    list_page(page)
    end_sessions()
    page.goto(reverse("my_mentoring"))
    expect(page).to_have_url(re.compile(re.escape(reverse("account_login"))))
    screen.eventually(page, lambda: stored_pages(page) == [])
    screen.sign_in(page, cast.colleague)
    expect(page).to_have_url(re.compile(f"{reverse('my_mentoring')}$"))
    assert f'data-account="{cast.colleague.pk}"' in page.content()


def test_who_opens_the_site_without_a_connection_comes_to_the_list(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    page = visit(cast.head)
    list_page(page)
    page.context.set_offline(True)
    page.goto(reverse("home"))
    expect(page).to_have_url(re.compile(f"{reverse('my_mentoring')}$"))
    expect(page.locator("#offline-state")).to_contain_text(word(page, "stored"))


def test_only_pages_of_sheets_are_stored(cast: Cast, pair: Mentorship, visit: Visit) -> None:
    sheet = sheet_of(cast.head, pair)
    page = visit(cast.head)
    list_page(page)
    for address in (reverse("home"), reverse("plans"), sheet.get_absolute_url()):
        page.goto(address)
    edit(page, sheet)
    edit_address = reverse("lesson_sheet_edit", args=[sheet.uid])
    kinds = [reverse("lesson_sheet_new", args=[pair.pk, kind]) for kind in ("observation", "visit")]
    screen.eventually(page, lambda: set(stored_pages(page)) == {reverse("my_mentoring"), edit_address, *kinds})


# --- barriers ------------------------------------------------------------------------------------------------------


@SIZES
def test_no_page_of_it_has_a_barrier_or_is_too_wide(
    size: dict[str, Any], cast: Cast, pair: Mentorship, visit: Visit
) -> None:
    page = visit(cast.head, **size)
    list_page(page)
    page.context.set_offline(True)
    new_sheet(page, pair)
    notes(page).fill("Ө" * 200)
    page.locator("[name=topic]").fill("Ө" * 100)
    expect_state(page, "waits")
    found: dict[str, Any] = {}
    for address in (reverse("lesson_sheet_new", args=[pair.pk, "observation"]), reverse("my_mentoring")):
        page.goto(address)
        for closed in page.locator("details:visible").all():
            closed.evaluate("one => { one.open = true; }")
        page.evaluate(AXE_SCRIPT)
        problems = page.evaluate(FIND_BARRIERS) + page.evaluate(FIND_SMALL_TARGETS)
        if page.evaluate(IS_TOO_WIDE):
            problems.append("too wide")
        if problems:
            found[address] = problems
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
