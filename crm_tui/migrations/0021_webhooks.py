"""Messages that go to a program by its web address."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import KEY, TEXT, execute


def up(migrator: Any, db: Any) -> None:
    """Make the column."""
    key = KEY.replace(' COLLATE "C"', "") if "Sqlite" in type(db).__name__ else KEY
    execute(db, f'ALTER TABLE "message" ADD COLUMN "url" {TEXT}')
    execute(db, f'ALTER TABLE "message" ADD COLUMN "url_key" {key}')
