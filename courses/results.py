"""What came of a course: articles, manuals, work programmes, each with its scan where there is one (004 7.1, 7.2)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from courses.files import hold_for
from courses.models import CertificateFile, RecordAttachment, TrainingRecord
from schools.choices import DocumentKind
from schools.kinds import WAYS
from schools.models import User


def takes_results(record: TrainingRecord) -> bool:
    """Where courses are reported on, their results are kept with them; a note beside courses has none."""
    return not record.is_noted and WAYS[record.institution.kind].uses(DocumentKind.COURSE_REPORT)


def can_add_results(user: User, record: TrainingRecord) -> bool:
    return record.person_id == user.person_id and takes_results(record)


def add_result(
    *, by: User, record: TrainingRecord, kind: str, title: str, file: CertificateFile | None
) -> RecordAttachment:
    """Put a result of one's own course beside it. ``Refused`` where the file chosen is no longer there."""
    with transaction.atomic():
        if not can_add_results(by, record):
            raise PermissionDenied
        result = RecordAttachment(record=record, kind=kind, title=title)
        result.file = hold_for(result, file) if file else None
        result.save()
        return result


def remove_result(*, by: User, result: RecordAttachment) -> None:
    """Take it out; its file is swept away later. What a report named stays in that report."""
    if not can_add_results(by, result.record):
        raise PermissionDenied
    result.delete()
