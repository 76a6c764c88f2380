"""The paper of a version: rendered once, kept, and made again when it would be another one or was lost."""

from pathlib import Path

import pytest
from django.conf import settings

from courses.books import papers
from courses.books.papers import content_of, keep_paper, made_with_of, paper_of
from courses.models import StoredPaper
from cpd.storage import file_store
from schools.choices import Action
from schools.models import Document, DocumentVersion
from tests import factories
from tests.conftest import Cast, at_once, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast: Cast) -> DocumentVersion:
    return factories.sent(factories.school_schedule(cast.school, by=cast.deputy), by=cast.deputy)


def folder() -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


def files() -> list[str]:
    return sorted(name for name, _at in file_store().everything())


def test_a_second_request_sends_the_file_of_the_first(version: DocumentVersion) -> None:
    first = paper_of(version)
    kept = StoredPaper.objects.get()
    assert first.startswith(b"%PDF")
    assert (kept.version_id, kept.size, kept.pages) == (version.pk, len(first), 1)
    assert paper_of(version) == first
    assert StoredPaper.objects.get().stored_as == kept.stored_as
    assert files() == [kept.stored_as]


def test_the_name_in_the_store_says_nothing(version: DocumentVersion) -> None:
    paper_of(version)
    name = StoredPaper.objects.get().stored_as
    assert len(Path(name).stem) == 48
    assert (folder() / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_a_lost_file_is_made_again(version: DocumentVersion, damage: str) -> None:
    first = paper_of(version)
    lost = StoredPaper.objects.get()
    file = folder() / lost.stored_as
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(first[:100] if damage == "cut" else first.replace(b"obj", b"OBJ"))
    assert paper_of(version)[:5] == b"%PDF-"
    kept = StoredPaper.objects.get()
    assert kept.pk == lost.pk
    assert kept.stored_as != lost.stored_as
    assert files() == [kept.stored_as]
    assert content_of(kept) is not None


def test_another_template_makes_another_paper(version: DocumentVersion, settings, tmp_path: Path) -> None:
    paper_of(version)
    templates = tmp_path / "root" / "templates" / "pdf"
    templates.mkdir(parents=True)
    (templates / "f06.html").write_text("<p>")
    settings.ROOT = tmp_path / "root"
    papers.makers.cache_clear()
    try:
        paper_of(version)
    finally:
        papers.makers.cache_clear()
    assert StoredPaper.objects.filter(version=version).count() == 2


def test_what_is_decided_on_a_version_makes_another_paper(version: DocumentVersion, cast: Cast) -> None:
    before = made_with_of([version.pk])
    factories.received(version.document, by=cast.officer)
    after = made_with_of([version.pk])
    assert before != after


def test_a_change_that_was_begun_leaves_the_paper_as_it_is(version: DocumentVersion, cast: Cast) -> None:
    factories.received(version.document, by=cast.officer)
    before = made_with_of([version.pk])
    document = Document.objects.get(pk=version.document_id)
    factories.approval.perform(document, Action.AMEND, by=cast.deputy, seen=document.revision)
    assert made_with_of([version.pk]) == before


def test_a_store_that_takes_nothing_costs_only_the_keeping(version: DocumentVersion, settings, tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_text("")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": tmp_path / "no-folder"}}
    }
    assert paper_of(version).startswith(b"%PDF")
    assert not StoredPaper.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_keep_one_paper() -> None:
    cast = make_cast()
    version = factories.sent(factories.school_schedule(cast.school, by=cast.deputy), by=cast.deputy)
    pdf = paper_of(version)
    StoredPaper.objects.all().delete()
    for name in files():
        file_store().delete(name)
    made_with = made_with_of([version.pk])[version.pk]
    first, second = at_once(*[lambda: keep_paper(version.pk, made_with, pdf)] * 2)
    assert first.pk == second.pk
    assert files() == [StoredPaper.objects.get().stored_as]
