"""Applications for a course or an internship: annex 4 of the university's regulation, the college's 4.3."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses.choices import StudyForm, TrainingKind
from cpd.dates import approval_date, school_year, school_year_of, short_date, span, today
from plans import actions
from plans.choices import Funding
from plans.models import Application, DepartmentPlan, PerspectivePlan, Replacement
from plans.pdf import plan_pdf
from schools import approval
from schools.approval import Refused
from schools.choices import Action, DocumentKind, Role, State, Work
from schools.delegations import hand_over
from schools.models import Decision, Document, RoleAssignment, User
from tests import factories
from tests.campus import Campus
from tests.papers import read
from tests.plans import letters

QUERIES = [7, 9]  # of the list of papers, and of the page that begins an application
WITH_A_BREAK = "окуу процессинен бөлүнүп"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, url: str) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def waits_for(paper: Document) -> list[str]:
    """Who may take the next step."""
    users = User.objects.select_related("person").order_by("username")
    return [user.username for user in users if Document.objects.awaiting(user).filter(pk=paper.pk).exists()]


def blanks(paper: Application, **typed: Any) -> dict[str, Any]:
    """The form as the page sends it."""
    return {
        "seen": paper.revision,
        "once": uuid4(),
        "training_kind": TrainingKind.COURSE,
        "direction": letters.DIRECTION,
        "provider_text": "",
        "starts_on": paper.starts_on.isoformat(),
        "ends_on": paper.ends_on.isoformat(),
        "study_form": StudyForm.NOT_RELEASED,
        "then": "read",
    } | typed


def lead(user: User, role: Role, **place: Any) -> None:
    RoleAssignment.objects.create(person=user.person, role=role, starts_on=factories.LONG_AGO, **place)


# --- the chain of signatures --------------------------------------------------------------------------------------


def test_an_application_walks_from_the_head_to_the_rector(campus: Campus) -> None:
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    signed = []
    while paper.is_undecided:
        [name] = waits_for(paper)
        signed.append((name, paper.state))
        paper = letters.decided(paper, getattr(campus, name))
    assert signed == [
        ("head", State.SUBMITTED),
        ("dean", State.AGREED),
        ("quality", State.AGREED),
        ("rector", State.AGREED),
    ]
    assert paper.state == State.APPROVED
    assert paper.in_force == paper.current_version


def test_a_college_agrees_by_the_deputy_and_the_director_decides(campus: Campus) -> None:
    paper = letters.application(campus.college_lecturer, at="college")
    paper = letters.handed_in(paper, by=campus.college_lecturer)
    assert waits_for(paper) == ["college_deputy"]
    paper = letters.decided(paper, campus.college_deputy)
    assert waits_for(paper) == ["college_director"]
    assert letters.decided(paper, campus.college_director).state == State.APPROVED


def test_a_heads_own_application_begins_with_the_dean_and_nobody_signs_twice(campus: Campus) -> None:
    paper = letters.handed_in(letters.application(campus.head), by=campus.head)
    signed = []
    while paper.is_undecided:
        [name] = waits_for(paper)
        signed.append(name)
        paper = letters.decided(paper, getattr(campus, name))
    assert signed == ["dean", "vice_rector", "quality", "rector"]


def test_a_rectors_own_application_is_decided_by_the_vice_rector(campus: Campus) -> None:
    job = letters.job(campus.rector, "university")
    job.association = campus.department
    job.save()
    paper = letters.handed_in(letters.application(campus.rector), by=campus.rector)
    paper = letters.decided(paper, campus.head, campus.dean, campus.quality)
    assert waits_for(paper) == ["vice_rector"]
    assert paper.submitted_version.content["addressee"] == ""
    assert letters.decided(paper, campus.vice_rector).state == State.APPROVED


def test_who_is_head_and_dean_signs_once(campus: Campus) -> None:
    lead(campus.dean, Role.ASSOCIATION_HEAD, association=campus.department)
    RoleAssignment.objects.filter(person=campus.head.person).delete()
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    assert waits_for(paper) == ["dean"]
    paper = letters.decided(paper, campus.dean)
    assert waits_for(paper) == ["vice_rector"]


def test_no_step_of_a_university_falls_to_the_district(campus: Campus) -> None:
    RoleAssignment.objects.filter(institution=campus.university).delete()
    RoleAssignment.objects.filter(association__in=[campus.department, campus.faculty]).delete()
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    assert paper.awaiting_role == Role.ASSOCIATION_HEAD
    assert waits_for(paper) == []


@pytest.mark.parametrize(
    "name", ["lecturer", "colleague", "other_head", "dean", "strange_dean", "quality", "vice_rector", "rector", "hr"]
)
def test_only_the_head_takes_the_first_step(campus: Campus, name: str) -> None:
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    with pytest.raises(PermissionDenied):
        approval.perform(paper, Action.AGREE, by=getattr(campus, name), seen=paper.revision)
    assert factories.fresh(paper).state == State.SUBMITTED


def test_a_step_is_not_skipped(campus: Campus) -> None:
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    with pytest.raises(Refused):
        approval.perform(paper, Action.APPROVE, by=campus.head, seen=paper.revision)


def test_what_came_back_is_mended_and_walks_the_whole_way_again(campus: Campus) -> None:
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    paper = letters.returned(letters.decided(paper, campus.head), campus.dean)
    assert paper.state == State.RETURNED
    assert "Мөөнөтүн тактаңыз." in page(campus.lecturer, reverse("plan", args=[paper.pk]))
    later = paper.starts_on + dt.timedelta(days=7)
    typed = blanks(paper, starts_on=later.isoformat(), ends_on=(later + dt.timedelta(days=5)).isoformat())
    answer = browser(campus.lecturer).post(reverse("plan_edit", args=[paper.pk]), typed)
    assert answer.status_code == 302
    paper = letters.handed_in(factories.fresh(paper), by=campus.lecturer)
    assert (paper.starts_on, paper.submitted_version.number) == (later, 2)
    assert waits_for(paper) == ["head"]
    paper = letters.decided(paper, campus.head, campus.dean, campus.quality, campus.rector)
    assert paper.state == State.APPROVED
    told = [(one.action, one.version.number) for one in factories.decisions_of(paper)]
    assert told[:3] == [("submit", 1), ("agree", 1), ("return", 1)]
    assert told[3:] == [("submit", 2), ("agree", 2), ("agree", 2), ("agree", 2), ("approve", 2)]
    history = page(campus.rector, reverse("plan", args=[paper.pk]))
    assert "Мөөнөтүн тактаңыз." in history
    assert reverse("plan_version", args=[paper.pk, 1]) in history


def test_it_is_withdrawn_until_somebody_who_decides_has_opened_it(campus: Campus) -> None:
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    page(campus.colleague, reverse("home"))
    approval.perform(paper, Action.WITHDRAW, by=campus.lecturer, seen=paper.revision)
    paper = letters.handed_in(factories.fresh(paper), by=campus.lecturer)
    page(campus.head, reverse("plan", args=[paper.pk]))
    paper = factories.fresh(paper)
    with pytest.raises(Refused):
        approval.perform(paper, Action.WITHDRAW, by=campus.lecturer, seen=paper.revision)


def test_whom_the_deputy_handed_plans_over_to_agrees_in_their_place(campus: Campus) -> None:
    days = {"starts_on": today(), "ends_on": today() + dt.timedelta(days=7)}
    taker = campus.college_head
    hand_over(institution=campus.college, taker=taker.person, works=[Work.PLANS], by=campus.college_deputy, **days)
    paper = letters.application(campus.college_lecturer, at="college")
    paper = letters.handed_in(paper, by=campus.college_lecturer)
    assert waits_for(paper) == ["college_deputy", "college_head"]
    paper = letters.decided(paper, taker)
    decision = Decision.objects.get(version=paper.current_version, action=Action.AGREE)
    assert (decision.by, decision.in_place_of) == (taker.person, campus.college_deputy.person)
    assert waits_for(paper) == ["college_director"]
    text = read(plan_pdf(paper, paper.current_version)).text
    assert taker.person.full_name in text
    assert campus.college_deputy.person.full_name in text


def test_an_application_is_decided_once_and_another_one_asks_for_another_term(campus: Campus) -> None:
    """Its days were what four people agreed to: whoever needs others writes anew."""
    paper = letters.approved(campus.lecturer, campus.head, campus.dean, campus.quality, campus.rector)
    assert approval.moves_open_to(campus.lecturer, paper) == []
    with pytest.raises(Refused):
        approval.perform(paper, Action.AMEND, by=campus.lecturer, seen=paper.revision)
    answer = browser(campus.lecturer).get(reverse("plan_edit", args=[paper.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("plan", args=[paper.pk]), 302)]
    month = dt.timedelta(days=30)
    other = letters.begun(campus.lecturer, starts_on=paper.starts_on + month, ends_on=paper.ends_on + month)
    assert other.state == State.DRAFT


# --- beginning one ------------------------------------------------------------------------------------------------


def start(user: User, **typed: Any) -> Any:
    days = {"starts_on": today() + letters.FIRST_DAY, "ends_on": today() + letters.LAST_DAY}
    data = {"once": uuid4(), **days} | typed
    return browser(user).post(reverse("plan_start", args=["application"]), data)


def test_an_application_is_begun_with_its_days(campus: Campus) -> None:
    answer = start(campus.lecturer, employment=letters.job(campus.lecturer, "university").pk)
    paper = Application.objects.get(author=campus.lecturer.person)
    assert answer.url == reverse("plan_edit", args=[paper.pk])
    assert (paper.institution, paper.association) == (campus.university, campus.department)
    assert paper.period.starts_on == today() + letters.FIRST_DAY


def test_the_same_days_are_not_asked_for_twice(campus: Campus) -> None:
    letters.begun(campus.lecturer)
    answer = start(campus.lecturer, employment=letters.job(campus.lecturer, "university").pk)
    assert answer.status_code == 200
    assert Application.objects.count() == 1


def test_no_application_is_begun_at_a_school(campus: Campus) -> None:
    """Who works at a school and at a college applies at the college."""
    at_school = letters.job(campus.both, "school")
    answer = start(campus.both, employment=at_school.pk)
    assert answer.status_code == 200
    assert not Application.objects.exists()
    start(campus.both, employment=letters.job(campus.both, "college").pk)
    assert Application.objects.get().institution == campus.college


def test_days_in_the_past_are_told_and_not_refused(campus: Campus) -> None:
    days: dict[str, Any] = {"starts_on": today() - dt.timedelta(days=3), "ends_on": today() + dt.timedelta(days=3)}
    paper = letters.begun(campus.lecturer, **days)
    actions.save_plan(
        plan=paper,
        by=campus.lecturer,
        seen=paper.revision,
        header={"direction": letters.DIRECTION, "study_form": StudyForm.RELEASED},
        rows=[],
    )
    told = "Биринчи күнү билдирүү берилген күндөн мурда."
    assert told in page(campus.lecturer, reverse("plan", args=[paper.pk]))
    paper = letters.handed_in(factories.fresh(paper), by=campus.lecturer)
    assert told in page(campus.head, reverse("plan", args=[paper.pk]))


def test_the_last_day_is_not_before_the_first(campus: Campus) -> None:
    paper = letters.application(campus.lecturer)
    before = paper.starts_on - dt.timedelta(days=1)
    answer = browser(campus.lecturer).post(
        reverse("plan_edit", args=[paper.pk]), blanks(paper, ends_on=before.isoformat(), direction="Башка багыт")
    )
    assert answer.status_code == 422
    assert answer.context["header"].errors.keys() == {"ends_on"}
    assert "Башка багыт" in answer.content.decode()
    assert factories.fresh(paper).ends_on == paper.ends_on


def test_the_first_day_is_not_behind_the_last(campus: Campus) -> None:
    paper = letters.application(campus.lecturer)
    behind = paper.ends_on + dt.timedelta(days=1)
    url = reverse("plan_edit", args=[paper.pk])
    typed = blanks(paper, starts_on=behind.isoformat(), direction="Башка багыт")
    answer = browser(campus.lecturer).post(url, typed)
    assert answer.status_code == 422
    assert answer.context["header"].errors.keys() == {"ends_on"}
    assert "Башка багыт" in answer.content.decode()
    assert factories.fresh(paper).starts_on == paper.starts_on


def test_what_is_missing_is_named_beside_its_field(campus: Campus) -> None:
    paper = letters.begun(campus.lecturer)
    with pytest.raises(Refused):
        letters.handed_in(paper, by=campus.lecturer)
    answer = browser(campus.lecturer).get(reverse("plan_edit", args=[paper.pk]), {"check": 1})
    assert answer.context["header"].errors.keys() == {"direction", "study_form"}


def test_who_pays_is_asked_for_at_a_college_alone(campus: Campus) -> None:
    asked = {}
    for user, at in ((campus.lecturer, "university"), (campus.college_lecturer, "college")):
        paper = letters.begun(user, at=at)
        asked[at] = 'name="funding"' in page(user, reverse("plan_edit", args=[paper.pk]))
    assert asked == {"university": False, "college": True}


# --- begun with a row of a plan -----------------------------------------------------------------------------------


def department_plan(campus: Campus, **row: Any) -> DepartmentPlan:
    """This school year's plan of the department in force, with one row about the lecturer."""
    year = school_year(school_year_of(today()))
    plan = DepartmentPlan.objects.create(
        kind=DocumentKind.DEPARTMENT_PLAN,
        author=campus.head.person,
        institution=campus.university,
        association=campus.department,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
    )
    columns = {
        "person": campus.lecturer.person,
        "training_kind": TrainingKind.INTERNSHIP,
        "topic": "Гендик инженерия",
        "month": 11,
        "provider_text": "Биология институту",
    }
    plan.rows.create(position=0, **columns | row)
    return letters.decided(letters.handed_in(plan, by=campus.head), campus.dean)


