"""A provider's plan-schedule out of Excel: shown as it will be, and taken whole or not at all (trust T31, T32)."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from courses.choices import Block, StudyForm
from courses.models import Offering, Provider, ProviderAlias
from courses.offerings import actions, importing
from courses.offerings.actions import NEW, take_import
from courses.offerings.importing import COLUMNS, MOST_ROWS, PURPOSE, Preview, check, typed
from courses.registers import PROVIDERS, Place, save_entry
from cpd import imports
from cpd.models import PendingImport
from cpd.sheets import read_sheet
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import TeachingLanguage
from schools.models import User
from tests import factories
from tests.conftest import at_once, make_cast
from tests.factories import again
from tests.workbooks import book, naming_sheets, with_parts

pytestmark = pytest.mark.django_db

HEAD = [column.headings[0] for column in COLUMNS]
NAME = "Сыноо окуу борбору"


@pytest.fixture
def provider(cast) -> Provider:
    return registered(cast, NAME)


def registered(cast, title: str) -> Provider:
    columns = {"title_ky": title, "kind": "licensed"}
    return save_entry(PROVIDERS, by=cast.administrator, place=Place(), columns=columns)


def row(**columns: Any) -> list[Any]:
    """One row of the file in which nothing is missing."""
    cells = {
        "provider": NAME,
        "title": "Сынчыл ойлом",
        "hours": 72,
        "term": f"5-16-октябрь {year()}",
        "places": 5,
    } | columns
    return [cells.get(column.name) for column in COLUMNS]


def year() -> int:
    return factories.next_school_year()


def read(*rows: Iterable[Any], head: list[str] = HEAD) -> dict[str, Any]:
    sheet = read_sheet(book(head, *rows), COLUMNS, most_rows=MOST_ROWS)
    assert sheet.problems == []
    return typed(sheet)


def preview(cast, *rows: Iterable[Any]) -> Preview:
    return check(read(*rows), cast.district)


def pending(cast, *rows: Iterable[Any], user: User | None = None) -> PendingImport:
    return imports.keep(user or cast.officer, PURPOSE, cast.district.pk, read(*rows))


def take(cast, *rows: Iterable[Any], by: User | None = None, **choices: str) -> actions.Taken:
    by = by or cast.officer
    return take_import(pending=pending(cast, *rows, user=by), by=by, district=cast.district, choices=choices)


def told(found: Preview) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.row, problem.column) for problem in found.problems]


def upload(user: User, pk: int, data: bytes, name: str = "план.xlsx") -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse("offering_import", args=[pk]), {"file": SimpleUploadedFile(name, data)})


def page(user: User, *args: int, **posted: Any) -> Any:
    client = Client()
    client.force_login(user)
    address = reverse("offering_import_check", args=args)
    return client.post(address, {"once": uuid.uuid4(), **posted}) if posted else client.get(address)


# What a row becomes -----------------------------------------------------------------------------------------------


def test_a_row_becomes_a_course_as_if_it_were_typed_into_the_form(cast, provider):
    subject = factories.SubjectFactory(title_ky="Биология")
    full = {
        "audience": "биология мугалимдери",
        "study_form": "Күндүзгү",
        "venue": "Бишкек ш.",
        "subject": "биология",
        "language": "Орусча",
        "block": "Вариативдик түрмөк",
    }
    labels = {"study_form": StudyForm.FULL_TIME, "language": TeachingLanguage.RUSSIAN, "block": Block.VARIATIVE}
    full |= {name: _in_kyrgyz(choice) for name, choice in labels.items()}
    assert take(cast, row(**full)) == actions.Taken(1, 0)
    made = Offering.objects.get()
    wanted = {
        "district": cast.district,
        "provider": provider,
        "programme": None,
        "title": "Сынчыл ойлом",
        "title_key": "сынчыл ойлом",
        "audience": "биология мугалимдери",
        "subject": subject,
        "is_for_leaders": False,
        "hours": Decimal(72),
        "starts_on": dt.date(year(), 10, 5),
        "ends_on": dt.date(year(), 10, 16),
        "venue": "Бишкек ш.",
        "places": 5,
        "given": 0,
        "revision": 1,
        "entered_by": cast.officer.person,
        "cancelled_at": None,
        **labels,
    }
    assert {name: getattr(made, name) for name in wanted} == wanted


def _in_kyrgyz(choice: Any) -> str:
    with translation.override("ky"):
        return str(choice.label)


@pytest.mark.parametrize(
    ("term", "first", "last"),
    [
        ("05.10.2026-16.10.2026", dt.date(2026, 10, 5), dt.date(2026, 10, 16)),
        ("12-23-июль 2026-ж.", dt.date(2026, 7, 12), dt.date(2026, 7, 23)),
        ("28-март – 2-апрель 2026-ж.", dt.date(2026, 3, 28), dt.date(2026, 4, 2)),
        (dt.date(2026, 10, 5), dt.date(2026, 10, 5), dt.date(2026, 10, 5)),
    ],
)
def test_the_term_is_read_as_people_write_it(term, first, last, cast, provider):
    take(cast, row(term=term))
    made = Offering.objects.get()
    assert (made.starts_on, made.ends_on) == (first, last)


@pytest.mark.parametrize(("hours", "wanted"), [(72, 72), (72.5, "72.5"), ("72 саат", 72), ("72,5", "72.5")])
def test_hours_are_read_as_people_write_them(hours, wanted, cast, provider):
    take(cast, row(hours=hours))
    assert Offering.objects.get().hours == Decimal(wanted)


DAYS_HEAD = [title for title in HEAD if title != "Өтүү мөөнөтү"]


def days_row(starts_on: Any, ends_on: Any) -> list[Any]:
    cells = row(starts_on=starts_on, ends_on=ends_on)
    return [cell for title, cell in zip(HEAD, cells, strict=True) if title in DAYS_HEAD]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "wrong"),
    [
        (dt.date(2026, 10, 5), dt.datetime(2026, 10, 16), []),
        ("05.10.2026", "16.10.2026", []),
        ("05.10.2026", None, ["L"]),
        ("октябрь 2026", 16, ["K", "L"]),
        ("16.10.2026", "05.10.2026", ["L"]),
        (None, None, ["K", "L"]),
    ],
)
def test_the_first_and_the_last_day_may_stand_in_two_columns(starts_on, ends_on, wrong, cast, provider):
    found = check(read(days_row(starts_on, ends_on), head=DAYS_HEAD), cast.district)
    assert [problem.column for problem in found.problems] == wrong
    if not wrong:
        [columns] = [line.columns for line in found.lines]
        assert (columns["starts_on"], columns["ends_on"]) == (dt.date(2026, 10, 5), dt.date(2026, 10, 16))


def test_one_of_the_two_days_is_no_term(cast, provider):
    sheet = read_sheet(book(DAYS_HEAD[:-1], days_row("05.10.2026", None)[:-1]), COLUMNS, most_rows=MOST_ROWS)
    assert [problem.code for problem in sheet.problems] == ["no_heading"]


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({"term": "жакында"}, [("not_a_date", "F")]),
        ({"term": "октябрь 2026"}, [("imprecise", "F")]),
        ({"term": "5-16-октябрь"}, [("no_year", "F")]),
        ({"term": "31-февраль 2026"}, [("no_such_day", "F")]),
        ({"term": "16.10.2026-05.10.2026"}, [("end_before_start", "F")]),
        ({"term": 45000}, [("not_a_date", "F")]),
        ({"hours": "4 сутка"}, [("not_in_hours", "D")]),
        ({"hours": "көп"}, [("not_a_number", "D")]),
        ({"hours": 0}, [("not_positive", "D")]),
        ({"hours": -5}, [("not_positive", "D")]),
        ({"places": 0}, [("invalid", "H")]),
        ({"places": 2.5}, [("invalid", "H")]),
        ({"places": "беш"}, [("invalid", "H")]),
        ({"places": True}, [("invalid", "H")]),
        ({"study_form": "кечки"}, [("invalid_choice", "E")]),
        ({"language": "англисче"}, [("invalid_choice", "J")]),
        ({"block": "үчүнчү"}, [("invalid_choice", "K")]),
        ({"subject": "Алхимия"}, [("invalid_choice", "I")]),
        (
            {"term": "жакында", "hours": "көп", "places": 0},
            [("not_a_number", "D"), ("not_a_date", "F"), ("invalid", "H")],
        ),
    ],
)
def test_each_thing_that_is_wrong_is_told_by_row_and_column(columns, wrong, cast, provider):
    found = preview(cast, row(title="Биринчи"), row(**columns))
    assert told(found) == [(code, 3, column) for code, column in wrong]
    assert found.faults == found.problems
    assert all(problem.text and problem.heading in HEAD for problem in found.problems)
    with pytest.raises(Refused):
        take(cast, row(title="Биринчи"), row(**columns))
    assert not Offering.objects.exists()


def test_the_subject_and_heads_of_schools_are_read_from_the_words_for_whom_the_course_is(cast, provider):
    biology, physics = (factories.SubjectFactory(title_ky=title) for title in ("Биология", "Физика"))
    audiences = {
        "биологиянын мугалимдери": (biology, False),
        "Физика мугалимдери": (physics, False),
        "биология, физика мугалимдери": (None, False),
        "бардык мугалимдер": (None, False),
        "мектеп директорлору": (None, True),
        "директордун орун басарлары": (None, True),
        "усулдук бирикменин жетекчилери": (None, False),
    }
    found = preview(cast, *(row(title=f"Курс {n}", audience=text) for n, text in enumerate(audiences)))
    assert [(line.columns["subject"], line.columns["is_for_leaders"]) for line in found.lines] == [*audiences.values()]


# Organisations ----------------------------------------------------------------------------------------------------


def test_an_organisation_is_known_by_any_of_its_names_in_the_district(cast, provider):
    near = factories.provider()
    factories.ProviderAliasFactory(target=provider, text="СОБ")
    factories.ProviderAliasFactory(target=near, text="соб", district=cast.district)
    assert [line.provider for line in preview(cast, row(provider="СОБ")).lines] == [near]
    assert [line.provider for line in check(read(row(provider="СОБ")), cast.other_district).lines] == [provider]


def test_an_unknown_organisation_waits_for_a_person_with_the_nearest_entries(cast, provider):
    found = preview(
        cast, row(provider="Сыноо борбору"), row(title="Башка", provider="СЫНОО  борбору"), row(title="Үч")
    )
    assert told(found) == [("provider_unknown", 2, "A"), ("provider_unknown", 3, "A")]
    assert [(one.text, one.rows, one.near) for one in found.unknown] == [("Сыноо борбору", [2, 3], [provider])]
    assert (found.faults, found.new) == ([], 3)


def test_the_entry_chosen_stands_for_the_text_from_then_on(cast, provider):
    assert take(cast, row(provider="Сыноо борбору"), **{"provider-2": str(provider.pk)}) == actions.Taken(1, 0)
    assert Offering.objects.get().provider == provider
    name = ProviderAlias.objects.get(text="Сыноо борбору")
    assert (name.target, name.district, name.entered_by) == (provider, cast.district, cast.officer.person)
    assert preview(cast, row(provider="Сыноо борбору")).unknown == []


def test_a_new_organisation_is_entered_for_the_district_only_if_chosen(cast, provider):
    assert take(cast, row(provider="Ай-Чүрөк"), **{"provider-2": NEW}) == actions.Taken(1, 0)
    made = Offering.objects.get().provider
    assert (made.title_ky, made.district, made.kind) == ("Ай-Чүрөк", cast.district, "other")


@pytest.mark.parametrize("choice", ["", "x", "0", "999999", "9" * 30])
def test_without_a_choice_nothing_is_entered_into_register_or_plan(choice: str, cast, provider):
    before = Provider.objects.count()
    with pytest.raises(Refused):
        take(cast, row(title="Белгилүү"), row(provider="Ай-Чүрөк"), **{"provider-3": choice})
    assert (Offering.objects.count(), Provider.objects.count()) == (0, before)
    assert PendingImport.objects.count() == 1


def test_an_entry_that_was_not_offered_is_no_choice(cast, provider):
    other = registered(cast, "Таптакыр башка уюм")
    with pytest.raises(Refused):
        take(cast, row(provider="Сыноо борбору"), **{"provider-2": str(other.pk)})


# What is there already --------------------------------------------------------------------------------------------


def test_the_same_file_twice_changes_nothing(cast, provider):
    rows = [row(title=f"Курс {n}") for n in range(5)]
    assert take(cast, *rows) == actions.Taken(5, 0)
    before = list(Offering.objects.values())
    assert take(cast, *rows) == actions.Taken(0, 5)
    assert list(Offering.objects.values()) == before


def test_a_course_that_was_cancelled_does_not_come_back_with_the_file(cast, provider):
    take(cast, row())
    actions.cancel_offering(offering=Offering.objects.get(), by=cast.officer, seen=1, reason="Акча жок.")
    [line] = preview(cast, row()).lines
    assert line.same == Offering.objects.get()
    assert take(cast, row()) == actions.Taken(0, 1)


def test_a_course_of_another_district_is_not_there_already(cast, provider):
    factories.offering(cast, district=cast.other_district, provider=provider, title="Сынчыл ойлом")
    assert take(cast, row()) == actions.Taken(1, 0)


def test_a_file_without_languages_speaks_of_the_courses_there_are(cast, provider):
    russian = _in_kyrgyz(TeachingLanguage.RUSSIAN)
    take(cast, row(language=russian))
    assert take(cast, row()) == actions.Taken(0, 1)
    assert take(cast, row(language=_in_kyrgyz(TeachingLanguage.KYRGYZ))) == actions.Taken(1, 0)


def test_a_course_named_twice_in_one_file_is_entered_once(cast, provider):
    found = preview(cast, row(), row())
    assert [(line.row, line.twin) for line in found.lines] == [(2, None), (3, 2)]
    assert take(cast, row(), row()) == actions.Taken(1, 1)


def test_a_course_named_twice_with_other_particulars_is_told(cast, provider):
    assert told(preview(cast, row(), row(places=9))) == [("differs", 3, "")]


# All or nothing ---------------------------------------------------------------------------------------------------


def test_one_bad_row_of_five_hundred_leaves_nothing(cast, provider):
    rows = [row(title=f"Курс {n}") for n in range(499)]
    found = preview(cast, *rows, row(hours="көп"))
    assert told(found) == [("not_a_number", 501, "D")]
    with pytest.raises(Refused):
        take(cast, *rows, row(hours="көп"))
    assert not Offering.objects.exists()
    assert take(cast, *rows, row()) == actions.Taken(500, 0)


def test_a_fall_in_the_middle_leaves_nothing_and_the_file_can_still_be_taken(cast, provider, monkeypatch):
    waiting = pending(cast, *(row(title=f"Курс {n}") for n in range(3)), row(provider="Ай-Чүрөк"))
    taking = {"pending": waiting, "by": cast.officer, "district": cast.district, "choices": {"provider-5": NEW}}
    made: list[Offering] = []

    def fall(line: importing.Line, district: Any, by: Any) -> Offering:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(
            Offering.objects.create(district=district, provider=line.provider, entered_by=by.person, **line.columns)
        )
        return made[-1]

    with monkeypatch.context() as patched:
        patched.setattr(importing.Line, "offering", fall)
        with pytest.raises(KeyboardInterrupt):
            take_import(**taking)
    assert len(made) == 2
    assert (Offering.objects.count(), Provider.objects.filter(title_ky="Ай-Чүрөк").count()) == (0, 0)
    assert take_import(**taking) == actions.Taken(4, 0)


def test_what_became_wrong_since_it_was_shown_is_judged_anew(cast, provider):
    waiting = pending(cast, row(), row(title="Экинчи"))
    factories.offering(cast, provider=provider, title="Экинчи", starts_on=dt.date(year(), 10, 5))
    taken = take_import(pending=waiting, by=cast.officer, district=cast.district, choices={})
    assert taken == actions.Taken(1, 1)


def test_a_file_is_taken_once(cast, provider):
    waiting = pending(cast, row())
    take_import(pending=waiting, by=cast.officer, district=cast.district, choices={})
    with pytest.raises(ChangedMeanwhile):
        take_import(pending=waiting, by=cast.officer, district=cast.district, choices={})
    assert Offering.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_take_one_course_at_once_one_enters_it(cast):
    registered(cast, NAME)
    for number in range(3):
        waiting = [pending(cast, row(title=f"Курс {number}")) for _ in range(2)]
        calls = [lambda one=one: _again(cast, one) for one in waiting]
        answers = at_once(*calls)
        entered = [answer.entered for answer in answers if isinstance(answer, actions.Taken)]
        assert sum(entered) == 1, answers
        assert all(isinstance(answer, actions.Taken | ChangedMeanwhile) for answer in answers)
        assert Offering.objects.filter(title=f"Курс {number}").count() == 1


def _again(cast, waiting: PendingImport) -> actions.Taken:
    return take_import(pending=waiting, by=factories.again(cast.officer), district=cast.district, choices={})


def test_nobody_takes_a_file_into_a_district_that_is_not_theirs(cast, provider):
    for who in (cast.deputy, cast.other_officer, cast.institute, cast.administrator, cast.teacher):
        with pytest.raises(PermissionDenied):
            take(cast, row(), by=who)
    own = pending(cast, row())
    with pytest.raises(ChangedMeanwhile):  # read for one district, taken for another
        take_import(pending=own, by=cast.other_officer, district=cast.other_district, choices={})
    assert not Offering.objects.exists()


def test_a_thousand_rows_need_no_more_queries_than_one(cast, provider):
    def queries(count: int) -> int:
        rows = read(*(row(title=f"Курс {n}", provider=f"Башка {n % 7}") for n in range(count)))
        with CaptureQueriesContext(connection) as captured:
            check(rows, cast.district)
        return len(captured)

    assert queries(MOST_ROWS) == queries(1)


# The pages --------------------------------------------------------------------------------------------------------


def test_a_file_is_read_shown_and_taken(cast, provider):
    answer = upload(cast.officer, cast.district.pk, book(HEAD, row(title="Биринчи"), row(title="Экинчи")))
    waiting = PendingImport.objects.get()
    assert answer.url == reverse("offering_import_check", args=[cast.district.pk, waiting.pk])
    assert not Offering.objects.exists()
    shown = page(cast.officer, cast.district.pk, waiting.pk)
    assert [line.row for line in shown.context["preview"].lines] == [2, 3]
    assert "Экинчи" in shown.content.decode()
    taken = page(cast.officer, cast.district.pk, waiting.pk, go="1")
    assert taken.url == reverse("offerings", args=[cast.district.pk])
    assert "2" in str(next(iter(get_messages(taken.wsgi_request))))
    assert Offering.objects.count() == 2
    assert not PendingImport.objects.exists()


def test_everything_wrong_with_cells_and_words_is_listed_at_once(cast, provider):
    data = book(["Тизме"], HEAD, row(hours="=1+1"), row(term="жакында"), row(places=None))
    answer = upload(cast.officer, cast.district.pk, data)
    assert answer.status_code == 200
    found = [(one.code, one.row, one.column) for one in answer.context["problems"]]
    assert found == [("formula", 3, "D"), ("not_a_date", 4, "F"), ("missing", 5, "H")]
    assert not PendingImport.objects.exists()


def test_no_cell_holds_more_than_its_column_can_keep(cast, provider):
    longest = {"provider": 200, "title": 300, "audience": 200, "venue": 200, "hours": 120, "term": 120, "block": 120}
    cells = {name: "Ө" * (signs + 1) for name, signs in longest.items()}
    answer = upload(cast.officer, cast.district.pk, book(HEAD, row(**cells)))
    found = {one.column for one in answer.context["problems"] if one.code == "too_long"}
    assert found == {"A", "B", "C", "D", "F", "G", "K"}
    assert "ӨӨ" not in answer.content.decode()
    assert not PendingImport.objects.exists()


def test_a_small_file_never_becomes_a_large_one(cast, provider):
    """Excel allows no such names, and no program but an attacker's writes them."""
    name, heading = "".join(Random(1).choices("абв", k=500_000)), "Ж" * 100_000
    data = with_parts(
        book([*HEAD, heading], [*row(), None]),
        {"xl/workbook.xml": naming_sheets(name, name)},
    )
    answer = upload(cast.officer, cast.district.pk, data)
    kept = PendingImport.objects.get()
    assert len(json.dumps(kept.rows, ensure_ascii=False)) < 2_000
    assert len(page(cast.officer, cast.district.pk, kept.pk).content) < 50_000
    assert answer.status_code == 302


