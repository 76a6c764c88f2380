"""Names of other schools, and personal data of colleagues, in lists and in pages about a person (trust T3, T4).

Looked for in pages, in the markup of papers and in the cells of workbooks.
"""

import datetime as dt
import io
import zipfile

import pytest
from django.http import HttpResponse
from django.urls import reverse

from schools.models import Person, User
from tests import factories
from tests.conftest import PEOPLE, Cast
from tests.permissions.asking import World
from tests.permissions.table import Row

NUMBER = "11203198500123"
BORN = dt.date(1985, 3, 12)
MAIL = "kanareika@example.kg"

# Of whom a name may stand in nothing that somebody is given.
AT_A = ("teacher", "colleague", "peer", "head", "other_head", "deputy", "second_deputy", "director", "clerk")
B, C = "Канарейка-Б", "Канарейка-В"
A = {PEOPLE[name][0] for name in AT_A}
FOREIGN = {name: {B, C} for name in AT_A} | {
    "officer": {C},
    "stranger": A | {C},
    "other_director": A | {C},
    "far_stranger": A | {B},
    "other_officer": A | {B},
}

# Lists without a number in their address, of a school, of a district; pages about one person.
PLAIN = [
    "home", "institutions", "journal", "plans", "records", "schedules", "needs", "needs_requests", "assessments",
    "verification", "providers", "programmes", "unlinked", "transfers", "notices", "twins", "merges", "my_mentoring",
    "my_courses", "my_sharing", "beside", "need_new", "record_new", "country_needs", "country_hours",
    "country_schedules", "country_orders", "offerings",
]  # fmt: skip
OF_A_SCHOOL = [
    "institution", "school_staff", "staff_hire", "school_accounts", "invitation_slips", "school_roles", "role_new",
    "delegation_new", "school_units", "school_needs", "school_need_new", "school_papers", "meetings", "mentors",
    "mentor_new", "school_places", "school_sharing", "school_sharing_paper", "staff_hours", "staff_hours_xlsx",
    "staff_hours_paper", "perspective_plan", "perspective_plan_xlsx", "school_import",
]  # fmt: skip
OF_A_DISTRICT = [
    "district_accounts", "district_slips", "district_roles", "district_hours", "district_hours_xlsx",
    "district_hours_paper", "district_schedules", "district_schedules_xlsx", "district_schedules_paper", "offerings",
    "offerings_xlsx", "offerings_paper", "district_needs", "district_requests", "training_orders", "district_import",
]  # fmt: skip
OF_A_PERSON = [
    "record_paper", "attestation_paper", "person_hours", "person_edit", "name_change", "sharing_paper",
]  # fmt: skip


def text_of(answer: HttpResponse, world: World) -> str:
    """What somebody can read in it: a page, the markup of a paper, the cells of a workbook."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    drawn, world.drawn[:] = "".join(world.drawn), []
    return drawn + body.decode(errors="replace")


def with_papers(user: User) -> None:
    """What a school or a district may be shown of a teacher."""
    name = user.person.family_name
    factories.submitted(factories.individual_plan(user))
    factories.approved(factories.annual_plan(user))
    factories.training_record(user, status="verified", title=f"{name} курсу")
    factories.training_record(user, status="submitted", title=f"{name} семинары")
    factories.need(user, title=f"{name} керектөөсү")


@pytest.fixture
def world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> World:
    for user, name in ((cast.stranger, B), (cast.far_stranger, C)):
        user.person.family_name = name
        user.person.save()
    for user in (cast.teacher, cast.stranger, cast.far_stranger):
        with_papers(user)
    Person.objects.filter(pk=cast.teacher.person_id).update(personal_number=NUMBER, born_on=BORN)
    User.objects.filter(pk=cast.teacher.pk).update(email=MAIL)
    return World(cast, monkeypatch)


def addresses(cast: Cast) -> list[tuple[str, dict[str, int]]]:
    """The lists of school A and of its district, and the pages about the teacher."""
    job = factories.job_of(cast.teacher)
    return [
        *((name, {}) for name in PLAIN if name != "offerings"),
        *((name, {"pk": cast.school.pk}) for name in OF_A_SCHOOL),
        *((name, {"pk": cast.district.pk}) for name in OF_A_DISTRICT),
        *((name, {"pk": cast.teacher.person_id}) for name in OF_A_PERSON),
        ("school_account", {"pk": cast.school.pk, "person": cast.teacher.person_id}),
        *((name, {"pk": job.pk}) for name in ("employment", "employment_edit", "employment_end", "transfer_new")),
    ]


def test_no_list_names_what_its_reader_may_not_know(world: World, cast: Cast) -> None:
    """Everything is asked for once; names and personal data are looked for in the same answers."""
    named: set[tuple[str, str]] = set()
    personal: dict[str, set[str]] = {}
    leaked = []
    for name, numbers in addresses(cast):
        request = {"url": reverse(name, kwargs=numbers), "data": {}}
        for who in (*FOREIGN, "institute", "administrator"):
            answer = world.ask(Row(name, (), "GET", "", ()), who, request)
            text = text_of(answer, world) if answer.status_code == 200 else ""
            leaked += [(name, who, word) for word in FOREIGN.get(who, ()) if word in text]
            named.update((name, who) for word in (B, C) if word in text)
            if any(word in text for word in (NUMBER, f"{BORN:%d.%m.%Y}", f"{BORN:%Y-%m-%d}", MAIL)):
                personal.setdefault(name, set()).add(who)
    assert leaked == []
    # It would be noticed: those who may know find the same names in the same places.
    assert {("plans", "officer"), ("plans", "other_officer"), ("verification", "other_director")} <= named
    leaders = {"deputy", "second_deputy", "director", "clerk"}
    assert personal == {"person_edit": leaders, "employment": leaders | {"teacher"}}
