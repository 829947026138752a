"""Workspaces as an earlier version left them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_tui import workspaces
from crm_tui.db import Workspace, proxy
from crm_tui.workspaces import known_migrations, open_workspace
from tests import postgres

MOMENT = "'2026-01-01 00:00:00'"
"""When the records of an earlier version were made."""


@contextmanager
def brought_up_to_date(
    kind: str, before: str, statements: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """Give a workspace, ``sqlite`` or ``postgres``, that was made with the migrations before the one
    that begins with ``before``, then filled by statements and opened with the program of today."""
    location = postgres.new_database() if kind == "postgres" else str(folder / "w.db")
    old = folder / "migrations"
    old.mkdir()
    for name in known_migrations():
        if name < before:
            (old / f"{name}.py").write_bytes((workspaces.MIGRATIONS / f"{name}.py").read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(workspaces, "MIGRATIONS", old)
        (folder / "w.db").touch()
        made = Workspace(location, postgres=kind == "postgres")
        proxy.initialize(made.database)
        workspaces._migrate(made)
        made.database.may_write = True
        for statement in statements:
            made.database.execute_sql(statement)
        made.close()
    workspace = open_workspace(location)
    try:
        yield workspace
    finally:
        workspace.close()
        if kind == "postgres":
            postgres.drop_database(location)
