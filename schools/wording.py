"""In whose words a paper or an entry speaks; of pages and messages a person's own kind of institution decides."""

from schools.kinds import WAYS
from schools.models import Institution


def words_of(institution: Institution | None) -> str:
    """The words of the institution's kind (``cpd.wording``); those of schools where there is none."""
    return WAYS[institution.kind].words if institution else ""