def test_a_missing_column_is_told_once_and_not_for_every_row(cast, provider):
    head = [heading for heading in HEAD if heading != "Саат"]
    answer = upload(cast.officer, cast.district.pk, book(head, _without_hours(), _without_hours()))
    assert [one.code for one in answer.context["problems"]] == ["no_heading"]


def _without_hours() -> list[Any]:
    return [cell for column, cell in zip(COLUMNS, row(), strict=True) if column.name != "hours"]


@pytest.mark.parametrize("data", [b"", b"MZ", book(["a"], ["b"])])
def test_a_file_that_is_no_plan_schedule_is_told_on_the_page(data: bytes, cast):
    answer = upload(cast.officer, cast.district.pk, data, "план.xls")
    assert answer.status_code == 200
    assert len(answer.context["problems"]) == 1
    assert answer.context["problems"][0].text in answer.content.decode().replace("&quot;", '"')


def test_without_a_file_the_form_asks_for_one(cast):
    client = Client()
    client.force_login(cast.officer)
    answer = client.post(reverse("offering_import", args=[cast.district.pk]))
    assert list(answer.context["form"].errors) == ["file"]


def test_of_a_person_s_files_for_one_plan_only_the_last_one_waits(cast, provider):
    first, second = (upload(cast.officer, cast.district.pk, book(HEAD, row(title=title))) for title in ("Бир", "Эки"))
    factories.RoleFactory(person=cast.peer.person, role="district_officer", district=cast.district)
    colleague = again(cast.peer)
    upload(colleague, cast.district.pk, book(HEAD, row(title="Үч")))
    upload(cast.other_officer, cast.other_district.pk, book(HEAD, row(title="Төрт")))
    assert [one.rows["rows"][0]["title"] for one in PendingImport.objects.order_by("pk")] == ["Эки", "Үч", "Төрт"]
    assert first.url != second.url
    # A page that was left open does not take what it did not show.
    client = Client()
    client.force_login(cast.officer)
    assert client.post(first.url, {"once": uuid.uuid4()}).url == reverse("offerings", args=[cast.district.pk])
    assert not Offering.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_copies_of_a_file_that_come_at_once_wait_as_one():
    cast = make_cast()
    files = at_once(*[partial(imports.keep, cast.officer, PURPOSE, cast.district.pk, {"rows": []})] * 4)
    assert all(isinstance(kept, PendingImport) for kept in files), files
    assert PendingImport.objects.count() == 1


