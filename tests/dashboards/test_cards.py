"""Cards of one's own: whatever they ask, each figure opens into the records it counted, and every picture fits."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from rich.cells import cell_len

from crm_tui.dashboards import answers, finding, pictures, reports
from crm_tui.dashboards.answers import Answer, Part
from crm_tui.dashboards.cards import ALONE, PICTURES, STACKED, Card, Free, meaning, of_values, values_of
from crm_tui.dashboards.shipped import SHIPPED
from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.kpis import periods, registry
from crm_tui.models import dashboards as kept
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.scope import Actor
from tests import business
from tests.dashboards.test_answers import world

YEAR = periods.read("2026")

FREE: dict[str, Any] = {
    "orders by stage, stacked by month": Free("orders", "", dated="ordered-on", group="month", split="stage"),
    "value by country, by stage": Free("orders", "-stage:cancelled", "sum", "total", dated="ordered-on",
                                       group="client.country", split="client.stage"),
    "value by client": Free("orders", "", "sum", "total", group="client", most=3),
    "ranges of value": Free("orders", "stage:fulfilled or stage:new", "count", "total", group="ranges"),
    "ranges of estimates": Free("tasks", "", "count", "estimate", group="ranges"),
    "days": Free("orders", "", dated="ordered-on", group="day"),
    "moments": Free("tasks", "status:done", dated="done-at", group="week"),
    "share billable": Free("time-entries", "", "share", "minutes", share="billable:yes", dated="day", group="quarter"),
    "median by assignee": Free("tasks", "", "median", "estimate", group="assignee"),
    "85 %": Free("tasks", "", "percentile", "estimate", percentile=85, group="order.client"),
    "average quantity": Free("order-lines", "", "average", "quantity", group="quantity"),
    "by a flag": Free("time-entries", "", group="billable"),
    "by minutes": Free("tasks", "", group="estimate"),
    "by a day": Free("tasks", "", group="due-on"),
    "whose client's owner": Free("orders", "", group="client.owner"),
}  # fmt: skip


def _asked(ana: Actor, free: Free, picture: str) -> Answer:
    meant = meaning(Card(free=free, picture=picture))
    assert meant.asked is not None, meant.problem
    return answers.answer(ana, meant.asked, YEAR, "", before=YEAR.step(-1))


def _all(found: Answer) -> list[Part]:
    return [found.whole, *found.parts, *(one for part in found.parts for one in part.segments)]


@pytest.mark.parametrize("seed", (3, 8))
def test_every_figure_of_a_free_card_opens_into_what_it_counted(workspace: Workspace, ana: Actor, seed: int) -> None:
    world(workspace, ana, seed)
    for name, free in FREE.items():
        for picture in ("stacked", "histogram", "heat", "list"):
            if picture == "stacked" and not free.split:
                picture = "bars"  # noqa: PLW2901
            if picture == "heat" and not free.dated or picture == "histogram" and not free.field:
                continue
            found = _asked(ana, free, picture)
            for part in _all(found):
                listing = lists.listing(ana, entities[found.question.entity], part.query)
                assert lists.count(ana, listing) == part.counted, (name, picture, part)
            for part in found.parts if picture == "stacked" else ():
                assert sum(one.counted for one in part.segments) == part.counted, (name, part)
            assert found.whole.counted or "85" in name, name


def test_a_median_a_sum_and_ranges_are_those_of_the_records(workspace: Workspace, ana: Actor) -> None:
    for minutes in ("10m", "20m", "40m", "3h"):
        business.add(workspace, ana, "task", title="Do", estimate=minutes)
    median = _asked(ana, Free("tasks", "", "median", "estimate"), "number")
    assert median.whole.figures[0].value == 30
    ranges = _asked(ana, Free("tasks", "", "count", "estimate"), "histogram")
    assert [(part.label, part.counted) for part in ranges.parts if part.counted] == [
        ("0m", 2), ("30m", 1), ("3h", 1)
    ]  # fmt: skip
    assert ranges.whole.counted == sum(part.counted for part in ranges.parts) == 4
    quantity = business.add(workspace, ana, "order", client=f"#{business.client(workspace, ana, 'ACME')}")
    for number in ("1.5", "2"):
        business.add(workspace, ana, "order_line", order=f"#{quantity}", title="Tea", unit_price="1", quantity=number)
    assert _asked(ana, Free("order-lines", "", "sum", "quantity"), "number").whole.figures[0].value == Decimal("3.5")


def test_bars_compare_one_currency_only(workspace: Workspace, ana: Actor) -> None:
    for name, currency, price in (("Yen", "JPY", "90000"), ("Euro", "EUR", "10"), ("Euro too", "EUR", "20")):
        client = business.client(workspace, ana, name, currency=currency)
        order = business.add(workspace, ana, "order", client=f"#{client}")
        business.add(workspace, ana, "order_line", order=f"#{order}", title="Work", quantity="1", unit_price=price)
    found = _asked(ana, Free("orders", "", "sum", "total", group="client"), "bars")
    assert [part.label for part in found.parts] == ["Euro too", "Euro", "Yen"]
    assert found.size(found.parts[-1]) == 0
    assert {figure.currency for figure in found.whole.figures} == {"EUR", "JPY"}


def test_every_picture_fits_whatever_it_shows(workspace: Workspace, ana: Actor) -> None:
    for full in (False, True):
        if full:
            world(workspace, ana, 5)
        for (name, free), picture in product(FREE.items(), PICTURES):
            if picture in ("heat", "line") and not free.dated or picture == "histogram" and not free.field:
                continue
            if picture == STACKED and not free.split:
                continue
            found = _asked(ana, free, picture)
            for width, height in ((60, 9), (34, 5), (9, 3), (1, 3)):
                for at in (None, -1, 0, len(found.parts) - 1):
                    lines = pictures.drawn(found, "A number", picture, width, height, at=at)
                    assert len(lines) <= height, (name, picture)
                    assert all(sum(cell_len(span.text) for span in line) <= width for line in lines), (name, picture)
                marked = pictures.drawn(found, "A number", picture, 60, 9, at=0)
                if found.parts and picture not in ALONE:
                    assert any(span.how in ("cursor", "strong") for line in marked[1:] for span in line), (
                        name,
                        picture,
                    )


def test_what_a_card_names_may_be_gone(workspace: Workspace, ana: Actor) -> None:
    for card, said in (
        (Card("on-tim"), 'There is no number called "on-tim". Did you mean "on-time"?'),
        (Card(free=Free("ordrs")), "ordrs"),
        (Card(free=Free("clients", field="budget", measure="sum")), "budget"),
        (Card(free=Free("")), "Say what is counted, or name a number."),
    ):
        told = reports.told(ana, card, meaning(card), YEAR, "", reports.BEFORE)
        assert told.answer is None
        assert said in told.problem
    gone = Card(free=Free("clients", "no-such-field:3", group="owner"))
    told = reports.told(ana, gone, meaning(gone), YEAR, "", reports.BEFORE)
    assert "no-such-field" in told.problem
    nobody = Card(free=Free("clients", "owner:nobody-any-more"))
    told = reports.told(ana, nobody, meaning(nobody), YEAR, "", reports.BEFORE)
    assert told.problem or told.answer is not None and told.answer.whole.counted == 0


def test_a_card_has_its_own_time_and_comparison(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana, "ACME")
    for day in ("2025-03-01", "2026-03-01", "2026-03-02"):
        business.add(workspace, ana, "order", client=f"#{client}", ordered_on=day)
    card = Card("orders-placed", period="2026-03", compared="year")
    told = reports.told(ana, card, meaning(card), periods.read("2024"), "", reports.NOTHING)
    assert told.answer is not None
    assert told.answer.before is not None
    assert (told.answer.whole.counted, told.answer.before.counted) == (2, 1)
    wrong = reports.told(ana, card._replace(period="someday"), meaning(card), YEAR, "", reports.BEFORE)
    assert "someday is no period" in wrong.problem


def test_a_card_reads_as_a_sentence() -> None:
    free = Free("orders", "stage:new", "sum", "total", dated="ordered-on", group="client.country")
    assert meaning(Card(free=free, picture="bars")).title == (
        "The sum of total of orders that are stage:new, by ordered, for each client.country"
    )
    share = Free("time-entries", "", "share", "minutes", share="billable:yes")
    assert "the share that are billable:yes of all" in meaning(Card(free=share)).title.lower()
    assert "85th percentile" in meaning(Card(free=Free("tasks", "", "percentile", "estimate", percentile=85))).title


def test_copies_of_shipped_dashboards_show_the_same(workspace: Workspace, ana: Actor) -> None:
    from crm_tui.services import dashboards

    for board in SHIPPED:
        record = dashboards.copy(workspace, ana, f"My {board.name}", [values_of(card) for card in board.cards])
        copied = finding.named(ana, f"my {board.name}")
        assert copied.record == record
        assert [card._replace(record=None) for card in copied.cards] == list(board.cards)
    assert [one.name for one in finding.every(ana)][-4:] == ["My delivery", "My owner", "My sales", "My support"]
    with pytest.raises(BadInput, match='There is no dashboard called "my ownr". Did you mean "My owner"'):
        finding.named(ana, "my ownr")


def test_lists_of_what_there_is_agree() -> None:
    """Choices of the record, of the pictures and of the dashboards that ship stand in different layers."""
    assert tuple(option.value for option in kept.PICTURES) == PICTURES
    assert [(option.value, option.label) for option in kept.SHIPPED] == [(one.name, one.label) for one in SHIPPED]
    assert all(card.kpi in registry.every() for board in SHIPPED for card in board.cards)
    assert of_values({"kpi": "", "entity": "orders"}).free == Free("orders")
