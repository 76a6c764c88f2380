"""Who is a young specialist: by the years of teaching that the rule names, or because the school says so."""

import datetime as dt

import pytest

from courses.models import InductionNorm
from courses.young import without_mentor, young_among, young_in
from cpd.dates import add_years, today
from schools.models import Employment, Mentorship, Person
from tests.conftest import Cast
from tests.factories import job_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HIRED = dt.date(2024, 9, 2)


def hired(cast: Cast, on: dt.date = HIRED, **columns: object) -> Employment:
    job = job_of(cast.peer)
    Employment.objects.filter(pk=job.pk).update(starts_on=on, **columns)
    return Employment.objects.get(pk=job.pk)


def is_young(job: Employment, on: dt.date) -> bool:
    return young_among(Employment.objects.filter(pk=job.pk), on).exists()


@pytest.fixture
def norm(cast: Cast) -> InductionNorm:
    """Three years, in schools."""
    return InductionNorm.objects.get()


def test_the_years_are_counted_from_the_first_day_of_teaching_and_the_last_one_is_inside(
    norm: InductionNorm, cast: Cast
) -> None:
    job = hired(cast)
    over = add_years(HIRED, norm.young_years)
    assert not is_young(job, HIRED - DAY)
    assert is_young(job, HIRED)
    assert is_young(job, over - DAY)
    assert not is_young(job, over)


def test_who_began_on_29_february_is_young_until_the_28th_comes(norm: InductionNorm, cast: Cast) -> None:
    job = hired(cast, dt.date(2024, 2, 29))
    assert is_young(job, dt.date(2027, 2, 27))
    assert not is_young(job, dt.date(2027, 2, 28))


def test_who_taught_before_is_young_no_more_in_a_new_school(norm: InductionNorm, cast: Cast) -> None:
    job = hired(cast)
    Person.objects.filter(pk=cast.peer.person_id).update(teaching_since=dt.date(2010, 9, 1))
    assert not is_young(job, HIRED)


def test_an_earlier_employment_elsewhere_counts_where_it_was_a_teaching_one(norm: InductionNorm, cast: Cast) -> None:
    job = hired(cast)
    earlier = Employment.objects.create(
        person=cast.peer.person, institution=cast.far_school, position="ашпозчу", starts_on=dt.date(2012, 9, 1),
        ends_on=dt.date(2013, 9, 1), is_teaching=False,
    )  # fmt: skip
    assert is_young(job, HIRED)
    Employment.objects.filter(pk=earlier.pk).update(is_teaching=True)
    assert not is_young(job, HIRED)


@pytest.mark.parametrize("said", [True, False])
def test_what_the_school_says_goes_before_the_years(said: bool, norm: InductionNorm, cast: Cast) -> None:
    assert is_young(hired(cast, is_young_specialist=said), HIRED) is said
    assert is_young(hired(cast, dt.date(2010, 9, 1), is_young_specialist=said), today()) is said


def test_only_teaching_posts_are_meant(norm: InductionNorm, cast: Cast) -> None:
    assert not is_young(hired(cast, is_teaching=False, is_young_specialist=True), HIRED)


def test_without_a_rule_nobody_is_young_but_who_is_called_so(norm: InductionNorm, cast: Cast) -> None:
    norm.delete()
    assert not is_young(hired(cast), HIRED)
    assert is_young(hired(cast, is_young_specialist=True), HIRED)


def test_the_rule_of_the_institution_goes_before_that_of_its_kind_and_the_later_before_the_earlier(
    norm: InductionNorm, cast: Cast
) -> None:
    job, day = hired(cast), HIRED + dt.timedelta(days=500)
    assert is_young(job, day)
    columns = {"legal_act": norm.legal_act, "institution_kind": "school", "status": "in_force", "years": 3}
    columns |= {"due_months": 3, "source_clause": "1"}
    InductionNorm.objects.create(**columns, young_years=1, valid_from=HIRED)
    assert not is_young(job, day)
    InductionNorm.objects.create(**columns, young_years=2, valid_from=HIRED - DAY, institution=cast.school)
    assert is_young(job, day)
    rule = InductionNorm.objects.for_institution(cast.school, day)
    assert rule.young_years == 2, "the same rule as everywhere"


def test_a_whole_school_takes_two_queries(norm: InductionNorm, cast: Cast, django_assert_num_queries: object) -> None:
    job = hired(cast)
    with django_assert_num_queries(2):  # type: ignore[operator]
        [found] = young_in(cast.school, HIRED)
    assert (found, getattr(found, "taught_from", None)) == (job, HIRED)


def test_young_specialists_of_several_schools_are_found_by_the_rule_of_each(norm: InductionNorm, cast: Cast) -> None:
    hired(cast)
    Employment.objects.filter(person=cast.stranger.person).update(starts_on=HIRED)
    found = young_among(Employment.objects.all(), HIRED)
    assert {job.person for job in found} == {cast.peer.person, cast.stranger.person}
    norm.institution = cast.other_school
    norm.save()
    assert {job.person for job in young_among(Employment.objects.all(), HIRED)} == {cast.stranger.person}


def test_only_young_specialists_lack_a_mentor(norm: InductionNorm, cast: Cast) -> None:
    job = hired(cast)
    here = Employment.objects.filter(institution=cast.school)
    assert [*without_mentor(here, HIRED)] == [job]
    pair = {"mentor": cast.teacher.person, "mentee": cast.peer.person}
    Mentorship.objects.create(institution=cast.school, starts_on=HIRED, **pair)
    assert [*without_mentor(here, HIRED)] == []