def test_a_file_is_shown_to_nobody_but_who_uploaded_it(cast, provider):
    waiting = pending(cast, row())
    factories.RoleFactory(person=cast.other_officer.person, role="district_officer", district=cast.district)
    other = factories.again(cast.other_officer)
    for posted in ({}, {"go": "1"}):
        assert page(other, cast.district.pk, waiting.pk, **posted).url == reverse("offerings", args=[cast.district.pk])
    assert page(cast.officer, cast.district.pk, waiting.pk).status_code == 200
    assert not Offering.objects.exists()


def test_an_unknown_organisation_is_chosen_on_the_page(cast, provider):
    waiting = pending(cast, row(provider="Сыноо борбору"))
    content = page(cast.officer, cast.district.pk, waiting.pk).content.decode()
    assert re.findall(r'name="(provider-\d+)"\s+value="(\w+)"', content) == [
        ("provider-2", str(provider.pk)),
        ("provider-2", NEW),
    ]
    other = pending(cast, row(provider="Сыноо борбору"), row(provider="Ай-Чүрөк"))
    answer = page(cast.officer, cast.district.pk, other.pk, **{"provider-2": provider.pk})
    assert answer.status_code == 200
    assert [chosen for _unknown, chosen in answer.context["unknown"]] == [str(provider.pk), ""]
    assert len(re.findall(r"\bchecked\b", answer.content.decode())) == 1
    assert not Offering.objects.exists()
    waiting = pending(cast, row(provider="Сыноо борбору"))
    page(cast.officer, cast.district.pk, waiting.pk, **{"provider-2": provider.pk})
    assert Offering.objects.get().provider == provider


