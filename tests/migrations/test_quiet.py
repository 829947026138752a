"""What the migration to teams works out about clients that were there before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.migrations.earlier import MOMENT, brought_up_to_date

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
    statements = []
    for stage, acquired, due, cadence in CLIENTS:
        days = ", ".join(f"'{day}'" if day else "NULL" for day in (acquired, due))
        statements.append(
            "INSERT INTO client (created_at, updated_at, name, stage, acquired_on, due_on, cadence_days) "
            f"VALUES ({MOMENT}, {MOMENT}, 'ACME', '{stage}', {days}, {cadence or 'NULL'})"
        )
    statements.append(
        'INSERT INTO setting (created_at, updated_at, "key", value) '
        f"VALUES ({MOMENT}, {MOMENT}, 'cadence.active', '10')"
    )
    with brought_up_to_date(kind, "0010", statements, tmp_path, monkeypatch) as workspace:
        rows: Any = workspace.database.execute_sql("SELECT quiet_on, due_on FROM client ORDER BY id").fetchall()
    assert [str(day) for day, _due in rows] == ["2026-10-31", "2026-10-11", "None", "None", "2026-01-31"]
    assert str(rows[-1][1]) == "2026-01-01", "who was never in touch is due at once"
