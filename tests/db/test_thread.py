"""The one database thread: calls keep their order, a newer query stops the older, and the end is in sight."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from crm_tui.db import DatabaseThread, Superseded, Workspace
from crm_tui.errors import StorageFailed
from tests.test_file_lock import held_elsewhere

SLOW = {
    True: "SELECT pg_sleep(60)",
    False: "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
}
"""A query without an end, by whether it is for PostgreSQL."""


@pytest.fixture
async def thread(workspace: Workspace) -> AsyncIterator[DatabaseThread]:
    database = DatabaseThread(workspace)
    yield database
    database.close()


class Query:
    """A query that says when it has begun."""

    def __init__(self, workspace: Workspace, sql: str) -> None:
        self.workspace, self.sql = workspace, sql
        self.begun = threading.Event()

    def __call__(self) -> Any:
        self.begun.set()
        return self.workspace.database.execute_sql(self.sql).fetchone()[0]

    async def has_begun(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self.begun.wait)


async def test_calls_keep_their_order(thread: DatabaseThread) -> None:
    done: list[int] = []
    await asyncio.gather(*(thread.call(done.append, number) for number in range(50)))
    assert done == list(range(50))


async def test_what_a_call_raises_reaches_who_called(thread: DatabaseThread) -> None:
    with pytest.raises(ZeroDivisionError):
        await thread.call(lambda: 1 // 0)
    assert await thread.call(lambda: 1) == 1


async def test_a_newer_query_stops_the_older(workspace: Workspace, thread: DatabaseThread) -> None:
    slow = Query(workspace, SLOW[workspace.postgres])
    older = asyncio.create_task(thread.newest("rows", slow))
    await slow.has_begun()
    newer = asyncio.create_task(thread.newest("rows", Query(workspace, "SELECT 2")))
    with pytest.raises(Superseded):
        await asyncio.wait_for(older, 20)
    assert await newer == 2


async def test_a_query_that_waits_its_turn_is_skipped(workspace: Workspace, thread: DatabaseThread) -> None:
    go_on = threading.Event()
    first = asyncio.create_task(thread.call(go_on.wait))
    waiting = [asyncio.create_task(thread.newest("rows", Query(workspace, f"SELECT {n}"))) for n in range(5)]
    await asyncio.sleep(0)
    go_on.set()
    await first
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(outcome, Superseded) for outcome in outcomes] == [True] * 4 + [False]
    assert outcomes[-1] == 4


async def test_queries_of_another_purpose_are_left_alone(workspace: Workspace, thread: DatabaseThread) -> None:
    rows = asyncio.create_task(thread.newest("rows", Query(workspace, "SELECT 1")))
    count = asyncio.create_task(thread.newest("count", Query(workspace, "SELECT 2")))
    assert [await rows, await count] == [1, 2]


async def test_a_write_is_never_stopped_by_a_query(workspace: Workspace, thread: DatabaseThread) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def write() -> int:
        with workspace.write():
            begun.set()
            go_on.wait(20)
            workspace.database.execute_sql("DELETE FROM presence")
        return 1

    writing = asyncio.create_task(thread.call(write))
    await asyncio.get_running_loop().run_in_executor(None, begun.wait)
    reading = [asyncio.create_task(thread.newest("rows", Query(workspace, "SELECT 1"))) for _n in range(3)]
    await asyncio.sleep(0)
    go_on.set()
    assert await writing == 1
    assert (await asyncio.gather(*reading, return_exceptions=True))[-1] == 1


async def test_closing_stops_a_query_that_has_no_end(workspace: Workspace) -> None:
    database = DatabaseThread(workspace)
    slow = Query(workspace, SLOW[workspace.postgres])
    running = asyncio.create_task(database.call(slow))
    await slow.has_begun()
    await asyncio.get_running_loop().run_in_executor(None, database.close, 0.05)
    with pytest.raises(StorageFailed, match="The query was stopped"):
        await running


async def test_closing_gives_up_waiting_to_write(workspace: Workspace) -> None:
    database = DatabaseThread(workspace)
    handle = held_elsewhere(workspace.file_lock) if not workspace.postgres else None
    begun = threading.Event()

    def write() -> None:
        begun.set()
        with workspace.write():
            pass

    writing = asyncio.create_task(database.call(write))
    await asyncio.get_running_loop().run_in_executor(None, begun.wait)
    await asyncio.get_running_loop().run_in_executor(None, database.close, 0.05)
    if handle is not None:
        with pytest.raises(StorageFailed, match="Nothing was saved"):
            await writing
    else:
        await writing
