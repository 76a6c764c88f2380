"""A planned item and the course attended for it: typed once, linked once, shown to whoever may see the record."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from courses import verification
from courses.actions import save_record
from courses.choices import Block, RecordAction, RecordStatus
from courses.models import TrainingRecord
from cpd.dates import today
from plans import actions
from plans.models import Fulfilment, IndividualPlan
from plans.pdf import plan_pdf
from schools.approval import Refused
from schools.models import User
from tests import factories
from tests.conftest import Cast
from tests.papers import read

TITLE = "Критерийлик баалоо"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, url: str) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def items(plan: IndividualPlan) -> list[dict[str, Any]]:
    assert plan.in_force
    return plan.in_force.content["rows"]


def address(name: str, plan: IndividualPlan, place: int = 0) -> str:
    return reverse(name, args=[plan.pk, items(plan)[place]["uid"]])


def post(user: User, url: str, **data: Any) -> Any:
    return browser(user).post(url, {"once": uuid.uuid4(), **data})


def record_of(cast: Cast, **columns: Any) -> TrainingRecord:
    return factories.training_record(cast.teacher, **{"status": RecordStatus.DRAFT} | columns)


def fulfil(plan: IndividualPlan, record: TrainingRecord, *, by: User, place: int = 0) -> Fulfilment:
    return actions.fulfil_item(plan=plan, uid=uuid.UUID(items(plan)[place]["uid"]), record=record, by=by)


# --- from the plan to the record ------------------------------------------------------------------------------------


def test_the_form_knows_what_the_plan_says(approved: IndividualPlan, cast: Cast) -> None:
    row = factories.plan_row(approved, provider_text="GIZ", hours=Decimal("72.5"), programme_title="Модуль")
    plan = factories.approved(factories.complete(factories.amended(approved), rows=[row]))
    form = browser(cast.teacher).get(address("item_attended", plan)).context["form"]
    shown = {name: form[name].value() for name in ("title", "hours_text", "provider_text", "block", "date_text")}
    assert shown == {
        "title": "Модуль",
        "hours_text": "72,5",
        "provider_text": "GIZ",
        "block": Block.COMPULSORY,
        "date_text": None,
    }


def test_saving_writes_the_record_and_the_link(approved: IndividualPlan, cast: Cast) -> None:
    typed = {"title": TITLE, "date_text": "12-23-июль 2021", "provider_text": "GIZ", "hours_text": "24"}
    answer = post(cast.teacher, address("item_attended", approved), **typed)
    link = Fulfilment.objects.get()
    assert answer.url == link.record.get_absolute_url()
    assert (link.plan, str(link.uid), link.by) == (approved, items(approved)[0]["uid"], cast.teacher.person)
    assert items(approved)[0]["programme_title"] in page(cast.teacher, answer.url)


def test_a_form_that_comes_back_links_nothing(approved: IndividualPlan, cast: Cast) -> None:
    typed = {"title": TITLE, "date_text": "31-февраль 2021", "provider_text": "GIZ", "hours_text": "24"}
    answer = post(cast.teacher, address("item_attended", approved), **typed)
    assert answer.status_code == 422
    assert answer.context["planned_title"] == items(approved)[0]["programme_title"]
    assert not Fulfilment.objects.exists()


def test_an_item_that_is_fulfilled_leads_to_its_record(approved: IndividualPlan, cast: Cast) -> None:
    record = record_of(cast)
    fulfil(approved, record, by=cast.teacher)
    assert browser(cast.teacher).get(address("item_attended", approved)).url == record.get_absolute_url()


def test_a_plan_that_is_not_in_force_has_nothing_to_fulfil(draft: IndividualPlan, cast: Cast) -> None:
    uid = draft.rows.get(position=0).uid
    answer = browser(cast.teacher).get(reverse("item_attended", args=[draft.pk, uid]))
    assert answer.url == draft.get_absolute_url()
    assert "I attended" not in page(cast.teacher, draft.get_absolute_url())
    with pytest.raises(Refused):
        actions.fulfil_item(plan=draft, uid=uid, record=record_of(cast), by=cast.teacher)


# --- a record that is there already ---------------------------------------------------------------------------------


def test_a_record_that_is_there_is_chosen(approved: IndividualPlan, cast: Cast) -> None:
    mine, others = record_of(cast, title="Меники"), factories.training_record(cast.colleague, title="Башканыкы")
    record_of(cast, title="Четке кагылган", status=RecordStatus.REJECTED)
    shown = page(cast.teacher, address("item_attended", approved))
    assert "Меники" in shown
    assert "Башканыкы" not in shown
    assert "Четке кагылган" not in shown
    assert post(cast.teacher, address("item_fulfil", approved), record=others.pk).status_code == 404
    for nonsense in ("эч кандай", "", "-1", "1.5", "9" * 5000, "\x00"):
        answer = post(cast.teacher, address("item_fulfil", approved), record=nonsense)
        assert answer.status_code in (302, 404), nonsense
    assert post(cast.teacher, address("item_fulfil", approved), record=2**70).url == address("item_attended", approved)
    assert not Fulfilment.objects.exists()
    post(cast.teacher, address("item_fulfil", approved), record=mine.pk)
    assert Fulfilment.objects.get().record == mine
    assert "Меники" not in page(cast.teacher, address("item_attended", approved, 1))


def test_the_latest_record_is_offered_first_and_one_without_a_date_last(approved: IndividualPlan, cast: Cast) -> None:
    unread = {"date_text": "былтыр", "starts_on": None, "ends_on": None, "precision": "", "document_on": None}
    undated, old, new = record_of(cast, **unread), record_of(cast, ends_on=dt.date(2021, 5, 1)), record_of(cast)
    offered = browser(cast.teacher).get(address("item_attended", approved)).context["choosable"]
    assert list(offered) == [new, old, undated]


def test_one_record_fulfils_one_item_and_it_alone(approved: IndividualPlan, cast: Cast) -> None:
    first, second = record_of(cast), record_of(cast)
    fulfil(approved, first, by=cast.teacher)
    with pytest.raises(Refused):
        fulfil(approved, second, by=cast.teacher)
    with pytest.raises(Refused):
        fulfil(approved, first, by=cast.teacher, place=1)
    assert Fulfilment.objects.get().record == first


def test_nobody_links_another_persons_plan_or_record(approved: IndividualPlan, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        fulfil(approved, record_of(cast), by=cast.deputy)
    with pytest.raises(PermissionDenied):
        fulfil(approved, factories.training_record(cast.colleague), by=cast.teacher)
    with pytest.raises(PermissionDenied):
        fulfil(approved, factories.training_record(cast.colleague), by=cast.colleague)


@pytest.mark.parametrize("status", sorted(set(RecordStatus) - {RecordStatus.VERIFIED, RecordStatus.NOTED}))
def test_a_link_is_undone_while_the_record_is_not_verified(status: str, approved: IndividualPlan, cast: Cast) -> None:
    record = record_of(cast, status=status)
    fulfil(approved, record, by=cast.teacher)
    post(cast.teacher, address("item_release", approved))
    assert not Fulfilment.objects.exists()
    assert TrainingRecord.objects.get() == record


def test_a_record_that_becomes_a_note_opens_the_item_again(approved: IndividualPlan, cast: Cast) -> None:
    record = record_of(cast, title=TITLE)
    fulfil(approved, record, by=cast.teacher)
    columns = {"kind": "self_study", "category": "informal"}
    save_record(by=cast.teacher, record=record, seen=1, columns=columns, file=None, submit=False)
    assert not Fulfilment.objects.exists()
    with pytest.raises(Refused):
        fulfil(approved, TrainingRecord.objects.get(), by=cast.teacher)


def test_what_was_undone_already_is_said(approved: IndividualPlan, cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.release_item(plan=approved, uid=uuid.UUID(items(approved)[0]["uid"]), by=cast.teacher)


def test_a_verified_record_stays_linked(approved: IndividualPlan, cast: Cast) -> None:
    fulfil(approved, record_of(cast, status=RecordStatus.VERIFIED), by=cast.teacher)
    assert address("item_release", approved) not in page(cast.teacher, approved.get_absolute_url())
    post(cast.teacher, address("item_release", approved))
    assert Fulfilment.objects.exists()


def test_a_deleted_draft_takes_its_link_along(approved: IndividualPlan, cast: Cast) -> None:
    record = record_of(cast)
    fulfil(approved, record, by=cast.teacher)
    post(cast.teacher, reverse("record_delete", args=[record.pk]), seen=record.revision)
    assert not Fulfilment.objects.exists()


# --- on the plan ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["teacher", "head", "deputy", "officer"])
def test_the_plan_shows_a_verified_record_to_all_who_see_the_plan(
    who: str, approved: IndividualPlan, cast: Cast
) -> None:
    record = record_of(cast, status=RecordStatus.VERIFIED, title="Катышкан курс")
    fulfil(approved, record, by=cast.teacher)
    shown = page(getattr(cast, who), approved.get_absolute_url())
    assert "Катышкан курс" in shown
    assert "state-verified" in shown


@pytest.mark.parametrize("who", ["head", "deputy", "officer"])
def test_a_draft_that_fulfils_an_item_is_its_owners_alone(who: str, approved: IndividualPlan, cast: Cast) -> None:
    fulfil(approved, record_of(cast, title="Жашыруун долбоор"), by=cast.teacher)
    assert "Жашыруун долбоор" not in page(getattr(cast, who), approved.get_absolute_url())
    assert "Жашыруун долбоор" in page(cast.teacher, approved.get_absolute_url())
    assert "Жашыруун долбоор" not in read(plan_pdf(approved, approved.in_force)).text


def test_only_the_author_is_asked_whether_it_was_attended(approved: IndividualPlan, cast: Cast) -> None:
    url = address("item_attended", approved)
    assert url in page(cast.teacher, approved.get_absolute_url())
    assert url not in page(cast.deputy, approved.get_absolute_url())


def test_a_yearly_change_keeps_what_was_attended(amended: IndividualPlan, cast: Cast) -> None:
    fulfil(amended, record_of(cast, title="Катышкан курс"), by=cast.teacher)
    assert "Катышкан курс" in page(cast.teacher, amended.get_absolute_url())
    removed = factories.approved(factories.complete(amended, rows=[factories.plan_row(amended)]))
    assert "Катышкан курс" not in page(cast.teacher, removed.get_absolute_url())
    record = TrainingRecord.objects.get()
    assert items(amended)[0]["programme_title"] not in page(cast.teacher, record.get_absolute_url())


# --- on paper -------------------------------------------------------------------------------------------------------


def paper(plan: IndividualPlan) -> str:
    return read(plan_pdf(plan, plan.in_force)).text


def test_the_paper_names_the_course_its_days_and_hours(approved: IndividualPlan, cast: Cast) -> None:
    record = record_of(cast, status=RecordStatus.SUBMITTED, title="Баалоо жолдору")
    fulfil(approved, record, by=cast.teacher)
    words = paper(approved)
    assert "Баалоо жолдору" in words
    assert "24 саат Тастыктала элек" in words
    assert "Тастыкталган саат: 0" in words


@pytest.mark.parametrize("status", [RecordStatus.RETURNED, RecordStatus.REJECTED])
def test_what_was_given_back_is_on_no_paper(status: str, approved: IndividualPlan, cast: Cast) -> None:
    fulfil(approved, record_of(cast, status=status, title="Баалоо жолдору"), by=cast.teacher)
    assert "Баалоо жолдору" not in paper(approved)


def test_confirmed_hours_are_those_the_rule_counts_in_the_plan(approved: IndividualPlan, cast: Cast) -> None:
    record = record_of(cast, status=RecordStatus.SUBMITTED, ends_on=today(), starts_on=today(), amount=Decimal(8))
    fulfil(approved, record, by=cast.teacher)
    verification.perform(record, RecordAction.VERIFY, by=cast.deputy, seen=record.revision)
    assert "8 саат Тастыкталды" in paper(approved)
    assert "Тастыкталган саат: 8" in paper(approved)
