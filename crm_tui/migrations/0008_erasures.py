"""People who were erased."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table


def up(migrator: Any, db: Any) -> None:
    """Make the list of erased people, and of the records that were emptied with them."""
    create_table(
        db,
        "erasure",
        '"name" {text}',
        '"name_key" {key}',
        '"entity" {text}',
        '"entity_key" {key}',
        '"record" BIGINT',
        "added_at {moment}",
        "erased_at {moment}",
        '"login" {text}',
        '"login_key" {key}',
        "reason {text}",
        "reason_key {key}",
    )
    create_index(db, "erasure_archived", "erasure", "archived_at", archived=True)
    create_table(db, "erased_record", '"entity" {text}', '"record" BIGINT NOT NULL', record=False)
    create_index(db, "erased_record_entity_record", "erased_record", "entity", "record", unique=True)
