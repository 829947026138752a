"""Queries that are asked again and again, in every write and for every card: Peewee writes their SQL once, which takes
ten times as long as asking them does."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import peewee as pw

from crm_tui.db.connections import batches, id_list, postgres, proxy

_IDS = "(NULL /* ids */)"
"""Where the ids come in; by itself it finds nothing."""

_MOST = 500
"""Queries that are kept."""

Rows = list[tuple[Any, ...]]


class _Prepared(NamedTuple):
    sql: str
    values: list[Any]
    converters: list[tuple[int, Callable[[Any], Any]]]
    """What makes Python values of which columns."""


_prepared: dict[Hashable, _Prepared] = {}


def among_those(column: Any) -> Any:
    """Return the SQL condition that a column holds one of the ids that ``ask`` is given."""
    return pw.Expression(column, "IN", pw.SQL(_IDS))


def ask(
    key: Hashable | None, make: Callable[[], Any], ids: Iterable[int] | None = None, values: Sequence[Any] | None = None
) -> Rows:
    """Return the rows that a query finds, as its ``tuples`` would.

    ``make`` makes the query the first time that ``key`` is asked, which stands for its form; with None it is made each
    time. ``ids`` come in where it says ``among_those``, as many at a time as a query takes, and ``values``, as the
    database takes them, are bound instead of those it was made with.
    """
    database: Any = proxy.obj
    known = _prepared.get((postgres(), key)) if key is not None else None
    if known is None:
        known = _prepare(make())
        if len(_prepared) >= _MOST:
            _prepared.clear()
        if key is not None:
            _prepared[postgres(), key] = known
    if values is None:
        values = known.values
    assert len(values) == len(known.values), "another number of values than the query was made with"
    found: Rows = []
    for sql in [known.sql] if ids is None else [known.sql.replace(_IDS, id_list(some)) for some in batches(list(ids))]:
        found += database.execute_sql(sql, values).fetchall()
    return [_converted(row, known.converters) for row in found] if known.converters else found


def _prepare(query: Any) -> _Prepared:
    sql, values = query.sql()
    tuples: Any = pw.ModelTupleCursorWrapper
    rows = tuples(proxy.obj.execute_sql(sql, values), query.model, query.selected_columns)
    rows.initialize()  # it says how columns are converted, also where no row was found
    converters = [(at, one) for at, one in enumerate(rows.converters) if one is not None and not _changes_nothing(one)]
    return _Prepared(sql, values, converters)


def _changes_nothing(converter: Any) -> bool:
    field = getattr(converter, "__self__", None)
    return (
        isinstance(field, pw.Field)
        and type(field).python_value is pw.Field.python_value
        and type(field).adapt is pw.Field.adapt
    )


def _converted(row: Sequence[Any], converters: Iterable[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for at, convert in converters:
        values[at] = convert(values[at])
    return tuple(values)
