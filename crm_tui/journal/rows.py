"""Records as rows of their tables, and as the journal tells them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crm_tui.fields import Stored
from crm_tui.models.base import Entity, companions, stored

Values = dict[str, Any]
"""Python values by field name; references are ids."""

KEPT = ("created_at", "archived_at")
"""Of a record's own bookkeeping, what the journal tells beside the fields."""


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# ``encode`` makes the encoder in C anew for each record, which takes as long as encoding it.
_in_c: Any = getattr(json.encoder, "c_make_encoder", None)
_chunks: Any = _in_c and _in_c(
    None, _encoder.default, json.encoder.encode_basestring, None, ":", ",", False, False, True
)


def dump(values: Mapping[str, Stored]) -> str:
    """Return stored values as the journal keeps them."""
    if not values:
        return "{}"
    return "".join(_chunks(values, 0)) if _chunks else _encoder.encode(values)


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
