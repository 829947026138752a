"""Lead scores by rules."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table


def up(migrator: Any, db: Any) -> None:
    """Make the rules, how far scores are brought up to date, and what was typed before."""
    create_table(
        db,
        "score_rule",
        '"name" {text}',
        '"query" {text}',
        '"name_key" {key}',
        '"query_key" {key}',
        "points BIGINT",
        "half_life_days BIGINT",
        "fades_from {text}",
        "active {flag} NOT NULL",
        '"position" BIGINT',
    )
    create_index(db, "score_rule_archived", "score_rule", "archived_at", archived=True)
    create_table(db, "score_state", "scored_on DATE NOT NULL", '"after" BIGINT', "moved BIGINT NOT NULL", record=False)
    create_table(db, "typed_score", "client BIGINT NOT NULL", "score BIGINT NOT NULL", record=False)
    create_index(db, "typed_score_client", "typed_score", "client", unique=True)
