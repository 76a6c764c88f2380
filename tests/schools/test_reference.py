"""The lists everybody reads: how they are loaded, and how administrators keep them."""

from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from schools import reference_rows
from schools.choices import NO_CATEGORY, Event, Kept
from schools.models import AuditEntry, Category, ConsentText, District, Oblast, Position, RetentionPeriod, Subject
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def load(*lists: str) -> str:
    out = StringIO()
    call_command("load_reference", *lists, stdout=out)
    return out.getvalue().strip()


# --- loading ------------------------------------------------------------------------------------------------------


def test_everything_is_added_once_and_a_second_time_changes_nothing() -> None:
    districts = [one for oblast in reference_rows.OBLASTS for one in oblast.districts]
    whole = len(reference_rows.OBLASTS) + len(districts) + len(reference_rows.SUBJECTS) + len(reference_rows.POSITIONS)
    whole += 1 + len(Kept)  # a text on personal data, and the periods
    assert load() == f"Added: {whole}. Filled: 0."
    assert (Oblast.objects.count(), District.objects.count()) == (len(reference_rows.OBLASTS), len(districts))
    lists: list[Any] = [Oblast, District, Subject, Position]
    assert not any(model.objects.filter(source="").exists() for model in lists)
    [entry] = entries()
    assert (entry.by, entry.after["added"]) == (None, whole)
    assert load() == "Added: 0. Filled: 0."
    assert len(entries()) == 1


def test_codes_are_whole_and_lie_in_their_oblast() -> None:
    codes = [one.code for oblast in reference_rows.OBLASTS for one in oblast.districts if one.code]
    assert len(codes) == len(set(codes))
    for oblast in reference_rows.OBLASTS:
        assert len(oblast.code) == 14
        for one in oblast.districts:
            assert not one.code or (len(one.code) == 14 and one.code[:5] == oblast.code[:5])
            assert one.is_city != one.title_ky.endswith("району")


def test_a_row_that_is_there_is_found_by_its_title_and_only_what_is_empty_is_filled() -> None:
    oblast = Oblast.objects.create(title_ky="ысык-көл облусу", title_ru="Прииссыккулье")
    town = District.objects.create(title_ky="Каракол шаары", oblast=oblast)
    Subject.objects.create(title_ky="Химия", source="Мектептин тизмеси")
    load()
    oblast.refresh_from_db()
    assert (oblast.title_ky, oblast.title_ru, oblast.code) == ("ысык-көл облусу", "Прииссыккулье", "41702000000000")
    town.refresh_from_db()
    assert (town.code, town.title_ru, town.is_city) == ("41702410000010", "Город Каракол", False)
    assert Subject.objects.get(title_ky="Химия").source == "Мектептин тизмеси"
    assert District.objects.filter(title_ky="Каракол шаары").count() == 1


def test_a_row_is_found_by_its_code_whatever_it_is_called_now_or_was_before() -> None:
    oblast = Oblast.objects.create(title_ky="Жалал-Абад облусу", code="41703000000000")
    renamed = District.objects.create(title_ky="Башкача", code="41703204000000", oblast=oblast)
    former = District.objects.create(title_ky="Жалал-Абад шаары", oblast=oblast)
    load("places")
    renamed.refresh_from_db()
    former.refresh_from_db()
    assert (renamed.title_ky, former.title_ky, former.code) == ("Башкача", "Жалал-Абад шаары", "41703410000010")
    assert not District.objects.filter(title_ky__in=["Ала-Бука району", "Манас шаары"]).exists()


def test_lists_can_be_loaded_one_by_one_and_an_unknown_one_is_refused() -> None:
    assert load("subjects") == f"Added: {len(reference_rows.SUBJECTS)}. Filled: 0."
    assert not Position.objects.exists()
    with pytest.raises(CommandError, match="Unknown list: people"):
        load("people")


# --- keeping ------------------------------------------------------------------------------------------------------


def administrator(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.administrator)
    return client


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=Event.REFERENCE_CHANGED).order_by("pk"))


@pytest.mark.parametrize("model", [Oblast, District, Subject, Position, Category, ConsentText, RetentionPeriod])
def test_every_list_has_its_pages_and_can_be_searched(model: Any, cast: Cast) -> None:
    client = administrator(cast)
    assert client.get(page(model, "changelist")).status_code == 200
    assert client.get(page(model, "changelist"), {"q": "Ак"}).status_code == 200
    assert client.get(page(model, "add")).status_code == 200


