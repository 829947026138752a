"""Automations, their runs, and how far the journal was looked through."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    texts = ("name", "entity", "day_field", "condition", "actions")
    create_table(
        db,
        "automation",
        *(f'"{name}" {{text}}' for name in (*texts, "event")),
        *(f'"{name}_key" {{key}}' for name in texts),
        "days BIGINT",
        "enabled {flag} NOT NULL",
        "owner_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
    )
    create_index(db, "automation_by_name", "automation", "name_key", "id", live=True)
    create_index(db, "automation_archived", "automation", "archived_at", archived=True)
    create_table(
        db,
        "automation_run",
        "automation BIGINT NOT NULL",
        "entity {text}",
        "record BIGINT NOT NULL",
        '"key" {text}',
        '"at" {moment} NOT NULL',
        "operation BIGINT",
        "outcome {text}",
        "told {text}",
        "parent BIGINT",
        "depth INTEGER NOT NULL DEFAULT 0",
        record=False,
    )
    create_index(
        db, "automation_run_automation_record_key", "automation_run", "automation", "record", "key", unique=True
    )
    create_index(db, "automation_run_operation", "automation_run", "operation")
    create_table(
        db, "automation_wait", "run BIGINT NOT NULL", "step INTEGER NOT NULL", "due_at {moment} NOT NULL", record=False
    )
    create_index(db, "automation_wait_due_at", "automation_wait", "due_at")
    create_table(db, "automation_state", "position BIGINT NOT NULL DEFAULT 0", "day DATE", record=False)
