"""What people are told of plans, of schools' requests on learning needs, and of mentors."""

from plans.mentors import notices as mentors
from schools.choices import PERSONAL, DocumentKind
from schools.document_notices import decided, waiting
from schools.notices import Sources

REQUESTS = (DocumentKind.NEEDS_REQUEST,)
SOURCES = Sources(
    events=(
        decided(PERSONAL, "plan"),
        waiting(PERSONAL, "plan"),
        decided(REQUESTS, "needs_request"),
        waiting(REQUESTS, "needs_request"),
        mentors.fixed,
        mentors.ended,
    ),
    days=(mentors.lacking,),
    waiting={"unguided": mentors.names},
    words=mentors.WORDS,
)
