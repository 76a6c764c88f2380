"""Markup in every text that people type, in every row there is (trust T22)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Left

MARK = "\"'><xss>"
RAW = "<xss"
INSERT = re.compile(r'\s*INSERT INTO "(\w+)"')

# Not typed by people: keys, sums and names of files, words that the program itself reads.
READ_BY_THE_PROGRAM = {
    "address",
    "code",
    "content_type",
    "email",
    "key",
    "kind",
    "language",
    "location",
    "number_key",
    "password",
    "path",
    "salt",
    "stored_as",
    "token",
    "user_agent",
    "username",
}
ENDINGS = ("_hash", "_key", "_sha256", "hash", "search", "folded")


def is_typed(field: Any) -> bool:
    if not isinstance(field, models.CharField | models.TextField) or field.choices or field.primary_key:
        return False
    name: str = field.name
    return name not in READ_BY_THE_PROGRAM and not name.endswith(ENDINGS)


class Poison:
    """``refused``: fields whose constraints let no markup in."""

    def __init__(self) -> None:
        self.columns: dict[Any, list[Any]] = {}
        self.trees: dict[Any, list[Any]] = {}
        self.refused: set[str] = set()
        self.reached: set[str] = set()
        for model in apps.get_models():
            own = model._meta.local_concrete_fields
            if model.__module__.partition(".")[0] in ("schools", "courses", "plans") and not model._meta.proxy:
                self.columns[model] = [field for field in own if is_typed(field)]
                self.trees[model] = [field for field in own if isinstance(field, models.JSONField)]

    @contextmanager
    def of_what_is_written(self) -> Iterator[None]:
        """The rows that are made inside get their markup at the end of it."""
        tables: set[str] = set()

        def watch(execute: Any, sql: str, *rest: Any) -> Any:
            if match := INSERT.match(sql):
                tables.add(match[1])
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            yield
        self.spread(tables)

    def spread(self, tables: set[str] | None = None) -> None:
        """Into all tables, or these."""
        for model in self.columns:
            if tables is None or model._meta.db_table in tables:
                rows = model._base_manager.all()
                self._columns(model, rows)
                self._trees(model, rows)

    def _columns(self, model: Any, rows: Any) -> None:
        fields = [field for field in self.columns[model] if f"{model._meta.label}.{field.name}" not in self.refused]
        if fields and not self._written(rows, {field.name: marked(field) for field in fields}):
            for field in fields:
                if not self._written(rows, {field.name: marked(field)}):
                    self.refused.add(f"{model._meta.label}.{field.name}")
        self.reached |= {f"{model._meta.label}.{field.name}" for field in fields} - self.refused

    def _trees(self, model: Any, rows: Any) -> None:
        for field in self.trees[model]:
            for key, tree in rows.values_list("pk", field.name):
                if tree and not self._written(rows.filter(pk=key), {field.name: marked_tree(tree)}):
                    self.refused.add(f"{model._meta.label}.{field.name}")
                elif tree:
                    self.reached.add(f"{model._meta.label}.{field.name}")

    def _written(self, rows: Any, values: dict[str, Any]) -> bool:
        try:
            with transaction.atomic():
                rows.update(**values)
        except DatabaseError:
            return False
        return True


def marked(field: Any) -> Any:
    """The mark before what stands there, once; nothing where nothing stands."""
    whole = Concat(Value(MARK), F(field.name), output_field=models.TextField())
    whole = Left(whole, field.max_length) if field.max_length else whole
    stays = models.Q(**{field.name: ""}) | models.Q(**{f"{field.name}__startswith": MARK})
    return models.Case(models.When(stays, then=F(field.name)), default=whole, output_field=models.TextField())


def marked_tree(tree: Any) -> Any:
    """The mark before every text in letters of ours: words that the program reads are in Latin ones."""
    if isinstance(tree, dict):
        return {key: marked_tree(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [marked_tree(value) for value in tree]
    is_text = isinstance(tree, str) and tree[:1].isalpha() and not tree[:1].isascii()
    return MARK + tree if is_text else tree
