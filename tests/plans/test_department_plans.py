"""Plans of departments: perspective plans of a university and a college, and the yearly plan of a department."""

import datetime as dt
import re
import uuid
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from courses.choices import RecordStatus
from courses.models import PlanNorm
from cpd.dates import school_year_label, today
from plans import actions, words
from plans.changes import ChangeKind, changes
from plans.content import content_of
from plans.forms import row_forms
from plans.lecturers import replacing, starting
from plans.lecturers.people import MOST_LECTURERS
from plans.lecturers.planned import planned_for
from plans.lecturers.replacing import replace_lecturer, rows_in_force
from plans.lecturers.rules import Caution, cautions
from plans.lecturers.words import unit_name
from plans.models import DepartmentPlan, PerspectiveItem, PerspectivePlan, Replacement
from plans.noticing import SOURCES
from plans.pdf import form_of, plan_pdf
from plans.rules import Code, findings
from plans.views.overview import with_figures
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, DocumentKind, Event, NoticeKind, Role, State
from schools.merging import merge_people, undo_merge
from schools.models import (
    AuditEntry,
    Document,
    Employment,
    Institution,
    Merge,
    MethodicalAssociation,
    Person,
    PrintedForm,
    User,
)
from tests import factories
from tests.campus import Campus
from tests.factories import LONG_AGO
from tests.plans.departments_told import (
    THIS_YEAR,
    department_plan,
    filled,
    moved,
    perspective_plan,
    planned,
    submitted,
    three_years,
)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(paper: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(paper)).pages]
    return " ".join(" ".join(pages).split())


def approved(plan: Any, campus: Campus) -> Any:
    """By the whole chain of its kind at the university."""
    plan = submitted(plan, campus.head)
    if plan.kind == DocumentKind.PERSPECTIVE_PLAN:
        plan = moved(plan, Action.AGREE, campus.quality)
        return moved(plan, Action.APPROVE, campus.vice_rector)
    return moved(plan, Action.APPROVE, campus.dean)


@pytest.fixture
def yearly(campus: Campus) -> DepartmentPlan:
    """The department's plan of this year in force: the lecturer and the colleague go."""
    plan = department_plan(campus.head, campus.department)
    return approved(planned(plan, campus.lecturer, campus.colleague), campus)  # type: ignore[no-any-return]


# --- beginning ---


def test_a_new_perspective_plan_lists_everybody_who_teaches_there(campus: Campus) -> None:
    plan = perspective_plan(campus.head, campus.department)
    there = {campus.lecturer, campus.colleague, campus.head, campus.dean}
    assert {row.person for row in plan.rows.all()} == {user.person for user in there}
    college = perspective_plan(campus.college_director, campus.college)
    everybody = {campus.college_lecturer, campus.college_colleague, campus.college_head, campus.both}
    assert {row.person for row in college.rows.all()} == {user.person for user in everybody}


def test_the_page_to_begin_offers_the_years_of_the_norm(campus: Campus) -> None:
    page = signed_in(campus.head).get(reverse("plan_start", args=["perspective_plan"]))
    norm = PlanNorm.objects.for_institution(campus.university, today())
    assert norm is not None
    label = f"{THIS_YEAR}-{THIS_YEAR + norm.years}"
    assert label in page.content.decode()
    begun = signed_in(campus.head).post(
        reverse("plan_start", args=["perspective_plan"]),
        {"once": uuid.uuid4(), "place": f"unit-{campus.department.pk}", "period": label},
    )
    plan = PerspectivePlan.objects.get()
    assert begun.url == reverse("plan_edit", args=[plan.pk])
    assert (plan.author, plan.association, plan.period.label) == (campus.head.person, campus.department, label)


def test_two_plans_of_one_place_do_not_overlap(campus: Campus) -> None:
    perspective_plan(campus.head, campus.department)
    with pytest.raises(Refused):
        perspective_plan(campus.head, campus.department, period=three_years(THIS_YEAR + 1))
    perspective_plan(campus.other_head, campus.other_department)
    assert PerspectivePlan.objects.count() == 2


@pytest.mark.parametrize("who", ["lecturer", "dean", "quality", "vice_rector", "hr", "school_deputy", "officer"])
def test_who_heads_no_department_begins_no_plan(campus: Campus, who: str) -> None:
    address = reverse("plan_start", args=["department_plan"])
    signed_in(getattr(campus, who)).post(
        address,
        {"once": uuid.uuid4(), "place": f"unit-{campus.department.pk}", "period": school_year_label(THIS_YEAR)},
    )
    assert not DepartmentPlan.objects.exists()


def test_the_yearly_plan_takes_its_year_of_the_perspective_plan(campus: Campus) -> None:
    plan = perspective_plan(campus.head, campus.department)
    cells = {"1-methods": "Усул", "1-it": "Санарип", "2-it": "Кийинки жыл"}
    row = plan.rows.get(person=campus.lecturer.person)
    row.cells = cells
    row.save()
    approved(plan, campus)
    begun = department_plan(campus.head, campus.department)
    rows = [(row.person, row.topic) for row in begun.rows.all()]
    assert rows == [(campus.lecturer.person, "Усул; Санарип")]
    after = department_plan(campus.head, campus.department, year=THIS_YEAR + 1)
    assert [row.topic for row in after.rows.all()] == ["Кийинки жыл"]


