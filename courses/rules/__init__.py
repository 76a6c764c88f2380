"""The hours rule: which record counts, what the hours add up to, and where a teacher stands on a day.

Dataclasses in, judgement out: no database, no clock, no words. ``docs/rules.md`` tells it for people.
"""

from courses.rules.counting import NEVER_COUNTED, Figure, Row, attested_figure, counted_in, hours_of, live_figure
from courses.rules.deadlines import induction_plan_due_on, internship_report_due_on
from courses.rules.flags import LATE_ENTRY_YEARS, flags
from courses.rules.frequency import SHORT_COURSES, Frequency, attested_events, event_rows, is_event
from courses.rules.inputs import Facts, Pair, Policy, Record, RecordId
from courses.rules.judging import Judgement, judge, percent_of
from courses.rules.kinds import CourseKind, kind_by_hours
from courses.rules.leave import Leave, Term, days_away, extended, years_after
from courses.rules.policies import last_policy, plan_on, policy_for, policy_on

__all__ = [
    "LATE_ENTRY_YEARS",
    "NEVER_COUNTED",
    "SHORT_COURSES",
    "CourseKind",
    "Facts",
    "Figure",
    "Frequency",
    "Judgement",
    "Leave",
    "Pair",
    "Policy",
    "Record",
    "RecordId",
    "Row",
    "Term",
    "attested_events",
    "attested_figure",
    "counted_in",
    "days_away",
    "event_rows",
    "extended",
    "flags",
    "hours_of",
    "induction_plan_due_on",
    "internship_report_due_on",
    "is_event",
    "judge",
    "kind_by_hours",
    "last_policy",
    "live_figure",
    "percent_of",
    "plan_on",
    "policy_for",
    "policy_on",
    "years_after",
]
