"""F01 and F02 read back: headings to the letter, names where they belong, nothing unapproved without its mark."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from courses.models import HoursPolicy
from cpd.dates import add_years, approval_date, school_year, school_year_of, short_date, today
from plans import actions
from plans.changes import Change, ChangeKind, FieldChange
from plans.choices import SheetKind
from plans.content import Plan, content_of
from plans.models import AnnualPlan, IndividualPlan
from plans.pdf import paper_name, plan_pdf, sentence
from plans.school_papers.actions import draw_up_order, extract_of
from schools import approval
from schools.choices import Action, DocumentKind, Role
from schools.models import ApprovalRoute, Decision, DocumentVersion, Meeting, RoleAssignment, Subject
from schools.models.documents import digest
from tests import factories
from tests.conftest import Cast
from tests.papers import Listener, Paper, hostile_markup, listening, read
from tests.plans import needs_told

MARK = "ДОЛБООР — БЕКИТИЛГЕН ЭМЕС"
BLANK_NAME = "______________ Ф.А.А."
BLANK_DATE = "«___» ____________ 20___-ж."
F01_HEADINGS = "№ Муктаждыктар Окутуунун түрлөрү Мөөнөтү Ким аткарат"
F02_ITEM_HEADINGS = [
    "№",
    "Кесиптик өнүгүү багыты",
    "Негиздеме",
    "Программанын (модулдун) аталышы",
    "Түрмөк (милдеттүү / вариативдүү)",
    "Окуу формасы",
    "Сааттардын саны",
    "Уюмдун аталышы",
    "Мөөнөтү (окуу жылы)",
    "Аткарылышы",
    "Эскертүү",
]
F02_CHANGE_HEADINGS = [
    "№",
    "Окуу жылы",
    "Өзгөртүүнүн мазмуну",
    "Негиздемеси",
    "Жыйындын протоколу",
    "Бекитилген датасы",
]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


@pytest.fixture
def geography(cast: Cast) -> Subject:
    """What the teacher teaches."""
    subject = Subject.objects.create(title_ky="География")
    factories.job_of(cast.teacher).subjects.add(subject)
    return subject


def in_force(plan: Plan) -> DocumentVersion:
    assert plan.in_force
    return plan.in_force


def submitted_paper(plan: Plan) -> Paper:
    return read(plan_pdf(plan, plan.current_version))


def written(day: dt.date) -> str:
    with translation.override("ky"):
        return approval_date(day)


def is_marked(paper: Paper) -> bool:
    """Either every page bears the mark, or none does."""
    marked = {MARK in page for page in paper.pages}
    assert len(marked) == 1
    return marked.pop()


# --- approval blocks ----------------------------------------------------------------------------------------------


def test_a_draft_has_lines_to_sign_on_and_names_nobody(draft: IndividualPlan, cast: Cast) -> None:
    paper = read(plan_pdf(draft))
    assert is_marked(paper)
    assert paper.text.count(BLANK_NAME) == 1
    assert paper.text.count(BLANK_DATE) == 2
    assert "Табигый илимдер усулдук бирикмесинин жыйынында каралды Протокол № _____" in paper.text
    assert "БЕКИТЕМИН Директордун окуу-тарбия иштери боюнча орун басары" in paper.text
    assert cast.deputy.person.family_name not in paper.text


@pytest.mark.parametrize("state", ["submitted", "considered", "returned"])
def test_what_is_not_approved_is_marked_on_every_page(state: str, request: pytest.FixtureRequest) -> None:
    assert is_marked(submitted_paper(request.getfixturevalue(state)))


def test_a_considered_plan_shows_minutes_on_the_left_and_lines_on_the_right(considered: IndividualPlan) -> None:
    paper = submitted_paper(considered)
    assert f"жыйынында каралды Протокол № 1 {written(today())}" in paper.text
    assert f"орун басары {BLANK_NAME} {BLANK_DATE}" in paper.text


def test_an_approved_plan_shows_who_signed_and_when(approved: IndividualPlan, cast: Cast) -> None:
    paper = submitted_paper(approved)
    name = cast.deputy.person.full_name
    assert not is_marked(paper)
    assert f"Директордун окуу-тарбия иштери боюнча орун басары ______________ {name} {written(today())}" in paper.text
    assert BLANK_DATE not in paper.text
    assert "Ф.А.А." not in paper.text


def test_a_returned_plan_keeps_its_minutes_and_prints_no_return(considered: IndividualPlan, cast: Cast) -> None:
    approval.perform(considered, Action.RETURN, by=cast.deputy, seen=considered.revision, reason="Купуя себеп")
    paper = submitted_paper(factories.fresh(considered))
    assert "Протокол № 1 " in paper.text
    assert BLANK_NAME in paper.text
    assert "Купуя себеп" not in paper.text
    assert cast.deputy.person.family_name not in paper.text


def test_a_year_plan_is_signed_by_the_director(cast: Cast) -> None:
    paper = submitted_paper(factories.approved(cast.annual_plan))
    assert paper.text.startswith(f"БЕКИТЕМИН Директор ______________ {cast.director.person.full_name} «")


def test_a_substitute_signs_with_their_own_post(cast: Cast) -> None:
    plan = factories.approved(factories.complete(factories.annual_plan(cast.director)))
    last = factories.decisions_of(plan)[-1]
    assert last.by_role == Role.DEPUTY_DIRECTOR
    paper = submitted_paper(plan)
    post = "Директордун окуу-тарбия иштери боюнча орун басары"
    assert paper.text.startswith(f"БЕКИТЕМИН {post} ______________ {last.by_name} ")


def test_the_district_officer_has_a_post_too(cast: Cast) -> None:
    route(cast, DocumentKind.ANNUAL_PLAN, (Action.APPROVE, Role.DISTRICT_OFFICER))
    paper = submitted_paper(factories.approved(cast.annual_plan))
    signed = f"БЕКИТЕМИН Райондук билим берүү бөлүмүнүн адиси ______________ {cast.officer.person.full_name} "
    assert paper.text.startswith(signed)


def test_every_step_of_a_longer_route_has_its_block(cast: Cast) -> None:
    steps = [
        (Action.CONSIDER, Role.ASSOCIATION_HEAD),
        (Action.AGREE, Role.DEPUTY_DIRECTOR),
        (Action.APPROVE, Role.DIRECTOR),
    ]
    route(cast, DocumentKind.INDIVIDUAL_PLAN, *steps)
    draft = read(plan_pdf(cast.plan))
    paper = submitted_paper(factories.approved(cast.plan))
    assert f"КАРАЛДЫ Усулдук бирикменин жетекчиси {BLANK_NAME}" in draft.text
    assert f"КАРАЛДЫ Усулдук бирикменин жетекчиси ______________ {cast.head.person.full_name} «" in paper.text
    assert "МАКУЛДАШЫЛДЫ Директордун окуу-тарбия иштери боюнча орун басары ______________ " in paper.text
    assert f"БЕКИТЕМИН Директор ______________ {cast.director.person.full_name} «" in paper.text


def test_a_draft_follows_the_schools_own_route_and_a_version_the_route_it_walked(
    approved: IndividualPlan, cast: Cast
) -> None:
    route(cast, DocumentKind.INDIVIDUAL_PLAN, (Action.APPROVE, Role.DIRECTOR))
    assert f"БЕКИТЕМИН Директор {BLANK_NAME}" in read(plan_pdf(approved)).text
    assert "БЕКИТЕМИН Директордун окуу-тарбия" in submitted_paper(approved).text


def test_a_draft_without_any_route_still_prints(draft: IndividualPlan) -> None:
    for one in ApprovalRoute.objects.all():
        one.delete()
    assert is_marked(read(plan_pdf(draft)))


def test_a_title_that_says_what_it_is_does_not_say_it_twice(cast: Cast) -> None:
    cast.association.title_ky = "Табигый илимдер бирикмеси"
    cast.association.save()
    paper = read(plan_pdf(cast.plan))
    assert "Табигый илимдер бирикмеси Усулдук бирикменин жыйынында каралды Протокол" in paper.text


def route(cast: Cast, kind: str, *steps: tuple[Action, Role]) -> None:
    """The school's own route."""
    own = ApprovalRoute.objects.create(document_kind=kind, institution=cast.school, source="сыноо")
    for position, (action, role) in enumerate(steps, start=1):
        own.steps.create(position=position, action=action, role=role)


