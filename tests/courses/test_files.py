"""Certificate files in the store, behind their addresses, and once nobody needs them (trust, T26–T29, T40, T44)."""

import datetime as dt
import io
import json
import os
import re
import subprocess
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from courses import files, verification
from courses.actions import save_record
from courses.choices import RecordAction, RecordStatus
from courses.files import MOST_WITHOUT_RECORD, keep_upload, keeps_file_first, sweep
from courses.invariants import decisions_keep_their_files, files_are_whole, files_have_rows
from courses.models import CertificateFile, RecordDecision, TrainingRecord
from courses.scans import BadScan, Fault
from cpd.storage import file_store
from cpd.uploads import MOST_BYTES
from schools.approval import Refused
from schools.models import User
from tests import factories, uploads
from tests.conftest import Cast, at_once

pytestmark = pytest.mark.django_db

NAME = "Өмүралиева паспорт.jpg"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
AMONG_COLLEAGUES = {"teacher", "head", "deputy", "second_deputy", "director", "clerk", "officer"}
COUNTRY_WIDE = {"institute", "administrator"}


def kept(by: User, data: bytes | None = None, name: str = NAME) -> CertificateFile:
    return keep_upload(SimpleUploadedFile(name, data or uploads.jpeg()), by=by)


@pytest.fixture
def photo(cast: Cast) -> CertificateFile:
    return kept(cast.teacher)


@pytest.fixture
def scan(cast: Cast) -> CertificateFile:
    return kept(cast.teacher, uploads.pdf(3))


def folder() -> Path:
    return Path(site_settings.STORAGES["default"]["OPTIONS"]["location"])


def in_store() -> set[str]:
    return {name for name, _written_at in file_store().everything()}


def get(who: User | None, name: str, *parts: object, **headers: str) -> HttpResponse:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client.get(reverse(name, args=parts), headers=headers)


def make_old(file: CertificateFile, days: int = 2) -> None:
    long_ago = timezone.now() - dt.timedelta(days=days)
    CertificateFile.objects.filter(pk=file.pk).update(uploaded_at=long_ago)


def make_all_old(days: int = 9) -> None:
    for path in folder().rglob("*.*"):
        os.utime(path, (long_ago := (timezone.now() - dt.timedelta(days=days)).timestamp(), long_ago))


def tidy() -> None:
    call_command("tidy", stdout=io.StringIO())


# Keeping ------------------------------------------------------------------------------------------------------------


def test_a_photo_is_kept_as_one_file_and_one_row(photo, cast):
    with file_store().open(photo.stored_as) as stored:
        data = stored.read()
    assert in_store() == {photo.stored_as}
    assert (photo.content_type, photo.size, photo.pages) == ("image/jpeg", len(data), 1)
    assert photo.sha256 == sha256(data).hexdigest()
    assert photo.original_sha256 == sha256(uploads.jpeg()).hexdigest()
    assert photo.uploaded_by == cast.teacher.person


def test_a_pdf_is_kept_with_its_pages_beside_it(scan):
    with file_store().open(scan.stored_as) as stored:
        assert stored.read() == uploads.pdf(3)
    assert in_store() == {scan.stored_as, *(f"{scan.stored_as}-{number}.jpg" for number in (1, 2, 3))}
    assert (scan.content_type, scan.pages, scan.sha256) == ("application/pdf", 3, scan.original_sha256)


def test_names_in_the_store_are_unguessable_and_say_nothing(cast):
    files = [kept(cast.teacher) for _time in range(5)]
    stems = {Path(file.stored_as).stem for file in files}
    assert len(stems) == len({file.token for file in files}) == 5
    assert all(len(bytes.fromhex(stem)) * 8 == 192 for stem in stems)
    assert {file.original_sha256 for file in files} == {files[0].original_sha256}
    everything = json.dumps(list(CertificateFile.objects.values()), default=str, ensure_ascii=False)
    assert "паспорт" not in everything
    assert not any("паспорт" in str(path) for path in folder().rglob("*"))


def test_what_is_refused_leaves_no_row_and_no_file(cast):
    for data in (b"", uploads.SCRIPT, uploads.jpeg()[:500], uploads.of_size(MOST_BYTES + 1)):
        with pytest.raises(BadScan):
            keep_upload(SimpleUploadedFile("a.jpg", data), by=cast.teacher)
    assert not CertificateFile.objects.exists()
    assert in_store() == set()


