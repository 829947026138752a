"""A workspace of 10,000 clients and 1,000,000 orders: those of a demo, each copied onto other days."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.bench.programs import BENCH, CrmTui

ORDERS = 1_000_000
_CLIENTS, _FIRST = 10_000, 5_000
_DAYS = 1095
"""The days before that the copies are spread over."""


def workspace(crm: CrmTui) -> Path:
    """Return the workspace, made the first time it is asked for."""
    path = BENCH / f"orders-{ORDERS}.db"
    if not path.exists():
        made = path.with_suffix(".new")
        made.unlink(missing_ok=True)
        crm.run(
            made, "demo", "--clients", str(_CLIENTS), "--orders", str(_FIRST), "--seed", "1", "--no-open", timeout=1800
        )
        _multiply(made)
        made.rename(path)
    return path


def _multiply(path: Path) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    columns = [row[1] for row in db.execute('PRAGMA table_info("order")') if row[1] != "id"]
    moved = {
        "ordered_on": f"date('now', '-' || (abs(random()) % {_DAYS}) || ' days')",
        "number": "'B' || hex(randomblob(8))",
        "number_key": "'b' || hex(randomblob(8))",
        "external_id": "''",
        "external_id_key": "''",
        # Old orders are done: what is open is of these weeks, whatever the size of a business.
        "stage": "CASE WHEN stage = 'cancelled' THEN stage ELSE 'fulfilled' END",
    }
    listed = ", ".join(f'"{column}"' for column in columns)
    db.execute("PRAGMA synchronous = OFF")
    first, serial = db.execute('SELECT max(id), max(serial) FROM "order"').fetchone()
    db.execute("BEGIN")
    for copy in range(1, ORDERS // first):
        moved["serial"] = f"serial + {serial * copy}"
        taken = ", ".join(moved.get(column, f'"{column}"') for column in columns)
        db.execute(f'INSERT INTO "order" ({listed}) SELECT {taken} FROM "order" WHERE id <= ?', (first,))  # noqa: S608
    db.execute(
        "UPDATE \"order\" SET fulfilled_on = date(ordered_on, '+9 days') WHERE stage = 'fulfilled' AND id > ?", (first,)
    )
    db.execute("COMMIT")
    db.execute("ANALYZE")
    db.close()