# --- F01 ----------------------------------------------------------------------------------------------------------


def test_f01_has_two_lines_of_title_five_columns_and_its_maker(cast: Cast, geography: Subject) -> None:
    name = cast.teacher.person.full_name
    plan = factories.complete(factories.annual_plan(cast.teacher, period=school_year(2021)))
    paper = read(plan_pdf(plan))
    assert f"Ак-Бата орто мектеби география мугалими {name} 2021-2022-окуу жылына карата иш планы" in paper.text
    assert F01_HEADINGS in paper.text
    assert paper.title == f"2021-2022-окуу жылына карата иш планы, {name}"
    assert f"Түзгөн: {name}" in paper.text
    assert not paper.is_landscape


def test_f01_of_somebody_without_a_subject_names_the_post(cast: Cast) -> None:
    job = factories.job_of(cast.teacher)
    job.position = "социалдык педагог"
    job.save()
    assert f"мектеби, социалдык педагог {cast.teacher.person.full_name} " in read(plan_pdf(cast.annual_plan)).text


@pytest.mark.parametrize(
    ("columns", "printed"),
    [
        ({"learning_methods": ["offline", "online"]}, "Офлайн, онлайн ноябрь"),
        ({"learning_methods": ["discussion"], "methods_text": "Ачык сабак"}, "Дискуссиялык окуу, Ачык сабак ноябрь"),
        ({"learning_methods": [], "methods_text": "ачык сабак"}, "ачык сабак ноябрь"),
        ({"month": None, "term_text": "жыл бою"}, "Практика жыл бою"),
        ({"month": 9, "term_text": "үчүнчү жума"}, "Практика сентябрь, үчүнчү жума"),
        ({"executor_kind": "self"}, "ноябрь Өмүралиева Айнагүл Түзгөн"),
        ({"executor_kind": "association"}, "ноябрь Табигый илимдер бирикмеси Түзгөн"),
        ({"executor_kind": "self", "executor_text": "Мугалим"}, "ноябрь Мугалим Түзгөн"),
        ({"executor_kind": "other", "executor_text": "Стаждуу мугалимдер"}, "ноябрь Стаждуу мугалимдер Түзгөн"),
    ],
)
def test_f01_words_its_cells_as_the_form_does(columns: dict[str, Any], printed: str, cast: Cast) -> None:
    row = factories.annual_row(need="Муктаждык", learning_methods=["practice"])
    plan = factories.complete(factories.annual_plan(cast.teacher), rows=[row | columns])
    assert printed in read(plan_pdf(plan)).text


