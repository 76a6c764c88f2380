"""Saving a record: texts stay as typed, values stand beside them, names of the register are found."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from courses import actions, verification
from courses.choices import HoursUnit, Precision, RecordAction, RecordStatus
from courses.models import Programme, ProgrammeAlias, Provider, ProviderAlias, TrainingRecord
from courses.registers import PROGRAMMES, Place, link, save_entry
from schools.approval import ChangedMeanwhile, Refused
from schools.models import User
from tests import factories
from tests.conftest import Cast


def saved(by: User, record: TrainingRecord | None = None, *, submit: bool = False, **columns: Any) -> TrainingRecord:
    typed = {
        "institution": factories.job_of(by).institution,
        "title": "“Чыйрак жаңгак” окутуусу",
        "date_text": "12-23-июль 2021-ж.",
        "provider_text": "GIZ",
        "hours_text": "24 саат",
        "document_number": "№ А-17",
    }
    return actions.save_record(
        by=by,
        record=record,
        seen=record and record.revision,
        columns=typed | columns,
        file=record and record.file,
        submit=submit,
    )


def stored(record: TrainingRecord) -> TrainingRecord:
    return TrainingRecord.objects.get(pk=record.pk)


def test_texts_are_kept_as_typed_and_read_beside(cast: Cast) -> None:
    record = stored(saved(cast.teacher))
    assert record.person == cast.teacher.person
    assert record.institution == cast.school
    assert (record.date_text, record.hours_text, record.provider_text) == ("12-23-июль 2021-ж.", "24 саат", "GIZ")
    assert (record.starts_on, record.ends_on) == (dt.date(2021, 7, 12), dt.date(2021, 7, 23))
    assert record.precision == Precision.DAY
    assert (record.amount, record.unit) == (Decimal(24), HoursUnit.HOUR)
    assert record.document_number == "№ А-17"
    assert record.document_key == "а-17"
    assert record.status == RecordStatus.DRAFT
    assert record.revision == 1


@pytest.mark.parametrize("text", ["өткөн жайда", "12-23"])
def test_a_date_that_cannot_be_read_is_kept_and_nothing_stands_beside(text: str, cast: Cast) -> None:
    record = stored(saved(cast.teacher, date_text=text))
    assert record.date_text == text
    assert (record.starts_on, record.ends_on, record.precision) == (None, None, "")


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("4 сутка", Decimal(4), HoursUnit.DAY_NIGHT),
        ("жетимиш эки", None, HoursUnit.UNKNOWN),
        ("", None, HoursUnit.UNKNOWN),
    ],
)
def test_what_is_not_hours_never_becomes_hours(text: str, amount: Decimal | None, unit: str, cast: Cast) -> None:
    record = stored(saved(cast.teacher, hours_text=text))
    assert (record.hours_text, record.amount, record.unit) == (text, amount, unit)


def test_a_corrected_text_is_read_again(cast: Cast) -> None:
    record = saved(cast.teacher)
    saved(cast.teacher, record, date_text="Август 2020-жыл", hours_text="72,5", title="Башка", document_number="б/н")
    now = stored(record)
    assert (now.starts_on, now.ends_on) == (dt.date(2020, 8, 1), dt.date(2020, 8, 31))
    assert now.precision == Precision.MONTH
    assert now.amount == Decimal("72.5")
    assert now.title_key == "башка"
    assert now.document_key == ""
    assert now.revision == 2


@pytest.mark.parametrize("text", ["giz", "ГИЗ", "Германиянын  эл аралык кызматташуу коому"])
def test_a_provider_is_found_by_any_of_its_names(text: str, cast: Cast) -> None:
    record = stored(saved(cast.teacher, provider_text=text))
    assert record.provider == Provider.objects.get(title_ky="GIZ")
    assert record.provider_text == text


def test_a_name_that_only_another_school_knows_links_nothing(cast: Cast) -> None:
    giz = Provider.objects.get(title_ky="GIZ")
    ProviderAlias.objects.create(target=giz, text="Немецтер", institution=cast.other_school)
    assert stored(saved(cast.teacher, provider_text="Немецтер")).provider is None
    assert stored(saved(cast.stranger, provider_text="Немецтер")).provider == giz


def test_a_programme_is_found_by_its_title_in_either_language_and_by_its_names(cast: Cast) -> None:
    columns = {"title_ky": "Сынчыл ойлом", "title_ru": "Критическое мышление"}
    programme = save_entry(PROGRAMMES, by=cast.administrator, place=Place(), columns=columns)
    ProgrammeAlias.objects.create(target=programme, text="RWCT")
    for title in ("сынчыл ойлом", "Критическое мышление", "rwct"):
        assert stored(saved(cast.teacher, title=title)).programme == programme
    assert stored(saved(cast.teacher, title="ойлом")).programme is None


def test_a_title_of_two_entries_stands_for_the_nearer_one(cast: Cast) -> None:
    for user, place in ((cast.administrator, Place()), (cast.officer, Place(district=cast.district))):
        save_entry(PROGRAMMES, by=user, place=place, columns={"title_ky": "Сынчыл ойлом"})
    assert stored(saved(cast.teacher, title="Сынчыл ойлом")).programme == Programme.objects.get(district=cast.district)
    assert stored(saved(cast.far_stranger, title="Сынчыл ойлом")).programme == Programme.objects.get(district=None)


def test_a_text_longer_than_what_is_compared_is_found_by_its_name(cast: Cast) -> None:
    programme, title = Programme.objects.create(title_ky="Сынчыл ойлом"), ("Кесиптик көндүмдөр " * 26)[:480].strip()
    link(PROGRAMMES, by=cast.administrator, place=Place(), text=title, entry=programme)
    assert stored(saved(cast.teacher, title=title)).programme == programme


def test_a_link_goes_with_the_text_it_belonged_to(cast: Cast) -> None:
    record = saved(cast.teacher)
    assert record.provider
    assert stored(saved(cast.teacher, record, provider_text="Белгисиз уюм")).provider is None


def test_of_two_screens_the_second_one_changes_nothing(cast: Cast) -> None:
    record = saved(cast.teacher)
    saved(cast.teacher, stored(record), title="Биринчи экран")
    with pytest.raises(ChangedMeanwhile):
        saved(cast.teacher, record, title="Экинчи экран")
    assert stored(record).title == "Биринчи экран"


@pytest.mark.parametrize("status", [RecordStatus.SUBMITTED, RecordStatus.VERIFIED, RecordStatus.REJECTED])
def test_what_others_have_before_them_is_not_written(status: str, cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=status)
    with pytest.raises(ChangedMeanwhile):
        saved(cast.teacher, record)
    assert stored(record).title == record.title
    assert stored(record).revision == record.revision


def test_nobody_writes_anothers_record(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status=RecordStatus.RETURNED)
    with pytest.raises(PermissionDenied):
        saved(cast.deputy, record)
    with pytest.raises(PermissionDenied):
        actions.delete_record(record=record, by=cast.deputy, seen=record.revision)


def test_saved_and_handed_in_at_once(cast: Cast) -> None:
    record = saved(cast.teacher, submit=True)
    assert record.status == RecordStatus.SUBMITTED
    assert [decision.action for decision in record.decisions.all()] == [RecordAction.SUBMIT]


@pytest.mark.parametrize("columns", [{"date_text": "өткөн жайда"}, {"hours_text": ""}])
def test_what_only_the_owner_can_put_right_stays_a_draft(columns: dict[str, str], cast: Cast) -> None:
    with pytest.raises(Refused):
        saved(cast.teacher, submit=True, **columns)
    assert not TrainingRecord.objects.exists()
    record = saved(cast.teacher, **columns)
    assert actions.lacking_to_submit(record) == list(columns)


@pytest.mark.parametrize("text", ["4 сутка", "жетимиш эки"])
def test_hours_that_a_verifier_can_enter_keep_nothing_back(text: str, cast: Cast) -> None:
    assert saved(cast.teacher, hours_text=text, submit=True).status == RecordStatus.SUBMITTED


def test_a_draft_that_was_never_sent_is_deleted(cast: Cast) -> None:
    record = saved(cast.teacher)
    actions.delete_record(record=record, by=cast.teacher, seen=record.revision)
    assert not TrainingRecord.objects.exists()


def test_what_was_sent_once_is_never_deleted(cast: Cast) -> None:
    record = saved(cast.teacher, submit=True)
    verification.perform(record, RecordAction.WITHDRAW, by=cast.teacher, seen=record.revision)
    record = stored(record)
    with pytest.raises(Refused):
        actions.delete_record(record=record, by=cast.teacher, seen=record.revision)
    assert stored(record).revision == record.revision
