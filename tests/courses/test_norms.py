"""Norms are dated rows: which one holds for whom on which day (rules §2)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from courses.choices import Driver, NormStatus, RecordStatus
from courses.facts import judgement_of, policy_of
from courses.models import HoursPolicy, LegalAct, PlanNorm
from cpd.dates import today
from schools.choices import InstitutionKind
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_rows(db) -> None:
    """Also where a test with real transactions has emptied the tables before."""
    factories.first_data()


SINCE = dt.date(2017, 6, 20)


def policy(code: str, **columns) -> HoursPolicy:
    wanted = {
        "code": code,
        "institution_kind": InstitutionKind.SCHOOL,
        "legal_act": LegalAct.objects.first(),
        "source_clause": "4.5.4",
        "status": NormStatus.IN_FORCE,
        "valid_from": dt.date(2025, 1, 1),
        "years": 5,
        "required_hours": 72,
    }
    made = HoursPolicy(**wanted | columns)
    made.full_clean()
    made.save()
    return made


def holding(school, day: dt.date) -> str | None:
    found = policy_of(school, "", day)
    return found.code if found else None


def numbers(code: str) -> tuple:
    found = HoursPolicy.objects.get(code=code)
    return (
        found.status,
        found.valid_from,
        found.years,
        found.required_hours,
        found.accumulate,
        found.min_event_hours,
        found.frequency_years,
        found.driver,
        found.warn_days,
        found.degree_counts,
    )


def test_the_first_norms_are_those_of_the_four_sources():
    """Rules §2: what a source leaves open is empty."""
    assert {code: numbers(code) for code in HoursPolicy.objects.values_list("code", flat=True)} == {
        "SCHOOL_72_5Y": ("in_force", SINCE, 5, 72, True, None, 5, "plan", 365, False),
        "COLLEGE_36_3Y": ("in_force", dt.date(2022, 1, 1), 3, None, False, 36, 3, "frequency", 180, True),
        "UNI_72_5Y": ("in_force", dt.date(2024, 1, 31), 5, 72, False, 72, 5, "frequency", 365, True),
        "ANNUAL": ("draft", None, 1, None, True, None, None, "year", 60, False),
    }
    university = HoursPolicy.objects.get(code="UNI_72_5Y")
    assert (university.internship_min_hours, university.internship_min_days) == (72, 14)
    assert (university.retraining_min_hours, university.planning_interval_years) == (250, 3)
    assert HoursPolicy.objects.get(code="COLLEGE_36_3Y").internship_min_hours == 72
    assert not HoursPolicy.objects.exclude(valid_to=None)


def test_the_plan_s_length_and_the_hours_of_schools_rest_on_one_act():
    [length], hours = PlanNorm.objects.filter(institution_kind="school"), HoursPolicy.objects.get(code="SCHOOL_72_5Y")
    assert (length.years, length.source_clause, hours.source_clause) == (5, "6.2", "4.5.4")
    assert hours.legal_act == length.legal_act
    assert hours.note  # that the rule is being revised


def test_a_norm_holds_from_its_first_day_to_its_last(cast):
    HoursPolicy.objects.update(valid_to=dt.date(2025, 12, 31))
    assert holding(cast.school, SINCE - dt.timedelta(days=1)) is None
    assert holding(cast.school, SINCE) == "SCHOOL_72_5Y"
    assert holding(cast.school, dt.date(2025, 12, 31)) == "SCHOOL_72_5Y"
    assert holding(cast.school, dt.date(2026, 1, 1)) is None


def test_a_norm_without_an_end_holds_on(cast):
    assert holding(cast.school, dt.date(2060, 1, 1)) == "SCHOOL_72_5Y"


@pytest.mark.parametrize("status", [NormStatus.DRAFT, NormStatus.REPEALED])
def test_only_a_norm_in_force_drives_anything(status, cast):
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(status=status)
    assert holding(cast.school, dt.date(2026, 1, 1)) is None


def test_the_later_norm_takes_over_from_its_first_day(cast):
    policy("SCHOOL_YEARLY", valid_from=dt.date(2026, 1, 1), years=1, required_hours=None)
    assert holding(cast.school, dt.date(2025, 12, 31)) == "SCHOOL_72_5Y"
    assert holding(cast.school, dt.date(2026, 1, 1)) == "SCHOOL_YEARLY"


def test_the_institution_s_own_norm_goes_before_that_of_its_kind_however_old(cast):
    policy("OWN", institution=cast.school, valid_from=dt.date(2018, 1, 1))
    policy("GENERAL", valid_from=dt.date(2026, 1, 1))
    assert holding(cast.school, dt.date(2026, 2, 1)) == "OWN"
    assert holding(cast.other_school, dt.date(2026, 2, 1)) == "GENERAL"


def test_a_norm_binds_only_institutions_of_its_kind(cast):
    college = factories.InstitutionFactory(kind=InstitutionKind.COLLEGE, district=cast.district)
    university = factories.InstitutionFactory(kind=InstitutionKind.UNIVERSITY, district=cast.district)
    assert holding(college, dt.date(2026, 1, 1)) == "COLLEGE_36_3Y"
    assert holding(college, dt.date(2021, 12, 31)) is None
    assert holding(university, dt.date(2026, 1, 1)) == "UNI_72_5Y"
    assert holding(cast.school, dt.date(2026, 1, 1)) == "SCHOOL_72_5Y"


def test_two_norms_from_one_day_are_refused_when_saved_never_guessed_between(cast):
    with pytest.raises(ValidationError) as refusal:
        policy("RIVAL", valid_from=SINCE)
    assert set(refusal.value.message_dict) == {"valid_from"}
    policy("RIVAL_DRAFT", valid_from=SINCE, status=NormStatus.DRAFT)
    policy("OWN", valid_from=SINCE, institution=cast.school)
    with pytest.raises(ValidationError):
        policy("OWN_RIVAL", valid_from=SINCE, institution=cast.school)
    policy("OTHER_OWN", valid_from=SINCE, institution=cast.other_school)


def test_a_norm_may_be_saved_again():
    for model in (HoursPolicy, PlanNorm):
        before = [*model.objects.order_by("pk").values()]
        for norm in model.objects.all():
            norm.full_clean()
            norm.save()
        assert [*model.objects.order_by("pk").values()] == before
        assert before


def test_a_plan_s_length_is_the_institution_s_own_before_its_kind_s(cast):
    general = PlanNorm.objects.get(institution_kind="school")
    columns = {"legal_act": general.legal_act, "source_clause": "6.2", "status": NormStatus.IN_FORCE, "years": 3}
    own = PlanNorm.objects.create(institution_kind="school", institution=cast.school, valid_from=SINCE, **columns)
    PlanNorm.objects.create(institution_kind="school", valid_from=dt.date(2040, 1, 1), **columns)
    PlanNorm.objects.create(institution_kind="college", valid_from=SINCE, **columns)
    day = dt.date(2026, 1, 1)
    found = [PlanNorm.objects.for_institution(school, day) for school in (cast.school, cast.other_school)]
    assert found == [own, general]
    assert PlanNorm.objects.for_institution(cast.school, SINCE - dt.timedelta(days=1)) is None


@pytest.mark.parametrize("own", [False, True])
def test_the_database_refuses_two_equal_rules_whatever_the_form_says(own, cast):
    place = {"institution": cast.school} if own else {}
    day = dt.date(2026, 9, 1)
    first = policy("FIRST", valid_from=day, **place)
    for columns in ({"valid_from": day + dt.timedelta(days=1)}, {"staff_group": "тарбиячы"}):
        policy(f"BESIDE{len(HoursPolicy.objects.all())}", **place | {"valid_from": day} | columns)
    first.pk, first.code = None, "SECOND"
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def judged(cast, day: dt.date) -> tuple:
    found = judgement_of(cast.teacher.person, cast.school, day)
    return found.policy and found.policy.code, found.figure.total, found.required, found.status, found.due


def test_a_draft_changes_nobody_s_result(cast):
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED)
    before = judged(cast, today())
    assert before[:3] == ("SCHOOL_72_5Y", 24, 72)
    for status in (NormStatus.DRAFT, NormStatus.REPEALED):
        policy(f"NEXT_{status}", status=status, years=1, required_hours=500, driver=Driver.YEAR)
    HoursPolicy.objects.filter(code="ANNUAL").update(valid_from=SINCE, required_hours=500)
    assert judged(cast, today()) == before


def test_a_later_norm_changes_no_past_result(cast):
    """What was shown for a day stays what it was."""
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, ends_on=dt.date(2026, 3, 20))
    first_day = dt.date(2026, 9, 1)
    days = [SINCE, dt.date(2026, 3, 20), first_day - dt.timedelta(days=1)]
    before = [judged(cast, day) for day in days]
    policy("YEARLY", valid_from=first_day, years=1, required_hours=36, driver=Driver.YEAR)
    assert [judged(cast, day) for day in days] == before
    assert judged(cast, first_day)[:3] == ("YEARLY", 0, 36)


def test_hours_may_be_undecided(cast):
    """The yearly demand is announced without hours: then no debt is computed and the plan prints none."""
    policy("UNDECIDED", valid_from=dt.date(2018, 1, 1), required_hours=None)
    plan = factories.submitted(cast.plan)
    assert plan.current_version.content["required_hours"] is None


def test_a_norm_is_called_by_its_act_and_clause():
    assert str(HoursPolicy.objects.get(code="SCHOOL_72_5Y")).endswith("№ 758/1, 4.5.4")
