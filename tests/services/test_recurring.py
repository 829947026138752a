"""Recurring rules: what they make and when, once, whatever happens in between."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm_tui import clock, recurring
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.models.base import entities
from crm_tui.models.journal import Operation
from crm_tui.models.recurring import Occurrence
from crm_tui.scope import Actor
from crm_tui.services import records, tasking
from crm_tui.services.recurring import carry_out
from crm_tui.undo import redo, undo
from tests import business

RULE = entities["recurring_rule"]


def add(workspace: Workspace, actor: Actor, when: str, **values: Any) -> int:
    return business.add(workspace, actor, "recurring_rule", **{"name": "Close the books", "schedule": when, **values})


def at(text: str) -> Any:
    return clock.use(datetime.fromisoformat(text))


def run(workspace: Workspace) -> list[str]:
    """Carry out what is due now."""
    return [carry_out(workspace, rule) for rule in recurring.due(clock.now(), 100)]


def tasks() -> list[tuple[str, date | None, str]]:
    task: Any = entities["task"].model
    live = task.select(task.title, task.due_on, task.due_time).where(task.archived_at.is_null())
    return list(live.order_by(task.id).tuples())


def next_at(rule: int) -> datetime | None:
    return business.held("recurring_rule", rule)["next_at"]


def test_a_rule_in_words_makes_its_task_when_it_is_due(workspace: Workspace, ana: Actor) -> None:
    rule = add(workspace, ana, "every last working day at 17:00", title="Books of {month}", steps="- bank\n- cash")
    assert next_at(rule) == datetime(2026, 11, 30, 17)
    assert run(workspace) == []
    with at("2026-11-30T17:00:01"):
        assert run(workspace) == ['"Close the books": task "Books of November 2026"']
        assert run(workspace) == []
    assert tasks() == [
        ("Books of November 2026", date(2026, 11, 30), "17:00"), ("bank", date(2026, 11, 30), ""),
        ("cash", date(2026, 11, 30), ""),
    ]  # fmt: skip
    assert next_at(rule) == datetime(2026, 12, 31, 17)
    done: Any = Operation.select().order_by(Operation.id.desc()).get()
    assert done.login == "worker"
    assert done.cause == 'because "Close the books" recurs last working day of the month at 17:00, due 2026-11-30 17:00'


def test_holidays_move_what_falls_on_them(workspace: Workspace, ana: Actor) -> None:
    rule = add(workspace, ana, "every last working day at 17:00")
    skipping = add(workspace, ana, "every working day")
    with at("2026-12-24T12:00:00"):
        carry_out(workspace, rule)
        setting = business.add(workspace, ana, "setting", key="holidays", value="12-31, 2026-12-25")
        carry_out(workspace, skipping)
        assert next_at(rule) == datetime(2026, 12, 30, 17)
        assert next_at(skipping) == datetime(2026, 12, 28)
    with pytest.raises(InvalidRecord, match="no day"):
        records.save(workspace, ana, entities["setting"], setting, {"value": "31 foo"})


def test_what_is_undone_is_not_made_again(workspace: Workspace, ana: Actor) -> None:
    add(workspace, ana, "every day at 9:00")
    with at("2026-11-23T09:00:00"):
        run(workspace)
        operation: Any = Operation.select().order_by(Operation.id.desc()).get()
        undo(workspace, ana, operation.id)
        assert tasks() == []
        assert run(workspace) == []
    with at("2026-11-24T09:00:00"):
        run(workspace)
    assert [day for _title, day, _time in tasks()] == [date(2026, 11, 24)]


@pytest.mark.parametrize(
    ("missed", "expected"),
    [("skip", [26]), ("latest", [26]), ("all", [23, 24, 25, 26])],
)
def test_missed_days(workspace: Workspace, ana: Actor, missed: str, expected: list[int]) -> None:
    rule = add(workspace, ana, "every day at 9:00", missed=missed)
    with at("2026-11-26T10:00:00"):
        run(workspace)
        assert [day.day for _title, day, _time in tasks() if day] == expected
        assert next_at(rule) == datetime(2026, 11, 27, 9)


def test_skipping_leaves_no_trace_where_nothing_is_made(workspace: Workspace, ana: Actor) -> None:
    rule = add(workspace, ana, "every monday at 9:00", missed="skip")
    operations: Any = Operation.select()
    before = operations.count()
    with at("2026-11-25T10:00:00"):
        assert run(workspace) == [""]
        assert next_at(rule) == datetime(2026, 11, 30, 9)
    assert operations.count() == before
    assert tasks() == []


def test_completing_keeps_the_task_and_makes_the_next(workspace: Workspace, ana: Actor) -> None:
    rule = add(workspace, ana, "3 days after completion, 3 times", steps="bank")
    run(workspace)
    assert tasks()[0][:2] == ("Close the books", date(2026, 11, 22))
    assert next_at(rule) is None
    tasking.finish(workspace, ana, [1], with_parts=True)
    assert [row[:2] for row in tasks() if row[0] == "Close the books"] == [
        ("Close the books", date(2026, 11, 22)), ("Close the books", date(2026, 11, 25))
    ]  # fmt: skip
    undo(workspace, ana)
    assert len(tasks()) == 2
    assert business.held("task", 1)["done_at"] is None
    assert run(workspace) == []
    redo(workspace, ana)
    assert len(tasks()) == 4
    with at("2026-11-24T09:00:00"):
        tasking.finish(workspace, ana, [3], with_parts=True)
        third: Any = entities["task"].model.select().order_by(entities["task"].model.id.desc())
        assert [row[1] for row in tasks()][-2] == date(2026, 11, 27)
        tasking.finish(workspace, ana, [third[1].id], with_parts=True)
    assert len([row for row in tasks() if row[0] == "Close the books"]) == 3
    with at("2027-11-24T09:00:00"):
        assert run(workspace) == []


def test_editing_and_pausing_never_replay_the_past(workspace: Workspace, ana: Actor) -> None:
    rule = add(workspace, ana, "every day at 9:00", missed="all", starts_on="2020-01-01")
    assert next_at(rule) == datetime(2026, 11, 23, 9)
    records.save(workspace, ana, RULE, rule, {"paused": "yes"})
    assert next_at(rule) is None
    with at("2026-12-10T12:00:00"):
        records.save(workspace, ana, RULE, rule, {"paused": "no"})
        assert next_at(rule) == datetime(2026, 12, 11, 9)
        records.save(workspace, ana, RULE, rule, {"schedule": "every day at 8:00"})
        assert next_at(rule) == datetime(2026, 12, 11, 8)
        records.archive_many(workspace, ana, RULE, [rule])
        assert next_at(rule) is None
        assert run(workspace) == []


def test_a_clock_set_forward_and_back_loses_nothing_and_repeats_nothing(workspace: Workspace, ana: Actor) -> None:
    from crm_tui.services.recurring import after_clock_change

    rule = add(workspace, ana, "every day at 9:00", missed="latest")
    with at("2027-11-23T10:00:00"):
        run(workspace)
        assert next_at(rule) == datetime(2027, 11, 24, 9)
    assert after_clock_change(workspace) == 1
    assert next_at(rule) == datetime(2026, 11, 23, 9)
    for day in (23, 24, 25):
        with at(f"2026-11-{day}T09:30:00"):
            run(workspace)
            run(workspace)
    assert [day for _title, day, _time in tasks()] == [
        date(2027, 11, 23), date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
    ]  # fmt: skip


@pytest.mark.parametrize("when", ["every day at 2:30", "every day at 1:30"])
def test_both_days_on_which_the_clocks_change_come_once(workspace: Workspace, ana: Actor, when: str) -> None:
    for start, days in ((datetime(2026, 3, 26, 12), 5), (datetime(2026, 10, 22, 12), 5)):
        with clock.use(start):
            rule = add(workspace, ana, when, zone="Europe/Berlin")
        for hour in range(days * 24):
            with clock.use(start + timedelta(hours=hour)):
                run(workspace)
        made: Any = Occurrence.select(Occurrence.due_at).where(Occurrence.rule == rule).order_by(Occurrence.due_at)
        zone = clock.zone_named("Europe/Berlin")
        found = [row[0].replace(tzinfo=UTC).astimezone(zone).date() for row in made.tuples()]
        assert found == [start.date() + timedelta(days=day) for day in range(1, days + 1)][: len(found)]
        assert len(found) == days
        records.archive_many(workspace, ana, RULE, [rule])


def test_what_is_made_goes_round_the_team(workspace: Workspace, ana: Actor) -> None:
    logins = ["bo", "carla", "dan"]
    people = [business.add(workspace, ana, "operator", login=login) for login in logins]
    business.add(workspace, ana, "team", name="Studio")
    for login in logins:
        business.add(workspace, ana, "membership", operator=login, team="Studio")
    add(workspace, ana, "every day at 9:00", team="Studio", assignment="round-robin", missed="all")
    with at("2026-11-26T09:00:00"):
        run(workspace)
    task: Any = entities["task"].model
    assert [row[0] for row in task.select(task.assignee).order_by(task.id).tuples()] == [*people, people[0]]
    add(workspace, ana, "every day at 10:00", name="Post", team="Studio", assignment="least-loaded")
    with at("2026-11-26T10:30:00"):
        run(workspace)
    assert task.select(task.assignee).order_by(task.id.desc()).tuples().first()[0] == people[1]


def test_orders_and_follow_ups(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana)
    with pytest.raises(InvalidRecord, match="name the client"):
        add(workspace, ana, "monthly", makes="order")
    add(
        workspace,
        ana,
        "first day of the month",
        makes="order",
        client="ACME Studio",
        title="Retainer {month}",
        due_in=14,
    )
    add(workspace, ana, "first day of the month", makes="follow-up", client="ACME Studio", name="Call", due_in=3)
    with at("2026-12-01T08:00:00"):
        run(workspace)
        held = business.held("order", 1)
        assert (held["title"], held["ordered_on"], held["due_on"]) == (
            "Retainer December 2026", date(2026, 12, 1), date(2026, 12, 15)
        )  # fmt: skip
        assert business.held("client", client)["follow_up_on"] == date(2026, 12, 4)


def test_a_rule_that_fails_is_paused_and_its_owner_told(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana)
    rule = add(workspace, ana, "every day at 9:00", makes="follow-up", client="ACME Studio")
    erased: Any = RULE.model
    with workspace.write():
        erased.update(client=None).where(erased.id == rule).execute()
    assert client
    with at("2026-11-23T09:30:00"):
        assert run(workspace) == [""]
    assert business.held("recurring_rule", rule)["paused"]
    told: Any = entities["notification"].model.get()
    assert told.text.startswith("Close the books is paused, because it failed: ")
    assert told.operator_id == ana.operator_id


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"schedule": "FREQ=DAILY;INTERVAL=0"}, "INTERVAL is from 1"),
        ({"schedule": "31 february"}, "never recur"),
        ({"schedule": "FREQ=SECONDLY"}, "no frequency"),
        ({"schedule": "FREQ=MINUTELY", "starts_on": "1990-01-01"}, "too often"),
        ({"schedule": "sometimes"}, "not understood"),
        ({"schedule": "daily", "zone": "Europe/Atlantis"}, "no time zone"),
        ({"schedule": "daily", "title": "Books of {moth}"}, "leads nowhere"),
        ({"schedule": "daily", "assignment": "in turn"}, "name the team"),
    ],
)
def test_bad_input_is_said_plainly(workspace: Workspace, ana: Actor, values: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidRecord, match=message):
        records.add(workspace, ana, RULE, {"name": "Books", **values})


def test_an_hourly_rule_from_1990_is_found_at_once(workspace: Workspace, ana: Actor) -> None:
    rule = add(workspace, ana, "FREQ=HOURLY", starts_on="1990-01-01")
    assert next_at(rule) == datetime(2026, 11, 22, 15)
