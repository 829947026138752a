"""What the demo agency sells, and one order after another: the oldest first, a few of them still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from crm_tui.asset_files import asset
from crm_tui.demo.sheets import Sheet, read_lines
from crm_tui.demo.words import pick, weighted
from crm_tui.errors import BadInput
from crm_tui.i18n import _

YEARS = 4
"""How far back orders go."""

OPEN_STAGES = ("new", "new", "new", "confirmed", "confirmed", "in progress", "in progress", "in progress", "review")
CANCELLED = 0.03
LATE = 0.12
"""Shares of the orders that are no longer open."""


class DemoProduct(NamedTuple):
    """Something in the catalogue; the price in hundredths."""

    name: str
    sku: str
    kind: str
    price: int
    unit: str
    billing: str
    category: str


class DemoLine(NamedTuple):
    """A line: which product, how many (thousandths), and the discount in hundredths of a percent."""

    product: int
    quantity: int
    discount: int


class DemoOrder(NamedTuple):
    """An order of the client at that place among the demo's clients."""

    client: int
    values: dict[str, object]
    lines: list[DemoLine]


def products() -> list[DemoProduct]:
    """Return the catalogue in the file's order. Raises BadInput when it was edited and cannot be understood."""
    sheet = Sheet.read(asset("demo", "products.toml"))
    return [_product(row) for row in sheet.tables("product")]


def _product(row: Sheet) -> DemoProduct:
    euros, _point, cents = row.text("price").partition(".")
    if not (euros.isdecimal() and cents.isdecimal() and len(cents) == 2):
        raise BadInput(_('{where}: "price" has to be like "120.00".').format(where=row.where))
    told = {name: row.text(name) for name in ("name", "sku", "kind", "unit", "billing", "category")}
    return DemoProduct(price=int(euros + cents), **told)


def orders(n: int, seed: int, clients: int, today: date, still_open: int | None = None) -> Iterator[DemoOrder]:
    """Yield ``n`` orders of that many clients as they stand on ``today``, the open ones last.

    Unless it is said how many are ``still_open``, of a million 10,000 are, of few a larger share. Stages are the
    program's own words.
    """
    roll = Random(f"orders {seed}").random
    titles, known = weighted(read_lines(asset("demo", "order_titles.txt"))), products()
    is_open = min(n, max(20, round(n ** (2 / 3))) if still_open is None else still_open)
    closed = n - is_open
    for at in range(n):
        values: dict[str, object] = {"title": pick(roll, titles), "priority": _priority(roll())}
        if at < closed:
            ordered = today - timedelta(days=45 + round((YEARS * 365 - 45) * (1 - at / closed)))
            values |= _closed(roll(), roll(), ordered)
        else:
            ordered = today - timedelta(days=round(45 * (1 - (at - closed) / is_open)))
            due = max(ordered, today + timedelta(days=round(roll() * 50) - 10))
            values |= {"stage": pick(roll, OPEN_STAGES), "ordered_on": ordered, "due_on": due, "fulfilled_on": None}
        # A third of the orders come from a tenth of the clients: some buy again and again.
        few = roll() < 0.33
        client = int(roll() * (max(1, clients // 10) if few else clients))
        yield DemoOrder(
            client, values, [_line(roll(), roll(), roll(), known) for _line_of in range(1 + int(roll() * 4))]
        )


def _priority(chance: float) -> str:
    return "urgent" if chance < 0.03 else "high" if chance < 0.15 else "low" if chance > 0.9 else "normal"


def _closed(chance: float, pace: float, ordered: date) -> dict[str, object]:
    due = ordered + timedelta(days=7 + round(pace * 28))
    late = timedelta(days=round(pace * 20) + 1) if chance < LATE else timedelta(days=-round(pace * 5))
    if chance > 1 - CANCELLED:
        return {"stage": "cancelled", "ordered_on": ordered, "due_on": due, "fulfilled_on": None}
    return {"stage": "fulfilled", "ordered_on": ordered, "due_on": due, "fulfilled_on": due + late}


def _line(which: float, many: float, off: float, known: list[DemoProduct]) -> DemoLine:
    product = int(which * len(known))
    if known[product].price < 1_000:  # sold by the hundred
        quantity = (1 + int(many * 20)) * 100_000
    elif known[product].unit == "hour":
        quantity = (2 + int(many * 60)) * 500
    else:
        quantity = (1 + int(many * many * 6)) * 1_000
    return DemoLine(product, quantity, 0 if off < 0.8 else 500 if off < 0.92 else 1_000)
