"""What orders come to: amounts of lines, tax by rate, totals; rounded as invoices are, half up to the minor unit.

Totals follow from the lines, so nobody types them and the journal does not tell them: undoing a line makes the total
what it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import db
from crm_tui.models.base import entities

_BATCH = 1000

_OF_QUANTITY = 1000
"""A quantity is kept in thousandths."""

_DERIVED = ("net", "total", "days_late", "days_taken")

_OF_RATE = 10_000
"""A rate is kept in hundredths of a percent."""


class Taxed(NamedTuple):
    """What lines of one rate of tax come to, in minor units; the rate is in hundredths of a percent."""

    rate: int
    net: int
    tax: int


def amount(quantity: int, unit_price: int, discount: int) -> int:
    """Return what a line comes to without tax, in minor units: ``quantity`` in thousandths, ``unit_price`` in minor
    units, ``discount`` in hundredths of a percent."""
    return _half_up(quantity * unit_price * (_OF_RATE - discount), _OF_QUANTITY * _OF_RATE)


def taxed(net_by_rate: Mapping[int, int]) -> list[Taxed]:
    """Return the tax on the sums of each rate, which is how invoices round it; the highest rate first."""
    return [Taxed(rate, net, _half_up(net * rate, _OF_RATE)) for rate, net in sorted(net_by_rate.items(), reverse=True)]


def _half_up(number: int, by: int) -> int:
    """Divide, and round a half away from zero."""
    whole = (2 * abs(number) + by) // (2 * by)
    return whole if number >= 0 else -whole


def refresh(workspace: db.Workspace, touched: Mapping[str, set[int]], former: Iterable[int]) -> set[int]:
    """Bring up to date the totals and the days taken of orders that changed or of which lines did; ``former`` are
    orders that lines belonged to before. Return those that differ now. Inside ``Workspace.write`` only."""
    wanted = {*touched.get("order", ()), *former, *orders_of_lines(touched.get("order_line", ()))}
    order: Any = entities["order"].model
    changed: set[int] = set()
    for batch in db.batches(sorted(wanted), _BATCH):
        lines = net_by_rate(batch)
        columns = (getattr(order, name) for name in ("id", *_DERIVED, "ordered_on", "due_on", "fulfilled_on"))
        differing = []
        for record, *held, ordered, due, fulfilled in order.select(*columns).where(db.among(order.id, batch)).tuples():
            rates = taxed(lines.get(record, {}))
            now = [
                sum(one.net for one in rates),
                sum(one.net + one.tax for one in rates),
                _days(due, fulfilled),
                _days(ordered, fulfilled),
            ]
            if held != now:
                differing.append((*now, record))
        if differing:
            workspace.update_rows("order", list(_DERIVED), differing)
            changed |= {row[-1] for row in differing}
    return changed


def _days(first: date | None, last: date | None) -> int | None:
    return None if first is None or last is None else (last - first).days


def net_by_rate(orders: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return what the lines of orders come to by their rate of tax, by the order."""
    line: Any = entities["order_line"].model
    query = (
        line.select(line.order, line.tax, pw.fn.SUM(line.amount))
        .where(db.among(line.order, list(orders)) & line.archived_at.is_null())
        .group_by(line.order, line.tax)
    )
    found: dict[int, dict[int, int]] = {}
    for record, percent, net in query.tuples():
        rates = found.setdefault(record, {})
        rates[percent or 0] = rates.get(percent or 0, 0) + int(net or 0)
    return found


def orders_of_lines(lines: Iterable[int]) -> set[int]:
    """Return the orders that lines belong to."""
    line: Any = entities["order_line"].model
    found: set[int] = set()
    for batch in db.batches(sorted(lines)):
        query = line.select(line.order).where(db.among(line.id, batch))
        found.update(row[0] for row in query.tuples() if row[0] is not None)
    return found