def key_of(plan: DepartmentPlan | PerspectivePlan, place: int = 0) -> str:
    assert plan.in_force
    return f"{plan.pk}-{plan.in_force.content['rows'][place]['uid']}"


def test_an_application_is_begun_with_the_row_of_the_departments_plan(campus: Campus) -> None:
    key = key_of(department_plan(campus))
    url = reverse("plan_start", args=["application"], query={"from": key})
    assert f'value="{key}" selected' in page(campus.lecturer, url)
    start(campus.lecturer, employment=letters.job(campus.lecturer, "university").pk, planned=key)
    paper = Application.objects.get()
    assert (paper.training_kind, paper.direction) == (TrainingKind.INTERNSHIP, "Гендик инженерия")
    assert paper.provider_text == "Биология институту"


def test_rows_about_others_are_not_offered(campus: Campus) -> None:
    key = key_of(department_plan(campus))
    for user in (campus.colleague, campus.other_lecturer, campus.strange_lecturer):
        assert f'value="{key}"' not in page(user, reverse("plan_start", args=["application"], query={"from": key}))
    answer = start(campus.colleague, employment=letters.job(campus.colleague, "university").pk, planned=key)
    assert answer.status_code == 302
    assert Application.objects.get().direction == ""


def test_who_goes_instead_is_offered_the_row_and_the_one_planned_is_not(campus: Campus) -> None:
    plan = department_plan(campus)
    key = key_of(plan)
    people = {"person": campus.other_lecturer.person, "instead_of": campus.lecturer.person, "by": campus.head.person}
    Replacement.objects.create(plan=plan, uid=key.partition("-")[2], reason="Ооруп калды.", **people)
    url = reverse("plan_start", args=["application"])
    assert key in page(campus.other_lecturer, url)
    assert key not in page(campus.lecturer, url)


