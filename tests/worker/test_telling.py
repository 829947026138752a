"""What operators are told of by themselves: what somebody gave them, and a task that comes to its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.models.tasks import Reminder
from crm_tui.scope import Actor
from crm_tui.services import notifications, records
from crm_tui.undo import redo, undo
from crm_tui.worker import service
from crm_tui.worker.tick import next_work
from tests import business
from tests.conftest import NOW


def told(operator: Actor) -> list[tuple[str, str]]:
    found = [row for row in business.rows("notification") if row["operator"] == operator.operator_id]
    return [(row["reason"], row["text"]) for row in found if row["archived_at"] is None]


def task(workspace: Workspace, actor: Actor, title: str, **typed: Any) -> int:
    return business.add(workspace, actor, "task", title=title, **typed)


def test_who_is_given_something_is_told_and_who_takes_it_is_not(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = task(workspace, ana, "Call Maria", assignee="bo")
    assert told(bo) == [("assignment", "ana gave you task Call Maria")]
    business.save(workspace, ana, "task", record, assignee="bo", title="Call Maria again")  # it was theirs
    business.save(workspace, ana, "task", record, assignee="ana")
    assert len(told(bo)) == 1
    assert told(ana) == []
    undo(workspace, ana)
    redo(workspace, ana)
    assert (len(told(bo)), told(ana)) == (1, [])


def test_who_is_given_much_is_told_once(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    ids = [task(workspace, ana, f"Task {number}") for number in range(12)]
    records.change_many(workspace, ana, entities["task"], ids, {"assignee": "bo"})
    assert told(bo) == [("assignment", "ana gave you 12 tasks")]
    undo(workspace, ana)
    assert told(bo) == []  # it was part of what was undone


def test_what_recurs_is_expected_and_reminds_at_its_time(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.add(workspace, ana, "recurring_rule", name="Post", schedule="every day at 9:00", assignee="bo")
    with clock.use(NOW + timedelta(days=1)):
        service.run_once(workspace, lambda _said: None)
    assert told(bo) == [("assignment", "ana gave you recurring rule Post"), ("reminder", "09:00: Post")]


def test_a_task_reminds_once_at_its_time(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = task(workspace, ana, "Call Maria", assignee="bo", due_on="2026-11-23", due_time="10:00")
    task(workspace, ana, "Nobody's", due_on="2026-11-23", due_time="09:00")
    task(workspace, ana, "Done", assignee="bo", due_on="2026-11-23", due_time="09:30", status="done")
    task(workspace, ana, "Of last week", assignee="bo", due_on="2026-11-16", due_time="09:30")
    at = datetime(2026, 11, 23, 10)
    assert next_work(workspace) == at
    with clock.use(at):
        assert service.run_once(workspace, lambda _said: None) == 1
        assert service.run_once(workspace, lambda _said: None) == 0
        assert notifications.remind(workspace, ana, record, at) == ""
    assert [one for one in told(bo) if one[0] == "reminder"] == [("reminder", "10:00: Call Maria")]
    business.save(workspace, bo, "task", record, due_time="11:00")
    with clock.use(at + timedelta(hours=1)):
        service.run_once(workspace, lambda _said: None)
    assert [text for reason, text in told(bo) if reason == "reminder"] == ["10:00: Call Maria", "11:00: Call Maria"]
    assert Reminder.select().count() == 2


def test_what_was_missed_by_far_reminds_nobody(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    task(workspace, ana, "Call Maria", assignee="bo", due_on="2026-11-23", due_time="10:00")
    with clock.use(datetime(2026, 11, 24, 9)):
        assert service.run_once(workspace, lambda _said: None) == 0
    with clock.use(datetime(2026, 11, 23, 21)):  # a session opened in the evening still tells
        assert service.run_once(workspace, lambda _said: None) == 1
