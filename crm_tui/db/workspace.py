"""An open workspace: its connections, the write transaction and the snapshot to read from."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee as pw

from crm_tui.db.connections import PostgresWorkspace, SqliteWorkspace, WriteOutsideOperation
from crm_tui.db.reasons import busy, explain, from_storage
from crm_tui.drivers import shown
from crm_tui.errors import StorageFailed
from crm_tui.file_lock import FileLock, LockTimeout
from crm_tui.i18n import _

APPLICATION_ID = 0x43524D54
"""``CRMT``: marks a SQLite file as a workspace of this program."""

WRITE_PATIENCE = 30.0
"""Seconds a write waits for its turn before it is given up with a message."""

_ADVISORY_LOCK = APPLICATION_ID
_MANY = 200
"""Rows from which on it pays to keep more of a SQLite file in memory while they are written."""

_COARSE = 2_000_000_000
"""Nanoseconds within which two writes of a file may bear the same time."""

_SAID = {None: "NULL", "": "''", "{}": "'{}'", 0: "0", 1: "1"}
"""What most columns of a table hold where nobody wrote anything, and how SQL says it."""

_NOTHING: Mapping[str, str] = {}

_AS_PEEWEE: Any = pw.__exception_wrapper__  # type: ignore[attr-defined]  # missing in Peewee's stubs
"""Gives what a cursor raises the classes that Peewee's own statements raise."""


