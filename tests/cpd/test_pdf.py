"""Nothing a person typed reaches the network, a file or the structure of a paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML

from cpd import press
from cpd.dates import today
from cpd.pdf import render_pdf
from cpd.typesetter import NoFetching, laid_out, style_of
from tests.papers import Listener, hostile_markup, listening, read

LETTERS = "Ңң Өө Үү"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


def record(**wanted: object) -> dict[str, object]:
    """What the record of achieved goals prints, with ``wanted`` in place of the usual."""
    sheets = {"courses": {"rows": wanted.pop("rows", []), "total": 0, "counted": 0}, "beside": {"rows": []}}
    usual = {"name": "Өмүралиева Айнагүл", "school": "Ак-Бата орто мектеби", "printed_on": today()}
    return usual | sheets | wanted


def row(text: str) -> dict[str, str]:
    columns = ("title", "delivery_mode", "date_text", "provider_text", "hours_text", "goal_achieved", "comment")
    return dict.fromkeys(columns, text)


def test_markup_as_markup_fetches_and_attaches_nothing(listener: Listener) -> None:
    """The renderer itself, in a process that has a network."""
    style = style_of("p { color: black }")
    for markup in hostile_markup(listener.address):
        paper = read(laid_out(f"<html lang=ky><title>Сыноо</title>{markup}<p>Өң</p>", style))
        assert paper.attachments == [], markup
        assert "root:" not in paper.text, markup
    assert listener.asked == []


def test_the_same_markup_would_fetch_and_attach_without_the_fetcher(listener: Listener) -> None:
    attached = []
    for markup in hostile_markup(listener.address):
        attached += read(HTML(string=f"<html lang=ky>{markup}<p>Өң</p>").write_pdf()).attachments
    assert {"/img", "/link", "/import", "/background", "/font", "/object", "/embed", "/svg", "/attached"} <= set(
        listener.asked
    )
    assert "passwd" in attached


def test_a_style_sheet_needs_the_fetcher_too(listener: Listener) -> None:
    style = f'@import "{listener.address}/style";'
    CSS(string=style, url_fetcher=NoFetching())
    assert listener.asked == []
    CSS(string=style)
    assert listener.asked == ["/style"]


def test_markup_as_text_is_printed_as_text(listener: Listener) -> None:
    """Also template language: a paper is rendered once, not twice."""
    every = [*hostile_markup(listener.address), "{{ 7|add:7 }}{% now 'Y' %}"]
    paper = read(render_pdf("pdf/f03.html", record(name=every[0], school=every[1], rows=[row(one) for one in every])))
    assert paper.attachments == []
    assert paper.title.endswith(every[0])
    text = "".join(paper.text.split())
    for markup in every:
        assert text.count("".join(markup.split())) >= 2, markup
    assert listener.asked == []


def test_long_texts_in_every_field_are_printed() -> None:
    """Trust T23: ten fields of five thousand signs."""
    long = "Өмүр бою үйрөнүү ".ljust(25, "ү") * 200
    assert len(long) == 5000
    html = render_to_string("pdf/f03.html", record(name=long, school=long, rows=[row(long), row("соңу")]))
    assert html.count(long) >= 10
    # In thirty seconds of the processor, as the press has it; by the clock this machine may have much else to do.
    assert "соңу" in read(press.of_pages.make(html, patience=press.BOOK_PATIENCE)).text


def test_signs_no_paper_can_hold_are_left_out() -> None:
    odd = "Өң\x00\x01\x0b\x0c\x1f\x7f\ud800\udfff\ufffe\uffff\u202eүл"
    paper = read(render_pdf("pdf/f03.html", record(name=odd, rows=[row(odd)])))
    assert paper.title.endswith("Өңүл")
    assert paper.text.count("Өңүл") == 8  # name line and footer, then six columns of seven: one holds a word of ours


def test_a_word_without_end_is_broken_and_not_cut() -> None:
    word = "өңүтөңөрүшүүчүлүк" * 15
    paper = read(render_pdf("pdf/f03.html", record(name=word, rows=[row(word)])))
    page = paper.text.replace(" ", "")
    assert page.count("өңүтөңөрүшүүчүлүк") >= 15 * 2
    assert "Жалпы:0саат" in page


def test_a_row_longer_than_a_page_goes_on_and_ends() -> None:
    long = {"title": "Өмүр бою үйрөнүү " * 300 + "соңу1", "comment": "Өмүр бою үйрөнүү " * 300 + "соңу2"}
    paper = read(render_pdf("pdf/f03.html", record(rows=[row("алды"), row("") | long, row("арты")])))
    assert len(paper.pages) > 3
    for word in ("соңу1", "соңу2", "арты", "Жалпы: 0 саат"):
        assert paper.text.count(word) >= 1, word


def test_a_paper_is_archivable_and_names_its_language_and_title() -> None:
    paper = read(render_pdf("pdf/f03.html", record(name=LETTERS)))
    assert paper.language == "ky"
    assert paper.title == f"Жетишилген максаттарды эсепке алуу, {LETTERS}"
    assert paper.text.count(LETTERS) == 2
    metadata: Any = paper.reader.root_object["/Metadata"]
    claims = bytes(metadata.get_data()).decode()
    assert 'part="3"' in claims or "part>3<" in claims
    assert 'conformance="U"' in claims or "conformance>U<" in claims


def test_fonts_are_the_papers_own_and_travel_with_it() -> None:
    resources: Any = read(render_pdf("pdf/f03.html", record())).reader.pages[0]["/Resources"]
    fonts = resources["/Font"]
    for font in fonts.values():
        descendant = font["/DescendantFonts"][0]
        assert "Liberation" in descendant["/BaseFont"]
        assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"])


def test_a_paper_is_kyrgyz_whatever_the_screen_speaks() -> None:
    with translation.override("ru"):
        paper = read(render_pdf("pdf/f03.html", record()))
        assert translation.get_language() == "ru"
    assert "Маалымат жок" in paper.text


def test_no_paper_holds_an_address_or_marks_text_as_safe() -> None:
    for path in (Path(settings.ROOT) / "templates" / "pdf").iterdir():
        text = path.read_text(encoding="utf-8")
        for place in ('href="section:', 'href="#'):  # a page of the same book by its key, a place of the same paper
            text = text.replace(place, "")
        for sign in ("|safe", "autoescape", "url(", "href=", "src=", "@import"):
            assert sign not in text, (path.name, sign)
