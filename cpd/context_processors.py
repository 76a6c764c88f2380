"""What every page knows."""

from typing import Any

from django.http import HttpRequest

from cpd.wording import base_language


def language(request: HttpRequest) -> dict[str, Any]:
    """The chosen language; the words it speaks in meanwhile are not its name: "ky", never "ky-uni"."""
    return {"LANGUAGE_CODE": base_language()}
