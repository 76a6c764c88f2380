"""Column types used by more than one app."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from cpd.text import fold


class FoldedField(models.CharField):
    """A search column: the folded text of other columns of the row, written whenever the row is saved.

    The database cannot fold Kyrgyz letters alike on both engines, so Python does it once, at writing.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(*args, **{"max_length": 400, "editable": False, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = (str(getattr(model_instance, source) or "") for source in self.sources)
        value = fold(" ".join(words))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