def test_one_person_cannot_fill_the_store(cast):
    for file in factories.CertificateFileFactory.create_batch(3, uploaded_by=cast.teacher.person):
        make_old(file)  # they wait for "tidy", and do not count today
    rows = factories.CertificateFileFactory.create_batch(MOST_WITHOUT_RECORD, uploaded_by=cast.teacher.person)
    with pytest.raises(BadScan) as refusal:
        kept(cast.teacher)
    assert refusal.value.fault == Fault.TOO_MANY
    assert kept(cast.peer).pk
    factories.training_record(cast.teacher, file=rows[0])
    assert kept(cast.teacher).pk, "a file with a record no longer counts"
    with pytest.raises(BadScan):
        kept(cast.teacher)
    make_old(rows[1])
    assert kept(cast.teacher).pk, "tomorrow there is room again, as the sentence says"


def test_nor_with_files_that_belong_to_drafts(cast, monkeypatch):
    monkeypatch.setattr(files, "MOST_A_DAY", 3)
    rows = factories.CertificateFileFactory.create_batch(3, uploaded_by=cast.teacher.person)
    for row in rows:
        factories.training_record(cast.teacher, file=row, status="draft")
    with pytest.raises(BadScan) as refusal:
        kept(cast.teacher)
    assert refusal.value.fault == Fault.TOO_MANY_TODAY
    assert kept(cast.peer).pk
    make_old(rows[1])
    assert kept(cast.teacher).pk, "tomorrow there is room again, as the sentence says"


@pytest.fixture
def little_room(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A store on a disk of a quarter of a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False).returncode:
        pytest.skip("only root can mount a small disk")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": disk / "files"}}
    }
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("build", [uploads.jpeg, lambda: uploads.pdf(3)])
def test_a_full_disk_is_a_sentence_and_nothing_half_is_kept(build, little_room, cast):
    """R7: what is there can still be read, and there is work again once there is room."""
    before = kept(cast.teacher)
    filler = little_room / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(1 << 20))
    with pytest.raises(BadScan) as refusal:
        kept(cast.teacher, build())
    assert refusal.value.fault == Fault.NOT_STORED
    assert list(CertificateFile.objects.all()) == [before]
    assert {path for path in little_room.rglob("*") if path.is_file()} == {filler, folder() / before.stored_as}
    assert get(cast.teacher, "certificate_file", before.token).status_code == 200
    filler.unlink()
    assert kept(cast.teacher).pk


def test_a_database_that_takes_no_row_leaves_no_file(cast):
    def full(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT"):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(full), pytest.raises(OperationalError):
        kept(cast.teacher, uploads.pdf(2))
    assert in_store() == set()


def test_a_store_that_is_no_folder_is_a_sentence(cast):
    folder().write_text("")
    with pytest.raises(BadScan) as refusal:
        kept(cast.teacher)
    assert refusal.value.fault == Fault.NOT_STORED
    assert not CertificateFile.objects.exists()


# A form with a file --------------------------------------------------------------------------------------------------


def send(who: User, **data: Any) -> tuple[Any, dict[str, Any]]:
    """What the view of a form receives, and the fields that arrived."""
    got: dict[str, Any] = {}

    @keeps_file_first
    def view(request: Any, *, kept: CertificateFile | None, fault: str) -> HttpResponse:
        got.update(kept=kept, fault=fault)
        return HttpResponse()

    request = RequestFactory().post("/", data)
    request.user = who
    view(request)
    return request, got


def test_the_view_of_a_form_gets_the_file_kept(cast):
    request, got = send(cast.teacher, file=SimpleUploadedFile(NAME, uploads.jpeg()), title="Баалоо")
    assert got == {"kept": CertificateFile.objects.get(), "fault": ""}
    assert request.POST["title"] == "Баалоо"


def test_the_view_of_a_form_gets_the_sentence_of_a_bad_file(cast):
    _request, got = send(cast.teacher, file=SimpleUploadedFile(NAME, uploads.SCRIPT))
    assert got == {"kept": None, "fault": BadScan(Fault.UNKNOWN_KIND).message}


HOSTILE_NAMES = (
    "../../../../etc/passwd",
    "..\\..\\static\\js\\site.js",
    "/etc/cron.d/x",
    "паспорт\u202egpj.exe",
    "a\x00.jpg",
    'a".jpg\r\nX-Injected: yes',
    "x" * 800 + ".jpg",
    ".htaccess",
    "CON",
    "$(reboot).jpg;`id`|x",
    "<script>alert(1)</script>.jpg",
    " ",
)


def test_no_name_of_a_file_matters(cast):
    """Trust T26: neither where it is stored nor what it is called when it is sent."""
    for name in HOSTILE_NAMES:
        sent = SimpleUploadedFile("a.jpg", uploads.as_file(uploads.certificate(uploads.SMALL), "JPEG"))
        sent._name = name  # as a program sends it, and no browser
        _request, got = send(cast.teacher, file=sent)
        if got["kept"] is None:  # Django takes what has no name for a field that was left empty
            assert got["fault"] == ""
            assert name.strip(" ./\\") == ""
            continue
        answer = get(cast.teacher, "certificate_file", got["kept"].token)
        assert answer["Content-Disposition"] == 'attachment; filename="certificate.jpg"'
        assert "X-Injected" not in answer
    sent = SimpleUploadedFile("a.jpg", uploads.jpeg())
    sent._name = "Ө" * 1000
    with pytest.raises(MultiPartParserError):  # which is answered with 400
        send(cast.teacher, file=sent)
    found = CertificateFile.objects.values_list("stored_as", flat=True)
    assert len(found) >= len(HOSTILE_NAMES) - 1
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{48}\.jpg", one) for one in found)
    assert in_store() == set(found)


def test_a_form_without_a_file_is_left_alone(cast):
    _request, got = send(cast.teacher, title="Баалоо")
    assert got == {"kept": None, "fault": ""}


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 40_000_000])
def test_a_file_that_is_too_large_is_not_received_to_its_end_and_nothing_typed_is_lost(size, cast):
    typed = {"title": "Баалоо", "file": SimpleUploadedFile(NAME, uploads.of_size(size)), "zone": "кийинки талаа"}
    request, got = send(cast.teacher, **typed)
    assert got == {"kept": None, "fault": BadScan(Fault.TOO_LARGE).message}
    assert request.POST.dict() == {"title": "Баалоо", "zone": "кийинки талаа"}
    assert MOST_BYTES < request.FILES["file"].size <= MOST_BYTES + (1 << 17)
    assert hasattr(request.FILES["file"], "temporary_file_path"), "on the disk, not in memory"


