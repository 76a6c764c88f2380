"""What providers offer a district: who sees it, and how an officer enters, changes and cancels a course."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from courses.choices import Block, StudyForm
from courses.models import Offering
from courses.offerings import actions
from cpd.dates import school_year_label, today
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import TeachingLanguage
from schools.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def get(user: User, name: str, *args: Any, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name, args=args, query=query))
    assert answer.status_code == 200, answer.status_code
    return answer


def post(user: User, name: str, *args: Any, **data: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse(name, args=args), {"once": uuid.uuid4(), **data})


def told(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def listed(answer: Any) -> list[Offering]:
    return list(answer.context["page"])


def year() -> int:
    return factories.next_school_year()


def filled(**columns: Any) -> dict[str, Any]:
    """A form in which nothing is missing."""
    return {
        "provider": factories.provider().pk,
        "title": "Сынчыл ойлом",
        "language": "ky",
        "hours": "72,5",
        "starts_on": f"{year()}-10-05",
        "ends_on": f"{year()}-10-16",
        "places": "5",
    } | columns


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


# The list ---------------------------------------------------------------------------------------------------------


def test_a_district_s_offer_is_seen_by_its_schools_and_offices_and_nobody_else(cast):
    own, other = factories.offering(cast), factories.offering(cast, district=cast.other_district)
    for who in (cast.teacher, cast.stranger, cast.deputy, cast.officer, cast.institute, cast.administrator):
        assert listed(get(who, "offerings", cast.district.pk)) == [own]
    assert listed(get(cast.far_stranger, "offerings", cast.other_district.pk)) == [other]
    client = Client()
    client.force_login(cast.far_stranger)
    assert client.get(reverse("offerings", args=[cast.district.pk])).status_code == 404
    assert client.get(reverse("offering", args=[own.pk])).status_code == 404


def test_the_list_begins_with_the_last_year_that_has_courses(cast):
    now = factories.offering(cast, starts_on=today(), ends_on=today())
    assert listed(get(cast.teacher, "offerings", cast.district.pk)) == [now]
    coming = factories.offering(cast)
    answer = get(cast.teacher, "offerings", cast.district.pk)
    assert listed(answer) == [coming]
    assert school_year_label(year()) in answer.content.decode()
    assert listed(get(cast.teacher, "offerings", cast.district.pk, year=year() - 1)) == [now]


@pytest.mark.parametrize("wrong", ["", "abc", "1900", "99999999999999999999"])
def test_a_year_that_nobody_can_mean_is_the_last_one_that_has_courses(wrong: str, cast):
    found = factories.offering(cast)
    assert listed(get(cast.teacher, "offerings", cast.district.pk, year=wrong)) == [found]


def test_the_list_is_narrowed_by_provider_subject_language_and_places_left(cast):
    subject = factories.SubjectFactory()
    full = factories.offering(cast, places=1)
    factories.seat(full, cast.teacher, by=cast.officer)
    russian = factories.offering(cast, language=TeachingLanguage.RUSSIAN)
    physics = factories.offering(cast, subject=subject)
    cancelled = factories.offering(cast)
    actions.cancel_offering(offering=cancelled, by=cast.officer, seen=1, reason="Акча бөлүнгөн жок.")
    for query, wanted in (
        ({}, [full, russian, physics, cancelled]),
        ({"provider": full.provider_id}, [full]),
        ({"subject": subject.pk}, [physics]),
        ({"language": "ru"}, [russian]),
        ({"left": "on"}, [russian, physics]),
        ({"left": "on", "language": "ru", "subject": subject.pk}, []),
    ):
        assert listed(get(cast.deputy, "offerings", cast.district.pk, **query)) == wanted


def test_the_list_is_reached_from_the_pages_of_schedules(cast):
    link = f'href="{reverse("offerings", args=[cast.district.pk])}"'
    assert link in _text(cast.officer, "district_schedules", cast.district.pk)
    for who in (cast.officer, cast.deputy, cast.director):
        assert link in _text(who, "schedules")
    assert link not in _text(cast.other_officer, "schedules")


def test_only_officers_are_offered_to_write(cast):
    found = factories.offering(cast)
    for who, may in ((cast.officer, True), (cast.teacher, False), (cast.institute, False)):
        assert (reverse("offering_new", args=[cast.district.pk]) in _text(who, "offerings", cast.district.pk)) == may
        assert (reverse("offering_edit", args=[found.pk]) in _text(who, "offering", found.pk)) == may
        assert (reverse("offering_cancel", args=[found.pk]) in _text(who, "offering", found.pk)) == may


def _text(who: User, name: str, *args: int) -> str:
    return get(who, name, *args).content.decode()


# Entering and changing --------------------------------------------------------------------------------------------


def test_an_officer_enters_a_course(cast):
    subject, provider = factories.SubjectFactory(), factories.provider()
    answer = post(
        cast.officer,
        "offering_new",
        cast.district.pk,
        **filled(
            provider=provider.pk,
            subject=subject.pk,
            audience="биология мугалимдери",
            is_for_leaders="on",
            language="ru",
            block="variative",
            study_form="distance",
            venue="Бишкек ш.",
        ),
    )
    made = Offering.objects.get()
    assert answer.url == reverse("offering", args=[made.pk])
    columns = {field.name: getattr(made, field.name) for field in Offering._meta.concrete_fields}
    entered_at = columns.pop("entered_at")
    assert entered_at.date() >= today() - dt.timedelta(days=1)
    assert columns == {
        "id": made.pk,
        "district": cast.district,
        "provider": provider,
        "programme": None,
        "title": "Сынчыл ойлом",
        "title_key": "сынчыл ойлом",
        "audience": "биология мугалимдери",
        "subject": subject,
        "is_for_leaders": True,
        "language": TeachingLanguage.RUSSIAN,
        "block": Block.VARIATIVE,
        "hours": Decimal("72.5"),
        "study_form": StudyForm.DISTANCE,
        "starts_on": dt.date(year(), 10, 5),
        "ends_on": dt.date(year(), 10, 16),
        "venue": "Бишкек ш.",
        "places": 5,
        "given": 0,
        "revision": 1,
        "entered_by": cast.officer.person,
        "cancelled_by": None,
        "cancelled_at": None,
        "cancel_reason": "",
    }


def test_no_form_writes_what_is_not_the_officer_s_to_say(cast):
    extra = {
        "district": cast.other_district.pk,
        "given": 4,
        "revision": 9,
        "entered_by": cast.teacher.person_id,
        "cancelled_by": cast.teacher.person_id,
        "cancelled_at": "2026-01-01",
        "cancel_reason": "x",
        "id": 999,
        "title_key": "x",
    }
    post(cast.officer, "offering_new", cast.district.pk, **filled(), **extra)
    made = Offering.objects.get()
    assert (made.district, made.given, made.revision, made.entered_by) == (cast.district, 0, 1, cast.officer.person)
    assert (made.cancelled_at, made.cancel_reason, made.title_key) == (None, "", "сынчыл ойлом")
    assert made.pk != 999


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({"title": ""}, ["title"]),
        ({"title": "Ө" * 301}, ["title"]),
        ({"hours": "0"}, ["hours"]),
        ({"hours": "-1"}, ["hours"]),
        ({"hours": "2001"}, ["hours"]),
        ({"hours": "72,55"}, ["hours"]),
        ({"hours": "көп"}, ["hours"]),
        ({"places": "0"}, ["places"]),
        ({"places": "40000"}, ["places"]),
        ({"places": "1,5"}, ["places"]),
        ({"ends_on": "2020-01-01"}, ["ends_on"]),
        ({"starts_on": "31.02.2026"}, ["starts_on"]),
        ({"starts_on": "0026-10-05"}, ["starts_on"]),
        ({"provider": "999999"}, ["provider"]),
        ({"provider": "9" * 30}, ["provider"]),
        ({"language": "en"}, ["language"]),
        ({"block": "x"}, ["block"]),
        ({"study_form": "x"}, ["study_form"]),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(columns, wrong, cast):
    answer = post(cast.officer, "offering_new", cast.district.pk, **filled(venue="Ош ш.", **columns))
    assert list(errors(answer)) == wrong
    assert 'value="Ош ш."' in answer.content.decode()
    assert not Offering.objects.exists()


def test_a_provider_of_another_district_is_none_of_the_choices(cast):
    far = factories.provider(district=cast.other_district)
    assert list(errors(post(cast.officer, "offering_new", cast.district.pk, **filled(provider=far.pk)))) == [
        "provider"
    ]
    near = factories.provider(district=cast.district)
    assert post(cast.officer, "offering_new", cast.district.pk, **filled(provider=near.pk)).status_code == 302


def test_the_same_course_twice_is_refused_and_in_another_language_or_term_it_is_another(cast):
    form = filled()
    assert post(cast.officer, "offering_new", cast.district.pk, **form).status_code == 302
    again = post(cast.officer, "offering_new", cast.district.pk, **form | {"title": "  СЫНЧЫЛ  ойлом"})
    assert list(errors(again)) == ["title"]
    for other in ({"language": "ru"}, {"starts_on": f"{year()}-10-06"}):
        assert post(cast.officer, "offering_new", cast.district.pk, **form | other).status_code == 302
    assert Offering.objects.count() == 3


def test_a_cancelled_course_may_be_entered_again(cast):
    form = filled()
    post(cast.officer, "offering_new", cast.district.pk, **form)
    actions.cancel_offering(offering=Offering.objects.get(), by=cast.officer, seen=1, reason="Кийин.")
    assert post(cast.officer, "offering_new", cast.district.pk, **form).status_code == 302
    assert Offering.objects.live().count() == 1


def changed(offering: Offering, **columns: Any) -> dict[str, Any]:
    return filled(provider=offering.provider_id, title=offering.title, seen=offering.revision, **columns)


def test_a_change_is_written_and_moves_the_revision_on(cast):
    found = factories.offering(cast)
    assert post(cast.officer, "offering_edit", found.pk, **changed(found, venue="Ош ш.")).status_code == 302
    found.refresh_from_db()
    assert (found.venue, found.revision, found.entered_by) == ("Ош ш.", 2, cast.officer.person)
    post(cast.officer, "offering_edit", found.pk, **changed(found) | {"title": "Өнүгүү"})
    found.refresh_from_db()
    assert (found.title, found.title_key) == ("Өнүгүү", "онугуу")


def test_a_change_of_what_somebody_changed_meanwhile_is_refused_once_with_nothing_lost(cast):
    found = factories.offering(cast)
    old = changed(found, venue="Ош ш.")
    post(cast.officer, "offering_edit", found.pk, **changed(found, venue="Талас ш."))
    answer = post(cast.officer, "offering_edit", found.pk, **old)
    assert answer.status_code == 200
    assert 'value="Ош ш."' in answer.content.decode()
    assert Offering.objects.get().venue == "Талас ш."
    post(cast.officer, "offering_edit", found.pk, **old | {"seen": answer.context["seen"]})
    assert Offering.objects.get().venue == "Ош ш."


def test_the_hours_of_a_course_stand_in_its_form_as_text_and_come_back_with_it(cast):
    found = factories.offering(cast, hours=Decimal("72.5"))
    hours = get(cast.officer, "offering_edit", found.pk).context["form"]["hours"]
    assert 'type="text"' in str(hours)  # a field for numbers would be empty: 72,5 is none to browsers
    for typed, wanted in ((hours.value(), Decimal("72.5")), ("36 саат", Decimal(36))):
        post(cast.officer, "offering_edit", found.pk, **changed(Offering.objects.get()) | {"hours": typed})
        assert Offering.objects.get().hours == wanted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Башка курс"),
        ("hours", "500"),
        ("starts_on", "2020-10-04"),
        ("ends_on", "2020-10-17"),
        ("block", "variative"),
        ("provider", None),
    ],
)
@pytest.mark.parametrize("attended", [True, False])
def test_once_somebody_is_marked_the_course_is_no_other_one(attended, name, value, cast):
    found = factories.offering(
        cast, hours=Decimal("72.5"), starts_on=dt.date(2020, 10, 5), ends_on=dt.date(2020, 10, 16), places=5
    )
    by = cast.officer.person
    factories.seat(
        found, cast.teacher, by=cast.officer, attended=attended, attended_at=found.entered_at, attended_by=by
    )
    same = changed(found, starts_on="2020-10-05", ends_on="2020-10-16")
    answer = post(cast.officer, "offering_edit", found.pk, **same | {name: value or factories.provider().pk})
    assert list(errors(answer)) == [name]
    assert post(cast.officer, "offering_edit", found.pk, **same | {"venue": "Ош ш.", "places": "7"}).status_code == 302
    before, after = found, Offering.objects.get()
    assert getattr(after, name) == getattr(before, name)
    assert (after.venue, after.places) == ("Ош ш.", 7)


def test_there_are_never_fewer_places_than_were_given(cast):
    found = factories.offering(cast, places=3)
    for who in (cast.teacher, cast.peer):
        factories.seat(found, who, by=cast.officer)
    answer = post(cast.officer, "offering_edit", found.pk, **changed(found) | {"places": "1"})
    assert list(errors(answer)) == ["places"]
    assert "2" in errors(answer)["places"][0]
    assert post(cast.officer, "offering_edit", found.pk, **changed(found) | {"places": "2"}).status_code == 302
    found.refresh_from_db()
    assert (found.places, found.given, found.left) == (2, 2, 0)


def test_places_given_at_the_same_moment_refuse_the_change(cast):
    found = factories.offering(cast, places=3)
    Offering.objects.filter(pk=found.pk).update(given=3)
    with pytest.raises(ChangedMeanwhile):
        actions.save_offering(
            by=cast.officer, district=cast.district, columns={"places": 1}, offering=found, seen=found.revision
        )
    with pytest.raises(IntegrityError):
        Offering.objects.filter(pk=found.pk).update(given=4)


def test_nobody_but_the_district_s_officers_writes(cast):
    found = factories.offering(cast)
    for who in (cast.teacher, cast.deputy, cast.director, cast.other_officer, cast.institute, cast.administrator):
        with pytest.raises(PermissionDenied):
            actions.save_offering(by=who, district=cast.district, columns={"places": 9}, offering=found, seen=1)
        with pytest.raises(PermissionDenied):
            actions.cancel_offering(offering=found, by=who, seen=1, reason="x")
    found.refresh_from_db()
    assert (found.places, found.cancelled_at) == (5, None)


# Cancelling -------------------------------------------------------------------------------------------------------


def test_a_course_is_cancelled_with_a_reason_and_its_places_stay_visible(cast):
    found = factories.offering(cast)
    factories.seat(found, cast.teacher, by=cast.officer)
    answer = post(cast.officer, "offering_cancel", found.pk, reason="Акча бөлүнгөн жок.", seen=found.revision)
    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.cancelled_by, found.cancel_reason, found.given) == (cast.officer.person, "Акча бөлүнгөн жок.", 1)
    page = get(cast.teacher, "offering", found.pk)
    assert [seat.employment.person for seat in page.context["seats"]] == [cast.teacher.person]
    assert "Акча бөлүнгөн жок." in page.content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "Ө" * 301])
def test_without_a_reason_that_can_be_kept_nothing_is_cancelled(reason: str, cast):
    found = factories.offering(cast)
    answer = post(cast.officer, "offering_cancel", found.pk, reason=reason, seen=found.revision)
    assert list(errors(answer)) == ["reason"]
    assert not Offering.objects.exclude(cancelled_at=None).exists()


def test_a_cancelled_course_is_neither_changed_nor_cancelled_again(cast):
    found = factories.offering(cast)
    actions.cancel_offering(offering=found, by=cast.officer, seen=1, reason="Биринчи.")
    found.refresh_from_db()
    with pytest.raises(ChangedMeanwhile):
        actions.cancel_offering(offering=found, by=cast.officer, seen=found.revision, reason="Экинчи.")
    answer = post(cast.officer, "offering_edit", found.pk, **changed(found))
    assert answer.url == reverse("offering", args=[found.pk])
    assert len(told(answer)) == 1
    found.refresh_from_db()
    assert found.cancel_reason == "Биринчи."


def test_a_course_that_somebody_attended_is_not_cancelled(cast):
    found = factories.offering(cast)
    now = found.entered_at
    factories.seat(
        found, cast.teacher, by=cast.officer, attended=True, attended_at=now, attended_by=cast.officer.person
    )
    with pytest.raises(Refused):
        actions.cancel_offering(offering=found, by=cast.officer, seen=1, reason="x")


def test_one_sees_the_places_of_one_s_own_school_only(cast):
    found = factories.offering(cast)
    for who in (cast.teacher, cast.colleague, cast.stranger):
        factories.seat(found, who, by=cast.officer)

    def names(who: User) -> set[int]:
        return {seat.employment.person_id for seat in get(who, "offering", found.pk).context["seats"]}

    of_the_school = {cast.teacher.person_id, cast.colleague.person_id}
    assert names(cast.teacher) == {cast.teacher.person_id}
    assert names(cast.peer) == set()
    assert names(cast.deputy) == of_the_school
    assert names(cast.other_director) == {cast.stranger.person_id}
    assert names(cast.officer) == of_the_school | {cast.stranger.person_id}
