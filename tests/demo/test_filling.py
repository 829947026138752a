"""Filling a workspace with the demo: what follows for clients, and by what they are found, is written with them."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import ahead, derived, search
from crm_tui.db import Workspace
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.verbs import demo_clients
from crm_tui.verbs.demo import fill, write_agency
from crm_tui.workspaces import open_workspace

CLIENTS = 400

AGENCY = demo_clients.Agency(list(range(1, 20)), list(range(1, 20)), [[1, 2]] * 20)


def indexed(workspace: Workspace, name: str) -> list[Any]:
    columns = "rowid, doc::text" if workspace.postgres else "rowid, doc"
    return list(workspace.database.execute_sql(f"SELECT {columns} FROM search_{name} ORDER BY rowid").fetchall())


def test_all_that_follows_is_there(workspace: Workspace, ana: Actor) -> None:
    fill(workspace, ana, CLIENTS, 4, orders=50)
    model: Any = entities["client"].model
    ids = {row[0] for row in model.select(model.id).tuples()}
    assert model.select().where(model.last_contact.is_null(False)).count() > CLIENTS / 3
    assert model.select().where(model.left_on.is_null(False)).exists()
    with workspace.write():
        assert derived.refresh(workspace, {"client": ids}, ()) == set()


def test_all_is_found(workspace: Workspace, ana: Actor) -> None:
    fill(workspace, ana, CLIENTS, 4)
    assert entities["affiliation"].model.select().count() > 10
    for name in ("client", "contact", "interaction"):
        model: Any = entities[name].model
        before = indexed(workspace, name)
        assert len(before) == model.select().count() > 100
        with workspace.write():
            search.reindex(workspace, {name: {row[0] for row in model.select(model.id).tuples()}})
        assert indexed(workspace, name) == before


def test_what_is_changed_afterwards_in_the_same_operation_follows(workspace: Workspace, ana: Actor) -> None:
    model: Any = entities["client"].model
    with operation(workspace, ana, "demo") as writer:
        agency = write_agency(writer)
        for batch in demo_clients.Making(agency, demo_clients.ids_of(workspace)).batches(20, 4):
            for rows in batch.rows:
                writer.write_new(rows)
        changed = {"name": "Zvonimir d.o.o.", "cadence_days": None, "follow_up_on": None, "stage": "lead"}
        writer.update(entities["client"], 3, changed)
    assert model.get_by_id(3).due_on is None
    found = search.matching(entities["client"], search.phrase("zvonimir"))
    assert [row[0] for row in workspace.database.execute(found)] == [3]


@pytest.mark.skipif(not ahead.possible(), reason="there is one processor only, or processes are not doubled")
def test_a_second_process_makes_the_same(sqlite_location: str) -> None:
    workspace = open_workspace(sqlite_location)

    def batches() -> Any:
        with workspace.write():
            return demo_clients.Making(AGENCY, demo_clients.ids_of(workspace)).batches(CLIENTS, 4)

    assert list(ahead.work_ahead(batches())) == list(batches())
    workspace.close()
