"""Tasks, and which of them wait for which."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table

_TASK = "BIGINT REFERENCES task (id) ON DELETE RESTRICT"


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    texts = ("title", "due_time", "notes", "external_id")
    create_table(
        db,
        "task",
        *(f'"{name}" {{text}}' for name in (*texts, "tags", "status", "priority")),
        *(f'"{name}_key" {{key}}' for name in (*texts, "tags")),
        "due_on DATE",
        "start_on DATE",
        "estimate BIGINT",
        "assignee_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "team_id BIGINT REFERENCES team (id) ON DELETE RESTRICT",
        'order_id BIGINT REFERENCES "order" (id) ON DELETE RESTRICT',
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        f"parent_id {_TASK}",
        "done_at {moment}",
        "waits_for BIGINT",
    )
    for name, column in (
        ("title", "title_key"), ("external_id", "external_id_key"), ("due_on", "due_on"), ("client", "client_id"),
        ("order", "order_id"), ("parent", "parent_id"), ("assignee", "assignee_id"), ("team", "team_id"),
    ):  # fmt: skip
        create_index(db, f"task_by_{name}", "task", column, "id", live=True)
    create_index(db, "task_assignee_id_status_due_on", "task", "assignee_id", "status", "due_on")
    create_index(db, "task_status_due_on", "task", "status", "due_on")
    create_index(db, "task_archived", "task", "archived_at", archived=True)
    create_search(db, "task")
    create_table(db, "dependency", f"task_id {_TASK}", f"needs_id {_TASK}")
    for name in ("task", "needs"):
        create_index(db, f"dependency_by_{name}", "dependency", f"{name}_id", "id", live=True)
    create_index(db, "dependency_archived", "dependency", "archived_at", archived=True)