def test_without_a_perspective_plan_the_yearly_plan_lists_who_is_due(campus: Campus) -> None:
    factories.training_record(campus.colleague, status=RecordStatus.VERIFIED, amount=100)
    Employment.objects.filter(person=campus.head.person).update(starts_on=today())
    begun = department_plan(campus.head, campus.department)
    due = {row.person for row in begun.rows.all()}
    assert due == {campus.lecturer.person, campus.dean.person}


def test_a_plan_of_too_many_lecturers_is_refused_in_words(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "MOST_LECTURERS", 3)
    page = signed_in(campus.college_director).post(
        reverse("plan_start", args=["perspective_plan"]),
        {"once": uuid.uuid4(), "place": f"all-{campus.college.pk}", "period": three_years().label},
    )
    assert page.status_code == 200
    assert not PerspectivePlan.objects.exists()


# --- editing ---


def typed(plan: Any, **wanted: Any) -> dict[str, Any]:
    """What the form of a plan sends, as it was drawn."""
    forms = row_forms(plan)
    assert forms is not None
    data: dict[str, Any] = {"once": uuid.uuid4(), "seen": plan.revision, "then": "save"}
    data |= {f"rows-{name}": forms.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for form in forms:
        for field in form:
            if field.name != "DELETE":
                value = field.value()
                data[field.html_name] = "" if value is None else value
    return data | wanted


def test_cells_are_saved_by_themselves_and_come_back(campus: Campus) -> None:
    plan = perspective_plan(campus.head, campus.department)
    data = typed(plan, **{"rows-0-cells_1-methods": "Интерактивдүү усулдар", "rows-0-cells_3-it": "Мооdle"})
    client = signed_in(campus.head)
    answer = client.post(reverse("plan_edit", args=[plan.pk]), data, HTTP_ACCEPT="application/json")
    assert answer.status_code == 200
    assert answer.json()["seen"] == plan.revision + 1
    first = plan.rows.all()[0]
    assert first.cells == {"1-methods": "Интерактивдүү усулдар", "3-it": "Мооdle"}
    page = client.get(reverse("plan_edit", args=[plan.pk])).content.decode()
    assert 'value="Интерактивдүү усулдар"' in page
    year = school_year_label(THIS_YEAR + 2)
    assert re.findall(rf"<details[^>]*?(open)?>\s*<summary class=\"fw-bold\">{year}", page) == ["open", "", "", "", ""]


def test_a_lecturer_gets_one_row_of_a_perspective_plan(campus: Campus) -> None:
    plan = perspective_plan(campus.head, campus.department)
    twice = plan.rows.all()[0].person_id
    data = typed(plan, **{"rows-1-person_id": twice})
    page = signed_in(campus.head).post(reverse("plan_edit", args=[plan.pk]), data)
    assert page.status_code == 422
    assert page.context["rows"][1].errors["person_id"]
    assert not page.context["rows"][0].errors
    assert plan.rows.filter(person=twice).count() == 1


def test_a_lecturer_may_go_twice_in_a_year(campus: Campus, yearly: DepartmentPlan) -> None:
    """«Жылына бир нече жолу»: 004 4.3."""
    plan = department_plan(campus.other_head, campus.other_department)
    planned(plan, campus.other_lecturer, campus.other_lecturer)
    assert submitted(plan, campus.other_head).state == State.SUBMITTED


def test_who_left_stays_in_the_plan_and_a_stranger_is_not_taken(campus: Campus) -> None:
    plan = filled(perspective_plan(campus.head, campus.department))
    Employment.objects.filter(person=campus.lecturer.person).update(ends_on=today() - dt.timedelta(days=1))
    content = content_of(plan)
    assert campus.lecturer.person.full_name in [row["name"] for row in content["rows"]]
    data = typed(plan)
    client = signed_in(campus.head)
    assert client.post(reverse("plan_edit", args=[plan.pk]), data).status_code == 302
    plan = factories.fresh(plan)
    data = typed(plan, **{"rows-0-person_id": campus.strange_lecturer.person_id})
    assert client.post(reverse("plan_edit", args=[plan.pk]), data).status_code == 422


def test_two_hundred_lecturers_fit_into_one_form(campus: Campus) -> None:
    plan = perspective_plan(campus.head, campus.department)
    form = row_forms(plan)
    assert form is not None
    fields = len(form.empty_form.fields)
    assert fields * MOST_LECTURERS + 10 <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_a_form_of_many_rows_is_taken(campus: Campus) -> None:
    plan = perspective_plan(campus.college_director, campus.college)
    many = many_lecturers(campus.commission, 100)
    PerspectiveItem.objects.bulk_create(
        PerspectiveItem(plan=plan, person=job.person, position=place) for place, job in enumerate(many, start=4)
    )
    data = typed(plan, **{"rows-103-cells_2-course": "36 саат"})
    answer = signed_in(campus.college_director).post(reverse("plan_edit", args=[plan.pk]), data)
    assert answer.status_code == 302
    assert plan.rows.count() == 104
    assert [row.cells for row in plan.rows.all() if row.cells] == [{"2-course": "36 саат"}]


def test_a_conflict_names_the_lecturer(campus: Campus) -> None:
    plan = filled(perspective_plan(campus.head, campus.department))
    data = typed(plan, **{"rows-0-cells_1-it": "Экинчи экран"})
    seen = plan.revision
    Document.objects.filter(pk=plan.pk).update(revision=seen + 1)
    page = signed_in(campus.head).post(reverse("plan_edit", args=[plan.pk]), data)
    assert page.status_code == 409
    [change] = page.context["differences"]
    assert change.title == plan.rows.all()[0].person.full_name


def test_what_is_missing_stands_beside_its_field(campus: Campus) -> None:
    plan = department_plan(campus.head, campus.department)
    planned(plan, campus.lecturer)
    plan.rows.update(training_kind="", month=None)
    page = signed_in(campus.head).get(reverse("plan_edit", args=[plan.pk]) + "?check=1")
    assert set(page.context["rows"][0].errors) == {"training_kind", "month"}


def test_a_plan_in_which_nobody_goes_is_not_complete(campus: Campus) -> None:
    plan = perspective_plan(campus.head, campus.department)
    content = content_of(plan)
    assert [finding.code for finding in findings(content, [])] == [Code.NO_ROWS]
    row = plan.rows.all()[0]
    row.cells = {"1-it": "Санарип"}
    row.save()
    assert findings(content_of(plan), []) == [], "the others are listed, and need not go in these years"


def test_who_is_due_and_left_out_is_told(campus: Campus) -> None:
    row = {"cells": {}, "due_on": "2028-05-01"}
    content = {"kind": DocumentKind.PERSPECTIVE_PLAN, "ends_on": "2029-08-31", "rows": [row]}
    assert cautions(content, ()) == [Caution.DUE_NOT_PLANNED]
    for mended in ({"cells": {"1-it": "Курс"}}, {"due_on": "2029-09-01"}, {"due_on": None}):
        assert cautions(content | {"rows": [row | mended]}, ()) == []


# --- the chain ---


def test_a_perspective_plan_goes_from_the_head_to_quality_and_the_vice_rector(campus: Campus) -> None:
    plan = submitted(filled(perspective_plan(campus.head, campus.department)), campus.head)
    for user in (campus.dean, campus.vice_rector, campus.head):
        assert not Document.objects.awaiting(user).exists()
    plan = moved(plan, Action.AGREE, campus.quality)
    assert plan.state == State.AGREED
    with pytest.raises(PermissionDenied):
        moved(plan, Action.APPROVE, campus.dean)
    plan = moved(plan, Action.APPROVE, campus.vice_rector)
    assert plan.state == State.APPROVED
    assert plan.in_force == plan.current_version


def test_the_director_approves_the_plan_of_a_college(campus: Campus) -> None:
    plan = filled(perspective_plan(campus.college_deputy, campus.college))
    plan = submitted(plan, campus.college_deputy)
    assert list(Document.objects.awaiting(campus.college_director)) == [plan.document_ptr]
    assert moved(plan, Action.APPROVE, campus.college_director).state == State.APPROVED


def test_the_deputy_decides_on_what_the_director_of_a_college_wrote(campus: Campus) -> None:
    plan = submitted(filled(perspective_plan(campus.college_director, campus.college)), campus.college_director)
    assert not Document.objects.awaiting(campus.college_director).exists()
    assert not Document.objects.awaiting(campus.officer).exists()
    assert moved(plan, Action.APPROVE, campus.college_deputy).state == State.APPROVED


def test_the_dean_approves_the_yearly_plan(campus: Campus) -> None:
    plan = planned(department_plan(campus.head, campus.department), campus.lecturer)
    plan = submitted(plan, campus.head)
    assert not Document.objects.awaiting(campus.strange_dean).exists()
    assert moved(plan, Action.APPROVE, campus.dean).state == State.APPROVED


def test_a_return_with_its_reason_keeps_what_was_typed(campus: Campus) -> None:
    plan = submitted(filled(perspective_plan(campus.head, campus.department)), campus.head)
    before = content_of(plan)["rows"]
    page = signed_in(campus.quality).post(
        reverse("plan_move", args=[plan.pk, "return"]),
        {"once": uuid.uuid4(), "seen": plan.revision, "reason": "Экинчи жыл бош"},
    )
    assert page.status_code == 302
    plan = factories.fresh(plan)
    assert plan.state == State.RETURNED
    assert content_of(plan)["rows"] == before
    read = signed_in(campus.head).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "Экинчи жыл бош" in read


def test_a_yearly_change_that_is_given_up_brings_the_cells_back(campus: Campus) -> None:
    plan = approved(filled(perspective_plan(campus.head, campus.department)), campus)
    in_force = plan.in_force.content["rows"]
    plan = moved(plan, Action.AMEND, campus.head)
    gone, kept = plan.rows.all()[0], plan.rows.all()[1]
    gone.delete()
    kept.cells = {"2-it": "Башка"}
    kept.save()
    actions.discard_change(plan=plan, by=campus.head, seen=plan.revision)
    plan = factories.fresh(plan)
    assert plan.state == State.APPROVED
    assert content_of(plan)["rows"] == in_force


def test_a_yearly_change_names_the_lecturers_it_is_about(campus: Campus) -> None:
    plan = approved(filled(perspective_plan(campus.head, campus.department)), campus)
    plan = moved(plan, Action.AMEND, campus.head)
    row = plan.rows.all()[0]
    row.cells = {"2-it": "Башка"}
    row.save()
    [change] = changes(plan.in_force.content, content_of(plan))
    assert (change.kind, change.title) == (ChangeKind.CHANGED, row.person.full_name)
    assert [field.name for field in change.fields] == ["cells"]


def test_a_change_of_cells_is_told_by_year_and_column() -> None:
    told = words.field_value("cells", {"2-it": "Moodle", "1-speciality": "Генетика", "1-methods": "Кейс"})
    assert [part.split(": ")[1] for part in told.split("; ")] == ["Кейс", "Генетика", "Moodle"]
    assert [part[0] for part in told.split("; ")] == ["1", "1", "2"]


def test_a_row_that_gets_another_lecturer_is_a_change(campus: Campus, yearly: DepartmentPlan) -> None:
    plan = moved(yearly, Action.AMEND, campus.head)
    row = plan.rows.all()[0]
    row.person = campus.head.person
    row.save()
    [change] = changes(plan.in_force.content, content_of(plan))
    assert [(field.before, field.after) for field in change.fields] == [
        (campus.lecturer.person.full_name, campus.head.person.full_name)
    ]


def test_nothing_is_sent_again_that_did_not_change(campus: Campus) -> None:
    plan = approved(filled(perspective_plan(campus.head, campus.department)), campus)
    plan = moved(plan, Action.AMEND, campus.head)
    with pytest.raises(Refused):
        actions.submit_plan(plan=plan, by=campus.head, seen=plan.revision)


# --- who sees what ---

SEES = ("head", "dean", "quality", "vice_rector", "rector", "hr")
SEES_NOT = ("lecturer", "other_head", "strange_dean", "college_director", "school_deputy", "officer")


@pytest.mark.parametrize("make", [perspective_plan, department_plan])
def test_a_draft_is_its_heads_alone(campus: Campus, make: Any) -> None:
    plan = make(campus.head, campus.department)
    for who in (*SEES[1:], *SEES_NOT):
        assert signed_in(getattr(campus, who)).get(reverse("plan", args=[plan.pk])).status_code == 404, who
    assert signed_in(campus.head).get(reverse("plan", args=[plan.pk])).status_code == 200


def test_what_is_handed_in_is_read_by_its_faculty_and_by_who_serves_the_university(campus: Campus) -> None:
    plan = submitted(planned(department_plan(campus.head, campus.department), campus.lecturer), campus.head)
    for who in SEES:
        assert signed_in(getattr(campus, who)).get(reverse("plan", args=[plan.pk])).status_code == 200, who
    for who in SEES_NOT:
        assert signed_in(getattr(campus, who)).get(reverse("plan", args=[plan.pk])).status_code == 404, who


def test_notices_tell_who_is_next_and_who_wrote_it(campus: Campus) -> None:
    plan = submitted(filled(perspective_plan(campus.head, campus.department)), campus.head)
    since = plan.changed_at - dt.timedelta(minutes=1)
    told = [one for source in SOURCES.events for one in source(since)]
    assert [(one.person, one.kind) for one in told] == [(campus.quality.person_id, NoticeKind.WAITING)]
    plan = moved(plan, Action.AGREE, campus.quality)
    plan = moved(plan, Action.APPROVE, campus.vice_rector)
    told = [one for source in SOURCES.events for one in source(since)]
    assert (campus.head.person_id, NoticeKind.APPROVED) in [(one.person, one.kind) for one in told]


# --- papers ---


def test_form_19_has_sixteen_columns_and_the_names_of_those_who_signed(campus: Campus) -> None:
    plan = approved(filled(perspective_plan(campus.head, campus.department)), campus)
    assert form_of(plan) == "F19"
    text = text_of(plan_pdf(plan, plan.in_force))
    for number in range(1, 17):
        assert f" {number} " in text
    assert " 17 " not in text
    for year in range(THIS_YEAR, THIS_YEAR + 3):
        assert school_year_label(year) in text
    label = PrintedForm.objects.get(code="F19").label
    assert text.index(label) < text.index(campus.vice_rector.person.full_name)
    assert text.index(campus.vice_rector.person.full_name) < text.index(campus.lecturer.person.full_name)
    assert text.index(campus.lecturer.person.full_name) < text.index(campus.quality.person.full_name), "below"
    assert f"Курс{campus.lecturer.person.family_name}" in text.replace(" ", ""), "in a narrow column"
    assert "мектеп" not in text.lower()


def test_a_draft_of_form_19_says_so_and_names_nobody_who_did_not_sign(campus: Campus) -> None:
    plan = filled(perspective_plan(campus.head, campus.department))
    text = text_of(plan_pdf(plan))
    assert campus.vice_rector.person.full_name not in text
    assert campus.quality.person.full_name not in text
    assert "ДОЛБООР" in text.upper() or "DRAFT" in text.upper()


def test_form_26_names_the_term_of_the_rule_that_was_frozen(campus: Campus) -> None:
    plan = filled(perspective_plan(campus.college_director, campus.college), provider_text="Колледж", funding="budget")
    plan = submitted(plan, campus.college_director)
    version = plan.current_version
    assert form_of(plan) == "F26"
    frequency = version.content["frequency_years"]
    assert frequency == 3, "the rule of colleges: once in three years (003 1.4)"
    PrintedForm.objects.filter(code="F26").update(quality_code="СМС НП. 2.12", quality_edition="Чыгарылыш 1")
    text = text_of(plan_pdf(plan, version))
    assert f"{frequency} " in text
    assert "СМС НП. 2.12" in text
    assert campus.college_lecturer.person.full_name in text
    assert "мектеп" not in text.lower()


def test_form_20_is_signed_by_the_dean_and_the_head_and_tells_who_goes_instead(
    campus: Campus, yearly: DepartmentPlan
) -> None:
    replace(yearly, 0, campus.other_lecturer, by=campus.head, reason="Узак командировка")
    assert form_of(yearly) == "F20"
    text = text_of(plan_pdf(yearly, yearly.in_force))
    assert text.index(campus.dean.person.full_name) < text.index(campus.lecturer.person.full_name)
    assert text.rindex(campus.head.person.full_name) > text.index("Санариптик педагогика")
    assert campus.other_lecturer.person.full_name in text
    assert "Узак командировка" in text
    before_rows = text.split(campus.lecturer.person.full_name)[0]
    assert " 9 " in before_rows
    assert " 10 " not in before_rows


def test_the_department_is_named_once_before_the_word_of_its_kind() -> None:
    assert unit_name("Биология кафедрасы") == "Биология"
    assert unit_name("Жалпы тарых Кафедрасы") == "Жалпы тарых"
    assert unit_name("Кафедрасы") == "Кафедрасы"
    assert unit_name("Тарых") == "Тарых"


# --- the plans of all departments ---


def test_quality_prints_the_plans_in_force_of_all_departments(campus: Campus) -> None:
    mine = approved(filled(perspective_plan(campus.head, campus.department)), campus)
    other = filled(perspective_plan(campus.other_head, campus.other_department))
    other = submitted(other, campus.other_head)
    other = moved(other, Action.AGREE, campus.quality)
    address = reverse("perspective_plans", args=[campus.university.pk]) + f"?from={THIS_YEAR}"
    text = text_of(signed_in(campus.quality).get(address).content)
    assert campus.lecturer.person.full_name in text
    assert campus.other_lecturer.person.full_name not in text, "agreed, and not in force"
    moved(other, Action.APPROVE, campus.vice_rector)
    text = text_of(signed_in(campus.vice_rector).get(address).content)
    assert campus.other_lecturer.person.full_name in text
    for who, is_offered in (("quality", True), ("head", False), ("dean", False)):
        page = signed_in(getattr(campus, who)).get(reverse("plan", args=[other.pk if who == "dean" else mine.pk]))
        assert (address.replace("&", "&amp;") in page.content.decode()) is is_offered, who
    excel = signed_in(campus.quality).get(reverse("perspective_plans_xlsx", args=[campus.university.pk]))
    rows = list(load_workbook(BytesIO(excel.content)).active.iter_rows(values_only=True))
    departments = {row[1] for row in rows if isinstance(row[0], int)}
    assert departments == {campus.department.title_ky, campus.other_department.title_ky}


def test_only_who_serves_the_university_takes_the_plans_of_all(campus: Campus) -> None:
    approved(filled(perspective_plan(campus.head, campus.department)), campus)
    address = reverse("perspective_plans", args=[campus.university.pk])
    for who in ("quality", "vice_rector", "rector", "hr"):
        assert signed_in(getattr(campus, who)).get(address).status_code == 200, who
    for who in ("head", "officer"):
        assert signed_in(getattr(campus, who)).get(address).status_code == 403, who
    for who in ("lecturer", "college_director"):
        assert signed_in(getattr(campus, who)).get(address).status_code == 404, who
    of_college = reverse("perspective_plans", args=[campus.college.pk])
    assert signed_in(campus.college_director).get(of_college).status_code == 404, "one plan is made for all of it"


def test_the_plan_made_of_individual_plans_is_of_schools_alone(campus: Campus) -> None:
    for user, place in ((campus.vice_rector, campus.university), (campus.college_deputy, campus.college)):
        assert signed_in(user).get(reverse("perspective_plan", args=[place.pk])).status_code == 404
        assert reverse("perspective_plan", args=[place.pk]) not in page_of(user, place)
    assert signed_in(campus.school_deputy).get(reverse("perspective_plan", args=[campus.school.pk])).status_code == 200


def page_of(user: User, place: Institution) -> str:
    return signed_in(user).get(reverse("institution", args=[place.pk])).content.decode()


def figures_of(place: Institution) -> tuple[int, int]:
    found = with_figures(Institution.objects.filter(pk=place.pk)).get()
    return found.in_force, found.undecided


def test_the_plans_of_a_university_are_counted(campus: Campus, yearly: DepartmentPlan) -> None:
    """Two of one head are two. An application is no plan, and waits for a decision all the same."""
    assert figures_of(campus.university) == (1, 0)
    approved(filled(perspective_plan(campus.head, campus.department)), campus)
    submitted(filled(perspective_plan(campus.other_head, campus.other_department)), campus.other_head)
    job = campus.lecturer.person.employments.get()
    kind, day = DocumentKind.APPLICATION, today()
    asked = starting.start_termed(by=campus.lecturer, kind=kind, employment=job, starts_on=day, ends_on=day)
    Document.objects.filter(pk=asked.pk).update(state=State.SUBMITTED, awaiting_role=Role.ASSOCIATION_HEAD)
    assert figures_of(campus.university) == (2, 2)
    assert figures_of(campus.college) == (0, 0)


def test_where_no_plan_is_in_force_the_page_says_so(campus: Campus) -> None:
    answer = signed_in(campus.quality).get(reverse("perspective_plans", args=[campus.university.pk]))
    assert answer.status_code == 302
    assert answer.url == reverse("institution", args=[campus.university.pk])


# --- somebody else goes ---


def uid_of(plan: DepartmentPlan, place: int) -> str:
    return plan.in_force.content["rows"][place]["uid"]  # type: ignore[union-attr, no-any-return]


def replace(plan: DepartmentPlan, place: int, whom: User, *, by: User, reason: str = "Ооруп калды") -> Replacement:
    row = rows_in_force(plan)[uid_of(plan, place)]
    return replace_lecturer(
        plan=plan, uid=uuid.UUID(row.uid), by=by, seen=row.seen, person=whom.person_id, reason=reason
    )


def test_the_head_lets_a_lecturer_of_another_department_go(campus: Campus, yearly: DepartmentPlan) -> None:
    address = reverse("item_replace", args=[yearly.pk, uid_of(yearly, 0)])
    client = signed_in(campus.head)
    page = client.get(address)
    assert campus.other_lecturer.person.full_name in page.content.decode()
    names = [name for _key, name in page.context["form"].people]
    assert campus.lecturer.person.full_name not in [name.split(",")[0] for name in names]
    answer = client.post(
        address, {"once": uuid.uuid4(), "seen": 0, "person": campus.other_lecturer.person_id, "reason": "Ооруп калды"}
    )
    assert answer.url == reverse("plan", args=[yearly.pk])
    made = Replacement.objects.get()
    assert (made.person, made.instead_of) == (campus.other_lecturer.person, campus.lecturer.person)
    assert (made.by, made.reason) == (campus.head.person, "Ооруп калды")
    read = client.get(reverse("plan", args=[yearly.pk])).content.decode()
    assert "Ооруп калды" in read
    assert campus.other_lecturer.person.full_name in read


def test_what_is_missing_in_a_replacement_is_said_beside_the_field(campus: Campus, yearly: DepartmentPlan) -> None:
    address = reverse("item_replace", args=[yearly.pk, uid_of(yearly, 0)])
    page = signed_in(campus.head).post(address, {"once": uuid.uuid4(), "seen": 0, "person": "", "reason": " "})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"person", "reason"}
    assert not Replacement.objects.exists()


