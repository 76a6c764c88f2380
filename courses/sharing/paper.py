"""F18: what was shared after courses, of one teacher, of an association or of a school."""

from collections.abc import Iterable

from courses.models import SharingEvent
from cpd.dates import school_year_label, today
from cpd.pdf import render_pdf
from schools.models import Institution
from schools.wording import words_of

FORM = "F18"


def sharing_pdf(
    events: Iterable[SharingEvent], *, of: str, school: Institution | None, signs: str, year: int | None
) -> bytes:
    """The occasions in the order given. ``of`` is whose they are, ``signs`` who signs it (teacher, head or deputy),
    ``year`` the school year they are of; None is all of them.
    """
    return render_pdf(
        "pdf/f18.html",
        {
            "events": list(events),
            "of": of,
            "school": school.title_ky if school else "",
            "signs": signs,
            "year": school_year_label(year) if year is not None else "",
            "printed_on": today(),
        },
        words_of(school),
    )
