"""How many days orders took, and were late."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import execute


def up(migrator: Any, db: Any) -> None:
    """Make the columns, and fill them in."""
    days = "CAST(julianday({}) - julianday({}) AS INTEGER)" if "Sqlite" in type(db).__name__ else "{} - {}"
    for name, first in (("days_late", "due_on"), ("days_taken", "ordered_on")):
        execute(db, f'ALTER TABLE "order" ADD COLUMN {name} BIGINT')
        execute(db, f'UPDATE "order" SET {name} = {days.format("fulfilled_on", first)} WHERE fulfilled_on IS NOT NULL')
