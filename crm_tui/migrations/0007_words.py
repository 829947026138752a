"""Words that a workspace has of its own: stages, roles, channels, sources. As long as there are none, the program's
count."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table


def up(migrator: Any, db: Any) -> None:
    """Make the table of words."""
    texts = ("value", "label", "also", "name")
    create_table(
        db,
        "word",
        *(f'"{name}" {{text}}' for name in texts),
        *(f'"{name}_key" {{key}}' for name in texts),
        "vocabulary {text}",
        "meaning {text}",
        '"position" BIGINT',
    )
    create_index(db, "word_archived", "word", "archived_at", archived=True)
    create_search(db, "word")
