"""Books asked for and made: one for the same versions, by whoever may have it, at most three attempts, and kept."""

import datetime as dt
import subprocess
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader

from courses.books import jobs
from courses.books.archive import write_archive
from courses.books.binding import bind, contents_html, cover_html
from courses.books.edition import edition_now
from courses.books.papers import keep_paper, made_with_of, paper_of
from courses.books.sweeping import BOOKS_ARE_KEPT
from courses.choices import BookForm, BookState
from courses.invariants import books_are_ended, finished_files_are_whole
from courses.models import Book, Schedule, StoredPaper
from courses.models.books import LEASE
from courses.schedules.desk import DeskState
from cpd.dates import today
from cpd.pdf import pdf_of
from cpd.storage import file_store
from schools import approval
from schools.approval import Refused
from schools.choices import Action
from schools.models import Document, DocumentVersion, Person, RoleAssignment, User
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def asked(cast: Cast, form: str = BookForm.BOOK, by: User | None = None) -> Book:
    return jobs.ask_for(cast.district, factories.next_school_year(), form, by=by or cast.officer)


def made(book: Book) -> Book:
    jobs.make_book.func(book.pk)
    book.refresh_from_db()
    return book


def content(book: Book) -> bytes:
    with file_store().open(book.stored_as) as stored:
        data: bytes = stored.read()
    return data


def files() -> set[str]:
    return {name for name, _at in file_store().everything()}


# Asking


def test_asking_twice_makes_one_book_and_one_task(cast: Cast, versions: list[DocumentVersion]) -> None:
    first, second = asked(cast), asked(cast)
    assert first.pk == second.pk
    assert first.versions == [version.pk for version in versions]
    [task] = DBTaskResult.objects.all()
    assert task.args_kwargs == {"args": [first.pk], "kwargs": {}}
    assert asked(cast, BookForm.WORKBOOK).pk != first.pk


def test_nothing_is_made_of_nothing(cast: Cast) -> None:
    factories.school_schedule(cast.school, by=cast.deputy)
    with pytest.raises(Refused):
        asked(cast)
    assert not Book.objects.exists()


def test_a_finished_book_is_kept_until_a_version_changes(cast: Cast, versions: list[DocumentVersion]) -> None:
    first = made(asked(cast))
    assert first.state == BookState.DONE
    assert asked(cast).pk == first.pk
    assert jobs.is_current(first)
    factories.received(versions[1].document, by=cast.officer)
    assert not jobs.is_current(first)
    kept = set(StoredPaper.objects.values_list("pk", flat=True))
    second = made(asked(cast))
    assert second.pk != first.pk
    [fresh] = StoredPaper.objects.exclude(pk__in=kept)
    assert fresh.version_id == versions[1].pk  # the other school's paper is the one that was there


def test_a_finished_book_whose_file_was_lost_is_made_again(cast: Cast, versions: list[DocumentVersion]) -> None:
    first = made(asked(cast))
    file_store().delete(first.stored_as)
    second = asked(cast)
    assert (second.state, Book.objects.count()) == (BookState.WAITING, 1)


def test_schools_stand_by_the_alphabet_and_their_numbers_by_size(cast: Cast) -> None:
    for title in ("№10 орто мектеп", "№2 орто мектеп", "Өзөн мектеби", "Озон мектеби", "№2 орто мектеп А"):
        school = factories.InstitutionFactory(title_ky=title, district=cast.district)
        director = factories.UserFactory()
        factories.RoleFactory(person=director.person, role="director", institution=school)
        factories.sent(factories.school_schedule(school, by=director), by=director)
    schools = [section.school for section in edition_now(cast.district, factories.next_school_year()).sections]
    assert schools == ["Озон мектеби", "Өзөн мектеби", "№2 орто мектеп", "№2 орто мектеп А", "№10 орто мектеп"]


# Whose schedules are in it


def returned(document: Document, by: User) -> None:
    approval.perform(document, Action.RETURN, by=by, seen=document.revision, reason="Мөөнөтүн тактаңыз.")


def changed_and_sent(version: DocumentVersion, by: User) -> DocumentVersion:
    document = Document.objects.get(pk=version.document_id)
    approval.perform(document, Action.AMEND, by=by, seen=document.revision)
    return factories.sent(Schedule.objects.get(pk=document.pk), by=by)


