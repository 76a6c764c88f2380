"""Every address × method × person gets the answer that ``docs/permissions.md`` states, and none is missing there."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from courses.choices import HoursUnit
from courses.files import keep_upload
from courses.models import HoursPolicy, ProgrammeAlias
from cpd.dates import school_year_of, today
from schools.choices import PLANS
from schools.models import User
from tests import factories, uploads
from tests.asked_for import PREPARED

TABLE = Path(__file__).parent.parent / "docs" / "permissions.md"
WHO = {
    "anon": ["anon"],
    "owner": ["teacher"],
    "colleague": ["colleague", "peer"],
    "head": ["head"],
    "other head": ["other_head"],
    "deputy": ["deputy", "second_deputy"],
    "director": ["director"],
    "clerk": ["clerk"],
    "stranger": ["stranger", "far_stranger", "other_director"],
    "other officer": ["other_officer"],
    "officer": ["officer"],
    "institute": ["institute"],
    "admin": ["administrator"],
}

# The strangers apart, where a director is told something else than a teacher, or a neighbour than those of elsewhere.
STRANGERS = {
    "other teacher": ["stranger", "far_stranger"],
    "other director": ["other_director"],
    "neighbour": ["stranger", "other_director"],
    "far stranger": ["far_stranger"],
}


@dataclass(frozen=True)
class Row:
    """One line of the table: an address with its fixed parts, a method, a state, and an answer per column."""

    name: str
    fixed: tuple[tuple[str, str], ...]
    method: str
    state: str
    answers: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        parts = [self.name, *(value for _key, value in self.fixed), self.method, self.state]
        return "-".join(filter(None, parts))


def read_table() -> list[Row]:
    rows: list[Row] = []
    columns: list[str] = []
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == "address":
            columns = cells[3:]
        elif len(cells) > 3 and not set(cells[0]) <= {"-"}:
            for address in expand(cells[0]):
                name, *fixed = address.split()
                pairs = tuple(tuple(part.split("=", 1)) for part in fixed)
                answers = tuple(zip(columns, map(int, cells[3:]), strict=True))
                rows.append(Row(name, pairs, cells[1], cells[2], answers))
    return rows


def expand(text: str) -> list[str]:
    """``a_{b,c}`` → ``a_b``, ``a_c``."""
    parts = re.split(r"\{([^}]*)\}", text)
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


ROWS = read_table()


def all_names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from all_names(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


KEPT = ("own", "country")  # where the entry of a register is kept: at school A, or for the whole country
REGISTERS = ("provider", "programme", "right_new", "right_end", "provider_alias_remove", "programme_alias_remove")


def entry_asked_for(cast: Any, row: Row) -> int:
    """The provider or programme, or what belongs to it, kept where the row says."""
    place = {"institution": cast.school} if row.state == "own" else {}
    provider, programme = factories.provider(right=False, **place), factories.ProgrammeFactory(**place)
    if row.name == "right_end":
        return factories.ProviderRightFactory(provider=provider, **place).pk
    if row.name == "provider_alias_remove":
        return factories.ProviderAliasFactory(target=provider, **place).pk
    if row.name == "programme_alias_remove":
        return ProgrammeAlias.objects.create(target=programme, text=f"ББ-{programme.pk}", **place).pk
    return programme.pk if row.name == "programme" else provider.pk


RECORDS = ("record", "record_edit", "record_move", "record_delete")  # in the state the row names


def prepare(cast: Any, row: Row) -> dict[str, Any]:
    """The paper in the state the row names, and what the address needs to be written."""
    if row.name in PREPARED:
        numbers_in_it, posted = PREPARED[row.name](cast, row.state)
        data = {"once": uuid.uuid4()} | posted
        return {"url": reverse(row.name, kwargs=numbers_in_it | dict(row.fixed)), "data": data}
    if row.name.startswith(("verify", "pair_")):
        return prepare_record(cast, row)
    plan = cast.plan
    if row.state and row.state not in ("draft", *KEPT) and row.name not in RECORDS:
        plan = getattr(factories, row.state)(plan)
    school = cast.school.pk
    numbers: dict[str, Any] = {
        "institution": {"pk": school},
        "record_paper": {"pk": cast.teacher.person_id},
        "attestation_paper": {"pk": cast.teacher.person_id},
        "person_hours": {"pk": cast.teacher.person_id},
        "meeting_new": {"pk": cast.association.pk},
        "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
    }
    if row.name == "meeting":
        numbers["meeting"] = {"pk": plan.current_version.decisions.exclude(meeting=None).get().meeting_id}
    if row.name == "plan" or (row.name.startswith("plan_") and row.name != "plan_start"):
        numbers[row.name] = {"pk": plan.pk}
    if match := re.fullmatch(r"admin:(\w+)_(\w+)_(change|history|delete)", row.name):
        first = apps.get_model(match[1], match[2]).objects.order_by("pk").first()
        numbers[row.name] = {"object_id": first.pk if first else 0}
    if row.name.startswith("certificate_"):
        file = keep_upload(SimpleUploadedFile("scan.jpg", uploads.jpeg()), by=cast.teacher)
        factories.training_record(cast.teacher, file=file, status=row.state or "submitted")
        numbers[row.name] = {"token": file.token}
    if row.name.startswith(("staff_hours", "perspective_plan")):
        numbers[row.name] = {"pk": school}
    if row.name.startswith("district_hours"):
        numbers[row.name] = {"pk": cast.district.pk}
    if row.name in REGISTERS:
        numbers[row.name] = {"pk": entry_asked_for(cast, row)}
    if row.name.startswith("item_"):
        numbers[row.name] = {"pk": plan.pk, "uid": plan.rows.get(position=0).uid}
    data = {"once": uuid.uuid4(), "seen": plan.revision, "reason": "Сааттарды тактаңыз.", "source": "2020"}
    data |= {"language": "ru", "plan": f"{plan.pk}:{plan.revision}"}
    data |= {"rows-TOTAL_FORMS": 0, "rows-INITIAL_FORMS": 0}
    if row.name == "meeting_new":
        data |= {"minutes_number": "5", "held_on": today(), "present": [cast.head.person_id]}
        data |= {f"plan{plan.pk}-seen": plan.revision, f"plan{plan.pk}-verdict": "consider"}
    if row.name == "plan_start":
        year = school_year_of(today())
        data["period"] = f"{year}-{year + 1}"
    if row.name in ("unlinked", "provider_new", "programme_new", "link_provider", "link_programme"):
        data |= {"place": f"institution-{school}", "text": "Билим-Булак ОБ"}
    data |= {"title_ky": "Билим-Булак ОБ", "kind": "other", "new-title_ky": "Билим-Булак ОБ", "new-kind": "other"}
    data |= {"right-basis": "university", "right-starts_on": today()}
    if row.name in RECORDS:
        made = factories.beside if row.state == "noted" else factories.training_record
        record = made(cast.teacher, status=row.state or "draft")
        numbers[row.name] = {"pk": record.pk}
        data["seen"] = record.revision
    if row.name.startswith("record") or row.name == "item_attended":
        data |= {"title": "Критерийлик баалоо", "date_text": "2021", "provider_text": "GIZ", "kind": "course"}
    if row.name == "item_fulfil":
        data["record"] = factories.training_record(cast.teacher).pk
    if row.name.startswith("admin:"):
        data = {}
    if row.name == "admin:autocomplete":
        data = {"app_label": "schools", "model_name": "employment", "field_name": "institution"}
    return {"url": reverse(row.name, kwargs=numbers.get(row.name, {}) | dict(row.fixed)), "data": data}


def prepare_record(cast: Any, row: Row) -> dict[str, Any]:
    """A record in the status the row names, whose unit is days, and another one on the same days."""
    whose, status = (cast.director, "") if row.state == "director's" else (cast.teacher, row.state)
    HoursPolicy.objects.update(min_event_hours=72)  # so that a short course has to be recognised
    days = {"unit": HoursUnit.DAY, "amount": 4, "hours_text": "4 күн"}
    record = factories.training_record(whose, status=status or "submitted", **days)
    numbers = {"pk": record.pk}
    data = {
        "once": uuid.uuid4(),
        "seen": 1,
        "reason": "Күбөлүктө жазылган.",
        "hours": "24",
        "decision": "№ 4, 12.03.2026",
        "record": f"{record.pk}:1",
    }
    if row.name.startswith("pair_"):
        other = factories.training_record(whose)
        numbers["other"] = other.pk
        data["other_seen"] = 1
        if row.name == "pair_revoke":
            factories.confirmed_pair(record, other, by=cast.deputy)
    if row.name == "verify_many":
        numbers = {}
    return {"url": reverse(row.name, kwargs=numbers | dict(row.fixed)), "data": data}


def sign_in(client: Client, user: User) -> None:
    """The session alone: what else a sign-in does would be done ten thousand times here."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def ask(cast: Any, row: Row, who: str, request: dict[str, Any]) -> int:
    """The status one person gets; whatever was written is taken back."""
    client = Client()
    user = cast.people[who]
    if user is not None:
        sign_in(client, user)
    data = request["data"]
    if row.name == "plan_start" and user is not None:
        job = user.person.employments.first()
        data = data | {"employment": job.pk if job else ""}
    with transaction.atomic():
        answer = getattr(client, row.method.lower())(request["url"], data)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_the_answer_the_table_states(row: Row, cast: Any) -> None:
    """Where one column is several people they take turns, row by row: of a thousand rows each gets hundreds."""
    request = prepare(cast, row)
    columns = {column: (WHO | STRANGERS)[column] for column, _answer in row.answers}
    assert sorted(who for people in columns.values() for who in people) == sorted(cast.people)
    turn = crc32(str(row).encode())
    asked = {column: people[turn % len(people)] for column, people in columns.items()}
    stated = {(column, asked[column]): answer for column, answer in row.answers}
    given = {(column, who): ask(cast, row, who, request) for column, who in stated}
    assert given == stated


