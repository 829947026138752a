"""Workload: estimates by due week, what is late now, what rules will make, and the hours people have."""

from __future__ import annotations

from datetime import date

from crm_tui.db import Workspace
from crm_tui.kpis import periods
from crm_tui.models.base import entities
from crm_tui.queries import lists, workload
from crm_tui.queries.workload import NOBODY, Week
from crm_tui.scope import Actor
from tests import business

THIS = periods.of("week", date(2026, 11, 22))
WEEKS = [THIS.step(at) for at in range(3)]


def weeks(ana: Actor) -> dict[str, tuple[Week, ...]]:
    return {load.login: load.weeks for load in workload.loads(ana, WEEKS)}


def test_hours_are_counted_where_they_are_due(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.add(workspace, ana, "team", name="Studio")
    business.add(workspace, ana, "membership", operator="bo", team="Studio", capacity="20h")
    for given in (
        {"assignee": "ana", "due_on": "2026-11-22", "estimate": "3h"},
        {"assignee": "ana", "due_on": "2026-10-01", "estimate": "2h"},  # late: to be done now
        {"assignee": "ana", "due_on": "2026-11-24", "estimate": "50h"},
        {"assignee": "ana", "due_on": "2026-11-24"},
        {"assignee": "ana", "due_on": "2026-11-24", "estimate": "9h", "status": "done"},
        {"assignee": "ana", "estimate": "7h"},  # no day
        {"assignee": "bo", "due_on": "2026-12-01", "estimate": "1h30"},
        {"due_on": "2026-11-25", "estimate": "4h"},
    ):
        business.add(workspace, ana, "task", title="Do", **given)
    found = weeks(ana)
    assert found["ana"] == (Week(2400, 300), Week(2400, 3000, 0, 1), Week(2400))
    assert found["bo"] == (Week(1200), Week(1200), Week(1200, 90))
    assert found[""] == (Week(0), Week(0, 240), Week(0))
    assert found["ana"][1].free == -600
    for load in workload.loads(ana, WEEKS):
        for week, counted in zip(WEEKS, load.weeks, strict=True):
            shown = lists.listing(ana, entities["task"], f"{workload.terms(week)} {workload.whose(load.operator)}",
                                  ["estimate"])  # fmt: skip
            assert sum(values[0] or 0 for _id, values in lists.values(ana, shown)) == counted.planned
    assert [(one.whose, one.estimate) for one in workload.todo(ana, WEEKS[1])] == [
        (ana.operator_id, 3000), (ana.operator_id, None), (NOBODY, 240)
    ]  # fmt: skip


def test_rules_holidays_and_those_who_left(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.add(workspace, ana, "team", name="Studio")
    for login in ("ana", "bo"):
        business.add(workspace, ana, "membership", operator=login, team="Studio", capacity="40h")
    given = {"schedule": "every monday at 9:00", "estimate": "6h"}
    business.add(workspace, ana, "recurring_rule", name="Mine", assignee="ana", **given)
    business.add(workspace, ana, "recurring_rule", name="In turn", assignment="round-robin", team="Studio", **given)
    business.add(workspace, ana, "recurring_rule", name="Paused", assignee="ana", paused="yes", **given)
    client = business.client(workspace, ana, "ACME")
    business.add(workspace, ana, "recurring_rule", name="An order", makes="order", client=f"#{client}", **given)
    business.add(workspace, ana, "setting", key="holidays", value="2026-11-25, 12-01")
    found = weeks(ana)
    assert [week.coming for week in found["ana"]] == [0, 540, 540]
    assert [week.coming for week in found["bo"]] == [0, 180, 180]
    assert [week.capacity for week in found["ana"]] == [2400, 1920, 1920]
    business.add(workspace, ana, "task", title="Left", assignee="bo", due_on="2026-11-24", estimate="1h")
    business.save(workspace, ana, "operator", bo.operator_id, active="no")
    assert weeks(ana)["bo"][1] == Week(0, 60, 180)
