"""Automations: what makes them run, what they do, once, and what stops them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.automation import engine, running
from crm_tui.automation.pending import pending
from crm_tui.automation.rehearsal import rehearse
from crm_tui.automation.runs import runs
from crm_tui.db import Workspace
from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.models.automations import AutomationWait
from crm_tui.models.base import entities
from crm_tui.models.journal import Operation
from crm_tui.scope import Actor
from crm_tui.services import ordering, records
from crm_tui.undo import redo, undo
from tests import business

ORDER = entities["order"]
FULFILLED = "stage:fulfilled changed:stage"


def automation(workspace: Workspace, actor: Actor, then: str, **values: Any) -> int:
    given = {"name": "Invoice", "entity": "orders", "condition": FULFILLED, "actions": then, **values}
    return business.add(workspace, actor, "automation", **given)


@pytest.fixture
def order(workspace: Workspace, ana: Actor) -> int:
    business.client(workspace, ana)
    return business.add(workspace, ana, "order", client="ACME Studio", title="Site")


def titles(name: str = "task") -> list[str]:
    entity = entities[name]
    model: Any = entity.model
    return [row[0] for row in model.select(entity.fields[entity.title]).where(model.archived_at.is_null()).tuples()]


def last() -> Any:
    return Operation.select().order_by(Operation.id.desc()).get()


def test_an_order_fulfilled_makes_the_task_to_invoice_it(workspace: Workspace, ana: Actor, order: int) -> None:
    automation(workspace, ana, "task Invoice {number} for {client} +2d !high\ntag +to-invoice")
    engine.process(workspace)
    assert titles() == []
    ordering.fulfil(workspace, ana, [order])
    assert pending() == clock.now()
    assert engine.process(workspace) == ['"Invoice": task "Invoice ORD-1 for ACME Studio"; tag +to-invoice']
    assert engine.process(workspace) == []
    held = business.held("task", 1)
    assert (held["order"], held["priority"], str(held["due_on"])) == (order, "high", "2026-11-24")
    assert business.held("order", order)["tags"] == ("to-invoice",)
    done = last()
    assert done.login == "automation"
    assert done.cause == 'because of "ORD-1": ana did move order ORD-1 to fulfilled (Invoice)'
    assert [(run.outcome, run.record) for run in runs()] == [("done", order)]


def test_one_undo_takes_a_run_back_and_it_does_not_run_again(workspace: Workspace, ana: Actor, order: int) -> None:
    automation(workspace, ana, "task Invoice {number}\ntag +to-invoice")
    ordering.fulfil(workspace, ana, [order])
    engine.process(workspace)
    undo(workspace, ana, last().id)
    assert titles() == []
    assert business.held("order", order)["tags"] == ()
    assert engine.process(workspace) == []
    undo(workspace, ana)
    redo(workspace, ana)
    assert engine.process(workspace) == []
    assert titles() == []


def test_what_was_undone_before_it_was_looked_at_makes_nothing_run(
    workspace: Workspace, ana: Actor, order: int
) -> None:
    automation(workspace, ana, "task Invoice {number}")
    ordering.fulfil(workspace, ana, [order])
    undo(workspace, ana)
    assert engine.process(workspace) == []
    assert titles() == []


def test_only_changes_that_are_as_asked_make_it_run(workspace: Workspace, ana: Actor, order: int) -> None:
    automation(workspace, ana, "task Call about {number}", condition="was stage:new stage:review", event="is changed")
    records.save(workspace, ana, ORDER, order, {"title": "Shop"})
    records.save(workspace, ana, ORDER, order, {"stage": "confirmed"})
    records.save(workspace, ana, ORDER, order, {"stage": "review"})
    assert engine.process(workspace) == []
    records.save(workspace, ana, ORDER, order, {"stage": "new"})
    records.save(workspace, ana, ORDER, order, {"stage": "review"})
    records.save(workspace, ana, ORDER, order, {"stage": "fulfilled"})
    assert engine.process(workspace) == ['"Invoice": task "Call about ORD-1"']


def test_an_automation_does_not_look_at_what_was_before_it(workspace: Workspace, ana: Actor, order: int) -> None:
    ordering.fulfil(workspace, ana, [order])
    with clock.use(datetime(2026, 11, 23, 9)):
        record = automation(workspace, ana, "task Invoice {number}")
        assert engine.process(workspace) == []
        found = rehearse(record, 30)
        assert [(one.title, one.what) for one in found] == [("ORD-1", "task Invoice ORD-1")]
        assert rehearse(record, 0) == []
    assert titles() == []


def test_a_step_waits_and_goes_on_only_where_it_still_is_so(workspace: Workspace, ana: Actor, order: int) -> None:
    then = "comment done\nwait 3d\nonly if stage:fulfilled\ntask Ask how it is\nwait 7d\ntask Ask again"
    automation(workspace, ana, then)
    ordering.fulfil(workspace, ana, [order])
    engine.process(workspace)
    assert (titles("comment"), titles()) == (["done"], [])
    engine.process(workspace)
    assert pending() == datetime(2026, 11, 23)
    with clock.use(datetime(2026, 11, 25, 14, 2, 1)):
        assert engine.process(workspace) == ['"Invoice": task "Ask how it is"; wait 7d']
        assert engine.process(workspace) == []
        records.save(workspace, ana, ORDER, order, {"stage": "review"})
    with clock.use(datetime(2026, 12, 2, 14, 2, 2)):
        assert engine.process(workspace) == ['"Invoice": task "Ask again"']
    assert titles() == ["Ask how it is", "Ask again"]
    assert not AutomationWait.select().exists()


def test_what_no_longer_is_so_after_a_wait_stops_it(workspace: Workspace, ana: Actor, order: int) -> None:
    automation(workspace, ana, "wait 3d\nonly if stage:fulfilled\ntask Ask how it is")
    ordering.fulfil(workspace, ana, [order])
    engine.process(workspace)
    records.save(workspace, ana, ORDER, order, {"stage": "review"})
    with clock.use(datetime(2026, 11, 26, 9)):
        assert engine.process(workspace) == []
    assert titles() == []
    assert [run.told for run in runs()] == ["stopped: it is not stage:fulfilled", "wait 3d"]


def test_what_comes_to_its_day_makes_it_run_once_for_each_day(workspace: Workspace, ana: Actor, order: int) -> None:
    automation(
        workspace, ana, "task Ask about {number}", event="comes to a day", day_field="due_on", days=1,
        condition="stage:new",
    )  # fmt: skip
    records.save(workspace, ana, ORDER, order, {"due_on": "2026-11-25"})
    engine.process(workspace)
    assert titles() == []
    for day in (26, 27):
        with clock.use(datetime(2026, 11, day, 8)):
            engine.process(workspace)
            engine.process(workspace)
    assert titles() == ["Ask about ORD-1"]
    with clock.use(datetime(2026, 12, 10, 8)):
        records.save(workspace, ana, ORDER, order, {"due_on": "2026-12-01"})
    with clock.use(datetime(2026, 12, 11, 8)):
        engine.process(workspace)
    assert len(titles()) == 2


def test_one_that_makes_itself_run_is_refused_the_second_time(workspace: Workspace, ana: Actor) -> None:
    automation(workspace, ana, "task Again after {title}", name="Loop", entity="tasks", condition="", event="is added")
    business.add(workspace, ana, "task", title="First")
    for _round in range(5):
        engine.process(workspace)
    assert titles() == ["First", "Again after First"]
    assert [run.outcome for run in runs()] == ["refused", "done"]


def test_one_that_makes_itself_run_after_a_wait_is_refused_too(workspace: Workspace, ana: Actor) -> None:
    automation(workspace, ana, "wait 1d\ntask Again", name="Loop", entity="tasks", condition="", event="is added")
    business.add(workspace, ana, "task", title="First")
    for day in range(22, 30):
        with clock.use(datetime(2026, 11, day, 15)):
            engine.process(workspace)
            engine.process(workspace)
    assert titles() == ["First", "Again"]
    assert [run.outcome for run in runs()] == ["refused", "done", "done"]


def test_a_ring_of_automations_ends(workspace: Workspace, ana: Actor, order: int) -> None:
    for name, former, new in (("One", "low", "high"), ("Two", "high", "low")):
        automation(
            workspace, ana, f"set priority={new}", name=name, condition=f"priority:{former} changed:priority",
            event="is changed",
        )  # fmt: skip
    records.save(workspace, ana, ORDER, order, {"priority": "low"})
    for _round in range(20):
        engine.process(workspace)
    assert [run.outcome for run in runs()] == ["refused", "done", "done"]
    assert pending() == datetime(2026, 11, 23)


def test_one_that_fails_again_and_again_is_switched_off_and_its_owner_told(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana)
    record = automation(workspace, ana, "set due_on=2020-01-01")
    for title in ("a", "b", "c", "d"):
        made = business.add(workspace, ana, "order", client="ACME Studio", title=title)
        ordering.fulfil(workspace, ana, [made])
        engine.process(workspace)
    assert [run.outcome for run in runs()] == ["failed"] * 3
    assert not business.held("automation", record)["enabled"]
    told: Any = entities["notification"].model.get()
    assert told.text.startswith("Invoice is switched off: ")


def test_more_runs_than_anybody_means_switch_it_off(
    workspace: Workspace, ana: Actor, order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_IN_AN_HOUR", 3)
    record = automation(workspace, ana, "comment {title}", condition="changed:title")
    for title in "abcde":
        records.save(workspace, ana, ORDER, order, {"title": title})
    engine.process(workspace)
    assert titles("comment") == ["e", "e", "e"]
    assert not business.held("automation", record)["enabled"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"entity": "ordrs"}, "nothing called"),
        ({"condition": "stag:new"}, "stage"),
        ({"actions": "dance"}, "nothing it can do"),
        ({"actions": "task Invoice {nmber}"}, 'no field "nmber"'),
        ({"actions": "task"}, "what is to be done"),
        ({"actions": "set priority=enormous"}, "priority"),
        ({"actions": "wait forever"}, "how long"),
        ({"actions": "only if stag:new"}, "stage"),
        ({"actions": "notify @nobody it is late"}, "no operator"),
        ({"actions": "checklist Nonesuch"}, "no checklist"),
        ({"actions": "tag late"}, "\\+ or -"),
        ({"actions": "assign @nobody"}, "nobody"),
        ({"event": "comes to a day", "condition": "stage:new", "day_field": "title"}, "no day"),
        ({"event": "comes to a day", "condition": "changed:stage", "day_field": "due_on"}, "no place"),
    ],
)
def test_what_makes_no_sense_is_said_plainly(
    workspace: Workspace, ana: Actor, values: dict[str, str], message: str
) -> None:
    with pytest.raises(InvalidRecord, match=message):
        automation(workspace, ana, **{"then": "task Invoice {number}", **{
            ("then" if name == "actions" else name): value for name, value in values.items()}})  # fmt: skip


def test_every_action(workspace: Workspace, ana: Actor, order: int) -> None:
    bo = business.add(workspace, ana, "operator", login="bo")
    then = (
        "checklist website launch\nset priority=high\nassign @bo\ncomment {client} is done"
        "\nnotify owner {number} is done\nnotify @bo look at {title}"
    )
    automation(workspace, ana, then)
    ordering.fulfil(workspace, ana, [order])
    assert len(engine.process(workspace)) == 1
    held = business.held("order", order)
    assert (held["priority"], held["assignee"]) == ("high", bo)
    assert titles("comment") == ["ACME Studio is done"]
    assert titles("checklist_item")
    told: Any = entities["notification"].model
    assert list(told.select(told.operator, told.text).order_by(told.id).tuples()) == [
        (ana.operator_id, "ORD-1 is done"), (bo, "look at Site"), (bo, "automation gave you order ORD-1")
    ]  # fmt: skip


def test_among_the_members_of_a_team_it_goes_in_turn_or_by_their_load(workspace: Workspace, ana: Actor) -> None:
    people = [business.add(workspace, ana, "operator", login=login) for login in ("bo", "carla")]
    team = business.add(workspace, ana, "team", name="Support")
    for person in people:
        business.add(workspace, ana, "membership", team=f"#{team}", operator=f"#{person}")
    business.add(workspace, ana, "team", name="Nobody")
    for name, way in (("orders", "in turn Support"), ("tasks", "least loaded support")):
        business.add(workspace, ana, "automation", name=way, entity=name, event="is added", actions=f"assign {way}")
    client = business.client(workspace, ana)
    engine.process(workspace)
    orders = [business.add(workspace, ana, "order", client=f"#{client}") for _number in range(3)]
    long = business.add(workspace, ana, "task", title="Long", assignee="bo", estimate="3h")
    engine.process(workspace)
    assert business.held("task", long)["assignee"] == people[1]  # who had nothing to do
    assert [business.held("order", one)["assignee"] for one in orders] == [people[0], people[1], people[0]]
    task = business.add(workspace, ana, "task", title="Short", estimate="1h")
    engine.process(workspace)
    assert business.held("task", task)["assignee"] == people[0]
    with pytest.raises(CrmError, match="Suport"):
        business.add(workspace, ana, "automation", name="x", entity="orders", actions="assign in turn Suport")
    with pytest.raises(CrmError, match="assigned to nobody"):
        business.add(workspace, ana, "automation", name="x", entity="products", actions="assign in turn Support")
    business.add(
        workspace, ana, "automation", name="n", entity="clients", event="is added", actions="assign in turn Nobody"
    )
    engine.process(workspace)
    business.client(workspace, ana, "Whoever")
    engine.process(workspace)
    assert "assign nobody" in runs()[0].told