def test_every_address_has_a_row() -> None:
    names = set(all_names(get_resolver()))
    listed = {row.name for row in ROWS}
    assert names - listed == set()
    assert listed - names == set()


def test_everybody_of_the_cast_has_a_column(cast: Any) -> None:
    assert sorted(who for people in WHO.values() for who in people) == sorted(cast.people)


def test_methods_without_a_row_are_refused(cast: Any) -> None:
    """GET where only POST has a row and the reverse; Django's own administration answers as it does."""
    cast.plan = factories.approved(cast.plan)
    client = Client()
    client.force_login(cast.teacher)
    listed = {(row.name, row.method) for row in ROWS}
    seen = {}
    for row in ROWS:
        other = "POST" if row.method == "GET" else "GET"
        if row.name.startswith("admin:") or (row.name, other) in listed:
            continue
        with transaction.atomic():  # the next row prepares the same papers
            request = prepare(cast, Row(row.name, row.fixed, other, "", ()))
            seen[f"{other} {row.name}"] = getattr(client, other.lower())(request["url"], request["data"]).status_code
            transaction.set_rollback(True)
    assert seen
    assert set(seen.values()) == {405}, {name: status for name, status in seen.items() if status != 405}


def test_kinds_of_document_in_the_table_exist() -> None:
    kinds = {value for row in ROWS for key, value in row.fixed if key == "kind" and row.name == "plan_start"}
    assert kinds == {kind.value for kind in PLANS}
