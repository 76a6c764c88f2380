"""The clashes of a schedule, without a database."""

import datetime as dt
import time
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.choices import Clash
from courses.schedules.clashes import Limit, Pair, Place, Spell, Stay, Surroundings, Warning, clashes
from courses.templatetags.clash_words import said
from cpd.dates import Period

MONDAY = dt.date(2026, 10, 5)
ALWAYS = Period(dt.date.min, dt.date.max)
BIOLOGY, CHEMISTRY = 1, 2


def day(number: int) -> dt.date:
    """So many days after a Monday in October."""
    return MONDAY + dt.timedelta(number)


def days(first: int, last: int) -> Period:
    return Period(day(first), day(last))


def stay(uid: str, first: int, last: int, **columns) -> Stay:
    """A course of somebody of their own who teaches nothing and belongs nowhere, unless ``columns`` say otherwise."""
    person = columns.pop("person", sum(map(ord, uid)))
    wanted = {
        "employment": person + 1000,
        "name": f"Мугалим {uid}",
        "subjects": frozenset(),
        "association": None,
        "title": f"Курс {uid}",
    }
    return Stay(uid=uid, person=person, starts_on=day(first), ends_on=day(last), **wanted | columns)


def biologist(uid: str, first: int, last: int, **columns) -> Stay:
    return stay(uid, first, last, **{"subjects": frozenset([BIOLOGY])} | columns)


def codes(stays: list[Stay], around: Surroundings = Surroundings()) -> dict[str, list[Clash]]:  # noqa: B008
    return {uid: [warning.code for warning in found] for uid, found in clashes(stays, around).items()}


def test_a_course_by_itself_warns_of_nothing():
    assert clashes([biologist("a", 0, 11)], Surroundings()) == {}


def test_two_teachers_of_one_subject_in_one_week_are_told_of_each_other():
    found = clashes([biologist("a", 0, 4), biologist("b", 2, 9)], Surroundings())
    assert found == {
        "a": [Warning(Clash.SAME_SUBJECT, others=("b",), names=("Мугалим b",))],
        "b": [Warning(Clash.SAME_SUBJECT, others=("a",), names=("Мугалим a",))],
    }


@pytest.mark.parametrize(("first", "is_told"), [(4, True), (5, True), (6, True), (7, False), (-1, False)])
def test_it_is_the_week_from_monday_that_counts_and_not_the_days(first, is_told):
    """On Monday and Tuesday one is away; the other leaves later in the week, on Monday after it or Sunday before."""
    found = codes([biologist("a", 0, 1), biologist("b", first, first)])
    assert found == ({"a": [Clash.SAME_SUBJECT], "b": [Clash.SAME_SUBJECT]} if is_told else {})


def test_a_week_that_two_years_share_is_one_week():
    new_year = (dt.date(2026, 12, 31) - MONDAY).days  # a Thursday
    assert codes([biologist("a", new_year, new_year), biologist("b", new_year + 1, new_year + 2)]) != {}


def test_one_of_several_subjects_in_common_is_enough():
    both = biologist("b", 0, 4, subjects=frozenset([CHEMISTRY, BIOLOGY]))
    assert codes([biologist("a", 0, 4), both, stay("c", 0, 4, subjects=frozenset([CHEMISTRY]))]) == {
        "a": [Clash.SAME_SUBJECT],
        "b": [Clash.SAME_SUBJECT],
        "c": [Clash.SAME_SUBJECT],
    }
    assert clashes([biologist("a", 0, 4), both, biologist("d", 0, 0)], Surroundings())["a"][0].others == ("b", "d")


def test_of_two_of_one_subject_it_is_not_said_as_well_that_they_are_of_one_association():
    one, other = biologist("a", 0, 4, association=7), biologist("b", 0, 4, association=7)
    third = stay("c", 0, 4, association=7)
    found = clashes([one, other, third], Surroundings())
    assert [(warning.code, warning.others) for warning in found["a"]] == [
        (Clash.SAME_SUBJECT, ("b",)),
        (Clash.SAME_ASSOCIATION, ("c",)),
    ]
    assert [(warning.code, warning.others) for warning in found["c"]] == [(Clash.SAME_ASSOCIATION, ("a", "b"))]


def test_two_of_no_association_are_not_of_one():
    assert codes([stay("a", 0, 4), stay("b", 0, 4)]) == {}


def test_one_teacher_s_two_courses_do_not_make_a_subject_empty():
    """Both in one week, on different days: nobody but this teacher is away."""
    assert codes([biologist("a", 0, 1, person=1), biologist("b", 2, 3, person=1)]) == {}


