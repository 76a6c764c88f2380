"""My data: the archive is whole and holds all, who sees what is true, consent is given once."""

import datetime as dt
import io
import json
import zipfile
from hashlib import sha256
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey, JSONField, ManyToManyField
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses.choices import Verdict
from courses.importing.applying import apply_import
from courses.models import TrainingRecord
from cpd.dates import today
from plans.dossier import data_of, dossier
from plans.inventory import HOLDINGS, IN_JSON, NOT_THEIRS
from plans.readers import readers_of
from schools import audit
from schools.choices import Event, Work
from schools.models import (
    AuditEntry,
    Consent,
    ConsentText,
    Delegation,
    Document,
    Employment,
    Institution,
    Person,
    RetentionPeriod,
    RoleAssignment,
    User,
)
from tests import factories
from tests.conftest import Cast
from tests.courses.importing.rows import NUMBER, here, imported, in_row, record_row, staff_row
from tests.factories import approved, certificate, training_record

LEADING_TO_SOMEBODY = (Person, User, Employment)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def archive_of(user: User) -> dict[str, bytes]:
    with dossier(user.person) as opened, zipfile.ZipFile(opened) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_table_about_people_is_told_or_named_as_not_theirs() -> None:
    told = {holding.model for holding in HOLDINGS}
    for model in apps.get_models():
        columns = (column for column in model._meta.get_fields() if isinstance(column, ForeignKey | ManyToManyField))
        leads = any(column.related_model in LEADING_TO_SOMEBODY for column in columns)
        assert not leads or model in told or model._meta.label in NOT_THEIRS, model._meta.label


def test_what_is_said_not_to_be_theirs_exists_and_is_not_told() -> None:
    told = {holding.model._meta.label for holding in HOLDINGS}
    known = {model._meta.label for model in apps.get_models()}
    assert set(NOT_THEIRS) <= known - told


def test_the_archive_holds_papers_files_and_data_each_with_its_checksum(cast: Cast) -> None:
    approved(cast.plan)
    training_record(cast.teacher, title="Критерийлик баалоо", file=certificate(cast.teacher.person))
    files = archive_of(cast.teacher)
    manifest = json.loads(files.pop("manifest.json"))
    present = [one for one in manifest["files"] if not one.get("missing")]
    assert {one["name"] for one in present} == set(files)
    for one in present:
        assert (one["bytes"], one["sha256"]) == (len(files[one["name"]]), sha256(files[one["name"]]).hexdigest())
    papers = [name for name in files if name.startswith("papers/")]
    assert [name[:10] for name in sorted(papers)] == ["papers/F02", "papers/F03"]
    assert all(files[name].startswith(b"%PDF") for name in papers)


def test_a_file_the_store_has_lost_is_named_and_the_rest_is_given(cast: Cast) -> None:
    training_record(cast.teacher, file=certificate(cast.teacher.person, stored_as="aa/lost.jpg"))
    manifest = json.loads(archive_of(cast.teacher)["manifest.json"])
    assert [one["name"].partition("/")[0] for one in manifest["files"] if one.get("missing")] == ["certificates"]


def test_every_column_of_every_row_is_told(cast: Cast) -> None:
    record = training_record(cast.teacher, title="Критерийлик баалоо", comment="Пайдалуу болду.")
    tables = data_of(cast.teacher.person)["tables"]
    [row] = tables["courses.TrainingRecord"]["rows"]
    kept_back = {"title_key", "provider_key", "document_key"}
    assert set(row) == {field.name for field in TrainingRecord._meta.concrete_fields} - kept_back
    assert (row["title"], row["comment"], row["institution"]["text"]) == (
        record.title,
        "Пайдалуу болду.",
        str(cast.school),
    )


def test_secrets_and_other_peoples_rows_stay_out(cast: Cast) -> None:
    training_record(cast.peer, title="Башканын курсу")
    approved(cast.plan)
    everything = json.dumps(data_of(cast.deputy.person), default=str, ensure_ascii=False)
    assert "Башканын курсу" not in everything
    assert cast.teacher.person.full_name not in everything, "whose plan a deputy approved is not about the deputy"
    assert cast.deputy.password not in everything


def test_one_click_gives_the_archive_and_the_journal_tells_it(cast: Cast) -> None:
    answer = signed_in(cast.teacher).post(reverse("my_data_file"))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "data.json" in archive.namelist()
    entry = AuditEntry.objects.get(event=Event.TOOK_OWN_DATA)
    assert (entry.by, entry.subject) == (cast.teacher.person, cast.teacher.person)


def test_readers_are_those_who_can_really_read(cast: Cast) -> None:
    """Everybody of the cast who is named sees the approved plan, and nobody else of those with a role does."""
    approved(cast.plan)
    named = {name for reader in readers_of(cast.teacher.person) for name in reader.names}
    with_roles = RoleAssignment.objects.on(today()).exclude(person=cast.teacher.person).values("person")
    for user in User.objects.filter(person__in=with_roles):
        reads = Document.objects.visible_to(user).filter(pk=cast.plan.pk).exists()
        if not user.scope.is_administrator:
            assert reads == (user.person.full_name in named), user.username


