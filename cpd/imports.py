"""Imports from Excel between reading and taking: one file at a time for each person, purpose and target.

Only who uploaded a file finds it again. The importer judges its rows anew when it takes them.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cpd.models import PendingImport

GONE = _("This file was taken already, or is no longer kept. Upload it again if need be.")


def pending(user: Any, purpose: str, target: int) -> QuerySet[PendingImport]:
    """The file that waits for this person to take it, if any."""
    return PendingImport.objects.filter(user=user, purpose=purpose, target=target)


def keep(user: Any, purpose: str, target: int, rows: Any) -> PendingImport:
    """Let a file that was read wait until it is taken; a former one goes, so that what is taken is what was shown."""
    waiting = pending(user, purpose, target)
    try:
        with transaction.atomic():
            waiting.delete()
            return PendingImport.objects.create(user=user, purpose=purpose, target=target, rows=rows)
    except IntegrityError:  # the same person's other copy came at the same moment: that one is shown
        return waiting.get()