def test_the_institute_gets_only_what_the_district_has_accepted(cast: Cast, versions: list[DocumentVersion]) -> None:
    whole, accepted = asked(cast), asked(cast, by=cast.institute)
    assert (whole.versions, whole.missing) == ([version.pk for version in versions], [])
    assert accepted.versions == [versions[0].pk]
    assert accepted.missing == [[cast.other_school.title_ky, DeskState.WAITING]]
    assert list(Book.objects.visible_to(cast.institute)) == [accepted]
    assert set(Book.objects.visible_to(cast.officer)) == {whole, accepted}
    assert made(accepted).state == BookState.DONE
    [line] = [line for line in text(content(accepted), 2).splitlines() if cast.other_school.title_ky in line]
    assert str(DeskState.WAITING.label) in line
    change = changed_and_sent(versions[0], cast.deputy)
    assert jobs.is_current(accepted)  # the change waits for the district
    factories.received(change.document, by=cast.officer)
    assert not jobs.is_current(accepted)


def test_books_of_the_same_versions_are_told_apart_by_what_they_leave_out(
    cast: Cast, versions: list[DocumentVersion]
) -> None:
    factories.received(versions[1].document, by=cast.officer)
    whole, accepted = asked(cast), asked(cast, by=cast.institute)
    assert whole.versions == accepted.versions
    assert whole.fingerprint != accepted.fingerprint


def test_where_nothing_was_accepted_the_institute_gets_no_book(cast: Cast) -> None:
    factories.sent(factories.school_schedule(cast.school, by=cast.deputy), by=cast.deputy)
    with pytest.raises(Refused):
        asked(cast, by=cast.institute)
    assert asked(cast).missing == [[cast.other_school.title_ky, DeskState.NOT_SENT]]


@pytest.mark.parametrize("form", BookForm.values)
def test_what_was_returned_is_left_out_and_named(cast: Cast, versions: list[DocumentVersion], form: str) -> None:
    before = made(asked(cast, form))
    returned(versions[1].document, by=cast.officer)
    assert not jobs.is_current(before)
    book = made(asked(cast, form))
    assert book.versions == [versions[0].pk]
    assert book.missing == [[cast.other_school.title_ky, DeskState.RETURNED]]
    if form == BookForm.BOOK:
        reader = PdfReader(BytesIO(content(book)))
        assert len(reader.outline) == 1
        assert "48" in text(content(book), 1).split()
        [line] = [line for line in text(content(book), 2).splitlines() if cast.other_school.title_ky in line]
        assert str(DeskState.RETURNED.label) in line
    elif form == BookForm.WORKBOOK:
        rows, schools, others = openpyxl.load_workbook(BytesIO(content(book))).worksheets
        assert cast.other_school.title_ky not in {row[0].value for row in rows.iter_rows()}
        assert [cell.value for cell in list(schools.iter_rows())[-1]][-3:] == [2, 2, 48]
        last = [cell.value for cell in list(others.iter_rows())[-1]]
        assert last == [1, cast.other_school.title_ky, str(DeskState.RETURNED.label)]
    else:
        archive = zipfile.ZipFile(BytesIO(content(book)))
        first, *schedules = archive.namelist()
        assert len(schedules) == 2
        assert first.startswith("0_")
        [sheet] = openpyxl.load_workbook(BytesIO(archive.read(first))).worksheets
        assert [cell.value for cell in list(sheet.iter_rows())[-1]][1] == cast.other_school.title_ky


def test_a_returned_change_gives_way_to_the_version_in_force(cast: Cast, versions: list[DocumentVersion]) -> None:
    change = changed_and_sent(versions[0], cast.deputy)
    assert asked(cast).versions == [change.pk, versions[1].pk]
    returned(Document.objects.get(pk=change.document_id), by=cast.officer)
    book = asked(cast)
    assert (book.versions, book.missing) == ([version.pk for version in versions], [])


def test_where_all_was_returned_there_is_no_book(cast: Cast) -> None:
    version = factories.sent(factories.school_schedule(cast.school, by=cast.deputy), by=cast.deputy)
    returned(version.document, by=cast.officer)
    with pytest.raises(Refused) as refusal:
        asked(cast)
    assert refusal.value.message != str(_("No school has sent its schedule for this school year yet."))
    assert not Book.objects.exists()


# What is in it


