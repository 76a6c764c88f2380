"""The single steps of ``bench.book``, each run as a process: ``python -m bench.book_steps STEP``."""

import datetime as dt
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
django.setup()

import pikepdf  # noqa: E402 - the models exist from here on
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from courses.books.binding import contents_html, cover_html  # noqa: E402
from courses.books.edition import edition_now  # noqa: E402
from courses.books.jobs import ask_for, make_book  # noqa: E402
from courses.choices import BookForm, BookState  # noqa: E402
from courses.models import Book, Schedule  # noqa: E402
from courses.schedules.papers import heads_of, schedule_html  # noqa: E402
from cpd.dates import school_year  # noqa: E402
from cpd.press import STYLE  # noqa: E402
from cpd.storage import file_store  # noqa: E402
from cpd.typesetter import laid_out, style_of  # noqa: E402
from schools.choices import Action, DocumentKind, Role, State  # noqa: E402
from schools.models import (  # noqa: E402
    Decision,
    District,
    DocumentVersion,
    Institution,
    Oblast,
    Person,
    RoleAssignment,
    User,
)
from schools.models.documents import digest  # noqa: E402

YEAR = 2027
THEN = dt.datetime(2027, 5, 20, 9, tzinfo=dt.UTC)
FAMILY = ("Сынообаева", "Үлгүлөрова", "Өрнөкбекова", "Мисалиева", "Болжолова", "Таңдамаева")  # invented
GIVEN = ("Үмүт", "Назик", "Чынгыз", "Өмүр", "Бүбү", "Тилек")
FATHER = ("Мисалбековна", "Үлгүбекович", "Болжоловна", "Сыноокуловна")
COURSES = (
    "Критериалдуу баалоо жана окуучулардын жетишкендиктерин өлчөө",
    "Санариптик сабаттуулук",
    "Инклюзивдүү билим берүүнүн негиздери",
    "Предметтик стандартты ишке киргизүү: компетенттүүлүккө багытталган сабак",
    "Функционалдык сабаттуулукту өнүктүрүү",
)
PROVIDERS = ("Республикалык институт", "Облустук методикалык борбор", "Мамлекеттик университет")
GROUPS = ("Табигый илимдер", "Тилдер", "Башталгыч класстар", "Математика жана информатика")
OFFICER = "bench-officer"


