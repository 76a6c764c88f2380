"""F05 and F06 read back, as papers and as Excel files: headings to the letter, sums, signatures, hostile text."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from courses.exports import table_xlsx
from courses.models import Schedule, StoredPaper
from courses.schedules.content import Content, content_of
from courses.schedules.papers import heads_of, paper_name, schedule_html, schedule_pdf
from courses.schedules.tables import schedule_table
from cpd.dates import approval_date, school_year_label, short_date, today
from cpd.pdf import pdf_of
from schools import approval
from schools.choices import Action, DocumentKind, Role
from schools.models import ApprovalRoute, Document, DocumentVersion, RoleAssignment
from tests import factories
from tests.conftest import Cast
from tests.papers import Listener, Paper, hostile_markup, listening, read

pytestmark = pytest.mark.django_db

MARK = "ДОЛБООР — БЕКИТИЛГЕН ЭМЕС"
BLANK_NAME = "______________ Ф.А.А."
BLANK_DATE = "«___» ____________ 20___-ж."
DEPUTY = "Директордун окуу-тарбия иштери боюнча орун басары"
COMMON = "№ Мугалимдин аты-жөнү Окуткан предмети, кызматы Категориясы, пед. стажы Акыркы курстан өткөн жылы, сааты "
COMMON += "Беш жылда топтолгон саат "
COURSE = "Курстун (модулдун) аталышы Саат саны Уюмдун аталышы Окуу формасы Болжолдуу мөөнөтү "
F05_HEADINGS = COMMON + "Жетишпеген саат " + COURSE + "Эскертүү"
F06_HEADINGS = COMMON + COURSE + "Такталган мөөнөтү Эскертүү"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


@pytest.fixture
def schedule(cast: Cast) -> Schedule:
    """The school's, without a row."""
    return factories.school_schedule(cast.school, by=cast.deputy)


@pytest.fixture
def filled(schedule: Schedule, cast: Cast) -> Schedule:
    """Three rows of two associations and of one who belongs to none, the first two with their terms."""
    year = schedule.school_year
    columns = {"title": "Инклюзия", "starts_on": dt.date(year, 10, 5), "ends_on": dt.date(year, 10, 16)}
    factories.schedule_row(schedule, cast.teacher, **columns)
    columns = {"title": "Баалоо", "starts_on": dt.date(year + 1, 3, 28), "ends_on": dt.date(year + 1, 4, 2)}
    factories.schedule_row(schedule, cast.colleague, hours=Decimal("24.5"), **columns)
    factories.schedule_row(schedule, cast.director, title="Башкаруу", study_form="", provider_text="", hours=None)
    return schedule


def working_copy(schedule: Schedule) -> Paper:
    return read(schedule_pdf(factories.fresh(schedule)))


def printed(version: DocumentVersion) -> Paper:
    return read(schedule_pdf(Schedule.objects.get(pk=version.document_id), version))


def written(day: dt.date) -> str:
    with translation.override("ky"):
        return approval_date(day)


def dated(day: dt.date) -> str:
    with translation.override("ky"):
        return short_date(day)


def is_marked(paper: Paper) -> bool:
    """Either every page bears the mark, or none does."""
    (marked,) = {MARK in page for page in paper.pages}
    return marked


def moved(version: DocumentVersion, action: Action, *, by: Any, **columns: Any) -> None:
    document = Document.objects.get(pk=version.document_id)
    approval.perform(document, action, by=factories.again(by), seen=document.revision, **columns)


# --- F06 ----------------------------------------------------------------------------------------------------------


def test_f06_has_its_title_addressee_and_headings_to_the_letter(filled: Schedule) -> None:
    paper = working_copy(filled)
    assert paper.is_landscape
    assert paper.language == "ky"
    title = "Ак-Бата орто мектеби мугалимдеринин кесиптик чеберчиликти жогорулатуу курстарынан өтүүсүнүн графиги"
    assert f"{title} {school_year_label(filled.school_year)}-окуу жылы" in paper.text
    assert F06_HEADINGS in paper.text
    assert "Алма-Булак райондук билим берүү бөлүмүнө" in paper.text
    assert f"БЕКИТЕМИН Директор {BLANK_NAME} {BLANK_DATE}" in paper.text


