"""The worker: what it does at one look, who does it, as a service, and what it says of itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.commands.keymap import Keymap
from crm_tui.config import Config
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import ordering
from crm_tui.services.operators import sign_in
from crm_tui.session import Session
from crm_tui.worker import lease, service
from crm_tui.worker.tick import LOOK_AGAIN, next_work, tick
from crm_tui.workspaces import open_workspace
from tests import business
from tests.conftest import NOW
from tests.processes import Crew, Say


def rule(workspace: Workspace, actor: Actor, when: str = "every day at 9:00", name: str = "Post") -> int:
    return business.add(workspace, actor, "recurring_rule", name=name, schedule=when)


def add_rule(location: str, number: int, say: Say) -> int:
    """Add a rule that is due at once, as another session."""
    workspace = open_workspace(location)
    with clock.use(NOW):
        return rule(workspace, sign_in(workspace, "ana"), "3 days after completion")


def test_one_works_at_a_time_until_it_is_gone(workspace: Workspace, ana: Actor) -> None:
    rule(workspace, ana)
    with clock.use(datetime(2026, 11, 23, 9, 0, 1)):
        with lease.lease(workspace, "one") as mine:
            assert mine
            assert lease.holder() == "one"
            assert tick(workspace, "two").next_at == clock.now() + LOOK_AGAIN
        assert lease.holder() == ""
        assert lease.renew(workspace, "gone")
    with clock.use(datetime(2026, 11, 23, 9, 1)):
        assert tick(workspace, "two").done == ['"Post": task "Post"']
    with clock.use(datetime(2026, 11, 24, 9, 1)):
        assert lease.renew(workspace, "ahead")
    with clock.use(datetime(2026, 11, 23, 9, 2)):
        assert lease.renew(workspace, "three")  # the clock was set back


def test_it_says_when_to_look_again(workspace: Workspace, ana: Actor) -> None:
    assert next_work(workspace) is None
    rule(workspace, ana)
    assert tick(workspace, "one").next_at == datetime(2026, 11, 23, 9)
    business.add(workspace, ana, "automation", name="Tag", entity="tasks", event="is added", actions="tag +new")
    assert next_work(workspace) == clock.now()
    assert tick(workspace, "one").next_at == datetime(2026, 11, 23)


def test_by_a_clock_that_goes_on_what_is_to_be_done_at_once_is_done_at_once(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    business.add(workspace, ana, "automation", name="Tag", entity="tasks", event="is added", actions="tag +new")
    business.add(workspace, ana, "task", title="First")
    moment = clock.now()

    def later() -> datetime:
        nonlocal moment
        moment += timedelta(milliseconds=7)
        return moment

    monkeypatch.setattr(clock, "now", later)
    assert tick(workspace, "one").done == ['"Tag": tag +new']


def test_what_is_due_until_a_day_is_done_each_at_its_time(workspace: Workspace, ana: Actor) -> None:
    rule(workspace, ana)
    business.client(workspace, ana)
    business.add(
        workspace, ana, "automation", name="Ask", entity="tasks", event="is added", condition='title="Post"',
        actions="wait 1d\ntask Ask about {title}",
    )  # fmt: skip
    said: list[str] = []
    assert service.run_until(workspace, datetime(2026, 11, 26, 10), said.append) == len(said)
    assert [line for line in said if "Ask about" in line] == ['"Ask": task "Ask about Post"'] * 3
    task: Any = entities["task"].model
    assert [str(one.created_at) for one in task.select().where(task.title == "Post").order_by(task.id)] == [
        f"2026-11-{day} 09:00:00" for day in (23, 24, 25, 26)
    ]


def test_as_a_service_it_hears_of_what_comes_up_and_ends_when_told(
    location: str, workspace: Workspace, ana: Actor
) -> None:
    said: list[str] = []
    rounds = iter(range(100))

    def wait(_seconds: float) -> None:
        if next(rounds) == 1:
            with Crew(1, add_rule, location) as crew:
                crew.begin()
                crew.results()

    service.serve(workspace, said.append, lambda: bool(said) or next(rounds) > 80, wait)
    assert said == ['"Post": task "Post"']


def test_it_tells_what_it_did_and_what_comes(workspace: Workspace, ana: Actor) -> None:
    rule(workspace, ana)
    rule(workspace, ana, "every day at 8:00", "Early")
    with clock.use(datetime(2026, 11, 23, 8, 30)):
        tick(workspace, "one")
        found = service.status()
        assert (found.late, found.paused, found.holder) == (0, 0, "")
        assert found.done == [(clock.now(), "Early", "task", 1)]
        assert found.coming == [(datetime(2026, 11, 23, 9), "Post"), (datetime(2026, 11, 24, 8), "Early")]
    with clock.use(datetime(2026, 11, 23, 9, 30)):
        assert service.status().late == 1


@pytest.mark.parametrize("readonly", [False, True])
def test_an_open_session_works_by_itself(workspace: Workspace, ana: Actor, readonly: bool) -> None:
    actor = Actor(ana.operator_id, ana.login, ana.role, readonly)
    session = Session(workspace, actor, Config(), Keymap(()))
    business.client(workspace, ana)
    business.add(workspace, ana, "automation", name="Tag", entity="orders", event="is added", actions="tag +new")
    order = business.add(workspace, ana, "order", client="ACME Studio")
    session.changed_here()
    session.news()
    assert session.work_is_due() is not readonly
    for _round in range(5):
        if session.work_is_due():
            session.work()
    assert business.held("order", order)["tags"] == (() if readonly else ("new",))
    assert not session.work_is_due()
    with clock.use(clock.now() - timedelta(hours=2)):
        assert session.work_is_due() is not readonly  # a clock set back is a reason to look
    session.database.close()


def test_ones_own_change_in_a_session_is_followed(workspace: Workspace, ana: Actor) -> None:
    session = Session(workspace, ana, Config(), Keymap(()))
    business.client(workspace, ana)
    business.add(
        workspace, ana, "automation", name="Invoice", entity="orders", condition="stage:fulfilled changed:stage",
        actions="task Invoice {number}",
    )  # fmt: skip
    order = business.add(workspace, ana, "order", client="ACME Studio")
    ordering.fulfil(workspace, ana, [order])
    session.changed_here()
    session.news()
    while session.work_is_due():
        session.work()
    assert business.held("task", 1)["title"] == "Invoice ORD-1"
    session.database.close()


def test_who_types_waits_for_nothing_their_own_changes_make_due(workspace: Workspace, ana: Actor) -> None:
    session = Session(workspace, ana, Config(), Keymap(()))
    business.client(workspace, ana)
    business.add(workspace, ana, "automation", name="Tag", entity="orders", event="is added", actions="tag +new")
    session.news()
    while session.work_is_due():
        session.work()
    business.add(workspace, ana, "order", client="ACME Studio")
    session.changed_here()
    session.news(resting=False)
    if not workspace.postgres:  # there one's own changes are seen as those of others are
        assert not session.work_is_due()
    session.news()
    assert session.work_is_due()
    session.database.close()
