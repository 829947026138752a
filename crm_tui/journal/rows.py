"""Records as rows of their tables, and as the journal tells them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm_tui.fields import Kind, Stored
from crm_tui.models.base import Entity, companions, stored

Values = dict[str, Any]
"""Python values by field name; references are ids."""

KEPT = ("created_at", "archived_at")
"""Of a record's own bookkeeping, what the journal tells beside the fields."""


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(values: Mapping[str, Stored]) -> str:
    """Return stored values as the journal keeps them."""
    return _encode(values) if values else "{}"


def columns_of(
    entity: Entity, rows: Sequence[Values], ids: Sequence[int], afters: Sequence[dict[str, Stored]], now: Any
) -> dict[str, Sequence[Any]]:
    """Return the columns of the table, by name, that new records make: a plain value for each of ``rows``; and note in
    ``afters`` what the journal tells of each. A column at a time, because half of a large import is this."""
    custom, size = entity.custom, len(rows)
    kept = [custom_json("{}", custom, row, after) for row, after in zip(rows, afters, strict=True)] if custom else None
    archived = [row.get("archived_at") for row in rows]
    table: dict[str, Sequence[Any]] = {
        "id": ids,
        "version": [row.get("version", 1) for row in rows],
        "created_at": [row.get("created_at", now) for row in rows],
        "updated_at": [now] * size,
        "archived_at": archived,
        "custom": kept or ["{}"] * size,
    }
    given: set[str] = set().union(*rows)
    for name, kind in entity.entered.items():
        if not kind.custom:
            initial = kind.initial
            table |= _column(entity, kind, [row.get(name, initial) for row in rows] if name in given else (), afters)
    for after, moment in zip(afters, archived, strict=True):
        if moment is not None:
            after["archived_at"] = entity.fields["archived_at"].to_stored(moment)
    return table


def _column(
    entity: Entity, kind: Kind, values: Sequence[Any], afters: Sequence[dict[str, Stored]]
) -> dict[str, Sequence[Any]]:
    """Return a field's column and its companions, and note what is told of it; no ``values`` are initial ones."""
    initial, name, size = kind.initial, kind.name, len(afters)
    to_database: Callable[[Any], Any] = kind.db_value
    beside = companions(entity.model).get(name, ())
    if initial != kind.empty:  # not told: what an absent value comes back as
        stored_initially = kind.to_stored(initial)
        for after in afters:
            after[name] = stored_initially
    if not values:
        key = {companion.column_name: [companion.of(initial) if initial else ""] * size for companion in beside}
        return {kind.column_name: [to_database(initial)] * size, **key}
    to_stored = None if type(kind).to_stored is Kind.to_stored else kind.to_stored
    for after, value in zip(afters, values, strict=True):
        if value != initial:
            after[name] = to_stored(value) if to_stored else value
    # What Peewee's own kinds make of a valid value is that value.
    converter = next(owner for owner in type(kind).__mro__ if "db_value" in vars(owner))
    found: dict[str, Sequence[Any]] = {
        kind.column_name: values if converter.__module__ == "peewee" else [to_database(value) for value in values]
    }
    for companion in beside:
        to_key = companion.of
        found[companion.column_name] = [to_key(value) if value else "" for value in values]
    return found


def custom_json(kept: str, custom: Mapping[str, Any], values: Values, after: dict[str, Stored]) -> str:
    """Return the JSON of a record's custom fields with these values written into it, and note in ``after`` those that
    are not empty."""
    given = {name: values[name] for name in custom if name in values}
    if not given:
        return kept
    held = json.loads(kept)
    for name, value in given.items():
        custom[name].put(held, value)
        if name in held:
            after[name] = held[name]
    return dump(held)


def row_of(entity: Entity, values: Values, old: Values) -> tuple[tuple[str, ...], list[Any]]:
    """Return the columns, companions included, and the plain values that write ``values`` over ``old`` ones."""
    names, row = [], []
    fields, custom = entity.model._meta.fields, entity.custom
    if any(name in custom for name in values):
        names.append("custom")
        row.append(custom_json(old["custom"], custom, values, {}))
    for name, value in values.items():
        if name in custom:
            continue
        names.append(fields[name].column_name)
        row.append(fields[name].db_value(value))
        for companion in companions(entity.model).get(name, ()):
            names.append(companion.column_name)
            row.append(companion.of(value))
    return tuple(names), row


def told(entity: Entity, values: Values) -> dict[str, Stored]:
    """Return values as the journal tells them."""
    kept = stored(entity.model, values)
    for name in KEPT:
        if name in values:
            kept[name] = entity.fields[name].to_stored(values[name])
    return kept
