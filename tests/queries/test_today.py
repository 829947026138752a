"""Today: what needs an operator, in the order of what it costs to leave it, and why."""

from __future__ import annotations

from datetime import datetime

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.queries.today import queue
from crm_tui.scope import Actor
from crm_tui.services.recurring import carry_out
from tests import business


def told(actor: Actor) -> list[tuple[str, str, str]]:
    return [(one.when, one.what, one.why) for one in queue(actor)]


def test_what_is_late_comes_first_and_what_holds_up_others_before_that(workspace: Workspace, ana: Actor) -> None:
    for title, due, priority in (
        ("Soon", "+2d", "normal"), ("Now", "today", "normal"), ("Late", "-3d", "normal"), ("Later", "-2d", "urgent"),
        ("Blocks", "-3d", "normal"), ("Next week", "+8d", "normal"), ("At ten", "today", "normal"),
    ):  # fmt: skip
        business.add(workspace, ana, "task", title=title, due=due, priority=priority, assignee="ana")
    business.add(workspace, ana, "task", title="Some day", assignee="ana")
    for _n in range(2):
        waiting = business.add(workspace, ana, "task", title="Waits", assignee="ana")
        business.add(workspace, ana, "dependency", task=f"#{waiting}", needs="#5")
    assert told(ana)[0] == ("2 days late", "Later", "task, urgent")
    assert told(ana)[1] == ("3 days late", "Blocks", "task, blocks 2 others")
    assert [what for _when, what, _why in told(ana)][2:] == ["Late", "Now", "At ten", "Soon"]


def test_whose_it_is(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.add(workspace, ana, "team", name="Studio")
    business.add(workspace, ana, "membership", operator="bo", team="Studio")
    business.add(workspace, ana, "task", title="Ana's", due="today", assignee="ana")
    business.add(workspace, ana, "task", title="The team's", due="today", team="Studio")
    business.add(workspace, ana, "task", title="Anybody's", due="today")
    assert [what for _when, what, _why in told(ana)] == ["Ana's", "Anybody's"]
    assert [(what, why) for _when, what, why in told(bo)] == [
        ("The team's", "task, nobody's yet"), ("Anybody's", "task, nobody's yet")
    ]  # fmt: skip


def test_every_sort_and_why_it_is_there(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    client = business.client(workspace, ana, owner="ana", cadence=30, last_contact="2026-10-10 10:00")
    business.client(workspace, ana, "Planned", owner="ana", follow_up_on="2026-11-23")
    business.add(workspace, ana, "order", client=f"#{client}", title="Site", assignee="ana", due_on="+1d")
    rule = business.add(
        workspace, ana, "recurring_rule", name="Books", schedule="every day at 9:00", client=f"#{client}",
        assignee="ana",
    )  # fmt: skip
    business.add(workspace, bo, "comment", about="client", record=client, text="@ana look at this")
    with clock.use(datetime(2026, 11, 23, 9, 30)):
        carry_out(workspace, rule)
        found = told(ana)
    assert found[0][1:] == ("Get in touch with ACME Studio", "no contact for 44 days")
    assert found[0][0].endswith("days late")
    assert found[1][1].startswith("bo on client ACME Studio: @ana look at this")
    assert found[2:] == [
        ("today 09:00", "Books", "task, every day at 09:00"),
        ("today", "ORD-1 Site", "order in new"),
        ("today", "Get in touch with Planned", "planned follow-up"),
    ]


def test_what_is_done_or_dropped_or_archived_needs_nobody(workspace: Workspace, ana: Actor) -> None:
    for status in ("done", "dropped"):
        business.add(workspace, ana, "task", title=status, due="today", status=status, assignee="ana")
    assert told(ana) == []