def test_the_contents_name_the_page_on_which_each_school_begins(cast: Cast, versions: list[DocumentVersion]) -> None:
    book = made(asked(cast))
    assert (book.state, book.done, book.attempts, book.fault) == (BookState.DONE, 2, 1, "")
    reader = PdfReader(BytesIO(content(book)))
    pages = [text(content(book), number) for number in range(1, len(reader.pages) + 1)]
    for school, rows in ((cast.school, 2), (cast.other_school, 3)):
        [line] = [line for line in pages[1].splitlines() if school.title_ky in line]
        *_dates, teachers, courses, hours, page = line.split()
        assert (teachers, courses, hours) == (str(rows), str(rows), str(24 * rows))
        section = pages[int(page) - 1]
        assert school.title_ky in section
        assert "Критериалдуу баалоо 1" in section
        assert section.split()[0] == page  # the number in the corner
        assert "1 / 1" in section or "1/1" in section.replace(" ", "")
    outline = [(item.title, reader.get_destination_page_number(item) + 1) for item in reader.outline]
    assert outline == [(cast.school.title_ky, 3), (cast.other_school.title_ky, 4)]
    links = [link.get_object() for link in reader.pages[1]["/Annots"]]
    assert [reader.get_page_number(link["/Dest"][0].get_object()) + 1 for link in links] == [3, 4]
    assert not any("/A" in link for link in links)
    assert "5" in pages[0].split()
    assert "120" in pages[0].split()


