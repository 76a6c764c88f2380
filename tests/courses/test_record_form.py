"""The form of a record: what is refused, what is kept though it could not be read, and that nothing typed is lost."""

import datetime as dt
from typing import Any

import pytest

from courses.forms import RecordForm
from cpd.dates import today
from schools.models import Employment
from tests import factories
from tests.conftest import Cast

DAYS = {"tomorrow": dt.timedelta(days=1), "next_month": dt.timedelta(days=31), "next_year": dt.timedelta(days=366)}


def ahead(text: str) -> str:
    """``text`` with the day it names: reckoned when a test runs, for midnight may pass after all were collected."""
    return text.format(**{name: today() + days for name, days in DAYS.items()})


def form(cast: Cast, *, submits: bool = False, **typed: Any) -> RecordForm:
    complete = {
        "title": "Критерийлик баалоо",
        "date_text": "12-23-июль 2021",
        "provider_text": "GIZ",
        "hours_text": "24",
    }
    return RecordForm(complete | typed, user=cast.teacher, submits=submits)


def test_four_fields_are_enough_for_a_submission(cast: Cast) -> None:
    filled = form(cast, submits=True)
    assert filled.is_valid(), filled.errors
    assert filled.columns()["institution"] == cast.school
    assert filled.columns()["kind"] == "course"


def test_a_draft_needs_what_one_knows_by_heart(cast: Cast) -> None:
    empty = form(cast, title="", date_text="", provider_text="", hours_text="")
    assert set(empty.errors) == {"title", "date_text", "provider_text"}
    assert set(form(cast, submits=True, hours_text="").errors) == {"hours_text"}


@pytest.mark.parametrize(
    "typed",
    [
        {"date_text": "31-февраль 2021"},
        {"date_text": "23.13.2021"},
        {"date_text": "23-12-июль 2021"},
        {"date_text": "28-декабрь – 5-январь 2022"},
        {"date_text": "12-23-июль"},
        {"date_text": "август"},
        {"date_text": "12.07.1821"},
        {"date_text": "{tomorrow:%d.%m.%Y}"},
        {"date_text": "12.07.2021–{tomorrow:%d.%m.%Y}"},
        {"date_text": "{next_month:%m.%Y}"},
        {"date_text": "{next_year:%Y}"},
        {"hours_text": "0"},
        {"hours_text": "-5"},
        {"hours_text": "2000,1"},
        {"hours_text": "72000 саат"},
        {"document_on": "31.02.2021"},
        {"document_on": "март 2021"},
        {"document_on": "12-июль"},
        {"document_on": "кечээ"},
        {"document_on": "{tomorrow:%d.%m.%Y}"},
        {"title": "ө" * 501},
        {"date_text": "1" * 121},
        {"document_type": "diploma"},
    ],
)
@pytest.mark.parametrize("submits", [False, True])
def test_what_is_certainly_wrong_is_refused_beside_its_field(typed: dict[str, str], submits: bool, cast: Cast) -> None:
    typed = {name: ahead(text) for name, text in typed.items()}
    filled = form(cast, submits=submits, **typed)
    assert set(filled.errors) == set(typed)
    for name, text in typed.items():
        assert filled[name].value() == text


@pytest.mark.parametrize("text", ["өткөн жайда", "12-23", "жайкы каникулда 2021-жылы"])
def test_a_date_that_merely_cannot_be_read_is_kept_in_a_draft(text: str, cast: Cast) -> None:
    assert form(cast, date_text=text).is_valid()
    assert set(form(cast, submits=True, date_text=text).errors) == {"date_text"}


@pytest.mark.parametrize("text", ["4 сутка", "2 кредит", "жетимиш эки", "72,55", "24 же 36"])
def test_hours_that_cannot_be_added_up_may_be_submitted(text: str, cast: Cast) -> None:
    assert form(cast, submits=True, hours_text=text).is_valid()


@pytest.mark.parametrize("text", ["2020", "Август 2020-жыл", "2005-ж. 18.07", "28-март – 2-апрель 2022"])
def test_dates_are_written_as_people_write_them(text: str, cast: Cast) -> None:
    assert form(cast, submits=True, date_text=text).is_valid()


def test_a_course_of_this_month_or_year_may_have_ended(cast: Cast) -> None:
    assert form(cast, date_text=f"{today():%m.%Y}").is_valid()
    assert form(cast, date_text=f"{today().year}").is_valid()
    assert form(cast, date_text=f"{today():%d.%m.%Y}").is_valid()


@pytest.mark.parametrize("text", ["25.09.2021", "25-сентябрь 2021-ж.", "2021-жылдын 25-сентябры", "2021-09-25"])
def test_the_day_of_issue_is_one_day_however_written(text: str, cast: Cast) -> None:
    filled = form(cast, document_on=text)
    assert filled.is_valid()
    assert filled.cleaned_data["document_on"] == dt.date(2021, 9, 25)


def test_what_was_read_is_told(cast: Cast) -> None:
    read = form(cast).dates_read
    assert read
    assert (read.starts_on, read.ends_on) == (dt.date(2021, 7, 12), dt.date(2021, 7, 23))
    assert form(cast, date_text="өткөн жайда").dates_read is None
    assert form(cast, hours_text="көп").hours_read is None


def test_the_place_of_work_is_asked_only_of_who_has_several(cast: Cast) -> None:
    assert "institution" not in form(cast).fields
    factories.EmploymentFactory.create(person=cast.teacher.person, institution=cast.other_school, is_main=False)
    filled = form(cast, institution=str(cast.other_school.pk))
    assert filled.is_valid()
    assert filled.columns()["institution"] == cast.other_school
    assert set(form(cast, institution=str(cast.far_school.pk)).errors) == {"institution"}


def test_a_record_keeps_a_school_one_has_left(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="returned")
    Employment.objects.filter(person=cast.teacher.person).update(ends_on=today() - dt.timedelta(days=1))
    assert RecordForm(user=cast.teacher, instance=record).institutions == [cast.school]


def test_names_to_choose_from_are_those_known_here(cast: Cast) -> None:
    factories.ProviderFactory.create(title_ky="Ушул мектептин ую", institution=cast.school)
    factories.ProviderFactory.create(title_ky="Башка мектептин ую", institution=cast.other_school)
    known = form(cast).known_providers()
    assert "Ушул мектептин ую" in known
    assert "ГИЗ" in known
    assert "Башка мектептин ую" not in known
    assert len(known) == len(set(known))


def test_a_fault_of_the_file_stands_beside_the_file(cast: Cast) -> None:
    filled = RecordForm({}, user=cast.teacher, fault="Файл бүлүнгөн.")
    assert filled.errors["file"] == ["Файл бүлүнгөн."]
