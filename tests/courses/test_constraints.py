"""Every fact the database guards about norms, registers and records, broken once."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from courses.choices import Driver, HoursUnit, NormStatus, Precision, RecordAction, RightBasis
from courses.models import (
    CertificateFile,
    ConfirmedPair,
    HoursPolicy,
    InductionNorm,
    LegalAct,
    PlanNorm,
    Programme,
    ProgrammeAlias,
    Provider,
    ProviderAlias,
    ProviderRight,
    RecordAttachment,
    RecordDecision,
    SharingEvent,
    TrainingRecord,
)
from tests import factories
from tests.conftest import Cast
from tests.constraints import constraints, is_told, second, told_in_our_words
from tests.courses import import_constraints, schedule_constraints

UID = uuid.UUID(int=1)

OURS = ("courses",)
TODAY, YESTERDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 1)
REGISTERS = (Provider, ProviderRight, Programme, ProviderAlias, ProgrammeAlias)


def norm(model: type[models.Model], **columns) -> models.Model:
    wanted = {"institution_kind": "school", "legal_act": LegalAct.objects.first(), "source_clause": "1", "years": 5}
    if model is HoursPolicy:
        wanted["code"] = "CONSTRAINED"
    if model is InductionNorm:
        wanted |= {"young_years": 3, "due_months": 3}
    return model(**wanted | columns)


def in_force(**columns) -> HoursPolicy:
    """As the rule for schools that the first data bring: same people, same first day."""
    day = HoursPolicy.objects.get(code="SCHOOL_72_5Y").valid_from
    return norm(HoursPolicy, status=NormStatus.IN_FORCE, valid_from=day, **columns)


def entry(model: type[models.Model], **columns) -> models.Model:
    wanted = {
        Provider: {"title_ky": "Билим борбору"},
        ProviderRight: {"provider": Provider.objects.first(), "basis": RightBasis.UNIVERSITY, "starts_on": TODAY},
        Programme: {"title_ky": "Сынчыл ойлом"},
        ProviderAlias: {"target": Provider.objects.first(), "text": "ББ-1"},
        ProgrammeAlias: {"target": Programme.objects.first() or factories.ProgrammeFactory(), "text": "СО-1"},
    }
    return model(**wanted[model] | columns)


def record(cast: Cast, **columns) -> TrainingRecord:
    wanted = {
        "person": cast.teacher.person,
        "institution": cast.school,
        "title": "Сынчыл ойлом",
        "date_text": "01.02.2026–02.02.2026",
        "starts_on": YESTERDAY,
        "ends_on": TODAY,
        "precision": Precision.DAY,
        "provider_text": "ББ-1",
        "unit": HoursUnit.DAY,
    }
    return TrainingRecord(**wanted | columns)


def occasion(cast: Cast, **columns) -> SharingEvent:
    of_a_course = factories.training_record(cast.teacher, status="verified")
    return factories.SharingEventFactory.build(record=of_a_course, **columns)


def decision(cast: Cast, **columns) -> RecordDecision:
    found = TrainingRecord.objects.first() or factories.training_record(cast.teacher)
    wanted = {"record": found, "action": RecordAction.VERIFY, "revision": 2, "by": cast.deputy.person, "by_name": "…"}
    return RecordDecision(**wanted | columns)


def pair(cast: Cast, **columns) -> ConfirmedPair:
    one, other = TrainingRecord.objects.order_by("pk")[:2] or [factories.training_record(cast.teacher) for _ in "ab"]
    wanted = {"first": one, "second": other, "confirmed_by": cast.deputy.person, "reason": "Сырттан окуган."}
    return ConfirmedPair(**wanted | columns)


# For every constraint a row that breaks it and nothing else.
def outcome(cast: Cast, **columns) -> RecordAttachment:
    """An article after the teacher's course."""
    record = cast.teacher.person.records.first() or factories.training_record(cast.teacher)
    return RecordAttachment(record=record, title="Макала", **{"kind": "article"} | columns)


