"""Indexes by which the board finds what was fulfilled or cancelled lately among a million orders."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index


def up(migrator: Any, db: Any) -> None:
    """Make them."""
    create_index(db, "order_stage_fulfilled_on", "order", "stage", "fulfilled_on")
    create_index(db, "order_stage_entered_at", "order", "stage", "entered_at")
