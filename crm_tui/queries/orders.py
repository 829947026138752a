"""What is read of orders: their lines and what they come to, the orders of a client, products by what is typed."""

from __future__ import annotations

from typing import Any, NamedTuple

import peewee as pw

from crm_tui import clock, search, totals
from crm_tui.fields import Amount
from crm_tui.models.base import Entity, entities
from crm_tui.models.orders import OPEN, Order, OrderLine, order_stages
from crm_tui.queries import lists
from crm_tui.queries.lists import ListRow, rows
from crm_tui.scope import Actor

LINE_COLUMNS = ("title", "quantity", "unit_price", "discount", "tax", "amount")
ORDER_COLUMNS = ("number", "title", "stage", "due_on", "priority", "assignee", "total")

MOST = 500
"""Orders of one client that its record lists; the list of orders has them all."""


class Worth(NamedTuple):
    """What an order comes to, in minor units of its currency."""

    net: Amount
    taxes: tuple[totals.Taxed, ...]
    total: Amount


def lines(order: int) -> tuple[ListRow, ...]:
    """Return the lines of an order in their order: cells as ``LINE_COLUMNS``."""
    query: Any = OrderLine.select(OrderLine.id).where((OrderLine.order == order) & OrderLine.archived_at.is_null())
    query = query.order_by(OrderLine.position, OrderLine.id)
    return tuple(rows(entities["order_line"], [row[0] for row in query.tuples()], LINE_COLUMNS))


def worth(order: int, currency: str) -> Worth:
    """Return what an order comes to, by rate of tax."""
    taxed = tuple(totals.taxed(totals.net_by_rate([order]).get(order, {})))
    net, tax = sum(one.net for one in taxed), sum(one.tax for one in taxed)
    return Worth(Amount(net, currency), taxed, Amount(net + tax, currency))


def of_client(client: int) -> tuple[ListRow, ...]:
    """Return the newest orders of a client, the open ones first: cells as ``ORDER_COLUMNS``."""
    model: Any = Order
    is_open = pw.Case(None, [(model.stage.in_(order_stages().meant(OPEN)), 0)], 1)
    query = model.select(model.id).where((model.client == client) & model.archived_at.is_null())
    query = query.order_by(is_open, model.ordered_on.desc(), model.id.desc()).limit(MOST)
    return tuple(rows(entities["order"], [row[0] for row in query.tuples()], ORDER_COLUMNS))


def open_of(client: int) -> tuple[int, int]:
    """Return how many orders of a client are open, and how many of those are late."""
    model: Any = Order
    late = pw.fn.COUNT(pw.Case(None, [(model.due_on < clock.today(), 1)]))
    query = model.select(pw.fn.COUNT(model.id), late).where(
        (model.client == client) & model.archived_at.is_null() & model.stage.in_(order_stages().meant(OPEN))
    )
    found = query.tuples().first()
    return int(found[0]), int(found[1])


def products(actor: Actor, text: str, most: int = 20) -> list[tuple[int, str, str]]:
    """Return the products that a text may mean: id, name, and price in words. One whose name, SKU or external id it is
    comes alone."""
    product: Entity = entities["product"]
    wanted = text.strip()
    for name in ("name", "sku", "external_id"):
        shown = lists.listing(actor, product, f'{name}="{_quoted(wanted)}"', ("name", "price"))
        if found := lists.ids(actor, shown, most):
            break
    else:
        model: Any = product.model
        words = [search.condition(product, search.phrase(word)) for word in wanted.split()[:_MOST_WORDS]]
        holding = model.select(model.id).where(model.archived_at.is_null(), *words)
        found = [row[0] for row in holding.order_by(model.name_key, model.id).limit(most).tuples()]
    return [(row.id, row.cells[0], row.cells[1]) for row in rows(product, found, ("name", "price"))]


_MOST_WORDS = 10
"""Words of what is typed that are looked for."""


def _quoted(text: str) -> str:
    return text.replace("\\", " ").replace('"', " ")