def test_f01_rows_run_from_september(cast: Cast) -> None:
    rows = [factories.annual_row(need=f"Ай{month}ө", month=month) for month in (5, 1, 12, 9)]
    text = read(plan_pdf(factories.complete(factories.annual_plan(cast.teacher), rows=rows))).text
    places = [text.index(f"Ай{month}ө") for month in (9, 12, 1, 5)]
    assert places == sorted(places)


# --- F02 ----------------------------------------------------------------------------------------------------------


def test_f02_has_its_title_and_headings_to_the_letter(draft: IndividualPlan) -> None:
    paper = read(plan_pdf(draft))
    assert paper.is_landscape
    assert f"{draft.period.label}-ЖЫЛДАРГА КАРАТА КЕСИПТИК ӨНҮГҮҮНҮН ЖЕКЕ ПЛАНЫ" in paper.text
    for heading in [*F02_ITEM_HEADINGS, *F02_CHANGE_HEADINGS]:
        assert heading in paper.text
    heads = ["Мугалимдин аты, жөнү", "Мектептин аталышы", "Район, шаар", "Билими, адистиги"]
    heads += ["Ээлеген кызматы", "категориясы", "Пед стаж"]
    assert " ".join(heads) in paper.text


def test_f02_stacks_both_values_under_both_headings(draft: IndividualPlan, cast: Cast) -> None:
    person = cast.teacher.person
    person.education, person.speciality, person.category_id = "Жогорку", "география", "first"
    person.teaching_since = add_years(today(), -6)
    person.save()
    upper = f"{person.full_name} Ак-Бата орто мектеби Алма-Булак району Жогорку, география"
    lower = "биология мугалими Биринчи категория 6 жыл"
    assert f"{upper} {lower}" in read(plan_pdf(factories.fresh(draft))).text


