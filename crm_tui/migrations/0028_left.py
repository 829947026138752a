"""Of clients who left, when they did."""

from __future__ import annotations

from datetime import datetime
from json import loads
from typing import Any

from crm_tui import clock
from crm_tui.migrations import execute


def up(migrator: Any, db: Any) -> None:
    """Add the day, and work it out of the journal."""
    execute(db, 'ALTER TABLE "client" ADD COLUMN "left_on" DATE')
    words = "SELECT value FROM word WHERE vocabulary = 'client.stage' AND meaning = 'gone' AND archived_at IS NULL"
    any_words = db.execute_sql("SELECT 1 FROM word WHERE vocabulary = 'client.stage' AND archived_at IS NULL LIMIT 1")
    own = any_words.fetchone() is not None
    gone = {row[0] for row in db.execute_sql(words).fetchall()} if own else {"churned"}
    mark = "?" if "Sqlite" in type(db).__name__ else "%s"
    for stage in gone:
        clients = db.execute_sql(
            f"SELECT id, last_contact, acquired_on, created_at FROM client WHERE stage = {mark}", (stage,)
        ).fetchall()
        for record, last_contact, acquired_on, created_at in clients:
            told = db.execute_sql(
                "SELECT change.before, change.after, operation.at FROM change "
                "JOIN operation ON operation.id = change.operation_id WHERE change.entity = 'client' "
                f"AND change.record = {mark} AND change.action = 'update' AND operation.kind = 'do' "
                "ORDER BY change.id DESC",
                (record,),
            ).fetchall()
            at = next(
                (
                    moment
                    for before, after, moment in told
                    if loads(after).get("stage") in gone and loads(before).get("stage") not in gone
                ),
                last_contact,
            )
            day = _day(at) if at else str(acquired_on)[:10] if acquired_on else _day(created_at)
            db.execute_sql(f"UPDATE client SET left_on = {mark} WHERE id = {mark}", (day, record))


def _day(moment: Any) -> str:
    """The day it was at a moment in UTC."""
    found = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    return clock.local(found).date().isoformat()
