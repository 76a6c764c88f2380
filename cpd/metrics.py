"""Figures for Prometheus: what the processes of the web server counted, and what the database knows.

No label names a person or grows with the data: routes, methods, states and commands are named in the program.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from cpd.by_app import found_in_apps

# deploy/gunicorn.conf.py names a folder that all processes of one web server count in, and the place of each there: a
# process that takes another one's place counts on where that one stopped, so the files do not grow in number.
FOLDER, PLACE = "PROMETHEUS_MULTIPROC_DIR", "WEB_PLACE"
if FOLDER in os.environ:
    values.ValueClass = values.MultiProcessValue(lambda: os.environ.get(PLACE, "0"))

REQUESTS = Counter("cpd_requests", "Requests that were answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "cpd_request_seconds",
    "Time from a request's first byte to its answer's.",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
UNANSWERED = Counter("cpd_database_errors", "Requests that the database did not answer.", ["kind"])


@dataclass(frozen=True)
class Figure:
    """One figure the database knows; those of one name differ by their labels."""

    name: str
    says: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


Figures = Callable[[], Iterator[Figure]]


def note_request(route: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def note_unanswered(problem: Exception) -> None:
    """A request that ended because the database was away, busy or full."""
    UNANSWERED.labels(type(problem).__name__).inc()


class FromDatabase(Collector):
    """What ``FIGURES`` in the module ``figures`` of each app says, and whether the database answered at all."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        try:
            with transaction.atomic():
                for figures in found_in_apps("figures", "FIGURES"):
                    for figure in figures():
                        labels = list(figure.labels)
                        family = families.setdefault(
                            figure.name, GaugeMetricFamily(figure.name, figure.says, labels=labels)
                        )
                        family.add_metric(list(figure.labels.values()), figure.value)
        except Error:
            families = {}
        is_up = bool(families)
        yield GaugeMetricFamily("cpd_database_up", "Whether the database answered.", value=is_up)
        yield from families.values()


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For who shows the token of METRICS_TOKEN alone; for all others there is no such page."""
    if not settings.METRICS_TOKEN or not _shows_token(request):
        raise Http404
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(FromDatabase())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _shows_token(request: HttpRequest) -> bool:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return constant_time_compare(shown.encode(), settings.METRICS_TOKEN.encode())
