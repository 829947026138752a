"""A locked, full or vanished database: said in the user's words, nothing lost, and gone on with at the next call."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from crm_tui.db import DatabaseThread, Workspace
from crm_tui.errors import CannotOpen, CrmError, StorageFailed
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business
from tests.disks import Disk, small_disk
from tests.processes import Crew, Say
from tests.test_file_lock import held_elsewhere, hold_for_ever

Open = Callable[..., Workspace]
CLIENT = entities["client"]
BUSY = "Nothing was saved: another session has kept the workspace locked for 0.1 seconds. Try again in a moment."


def write_for_ever(location: str, number: int, say: Say) -> None:
    with open_workspace(location).write():
        say("writing")
        threading.Event().wait()


def refusal(act: Callable[..., object], *args: object, **kwargs: object) -> str:
    with pytest.raises(StorageFailed) as told:
        act(*args, **kwargs)
    assert isinstance(told.value, CrmError)
    return str(told.value)


# --- locked


def test_a_session_that_does_not_let_go(sqlite_location: str) -> None:
    workspace = open_workspace(sqlite_location, patience=0.1)
    ana = sign_in(workspace, "ana")
    with Crew(1, hold_for_ever, str(workspace.file_lock.path)) as crew:
        crew.begin()
        assert crew.heard(0) == "held"
        assert refusal(business.client, workspace, ana) == BUSY
        assert lists.total(ana, CLIENT) == 0  # reading goes on meanwhile
    assert business.exists("client", business.client(workspace, ana))
    workspace.close()


def test_another_program_that_locks_the_file(sqlite_location: str) -> None:
    workspace = open_workspace(sqlite_location, patience=0.1)
    ana = sign_in(workspace, "ana")
    other = sqlite3.connect(sqlite_location, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert refusal(business.client, workspace, ana) == BUSY
    other.execute("ROLLBACK")
    other.close()
    assert business.exists("client", business.client(workspace, ana))
    workspace.close()


def test_a_session_that_does_not_let_go_of_postgresql(postgres_location: str) -> None:
    workspace = open_workspace(postgres_location, patience=0.1)
    ana = sign_in(workspace, "ana")
    with Crew(1, write_for_ever, postgres_location) as crew:
        crew.begin()
        assert crew.heard(0) == "writing"
        assert refusal(business.client, workspace, ana) == BUSY
        assert lists.total(ana, CLIENT) == 0
    assert business.exists("client", business.client(workspace, ana))
    workspace.close()


def test_a_lock_file_that_is_not_ours(sqlite_location: str, open_at: Open) -> None:
    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    Path(f"{sqlite_location}-lock").unlink(missing_ok=True)
    Path(f"{sqlite_location}-lock").mkdir()
    assert refusal(business.client, workspace, ana).startswith("Nothing was saved: the lock file ")
    Path(f"{sqlite_location}-lock").rmdir()
    business.client(workspace, ana)


def test_opening_does_not_wait_for_writers(sqlite_location: str, open_at: Open) -> None:
    first = open_at(sqlite_location)
    handle = held_elsewhere(first.file_lock)
    assert sign_in(open_at(sqlite_location), "ana").login == "ana"
    os.close(handle)


# --- full


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk | None]:
    with small_disk(tmp_path / "disk") as made:
        yield made


def test_a_full_disk_loses_nothing(disk: Disk | None, sqlite_location: str, open_at: Open) -> None:
    """Without the right to mount a disk, a file that may not grow has to do."""
    workspace = open_at(str(disk.folder / "w.db") if disk else sqlite_location)
    ana = sign_in(workspace, "ana")
    record = business.client(workspace, ana, "Before", city="Berlin")
    business.client(workspace, ana, "Other")
    before = business.present()
    execute = workspace.database.execute_sql
    if disk:
        disk.fill()
    else:
        execute(f"PRAGMA max_page_count = {execute('PRAGMA page_count').fetchone()[0]}")
    for attempt in (
        lambda: business.save(workspace, ana, "client", record, notes="x" * 500_000),
        lambda: records.change_many(workspace, ana, CLIENT, [record], {"notes": "y" * 300_000}),
        lambda: _import(workspace, ana),
    ):
        assert refusal(attempt) == (
            "Nothing was saved: the disk is full. Make room and try again; what you typed is kept."
        )
        assert business.present() == before == business.replayed()
    if disk:
        disk.free()
    else:
        execute("PRAGMA max_page_count = 1000000")
    business.save(workspace, ana, "client", record, notes="there is room again")
    assert execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert business.replayed() == business.present()


def _import(workspace: Workspace, actor: Actor) -> None:
    with operation(workspace, actor, "client.import") as op:
        for piece in range(20):
            op.create_many(CLIENT, [{"name": f"Client {piece}.{n}", "notes": "z" * 200} for n in range(500)])
            op.flush()


def test_no_room_for_a_new_workspace_is_said(disk: Disk | None) -> None:
    if disk is None:
        return
    disk.fill(leave=8192)
    with pytest.raises(CannotOpen, match="the disk is full"):
        open_workspace(str(disk.folder / "new.db"))


# --- gone


def kill_sessions(address: str) -> None:
    """End every session of a database, as a server that is shut down does."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_server_that_ends_the_session_is_found_again(postgres_location: str, open_at: Open) -> None:
    workspace = open_at(postgres_location)
    ana = sign_in(workspace, "ana")
    record = business.client(workspace, ana, "Before")
    for _round in range(3):
        kill_sessions(postgres_location)
        assert refusal(business.client, workspace, ana, "Lost").startswith("The database server does not answer: ")
        business.save(workspace, ana, "client", record, city=f"city {_round}")
    kill_sessions(postgres_location)
    with workspace.explained(), pytest.raises(StorageFailed), workspace.snapshot():
        lists.total(ana, CLIENT)
    assert lists.total(ana, CLIENT) == 1
    assert business.replayed() == business.present()


def test_a_session_that_ends_in_the_middle_writes_nothing(postgres_location: str, open_at: Open) -> None:
    workspace = open_at(postgres_location)
    ana = sign_in(workspace, "ana")

    def half() -> None:
        with operation(workspace, ana, "half") as op:
            op.create_many(CLIENT, [{"name": f"Client {number}"} for number in range(100)])
            op.flush()
            kill_sessions(postgres_location)
            op.create(CLIENT, {"name": "One more"})

    assert refusal(half).startswith("The database server does not answer: ")
    assert lists.total(ana, CLIENT) == 0
    assert business.exists("client", business.client(workspace, ana))


async def test_the_database_thread_finds_the_server_again(postgres_location: str, open_at: Open) -> None:
    workspace = open_at(postgres_location)
    ana = sign_in(workspace, "ana")
    database = DatabaseThread(workspace)
    assert await database.call(lists.total, ana, CLIENT) == 0
    await asyncio.to_thread(kill_sessions, postgres_location)
    with pytest.raises(StorageFailed, match="does not answer"):
        await database.call(lists.total, ana, CLIENT)
    assert await database.newest("count", lists.total, ana, CLIENT) == 0
    database.close()
