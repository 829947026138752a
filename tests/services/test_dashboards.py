"""Dashboards of one's own: what a card may ask, copying one, moving and resizing its cards, all of it undone."""

from __future__ import annotations

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.models.base import entities
from crm_tui.queries import dashboards as kept
from crm_tui.scope import Actor
from crm_tui.services import dashboards, records
from crm_tui.undo import undo
from tests import business


def problems(workspace: Workspace, ana: Actor, **typed: str) -> dict[str, str]:
    """What is wrong with a card; empty where it is added."""
    try:
        business.add(workspace, ana, "card", dashboard="Mine", **typed)
    except InvalidRecord as error:
        return dict(error.problems)
    return {}


def test_a_card_says_what_is_wrong_with_it(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "dashboard", name="Mine")
    for typed, field, said in (
        ({}, "kpi", "name a number, or say below what is counted"),
        ({"kpi": "on-tme"}, "kpi", 'Did you mean "on-time"?'),
        ({"entity": "ordrs"}, "entity", "ordrs"),
        ({"entity": "orders", "query": "stage:"}, "query", "stage"),
        ({"entity": "orders", "query": "nosuch:3"}, "query", "nosuch"),
        ({"entity": "orders", "measure": "sum"}, "field", "name the field"),
        ({"entity": "orders", "measure": "sum", "field": "title"}, "field", "is not of that sort"),
        ({"entity": "orders", "measure": "share"}, "share", "say with a query which of them count"),
        ({"entity": "tasks", "measure": "percentile", "field": "estimate"}, "percentile", "of 85, 85 of 100"),
        ({"entity": "orders", "dated": "title"}, "dated", "is not of that sort"),
        ({"entity": "orders", "group": "month"}, "dated", "name the day it goes by"),
        ({"entity": "orders", "group": "stage.name"}, "group", "leads to no other record"),
        ({"entity": "orders", "group": "client.nosuch"}, "group", "nosuch"),
        ({"entity": "orders", "picture": "stacked", "group": "stage"}, "split", "say what each bar is made up of"),
        (
            {
                "entity": "orders",
                "picture": "stacked",
                "measure": "average",
                "field": "total",
                "group": "stage",
                "split": "client",
            },
            "measure",
            "only what is counted or added up",
        ),
        ({"entity": "orders", "picture": "histogram"}, "field", "name the field"),
        ({"kpi": "on-time", "period": "someday"}, "period", "someday is no period"),
    ):
        found = problems(workspace, ana, **typed)
        assert said in found.get(field, ""), (typed, found)
    assert problems(workspace, ana, entity="order", measure="sum", field="Total", dated="ordered_on", group="MONTH",
                    split="client.country", picture="stacked") == {}  # fmt: skip
    held = kept.cards(kept.boards(ana, "mine")[0].id)[0]
    assert (held["entity"], held["field"], held["dated"], held["group"]) == ("orders", "total", "ordered-on", "month")


def test_dashboards_have_names_of_their_own(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "dashboard", name="Mine")
    for name in ("MINE", "Owner"):
        with pytest.raises(InvalidRecord, match="there is a dashboard of that name already"):
            business.add(workspace, ana, "dashboard", name=name)


def test_cards_are_moved_and_resized_and_it_is_undone(workspace: Workspace, ana: Actor) -> None:
    board = dashboards.copy(workspace, ana, "Mine", [{"kpi": name} for name in ("on-time", "hours", "billable")])

    def order() -> list[str]:
        return [card["kpi"] for card in kept.cards(board)]

    cards = [card["id"] for card in kept.cards(board)]
    assert dashboards.move(workspace, ana, cards[2], -1)
    assert order() == ["on-time", "billable", "hours"]
    assert dashboards.move(workspace, ana, cards[0], 1)
    assert order() == ["billable", "on-time", "hours"]
    assert not dashboards.move(workspace, ana, cards[1], 1)
    undo(workspace, ana)
    assert order() == ["on-time", "billable", "hours"]
    dashboards.resize(workspace, ana, cards[0], 9, -9)
    assert [(card["width"], card["height"]) for card in kept.cards(board)][0] == (6, 3)
    undo(workspace, ana)
    assert [(card["width"], card["height"]) for card in kept.cards(board)][0] == (1, 6)
    records.archive_many(workspace, ana, entities["card"], [cards[0]])
    assert order() == ["billable", "hours"]
    for _n in range(2):
        undo(workspace, ana)
    assert order() == ["on-time", "hours", "billable"]
    undo(workspace, ana)
    assert kept.boards(ana) == []
    assert kept.cards(board) == []


def test_a_report_names_a_dashboard_that_there_is(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "dashboard", name="Mine")
    given = {"schedule": "weekly", "makes": "report"}
    business.add(workspace, ana, "recurring_rule", name="Mine", dashboard="mine", **given)
    business.add(workspace, ana, "recurring_rule", name="Sales", dashboard="sales", **given)
    with pytest.raises(InvalidRecord, match="there is no dashboard called"):
        business.add(workspace, ana, "recurring_rule", name="Theirs", dashboard="theirs", **given)
