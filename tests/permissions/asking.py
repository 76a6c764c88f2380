"""How the rows of the table of permissions are asked: in worlds, in which the papers they name are prepared once."""

import pickle
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

import cpd.urls
from courses.choices import HoursUnit
from courses.files import keep_upload
from courses.models import HoursPolicy, ProgrammeAlias
from cpd import press
from cpd.dates import school_year_of, today
from plans.models import IndividualPlan
from schools.backends import AuthenticationBackend
from schools.models import User
from tests import factories, uploads
from tests.asked_for import PREPARED, Asked
from tests.conftest import Cast
from tests.permissions.table import Row

BLANK = uploads.pdf()
CLIENTS: defaultdict[str, Client] = defaultdict(Client)

KEPT = ("own", "country")  # where the entry of a register is kept: at school A, or for the whole country
REGISTERS = ("provider", "programme", "right_new", "right_end", "provider_alias_remove", "programme_alias_remove")


def entry_asked_for(cast: Cast, row: Row) -> int:
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


def written(row: Row, numbers: dict[str, Any], posted: dict[str, Any]) -> dict[str, Any]:
    """The address of a row that is asked for with these numbers, and what its form sends."""
    url = reverse(row.name, kwargs=numbers | dict(row.fixed))
    return {"url": url, "data": {"once": uuid.uuid4()} | posted}


RECORDS = ("record", "record_edit", "record_move", "record_delete")  # in the state the row names


def plan_asked_for(cast: Cast, row: Row) -> IndividualPlan:
    """The teacher's plan, in the state the row names where that is one of a plan."""
    is_of_a_record = row.name in RECORDS or row.name.startswith(("verify", "pair_"))
    if row.state and row.state not in ("draft", *KEPT) and not is_of_a_record:
        plan: IndividualPlan = getattr(factories, row.state)(cast.plan)
        return plan
    return cast.plan


def prepare(cast: Cast, row: Row, plan: IndividualPlan | None = None) -> dict[str, Any]:
    """The paper in the state the row names, and what the address needs to be written."""
    if row.name in PREPARED:
        return written(row, *PREPARED[row.name](cast, row.state))
    if row.name.startswith(("verify", "pair_")):
        return prepare_record(cast, row)
    plan = plan or plan_asked_for(cast, row)
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


def prepare_record(cast: Cast, row: Row) -> dict[str, Any]:
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
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def in_worlds(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows that ask for the same papers in the same state stand together."""
    worlds: dict[str, list[Row]] = {}
    for row in rows:
        if row.name in PREPARED:
            about = PREPARED[row.name].__name__
        else:
            about = "_".join(row.name.split("_")[: 2 if row.name.startswith("admin:") else 1])
        worlds.setdefault(f"{about} {row.state}".strip(), []).append(row)
    return worlds


class World:
    """One cast, and the papers of rows that stand together; whatever a request writes is taken back.

    Nobody's roles change between two requests, so that each account is read once, with what it may see and decide;
    that a request reads them anew is tried in ``tests/schools/test_withdrawn_rights.py``. All decisions are the
    site's. Left out are error pages, and of papers the layout: their markup stays in ``drawn``.
    """

    def __init__(self, cast: Cast, patch: pytest.MonkeyPatch, *, also: Mapping[str, User] | None = None) -> None:
        self.cast = cast
        self.people = cast.people | dict(also or {})
        self.drawn: list[str] = []
        self._numbers: Asked | None = None
        self._plan: IndividualPlan | None = None
        self._accounts: dict[str, bytes] = {}
        read_account = AuthenticationBackend.get_user

        def account(backend: AuthenticationBackend, pk: str) -> User:
            """One of its own for every request."""
            if pk not in self._accounts:
                user = read_account(backend, pk)
                assert user is not None
                assert user.scope
                self._accounts[pk] = pickle.dumps(user)
            return pickle.loads(self._accounts[pk])  # noqa: S301  (of our own making)

        def laid_out(html: str) -> bytes:
            self.drawn.append(html)
            return BLANK

        patch.setattr(settings, "SESSION_ENGINE", "django.contrib.sessions.backends.cache")
        patch.setattr(AuthenticationBackend, "get_user", account)
        patch.setattr(press.of_pages, "make", laid_out)
        for status in (403, 404):
            patch.setattr(cpd.urls, f"handler{status}", partial(_no_page, status), raising=False)

    @contextmanager
    def asked_for(self, row: Row) -> Iterator[dict[str, Any]]:
        """The address and the form of one row."""
        if row.name in PREPARED:
            self._numbers = self._numbers or PREPARED[row.name](self.cast, row.state)
            yield written(row, *self._numbers)
            return
        self._plan = self._plan or plan_asked_for(self.cast, row)
        with transaction.atomic():
            yield prepare(self.cast, row, self._plan)
            transaction.set_rollback(True)

    def ask(self, row: Row, who: str, request: dict[str, Any]) -> HttpResponse:
        """What one person gets."""
        client, user, data = CLIENTS[who], self.people[who], request["data"]
        client.cookies.clear()
        cache.clear()
        if user is not None:
            sign_in(client, user)
        if row.name == "plan_start" and user is not None:
            job = user.person.employments.first()
            data = data | {"employment": job.pk if job else ""}
        with transaction.atomic():
            answer: HttpResponse = getattr(client, row.method.lower())(request["url"], data)
            transaction.set_rollback(True)
        return answer


def _no_page(status: int, *_request: object, **_why: object) -> HttpResponse:
    return HttpResponse(status=status)
