"""Further clients of a person, with a role at each."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table


def up(migrator: Any, db: Any) -> None:
    """Make the table; the client a person has had so far stays with the person."""
    create_table(
        db,
        "affiliation",
        "contact_id BIGINT REFERENCES contact (id) ON DELETE RESTRICT",
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        "role {text}",
        "title {text}",
        "title_key {key}",
        '"primary" {flag} NOT NULL',
        "external_id {text}",
        "external_id_key {key}",
    )
    for reference in ("contact", "client"):
        create_index(db, f"affiliation_{reference}_id", "affiliation", f"{reference}_id")
    create_index(db, "affiliation_by_role", "affiliation", "role", "id", live=True)
    create_index(db, "affiliation_by_external_id", "affiliation", "external_id_key", "id", live=True)
    create_index(db, "affiliation_archived", "affiliation", "archived_at", archived=True)
