"""What ``manage.py tidy`` removes of courses."""

from courses.books.sweeping import old_books, old_papers
from courses.files import sweep

SWEEPS = {"old books": old_books, "old papers": old_papers, "files without a record": sweep}
