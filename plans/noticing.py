"""What people are told of plans, of internships, of requests on learning needs, and of mentors."""

from plans.lecturers import notices as lecturers
from plans.lecturers import reminders
from plans.mentors import notices as mentors
from schools.choices import PLANS, DocumentKind
from schools.document_notices import decided, waiting
from schools.notices import Sources

REQUESTS = (DocumentKind.NEEDS_REQUEST,)
SOURCES = Sources(
    events=(
        decided(PLANS, "plan"),
        waiting(PLANS, "plan"),
        decided(REQUESTS, "needs_request"),
        waiting(REQUESTS, "needs_request"),
        mentors.fixed,
        mentors.ended,
        lecturers.replaced,
    ),
    days=(mentors.lacking, reminders.owed),
    waiting={"unguided": mentors.names},
    words={**mentors.WORDS, **lecturers.WORDS, **reminders.WORDS},
)