@pytest.mark.parametrize(
    ("district", "office"),
    [
        ("Ош шаары", "Ош шаардык билим берүү бөлүмүнө"),
        ("Түштүк аймак", "Түштүк аймак: билим берүү бөлүмүнө"),
        ("району", "району: билим берүү бөлүмүнө"),
    ],
)
def test_no_case_ending_is_glued_to_a_district(district: str, office: str, schedule: Schedule) -> None:
    place = schedule.institution.district
    place.title_ky = district
    place.save()
    assert office in working_copy(schedule).text


def test_f06_prints_rows_by_group_with_sums(filled: Schedule, cast: Cast) -> None:
    text = working_copy(filled).text
    year = filled.school_year
    first = f"Усулдук бирикме: Табигый илимдер 1 {cast.teacher.person.full_name} биология мугалими Категориясы жок 0 "
    first += f"Инклюзия 72 Республикалык институт Күндүзгү октябрь 5–16-октябрь {year}-ж. "
    first += "Жыйынтыгы, мугалимдердин саны: 1 72"
    second = f"Усулдук бирикме: Тилдер 2 {cast.colleague.person.full_name} биология мугалими Категориясы жок 0 "
    second += "Баалоо 24,5 Республикалык институт Күндүзгү октябрь "
    second += f"28-март {year + 1}-ж. – 2-апрель {year + 1}-ж. Жыйынтыгы, мугалимдердин саны: 1 24,5"
    third = f"Усулдук бирикмеге кирбегендер 3 {cast.director.person.full_name} директор Категориясы жок 0 "
    third += "Башкаруу октябрь Жыйынтыгы, мугалимдердин саны: 1 0 Баары, мугалимдердин саны: 3 96,5"
    assert f"{first} {second} {third}" in text


def test_f06_leaves_out_what_a4_has_no_room_for(filled: Schedule, cast: Cast) -> None:
    text = working_copy(filled).text
    assert "Жетишпеген" not in text
    assert "Жооптуу" not in text


def test_a_working_copy_is_a_draft_that_nobody_signed(filled: Schedule, cast: Cast) -> None:
    paper = working_copy(filled)
    assert is_marked(paper)
    assert f"{DEPUTY} {BLANK_NAME} Графикке киргизилген мугалимдердин саны: 3 Жөнөтүлгөн датасы: {BLANK_DATE}" in (
        paper.text
    )
    assert f"Кабыл алды: ______________ (Ф.А.А., кызматы) {BLANK_DATE}" in paper.text
    assert f"Каттоо № {filled.pk} · Долбоор · Басылган датасы: {dated(today())}" in paper.text
    assert "Өзгөртүү" not in paper.text


def test_a_closed_version_names_its_writer_and_waits_to_be_sent(schedule: Schedule, cast: Cast) -> None:
    paper = printed(factories.closed(schedule, by=cast.deputy))
    assert not is_marked(paper)
    assert f"{DEPUTY} ______________ {cast.deputy.person.full_name}" in paper.text
    assert f"Жөнөтүлгөн датасы: {BLANK_DATE}" in paper.text
    assert f"Каттоо № {schedule.pk} · Версиясы: 1 ·" in paper.text


def test_a_director_who_closes_it_signs_as_one(schedule: Schedule, cast: Cast) -> None:
    text = printed(factories.closed(schedule, by=cast.director)).text
    assert f"Директор ______________ {cast.director.person.full_name} Графикке" in text
    assert DEPUTY not in text


def test_a_deputy_who_left_since_still_signed_as_one(schedule: Schedule, cast: Cast) -> None:
    version = factories.closed(schedule, by=cast.deputy)
    before = printed(version).text
    RoleAssignment.objects.filter(role=Role.DEPUTY_DIRECTOR).update(ends_on=today())
    assert printed(version).text == before


def test_a_sent_version_says_when_and_a_received_one_by_whom(schedule: Schedule, cast: Cast) -> None:
    version = factories.sent(schedule, by=cast.deputy)
    text = printed(version).text
    assert f"Жөнөтүлгөн датасы: {written(today())} Кабыл алды: ______________ (Ф.А.А., кызматы)" in text
    factories.received(schedule, by=cast.officer)
    text = printed(version).text
    officer = f"{cast.officer.person.full_name}, Райондук билим берүү бөлүмүнүн адиси"
    assert f"Кабыл алды: ______________ {officer} {written(today())}" in text


