"""Connecting to a workspace: SQLite file or PostgreSQL database, the write transaction, the one database thread.

What differs between the two databases lives here and in ``search``; everything above is the same on both.
"""

from __future__ import annotations

from crm_tui.db.connections import (
    WriteOutsideOperation,
    among,
    batches,
    contains,
    faded,
    plain_time,
    postgres,
    proxy,
)
from crm_tui.db.prepared import among_those, ask
from crm_tui.db.reasons import explain
from crm_tui.db.thread import DatabaseThread, Superseded
from crm_tui.db.workspace import APPLICATION_ID, WRITE_PATIENCE, Workspace

__all__ = [
    "APPLICATION_ID",
    "WRITE_PATIENCE",
    "DatabaseThread",
    "Superseded",
    "Workspace",
    "WriteOutsideOperation",
    "among",
    "among_those",
    "ask",
    "batches",
    "contains",
    "explain",
    "faded",
    "plain_time",
    "postgres",
    "proxy",
]
