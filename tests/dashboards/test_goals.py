"""Goals: progress, pace and what is said of them; by hand, from numbers and cards; check-ins by people and worker."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crm_tui import clock
from crm_tui.dashboards import goals
from crm_tui.dashboards.goals import State, Told
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.kpis import periods
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.undo import undo
from crm_tui.worker.tick import tick
from tests import business

Q4 = periods.read("2026-Q4")


def told(ana: Actor) -> Told:
    return goals.told(ana, Q4)[0]


def states(ana: Actor) -> dict[str, State]:
    return {result.title: state for result, state in told(ana).results}


@pytest.fixture
def objective(workspace: Workspace, ana: Actor) -> int:
    record = business.add(workspace, ana, "objective", title="Grow", owner="ana")
    held = business.held("objective", record)
    assert (held["quarter"], held["due_on"]) == ("2026-Q4", date(2026, 12, 31))
    return record


def test_progress_is_the_weighted_mean_and_pace_the_share_of_the_quarter(
    workspace: Workspace, ana: Actor, objective: int
) -> None:
    def result(title: str, **given: str) -> int:
        return business.add(workspace, ana, "key_result", title=title, objective="Grow", **given)

    up = result("Clients", start="10", target="20", current="15", weight="3")
    down = result("Complaints", start="8", target="2", current="8")
    assert business.held("objective", objective)["progress"] == 38  # (50 x 3 + 0) / 4
    found = told(ana)
    assert (found.state.progress, found.state.pace) == (38, 57)  # 53 of 92 days
    assert [state.said for state in states(ana).values()] == ["a little behind", "behind"]
    business.add(workspace, ana, "check_in", key_result=f"#{down}", value="1", confidence="low", note="fixed")
    assert states(ana)["Complaints"].said == "reached"
    assert business.held("key_result", down)["confidence"] == "low"
    assert business.held("objective", objective)["progress"] == 63  # (50 x 3 + 100) / 4
    undo(workspace, ana)
    assert business.held("key_result", down)["current"] == 8000
    assert business.held("objective", objective)["progress"] == 38
    records.archive_many(workspace, ana, entities["key_result"], [down])
    assert business.held("objective", objective)["progress"] == 50
    business.save(workspace, ana, "key_result", up, target="12.5")
    assert business.held("key_result", up)["progress"] == 100
    assert states(ana)["Clients"].progress == 200


def test_an_older_check_in_is_history_only(workspace: Workspace, ana: Actor, objective: int) -> None:
    result = business.add(workspace, ana, "key_result", title="Clients", objective="Grow", start="0", target="10")
    for day, value in (("2026-11-20", "5"), ("2026-11-01", "2"), ("2026-11-22", "7")):
        business.add(workspace, ana, "check_in", key_result=f"#{result}", value=value, day=day)
    assert business.held("key_result", result)["current"] == 7000
    history = told(ana).results[0][0].history
    assert [(day.day, value) for day, value in history] == [(1, 2000), (20, 5000), (22, 7000)]
    with pytest.raises(InvalidRecord, match="that day has not come yet"):
        business.add(workspace, ana, "check_in", key_result=f"#{result}", value="8", day="2026-11-23")


def test_what_cannot_be_reached_is_refused(workspace: Workspace, ana: Actor, objective: int) -> None:
    for given, said in (
        ({"start": "5", "target": "5"}, "there is nothing to reach"),
        ({"start": "0", "target": "5", "kpi": "on-tme"}, "Did you mean"),
        ({"start": "0", "target": "5", "kpi": "on-time", "card": "#1"}, "card"),
    ):
        with pytest.raises(InvalidRecord, match=said):
            business.add(workspace, ana, "key_result", title="X", objective="Grow", **given)
    with pytest.raises(InvalidRecord, match="that is no quarter"):
        business.add(workspace, ana, "objective", title="X", quarter="2026-11")
    assert told(ana).state.said == "no key results yet"


def test_numbers_and_cards_are_counted_in_the_quarter(workspace: Workspace, ana: Actor, objective: int) -> None:
    client = business.client(workspace, ana, "ACME", acquired_on="2026-10-05", currency="EUR")
    for day, price in (("2026-10-05", "100.50"), ("2026-12-31", "50"), ("2026-09-30", "1000")):
        order = business.add(workspace, ana, "order", client=f"#{client}", ordered_on=day)
        business.add(workspace, ana, "order_line", order=f"#{order}", title="Work", quantity="1", unit_price=price)
    business.add(workspace, ana, "time_entry", day="2026-11-02", minutes="1h30", order=f"#{order}")
    business.add(workspace, ana, "dashboard", name="Mine")
    card = business.add(workspace, ana, "card", dashboard="Mine", entity="clients", query="currency:EUR")
    given = {"objective": "Grow", "start": "0", "target": "301"}
    business.add(workspace, ana, "key_result", title="Value", kpi="orders-value", **given)
    business.add(workspace, ana, "key_result", title="Hours", kpi="hours", **given)
    business.add(workspace, ana, "key_result", title="Clients", card=f"#{card}", **given)
    found = states(ana)
    assert [state.current for state in found.values()] == [Decimal("150.50"), Decimal("1.5"), Decimal(1)]
    assert found["Value"].progress == 50
    for state in found.values():
        shown = lists.listing(ana, entities[state.entity], state.query)
        assert lists.count(ana, shown) == {"order": 2, "time_entry": 1, "client": 1}[state.entity]
    dollars = business.client(workspace, ana, "Dollars", currency="USD")
    order = business.add(workspace, ana, "order", client=f"#{dollars}", ordered_on="2026-10-05")
    business.add(workspace, ana, "order_line", order=f"#{order}", title="Work", quantity="1", unit_price="1")
    records.archive_many(workspace, ana, entities["card"], [card])
    found = states(ana)
    assert found["Value"].said == "it is of several currencies"
    assert found["Clients"].said == "its card is gone"
    assert found["Hours"].said == "behind"  # the others stand


def test_the_worker_notes_numbers_and_asks_people(workspace: Workspace, ana: Actor, objective: int) -> None:
    business.client(workspace, ana, "ACME", acquired_on="2026-10-05")
    given = {"objective": "Grow", "start": "0", "target": "4"}
    counted = business.add(workspace, ana, "key_result", title="New", kpi="new-clients", **given)
    business.add(workspace, ana, "key_result", title="Press", **given)
    rule = business.add(
        workspace, ana, "recurring_rule", name="Check-in", makes="check-in", schedule="every monday at 9:00"
    )
    assert tick(workspace, "test").done == []
    with clock.use(clock.now().replace(day=23, hour=12)):
        assert tick(workspace, "test").done
        assert tick(workspace, "test").done == []
    assert business.held("key_result", counted)["current"] == 1000
    assert business.held("key_result", counted)["progress"] == 25
    task = business.held("task", 1)
    assert (task["title"], task["assignee"], task["rule"]) == ("Check in on 1 key result", ana.operator_id, rule)
    assert "- Press" in task["notes"]
    assert [value for _day, value in told(ana).results[0][0].history] == [1000]
