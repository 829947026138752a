"""Dashboards of one's own, and the cards on them; a scheduled report names any dashboard."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import KEY, create_index, create_table, execute


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    create_table(
        db,
        "dashboard",
        '"name" {text}',
        '"name_key" {key}',
        "shared {flag} NOT NULL",
        "owner_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
    )
    create_index(db, "dashboard_by_name", "dashboard", "name_key", "id", live=True)
    create_index(db, "dashboard_archived", "dashboard", "archived_at", archived=True)
    texts = ("kpi", "field", "entity", "query", "share", "dated", "group", "split", "period", "title")
    create_table(
        db,
        "card",
        "dashboard_id BIGINT REFERENCES dashboard (id) ON DELETE RESTRICT",
        *(f'"{name}" {{text}}' for name in (*texts, "measure", "compared", "picture")),
        "rank {key}",
        *(f'"{name}_key" {{key}}' for name in texts),
        *(f"{name} BIGINT" for name in ("percentile", "most", "width", "height")),
    )
    create_index(db, "card_by_dashboard", "card", "dashboard_id", "id", live=True)
    create_index(db, "card_archived", "card", "archived_at", archived=True)
    key = KEY.replace(' COLLATE "C"', "") if "Sqlite" in type(db).__name__ else KEY
    execute(db, f'ALTER TABLE "recurring_rule" ADD COLUMN "dashboard_key" {key}')
    execute(db, 'UPDATE "recurring_rule" SET "dashboard_key" = "dashboard"')
