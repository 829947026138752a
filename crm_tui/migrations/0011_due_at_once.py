"""Who was never in touch and has a cadence is due at once; an index that stood there twice goes."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import execute


def up(migrator: Any, db: Any) -> None:
    """Bring the day they are due, and that they count as gone quiet, up to date; drop the index."""
    if "Sqlite" in type(db).__name__:
        due, quiet = "date(created_at)", "date(created_at, (julianday(quiet_on) - julianday(due_on)) || ' days')"
    else:
        due, quiet = "created_at::date", "created_at::date + (quiet_on - due_on)"
    execute(
        db,
        f"UPDATE client SET due_on = {due}, quiet_on = {quiet} "
        "WHERE due_on IS NOT NULL AND follow_up_on IS NULL AND last_contact IS NULL AND acquired_on IS NULL",
    )
    execute(db, "DROP INDEX IF EXISTS client_owner_id")
