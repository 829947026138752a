"""The kind of field that leads to another record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import peewee as pw

from crm_tui.fields.kind import Kind
from crm_tui.i18n import _
from crm_tui.text import quoted

if TYPE_CHECKING:
    _ForeignKeyField = pw.ForeignKeyField[Any]
else:
    _ForeignKeyField = pw.ForeignKeyField


class Reference(Kind, _ForeignKeyField):
    """Another record, by its id. Text is resolved to an id by ``services.references`` (it needs the database)."""

    family = "reference"

    def __init__(self, model: Any, label: str = "", **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("lazy_load", False)
        options.setdefault("on_delete", "RESTRICT")
        options.setdefault("index", True)
        super().__init__(label, model=model, **options)

    def check(self, value: Any) -> Any:
        """Return the id, which is all that is checked; ``{"id": 3}`` (as ``--json`` gives it) is one too."""
        found = value.get("id") if isinstance(value, Mapping) else value
        if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found < 2**63:
            raise ValueError(_("{text} is not the id of a record").format(text=quoted(value)))
        return found