@pytest.mark.parametrize("action", [Action.RETURN, Action.WITHDRAW, Action.REOPEN])
def test_what_was_given_up_is_marked_on_every_page(action: Action, schedule: Schedule, cast: Cast) -> None:
    version = factories.closed(schedule, by=cast.deputy)
    if action != Action.REOPEN:
        factories.sent_on(schedule, by=cast.deputy)
    assert not is_marked(printed(version))
    by = cast.officer if action == Action.RETURN else cast.deputy
    moved(version, action, by=by, reason="Купуя себеп" if action == Action.RETURN else "")
    paper = printed(version)
    assert is_marked(paper)
    assert "Купуя себеп" not in paper.text


def test_a_director_of_the_route_signs_above(schedule: Schedule, cast: Cast) -> None:
    route = ApprovalRoute.objects.create(document_kind=schedule.kind, institution=cast.school)
    for place, (action, role) in enumerate([("agree", Role.DIRECTOR), ("approve", Role.DISTRICT_OFFICER)]):
        route.steps.create(position=place, action=action, role=role)
    version = factories.sent(schedule, by=cast.deputy)
    moved(version, Action.AGREE, by=cast.director)
    name = cast.director.person.full_name
    assert f"БЕКИТЕМИН Директор ______________ {name} {written(today())}" in printed(version).text


def test_an_empty_schedule_says_so(schedule: Schedule) -> None:
    text = working_copy(schedule).text
    assert "Маалымат жок" in text
    assert "Баары" not in text
    assert "Графикке киргизилген мугалимдердин саны: 0" in text


# --- amendments ---------------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(schedule: Schedule, cast: Cast) -> DocumentVersion:
    factories.sent(schedule, by=cast.deputy)
    return factories.received(schedule, by=cast.officer)


def amended(accepted: DocumentVersion, cast: Cast) -> Content:
    """The content of a change that is open: other hours, another day, a row gone and a row added."""
    moved(accepted, Action.AMEND, by=cast.deputy)
    rows = [dict(row) for row in accepted.content["groups"][0]["rows"]]
    rows[0] |= {"hours": "36", "ends_on": rows[0]["starts_on"]}
    rows[1] = rows[1] | {"uid": "new", "teacher": "Жаңыбаева Нурзат", "title": "Санарип"}
    groups = [accepted.content["groups"][0] | {"rows": rows}]
    return accepted.content | {"groups": groups, "change_note": "Мугалим ооруп калды"}


def test_an_amendment_bears_its_number_day_and_sheet(accepted: DocumentVersion, cast: Cast) -> None:
    document = Schedule.objects.get(pk=accepted.document_id)
    version = factories.closed(document, by=cast.deputy, content=amended(accepted, cast))
    paper = printed(version)
    assert f"-окуу жылы Өзгөртүү № 1, {dated(today())} №" in paper.text
    sheet = paper.pages[-1]
    year = document.school_year
    assert f"Өзгөртүүлөр барагы Салыштырылган версия: № 1, {dated(today())}" in sheet
    assert "Өзгөртүүнүн себеби: Мугалим ооруп калды" in sheet
    days = f"Такталган мөөнөтү: 5–9-октябрь {year}-ж."
    said = "Критериалдуу баалоо 1 Өзгөртүлдү Сааттардын саны: 24 → 36 " + f"{days} → 5-октябрь {year}-ж. "
    said += f"2 Жаңыбаева Нурзат Санарип Кошулду Сааттардын саны: 24 {days} "
    said += f"3 Сыноочу2 Элмира Критериалдуу баалоо 2 Алынды Сааттардын саны: 24 {days}"
    assert said in sheet
    assert "Өзгөртүү №" not in printed(accepted).text


