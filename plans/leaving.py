"""What of plans hangs on an employment that ends: needs that the school counts or is about to count."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cpd.dates import school_year_label, school_year_of
from plans.models import LearningNeed
from schools.leaving import Hanging
from schools.models import Employment


def of_needs(employment: Employment, last_day: dt.date) -> Iterator[Hanging]:
    """One line for each school year that has not ended by then."""
    needs = LearningNeed.objects.passed_on().filter(employment=employment, school_year__gte=school_year_of(last_day))
    for year in sorted(set(needs.values_list("school_year", flat=True))):
        told = {"year": school_year_label(year)}
        text = _("Learning needs of %(year)s. A request that was handed in counts them still.") % told
        yield Hanging(text, url=f"{reverse('school_needs', args=[employment.institution_id])}?year={year}")


HANGING = of_needs
