"""Who was never in touch and has a cadence is due at once; an index that stood there twice goes."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import execute


def up(migrator: Any, db: Any) -> None:
    """Bring the day they are due up to date, and drop the index."""
    sqlite = "Sqlite" in type(db).__name__
    added = "date(created_at)" if sqlite else "created_at::date"
    execute(
        db,
        f"UPDATE client SET due_on = {added} "
        "WHERE due_on IS NOT NULL AND follow_up_on IS NULL AND last_contact IS NULL AND acquired_on IS NULL",
    )
    execute(db, "DROP INDEX IF EXISTS client_owner_id")
