"""Writing the demo's catalogue and orders into a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from crm_tui import clock, ranks, totals
from crm_tui.demo import orders as drawn
from crm_tui.demo.work import BEGUN, Work
from crm_tui.formats import minor_digits
from crm_tui.models.base import entities
from crm_tui.verbs import demo_documents, demo_work
from crm_tui.verbs.demo_clients import Buyer, in_words_of_its_own
from crm_tui.verbs.demo_work import OpenOrder

if TYPE_CHECKING:
    from crm_tui.journal import Writer

AT_ONCE = 2000
"""Orders written at a time."""

TAX = 1900
"""Hundredths of a percent, on everything."""


def write(
    writer: Writer,
    buyers: Sequence[Buyer],
    operators: Sequence[int],
    count: int,
    still_open: int | None,
    seed: int,
    show: Callable[[int, int], None] | None,
) -> None:
    """Write the catalogue and so many orders with their lines."""
    if not buyers or not count:
        return
    catalogue = drawn.products()
    rows = [{**one._asdict(), "currency": "EUR", "tax": TAX} for one in catalogue]
    products = writer.create_many(entities["product"], in_words_of_its_own("product", rows))
    stream = drawn.orders(count, seed, len(buyers), clock.today(), still_open)
    done, rank, work = 0, "", Work(seed)
    while batch := list(islice(stream, AT_ONCE)):
        places = ranks.row(len(batch), rank)
        rank = places[-1]
        made = [
            _order(one, buyers[one.client], done + at, place, operators)
            for at, (one, place) in enumerate(zip(batch, places, strict=True), 1)
        ]
        ids = writer.create_many(entities["order"], in_words_of_its_own("order", made))
        lines = [
            _line(line, order, position, buyers[one.client].currency or "EUR", catalogue, products)
            for order, one in zip(ids, batch, strict=True)
            for position, line in enumerate(one.lines, 1)
        ]
        writer.create_many(entities["order_line"], lines)
        opened = [
            OpenOrder(order, row["client"], str(one.values["stage"]), row["due_on"], row["assignee"], row["team"])
            for order, one, row in zip(ids, batch, made, strict=True)
            if one.values["stage"] in BEGUN
        ]
        demo_work.write(writer, opened, work)
        if not done:
            demo_documents.write(writer, opened)
        done += len(batch)
        if show:
            show(done, count)


def _order(one: drawn.DemoOrder, buyer: Buyer, serial: int, rank: str, operators: Sequence[int]) -> dict[str, Any]:
    values: dict[str, Any] = dict(one.values)
    entered = values["fulfilled_on"] or values["ordered_on"]
    assignee: int | None = buyer.owner if buyer.owner is not None else operators[serial % len(operators)]
    if values["stage"] == "new" and serial % 3 == 0:
        assignee = None  # nobody has taken it yet
    return {
        **values, "client": buyer.id, "contact": buyer.contact, "number": f"ORD-{serial}", "serial": serial,
        "assignee": assignee, "team": buyer.team, "currency": buyer.currency or "EUR", "rank": rank,
        "entered_at": datetime.combine(entered, time(9)),
    }  # fmt: skip


def _line(
    line: drawn.DemoLine,
    order: int,
    position: int,
    currency: str,
    catalogue: Sequence[drawn.DemoProduct],
    products: Sequence[int],
) -> dict[str, Any]:
    product = catalogue[line.product]
    # 18.00 costs about as many yen as cents.
    price = product.price * 10 if minor_digits(currency) == 3 else product.price
    return {
        "order": order, "product": products[line.product], "title": product.name, "quantity": line.quantity,
        "unit_price": price, "discount": line.discount or None, "tax": TAX, "currency": currency, "position": position,
        "amount": totals.amount(line.quantity, price, line.discount),
    }  # fmt: skip
