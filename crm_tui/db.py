"""Connecting to a workspace: SQLite file or PostgreSQL database, the write transaction, the one database thread.

What differs between the two databases lives here and in ``search``; everything above is the same on both.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import peewee as pw

from crm_tui.errors import StorageFailed
from crm_tui.file_lock import FileLock, LockTimeout
from crm_tui.i18n import _

P = ParamSpec("P")
T = TypeVar("T")

APPLICATION_ID = 0x43524D54
"""``CRMT``: marks a SQLite file as a workspace of this program."""

WRITE_PATIENCE = 30.0
"""Seconds a write waits for its turn before it is given up with a message."""

_ADVISORY_LOCK = 0x43524D54
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_IDS_PER_QUERY = 30_000

proxy = pw.DatabaseProxy()
"""The database of the workspace this process has open; models are bound to it."""


def postgres() -> bool:
    """Whether the open workspace is a PostgreSQL database."""
    return isinstance(proxy.obj, pw.PostgresqlDatabase)


def contains(column: Any, text: str) -> Any:
    """Return the SQL condition that a text column contains ``text``, to the letter."""
    return (pw.fn.strpos if postgres() else pw.fn.instr)(column, text) > 0


class WriteOutsideOperation(Exception):
    """A programming error: data was written around ``journal.operation``."""


class _Guarded:
    """Refuses statements that change data outside ``Workspace.write``: nothing may write around the journal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.writing = threading.local()
        super().__init__(*args, **kwargs)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        if not getattr(self.writing, "allowed", False) and sql.lstrip()[:7].upper().startswith(_WRITES):
            raise WriteOutsideOperation(sql[:200])
        return super().execute_sql(sql, params)  # type: ignore[misc]  # a mixin over Peewee's databases


class _Sqlite(_Guarded, pw.SqliteDatabase):
    pass


class _Postgres(_Guarded, pw.PostgresqlDatabase):
    pass


class Workspace:
    """An open workspace. Use ``workspaces.open_workspace``, which checks and migrates it first."""

    def __init__(self, location: str, *, postgres: bool, readonly: bool = False, file_mode: int = 0o600) -> None:
        """``location`` is a path or a ``postgresql://`` address; ``file_mode`` is for files made beside a path."""
        self.location, self.postgres, self.readonly = location, postgres, readonly
        self.path = None if postgres else Path(location)
        self.database: Any
        self._interruptible: Any = None
        if postgres:
            self.database = _Postgres(location, prefer_psycopg3=True, options="-c timezone=UTC")
        else:
            address = f"{Path(location).absolute().as_uri()}?mode={'ro' if readonly else 'rw'}"
            pragmas = [("foreign_keys", 1), ("synchronous", "full"), ("cache_size", -16_000), ("temp_store", "memory")]
            self.database = _Sqlite(
                address, pragmas=pragmas, lock_type="IMMEDIATE", timeout=WRITE_PATIENCE, uri=True
            )
        lock_path = Path(location + "-lock")
        self.file_lock = FileLock(lock_path, file_mode)
        """Serialises writers of a file; PostgreSQL has its own (an advisory lock)."""

    def __str__(self) -> str:
        return self.location

    @contextmanager
    def write(self) -> Iterator[None]:
        """One write transaction; one writer at a time on both databases, first come first served.

        Raises StorageFailed, with nothing written, when the turn does not come or the storage refuses.
        """
        with contextlib.ExitStack() as stack, self.explained():
            if not self.postgres and not self.database.in_transaction():
                try:
                    stack.enter_context(self.file_lock.hold(WRITE_PATIENCE))
                except LockTimeout:
                    raise StorageFailed(_busy()) from None
                except OSError as error:
                    raise StorageFailed(
                        _("Nothing was saved: the lock file {path} cannot be opened ({reason}).").format(
                            path=self.file_lock.path, reason=error.strerror
                        )
                    ) from error
            stack.enter_context(self.database.atomic())
            if self.postgres:
                self.database.execute_sql(f"SET LOCAL lock_timeout = '{int(WRITE_PATIENCE)}s'")
                self.database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
            before = getattr(self.database.writing, "allowed", False)
            self.database.writing.allowed = True
            try:
                yield
            finally:
                self.database.writing.allowed = before

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One read transaction: everything read inside is of the same moment."""
        with self.explained():
            if self.postgres:
                with self.database.atomic("REPEATABLE READ"):
                    yield
            else:
                with self.database.atomic("DEFERRED"):
                    yield

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the storage says into words a person can act on."""
        try:
            yield
        except Exception as error:
            # Peewee translates what a statement raises, but not what fetching its rows or ``executemany`` does.
            if not _from_storage(error):
                raise
            message = explain(error)
            if message is None:
                raise
            if self.postgres and not self.database.in_transaction():
                with contextlib.suppress(Exception):  # the connection is broken: the next call opens another
                    self.database.close()
            raise StorageFailed(message) from error

    def data_version(self) -> int:
        """Return a number that differs once another session has committed (its own commits may not show)."""
        if self.postgres:
            row = self.database.execute_sql("SELECT COALESCE(MAX(id), 0) FROM operation").fetchone()
        else:
            row = self.database.execute_sql("PRAGMA data_version").fetchone()
        return int(row[0])

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows of plain values in the fastest way the database has. Inside ``write`` only."""
        if not getattr(self.database.writing, "allowed", False):
            raise WriteOutsideOperation(f"INSERT INTO {table}")
        names = ", ".join(f'"{column}"' for column in columns)
        cursor = self.database.connection().cursor()
        if self.postgres:
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)

    def update_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Set ``columns`` of many rows to plain values; each of ``rows`` ends with its id. Inside ``write`` only."""
        if not getattr(self.database.writing, "allowed", False):
            raise WriteOutsideOperation(f"UPDATE {table}")
        mark = "%s" if self.postgres else "?"
        listed = ", ".join(f'"{column}" = {mark}' for column in columns)
        cursor = self.database.connection().cursor()
        cursor.executemany(f'UPDATE "{table}" SET {listed} WHERE "id" = {mark}', rows)

    def new_ids(self, table: str, count: int) -> list[int]:
        """Take ``count`` ids of a table that were never used. Inside ``write`` only."""
        if self.postgres:
            cursor = self.database.execute_sql(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (f'"{table}"', count)
            )
            return [row[0] for row in cursor.fetchall()]
        row = self.database.execute_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + count))

    def interrupt(self) -> None:
        """Stop the query that the database thread is running, if any; its caller gets StorageFailed."""
        connection = self._interruptible
        if connection is not None:
            (connection.cancel if self.postgres else connection.interrupt)()

    def use_thread_connection(self) -> None:
        """Let ``interrupt`` stop the queries of the calling thread."""
        self._interruptible = self.database.connection()

    def close(self) -> None:
        """Close this thread's connection."""
        with contextlib.suppress(pw.OperationalError, pw.InterfaceError):
            self.database.close()