def test_texts_of_a_file_are_shown_as_text(cast, provider):
    waiting = pending(cast, row(title="<script>alert(1)</script>", provider="<b>x</b>"))
    content = page(cast.officer, cast.district.pk, waiting.pk).content.decode()
    assert "<script>alert" not in content
    assert "<b>x</b>" not in content


# The empty workbook -----------------------------------------------------------------------------------------------


def test_the_empty_workbook_is_read_by_the_import_and_its_example_is_right(cast, provider):
    factories.SubjectFactory(title_ky="Биология")
    client = Client()
    client.force_login(cast.officer)
    data = client.get(reverse("offering_blank", args=[cast.district.pk])).content
    empty = read_sheet(data, COLUMNS, most_rows=MOST_ROWS)
    assert [problem.code for problem in empty.problems] == ["no_rows"]
    made = load_workbook(BytesIO(data))
    assert [sheet.sheet_state for sheet in made] == ["visible", "visible", "hidden"]
    blank, example, _lists = made
    assert [cell.value for cell in blank[1]] == HEAD[:-2]  # the term is one column, for people to type
    assert len(blank.data_validations.dataValidation) == 5
    filled = [cell.value for cell in example[2]]
    assert take(cast, filled) == actions.Taken(1, 0)
    assert Offering.objects.get().subject is not None
