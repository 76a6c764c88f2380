"""A prepared query gives what its queryset gives, with the values of each call."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import BigIntegerField, DateField, Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext

from cpd.prepared import Given, Prepared
from schools.models import Employment, Person, User
from tests.factories import LONG_AGO, EmploymentFactory, UserFactory


def at_work(person: Given, day: Given) -> QuerySet[Employment]:
    others = Employment.objects.on(day).filter(institution=OuterRef("institution")).exclude(person=person)
    return Employment.objects.on(day).filter(person=person).annotate(has_colleagues=Exists(others)).order_by("pk")


@pytest.mark.django_db
def test_each_call_is_answered_with_its_own_values() -> None:
    asked = Prepared(at_work, person=BigIntegerField(), day=DateField())
    first, second = EmploymentFactory.create(), EmploymentFactory.create(ends_on=dt.date(2020, 5, 31))
    EmploymentFactory.create(institution=second.institution)
    for person, day in [(first.person, LONG_AGO), (second.person, LONG_AGO), (second.person, dt.date(2021, 1, 1))]:
        wanted = at_work(person.pk, day)  # type: ignore[arg-type] - the same queryset, with the values in it
        with CaptureQueriesContext(connection) as captured:
            found = list(asked.ask(person=person.pk, day=day))
        assert [(job, job.has_colleagues) for job in found] == [(job, job.has_colleagues) for job in wanted]
        assert len(captured) == 1
    assert not list(asked.ask(person=0, day=LONG_AGO))


@pytest.mark.django_db
def test_rows_beside_come_with_it_as_in_the_queryset() -> None:
    asked = Prepared(lambda person: User.objects.filter(person=person), person=BigIntegerField())
    user = UserFactory.create()
    with CaptureQueriesContext(connection) as captured:
        found = next(asked.ask(person=user.person_id))
        assert found == user
        assert found.person == Person(pk=user.person_id)
        assert found.person.short_name == user.person.short_name
    assert len(captured) == 1
