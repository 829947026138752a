"""Numbered, forward migrations of a workspace, applied when it is opened.

Each file ``NNNN_words.py`` has ``up(migrator, db)``; it repeats no model, because models go on changing after it.
A file that ran anywhere is never edited: a test holds the models equal to what the migrations make.
"""

from __future__ import annotations

from typing import Any

KEY = "TEXT COLLATE \"C\" NOT NULL DEFAULT ''"
TEXT = "TEXT NOT NULL DEFAULT ''"

RECORD = """
    id {id}, version BIGINT NOT NULL DEFAULT 1, created_at {moment} NOT NULL, updated_at {moment} NOT NULL,
    archived_at {moment}, custom TEXT NOT NULL DEFAULT '{{}}'
"""


def create_table(db: Any, name: str, *columns: str, record: bool = True) -> None:
    """Create a table from columns written once for both databases: ``{id} {moment} {flag} {text} {key} {bytes}``."""
    sqlite = "Sqlite" in type(db).__name__
    words = {
        "id": "INTEGER PRIMARY KEY AUTOINCREMENT" if sqlite else "BIGSERIAL PRIMARY KEY",
        "moment": "DATETIME" if sqlite else "TIMESTAMP",
        "flag": "INTEGER" if sqlite else "BOOLEAN",
        "text": TEXT,
        "bytes": "BLOB" if sqlite else "BYTEA",
        "key": KEY.replace(' COLLATE "C"', "") if sqlite else KEY,
    }
    body = ", ".join([RECORD.strip() if record else "id {id}", *columns]).format(**words)
    execute(db, f'CREATE TABLE "{name}" ({body})')


def create_index(
    db: Any, name: str, table: str, *columns: str, unique: bool = False, live: bool = False, archived: bool = False
) -> None:
    """Create an index; ``live`` ones hold only records that are not archived, ``archived`` ones only those that are."""
    where = " WHERE archived_at IS NULL" if live else " WHERE archived_at IS NOT NULL" if archived else ""
    listed = ", ".join(f'"{column}"' for column in columns)
    execute(db, f'CREATE {"UNIQUE " if unique else ""}INDEX "{name}" ON "{table}" ({listed}){where}')


def create_search(db: Any, entity: str) -> None:
    """Create the full-text index of an entity (its form is ``search``'s business)."""
    if "Sqlite" in type(db).__name__:
        execute(
            db,
            f'CREATE VIRTUAL TABLE "search_{entity}" USING fts5(doc, tokenize="unicode61 remove_diacritics 0", '
            "prefix='1 2 3', columnsize=0, detail=full)",
        )
    else:
        execute(db, f'CREATE TABLE "search_{entity}" (rowid BIGINT PRIMARY KEY, doc TSVECTOR NOT NULL)')
        execute(db, f'CREATE INDEX "search_{entity}_doc" ON "search_{entity}" USING GIN (doc)')


def execute(db: Any, sql: str) -> None:
    """Run one statement of a migration."""
    db.execute_sql(sql)
