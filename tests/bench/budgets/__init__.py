"""The budgets by concern; importing this package registers them in the order they are measured."""

from __future__ import annotations

from tests.bench.budgets import boards, exchanging, keys, numbers, records, resting, typing, working, writing  # noqa: F401, I001  # in this order
from tests.bench.budgets.registry import BUDGETS, IN_PAGE, MANY, ON_DEMAND, PAGES

__all__ = ["BUDGETS", "IN_PAGE", "MANY", "ON_DEMAND", "PAGES"]
