"""What people are told of plans."""

from schools.choices import PERSONAL
from schools.document_notices import decided, waiting
from schools.notices import Sources

SOURCES = Sources(events=(decided(PERSONAL, "plan"), waiting(PERSONAL, "plan")))
