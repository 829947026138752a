"""Records as rows of their tables, and as the journal tells them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
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


class Column:
    """One field of a new record, with what is asked of it for every row."""

    def __init__(self, entity: Entity, name: str, kind: Kind) -> None:
        self.name, self.kind = name, kind
        self.companions = companions(entity.model).get(name, ())
        self.initial = kind.initial
        self.to_database: Callable[[Any], Any] = kind.db_value
        self.to_stored: Callable[[Any], Stored] = kind.to_stored
        self.keys: list[Callable[[Any], str]] = [companion.of for companion in self.companions]
        # What Peewee's own kinds make of a valid value is that value, which is most of the work of an import.
        converter = next(owner for owner in type(kind).__mro__ if "db_value" in vars(owner))
        self.as_is = converter.__module__ == "peewee"
        self.initial_in_database = self._converted(self.initial)
        self.initial_stored = kind.to_stored(self.initial)
        # Not journalled: what an absent value comes back as.
        self.told_initially = self.initial != kind.empty

    @property
    def asked(self) -> tuple[Any, ...]:
        """What is asked of it for every row, to be unpacked."""
        return (
            self.name, self.initial, self.initial_in_database, self.told_initially, self.initial_stored, self.as_is,
            self.to_database, self.to_stored, self.keys,
        )  # fmt: skip

    def _converted(self, value: Any) -> Any:
        return self.to_database(value)


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