def test_f02_ticks_the_grounds_that_were_chosen(cast: Cast) -> None:
    plan = factories.individual_plan(cast.teacher)
    header = {"grounds": ["standard", "own_interest"], "grounds_text": "Башкача негиз", "change_note": ""}
    row = factories.plan_row(plan)
    actions.save_plan(plan=plan, by=cast.teacher, seen=plan.revision, header=header, rows=[row])
    text = read(plan_pdf(factories.fresh(plan))).text
    assert text.count("×") == 2
    assert "негиздери × Стандарттын же" in text
    assert "талаптары Аттестациянын жана өзүн өзү баалоонун жыйынтыктары Билим берүү уюмунун" in text
    assert "программасы × Жеке кызыкчылыктар жана муктаждыктар Башкача негиз" in text


def test_f02_prints_an_item_in_words(cast: Cast) -> None:
    plan = factories.individual_plan(cast.teacher)
    row = factories.plan_row(plan, rationale="Аттестация", provider_text="Облустук институт", note="Тактоо")
    text = read(plan_pdf(factories.complete(plan, rows=[row | {"hours": Decimal("72.5")}]))).text
    year = plan.period.school_years[0]
    printed = "1 Предметти окутуунун усулу Аттестация Критерийлик баалоо Милдеттүү түрмөк Дистанттык 72,5 "
    assert printed + f"Облустук институт {year}-{year + 1}, октябрь Тактоо" in text


def test_f02_sums_planned_hours_beside_what_is_required(draft: IndividualPlan) -> None:
    assert "Пландалган саат: 72 / Талап: 72 / Тастыкталган саат: 0" in read(plan_pdf(draft)).text
    HoursPolicy.objects.all().delete()
    assert "Пландалган саат: 72 / Талап: — / Тастыкталган саат: 0" in read(plan_pdf(draft)).text


def test_an_empty_plan_says_so(cast: Cast) -> None:
    text = read(plan_pdf(factories.individual_plan(cast.teacher))).text
    assert text.count("Маалымат жок") == 2  # neither items nor changes


# --- yearly changes -----------------------------------------------------------------------------------------------


def changed(plan: IndividualPlan, *, note: str, hours: int, new: str) -> DocumentVersion:
    """Approved once more, with the first row's hours changed, its last row removed and a new one added."""
    opened = factories.amended(factories.fresh(plan))
    rows = [content_of(opened)["rows"][0] | {"hours": Decimal(hours)}, factories.plan_row(plan, programme_title=new)]
    header = {"grounds": plan.grounds, "grounds_text": "", "change_note": note}
    actions.save_plan(plan=opened, by=plan.author.user, seen=opened.revision, header=header, rows=rows)
    return in_force(factories.approved(factories.fresh(opened)))


def test_the_sheet_of_changes_lists_what_each_approved_version_changed(approved: IndividualPlan) -> None:
    second = changed(approved, note="Жаңы программа", hours=36, new="Инклюзия")
    text = read(plan_pdf(approved, second)).text
    sheet = text[text.index("Жылдык өзгөртүүлөр барагы") :]
    assert "Өзгөрдү: Критерийлик баалоо (Сааттардын саны: 24 → 36)" in sheet
    assert "Кошулду: Инклюзия" in sheet
    assert "Алынды: Сынчыл ойлом" in sheet
    with translation.override("ky"):
        day = short_date(today())
    assert f"Жаңы программа Протокол № 1, {day} {day}" in sheet