def test_a_second_course_at_the_same_time_names_the_course():
    found = clashes([stay("a", 0, 4, person=1), stay("b", 4, 8, person=1)], Surroundings())
    assert found["a"] == [Warning(Clash.SAME_TEACHER, others=("b",), names=("Курс b",))]
    assert found["b"] == [Warning(Clash.SAME_TEACHER, others=("a",), names=("Курс a",))]


def test_a_place_in_another_course_is_a_second_course():
    around = Surroundings(places=(Place(person=1, offering=5, title="STEM", days=days(4, 20)),))
    assert clashes([stay("a", 0, 4, person=1)], around) == {"a": [Warning(Clash.SAME_TEACHER, names=("STEM",))]}
    assert clashes([stay("a", 0, 3, person=1), stay("b", 5, 6, person=2)], around) == {}


@pytest.mark.parametrize("columns", [{"offering": 5}, {"title": "stem"}])
def test_the_place_in_the_very_course_of_the_row_is_no_second_one(columns):
    around = Surroundings(places=(Place(person=1, offering=5, title="STEM", days=days(0, 4)),))
    assert clashes([stay("a", 0, 4, person=1, **columns)], around) == {}


def test_mentor_and_young_specialist_are_not_away_together():
    around = Surroundings(pairs=(Pair(mentor=1, mentee=2, days=days(0, 100)),))
    assert codes([stay("a", 0, 4, person=1), stay("b", 4, 9, person=2)], around) == {
        "a": [Clash.MENTOR_WITH_MENTEE],
        "b": [Clash.MENTOR_WITH_MENTEE],
    }


def test_mentor_and_young_specialist_may_be_away_one_after_the_other():
    around = Surroundings(pairs=(Pair(mentor=1, mentee=2, days=ALWAYS),))
    assert codes([stay("a", 0, 2, person=1), stay("b", 3, 4, person=2)], around) == {}


def test_it_is_on_a_common_day_that_they_have_to_be_a_pair():
    """The mentorship ends on the day before they are both away."""
    away = [stay("a", 0, 4, person=1), stay("b", 4, 9, person=2)]
    assert codes(away, Surroundings(pairs=(Pair(mentor=1, mentee=2, days=days(-50, 3)),))) == {}
    assert codes(away, Surroundings(pairs=(Pair(mentor=1, mentee=2, days=days(-50, 4)),))) != {}


def test_leave_of_everybody_and_one_s_own_are_told_with_the_days():
    around = Surroundings(leaves=(Spell(days(3, 30)), Spell(days(0, 1), employment=1001), Spell(days(0, 9), 1002)))
    assert clashes([stay("a", 0, 4, person=1)], around) == {
        "a": [Warning(Clash.LEAVE, on=days(0, 1)), Warning(Clash.LEAVE, on=days(3, 4))]
    }


def test_leave_that_school_and_district_both_keep_is_said_once():
    around = Surroundings(leaves=(Spell(days(3, 30)), Spell(days(3, 20))))
    assert clashes([stay("a", 0, 4)], around) == {"a": [Warning(Clash.LEAVE, on=days(3, 4))]}


def test_examination_weeks_are_told_on_their_first_and_last_day_and_not_beside():
    around = Surroundings(exams=(Spell(days(5, 6)),))
    assert codes([stay("a", 6, 9)], around) == codes([stay("a", 0, 5)], around) == {"a": [Clash.EXAMS]}
    assert codes([stay("a", 7, 9), stay("b", 0, 4)], around) == {}


def test_a_course_that_ends_on_the_due_date_is_in_time():
    assert codes([stay("a", 0, 4, due=day(4))]) == {}
    assert clashes([stay("a", 0, 4, due=day(3))], Surroundings()) == {"a": [Warning(Clash.AFTER_DUE, on=days(3, 3))]}


def test_who_is_late_already_is_late_whatever_the_term():
    since = Surroundings(due_since=day(2))
    assert codes([stay("a", 0, 4, due=day(1))], since) == {}
    assert codes([stay("a", 0, 4, due=day(2))], since) == {"a": [Clash.AFTER_DUE]}


def limited(percent: int, teachers: int = 10) -> Surroundings:
    return Surroundings(limits=(Limit(percent, ALWAYS),), teachers=teachers)


