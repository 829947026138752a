"""Comments on records, and what each operator is told of."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table


def up(migrator: Any, db: Any) -> None:
    """Make both tables."""
    create_table(
        db,
        "comment",
        "about {text}",
        "about_key {key}",
        "record BIGINT",
        "author_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        '"text" {text}',
        "text_key {key}",
    )
    create_index(db, "comment_author_id", "comment", "author_id")
    create_index(db, "comment_about_record", "comment", "about", "record")
    create_table(
        db,
        "notification",
        "operator_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "reason {text}",
        "about {text}",
        "about_key {key}",
        "record BIGINT",
        "comment_id BIGINT REFERENCES comment (id) ON DELETE RESTRICT",
        "author_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        '"text" {text}',
        "text_key {key}",
        "read_at {moment}",
    )
    for reference in ("operator", "comment", "author"):
        create_index(db, f"notification_{reference}_id", "notification", f"{reference}_id")
    create_index(db, "notification_by_operator", "notification", "operator_id", "id", live=True)
    for table in ("comment", "notification"):
        create_index(db, f"{table}_archived", table, "archived_at", archived=True)