def test_what_an_administrator_writes_stands_in_the_journal(cast: Cast) -> None:
    client = administrator(cast)
    told = {"title_ky": "Экология", "title_ru": "", "code": "", "source": "БИМдин буйругу"}
    assert client.post(page(Subject, "add"), told).status_code == 302
    subject = Subject.objects.get(title_ky="Экология")
    for _again in range(2):  # the second time nothing is changed, so nothing is told
        assert client.post(page(Subject, "change", subject.pk), told | {"title_ru": "Экология"}).status_code == 302
    assert client.post(page(Subject, "delete", subject.pk), {"post": "yes"}).status_code == 302
    added, changed, deleted = entries()
    assert (added.by, added.before, added.after["title_ky"]) == (cast.administrator.person, {}, "Экология")
    assert (changed.before, changed.after) == ({"title_ru": ""}, {"title_ru": "Экология"})
    assert (deleted.before["source"], deleted.after) == ("БИМдин буйругу", {})
    assert not Subject.objects.filter(pk=subject.pk).exists()


@pytest.mark.parametrize("name", ["oblast", "district", "subject", "category"])
def test_what_is_in_use_is_not_deleted(name: str, cast: Cast) -> None:
    subject = factories.SubjectFactory.create()
    cast.teacher.person.employments.get().subjects.add(subject)
    category = Category.objects.create(code="used", title_ky="Колдонулган")
    cast.teacher.person.category = category
    cast.teacher.person.save()
    rows = {"oblast": cast.district.oblast, "district": cast.district, "subject": subject, "category": category}
    row: Any = rows[name]
    client = administrator(cast)
    answer = client.post(page(type(row), "delete", row.pk), {"post": "yes"})
    assert answer.status_code == 200
    ticked = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(page(type(row), "changelist"), ticked)
    assert type(row).objects.filter(pk=row.pk).exists()
    assert entries() == []
    if name == "subject":
        assert cast.teacher.person.family_name in answer.content.decode()


def test_who_begins_to_use_a_row_while_it_is_deleted_wins(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of deletion looked while nobody used it yet."""
    keeper = admin.site.get_model_admin(Oblast)
    monkeypatch.setattr(keeper, "get_deleted_objects", lambda objs, request: ([], {}, set(), []))
    oblast = cast.district.oblast
    answer = administrator(cast).post(page(Oblast, "delete", oblast.pk), {"post": "yes"}, follow=True)
    assert _("It is in use, so it was not deleted.") in answer.content.decode()
    assert Oblast.objects.filter(pk=oblast.pk).exists()
    assert entries() == []


def test_the_code_of_a_category_is_written_once_and_the_first_entry_stays(cast: Cast) -> None:
    client = administrator(cast)
    told = {"code": "third", "title_ky": "Үчүнчү категория", "title_ru": "", "source": "Сыноо", "position": 5}
    assert client.post(page(Category, "add"), told).status_code == 302
    assert client.post(page(Category, "change", "third"), told | {"code": "other", "position": 6}).status_code == 302
    assert Category.objects.get(code="third").position == 6
    assert not Category.objects.filter(code="other").exists()
    assert client.post(page(Category, "delete", NO_CATEGORY), {"post": "yes"}).status_code == 403


def test_a_text_somebody_agreed_to_is_not_changed(cast: Cast) -> None:
    client = administrator(cast)
    told = {"text_ky": "Макулдук", "text_ru": "", "source": "Мыйзам", "valid_from": "2026-09-01"}
    assert client.post(page(ConsentText, "add"), told).status_code == 302
    text = ConsentText.objects.get(valid_from="2026-09-01")
    assert client.post(page(ConsentText, "change", text.pk), told | {"text_ky": "Макулмун"}).status_code == 302
    text.consents.create(person=cast.teacher.person)
    assert client.post(page(ConsentText, "change", text.pk), told | {"text_ky": "Бөлөк"}).status_code == 403
    text.refresh_from_db()
    assert text.text_ky == "Макулмун"


def test_no_years_at_all_are_refused_with_a_sentence(cast: Cast) -> None:
    period, _new = RetentionPeriod.objects.get_or_create(kept=Kept.PEOPLE, defaults={"source": "Сынак"})
    sent = {"kept": Kept.PEOPLE, "years": "0", "source": "Сынак"}
    answer = administrator(cast).post(page(RetentionPeriod, "change", period.pk), sent)
    [told] = answer.context["adminform"].form.non_field_errors()
    assert told == _("Give one year or more; leave it empty where nothing is removed.")


def test_a_post_is_called_otherwise_than_a_place_in_a_list() -> None:
    assert Position._meta.verbose_name == pgettext("post", "position")


def test_the_journal_tells_no_key_of_a_new_row(cast: Cast) -> None:
    told = {"title_ky": "Экология", "title_ru": "", "code": "", "source": "БИМдин буйругу"}
    administrator(cast).post(page(Subject, "add"), told)
    [entry] = entries()
    assert "id" not in entry.after
