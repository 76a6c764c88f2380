"""My courses: what is planned, where a place is confirmed, what was attended, and the certificate."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cpd.dates import school_year_of, today
from plans.my_courses import my_courses as courses_of
from schools.http import Request


@require_safe
def my_courses(request: Request) -> HttpResponse:
    """One's own courses of this and the next school year."""
    year = school_year_of(today())
    return render(
        request,
        "plans/my_courses.html",
        {"courses": courses_of(request.user, today()), "years": (year, year + 1), "today": today()},
    )
