"""The single steps of ``bench.imports``, each run as a process: ``python -m bench.import_steps STEP``."""

import datetime as dt
import os
import random
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
django.setup()

import xlsxwriter  # noqa: E402 - the models exist from here on
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.book_steps import COURSES, FAMILY, FATHER, GIVEN, OFFICER, PROVIDERS, say  # noqa: E402
from courses.importing import jobs, tables  # noqa: E402
from courses.models import WorkbookImport  # noqa: E402
from cpd.models import ReceivedForm  # noqa: E402
from schools.choices import Role  # noqa: E402
from schools.models import District, Oblast, Person, RoleAssignment, User  # noqa: E402

LETTERS = "абвгдежзийклмнопрстуфхцчшыэюя"
Rows = list[dict[str, Any]]


def prepare(schools: str, teachers: str, courses: str) -> None:
    """An empty district with its officer, and the workbook: uploaded, and not read yet."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    district = District.objects.create(title_ky="Сыноо району", oblast=Oblast.objects.create(title_ky="Сыноо облусу"))
    officer = User.objects.create(
        username=OFFICER,
        person=Person.objects.create(family_name="Сыноочу", given_name="Адис"),
        must_change_password=False,
    )
    RoleAssignment.objects.create(
        person=officer.person, role=Role.DISTRICT_OFFICER, district=district, starts_on=dt.date(2020, 9, 1)
    )
    file = Path(os.environ["TMPDIR"]) / "district.xlsx"
    write(file, int(schools), int(teachers), int(courses))
    jobs.take_in(district, name=file.name, data=file.read_bytes(), by=officer)
    say(size=file.stat().st_size)


def write(file: Path, schools: int, teachers: int, courses: int) -> None:
    """Drawn people of invented names; the same ones every time."""
    chance = random.Random(1)  # noqa: S311 - drawn teachers, no secret
    places: Rows = [
        {"code": str(400000 + n), "title_ky": f"№{n} орто мектеп", "number": str(n)} for n in range(1, schools + 1)
    ]
    groups: Rows = [
        {"institution": place["title_ky"], "title_ky": title} for place in places for title in ("Тилдер", "Илимдер")
    ]
    people = [person(n, places[n % schools]["title_ky"], chance) for n in range(teachers)]
    attended = [course(n, people[n % teachers], chance) for n in range(courses)]
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        for table, rows in zip(tables.TABLES, (places, groups, people, attended), strict=True):
            sheet = book.add_worksheet(table.sheets[0])
            used = [column for column in table.columns if column.name in rows[0]]
            sheet.write_row(0, 0, [column.headings[0] for column in used])
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, [row[column.name] for column in used])


def person(n: int, school: str, chance: random.Random) -> dict[str, Any]:
    born = dt.date(1965, 1, 1) + dt.timedelta(days=chance.randrange(12_000))
    # Two letters more tell the drawn names apart.
    family = chance.choice(FAMILY)[:-1] + LETTERS[n % len(LETTERS)] + LETTERS[n // len(LETTERS) % len(LETTERS)]
    return {
        "institution": school,
        "full_name": f"{family} {chance.choice(GIVEN)} {chance.choice(FATHER)}",
        "personal_number": f"2{born:%d%m%Y}{n:05}",
        "born_on": f"{born:%d.%m.%Y}",
        "position": "мугалим",
        "association": chance.choice(("Тилдер", "Илимдер")),
        "employed_from": "01.09.2019",
    }


def course(n: int, whose: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    first = dt.date(2019, 9, 2) + dt.timedelta(days=7 * chance.randrange(300))
    last = first + dt.timedelta(days=4)
    return {
        "full_name": whose["full_name"],
        "personal_number": whose["personal_number"],
        "title": f"{chance.choice(COURSES)} {n}",
        "date_text": f"{first:%d.%m.%Y}–{last:%d.%m.%Y}",
        "provider_text": chance.choice(PROVIDERS),
        "hours_text": str(chance.choice((16, 24, 40))),
    }


def read() -> None:
    workbook = WorkbookImport.objects.get()
    began = time.perf_counter()
    jobs.work_at.func(workbook.pk)
    seconds = time.perf_counter() - began
    workbook.refresh_from_db()
    if workbook.state != "read" or jobs.number_of(workbook, "refused"):
        raise ValueError(f"{workbook.state}: {workbook.counts} {workbook.problems}")
    say(seconds=seconds, counts=workbook.counts)


def apply() -> None:
    workbook, officer = WorkbookImport.objects.get(), User.objects.get(username=OFFICER)
    jobs.ask_to_apply(workbook, by=officer, leaves_out_refused=False)
    told: list[tuple[str, float]] = []

    def listening(execute: Any, sql: str, *arguments: Any) -> Any:
        answer = execute(sql, *arguments)
        told.append((sql, time.perf_counter()))
        return answer

    began = time.perf_counter()
    with connection.execute_wrapper(listening):
        jobs.work_at.func(workbook.pk)
    seconds = time.perf_counter() - began
    workbook.refresh_from_db()
    if workbook.state != "applied":
        raise ValueError(f"{workbook.state}: {workbook.problems}")
    inserts = [at for sql, at in told if sql.startswith("INSERT")]
    locks = [at for sql, at in told if sql.startswith('UPDATE "schools_district"')]
    say(seconds=seconds, transactions=len(locks), inside=inserts[-1] - locks[0])


def undo() -> None:
    workbook, officer = WorkbookImport.objects.get(), User.objects.get(username=OFFICER)
    jobs.ask_to_undo(workbook, by=officer)
    began = time.perf_counter()
    jobs.work_at.func(workbook.pk)
    workbook.refresh_from_db()
    if workbook.state != "undone":
        raise ValueError(f"{workbook.state}: {workbook.problems}")
    say(seconds=time.perf_counter() - began)


def pages(begun: str, stop: str) -> None:
    """Ask for the officer's pages, and write something small, until told to stop; every time, in ms.

    The first round, which fills caches, is not counted.
    """
    officer = User.objects.get(username=OFFICER)
    client = Client(headers={"host": urlsplit(settings.SITE_URL).netloc})
    client.force_login(officer)
    workbook = WorkbookImport.objects.get()
    addresses = {
        "home": reverse("home"),
        "institutions": reverse("institutions"),
        "the import": reverse("workbook_import", args=[workbook.pk]),
    }
    times: dict[str, list[float]] = defaultdict(list)

    def timed(name: str, what: Callable[[], object]) -> None:
        began = time.perf_counter()
        what()
        times[name].append(1000 * (time.perf_counter() - began))

    def write_something() -> None:
        with suppress(OperationalError):  # it waited as long as writers wait: the time tells
            ReceivedForm.objects.create(token=uuid.uuid4(), user=officer)

    def asked(address: str) -> None:
        if client.get(address).status_code != 200:
            raise ValueError(address)

    while not Path(stop).exists():
        for name, address in addresses.items():
            timed(name, lambda address=address: asked(address))  # type: ignore[misc]
        timed("a small write", write_something)
        if not Path(begun).exists():
            Path(begun).touch()
            times.clear()
    say(**times)


STEPS: dict[str, Callable[..., None]] = {
    "prepare": prepare,
    "read": read,
    "apply": apply,
    "undo": undo,
    "pages": pages,
}

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
