"""The hours rule as one SQL statement gives what the engine gives, whatever the rows; run on both databases."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from courses import facts, rules, standing
from courses.choices import Driver, HoursStatus, NormStatus, Reason, RecordStatus, TrainingKind
from courses.models import (
    ConfirmedPair,
    HoursPolicy,
    LegalAct,
    Provider,
    ProviderRight,
    TrainingRecord,
)
from cpd.dates import Period
from schools.choices import LeaveKind
from schools.models import Employment, Institution, Leave, Person
from tests import factories
from tests.courses.test_facts import course, eight_rows, plan

pytestmark = pytest.mark.django_db

# Few days, numbers and organisations, so that overlaps, duplicates and the edges of windows are common.
FIRST = dt.date(2015, 1, 1)
DAYS_ASKED = [
    dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2023, 8, 31), dt.date(2023, 9, 1), dt.date(2020, 12, 31),
]  # fmt: skip
# Most records would count; each flaw stands alone, so that every test of the rule is reached.
FLAWS: list[dict[str, Any]] = [
    {"starts_on": None, "ends_on": None, "precision": ""},
    {"amount": None},
    {"unit": "day_night"},
    {"unit": "credit"},
    {"unit": "credit", "approved_hours": Decimal(12), "approved_hours_reason": "Күбөлүк"},
    {"unit": "day", "approved_hours": Decimal("30.5"), "approved_hours_reason": "Күбөлүк"},
    {"category": "nonformal"},
    {"category": "nonformal", "kind": "short_event", "recognition": "Кеңештин чечими"},
    {"category": "informal"},
    {"role": "trainer"},
    {"provider": None},
    {"provider": None, "kind": "internship"},  # whoever takes in an intern needs no right to teach
    {"provider": None, "kind": "degree"},
    {"document_type": ""},
    {"document_type": "thanks_letter", "document_number": "", "document_key": "", "document_on": None},
    {"document_number": "", "document_key": ""},
    {"document_on": None},
    {"file": None},
    {"status": RecordStatus.SUBMITTED},
    {"status": RecordStatus.REJECTED},
    {"status": RecordStatus.NOTED, "category": "informal", "kind": "self_study"},
    {"status": RecordStatus.NOTED, "category": "nonformal", "kind": "short_event"},
]


class World:
    """Invented rows of every kind, written down: three schools and a college in two districts, rules, people."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.day = chance.choice([*DAYS_ASKED, self.some_day()])
        near, far = factories.DistrictFactory.create(), factories.DistrictFactory.create()
        self.institutions = [
            factories.InstitutionFactory.create(district=district, kind=kind)
            for district, kind in ((near, "school"), (near, "school"), (far, "school"), (far, "college"))
        ]
        self.make_rules()
        self.make_providers()
        for number in range(chance.randint(4, 10)):
            self.make_person(f"Сыноочу{number}")

    def some_day(self) -> dt.date:
        return FIRST + dt.timedelta(days=self.chance.randrange(3800))

    def edge(self) -> dt.date:
        """A day by which a window may begin or end."""
        years, days = self.chance.randrange(-1, 6), self.chance.choice([-1, 0, 0, 1, 40])
        day = self.day - dt.timedelta(days=days)
        return dt.date(day.year - years, day.month, min(day.day, 28 if day.month == 2 else 30))

    def some_hours(self) -> Decimal:
        chance = self.chance
        return chance.choice(
            [Decimal(8), Decimal(24), Decimal(36), Decimal(72), Decimal(chance.randint(1, 3000)) / 10]
        )

    def make_rules(self) -> None:
        chance, act = self.chance, LegalAct.objects.create(title_ky="Сыноо жобосу")
        HoursPolicy.objects.all().delete()
        for number in range(chance.choice([0, 1, 2, 3, 5])):
            unset = [None, self.some_hours()]
            driver = chance.choice(Driver.values)
            policy = HoursPolicy(
                code=f"rule-{number}",
                legal_act=act,
                institution_kind=chance.choice(["school", "school", "school", "college"]),
                institution=chance.choice([None, None, *self.institutions]),
                staff_group=chance.choice(["", "", "", "психолог"]),
                status=chance.choice([*["in_force"] * 5, "draft", "repealed"]),
                valid_from=chance.choice([FIRST, self.some_day(), self.edge()]),
                years=chance.randint(1, 5),
                driver=driver,
                required_hours=chance.choice([None, Decimal(48), Decimal(72), self.some_hours()]),
                accumulate=chance.random() < 0.5,
                min_event_hours=chance.choice(unset),
                min_compulsory_hours=chance.choice([None, None, None, self.some_hours()]),
                frequency_years=chance.choice([1, 3, 5] if driver == Driver.FREQUENCY else [None, 1, 3, 5]),
                internship_min_hours=chance.choice(unset),
                internship_min_days=chance.choice([None, 14]),
                retraining_min_hours=chance.choice(unset),
                degree_counts=chance.random() < 0.5,
                count_nonformal=chance.random() < 0.3,
                require_document=chance.random() < 0.7,
                require_provider_eligible=chance.random() < 0.7,
                hours_per_credit=chance.choice([None, Decimal(30), Decimal("12.5")]),
                year_kind=chance.choice(["school", "calendar"]),
                warn_days=chance.choice([0, 60, chance.randint(0, 400)]),
                transition=chance.choice(["close_at_repeal", "run_to_plan_end"]),
                leave_extends=chance.random() < 0.5,
            )
            if policy.institution:
                policy.institution_kind = policy.institution.kind
            if chance.random() < 0.4:
                policy.valid_to = max(policy.valid_from, chance.choice([self.some_day(), self.edge()]))
            if not (policy.status == NormStatus.IN_FORCE and policy.rivals().filter(valid_from=policy.valid_from)):
                policy.save()

    def make_providers(self) -> None:
        chance = self.chance
        self.providers = Provider.objects.bulk_create(Provider(title_ky=title) for title in ("Биринчи", "Экинчи"))
        ProviderRight.objects.create(provider=self.providers[0], basis="right_to_teach", starts_on=dt.date(2000, 1, 1))
        for _ in range(chance.randint(0, 4)):
            begins = chance.choice([FIRST, self.some_day()])
            ProviderRight.objects.create(
                provider=self.providers[1],
                basis="right_to_teach",
                starts_on=begins,
                ends_on=chance.choice([None, max(begins, self.some_day())]),
                **chance.choice(
                    [
                        {},
                        {"institution": chance.choice(self.institutions)},
                        {"district": chance.choice(self.institutions).district},
                    ]
                ),
            )

    def make_person(self, name: str) -> None:
        chance = self.chance
        person = Person.objects.create(family_name=name, given_name="Ак")
        places = chance.sample(self.institutions, chance.choice([1, 1, 1, 2]))
        for number, place in enumerate(places):
            job = Employment.objects.create(
                person=person,
                institution=place,
                position="мугалим",
                staff_group=chance.choice(["", "", "психолог", "башталгыч"]),
                is_main=number == 0,
                starts_on=chance.choice([dt.date(2010, 9, 1), self.some_day(), self.edge()]),
            )
            self.make_plans(person, place)
            self.make_leaves(job)
        records = [self.make_record(person, places) for _ in range(chance.randint(0, 9))]
        for first, second in pairwise(records):
            if chance.random() < 0.2:
                revoked = chance.choice([{}, {"revoked_at": timezone.now(), "revoked_by": person}])
                ConfirmedPair.objects.create(
                    first=first, second=second, confirmed_by=person, reason="Экөө тең туура", **revoked
                )

    def make_plans(self, person: Person, place: Institution) -> None:
        chance = self.chance
        begins = {chance.choice([self.some_day(), self.edge()]) for _ in range(chance.choice([0, 0, 1, 1, 2]))}
        for day in begins:
            ends = chance.choice([day + dt.timedelta(days=1825), max(day, self.edge()), self.day])
            job = Employment(person=person, institution=place)
            plan(job, Period(day, max(day, ends)), is_in_force=chance.random() < 0.8)

    def make_leaves(self, job: Employment) -> None:
        chance = self.chance
        for number in range(chance.choice([0, 0, 1, 1, 2, 4])):
            begins = chance.choice([self.some_day(), self.edge(), self.day - dt.timedelta(days=chance.randrange(900))])
            ends = begins + dt.timedelta(days=chance.choice([0, 30, chance.randrange(1100)]))
            is_open = number == 0 and chance.random() < 0.3
            Leave.objects.create(
                employment=job,
                kind=LeaveKind.CHILDCARE,
                starts_on=begins,
                ends_on=None if is_open else ends,
                entered_by=job.person,
            )

    def make_record(self, person: Person, places: list[Institution]) -> TrainingRecord:
        chance = self.chance
        close = self.day - dt.timedelta(days=chance.randrange(25) + 100)
        ends_on = chance.choice([close, close, self.some_day(), self.edge(), self.edge()])
        precision, length = chance.choice([*[("day", chance.randrange(15))] * 6, ("month", 30), ("year", 364)])
        document = chance.choice(["", "1", "2", str(chance.random())])
        columns = {
            "starts_on": ends_on - dt.timedelta(days=length),
            "ends_on": ends_on,
            "precision": precision,
            "amount": self.some_hours(),
            "kind": chance.choice([*["course"] * 9, *TrainingKind.values]),
            "block": chance.choice(["", "compulsory", "variative"]),
            "delivery_mode": chance.choice(["offline", "offline", "offline", "online", ""]),
            "provider": chance.choice(self.providers),
            "document_type": chance.choice(["certificate", "certificate", "programme"]),
            "document_number": document or "б/н",
            "document_key": document,
            "status": RecordStatus.VERIFIED,
            "recognition": chance.choice(["", "", "Кеңештин чечими"]),
            "institution": chance.choice([*places, *places, *self.institutions]),
        }
        return factories.training_record(person, **columns | chance.choice([{}, {}, {}, chance.choice(FLAWS)]))


