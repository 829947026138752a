"""Custom fields: which ones there are. Their values have had a column in every record from the beginning."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table


def up(migrator: Any, db: Any) -> None:
    """Make the table of custom fields."""
    texts = ("name", "label", "options", "currency", "help")
    create_table(
        db,
        "custom_field",
        *(f'"{name}" {{text}}' for name in texts),
        *(f'"{name}_key" {{key}}' for name in texts),
        "entity {text}",
        "kind {text}",
        "target {text}",
        "position BIGINT",
    )
    create_index(db, "custom_field_archived", "custom_field", "archived_at", archived=True)