def test_of_several_replacements_the_last_one_holds(campus: Campus, yearly: DepartmentPlan) -> None:
    replace(yearly, 0, campus.other_lecturer, by=campus.head)
    last = replace(yearly, 0, campus.head, by=campus.head)
    assert last.instead_of == campus.other_lecturer.person
    assert replacing.replacements_of(yearly) == {uid_of(yearly, 0): last}
    replace(yearly, 0, campus.lecturer, by=campus.head)
    assert replacing.replacements_of(yearly) == {}, "who was planned goes after all"
    assert Replacement.objects.count() == 3


def test_a_change_of_the_plan_puts_an_end_to_a_replacement_of_its_row_only(
    campus: Campus, yearly: DepartmentPlan
) -> None:
    replace(yearly, 0, campus.other_lecturer, by=campus.head)
    kept = replace(yearly, 1, campus.head, by=campus.head)
    plan = moved(yearly, Action.AMEND, campus.head)
    row = plan.rows.get(uid=uid_of(yearly, 0))
    row.person = campus.dean.person
    row.save()
    plan = moved(submitted(plan, campus.head), Action.APPROVE, campus.dean)
    assert replacing.replacements_of(plan) == {uid_of(plan, 1): kept}


def test_both_lecturers_are_told_and_the_journal_keeps_it(campus: Campus, yearly: DepartmentPlan) -> None:
    made = replace(yearly, 0, campus.other_lecturer, by=campus.head)
    told = [one for source in SOURCES.events for one in source(made.at - dt.timedelta(minutes=1))]
    places = {one.person: one for one in told if one.kind == NoticeKind.PLACE}
    assert set(places) == {campus.lecturer.person_id, campus.other_lecturer.person_id}
    sentences = [SOURCES.words[one.facts["what"]](one.facts) for one in places.values()]
    assert len(set(sentences)) == 2
    for sentence in sentences:
        assert campus.lecturer.person.family_name not in sentence
    entries = AuditEntry.objects.filter(event=Event.LECTURER_REPLACED)
    assert {entry.subject for entry in entries} == {campus.lecturer.person, campus.other_lecturer.person}
    assert {entry.by for entry in entries} == {campus.head.person}


