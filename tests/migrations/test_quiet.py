"""What the migration to teams works out about clients that were there before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_tui import workspaces
from crm_tui.db import Workspace, proxy
from crm_tui.workspaces import known_migrations, open_workspace
from tests import postgres

CLIENTS = (
    ("active", "2026-09-01", "2026-10-01", "30"),
    ("active", "2026-09-21", "2026-10-01", None),
    ("active", "2026-09-01", None, "30"),
    ("dormant", "2026-09-01", "2026-10-01", "30"),
    ("active", None, "2026-01-31", "30"),
)
"""Stage, when acquired, due and cadence of clients of an earlier version; the last was never in touch."""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_active_clients_that_were_due_have_a_day_they_go_quiet(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = postgres.new_database() if kind == "postgres" else str(tmp_path / "w.db")
    old = tmp_path / "migrations"
    old.mkdir()
    for name in known_migrations():
        if name < "0010":
            (old / f"{name}.py").write_bytes((workspaces.MIGRATIONS / f"{name}.py").read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(workspaces, "MIGRATIONS", old)
        (tmp_path / "w.db").touch()
        made = Workspace(location, postgres=kind == "postgres")
        proxy.initialize(made.database)
        workspaces._migrate(made)
        made.database.may_write = True
        moment = "'2026-01-01 00:00:00', '2026-01-01 00:00:00'"
        for stage, acquired, due, cadence in CLIENTS:
            days = ", ".join(f"'{day}'" if day else "NULL" for day in (acquired, due))
            made.database.execute_sql(
                "INSERT INTO client (created_at, updated_at, name, stage, acquired_on, due_on, cadence_days) "
                f"VALUES ({moment}, 'ACME', '{stage}', {days}, {cadence or 'NULL'})"
            )
        made.database.execute_sql(
            f"INSERT INTO setting (created_at, updated_at, \"key\", value) VALUES ({moment}, 'cadence.active', '10')"
        )
        made.close()
    workspace = open_workspace(location)
    try:
        rows: Any = workspace.database.execute_sql("SELECT quiet_on, due_on FROM client ORDER BY id").fetchall()
        assert [str(day) for day, _due in rows] == ["2026-10-31", "2026-10-11", "None", "None", "2026-01-31"]
        assert str(rows[-1][1]) == "2026-01-01", "who was never in touch is due at once"
    finally:
        workspace.close()
        if kind == "postgres":
            postgres.drop_database(location)
