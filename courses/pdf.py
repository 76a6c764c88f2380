"""The papers of what was learnt."""

from decimal import Decimal

from cpd.dates import today
from cpd.pdf import render_pdf
from schools.models import Employment, Person


def record_pdf(person: Person, employment: Employment | None) -> bytes:
    """F03, the record of achieved goals. Without course records there are no rows and no hours yet."""
    return render_pdf(
        "pdf/f03.html",
        {
            "name": person.full_name,
            "school": employment.institution.title_ky if employment else "",
            "rows": [],
            "total_hours": Decimal(),
            "counted_hours": Decimal(),
            "printed_on": today(),
        },
    )