@contextmanager
def world(seed: int) -> Iterator[World]:
    """Rows that are gone afterwards."""
    with transaction.atomic():
        yield World(Random(seed))
        transaction.set_rollback(True)


NAMES = (
    "total", "required", "shortfall", "status", "due", "frequency_status", "frequency_due", "worse_status",
)  # fmt: skip


def by_the_engine(judged: rules.Judgement) -> dict[str, Any]:
    """What the engine says, by the names the statement uses."""
    return {
        "policy": judged.policy and judged.policy.code,
        "total": judged.figure.total,
        "required": judged.required,
        "shortfall": judged.shortfall,
        "status": judged.status,
        "due": judged.due,
        "frequency_status": judged.frequency and judged.frequency.status,
        "frequency_due": judged.frequency and judged.frequency.due,
        "worse_status": judged.worse_status,
    }


def by_the_statement(found: standing.Standing) -> dict[str, Any]:
    return {"policy": found.policy and found.policy.code} | {name: getattr(found, name) for name in NAMES}


def differences(day: dt.date) -> list[str]:
    """Each job on which the two disagree, told with everything that was judged."""
    judged = facts.judgements(Employment.objects.select_related("institution"), day)
    found = {row.employment: row for row in standing.of(Employment.objects.all(), day)}
    assert set(found) == set(judged)
    told = []
    for job, judgement in judged.items():
        engine, statement = by_the_engine(judgement), by_the_statement(found[job])
        if not found[job].is_due_exact:  # said to be unknown
            assert (found[job].due, judgement.driver) in ((None, Driver.ROLLING), (None, Driver.FREQUENCY))
            statement |= {"due": engine["due"]}
            statement |= {"frequency_due": engine["frequency_due"]} if judgement.driver == Driver.FREQUENCY else {}
        differing = {name: (engine[name], statement[name]) for name in engine if engine[name] != statement[name]}
        if differing:
            told.append(tell(job, judgement, differing))
    return told


