"""The words of the hours rule: where its tests are written, and what somebody can do about hours that do not count."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import Reason, RecordStatus, Unfit
from schools.choices import InstitutionKind

# The clause behind a test (rules §3), by the regulation of the kind of institution. A test without one is a reading of
# our own, and says so.
CLAUSES: dict[Reason | Unfit, dict[str, str]] = {
    Reason.NOT_VERIFIED: {InstitutionKind.SCHOOL: "4.5.5"},
    Reason.NO_DOCUMENT: {
        InstitutionKind.SCHOOL: "4.5.5",
        InstitutionKind.COLLEGE: "4.6",
        InstitutionKind.UNIVERSITY: "5.2",
    },
    Reason.INFORMAL: {InstitutionKind.SCHOOL: "4.5.4, 5.3"},
    Reason.PROVIDER_NOT_ELIGIBLE: {InstitutionKind.SCHOOL: "4.5.1, 4.5.2"},
    Reason.OUTSIDE_WINDOW: {InstitutionKind.SCHOOL: "4.5.4", InstitutionKind.COLLEGE: "1.4"},
    Unfit.TOO_SHORT: {InstitutionKind.COLLEGE: "3.1, 3.3", InstitutionKind.UNIVERSITY: "1.5, III 2.4"},
}
ACTS: dict[str, Promise] = {
    InstitutionKind.SCHOOL: gettext_lazy("National regulation"),
    InstitutionKind.COLLEGE: gettext_lazy("Regulation of colleges"),
    InstitutionKind.UNIVERSITY: gettext_lazy("Regulation of universities"),
}

ADVICE: dict[Reason | Unfit, Promise] = {
    Reason.NO_DOCUMENT: gettext_lazy("Ask for the record to be returned, and add the document with its photo."),
    Reason.NOT_PARTICIPANT: gettext_lazy("It stays in the record. If the role is wrong, ask for the record back."),
    Reason.INFORMAL: gettext_lazy("It stays in the record. Hours come from courses with a document."),
    Reason.NONFORMAL: gettext_lazy("It stays in the record. Hours come from formal courses."),
    Reason.PROVIDER_NOT_ELIGIBLE: gettext_lazy("Ask the deputy director to enter the organisation's right to teach."),
    Reason.NOT_FINISHED: gettext_lazy("It will count when it has ended."),
    Reason.HOURS_UNKNOWN: gettext_lazy("Ask the deputy director to enter the hours from the document."),
    Reason.OUTSIDE_WINDOW: gettext_lazy("Nothing needs to be done: these hours belong to another period."),
    Reason.DATE_UNCERTAIN: gettext_lazy("Ask for the record to be returned, and give the exact days."),
    Reason.DUPLICATE_DOCUMENT: gettext_lazy("If the number is wrong, ask for the record to be returned."),
    Reason.OVERLAP_UNRESOLVED: gettext_lazy("If both are right, ask the deputy director to confirm it."),
    Unfit.TOO_SHORT: gettext_lazy("It stays in the record. A longer one qualifies."),
    Unfit.OTHER_KIND: gettext_lazy("It stays in the record. If the kind is wrong, ask for the record back."),
}
ADVICE_KEEPER: dict[Reason | Unfit, Promise] = {  # for who keeps the registers of the record's institution
    Reason.PROVIDER_NOT_ELIGIBLE: gettext_lazy(
        "Enter the organisation's right to teach into the register of organisations."
    ),
}
ADVICE_UNVERIFIED: dict[str, Promise] = {
    RecordStatus.DRAFT: gettext_lazy("Submit the record for verification."),
    RecordStatus.SUBMITTED: gettext_lazy("Nothing needs to be done: it waits for the deputy director."),
    RecordStatus.RETURNED: gettext_lazy("Correct the record and submit it again."),
    RecordStatus.NOTED: gettext_lazy("Nothing needs to be done: it is noted beside courses."),
    RecordStatus.REJECTED: gettext_lazy("It was rejected; the record says why."),
}


def source(reason: Reason | Unfit, institution_kind: str) -> str:
    """Where the test that a record failed is written: act and clause, or that no act says it."""
    clause = CLAUSES.get(reason, {}).get(institution_kind)
    if clause is None:
        return _("no regulation says so: this is how the programme counts")
    return _("%(act)s, clause %(clause)s") % {"act": ACTS[institution_kind], "clause": clause}


def advice(reason: Reason | Unfit, status: str, *, to_keeper: bool = False) -> str:
    """What can be done about a record that does not count; nothing for one that does."""
    if reason == Reason.NOT_VERIFIED:
        return str(ADVICE_UNVERIFIED.get(status, ""))
    if to_keeper and reason in ADVICE_KEEPER:
        return str(ADVICE_KEEPER[reason])
    return str(ADVICE.get(reason, ""))
