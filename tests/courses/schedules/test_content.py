"""What is frozen of a schedule, what differs between two of them, and what keeps one from being handed on."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from courses.choices import Block, RecordStatus
from courses.models import HoursPolicy, Schedule, ScheduleEntry
from courses.schedules.content import (
    ColumnChange,
    Content,
    Difference,
    DifferenceKind,
    Lack,
    content_of,
    differences,
    lacking,
    rows_of,
)
from cpd.dates import add_years, today
from schools.models import MethodicalAssociation, Subject, User
from schools.models.documents import digest
from tests import factories
from tests.conftest import Cast
from tests.factories import ScheduleEntryFactory, job_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule(cast: Cast) -> Schedule:
    """The school's, without a row."""
    return factories.school_schedule(cast.school, by=cast.deputy)


def entry(schedule: Schedule, whose: User, **columns: Any) -> ScheduleEntry:
    job = job_of(whose)
    return ScheduleEntryFactory.create(
        **{"schedule": schedule, "employment": job, "association": job.association} | columns
    )


def row_of(schedule: Schedule, place: int = 0) -> dict[str, Any]:
    return list(rows_of(content_of(schedule)))[place]


def test_a_content_survives_being_stored_with_the_same_hash(schedule: Schedule, cast: Cast) -> None:
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED)
    entry(schedule, cast.teacher, hours=Decimal("72.5"), starts_on=today(), ends_on=today(), reasons=[{"code": "due"}])
    entry(schedule, cast.director, title="", hours=None)
    content = content_of(schedule)
    stored = json.loads(json.dumps(content, ensure_ascii=False))
    assert stored == content
    assert digest(stored) == digest(content)
    assert digest(content_of(factories.fresh(schedule))) == digest(content)


def test_the_head_names_year_school_and_what_is_required(schedule: Schedule, cast: Cast) -> None:
    content = content_of(schedule)
    assert content | {"groups": [], "required_hours": ""} == {
        "kind": "school_schedule",
        "school_year": factories.next_school_year(),
        "school": {"title": "Ак-Бата орто мектеби", "district": "Алма-Булак району"},
        "association": "",
        "change_note": "",
        "required_hours": "",
        "parts": {},
        "groups": [],
        "rows": 0,
        "teachers": 0,
        "hours": "0",
    }
    assert content["required_hours"] == "72"
    HoursPolicy.objects.all().delete()
    assert content_of(schedule)["required_hours"] is None


def test_a_row_holds_all_that_the_form_prints(schedule: Schedule, cast: Cast) -> None:
    person, job = cast.teacher.person, job_of(cast.teacher)
    person.category_id, person.teaching_since = "first", add_years(today(), -6)
    person.save()
    job.subjects.add(*(Subject.objects.create(title_ky=title) for title in ("Химия", "Биология")))
    last = factories.training_record(cast.teacher, status=RecordStatus.VERIFIED)
    written = {"starts_on": dt.date(2027, 10, 5), "ends_on": dt.date(2027, 10, 16)}
    made = entry(
        schedule, cast.teacher, **written, title="Инклюзия", block=Block.COMPULSORY, responsible="Окуу бөлүмү",
        note="Тактоо", reasons=[{"code": "shortfall", "hours": "48"}],
    )  # fmt: skip
    assert last.ends_on
    assert row_of(schedule) == {
        "uid": str(made.uid),
        "employment": job.pk,
        "teacher": person.full_name,
        "subjects": ["Биология", "Химия"],
        "position": "биология мугалими",
        "category": "Биринчи категория",
        "experience_years": 6,
        "last_year": last.ends_on.year,
        "last_hours": "24",
        "total": "24",
        "shortfall": "48",
        "title": "Инклюзия",
        "block": "compulsory",
        "hours": "72",
        "provider": "Республикалык институт",
        "study_form": "full_time",
        "proposed_month": 10,
        "starts_on": "2027-10-05",
        "ends_on": "2027-10-16",
        "responsible": "Окуу бөлүмү",
        "note": "Тактоо",
        "reasons": [{"code": "shortfall", "hours": "48"}],
        "offering": None,
        "plan_item": None,
    }


