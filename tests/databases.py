"""What is tried on both databases, and why a database could answer it otherwise.

Everything is tried on the first one, PostgreSQL. On the second, SQLite, are tried the files listed here and whatever
commits (real transactions: races, locks, workers), wherever it stands. Not tried a second time are pages, forms,
papers, words, notices, rules that Python decides, and long random walks: beneath them lie the same statements as here.
A file about a new constraint, statement or search is entered here.
"""

from pathlib import Path

import pytest

from tests.standing import is_real

ON_BOTH: dict[str, tuple[str, ...]] = {
    "constraints, and what is said where one refuses": (
        "courses/test_constraints.py",
        "schools/test_constraints.py",
        "courses/test_norms.py",
    ),
    "letters: order, search, folding, names that are taken for others": (
        "cpd/test_text.py",
        "courses/test_registers.py",
        "schools/test_accounts.py",
        "schools/test_reference.py",
        "web/test_guessing.py",
    ),
    "statements of our own: SQL, prepared queries, sums, windows, dates that are counted in the database": (
        "courses/test_facts.py",
        "courses/test_standing.py",
        "courses/test_young.py",
        "courses/offerings/test_queue.py",
        "courses/schedules/test_surroundings.py",
        "cpd/test_prepared.py",
        "plans/test_country_needs.py",
        "plans/test_orders_totals.py",
        "plans/test_requests.py",
        "plans/test_schedule_facts.py",
        "schools/test_sent.py",
        "schools/test_scope.py",
    ),
    "writes that hold only where nobody else wrote, and what is held once": (
        "courses/schedules/test_actions.py",
        "courses/test_handing_in.py",
        "courses/test_save_record.py",
        "cpd/test_once.py",
        "cpd/test_unsaved.py",
        "plans/test_actions.py",
        "schools/test_invitations.py",
        "schools/test_roles.py",
        "schools/test_staffing.py",
        "schools/test_transfers.py",
        "web/test_sessions.py",
    ),
    "many rows changed in one transaction, moved, or taken back": (
        "courses/importing/test_applying.py",
        "courses/importing/test_command.py",
        "courses/importing/test_jobs.py",
        "courses/importing/test_sweeping.py",
        "courses/importing/test_undoing.py",
        "cpd/test_tidy.py",
        "plans/test_erasing.py",
        "schools/test_merging.py",
    ),
    "history that is sealed, and what must always hold": (
        "courses/test_invariants.py",
        "courses/test_records_in_the_journal.py",
        "schools/test_invariants.py",
        "schools/test_sealing.py",
        "schools/test_verify_audit.py",
    ),
    "the database itself: migrations, copies, restored copies, its being away": (
        "cpd/test_backup.py",
        "cpd/test_nightly.py",
        "cpd/test_watched.py",
        "test_migrations.py",
    ),
    "hostile text and numbers: NUL, numbers without end, letters it does not know": ("web/test_crawl.py",),
}
# What judges rows that the test itself invented; what forms refuse before any database is asked; and books drawn by a
# worker: imports have one that is killed as well.
NOT_AGAIN = ("test_the_random_rows_reach_every_reason_and_status", "test_hostile_forms_break_no_page")
DRAWN = ("courses/books/test_papers.py", "courses/books/test_worker.py")

FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
TESTS = Path(__file__).parent


def is_for_both(item: pytest.Item) -> bool:
    """Whether a test is tried on the second database too."""
    name = item.path.relative_to(TESTS).as_posix()
    if is_real(item):
        return name not in DRAWN
    asks = item.get_closest_marker("django_db") is not None or bool(set(getattr(item, "fixturenames", ())) & FIXTURES)
    listed = any(name in files for files in ON_BOTH.values())
    return asks and listed and not item.name.startswith(NOT_AGAIN)