def test_a_row_of_a_conference_begins_no_application(campus: Campus) -> None:
    key = key_of(department_plan(campus, training_kind=TrainingKind.CONFERENCE))
    assert key not in page(campus.lecturer, reverse("plan_start", args=["application"]))


def test_an_internship_plan_is_begun_with_the_same_row(campus: Campus) -> None:
    key = key_of(department_plan(campus))
    days = {"starts_on": today() + letters.FIRST_DAY, "ends_on": today() + letters.LAST_DAY}
    data = {"once": uuid4(), "employment": letters.job(campus.lecturer, "university").pk, "planned": key, **days}
    browser(campus.lecturer).post(reverse("plan_start", args=["internship_plan"]), data)
    paper = Document.objects.get(kind=DocumentKind.INTERNSHIP_PLAN).internshipplan
    assert (paper.direction, paper.host_text) == ("Гендик инженерия", "Биология институту")


def test_a_college_takes_it_from_the_perspective_plan_with_who_pays(campus: Campus) -> None:
    this_year = school_year_of(today())
    plan = PerspectivePlan.objects.create(
        kind=DocumentKind.PERSPECTIVE_PLAN,
        author=campus.college_deputy.person,
        institution=campus.college,
        starts_on=school_year(this_year - 1).starts_on,
        ends_on=school_year(this_year + 1).ends_on,
    )
    cells = {"1-course": "Былтыркы курс", "2-course": "Агротехника, 72 саат"}
    row = {"cells": cells, "provider_text": "Агрардык институт", "funding": Funding.GRANT}
    plan.rows.create(position=0, person=campus.college_lecturer.person, **row)
    plan = letters.decided(letters.handed_in(plan, by=campus.college_deputy), campus.college_director)
    start(campus.college_lecturer, employment=letters.job(campus.college_lecturer, "college").pk, planned=key_of(plan))
    paper = Application.objects.get()
    assert (paper.direction, paper.funding) == ("", Funding.GRANT)  # a cell is no direction
    assert paper.provider_text == "Агрардык институт"


