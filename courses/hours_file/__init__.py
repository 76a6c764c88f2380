"""The hours rule asked from outside: one JSON document in, one answer out. ``docs/rules.md`` describes both.

No database, no clock.
"""

from courses.hours_file.answer import answer
from courses.hours_file.question import Question, read
from courses.hours_file.reader import BadDocument

__all__ = ["BadDocument", "Question", "answer", "read"]
