"""SQL and snapshots give the same answer to every query, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import query
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.query import ways
from crm_tui.scope import Actor
from tests.query.world import Snapshots, add_custom_fields, fill, queries

WAYS = ((1000, 10_000, 30_000), (0, 0, 0), (0, 3, 5), (2, 0, 100))
"""What a list takes for few, for readable and for many: each way to read a list is tried on a few records."""
ASKED = ("client", "client", "contact", "contact", "affiliation", "operator", "saved_view", "tag")


@pytest.fixture
def related(workspace: Workspace, ana: Actor) -> Snapshots:
    """A workspace of random records, with custom fields of every kind."""
    add_custom_fields(workspace, ana)
    fill(workspace, ana, seed=7)
    return Snapshots()


def by_sql(found: query.Query) -> set[int]:
    model: Any = found.entity.model
    wanted = query.compile(found)
    rows = model.select(model.id)
    return {row[0] for row in (rows if wanted is None else rows.where(wanted)).tuples()}


def by_list(found: query.Query) -> tuple[list[int], int]:
    """The rows of a list and how many it says there are."""
    model: Any = found.entity.model
    how = query.listing(found, default=[query.SortKey(found.entity.title)])
    rows = model.select(model.id).order_by(*how.order_by)
    rows = rows if how.where is None else rows.where(how.where)
    counted = model.select(model.id) if how.counted is None else model.select(model.id).where(how.counted)
    if how.found is not None:
        assert how.found.count(model._meta.database) == counted.count()
    return [row[0] for row in rows.tuples()], counted.count()


def by_snapshots(found: query.Query, related: Snapshots) -> set[int]:
    records = related.all[found.entity.name]
    return {id for id, record in records.items() if query.matches(found, record, related)}


def asked() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from(ASKED).flatmap(lambda name: st.tuples(st.just(name), queries(entities[name])))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(asked=asked(), way=st.sampled_from(WAYS))
def test_a_query_finds_the_same_records_in_sql_and_in_snapshots(
    related: Snapshots, ana: Actor, asked: tuple[str, str], way: tuple[int, int, int]
) -> None:
    entity, text = entities[asked[0]], asked[1]
    found = query.parse(text, entity, me=ana)
    expected = by_snapshots(found, related)
    assert by_sql(found) == expected
    if not found.mentions("archived"):
        expected = {id for id in expected if related.all[entity.name][id]["archived_at"] is None}
    with pytest.MonkeyPatch.context() as patched:
        for name, size in zip(("FEW", "READ", "MANY"), way, strict=True):
            patched.setattr(ways, name, size)
        rows, counted = by_list(found)
    assert len(rows) == len(set(rows)) == counted
    assert set(rows) == expected
