"""Checklists and their items; of products, the checklist that an order of one brings."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table, execute

_LIST = "BIGINT REFERENCES checklist (id) ON DELETE RESTRICT"


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    create_table(
        db, "checklist", *(f'"{name}" {{text}}' for name in ("name", "items")),
        *(f'"{name}_key" {{key}}' for name in ("name", "items")),
    )  # fmt: skip
    create_index(db, "checklist_by_name", "checklist", "name_key", "id", live=True)
    create_search(db, "checklist")
    execute(db, f'ALTER TABLE "product" ADD COLUMN "checklist_id" {_LIST}')
    create_index(db, "product_checklist_id", "product", "checklist_id")
    create_table(
        db,
        "checklist_item",
        '"text" {text}',
        "text_key {key}",
        "done {flag} NOT NULL",
        "required {flag} NOT NULL",
        'order_id BIGINT REFERENCES "order" (id) ON DELETE RESTRICT',
        "task_id BIGINT REFERENCES task (id) ON DELETE RESTRICT",
        f"checklist_id {_LIST}",
        "done_by_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "done_at {moment}",
        "rank {key}",
    )
    for name in ("order", "task"):
        create_index(db, f"checklist_item_by_{name}", "checklist_item", f"{name}_id", "id", live=True)
    create_index(db, "checklist_item_checklist_id", "checklist_item", "checklist_id")
    for table in ("checklist", "checklist_item"):
        create_index(db, f"{table}_archived", table, "archived_at", archived=True)