def test_as_many_as_the_limit_may_be_away_and_no_more():
    two = [stay("a", 0, 4), stay("b", 2, 9)]
    assert codes(two, limited(20)) == {}
    found = clashes([*two, stay("c", 4, 5)], limited(20))
    assert found == {uid: [Warning(Clash.TOO_MANY_AWAY, on=days(4, 4), away=3)] for uid in "abc"}


def test_without_a_limit_everybody_may_be_away():
    assert codes([stay("a", 0, 4), stay("b", 0, 4)], Surroundings(teachers=2)) == {}


def test_a_school_without_teachers_has_no_share():
    assert codes([stay("a", 0, 4)], limited(1, teachers=0)) == {}


def test_people_are_counted_and_not_rows():
    away = [stay("a", 0, 4, person=1, title="А"), stay("b", 0, 4, person=1, title="Б")]
    assert codes(away, limited(10)) == {"a": [Clash.SAME_TEACHER], "b": [Clash.SAME_TEACHER]}


def test_days_on_end_are_one_warning_with_the_most_of_them():
    away = [stay("a", 0, 9), stay("b", 1, 4), stay("c", 3, 6), stay("d", 9, 9)]
    assert clashes(away, limited(10))["a"] == [
        Warning(Clash.TOO_MANY_AWAY, on=days(1, 6), away=3),
        Warning(Clash.TOO_MANY_AWAY, on=days(9, 9), away=2),
    ]
    assert clashes(away, limited(10))["d"] == [Warning(Clash.TOO_MANY_AWAY, on=days(9, 9), away=2)]


def test_a_limit_holds_on_its_days_and_the_first_goes_before_the_next():
    around = Surroundings(limits=(Limit(5, days(2, 3)), Limit(90, ALWAYS)), teachers=10)
    assert clashes([stay("a", 0, 9)], around) == {"a": [Warning(Clash.TOO_MANY_AWAY, on=days(2, 3), away=1)]}


def test_the_last_day_of_the_calendar_can_be_typed():
    end = (dt.date.max - MONDAY).days
    around = replace(limited(1), leaves=(Spell(ALWAYS),), exams=(Spell(ALWAYS),))
    assert len(clashes([biologist("a", 0, end), biologist("b", end, end)], around)) == 2


def test_two_hundred_rows_in_one_month_take_milliseconds():
    away = [
        stay(str(n), n % 20, n % 20 + 11, person=n, association=n % 9, subjects=frozenset([n % 14]), due=day(9))
        for n in range(200)
    ]
    around = replace(limited(5, teachers=200), exams=(Spell(days(3, 9)),), leaves=(Spell(days(12, 15)),))
    begun = time.perf_counter()
    assert len(clashes(away, around)) == 200
    assert time.perf_counter() - begun < 0.5, "some thirty milliseconds; a busy machine may take longer"


# Words ------------------------------------------------------------------------------------------------------------


def test_every_warning_is_a_sentence_with_all_that_it_knows():
    for code in Clash:
        sentence = said(Warning(code, names=("Асанова А.", "Бекова Б."), on=days(0, 4), away=3))
        assert "%" not in sentence
        assert ("Асанова А., Бекова Б." in sentence) != ("2026" in sentence), code
    assert "3" in said(Warning(Clash.TOO_MANY_AWAY, on=days(0, 4), away=3)).replace("2026", "")


def test_a_second_row_without_a_course_is_told_without_a_name():
    assert ":" not in said(Warning(Clash.SAME_TEACHER, others=("b",)))


# Against the same said naively -------------------------------------------------------------------------------------


def naive(stays: list[Stay], around: Surroundings) -> dict[str, list[Warning]]:
    """Every row against every other, and day by day."""
    found = {}
    for one in stays:
        warnings = [*naive_others(one, stays, around), *naive_days(one, stays, around)]
        if warnings:
            found[one.uid] = sorted(warnings, key=lambda warning: [*Clash].index(warning.code))
    return found


def days_of(period: Period) -> list[dt.date]:
    return [period.starts_on + dt.timedelta(n) for n in range((period.ends_on - period.starts_on).days + 1)]


def weeks_of(one: Stay) -> set[tuple[int, int]]:
    return {day.isocalendar()[:2] for day in days_of(one.days)}


