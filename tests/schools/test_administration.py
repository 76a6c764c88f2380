"""What administrators change or look at by hand stands in the journal, with whose data it was."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from schools.choices import Event, Role
from schools.models import (
    ApprovalRoute,
    AuditEntry,
    Employment,
    Institution,
    MethodicalAssociation,
    Person,
    RoleAssignment,
    User,
)
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

NUMBER = "21507198500123"


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.administrator)
    return client


def page(model: type[Model], name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def as_shown(client: Client, url: str) -> dict[str, Any]:
    """What the page would send where nobody changes anything."""
    shown = client.get(url).context
    forms = [shown["adminform"].form]
    for inline in shown["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {form.add_prefix(name): _sent(form[name].value()) for form in forms for name in form.fields}
    return {name: value for name, value in sent.items() if value is not None and value is not False}


def _sent(value: Any) -> Any:
    if isinstance(value, list):
        return [getattr(one, "pk", one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def change(client: Client, obj: Any, **columns: Any) -> None:
    url = page(type(obj), "change", obj.pk)
    answer = client.post(url, as_shown(client, url) | {name.replace("__", "-"): one for name, one in columns.items()})
    assert answer.status_code == 302, answer.context["errors"]


def told() -> list[tuple[str, Person | None, Institution | None]]:
    entries = AuditEntry.objects.exclude(event=Event.SAW_PERSON).order_by("pk")
    return [(one.event, one.subject, one.institution) for one in entries]


def test_a_role_given_and_ended_by_hand_is_told_to_its_school(cast: Cast, client: Client) -> None:
    person = cast.teacher.person
    role = {"role": Role.DEPUTY_DIRECTOR, "institution": cast.school.pk, "starts_on": today().isoformat()}
    columns = {f"roles__0__{name}": value for name, value in role.items()}
    change(client, person, roles__TOTAL_FORMS=1, **columns, roles__0__person=person.pk)
    assert told() == [(Event.ROLE_GIVEN, person, cast.school)]
    entry = AuditEntry.objects.get(event=Event.ROLE_GIVEN)
    assert (entry.by, entry.after["role"], entry.before) == (cast.administrator.person, "deputy_director", {})
    change(client, person, roles__0__ends_on=today().isoformat())
    assert AuditEntry.objects.get(event=Event.ROLE_ENDED).after == {"ends_on": today().isoformat()}
    change(client, person, roles__0__DELETE="on")
    assert not RoleAssignment.objects.filter(person=person).exists()
    assert AuditEntry.objects.filter(event=Event.ROLE_ENDED).latest("pk").before["role"] == "deputy_director"


def test_personal_data_and_jobs_changed_by_hand_are_told_without_the_number_and_the_birthday(
    cast: Cast, client: Client
) -> None:
    person = cast.teacher.person
    change(client, person, personal_number=NUMBER, born_on="1985-07-15", employments__0__position="химия мугалими")
    assert told() == [
        (Event.PERSON_CHANGED, person, cast.school),
        (Event.EMPLOYMENT_CHANGED, person, cast.school),
    ]
    entry = AuditEntry.objects.get(event=Event.PERSON_CHANGED)
    assert entry.after == {"personal_number": "…123", "born_on": "…"}
    change(client, person)
    assert len(told()) == 2, "the second time nothing was changed"


def test_an_account_made_shut_and_sent_elsewhere_by_hand_is_told(cast: Cast, client: Client) -> None:
    person = factories.EmploymentFactory.create(institution=cast.school).person
    sent = {"username": "jany", "person": person.pk, "email": "", "language": "ky", "is_active": "on"}
    assert client.post(page(User, "add"), sent).status_code == 302
    user = User.objects.get(username="jany")
    change(client, user, email="jany@example.kg")
    change(client, user, is_active="")
    events = [Event.ACCOUNT_MADE, Event.MAIL_CHANGED, Event.ACCOUNT_CLOSED]
    assert told() == [(event, person, cast.school) for event in events]
    assert "password" not in AuditEntry.objects.get(event=Event.ACCOUNT_MADE).after


def test_a_first_password_is_told_with_who_gave_it(cast: Cast, client: Client) -> None:
    client.post(page(User, "changelist"), {"action": "first_passwords", "_selected_action": [cast.director.pk]})
    entry = AuditEntry.objects.get(event=Event.PASSWORD_CHANGED)
    assert (entry.by, entry.subject, entry.what) == (cast.administrator.person, cast.director.person, "director")
    assert (entry.before, entry.after) == ({}, {})


def test_schools_associations_and_routes_changed_by_hand_are_told(cast: Cast, client: Client) -> None:
    change(client, cast.school, title_ky="Башка мектеп")
    association = MethodicalAssociation.objects.filter(institution=cast.school).first()
    change(client, association, title_ky="Башка бирикме")
    route = ApprovalRoute.objects.filter(steps__position=1, steps__needs_minutes=False)[0]
    change(client, route, source="Башка буйрук", steps__0__needs_minutes="on")
    assert told() == [
        (Event.REFERENCE_CHANGED, None, cast.school),
        (Event.REFERENCE_CHANGED, None, cast.school),
        *[(Event.REFERENCE_CHANGED, None, route.institution)] * 2,
    ]
    assert AuditEntry.objects.latest("pk").after == {"needs_minutes": True}


def test_what_is_deleted_by_hand_is_told_and_can_go(cast: Cast, client: Client) -> None:
    school = factories.InstitutionFactory.create(district=cast.district)
    person = factories.PersonFactory.create()
    for one in (school, person):
        assert client.post(page(type(one), "delete", one.pk), {"post": "yes"}).status_code == 302
        assert not type(one).objects.filter(pk=one.pk).exists()
    assert told() == [(Event.REFERENCE_CHANGED, None, None), (Event.PERSON_CHANGED, None, None)]
    assert AuditEntry.objects.get(event=Event.PERSON_CHANGED).what.endswith(person.full_name)


def test_who_looks_at_a_person_or_an_account_is_told_once_a_day(cast: Cast, client: Client) -> None:
    for _again in range(2):
        client.get(page(Person, "change", cast.teacher.person_id))
        client.get(page(User, "change", cast.teacher.pk))
    [entry] = AuditEntry.objects.all()
    assert (entry.event, entry.by, entry.subject) == (Event.SAW_PERSON, cast.administrator.person, cast.teacher.person)
    assert entry.institution == Employment.objects.get(person=cast.teacher.person).institution


def test_a_person_who_is_not_there_is_not_noted(cast: Cast, client: Client) -> None:
    assert client.get(page(Person, "change", 10**9)).status_code == 302
    assert not AuditEntry.objects.exists()