def tell(job: int, judged: rules.Judgement, differing: dict[str, Any]) -> str:
    """Engine and statement side by side, and what they were told."""
    employment = Employment.objects.get(pk=job)
    lines = [f"employment {job} on {judged.as_of}:"]
    lines += [
        f"  {name}: engine {engine!r}, statement {statement!r}" for name, (engine, statement) in differing.items()
    ]
    lines += [f"  by {judged.driver} in {judged.figure.window}, {spelt(judged.counted_by)}"]
    lines += [f"  {spelt(facts.facts_of([employment], judged.as_of)[job])}"]
    lines += [f"  {row.hours} {row.reason.value}: {spelt(row.record)}" for row in judged.figure.rows]
    return "\n".join(lines)


def spelt(told: Any) -> str:
    """A dataclass without what is as always."""
    if told is None:
        return "no rule"
    unusual = [field.name for field in fields(told) if getattr(told, field.name) != field.default]
    shown = [name for name in unusual if name not in ("title", "file_hash", "has_file", "entered_on", "document_on")]
    return ", ".join(f"{name}={getattr(told, name)}" for name in shown)


seeds = st.integers(0, 2**32)
ONCE = (Phase.explicit, Phase.generate)  # a smaller seed is no simpler world


@settings(max_examples=40, phases=ONCE)
@given(seeds)
def test_the_statement_says_what_the_engine_says(seed: int) -> None:
    with world(seed) as made:
        told = differences(made.day)
        assert not told, "\n\n".join(told)


