"""How far something is from where it started to where it is to be, in whole percent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

WHOLE = 100


def way(start: Decimal, target: Decimal, current: Decimal) -> int:
    """Return the percent of the way: less than 0 where it went the other way, more than 100 beyond the target. Raises
    ZeroDivisionError where it starts where it is to be."""
    if start == target:
        raise ZeroDivisionError
    return _whole((current - start) * WHOLE / (target - start))


def within(percent: int) -> int:
    """Return what counts of it: nothing is less than not begun or more than done."""
    return max(0, min(WHOLE, percent))


def mean(results: Iterable[tuple[int, int]]) -> int:
    """Return the mean of (percent, weight); 0 of none."""
    held = list(results)
    weights = sum(weight for _percent, weight in held)
    return _whole(Decimal(sum(within(percent) * weight for percent, weight in held)) / weights) if weights else 0


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
