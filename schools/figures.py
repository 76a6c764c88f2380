"""What ``/metrics`` says of the journal and of e-mails."""

from collections.abc import Iterator

from cpd import runs
from cpd.metrics import Figure
from schools.models import AuditEntry


def figures() -> Iterator[Figure]:
    unsealed = AuditEntry.objects.filter(seal=None).count()
    yield Figure("cpd_journal_unsealed", "Entries of the journal that no seal names yet.", unsealed)
    yield Figure("cpd_mails_failed", "E-mails that the last daily run could not send.", runs.failed_mails())


FIGURES = figures