def _from_storage(error: Exception) -> bool:
    """Whether the database or its driver raised this, for another reason than that a value broke a constraint."""
    names = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in _DRIVERS}
    return bool(names & {"Error", "PeeweeException"}) and "IntegrityError" not in names


_DRIVERS = ("peewee", "sqlite3", "psycopg")


def _busy() -> str:
    return _(
        "Nothing was saved: another session has kept the workspace locked for {seconds} seconds. Try again in a moment."
    ).format(seconds=int(WRITE_PATIENCE))


def explain(error: Exception) -> str | None:
    """Return what a database error means in the user's words, or None when it is not about the storage."""
    text = str(error).lower()
    if "locked" in text or "lock timeout" in text:
        return _busy()
    if "full" in text or "no space left" in text:
        return _("Nothing was saved: the disk is full. Make room and try again; what you typed is kept.")
    if "readonly" in text or "read-only" in text:
        return _("Nothing was saved: the workspace is read-only. Check the permissions of its file and folder.")
    if "disk i/o" in text or "unable to open" in text:
        return _("The workspace's disk does not answer: {reason}. What you typed is kept.").format(reason=error)
    if "malformed" in text or "not a database" in text:
        return _("The workspace's file is damaged: {reason}. Run crm-tui doctor, or restore a backup.").format(
            reason=error
        )
    if "interrupted" in text or "canceling statement" in text:
        return _("The query was stopped.")
    gone = ("connection", "server closed", "terminating", "could not connect", "the database system is")
    if any(word in text for word in gone):
        return _("The database server does not answer: {reason}. Nothing was lost; try again.").format(
            reason=str(error).strip().splitlines()[0]
        )
    return None


def batches(ids: Sequence[int], size: int = _IDS_PER_QUERY) -> Iterator[Sequence[int]]:
    """Cut ids into pieces that fit one ``IN (...)`` on both databases."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


class Superseded(Exception):
    """A query was given up because a newer one replaced it."""


class DatabaseThread:
    """The one thread of a session that talks to the database: the UI never waits, and calls keep their order."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._turn = threading.Lock()
        self._running = ""
        self._newest: dict[str, int] = {}

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``function`` on the database thread and return what it returns."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: self._run("", 0, lambda: function(*args, **kwargs)))

    async def newest(self, purpose: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of which only the newest of its ``purpose`` matters: an older one is skipped, or stopped where
        it runs, and raises Superseded. Only for functions that read."""
        with self._turn:
            number = self._newest[purpose] = self._newest.get(purpose, 0) + 1
            if self._running == purpose:
                self.workspace.interrupt()
        loop = asyncio.get_running_loop()
        run = lambda: self._run(purpose, number, lambda: function(*args, **kwargs))  # noqa: E731  # a closure, used once
        return await loop.run_in_executor(self._pool, run)

    def _run(self, purpose: str, number: int, function: Callable[[], T]) -> T:
        with self._turn:
            if purpose and number != self._newest[purpose]:
                raise Superseded
            self._running = purpose
        try:
            with self.workspace.explained():
                self.workspace.use_thread_connection()
                return function()
        except StorageFailed as error:
            if purpose and number != self._newest[purpose]:
                raise Superseded from error
            raise
        finally:
            with self._turn:
                self._running = ""

    def close(self) -> None:
        """Finish what was asked for, then close the thread's connection."""
        self._pool.submit(self.workspace.close)
        self._pool.shutdown(wait=True)