def text(pdf: bytes, page: int) -> str:
    """As pdftotext reads it: a line of the paper is a line of the text."""
    command = ["pdftotext", "-layout", "-f", str(page), "-l", str(page), "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("form", BookForm.values)
def test_the_same_versions_make_the_same_bytes(cast: Cast, versions: list[DocumentVersion], form: str) -> None:
    first = content(made(asked(cast, form)))
    Book.objects.all().delete()
    assert content(made(asked(cast, form))) == first


def test_the_workbook_has_every_row_with_typed_cells(cast: Cast, versions: list[DocumentVersion]) -> None:
    book = openpyxl.load_workbook(BytesIO(content(made(asked(cast, BookForm.WORKBOOK)))))
    rows, schools = book.worksheets
    [heading] = [row for row in rows.iter_rows() if row[0].value and rows.freeze_panes == f"A{row[0].row + 1}"]
    top = heading[0].row
    assert rows.auto_filter.ref == f"A{top}:{heading[-1].coordinate[:-1].rstrip('0123456789')}{top + 5}"
    cells = [[cell.value for cell in row] for row in rows.iter_rows(min_row=top + 1)]
    assert [row[0] for row in cells] == [cast.school.title_ky] * 2 + [cast.other_school.title_ky] * 3
    assert all(24 in row and dt.datetime(factories.next_school_year(), 10, 5) in row for row in cells)
    *_others, last = schools.iter_rows()
    assert [cell.value for cell in last][-3:] == [5, 5, 120]
    assert schools.auto_filter.ref.endswith(str(last[0].row - 1))  # sorting leaves the sums where they are


def test_the_archive_holds_each_school_s_files_under_safe_names(cast: Cast, versions: list[DocumentVersion]) -> None:
    cast.other_school.title_ky = cast.school.title_ky = "../Ак «Бата» / №1"
    cast.school.save()
    cast.other_school.save()
    archive = zipfile.ZipFile(BytesIO(content(made(asked(cast, BookForm.ARCHIVE)))))
    names = archive.namelist()
    assert len(set(names)) == 4
    assert not any("/" in name or ".." in name for name in names)
    assert [archive.read(name)[:2] for name in names] == [b"%P", b"PK"] * 2


# What goes wrong


def test_a_school_whose_paper_cannot_be_made_fails_the_book_after_three_attempts(
    cast: Cast, versions: list[DocumentVersion]
) -> None:
    book = asked(cast)
    poisoned = versions[1].content | {"groups": [{"association": "", "rows": [{"teacher": "?"}]}]}
    spoil(versions[1], poisoned)
    # The first brings the other school's paper, so that only those after it were in vain.
    for tasks, attempts in ((2, 1), (3, 1), (4, 2)):
        made(book)
        assert (book.state, book.attempts) == (BookState.WAITING, attempts)
        assert DBTaskResult.objects.count() == tasks
    made(book)
    assert (book.state, book.attempts) == (BookState.FAILED, 3)
    assert cast.other_school.title_ky in book.fault_in_words
    assert StoredPaper.objects.get().version_id == versions[0].pk  # the others are kept
    assert made(book).attempts == 3
    assert asked(cast).pk != book.pk


def test_a_book_that_brings_a_paper_at_each_attempt_ends_after_twenty_kills(cast: Cast) -> None:
    schools = [factories.InstitutionFactory(district=cast.district) for _place in range(21)]
    person = Person.objects.get(pk=cast.other_director.person_id)
    for school in schools:
        factories.RoleFactory(person=person, role="director", institution=school)
        factories.sent(factories.school_schedule(school, by=cast.other_director), by=cast.other_director)
    book = asked(cast)
    with_what = made_with_of(book.versions)
    pdf = pdf_of("<p>Үлгү")
    for version in book.versions[:20]:
        claimed = jobs._claim(book.pk)
        assert claimed is not None
        keep_paper(version, with_what[version], pdf)
        Book.objects.update(lease_until=timezone.now() - LEASE)
    assert made(book).state == BookState.DONE
    assert (book.claims, book.attempts, book.done) == (21, 1, 21)
    assert StoredPaper.objects.count() == 21


def test_three_kills_that_bring_nothing_end_a_book(cast: Cast, versions: list[DocumentVersion]) -> None:
    book = asked(cast)
    for _attempt in range(3):
        assert jobs._claim(book.pk) is not None
        Book.objects.update(lease_until=timezone.now() - LEASE)
    assert made(book).state == BookState.FAILED


def spoil(version: DocumentVersion, poisoned: dict) -> None:
    """Past the rows' own protection, as only somebody with the database can."""
    super(type(DocumentVersion.objects.all()), DocumentVersion.objects.filter(pk=version.pk)).update(content=poisoned)


def test_whoever_lost_the_right_gets_no_book(cast: Cast, versions: list[DocumentVersion]) -> None:
    book = asked(cast)
    RoleAssignment.objects.filter(person=cast.officer.person).update(ends_on=today() - dt.timedelta(days=1))
    made(book)
    assert (book.state, book.stored_as) == (BookState.FAILED, "")
    assert book.fault_in_words
    assert files() == set()


def test_a_book_is_made_for_whoever_of_its_askers_may_still_have_it(
    cast: Cast, versions: list[DocumentVersion]
) -> None:
    colleague = factories.UserFactory()
    factories.RoleFactory(person=colleague.person, role="district_officer", district=cast.district)
    book = asked(cast)
    assert asked(cast, by=colleague) == book
    RoleAssignment.objects.filter(person=cast.officer.person).update(ends_on=today() - dt.timedelta(days=1))
    assert made(book).state == BookState.DONE


def test_a_lost_right_closes_a_finished_book(client: Client, cast: Cast, versions: list[DocumentVersion]) -> None:
    book = made(asked(cast))
    client.force_login(cast.officer)
    answer = client.get(reverse("book_file", args=[book.token]))
    assert b"".join(answer.streaming_content) == content(book)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    RoleAssignment.objects.filter(person=cast.officer.person).update(ends_on=today() - dt.timedelta(days=1))
    assert client.get(reverse("book_file", args=[book.token])).status_code == 404


def test_a_full_store_is_told_and_tried_again(
    cast: Cast, versions: list[DocumentVersion], settings, tmp_path: Path
) -> None:
    book = asked(cast)
    (tmp_path / "no-folder").write_text("")
    kept = settings.STORAGES
    settings.STORAGES = kept | {
        "default": {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": tmp_path / "no-folder"}}
    }
    made(book)
    assert (book.state, book.attempts, book.fault.partition(":")[0]) == (BookState.WAITING, 1, "not_stored")
    settings.STORAGES = kept
    assert made(book).state == BookState.DONE
    assert book.fault == ""


def test_a_book_that_kills_its_worker_is_given_up(cast: Cast, versions: list[DocumentVersion]) -> None:
    book = asked(cast)
    gone = timezone.now() - LEASE
    Book.objects.filter(pk=book.pk).update(state=BookState.RUNNING, attempts=3, lease_until=gone)
    made(book)
    assert (book.state, book.fault.partition(":")[0]) == (BookState.FAILED, "interrupted")


def test_only_the_lost_are_taken_up_and_each_once(cast: Cast, versions: list[DocumentVersion]) -> None:
    now = timezone.now()
    lost = factories.book(cast.district, by=cast.officer, state="running", lease_until=now - LEASE)
    stale = factories.book(cast.district, by=cast.officer, state="waiting", asked_at=now - 2 * LEASE)
    for state in ("running", "waiting", "done"):
        factories.book(cast.district, by=cast.officer, state=state)
    assert jobs.take_up_lost() == 2
    queued = {task.args_kwargs["args"][0] for task in DBTaskResult.objects.all()}
    assert queued == {lost.pk, stale.pk}
    assert jobs.take_up_lost() == 0


def test_a_worker_whose_book_was_taken_away_keeps_nothing(cast: Cast, versions: list[DocumentVersion]) -> None:
    book = asked(cast)
    ours = jobs._claim(book.pk)
    assert ours is not None
    Book.objects.update(lease_until=timezone.now() - LEASE)
    other = jobs._claim(book.pk)
    assert other is not None
    with pytest.raises(jobs.TakenAway):
        jobs._make(ours)
    assert Book.objects.get().attempts == 2
    jobs._make(other)
    done = Book.objects.get()
    assert done.state == BookState.DONE
    assert files() == {done.stored_as, *StoredPaper.objects.values_list("stored_as", flat=True)}


def test_the_lease_moves_on_while_the_file_is_put_together(
    cast: Cast, versions: list[DocumentVersion], tmp_path: Path
) -> None:
    edition = edition_now(cast.district, factories.next_school_year())
    for version in versions:
        (tmp_path / f"{version.pk}.pdf").write_bytes(paper_of(version))
    papers = {version.pk: tmp_path / f"{version.pk}.pdf" for version in versions}
    signs: list[str] = []
    write_archive(tmp_path / "book.zip", edition, papers, progress=lambda: signs.append("archive"))
    book = Book(district=cast.district, school_year=factories.next_school_year())
    front = [tmp_path / "cover.pdf", tmp_path / "contents.pdf"]
    for file, html in zip(front, (cover_html(book, edition), contents_html(book, edition, 0, 2)), strict=True):
        file.write_bytes(pdf_of(html))
    in_order = [(section, papers[section.version]) for section in edition.sections]
    bind(tmp_path / "book.pdf", front, in_order, progress=lambda: signs.append("book"))
    assert signs.count("archive") == 2
    assert signs.count("book") > 2  # each paper, and then the writing


def test_a_book_that_nobody_takes_up_is_known(cast: Cast) -> None:
    now = timezone.now()
    fresh = factories.book(cast.district, by=cast.officer, state="waiting")
    old = factories.book(cast.district, by=cast.officer, state="waiting", asked_at=now - 2 * LEASE)
    queued_again = factories.book(cast.district, by=cast.officer, state="waiting", lease_until=now - LEASE)
    assert [jobs.waits_in_vain(book) for book in (fresh, old, queued_again)] == [False, True, True]
    factories.book(cast.district, by=cast.officer, state="running")  # somebody is at work, and comes to them later
    assert not jobs.waits_in_vain(old)


# What is kept


def test_old_books_that_nobody_would_be_given_go(cast: Cast, versions: list[DocumentVersion]) -> None:
    current = made(asked(cast))
    long_ago = timezone.now() - BOOKS_ARE_KEPT - dt.timedelta(minutes=1)
    old = factories.book(cast.district, by=cast.officer, finished_at=long_ago)
    young = factories.book(cast.district, by=cast.officer)
    Book.objects.filter(pk=current.pk).update(finished_at=long_ago)
    call_command("tidy", stdout=StringIO())
    assert set(Book.objects.values_list("pk", flat=True)) == {current.pk, young.pk}
    assert old.stored_as not in files()
    assert {current.stored_as, young.stored_as} <= files()


def test_papers_that_were_made_anew_leave_after_a_day(cast: Cast, versions: list[DocumentVersion]) -> None:
    made(asked(cast))
    factories.received(versions[1].document, by=cast.officer)
    made(asked(cast))
    StoredPaper.objects.filter(version=versions[1]).update(made_at=timezone.now() - dt.timedelta(days=2))
    newest = StoredPaper.objects.filter(version=versions[1]).latest("pk")
    StoredPaper.objects.filter(pk=newest.pk).update(made_at=timezone.now())
    call_command("tidy", stdout=StringIO())
    assert list(StoredPaper.objects.filter(version=versions[1]).values_list("pk", flat=True)) == [newest.pk]
    assert {name for name in files() if name.endswith(".pdf")} == {
        *StoredPaper.objects.values_list("stored_as", flat=True),
        *Book.objects.values_list("stored_as", flat=True),
    }


def test_invariants_name_lost_files_and_books_that_nobody_makes(cast: Cast, versions: list[DocumentVersion]) -> None:
    book = made(asked(cast))
    assert breaches() == []
    file_store().delete(book.stored_as)
    long_ago = timezone.now() - dt.timedelta(hours=2)
    stuck = factories.book(cast.district, by=cast.officer, state="running", lease_until=long_ago)
    lost, waiting = breaches()
    assert book.stored_as in lost
    assert waiting.startswith(f"book {stuck.pk}: running since")


def breaches() -> list[str]:
    return [*finished_files_are_whole(), *books_are_ended()]