def test_the_numbers_of_amendments_count_what_was_sent(schedule: Schedule, cast: Cast) -> None:
    first = factories.sent(schedule, by=cast.deputy)
    moved(first, Action.WITHDRAW, by=cast.deputy)
    second = factories.sent(schedule, by=cast.deputy)
    assert "Өзгөртүү №" not in printed(second).text
    moved(second, Action.RETURN, by=cast.officer, reason="Тактаңыз")
    third = factories.sent(schedule, by=cast.deputy)
    assert "Өзгөртүү № 1," in printed(third).text
    assert "Салыштырылган версия: № 2," in printed(third).text


def test_a_change_is_compared_with_what_was_accepted_last(accepted: DocumentVersion, cast: Cast) -> None:
    schedule = Schedule.objects.get(pk=accepted.document_id)
    moved(accepted, Action.AMEND, by=cast.deputy)
    returned = factories.sent(schedule, by=cast.deputy)
    moved(returned, Action.RETURN, by=cast.officer, reason="Тактаңыз")
    text = printed(factories.sent(schedule, by=cast.deputy)).text
    assert "Өзгөртүү № 2," in text
    assert "Салыштырылган версия: № 1," in text


def test_an_open_change_has_a_number_and_no_day(accepted: DocumentVersion, cast: Cast) -> None:
    moved(accepted, Action.AMEND, by=cast.deputy)
    text = working_copy(Schedule.objects.get(pk=accepted.document_id)).text
    assert "-окуу жылы Өзгөртүү № 1 №" in text
    assert text.count("Алынды") == 2


# --- F05 ----------------------------------------------------------------------------------------------------------


def test_f05_has_its_title_headings_and_lines(cast: Cast) -> None:
    schedule = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(schedule, cast.teacher, title="Инклюзия", note="Тактоо")
    paper = working_copy(schedule)
    assert paper.is_landscape
    title = "Табигый илимдер усулдук бирикмесинин мугалимдеринин чеберчиликти жогорулатуу курстарынан өтүү графиги"
    assert f"{title} {school_year_label(schedule.school_year)}-окуу жылы" in paper.text
    assert F05_HEADINGS in paper.text
    assert f"Усулдук бирикменин жыйынында каралды Протокол № _____ {BLANK_DATE}" in paper.text
    row = f"1 {cast.teacher.person.full_name} биология мугалими Категориясы жок 0 72 Инклюзия 72 "
    row += "Республикалык институт Күндүзгү октябрь Тактоо Баары, мугалимдердин саны: 1 72"
    assert row in paper.text
    assert f"Усулдук бирикменин жетекчиси {BLANK_NAME}" in paper.text
    for of_school in ("БЕКИТЕМИН", "Кабыл алды", "Усулдук бирикме:", "Такталган"):
        assert of_school not in paper.text


def test_f05_names_the_head_who_handed_it_over(cast: Cast) -> None:
    schedule = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(schedule, cast.teacher)
    handed_over = factories.handed_over(schedule, by=cast.head)
    paper = printed(handed_over.submitted_version)
    assert not is_marked(paper)
    assert f"Усулдук бирикменин жетекчиси ______________ {cast.head.person.full_name}" in paper.text


def test_an_association_that_calls_itself_one_is_not_called_so_twice(cast: Cast) -> None:
    cast.association.title_ky = "Табигый илимдер бирикмеси"
    cast.association.save()
    text = working_copy(factories.association_schedule(cast.association, by=cast.head)).text
    assert "Табигый илимдер бирикмеси мугалимдеринин чеберчиликти жогорулатуу курстарынан өтүү графиги" in text


# --- pages, names, queries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 40])
def test_headings_repeat_on_every_page_and_a_row_stays_on_one(count: int, schedule: Schedule, cast: Cast) -> None:
    content = factories.schedule_content(schedule, rows=count)
    for number, row in enumerate(content["groups"][0]["rows"]):
        row["title"], row["note"] = f"Курс{number}ө " + "окутуу " * 12, f"Соңу{number}ө"
    paper = printed(factories.closed(schedule, by=cast.deputy, content=content))
    for number in range(count):
        (page,) = (page for page in paper.pages if f"Курс{number}ө" in page)
        assert f"Соңу{number}ө" in page
        assert F06_HEADINGS in page
    total = next(page for page in paper.pages if "Баары, мугалимдердин саны" in page)
    assert f"Соңу{count - 1}ө" in total  # sums do not stand alone
    for number, page in enumerate(paper.pages, start=1):
        assert f"{number} / {len(paper.pages)}" in page