@pytest.mark.parametrize(("who", "answer"), [("dean", 403), ("quality", 403), ("hr", 403), ("vice_rector", 403)])
def test_only_the_head_replaces(campus: Campus, yearly: DepartmentPlan, who: str, answer: int) -> None:
    user = getattr(campus, who)
    address = reverse("item_replace", args=[yearly.pk, uid_of(yearly, 0)])
    assert signed_in(user).get(address).status_code == answer
    assert "replace" not in signed_in(user).get(reverse("plan", args=[yearly.pk])).content.decode()
    with pytest.raises(PermissionDenied):
        replace(yearly, 0, campus.other_lecturer, by=user)


@pytest.mark.parametrize("who", ["lecturer", "other_head", "strange_dean"])
def test_who_does_not_see_the_plan_replaces_nobody(campus: Campus, yearly: DepartmentPlan, who: str) -> None:
    address = reverse("item_replace", args=[yearly.pk, uid_of(yearly, 0)])
    assert signed_in(getattr(campus, who)).post(address, {"once": uuid.uuid4()}).status_code == 404


def test_nobody_is_replaced_in_a_plan_that_is_not_in_force(campus: Campus) -> None:
    plan = planned(department_plan(campus.head, campus.department), campus.lecturer)
    uid = plan.rows.get().uid
    client = signed_in(campus.head)
    answer = client.post(
        reverse("item_replace", args=[plan.pk, uid]),
        {"once": uuid.uuid4(), "seen": 0, "person": campus.colleague.person_id, "reason": "Ооруп калды"},
    )
    assert answer.url == reverse("plan", args=[plan.pk])
    assert not Replacement.objects.exists()


