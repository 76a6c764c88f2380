"""What becomes of an uploaded file: stored as promised, or refused with a sentence (trust, T26, T27, T29)."""

import io
import re
import resource

import pytest
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from courses import scanner, scans
from courses.scans import BadScan, Fault, take_in
from cpd.uploads import MOST_BYTES
from tests import uploads
from tests.uploads import BLUE, CAMERA, CORPUS, GREEN, OWNER, PLACE, RED, YELLOW, Upload, corners

SECONDS = 5  # a hostile file may take, of the processor
MEBIBYTE = 1 << 20
BOMBS = [upload for upload in CORPUS if "bomb" in upload.name or upload.expected == Fault.TOO_HEAVY]


def picture(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "JPEG"
    return image


def is_near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(here - there) < 12 for here, there in zip(colour, wanted, strict=True))


def is_upright(image: Image.Image) -> bool:
    return all(map(is_near, corners(image), (RED, GREEN, BLUE, YELLOW)))


def segments(data: bytes) -> set[int]:
    """The kinds of segments before the picture itself: 0xE0 is JFIF, other 0xE… and 0xFE are what people know."""
    found, place = set(), 2
    while data[place + 1] != 0xDA:
        found.add(data[place + 1])
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return found


# Taken or refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("upload", CORPUS, ids=str)
def test_each_file_is_taken_or_refused_as_its_content_demands(upload: Upload) -> None:
    data = upload.build()
    if upload.is_taken:
        scan = take_in(data)
        assert scan.content_type == upload.expected
        assert scan.data.startswith({scanner.JPEG: b"\xff\xd8\xff", scanner.PDF: b"%PDF-"}[scan.content_type])
    else:
        with pytest.raises(BadScan) as refusal:
            take_in(data)
        assert refusal.value.fault == upload.expected


def test_every_fault_that_a_file_can_have_is_tried() -> None:
    assert len(CORPUS) >= 36
    of_the_site = {Fault.NOT_STORED, Fault.TOO_MANY, Fault.TOO_MANY_TODAY}
    assert {upload.expected for upload in CORPUS if not upload.is_taken} == set(Fault) - of_the_site


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_is_one_whole_sentence(fault: Fault) -> None:
    assert re.fullmatch(r"[^%]+\.", BadScan(fault).message)


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_a_bomb_costs_the_site_a_moment_and_no_memory(bomb: Upload) -> None:
    data = bomb.build()
    time_before, memory_before = used()
    with pytest.raises(BadScan):
        take_in(data)
    time_after, memory_after = used()
    assert time_after - time_before < SECONDS
    assert memory_after - memory_before < 100 * MEBIBYTE


def used() -> tuple[float, int]:
    """Seconds that ended processes of ours have worked, and the most bytes that this one ever held."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_scanner_that_does_not_answer_in_time_is_a_refusal(monkeypatch) -> None:
    monkeypatch.setattr(scans, "PATIENCE", 0.001)
    with pytest.raises(BadScan) as refusal:
        take_in(uploads.jpeg())
    assert refusal.value.fault == Fault.TOO_HEAVY


def test_a_scanner_that_fails_is_a_refusal_and_stands_in_the_log(monkeypatch, caplog, tmp_path) -> None:
    broken = tmp_path / "scanner.py"
    broken.write_text("import a_library_that_is_missing")
    monkeypatch.setattr(scanner, "__file__", str(broken))
    with pytest.raises(BadScan) as refusal:
        take_in(uploads.jpeg())
    assert refusal.value.fault == Fault.DAMAGED
    assert "a_library_that_is_missing" in caplog.text


def test_the_scanner_knows_nothing_of_the_site(monkeypatch, tmp_path) -> None:
    """Neither its settings nor its folder nor its libraries' paths; what it prints is what it was given."""
    curious = tmp_path / "scanner.py"
    curious.write_text("import os, sys; print(os.environ, os.getcwd(), sys.path, file=sys.stderr); sys.exit(1)")
    monkeypatch.setattr(scanner, "__file__", str(curious))
    monkeypatch.setenv("DATABASE_URL", "postgres://site:hunter2@db.example.kg/cpd")
    said = []
    monkeypatch.setattr(scans.logger, "error", lambda _text, output: said.append(output))
    with pytest.raises(BadScan):
        take_in(uploads.jpeg())
    assert "hunter2" not in said[0]
    assert " / " in said[0]


# Photos ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_upright_however_the_phone_was_held(orientation: int) -> None:
    stored = picture(take_in(uploads.phone_photo(orientation)).data)
    assert stored.size == (1500, 2000)
    assert is_upright(stored)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_photo_is_upright_however_the_phone_was_held(orientation: int) -> None:
    stored = picture(take_in(uploads.heic(orientation)).data)
    assert stored.size == (900, 1200)
    assert is_upright(stored)