def test_a_group_heading_is_never_the_last_line_of_a_page(schedule: Schedule, cast: Cast) -> None:
    content = factories.schedule_content(schedule, rows=40)
    rows = content["groups"][0]["rows"]
    content["groups"] = [
        {"association": f"Бирикме{place}ө", "rows": [row], "teachers": 1, "hours": "24"}
        for place, row in enumerate(rows)
    ]
    paper = printed(factories.closed(schedule, by=cast.deputy, content=content))
    assert len(paper.pages) > 1
    for place, row in enumerate(rows):
        (page,) = (page for page in paper.pages if f"Бирикме{place}ө" in page)
        assert row["title"] in page


@pytest.mark.parametrize("count", [1, 5])
def test_the_heads_of_many_versions_cost_the_same_queries(
    count: int, cast: Cast, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        schedule = factories.school_schedule(cast.school, by=cast.deputy, year=2020 + number)
        factories.sent(schedule, by=cast.deputy)
        moved(factories.received(schedule, by=cast.officer), Action.AMEND, by=cast.deputy)
        factories.sent(schedule, by=cast.deputy, rows=3)
    versions = list(DocumentVersion.objects.filter(number=2))
    assert len(versions) == count
    with django_assert_num_queries(4):
        heads = heads_of(versions)
    assert {heads[version.pk].change for version in versions} == {1}
    with django_assert_num_queries(0):
        pages = [schedule_html(version.content, heads[version.pk]) for version in versions]
    assert pdf_of(pages[0]).startswith(b"%PDF")


def test_a_version_prints_what_was_frozen_whatever_language_is_read(accepted: DocumentVersion, cast: Cast) -> None:
    before = printed(accepted).text
    cast.school.title_ky = "Жаңы мектеп"
    cast.school.save()
    with translation.override("ru"):
        assert printed(accepted).text == before
        assert translation.get_language() == "ru"


def test_the_version_of_another_schedule_is_refused(accepted: DocumentVersion, cast: Cast) -> None:
    other = factories.school_schedule(cast.other_school, by=cast.other_director)
    with pytest.raises(ValueError, match="another schedule"):
        schedule_pdf(other, accepted)


def test_file_names_tell_form_year_place_and_version(accepted: DocumentVersion, cast: Cast) -> None:
    schedule = Schedule.objects.get(pk=accepted.document_id)
    year = school_year_label(schedule.school_year)
    assert paper_name(schedule, accepted, ".pdf") == f"F06_{year}_Ак-Бата-орто-мектеби_v1.pdf"
    own = factories.association_schedule(cast.association, by=cast.head)
    assert paper_name(own, None, ".xlsx") == f"F05_{year}_Табигый-илимдер_долбоор.xlsx"
    schedule.institution.title_ky = '../"; filename="x\r\n' + "ө" * 300
    name = paper_name(schedule, None, ".pdf")
    assert not set(name) & set('/\\"; \r\n')
    assert len(name.encode()) < 255


# --- addresses ----------------------------------------------------------------------------------------------------


def test_an_unchanged_version_is_rendered_once(client: Client, accepted: DocumentVersion, cast: Cast) -> None:
    client.force_login(cast.officer)
    by_number = reverse("schedule_version_paper", args=[accepted.document_id, accepted.number])
    first = client.get(by_number)
    kept = StoredPaper.objects.get()
    second, newest = client.get(by_number), client.get(reverse("schedule_paper", args=[accepted.document_id]))
    assert first.content == second.content == newest.content
    again = StoredPaper.objects.get()
    assert (again.pk, again.made_at, again.stored_as) == (kept.pk, kept.made_at, kept.stored_as)
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"].startswith("inline; filename*=utf-8''F06_")
    assert first["Cache-Control"] == "private, no-store"


def test_what_was_decided_since_is_on_the_paper(client: Client, schedule: Schedule, cast: Cast) -> None:
    version = factories.sent(schedule, by=cast.deputy)
    client.force_login(cast.deputy)
    address = reverse("schedule_version_paper", args=[schedule.pk, version.number])
    assert "(Ф.А.А., кызматы)" in read(client.get(address).content).text
    factories.received(schedule, by=cast.officer)
    assert cast.officer.person.full_name in read(client.get(address).content).text


@pytest.mark.parametrize("gives_up", [Action.REOPEN, Action.RETURN])
def test_a_kept_paper_does_not_hide_that_it_was_given_up(
    gives_up: Action, client: Client, schedule: Schedule, cast: Cast
) -> None:
    version = factories.closed(schedule, by=cast.deputy)
    if gives_up == Action.RETURN:
        factories.sent_on(schedule, by=cast.deputy)
    client.force_login(cast.deputy)
    address = reverse("schedule_version_paper", args=[schedule.pk, version.number])
    assert not is_marked(read(client.get(address).content))
    moved(version, gives_up, by=cast.officer if gives_up == Action.RETURN else cast.deputy, reason="Тактаңыз")
    assert is_marked(read(client.get(address).content))


def test_the_writer_prints_the_working_copy_and_the_district_what_was_sent(
    client: Client, accepted: DocumentVersion, cast: Cast
) -> None:
    moved(accepted, Action.AMEND, by=cast.deputy)
    address = reverse("schedule_paper", args=[accepted.document_id])
    client.force_login(cast.deputy)
    assert "Долбоор ·" in read(client.get(address).content).text
    assert not StoredPaper.objects.exists()
    client.force_login(cast.officer)
    assert "Версиясы: 1 ·" in read(client.get(address).content).text


def test_forty_rows_are_read_in_one_request(client: Client, filled: Schedule, cast: Cast) -> None:
    for number in range(37):
        factories.schedule_row(filled, cast.teacher, title=f"Курс {number}")
    client.force_login(cast.deputy)
    paper = read(client.get(reverse("schedule_paper", args=[filled.pk])).content)
    assert "Баары, мугалимдердин саны: 3" in paper.text
    assert paper.text.count(cast.teacher.person.full_name) == 38


# --- Excel --------------------------------------------------------------------------------------------------------


def opened(content: Content, number: int | None = None) -> Any:
    return load_workbook(BytesIO(table_xlsx(schedule_table(content, number)))).active


def top_of(sheet: Any) -> int:
    """The line of the headings."""
    return next(row[0].row for row in sheet.iter_rows(max_col=2) if row[0].value == "Усулдук бирикме" and row[1].value)


def test_the_excel_file_has_every_column_with_values_of_its_kind(filled: Schedule, cast: Cast) -> None:
    person = cast.teacher.person
    person.teaching_since = today().replace(year=today().year - 6, month=1, day=1)
    person.save()
    filled.rows.filter(title="Инклюзия").update(responsible="Окуу бөлүмү", note="Тактоо")
    sheet = opened(content_of(factories.fresh(filled)))
    top = top_of(sheet)
    assert [cell.value for cell in sheet[top]] == [
        *("Усулдук бирикме", "№", "Мугалимдин аты-жөнү", "Окуткан предмети", "Ээлеген кызматы"),
        *("Квалификациялык категориясы", "Педагогикалык стажы, жыл", "Акыркы курстан өткөн жылы"),
        *("Акыркы курстун сааты", "Беш жылда топтолгон саат", "Жетишпеген саат", "Курстун (модулдун) аталышы"),
        *("Саат саны", "Уюмдун аталышы", "Окуу формасы", "Болжолдуу мөөнөтү", "Такталган мөөнөтү: башталышы"),
        *("Такталган мөөнөтү: аягы", "Жооптуу", "Эскертүү"),
    ]
    year = filled.school_year
    assert [cell.value for cell in sheet[top + 1]] == [
        *("Табигый илимдер", 1, person.full_name, "", "биология мугалими", "Категориясы жок", 6, None, None, 0, 72),
        *("Инклюзия", 72, "Республикалык институт", "Күндүзгү", "октябрь"),
        *(dt.datetime(year, 10, 5), dt.datetime(year, 10, 16), "Окуу бөлүмү", "Тактоо"),
    ]
    assert [sheet.cell(top + 2, place).value for place in (1, 2, 13)] == ["Тилдер", 2, 24.5]
    assert sheet.cell(top + 3, 13).value is None
    assert sheet.cell(top + 1, 17).number_format == "dd.mm.yyyy"
    assert sheet.freeze_panes == f"A{top + 1}"
    assert sheet.auto_filter.ref == f"A{top}:T{top + 3}"
    assert sheet.max_row == top + 3


def test_the_excel_file_says_whose_it_is_and_sums_up(filled: Schedule) -> None:
    sheet = opened(content_of(filled), 3)
    about = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2, max_row=top_of(sheet) - 2, max_col=2)}
    assert about == {
        "Мектеп": "Ак-Бата орто мектеби",
        "Район, шаар": "Алма-Булак району",
        "Окуу жылы": school_year_label(filled.school_year),
        "Версиясы": 3,
        "Мугалимдердин саны": 3,
        "Баары, саат": 96.5,
        "Саат: Табигый илимдер": 72,
        "Саат: Тилдер": 24.5,
        "Саат: Усулдук бирикмеге кирбегендер": 0,
    }
    assert sheet["A1"].value == "Мектептин курстан өтүү графиги"


