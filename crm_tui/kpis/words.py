"""What a workspace calls its stages now, as terms of the query language."""

from __future__ import annotations

from typing import Any

from crm_tui.models.base import entities
from crm_tui.query.names import exactly


def meant(entity: str, field: str, meaning: str) -> str:
    """Return the term for records whose choice means something: ``stage:"new","confirmed"``. Where no option means it
    there are no such records."""
    kind: Any = entities[entity].fields[field]
    values = kind.meant(meaning)
    return f"{field}:{','.join(exactly(value) for value in values)}" if values else "id:0"