def test_a_replacement_seen_too_late_is_refused_with_the_name(campus: Campus, yearly: DepartmentPlan) -> None:
    uid = uuid.UUID(uid_of(yearly, 0))
    replace(yearly, 0, campus.other_lecturer, by=campus.head)
    with pytest.raises(ChangedMeanwhile) as refusal:
        replace_lecturer(
            plan=yearly, uid=uid, by=campus.head, seen=0, person=campus.colleague.person_id, reason="Ооруп калды"
        )
    assert campus.other_lecturer.person.full_name in refusal.value.message
    assert Replacement.objects.count() == 1


def test_whose_main_work_is_elsewhere_does_not_go(campus: Campus, yearly: DepartmentPlan) -> None:
    """«Штаттык окутуучу»: 004 4.2."""
    Employment.objects.filter(person=campus.other_lecturer.person).update(is_main=False)
    with pytest.raises(Refused):
        replace(yearly, 0, campus.other_lecturer, by=campus.head)
    with pytest.raises(Refused):
        replace(yearly, 0, campus.college_lecturer, by=campus.head)
    assert not Replacement.objects.exists()


@pytest.mark.parametrize("who", ["rector", "hr", "strange_dean"])
def test_who_belongs_to_no_department_does_not_go(campus: Campus, yearly: DepartmentPlan, who: str) -> None:
    """A rector's post is entered as one that the rules on hours bind; a dean's may stand at the faculty."""
    user = getattr(campus, who)
    unit = campus.faculty if who == "strange_dean" else None
    Employment.objects.filter(person=user.person).update(is_teaching=True, association=unit)
    row = rows_in_force(yearly)[uid_of(yearly, 0)]
    people = {job.person for job in replacing.staff_of(yearly, row)}
    assert user.person not in people
    assert campus.dean.person in people, "a lecturer of the department"
    with pytest.raises(Refused):
        replace(yearly, 0, user, by=campus.head)


