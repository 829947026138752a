"""What lines come to: exact, and rounded half up to the minor unit as invoices are."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui import totals


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [
        (1_000, 1_800, 0, 1_800),
        (3_000, 8_050, 500, 22_943),  # 229.425 is rounded up
        (1, 500, 0, 1),  # half a cent is one
        (1, 499, 0, 0),
        (1_000, -501, 5_000, -251),  # a credit is rounded as the charge is
        (1_000, 1_000, 10_000, 0),
    ],
)
def test_an_amount_is_rounded_half_up(quantity: int, price: int, discount: int, amount: int) -> None:
    assert totals.amount(quantity, price, discount) == amount


@given(st.integers(1, 10**9), st.integers(-(10**9), 10**9), st.integers(0, 10_000))
def test_an_amount_is_what_exact_decimals_come_to(quantity: int, price: int, discount: int) -> None:
    exact = Decimal(quantity) / 1000 * Decimal(price) * (10_000 - Decimal(discount)) / 10_000
    assert totals.amount(quantity, price, discount) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_tax_is_rounded_once_for_each_rate() -> None:
    assert totals.taxed({1_900: 105, 700: 10, 0: 50}) == [(1_900, 105, 20), (700, 10, 1), (0, 50, 0)]
