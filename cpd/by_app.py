"""What each app brings to a command, so that a command of a lower app knows nothing of the higher ones."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def found_in_apps(module: str, name: str) -> list[Any]:
    """``name`` of the module ``module`` of each app that has one, in the order of INSTALLED_APPS."""
    having = (app.name for app in apps.get_app_configs() if app.module and module_has_submodule(app.module, module))
    return [getattr(import_module(f"{app}.{module}"), name) for app in having]