def test_the_last_course_is_the_last_verified_one_by_the_day(schedule: Schedule, cast: Cast) -> None:
    entry(schedule, cast.teacher)
    assert (row_of(schedule)["last_year"], row_of(schedule)["last_hours"]) == (None, None)
    for years, hours in ((4, 16), (2, 24)):
        ended = add_years(today(), -years)
        factories.training_record(
            cast.teacher, status=RecordStatus.VERIFIED, ends_on=ended, amount=Decimal(hours), title=f"{years}"
        )
    factories.training_record(cast.teacher)  # waits for verification
    assert (row_of(schedule)["last_year"], row_of(schedule)["last_hours"]) == (today().year - 2, "24")
    earlier = next(iter(rows_of(content_of(schedule, on=add_years(today(), -3)))))
    assert (earlier["last_year"], earlier["last_hours"], earlier["total"]) == (today().year - 4, "16", "16")


def test_groups_and_names_stand_in_kyrgyz_order_and_the_unattached_last(schedule: Schedule, cast: Cast) -> None:
    own = {
        title: MethodicalAssociation.objects.create(title_ky=title, institution=cast.school)
        for title in ("Өнөр", "Орус тили", "Пандык")
    }
    for association in own.values():
        entry(schedule, cast.teacher, association=association, title=association.title_ky)
    for whose in (cast.peer, cast.teacher, cast.deputy, cast.director):
        entry(schedule, whose)
    content = content_of(schedule)
    titles = [group["association"] for group in content["groups"]]
    assert titles == ["Орус тили", "Өнөр", "Пандык", "Табигый илимдер", ""]
    science = next(group for group in content["groups"] if group["association"] == "Табигый илимдер")
    assert [row["teacher"].split()[0] for row in science["rows"]] == ["Өмүралиева", "Сыдыгалиев", "Төлөгөнова"]


def test_rows_of_one_teacher_stand_by_term_then_by_month_of_the_school_year(schedule: Schedule, cast: Cast) -> None:
    year = schedule.school_year
    entry(schedule, cast.teacher, title="май", proposed_month=5)
    entry(schedule, cast.teacher, title="айсыз", proposed_month=None)
    entry(schedule, cast.teacher, title="сентябрь", proposed_month=9)
    late, early = dt.date(year + 1, 3, 1), dt.date(year, 11, 1)
    entry(schedule, cast.teacher, title="март", starts_on=late, ends_on=late)
    entry(schedule, cast.teacher, title="ноябрь", starts_on=early, ends_on=early)
    titles = [row["title"] for row in rows_of(content_of(schedule))]
    assert titles == ["ноябрь", "март", "сентябрь", "май", "айсыз"]


def test_sums_count_every_teacher_once(schedule: Schedule, cast: Cast) -> None:
    entry(schedule, cast.teacher, hours=Decimal("24.5"))
    entry(schedule, cast.teacher, hours=Decimal("47.5"))
    entry(schedule, cast.peer, hours=None)
    entry(schedule, cast.colleague)
    content = content_of(schedule)
    assert [(group["teachers"], group["hours"]) for group in content["groups"]] == [(2, "72"), (1, "72")]
    assert (content["teachers"], content["rows"], content["hours"]) == (3, 4, "144")


def test_an_associations_schedule_is_one_group(cast: Cast) -> None:
    schedule = factories.association_schedule(cast.association, by=cast.head)
    entry(schedule, cast.teacher, association=None)
    entry(schedule, cast.peer)
    content = content_of(schedule)
    assert content["association"] == "Табигый илимдер"
    assert [(group["association"], len(group["rows"])) for group in content["groups"]] == [("Табигый илимдер", 2)]


@pytest.mark.parametrize("count", [1, 30])
def test_a_content_costs_the_same_queries_however_long_it_is(
    count: int, schedule: Schedule, cast: Cast, django_assert_num_queries: Any
) -> None:
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED)
    people = [cast.teacher, cast.peer, cast.colleague, cast.director]
    for number in range(count):
        entry(schedule, people[number % 4])
    found = Schedule.objects.select_related("institution__district", "association").get(pk=schedule.pk)
    with django_assert_num_queries(5):
        content_of(found)


# --- what is lacking ----------------------------------------------------------------------------------------------


