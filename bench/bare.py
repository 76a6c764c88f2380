"""The bare Django pages that each main page is measured beside: the same rows, fetched with one query, as a table.

A plain view and a plain template, twice. Below /bare/ there is no middleware, session, account, permission, menu,
translation, compression or header: what Django itself costs for these rows, and not what a page for people would need.
Below /plain/ the same page is one of a project as ``django-admin startproject`` makes it: its middleware and context
processors, and a view that only who is signed in may see. ``bench.served`` serves both beside the site, from the same
processes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.forms import modelformset_factory
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from courses.models import ScheduleEntry, TrainingRecord
from plans.models import PlanItem
from schools.models import Document, Employment, Notice

COMMON = 40  # rows of the one bare page that all pages are measured beside as well
PAGE = """<!DOCTYPE html>
<html lang="ky">
  <head>
    <meta charset="utf-8">
    <title>{{ title }}</title>
    <link rel="stylesheet" href="/static/bootstrap/css/bootstrap.min.css">
  </head>
  <body>
    <main class="container">
      <h1>{{ title }}</h1>
      BODY
    </main>
  </body>
</html>
"""
ITEM = [
    "programme_title", "direction", "rationale", "block", "study_form", "hours", "provider_text", "school_year",
    "month", "note",
]  # fmt: skip
RECORD = [
    "title", "starts_on", "ends_on", "provider_text", "hours_text", "kind", "status", "document_type",
    "document_number", "document_on",
]  # fmt: skip
PAPER = ["kind", "author.family_name", "author.given_name", "institution.title_ky", "starts_on", "ends_on", "state"]
JOB = [
    "person.family_name", "person.given_name", "person.fathers_name", "position", "staff_group",
    "association.title_ky", "starts_on", "is_main",
]  # fmt: skip


@dataclass(frozen=True)
class Bare:
    """The rows of one page and the columns it shows of them."""

    rows: Callable[[int], QuerySet]
    columns: list[str]
    is_form: bool = False


def papers(**wanted: int) -> QuerySet[Document]:
    return Document.objects.filter(**wanted).select_related("author", "institution").order_by("-changed_at")


def jobs(institution: int) -> QuerySet[Employment]:
    found = Employment.objects.filter(institution=institution).select_related("person", "association")
    return found.order_by("person__family_name")


def records(person: int) -> QuerySet[TrainingRecord]:
    return TrainingRecord.objects.filter(person=person).order_by("-ends_on")


BARE = {
    "home": Bare(lambda person: papers(author=person)[:10], PAPER),
    "plan": Bare(lambda plan: PlanItem.objects.filter(plan=plan), ITEM),
    "plan_edit": Bare(lambda plan: PlanItem.objects.filter(plan=plan), ITEM, is_form=True),
    "my_hours": Bare(records, RECORD),
    "records": Bare(lambda person: records(person)[:30], RECORD),
    "record": Bare(lambda record: TrainingRecord.objects.filter(pk=record), RECORD),
    "notices": Bare(lambda person: Notice.objects.filter(person=person)[:30], ["kind", "key", "made_at", "read_at"]),
    "plans": Bare(lambda school: papers(institution=school)[:30], PAPER),
    "institution": Bare(lambda school: jobs(school)[:40], JOB),
    "staff_hours": Bare(lambda school: jobs(school)[:40], JOB),
    "schedule": Bare(
        lambda schedule: ScheduleEntry.objects.filter(schedule=schedule).select_related("employment__person"),
        ["employment.person.family_name", "employment.person.given_name", "title", "block", "hours", "proposed_month"],
    ),
    "forty": Bare(lambda _key: TrainingRecord.objects.order_by("pk")[:COMMON], RECORD),
}


def _body(bare: Bare) -> str:
    if bare.is_form:
        return '<form method="post">{{ forms.management_form }}{{ forms.as_p }}</form>'
    cells = "".join(f"<td>{{{{ row.{column} }}}}</td>" for column in bare.columns)
    return f"<table>{{% for row in rows %}}<tr>{cells}</tr>{{% endfor %}}</table>"


TEMPLATES = {name: engines["django"].from_string(PAGE.replace("BODY", _body(bare))) for name, bare in BARE.items()}


def page(request: HttpRequest, name: str, key: int) -> HttpResponse:
    return HttpResponse(TEMPLATES[name].render(_context(name, key)))


@login_required
def plain(request: HttpRequest, name: str, key: int) -> HttpResponse:
    return HttpResponse(TEMPLATES[name].render(_context(name, key), request))


def _context(name: str, key: int) -> dict[str, Any]:
    bare = BARE[name]
    found = bare.rows(key)
    if bare.is_form:
        return {
            "title": name,
            "forms": modelformset_factory(found.model, fields=bare.columns, extra=0)(queryset=found),
        }
    return {"title": name, "rows": found}


urlpatterns = [path("bare/<str:name>/<int:key>/", page), path("plain/<str:name>/<int:key>/", plain)]
