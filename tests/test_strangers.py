"""Every number that stands in an address or a form, with the numbers of other people's papers (trust T1, T3, T6).

There are two casts of the same shape in different oblasts, and every paper is prepared twice: *theirs* and *ours*.
Whoever may do something with ours asks for theirs, asks for ours with a part of theirs, and sends a form that names
theirs. What is written meanwhile is read off the statements that the database gets.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from schools.models import Oblast, User
from tests.campus import make_campus
from tests.conftest import Cast, make_cast
from tests.permissions.asking import World, in_worlds, prepare
from tests.permissions.table import ROWS, STRANGERS, WHO, Row

# What has no owner, or is opened by whoever has the address: here there are no strangers.
NOBODYS = {
    "invitation": "the code opens it, and it is sent to one person",
    "mail_confirm": "the link opens it, and it is sent to one address",
    "calendar_file": "the secret address opens it, and its person can change it",
    "paper_check": "whoever has the paper in hand may check it",
    "consent": "the text is everybody's",
    "plan_start": "its place is the kind of paper, not a paper",
    "standard": "the standard is the country's",
    "question_set": "the questions are the country's",
    "mfa_remove_webauthn": "the library looks among one's own keys; nobody here has one",
    "mfa_edit_webauthn": "the library looks among one's own keys; nobody here has one",
}
COUNTRY_WIDE = ("institute", "administrator")
# Every request writes these: one-use tokens, and who did something.
ALWAYS_WRITTEN = ("cpd_receivedform", "schools_auditentry")

# What a form of ours does not have in it, but a row of ours has.
STATES = {"state": "approved", "status": "verified"}
WORDS = {"role": "administrator", "version": "987654", "approved_at": "1999-12-31", "created_at": "1999-12-31"}
WORDS |= {"is_staff": "on", "is_superuser": "on", "is_active": "on"}
PEOPLE_NAMED = ("owner", "author", "approved_by", "decided_by", "by", "entered_by", "user")


def with_a_place(resolver: URLResolver) -> Iterator[str]:
    """Every address with something to be filled in; the administration answers administrators only."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from with_a_place(pattern) if pattern.namespace is None else ()
        elif isinstance(pattern, URLPattern) and pattern.name and pattern.pattern.regex.groups:
            yield pattern.name


NAMED = set(with_a_place(get_resolver()))


def may(row: Row) -> list[str]:
    """Who of the school or the district may do what the row says, and one more who may not see it."""
    columns = [column for column, answer in row.answers if answer in (200, 302) and column != "anon"]
    people = [(WHO | STRANGERS)[column][0] for column in columns]
    return [who for who in people if who not in COUNTRY_WIDE]


def is_nobodys(name: str) -> bool:
    return name in NOBODYS or name.startswith(("standard_", "scale_level_", "question_set_"))


def most_allowed() -> list[Row]:
    """Each address and method in the state in which most people may do it."""
    best: dict[tuple[Any, ...], Row] = {}
    for row in ROWS:
        key = (row.name, row.fixed, row.method)
        if row.state == "country" or is_nobodys(row.name):
            continue
        if row.name in NAMED and len(may(row)) > len(may(best.get(key, NO_ROW))):
            best[key] = row
    return list(best.values())


NO_ROW = Row("", (), "", "", ())
WORLDS = in_worlds(most_allowed())


def test_every_place_in_an_address_is_tried() -> None:
    tried = {row.name for rows in WORLDS.values() for row in rows}
    assert {name for name in NAMED if not is_nobodys(name)} - tried == set()


def far_numbers() -> None:
    """Each table counts from a number of ten digits, so that no number is part of another one."""
    with connection.cursor() as cursor:
        for place, model in enumerate(apps.get_models(), start=1000):
            key, table = model._meta.auto_field, model._meta.db_table
            if key and connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, place * 1_000_000])
            elif key:
                sequence = "setval(pg_get_serial_sequence(%s, %s), %s)"
                cursor.execute(f"SELECT {sequence}", [table, key.column, place * 1_000_000])


def two_casts() -> tuple[Cast, Cast, User]:
    """Ours, theirs, and a lecturer of a university."""
    far_numbers()
    lecturer = make_campus().lecturer
    User.objects.update(username=Concat(Value("campus-"), F("username")))
    theirs = make_cast()
    User.objects.exclude(username__startswith="campus-").update(username=Concat(Value("their-"), F("username")))
    other = {"title_ky": Concat(Value("Башка "), F("title_ky")), "title_ru": Concat(Value("Другая "), F("title_ru"))}
    Oblast.objects.update(**other)
    return make_cast(), theirs, lecturer