BREAKING: dict[str, Callable[[Cast], models.Model]] = {
    **{
        f"courses_{model.__name__.lower()}_{fact}": lambda cast, model=model, columns=columns: norm(model, **columns)
        for model in (HoursPolicy, PlanNorm, InductionNorm)
        for fact, columns in {
            "choices_known": {"status": "rumour"},
            "dated_once_in_force": {"status": "in_force"},
            "ends_after_start": {"valid_from": TODAY, "valid_to": YESTERDAY},
        }.items()
    },
    "courses_inductionnorm_start_known": lambda cast: norm(InductionNorm, counted_from="birth"),
    "courses_inductionnorm_years_positive": lambda cast: norm(InductionNorm, young_years=0),
    "courses_hourspolicy_drive_known": lambda cast: norm(HoursPolicy, driver="whim"),
    "courses_hourspolicy_years_positive": lambda cast: norm(HoursPolicy, years=0),
    "courses_hourspolicy_frequency_has_years": lambda cast: norm(HoursPolicy, driver=Driver.FREQUENCY),
    "courses_hourspolicy_one_per_kind_and_day": lambda cast: in_force(),
    "courses_hourspolicy_one_per_place_and_day": lambda cast: second(
        in_force(institution=cast.school, code="OWN"), lambda: in_force(institution=cast.school)
    ),
    **{
        f"courses_{model.__name__.lower()}_kept_in_one_place": lambda cast, model=model: entry(
            model, institution=cast.school, district=cast.district
        )
        for model in REGISTERS
    },
    **{
        f"courses_{model.__name__.lower()}_one_in_{place}": lambda cast, model=model, kept=kept: second(
            entry(model, **kept(cast)),
            lambda: entry(model, **kept(cast), text="бб-1" if model is ProviderAlias else "со-1"),
        )
        for model in (ProviderAlias, ProgrammeAlias)
        for place, kept in {
            "country": lambda cast: {},
            "district": lambda cast: {"district": cast.district},
            "institution": lambda cast: {"institution": cast.school},
        }.items()
    },
    **{
        f"courses_{model.__name__.lower()}_removed_whole": lambda cast, model=model: entry(
            model, removed_at=timezone.now()
        )
        for model in (ProviderAlias, ProgrammeAlias)
    },
    "courses_providerright_ended_whole": lambda cast: entry(ProviderRight, ended_by=cast.deputy.person),
    "courses_provider_kind_known": lambda cast: entry(Provider, kind="rumour"),
    "courses_providerright_ends_after_start": lambda cast: entry(ProviderRight, ends_on=YESTERDAY),
    "courses_providerright_basis_known": lambda cast: entry(ProviderRight, basis="rumour"),
    "courses_providerright_licence_has_a_number": lambda cast: entry(ProviderRight, basis=RightBasis.LICENCE),
    "courses_programme_block_known": lambda cast: entry(Programme, block="third"),
    "courses_programme_hours_positive": lambda cast: entry(Programme, hours=0),
    "courses_trainingrecord_choices_known": lambda cast: record(cast, kind="rumour"),
    "courses_trainingrecord_dates_whole": lambda cast: record(cast, starts_on=TODAY, ends_on=YESTERDAY),
    "courses_trainingrecord_amount_positive": lambda cast: record(cast, amount=Decimal(0)),
    "courses_trainingrecord_approved_hours_explained": lambda cast: record(cast, approved_hours=24),
    "courses_recordattachment_kind_known": lambda cast: outcome(cast, kind="song"),
    "courses_recordattachment_once_per_record": lambda cast: second(
        outcome(cast, uid=UID), lambda: outcome(cast, uid=UID)
    ),
    "courses_sharingevent_kind_known": lambda cast: occasion(cast, kind="lecture"),
    "courses_sharingevent_month_known": lambda cast: occasion(cast, month=13),
    "courses_sharingevent_held_before_counted": lambda cast: occasion(cast, present_count=5),
    "courses_recorddecision_choices_known": lambda cast: decision(cast, action="erase"),
    "courses_recorddecision_has_its_reason": lambda cast: decision(cast, action=RecordAction.RETURN),
    "courses_recorddecision_in_place_of_another": lambda cast: decision(cast, in_place_of=cast.director.person),
    "courses_recorddecision_one_per_revision": lambda cast: second(decision(cast), lambda: decision(cast)),
    "courses_confirmedpair_in_order": lambda cast: pair(cast, first=(found := pair(cast)).second, second=found.first),
    "courses_confirmedpair_revoked_whole": lambda cast: pair(cast, revoked_at=timezone.now()),
    "courses_confirmedpair_once": lambda cast: second(pair(cast), lambda: pair(cast)),
    **schedule_constraints.BREAKING,
    **import_constraints.BREAKING,
}