def test_a_school_schedule_lacks_titles_and_terms(schedule: Schedule, cast: Cast) -> None:
    assert lacking(content_of(schedule)) == [("", Lack.NO_ROWS)]
    whole = entry(schedule, cast.colleague, starts_on=today(), ends_on=today())
    assert lacking(content_of(schedule)) == []
    bare = entry(schedule, cast.teacher, title="")
    no_term = entry(schedule, cast.peer)
    found = [(str(bare.uid), Lack.NO_TITLE), (str(bare.uid), Lack.NO_TERM), (str(no_term.uid), Lack.NO_TERM)]
    assert lacking(content_of(schedule)) == found
    assert str(whole.uid) not in dict(found)


def test_an_associations_schedule_lacks_nothing_but_a_first_row(cast: Cast) -> None:
    schedule = factories.association_schedule(cast.association, by=cast.head)
    assert lacking(content_of(schedule)) == [("", Lack.NO_ROWS)]
    entry(schedule, cast.teacher, title="")
    assert lacking(content_of(schedule)) == []


# --- differences --------------------------------------------------------------------------------------------------


@pytest.fixture
def before(schedule: Schedule, cast: Cast) -> Content:
    """Two rows in the same association."""
    entry(schedule, cast.teacher, title="Инклюзия")
    entry(schedule, cast.peer, title="Баалоо")
    return content_of(schedule)


def changed(schedule: Schedule, title: str, **columns: Any) -> Content:
    ScheduleEntry.objects.filter(schedule=schedule, title=title).update(**columns)
    return content_of(factories.fresh(schedule))


def test_nothing_differs_between_a_content_and_itself(before: Content, schedule: Schedule, cast: Cast) -> None:
    assert differences(before, json.loads(json.dumps(before))) == []
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED)
    person = cast.teacher.person
    person.family_name, person.category_id = "Башкаева", "highest"
    person.save()
    assert differences(before, content_of(factories.fresh(schedule))) == []


def test_a_changed_row_says_which_columns(before: Content, schedule: Schedule, cast: Cast) -> None:
    term = {"starts_on": dt.date(2027, 10, 5), "ends_on": dt.date(2027, 10, 16)}
    after = changed(schedule, "Инклюзия", hours=Decimal(36), association=cast.other_association, **term)
    (found,) = differences(before, after)
    assert (found.kind, found.title) == (DifferenceKind.CHANGED, "Инклюзия")
    assert found.teacher == cast.teacher.person.full_name
    assert found.columns == (
        ColumnChange("association", "Табигый илимдер", "Тилдер"),
        ColumnChange("hours", "72", "36"),
        ColumnChange("term", "", ["2027-10-05", "2027-10-16"]),
    )


def test_another_teacher_in_a_row_is_a_change(before: Content, schedule: Schedule, cast: Cast) -> None:
    (found,) = differences(before, changed(schedule, "Инклюзия", employment=job_of(cast.head)))
    names = [user.person.full_name for user in (cast.teacher, cast.head)]
    assert found.columns == (ColumnChange("teacher", *names),)


def test_rows_that_came_and_went_are_told_last_the_gone(before: Content, schedule: Schedule, cast: Cast) -> None:
    gone = ScheduleEntry.objects.get(title="Баалоо")
    uid, _row = str(gone.uid), gone.delete()
    made = entry(schedule, cast.colleague, title="Санарип", block="", proposed_month=None)
    found = differences(before, content_of(factories.fresh(schedule)))
    assert [(one.kind, one.uid, one.title) for one in found] == [
        (DifferenceKind.ADDED, str(made.uid), "Санарип"),
        (DifferenceKind.REMOVED, uid, "Баалоо"),
    ]
    added: Difference = found[0]
    assert {column.name for column in added.columns} == {
        *("association", "teacher", "title", "hours", "provider", "study_form"),
    }
    assert all(column.before == "" for column in added.columns)


def test_a_renamed_association_is_no_change(schedule: Schedule, cast: Cast) -> None:
    made = entry(schedule, cast.teacher)
    before = content_of(schedule)
    type(cast.association).objects.filter(pk=cast.association.pk).update(title_ky="Так илимдер")
    after = content_of(factories.fresh(schedule))
    titles = [content["groups"][0]["association"] for content in (before, after)]
    assert titles == ["Табигый илимдер", "Так илимдер"]
    assert differences(before, after) == []
    type(made).objects.filter(pk=made.pk).update(association=cast.other_association)
    [change] = differences(after, content_of(factories.fresh(schedule)))
    assert [(one.name, one.after) for one in change.columns] == [("association", "Тилдер")]
