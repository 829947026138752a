"""Reports that go out by e-mail again and again: of which dashboard, and about which time."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import TEXT, create_index, execute


def up(migrator: Any, db: Any) -> None:
    """Make the columns."""
    for name in ("dashboard", "period"):
        execute(db, f'ALTER TABLE "recurring_rule" ADD COLUMN "{name}" {TEXT}')
    create_index(db, "order_by_stage", "order", "stage", "id", live=True)  # how many there are of each
