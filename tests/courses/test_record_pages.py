"""One's own courses on the page: entered, corrected, handed in, taken back, and seen by nobody before that."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses import verification
from courses.choices import Flag, RecordAction, RecordStatus
from courses.models import CertificateFile, TrainingRecord
from schools.models import User
from tests import factories, uploads
from tests.conftest import Cast
from tests.factories import PASSWORD

NEW = reverse("record_new")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, url: str) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("сүрөт.jpg", uploads.jpeg() if data is None else data, "image/jpeg")


def send(user: User, url: str = NEW, **changes: Any) -> Any:
    typed = {
        "once": uuid.uuid4(),
        "title": "Критерийлик баалоо",
        "date_text": "12-23-июль 2021-ж.",
        "provider_text": "GIZ",
        "hours_text": "24",
        "then": "draft",
    }
    return browser(user).post(url, typed | changes)


def the_record() -> TrainingRecord:
    return TrainingRecord.objects.get()


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


# --- entering -------------------------------------------------------------------------------------------------------


def test_a_course_with_its_photo_becomes_a_draft_that_tells_what_was_read(cast: Cast) -> None:
    answer = send(cast.teacher, file=photo(), document_type="certificate", document_number="17")
    record = the_record()
    assert answer.url == record.get_absolute_url()
    assert record.status == RecordStatus.DRAFT
    assert record.file
    assert record.file.uploaded_by == cast.teacher.person
    shown = page(cast.teacher, answer.url)
    assert "12-23-июль 2021-ж." in shown
    assert "12–23-июль 2021-ж." in shown
    assert reverse("certificate_page", args=[record.file.token, 1]) in shown


def test_sent_twice_by_a_weak_network_it_is_one_record(cast: Cast) -> None:
    token = uuid.uuid4()
    first = send(cast.teacher, once=token, file=photo())
    second = send(cast.teacher, once=token, file=photo())
    assert first.url == second.url == the_record().get_absolute_url()


def test_entered_and_handed_in_with_one_press(cast: Cast) -> None:
    send(cast.teacher, then="submit")
    assert the_record().status == RecordStatus.SUBMITTED


WRONG = {
    "no such day": {"date_text": "31-февраль 2021"},
    "no year": {"date_text": "12-23-июль"},
    "end before start": {"date_text": "23-12-июль 2021"},
    "not over": {"date_text": "12.07.2090"},
    "no hours": {"hours_text": "0"},
    "too many hours": {"hours_text": "72000"},
    "issued tomorrow": {"document_on": "01.01.2090"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_mistake_loses_nothing_that_was_typed_nor_the_chosen_file(wrong: dict[str, str], cast: Cast) -> None:
    answer = send(cast.teacher, file=photo(), comment="Эки жума окудум", **wrong)
    assert answer.status_code == 422
    assert not TrainingRecord.objects.exists()
    form = answer.context["form"]
    assert set(form.errors) == set(wrong)
    kept = CertificateFile.objects.get()
    shown = text(answer)
    assert f'name="kept" value="{kept.token}"' in shown
    for typed in ("Критерийлик баалоо", "GIZ", "Эки жума окудум", *wrong.values()):
        assert typed in shown

    send(cast.teacher, kept=kept.token, comment="Эки жума окудум")
    assert the_record().file == kept
    assert CertificateFile.objects.count() == 1


def test_a_file_that_is_not_taken_is_named_and_the_one_before_stays(cast: Cast) -> None:
    kept = factories.certificate(cast.teacher.person)
    answer = send(cast.teacher, kept=kept.token, file=photo(b"<html>"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file"}
    assert f'name="kept" value="{kept.token}"' in text(answer)


def test_a_chosen_file_takes_the_place_of_the_one_before(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    before = record.file
    url = reverse("record_edit", args=[record.pk])
    send(cast.teacher, url, seen=record.revision, file=photo())
    assert the_record().file not in (None, before)
    assert CertificateFile.objects.unattached().get() == before


def test_a_file_stays_where_none_is_sent(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    send(cast.teacher, reverse("record_edit", args=[record.pk]), seen=record.revision)
    assert the_record().file == record.file


def decided_on(cast: Cast) -> CertificateFile:
    """The scan of a record that was returned; the owner then took it off."""
    record = factories.training_record(cast.teacher)
    decision = verification.perform(
        record, RecordAction.RETURN, by=cast.deputy, seen=record.revision, reason="Сүрөт бүдөмүк."
    )
    TrainingRecord.objects.filter(pk=record.pk).update(file=None)
    assert decision.file
    return decision.file


@pytest.mark.parametrize("whose", ["another's", "of a record", "nobody's", "no name at all", "of a decision"])
def test_a_name_opens_no_file_but_ones_own_waiting_one(whose: str, cast: Cast) -> None:
    files = {
        "another's": factories.certificate(cast.colleague.person).token,
        "of a record": factories.training_record(cast.teacher).file.token,
        "nobody's": "x" * 32,
        "no name at all": "a\0b",
        "of a decision": decided_on(cast).token,
    }
    answer = send(cast.teacher, kept=files[whose])
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file"}
    assert files[whose] not in text(answer)
    assert "12-23-июль 2021-ж." in text(answer)


def test_an_unread_date_is_saved_and_the_page_says_how_to_write_it(cast: Cast) -> None:
    send(cast.teacher, date_text="өткөн жайда")
    record = the_record()
    assert record.date_text == "өткөн жайда"
    assert 'value="submit"' not in page(cast.teacher, record.get_absolute_url())
    checked = browser(cast.teacher).get(reverse("record_edit", args=[record.pk]) + "?check=1")
    assert set(checked.context["form"].errors) == {"date_text"}


def test_who_works_nowhere_is_told_whom_to_ask(cast: Cast) -> None:
    shown = page(cast.officer, NEW)
    assert 'id="record-form"' not in shown
    assert send(cast.officer).status_code == 422


def test_what_was_typed_outlives_the_session(cast: Cast) -> None:
    client = Client()
    client.post(NEW, {"once": uuid.uuid4(), "title": "Сактап калынган сөз", "date_text": "июль"})
    client.post(reverse("account_login"), {"login": cast.teacher.username, "password": PASSWORD})
    answer = client.get(NEW)
    assert answer.context["form"]["title"].value() == "Сактап калынган сөз"
    assert answer.context["form"]["date_text"].value() == "июль"
    assert not TrainingRecord.objects.exists()


# --- two screens ----------------------------------------------------------------------------------------------------


def test_of_two_screens_the_second_sees_both_texts_and_writes_nothing(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    url = reverse("record_edit", args=[record.pk])
    send(cast.teacher, url, seen=record.revision, title="Биринчи экрандагы ат")
    answer = send(cast.teacher, url, seen=record.revision, title="Экинчи экрандагы ат")
    assert answer.status_code == 409
    assert the_record().title == "Биринчи экрандагы ат"
    assert "Биринчи экрандагы ат" in text(answer)
    assert answer.context["form"]["title"].value() == "Экинчи экрандагы ат"

    send(cast.teacher, url, seen=answer.context["seen"], title="Экинчи экрандагы ат")
    assert the_record().title == "Экинчи экрандагы ат"


def test_handed_in_at_another_screen_it_is_no_longer_written(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    verification.perform(record, RecordAction.SUBMIT, by=cast.teacher, seen=record.revision)
    url = reverse("record_edit", args=[record.pk])
    assert send(cast.teacher, url, seen=record.revision, title="Кечиккен").url == record.get_absolute_url()
    assert the_record().title == record.title


# --- the way of a record --------------------------------------------------------------------------------------------


def move(user: User, record: TrainingRecord, action: str, **data: Any) -> Any:
    url = reverse("record_move", args=[record.pk, action])
    return browser(user).post(url, {"once": uuid.uuid4(), "seen": record.revision, **data})


def test_handed_in_and_taken_back(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    move(cast.teacher, record, "submit")
    assert the_record().status == RecordStatus.SUBMITTED
    move(cast.teacher, the_record(), "withdraw")
    assert the_record().status == RecordStatus.DRAFT


def test_an_old_screen_hands_nothing_in(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT, revision=4)
    move(cast.teacher, record, "submit", seen=3)
    assert the_record().status == RecordStatus.DRAFT


@pytest.mark.parametrize("seen", ["", "abc", "1.0", "9" * 5000])
def test_a_form_without_its_revision_is_a_bad_request(seen: str, cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    assert move(cast.teacher, record, "submit", seen=seen).status_code == 400
    assert move(cast.teacher, record, "withdraw", seen=seen).status_code == 400
    assert send(cast.teacher, reverse("record_edit", args=[record.pk]), seen=seen).status_code == 400
    deleting = reverse("record_delete", args=[record.pk])
    assert browser(cast.teacher).post(deleting, {"once": uuid.uuid4(), "seen": seen}).status_code == 400
    assert (the_record().status, the_record().title) == (RecordStatus.DRAFT, record.title)


@pytest.mark.parametrize("action", ["verify", "return", "reject", "reverse", "set_hours", "recognise", "erase"])
def test_the_owner_has_no_other_moves(action: str, cast: Cast) -> None:
    record = factories.training_record(cast.teacher)
    assert move(cast.teacher, record, action, reason="Себеп").status_code == 404
    assert the_record().status == RecordStatus.SUBMITTED


def test_a_returned_record_says_why_and_can_be_corrected(cast: Cast) -> None:
    record = factories.training_record(cast.teacher)
    reason = "Күбөлүктүн номери көрүнбөйт."
    verification.perform(record, RecordAction.RETURN, by=cast.deputy, seen=record.revision, reason=reason)
    shown = page(cast.teacher, record.get_absolute_url())
    assert shown.index(reason) < shown.index(reverse("record_edit", args=[record.pk]))
    assert cast.deputy.person.full_name in shown


def test_a_draft_is_deleted_and_what_was_sent_is_not(cast: Cast) -> None:
    draft = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    url = reverse("record_delete", args=[draft.pk])
    assert url in page(cast.teacher, draft.get_absolute_url())
    browser(cast.teacher).post(url, {"once": uuid.uuid4(), "seen": draft.revision})
    assert not TrainingRecord.objects.exists()

    sent = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    move(cast.teacher, sent, "submit")
    move(cast.teacher, the_record(), "withdraw")
    url = reverse("record_delete", args=[sent.pk])
    assert url not in page(cast.teacher, sent.get_absolute_url())
    browser(cast.teacher).post(url, {"once": uuid.uuid4(), "seen": the_record().revision})
    assert the_record() == sent


# --- who sees it ----------------------------------------------------------------------------------------------------


def test_a_draft_is_its_owners_alone(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    seen_by = [
        name
        for name, user in cast.people.items()
        if user and browser(user).get(record.get_absolute_url()).status_code != 404
    ]
    assert seen_by == ["teacher"]


@pytest.mark.parametrize(("who", "verifies"), [("deputy", True), ("clerk", True), ("head", False), ("officer", False)])
def test_others_read_it_and_only_who_decides_is_led_to_verification(who: str, verifies: bool, cast: Cast) -> None:
    record = factories.training_record(cast.teacher, title="Окуу <b>курсу</b>")
    shown = page(getattr(cast, who), record.get_absolute_url())
    assert "Окуу &lt;b&gt;курсу&lt;/b&gt;" in shown
    assert cast.teacher.person.full_name in shown
    assert (reverse("verify", args=[record.pk]) in shown) == verifies
    assert reverse("record_edit", args=[record.pk]) not in shown
    assert "/move/" not in shown


def test_the_list_holds_ones_own_records_the_last_one_first(cast: Cast) -> None:
    for title, date in (("Эски", "2020"), ("Жаңы", "12.07.2024"), ("Датасы жок", "өткөн жайда")):
        send(cast.teacher, title=title, date_text=date)
    factories.training_record(cast.colleague, title="Башканыкы")
    shown = page(cast.teacher, reverse("records"))
    assert shown.index("Датасы жок") < shown.index("Жаңы") < shown.index("Эски")
    assert "Башканыкы" not in shown


def test_the_owner_is_told_what_to_look_at_each_thing_once(cast: Cast) -> None:
    send(cast.teacher, date_text="23.11.2019", hours_text="24")
    answer = browser(cast.teacher).get(the_record().get_absolute_url())
    assert Flag.DENSE in answer.context["flags"]
    assert Flag.NO_DOCUMENT not in answer.context["flags"]
    assert len(answer.context["lacking"]) == 2
