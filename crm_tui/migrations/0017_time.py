"""Time that was worked, and how much of it a member of a team has."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table, execute


def up(migrator: Any, db: Any) -> None:
    """Make the table and the column."""
    create_table(
        db,
        "time_entry",
        *(f'"{name}" {{text}}' for name in ("note", "external_id")),
        *(f'"{name}_key" {{key}}' for name in ("note", "external_id")),
        "day DATE",
        "operator_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "minutes BIGINT",
        'order_id BIGINT REFERENCES "order" (id) ON DELETE RESTRICT',
        "task_id BIGINT REFERENCES task (id) ON DELETE RESTRICT",
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        "billable {flag} NOT NULL",
        "started_at {moment}",
    )
    for name, column in (
        ("day", "day"), ("operator", "operator_id"), ("order", "order_id"), ("task", "task_id"),
        ("client", "client_id"), ("external_id", "external_id_key"),
    ):  # fmt: skip
        create_index(db, f"time_entry_by_{name}", "time_entry", column, "id", live=True)
    create_index(db, "time_entry_archived", "time_entry", "archived_at", archived=True)
    create_search(db, "time_entry")
    execute(db, 'ALTER TABLE "membership" ADD COLUMN "capacity" BIGINT')
