"""One uploaded file → pictures that are safe to show. A program of its own: ``python scanner.py`` < upload > answer.

Files from outside are opened here and nowhere else: in a process that knows no secret and no database, may take only
so much time and memory, and can write no file. It answers with one line of JSON and the JPEG pictures one after the
other, or with the line alone that names what is wrong (a value of ``courses.scans.Fault``). No Django: it starts for
every upload.
"""

import io
import json
import os
import resource
import sys
import time

import pi_heif
import pypdfium2
from PIL import ExifTags, Image, ImageOps

MOST_PIXELS = 40_000_000  # trust T27; a phone's photo has 12 million
MOST_PAGES = 20
PAGES_SHOWN = 4  # of a PDF, beside the typed data; all of it is one press away
LONGEST_SIDE = 2200  # pixels: an A4 page at 190 dots per inch, small print included
QUALITY = 82

SECONDS = 3  # of the processor's time; 40 million pixels need two
SECONDS_FOR_FURTHER_PAGES = 1  # after that the pages drawn so far are enough
MEMORY = 1 << 30  # 40 million pixels with transparency need two thirds of it

JPEG, PNG, HEIC, PDF = "image/jpeg", "image/png", "image/heic", "application/pdf"
STILL_HEIC = {b"heic", b"heix", b"heim", b"heis"}
FORMATS = {JPEG: "JPEG", PNG: "PNG", HEIC: "HEIF"}


class Unfit(Exception):
    """The file is not taken; the argument is the code of what is wrong."""


def content_type_of(data: bytes) -> str | None:
    """What the first bytes say, whatever the file is called. A PDF that begins later may be something else as well."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"%PDF-"):
        return PDF
    if data[4:8] == b"ftyp":
        brands = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
        return HEIC if STILL_HEIC & {brands[place : place + 4] for place in range(0, len(brands), 4)} else None
    return None


def photo(data: bytes, content_type: str) -> bytes:
    """The picture upright, on white, not larger than needed, as a new JPEG: only its pixels are taken over.

    Of an animation, the first picture.
    """
    with Image.open(io.BytesIO(data), formats=[FORMATS[content_type]]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Unfit("too_many_pixels")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than needed
        image.load()
        turned = image.getexif().get(ExifTags.Base.Orientation)
        flat = on_white(image)
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        if turned:
            flat.getexif()[ExifTags.Base.Orientation] = turned
            flat = ImageOps.exif_transpose(flat)
        return as_jpeg(flat)


def on_white(image: Image.Image) -> Image.Image:
    if image.mode == "I;16":  # 16 bits of grey, which Pillow would cut off instead of dividing
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image)
        return paper
    return image if image.mode == "RGB" else image.convert("RGB")


def as_jpeg(image: Image.Image) -> bytes:
    image.info.clear()  # Pillow would take over a comment
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def pages(data: bytes) -> list[bytes]:
    """The first pages of a PDF, drawn."""
    if b"%%EOF" not in data.rstrip(b"\0\t\n\r ")[-1024:]:
        raise Unfit("damaged")  # cut off; PDFium would guess the rest
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as mistake:
        is_locked = mistake.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unfit("locked" if is_locked else "damaged") from None
    if not len(pdf):
        raise Unfit("damaged")
    if len(pdf) > MOST_PAGES:
        raise Unfit("too_many_pages")
    pdf.init_forms()  # what was filled into fields is drawn too
    pictures: list[bytes] = []
    for page in (pdf[number] for number in range(min(len(pdf), PAGES_SHOWN))):
        if pictures and time.process_time() > SECONDS_FOR_FURTHER_PAGES:
            break
        bitmap = page.render(scale=LONGEST_SIDE / max(page.get_size()))
        pictures.append(as_jpeg(bitmap.to_pil().convert("RGB")))
    return pictures


def limit_this_process() -> None:
    os.nice(10)  # pages come first
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(data: bytes) -> tuple[dict[str, object], list[bytes]]:
    try:
        content_type = content_type_of(data)
        if content_type is None:
            raise Unfit("unknown_kind")
        pictures = pages(data) if content_type == PDF else [photo(data, content_type)]
    except Unfit as unfit:
        return {"fault": str(unfit)}, []
    except MemoryError:
        return {"fault": "too_heavy"}, []
    except Exception:  # whatever a decoder says of what it cannot read
        return {"fault": "damaged"}, []
    return {"content_type": content_type, "sizes": [len(picture) for picture in pictures]}, pictures


def main() -> None:
    limit_this_process()
    Image.MAX_IMAGE_PIXELS = None  # counted here, with an answer of our own
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    head, pictures = answer(sys.stdin.buffer.read())
    sys.stdout.buffer.writelines([json.dumps(head).encode() + b"\n", *pictures])


if __name__ == "__main__":
    main()
