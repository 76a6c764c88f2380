"""What each kind of institution does: pages of other work say so, and nobody is sent to them."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from courses.models import ScheduleDeadline
from courses.schedules.desk import expected
from courses.schedules.notices import owed_in
from courses.schedules.offices import offices_of
from cpd.dates import school_year, school_year_of, today
from plans.access import can_read_meeting, can_read_meetings, visible_meetings
from plans.lecturers.starting import start_termed, start_unit_plan
from plans.models import DepartmentPlan
from plans.readers import readers_of
from plans.views.home import SHOWN
from schools.choices import DocumentKind, Role
from schools.kinds import WAYS
from schools.models import Document, Employment, Meeting
from tests import factories
from tests.campus import PEOPLE, Campus
from tests.factories import again, job_of


def says_so(answer) -> bool:
    with translation.override("ky"):
        return gettext("This work is not done at this kind of institution.") in answer.content.decode()


@pytest.mark.parametrize("name", ["needs", "need_new", "assessments", "my_mentoring", "schedules", "needs_requests"])
def test_a_page_of_work_that_is_not_done_there_says_so(name, campus: Campus, client):
    for user, status in ((campus.lecturer, 403), (campus.rector, 403), (campus.college_head, 403), (campus.both, 200)):
        client.force_login(user)
        answer = client.get(reverse(name))
        assert answer.status_code == status, user
        assert says_so(answer) is (status == 403)


@pytest.mark.parametrize("name", ["school_needs", "school_need_new", "mentors", "mentor_new"])
def test_a_page_of_an_institution_that_does_no_such_work_says_so(name, campus: Campus, client):
    client.force_login(campus.college_deputy)
    answer = client.get(reverse(name, args=[campus.college.pk]))
    assert answer.status_code == 403
    assert says_so(answer)


@pytest.mark.parametrize("name", ["schedule_start", "needs_request_start"])
def test_what_a_college_sends_to_no_district_is_not_begun(name, campus: Campus, client):
    """Not either by somebody who leads a school beside it."""
    factories.RoleFactory(person=campus.both.person, role=Role.DEPUTY_DIRECTOR, institution=campus.college)
    typed = {"institution": campus.college.pk, "year": school_year_of(today()) + 1, "once": uuid4()}
    client.force_login(campus.both)
    answer = client.post(reverse(name), typed)
    assert answer.status_code == 403
    assert says_so(answer)


def test_who_leads_a_school_and_a_college_makes_the_school_s_schedule_only(campus: Campus):
    for place in (campus.school, campus.college):
        factories.RoleFactory(person=campus.both.person, role=Role.DEPUTY_DIRECTOR, institution=place)
    year = school_year_of(today()) + 1
    assert [office.place for office in offices_of(again(campus.both), [], [year])] == [campus.school]


def test_the_district_waits_for_the_papers_of_schools_alone(campus: Campus):
    year = school_year_of(today()) + 1
    for kind in (DocumentKind.SCHOOL_SCHEDULE, DocumentKind.NEEDS_REQUEST):
        assert set(expected(kind, year).filter(district=campus.district)) == {campus.school}


def test_only_schools_and_their_associations_are_called_for_schedules(campus: Campus):
    ScheduleDeadline.objects.create(
        district=campus.district, school_year=school_year_of(today()) + 1, due_on=today(), by=campus.officer.person
    )
    told = owed_in(campus.district, today())
    assert {notice.institution for notice in told} == {campus.school.pk}


def test_a_dean_reads_the_minutes_of_the_departments_of_the_faculty(campus: Campus):
    minutes = Meeting.objects.create(
        association=campus.department, minutes_number="3", held_on=today(), recorded_by=campus.head.person
    )
    assert list(visible_meetings(campus.dean)) == [minutes]
    assert can_read_meetings(campus.dean, campus.university)
    assert can_read_meeting(campus.dean, minutes)
    assert not visible_meetings(campus.strange_dean).exists()
    assert not can_read_meeting(campus.strange_dean, minutes)


def test_every_kind_of_institution_gives_a_director_and_words_of_its_own(campus: Campus):
    assert all(Role.DIRECTOR in ways.roles for ways in WAYS.values())
    assert len({ways.words for ways in WAYS.values()}) == len(WAYS)


# The first page and the menu --------------------------------------------------------------------------------------


def department_plan(campus: Campus) -> DepartmentPlan:
    """A draft for this school year."""
    period = school_year(school_year_of(today()))
    return start_unit_plan(by=campus.head, kind=DocumentKind.DEPARTMENT_PLAN, place=campus.department, period=period)


def links_of(page) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', page.content.decode()))


def home_of(user, client) -> set[str]:
    client.force_login(user)
    return links_of(client.get(reverse("home")))


def started(user, client) -> set[str]:
    """The kinds of paper that the first page offers to begin."""
    return {link.split("/")[-2] for link in home_of(user, client) if link.startswith("/plans/new/")}


def test_everybody_is_offered_the_papers_of_their_own_institutions(campus: Campus, client):
    of_school, of_lecturer = {"individual_plan", "annual_plan"}, {"application", "internship_plan", "course_report"}
    of_unit, of_college = {"department_plan", "perspective_plan"}, {"application", "internship_plan"}
    Employment.objects.filter(person=campus.school_deputy.person).update(is_teaching=True)
    assert started(campus.school_deputy, client) == of_school
    assert started(campus.lecturer, client) == of_lecturer
    assert started(campus.dean, client) == of_lecturer
    assert started(campus.head, client) == of_lecturer | of_unit
    assert started(campus.vice_rector, client) == set()
    assert started(campus.college_lecturer, client) == of_college
    assert started(campus.college_head, client) == of_college | {"perspective_plan"}
    assert started(campus.college_deputy, client) == {"perspective_plan"}
    assert started(campus.both, client) == of_school | of_college
    assert started(campus.officer, client) == set()


def test_who_teaches_nowhere_is_offered_no_paper_of_a_teacher(campus: Campus, client):
    for name in ("hr", "quality", "rector", "college_hr", "school_deputy"):
        assert started(getattr(campus, name), client) == set(), name
    Employment.objects.filter(person=campus.both.person, institution=campus.school).update(is_teaching=False)
    assert started(campus.both, client) == {"application", "internship_plan"}


def test_every_paper_that_is_offered_can_be_begun(campus: Campus, client):
    """No button of the first page leads to a broken or a forbidden page."""
    for user in campus.people.values():
        for link in home_of(user, client):
            if link.startswith("/") and not link.startswith("/static/"):
                assert client.get(link).status_code == 200, (user.username, link)


# The page of an institution ----------------------------------------------------------------------------------------


def test_only_where_there_are_individual_plans_everybody_s_is_told(campus: Campus, client):
    for user, place, is_told in (
        (campus.rector, campus.university, False),
        (campus.college_director, campus.college, False),
        (campus.school_deputy, campus.school, True),
    ):
        client.force_login(user)
        page = client.get(reverse("institution", args=[place.pk])).content.decode()
        with translation.override("ky"):
            assert (gettext("none yet") in page) is is_told, place


NOT_AT_UNIVERSITIES = {"needs", "assessments", "my_mentoring", "schedules", "needs_requests"}


def test_the_menu_leads_only_to_work_that_is_done_there(campus: Campus, client):
    addresses = {reverse(name) for name in NOT_AT_UNIVERSITIES}
    for name in ("lecturer", "head", "dean", "quality", "vice_rector", "rector", "hr", "college_deputy"):
        assert not addresses & home_of(getattr(campus, name), client), name
    assert {reverse("needs"), reverse("my_mentoring")} <= home_of(campus.both, client)
    assert {reverse("schedules"), reverse("needs_requests")} <= home_of(campus.school_deputy, client)


def test_the_personnel_and_the_quality_department_find_their_pages(campus: Campus, client):
    university, college = campus.university.pk, campus.college.pk
    register, internships = reverse("document_register", args=[university]), reverse("internships", args=[university])
    assert {register, internships, reverse("school_staff", args=[university])} <= home_of(campus.hr, client)
    of_quality = home_of(campus.quality, client)
    assert {register, internships} <= of_quality
    assert reverse("school_staff", args=[university]) not in of_quality
    of_college = home_of(campus.college_hr, client)
    assert reverse("document_register", args=[college]) in of_college
    assert reverse("internships", args=[college]) not in of_college
    assert not any("register" in link for link in home_of(campus.school_deputy, client))


def test_a_dean_finds_what_waits_and_the_departments(campus: Campus, client):
    plan = department_plan(campus)
    Document.objects.filter(pk=plan.pk).update(state="submitted", awaiting_role=Role.DEAN)
    links = home_of(campus.dean, client)
    assert plan.get_absolute_url() in links
    assert {
        reverse("staff_hours", args=[campus.university.pk]),
        reverse("meetings", args=[campus.university.pk]),
    } <= links
    assert plan.get_absolute_url() not in home_of(campus.strange_dean, client)


def test_the_plan_of_a_department_stands_among_the_head_s_own(campus: Campus, client):
    plan = department_plan(campus)
    client.force_login(campus.head)
    page = client.get(reverse("home"))
    assert list(page.context["own"]) == [Document.objects.get(pk=plan.pk)]
    assert campus.department.title in page.content.decode()
    client.force_login(campus.lecturer)
    assert client.get(reverse("home")).context["own"] == []


def test_what_is_still_open_stands_first_and_the_rest_is_one_link_away(campus: Campus, client):
    """Applications grow in number over the years: the first page shows some, the list shows all."""
    for day in range(SHOWN + 2):
        paper = start_termed(
            by=campus.lecturer,
            kind=DocumentKind.APPLICATION,
            employment=job_of(campus.lecturer),
            starts_on=today() - dt.timedelta(days=day),
            ends_on=today(),
        )
    Document.objects.exclude(pk=paper.pk).update(state="approved", in_force=None)
    client.force_login(campus.lecturer)
    page = client.get(reverse("home"))
    assert page.context["own"][0].pk == paper.pk
    assert len(page.context["own"]) == SHOWN
    assert page.context["has_more"]


@pytest.mark.parametrize("name", PEOPLE)
def test_the_first_page_needs_few_queries_whoever_asks(name, campus: Campus, client, django_assert_max_num_queries):
    department_plan(campus)
    client.force_login(getattr(campus, name))
    with django_assert_max_num_queries(15):
        assert client.get(reverse("home")).status_code == 200


def test_a_lecturer_is_told_that_head_dean_and_quality_department_read(campus: Campus):
    readers = {name: reader for reader in readers_of(campus.lecturer.person) for name in reader.names}
    for name in ("head", "dean", "quality", "vice_rector", "rector", "hr"):
        assert getattr(campus, name).person.full_name in readers, name
    for name in ("strange_dean", "other_head", "college_director"):
        assert getattr(campus, name).person.full_name not in readers, name
    with translation.override("en"):
        sees = {name: reader.sees for reader in readers_of(campus.lecturer.person) for name in reader.names}
    assert "personal number" in sees[campus.hr.person.full_name]
    for user in (campus.dean, campus.quality):
        assert "personal number" not in sees[user.person.full_name]
        assert "certificates, hours" in sees[user.person.full_name]
