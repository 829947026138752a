"""Copying a whole workspace, row by row from one database to the other or as a file, and proving the copy equal.

Every value has one plain form (SQLite's: text, whole numbers, nothing), so that what a PostgreSQL and a SQLite
workspace hold can be compared by the same checksum.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import peewee as pw

from crm_tui import db, search
from crm_tui.db import Workspace
from crm_tui.errors import StorageFailed
from crm_tui.i18n import _
from crm_tui.models.base import Record, Row, entities
from crm_tui.models.files import AttachedContent
from crm_tui.models.journal import Change, Operation
from crm_tui.models.outbox import OutboxState
from crm_tui.models.workspace import Presence

Fingerprints = dict[str, tuple[int, str]]
"""How many rows a table has, and the checksum over all of them in the order of their ids, by the table's name."""

Convert = Callable[[Any], Any]


OF_THIS_PLACE: tuple[type[Row], ...] = (Presence, OutboxState)
"""Who is here now, and that mail may go out from here: a copy is somewhere else, and sends nothing by itself."""


def tables() -> list[type[Row]]:
    """Return every table there is but those of this place, those that others refer to first."""
    found: set[type[Row]] = set()
    waiting = list(Row.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model not in (Record, *OF_THIS_PLACE):
            found.add(model)
    return list(pw.sort_models(found))  # type: ignore[attr-defined]  # missing in Peewee's stubs


def copy_rows(source: Workspace, target: Workspace) -> Fingerprints:
    """Make the rows of a workspace those of another, indexed for search, and return the fingerprints of both.

    What the target held is gone. One snapshot of the source is read and one transaction of the target written: it is
    all there or nothing is. Raises StorageFailed when what arrived is not what was sent.
    """
    with source.snapshot(), target.write():
        _empty(target)
        for model in tables():
            columns = [field.column_name for field in _fields(model)]
            rows = _plain_rows(source, model)
            if target.postgres:
                rows = _converted(rows, [_typed(field) for field in _fields(model)])
            target.insert_rows(_name(model), columns, rows)
            _set_sequence(target, _name(model), _sequence(source, _name(model)))
        with bound(target):
            ids = {name: _ids(entity.model) for name, entity in entities.items() if entity.search}
            search.reindex(target, ids)
        sent, arrived = fingerprints(source), fingerprints(target)
        require_equal(sent, arrived)
    return arrived


@contextmanager
def bound(workspace: Workspace) -> Iterator[None]:
    """Let the models read and write ``workspace`` for a while, where two are open."""
    before = db.proxy.obj
    db.proxy.initialize(workspace.database)
    try:
        yield
    finally:
        db.proxy.initialize(before)


def fingerprints(workspace: Workspace) -> Fingerprints:
    """Return what proves two workspaces equal: a count and a checksum of every table."""
    return {_name(model): _fingerprint(_plain_rows(workspace, model)) for model in tables()}


def _fingerprint(rows: Iterable[Sequence[Any]]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for row in rows:
        count += 1
        told = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_digest)
        digest.update(told.encode("utf-8", "surrogatepass"))
    return count, digest.hexdigest()


def _digest(content: Any) -> str:
    """A piece of an attached file, told by its own checksum."""
    return hashlib.sha256(content).hexdigest()


def require_equal(sent: Fingerprints, arrived: Fingerprints) -> None:
    """Raise StorageFailed, naming the tables, when a copy is not what it was made from."""
    wrong = [name for name in sent if arrived.get(name) != sent[name]]
    if wrong:
        raise StorageFailed(
            _(
                "The copy is not the same as its source in {tables}; it was thrown away. Check the disk, and try again."
            ).format(tables=", ".join(wrong))
        )


def _empty(workspace: Workspace) -> None:
    """Take every row out of a workspace, journal and search index included; what it refers to goes last."""
    models: list[type[Row]] = [*OF_THIS_PLACE, *reversed(tables())]
    names = [f"search_{name}" for name, entity in entities.items() if entity.search]
    for name in [*names, *map(_name, models)]:
        workspace.database.execute_sql(f'DELETE FROM "{name}"')


def has_records(workspace: Workspace) -> bool:
    """Whether anything is in the open workspace but operators, and what every new one has."""
    begun_with = ("operator", "automation", "message_template")
    if any(entity.model.select().exists() for name, entity in entities.items() if name not in begun_with):
        return True
    own: Any = Change.select().join(Operation, on=(Change.operation == Operation.id))
    return bool(own.where((Change.entity == "automation") & (Operation.kind != "setup")).exists())


def copy_file(source: Path, target: Path) -> Fingerprints:
    """Copy a SQLite workspace as it is at one moment, whoever writes to it meanwhile, to one file that is not there.

    The copy is checked and compared with its source; its mode is 0600. Returns its fingerprints. Raises StorageFailed,
    with nothing left behind, when it cannot be made.
    """
    target.touch(mode=0o600, exist_ok=False)
    try:
        with _sqlite(f"{source.absolute().as_uri()}?mode=ro") as original, _sqlite(target.absolute().as_uri()) as copy:
            original.execute("BEGIN")
            original.execute("SELECT 1 FROM sqlite_master").fetchone()  # the moment that is copied
            original.backup(copy)
            require_sound(copy, target)
            rows = _file_fingerprints(copy)
            require_equal(_file_fingerprints(original), rows)
            for name in map(_name, OF_THIS_PLACE):
                if _has_table(copy, name):
                    copy.execute(f'DELETE FROM "{name}"')
            copy.execute("PRAGMA journal_mode = delete")  # one file, that may lie on a read-only disk
            return rows
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        reason = db.explain(error) or str(error)
        raise StorageFailed(
            _("The copy {path} could not be made: {reason}").format(path=target, reason=reason)
        ) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _file_fingerprints(connection: sqlite3.Connection) -> Fingerprints:
    """Return the fingerprints of the tables a file has, in whatever version of the schema."""
    names = [_name(model) for model in tables()]
    return {
        name: _fingerprint(connection.execute(f'SELECT * FROM "{name}" ORDER BY "id"'))
        for name in names
        if _has_table(connection, name)
    }


def overwrite(source: Path, target: Path) -> None:
    """Give a SQLite workspace the contents of another in one transaction; sessions that have it open go on with them.

    The caller holds the workspace's file lock.
    """
    with _sqlite(f"{source.absolute().as_uri()}?mode=ro") as original, _sqlite(target.absolute().as_uri()) as copy:
        original.backup(copy)


def require_sound(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StorageFailed when SQLite finds a file damaged."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise StorageFailed(_("{path} is damaged: {reason}.").format(path=path, reason="; ".join(found)))


@contextmanager
def _sqlite(address: str) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(
        sqlite3.connect(address, uri=True, timeout=db.WRITE_PATIENCE, isolation_level=None)
    ) as opened:
        yield opened


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def _name(model: type[pw.Model]) -> str:
    meta: Any = model._meta
    return str(meta.table_name)


def _fields(model: type[pw.Model]) -> list[pw.Field[Any]]:
    meta: Any = model._meta
    return list(meta.sorted_fields)


def _ids(model: Any) -> set[int]:
    return {row[0] for row in model.select(model.id).tuples()}


def _plain_rows(workspace: Workspace, model: type[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield a table's rows by id, every value in its plain form; read as a stream."""
    listed = ", ".join(f'"{field.column_name}"' for field in _fields(model))
    sql = f'SELECT {listed} FROM "{_name(model)}" ORDER BY "id"'
    connection = workspace.database.connection()
    if not workspace.postgres:
        yield from connection.execute(sql)
        return
    with connection.cursor(name="copy") as cursor:
        cursor.itersize = 20 if model is AttachedContent else 5000  # its rows are large
        cursor.execute(sql)
        yield from _converted(cursor, [_plain(field) for field in _fields(model)])


def _converted(rows: Iterator[tuple[Any, ...]], converts: Sequence[Convert | None]) -> Iterator[tuple[Any, ...]]:
    at = [(place, convert) for place, convert in enumerate(converts) if convert is not None]
    for row in rows:
        values = list(row)
        for place, convert in at:
            if values[place] is not None:
                values[place] = convert(values[place])
        yield tuple(values)


def _plain(field: pw.Field[Any]) -> Convert | None:
    """Return what turns PostgreSQL's value of a field into its plain form."""
    if isinstance(field, pw.DateTimeField):
        return lambda moment: moment.isoformat(" ")
    if isinstance(field, pw.DateField):
        return lambda day: day.isoformat()
    return int if isinstance(field, pw.BooleanField) else None


def _typed(field: pw.Field[Any]) -> Convert | None:
    """Return what turns a plain value into PostgreSQL's."""
    if isinstance(field, pw.DateTimeField):
        return datetime.fromisoformat
    if isinstance(field, pw.DateField):
        return date.fromisoformat
    return bool if isinstance(field, pw.BooleanField) else None


def _sequence(workspace: Workspace, table: str) -> int:
    """Return the highest id a table ever gave out: ids of deleted records are not used again."""
    execute = workspace.database.execute_sql
    if workspace.postgres:
        name = execute("SELECT pg_get_serial_sequence(%s, 'id')", (f'"{table}"',)).fetchone()[0]
        last, called = execute(f"SELECT last_value, is_called FROM {name}").fetchone()
        return int(last) if called else 0
    row = execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


def _set_sequence(workspace: Workspace, table: str, last: int) -> None:
    if not last:
        return
    execute = workspace.database.execute_sql
    if workspace.postgres:
        execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (f'"{table}"', last))
        return
    execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
