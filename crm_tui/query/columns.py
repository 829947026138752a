"""What the columns of an entity are to a query."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.fields import Kind, Reference
from crm_tui.models.base import Entity

Condition = Any
"""A Peewee expression that is true or false of each row of the query's entity."""
TEXTS = ("text", "choice", "tags")
"""Families whose empty value is the empty text."""


def identity(entity: Entity) -> Any:
    """The id column of an entity."""
    model: Any = entity.model
    return model.id


def may_be_null(kind: Kind) -> bool:
    """Whether SQL may hold NULL for a value: what is no column of its own (a custom field) may, whatever its kind."""
    return kind.null or not isinstance(kind.expression(), pw.Field)


def indexed(entity: Entity) -> set[str]:
    """Return the fields that have an index: of the live records (``<entity>_by_<field>``), or as references have."""
    meta: Any = entity.model._meta
    names = {index._name for index in meta.fields_to_index()}
    return {
        name
        for name, kind in entity.fields.items()
        if f"{entity.name}_by_{name}" in names
        or (isinstance(kind, Reference) and kind.index)
        or (kind.custom and kind.expression().indexable)
    }
