"""What tests of constraints share: all of them by name, and whether the database named the one that was broken."""

from collections.abc import Callable

from django.apps import apps
from django.db import IntegrityError, connection, models


def constraints(*apps_of_ours: str) -> dict[str, models.BaseConstraint]:
    tables = [
        model for label in apps_of_ours for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return {constraint.name: constraint for model in tables for constraint in model._meta.constraints}


def told_in_our_words(*apps_of_ours: str) -> list[str]:
    """Constraints a person can break: they bring a sentence of their own."""
    default = models.BaseConstraint.default_violation_error_message
    found = constraints(*apps_of_ours).items()
    return [name for name, constraint in found if constraint.violation_error_message is not default]


def is_told(mistake: IntegrityError, constraint: models.BaseConstraint, *, also_as: str = "?") -> bool:
    """Whether the database names this constraint; SQLite names the columns of a unique one instead, if it has any."""
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint) and constraint.fields:
        told_columns = {
            column.strip().split(".")[-1].removesuffix("_id") for column in str(mistake).split(":")[1].split(",")
        }
        return told_columns == set(constraint.fields)
    return constraint.name in str(mistake) or also_as in str(mistake)


def second(first: models.Model, make: Callable[[], models.Model]) -> models.Model:
    """One row saved, and the one that must not stand beside it."""
    first.save()
    return make()