# --- who sees it, and several at once -----------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone_and_what_was_handed_in_is_read_along_its_way(campus: Campus) -> None:
    paper = letters.application(campus.lecturer)
    assert readers(campus, paper) == {"lecturer"}
    paper = letters.handed_in(paper, by=campus.lecturer)
    assert readers(campus, paper) == {"lecturer", "head", "dean", "quality", "vice_rector", "rector", "hr"}


def readers(campus: Campus, paper: Document) -> set[str]:
    url = reverse("plan", args=[paper.pk])
    statuses = {name: browser(user).get(url).status_code for name, user in campus.people.items()}
    assert set(statuses.values()) <= {200, 404}
    return {name for name, status in statuses.items() if status == 200}


def test_several_are_approved_by_ticks(campus: Campus) -> None:
    signers = (campus.head, campus.dean, campus.quality)
    papers = [letters.approved(user, *signers) for user in (campus.lecturer, campus.colleague)]
    half_way = letters.approved(campus.other_lecturer, campus.other_head)
    text = page(campus.rector, reverse("plans"))
    ticks = [f"{paper.pk}:{paper.revision}" for paper in papers]
    assert all(f'value="{tick}"' in text for tick in ticks)
    assert f'value="{half_way.pk}:' not in text
    data = {"once": uuid4(), "plan": ticks}
    browser(campus.rector).post(reverse("plans_approve"), data)
    assert {factories.fresh(paper).state for paper in papers} == {State.APPROVED}