@pytest.mark.parametrize(
    "build", [uploads.phone_photo, uploads.heic, uploads.png_with_texts, uploads.several_pictures_in_one]
)
def test_nothing_of_camera_owner_or_place_is_kept(build) -> None:
    before, after = build(), take_in(build()).data
    assert build is uploads.several_pictures_in_one or (CAMERA.encode() in before and OWNER.encode() in before)
    assert segments(after) == {0xE0, 0xDB, 0xC0, 0xC4}
    image = picture(after)
    assert dict(image.getexif()) == {}
    assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for text in (CAMERA, OWNER, PLACE):
        assert text.encode() not in after
        assert text.encode("utf-16-le") not in after


BEHIND = ["with-a-page-behind.jpg", "with-an-archive-behind.jpg", "with-a-page-inside.jpg", "with-a-virus-inside.jpg"]


@pytest.mark.parametrize("name", BEHIND)
def test_what_stood_behind_or_inside_a_photo_is_gone(name: str) -> None:
    [upload] = [upload for upload in CORPUS if upload.name == name]
    assert upload.build() != uploads.jpeg()
    assert take_in(upload.build()).data == take_in(uploads.jpeg()).data


def test_a_large_photo_is_shrunk_and_keeps_its_shape() -> None:
    scan = take_in(uploads.large_photo())
    stored = picture(scan.data)
    assert stored.size == (scanner.LONGEST_SIDE, scanner.LONGEST_SIDE * 3 // 4)
    assert is_upright(stored)


def test_a_small_photo_is_not_blown_up() -> None:
    assert picture(take_in(uploads.jpeg()).data).size == (1200, 1600)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white_paper(mode: str) -> None:
    stored = picture(take_in(uploads.transparent_png(mode)).data)
    assert stored.mode == "RGB"
    first, *others = corners(stored)
    assert is_near(first, RED if mode != "LA" else (first[0],) * 3)
    assert first != others[0]
    assert all(is_near(colour, (255, 255, 255)) for colour in others)


def test_sixteen_bits_of_grey_keep_their_tones() -> None:
    above, _right, below, _corner = corners(picture(take_in(uploads.deep_png()).data))
    assert is_near(above, (255, 255, 255))
    assert is_near(below, (128, 128, 128))


@pytest.mark.parametrize("build", [uploads.animated_png, uploads.several_pictures_in_one, uploads.two_pictures_heic])
def test_of_several_pictures_the_first_is_kept(build) -> None:
    assert is_upright(picture(take_in(build()).data))


def test_the_same_upload_twice_is_known_again() -> None:
    once, again, another = take_in(uploads.jpeg()), take_in(uploads.jpeg()), take_in(uploads.png())
    assert once == again
    assert len(once.original_sha256) == 64
    assert another.original_sha256 != once.original_sha256


# PDFs --------------------------------------------------------------------------------------------------------------


def test_a_pdf_is_kept_byte_for_byte_and_its_first_pages_are_drawn() -> None:
    scan = take_in(uploads.pdf(scanner.MOST_PAGES))
    assert scan.data == uploads.pdf(scanner.MOST_PAGES)
    assert len(scan.pages) == scanner.PAGES_SHOWN
    for page in scan.pages:
        image = picture(page)
        assert max(image.size) == scanner.LONGEST_SIDE
        assert abs(image.width / image.height - 210 / 297) < 0.01, "A4 upright"
        darkest, _lightest = image.convert("L").getextrema()
        assert darkest < 100, "something is written on it"


def test_a_scanned_pdf_is_drawn_upright() -> None:
    [page] = take_in(uploads.scanned_pdf()).pages
    assert is_upright(picture(page))


def test_what_was_filled_into_a_form_of_a_pdf_is_drawn() -> None:
    empty, filled = (take_in(uploads.form_pdf(text)).pages[0] for text in ("", "24 SAAT"))
    assert picture(filled).convert("L").getextrema()[0] < picture(empty).convert("L").getextrema()[0]


def test_a_pdf_that_must_not_be_printed_is_still_one_that_can_be_read() -> None:
    [upload] = [upload for upload in CORPUS if upload.name == "not-to-be-printed.pdf"]
    assert PdfReader(io.BytesIO(upload.build())).is_encrypted
    assert len(take_in(upload.build()).pages) == 1


def test_the_limit_is_that_of_the_sentence() -> None:
    assert MOST_BYTES == 10 * MEBIBYTE
    for language in ("ky", "ru"):
        with translation.override(language):
            assert re.findall(r"\d+", BadScan(Fault.TOO_LARGE).message) == ["10"]