def test_the_sheet_ends_with_the_version_that_is_printed(approved: IndividualPlan) -> None:
    first = in_force(approved)
    second = changed(approved, note="Биринчи себеп", hours=36, new="Инклюзия")
    third = changed(approved, note="Экинчи себеп", hours=48, new="Санарип")
    assert "себеп" not in read(plan_pdf(approved, first)).text
    assert "Биринчи себеп" in read(plan_pdf(approved, second)).text
    assert "Экинчи себеп" not in read(plan_pdf(approved, second)).text
    for paper in (read(plan_pdf(approved, third)), read(plan_pdf(approved))):
        assert paper.text.index("Биринчи себеп") < paper.text.index("Экинчи себеп")


def test_a_version_that_was_returned_is_no_change(returned: IndividualPlan) -> None:
    plan = factories.approved(returned)
    assert in_force(plan).number == 2
    sheet = submitted_paper(plan).text.split("Жылдык өзгөртүүлөр барагы")[1]
    assert "Маалымат жок" in sheet


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(ChangeKind.MOVED), "Саптардын тартиби өзгөрдү."),
        (Change(ChangeKind.ADDED, "Курс"), "Кошулду: Курс"),
        (Change(ChangeKind.REMOVED, "Курс"), "Алынды: Курс"),
        (
            Change(ChangeKind.CHANGED, "Курс", (FieldChange("month", 3, ""), FieldChange("school_year", 2021, 2022))),
            "Өзгөрдү: Курс (Ай: март → —; Окуу жылы: 2021-2022 → 2022-2023)",
        ),
        (
            Change(ChangeKind.CHANGED, "Курс", (FieldChange("block", "", "variative"),)),
            "Өзгөрдү: Курс (Түрмөк: — → Вариативдүү түрмөк)",
        ),
        (
            Change(ChangeKind.CHANGED, "", (FieldChange("grounds", ["own_interest"], ""),)),
            "Өзгөрдү: Планды түзүүнүн негиздери: Жеке кызыкчылыктар жана муктаждыктар → —",
        ),
        (
            Change(ChangeKind.CHANGED, "Курс", (FieldChange("study_form", "gone_long_ago", "distance"),)),
            "Өзгөрдү: Курс (Окуу формасы: gone_long_ago → Дистанттык)",
        ),
    ],
)
def test_a_change_is_a_sentence_without_endings_on_names(change: Change, words: str) -> None:
    with translation.override("ky"):
        assert sentence(change) == words


# --- versions, names, pages ---------------------------------------------------------------------------------------


def test_a_version_prints_what_was_frozen(approved: IndividualPlan, cast: Cast) -> None:
    before = submitted_paper(approved).text
    person = cast.teacher.person
    person.family_name = "Башкаева"
    person.save()
    cast.school.title_ky = "Жаңы мектеп"
    cast.school.save()
    cast.association.title_ky = "Жаңы бирикме"
    cast.association.save()
    RoleAssignment.objects.all().delete()
    assert submitted_paper(factories.fresh(approved)).text == before


def test_the_version_of_another_plan_is_refused(approved: IndividualPlan, cast: Cast) -> None:
    with pytest.raises(ValueError, match="another plan"):
        plan_pdf(cast.annual_plan, approved.in_force)


def test_papers_are_kyrgyz_and_leave_the_readers_language_alone(approved: IndividualPlan) -> None:
    in_kyrgyz = submitted_paper(approved).text
    with translation.override("ru"):
        assert submitted_paper(approved).text == in_kyrgyz
        assert translation.get_language() == "ru"


def test_the_small_type_names_record_version_day_and_page(approved: IndividualPlan) -> None:
    paper = submitted_paper(approved)
    with translation.override("ky"):
        day = short_date(today())
    colophon = f"{approved.author.full_name} · Каттоо № {approved.pk} · Версиясы: 1 · Басылган датасы: {day}"
    for number, page in enumerate(paper.pages, start=1):
        assert colophon in page
        assert f"{number} / {len(paper.pages)}" in page
    assert paper.language == "ky"