@settings(max_examples=8, phases=ONCE)
@given(seeds)
def test_people_are_counted_where_they_stand(seed: int) -> None:
    with world(seed) as made:
        ones = standing.of(Employment.objects.all(), made.day)
        district_of = dict(Institution.objects.values_list("pk", "district"))
        oblast_of = dict(Institution.objects.values_list("pk", "district__oblast"))
        places: dict[standing.By, Any] = {
            "institution": lambda institution: institution,
            "district": district_of.get,
            "oblast": oblast_of.get,
            "all": lambda institution: standing.ALL,
        }
        found = standing.counts(Employment.objects.all(), made.day, by=list(places))
        assert set(found) == set(places)
        for by, place_of in places.items():
            people: dict[Any, list[standing.Standing]] = defaultdict(list)
            for one in ones:
                people[place_of(one.institution), one.person].append(one)
            expected: dict[Any, Counter[HoursStatus]] = defaultdict(Counter)
            for (place, _person), jobs in people.items():
                expected[place][min((job.worse_status for job in jobs), key=standing.SEVERITY.index)] += 1
            assert found[by] == expected


def test_the_random_rows_reach_every_reason_and_status() -> None:
    """Else the properties above would prove less than they seem to."""
    reasons, statuses, drivers, moved, inexact = set(), set(), set(), set(), 0
    for seed in range(40):
        with world(seed) as made:
            for judged in facts.judgements(Employment.objects.all(), made.day).values():
                reasons.update(row.reason for row in judged.figure.rows)
                statuses.add((judged.status, judged.frequency and judged.frequency.status))
                drivers.add(judged.driver)
                if judged.term and judged.term.leave:
                    moved.add(judged.driver)
            inexact += sum(not one.is_due_exact for one in standing.of(Employment.objects.all(), made.day))
    assert reasons == set(Reason)
    assert {status for status, _ in statuses} == set(HoursStatus)
    assert drivers == {None, *Driver}
    assert moved == {*Driver} - {Driver.YEAR}
    assert inexact


# --- in particular ------------------------------------------------------------------------------------------------


@pytest.fixture
def job() -> Employment:
    factories.first_data()
    return factories.EmploymentFactory.create(starts_on=dt.date(2010, 9, 1))


def stands(job: Employment, on: dt.date) -> standing.Standing:
    [found] = standing.of(Employment.objects.filter(pk=job.pk), on)
    return found


