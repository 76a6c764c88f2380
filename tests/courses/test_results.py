"""The results of a course: its owner adds them and takes them out, readers of the record see them (004 7.1, 7.2)."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.choices import AttachmentKind, RecordStatus
from courses.files import KEPT_WITHOUT_RECORD, keep_upload, sweep
from courses.models import CertificateFile, RecordAttachment, TrainingRecord
from schools.choices import Event
from schools.models import AuditEntry, User
from tests import uploads
from tests.campus import Campus
from tests.factories import result, training_record


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def add(user: User, record: TrainingRecord, upload: Any = None, **posted: Any) -> Any:
    data = {"once": uuid4(), "kind": AttachmentKind.MANUAL, "title": "Усулдук колдонмо"} | posted
    if upload is not None:
        data["file"] = SimpleUploadedFile("колдонмо.jpg", upload)
    return client_of(user).post(reverse("result_new", args=[record.pk]), data)


def remove(user: User, found: RecordAttachment) -> Any:
    address = reverse("result_remove", args=[found.record_id, found.uid])
    return client_of(user).post(address, {"once": uuid4()}, follow=True)


def page(user: User, record: TrainingRecord) -> str:
    answer = client_of(user).get(reverse("record", args=[record.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def record(campus: Campus) -> TrainingRecord:
    return training_record(campus.lecturer, status=RecordStatus.VERIFIED)


def test_the_owner_adds_a_result_and_readers_see_it(record: TrainingRecord, campus: Campus) -> None:
    add(campus.lecturer, record)
    found = record.attachments.get()
    assert (found.kind, found.title, found.file) == (AttachmentKind.MANUAL, "Усулдук колдонмо", None)
    for who in (campus.lecturer, campus.head, campus.hr, campus.quality):
        assert "Усулдук колдонмо" in page(who, record)


def test_only_the_owner_is_offered_to_add_and_to_take_out(record: TrainingRecord, campus: Campus) -> None:
    found = result(record)
    for who, is_offered in ((campus.lecturer, True), (campus.head, False), (campus.hr, False)):
        shown = page(who, record)
        assert (reverse("result_new", args=[record.pk]) in shown) is is_offered
        assert (reverse("result_remove", args=[record.pk, found.uid]) in shown) is is_offered


def test_a_scan_is_taken_in_like_a_certificate_and_read_by_who_reads_the_course(
    record: TrainingRecord, campus: Campus
) -> None:
    add(campus.lecturer, record, uploads.jpeg())
    file = record.attachments.get().file
    assert file is not None
    address = reverse("certificate_file", args=[file.token])
    answers = {who: client_of(getattr(campus, who)).get(address).status_code for who in ("lecturer", "head", "hr")}
    assert answers == {"lecturer": 200, "head": 200, "hr": 200}
    for who in ("colleague", "other_head", "college_hr"):
        assert client_of(getattr(campus, who)).get(address).status_code == 404
    entry = AuditEntry.objects.filter(event=Event.SAW_RECORD, by=campus.head.person).get()
    assert (entry.subject, entry.what) == (campus.lecturer.person, record.title)


def test_what_is_no_picture_and_no_pdf_is_refused_and_what_was_typed_stays(
    record: TrainingRecord, campus: Campus
) -> None:
    answer = add(campus.lecturer, record, b"MZ not a picture", title="Мультимедиа дарс")
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert "Мультимедиа дарс" in answer.content.decode()
    assert not record.attachments.exists()


def test_a_form_that_comes_back_keeps_the_file(record: TrainingRecord, campus: Campus) -> None:
    answer = add(campus.lecturer, record, uploads.jpeg(), title="")
    assert answer.status_code == 422
    assert answer.context["form"].errors["title"]
    kept = CertificateFile.objects.exclude(pk=record.file_id).get()
    add(campus.lecturer, record, kept=kept.token)
    assert record.attachments.get().file == kept


def test_a_file_is_attached_once(record: TrainingRecord, campus: Campus) -> None:
    """The name of a file that another result has already opens nothing."""
    add(campus.lecturer, record, uploads.jpeg())
    taken = record.attachments.get().file
    assert taken is not None
    answer = add(campus.lecturer, record, kept=taken.token)
    assert answer.status_code == 422
    assert record.attachments.count() == 1


@pytest.mark.parametrize(
    ("posted", "field"),
    [({"kind": "poem"}, "kind"), ({"kind": ""}, "kind"), ({"title": " "}, "title"), ({"title": "т" * 301}, "title")],
)
def test_what_is_wrong_is_said_beside_its_field(
    posted: dict[str, str], field: str, record: TrainingRecord, campus: Campus
) -> None:
    answer = add(campus.lecturer, record, **posted)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_it_is_taken_out_and_its_file_swept_away(record: TrainingRecord, campus: Campus) -> None:
    file = keep_upload(SimpleUploadedFile("scan.jpg", uploads.jpeg()), by=campus.lecturer)
    found = result(record, file=file)
    remove(campus.lecturer, found)
    assert not record.attachments.exists()
    CertificateFile.objects.filter(pk=file.pk).update(uploaded_at=timezone.now() - 2 * KEPT_WITHOUT_RECORD)
    sweep()
    assert not CertificateFile.objects.filter(pk=file.pk).exists()


def test_the_sweep_leaves_what_is_attached(record: TrainingRecord, campus: Campus) -> None:
    file = keep_upload(SimpleUploadedFile("scan.jpg", uploads.jpeg()), by=campus.lecturer)
    result(record, file=file)
    CertificateFile.objects.filter(pk=file.pk).update(uploaded_at=timezone.now() - 2 * KEPT_WITHOUT_RECORD)
    sweep()
    assert CertificateFile.objects.filter(pk=file.pk).exists()


def test_taken_out_twice_it_is_told(record: TrainingRecord, campus: Campus) -> None:
    found = result(record)
    remove(campus.lecturer, found)
    answer = remove(campus.lecturer, found)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["info"]


@pytest.mark.parametrize(
    ("who", "status"), [("head", 403), ("hr", 403), ("colleague", 404), ("college_lecturer", 404)]
)
def test_nobody_else_adds_or_takes_out(who: str, status: int, record: TrainingRecord, campus: Campus) -> None:
    found = result(record)
    assert add(getattr(campus, who), record).status_code == status
    assert remove(getattr(campus, who), found).status_code == status
    assert list(record.attachments.all()) == [found]


def test_where_courses_are_not_reported_on_there_are_no_results(campus: Campus) -> None:
    for user, place in ((campus.college_lecturer, campus.college), (campus.both, campus.school)):
        there = training_record(user, institution=place, status=RecordStatus.VERIFIED)
        assert reverse("result_new", args=[there.pk]) not in page(user, there)
        assert add(user, there).status_code == 404


def test_a_draft_that_is_deleted_takes_its_results_along(campus: Campus) -> None:
    draft = training_record(campus.lecturer, status=RecordStatus.DRAFT)
    result(draft)
    data = {"once": uuid4(), "seen": draft.revision}
    client_of(campus.lecturer).post(reverse("record_delete", args=[draft.pk]), data)
    assert not TrainingRecord.objects.filter(pk=draft.pk).exists()
    assert not RecordAttachment.objects.exists()
