"""Recurring rules, what they made and when, and who does the background work."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table, execute


def up(migrator: Any, db: Any) -> None:
    """Make the tables and the column."""
    texts = ("name", "schedule", "title", "steps", "notes", "zone")
    create_table(
        db,
        "recurring_rule",
        *(f'"{name}" {{text}}' for name in (*texts, "makes", "assignment", "priority", "missed", "basis")),
        *(f'"{name}_key" {{key}}' for name in texts),
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        'order_id BIGINT REFERENCES "order" (id) ON DELETE RESTRICT',
        "assignee_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "team_id BIGINT REFERENCES team (id) ON DELETE RESTRICT",
        "estimate BIGINT",
        "due_in BIGINT",
        "checklist_id BIGINT REFERENCES checklist (id) ON DELETE RESTRICT",
        "starts_on DATE",
        "paused {flag} NOT NULL",
        "owner_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "next_at {moment}",
        "last_at {moment}",
        "since {moment}",
    )
    for name, column in (("name", "name_key"), ("next_at", "next_at"), ("client", "client_id")):
        create_index(db, f"recurring_rule_by_{name}", "recurring_rule", column, "id", live=True)
    create_index(db, "recurring_rule_archived", "recurring_rule", "archived_at", archived=True)
    create_search(db, "recurring_rule")
    create_table(
        db,
        "occurrence",
        "rule BIGINT NOT NULL",
        "due_at {moment} NOT NULL",
        "made_at {moment} NOT NULL",
        "operation BIGINT NOT NULL",
        '"entity" {text}',
        "record BIGINT",
        record=False,
    )
    create_index(db, "occurrence_rule_due_at", "occurrence", "rule", "due_at", unique=True)
    create_table(db, "lease", "name {text}", "holder {text}", '"until" {moment} NOT NULL', record=False)
    create_index(db, "lease_name", "lease", "name", unique=True)
    execute(db, 'ALTER TABLE "task" ADD COLUMN "rule_id" BIGINT REFERENCES recurring_rule (id) ON DELETE RESTRICT')
    create_index(db, "task_by_rule", "task", "rule_id", "id", live=True)