def test_a_file_of_exactly_the_limit_is_received_whole(cast):
    _request, got = send(cast.teacher, file=SimpleUploadedFile(NAME, uploads.of_size(MOST_BYTES)))
    assert got["fault"] == ""


# Serving -------------------------------------------------------------------------------------------------------------


def who_gets(cast: Cast, *address: object) -> set[str]:
    """Everybody who gets the file; everybody else does not learn that there is one."""
    statuses = {name: get(user, *address).status_code for name, user in cast.people.items()}
    assert statuses.pop("anon") == 302
    assert set(statuses.values()) <= {200, 404}
    return {name for name, status in statuses.items() if status == 200}


@pytest.mark.parametrize("view", ["certificate_file", "certificate_page"])
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (RecordStatus.DRAFT, {"teacher"}),
        (RecordStatus.SUBMITTED, AMONG_COLLEAGUES | COUNTRY_WIDE),
        (RecordStatus.RETURNED, AMONG_COLLEAGUES | COUNTRY_WIDE),
        (RecordStatus.VERIFIED, AMONG_COLLEAGUES | COUNTRY_WIDE),
    ],
)
def test_who_may_see_the_record_gets_its_file(view, status, expected, photo, cast):
    factories.training_record(cast.teacher, file=photo, status=status)
    page = [1] if view == "certificate_page" else []
    assert who_gets(cast, view, photo.token, *page) == expected


def test_a_file_without_a_record_is_its_uploaders_alone(photo, cast):
    assert who_gets(cast, "certificate_file", photo.token) == {"teacher"}
    assert who_gets(cast, "certificate_page", photo.token, 1) == {"teacher"}


def test_the_file_is_sent_to_be_saved_and_its_pages_to_be_shown(scan, cast):
    answer = get(cast.teacher, "certificate_file", scan.token)
    assert answer.content == uploads.pdf(3)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    for number in (1, 2, 3):
        page = get(cast.teacher, "certificate_page", scan.token, number)
        assert page.content.startswith(b"\xff\xd8\xff")
        assert page["Content-Type"] == "image/jpeg"
        assert page["Content-Disposition"] == "inline"


def test_a_photo_is_its_own_page(photo, cast):
    answer = get(cast.teacher, "certificate_file", photo.token)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == 'attachment; filename="certificate.jpg"'
    assert get(cast.teacher, "certificate_page", photo.token, 1).content == answer.content