def test_the_eight_rows_of_the_sample_stand_as_the_specification_says(job: Employment) -> None:
    plan(job)
    rows = eight_rows(job)
    on, due = dt.date(2022, 6, 30), dt.date(2023, 8, 31)
    found = stands(job, on)
    assert (found.total, found.status, found.due, found.is_due_exact) == (168, HoursStatus.MET, due, True)  # E15
    by = factories.UserFactory.create()
    for first, second in ((3, 4), (5, 7)):
        factories.confirmed_pair(rows[first], rows[second], by=by)
    assert stands(job, on).total == 216  # E17


def test_a_long_course_bars_both_short_ones_inside_it(job: Employment) -> None:
    """40 + 40 inside 50 is 50 (rules §6)."""
    for first, last, hours in ((1, 4, "40"), (6, 9, "40"), (1, 9, "50")):
        course(job, hours, dt.date(2022, 3, last), starts_on=dt.date(2022, 3, first))
    assert stands(job, dt.date(2022, 6, 30)).total == 50


def test_what_is_barred_bars_nobody(job: Employment) -> None:
    """A chain: the first takes the second's days, so the third keeps its own."""
    for first, last, hours in ((1, 4, "60"), (4, 7, "50"), (7, 9, "40"), (9, 12, "30")):
        course(job, hours, dt.date(2022, 3, last), starts_on=dt.date(2022, 3, first))
    assert stands(job, dt.date(2022, 6, 30)).total == 100


def test_tenths_of_hours_are_added_up_exactly(job: Employment) -> None:
    for month in range(1, 11):
        course(job, "7.2", dt.date(2022, month, 5))
    found = stands(job, dt.date(2022, 12, 31))
    assert (found.total, found.shortfall, found.status) == (72, 0, HoursStatus.MET)


def test_the_rules_and_the_statement_are_all_it_takes(job: Employment) -> None:
    course(job, "24", on := dt.date(2022, 3, 5))
    with CaptureQueriesContext(connection) as captured:
        standing.of(Employment.objects.on(on).filter(institution=job.institution), on)
        standing.counts(Employment.objects.filter(institution__district=1), on, by=["institution", "all"])
    assert len(captured) == 4


def test_values_stay_values(job: Employment) -> None:
    """A staff group is typed by people: whatever it says, it is looked up and never run."""
    evil = "'; DROP TABLE x; -- %s $rules"
    HoursPolicy.objects.update(staff_group=evil)
    Employment.objects.update(staff_group=evil)
    course(job, "24", dt.date(2022, 3, 5))
    found = stands(job, dt.date(2022, 6, 30))
    assert (found.total, found.policy and found.policy.staff_group) == (24, evil[:40])


def test_a_person_with_two_jobs_is_one_person_where_the_worse_job_stands(job: Employment) -> None:
    district = job.institution.district
    second = factories.EmploymentFactory.create(
        person=job.person, is_main=False, institution=factories.InstitutionFactory.create(district=district)
    )
    plan(second, Period(dt.date(2021, 9, 1), dt.date(2026, 8, 31)))
    course(job, "72", dt.date(2021, 3, 5))
    on = dt.date(2022, 6, 30)
    found = standing.counts(Employment.objects.all(), on, by=["institution", "district", "all"])
    assert found["institution"] == {
        job.institution_id: {HoursStatus.MET: 1},
        second.institution_id: {HoursStatus.IN_PROGRESS: 1},
    }
    assert found["district"] == {district.pk: {HoursStatus.IN_PROGRESS: 1}}
    assert found["all"] == {standing.ALL: {HoursStatus.IN_PROGRESS: 1}}


def test_nobody_is_nothing() -> None:
    factories.first_data()
    assert standing.of(Employment.objects.all(), dt.date(2022, 6, 30)) == []
    assert standing.counts(Employment.objects.all(), dt.date(2022, 6, 30), by=["all"]) == {"all": {}}
    assert standing.of(Employment.objects.none(), dt.date(2022, 6, 30)) == []
