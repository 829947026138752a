"""Numbers made of what a database adds up: sums, means and percentiles, one for each currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from crm_tui import formats
from crm_tui.fields import Decimals
from crm_tui.kpis.question import COUNT, PERCENTILE, SUM, Question
from crm_tui.models.base import entities
from crm_tui.queries.measured import Measured, by_use


class Figure(NamedTuple):
    """A number; of money in minor units of its currency. None where there is nothing to divide by."""

    value: Decimal | None
    currency: str = ""


def figures(asked: Question, rows: Sequence[Measured]) -> tuple[Figure, ...]:
    """One number of each currency, the one of most records first; never added across."""
    by_currency: dict[str, list[Measured]] = defaultdict(list)
    for row in rows:
        by_currency[row.currency].append(row)
    if not by_currency:
        return (Figure(Decimal() if asked.measure in (COUNT, SUM) else None, _default_currency(asked)),)
    in_order = by_use((row.currency, row.counted) for row in rows)
    return tuple(Figure(_number(asked, by_currency[currency]), currency) for currency in in_order)


def _default_currency(asked: Question) -> str:
    return formats.default_currency() if asked.unit == "money" else ""


def _number(asked: Question, rows: Sequence[Measured]) -> Decimal | None:
    count = sum(row.counted for row in rows)
    if asked.measure == COUNT:
        return Decimal(count)
    if asked.measure == PERCENTILE:
        return plain(asked, _percentile(rows, asked.percentile))
    total = Decimal(sum(row.total for row in rows))
    if asked.measure == SUM:
        return plain(asked, total)
    return rounded((plain(asked, total) or Decimal()) / count, 1) if count else None


def plain(asked: Question, number: Decimal | None) -> Decimal | None:
    """A number as people count it, of one that is kept in its smallest decimals."""
    kind = entities[asked.entity].kind(asked.field)
    return kind.as_decimal(int(number)) if isinstance(kind, Decimals) and number is not None else number


def _percentile(rows: Sequence[Measured], percent: int) -> Decimal | None:
    """The smallest value that so many percent of the records do not pass (nearest rank); the median is the middle, of
    two middles their mean."""
    held = sorted((row.value, row.counted) for row in rows if row.value is not None)
    count = sum(many for _value, many in held)
    if not count:
        return None

    def at(place: int) -> int:
        for value, many in held:
            place -= many
            if place < 0:
                return value
        return held[-1][0]

    if percent == 50:  # noqa: PLR2004
        return Decimal(at((count - 1) // 2) + at(count // 2)) / 2
    return Decimal(at(max(0, -(-percent * count // 100) - 1)))


def rounded(number: Decimal, digits: int) -> Decimal:
    """Return a number with so many decimals, halves away from zero."""
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
