"""Every address of the site. Each has its row in ``docs/permissions.md``."""

from django.contrib import admin
from django.urls import include, path

from cpd import offline

urlpatterns = [
    path("", include("schools.urls")),
    path("", include("courses.urls")),
    path("", include("plans.urls")),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("administration/", admin.site.urls),
]
