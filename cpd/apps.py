"""The site as an app: what every database connection needs, and where administration lives."""

import sqlite3
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from cpd.text import COLLATION, compare


def teach_kyrgyz_order(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Give SQLite the collation that PostgreSQL brings with it."""
    if isinstance(connection.connection, sqlite3.Connection):
        connection.connection.create_collation(COLLATION, compare)


class CpdConfig(AppConfig):
    name = "cpd"

    def ready(self) -> None:
        connection_created.connect(teach_kyrgyz_order, dispatch_uid="kyrgyz-order")


class AdministrationConfig(admin.SimpleAdminConfig):
    """Administration shows our own tables only: libraries bring pages for tables that nobody here keeps by hand."""

    default = False
    default_site = "schools.admin_site.AdministrationSite"

    def ready(self) -> None:
        super().ready()
        for app in ("schools", "courses"):
            import_module(f"{app}.admin")
