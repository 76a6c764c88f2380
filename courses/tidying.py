"""What ``manage.py tidy`` removes of courses."""

from courses.files import sweep

SWEEPS = {"files without a record": sweep}
