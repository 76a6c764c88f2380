"""Whether this process lives, and whether it can serve: for a balancer, a container engine, a monitoring."""

import functools
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from cpd.storage import FolderStore

FOR_MACHINES = ("/health/live", "/health/ready", "/metrics")
Answer = Callable[[HttpRequest], HttpResponseBase]


class MachinesMiddleware:
    """Machines ask for these by the number of this machine: there is no link on them that a wrong name could spoil.

    Nobody is signed in there, so that no session is looked for in a database that is away.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in FOR_MACHINES:
            request.META.pop("HTTP_COOKIE", None)
            request.META["HTTP_HOST"] = settings.SITE_HOST
        return self.get_response(request)


@require_safe
@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked. Start it anew where it does not."""
    return JsonResponse({"live": True})


@require_safe
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """Whether people can be sent here; 503 names the parts that fail, and no more.

    A bucket is not asked: while it is away papers and pages go on, and every machine would be taken out at once.
    """
    parts = {"database": _database, "migrations": _migrations, "cache": _cache, "files": _files}
    found = {name: _works(check) for name, check in parts.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Error:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


@functools.cache
def _ours() -> frozenset[tuple[str, str]]:
    """The migrations of the program that runs."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _migrations() -> bool:
    """More of them than ours is well: that is how an update begins."""
    return _ours() <= MigrationRecorder(connection).applied_migrations().keys()


def _cache() -> bool:
    """Sign-in counts its tries there."""
    cache.get("health")
    return True


def _files() -> bool:
    store = storages["default"]
    return not isinstance(store, FolderStore) or _can_be_written(Path(store.location))


def _can_be_written(folder: Path) -> bool:
    there = folder if folder.exists() else folder.parent  # the first file makes the folder
    return os.access(there, os.R_OK | os.W_OK | os.X_OK)
