"""Numbers kept by the day, and an index that tells what orders of some days come to without reading the orders."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table, execute


def up(migrator: Any, db: Any) -> None:
    """Make the tables and the index."""
    create_table(db, "rollup_question", '"text" {text}', "position BIGINT NOT NULL", "built_from DATE", record=False)
    create_index(db, "rollup_question_text", "rollup_question", "text", unique=True)
    create_table(
        db,
        "rollup",
        "question BIGINT NOT NULL",
        "day DATE NOT NULL",
        *(f'"{name}" {{text}}' for name in ("key", "label", "currency")),
        '"value" BIGINT',
        "counted BIGINT NOT NULL",
        "total BIGINT NOT NULL",
        record=False,
    )
    create_index(db, "rollup_question_day", "rollup", "question", "day")
    # SQLite reads the orders all the same unless the index tells that they are not archived, too.
    whole = ("ordered_on", "stage", "client_id", "currency", "net", "archived_at")
    create_index(db, "order_by_day_whole", "order", *whole, live=True)
    execute(db, 'DROP INDEX "order_by_stage"')  # else the one above would be read whole for what this one tells
    create_index(db, "order_by_stage", "order", "stage", "id", "archived_at", live=True)