def prepare(schools: str, rows: str) -> None:
    """A district whose schools have all sent their schedules; the same ones every time."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    chance = random.Random(1)  # noqa: S311 - drawn schools, no secret
    district = District.objects.create(title_ky="Сыноо району", oblast=Oblast.objects.create(title_ky="Сыноо облусу"))
    officer = User.objects.create(
        username=OFFICER, person=Person.objects.create(family_name="Сыноочу", given_name="Адис")
    )
    RoleAssignment.objects.create(
        person=officer.person, role=Role.DISTRICT_OFFICER, district=district, starts_on=dt.date(2020, 9, 1)
    )
    director = Person.objects.create(family_name="Сыноочу", given_name="Директор")
    for number in range(1, int(schools) + 1):
        school = Institution.objects.create(title_ky=f"№{number} орто мектеп", number=str(number), district=district)
        period = school_year(YEAR)
        schedule = Schedule.objects.create(
            kind=DocumentKind.SCHOOL_SCHEDULE,
            institution=school,
            author=director,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            state=State.SUBMITTED,
            awaiting_role=Role.DISTRICT_OFFICER,
        )
        send(schedule, content(schedule, int(rows), chance), director)
    say(schools=schools)


def content(schedule: Schedule, rows: int, chance: random.Random) -> dict[str, Any]:
    drawn = [row(number, chance) for number in range(rows)]
    step = -(-rows // len(GROUPS))
    parts = [(title, drawn[place * step : (place + 1) * step]) for place, title in enumerate(GROUPS)]
    return {
        "kind": schedule.kind,
        "school_year": YEAR,
        "school": {"title": schedule.institution.title_ky, "district": schedule.institution.district.title_ky},
        "association": "",
        "change_note": "",
        "required_hours": None,
        "groups": [{"association": title, "rows": some} | sums(some) for title, some in parts if some],
        "rows": rows,
    } | sums(drawn)


def sums(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"teachers": len(rows), "hours": str(sum(int(one["hours"]) for one in rows))}


def row(number: int, chance: random.Random) -> dict[str, Any]:
    starts_on = dt.date(YEAR, 9, 6) + dt.timedelta(days=7 * chance.randrange(36))
    collected = chance.randrange(0, 60)
    return {
        "uid": str(UUID(int=chance.getrandbits(128))),
        "employment": number + 1,
        "teacher": " ".join(chance.choice(names) for names in (FAMILY, GIVEN, FATHER)),
        "subjects": [chance.choice(("Биология", "Кыргыз тили жана адабияты", "Математика", "Тарых"))],
        "position": "мугалим",
        "category": chance.choice(("none", "first", "highest")),
        "experience_years": chance.randrange(1, 40),
        "last_year": chance.randrange(2018, 2027),
        "last_hours": str(chance.choice((16, 24, 40))),
        "total": str(collected),
        "shortfall": str(60 - collected),
        "title": chance.choice(COURSES),
        "block": chance.choice(("compulsory", "variative")),
        "hours": str(chance.choice((16, 24, 40))),
        "provider": chance.choice(PROVIDERS),
        "study_form": "full_time",
        "proposed_month": starts_on.month,
        "starts_on": starts_on.isoformat(),
        "ends_on": (starts_on + dt.timedelta(days=4)).isoformat(),
        "responsible": "Сыноочу А. Б.",
        "note": "",
        "reasons": [],
    }


def send(schedule: Schedule, frozen: dict[str, Any], by: Person) -> None:
    """A version as closing and sending leave it, without the route: the bench is not about it."""
    version = DocumentVersion.objects.create(
        document=schedule,
        number=schedule.versions.count() + 1,
        content=frozen,
        content_hash=digest(frozen),
        route=[{"action": Action.APPROVE, "role": Role.DISTRICT_OFFICER, "needs_minutes": False}],
        made_at=THEN,
    )
    last = Decision.objects.filter(version__document=schedule).order_by("pk").last()
    previous = last.chain_hash if last else ""
    for action in (Action.CLOSE, Action.SEND):
        decision = Decision(
            version=version, action=action, by=by, by_name=by.full_name, at=timezone.now(), previous_hash=previous
        )
        decision.chain_hash = previous = decision.computed_hash()
        decision.save()


def one_process() -> None:
    """All pages as one document, by one process, as WeasyPrint does it by itself."""
    district, began = District.objects.get(), time.perf_counter()
    edition = edition_now(district, YEAR)
    asked = Book(district=district, school_year=YEAR)
    parts = [body(cover_html(asked, edition)), body(contents_html(asked, edition, 0, len(edition.sections)))]
    versions = DocumentVersion.objects.in_bulk(edition.versions)
    heads = heads_of(list(versions.values()))
    parts += (body(schedule_html(versions[key].content, heads[key])) for key in edition.versions)
    pages = "".join(f'<div style="break-before: page">{part}</div>' for part in parts)
    html = f'<html lang="ky"><body class="landscape schedule f06">{pages}</body></html>'
    pdf = laid_out(html, style_of(STYLE.read_text(encoding="utf-8")))  # without the limits of the press
    seconds = time.perf_counter() - began
    with pikepdf.open(BytesIO(pdf)) as opened:
        say(seconds=seconds, pages=len(opened.pages), size=len(pdf))


def body(html: str) -> str:
    found = re.search(r"<body[^>]*>(.*)</body>", html, re.DOTALL)
    if found is None:
        raise ValueError("no body")
    return re.sub(r'<p class="book-digits">.*?</p>', "", found[1])  # the book takes them out, too


def book() -> None:
    """The book as a worker makes it, and once more after one school has sent another version; from asking to ready."""
    first, done = make(BookForm.BOOK)
    schedule = Schedule.objects.select_related("institution__district").order_by("pk").first()
    if schedule is None:
        raise ValueError("no schools")
    version = schedule.versions.get()
    changed = version.content | {"change_note": "Мөөнөтү өзгөрдү"}
    changed["groups"][0]["rows"][0]["note"] = "Өзгөрдү"
    send(schedule, changed, schedule.author)
    again, _book = make(BookForm.BOOK)
    with file_store().open(done.stored_as) as stored, pikepdf.open(BytesIO(stored.read())) as opened:
        say(first=first, again=again, pages=len(opened.pages), size=done.size)


def workbook() -> None:
    seconds, done = make(BookForm.WORKBOOK)
    file = Path(os.environ["TMPDIR"]) / "workbook.xlsx"
    with file_store().open(done.stored_as) as stored:
        file.write_bytes(stored.read())
    say(seconds=seconds, file=str(file))


def make(form: BookForm) -> tuple[float, Book]:
    district, officer = District.objects.get(), User.objects.get(username=OFFICER)
    began = time.perf_counter()
    asked = ask_for(district, YEAR, form, by=officer)
    make_book.func(asked.pk)
    seconds = time.perf_counter() - began
    asked.refresh_from_db()
    if asked.state != BookState.DONE:
        raise ValueError(f"{asked.state}: {asked.fault}")
    return seconds, asked


def say(**what: Any) -> None:
    print(json.dumps(what))


STEPS: dict[str, Callable[..., None]] = {
    "prepare": prepare,
    "one_process": one_process,
    "book": book,
    "workbook": workbook,
}

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
