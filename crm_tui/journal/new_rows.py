"""New records on their way into the database: what is written of them, worked out before anything is.

Nothing here reads or writes the database, so that it can be done anywhere: in another process, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from crm_tui import derived, search
from crm_tui.db import plain_time
from crm_tui.fields import DATED, Kind, Stored
from crm_tui.journal.rows import Values, custom_json, dump
from crm_tui.models.base import Entity, companions, entities


class NewRows(NamedTuple):
    """New records of one entity, and what is noted of them."""

    entity: str
    ids: Sequence[int]
    columns: dict[str, Sequence[Any]]
    """Plain values by column of the table, one for each record."""
    told: list[str]
    """What the journal tells of each."""
    wholes: dict[str, set[int]]
    """The records that are found by these, by entity name."""
    assigned: dict[int, list[tuple[str, int]]]
    """What is given to whom: entity names and ids by operator."""
    concerns_all: bool
    """Whether what is derived of every client changes."""
    parts: Mapping[int, Iterable[Sequence[str]]] | None = None
    """What the parts of each say, as ``search.parts_said`` gives it, where they are made together with all that they
    are found by and with all that follows from it: then nothing is read back."""

    def said(self, name: str) -> Sequence[str]:
        """Return what a field says of each, for the search index: folded already where it is kept so, too."""
        fields: Any = entities[self.entity].model._meta.fields
        folded = type(fields[name]).key is Kind.key and f"{name}_key" in self.columns
        return self.columns[f"{name}_key" if folded else fields[name].column_name]

    def documents(self) -> Iterator[tuple[int, str]]:
        """Yield the id of each and what it is found by, as the index takes it; nothing of what is not searched."""
        entity = entities[self.entity]
        said = [self.said(name) for name in entity.search]
        parts = self.parts or {}
        for record, *texts in zip(self.ids, *said, strict=True) if said else ():
            yield record, search.document(search.words_of(entity, texts, parts.get(record, ())))


def new_rows(entity: Entity, rows: Sequence[Values], ids: Sequence[int], now: datetime) -> NewRows:
    """Return new records as they are written. ``rows`` are valid Python values by field name."""
    afters: list[dict[str, Stored]] = [{} for _row in rows]
    columns = _columns_of(entity, rows, ids, afters, plain_time(now))
    wholes: dict[str, set[int]] = {}
    for after in afters if search.has_wholes(entity) else ():
        for whole, found in search.wholes_of(entity, after):
            wholes.setdefault(whole, set()).update(found)
    assigned: dict[int, list[tuple[str, int]]] = {}
    for record, after in zip(ids, afters, strict=True) if "assignee" in entity.entered else ():
        if isinstance(operator := after.get("assignee"), int):
            assigned.setdefault(operator, []).append((entity.name, record))
    concerns_all = any(derived.concerns_all(entity.name, after) for after in afters)
    return NewRows(entity.name, ids, columns, [dump(after) for after in afters], wholes, assigned, concerns_all)


def _columns_of(
    entity: Entity, rows: Sequence[Values], ids: Sequence[int], afters: Sequence[dict[str, Stored]], now: Any
) -> dict[str, Sequence[Any]]:
    """Return the columns of the table, by name, that new records make: a plain value for each of ``rows``; and note in
    ``afters`` what the journal tells of each. A column at a time, because half of a large import is this."""
    custom, size = entity.custom, len(rows)
    kept = [custom_json("{}", custom, row, after) for row, after in zip(rows, afters, strict=True)] if custom else None
    given: set[str] = set().union(*rows)
    complete = sum(map(len, rows)) == size * len(given)  # all rows have all names

    def own(name: str, initial: Any) -> list[Any]:
        if name not in given:
            return [initial] * size
        return list(map(itemgetter(name), rows)) if complete else [row.get(name, initial) for row in rows]

    table: dict[str, Sequence[Any]] = {
        "id": ids,
        "version": own("version", 1),
        "created_at": own("created_at", now),
        "updated_at": [now] * size,
        "archived_at": own("archived_at", None),
        "custom": kept or ["{}"] * size,
    }
    for name, kind in entity.entered.items():
        if not kind.custom:
            table |= _column(entity, kind, own(name, kind.initial) if name in given else (), afters)
    for after, moment in zip(afters, table["archived_at"], strict=True) if "archived_at" in given else ():
        if moment is not None:
            after["archived_at"] = entity.fields["archived_at"].to_stored(moment)
    return table


def _column(
    entity: Entity, kind: Kind, values: Sequence[Any], afters: Sequence[dict[str, Stored]]
) -> dict[str, Sequence[Any]]:
    """Return a field's column and its companions, and note what is told of it; no ``values`` are initial ones."""
    initial, name, size = kind.initial, kind.name, len(afters)
    to_database = _converter(kind)
    beside = companions(entity.model).get(name, ())
    if initial != kind.empty:  # not told: what an absent value comes back as
        stored_initially = kind.to_stored(initial)
        for after in afters:
            after[name] = stored_initially
    if not values:
        key = {companion.column_name: [companion.of(initial) if initial else ""] * size for companion in beside}
        return {kind.column_name: [to_database(initial) if to_database else initial] * size, **key}
    distinct = set(values)
    to_stored = None if type(kind).to_stored is Kind.to_stored else kind.to_stored
    if distinct != {initial}:
        stored = _each(values, distinct, to_stored) if to_stored else values
        for after, value, told in zip(afters, values, stored, strict=True):
            if value != initial:
                after[name] = told
    found: dict[str, Sequence[Any]] = {
        kind.column_name: _each(values, distinct, to_database) if to_database else values
    }
    for companion in beside:
        found[companion.column_name] = _each(values, distinct, companion.of)
    return found


def _converter(kind: Kind) -> Callable[[Any], Any] | None:
    """Return what makes a plain value of a valid one; None where that is the same."""
    if kind.family in DATED:
        return plain_time
    owner = next(owner for owner in type(kind).__mro__ if "db_value" in vars(owner))
    own: Callable[[Any], Any] = kind.db_value
    return None if owner.__module__ == "peewee" else own  # Peewee's own change nothing


def _each(values: Sequence[Any], distinct: set[Any], convert: Callable[[Any], Any]) -> list[Any]:
    """Return what is made of each value, of equal ones once where many are."""
    if 2 * len(distinct) > len(values):
        return [convert(value) for value in values]
    known = {value: convert(value) for value in distinct}
    return [known[value] for value in values]