# --- two records of one lecturer ---


def second_record(campus: Campus) -> Person:
    """The lecturer entered once more at the same department; both were born on one day."""
    person = Person.objects.get(pk=campus.lecturer.person_id)
    person.born_on = dt.date(1985, 7, 15)
    person.save()
    names = {name: getattr(person, name) for name in ("family_name", "given_name", "fathers_name", "born_on")}
    twin: Person = factories.PersonFactory.create(**names)
    place = {"institution": campus.university, "association": campus.department, "starts_on": LONG_AGO}
    Employment.objects.create(person=twin, position="окутуучу", **place)
    return twin


def merged(kept: Person, gone: Person, campus: Campus) -> Merge:
    kept.refresh_from_db()
    gone.refresh_from_db()
    return merge_people(kept=kept, gone=gone, reason="Эки жолу киргизилген.", by=factories.again(campus.rector))


def test_who_goes_and_in_whose_place_is_known_after_their_records_are_merged(
    campus: Campus, yearly: DepartmentPlan
) -> None:
    made = replace(yearly, 0, campus.other_lecturer, by=campus.head)
    twin = second_record(campus)
    merge = merged(twin, campus.lecturer.person, campus)
    assert replacing.replacements_of(yearly) == {uid_of(yearly, 0): made}
    replace(yearly, 0, factories.again(campus.lecturer), by=campus.head)
    assert replacing.replacements_of(yearly) == {}, "who was planned goes after all, under the record that goes on"
    Replacement.objects.exclude(pk=made.pk).delete()
    undo_merge(merge=merge, by=factories.again(campus.rector))
    assert replacing.replacements_of(yearly) == {uid_of(yearly, 0): made}