def test_pages_take_as_many_queries_for_many_as_for_one(campus: Campus) -> None:
    plan = department_plan(campus)
    starting = reverse("plan_start", args=["application"])
    signers = (campus.head, campus.dean, campus.quality)
    letters.approved(campus.lecturer, *signers)
    asked = [letters.queries(campus.rector, reverse("plans")), letters.queries(campus.lecturer, starting)]
    for user in (campus.colleague, campus.head, campus.other_lecturer, campus.strange_lecturer):
        letters.handed_in(letters.application(user), by=user)
    approval.perform(plan, Action.AMEND, by=campus.head, seen=plan.revision)
    plan = factories.fresh(plan)
    for number in range(5):
        plan.rows.create(
            position=number, person=campus.lecturer.person, topic=f"Тема {number}", training_kind="course", month=3
        )
    plan = letters.decided(letters.handed_in(plan, by=campus.head), campus.dean)
    assert asked == QUERIES
    assert [letters.queries(campus.rector, reverse("plans")), letters.queries(campus.lecturer, starting)] == QUERIES


def test_it_waits_on_the_first_page_of_whose_turn_it_is_by_its_name(campus: Campus) -> None:
    paper = letters.handed_in(letters.application(campus.lecturer), by=campus.lecturer)
    with translation.override("ky"):
        name = str(paper)
    for user, waits in ((campus.head, True), (campus.dean, False)):
        home = page(user, reverse("home"))
        assert (reverse("plan", args=[paper.pk]) in home and name in home) is waits
    assert name in page(campus.head, reverse("plan", args=[paper.pk]))


