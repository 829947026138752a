"""An open workspace: the write transaction, the guard round it, the snapshot, and what the storage says in words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import peewee as pw
import psycopg
import pytest

from crm_tui import journal
from crm_tui.db import Workspace, WriteOutsideOperation, among, explain, postgres, proxy
from crm_tui.errors import StorageFailed
from crm_tui.models.people import Client, Tag
from crm_tui.scope import Actor
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business

WRITES = [
    "INSERT INTO tag (name) VALUES ('x')",
    "update client set name = 'x'",
    "\n  DELETE FROM client",
    "REPLACE INTO tag (name) VALUES ('x')",
    "TRUNCATE client",
    "DROP TABLE client",
    "CREATE TABLE x (y TEXT)",
    "ALTER TABLE client ADD COLUMN x TEXT",
    "WITH gone AS (SELECT id FROM client) DELETE FROM client WHERE id IN (SELECT id FROM gone)",
]


@pytest.mark.parametrize("sql", WRITES)
def test_nothing_is_written_outside_a_write(workspace: Workspace, sql: str) -> None:
    with pytest.raises(WriteOutsideOperation):
        workspace.database.execute_sql(sql)


def test_models_write_nothing_by_themselves(workspace: Workspace, ana: Actor) -> None:
    client: Any = Client.get_by_id(business.client(workspace, ana))
    client.name = "Other"
    with pytest.raises(WriteOutsideOperation):
        client.save()
    with pytest.raises(WriteOutsideOperation):
        client.delete_instance()
    with pytest.raises(WriteOutsideOperation):
        Tag.create(name="vip")
    with pytest.raises(WriteOutsideOperation):
        workspace.insert_rows("tag", ["name"], [["vip"]])
    with pytest.raises(WriteOutsideOperation):
        workspace.update_rows("client", ["name"], [["Other", client.id]])


def test_the_thread_beside_the_writer_may_not_write(workspace: Workspace) -> None:
    told: list[BaseException] = []

    def write() -> None:
        try:
            workspace.database.execute_sql(WRITES[0])
        except WriteOutsideOperation as error:
            told.append(error)
        finally:
            workspace.close()

    with workspace.write():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert told


def test_after_a_write_nothing_may_be_written_any_more(workspace: Workspace) -> None:
    with pytest.raises(LookupError), workspace.write():
        raise LookupError
    with workspace.write():
        pass
    with pytest.raises(WriteOutsideOperation):
        workspace.database.execute_sql(WRITES[0])


def test_a_write_inside_another_transaction_is_a_mistake(workspace: Workspace) -> None:
    with workspace.write(), pytest.raises(WriteOutsideOperation), workspace.write():
        pytest.fail("nested")
    with workspace.snapshot(), pytest.raises(WriteOutsideOperation), workspace.write():
        pytest.fail("nested")


def test_a_block_that_raises_writes_nothing(workspace: Workspace, ana: Actor) -> None:
    with pytest.raises(LookupError), workspace.write():
        workspace.database.execute_sql("DELETE FROM presence")
        workspace.insert_rows("tag", ["name", "created_at", "updated_at"], [["vip", "2026-01-01", "2026-01-01"]])
        raise LookupError
    assert not Tag.select().exists()


def test_what_many_rows_all_have_is_written_for_each(workspace: Workspace) -> None:
    count, day = 250, "2026-01-01 00:00:00"
    ids = range(1, count + 1)
    same = {"version": 1, "archived_at": None, "custom": "{}", "created_at": day, "updated_at": day}
    columns: dict[str, Sequence[Any]] = {name: [value] * count for name, value in same.items()}
    columns |= {"id": ids, "name": [f"tag {number}" for number in ids]}
    with workspace.write():
        workspace.insert_columns("tag", columns)
    found: Any = Tag.select(Tag.id, Tag.name, Tag.version, Tag.archived_at, Tag.custom, Tag.created_at)
    day_of_all = datetime(2026, 1, 1)
    assert list(found.order_by(Tag.id).tuples()) == [
        (number, f"tag {number}", 1, None, "{}", day_of_all) for number in ids
    ]


def test_a_snapshot_is_of_one_moment(location: str, workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, "First")
    other = open_workspace(location)
    proxy.initialize(workspace.database)
    with workspace.snapshot():
        assert Client.select().count() == 1
        proxy.initialize(other.database)
        business.client(other, ana, "Second")
        proxy.initialize(workspace.database)
        assert Client.select().count() == 1
    assert Client.select().count() == 2
    other.close()


def test_new_ids_are_never_used_again(workspace: Workspace, ana: Actor) -> None:
    first = business.client(workspace, ana)
    with journal.operation(workspace, ana, "test") as op:
        op.delete(business.entity("client"), [first])
    assert business.client(workspace, ana) > first


def test_numbers_may_be_listed_instead_of_passed(workspace: Workspace, ana: Actor) -> None:
    ids = [business.client(workspace, ana, f"Client {number}") for number in range(3)]
    model: Any = Client
    found: Any = model.select(model.id).where(among(model.id, ids[1:])).order_by(model.id)
    assert [row[0] for row in found.tuples()] == ids[1:]
    assert list(model.select().where(among(model.id, []))) == []


def test_it_never_shows_its_password() -> None:
    assert str(Workspace("postgresql://ana:s3cret@host/crm", postgres=True)) == "postgresql://ana:***@host/crm"


def test_it_knows_which_database_it_is(workspace: Workspace) -> None:
    assert postgres() == workspace.postgres
    before = workspace.data_version()
    assert workspace.data_version() == before


def test_another_sessions_change_is_noticed(location: str, workspace: Workspace, ana: Actor) -> None:
    before = workspace.data_version()
    other = open_workspace(location)
    business.client(other, ana)
    other.close()
    proxy.initialize(workspace.database)
    assert workspace.data_version() != before


def test_that_nobody_wrote_is_told_without_asking(sqlite_location: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(sqlite_location)
    other = open_at(sqlite_location)
    ana = sign_in(other, "ana")
    business.client(other, ana)

    def a_while_later() -> None:
        os.utime(f"{sqlite_location}-wal", (0, 0))

    assert not workspace.still(), "it was just written"
    a_while_later()
    assert [workspace.still() for _look in range(3)] == [False, True, True]
    business.client(other, ana, "Another")
    assert not workspace.still()
    a_while_later()
    assert [workspace.still() for _look in range(2)] == [False, True]


def failing_sqlite(statement: str, prepare: Callable[[sqlite3.Connection], object] | None = None) -> sqlite3.Error:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    if prepare:
        prepare(connection)
    with pytest.raises(sqlite3.Error) as told:
        connection.execute(statement)
    connection.close()
    return told.value


def test_what_a_person_cannot_mend_is_not_explained_away() -> None:
    for statement in ("SELECT * FROM full_disk", "SELECT locked, connection", "SELEC readonly", "SELECT full('x')"):
        assert explain(failing_sqlite(statement)) is None
    assert explain(LookupError("disk full, locked, readonly")) is None
    assert explain(psycopg.errors.UndefinedTable("relation is full")) is None
    assert explain(pw.ProgrammingError("connection")) is None


def test_a_full_disk_is_a_full_disk() -> None:
    def small(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA max_page_count = 2")

    error = failing_sqlite("INSERT INTO t VALUES (zeroblob(100000))", small)
    assert "the disk is full" in (explain(error) or "")
    assert "the disk is full" in (explain(psycopg.errors.DiskFull("no")) or "")
    assert "the disk is full" in (explain(OSError(28, os.strerror(28))) or "")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            psycopg.errors.LockNotAvailable("x"),
            "Nothing was saved: another session has kept the workspace locked for 2.5",
        ),
        (psycopg.errors.QueryCanceled("x"), "The query was stopped."),
        (psycopg.errors.AdminShutdown("terminating\nconnection"), "The database server does not answer: terminating."),
        (psycopg.OperationalError("could not receive data"), "The database server does not answer: could not receive"),
        (psycopg.errors.ReadOnlySqlTransaction("x"), "Nothing was saved: the workspace is read-only."),
        (psycopg.errors.InsufficientPrivilege("no"), "Nothing was saved: the database server does not permit it (no)."),
        (OSError(30, "Read-only file system"), "Nothing was saved: the workspace is read-only."),
        (OSError(5, "Input/output error"), "The workspace's disk does not answer: Input/output error."),
    ],
)
def test_each_failure_has_its_words(error: Exception, said: str) -> None:
    assert (explain(error, 2.5) or "").startswith(said)


def test_a_failed_rollback_does_not_hide_the_reason() -> None:
    try:
        try:
            raise pw.OperationalError(psycopg.errors.DiskFull("no"), "no")
        finally:
            raise pw.OperationalError(psycopg.OperationalError("the connection is lost"), "the connection is lost")
    except pw.OperationalError as error:
        assert "the disk is full" in (explain(error) or "")


def test_what_the_driver_raises_by_itself_is_explained_too(
    sqlite_location: str, open_at: Callable[..., Workspace]
) -> None:
    workspace = open_at(sqlite_location)
    with workspace.write():
        workspace.database.execute_sql("PRAGMA max_page_count = 1")
        pages = workspace.database.execute_sql("PRAGMA page_count").fetchone()[0]
        workspace.database.execute_sql(f"PRAGMA max_page_count = {pages + 2}")
    rows = ([f"{number} {'x' * 3000}", "2026-01-01", "2026-01-01"] for number in range(1000))
    with pytest.raises(StorageFailed, match="the disk is full"), workspace.write():
        workspace.insert_rows("tag", ["name", "created_at", "updated_at"], rows)
    assert not Tag.select().exists()


def journal_mode(workspace: Workspace) -> str:
    return str(workspace.database.execute_sql("PRAGMA journal_mode").fetchone()[0])


def test_much_is_written_without_the_log(sqlite_location: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(sqlite_location)
    with workspace.straight_into_the_file():
        assert journal_mode(workspace) == "delete"
    assert journal_mode(workspace) == "wal"
    with pytest.raises(KeyError), workspace.straight_into_the_file():
        raise KeyError
    assert journal_mode(workspace) == "wal"


def test_where_somebody_else_has_the_file_open_the_log_stays(
    sqlite_location: str, open_at: Callable[[str], Workspace]
) -> None:
    workspace = open_at(sqlite_location)
    reader = sqlite3.connect(sqlite_location)
    assert reader.execute("SELECT COUNT(*) FROM client").fetchone() == (0,)
    with workspace.straight_into_the_file():
        assert journal_mode(workspace) == "wal"
        assert workspace.database.execute_sql("PRAGMA busy_timeout").fetchone()[0] == workspace.patience * 1000
    reader.close()
