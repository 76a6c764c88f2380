"""What must always hold of certificate files. ``manage.py check_invariants`` runs it with the rest."""

import datetime as dt
from collections.abc import Callable, Iterable
from hashlib import sha256

from django.utils import timezone

from courses.files import names_of, without_row
from courses.models import CertificateFile
from cpd.storage import file_store

Check = Callable[[], Iterable[str]]

# “tidy” runs weekly and leaves what is younger than a day.
SWEPT_WITHIN = dt.timedelta(days=8)


def files_are_whole() -> Iterable[str]:
    """I7: every row has its file, with every byte of it, and the pictures beside it."""
    for file in CertificateFile.objects.order_by("pk").iterator():
        for name in names_of(file):
            try:
                with file_store().open(name) as stored:
                    found = sha256(stored.read()).hexdigest()
            except OSError as problem:
                yield f"certificate file {file.pk}: {name} cannot be read, {problem.strerror or problem}"
            else:
                if name == file.stored_as and found != file.sha256:
                    yield f"certificate file {file.pk}: {name} does not match its hash"


def files_have_rows() -> Iterable[str]:
    """I7: nothing lies in the store for long that no row names."""
    return [f"{name} belongs to no row" for name in without_row(timezone.now() - SWEPT_WITHIN)]


CHECKS: tuple[Check, ...] = (files_are_whole, files_have_rows)
