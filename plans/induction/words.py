"""Why the duty of a young specialist's plan stands as it does, in sentences a teacher can read."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.choices import CountedFrom
from courses.models import InductionNorm
from cpd.dates import short_date
from plans.induction.rules import Facts, Judgement


def reasons(facts: Facts, norm: InductionNorm, judgement: Judgement) -> tuple[str, ...]:
    """From which day it is counted and how long, what moved the day, and which clause says so."""
    said = [_counted_from(facts, norm, judgement), _how_long(norm)]
    if facts.is_begun_elsewhere:
        said.append(
            _("Each school has a plan of its own: the duty begins anew here, another school's does not go on.")
        )
    if judgement.due and judgement.due.days_moved:
        moved = judgement.due.days_moved
        text = ngettext("Moved by %(days)s day of long leave.", "Moved by %(days)s days of long leave.", moved)
        said.append(text % {"days": moved})
    source = {"act": norm.legal_act, "clause": norm.source_clause}
    return *said, _("Source: %(act)s, clause %(clause)s") % source


def _counted_from(facts: Facts, norm: InductionNorm, judgement: Judgement) -> str:
    start = judgement.counted_from
    if start is None:
        return _("It will be counted from the order that fixes the mentor.")
    if start == facts.employed_from and norm.counted_from != CountedFrom.ORDER:
        return _("Counted from the first day of work: %(day)s.") % {"day": short_date(start)}
    if start == facts.ordered_on:
        return _("Counted from the order that fixed the mentor: %(day)s.") % {"day": short_date(start)}
    return _("Counted from %(day)s: the years from the first day of work are over.") % {"day": short_date(start)}


def _how_long(norm: InductionNorm) -> str:
    text = ngettext(
        "The plan is made within %(months)s month.", "The plan is made within %(months)s months.", norm.due_months
    )
    return text % {"months": norm.due_months}