class Workspace:
    """An open workspace. Use ``workspaces.open_workspace``, which checks and migrates it first."""

    def __init__(
        self,
        location: str,
        *,
        postgres: bool,
        readonly: bool = False,
        file_mode: int = 0o600,
        patience: float = WRITE_PATIENCE,
    ) -> None:
        """``location`` is a path or a ``postgresql://`` address; ``file_mode`` is for files made beside a path;
        ``patience`` is how many seconds a write waits for its turn."""
        self.location, self.postgres, self.readonly, self.patience = location, postgres, readonly, patience
        self.path = None if postgres else Path(location)
        self._interruptible: Any = None
        self._log = Path(f"{os.path.realpath(location)}-wal")
        self._log_marks: tuple[int, int, int] | None = None
        self.database: Any
        if postgres:
            self.database = PostgresWorkspace(location, readonly=readonly)
        else:
            self.database = SqliteWorkspace(Path(location), readonly=readonly, patience=patience)
        self.file_lock = FileLock(Path(os.path.realpath(location) + "-lock"), file_mode)
        """Serialises writers of a file; PostgreSQL has its own (an advisory lock)."""
        self._keeps_pages = False

    def __str__(self) -> str:
        return shown(self.location)

    @contextmanager
    def write(self) -> Iterator[None]:
        """One write transaction; one writer at a time on both databases, first come first served.

        Raises StorageFailed, with nothing written, when the turn does not come or the storage refuses.
        """
        if self.database.in_transaction():
            raise WriteOutsideOperation("a write inside another transaction")
        with self.explained(), contextlib.ExitStack() as stack:
            if not self.postgres:
                stack.enter_context(self._turn())
            stack.callback(self._let_pages_go)
            stack.enter_context(self.database.atomic())
            if self.postgres:
                self.database.execute_sql(f"SET LOCAL lock_timeout = {int(self.patience * 1000)}")
                self.database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
            self.database.may_write = True
            try:
                yield
            finally:
                self.database.may_write = False

    def expect(self, rows: int) -> None:
        """Get ready to write so many rows. Inside ``write`` only."""
        if rows >= _MANY and not self.postgres and not self._keeps_pages:
            self.database.keep_pages(many=True)
            self._keeps_pages = True

    def _let_pages_go(self) -> None:
        if self._keeps_pages:
            self._keeps_pages = False
            self.database.keep_pages(many=False)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the lock file, in the order of asking."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self.file_lock.hold(self.patience))
            except LockTimeout:
                raise StorageFailed(busy(self.patience)) from None
            except OSError as error:
                raise StorageFailed(
                    _("Nothing was saved: the lock file {path} cannot be opened ({reason}).").format(
                        path=self.file_lock.path, reason=error.strerror or error
                    )
                ) from error
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One read transaction: everything read inside is of the same moment."""
        with self.explained(), self.database.atomic("REPEATABLE READ" if self.postgres else "DEFERRED"):
            yield

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the storage says into words a person can act on. A lost connection is opened anew at the next
        call."""
        try:
            yield
        except Exception as error:
            # Peewee translates what a statement raises, but not what fetching its rows does.
            if not from_storage(error):
                raise
            message = explain(error, self.patience)
            self._let_go_of_lost_connection()
            if message is None:
                raise
            raise StorageFailed(message) from error

    def _let_go_of_lost_connection(self) -> None:
        if self.postgres and not self.database.is_closed() and not self.database.in_transaction():
            connection = self.database.connection()
            if connection.closed or connection.broken:
                with contextlib.suppress(pw.PeeweeException):
                    self.database.close()

    def still(self) -> bool:
        """Whether nobody can have committed since this was last asked, as far as can be told without asking the
        database: the log that SQLite appends every commit to is as it was, and was not written just now (the clocks of
        file systems are coarse). Never of PostgreSQL. For one caller only."""
        if self.postgres:
            return False
        try:
            log = self._log.stat()
        except OSError:
            return False
        marks, self._log_marks = self._log_marks, (log.st_ino, log.st_size, log.st_mtime_ns)
        return marks == self._log_marks and abs(time.time_ns() - log.st_mtime_ns) > _COARSE

    def data_version(self) -> int:
        """Return a number that differs once another session has committed (its own commits may not show)."""
        if self.postgres:
            row = self.database.execute_sql(
                "SELECT COALESCE((SELECT MAX(id) FROM operation), 0) * 1000000"
                " + MOD(COALESCE((SELECT MAX(moved) FROM score_state), 0), 1000000)"
            ).fetchone()
        else:
            row = self.database.execute_sql("PRAGMA data_version").fetchone()
        return int(row[0])

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], same: Mapping[str, str] = _NOTHING
    ) -> None:
        """Insert many rows of plain values in the fastest way the database has; ``same`` are further columns with the
        SQL of what all rows have there, of SQLite only. Inside ``write`` only."""
        self.database.require_write(f"INSERT INTO {table}")
        names = ", ".join(f'"{column}"' for column in (*columns, *same))
        cursor = self.database.connection().cursor()
        with _AS_PEEWEE:
            if self.postgres:
                with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join([*"?" * len(columns), *same.values()])
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)

    def insert_columns(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert rows of plain values, given a column at a time, their ids among them: what many all have of a column
        is said once. Inside ``write`` only."""
        said_once = () if self.postgres else [name for name, values in columns.items() if _all_the_same(values)]
        same = {name: _SAID[columns[name][0]] for name in said_once}
        differing = {name: values for name, values in columns.items() if name not in same}
        self.insert_rows(table, list(differing), zip(*differing.values(), strict=True), same)

    @contextmanager
    def without_indexes(self, tables: Sequence[str]) -> Iterator[None]:
        """Write many rows into these tables without their indexes, which are made once the rows are there: that takes
        a fraction of the time. Only of SQLite tables that are empty; all others, and what must be unique, are left as
        they are. Inside ``write`` only."""
        execute = self.database.execute_sql
        indexes: list[tuple[str, str]] = []
        for table in () if self.postgres else tables:
            if execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is None:
                found = execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table,))
                indexes += [(name, sql) for name, sql in found if sql and not sql.startswith("CREATE UNIQUE")]
        self.database.require_write("DROP INDEX")
        for name, _sql in indexes:
            execute(f'DROP INDEX "{name}"')
        yield
        for _name, sql in indexes:
            execute(sql)

    @contextmanager
    def straight_into_the_file(self) -> Iterator[None]:
        """Do without the log that SQLite writes everything to before it writes it to the file: for a write that is
        many times what the file holds, half of the time. It is as safe, but nobody else can read meanwhile. Changes
        nothing where somebody else has the file open, and of PostgreSQL. Outside ``write`` only."""
        if self.postgres:
            yield
            return
        execute = self.database.execute_sql
        execute("PRAGMA busy_timeout = 0")  # whoever has it open may have it open for hours
        try:
            with contextlib.suppress(pw.OperationalError):
                execute("PRAGMA journal_mode = delete")
        finally:
            execute(f"PRAGMA busy_timeout = {int(self.patience * 1000)}")
        try:
            yield
        finally:
            with contextlib.suppress(pw.PeeweeException):  # whoever opens it next does
                execute("PRAGMA journal_mode = wal")

    def update_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Set ``columns`` of many rows to plain values; each of ``rows`` ends with its id. Inside ``write`` only."""
        self.database.require_write(f"UPDATE {table}")
        mark = "%s" if self.postgres else "?"
        listed = ", ".join(f'"{column}" = {mark}' for column in columns)
        cursor = self.database.connection().cursor()
        with _AS_PEEWEE:
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

    def look_over(self, tables: Iterable[str]) -> None:
        """Let PostgreSQL look over tables of which much was changed, so that it chooses well at once and not only
        minutes later. SQLite's ways are chosen by ``query``."""
        if self.postgres:
            for table in tables:
                with contextlib.suppress(pw.PeeweeException):  # its own upkeep does it later
                    self.database.execute_sql(f'ANALYZE "{table}"')

    def forget_deleted(self, tables: Sequence[str], indexes: Sequence[str]) -> bool:
        """See that what was deleted or overwritten leaves the storage itself: of a SQLite file no byte of it is left,
        in the log beside it neither; of PostgreSQL these ``tables`` are vacuumed. ``indexes`` are full-text tables.

        Returns False when another session still reads what was: then the log keeps it until that session ends.
        """
        execute = self.database.execute_sql
        if self.postgres:
            for table in (*tables, *indexes):
                with contextlib.suppress(pw.PeeweeException):  # its own upkeep does it later
                    execute(f'VACUUM (ANALYZE) "{table}"')
            return True
        with self.explained(), self._turn():
            self.database.may_write = True
            try:
                for index in indexes:
                    execute(f'INSERT INTO "{index}" ("{index}") VALUES (\'optimize\')')
            finally:
                self.database.may_write = False
            execute("PRAGMA temp_store = file")  # a copy of the whole does not have to fit in memory
            try:
                execute("VACUUM")
            finally:
                execute("PRAGMA temp_store = memory")
            return not execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def use_thread_connection(self) -> None:
        """Let ``interrupt`` stop the queries of the calling thread."""
        self._interruptible = self.database.connection()

    def interrupt(self) -> None:
        """Stop the query that the database thread is running, if any; its caller gets StorageFailed.

        On PostgreSQL this waits for the server, so never call it where nobody may wait.
        """
        connection = self._interruptible
        if connection is not None:
            with contextlib.suppress(Exception):  # it was closed meanwhile: there is nothing to stop
                if self.postgres:
                    connection.cancel_safe(timeout=2.0)
                else:
                    connection.interrupt()

    def close(self) -> None:
        """Close this thread's connection."""
        with contextlib.suppress(pw.OperationalError, pw.InterfaceError):
            self.database.close()


def _all_the_same(values: Sequence[Any]) -> bool:
    """Whether many values are all one that SQL can say."""
    return len(values) >= _MANY and values[0] in _SAID and values.count(values[0]) == len(values)
