"""The country's figures that a worker keeps: when they are shown, and when the page counts by itself."""

import datetime as dt
import json
import time
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses import country, facts
from courses.choices import RecordStatus
from courses.models import HoursPolicy
from courses.working import keeping
from cpd.dates import today
from schools.models import User
from tests import factories
from tests.conftest import Cast

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting is as slow as in a large country."""
    monkeypatch.setattr(country, "SLOW", 0.0)


def page(user: User, name: str = "country_hours", /, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, query=query))


def figures(cast: Cast, **query: Any) -> tuple[Any, Any]:
    """The totals and the oblasts with their districts that the institute sees."""
    context = page(cast.institute, **query).context
    return context["totals"], context["oblasts"]


def met(cast: Cast, **query: Any) -> int:
    return dict(figures(cast, **query)[0].shown)["MET"]


def enough(user: User) -> None:
    factories.training_record(user, status=RecordStatus.VERIFIED, amount=Decimal(72))


def later(monkeypatch: pytest.MonkeyPatch, by: dt.timedelta) -> None:
    """The clock goes on, of the program and of the cache."""
    moment, seconds = timezone.now() + by, time.time() + by.total_seconds()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    monkeypatch.setattr(time, "time", lambda: seconds)


@pytest.mark.usefixtures("large")
def test_the_figures_kept_are_those_counted_at_that_moment_and_the_page_says_when(cast: Cast) -> None:
    enough(cast.teacher)
    enough(cast.far_stranger)
    direct = figures(cast)
    assert page(cast.institute).context["taken_at"] is None
    country.keep()
    assert figures(cast) == direct
    assert direct[0].people == 12
    enough(cast.peer)
    answer = page(cast.institute)
    assert (answer.context["totals"], answer.context["oblasts"]) == direct
    with translation.override("ky"):
        sentence = _("Figures as of %(time)s; they are counted anew about every ten minutes.")
    moment = timezone.localtime(answer.context["taken_at"]).strftime("%H:%M")
    assert sentence % {"time": moment} in answer.content.decode()
    assert met(cast, on=today().isoformat()) == 2  # today named is today


@pytest.mark.usefixtures("large")
def test_what_is_taken_along_and_a_district_are_counted_at_once(cast: Cast) -> None:
    country.keep()
    district = reverse("district_hours", args=[cast.district.pk])
    assert not counts_people(statements(cast.institute, reverse("country_hours")))
    assert counts_people(statements(cast.institute, reverse("country_hours_xlsx")))
    assert counts_people(statements(cast.officer, district))


@pytest.mark.usefixtures("large")
def test_figures_are_shown_for_an_hour_and_no_longer(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    country.keep()
    told = cache.get(key())
    enough(cast.teacher)
    later(monkeypatch, country.LIFE - MINUTE)
    assert met(cast) == 0
    later(monkeypatch, 2 * MINUTE)
    assert cache.get(key()) is None
    cache.set(key(), told)  # as a cache would do whose clock is behind
    assert met(cast) == 1


@pytest.mark.usefixtures("large")
def test_by_other_rules_the_page_counts_by_itself(cast: Cast) -> None:
    enough(cast.teacher)
    country.keep()
    assert met(cast) == 1
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(required_hours=Decimal(73))
    assert met(cast) == 0
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(required_hours=Decimal(72))
    assert page(cast.institute).context["taken_at"]


@pytest.mark.usefixtures("large")
def test_on_another_day_the_page_counts_by_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes before midnight, and ten after it: neither of the new day nor of the one that ended."""
    midnight = dt.datetime.combine(today() + DAY, dt.time(), timezone.get_current_timezone())
    later(monkeypatch, midnight - 10 * MINUTE - timezone.now())
    ends = today()
    country.keep()
    assert page(cast.institute, on=ends.isoformat()).context["taken_at"] == timezone.now()
    assert page(cast.institute, on=(ends - DAY).isoformat()).context["taken_at"] is None
    later(monkeypatch, 20 * MINUTE)
    assert today() == ends + DAY
    assert page(cast.institute).context["taken_at"] is None
    assert page(cast.institute, on=ends.isoformat()).context["taken_at"] is None


@pytest.mark.usefixtures("large")
def test_a_worker_counts_anew_after_ten_minutes_and_at_once_by_other_rules(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping()()
    enough(cast.teacher)
    keeping()()  # another worker
    assert met(cast) == 0
    later(monkeypatch, country.EVERY + MINUTE)
    keeping()()
    assert met(cast) == 1
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(required_hours=Decimal(73))
    keeping()()
    assert (met(cast), page(cast.institute).context["taken_at"]) == (0, timezone.now())


def test_a_worker_looks_about_once_a_minute(cast: Cast) -> None:
    keep = keeping()
    keep()
    with CaptureQueriesContext(connection) as captured:
        keep()
    assert not captured.captured_queries


def test_where_counting_is_quick_none_are_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "SLOW", 0.0)
    country.keep()
    monkeypatch.setattr(country, "SLOW", 3600.0)
    later(monkeypatch, country.EVERY + MINUTE)
    country.keep()
    assert page(cast.institute).context["taken_at"] is None
    monkeypatch.setattr(country, "SLOW", 0.0)
    later(monkeypatch, country.EVERY + MINUTE)
    country.keep()
    assert page(cast.institute).context["taken_at"] is None  # whether it is slow now is tried after an hour
    later(monkeypatch, country.LIFE)
    country.keep()
    assert page(cast.institute).context["taken_at"]


@pytest.mark.usefixtures("large")
def test_only_who_may_see_the_country_is_shown_what_is_kept(cast: Cast) -> None:
    country.keep()
    users = (cast.institute, cast.administrator, cast.officer, cast.deputy, cast.teacher)
    assert [page(user).status_code for user in users] == [200, 200, 404, 404, 404]


@pytest.mark.usefixtures("large")
def test_what_is_kept_holds_numbers_of_places_and_nobody(cast: Cast) -> None:
    country.keep()
    told = cache.get(key())
    assert json.loads(json.dumps(told)) == told
    assert ["all", 0, "OVERDUE", 12] in told["rows"]
    assert {len(row) for row in told["rows"]} == {4}


@pytest.mark.usefixtures("large")
def test_the_page_asks_as_often_for_many_districts_as_for_few(cast: Cast, settings: Any) -> None:
    """With the cache of the database, whose queries count."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cpd_cache"}}
    call_command("createcachetable")
    found = []
    for _number in range(2):
        cache.clear()
        found.append(statements(cast.institute, reverse("country_hours")))
        country.keep()
        found.append(statements(cast.institute, reverse("country_hours")))
        for _employment in range(5):
            factories.EmploymentFactory()
    assert [len(queries) for queries in found] == [8, 7, 8, 7]
    assert [counts_people(queries) for queries in found] == [True, False, True, False]


def statements(user: User, address: str) -> list[str]:
    """What the page asks the database."""
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


def counts_people(queries: list[str]) -> bool:
    return any("counted AS (" in query for query in queries)


def key() -> str:
    return country._key(facts.policies(), today())
