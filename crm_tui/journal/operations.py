"""Doing one thing: a write transaction that is journalled, searchable and announced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import peewee as pw

from crm_tui import derived, scope, scoring, search
from crm_tui.db import Workspace
from crm_tui.errors import Conflict
from crm_tui.i18n import _
from crm_tui.journal.news import Changed, announce, summed_up
from crm_tui.journal.writer import Writer
from crm_tui.models import custom
from crm_tui.scope import Actor

_LARGE = 5000
"""Changes after which the database looks over what it knows of its tables."""


@contextmanager
def operation(
    workspace: Workspace,
    actor: Actor,
    command: str,
    *,
    summary: str = "",
    cause: str = "",
    subject: int | None = None,
    kind: str = "do",
) -> Iterator[Writer]:
    """Do one thing: a write transaction whose changes are journalled, searchable and announced after commit.

    Nothing is written, and no operation recorded, when the block raises or changes nothing. Raises NotAllowed,
    StorageFailed, and Conflict when what was written does not fit what is there (a record it belongs to is gone, a
    name that must be unique is taken).
    """
    require = scope.require_note if kind == "note" else scope.require_change
    require(replace(actor, readonly=actor.readonly or workspace.readonly))
    with workspace.write():
        actor = scope.as_of_now(actor)
        require(actor)
        custom.load()  # what another session added a moment ago is written and journalled, too
        writer = Writer(workspace, actor, command, summary=summary, cause=cause, subject=subject, kind=kind)
        try:
            yield writer
            writer.finish()
        except pw.IntegrityError as error:
            raise Conflict(
                _("Nothing was saved: somebody else has just taken away what this belongs to, or taken its name.")
            ) from error
        if not writer.begun:
            return
        if "operator" in writer.touched:
            scope.require_an_admin()
        search.reindex(workspace, writer.indexed)
        touched = dict(writer.touched)
        if differing := derived.refresh(workspace, touched, writer.former_clients, everyone=writer.concerns_all):
            touched["client"] = touched.get("client", set()) | differing
        if scored := scoring.rescore(workspace, touched, writer.former_clients):
            touched["client"] = touched.get("client", set()) | scored
        if "custom_field" in writer.touched:
            from crm_tui.journal import custom_indexes  # few operations need it

            custom_indexes.keep_in_step(workspace)
    # Outside the transaction: what hears of the change may read the database.
    if "custom_field" in writer.touched:
        custom.load()
    if writer.records >= _LARGE:
        workspace.look_over([*writer.touched, *(f"search_{name}" for name in writer.indexed), "change"])
    announce(Changed(writer.operation_id, summed_up(touched)))
