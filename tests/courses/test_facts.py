"""Rows become what the hours rule is told: each fact, in few queries, and examples of the specification as rows."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses import facts, rules
from courses.choices import (
    Block,
    DeliveryMode,
    DocumentType,
    Driver,
    HoursStatus,
    HoursUnit,
    LearningCategory,
    Reason,
    RecordStatus,
    TrainingKind,
)
from courses.models import ConfirmedPair, HoursPolicy, LegalAct, TrainingRecord
from cpd.dates import Period
from schools.choices import InstitutionKind, LeaveKind
from schools.models import Document, DocumentVersion, Employment, Leave
from tests import factories
from tests.factories import provider, training_record

pytestmark = pytest.mark.django_db

FIVE_YEARS = Period(dt.date(2018, 9, 1), dt.date(2023, 8, 31))


@pytest.fixture
def job() -> Employment:
    """Work at a school since 2010."""
    factories.first_data()
    return factories.EmploymentFactory.create(starts_on=dt.date(2010, 9, 1))


def plan(job: Employment, period: Period = FIVE_YEARS, *, is_in_force: bool = True, **columns: Any) -> Document:
    """An individual plan, approved unless told otherwise."""
    made = Document.objects.create(
        kind="individual_plan", author=job.person, institution=job.institution,
        starts_on=period.starts_on, ends_on=period.ends_on, **columns,
    )  # fmt: skip
    if is_in_force:
        made.in_force = DocumentVersion.objects.create(
            document=made, number=1, content={}, content_hash="0" * 64, route=[]
        )
        made.save()
    return made


def course(job: Employment, hours: str | None, ends_on: dt.date, **columns: Any) -> TrainingRecord:
    """A verified course of one day with everything in order; ``columns`` say otherwise."""
    amount = Decimal(hours) if hours else None
    wanted = {"starts_on": ends_on, "status": RecordStatus.VERIFIED, "institution": job.institution} | columns
    return training_record(job.person, amount=amount, ends_on=ends_on, **wanted)


def read(record: TrainingRecord) -> rules.Record:
    [found] = facts.records_of([record.person])[record.person_id]
    return found


def judged(job: Employment, on: dt.date) -> rules.Judgement:
    return facts.judgement_of(job.person, job.institution, on)


def total_status_due(job: Employment, on: dt.date) -> tuple[Decimal, HoursStatus, dt.date | None]:
    found = judged(job, on)
    return found.figure.total, found.status, found.due


# --- each fact ----------------------------------------------------------------------------------------------------


def test_a_rule_is_told_with_every_parameter() -> None:
    factories.first_data()
    told = {policy.code: policy for policy in facts.policies()}
    assert told["UNI_72_5Y"] == rules.Policy(
        code="UNI_72_5Y",
        institution_kind="university",
        status="in_force",
        valid_from=dt.date(2024, 1, 31),
        years=5,
        driver="frequency",
        req_hours=Decimal(72),
        accumulate=False,
        min_event_hours=Decimal(72),
        frequency_years=5,
        planning_interval_years=3,
        internship_min_hours=Decimal(72),
        internship_min_days=14,
        retraining_min_hours=Decimal(250),
        information_days=15,
        degree_counts=True,
        max_hours_per_day=Decimal(10),
        warn_days=365,
    )
    assert told["ANNUAL"].status == "draft"
    assert set(told) == {"SCHOOL_72_5Y", "COLLEGE_36_3Y", "UNI_72_5Y", "ANNUAL"}


def test_a_rule_of_one_place_and_one_group_is_told_as_such(job: Employment) -> None:
    HoursPolicy.objects.create(
        code="own", institution=job.institution, institution_kind="school", staff_group="психолог", years=1,
        required_hours=Decimal("7.5"), legal_act=LegalAct.objects.first(), status="draft",
    )  # fmt: skip
    [own] = [policy for policy in facts.policies() if policy.code == "own"]
    assert (own.institution, own.staff_group, own.req_hours) == (job.institution_id, "психолог", Decimal("7.5"))


def test_an_employment_tells_its_facts(job: Employment) -> None:
    job.staff_group = "психолог"
    job.save()
    records = [course(job, "24", FIVE_YEARS.starts_on) for _ in range(3)]
    by = factories.UserFactory.create()
    factories.confirmed_pair(records[0], records[1], by=by)
    factories.confirmed_pair(records[1], records[2], by=by, revoked_by=by.person, revoked_at=timezone.now())
    plan(job)
    assert facts.facts_of([job], FIVE_YEARS.starts_on) == {
        job.pk: rules.Facts(
            institution_kind=InstitutionKind.SCHOOL,
            institution=job.institution_id,
            staff_group="психолог",
            employed_from=dt.date(2010, 9, 1),
            plans=(FIVE_YEARS,),
            confirmed_pairs=frozenset({frozenset({records[0].pk, records[1].pk})}),
        )
    }


def test_long_leaves_of_an_employment_are_told_with_it_alone(job: Employment) -> None:
    elsewhere = factories.EmploymentFactory.create(person=job.person, is_main=False)
    for place, starts_on, ends_on in (
        (job, dt.date(2022, 2, 1), None),
        (job, dt.date(2019, 2, 1), dt.date(2020, 2, 1)),
        (elsewhere, dt.date(2021, 2, 1), None),
    ):
        Leave.objects.create(
            employment=place, kind=LeaveKind.CHILDCARE, starts_on=starts_on, ends_on=ends_on, entered_by=job.person
        )
    told = facts.facts_of([job, elsewhere], FIVE_YEARS.starts_on)
    assert told[job.pk].leaves == ((dt.date(2019, 2, 1), dt.date(2020, 2, 1)), (dt.date(2022, 2, 1), None))
    assert told[elsewhere.pk].leaves == ((dt.date(2021, 2, 1), None),)


def test_only_plans_in_force_that_have_begun_there_are_told(job: Employment) -> None:
    elsewhere = factories.EmploymentFactory.create(person=job.person, is_main=False)
    plan(elsewhere)
    plan(job, Period(dt.date(2013, 9, 1), dt.date(2018, 8, 31)), is_in_force=False)
    plan(job, Period(dt.date(2023, 9, 1), dt.date(2028, 8, 31)))
    plan(factories.EmploymentFactory.create(institution=job.institution))
    assert facts.facts_of([job], dt.date(2023, 8, 31))[job.pk].plans == ()
    assert len(facts.facts_of([job], dt.date(2023, 9, 1))[job.pk].plans) == 1


def test_a_record_tells_its_facts(job: Employment) -> None:
    body = provider()
    row = course(
        job, "3", dt.date(2022, 4, 22), starts_on=dt.date(2022, 4, 11), unit=HoursUnit.DAY,
        approved_hours=Decimal("32.5"), approved_hours_reason="Күбөлүктө жазылган.", kind=TrainingKind.INTERNSHIP,
        category=LearningCategory.NONFORMAL, block=Block.VARIATIVE, delivery_mode=DeliveryMode.BLENDED,
        role="trainer", provider=body, document_number="№ 7", document_key="7", document_on=dt.date(2022, 5, 1),
        recognition="Кеңештин чечими, № 2", title="Сынчыл ОЙЛОМ",
        entered_at=dt.datetime(2022, 5, 2, 20, tzinfo=dt.UTC),  # in Bishkek it is the third by then
    )  # fmt: skip
    assert read(row) == rules.Record(
        id=row.pk,
        starts_on=dt.date(2022, 4, 11),
        ends_on=dt.date(2022, 4, 22),
        precision="day",
        amount=Decimal(3),
        unit="day",
        approved_hours=Decimal("32.5"),
        kind="internship",
        category="nonformal",
        block="variative",
        delivery_mode="blended",
        role="trainer",
        title="сынчыл ойлом",
        provider=body.pk,
        provider_rights=((factories.LONG_AGO, None),),
        document_type=DocumentType.CERTIFICATE,
        document_number="№ 7",
        document_key="7",
        document_on=dt.date(2022, 5, 1),
        has_file=True,
        file_hash=row.file.original_sha256,
        status="verified",
        recognised=True,
        entered_on=dt.date(2022, 5, 3),
    )


def test_what_nobody_could_read_is_told_as_unknown(job: Employment) -> None:
    told = read(
        training_record(
            job.person, institution=job.institution, ends_on=None, precision="", amount=None, unit=HoursUnit.UNKNOWN,
            provider=None, file=None, document_type="", document_number="", document_on=None,
        )
    )  # fmt: skip
    assert (told.days, told.precision, told.amount, told.provider, told.provider_rights) == (None, "", None, None, ())
    assert (told.has_file, told.file_hash, told.document_key, told.recognised) == (False, "", "", False)


def test_a_right_is_told_where_it_holds(job: Employment) -> None:
    body = provider(right=False)
    elsewhere = factories.InstitutionFactory.create()
    days = {
        "own": {"institution": job.institution},
        "district": {"district": job.institution.district},
        "country": {},
        "other institution": {"institution": elsewhere},
        "other district": {"district": elsewhere.district},
    }
    for year, place in enumerate(days.values(), start=2018):
        until = dt.date(year, 12, 31)
        factories.ProviderRightFactory.create(provider=body, starts_on=dt.date(year, 1, 1), ends_on=until, **place)
    told = read(course(job, "24", FIVE_YEARS.starts_on, provider=body)).provider_rights
    assert sorted(told) == [(dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in (2018, 2019, 2020)]


def test_people_without_records_have_none(job: Employment) -> None:
    assert facts.records_of([job.person]) == {}
    assert total_status_due(job, dt.date(2024, 1, 1)) == (Decimal(), HoursStatus.OVERDUE, dt.date(2015, 9, 1))


def test_who_never_worked_there_is_judged_by_the_rule_of_the_place(job: Employment) -> None:
    stranger = factories.PersonFactory.create()
    course(Employment(person=stranger, institution=job.institution), "72", dt.date(2022, 5, 1))
    found = facts.judgement_of(stranger, job.institution, dt.date(2022, 6, 30))
    assert (found.figure.total, found.status, found.policy and found.policy.code) == (72, "MET", "SCHOOL_72_5Y")


def test_the_rule_of_the_staff_group_judges(job: Employment) -> None:
    HoursPolicy.objects.create(
        code="own", institution_kind="school", staff_group="психолог", years=1, required_hours=8, driver=Driver.YEAR,
        legal_act=LegalAct.objects.first(), status="in_force", valid_from=dt.date(2018, 1, 1),
    )  # fmt: skip
    codes = []
    for group in ("", "психолог"):
        job.staff_group = group
        job.save()
        policy, found = facts.policy_of(job.institution, group, dt.date(2022, 1, 1)), judged(job, dt.date(2022, 1, 1))
        assert policy == found.policy
        codes.append(policy and policy.code)
    assert codes == ["SCHOOL_72_5Y", "own"]


# --- many people --------------------------------------------------------------------------------------------------


def queries(page: QuerySet[Employment]) -> int:
    employments = list(page)
    with CaptureQueriesContext(connection) as captured:
        facts.judgements(employments, dt.date(2022, 6, 30))
    return len(captured)


def test_thirty_people_take_as_many_queries_as_one(job: Employment) -> None:
    course(job, "24", dt.date(2021, 5, 14))
    page = Employment.objects.select_related("institution").order_by("pk")
    assert queries(page.all()) == 5
    for _ in range(29):
        other = factories.EmploymentFactory.create()
        plan(other)
        course(other, "24", dt.date(2021, 5, 14), provider=provider())
    assert queries(page.all()) == 5
    assert queries(Employment.objects.all()) == 6  # and one for the institutions


def test_each_person_is_judged_by_their_own_rows(job: Employment) -> None:
    other = factories.EmploymentFactory.create(starts_on=dt.date(2010, 9, 1))
    plan(other)
    course(job, "100", dt.date(2021, 5, 14))
    course(other, "24", dt.date(2021, 5, 14))
    on = dt.date(2022, 6, 30)
    found = facts.judgements([job, other], on)
    assert found == {job.pk: judged(job, on), other.pk: judged(other, on)}
    assert (found[job.pk].driver, found[job.pk].figure.total) == (Driver.ROLLING, 100)
    assert (found[other.pk].driver, found[other.pk].figure.total) == (Driver.PLAN, 24)


# --- examples of the specification, as rows -----------------------------------------------------------------------


def test_modules_add_up_and_are_late_from_the_next_day(job: Employment) -> None:
    plan(job)
    for year in (2019, 2020):
        course(job, "24", dt.date(year, 10, 1))
    last = course(job, "24", dt.date(2021, 10, 1))
    assert total_status_due(job, dt.date(2022, 6, 30)) == (72, "MET", dt.date(2023, 8, 31))  # E01
    last.amount = Decimal(23)
    last.save()
    assert total_status_due(job, dt.date(2023, 8, 31)) == (71, "DUE_SOON", dt.date(2023, 8, 31))  # E02
    assert total_status_due(job, dt.date(2023, 9, 1)) == (71, "OVERDUE", dt.date(2023, 8, 31))  # E03


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"status": RecordStatus.SUBMITTED}, Reason.NOT_VERIFIED),  # E06
        ({"file": None}, Reason.NO_DOCUMENT),  # E07
        ({"document_number": "", "document_key": ""}, Reason.NO_DOCUMENT),
        ({"category": LearningCategory.INFORMAL}, Reason.INFORMAL),  # E08
        ({"category": LearningCategory.NONFORMAL}, Reason.NONFORMAL),  # E09
        ({"role": "trainer"}, Reason.NOT_PARTICIPANT),  # E11
        ({"provider": None}, Reason.PROVIDER_NOT_ELIGIBLE),  # E12
        ({"unit": HoursUnit.DAY_NIGHT}, Reason.HOURS_UNKNOWN),
    ],
)
def test_a_row_that_fails_a_test_counts_nothing(job: Employment, columns: dict[str, Any], reason: Reason) -> None:
    plan(job)
    course(job, "72", dt.date(2021, 10, 1), **columns)
    found = judged(job, dt.date(2022, 6, 30))
    assert [(row.hours, row.reason) for row in found.figure.rows] == [(0, reason)]
    assert (found.status, found.due) == (HoursStatus.IN_PROGRESS, dt.date(2023, 8, 31))


def eight_rows(job: Employment) -> list[TrainingRecord]:
    """R1–R8 of the specification, verified."""
    days = [
        ("24", dt.date(2019, 11, 23), dt.date(2019, 11, 23), {}),
        ("24", dt.date(2020, 8, 1), dt.date(2020, 8, 31), {"precision": "month", "delivery_mode": "online"}),
        ("4", dt.date(2021, 7, 12), dt.date(2021, 7, 23), {"unit": HoursUnit.DAY_NIGHT}),
        ("24", dt.date(2021, 4, 12), dt.date(2021, 4, 23), {}),
        ("24", dt.date(2021, 4, 15), dt.date(2021, 4, 17), {}),
        ("24", dt.date(2022, 4, 13), dt.date(2022, 4, 15), {}),
        ("24", dt.date(2022, 3, 23), dt.date(2022, 3, 25), {}),
        ("72", dt.date(2022, 4, 11), dt.date(2022, 4, 22), {}),
    ]
    return [course(job, hours, last, starts_on=first, **columns) for hours, first, last, columns in days]


def test_the_eight_rows_of_the_sample_count_as_the_specification_says(job: Employment) -> None:
    plan(job)
    rows = eight_rows(job)
    on, due = dt.date(2022, 6, 30), dt.date(2023, 8, 31)
    assert total_status_due(job, on) == (168, "MET", due)  # E15
    counted = {row.record.id: (row.hours, row.reason) for row in judged(job, on).figure.rows}
    taken, lost = Reason.COUNTED, (0, Reason.OVERLAP_UNRESOLVED)
    assert [counted[row.pk] for row in rows] == [  # E16
        (24, taken), (24, taken), (0, Reason.HOURS_UNKNOWN), lost, (24, taken), lost, (24, taken), (72, taken),
    ]  # fmt: skip
    by = factories.UserFactory.create()
    for first, second in ((3, 4), (5, 7)):
        factories.confirmed_pair(rows[first], rows[second], by=by)
    assert total_status_due(job, on) == (216, "MET", due)  # E17
    ConfirmedPair.objects.update(revoked_by=by.person, revoked_at=timezone.now())
    TrainingRecord.objects.filter(pk=rows[2].pk).update(approved_hours=32, approved_hours_reason="Күбөлүк")
    assert total_status_due(job, on) == (200, "MET", due)  # E20


def test_surplus_is_not_carried_over_but_stays_in_the_last_years(job: Employment) -> None:
    course(job, "100", dt.date(2021, 4, 16))
    on = dt.date(2024, 1, 10)
    assert total_status_due(job, on) == (100, "MET", dt.date(2026, 4, 16))  # E26
    plan(job, Period(dt.date(2023, 9, 1), dt.date(2028, 8, 31)))
    assert total_status_due(job, on) == (0, "IN_PROGRESS", dt.date(2028, 8, 31))  # E25


def test_once_in_five_years_is_judged_apart_from_the_hours(job: Employment) -> None:
    plan(job)
    course(job, "24", dt.date(2021, 5, 14))
    found = judged(job, dt.date(2022, 6, 30))  # E33
    assert (found.figure.total, found.status, found.due) == (24, "IN_PROGRESS", dt.date(2023, 8, 31))
    assert found.frequency is not None
    assert (found.frequency.status, found.frequency.due) == ("MET", dt.date(2026, 5, 14))


def test_a_college_and_a_university_ask_for_one_large_event(job: Employment) -> None:
    on = dt.date(2024, 6, 1)
    job.institution.kind = InstitutionKind.COLLEGE
    job.institution.save()
    Employment.objects.update(starts_on=dt.date(2021, 9, 1))
    course(job, "35", dt.date(2022, 5, 10))
    assert total_status_due(job, on)[1:] == ("DUE_SOON", dt.date(2024, 9, 1))  # E37
    course(job, "72", dt.date(2023, 6, 30), kind=TrainingKind.INTERNSHIP)
    assert total_status_due(job, on)[1:] == ("MET", dt.date(2026, 6, 30))  # E39
    job.institution.kind = InstitutionKind.UNIVERSITY
    job.institution.save()
    fortnight = {"starts_on": dt.date(2023, 7, 1), "kind": TrainingKind.INTERNSHIP}
    course(job, "60", dt.date(2023, 7, 14), **fortnight)
    assert total_status_due(job, on)[1:] == ("MET", dt.date(2028, 7, 14))  # E41, E42


def test_under_an_ended_rule_nobody_is_overdue(job: Employment) -> None:
    HoursPolicy.objects.filter(institution_kind="school").update(valid_to=dt.date(2025, 12, 31))
    plan(job, Period(dt.date(2023, 9, 1), dt.date(2028, 8, 31)))
    course(job, "40", dt.date(2024, 5, 1))
    assert total_status_due(job, dt.date(2026, 3, 1)) == (40, "NO_RULE", None)  # E52


def test_without_any_rule_everything_finished_is_added_up(job: Employment) -> None:
    HoursPolicy.objects.all().delete()
    old = provider(right=False)
    factories.ProviderRightFactory.create(provider=old, starts_on=dt.date(2000, 1, 1))
    course(job, "40", dt.date(2004, 5, 1), provider=old)
    course(job, "30", dt.date(2024, 5, 1))
    assert total_status_due(job, dt.date(2026, 3, 1)) == (70, "NO_RULE", None)
