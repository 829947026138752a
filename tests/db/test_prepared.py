"""Queries whose SQL is made once find what they would find if it were made each time."""

from __future__ import annotations

from datetime import date
from typing import Any

import peewee as pw
import pytest

from crm_tui.db import Workspace, among, among_those, ask
from crm_tui.models.orders import Order
from crm_tui.models.people import Client
from crm_tui.scope import Actor
from tests import business

COLUMNS = (Client.id, Client.name, Client.kind, Client.acquired_on, Client.created_at, Client.tags, Client.owner)


def _query(condition: Any) -> Any:
    query: Any = Client.select(*COLUMNS)
    return query.where(condition).order_by(Client.id)


def test_it_finds_what_peewee_finds_whatever_ids_are_asked_for(workspace: Workspace, ana: Actor) -> None:
    made = [
        business.client(workspace, ana, name=name, acquired_on=date(2026, 1, 5), tags=("new", "vip"))
        for name in ("Ana's", "Ægir % {x}", 'Quo"te')
    ]
    asked: list[tuple[int, ...]] = [(), (made[0],), tuple(made), (made[1], 999_999)]
    for ids in asked:
        found = ask("these clients", lambda: _query(among_those(Client.id)), ids)
        assert found == list(_query(among(Client.id, ids)).tuples())
    assert ask("these clients", lambda: pytest.fail("it was made a second time"), made[:1])[0][3] == date(2026, 1, 5)


def test_other_values_take_the_place_of_those_it_was_made_with(workspace: Workspace, ana: Actor) -> None:
    first, second = (business.client(workspace, ana, name=name) for name in ("One", "Two"))

    def named() -> Any:
        query: Any = Client.select(Client.id)
        return query.where((Client.name == "One") & (Client.kind != "nobody"))

    assert ask("named", named) == [(first,)]
    assert ask("named", named, values=["Two", "nobody"]) == [(second,)]
    with pytest.raises(AssertionError):
        ask("named", named, values=["Two"])


def test_an_aggregate_is_converted_as_its_column_is(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, acquired_on=date(2026, 2, 3))

    def latest() -> Any:
        return Client.select(pw.fn.MAX(Client.acquired_on), pw.fn.COUNT(Client.id))

    assert ask("latest", latest) == list(latest().tuples())
    assert ask("first ranks", lambda: Order.select(pw.fn.MIN(Order.rank))) == [(None,)]
