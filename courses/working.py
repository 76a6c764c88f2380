"""What ``manage.py work`` looks after of courses."""

from courses.books.jobs import take_up_lost

TAKE_UP_LOST = take_up_lost