def test_an_address_sends_the_excel_file(client: Client, accepted: DocumentVersion, cast: Cast) -> None:
    client.force_login(cast.officer)
    answer = client.get(reverse("schedule_version_xlsx", args=[accepted.document_id, accepted.number]))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''F06_")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet
    assert "Сыноочу2 Элмира" in {cell.value for cell in sheet["C"]}


# --- hostile text -------------------------------------------------------------------------------------------------

TYPED = ("teacher", "position", "title", "provider", "responsible", "note")


def saying(schedule: Schedule, text: str) -> Content:
    """A content in which everybody typed ``text`` wherever something can be typed."""
    content = factories.schedule_content(schedule, rows=1)
    row = content["groups"][0]["rows"][0] | dict.fromkeys(TYPED, text) | {"subjects": [text]}
    return content | {
        "school": {"title": text, "district": text},
        "change_note": text,
        "groups": [content["groups"][0] | {"association": text, "rows": [row]}],
    }


@pytest.mark.parametrize("form", ["F05", "F06"])
def test_markup_in_any_field_is_text(form: str, schedule: Schedule, cast: Cast, listener: Listener) -> None:
    for markup in hostile_markup(listener.address):
        content = saying(schedule, markup)
        version = DocumentVersion(pk=0, document=schedule, number=1, content=content)
        head = heads_of([version])[0]
        if form == "F05":
            content |= {"kind": DocumentKind.ASSOCIATION_SCHEDULE, "association": markup}
        paper = read(pdf_of(schedule_html(content, head)))
        assert paper.attachments == []
        assert "root:" not in paper.text
        assert "".join(paper.text.split()).count("".join(markup.split())) > 5
    assert listener.asked == []


