"""Warnings of a schedule as sentences, for pages."""

from django import template
from django.utils.translation import gettext_lazy as _

from courses.choices import Clash
from courses.schedules.clashes import Warning
from cpd.dates import span

register = template.Library()

SAID = {
    Clash.SAME_TEACHER: _("The teacher has a second course at the same time: %(names)s."),
    Clash.SAME_SUBJECT: _("Away in the same week, of the same subject: %(names)s."),
    Clash.SAME_ASSOCIATION: _("Away in the same week, of the same association: %(names)s."),
    Clash.MENTOR_WITH_MENTEE: _("Mentor and young specialist are away together: %(names)s."),
    Clash.LEAVE: _("The course falls into the teacher's leave: %(days)s"),
    Clash.EXAMS: _("The course falls into examination weeks: %(days)s"),
    Clash.AFTER_DUE: _("The course ends after the due date (%(days)s)."),
    Clash.TOO_MANY_AWAY: _("More teachers than the limit are away at once: %(away)s (%(days)s)."),
}
SECOND_COURSE = _("The teacher has a second course at the same time.")


@register.filter
def said(warning: Warning) -> str:
    """One sentence, with the others' names and the days concerned."""
    if warning.code == Clash.SAME_TEACHER and not warning.names:  # the other row has no course yet
        return str(SECOND_COURSE)
    days = span(warning.on.starts_on, warning.on.ends_on) if warning.on else ""
    return str(SAID[warning.code]) % {"names": ", ".join(warning.names), "days": days, "away": warning.away}
