"""Dates on pages and papers: never broken at their hyphens, and copied as they are written."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

DAY = dt.date(2026, 11, 21)
AT = dt.datetime(2026, 11, 21, 4, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("{{ day|short_date }}", '<span class="date">21-ноябрь 2026-ж.</span>'),
        ("{{ day|approval_date }}", '<span class="date">«21»-ноябрь 2026-ж.</span>'),
        ("{{ at|moment }}", '<span class="date">21-ноябрь 2026-ж.</span>, 10:05'),
        ("{{ 2026|school_year }}", '<span class="date">2026-2027</span>'),
        (
            "{% blocktranslate trimmed with date=day|short_date %}Printed on {{ date }}{% endblocktranslate %}",
            'Басылган датасы: <span class="date">21-ноябрь 2026-ж.</span>',
        ),
    ],
)
def test_a_date_stays_on_one_line(shown: str, expected: str) -> None:
    with translation.override("ky"):
        assert Template(shown).render(Context({"day": DAY, "at": AT})) == expected