@contextmanager
def writing() -> Iterator[list[str]]:
    """What is written, with its values; a statement that finds no row writes nothing."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        table = sql.partition('"')[2].partition('"')[0]
        is_a_change = sql.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")) and context["cursor"].rowcount
        if is_a_change and table not in ALWAYS_WRITTEN:
            seen.append(f"{sql} {params}")
        return answer

    with connection.execute_wrapper(note):
        yield seen


def number_of(value: object) -> str:
    """The number in what a form sends: a key, or a key and the revision that was on the screen."""
    return str(value[0] if isinstance(value, list) else value).partition(":")[0]


@pytest.mark.parametrize("name", WORLDS)
def test_nobody_reaches_what_is_theirs_by_its_number(name: str, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs, lecturer = two_casts()
    world = World(ours, monkeypatch, also={"lecturer": lecturer})
    for row in WORLDS[name]:
        with transaction.atomic():
            strange, own = prepare(theirs, row), prepare(ours, row)
            assert strange["url"] != own["url"]
            refused(world, row, strange)
            mixed(world, row, own, strange)
            if row.method == "POST":
                forged(world, row, own, strange, theirs)
            transaction.set_rollback(True)
        for cast in (ours, theirs):
            vars(cast).pop("plan", None)
            vars(cast).pop("annual_plan", None)


def refused(world: World, row: Row, strange: dict[str, Any]) -> None:
    """As if it were not there, for who has the same role elsewhere, and nothing is written."""
    told = {}
    for who in (*may(row)[:2], "lecturer", "anon"):
        with writing() as written:
            told[who] = world.ask(row, who, strange).status_code
        assert written == [], (row, who)
    anon = told.pop("anon")
    assert (anon, set(told.values())) == (302, {404}), (row, told)


def mixed(world: World, row: Row, own: dict[str, Any], strange: dict[str, Any]) -> None:
    """Ours with a part of theirs."""
    parts, theirs = resolve(own["url"]).kwargs, resolve(strange["url"]).kwargs
    for part in parts if len(parts) > 1 else ():
        if parts[part] != theirs[part]:
            url = reverse(row.name, kwargs=parts | {part: theirs[part]})
            with writing() as written:
                status = world.ask(row, may(row)[0], own | {"url": url}).status_code
            assert written == [], (row, part)
            assert status in (404, 302, 409), (row, part, status)  # or as of a row that was removed meanwhile


def forged(world: World, row: Row, own: dict[str, Any], strange: dict[str, Any], theirs: Cast) -> None:
    """A form that names theirs in a field of its own, and one with fields that it does not have."""
    who = may(row)[0]
    for key, value in own["data"].items():  # providers are the country's
        number = number_of(strange["data"].get(key, ""))
        if key != "provider" and len(number) > 6 and number.isdigit() and number != number_of(value):
            with writing() as written:
                world.ask(row, who, own | {"data": own["data"] | {key: strange["data"][key]}})
            assert [line for line in written if number in line] == [], (row, key)
    more = dict.fromkeys(PEOPLE_NAMED, theirs.teacher.person_id) | STATES | WORDS
    more |= {
        "school": theirs.school.pk,
        "institution": theirs.school.pk,
        "id": theirs.teacher.pk,
        "pk": theirs.teacher.pk,
    }
    more = {key: value for key, value in more.items() if key not in own["data"]}
    with writing() as plain:
        world.ask(row, who, own)
    with writing() as written:
        world.ask(row, who, own | {"data": own["data"] | more})
    assert shapes(written) in ([], shapes(plain)), row  # the same columns, or refused
    numbers = {str(value) for value in more.values() if str(value).isdigit()}
    assert [line for line in written if any(word in line for word in (*numbers, "1999-12-31"))] == [], row
    for word in (*STATES.values(), "administrator"):
        assert sum(word in line for line in written) <= sum(word in line for line in plain), (row, word)


def shapes(lines: list[str]) -> list[str]:
    """Which columns of which tables are written."""
    return [line.partition(" WHERE ")[0].partition(") VALUES")[0].partition(" (")[0] for line in lines]
