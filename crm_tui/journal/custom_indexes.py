"""Indexes of custom fields: one for each that is in use, made and dropped as the fields come and go."""

from __future__ import annotations

import re
from typing import Any

from crm_tui.db import Workspace
from crm_tui.models import custom
from crm_tui.models.base import entities
from crm_tui.models.custom import CustomField

_OURS = re.compile(r"custom_\d+_[a-z]+")


def keep_in_step(workspace: Workspace) -> None:
    """Make the indexes that custom fields lack and drop those that none has any more. Inside an operation only.

    They are like those of declared fields, in the order lists show them. On PostgreSQL they hold archived records, too:
    from an index of some records only it would not learn how the values are spread, and choose badly.
    """
    custom.load()
    execute = workspace.database.execute_sql
    wanted = _wanted("" if workspace.postgres else " WHERE archived_at IS NULL")
    listing = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()" if workspace.postgres else (
        "SELECT name FROM sqlite_master WHERE type = 'index'"
    )  # fmt: skip
    there = {name for (name,) in execute(listing).fetchall() if _OURS.fullmatch(name)}
    for name in there - set(wanted):
        execute(f'DROP INDEX "{name}"')
    for name in wanted.keys() - there:
        execute(f'CREATE INDEX "{name}" {wanted[name]}')


def _wanted(where: str) -> dict[str, str]:
    """Return the indexes there should be, each with what it is of; ``where`` says of which records."""
    model: Any = CustomField
    fields = model.select(model.id, model.entity, model.name, model.kind).where(model.archived_at.is_null())
    found: dict[str, str] = {}
    for record, entity, name, kind in fields.tuples():
        field = entities[entity].fields.get(name) if entity in entities else None
        if field is not None and field.custom and field.expression().indexable:
            before, behind = field.expression().around()
            found[f"custom_{record}_{kind}"] = f'ON "{entity}" (({before}"custom"{behind}), id){where}'
    return found
