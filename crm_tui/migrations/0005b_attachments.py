"""Files attached to records, and the contents of those that are kept in the database."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table


def up(migrator: Any, db: Any) -> None:
    """Make both tables."""
    create_table(
        db,
        "attachment",
        "about {text}",
        "about_key {key}",
        "record BIGINT",
        "name {text}",
        "name_key {key}",
        "size BIGINT",
        "author_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "stored {text}",
        "stored_key {key}",
    )
    create_index(db, "attachment_author_id", "attachment", "author_id")
    create_index(db, "attachment_about_record", "attachment", "about", "record")
    create_index(db, "attachment_archived", "attachment", "archived_at", archived=True)
    create_table(
        db, "attached_content", "stored {text}", "part BIGINT NOT NULL", "content {bytes} NOT NULL", record=False
    )
    create_index(db, "attached_content_stored_part", "attached_content", "stored", "part", unique=True)
