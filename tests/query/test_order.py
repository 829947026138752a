"""The order of lists: empty values last, names of references, ties by id; the same on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import journal, query
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.scope import Actor

CLIENTS = entities["client"]


@pytest.fixture
def names(workspace: Workspace, ana: Actor) -> dict[int, str]:
    """Clients by id."""
    with journal.operation(workspace, ana, "test.fill") as op:
        bo = op.create(entities["operator"], {"login": "Bo"})
        rows: list[dict[str, Any]] = [
            {"name": "zeta", "city": "Ádám", "score": 5, "owner": bo, "stage": "active", "tags": ("b",)},
            {"name": "Éclair", "city": "", "score": None, "owner": ana.operator_id, "stage": "lead"},
            {"name": "eclair", "city": "zürich", "score": 50, "owner": None, "stage": "qualified", "tags": ("a",)},
            {"name": "Bravo", "city": "ADAM", "score": 5, "owner": bo, "stage": "", "tags": ("a", "c")},
        ]
        ids = op.create_many(CLIENTS, rows)
    return {id: row["name"] for id, row in zip(ids, rows, strict=True)}


def ordered(names: dict[int, str], text: str, *default: query.SortKey) -> str:
    asked = query.parse(text, CLIENTS)
    model: Any = CLIENTS.model
    rows = model.select(model.id).order_by(*query.ordering(asked, default))
    return " ".join(names[row[0]] for row in rows.tuples())


ORDERS = [
    ("", "zeta Éclair eclair Bravo"),
    ("sort:-id", "Bravo eclair Éclair zeta"),
    ("sort:name", "Bravo Éclair eclair zeta"),
    ("sort:-name", "zeta eclair Éclair Bravo"),
    ("sort:city", "zeta Bravo eclair Éclair"),
    ("sort:-city", "eclair Bravo zeta Éclair"),
    ("sort:score", "zeta Bravo eclair Éclair"),
    ("sort:-score", "eclair Bravo zeta Éclair"),
    ("sort:-score,name", "eclair Bravo zeta Éclair"),
    ("sort:score,-name", "zeta Bravo eclair Éclair"),
    ("sort:owner", "Éclair zeta Bravo eclair"),
    ("sort:-owner", "Bravo zeta Éclair eclair"),
    ("sort:stage", "Éclair eclair zeta Bravo"),
    ("sort:-stage", "zeta eclair Éclair Bravo"),
    ("sort:tags", "eclair Bravo zeta Éclair"),
    ("sort:score sort:-name", "zeta Bravo eclair Éclair"),
]


def test_empty_values_come_last(names: dict[int, str]) -> None:
    for text, expected in ORDERS:
        assert (text, ordered(names, text)) == (text, expected)


def test_a_list_has_its_own_order_unless_the_query_says_one(names: dict[int, str]) -> None:
    by_name = query.SortKey("name", descending=True)
    assert ordered(names, "", by_name) == "zeta eclair Éclair Bravo"
    assert ordered(names, "sort:score", by_name) == "zeta Bravo eclair Éclair"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "sort:-last-contact"),
        ("sort:name", "sort:-last-contact"),
        ("stage:lead sort:-x,name acme", "stage:lead acme sort:-last-contact"),
        ('acme "sort:name"', 'acme "sort:name" sort:-last-contact'),
    ],
)
def test_a_command_changes_the_order_of_a_query(text: str, expected: str) -> None:
    assert query.with_sort(text, "last_contact", descending=True) == expected


def test_and_takes_it_away() -> None:
    assert query.with_sort("acme sort:name", "") == "acme"