def test_file_names_tell_form_years_teacher_and_version(approved: IndividualPlan, cast: Cast) -> None:
    years = approved.period.label
    assert paper_name(approved, approved.in_force) == f"F02_{years}_Өмүралиева-Айнагүл_v1.pdf"
    assert paper_name(approved) == f"F02_{years}_Өмүралиева-Айнагүл_долбоор.pdf"
    plan = factories.submitted(cast.annual_plan)
    assert paper_name(plan, plan.current_version).endswith("_v1_долбоор.pdf")


def test_file_names_hold_nothing_but_letters_digits_and_dashes(draft: IndividualPlan) -> None:
    draft.author.family_name = '../"; filename="x\r\n' + "ө" * 300
    name = paper_name(draft)
    assert not set(name) & set('/\\"; \r\n')
    assert ".." not in name
    assert len(name.encode()) < 255


@pytest.mark.parametrize("count", [1, 9, 40])
def test_headings_repeat_on_every_page_and_a_row_stays_on_one(count: int, cast: Cast) -> None:
    plan = factories.individual_plan(cast.teacher)
    rows = [
        factories.plan_row(plan, programme_title=f"Курс{n}ө " + "окутуу " * 12, note=f"Соңу{n}ө") for n in range(count)
    ]
    paper = read(plan_pdf(factories.complete(plan, rows=rows)))
    for number in range(count):
        holding = [page for page in paper.pages if f"Курс{number}ө" in page]
        assert len(holding) == 1
        assert f"Соңу{number}ө" in holding[0]
        assert "Сааттардын саны" in holding[0]
    assert f"Пландалган саат: {24 * count} /" in paper.text


@pytest.mark.parametrize("count", [1, 30])
def test_a_paper_costs_the_same_queries_however_long_it_is(
    count: int, cast: Cast, django_assert_num_queries: Any
) -> None:
    empty = factories.individual_plan(cast.teacher)
    plan = factories.approved(factories.complete(empty, rows=[factories.plan_row(empty) for _ in range(count)]))
    version = in_force(factories.fresh(plan))
    with django_assert_num_queries(12):
        plan_pdf(plan, version)


# --- hostile text -------------------------------------------------------------------------------------------------


def with_text(value: Any, text: str) -> Any:
    """``value`` with every string a person types replaced; codes, days and numbers stay."""
    kept = {"kind", "uid", "starts_on", "ends_on", "month", "hours", "required_hours", "school_year", "grounds"}
    kept |= {"learning_methods", "executor_kind"}
    if isinstance(value, dict):
        return {name: inner if name in kept else with_text(inner, text) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_text(inner, text) for inner in value]
    return text if isinstance(value, str) else value


def saying(plan: Plan, text: str, *, minutes: str) -> DocumentVersion:
    """An approved version in which everybody typed ``text`` wherever something can be typed."""
    last = in_force(plan)
    content = with_text(last.content, text)
    version = DocumentVersion.objects.create(
        document=plan,
        number=plan.versions.count() + 1,
        content=content,
        content_hash=digest(content),
        route=last.route,
    )
    assert plan.association
    meeting = factories.meeting(plan.association, by=plan.author.user, number=minutes)
    for made in Decision.objects.filter(version=last):
        copy = Decision(version=version, action=made.action, step=made.step, by=made.by, at=made.at)
        copy.by_name, copy.by_role = text[:250], made.by_role
        copy.meeting = meeting if made.meeting else None
        copy.previous_hash = f"{version.pk}-{made.pk}"
        copy.save()
    return version


@pytest.mark.parametrize("form", ["F01", "F02"])
def test_markup_in_any_field_is_text(form: str, approved: IndividualPlan, cast: Cast, listener: Listener) -> None:
    plan: Plan = approved
    if form == "F01":
        rows = [factories.annual_row(executor_kind="other", executor_text="сыноо")]
        plan = factories.approved(factories.complete(factories.annual_plan(cast.teacher), rows=rows))
    for markup in hostile_markup(listener.address):
        with transaction.atomic():
            version = saying(plan, markup, minutes=f"<img src={listener.address[5:]}>")
            paper = read(plan_pdf(plan, version))
            transaction.set_rollback(True)  # or the sheet of changes grows with every version
        assert paper.attachments == []
        assert "root:" not in paper.text
        assert "".join(paper.text.split()).count("".join(markup.split())) > 5
    assert listener.asked == []


