"""Learning beside courses: noted in a line or two, asked of nobody, on its own sheet (national regulation 5.3)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses import actions
from courses.beside import line_of
from courses.choices import BESIDE_COURSES, LearningCategory, Reason, RecordStatus, TrainingKind
from courses.facts import judgement_of
from courses.invariants import record_status_follows_decisions
from courses.models import HoursPolicy, TrainingRecord
from courses.pdf import record_pdf
from courses.scrutiny import flags_of, with_context
from cpd.dates import today
from schools.approval import Refused
from schools.models import User
from tests import factories
from tests.conftest import Cast
from tests.papers import read

LINE = {"title": "Сабактагы окуу жөнүндө китеп", "date_text": "март 2026", "kind": "self_study"}


def note(client: Client, who: User, **typed: Any) -> HttpResponse:
    client.force_login(who)
    return client.post(reverse("beside_new"), {"once": uuid.uuid4(), "seen": ""} | LINE | typed)


def change(client: Client, record: TrainingRecord, **typed: Any) -> HttpResponse:
    client.force_login(record.person.user)
    sent = {"once": uuid.uuid4(), "seen": record.revision} | LINE | typed
    return client.post(reverse("beside_edit", args=[record.pk]), sent)


def test_what_and_when_are_enough_and_nobody_is_asked(client: Client, cast: Cast) -> None:
    assert note(client, cast.teacher).status_code == 302
    made = TrainingRecord.objects.get()
    assert (made.status, made.category, made.kind) == ("noted", LearningCategory.INFORMAL, "self_study")
    assert (made.date_text, made.precision, made.hours_text, made.provider_text) == ("март 2026", "month", "", "")
    assert not made.decisions.exists()
    assert not TrainingRecord.objects.awaiting(cast.deputy).exists()
    assert not list(record_status_follows_decisions())


@pytest.mark.parametrize("kind", BESIDE_COURSES)
def test_short_events_are_non_formal_and_the_other_models_informal(client: Client, cast: Cast, kind: str) -> None:
    note(client, cast.teacher, kind=kind)
    expected = LearningCategory.NONFORMAL if kind == TrainingKind.SHORT_EVENT else LearningCategory.INFORMAL
    assert TrainingRecord.objects.get().category == expected


def test_a_course_is_not_noted_in_two_lines(client: Client, cast: Cast) -> None:
    assert note(client, cast.teacher, kind="course").status_code == 422
    assert not TrainingRecord.objects.exists()


def test_fields_that_the_short_form_has_not_are_not_written(client: Client, cast: Cast) -> None:
    note(client, cast.teacher, status="verified", approved_hours="72", category="formal", person=cast.peer.person_id)
    made = TrainingRecord.objects.get()
    assert (made.status, made.approved_hours, made.category) == ("noted", None, "informal")
    assert made.person == cast.teacher.person


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"date_text": ""}, "date_text"),
        ({"date_text": "12-23-июль"}, "date_text"),
        ({"date_text": "31.02.2021"}, "date_text"),
        ({"date_text": "2199"}, "date_text"),
        ({"hours_text": "0"}, "hours_text"),
        ({"title": "а" * 501}, "title"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Client, cast: Cast, typed: dict[str, str], field: str
) -> None:
    answer = note(client, cast.teacher, **{"goal_achieved": "Жаңы ыкма"} | typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "Жаңы ыкма" in answer.content.decode()
    assert not TrainingRecord.objects.exists()


def test_days_that_are_yet_to_come_are_refused(client: Client, cast: Cast) -> None:
    answer = note(client, cast.teacher, date_text=f"01.01.{today().year + 1}")
    assert answer.context["form"].errors.keys() == {"date_text"}


def test_a_date_nobody_can_read_is_asked_for_once_more_and_then_kept_as_typed(client: Client, cast: Cast) -> None:
    words = "2025-жылдын күзүндө бир нече жолу"
    answer = note(client, cast.teacher, date_text=words)
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"date_text"})
    page = answer.content.decode()
    assert words in page
    assert 'name="keep_words"' in page
    assert not TrainingRecord.objects.exists()
    assert note(client, cast.teacher, date_text=words, keep_words="on").status_code == 302
    made = TrainingRecord.objects.get()
    assert (made.date_text, made.starts_on) == (words, None)
    assert change(client, made, date_text=words, title="Башка китеп").status_code == 302


def test_a_date_that_is_read_is_not_asked_about(client: Client, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert 'name="keep_words"' not in client.get(reverse("beside_new")).content.decode()


def test_the_kind_is_asked_for(client: Client, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert not client.get(reverse("beside_new")).context["form"]["kind"].value()
    assert note(client, cast.teacher, kind="").context["form"].errors.keys() == {"kind"}
    assert not TrainingRecord.objects.exists()


def test_after_noting_one_stands_at_the_note(client: Client, cast: Cast) -> None:
    for month in range(1, 12):
        for day in (1, 8, 15):
            factories.beside(cast.teacher, ends_on=dt.date(2025, month, day))
    answer = note(client, cast.teacher, date_text="2019")
    made = TrainingRecord.objects.order_by("pk").last()
    assert answer.url == f"{reverse('beside')}?page=2#note-{made.pk}"
    assert f'id="note-{made.pk}"' in client.get(answer.url).content.decode()


def test_what_has_no_date_stands_last_as_in_the_portfolio(client: Client, cast: Cast) -> None:
    undated = factories.beside(cast.teacher, date_text="кечээ", starts_on=None, ends_on=None, precision="")
    old = factories.beside(cast.teacher, ends_on=dt.date(2020, 3, 5))
    new = factories.beside(cast.teacher)
    client.force_login(cast.teacher)
    for page in ("beside", "records"):
        lines = client.get(reverse(page)).context["lines"]
        assert [line.record for line in lines] == [new, old, undated]


def test_the_short_form_sent_twice_notes_once(client: Client, cast: Cast) -> None:
    token = uuid.uuid4()
    note(client, cast.teacher, once=token)
    note(client, cast.teacher, once=token)
    assert TrainingRecord.objects.count() == 1


def test_a_note_is_corrected_and_stays_a_note(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher)
    assert change(client, record, title="Башка китеп", hours_text="6 саат").status_code == 302
    record.refresh_from_db()
    assert (record.title, record.hours_text, record.status, record.revision) == ("Башка китеп", "6 саат", "noted", 2)


def test_a_note_changed_elsewhere_shows_both_and_writes_nothing(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher)
    change(client, record, title="Биринчи")
    answer = change(client, record, title="Экинчи")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Биринчи → Экинчи" in page
    record.refresh_from_db()
    assert record.title == "Биринчи"


def test_only_its_owner_changes_a_note(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher)
    for user, answer in ((cast.deputy, 403), (cast.head, 403), (cast.colleague, 404), (cast.stranger, 404)):
        client.force_login(user)
        assert client.get(reverse("beside_edit", args=[record.pk])).status_code == answer


def test_a_course_leads_from_the_short_form_to_the_long_one(client: Client, cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="draft")
    client.force_login(cast.teacher)
    answer = client.get(reverse("beside_edit", args=[record.pk]))
    assert answer.url == reverse("record_edit", args=[record.pk])


def test_a_note_is_deleted_by_its_owner(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher)
    client.force_login(cast.teacher)
    client.post(reverse("record_delete", args=[record.pk]), {"once": uuid.uuid4(), "seen": 1})
    assert not TrainingRecord.objects.exists()


def test_the_reason_is_the_hours_engines(cast: Cast) -> None:
    assert line_of(factories.beside(cast.teacher)).reason == Reason.INFORMAL
    event = factories.beside(cast.teacher, kind=TrainingKind.SHORT_EVENT)
    assert line_of(event).reason == Reason.NONFORMAL
    assert line_of(event).asks_for_nobody
    HoursPolicy.objects.update(count_nonformal=True)
    assert not line_of(event).asks_for_nobody
    assert line_of(event).may_be_handed_in


def test_a_note_counts_nothing(cast: Cast) -> None:
    HoursPolicy.objects.update(count_nonformal=True, require_document=False, require_provider_eligible=False)
    record = factories.beside(cast.teacher, kind=TrainingKind.SHORT_EVENT)
    judgement = judgement_of(cast.teacher.person, cast.school, today())
    assert {row.reason for row in judgement.figure.rows if row.record.id == record.pk} == {Reason.NOT_VERIFIED}
    assert judgement.figure.total == 0


def test_what_cannot_count_is_not_handed_in(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher)
    with pytest.raises(Refused):
        actions.submit_record(record=record, by=cast.teacher, seen=1)
    client.force_login(cast.teacher)
    client.post(reverse("record_move", args=[record.pk, "submit"]), {"once": uuid.uuid4(), "seen": 1})
    record.refresh_from_db()
    assert record.status == RecordStatus.NOTED
    assert not record.decisions.exists()


def test_where_the_norm_counts_it_it_is_handed_in_like_a_course(cast: Cast) -> None:
    HoursPolicy.objects.update(count_nonformal=True)
    event = factories.beside(cast.teacher, kind=TrainingKind.SHORT_EVENT, provider_text="ЮНИСЕФ")
    actions.submit_record(record=event, by=cast.teacher, seen=1)
    assert TrainingRecord.objects.awaiting(cast.deputy).get() == event
    assert not list(record_status_follows_decisions())


def test_without_an_organisation_it_is_not_complete(cast: Cast) -> None:
    HoursPolicy.objects.update(count_nonformal=True)
    event = factories.beside(cast.teacher, kind=TrainingKind.SHORT_EVENT)
    assert actions.lacking_to_submit(event) == ["provider_text"]


def test_the_long_form_makes_a_draft_of_a_note(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher)
    client.force_login(cast.teacher)
    sent = {"once": uuid.uuid4(), "seen": 1, "title": "Семинар", "date_text": "2025", "provider_text": "ЮНИСЕФ"}
    client.post(reverse("record_edit", args=[record.pk]), sent | {"kind": "course", "then": "draft"})
    record.refresh_from_db()
    assert (record.status, record.kind) == ("draft", "course")


LONG = {"seen": "", "title": "Китеп окуу", "date_text": "2025", "provider_text": "Өзүм", "hours_text": "6"}


@pytest.mark.parametrize("then", ["draft", "submit"])
def test_the_long_form_notes_learning_beside_courses_too(client: Client, cast: Cast, then: str) -> None:
    client.force_login(cast.teacher)
    sent = LONG | {"once": uuid.uuid4(), "kind": "self_study", "category": "informal", "then": then}
    assert client.post(reverse("record_new"), sent).status_code == 302
    made = TrainingRecord.objects.get()
    assert made.status == RecordStatus.NOTED
    assert not made.decisions.exists()
    assert TrainingRecord.objects.visible_to(cast.head).get() == made


def test_a_note_saved_in_the_long_form_stays_a_note(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher)
    client.force_login(cast.teacher)
    sent = LONG | {"once": uuid.uuid4(), "seen": 1, "kind": "self_study", "category": "informal", "then": "draft"}
    client.post(reverse("record_edit", args=[record.pk]), sent)
    record.refresh_from_db()
    assert (record.status, record.provider_text) == (RecordStatus.NOTED, "Өзүм")


def test_a_note_has_the_short_form_and_what_may_count_the_long_one_too(client: Client, cast: Cast) -> None:
    record = factories.beside(cast.teacher, kind=TrainingKind.SHORT_EVENT)
    client.force_login(cast.teacher)
    assert client.get(reverse("record_edit", args=[record.pk])).url == reverse("beside_edit", args=[record.pk])
    HoursPolicy.objects.update(count_nonformal=True)
    assert client.get(reverse("record_edit", args=[record.pk])).status_code == 200


def test_notes_stand_in_a_section_of_their_own(client: Client, cast: Cast) -> None:
    factories.training_record(cast.teacher, title="Критерийлик баалоо")
    factories.beside(cast.teacher, title="Китеп окуу")
    client.force_login(cast.teacher)
    answer = client.get(reverse("records"))
    assert [record.title for record in answer.context["page"]] == ["Критерийлик баалоо"]
    assert [line.record.title for line in answer.context["lines"]] == ["Китеп окуу"]


def test_a_formal_short_event_is_a_course(client: Client, cast: Cast) -> None:
    record = factories.training_record(cast.teacher, kind=TrainingKind.SHORT_EVENT)
    assert not record.is_beside
    assert list(TrainingRecord.objects.courses()) == [record]
    assert not TrainingRecord.objects.beside_courses().exists()


@pytest.mark.parametrize("category", LearningCategory)
@pytest.mark.parametrize("kind", TrainingKind)
def test_the_property_says_what_the_query_finds(cast: Cast, kind: str, category: str) -> None:
    record = factories.training_record(cast.teacher, kind=kind, category=category)
    assert TrainingRecord.objects.beside_courses().exists() == record.is_beside
    assert TrainingRecord.objects.courses().exists() != record.is_beside


def test_notes_are_printed_on_a_separate_sheet(cast: Cast) -> None:
    factories.training_record(cast.teacher, title="Критерийлик баалоо", status="verified")
    factories.beside(cast.teacher, title="Китеп окуу", goal_achieved="Топтук иштер өзгөрдү")
    paper = read(record_pdf(cast.teacher.person, factories.job_of(cast.teacher)))
    courses, sheet = paper.pages
    assert "Китеп окуу" not in courses
    assert "Жалпы: 24 саат, анын ичинде эсепке алынганы: 24 саат" in courses
    assert "Критерийлик баалоо" not in sheet
    assert "Китеп окуу Өз алдынча билим алуу" in sheet
    assert "Топтук иштер өзгөрдү" in sheet
    assert "анын ичинде эсепке алынганы: 0 саат" in sheet


def test_what_the_norm_counts_is_counted_on_its_own_sheet(cast: Cast) -> None:
    HoursPolicy.objects.update(count_nonformal=True)
    event = {"kind": TrainingKind.SHORT_EVENT, "category": LearningCategory.NONFORMAL, "title": "Тренинг"}
    factories.training_record(cast.teacher, status="verified", **event)
    courses, sheet = read(record_pdf(cast.teacher.person, factories.job_of(cast.teacher))).pages
    assert "Жалпы: 0 саат, анын ичинде эсепке алынганы: 0 саат" in courses
    assert "Жалпы: 24 саат, анын ичинде эсепке алынганы: 24 саат" in sheet


def test_verifiers_are_told_nothing_of_notes_on_the_same_days(cast: Cast) -> None:
    course = factories.training_record(cast.teacher)
    factories.beside(cast.teacher, ends_on=course.ends_on)
    assert flags_of(with_context(TrainingRecord.objects.filter(pk=course.pk)))[course.pk] == []


def test_markup_in_a_note_is_text(client: Client, cast: Cast) -> None:
    note(client, cast.teacher, title="<script>alert(1)</script>", goal_achieved="<img src=x>")
    page = client.get(reverse("records")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