def test_who_went_in_their_own_place_under_a_second_record_goes_themselves(
    campus: Campus, yearly: DepartmentPlan
) -> None:
    twin, colleague = second_record(campus), campus.colleague
    for place, person in ((0, twin), (1, campus.lecturer.person), (1, twin)):
        row = rows_in_force(yearly)[uid_of(yearly, place)]
        uid = uuid.UUID(row.uid)
        replace_lecturer(plan=yearly, uid=uid, by=campus.head, seen=row.seen, person=person.pk, reason="Ооруп калды")
    last = Replacement.objects.latest("pk")
    assert (last.person, last.instead_of) == (twin, campus.lecturer.person)
    merge = merged(campus.lecturer.person, twin, campus)
    going = rows_in_force(yearly)
    assert going[uid_of(yearly, 0)].instead is None
    assert going[uid_of(yearly, 1)].goes == campus.lecturer.person_id
    replace(yearly, 1, colleague, by=campus.head)
    assert rows_in_force(yearly)[uid_of(yearly, 1)].goes == colleague.person_id
    Replacement.objects.filter(person=colleague.person).delete()
    undo_merge(merge=merge, by=factories.again(campus.rector))
    assert rows_in_force(yearly)[uid_of(yearly, 0)].goes == twin.pk


def test_what_is_planned_for_a_lecturer_is_theirs_under_the_record_that_goes_on(
    campus: Campus, yearly: DepartmentPlan
) -> None:
    before = planned_for(campus.lecturer, DocumentKind.APPLICATION, today())
    assert len(before) == 1
    merged(second_record(campus), campus.lecturer.person, campus)
    assert planned_for(factories.again(campus.lecturer), DocumentKind.APPLICATION, today()) == before


