"""What ``manage.py tidy`` puts in order of schools."""

from cpd.dates import add_years, today
from schools.choices import Kept
from schools.models import Notice, RetentionPeriod
from schools.sealing import seal
from schools.staffing import settle_main_jobs


def old_notices() -> int:
    """Notices past the years they are kept for; for ever where no years are set."""
    years = RetentionPeriod.objects.filter(kept=Kept.NOTICES).values_list("years", flat=True).first()
    if years is None:
        return 0
    notices, _by_table = Notice.objects.filter(made_at__date__lt=add_years(today(), -years)).delete()
    return notices


# Where no worker runs, the journal is sealed here.
SWEEPS = {"lacking seals": seal, "old notices": old_notices, "second jobs left alone": settle_main_jobs}