@pytest.mark.parametrize("build", [uploads.jpeg, uploads.pdf])
def test_every_answer_is_harmless(build, cast):
    file = kept(cast.teacher, build())
    for address in (("certificate_file", file.token), ("certificate_page", file.token, 1)):
        answer = get(cast.teacher, *address)
        assert answer.status_code == 200
        assert {name: answer[name] for name in HEADERS} == HEADERS
        assert "ETag" not in answer
        assert "Last-Modified" not in answer
    file_store().delete(file.stored_as)
    answer = get(cast.teacher, "certificate_file", file.token)
    assert {name: answer[name] for name in HEADERS} == HEADERS


def test_whoever_may_not_see_it_cannot_ask_for_parts_or_changes_either(photo, cast):
    address = ("certificate_file", photo.token)
    for headers in ({"range": "bytes=0-9"}, {"if_none_match": "*"}, {"if_match": '"a"'}):
        refused = get(cast.stranger, *address, **headers)
        assert refused.status_code == 404
        unknown = get(cast.stranger, "certificate_file", "x" * 32, **headers)
        assert (unknown.status_code, unknown.headers.keys()) == (404, refused.headers.keys())
        assert get(cast.teacher, *address, **headers).status_code == 200


@pytest.mark.parametrize("token", ["\0", "a\0b" + "x" * 29, "x" * 31, "x" * 33, "Ө" * 32, "x" * 31 + "\n"])
def test_what_cannot_be_a_token_is_no_address(token, cast):
    client = Client()
    client.force_login(cast.teacher)
    for address in (f"/files/{quote(token)}/", f"/files/{quote(token)}/1/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", [0, 4, 999999])
def test_a_page_that_is_not_there_is_not_found(page, scan, cast):
    assert get(cast.teacher, "certificate_page", scan.token, page).status_code == 404


def test_a_file_that_is_gone_from_the_store_is_said_to_be_missing(scan, cast, caplog):
    for name in in_store():
        file_store().delete(name)
    for address in (("certificate_file", scan.token), ("certificate_page", scan.token, 1)):
        answer = get(cast.teacher, *address)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.content
    assert "missing from the store" in caplog.text


def test_a_store_that_cannot_be_read_is_no_server_error(photo, cast):
    (folder() / photo.stored_as).unlink()
    (folder() / photo.stored_as).mkdir()
    assert get(cast.teacher, "certificate_file", photo.token).status_code == 503


def test_only_reading_is_answered(photo, cast):
    client = Client()
    client.force_login(cast.teacher)
    address = reverse("certificate_file", args=[photo.token])
    assert client.head(address).status_code == 200
    assert {getattr(client, method)(address).status_code for method in ("post", "put", "patch", "delete")} == {405}


def test_the_name_in_the_store_is_no_address(photo, cast):
    client = Client()
    client.force_login(cast.teacher)
    for prefix in ("/", "/media/", "/files/", "/static/", "/var/files/", "/static/../var/files/", "/static/%2e%2e/"):
        assert client.get(prefix + photo.stored_as).status_code == 404, prefix
        assert client.get(f"{prefix}{photo.stored_as}/").status_code == 404, prefix


# Sweeping and checking -----------------------------------------------------------------------------------------------


def test_uploads_whose_form_was_never_saved_go_after_a_day(cast):
    forgotten, fresh = kept(cast.teacher, uploads.pdf(2)), kept(cast.teacher)
    used = kept(cast.teacher)
    factories.training_record(cast.teacher, file=used, status=RecordStatus.DRAFT)
    make_old(forgotten)
    make_old(used)
    tidy()
    assert set(CertificateFile.objects.all()) == {fresh, used}
    assert in_store() == {fresh.stored_as, used.stored_as}


@pytest.fixture
def replaced(cast: Cast) -> CertificateFile:
    """The scan of a record that was verified and reversed; then its owner chose another photo."""
    record = factories.training_record(cast.teacher, file=kept(cast.teacher, uploads.pdf(2)))
    forged = record.file
    verification.perform(record, RecordAction.VERIFY, by=cast.deputy, seen=record.revision)
    why = "Күбөлүк жасалма."
    verification.perform(record, RecordAction.REVERSE, by=cast.deputy, seen=record.revision + 1, reason=why)
    record.refresh_from_db()
    columns = {"institution": cast.school}
    other = kept(cast.teacher)
    save_record(by=cast.teacher, record=record, seen=record.revision, columns=columns, file=other, submit=True)
    return forged


def test_a_scan_that_was_decided_on_stays_though_its_owner_chose_another(replaced, cast):
    for file in CertificateFile.objects.all():
        make_old(file)
    make_all_old()
    tidy()
    record = TrainingRecord.objects.get()
    files = list(record.decisions.values_list("action", "file"))
    assert files == [("verify", replaced.pk), ("reverse", replaced.pk), ("submit", record.file_id)]
    assert record.file_id != replaced.pk
    assert get(cast.teacher, "certificate_file", replaced.token).content == uploads.pdf(2)
    assert list(files_are_whole()) == list(decisions_keep_their_files()) == []