LONG_COLUMNS = ("direction", "rationale", "provider_text", "programme_title", "note")


def test_endless_texts_are_printed_to_their_end(approved: IndividualPlan) -> None:
    text = "Өмүр бою үйрөнүү " * 290 + "соңу" + "өңү" * 70
    last = in_force(approved)
    rows = [dict(last.content["rows"][0]) | dict.fromkeys(LONG_COLUMNS, text)]
    content = last.content | {"rows": rows, "grounds_text": text, "association": text}
    content |= {"teacher": last.content["teacher"] | dict.fromkeys(("position", "education", "speciality"), text)}
    version = DocumentVersion.objects.create(
        document=approved, number=9, content=content, content_hash=digest(content), route=last.route
    )
    paper = read(plan_pdf(approved, version))
    assert "".join(paper.text.split()).count("соңу" + "өңү" * 2) == 10
    assert "Жылдык өзгөртүүлөр барагы" in paper.text


# --- print_forms --------------------------------------------------------------------------------------------------


def test_print_forms_writes_every_form(cast: Cast, tmp_path: Path) -> None:
    factories.approved(cast.plan)
    factories.complete(factories.individual_plan(cast.peer))
    factories.approved(cast.annual_plan)
    factories.submitted(factories.complete(factories.annual_plan(cast.peer)))
    factories.association_schedule(cast.association, by=cast.head)
    factories.sent(factories.school_schedule(cast.school, by=cast.deputy), by=cast.deputy)
    factories.assessment(cast.teacher)
    factories.need(cast.teacher)
    factories.submitted_request(factories.needs_request(cast.school, by=cast.deputy), by=cast.deputy)
    needs_told.order(cast, is_issued=True)
    draw_up_order(by=cast.deputy, institution=cast.school, school_year=school_year_of(today()))
    extract_of(by=cast.head, meeting=Meeting.objects.first())
    pair = factories.mentorship(cast.teacher, cast.peer, order_number="14-б", ordered_on=factories.LONG_AGO)
    factories.SharingEventFactory(record=factories.training_record(cast.teacher, status="verified"))
    factories.approved(factories.complete(factories.induction_plan(cast.colleague, cast.head)), by=cast.director)
    factories.induction_plan(cast.second_deputy)
    for kind in SheetKind:
        factories.lesson_sheet(pair, cast.peer, kind)
    call_command("print_forms", tmp_path / "forms", stdout=StringIO())
    papers = {path.name: read(path.read_bytes()) for path in (tmp_path / "forms").iterdir()}
    assert set(papers) == {
        "F01.pdf",
        "F01-draft.pdf",
        "F02.pdf",
        "F02-draft.pdf",
        "F03.pdf",
        "F05.pdf",
        "F06.pdf",
        "F08.pdf",
        "F09.pdf",
        "F10.pdf",
        "F11.pdf",
        "F12.pdf",
        "F12-draft.pdf",
        "F13.pdf",
        "F14.pdf",
        "F15.pdf",
        "F16.pdf",
        "F17.pdf",
        "F18.pdf",
        "F29.pdf",
        "portfolio.pdf",
    }
    assert {name for name, paper in papers.items() if is_marked(paper)} == {
        "F01-draft.pdf",
        "F02-draft.pdf",
        "F05.pdf",
        "F12-draft.pdf",
    }


def test_print_forms_says_what_the_database_lacks(approved: IndividualPlan, tmp_path: Path) -> None:
    lacking = r"for: F01, F01-draft, F02-draft, F12, F12-draft, F05, F06, F08, F09, F17, F10, F13, F11, F14, .*F18\.$"
    with pytest.raises(CommandError, match=lacking):
        call_command("print_forms", tmp_path, stdout=StringIO())
    assert {path.name for path in tmp_path.iterdir()} == {"F02.pdf", "F03.pdf", "F29.pdf", "portfolio.pdf"}
    assert AnnualPlan.objects.count() == 0
