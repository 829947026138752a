"""The verb ``info``: versions, the workspace and what is in it, where the program keeps its files."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import crm_tui
from crm_tui import config, drivers, logs
from crm_tui.errors import CannotOpen
from crm_tui.formats import iso_moment, whole
from crm_tui.i18n import _
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.db import Workspace
    from crm_tui.scope import Actor

LIBRARIES = ("textual", "peewee", "psycopg")


def show_about(request: Request) -> int | None:
    """Print the facts that a report of a problem should hold. Returns 5 when the workspace cannot be opened."""
    facts: dict[str, Any] = {
        "crm-tui": crm_tui.__version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
        "system": platform.platform(terse=True),
        "config": _path(config.config_file()),
        "data": str(config.data_folder()),
        "state": str(config.state_folder()),
        "log": _path(logs.log_file()),
        "config_problem": str(request.config_problem) if request.config_problem else None,
        "workspace": drivers.shown(request.location),
    }
    problem: CannotOpen | None = None
    try:
        with request.opened() as (workspace, actor):
            facts |= {"operator": actor.login, "role": actor.role, **workspace_facts(workspace, actor)}
    except CannotOpen as error:
        problem = error
        facts["workspace_problem"] = str(error)
    if request.json:
        printing.write_json(facts)
    else:
        printing.write_facts(
            (name.replace("_", " "), _shown(value)) for name, value in facts.items() if value is not None
        )
    return problem.exit_code if problem else None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _path(path: Path) -> str:
    return str(path) if path.exists() else _("{path} (not there yet)").format(path=path)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{whole(count)} {name}" for name, count in value.items())
    return whole(value) if isinstance(value, int) else str(value)


def workspace_facts(workspace: Workspace, actor: Actor) -> dict[str, Any]:
    """Return what a workspace is kept in and how much of it there is; records are those not archived."""
    from crm_tui.journal import last_operation
    from crm_tui.models.base import entities
    from crm_tui.queries.timeline import journal

    counts = {}
    for entity in entities.values():
        model: Any = entity.model
        counts[entity.plural] = model.select().where(model.archived_at.is_null()).count()
    latest = journal(actor, limit=1)
    return {
        "backend": backend(workspace),
        "bytes": size(workspace),
        "records": counts,
        "last_operation": last_operation(),
        "last_change": iso_moment(latest[0].at) if latest else None,
    }


def backend(workspace: Workspace) -> str:
    """Return the name and version of the database."""
    sql = "SHOW server_version" if workspace.postgres else "SELECT sqlite_version()"
    name = "PostgreSQL" if workspace.postgres else "SQLite"
    return f"{name} {str(workspace.database.execute_sql(sql).fetchone()[0]).split()[0]}"


def size(workspace: Workspace) -> int:
    """Return how many bytes the workspace takes on disk."""
    if workspace.path is None:
        return int(workspace.database.execute_sql("SELECT pg_database_size(current_database())").fetchone()[0])
    beside = [workspace.path, workspace.path.with_name(workspace.path.name + "-wal")]
    return sum(path.stat().st_size for path in beside if path.exists())
