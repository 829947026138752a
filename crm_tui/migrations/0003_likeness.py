"""Companions by which likely duplicates are found, and the pairs of which somebody said that they are two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_tui import contact_data
from crm_tui.migrations import create_index, create_table, execute

_ALIKE: dict[str, dict[str, Callable[[str], str]]] = {
    "client": {
        "name": contact_data.name_block,
        "phone": contact_data.phone_tail,
        "email": contact_data.domain_of,
        "website": contact_data.domain_of,
    },
    "contact": {"name": contact_data.name_block, "phone": contact_data.phone_tail},
}
_AT_ONCE = 5000


def up(migrator: Any, db: Any) -> None:
    """Add the columns, fill them in, and index them."""
    sqlite = "Sqlite" in type(db).__name__
    collation = "" if sqlite else 'COLLATE "C" '
    for table, fields in _ALIKE.items():
        for name in fields:
            execute(db, f'ALTER TABLE "{table}" ADD COLUMN "{name}_alike" TEXT {collation}NOT NULL DEFAULT \'\'')
        _fill(db, table, "?" if sqlite else "%s")
        for name in fields:
            within = ["client_id"] if (table, name) == ("contact", "name") else []
            create_index(db, f"{table}_by_{name}_alike", table, f"{name}_alike", *within, "id", live=True)
    create_table(db, "distinction", '"pair" {text}', '"names" {text}', '"pair_key" {key}', '"names_key" {key}')
    create_index(db, "distinction_by_pair", "distinction", "pair_key", "id", live=True)
    create_index(db, "distinction_archived", "distinction", "archived_at", archived=True)


def _fill(db: Any, table: str, mark: str) -> None:
    fields = _ALIKE[table]
    listed = ", ".join(f'"{name}"' for name in fields)
    update = ", ".join(f'"{name}_alike" = {mark}' for name in fields)
    last = 0
    while True:
        query = f'SELECT id, {listed} FROM "{table}" WHERE id > {last} ORDER BY id LIMIT {_AT_ONCE}'
        rows = db.execute_sql(query).fetchall()
        if not rows:
            return
        cursor = db.connection().cursor()
        cursor.executemany(
            f'UPDATE "{table}" SET {update} WHERE id = {mark}',
            [
                (*(of(value) if value else "" for of, value in zip(fields.values(), row[1:], strict=True)), row[0])
                for row in rows
            ],
        )
        last = rows[-1][0]
