"""Whole numbers, percentages and money, as people and scripts write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_tui import formats
from crm_tui.fields import Money, Number, Percent, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-12", "-12"),
        ("1,200", "1200"),
        ("1.200,50", "1200.50"),
        ("1,200.50", "1200.50"),
        ("1 200,5", "1200.5"),
        ("1_000", "1000"),
        ("10k", "10000"),
        ("1.5k", "1500"),
        ("2 M", "2000000"),
        ("0,5", "0.5"),
        ("(30)", "-30"),
        ("€ 1,200", "1200"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "k", "1e5", "NaN", "inf", "1,2,3", "12a", "--5", "9e999999", "0x10", "1" * 100])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_number(text)


def test_a_whole_number_has_bounds() -> None:
    score = Number(least=0, most=100)
    assert score.parse("100") == score.check(100) == score.check(100.0) == score.check(Decimal(100)) == 100
    for value, reason in [
        ("101", '"101" is outside 0 to 100'),
        ("-1", '"-1" is outside 0 to 100'),
        ("7.5", '"7.5" is not a whole number'),
        (0.5, '"0.5" is not a whole number'),
        (True, "a yes or no is not a number"),
        (1e300, '"1e+300" is not a number'),
        (Decimal("1e1000000"), '"1E+1000000" is not a number'),
        (10**400, f'"{"1" + "0" * 59}…" is not a number'),
    ]:
        with pytest.raises(ValueError) as told:
            score.check(value)
        assert str(told.value) == reason


def test_a_percentage_is_written_with_or_without_its_sign() -> None:
    assert Percent().parse("12 %") == Percent().parse("12%") == Percent().parse("12") == 12
    assert Percent().show(12) == "12 %"


def test_money_is_typed_in_major_units_and_kept_in_minor_ones() -> None:
    fee = Money()
    assert fee.parse("1.200,50") == fee.parse("€1,200.50") == fee.check(Decimal("1200.5")) == 120_050
    assert fee.check(120_050) == 120_050
    assert fee.edit(120_050) == "1200.50"
    assert fee.show(120_050, "EUR") == formats.amount(120_050, "EUR") == "€1,200.50"
    with pytest.raises(ValueError, match="has more decimals than the money has"):
        fee.parse("1.005,555")
    with pytest.raises(ValueError, match="is more money than can be kept"):
        fee.parse("9" * 18)


def test_each_currency_has_its_own_minor_unit() -> None:
    fee = Money()
    assert fee.parse("1200", "JPY") == 1200
    assert fee.edit(1200, "JPY") == "1200"
    assert fee.parse("1.234", "BHD") == 1234
    with pytest.raises(ValueError, match="more decimals"):
        fee.parse("12.5", "JPY")
