"""Every address of the site. Each has its row in ``docs/permissions.md``."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("schools.urls")),
    path("", include("courses.urls")),
    path("", include("plans.urls")),
    path("administration/", admin.site.urls),
]