def test_the_page_names_readers_looks_and_periods(cast: Cast) -> None:
    RetentionPeriod.objects.update_or_create(kept="people", defaults={"years": 7, "source": "Сынак чечим"})
    text = signed_in(cast.teacher).get(reverse("my_data")).content.decode()
    assert cast.deputy.person.full_name in text
    assert "Сынак чечим" in text
    assert cast.stranger.person.full_name not in text


def test_what_administrators_see_in_the_administration_is_told(cast: Cast) -> None:
    with translation.override("en"):
        sees = {name: reader.sees for reader in readers_of(cast.teacher.person) for name in reader.names}
    assert "personal number and date of birth" in sees[cast.administrator.person.full_name]
    assert "personal number" not in sees[cast.officer.person.full_name]


def test_the_last_day_of_work_handed_over_is_written_as_everywhere(cast: Cast) -> None:
    last = dt.date(today().year + 1, 1, 31)
    people = {"giver": cast.deputy.person, "taker": cast.peer.person}
    days = {"starts_on": today(), "ends_on": last}
    Delegation.objects.create(institution=cast.school, work=Work.RECORDS, **people, **days)
    [sees] = [one.sees for one in readers_of(cast.teacher.person) if one.names == [cast.peer.person.full_name]]
    assert f"31.01.{last.year}" in sees
    assert last.isoformat() not in sees


def test_looks_noted_of_a_record_that_was_merged_are_shown_too(cast: Cast) -> None:
    second = factories.PersonFactory.create(merged_into=cast.teacher.person)
    audit.note(Event.SAW_PERSON, by=cast.director, subject=second, institution=cast.school)
    [look] = signed_in(cast.teacher).get(reverse("my_data")).context["looks"]
    assert look.by == cast.director.person


@pytest.fixture
def consent_text(db: Any) -> ConsentText:
    ConsentText.objects.all().delete()
    return ConsentText.objects.create(text_ky="Текст", source="Мыйзам", valid_from=today())


def test_who_agrees_is_kept_once(cast: Cast, consent_text: ConsentText) -> None:
    client = signed_in(cast.teacher)
    for token in ("0b0e4c8e-2d5c-4f9e-8f43-0f6f6a9c0001", "0b0e4c8e-2d5c-4f9e-8f43-0f6f6a9c0002"):
        client.post(reverse("consent", args=[consent_text.pk]), {"once": token})
    assert [one.text for one in Consent.objects.filter(person=cast.teacher.person)] == [consent_text]
    assert AuditEntry.objects.filter(event=Event.CONSENTED).count() == 1


def test_a_text_that_was_replaced_meanwhile_is_not_agreed_to(cast: Cast, consent_text: ConsentText) -> None:
    ConsentText.objects.filter(pk=consent_text.pk).update(valid_from="2020-01-01")
    ConsentText.objects.create(text_ky="Жаңы текст", source="Мыйзам", valid_from=today())
    once = "0b0e4c8e-2d5c-4f9e-8f43-0f6f6a9c0003"
    signed_in(cast.teacher).post(reverse("consent", args=[consent_text.pk]), {"once": once})
    assert not Consent.objects.exists()


def test_colleagues_of_another_school_are_no_readers(cast: Cast) -> None:
    elsewhere: Institution = factories.InstitutionFactory.create(district=cast.district)
    director = factories.UserFactory.create()
    factories.RoleFactory.create(person=director.person, role="director", institution=elsewhere)
    names = [name for reader in readers_of(cast.teacher.person) for name in reader.names]
    assert director.person.full_name not in names


def test_what_a_workbook_said_of_somebody_is_told_to_them_alone(cast: Cast) -> None:
    rows = [staff_row(3, here(cast.school), personal_number=NUMBER.format(3)), staff_row(4, here(cast.school))]
    course = record_row(5, in_row(3), here(cast.school))
    apply_import(imported(cast.school, cast.deputy, *rows, course), by=cast.deputy)
    person = Person.objects.get(personal_number=NUMBER.format(3))
    matched = record_row(6, here(person), here(cast.school), Verdict.MATCHED)
    imported(cast.school, cast.deputy, matched)
    told = data_of(person)["tables"]["courses.ImportRow"]["rows"]
    assert [row["number"] for row in told] == [3, 5, 6]
    assert told[0]["typed"]["family_name"] == "Жаңыев3"
    assert data_of(cast.teacher.person)["tables"]["courses.ImportRow"]["rows"] == []


def test_every_json_column_is_named_with_what_it_says_of_people() -> None:
    """There no link leads to a person, so that none of the tests above would miss it."""
    columns = {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, JSONField) and column.model is model
    }
    assert columns == set(IN_JSON)


def test_every_json_column_that_tells_of_people_is_told_or_kept_back_on_purpose() -> None:
    told = {
        f"{holding.model._meta.label}.{column.name}"
        for holding in HOLDINGS
        for column in holding.model._meta.concrete_fields
        if isinstance(column, JSONField)
    }
    assert {name for name, why in IN_JSON.items() if "emptied" in why} <= told
