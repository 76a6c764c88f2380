"""Sharing what a verified course gave: one's own occasions, the plan of a year, and F18 (000 §18)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from courses import verification
from courses.choices import ParticipationRole, RecordAction, SharingKind
from courses.files import KEPT_WITHOUT_RECORD, keep_upload, sweep
from courses.models import CertificateFile, HoursPolicy, SharingEvent, TrainingRecord
from courses.scans import LIMITS, Fault
from courses.sharing import actions
from courses.sharing.access import can_share
from courses.sharing.forms import FAULTS
from courses.sharing.paper import sharing_pdf
from courses.sharing.planning import candidates, in_order
from cpd.dates import school_year_label, school_year_of, today
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.merging import merge_people, undo_merge
from schools.models import AuditEntry, MethodicalAssociation, Person, User
from tests import factories, uploads
from tests.conftest import Cast
from tests.papers import hostile_markup, listening, read


def verified(whose: User, **columns: Any) -> TrainingRecord:
    return factories.training_record(whose, **{"status": "verified"} | columns)


def sent(**typed: Any) -> dict[str, Any]:
    year = school_year_of(today())
    bare = {"once": uuid.uuid4(), "seen": "", "kind": "presentation", "topic": "Баалоо", "school_year": year}
    return bare | {"month": "", "held_on": "", "present_count": ""} | typed


def share(client: Client, shared: TrainingRecord, /, **typed: Any) -> HttpResponse:
    client.force_login(shared.person.user)
    return client.post(reverse("sharing_new", args=[shared.pk]), sent(**typed))


def change(client: Client, event: SharingEvent, by: User, **typed: Any) -> HttpResponse:
    client.force_login(by)
    return client.post(reverse("sharing_edit", args=[event.pk]), sent(**{"seen": event.revision} | typed))


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.jpg", uploads.jpeg())


# One occasion -----------------------------------------------------------------------------------------------------


def test_a_teacher_plans_what_a_verified_course_gave(client: Client, cast: Cast) -> None:
    assert share(client, verified(cast.teacher), month="11").status_code == 302
    event = SharingEvent.objects.get()
    assert (event.kind, event.month, event.held_on, event.school_year) == (
        SharingKind.PRESENTATION,
        11,
        None,
        school_year_of(today()),
    )
    assert (event.institution, event.association, event.entered_by) == (
        cast.school,
        cast.association,
        cast.teacher.person,
    )


def test_and_says_later_that_it_was_held(client: Client, cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher))
    day = today() - dt.timedelta(days=1)
    answer = change(client, event, cast.teacher, held_on=f"{day:%d.%m.%Y}", present_count="14", file=photo())
    assert answer.status_code == 302
    event.refresh_from_db()
    assert (event.held_on, event.present_count, event.revision) == (day, 14, 2)
    assert event.file is not None
    assert event.file.uploaded_by == cast.teacher.person


def test_the_school_year_follows_the_day_it_was_held(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher, ends_on=dt.date(2024, 3, 1))
    share(client, record, held_on="15.05.2024")
    assert SharingEvent.objects.get().school_year == 2023


def test_one_course_may_be_shared_several_times(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    share(client, record)
    share(client, record, kind="seminar")
    assert record.sharings.count() == 2


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "rejected", "noted"])
def test_only_a_verified_course_is_shared(client: Client, cast: Cast, status: str) -> None:
    record = factories.training_record(cast.teacher, status=status)
    assert not can_share(cast.teacher, record)
    share(client, record)
    assert not SharingEvent.objects.exists()
    with pytest.raises(Refused):
        actions.add_sharing(by=cast.teacher, record=record, columns={"kind": "report"}, file=None)


def test_nobody_shares_the_course_of_another(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    for user, answer in ((cast.head, 403), (cast.deputy, 403), (cast.colleague, 404), (cast.stranger, 404)):
        client.force_login(user)
        assert client.post(reverse("sharing_new", args=[record.pk]), sent()).status_code == answer
    with pytest.raises(PermissionDenied):
        actions.add_sharing(by=cast.head, record=record, columns={"kind": "report"}, file=None)
    assert not SharingEvent.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "lecture"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"month": "13"}, "month"),
        ({"school_year": "1900"}, "school_year"),
        ({"held_on": "жакында"}, "held_on"),
        ({"held_on": "01.01.2199"}, "held_on"),
        ({"held_on": "01.01.2001"}, "held_on"),
        ({"present_count": "12"}, "held_on"),
        ({"present_count": "-1", "held_on": "today"}, "present_count"),
        ({"present_count": "99999", "held_on": "today"}, "present_count"),
        ({"topic": "а" * 301}, "topic"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Client, cast: Cast, typed: dict[str, str], field: str
) -> None:
    typed = {name: f"{today():%d.%m.%Y}" if value == "today" else value for name, value in typed.items()}
    answer = share(client, verified(cast.teacher), **{"topic": "Топтук иштер"} | typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert (typed.get("topic") or "Топтук иштер") in answer.content.decode()
    assert not SharingEvent.objects.exists()


def test_nothing_at_all_is_not_entered(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    assert share(client, record, topic="").context["form"].errors.keys() == {"topic"}
    assert not SharingEvent.objects.exists()
    assert share(client, record, topic="", month="3").status_code == 302


def test_a_file_without_the_day_is_kept_while_the_day_is_asked_for(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    answer = share(client, record, file=photo())
    assert answer.context["form"].errors.keys() == {"held_on"}
    kept = CertificateFile.objects.unattached().get()
    assert kept.token in answer.content.decode()
    share(client, record, held_on=f"{today():%d.%m.%Y}", kept=kept.token)
    assert SharingEvent.objects.get().file == kept


@pytest.mark.parametrize("data", [b"MZ\x90\x00", b"<html><script>alert(1)</script>", b"%PDF-1.7 broken", b""])
def test_a_file_that_is_no_scan_is_refused(client: Client, cast: Cast, data: bytes) -> None:
    day = f"{today():%d.%m.%Y}"
    answer = share(client, verified(cast.teacher), held_on=day, file=SimpleUploadedFile("scan.jpg", data))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"file"}
    assert not SharingEvent.objects.exists()


def test_a_token_of_somebody_elses_file_attaches_nothing(client: Client, cast: Cast) -> None:
    foreign = keep_upload(photo(), by=cast.peer)
    answer = share(client, verified(cast.teacher), held_on=f"{today():%d.%m.%Y}", kept=foreign.token)
    assert answer.context["form"].errors.keys() == {"file"}
    assert not SharingEvent.objects.exists()


def test_a_file_belongs_to_one_occasion_or_one_record(cast: Cast) -> None:
    file = keep_upload(photo(), by=cast.teacher)
    record = verified(cast.teacher)
    held = {"kind": "report", "held_on": today()}
    actions.add_sharing(by=cast.teacher, record=record, columns=held, file=file)
    for taken in (file, record.file):
        with pytest.raises(Refused):
            actions.add_sharing(by=cast.teacher, record=record, columns=held | {"topic": "Баалоо"}, file=taken)


def test_the_file_is_read_by_those_who_read_the_occasion(client: Client, cast: Cast) -> None:
    file = keep_upload(photo(), by=cast.teacher)
    factories.SharingEventFactory(record=verified(cast.teacher), held_on=today(), file=file)
    expected = {"teacher": 200, "head": 200, "deputy": 200, "director": 200}
    expected |= {"colleague": 404, "other_head": 404, "stranger": 404, "other_director": 404, "institute": 404}
    for who, answer in expected.items():
        client.force_login(getattr(cast, who))
        assert client.get(reverse("certificate_page", args=[file.token, 1])).status_code == answer, who
    assert AuditEntry.objects.filter(event=Event.SAW_RECORD, by=cast.deputy.person).exists()


def test_a_swept_up_file_is_not_that_of_an_occasion(cast: Cast) -> None:
    kept, lost = (keep_upload(photo(), by=cast.teacher) for _ in range(2))
    factories.SharingEventFactory(record=verified(cast.teacher), held_on=today(), file=kept)
    CertificateFile.objects.update(uploaded_at=dt.datetime.now(dt.UTC) - 2 * KEPT_WITHOUT_RECORD)
    sweep()
    assert CertificateFile.objects.filter(pk=kept.pk).exists()
    assert not CertificateFile.objects.filter(pk=lost.pk).exists()


def test_what_was_changed_elsewhere_shows_both_and_writes_nothing(client: Client, cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher))
    change(client, event, cast.teacher, topic="Биринчи")
    answer = change(client, event, cast.teacher, topic="Экинчи")
    assert answer.status_code == 409
    assert "Биринчи → Экинчи" in answer.content.decode()
    event.refresh_from_db()
    assert (event.topic, event.revision) == ("Биринчи", 2)


def test_the_form_sent_twice_makes_one_occasion(client: Client, cast: Cast) -> None:
    record, token = verified(cast.teacher), uuid.uuid4()
    share(client, record, once=token)
    share(client, record, once=token)
    assert record.sharings.count() == 1


def test_the_same_occasion_is_not_entered_twice(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    share(client, record)
    answer = share(client, record)
    assert answer.status_code == 422
    assert "Баалоо" in answer.content.decode()
    assert record.sharings.count() == 1
    share(client, record, month="3")
    assert record.sharings.count() == 2


def test_an_attachment_can_be_removed_or_replaced(client: Client, cast: Cast) -> None:
    day = {"held_on": f"{today():%d.%m.%Y}"}
    share(client, verified(cast.teacher), **day, file=photo())
    event = SharingEvent.objects.get()
    change(client, event, cast.teacher, **day, without_file="on", file=SimpleUploadedFile("b.jpg", uploads.jpeg()))
    event.refresh_from_db()
    first = event.file
    assert first is not None
    answer = change(client, event, cast.teacher, held_on="", without_file="on", kept=first.token, present_count="3")
    assert answer.context["form"]["without_file"].value()
    change(client, event, cast.teacher, **day, without_file="on", kept=first.token)
    event.refresh_from_db()
    assert event.file is None


def test_an_attachment_is_refused_in_words_of_its_own(client: Client, cast: Cast) -> None:
    record, day = verified(cast.teacher), f"{today():%d.%m.%Y}"
    for file, fault in (
        (SimpleUploadedFile("a.pdf", uploads.pdf(60)), Fault.TOO_MANY_PAGES),
        (SimpleUploadedFile("a.pptx", uploads.zipped(slide=b"1")), Fault.UNKNOWN_KIND),
    ):
        answer = share(client, record, held_on=day, file=file)
        assert answer.context["form"].errors["file"] == [str(FAULTS[fault]) % LIMITS]


def test_a_month_left_empty_is_no_difference(client: Client, cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher))
    change(client, event, cast.teacher, topic="Биринчи")
    answer = change(client, event, cast.teacher, topic="Экинчи")
    assert len(answer.context["differences"]) == 1


def test_columns_that_the_form_has_not_are_not_written(client: Client, cast: Cast) -> None:
    other = verified(cast.peer)
    extra = {"record": other.pk, "institution": cast.other_school.pk, "entered_by": cast.peer.person_id, "revision": 9}
    share(client, verified(cast.teacher), **extra)
    event = SharingEvent.objects.get()
    assert (event.record.person, event.institution, event.entered_by, event.revision) == (
        cast.teacher.person,
        cast.school,
        cast.teacher.person,
        1,
    )


def test_what_is_not_needed_is_taken_out(client: Client, cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher), held_on=today())
    client.force_login(cast.teacher)
    client.post(reverse("sharing_delete", args=[event.pk]), {"once": uuid.uuid4(), "seen": 1})
    assert not SharingEvent.objects.exists()


def test_what_was_held_in_a_year_that_is_over_stays(cast: Cast) -> None:
    year = school_year_of(today()) - 1
    held_on = dt.date(year, 11, 1)
    event = factories.SharingEventFactory(record=verified(cast.teacher), held_on=held_on, school_year=year)
    with pytest.raises(Refused):
        actions.delete_sharing(by=cast.teacher, event=event, seen=1)
    planned = factories.SharingEventFactory(record=event.record, school_year=year)
    actions.delete_sharing(by=cast.teacher, event=planned, seen=1)
    assert SharingEvent.objects.get() == event


def test_nor_does_it_leave_its_school_year(client: Client, cast: Cast) -> None:
    year = school_year_of(today()) - 1
    record = verified(cast.teacher, ends_on=dt.date(year, 3, 1))
    event = factories.SharingEventFactory(record=record, held_on=dt.date(year, 11, 1), school_year=year)
    for held_on in ("", f"{today():%d.%m.%Y}"):
        answer = change(client, event, cast.teacher, held_on=held_on)
        assert answer.context["form"].errors.keys() == {"held_on"}
        columns = {"held_on": today() if held_on else None, "school_year": year + 1}
        with pytest.raises(Refused):
            actions.change_sharing(by=cast.teacher, event=event, seen=1, columns=columns, file=None)
    change(client, event, cast.teacher, held_on=f"02.11.{year}")
    event.refresh_from_db()
    assert (event.held_on, event.school_year) == (dt.date(year, 11, 2), year)


def test_of_two_screens_one_takes_it_out(cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher))
    actions.change_sharing(by=cast.teacher, event=event, seen=1, columns={"topic": "Баалоо"}, file=None)
    with pytest.raises(ChangedMeanwhile):
        actions.delete_sharing(by=cast.teacher, event=event, seen=1)
    actions.delete_sharing(by=cast.teacher, event=event, seen=2)
    with pytest.raises(ChangedMeanwhile):
        actions.change_sharing(by=cast.teacher, event=event, seen=2, columns={"topic": "Баалоо"}, file=None)


def test_a_reversed_course_keeps_what_was_shared_and_says_so(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    event = factories.SharingEventFactory(record=record)
    verification.perform(record, RecordAction.REVERSE, by=cast.deputy, seen=1, reason="Күбөлүк башка.")
    client.force_login(cast.teacher)
    for page in (reverse("sharing", args=[event.pk]), reverse("my_sharing")):
        with translation.override("ky"):
            assert gettext("The course is not verified any more.") in client.get(page).content.decode()
    assert change(client, event, cast.teacher, topic="Башка").url == reverse("sharing", args=[event.pk])
    with pytest.raises(Refused):
        actions.change_sharing(by=cast.teacher, event=event, seen=1, columns={"topic": "Башка"}, file=None)
    event.refresh_from_db()
    assert event.topic == ""
    event.record.refresh_from_db()
    paper = read(sharing_pdf([event], of="", school=None, signs="deputy", year=None))
    assert "Критерийлик баалоо (" in paper.text


# The plan of a year -----------------------------------------------------------------------------------------------


def plan(client: Client, by: User, place: Any, planned: TrainingRecord, /, **typed: Any) -> HttpResponse:
    name = "association_sharing" if isinstance(place, MethodicalAssociation) else "school_sharing"
    client.force_login(by)
    year = school_year_of(today())
    tap = {"once": uuid.uuid4(), "record": planned.pk, "kind": "seminar", "month": "2", "school_year": year}
    return client.post(reverse(name, args=[place.pk]), tap | typed)


def test_the_head_plans_a_members_course_with_one_tap(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    assert plan(client, cast.head, cast.association, record).status_code == 302
    event = SharingEvent.objects.get()
    assert (event.record, event.kind, event.month, event.association) == (record, "seminar", 2, cast.association)
    assert event.entered_by == cast.head.person
    assert plan(client, cast.head, cast.association, record).status_code == 422
    assert SharingEvent.objects.count() == 1


def test_the_teacher_changes_what_the_association_planned_or_takes_it_out(client: Client, cast: Cast) -> None:
    plan(client, cast.head, cast.association, verified(cast.teacher))
    event = SharingEvent.objects.get()
    client.force_login(cast.teacher)
    assert cast.head.person.short_name in client.get(reverse("my_sharing")).content.decode()
    change(client, event, cast.teacher, kind="report", topic="Баалоо")
    event.refresh_from_db()
    assert event.kind == "report"
    client.post(reverse("sharing_delete", args=[event.pk]), {"once": uuid.uuid4(), "seen": 2})
    assert not SharingEvent.objects.exists()


def test_the_head_changes_a_plan_but_not_what_was_held(client: Client, cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher))
    change(client, event, cast.head, month="3", held_on="01.03.2026", present_count="5")
    event.refresh_from_db()
    assert (event.month, event.held_on, event.present_count) == (3, None, None)
    event.held_on = today()
    event.save()
    assert change(client, event, cast.head, seen=event.revision).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.delete_sharing(by=cast.head, event=event, seen=event.revision)


@pytest.mark.parametrize("sent_along", ["file", "kept"])
def test_a_file_that_who_only_plans_sends_is_not_taken(client: Client, cast: Cast, sent_along: str) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher))
    file = photo() if sent_along == "file" else keep_upload(photo(), by=cast.head).token
    assert change(client, event, cast.head, month="3", **{sent_along: file}).status_code == 302
    event.refresh_from_db()
    assert (event.month, event.file) == (3, None)


def test_no_file_is_written_of_what_was_not_held(cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.teacher))
    file = keep_upload(photo(), by=cast.teacher)
    with pytest.raises(Refused):
        actions.change_sharing(by=cast.teacher, event=event, seen=1, columns={"topic": "Баалоо"}, file=file)


def test_candidates_are_the_verified_courses_of_members_in_the_rules_years(cast: Cast) -> None:
    HoursPolicy.objects.update(years=2)
    member = verified(cast.teacher)
    own = verified(cast.head)
    verified(cast.colleague)
    verified(cast.stranger)
    verified(cast.peer, ends_on=today() - dt.timedelta(days=3 * 366))
    verified(cast.peer, role=ParticipationRole.TRAINER)
    factories.training_record(cast.peer)
    factories.beside(cast.peer, status="verified")
    planned = verified(cast.peer)
    year = school_year_of(today())
    factories.SharingEventFactory(record=planned, school_year=year)
    assert set(candidates(cast.head, cast.association, year)) == {member, own}
    assert set(candidates(cast.head, cast.association, year + 1)) == {member, own, planned}


def test_for_teachers_of_no_association_who_leads_the_school_plans(client: Client, cast: Cast) -> None:
    member, other = verified(cast.teacher), verified(cast.director)
    assert set(candidates(cast.deputy, cast.school, school_year_of(today()))) == {other}
    assert plan(client, cast.deputy, cast.school, member).status_code == 422
    assert plan(client, cast.clerk, cast.school, other).status_code == 403
    assert plan(client, cast.deputy, cast.school, other).status_code == 302
    assert SharingEvent.objects.get().association is None


def test_only_the_head_plans_for_an_association(client: Client, cast: Cast) -> None:
    record = verified(cast.teacher)
    expected = {"deputy": 403, "director": 403, "peer": 404, "other_head": 404, "stranger": 404, "officer": 404}
    for who, answer in expected.items():
        assert plan(client, getattr(cast, who), cast.association, record).status_code == answer, who
    assert not SharingEvent.objects.exists()


@pytest.mark.parametrize(
    "typed", [{"record": "9" * 30}, {"record": "x"}, {"kind": ""}, {"month": "0"}, {"school_year": "1"}]
)
def test_a_tap_with_something_else_in_it_plans_nothing(client: Client, cast: Cast, typed: dict[str, str]) -> None:
    assert plan(client, cast.head, cast.association, verified(cast.teacher), **typed).status_code == 422
    assert not SharingEvent.objects.exists()


@pytest.mark.parametrize("year", ["", "x", "-1", "99999999999999999999", "2101"])
def test_a_year_that_cannot_be_read_is_this_one(client: Client, cast: Cast, year: str) -> None:
    client.force_login(cast.deputy)
    answer = client.get(reverse("school_sharing", args=[cast.school.pk]), {"year": year})
    assert answer.context["year"] == school_year_of(today())


def test_nothing_reminds_of_sharing(client: Client, cast: Cast) -> None:
    factories.SharingEventFactory(record=verified(cast.teacher), school_year=2020)
    client.force_login(cast.teacher)
    home = client.get(reverse("home"))
    assert reverse("sharing", args=[SharingEvent.objects.get().pk]) not in home.content.decode()


# F18 --------------------------------------------------------------------------------------------------------------

HEADINGS = "№ Мугалим Курстун аталышы Бөлүшүүнүн түрү Темасы Датасы Катышкандардын саны Тиркеме"


def test_f18_prints_the_year_in_its_order(cast: Cast) -> None:
    year = school_year_of(today())
    record = verified(cast.teacher, title="Критерийлик баалоо")
    factories.SharingEventFactory(record=record, month=2, kind="seminar", topic="Экинчи", school_year=year)
    held_on = dt.date(year, 10, 4)
    held = {"held_on": held_on, "present_count": 17, "file": keep_upload(photo(), by=cast.teacher)}
    factories.SharingEventFactory(record=record, kind="presentation", topic="Биринчи", school_year=year, **held)
    rows = in_order(SharingEvent.objects.all())
    paper = read(sharing_pdf(rows, of="Табигый илимдер", school=cast.school, signs="head", year=year))
    assert paper.is_landscape
    assert HEADINGS in paper.text
    assert school_year_label(year) in paper.text
    assert f"Биринчи 4-октябрь {year}-ж. 17 ооба" in paper.text
    assert paper.text.index("Биринчи") < paper.text.index("Экинчи")


def test_f18_prints_markup_as_text_and_fetches_nothing(cast: Cast) -> None:
    record = verified(cast.teacher)
    with listening() as listener:
        for markup in hostile_markup(listener.address):
            factories.SharingEventFactory(record=record, topic=markup[:300])
        paper = read(sharing_pdf(in_order(SharingEvent.objects.all()), of="", school=None, signs="deputy", year=None))
        assert listener.asked == []
    assert not paper.attachments


def test_taking_the_paper_of_several_people_is_noted(client: Client, cast: Cast) -> None:
    client.force_login(cast.deputy)
    client.get(reverse("school_sharing_paper", args=[cast.school.pk]))
    assert AuditEntry.objects.get(event=Event.TOOK_TABLE).by == cast.deputy.person


def test_the_paper_of_one_teacher_is_told_to_those_who_read_it(client: Client, cast: Cast) -> None:
    factories.SharingEventFactory(record=verified(cast.teacher))
    expected = {"teacher": 200, "head": 200, "deputy": 200, "officer": 403, "institute": 403, "colleague": 404}
    for who, answer in expected.items():
        client.force_login(getattr(cast, who))
        assert client.get(reverse("sharing_paper", args=[cast.teacher.person_id])).status_code == answer, who


def test_of_two_records_of_one_person_what_was_shared_goes_along(cast: Cast) -> None:
    event = factories.SharingEventFactory(record=verified(cast.peer))
    born = Person.objects.filter(pk__in=[cast.teacher.person_id, cast.peer.person_id])
    born.update(born_on=dt.date(1985, 7, 15))
    merge = merge_people(kept=cast.teacher.person, gone=cast.peer.person, reason="Бир адам.", by=cast.administrator)
    event.refresh_from_db()
    assert (event.record.person, event.entered_by) == (cast.teacher.person, cast.teacher.person)
    undo_merge(merge=merge, by=cast.administrator)
    event = SharingEvent.objects.get()
    assert (event.record.person, event.entered_by) == (cast.peer.person, cast.peer.person)
