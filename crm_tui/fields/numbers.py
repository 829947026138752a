"""Kinds of field that are numbers: whole ones, percentages, amounts of money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import peewee as pw

from crm_tui import formats
from crm_tui.fields.kind import Kind
from crm_tui.i18n import _
from crm_tui.text import quoted

if TYPE_CHECKING:
    _BigIntegerField = pw.BigIntegerField[Any]
else:
    _BigIntegerField = pw.BigIntegerField

LARGEST_AMOUNT = 2**62
"""In minor units: twice this is the most that both databases keep, and sums need room."""


def read_number(text: str) -> Decimal:
    """Return the number a person wrote: ``1,200``, ``1.200,50``, ``10k``, ``2m``. Raises ValueError."""
    from crm_tui.values import parse_number

    bare = text.strip().replace("_", "")
    scale = {"k": 1_000, "m": 1_000_000}.get(bare[-1:].lower(), 1)
    try:
        return parse_number(bare[:-1].rstrip() if scale > 1 else bare) * scale
    except ValueError as error:
        raise ValueError(_("{text} is not a number").format(text=quoted(text))) from error


def _number(value: Any) -> Decimal:
    """A number that was typed or that a script gave. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError(_("a yes or no is not a number"))
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() > 30:
            raise ValueError(_("{text} is not a number").format(text=quoted(value)))
        return number
    return read_number(str(value))


class Number(Kind, _BigIntegerField):
    """A whole number between ``least`` and ``most``."""

    family = "number"
    align = "right"

    def __init__(self, label: str = "", *, least: int = -(2**31), most: int = 2**31 - 1, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(label, **options)

    def check(self, value: Any) -> Any:
        number = _number(value)
        if number != number.to_integral_value():
            raise ValueError(_("{text} is not a whole number").format(text=quoted(value)))
        if not self.least <= number <= self.most:
            raise ValueError(
                _("{text} is outside {least} to {most}").format(
                    text=quoted(value), least=formats.whole(self.least), most=formats.whole(self.most)
                )
            )
        return int(number)

    def show(self, value: Any) -> str:
        return "" if value is None else formats.whole(value)

    def edit(self, value: Any) -> str:
        return "" if value is None else str(value)


class Percent(Number):
    """A whole percentage, 0 to 100."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, least=0, most=100, **options)

    def show(self, value: Any) -> str:
        return "" if value is None else f"{formats.whole(value)} %"


class Money(Kind, _BigIntegerField):
    """An amount in integer minor units; the record's ``currency_field`` says of what currency, or without one the
    field's own ``currency`` does."""

    family = "money"
    align = "right"

    def __init__(self, label: str = "", *, currency_field: str = "currency", **options: Any) -> None:
        self.currency_field, self.currency = currency_field, ""
        super().__init__(label, **options)

    def parse(self, text: str, currency: str = "") -> Any:
        return None if not text.strip() else self.check(text, currency)

    def check(self, value: Any, currency: str = "") -> Any:
        """Return minor units of ``currency`` ("" has two digits after the point): an int is minor units already,
        anything else (text, Decimal) major units. Raises ValueError with a plain reason."""
        minor = _number(value)
        if not isinstance(value, int):
            minor = minor.scaleb(formats.minor_digits(currency))
        if minor != minor.to_integral_value():
            raise ValueError(_("{text} has more decimals than the money has").format(text=quoted(value)))
        if abs(minor) >= LARGEST_AMOUNT:
            raise ValueError(_("{text} is more money than can be kept").format(text=quoted(value)))
        return int(minor)

    def show(self, value: Any, currency: str = "EUR") -> str:
        return "" if value is None else formats.amount(value, currency)

    def edit(self, value: Any, currency: str = "") -> str:
        return "" if value is None else str(formats.decimal_amount(value, currency))