def naive_others(one: Stay, stays: list[Stay], around: Surroundings):
    others = sorted((other for other in stays if other != one), key=lambda s: (s.starts_on, s.name, s.uid))
    near = [other for other in others if other.person != one.person and weeks_of(one) & weeks_of(other)]
    subject = [other for other in near if one.subjects & other.subjects]
    association = [
        other for other in near if other not in subject and one.association == other.association is not None
    ]
    paired = [
        other
        for other in near
        if any(
            {pair.mentor, pair.mentee} == {one.person, other.person}
            and set(days_of(one.days)) & set(days_of(other.days)) & set(days_of(pair.days))
            for pair in around.pairs
        )
    ]
    own = [other for other in others if other.person == one.person and one.days.overlaps(other.days)]
    given = [
        place.title
        for place in around.places
        if place.person == one.person and place.days.overlaps(one.days) and place.offering != one.offering
    ]
    if own or given:
        titles = [*(other.title for other in own), *given]
        yield Warning(Clash.SAME_TEACHER, tuple(other.uid for other in own), tuple(dict.fromkeys(titles)))
    for code, met in (
        (Clash.SAME_SUBJECT, subject),
        (Clash.SAME_ASSOCIATION, association),
        (Clash.MENTOR_WITH_MENTEE, paired),
    ):
        if met:
            names = tuple(dict.fromkeys(other.name for other in met))
            yield Warning(code, tuple(other.uid for other in met), names)


def naive_days(one: Stay, stays: list[Stay], around: Surroundings):
    if one.due and one.ends_on > one.due:
        yield Warning(Clash.AFTER_DUE, on=Period(one.due, one.due))
    for code, spells in ((Clash.LEAVE, around.leaves), (Clash.EXAMS, around.exams)):
        held = [
            set(days_of(s.days)) & set(days_of(one.days)) for s in spells if s.employment in (None, one.employment)
        ]
        for common in sorted({(min(both), max(both)) for both in held if both}):
            yield Warning(code, on=Period(*common))
    run: list[tuple[dt.date, int]] = []
    for moment in [*days_of(one.days), None]:
        away = len({other.person for other in stays if moment and moment in other.days})
        percents = [limit.percent for limit in around.limits if moment and moment in limit.days]
        if percents and around.teachers and Fraction(away, around.teachers) > Fraction(percents[0], 100):
            run.append((moment, away))
        elif run:
            yield Warning(Clash.TOO_MANY_AWAY, on=Period(run[0][0], run[-1][0]), away=max(n for _day, n in run))
            run = []


periods = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(lambda pair: days(pair[0], sum(pair)))
some_people = st.integers(1, 6)
some_spells = st.lists(st.builds(Spell, periods, st.none() | some_people.map(lambda n: n + 1000)), max_size=3)


@st.composite
def schedules(draw) -> list[Stay]:
    rows = draw(st.lists(st.tuples(some_people, periods), max_size=9))
    return [
        stay(
            f"r{n}",
            (period.starts_on - MONDAY).days,
            (period.ends_on - MONDAY).days,
            person=person,
            name=f"Мугалим {person}",
            subjects=frozenset([person % 3]),
            association=person % 2 or None,
            due=draw(st.none() | st.integers(0, 40).map(day)),
            offering=draw(st.none() | st.integers(1, 2)),
        )
        for n, (person, period) in enumerate(rows)
    ]


surroundings = st.builds(
    Surroundings,
    exams=some_spells.map(tuple),
    leaves=some_spells.map(tuple),
    pairs=st.lists(
        st.tuples(some_people, some_people, periods).filter(lambda row: row[0] != row[1]).map(lambda row: Pair(*row)),
        max_size=3,
    ).map(tuple),
    places=st.lists(st.builds(Place, some_people, st.integers(1, 2), st.sampled_from("АБ"), periods), max_size=3).map(
        tuple
    ),
    limits=st.lists(st.builds(Limit, st.integers(1, 100), periods), max_size=3).map(tuple),
    teachers=st.integers(0, 8),
)


@given(schedules(), surroundings)
def test_the_same_is_found_as_by_looking_at_every_pair_and_every_day(stays, around):
    assert clashes(stays, around) == naive(stays, around)


@given(schedules(), surroundings)
def test_whoever_is_told_of_another_row_is_told_of_by_it(stays, around):
    found = clashes(stays, around)
    told = {(uid, other, one.code) for uid, warnings in found.items() for one in warnings for other in one.others}
    assert told == {(other, uid, code) for uid, other, code in told}
    for one, other in combinations(stays, 2):
        if one.person == other.person:
            assert {code for *rows, code in told if rows == [one.uid, other.uid]} <= {Clash.SAME_TEACHER}


@given(schedules(), surroundings, st.randoms())
def test_the_order_of_the_rows_makes_no_difference(stays, around, chance):
    mixed = [*stays]
    chance.shuffle(mixed)
    assert clashes(mixed, around) == clashes(stays, around)
