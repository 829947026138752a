"""Numbers kept by the day are what counting from scratch says: after whatever happens, with the worker and without."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.dashboards import answers
from crm_tui.dashboards.cards import Card, meaning, values_of
from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.kpis import periods, registry
from crm_tui.kpis.question import Question
from crm_tui.models.base import entities
from crm_tui.models.rollups import Rollup, RollupQuestion
from crm_tui.queries import rollups
from crm_tui.scope import Actor
from crm_tui.services import dashboards, records
from crm_tui.undo import redo, undo
from crm_tui.verbs.examining import check_numbers
from crm_tui.worker import keeping, numbers_due
from crm_tui.worker.tick import Background
from tests import business
from tests.dashboards.test_answers import TODAY, world
from tests.dashboards.test_cards import FREE

PERIODS = tuple(map(periods.read, ("this-quarter", "2026", "2026-11-20..2026-11-22")))


@pytest.fixture(autouse=True)
def every_number_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers_due, "WORTH", 1)


def questions() -> Iterator[tuple[str, Question]]:
    for name, kpi in registry.every().items():
        yield name, kpi.ask()
    for name, free in FREE.items():
        asked = meaning(Card(free=free, picture="bars")).asked
        assert asked is not None
        yield name, asked


def told(ana: Actor) -> dict[Any, Any]:
    return {(name, period): answers.answer(ana, asked, period, before=period.step(-1))
            for name, asked in questions() for period in PERIODS}  # fmt: skip


def alike(ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered with what is kept is what is answered without."""
    found = told(ana)
    with monkeypatch.context() as patched:
        patched.setattr(rollups, "rows", lambda *_args, **_named: None)
        counted = told(ana)
    for place, answer in counted.items():
        assert found[place] == answer, place


def keep(workspace: Workspace) -> None:
    for _step in range(10_000):
        due = numbers_due.next_due()
        if due is None or not numbers_due.last_change():
            return
        state: Any = RollupQuestion
        keeping.step(workspace)
        if not state.select().where((state.position < numbers_due.last_change()) | state.built_from.is_null()
                                    | (state.built_from.year > 1)).exists():  # fmt: skip
            return
    raise AssertionError("it never ends")


def test_what_is_kept_is_what_counting_says(workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = 7
    world(workspace, ana, seed)
    dashboards.copy(workspace, ana, "Mine", [values_of(Card(free=free, picture="bars")) for free in FREE.values()])
    keep(workspace)
    kept: Any = Rollup
    assert kept.select().count() > 50
    assert keeping.differences() == []
    alike(ana, monkeypatch)
    chance = random.Random(seed)
    for turn in range(24):
        with contextlib.suppress(CrmError):  # what is archived cannot be changed, what was changed since not undone
            _something(workspace, ana, chance)
        if turn % 12 == 11:
            alike(ana, monkeypatch)  # the worker did not come: days that were touched are counted
    used = [what for what in keeping.questions() if rollups.rows(ana, what, *PERIODS[0][:2], by_day=True) is not None]
    assert len(used) > 8  # ... and the others are not
    keep(workspace)
    assert keeping.differences() == []
    alike(ana, monkeypatch)


def _something(workspace: Workspace, ana: Actor, chance: random.Random) -> None:
    """Anything that may change a number."""
    order, client = f"#{chance.randrange(1, 26)}", chance.randrange(1, 13)
    what = chance.randrange(10)
    day = (TODAY - timedelta(days=chance.randrange(0, 300))).isoformat()
    if what == 0:
        business.add(workspace, ana, "order", client=f"#{client}", ordered_on=day)
    elif what == 1:
        business.save(workspace, ana, "order", int(order[1:]), ordered_on=day)
    elif what == 2:
        business.add(workspace, ana, "order_line", order=order, title="More", quantity="2", unit_price="12.50")
    elif what == 3:
        business.save(workspace, ana, "client", client, country=chance.choice(("Norway", "norway", "")))
    elif what == 4:
        business.save(workspace, ana, "order", int(order[1:]), stage="review", assignee=chance.choice(("ana", "")))
    elif what == 5:
        records.archive_many(workspace, ana, entities["order"], [int(order[1:])])
    elif what == 6:
        records.archive_many(workspace, ana, entities["order"], [int(order[1:])], back=True)
    elif what == 7:
        business.save(workspace, ana, "order", int(order[1:]), client=f"#{client}")
    elif what == 8:
        business.add(workspace, ana, "time_entry", day=day, minutes="45", order=order)
    else:
        undo(workspace, ana)
        if chance.random() < 0.5:
            redo(workspace, ana)


def test_what_may_change_anything_makes_all_be_counted_again(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(workspace, ana, 4)
    keep(workspace)
    what = next(one for one in keeping.questions() if one.entity == "order")
    assert rollups.rows(ana, what, *PERIODS[0][:2], by_day=True) is not None
    business.add(workspace, ana, "setting", key="currency", value="PLN")
    assert rollups.rows(ana, what, *PERIODS[0][:2], by_day=True) is None
    alike(ana, monkeypatch)
    keep(workspace)
    assert rollups.rows(ana, what, *PERIODS[0][:2], by_day=True) is not None
    assert keeping.differences() == []
    alike(ana, monkeypatch)


def test_many_changes_are_looked_through_in_slices(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(workspace, ana, 4)
    keep(workspace)
    monkeypatch.setattr(rollups, "MOST_CHANGES", 7)
    for record in range(1, 26):
        business.save(workspace, ana, "order", record, ordered_on="2025-01-19")
    what = next(one for one in keeping.questions() if one.entity == "order")
    assert rollups.rows(ana, what, *PERIODS[0][:2], by_day=True) is None  # too many: everything is counted meanwhile
    alike(ana, monkeypatch)
    built: Any = RollupQuestion
    keeping.step(workspace)
    assert not built.select().where(built.built_from.is_null()).exists()  # nothing was thrown away
    keep(workspace)
    assert rollups.rows(ana, what, *PERIODS[0][:2], by_day=True) is not None
    assert keeping.differences() == []
    alike(ana, monkeypatch)


def test_a_wrong_number_is_found(workspace: Workspace, ana: Actor) -> None:
    world(workspace, ana, 4)
    keep(workspace)
    row: Any = Rollup
    with workspace.write():
        row.update(counted=row.counted + 1).where(row.id == row.select(row.id).limit(1).scalar()).execute()
    assert len(keeping.differences()) == 1
    found = [one for one in check_numbers(workspace, fix=False) if one.state != "ok"]
    assert "--fix counts them anew" in found[0].text
    assert [one.state for one in check_numbers(workspace, fix=True)] == ["fixed"]
    assert [one.state for one in check_numbers(workspace, fix=False)] == ["ok"]
    keep(workspace)
    assert keeping.differences() == []


def test_relative_times_private_records_and_large_groups_are_not_kept() -> None:
    for asked in (
        Question("order", "due-on<today", dated="ordered_on"),
        Question("order", "client.country:Norway", dated="ordered_on"),
        Question("order", "", dated="ordered_on", group="client"),
        Question("order", ""),
        Question("interaction", "", dated="at"),
        Question("order", "oslo", dated="ordered_on"),
    ):
        assert rollups.kept(asked, asked.where, asked.group) is None


def test_where_nothing_can_be_kept_the_worker_rests(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(workspace, ana, 4)
    monkeypatch.setattr(keeping, "questions", list)
    background = Background(workspace, "test")
    background.step()
    due = background.step().next_at
    assert due is None or due > clock.now()
