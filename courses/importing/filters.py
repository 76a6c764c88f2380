"""The rows of an import, narrowed."""

import django_filters
from django.utils.translation import gettext_lazy as _

from courses.choices import ImportTable, Verdict
from courses.models import ImportRow


class RowFilter(django_filters.FilterSet):
    table = django_filters.ChoiceFilter(label=_("Table"), choices=ImportTable, empty_label=_("all"))
    verdict = django_filters.ChoiceFilter(label=_("What becomes of it"), choices=Verdict, empty_label=_("all"))

    class Meta:
        model = ImportRow
        fields = ["table", "verdict"]
