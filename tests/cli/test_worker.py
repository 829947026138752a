"""The worker on the command line: once, up to a day, what it says; and the commands on what happens by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crm_tui.workspaces import open_workspace
from tests.cli.conftest import Run


def test_up_to_a_day_it_does_the_same_on_two_copies(run: Run, sqlite_location: str, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    run(
        "--workspace",
        sqlite_location,
        "--operator",
        "ana",
        "demo",
        "--clients",
        12,
        "--orders",
        30,
        "--no-open",
        "--yes",
    )
    for words in (
        ("recurring_rule", "name=Books", "schedule=last working day of the month at 17:00", "steps=bank"),
        ("recurring_rule", "name=Post", "schedule=every monday at 9:00", "missed=all"),
        ("automation", "name=Late", "entity=orders", "event=comes to a day", "day_field=due_on", "days=1",
         "condition=stage:new or stage:confirmed", "actions=task Ask about {number}\nwait 2d\ntag +late"),
    ):  # fmt: skip
        run("--workspace", sqlite_location, "--operator", "ana", "add", *words)
    open_workspace(sqlite_location).close()
    shutil.copy(sqlite_location, copy)
    journals = []
    for location in (sqlite_location, copy):
        said = run("--workspace", location, "--operator", "ana", "worker", "--once", "--until", "2027-01-31")
        assert "things were done" in said.err
        assert "2026-11-30T17:00:00Z" in said.out
        journals.append(run("--workspace", location, "--operator", "ana", "log", "--json").out)
    assert journals[0] == journals[1]
    assert '"because ' in journals[0] or "Books" in journals[0]
    assert run(
        "--workspace", copy, "--operator", "ana", "worker", "--once", "--until", "2027-01-31", "--json"
    ).json == {"done": []}


def test_what_it_says_of_itself(crm: Run) -> None:
    assert "nothing: crm-tui add recurring_rule" in crm("worker", "--status").out
    crm("add", "recurring_rule", "name=Post", "schedule=every monday at 9")
    assert "23 Nov 2026" in crm("worker", "--status").out
    unsaid = crm("outbox", "--json").json
    assert crm("worker", "--status", "--json").json == {
        "working": None, "late": 0, "paused": 0, "done": [], "mail": unsaid,
        "next": [{"at": "2026-11-23T09:00:00Z", "rule": "Post"}],
    }  # fmt: skip
    assert crm("worker", "--once", "--until", "+1d", "--json").json == {"done": ['"Post": task "Post"']}
    assert crm("list", "tasks", "rule:Post", "--format", "ids").lines == ["1"]
    assert "goes with --once" in crm("worker", "--until", "+1d", code=2).err
    assert "is not a day" in crm("worker", "--once", "--until", "whenever", code=2).err
    assert crm("--readonly", "worker", "--once", code=1).err


def test_rules_are_switched_off_and_on_and_tell_what_comes(crm: Run) -> None:
    crm("add", "recurring_rule", "name=Post", "schedule=every monday at 9:00")
    assert len(crm("do", "recurring_rule.coming", 1, "--json").json["found"]) == 5
    assert crm("do", "recurring_rule.switch", 1).out == "Off\n"
    assert "does not come due" in crm("do", "recurring_rule.coming", 1).out
    assert crm("do", "recurring_rule.switch", 1).out == "On\n"
    assert "Post" in crm("do", "worker.status").out


def test_an_automation_is_rehearsed_switched_and_tells_its_runs(crm: Run) -> None:
    crm("add", "client", "name=ACME")
    crm("add", "order", "client=ACME")
    crm("do", "order.fulfil", 1)
    crm("add", "automation", "name=Invoice", "entity=orders", "condition=stage:fulfilled changed:stage",
        "actions=task Invoice {number} +2d")  # fmt: skip
    found = crm("do", "automation.rehearse", 5, "days=7", "--json").json["found"]
    assert [(one["id"], one["what"]) for one in found] == [(1, "task Invoice ORD-1 +2d")]
    assert crm("do", "automation.runs", 5).out == "It has not run yet.\n"
    crm("add", "order", "client=ACME")
    crm("do", "automation.switch", "1,2,3,4")  # those that come with the program
    crm("do", "order.fulfil", 2)
    crm("worker", "--once")
    (ran,) = crm("do", "automation.runs", 5, "--json").json["found"]
    assert (ran["outcome"], ran["id"], ran["told"]) == ("done", 2, ['task "Invoice ORD-2"'])
    crm("undo", ran["operation"])
    assert crm("list", "tasks", "--format", "ids").out == ""
    assert crm("do", "automation.switch", 5).out == "Off\n"
    assert "how many days" in crm("do", "automation.rehearse", 5, "days=many", code=2).err


@pytest.mark.parametrize("words", [("add", "recurring_rule", "name=X", "schedule=FREQ=DAILY;INTERVAL=0")])
def test_a_rule_that_makes_no_sense_is_refused(crm: Run, words: tuple[str, ...]) -> None:
    assert "INTERVAL is from 1 to 1000" in crm(*words, code=2).err
