"""Norms are dated rows: which one holds for whom on which day (rules §2)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from courses.choices import NormStatus
from courses.models import HoursPolicy, LegalAct, PlanNorm
from schools.choices import InstitutionKind
from tests import factories

pytestmark = pytest.mark.django_db
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
    found = HoursPolicy.objects.for_institution(school, day)
    return found.code if found else None


def test_the_first_norms_are_those_of_the_regulation():
    [hours], [length] = HoursPolicy.objects.all(), PlanNorm.objects.all()
    assert (hours.code, hours.years, hours.required_hours, hours.source_clause) == ("SCHOOL_72_5Y", 5, 72, "4.5.4")
    assert (length.years, length.source_clause) == (5, "6.2")
    assert hours.legal_act == length.legal_act
    assert (hours.valid_from, hours.valid_to, hours.status) == (SINCE, None, NormStatus.IN_FORCE)


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
    HoursPolicy.objects.update(status=status)
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
    policy("COLLEGE", institution_kind=InstitutionKind.COLLEGE)
    college = factories.InstitutionFactory(kind=InstitutionKind.COLLEGE, district=cast.district)
    assert holding(college, dt.date(2026, 1, 1)) == "COLLEGE"
    assert holding(college, dt.date(2024, 1, 1)) is None
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
    HoursPolicy.objects.get().full_clean()
    PlanNorm.objects.get().full_clean()


def test_hours_may_be_undecided(cast):
    """The yearly demand is announced without hours: then no debt is computed and the plan prints none."""
    policy("UNDECIDED", valid_from=dt.date(2018, 1, 1), required_hours=None)
    plan = factories.submitted(cast.plan)
    assert plan.current_version.content["required_hours"] is None


def test_a_norm_is_called_by_its_act_and_clause():
    assert str(HoursPolicy.objects.get()).endswith("№ 758/1, 4.5.4")
