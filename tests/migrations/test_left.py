"""What the migration to the days that clients left works out about those who had left before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.migrations.earlier import MOMENT, brought_up_to_date


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_who_has_left_did_so_when_the_journal_tells_of_it_or_when_last_in_touch(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = [
        "INSERT INTO client (created_at, updated_at, name, stage, last_contact, acquired_on) "
        f"VALUES ({MOMENT}, {MOMENT}, 'ACME', '{stage}', {contact}, {acquired})"
        for stage, contact, acquired in (
            ("churned", "'2026-05-05 12:00:00'", "NULL"),
            ("churned", "'2026-05-06 12:00:00'", "NULL"),
            ("churned", "NULL", "'2025-07-01'"),
            ("active", "NULL", "NULL"),
        )
    ]
    moved = (("active", "churned", "do", 6), ("churned", "active", "do", 7), ("active", "churned", "undo", 8))
    for number, (before, after, how, month) in enumerate(moved, 1):
        statements += [
            "INSERT INTO operation (at, login, command, summary, cause, kind, records, touched) "
            f"VALUES ('2026-0{month}-02 12:00:00', 'ana', 'client.edit', '', '', '{how}', 1, '{{}}')",
            "INSERT INTO change (operation_id, entity, record, action, version, before, after) "
            f"VALUES ({number}, 'client', 1, 'update', {number + 1}, "
            f"'{json.dumps({'stage': before})}', '{json.dumps({'stage': after})}')",
        ]
    with brought_up_to_date(kind, "0028", statements, tmp_path, monkeypatch) as workspace:
        rows = workspace.database.execute_sql("SELECT left_on FROM client ORDER BY id").fetchall()
    assert [str(day) for (day,) in rows] == ["2026-06-02", "2026-05-06", "2025-07-01", "None"]
