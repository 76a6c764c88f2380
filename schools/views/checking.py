"""What the square on a paper opens: a light page for whoever holds the paper, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from schools.checking import told_by


@login_not_required
@never_cache
@require_GET
def paper_check(request: HttpRequest, mark: str) -> HttpResponse:
    """Unknown, mistyped and made up: one page and one status for all. Search engines are asked to stay away."""
    told = told_by(mark)
    answer = render(request, "schools/paper_check.html", {"told": told}, status=200 if told else 404)
    answer["X-Robots-Tag"] = "noindex"
    return answer
