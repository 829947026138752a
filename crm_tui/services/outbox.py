"""Whether mail may go out from this workspace as it is. A copy or a restored backup sends nothing until somebody says
so: what it holds to be sent was sent long ago by the one it was made from, or is meant for nobody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from crm_tui.db import Workspace
from crm_tui.errors import NotAllowed
from crm_tui.i18n import _
from crm_tui.models.outbox import Message, OutboxState, queued
from crm_tui.scope import Actor


def here(workspace: Workspace) -> str:
    """Return what a workspace is known by that was not copied, restored or put somewhere else."""
    if workspace.path is not None:
        path = os.path.realpath(workspace.path)
        return f"{path}:{Path(path).stat().st_ino}"
    ask = workspace.database.execute_sql
    oid, name, may = ask(
        "SELECT oid, datname, has_function_privilege('pg_control_system()', 'EXECUTE') FROM pg_database"
        " WHERE datname = current_database()"
    ).fetchone()
    server = ask("SELECT system_identifier FROM pg_control_system()").fetchone()[0] if may else ""
    return f"{server}:{oid}:{name}"


def state() -> Any:
    """Return the row that says whether anything may be sent."""
    return OutboxState.select().first() or OutboxState()


def is_held(workspace: Workspace) -> bool:
    """Whether nothing is sent until somebody says so."""
    return bool(state().place != here(workspace))


def takes_nothing(reason: str) -> str:
    """Say that the server takes no mail from us, and why."""
    return _("No mail goes out: {reason}. It is tried again and again.").format(reason=reason)


def waiting() -> int:
    """Return how many messages are to be sent."""
    messages: Any = Message
    return int(messages.select().where(queued()).count())


def release(workspace: Workspace, actor: Actor) -> int:
    """Let what waits be sent from here; return how many messages that is. Raises NotAllowed."""
    if actor.readonly or actor.role not in ("admin", "manager"):
        raise NotAllowed(_("Only admins and managers let mail go out."))
    with workspace.write():
        allow(workspace)
    return waiting()


def allow(workspace: Workspace) -> None:
    """Note that mail goes out from here, and that it is tried at once. Inside ``Workspace.write`` only."""
    OutboxState.delete().execute()
    OutboxState.insert(place=here(workspace)).execute()


def decided() -> bool:
    """Whether somebody said once whether mail goes out."""
    return bool(OutboxState.select().exists())


def try_again() -> None:
    """Note that the server is tried at once, whatever it said before. Inside ``Workspace.write`` only."""
    OutboxState.update(problem="", try_at=None).execute()
