"""What each app brings to a command, so that a command of a lower app knows nothing of the higher ones."""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def found_in_apps(module: str, name: str) -> list[Any]:
    """``name`` of the module ``module`` of each app that has one, in the order of INSTALLED_APPS."""
    return [getattr(import_module(f"{app}.{module}"), name) for app in _having(module)]


@cache
def _having(module: str) -> list[str]:
    """Looked for once: the page of notices asks for every one of its lines."""
    found = apps.get_app_configs()
    return [app.name for app in found if app.module and module_has_submodule(app.module, module)]
