"""Words that the page of mentors and its forms share."""

import datetime as dt

from django.utils.translation import gettext as _

from cpd.dates import short_date


def away_told(until: dt.date | None) -> str:
    """That somebody is on long leave; why is nobody's to read."""
    return _("on long leave until %(day)s") % {"day": short_date(until)} if until else _("on long leave")
