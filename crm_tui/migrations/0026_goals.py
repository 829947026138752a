"""Objectives, key results and check-ins."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table

_OPERATOR = "BIGINT REFERENCES operator (id) ON DELETE RESTRICT"


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    create_table(
        db,
        "objective",
        *(f'"{name}" {{text}}' for name in ("title", "quarter", "notes")),
        *(f'"{name}_key" {{key}}' for name in ("title", "quarter", "notes")),
        f"owner_id {_OPERATOR}",
        "progress BIGINT",
        "due_on DATE",
    )
    create_index(db, "objective_by_due_on", "objective", "due_on", "id", live=True)
    create_index(db, "objective_archived", "objective", "archived_at", archived=True)
    create_search(db, "objective")
    create_table(
        db,
        "key_result",
        *(f'"{name}" {{text}}' for name in ("title", "kpi", "confidence")),
        *(f'"{name}_key" {{key}}' for name in ("title", "kpi")),
        "objective_id BIGINT REFERENCES objective (id) ON DELETE RESTRICT",
        "card_id BIGINT REFERENCES card (id) ON DELETE RESTRICT",
        f"owner_id {_OPERATOR}",
        *(f'"{name}" BIGINT' for name in ("start", "target", "current", "weight", "progress")),
    )
    create_index(db, "key_result_by_objective", "key_result", "objective_id", "id", live=True)
    create_index(db, "key_result_archived", "key_result", "archived_at", archived=True)
    create_table(
        db,
        "check_in",
        *(f'"{name}" {{text}}' for name in ("confidence", "note")),
        "note_key {key}",
        "key_result_id BIGINT REFERENCES key_result (id) ON DELETE RESTRICT",
        f"by_id {_OPERATOR}",
        '"value" BIGINT',
        "day DATE",
    )
    create_index(db, "check_in_by_key_result", "check_in", "key_result_id", "id", live=True)
    create_index(db, "check_in_archived", "check_in", "archived_at", archived=True)
