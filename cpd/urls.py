"""Every address of the site. Each has its row in ``tests/permissions/table.md``."""

from django.contrib import admin
from django.urls import include, path

from cpd import health, metrics, offline

urlpatterns = [
    path("", include("schools.urls")),
    path("", include("courses.urls")),
    path("", include("plans.urls")),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("administration/", admin.site.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = "cpd.errors.bad_request"
handler500 = "cpd.away.server_error"
