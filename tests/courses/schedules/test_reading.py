"""Who reads which version of a school's schedule, and that the list leads to nothing else."""

import re
import uuid

import pytest
from django.urls import reverse

from courses.models import Schedule
from courses.schedules.access import schedules_seen, version_read, versions_seen, visible_schedule
from schools import approval
from schools.choices import Action
from schools.models import User
from tests import factories
from tests.conftest import Cast
from tests.factories import again, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule(cast: Cast) -> Schedule:
    return factories.school_schedule(cast.school, by=cast.deputy)


def move(schedule: Schedule, action: Action, by: User, reason: str = "") -> None:
    approval.perform(schedule, action, by=again(by), seen=fresh(schedule).revision, reason=reason)


def accepted_then_returned(schedule: Schedule, cast: Cast) -> None:
    """Version 1 accepted, version 2 returned, version 3 waits for the district."""
    factories.sent(schedule, by=cast.deputy)
    move(schedule, Action.APPROVE, cast.officer)
    move(schedule, Action.AMEND, cast.deputy)
    factories.sent(schedule, by=cast.deputy, rows=3)
    move(schedule, Action.RETURN, cast.officer, "Мөөнөттөрү тактала элек.")
    factories.sent(schedule, by=cast.deputy, rows=4)


def numbers(user: User, schedule: Schedule) -> list[int]:
    return list(versions_seen(again(user), schedule).order_by("number").values_list("number", flat=True))


def test_the_institute_reads_what_was_accepted_and_the_district_what_was_sent(schedule: Schedule, cast: Cast) -> None:
    accepted_then_returned(schedule, cast)
    assert numbers(cast.institute, schedule) == [1]
    assert (
        numbers(cast.officer, schedule) == numbers(cast.head, schedule) == numbers(cast.clerk, schedule) == [1, 2, 3]
    )


def test_the_institute_is_not_told_why_a_version_was_returned(schedule: Schedule, cast: Cast, client) -> None:
    accepted_then_returned(schedule, cast)
    told = {}
    for name in ("institute", "officer"):
        client.force_login(getattr(cast, name))
        told[name] = client.get(reverse("schedule", args=[schedule.pk])).content.decode()
    assert "Мөөнөттөрү тактала элек." in told["officer"]
    assert "Мөөнөттөрү тактала элек." not in told["institute"]
    client.force_login(cast.institute)
    for number in (2, 3):
        assert client.get(reverse("schedule_version", args=[schedule.pk, number])).status_code == 404
        assert client.get(reverse("schedule_version_paper", args=[schedule.pk, number])).status_code == 404


def test_a_change_has_the_same_number_for_every_reader(schedule: Schedule, cast: Cast, client) -> None:
    accepted_then_returned(schedule, cast)
    move(schedule, Action.APPROVE, cast.officer)
    for user, told in ((cast.institute, [(1, 0), (3, 2)]), (cast.officer, [(1, 0), (2, 1), (3, 2)])):
        client.force_login(user)
        page = client.get(reverse("schedule", args=[schedule.pk]))
        assert [(one.version.number, one.amendment) for one in page.context["told"]] == told


def test_what_was_sent_first_is_nothing_to_the_institute_until_it_is_accepted(schedule: Schedule, cast: Cast) -> None:
    factories.sent(schedule, by=cast.deputy)
    assert visible_schedule(again(cast.officer), schedule.pk) == schedule
    assert visible_schedule(again(cast.institute), schedule.pk) is None


def test_version_nought_is_no_version(schedule: Schedule, cast: Cast, client) -> None:
    factories.sent(schedule, by=cast.deputy)
    client.force_login(cast.deputy)
    assert client.get(reverse("schedule_version", args=[schedule.pk, 0])).status_code == 404
    assert client.get(reverse("schedule_version", args=[schedule.pk, 1])).status_code == 200


