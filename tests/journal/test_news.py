"""What tells other sessions to refresh."""

from __future__ import annotations

import pytest

from crm_tui import journal
from crm_tui.db import Workspace
from crm_tui.journal import changed_since, last_operation, operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.undo import undo
from tests import business


def test_nothing_is_new_where_nothing_was_done(workspace: Workspace, ana: Actor) -> None:
    assert changed_since(last_operation()) is None


def test_all_that_was_done_since_is_told_once(workspace: Workspace, ana: Actor) -> None:
    seen = last_operation()
    one, two = (business.client(workspace, ana, name) for name in ("One", "Two"))
    person = business.contact(workspace, ana, one)
    business.save(workspace, ana, "client", one, city="Berlin")
    told = changed_since(seen)
    assert told is not None
    assert told.records == {"client": {one, two}, "contact": {person}}
    assert told.operation == last_operation()
    assert changed_since(told.operation) is None
    undo(workspace, ana)
    told = changed_since(told.operation)
    assert told is not None
    assert told.records == {"client": {one}}


def test_many_changes_are_told_as_many(workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_tui.journal.news.MANY", 5)
    seen = last_operation()
    heard: list[journal.Changed] = []
    journal.listeners.append(heard.append)
    with operation(workspace, ana, "import") as op:
        clients = op.create_many(entities["client"], [{"name": f"Client {number}"} for number in range(6)])
        op.create(entities["contact"], {"name": "Maria", "client": clients[0]})
    assert heard[0].records == {"client": frozenset(), "contact": {1}}
    told = changed_since(seen)
    assert told is not None
    assert told.records == {"client": frozenset(), "contact": frozenset()}


def test_a_session_that_slept_long_hears_of_everything_at_once(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_tui.journal.news.MANY", 3)
    seen = last_operation()
    record = business.client(workspace, ana, tags="vip")
    for city in ("Berlin", "Porto", "Lyon"):
        business.save(workspace, ana, "client", record, city=city)
    records.archive_many(workspace, ana, entities["client"], [record])
    told = changed_since(seen)
    assert told is not None
    assert told.records == {"client": frozenset(), "tag": frozenset()}