@pytest.mark.parametrize("text", ["Тест\x0bсөз", "Тест\ufffeсөз", "Тест\ud800сөз", "Тест\u202eсөз"])
def test_signs_that_no_paper_can_hold_are_left_out(text: str, schedule: Schedule) -> None:
    version = DocumentVersion(pk=0, document=schedule, number=1, content=saying(schedule, text))
    assert "Тестсөз" in read(pdf_of(schedule_html(version.content, heads_of([version])[0]))).text
    assert "Тестсөз" in {cell.value for cell in opened(version.content)["C"]}


def test_endless_texts_are_printed_to_their_end(schedule: Schedule) -> None:
    text = "Өмүр бою үйрөнүү " * 290 + "соңу" + "өңү" * 70
    version = DocumentVersion(pk=0, document=schedule, number=1, content=saying(schedule, text))
    paper = read(pdf_of(schedule_html(version.content, heads_of([version])[0])))
    assert "".join(paper.text.split()).count("соңу" + "өңү" * 2) >= 5
    assert "Кабыл алды" in paper.text


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "http://x.kg", "<r>a</r>"]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_and_links_stay_text(text: str, schedule: Schedule) -> None:
    sheet = opened(saying(schedule, text))
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).strip() == text.strip()]
    assert len(cells) == 10
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
