"""Queries that every page asks: made into SQL once per process, then asked with other values.

Django takes longer to build such a query than PostgreSQL takes to answer it (``docs/adr/0040``). Only what every
page asks is worth this; all else is an ordinary queryset.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """The place of a value in a prepared query."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def told(self, values: Mapping[str, Any], connection: Any) -> Any:
        """The value, as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Prepared(Generic[Row]):
    """A queryset of whole rows whose shape never changes; ``given`` are the kinds of the values it is asked with.

    ``build`` gets each as a :class:`Given`, which stands where the value will stand.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], **given: Field) -> None:
        self._build, self._given = build, given

    @cached_property
    def _made(self) -> tuple[QuerySet[Row], Any, str, tuple[Any, ...]]:
        queryset = self._build(**{name: Given(name, field) for name, field in self._given.items()})
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        return queryset, compiler, sql, params

    def ask(self, **values: Any) -> Iterator[Row]:
        """The rows for these values: one query, the one that the queryset would be."""
        queryset, made, sql, params = self._made
        compiler = copy(made)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        told = tuple(one.told(values, compiler.connection) if isinstance(one, Given) else one for one in params)
        compiler.as_sql = lambda *_args, **_kwargs: (sql, told)
        asked = queryset.all()
        asked.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return iter(ModelIterable(asked))
