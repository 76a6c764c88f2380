"""The list of staff on any day, and newcomers: found before they are entered."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from schools.choices import EndReason, LeaveKind, TransferState
from schools.models import Employment, Leave, NameChange, Person, Transfer, User
from schools.staff import Group, counts, staff_on
from tests import factories
from tests.conftest import Cast
from tests.factories import job_of

DAY = dt.timedelta(days=1)
NUMBER = "11203198500123"
BORN = dt.date(1985, 3, 12)


def page(user: User, cast: Cast, **asked: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("school_staff", args=[cast.school.pk], query=asked)).content.decode()


def names(staff: Any) -> list[str]:
    return [job.person.family_name for job in staff]


def group_of(cast: Cast, user: User, day: dt.date) -> list[str]:
    return [job.group for job in staff_on(day, cast.school, cast.deputy) if job.person_id == user.person_id]


def newcomer(**typed: Any) -> dict[str, Any]:
    wanted = {
        "once": uuid.uuid4(),
        "personal_number": NUMBER,
        "born_on": BORN,
        "family_name": "Жаңыбаева",
        "given_name": "Асел",
        "fathers_name": "",
        "starts_on": today(),
        "position": "химия мугалими",
        "is_teaching": "on",
    }
    return wanted | typed


def hire(user: User, cast: Cast, **typed: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse("staff_hire", args=[cast.school.pk]), newcomer(**typed))


def known(user: User) -> Person:
    Person.objects.filter(pk=user.person_id).update(personal_number=NUMBER, born_on=BORN)
    return Person.objects.get(pk=user.person_id)


def test_everybody_stands_in_one_group_on_each_day(cast: Cast) -> None:
    job, day = job_of(cast.peer), today()
    Employment.objects.filter(pk=job.pk).update(
        starts_on=day - 10 * DAY, ends_on=day + 10 * DAY, end_reason=EndReason.LEFT
    )
    Leave.objects.create(
        employment=job,
        kind=LeaveKind.STUDY,
        starts_on=day,
        ends_on=day + DAY,
        entered_by=cast.clerk.person,
    )
    expected = {-11: Group.COMING, -10: Group.WORKING, -1: Group.WORKING, 0: Group.ON_LEAVE, 1: Group.ON_LEAVE}
    expected |= {2: Group.WORKING, 10: Group.WORKING, 11: Group.LEFT}
    assert {n: group_of(cast, cast.peer, day + n * DAY) for n in expected} == {n: [g] for n, g in expected.items()}


def test_the_counts_are_those_of_the_groups(cast: Cast) -> None:
    Employment.objects.filter(pk=job_of(cast.peer).pk).update(ends_on=today() - DAY)
    Leave.objects.create(employment=job_of(cast.teacher), kind=LeaveKind.STUDY, entered_by=cast.clerk.person)
    found = counts(staff_on(today(), cast.school, cast.deputy))
    assert found == {Group.WORKING: 7, Group.ON_LEAVE: 1, Group.COMING: 0, Group.LEFT: 1}


def test_who_left_and_came_back_is_listed_once(cast: Cast) -> None:
    Employment.objects.filter(pk=job_of(cast.peer).pk).update(ends_on=today() - 9 * DAY)
    factories.EmploymentFactory(person=cast.peer.person, institution=cast.school, starts_on=today())
    assert group_of(cast, cast.peer, today()) == [Group.WORKING]
    assert group_of(cast, cast.peer, today() - 5 * DAY) == [Group.COMING]


def test_merged_and_nameless_records_stand_in_no_list(cast: Cast) -> None:
    Person.objects.filter(pk=cast.peer.person_id).update(merged_into=cast.teacher.person)
    assert group_of(cast, cast.peer, today()) == []


@pytest.mark.parametrize("typed", ["омуралиева", "Өмүралиева айнагул", "мурунку"])
def test_people_are_found_by_any_keyboard_and_by_an_earlier_name(typed: str, cast: Cast) -> None:
    NameChange.objects.create(
        person=cast.teacher.person,
        family_name="Мурункулова",
        given_name="Айнагүл",
        until=today(),
        entered_by=cast.clerk.person,
    )
    shown = page(cast.deputy, cast, name=typed)
    assert "Өмүралиева" in shown
    assert "Мурункулова" in shown
    assert "Жээнбаева" not in shown


def test_the_list_is_narrowed_by_association(cast: Cast) -> None:
    shown = page(cast.deputy, cast, association=cast.other_association.pk)
    assert "Жээнбаева" in shown
    assert "Өмүралиева" not in shown


def test_the_district_is_not_told_why_somebody_left(cast: Cast) -> None:
    Employment.objects.filter(pk=job_of(cast.peer).pk).update(ends_on=today() - DAY, end_reason=EndReason.DIED)
    word = str(EndReason.DIED.label)
    assert word in page(cast.deputy, cast, group="left")
    shown = page(cast.officer, cast, group="left")
    assert "Сыдыгалиев" in shown
    assert word not in shown


def test_a_newcomer_is_entered_from_one_form(cast: Cast) -> None:
    answer = hire(cast.clerk, cast, personal_number="11203 1985-00123", association=cast.association.pk)
    employment = Employment.objects.get(person__personal_number=NUMBER)
    assert answer.status_code == 302
    assert answer.url == reverse("employment", args=[employment.pk])
    assert (employment.association, employment.is_teaching, employment.is_main) == (cast.association, True, True)


def test_names_in_capitals_are_written_as_papers_write_them(cast: Cast) -> None:
    hire(cast.clerk, cast, family_name="ЖАҢЫБАЕВА", given_name="асел", fathers_name="ТОКТОБЕК КЫЗЫ")
    assert Person.objects.get(personal_number=NUMBER).full_name == "Жаңыбаева Асел Токтобек кызы"


def test_a_number_that_speaks_of_another_day_is_asked_about(cast: Cast) -> None:
    assert "number_is_right" not in hire(cast.clerk, cast, position="").context["form"].fields
    typed = {"born_on": BORN + DAY}
    answer = hire(cast.clerk, cast, **typed)
    assert list(answer.context["form"].errors) == ["personal_number"]
    assert 'name="number_is_right"' in answer.content.decode()
    assert hire(cast.clerk, cast, number_is_right="on", **typed).status_code == 302
    assert Person.objects.get(personal_number=NUMBER).born_on == BORN + DAY


def test_the_same_form_sent_twice_enters_one_person(cast: Cast) -> None:
    once = uuid.uuid4()
    for _ in range(2):
        assert hire(cast.clerk, cast, once=once).status_code == 302
    assert Employment.objects.filter(person__personal_number=NUMBER).count() == 1


def test_neither_number_nor_birth_date_is_told_beside_the_field(cast: Cast) -> None:
    answer = hire(cast.clerk, cast, personal_number="", born_on="")
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["personal_number"]
    assert 'value="Жаңыбаева"' in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("personal_number", "123"), ("born_on", "1785-03-12"), ("starts_on", "9999-01-01"), ("position", "")],
)
def test_what_cannot_be_meant_is_told_beside_its_field(field: str, typed: str, cast: Cast) -> None:
    answer = hire(cast.clerk, cast, **{field: typed})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.filter(family_name="Жаңыбаева").exists()


def test_somebody_who_works_elsewhere_is_shown_by_name_with_two_ways(cast: Cast) -> None:
    person = known(cast.stranger)
    answer = hire(cast.deputy, cast)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert person.full_name in shown
    assert cast.other_school.title_ky in shown
    assert [code for code, _label in answer.context["ways"]] == ["second", f"move-{job_of(cast.stranger).pk}"]
    assert not Person.objects.filter(family_name="Жаңыбаева").exists()


def test_the_second_job_is_entered_with_the_person_who_is_there(cast: Cast) -> None:
    person = known(cast.stranger)
    assert hire(cast.deputy, cast, known=person.pk, way="second").status_code == 302
    new = Employment.objects.get(person=person, institution=cast.school)
    assert (new.is_main, job_of(cast.stranger).institution) == (False, cast.other_school)


def test_a_move_is_proposed_to_the_other_school(cast: Cast) -> None:
    person = known(cast.stranger)
    answer = hire(cast.deputy, cast, known=person.pk, way=f"move-{job_of(cast.stranger).pk}")
    transfer = Transfer.objects.get()
    assert answer.url == reverse("transfer_answer", args=[transfer.pk])
    assert (transfer.state, transfer.is_proposed_by_new, transfer.position) == (
        TransferState.PROPOSED,
        True,
        "химия мугалими",
    )
    assert not Employment.objects.filter(person=person, institution=cast.school).exists()


def test_an_answer_about_somebody_else_is_asked_again(cast: Cast) -> None:
    known(cast.stranger)
    for answer in ({"known": cast.peer.person_id, "way": "second"}, {"way": "second"}, {"known": "x", "way": "hire"}):
        assert hire(cast.deputy, cast, **answer).status_code == 200
    assert not Employment.objects.filter(person=cast.stranger.person, institution=cast.school).exists()


@pytest.mark.parametrize("way", ["move-{job}", "second", "hire", "move-abc", "move-99999999999999999999"])
def test_nobody_is_chosen_by_a_number_whom_the_typed_data_do_not_name(way: str, cast: Cast) -> None:
    job = job_of(cast.far_stranger)
    for known_as in (job.person_id, ""):
        answer = hire(cast.clerk, cast, known=known_as, way=way.format(job=job.pk))
        assert answer.status_code == 200
        assert cast.far_stranger.person.family_name not in answer.content.decode()
    assert not Transfer.objects.exists()
    assert not Person.objects.filter(family_name="Жаңыбаева").exists()
    assert not Employment.objects.filter(institution=cast.school, person=job.person).exists()


def test_a_position_of_the_official_list_is_proposed(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.clerk)
    shown = client.get(reverse("staff_hire", args=[cast.school.pk])).content.decode()
    assert 'list="positions"' in shown
    assert '<datalist id="positions">' in shown


def test_who_left_is_confirmed_before_being_hired_again(cast: Cast) -> None:
    person = known(cast.peer)
    Employment.objects.filter(person=person).update(ends_on=today() - DAY, end_reason=EndReason.LEFT)
    assert [code for code, _label in hire(cast.deputy, cast).context["ways"]] == ["hire"]
    assert hire(cast.deputy, cast, known=person.pk, way="hire").status_code == 302
    assert job_of(cast.peer).starts_on == today()
