"""Teams and who is in them; of clients, the team that serves them and from when on they have gone quiet."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_table, execute

_CADENCE = "cadence.active"


def up(migrator: Any, db: Any) -> None:
    """Make the tables, and work out which active clients have gone quiet."""
    create_table(db, "team", '"name" {text}', '"name_key" {key}', "kind {text}")
    create_index(db, "team_name", "team", "name", unique=True)
    create_index(db, "team_by_name", "team", "name_key", "id", live=True)
    create_table(
        db,
        "membership",
        '"name" {text}',
        '"name_key" {key}',
        "operator_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "team_id BIGINT REFERENCES team (id) ON DELETE RESTRICT",
    )
    create_index(db, "membership_by_name", "membership", "name_key", "id", live=True)
    create_index(db, "membership_by_operator", "membership", "operator_id", "id", live=True)
    create_index(db, "membership_by_team", "membership", "team_id", "id", live=True)
    for table in ("team", "membership"):
        create_index(db, f"{table}_archived", table, "archived_at", archived=True)
    execute(db, 'ALTER TABLE "client" ADD COLUMN "team_id" BIGINT REFERENCES team (id) ON DELETE RESTRICT')
    execute(db, 'ALTER TABLE "client" ADD COLUMN "quiet_on" DATE')
    create_index(db, "client_by_team", "client", "team_id", "id", live=True)
    create_index(db, "client_by_quiet_on", "client", "quiet_on", "id", live=True)
    _find_who_is_quiet(db)


def _find_who_is_quiet(db: Any) -> None:
    setting = f"SELECT value FROM setting WHERE \"key\" = '{_CADENCE}' AND archived_at IS NULL"
    row = db.execute_sql(setting).fetchone()
    usual = row[0].strip() if row else ""
    everyone = int(usual) if usual.isdecimal() and 0 < int(usual) <= 3650 else "NULL"
    days = f"COALESCE(cadence_days, {everyone})"
    sqlite = "Sqlite" in type(db).__name__
    later = f"date(due_on, '+' || {days} || ' days')" if sqlite else f"due_on + CAST({days} AS INTEGER)"
    execute(
        db,
        f"UPDATE client SET quiet_on = {later} WHERE stage = 'active' AND due_on < '9980-01-01' AND {days} IS NOT NULL",
    )
