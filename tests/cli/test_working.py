"""Working on orders from the command line: tasks, checklists, time, the queue; and tasks from another system's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def agency(crm: Run) -> Run:
    """A client, a product in the catalogue, somebody else who works there."""
    crm("add", "client", "name=ACME Studio")
    crm("add", "product", "name=Flyer", "price=10", "tax=19")
    crm("add", "operator", "login=bo")
    return crm


def test_an_order_with_all_that_belongs_to_it(agency: Run) -> None:
    agency("add", "order", "client=ACME Studio", "title=Spring campaign")
    agency("do", "order_line.add", "order=ORD-1", "line=200 x flyer -5%")
    agency("do", "order_line.add", "order=ORD-1", "line=3 hours of advice @80")
    assert '5 items of "print job" added' in agency("do", "order.checklist", "1", "checklist=print job").out
    agency("do", "task.quick_add", "line=make the flyer +3d @bo #ORD-1")
    for part in ("draft tomorrow", "proof +2d", "print +3d"):
        agency("do", "task.quick_add", f"line={part}", "parent=make the flyer")
    refused = agency("do", "order.fulfil", "1", code=1).err
    assert 'The checklist of ORD-1 has open items: "Proof is approved by the client"' in refused
    assert "anyway=yes does it all the same" in refused
    agency("do", "checklist_item.tick", "1", "2", "3", "4")
    assert "ORD-1 is fulfilled now" in agency("do", "order.fulfil", "1").out
    shown = agency("show", "order", "ORD-1", "--json").json
    assert (shown["stage"], shown["age_days"], [one["stage"] for one in shown["stage_history"]]) == (
        "fulfilled", 0, ["new", "fulfilled"],
    )  # fmt: skip
    listed = agency("list", "tasks", "order:ORD-1 sort:id", "--columns", "title,parent,assignee,client", "--json").json
    assert [(one["title"], one["parent"] and one["parent"]["name"]) for one in listed] == [
        ("make the flyer", None), ("draft", "make the flyer"), ("proof", "make the flyer"), ("print", "make the flyer"),
    ]  # fmt: skip
    assert {one["client"]["name"] for one in listed} == {"ACME Studio"}


def test_tasks_are_finished_put_off_and_wait_for_each_other(agency: Run) -> None:
    for line in ("draft +1d", "proof +2d", "print +3d #acme"):
        agency("do", "task.quick_add", f"line={line}")
    agency("do", "task.wait", "2", "needs=draft")
    agency("do", "task.wait", "3", "needs=proof")
    refused = agency("do", "task.wait", "1", "needs=print", code=2).err
    assert '"print", which waits for "proof", which waits for "draft"' in refused
    assert "2 that wait for it moved along" in agency("do", "task.put_off", "1", "until=+8d", "dependents=yes").out
    assert agency("list", "tasks", "waits-for>0", "--format", "ids").lines == ["2", "3"]
    assert '"draft" is done; "proof" can go on now' in agency("do", "task.finish", "1").out
    agency("undo")
    agency("do", "task.quick_add", "line=sketch", "parent=1")
    assert "1 part of it is still to be done" in agency("do", "task.finish", "1", code=1).err
    assert "2 tasks are done" in agency("do", "task.finish", "1", "parts=yes").out
    assert "is no operator and no team" in agency("do", "task.quick_add", "line=call @nobody", code=2).err


def test_time_is_booked_and_listed(agency: Run) -> None:
    agency("add", "order", "client=ACME Studio")
    assert "1h30 booked on ORD-1" in agency("do", "order.book", "1", "line=1h30 first draft").out
    agency("do", "client.book", "1", "line=20 call (not billable)")
    agency("add", "time_entry", "order=ORD-1", "minutes=45m", "note=proof", "day=yesterday")
    found = agency("list", "time", "billable:yes order.number:ORD-1 sort:day", "--json").json
    assert [(one["minutes"], one["note"]) for one in found] == [(45, "proof"), (90, "first draft")]
    assert "The timer runs on ORD-1" in agency("do", "order.timer", "1").out
    assert "nothing is booked" in agency("do", "time.stop").out
    assert "No timer runs." in agency("do", "time.stop").out
    assert "a day has 24 hours" in agency("add", "time_entry", "order=ORD-1", "minutes=30h", code=2).err


def test_orders_are_placed_and_taken_from_the_queue(agency: Run) -> None:
    for _order in range(3):
        agency("add", "order", "client=ACME Studio")
    assert "ORD-3 stands behind ORD-1 now" in agency("do", "order.place", "3", "after=ORD-1").out
    assert "Name another order" in agency("do", "order.place", "3", code=2).err
    me = agency("list", "operators", "role:admin", "--columns", "login", "--json").json[0]["login"]
    agency("add", "team", "name=Studio")
    agency("add", "membership", f"operator={me}", "team=Studio", "capacity=30h")
    agency("set", "order", "2", "team=Studio", "assignee=")
    assert "ORD-2 is yours now" in agency("do", "order.take").out
    assert "Nothing waits in the queue" in agency("do", "order.take", code=1).err
    shown = agency("list", "teams", "--columns", "name,capacity,queue", "--json").json
    assert shown == [{"name": "Studio", "capacity": "30h", "queue": None}]


def test_tasks_of_another_system_come_in_from_its_file_and_go_out_again(agency: Run, tmp_path: Path) -> None:
    agency("add", "order", "client=ACME Studio", "external_id=10248")
    (tmp_path / "tasks.csv").write_text(
        "Task,Due date,Assigned to,Priority,Estimate,Order,Done\n"
        "Draft,2026-12-01,bo,high,1h30,ORD-1,\n"
        "Proof,2026-12-02,,,,ORD-1,\n"
        "Print,2026-12-03,nobody,,,,\n",
        encoding="utf-8",
    )
    said = agency("import", "tasks", tmp_path / "tasks.csv", code=1)
    assert "2 created" in said.out + said.err and "nobody" in said.out + said.err
    found = agency("list", "tasks", "--columns", "title,due_on,assignee,priority,estimate,client", "--json").json
    assert (found[0]["title"], found[0]["due_on"], found[0]["assignee"]["name"]) == ("Draft", "2026-12-01", "bo")
    assert (found[0]["priority"], found[0]["estimate"], found[0]["client"]["name"]) == ("high", 90, "ACME Studio")
    agency("export", "tasks", "--to", tmp_path / "out.csv")
    agency("undo")
    agency("import", "tasks", tmp_path / "out.csv")
    assert [one["title"] for one in agency("list", "tasks", "--json").json] == ["Draft", "Proof"]
