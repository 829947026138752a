"""The two databases as Peewee knows them, guarded: nothing is written outside ``Workspace.write``."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import peewee as pw

T = TypeVar("T", int, str)

CONNECT_PATIENCE = 10
"""Seconds a PostgreSQL server is given to answer, unless its address says otherwise."""

proxy = pw.DatabaseProxy()
"""The database of the workspace this process has open; models are bound to it."""

# What changes data or its form. A common table expression may end in either, so its text is looked through.
_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|CREATE|DROP|ALTER|COPY)\b", re.I)
_WITH = re.compile(r"\s*WITH\b.*\b(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\S+\s+SET)\b", re.I | re.S)
_IDS_PER_QUERY = 30_000

_READ_CACHE, _WRITE_CACHE = 2_000, 8_000
"""KiB of a SQLite file that a connection keeps in memory. What is read again comes from the system's own cache just as
fast, and a session is one of many on its server."""


def postgres() -> bool:
    """Whether the open workspace is a PostgreSQL database."""
    return isinstance(proxy.obj, pw.PostgresqlDatabase)


def plain_time(value: date | None) -> Any:
    """Return a day or moment as ``Workspace.insert_rows`` takes it soonest: SQLite has texts, and what is the same in
    thousands of rows is made one once."""
    return value if value is None or postgres() else str(value)


def contains(column: Any, text: str) -> Any:
    """Return the SQL condition that a text column contains ``text``, to the letter."""
    return (pw.fn.strpos if postgres() else pw.fn.instr)(column, text) > 0


def faded(amount: int, half_life: int, since: Any, today: date) -> Any:
    """Return the SQL expression of what is left of an amount that halves every ``half_life`` days since a day or
    moment, to the nearest whole; before that day it is whole."""
    if not postgres():
        return pw.fn.crm_faded(amount, half_life, today.isoformat(), since)
    passed = pw.fn.GREATEST(0, pw.Cast(pw.Value(today.isoformat()), "date") - pw.Cast(since, "date"))
    left = pw.fn.POWER(0.5, pw.Cast(passed, "double precision") / half_life) * amount
    return pw.Cast(pw.fn.ROUND(left), "bigint")


def _faded(amount: int, half_life: int, today: str, since: str) -> int:
    passed = max(0, (date.fromisoformat(today) - date.fromisoformat(since[:10])).days)
    return int(round(amount * 2.0 ** -(passed / half_life)))


def batches(ids: Sequence[T], size: int = _IDS_PER_QUERY) -> Iterator[Sequence[T]]:
    """Cut ids into pieces that fit one ``IN (...)`` on both databases."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def among(column: Any, ids: Iterable[int]) -> Any:
    """Return the SQL condition that a column holds one of these ids: as numbers, not parameters, which for thousands
    take longer to prepare than the query to run."""
    return pw.Expression(column, "IN", pw.SQL(id_list(ids)))


def id_list(ids: Iterable[int]) -> str:
    """Return ids as SQL lists them."""
    return f"({', '.join(str(int(one)) for one in ids) or 'NULL'})"


class WriteOutsideOperation(Exception):
    """A programming error: data was written around ``journal.operation``."""


class Guarded:
    """Refuses statements that change data where no write was begun: nothing may write around the journal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._writing = threading.local()
        super().__init__(*args, **kwargs)

    @property
    def may_write(self) -> bool:
        """Whether the calling thread is inside ``Workspace.write`` (or a migration)."""
        return getattr(self._writing, "allowed", False)

    @may_write.setter
    def may_write(self, allowed: bool) -> None:
        self._writing.allowed = allowed

    def require_write(self, sql: str) -> None:
        """Raise WriteOutsideOperation unless the calling thread may write."""
        if not self.may_write:
            raise WriteOutsideOperation(sql[:200])

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        if not self.may_write and (_WRITES.match(sql) or _WITH.match(sql)):
            raise WriteOutsideOperation(sql[:200])
        return super().execute_sql(sql, params)  # type: ignore[misc]  # a mixin over Peewee's databases


class SqliteWorkspace(Guarded, pw.SqliteDatabase):
    """A SQLite file."""

    def __init__(self, path: Path, *, readonly: bool, patience: float) -> None:
        """``patience`` is how many seconds a statement waits for a lock."""
        pragmas = [("foreign_keys", 1), ("synchronous", "full"), ("cache_size", -_READ_CACHE), ("temp_store", "memory")]
        address = f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rw'}"
        if readonly and os.statvfs(path).f_flag & os.ST_RDONLY:
            address += "&immutable=1"  # nobody writes there, and SQLite could not make the files it shares with writers
        super().__init__(address, pragmas=pragmas, lock_type="IMMEDIATE", timeout=patience, uri=True)
        self.register_function(_faded, "crm_faded", 4)

    def keep_pages(self, *, many: bool) -> None:
        """Keep so much of the file in memory: ``many`` while an import comes back to pages of many indexes."""
        self.execute_sql(f"PRAGMA cache_size = -{_WRITE_CACHE if many else _READ_CACHE}")

    def rollback(self) -> None:
        # A full disk, and some other failures, make SQLite roll back by itself: a second time would hide the reason.
        connection: Any = self.connection()  # type: ignore[no-untyped-call]  # untyped in Peewee's stubs
        if connection.in_transaction:
            super().rollback()


class PostgresWorkspace(Guarded, pw.PostgresqlDatabase):
    """A PostgreSQL database."""

    def __init__(self, address: str, *, readonly: bool) -> None:
        self._readonly = readonly
        super().__init__(address, prefer_psycopg3=True)

    def _connect(self) -> Any:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict

        given: dict[str, Any] = {
            "connect_timeout": CONNECT_PATIENCE,
            "application_name": "crm-tui",
            # A server that vanished without a word is noticed within a minute, not after two hours.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            **conninfo_to_dict(self.database),
        }
        options = f"{given.get('options') or ''} -c timezone=UTC"
        given["options"] = f"{options} -c default_transaction_read_only=on" if self._readonly else options
        return psycopg.connect(**given, autocommit=True)
