"""``kill -9`` at any moment: what was acknowledged is there, what was not is not, and nothing is half."""

from __future__ import annotations

import random
from typing import Any

from crm_tui.db import Workspace
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.models.journal import Change, Operation
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business
from tests.processes import Crew, Say

CLIENT, CONTACT = entities["client"], entities["contact"]
KILLS = 8


def work_until_killed(location: str, number: int, say: Say) -> None:
    """Add clients with their people, change and archive them, and say what is done when it is done."""
    workspace = open_workspace(location)
    ana = sign_in(workspace, "ana")
    for turn in range(100_000):
        with operation(workspace, ana, "client.add") as op:
            record = op.create(CLIENT, {"name": f"Client {number}.{turn}", "tags": ("new",)})
            op.create_many(CONTACT, [{"name": f"Person {n}", "client": record} for n in range(3)])
        say(("made", record))
        records.change_many(workspace, ana, CLIENT, [1, record], {"city": f"city {number}.{turn}", "stage": "active"})
        say(("changed", record))
        if turn % 3 == 0:
            records.archive_many(workspace, ana, CLIENT, [record])
            say(("archived", record))


def import_very_much(location: str, number: int, say: Say) -> None:
    """One operation that is written in many pieces."""
    workspace = open_workspace(location)
    ana = sign_in(workspace, "ana")
    with operation(workspace, ana, "client.import") as op:
        for piece in range(1000):
            op.create_many(CLIENT, [{"name": f"Client {piece}.{n}"} for n in range(200)])
            op.flush()
            say(piece)


def check(workspace: Workspace) -> None:
    """Nothing is half: every operation has all its changes, and the journal explains all there is."""
    if not workspace.postgres:
        assert workspace.database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
        assert workspace.database.execute_sql("PRAGMA foreign_key_check").fetchall() == []
    query: Any = Operation.select(Operation.id, Operation.records)
    for number, count in query.tuples():
        assert Change.select().where(Change.operation == number).count() == count
    assert business.replayed() == business.present()
    indexed = {row[0] for row in workspace.database.execute_sql('SELECT rowid FROM "search_client"').fetchall()}
    model: Any = CLIENT.model
    assert indexed == {row[0] for row in model.select(model.id).tuples()}


def test_what_was_said_to_be_done_is_done(location: str, workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, "Hot")
    rnd = random.Random(11)
    said: dict[str, set[int]] = {"made": set(), "changed": set(), "archived": set()}
    for _round in range(KILLS):
        with Crew(2, work_until_killed, location) as crew:
            crew.begin()
            for number in (0, 1):
                for _turn in range(rnd.randrange(1, 9)):
                    what, record = crew.heard(number)
                    said[what].add(record)
                for _spin in range(rnd.randrange(200_000)):
                    pass  # some moment in the middle of something
                crew.kill(number)
    for record in said["made"]:
        assert business.exists("client", record)
    for record in said["changed"]:
        assert business.held("client", record)["stage"] == "active"
    for record in said["archived"]:
        assert business.held("client", record)["archived_at"] is not None
    check(workspace)
    business.client(workspace, ana, "Work goes on")


def test_an_import_that_is_killed_leaves_nothing(location: str, workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "Before")
    for pieces in (1, 7):
        with Crew(1, import_very_much, location) as crew:
            crew.begin()
            for _piece in range(pieces):
                crew.heard(0)
            crew.kill(0)
        model: Any = CLIENT.model
        assert [row[0] for row in model.select(model.id).tuples()] == [record]
    check(workspace)
