"""Forms: saving, leaving, and editing a long field outside."""

from __future__ import annotations

from typing import Any

from crm_tui.commands.context import Context
from crm_tui.commands.registry import command
from crm_tui.db import Workspace
from crm_tui.i18n import N_
from crm_tui.models.base import Entity
from crm_tui.scope import Actor


def write(
    workspace: Workspace, actor: Actor, entity: Entity, record: int | None, typed: dict[str, Any], seen: int | None
) -> tuple[int, tuple[str, ...]]:
    """Add a record (``record`` None) or save one read at version ``seen``; return its id and the fields that others
    changed meanwhile. Raises InvalidRecord, NotFound, services.merging.EditConflict."""
    from crm_tui.services import records  # start-up is budgeted

    if record is None:
        return records.add(workspace, actor, entity, typed), ()
    return record, records.save(workspace, actor, entity, record, typed, seen=seen).merged


def save_at(
    workspace: Workspace, actor: Actor, entity: Entity, record: int, typed: dict[str, Any], seen: int | None
) -> int:
    """Save a record read at version ``seen``; return its version then. Raises as ``write`` does."""
    from crm_tui.services import records  # start-up is budgeted

    return records.save(workspace, actor, entity, record, typed, seen=seen).version


@command("form.save", N_("save"), keys=("ctrl+s",), scope="form", in_program=True, rank=1)
async def save(context: Context) -> None:
    """Save the form. What others changed meanwhile is kept; where you both changed the same field, you are asked."""
    await context.screen.save_form()


@command(
    "form.edit_outside", N_("edit in $EDITOR"), keys=("ctrl+e",), outside=True, scope="form", in_program=True, rank=10
)
async def edit_outside(context: Context) -> None:
    """Edit the field with the cursor in your own editor ($VISUAL or $EDITOR)."""
    await context.screen.edit_field_outside()


@command("form.leave", N_("leave"), keys=("esc",), scope="form", in_program=True, rank=2)
async def leave(context: Context) -> None:
    """Leave the form; what was typed is saved, kept as a draft or discarded, as you say."""
    await context.screen.leave_form()