def test_a_decision_whose_file_is_not_the_one_decided_on_is_found(replaced, cast):
    decision = RecordDecision.objects.order_by("pk")[0]
    CertificateFile.objects.filter(pk=replaced.pk).update(sha256="0" * 64)
    found = list(decisions_keep_their_files())
    assert found[0] == f"decision {decision.pk} on a record: its file is not the one decided on"
    assert len(found) == 2, "the one that verified and the one that reversed"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(RecordStatus.SUBMITTED, AMONG_COLLEAGUES | COUNTRY_WIDE), (RecordStatus.DRAFT, {"teacher"})],
)
def test_who_may_see_the_record_gets_the_files_decided_on(status, expected, replaced, cast):
    TrainingRecord.objects.update(status=status)
    assert who_gets(cast, "certificate_file", replaced.token) == expected
    assert who_gets(cast, "certificate_page", replaced.token, 2) == expected


def test_a_scan_that_was_decided_on_is_not_given_to_another_record(replaced, cast):
    own = CertificateFile.objects.visible_to(cast.teacher)
    assert replaced in own
    assert replaced not in own.unattached()


def test_a_file_attached_while_the_sweep_runs_stays_and_the_others_go(cast):
    first, attached, last = (kept(cast.teacher) for _time in range(3))
    for file in (first, attached, last):
        make_old(file)

    def attach_before_delete(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("DELETE") and not TrainingRecord.objects.exists():
            factories.training_record(cast.teacher, file=attached)
        return execute(sql, *rest)

    with connection.execute_wrapper(attach_before_delete):
        assert sweep() == 2
    assert CertificateFile.objects.get() == attached == TrainingRecord.objects.get().file
    assert in_store() == {attached.stored_as}


@pytest.mark.django_db(transaction=True)
def test_a_form_saved_at_the_moment_of_the_sweep_has_its_file_or_is_told(cast):
    for _round in range(6):
        file = kept(cast.teacher)
        make_old(file)
        columns = {"institution": cast.school, "title": "Баалоо", "date_text": "2021", "provider_text": "GIZ"}
        save = partial(save_record, record=None, seen=None, columns=columns, file=file, submit=False)
        saved, removed = at_once(partial(save, by=factories.again(cast.teacher)), sweep)
        if isinstance(saved, Refused):
            assert (removed, in_store()) == (1, set())
            assert not CertificateFile.objects.exists()
        else:
            assert (removed, saved.file, in_store()) == (0, file, {file.stored_as})
            saved.delete()
            assert sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_one_file_is_given_to_one_of_two_records(cast):
    file = kept(cast.teacher)
    columns = {"institution": cast.school, "title": "Баалоо", "date_text": "2021", "provider_text": "GIZ"}
    save = partial(save_record, record=None, seen=None, columns=columns, file=file, submit=False)
    answers = at_once(*(partial(save, by=factories.again(cast.teacher)) for _form in range(2)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "TrainingRecord"]
    assert TrainingRecord.objects.get().file == file


def test_files_that_no_row_names_go_after_a_day(photo, scan):
    for name in ("ab/lost.jpg", "ab/lost.pdf-1.jpg", "ab/tmp123.part"):
        file_store().save(name, ContentFile(b"x"))
    before = in_store()
    tidy()
    assert in_store() == before, "they may be on their way"
    make_all_old()
    tidy()
    assert in_store() == {name for name in before if name.startswith((photo.stored_as, scan.stored_as))}


def test_checks_hold_over_photos_and_pdfs(photo, scan):
    make_all_old()
    assert list(files_are_whole()) == list(files_have_rows()) == []


def test_a_file_that_is_missing_or_altered_is_found(photo, scan):
    (folder() / photo.stored_as).write_bytes(b"altered")
    file_store().delete(f"{scan.stored_as}-2.jpg")
    altered, missing = files_are_whole()
    assert altered == f"certificate file {photo.pk}: {photo.stored_as} does not match its hash"
    assert missing.startswith(f"certificate file {scan.pk}: {scan.stored_as}-2.jpg cannot be read")


def test_a_file_that_lies_for_long_without_a_row_is_found(photo):
    file_store().save("ab/lost.jpg", ContentFile(b"x"))
    assert list(files_have_rows()) == []
    make_all_old()
    assert list(files_have_rows()) == ["ab/lost.jpg belongs to no row"]
