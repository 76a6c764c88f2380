"""Files as people send them, and as attackers do: real ones, built here, none taken from anybody.

``CORPUS`` names each with what must become of it: the type it is stored as, or the fault it is refused for.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pikepdf
import pillow_heif
from PIL import ExifTags, Image, ImageDraw, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from weasyprint import HTML

from courses.scanner import JPEG, MOST_PAGES, PDF
from courses.scans import Fault
from cpd.uploads import MOST_BYTES

CAMERA, OWNER, PLACE = "Kyialkam Ultra 9", "owner of the phone", "at home in Naryn street"
LATITUDE = (42.0, 52.0, 28.5)
RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 160, 40), (20, 40, 200), (240, 220, 20)
SCRIPT = b"<html><script>alert(document.cookie)</script></html>"


# Pictures ----------------------------------------------------------------------------------------------------------


def certificate(size: tuple[int, int] = (1200, 1600)) -> Image.Image:
    """Four coloured corners (red, green / blue, yellow), so that one sees which way is up."""
    width, height = size
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for colour, left, top in ((RED, 0, 0), (GREEN, 1, 0), (BLUE, 0, 1), (YELLOW, 1, 1)):
        x, y = left * width * 2 // 3, top * height * 2 // 3
        draw.rectangle((x, y, x + width // 3, y + height // 3), fill=colour)
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours a sixth of the way in from each corner, in reading order."""
    flat = image.convert("RGB")
    across, down = (image.width // 6, image.width * 5 // 6), (image.height // 6, image.height * 5 // 6)
    return [flat.getpixel((x, y)) for y in down for x in across]


TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: camera, owner, and where the teacher lives."""
    found = Image.Exif()
    found[ExifTags.Base.Make] = found[ExifTags.Base.Model] = CAMERA
    found[ExifTags.Base.Artist] = OWNER
    found[ExifTags.Base.Orientation] = orientation
    found[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: LATITUDE,
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: (74.0, 36.0, 5.25),
        ExifTags.GPS.GPSAreaInformation: PLACE.encode(),
    }
    return found


def as_file(image: Image.Image, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


@cache
def jpeg() -> bytes:
    return as_file(certificate(), "JPEG")


@cache
def phone_photo(orientation: int = 6) -> bytes:
    """Held upright, stored lying down, with everything that gives the owner away."""
    image = certificate((1500, 2000))
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{OWNER}</x:xmpmeta>".encode()
    return as_file(image, "JPEG", exif=exif(orientation), xmp=xmp, comment=PLACE.encode(), icc_profile=b"icc" * 50)


def large_photo() -> bytes:
    return as_file(certificate((7200, 5400)), "JPEG", quality=70)


def several_pictures_in_one() -> bytes:
    """What some phones call a JPEG: the photo and a second picture behind it."""
    return as_file(certificate(), "MPO", save_all=True, append_images=[Image.new("RGB", (1200, 1600), BLUE)])


@cache
def png(mode: str = "RGB") -> bytes:
    return as_file(certificate((900, 1200)).convert(mode), "PNG")


def transparent_png(mode: str = "RGBA") -> bytes:
    image = certificate((900, 1200)).convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    image.paste(RED, (0, 0, 300, 400))
    return as_file(image.quantize() if mode == "P" else image.convert(mode), "PNG")


def deep_png() -> bytes:
    """Sixteen bits of grey: white above, half grey below."""
    half = 600 * 400
    return as_file(Image.frombytes("I;16", (600, 800), b"\xff\xff" * half + b"\x00\x80" * half), "PNG")


def animated_png() -> bytes:
    return as_file(certificate((900, 1200)), "PNG", save_all=True, append_images=[Image.new("RGB", (900, 1200), BLUE)])


def png_with_texts() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("Author", OWNER)
    texts.add_text("Comment", "x" * 500, zip=True)
    return as_file(certificate((900, 1200)), "PNG", pnginfo=texts, exif=exif(1))


@cache
def heic(orientation: int = 1) -> bytes:
    written = io.BytesIO()
    image = certificate((900, 1200))
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    pillow_heif.from_pillow(image).save(written, quality=80, exif=exif(orientation).tobytes())
    return written.getvalue()


def two_pictures_heic() -> bytes:
    first, second = certificate((900, 1200)), Image.new("RGB", (900, 1200), BLUE)
    file = pillow_heif.from_pillow(first)
    file.add_from_pillow(second)
    written = io.BytesIO()
    file.save(written, quality=80)
    return written.getvalue()


def heic_that_says(side: int) -> bytes:
    """A small photo whose head promises a picture of so many pixels a side."""
    said = struct.pack(">II", 900, 1200)
    assert said in heic()
    return heic().replace(said, struct.pack(">II", side, side))


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, content: bytes, *before: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def many_zeros(times: int) -> bytes:
    """So many million zeros, in a thousandth of their size. Every million is packed alike, so one is packed."""
    million, packer = bytes(1_000_000), zlib.compressobj(9)
    head = packer.compress(million) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(million) + packer.flush(zlib.Z_FULL_FLUSH)
    total = 1
    for _time in range(times):
        total = zlib.adler32(million, total)
    return head + again * (times - 1) + b"\x03\0" + struct.pack(">I", total)


def with_a_wrong_sum(data: bytes) -> bytes:
    """One bit of the first bytes of the picture has fallen over."""
    place = data.index(b"IDAT") + 20
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


# PDFs --------------------------------------------------------------------------------------------------------------


@cache
def pdf(number_of_pages: int = 1) -> bytes:
    pages = "".join(
        f"<section style='page-break-after: always'><h1>Сертификат {number}</h1><p>Өнүгүү, 24 саат</p></section>"
        for number in range(1, number_of_pages + 1)
    )
    return HTML(string=pages).write_pdf()


def scanned_pdf() -> bytes:
    return as_file(certificate((2480, 3508)), "PDF", resolution=300)


def changed_pdf(change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def pdf_drawing(orders: bytes, filters: str, page: str = "") -> bytes:
    """One page, written by hand, that draws what ``orders`` say once they are unpacked."""
    return "\n".join(
        (
            "%PDF-1.7",
            f"1 0 obj<</Type/Catalog/Pages 2 0 R{page}>>endobj",
            "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
            "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj",
            f"4 0 obj<</Filter[{filters}]/Length {len(orders)}>>stream\n",
        )
    ).encode() + (orders + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF\n")


def form_pdf(text: str) -> bytes:
    """A page with one field and what was typed into it, of which the file holds no drawing."""
    field = "/AcroForm<</Fields[5 0 R]/NeedAppearances true/DA(/Helv 40 Tf 0 g)>>"
    widget = f"5 0 obj<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V({text})/Rect[50 600 500 700]/P 3 0 R/F 4>>endobj\n"
    made = pdf_drawing(zlib.compress(b""), "/FlateDecode", field)
    made = made.replace(b"/Contents 4 0 R", b"/Contents 4 0 R/Annots[5 0 R]")
    return made.replace(b"trailer", widget.encode() + b"trailer")


def pdf_with_javascript() -> bytes:
    return pdf_drawing(zlib.compress(b""), "/FlateDecode", "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


def pdf_with_hidden_javascript() -> bytes:
    """In a dictionary inside another one, inside a packed stream: neither a search nor a look at the top finds it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    action = DictionaryObject()
    action[NameObject("/S")], action[NameObject("/JS")] = NameObject("/JavaScript"), TextStringObject("app.alert(1)")
    writer.root_object[NameObject("/AA")] = DictionaryObject({NameObject("/WC"): action})
    written = io.BytesIO()
    writer.write(written)
    with pikepdf.open(written) as book:
        packed = io.BytesIO()
        book.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in packed.getvalue()
    return packed.getvalue()


def pdf_with_a_programme() -> bytes:
    return changed_pdf(lambda writer: writer.add_attachment("programme.exe", b"MZ\x90\0" + bytes(500)))


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # what every virus scanner knows


def deflate_bomb_pdf() -> bytes:
    """2 GB of drawing orders in a few kilobytes: packed twice."""
    return pdf_drawing(zlib.compress(many_zeros(2000), 9), "/FlateDecode/FlateDecode")


def endless_pdf() -> bytes:
    """A page that draws a million crossing figures."""
    return pdf_drawing(zlib.compress(b"0 0 m 595 842 l 595 0 l 0 842 l f* " * 1_000_000, 9), "/FlateDecode")


# What is neither ---------------------------------------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
DOCX = zipped(word__document_xml=b"<w:document/>", _Content_Types__xml=b"<Types/>")
SMALL = (40, 40)


@dataclass(frozen=True)
class Upload:
    """One file: the name it is sent under, how it is built, and what must become of it."""

    name: str
    build: Callable[[], bytes]
    expected: str

    def __str__(self) -> str:
        return self.name

    @property
    def is_taken(self) -> bool:
        return self.expected in (JPEG, PDF)


def small(kind: str, **options: object) -> Callable[[], bytes]:
    return lambda: as_file(certificate(SMALL), kind, **options)


def of_size(size: int) -> bytes:
    """A sound JPEG with so many bytes behind it."""
    return jpeg() + bytes(size - len(jpeg()))


CORPUS = (
    # photos and scans
    Upload("phone.jpg", phone_photo, JPEG),
    Upload("plain.jpeg", jpeg, JPEG),
    Upload("grey.jpg", lambda: as_file(certificate().convert("L"), "JPEG"), JPEG),
    Upload("print-shop-cmyk.jpg", lambda: as_file(certificate().convert("CMYK"), "JPEG"), JPEG),
    Upload("progressive.jpg", lambda: as_file(certificate(), "JPEG", progressive=True), JPEG),
    Upload("large.jpg", large_photo, JPEG),
    Upload("two-in-one.jpg", several_pictures_in_one, JPEG),
    Upload("photo-called.pdf", jpeg, JPEG),
    Upload("photo-called.html", jpeg, JPEG),
    Upload("без аталыш", jpeg, JPEG),
    Upload("with-a-page-behind.jpg", lambda: jpeg() + SCRIPT, JPEG),
    Upload("with-an-archive-behind.jpg", lambda: jpeg() + zipped(a_html=SCRIPT), JPEG),
    Upload("with-a-page-inside.jpg", lambda: as_file(certificate(), "JPEG", comment=SCRIPT), JPEG),
    Upload("exactly-the-limit.jpg", lambda: of_size(MOST_BYTES), JPEG),
    Upload("screenshot.png", png, JPEG),
    Upload("one-dot.png", lambda: as_file(Image.new("RGB", (1, 1)), "PNG"), JPEG),
    Upload("two-colours.png", lambda: png("1"), JPEG),
    Upload("grey.png", lambda: png("L"), JPEG),
    Upload("palette.png", lambda: png("P"), JPEG),
    Upload("transparent.png", transparent_png, JPEG),
    Upload("transparent-grey.png", lambda: transparent_png("LA"), JPEG),
    Upload("transparent-palette.png", lambda: transparent_png("P"), JPEG),
    Upload("sixteen-bits.png", deep_png, JPEG),
    Upload("animated.png", animated_png, JPEG),
    Upload("with-texts.png", png_with_texts, JPEG),
    Upload("iphone.heic", heic, JPEG),
    Upload("iphone-turned.heic", lambda: heic(6), JPEG),
    Upload("iphone-burst.heic", two_pictures_heic, JPEG),
    Upload("certificate.pdf", pdf, PDF),
    Upload("with-an-annex.pdf", lambda: pdf(3), PDF),
    Upload("as-long-as-can-be.pdf", lambda: pdf(MOST_PAGES), PDF),
    Upload("scanner.pdf", scanned_pdf, PDF),
    Upload("padded.pdf", lambda: pdf() + bytes(4096), PDF),
    Upload("not-to-be-printed.pdf", lambda: changed_pdf(lambda w: w.encrypt("", "owner", algorithm="AES-256")), PDF),
    Upload("with-javascript.pdf", pdf_with_javascript, PDF),
    Upload("with-hidden-javascript.pdf", pdf_with_hidden_javascript, PDF),
    Upload("with-a-programme-inside.pdf", pdf_with_a_programme, PDF),
    Upload("with-a-virus-inside.jpg", lambda: as_file(certificate(), "JPEG", comment=EICAR), JPEG),
    # too much
    Upload("too-large.jpg", lambda: of_size(MOST_BYTES + 1), Fault.TOO_LARGE),
    Upload("eleven-megabytes.pdf", lambda: b"%PDF-1.7\n" + bytes(11_000_000), Fault.TOO_LARGE),
    Upload("large-format.jpg", lambda: as_file(Image.new("L", (8000, 5001)), "JPEG"), Fault.TOO_MANY_PIXELS),
    Upload("pixel-bomb.png", lambda: png_of(20_000, 20_000, many_zeros(1200)), Fault.TOO_MANY_PIXELS),
    Upload("pixel-bomb.heic", lambda: heic_that_says(60_000), Fault.TOO_MANY_PIXELS),
    Upload("book.pdf", lambda: pdf(MOST_PAGES + 1), Fault.TOO_MANY_PAGES),
    Upload("deflate-bomb.pdf", deflate_bomb_pdf, Fault.TOO_HEAVY),
    Upload("endless.pdf", endless_pdf, Fault.TOO_HEAVY),
    # damaged
    Upload("empty.jpg", lambda: b"", Fault.EMPTY),
    Upload("cut-off.jpg", lambda: jpeg()[: len(jpeg()) // 2], Fault.DAMAGED),
    Upload("only-the-head.jpg", lambda: jpeg()[:24], Fault.DAMAGED),
    Upload("cut-off.png", lambda: png()[: len(png()) // 2], Fault.DAMAGED),
    Upload("wrong-sum.png", lambda: with_a_wrong_sum(png()), Fault.DAMAGED),
    Upload("text-bomb.png", lambda: png_of(9, 9, b"", chunk(b"zTXt", b"a\0\0" + many_zeros(900))), Fault.DAMAGED),
    Upload("says-less-than-it-holds.png", lambda: png_of(9, 9, b"junk" + many_zeros(300)), Fault.DAMAGED),
    Upload("cut-off.heic", lambda: heic()[: len(heic()) // 2], Fault.DAMAGED),
    Upload("cut-off.pdf", lambda: pdf(3)[: len(pdf(3)) * 2 // 3], Fault.DAMAGED),
    Upload("no-pages.pdf", lambda: changed_pdf(lambda writer: writer.remove_page(0)), Fault.DAMAGED),
    Upload("only-the-head.pdf", lambda: b"%PDF-1.7\n%%EOF\n", Fault.DAMAGED),
    Upload("locked.pdf", lambda: changed_pdf(lambda w: w.encrypt("жашыруун", algorithm="AES-256")), Fault.LOCKED),
    Upload(
        "locked-long-ago.pdf", lambda: changed_pdf(lambda w: w.encrypt("secret", algorithm="RC4-128")), Fault.LOCKED
    ),
    # something else
    Upload("page.pdf", lambda: SCRIPT, Fault.UNKNOWN_KIND),
    Upload("page-before.pdf", lambda: SCRIPT + pdf(), Fault.UNKNOWN_KIND),
    Upload("space-before.pdf", lambda: b"\n" + pdf(), Fault.UNKNOWN_KIND),
    Upload("script.svg", lambda: SVG, Fault.UNKNOWN_KIND),
    Upload("script.svg.jpg", lambda: b'<?xml version="1.0"?>' + SVG, Fault.UNKNOWN_KIND),
    Upload("shell.php.jpg", lambda: b"<?php system($_GET['c']); ?>", Fault.UNKNOWN_KIND),
    Upload("picture.gif", small("GIF"), Fault.UNKNOWN_KIND),
    Upload("gif-called.png", small("GIF"), Fault.UNKNOWN_KIND),
    Upload("picture.webp", small("WEBP"), Fault.UNKNOWN_KIND),
    Upload("picture.tiff", small("TIFF"), Fault.UNKNOWN_KIND),
    Upload("picture.bmp", small("BMP"), Fault.UNKNOWN_KIND),
    Upload("picture.jp2", small("JPEG2000"), Fault.UNKNOWN_KIND),
    Upload("picture.avif", small("AVIF"), Fault.UNKNOWN_KIND),
    Upload("film.heic", lambda: b"\0\0\0\x14ftypisom\0\0\0\0mp42" + bytes(500), Fault.UNKNOWN_KIND),
    Upload("archive.jpg", lambda: zipped(a_jpg=jpeg()), Fault.UNKNOWN_KIND),
    Upload("certificate.docx", lambda: DOCX, Fault.UNKNOWN_KIND),
    Upload("certificate.docx.pdf", lambda: DOCX, Fault.UNKNOWN_KIND),
    Upload("old-word.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), Fault.UNKNOWN_KIND),
    Upload("programme.exe", lambda: b"MZ\x90\0" + bytes(500), Fault.UNKNOWN_KIND),
    Upload("drawing.ps", lambda: b"%!PS-Adobe-3.0\nshowpage\n", Fault.UNKNOWN_KIND),
    Upload("virus.jpg", lambda: EICAR, Fault.UNKNOWN_KIND),
    Upload("letter.txt", lambda: "Сертификат тиркелет.".encode(), Fault.UNKNOWN_KIND),
    Upload("nothing.jpg", lambda: bytes(5000), Fault.UNKNOWN_KIND),
)
