"""What ``manage.py tidy`` removes of courses."""

from courses.books.sweeping import old_books, old_papers
from courses.files import sweep
from courses.importing.sweeping import old_imports

SWEEPS = {
    "old books": old_books,
    "old papers": old_papers,
    "old imports": old_imports,
    "files without a record": sweep,
}