def test_every_constraint_is_broken_once_here():
    assert set(constraints(*OURS)) == set(BREAKING)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREAKING)
def test_the_database_refuses(name, cast):
    row = BREAKING[name](cast)
    with pytest.raises(IntegrityError) as mistake, transaction.atomic():
        row.save()
    assert is_told(mistake.value, constraints(*OURS)[name])


@pytest.mark.django_db
@pytest.mark.parametrize("name", told_in_our_words(*OURS))
def test_a_form_tells_it_in_a_sentence_of_ours(name, cast):
    """Where a person can cause it, the constraint brings its own sentence and no column name."""
    constraint = constraints(*OURS)[name]
    row = BREAKING[name](cast)
    for field in row._meta.fields:
        field.pre_save(row, add=True)  # the folded texts that a constraint may compare
    with pytest.raises(ValidationError) as told:
        row.validate_constraints()
    assert str(constraint.violation_error_message) in told.value.messages


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"starts_on": None, "ends_on": None},
        {"starts_on": YESTERDAY, "ends_on": None},
        {"precision": ""},
        {"precision": "", "starts_on": None},
    ],
)
def test_dates_and_their_precision_are_known_together_or_not_at_all(columns, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        record(cast, **columns).save()
    record(cast, precision="", starts_on=None, ends_on=None).save()
    record(cast).save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"approved_hours_reason": "  күбөлүктөн", "unit": HoursUnit.HOUR},
        {"approved_hours_reason": "күбөлүктөн", "approved_hours": Decimal(0)},
    ],
)
def test_hours_are_entered_by_hand_only_where_the_paper_names_none(columns, cast):
    wanted = {"approved_hours": Decimal(24)} | columns
    with pytest.raises(IntegrityError), transaction.atomic():
        record(cast, **wanted).save()
    record(cast, approved_hours=Decimal(24), approved_hours_reason="күбөлүктөн").save()


@pytest.mark.django_db
def test_codes_of_rules_are_unique(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        norm(HoursPolicy, code=HoursPolicy.objects.first().code).save()


@pytest.mark.django_db
def test_one_file_proves_one_record_and_has_a_name_of_its_own(cast):
    first = factories.training_record(cast.teacher)
    with pytest.raises(IntegrityError), transaction.atomic():
        record(cast, file=first.file).save()
    for column in ("token", "stored_as"):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.certificate(cast.teacher.person, **{column: getattr(first.file, column)})
    assert CertificateFile.objects.get() == first.file


@pytest.mark.django_db
def test_a_pair_taken_back_may_be_confirmed_anew(cast):
    ended = pair(cast, revoked_at=timezone.now(), revoked_by=cast.deputy.person)
    second(ended, lambda: pair(cast)).save()
    assert ConfirmedPair.objects.count() == 2


@pytest.mark.django_db
def test_one_text_may_mean_different_things_in_different_places(cast):
    for kept in ({}, {"district": cast.district}, {"institution": cast.school}, {"institution": cast.other_school}):
        entry(ProviderAlias, **kept).save()
    meanings = ProviderAlias.objects.filter(text="ББ-1")
    assert set(meanings.values_list("institution", "district")) == {
        (None, None),
        (None, cast.district.pk),
        (cast.school.pk, None),
        (cast.other_school.pk, None),
    }
    found = [meanings.known_in(school).count() for school in (cast.school, cast.other_school, cast.far_school)]
    assert found == [3, 3, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [ProviderAlias, ProgrammeAlias])
def test_a_name_taken_away_leaves_its_text_free(model, cast):
    for kept in ({}, {"district": cast.district}, {"institution": cast.school}):
        taken_away = {"removed_at": timezone.now(), "removed_by": cast.deputy.person}
        for columns in (taken_away, taken_away, {}):
            entry(model, **kept, **columns).save()
        with pytest.raises(IntegrityError), transaction.atomic():
            entry(model, **kept).save()


@pytest.mark.django_db
def test_what_records_rest_on_is_not_deleted(cast):
    found = factories.training_record(cast.teacher, programme=factories.ProgrammeFactory())
    decision(cast).save()
    for row in (found.person, found.institution, found.provider, found.programme, found.file, found):
        with pytest.raises(models.ProtectedError):
            row.delete()
