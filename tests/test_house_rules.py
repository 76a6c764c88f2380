"""What only one module may do, and what nobody may: read off the sources."""

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("cpd", "schools", "courses", "plans")
PYTHON = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))

ONLY_IN = {
    r"weasyprint": {"cpd/typesetter.py", "cpd/pdf.py"},
    r"xlsxwriter": {"courses/exports.py"},
    r"openpyxl": {"cpd/sheet_reader.py"},
    r"mark_safe|SafeString\(": set(),
    r"csrf_exempt": set(),
    r"build_absolute_uri\(": set(),
    r"\.replace\(year=": set(),
    # Named in approval to say why it is not used; in actions it queues one author's new plans on PostgreSQL, at a
    # district's desk its reminders, in staffing all that is written about one person, in requests the needs that are
    # being counted, in the standard the version that nobody has answered by yet, in the questions of sheets the one
    # that has not begun.
    r"select_for_update": {
        "schools/approval.py",
        "plans/actions.py",
        "courses/schedules/desk_actions.py",
        "courses/books/jobs.py",
        "schools/staffing.py",
        "schools/roles.py",
        "schools/delegations.py",
        "schools/merging.py",
        "courses/importing/applying.py",
        "courses/importing/sweeping.py",
        "courses/importing/undoing.py",
        "plans/erasing.py",
        "plans/requests/actions.py",
        "plans/requests/grouping.py",
        "plans/lecturers/starting.py",
        "plans/lecturers/replacing.py",
        "schools/units.py",
        "plans/standard/actions.py",
        "plans/mentoring/actions.py",
        "plans/mentoring/question_sets.py",
    },
    r"django\.db\.models\.signals|@receiver": set(),
    r"GenericForeignKey": set(),
}


def relative(paths: list[Path]) -> dict[str, str]:
    return {str(path.relative_to(ROOT)): path.read_text() for path in paths}


@pytest.mark.parametrize("pattern", ONLY_IN)
def test_only_the_named_modules_use(pattern: str) -> None:
    using = {name for name, text in relative(PYTHON).items() if re.search(pattern, text)}
    assert using <= ONLY_IN[pattern]


def test_views_never_start_from_all_rows() -> None:
    views = {name: text for name, text in relative(PYTHON).items() if "/views" in name}
    assert views
    assert {name for name, text in views.items() if re.search(r"objects\.all\(\)", text)} == set()


def test_templates_never_switch_escaping_off_nor_carry_scripts() -> None:
    texts = relative([path for path in TEMPLATES if "pdf" not in path.parts])
    assert texts
    forbidden = re.compile(
        r"""\|\s*safe\b|autoescape off|<script(?![^>]*\bsrc=)|<[^>{]*\s(?:on\w+|style)=|javascript:"""
    )
    assert {name for name, text in texts.items() if forbidden.search(text)} == set()


def test_papers_never_switch_escaping_off() -> None:
    papers = relative([path for path in TEMPLATES if "pdf" in path.parts])
    assert papers
    assert {name for name, text in papers.items() if re.search(r"\|\s*safe\b|autoescape off", text)} == set()


def test_templates_load_nothing_from_another_host() -> None:
    pattern = re.compile(r"""(?:src|href|action)=["']\s*(?:https?:)?//""")
    assert {name for name, text in relative(TEMPLATES).items() if pattern.search(text)} == set()


def test_every_form_that_posts_to_us_carries_its_tokens() -> None:
    """A CSRF token always; a one-use token unless the form only signs in or out, switches the language, marks as read,
    makes an address that takes the place of the one before, or uses a slip; what signs in is allauth's, not ours."""
    harmless = {
        "templates/components/header.html",
        "templates/courses/calendar_feed.html",
        "templates/plans/_assessment_card.html",  # the same answer sent twice is one answer
        "templates/plans/assessment.html",  # and so are all of them
        "templates/plans/lesson_sheet_edit.html",  # the sheet's own number does it: sent twice it is one sheet
        "templates/plans/portfolio.html",  # and so is the same choice
        "templates/plans/my_data.html",  # the archive is made anew each time, and nothing of it is kept
        "templates/schools/invitation.html",  # the slip itself is used once
        "templates/schools/invitation_code.html",
        "templates/schools/invitation_other.html",
        "templates/schools/invitation_unusable.html",
        "templates/schools/mail_confirm.html",
        "templates/schools/notices.html",
    }
    for name, text in relative(TEMPLATES).items():
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL):
            assert "{% csrf_token %}" in form, name
            is_harmless = name in harmless or name.startswith(("templates/account/", "templates/mfa/"))
            assert is_harmless or "{% once_token %}" in form, name


def test_only_approval_writes_the_state_of_documents() -> None:
    writing = re.compile(r"\.state\s*=[^=]|update\([^)]*\bstate=|create\([^)]*\bstate=")
    using = {name for name, text in relative(PYTHON).items() if writing.search(text)}
    # A book, an import or a move between schools is no document: its states are its own.
    apart = {"courses/books/jobs.py", "courses/importing/states.py", "courses/management/commands/import_workbook.py"}
    apart |= {"schools/staffing.py", "schools/transfers.py"}
    assert using <= {"schools/approval.py", *apart}


def test_only_verification_writes_the_status_of_records() -> None:
    writing = re.compile(
        r"""\.status\s*=[^=]|(?:update|create)\([^)]*\bstatus=|\bstatus=target|["']status["']: RecordStatus"""
    )
    using = {name for name, text in relative(PYTHON).items() if writing.search(text)}
    assert using == {"courses/verification.py"}


def test_numbers_of_norms_stand_in_no_code_nor_template() -> None:
    """Hours and years of the regulations are rows; only the migration that seeds them may know them."""
    norms = {"72"}
    written = {name: numbers_in(text) for name, text in relative(PYTHON).items() if "/demo/" not in name}
    number = re.compile(r"(?<![\w.#&-])\d+(?![\w.%-])")
    written |= {name: set(number.findall(text)) for name, text in relative(TEMPLATES).items()}
    assert {name for name, numbers in written.items() if numbers & norms} == set()


def numbers_in(text: str) -> set[str]:
    """The numbers of the code itself; examples in docstrings and comments are no code."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string for token in tokens if token.type == tokenize.NUMBER}