# --- form F22 -----------------------------------------------------------------------------------------------------


def written(day: dt.date) -> str:
    with translation.override("ky"):
        return approval_date(day)


def test_a_draft_prints_who_it_is_to_and_lines_to_sign_on(campus: Campus) -> None:
    paper = letters.application(campus.lecturer)
    text = read(plan_pdf(paper)).text
    assert "4-тиркеме" in text
    assert f"{campus.university.title_ky} (мекеменин аталышы) ректору {campus.rector.person.full_name}" in text
    assert f"{campus.department.title_ky} (кафедранын аталышы) окутуучусу" in text
    assert "БИЛДИРҮҮ" in text
    with translation.override("ky"):
        days = span(paper.starts_on, paper.ends_on)
    sentence = (
        "Квалификацияны жогорулатуу планына ылайык мени квалификацияны жогорулатуу курстарына "
        f"«{letters.DIRECTION}» багыты боюнча {days} аралыгында {WITH_A_BREAK} жиберүүңүздү суранам."
    )
    assert sentence in text
    places = [text.index(line) for line in LINES]
    assert places == sorted(places)
    assert "«___» ____________ 20___-ж." in text
    assert campus.head.person.full_name not in text


LINES = [
    "Арыз ээси",
    "Кафедра башчысынын макулдугу",
    "Декандын макулдугу",
    "“Билим берүүнүн сапаты” бөлүмүнүн башчысынын макулдугу",
    "Ректордун чечими",
]


def test_a_decided_application_prints_every_name_and_day(campus: Campus) -> None:
    signers = [campus.head, campus.dean, campus.quality, campus.rector]
    paper = letters.approved(campus.lecturer, *signers)
    text = read(plan_pdf(paper, paper.current_version)).text
    with translation.override("ky"):
        day = short_date(today())
    for line, user in zip(LINES, [campus.lecturer, *signers], strict=True):
        assert f"{line} {user.person.full_name} {day}" in text
    assert written(today()) in text
    assert "ДОЛБООР" not in text


def test_the_lines_of_a_college_follow_its_own_route(campus: Campus) -> None:
    columns = {
        "training_kind": TrainingKind.INTERNSHIP,
        "study_form": StudyForm.NOT_RELEASED,
        "funding": Funding.BUDGET,
    }
    paper = letters.application(campus.college_lecturer, at="college", **columns)
    text = read(plan_pdf(paper)).text
    assert "тиркеме" not in text
    assert "Декандын" not in text
    assert "Кафедра" not in text
    assert "Директордун окуу иштери боюнча орун басарынын макулдугу" in text
    assert "Директордун чечими" in text
    assert "мени стажировкага" in text
    assert "окуу процессинен бөлүнбөй" in text
    assert "Каржылоо булагы: " in text


def test_a_heads_application_is_signed_by_whoever_signed(campus: Campus) -> None:
    paper = letters.handed_in(letters.application(campus.head), by=campus.head)
    paper = letters.decided(paper, campus.dean, campus.vice_rector)
    text = read(plan_pdf(paper, paper.current_version)).text
    assert "Кафедра башчысынын макулдугу" not in text
    assert f"Декандын макулдугу {campus.dean.person.full_name}" in text
    assert f"Проректордун макулдугу {campus.vice_rector.person.full_name}" in text


def test_a_name_that_changed_later_stays_on_the_paper_as_it_was(campus: Campus) -> None:
    paper = letters.approved(campus.lecturer, campus.head)
    name = campus.rector.person.full_name
    RoleAssignment.objects.filter(person=campus.rector.person).update(ends_on=today() - dt.timedelta(days=1))
    assert name in read(plan_pdf(paper, paper.current_version)).text
