"""The standing cast: the same people, places and papers in every test."""

import gc
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import translation
from pytest_django import DjangoDbBlocker

from courses import scans
from cpd import press, sheets
from plans.models import AnnualPlan, IndividualPlan
from schools.choices import Role
from schools.models import (
    Category,
    District,
    Employment,
    Institution,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    User,
)
from tests import factories
from tests.campus import Campus, make_campus
from tests.databases import is_for_both
from tests.factories import LONG_AGO, PASSWORD
from tests.readers import stay_here
from tests.standing import Standing, is_real

# What SQLite is told at the start of each connection, before the tests let it be quicker.
OPENED_AS_SHIPPED: str = connection.settings_dict.get("OPTIONS", {}).get("init_command", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--second-database",
        action="store_true",
        help="only what another database could answer otherwise: tests/databases.py",
    )
    parser.addoption(
        "--copy-database",
        action="store_true",
        help="DATABASE_URL is migrated and nobody is in it: every worker takes a copy instead of migrating one anew",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The suite stays under a quarter of an hour: what no database decides is tried on the first one only.

    What is marked as slow begins first: begun last, it would run alone while the other worker has nothing left.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if config.getoption("--second-database"):
        kept = [item for item in items if is_for_both(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def pytest_configure() -> None:
    """Quick passwords and a cache in memory.

    No collected files: WhiteNoise would look through them once for every client of every test.
    """
    settings.STATIC_ROOT = None
    press.PATIENCE = scans.PATIENCE = sheets.PATIENCE = 600  # seconds: what else the machine does changes no answer
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    gc.set_threshold(100_000, 50, 50)  # a test leaves little behind, and collecting would take a tenth of the time


def delete_rows(_style: Any, tables: list[str], **_options: bool) -> list[str]:
    """What empties the tables after a test with real transactions.

    TRUNCATE, which Django would choose, makes new files for each of more than a hundred tables; few of them hold rows.
    """
    names = [connection.ops.quote_name(table) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT FROM {name})" for name in names))  # noqa: S608
        return [f"DELETE FROM {name}" for name, is_full in zip(names, cursor.fetchone(), strict=True) if is_full]  # noqa: S608


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, pytestconfig: pytest.Config) -> None:
    """With --copy-database the test database begins as a copy; what it still lacks is migrated there as always.

    Nobody relies on a test database after a power cut: SQLite need not wait for the disk.
    """
    options = connection.settings_dict.get("OPTIONS", {})
    if connection.vendor == "sqlite":
        options["init_command"] = OPENED_AS_SHIPPED.replace("synchronous=FULL", "synchronous=OFF")
    else:
        connection.ops.sql_flush = delete_rows
    if not pytestconfig.getoption("--copy-database"):
        return
    original, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    if connection.vendor == "postgresql":
        test["TEMPLATE"] = original
    else:  # SQLite has no templates: the file is copied where Django would remove the old one
        connection.creation._create_test_db = lambda *_, **__: shutil.copy(original, test["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> Iterator[None]:
    """Emptying the tables lists Django's content types and permissions anew each time; nothing here reads them."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    pytestconfig.stash[STANDING] = standing = Standing({"cast": make_cast, "campus": make_campus}, django_db_blocker)
    yield
    standing.clear()


STANDING = pytest.StashKey[Standing]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the test's own transaction begins; at the first test of all there is no database yet."""
    if standing := item.config.stash.get(STANDING, None):
        standing.let_in(standing.called_for(item))


# The same examples at every run, however slow the machine.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("steady")

# Invented, and none alike in the search column.
PEOPLE = {
    "teacher": ("Өмүралиева", "Айнагүл", "Токтобековна"),
    "colleague": ("Жээнбаева", "Гүлзат", "Маратовна"),
    "peer": ("Сыдыгалиев", "Нурлан", "Бекович"),
    "stranger": ("Эсенгулова", "Чынара", "Асановна"),
    "far_stranger": ("Ыдырысов", "Тилек", "Сапарович"),
    "head": ("Бекмуратова", "Назгүл", "Эркиновна"),
    "other_head": ("Калыбеков", "Улан", "Дөөлөтович"),
    "deputy": ("Төлөгөнова", "Жылдыз", "Кадыровна"),
    "second_deputy": ("Ниязалиев", "Азамат", "Русланович"),
    "director": ("Үсөнов", "Бакыт", "Өмүрович"),
    "clerk": ("Чоробаева", "Мээрим", ""),
    "other_director": ("Раимбекова", "Света", "Ивановна"),
    "officer": ("Мамырканов", "Эрлан", "Талантович"),
    "other_officer": ("Дөөлөтова", "Зуура", "Акматовна"),
    "institute": ("Абдылдаев", "Канат", "Жолдошович"),
    "administrator": ("Токтобаев", "Данияр", ""),
}


@dataclass
class Cast:
    """Two districts, schools A and B in the first and C in the second; everybody's account by what they are.

    At school A: ``teacher`` (whose papers are looked at), ``peer``, ``head`` and ``deputy`` belong to
    ``association`` (X), ``colleague``, ``other_head`` and ``second_deputy`` to ``other_association`` (Y), the
    ``director`` and the ``clerk`` to none. ``stranger`` and ``other_director`` work at B, ``far_stranger`` at C.
    ``officer`` serves the district of A and B, ``other_officer`` that of C. Nobody at all is ``None``.
    """

    district: District
    other_district: District
    school: Institution
    other_school: Institution
    far_school: Institution
    association: MethodicalAssociation
    other_association: MethodicalAssociation
    strange_association: MethodicalAssociation
    far_association: MethodicalAssociation
    teacher: User
    colleague: User
    peer: User
    stranger: User
    far_stranger: User
    head: User
    other_head: User
    deputy: User
    second_deputy: User
    director: User
    clerk: User
    other_director: User
    officer: User
    other_officer: User
    institute: User
    administrator: User

    @property
    def people(self) -> dict[str, User | None]:
        """Everybody by name, nobody at all included: the columns of every table of permissions."""
        return {"anon": None} | {name: getattr(self, name) for name in PEOPLE}

    @cached_property
    def plan(self) -> IndividualPlan:
        """The teacher's five-year plan: a complete draft when first asked for."""
        return factories.complete(factories.individual_plan(self.teacher))

    @cached_property
    def annual_plan(self) -> AnnualPlan:
        """The teacher's plan for this school year: a complete draft when first asked for."""
        return factories.complete(factories.annual_plan(self.teacher))


def make_cast() -> Cast:
    """All rows of the cast in a dozen queries."""
    factories.first_data()
    oblast = Oblast.objects.create(title_ky="Сыноо облусу", title_ru="Пробная область")
    district, other_district = District.objects.bulk_create(
        District(title_ky=title, oblast=oblast) for title in ("Алма-Булак району", "Өзөн-Таш району")
    )
    school, other_school, far_school = Institution.objects.bulk_create(
        Institution(title_ky=title, number=number, district=place)
        for title, number, place in (
            ("Ак-Бата орто мектеби", "1", district),
            ("Күн-Нур орто мектеби", "2", district),
            ("Төр-Жайлоо орто мектеби", "3", other_district),
        )
    )
    association, other_association, strange_association, far_association = MethodicalAssociation.objects.bulk_create(
        MethodicalAssociation(title_ky=title, institution=place)
        for title, place in (
            ("Табигый илимдер", school),
            ("Тилдер", school),
            ("Математика жана физика", other_school),
            ("Тарых жана коом таануу", far_school),
        )
    )
    persons = Person.objects.bulk_create(
        Person(family_name=family, given_name=given, fathers_name=fathers)
        for family, given, fathers in PEOPLE.values()
    )
    person = dict(zip(PEOPLE, persons, strict=True))
    account = User(must_change_password=False)
    account.set_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=name, person=person[name], password=account.password, must_change_password=False)
        for name in PEOPLE
    )
    jobs = {
        association: ("teacher", "peer", "head", "deputy"),
        other_association: ("colleague", "other_head", "second_deputy"),
        strange_association: ("stranger",),
        far_association: ("far_stranger",),
    }
    Employment.objects.bulk_create(
        [
            Employment(
                person=person[name],
                institution=place.institution,
                association=place,
                position="биология мугалими",
                starts_on=LONG_AGO,
            )
            for place, names in jobs.items()
            for name in names
        ]
        + [
            Employment(person=person[name], institution=place, position=position, starts_on=LONG_AGO)
            for name, place, position in (
                ("director", school, "директор"),
                ("clerk", school, "иш кагаздарын жүргүзүүчү"),
                ("other_director", other_school, "директор"),
            )
        ]
    )
    roles = {
        "head": (Role.ASSOCIATION_HEAD, {"association": association}),
        "other_head": (Role.ASSOCIATION_HEAD, {"association": other_association}),
        "deputy": (Role.DEPUTY_DIRECTOR, {"institution": school}),
        "second_deputy": (Role.DEPUTY_DIRECTOR, {"institution": school}),
        "director": (Role.DIRECTOR, {"institution": school}),
        "clerk": (Role.CLERK, {"institution": school}),
        "other_director": (Role.DIRECTOR, {"institution": other_school}),
        "officer": (Role.DISTRICT_OFFICER, {"district": district}),
        "other_officer": (Role.DISTRICT_OFFICER, {"district": other_district}),
        "institute": (Role.INSTITUTE_VIEWER, {}),
        "administrator": (Role.ADMINISTRATOR, {}),
    }
    RoleAssignment.objects.bulk_create(
        RoleAssignment(person=person[name], role=role, starts_on=LONG_AGO, **place)
        for name, (role, place) in roles.items()
    )
    return Cast(
        district=district,
        other_district=other_district,
        school=school,
        other_school=other_school,
        far_school=far_school,
        association=association,
        other_association=other_association,
        strange_association=strange_association,
        far_association=far_association,
        **dict(zip(PEOPLE, users, strict=True)),
    )


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make all calls at the same moment, each in a thread with a connection of its own.

    What each returned stands in their order; where one raised, the exception. For tests with real transactions only.
    """
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            return call()
        except Exception as mistake:  # what went wrong is part of the answer
            return mistake
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files as they are, an empty cache and a folder of one's own; no type or language of before."""
    stay_here(request.path, monkeypatch)
    translation.activate(settings.LANGUAGE_CODE)
    settings.STORAGES = {
        "default": {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": tmp_path / "files"}},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True)
def _first_rows(request: pytest.FixtureRequest) -> None:
    """What migrations bring, where a test with real transactions came before and emptied the tables."""
    is_marked = request.node.get_closest_marker("django_db") is not None
    if (is_marked or "db" in request.fixturenames) and not is_real(request.node):
        request.getfixturevalue("db")
        if not request.config.stash[STANDING].name and not Category.objects.exists():
            factories.first_data()


@pytest.fixture
def cast(db: None, pytestconfig: pytest.Config) -> Cast:
    return pytestconfig.stash[STANDING].people("cast")


@pytest.fixture
def campus(db: None, pytestconfig: pytest.Config) -> Campus:
    return pytestconfig.stash[STANDING].people("campus")


@pytest.fixture
def draft(cast: Cast) -> IndividualPlan:
    """The teacher's five-year plan, complete and not yet handed in."""
    return cast.plan


@pytest.fixture
def submitted(draft: IndividualPlan) -> IndividualPlan:
    return factories.submitted(draft)


@pytest.fixture
def considered(draft: IndividualPlan, cast: Cast) -> IndividualPlan:
    return factories.considered(draft, by=cast.head)


@pytest.fixture
def approved(draft: IndividualPlan, cast: Cast) -> IndividualPlan:
    return factories.approved(draft, by=cast.deputy)


@pytest.fixture
def returned(draft: IndividualPlan, cast: Cast) -> IndividualPlan:
    return factories.returned(draft, by=cast.head)


@pytest.fixture
def amended(approved: IndividualPlan) -> IndividualPlan:
    """Approved, and opened again by the teacher for a change."""
    return factories.amended(approved)
