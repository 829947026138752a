"""The budgets, one function each; the name of the function is what ``--only`` takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.bench.programs import CrmTui
from tests.bench.report import Line

Budget = Callable[[CrmTui, int], Iterator[Line]]

MANY = 100_000
FEW = 100
BULK = 10_000

IN_PAGE = ["j"] * 30 + ["k"] * 30
PAGES = (["pagedown"] * 4 + ["pageup"] * 4) * 4
KEY_REST = 0.1
"""Seconds between keys that are not timed."""

BUDGETS: dict[str, Budget] = {}
"""Every budget by its name, in the order they are measured."""

ON_DEMAND: set[str] = set()
"""Budgets that take minutes: measured only when ``--only`` names them."""


def budget(function: Budget) -> Budget:
    BUDGETS[function.__name__] = function
    return function


def on_demand(function: Budget) -> Budget:
    ON_DEMAND.add(function.__name__)
    return budget(function)