def test_what_is_planned_is_asked_for_with_as_many_queries_for_two_plans_as_for_one(
    campus: Campus, yearly: DepartmentPlan, django_assert_num_queries: Any
) -> None:
    replace(yearly, 0, campus.head, by=campus.head)
    user = factories.again(campus.head)
    assert user.scope
    with CaptureQueriesContext(connection) as taken:
        assert len(planned_for(user, DocumentKind.APPLICATION, today())) == 1
    following = planned(department_plan(campus.head, campus.department, year=THIS_YEAR + 1), campus.lecturer)
    replace(approved(following, campus), 0, campus.head, by=campus.head)
    with django_assert_num_queries(len(taken)):
        assert len(planned_for(user, DocumentKind.APPLICATION, today())) == 2


def test_what_a_college_plans_is_a_lecturers_under_the_record_that_goes_on(campus: Campus) -> None:
    plan = filled(perspective_plan(campus.college_deputy, campus.college))
    moved(submitted(plan, campus.college_deputy), Action.APPROVE, campus.college_director)
    before = planned_for(campus.college_lecturer, DocumentKind.APPLICATION, today())
    assert len(before) == 1
    twin = factories.PersonFactory.create()
    Person.objects.filter(pk=campus.college_lecturer.person_id).update(merged_into=twin)
    campus.college_lecturer.person.employments.update(person=twin)
    User.objects.filter(pk=campus.college_lecturer.pk).update(person=twin)
    assert planned_for(factories.again(campus.college_lecturer), DocumentKind.APPLICATION, today()) == before


def test_a_yearly_plan_begins_with_the_records_that_go_on(campus: Campus) -> None:
    approved(filled(perspective_plan(campus.head, campus.department)), campus)
    twin, gone = second_record(campus), campus.lecturer.person
    merged(twin, gone, campus)
    people = set(department_plan(campus.head, campus.department).rows.values_list("person", flat=True))
    assert twin.pk in people
    assert gone.pk not in people


def test_of_two_rows_of_one_lecturer_one_is_removed_by_who_writes_the_plan(campus: Campus) -> None:
    twin, person = second_record(campus), campus.lecturer.person
    plan = perspective_plan(campus.head, campus.department)
    merged(person, twin, campus)
    first, second = plan.rows.filter(person=person)
    client, address = signed_in(campus.head), reverse("plan_edit", args=[plan.pk])
    sent = typed(plan)
    page = client.post(address, sent)
    assert page.status_code == 422
    told = [dict(form.errors) for form in page.context["rows"] if form.errors]
    assert told == [{"person_id": ["Бул окутуучунун сабы бар. Баарын ошол сапка жазыңыз."]}]
    place = next(number for number, row in enumerate(plan.rows.all()) if row.pk == second.pk)
    removing = {"once": uuid.uuid4(), f"rows-{place}-DELETE": "on"}
    assert client.post(address, sent | removing).status_code == 302
    assert plan.rows.get(person=person).pk == first.pk


# --- as many queries for thirty as for one ---


def many_lecturers(unit: MethodicalAssociation, number: int) -> list[Employment]:
    people = [factories.PersonFactory() for _ in range(number)]
    return Employment.objects.bulk_create(
        Employment(
            person=person, institution=unit.institution, association=unit, position="окутуучу", starts_on=LONG_AGO
        )
        for person in people
    )


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize("name", ["plan", "plan_edit", "plan_paper"])
@pytest.mark.parametrize("make", [perspective_plan, department_plan])
def test_a_page_of_thirty_lecturers_asks_no_more_than_one_of_four(campus: Campus, make: Any, name: str) -> None:
    plan = make(campus.head, campus.department)
    client = signed_in(campus.head)
    few = queries(client, reverse(name, args=[plan.pk]))
    for place, job in enumerate(many_lecturers(campus.department, 30), start=10):
        plan.rows.create(person=job.person, position=place)
    assert queries(client, reverse(name, args=[plan.pk])) == few


def test_the_paper_of_all_departments_asks_no_more_for_two_than_for_one(campus: Campus) -> None:
    approved(filled(perspective_plan(campus.head, campus.department)), campus)
    client = signed_in(campus.quality)
    address = reverse("perspective_plans", args=[campus.university.pk])
    one = queries(client, address)
    other = submitted(filled(perspective_plan(campus.other_head, campus.other_department)), campus.other_head)
    moved(moved(other, Action.AGREE, campus.quality), Action.APPROVE, campus.vice_rector)
    assert queries(client, address) == one
