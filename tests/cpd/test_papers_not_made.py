"""A page whose paper takes too much is answered with a sentence and the way back, and the site goes on."""

import pytest
from django.test import Client
from django.urls import reverse

from cpd import press
from cpd.press import Fault, NotLaidOut, Press
from tests.conftest import Cast

STATUS = {Fault.TOO_MUCH: 422, Fault.BUSY: 503, Fault.FAILED: 503}


@pytest.mark.parametrize("fault", Fault)
def test_a_paper_that_is_not_made_is_a_sentence_and_the_way_back(
    fault: Fault, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(_html: str) -> bytes:
        raise NotLaidOut(fault, "of the inside")

    client = Client()
    client.force_login(cast.teacher)
    paper = reverse("record_paper", args=[cast.teacher.person_id])
    page = f"http://testserver{reverse('records')}?year=2026"
    monkeypatch.setattr(press.of_pages, "make", refused)
    for came_from, back in {page: page, "http://elsewhere.example/": "/", f"http://testserver{paper}": "/"}.items():
        answer = client.get(paper, headers={"referer": came_from})
        text = answer.content.decode()
        assert answer.status_code == STATUS[fault]
        assert str(fault.label) in text
        assert f'class="btn btn-primary" href="{back}"' in text
        assert "of the inside" not in text
    assert "of the inside" in caplog.text
    monkeypatch.undo()
    assert client.get(paper).content.startswith(b"%PDF-")


def test_an_endless_text_costs_its_own_process_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(cast.teacher)
    paper = reverse("record_paper", args=[cast.teacher.person_id])
    with Press(seconds=1) as strict:
        monkeypatch.setattr(press, "of_pages", strict)
        monkeypatch.setattr(strict, "make", lambda html: Press.make(strict, html + "<p>Өнүгүү " * 200_000))
        assert client.get(paper).status_code == 422
        monkeypatch.setattr(strict, "make", lambda html: Press.make(strict, html))
        assert client.get(paper).content.startswith(b"%PDF-")
