"""One thing done is one transaction, written down with its before and after, or nothing at all."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from crm_tui import journal, search
from crm_tui.db import Workspace
from crm_tui.errors import Conflict, CrmError, NotAllowed, NotFound, StorageFailed
from crm_tui.journal import Changed, operation
from crm_tui.models.base import entities
from crm_tui.models.journal import Operation
from crm_tui.scope import Actor
from crm_tui.services import records
from tests import business
from tests.conftest import NOW

CLIENT = entities["client"]
CONTACT = entities["contact"]


def found(text: str) -> list[int]:
    """The clients that full-text search finds."""
    model: Any = CLIENT.model
    query = model.select(model.id).where(search.condition(CLIENT, search.phrase(text))).order_by(model.id)
    return [row[0] for row in query.tuples()]


def last() -> Any:
    return Operation.select().order_by(Operation.id.desc()).get()


def test_a_new_record_is_told_whole_without_what_is_empty(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "Łódź GmbH", city="Łódź", score="70", tags="vip", acquired_on="2026-01-02")
    assert business.changes() == [
        {
            "entity": "tag", "record": 1, "action": "create", "version": 1, "before": {}, "after": {"name": "vip"},
        },
        {
            "entity": "client", "record": record, "action": "create", "version": 1, "before": {},
            "after": {
                "name": "Łódź GmbH", "kind": "customer", "city": "Łódź", "stage": "lead", "score": 70,
                "acquired_on": "2026-01-02", "tags": ["vip"],
            },
        },
    ]  # fmt: skip
    done = last()
    assert (done.login, done.command, done.summary, done.kind) == ("ana", "client.add", "add client Łódź GmbH", "do")
    assert (done.at, done.records, json.loads(done.touched)) == (NOW, 2, {"tag": 1, "client": 1})


def test_a_change_is_told_with_its_before_and_after(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin", follow_up_on="2026-11-20")
    saved = business.save(
        workspace, ana, "client", record, city="Porto", follow_up_on="", owner="ana", name="ACME Studio"
    )
    assert saved.version == 2
    assert business.changes() == [
        {
            "entity": "client", "record": record, "action": "update", "version": 2,
            "before": {"city": "Berlin", "follow_up_on": "2026-11-20", "owner": None},
            "after": {"city": "Porto", "follow_up_on": None, "owner": ana.operator_id},
        }
    ]  # fmt: skip
    assert last().summary == "edit client ACME Studio: city, owner, follow-up"
    assert business.held("client", record)["version"] == 2


def test_archiving_is_told_as_such(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana)
    records.archive_many(workspace, ana, CLIENT, [record])
    (change,) = business.changes()
    assert (change["action"], change["before"], change["after"]) == (
        "archive", {"archived_at": None}, {"archived_at": "2026-11-22T14:02:00Z"},
    )  # fmt: skip
    records.archive_many(workspace, ana, CLIENT, [record], back=True)
    (change,) = business.changes()
    assert (change["action"], change["after"], change["version"]) == ("restore", {"archived_at": None}, 3)


def test_what_is_deleted_is_kept_whole(workspace: Workspace, ana: Actor) -> None:
    record = business.add(workspace, ana, "saved_view", name="Mine", screen="clients", query="stage:active")
    records.delete(workspace, ana, entities["saved_view"], record)
    (change,) = business.changes()
    assert change["action"] == "delete"
    assert change["before"]["query"] == "stage:active"
    assert change["before"]["created_at"] == "2026-11-22T14:02:00Z"
    assert not business.exists("saved_view", record)


def test_what_changes_nothing_leaves_no_trace(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin")
    before, version = business.operations(), workspace.data_version()
    assert business.save(workspace, ana, "client", record, city="Berlin").version == 1
    assert records.change_many(workspace, ana, CLIENT, [record], {"city": "Berlin"}) == 0
    assert records.archive_many(workspace, ana, CLIENT, []) == 0
    with operation(workspace, ana, "nothing"):
        pass
    assert business.operations() == before
    assert workspace.data_version() == version


def test_a_block_that_raises_writes_nothing(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin")
    before = business.operations()
    with pytest.raises(LookupError), operation(workspace, ana, "half") as op:
        op.update(CLIENT, record, {"city": "Porto"})
        op.create_many(CLIENT, [{"name": f"Client {number}"} for number in range(6000)])  # some are flushed already
        raise LookupError
    assert business.operations() == before
    assert business.held("client", record)["city"] == "Berlin"
    assert CLIENT.model.select().count() == 1
    assert business.replayed() == business.present()
    assert found("client") == []


def test_what_somebody_stops_writes_nothing(workspace: Workspace, ana: Actor) -> None:
    ids = [business.client(workspace, ana, f"Client {number}") for number in range(3)]

    class Stopped(CrmError):
        pass

    def stop(done: int, of: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        records.change_many(workspace, ana, CLIENT, ids, {"stage": "active"}, stop)
    assert {business.held("client", record)["stage"] for record in ids} == {"lead"}


def test_one_operation_may_touch_many_things(workspace: Workspace, ana: Actor) -> None:
    with operation(workspace, ana, "import", summary="import clients", cause="clients.csv") as op:
        clients = op.create_many(CLIENT, [{"name": f"Client {number}"} for number in range(3)])
        op.create_many(CONTACT, [{"name": "Maria", "client": record, "primary": True} for record in clients])
        op.update(CLIENT, clients[0], {"city": "Berlin"})
    assert (last().cause, last().records, json.loads(last().touched)) == ("clients.csv", 7, {"client": 3, "contact": 3})
    assert [change["action"] for change in business.changes()] == ["create"] * 6 + ["update"]
    assert business.replayed() == business.present()


def test_everyone_is_told_after_the_commit(workspace: Workspace, ana: Actor) -> None:
    heard: list[tuple[Changed, bool]] = []
    journal.listeners.append(lambda changed: heard.append((changed, workspace.database.in_transaction())))
    record = business.client(workspace, ana)
    assert heard == [(Changed(business.last_operation_id(), {"client": frozenset({record})}), False)]


def test_a_listener_that_fails_harms_nobody(workspace: Workspace, ana: Actor, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Changed] = []

    def fail(changed: Changed) -> None:
        raise LookupError("a widget is gone")

    journal.listeners.extend([fail, heard.append])
    assert business.exists("client", business.client(workspace, ana))
    assert len(heard) == 1


def test_who_may_only_read_writes_nothing(workspace: Workspace, ana: Actor) -> None:
    reader = Actor(ana.operator_id, "ana", "admin", readonly=True)
    with pytest.raises(NotAllowed, match="--readonly"), operation(workspace, reader, "x"):
        pytest.fail("it was begun")


def test_there_is_no_such_record(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana)
    for attempt in (
        lambda op: op.update(CLIENT, 99, {"name": "x"}),
        lambda op: op.update_many(CLIENT, {record: {"name": "x"}, 99: {"name": "x"}}),
        lambda op: op.archive(CLIENT, [99]),
        lambda op: op.restore(CLIENT, [record, 99]),
        lambda op: op.read(CLIENT, 99),
    ):
        with pytest.raises(NotFound, match="There is no client with the id 99"), operation(workspace, ana, "x") as op:
            attempt(op)
    assert business.held("client", record)["name"] == "ACME Studio"


def test_what_does_not_fit_what_is_there_is_a_conflict(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, tags="vip")
    for entity, values in ((entities["tag"], {"name": "vip"}), (CONTACT, {"name": "Maria", "client": 99})):
        with (
            pytest.raises(Conflict, match="Nothing was saved: somebody else has just"),
            operation(workspace, ana, "x") as op,
        ):
            op.create(entity, values)
    business.client(workspace, ana, "The connection still works")


def test_large_and_small_values_come_back_as_they_were(workspace: Workspace, ana: Actor) -> None:
    notes = "\n".join(f"line {number} — Łódź 東京" for number in range(20_000))
    values = {"name": "x", "notes": notes, "score": 0, "acquired_on": date(1900, 1, 1)}
    said = {"subject": "x", "at": datetime(2026, 11, 22, 14, 2, 3, 4000)}
    with operation(workspace, ana, "x") as op:
        record = op.create(CLIENT, values)
        interaction = op.create(entities["interaction"], {**said, "client": record})
    held = business.held("client", record)
    assert {name: held[name] for name in values} == values
    assert held["last_contact"] == business.held("interaction", interaction)["at"] == said["at"]
    assert business.replayed() == business.present()


def test_undo_finds_in_the_journal_all_there_is(workspace: Workspace, ana: Actor) -> None:
    """What the journal says, replayed, is what there is, whatever was done."""
    from crm_tui.undo import redo, undo

    one = business.client(workspace, ana, "One", tags="a, b", city="Berlin")
    two = business.client(workspace, ana, "Two", owner="ana")
    business.contact(workspace, ana, one, "Maria")
    business.contact(workspace, ana, one, "Thomas", primary="yes")
    records.change_many(workspace, ana, CLIENT, [one, two], {"tags": "+c,-a", "stage": "active"})
    records.archive_many(workspace, ana, CLIENT, [two])
    view = business.add(workspace, ana, "saved_view", name="Mine", screen="clients")
    records.delete(workspace, ana, entities["saved_view"], view)
    for step in (undo, undo, undo, redo, undo, redo, redo):
        step(workspace, ana)
        assert business.replayed() == business.present()


def test_the_words_of_a_record_are_found_when_it_is_committed(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "Bólido Comidas", notes="wants a darker blue")
    assert found("bolido") == found("darker blu") == [record]
    business.save(workspace, ana, "client", record, notes="")
    assert found("darker") == []


def test_a_full_disk_loses_nothing(sqlite_location: str, open_at: Any) -> None:
    from crm_tui.services.operators import sign_in

    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    record = business.client(workspace, ana, "Before")
    pages = workspace.database.execute_sql("PRAGMA page_count").fetchone()[0]
    workspace.database.execute_sql(f"PRAGMA max_page_count = {pages + 8}")
    with pytest.raises(StorageFailed, match=r"Nothing was saved: the disk is full\. Make room and try again"):
        records.change_many(workspace, ana, CLIENT, [record], {"notes": "x" * 900_000})
    assert business.held("client", record)["notes"] == ""
    workspace.database.execute_sql("PRAGMA max_page_count = 1000000")
    business.save(workspace, ana, "client", record, notes="there is room again")
    assert business.replayed() == business.present()
    assert workspace.database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