@pytest.mark.parametrize("who", ["head", "other_head", "deputy", "director", "clerk", "teacher"])
def test_every_schedule_that_is_listed_can_be_opened(who: str, schedule: Schedule, cast: Cast, client) -> None:
    """A closed one is the school's: its heads of associations are not led to it before it is sent."""
    user = getattr(cast, who)
    client.force_login(user)
    for step in (None, factories.closed, factories.sent_on):
        if step:
            step(schedule, by=cast.deputy)
        page = client.get(reverse("schedules")).content.decode()
        listed = set(re.findall(r'href="(/[^"]*schedules/\d+/)"', page))
        assert all(client.get(address, follow=True).status_code == 200 for address in listed)
        assert (schedule.get_absolute_url() in listed) == schedules_seen(again(user)).filter(pk=schedule.pk).exists()
    assert (schedule.get_absolute_url() in listed) == (who != "teacher")


def test_a_page_that_shows_nothing_does_not_mark_the_schedule_as_looked_at(cast: Cast, client) -> None:
    """An association's schedule that once got stuck before the district, which reads none of them."""
    part = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(part, cast.teacher)
    factories.handed_over(part, by=cast.head)
    Schedule.objects.filter(pk=part.pk).update(awaiting_role="district_officer")
    client.force_login(cast.officer)
    assert client.get(reverse("schedule", args=[part.pk])).status_code == 404
    assert client.get(reverse("schedule_version", args=[part.pk, 1])).status_code == 404
    assert fresh(part).seen_at is None


@pytest.mark.parametrize("action", [Action.APPROVE, Action.RETURN])
def test_a_part_is_taken_or_given_back_at_one_address_only(action: Action, cast: Cast, client) -> None:
    part = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(part, cast.teacher)
    handed = factories.handed_over(part, by=cast.head)
    client.force_login(cast.deputy)
    data = {"once": uuid.uuid4(), "seen": handed.revision, "reason": "Айлар жок."}
    assert client.post(reverse("schedule_move", args=[part.pk, action]), data).status_code == 404
    assert fresh(part).state == handed.state
    page = client.get(reverse("schedule", args=[part.pk])).content.decode()
    [address] = re.findall(r'action="(/[^"]*/return/)"', page)
    assert client.post(address, data | {"once": uuid.uuid4()}).status_code == 302
    assert fresh(part).state == "returned"


def test_a_change_that_was_closed_and_given_up_is_nobody_s_first_page(schedule: Schedule, cast: Cast, client) -> None:
    """It stays in the history; what is read, printed and shown by weeks is the version in force again."""
    factories.sent(schedule, by=cast.deputy)
    move(schedule, Action.APPROVE, cast.officer)
    move(schedule, Action.AMEND, cast.deputy)
    factories.closed(schedule, by=cast.deputy)
    move(schedule, Action.REOPEN, cast.deputy)
    move(schedule, Action.DISCARD, cast.deputy)
    for user in (cast.deputy, cast.director, cast.clerk, cast.officer):
        found = version_read(again(user), fresh(schedule))
        assert found is not None
        assert found.number == 1
        client.force_login(user)
        assert client.get(reverse("schedule", args=[schedule.pk])).context["shown"].version.number == 1


def test_a_change_under_way_is_read_first_at_school(schedule: Schedule, cast: Cast) -> None:
    factories.sent(schedule, by=cast.deputy)
    move(schedule, Action.APPROVE, cast.officer)
    move(schedule, Action.AMEND, cast.deputy)
    factories.closed(schedule, by=cast.deputy)
    read = {user.username: version_read(again(user), fresh(schedule)) for user in (cast.director, cast.officer)}
    assert [version and version.number for version in read.values()] == [2, 1]


def test_a_reason_is_taken_whole_or_refused(schedule: Schedule, cast: Cast) -> None:
    factories.sent(schedule, by=cast.deputy)
    with pytest.raises(approval.Refused):
        move(schedule, Action.RETURN, cast.officer, "а" * 1001)
    move(schedule, Action.RETURN, cast.officer, "а" * 1000)
    assert fresh(schedule).current_version.decisions.get(action=Action.RETURN).reason == "а" * 1000
