"""Kinds of field that are numbers: whole ones, percentages, quantities, rates, amounts of money."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

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


class Decimals(Kind, _BigIntegerField):
    """A number with up to ``digits`` decimals, kept as an integer of the smallest of them: exact on both databases."""

    digits: ClassVar[int]
    align = "right"

    def __init__(self, label: str = "", *, least: str = "0", most: str = "1000000000", **options: Any) -> None:
        """``least`` and ``most`` are as people write them."""
        self.least, self.most = Decimal(least), Decimal(most)
        super().__init__(label, **options)

    def check(self, value: Any) -> Any:
        """Return the smallest decimals: an int is that already (a stored value), anything else is as people write it.
        Raises ValueError with a plain reason."""
        number = _number(value) if isinstance(value, int) else _number(value).scaleb(self.digits)
        if number != number.to_integral_value():
            raise ValueError(_("{text} has more than {n} decimals").format(text=quoted(value), n=self.digits))
        if not self.least <= number.scaleb(-self.digits) <= self.most:
            raise ValueError(
                _("{text} is outside {least} to {most}").format(
                    text=quoted(value), least=formats.number(self.least), most=formats.number(self.most)
                )
            )
        return int(number)

    def as_decimal(self, value: int) -> Decimal:
        """Return a stored value as the number it stands for."""
        return Decimal(value).scaleb(-self.digits)

    def show(self, value: Any) -> str:
        return "" if value is None else formats.number(self.as_decimal(value))

    def edit(self, value: Any) -> str:
        return "" if value is None else formats.plain_number(self.as_decimal(value))


class Quantity(Decimals):
    """How much of something, to the thousandth: pieces, hours, kilograms."""

    family = "quantity"
    digits = 3


class Rate(Decimals):
    """A percentage to the hundredth of a percent, 0 to 100: a discount, a tax."""

    family = "rate"
    digits = 2

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, most="100", **options)

    def parse(self, text: str) -> Any:
        return super().parse(text.strip().removesuffix("%"))

    def show(self, value: Any) -> str:
        return "" if value is None else f"{super().show(value)} %"


DECIMALS = frozenset({"quantity", "rate"})
"""Families of which a value is an integer of its smallest decimals."""


class Amount(int):
    """Minor units that know of what currency they are, as those of a record that has a field for it do."""

    currency: str

    def __new__(cls, minor: int, currency: str) -> Amount:
        """Make it of minor units and an ISO 4217 code, "" for none."""
        made = super().__new__(cls, minor)
        made.currency = currency
        return made


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

    def show(self, value: Any, currency: str = "") -> str:
        return "" if value is None else formats.amount(int(value), currency or self._currency_of(value))

    def edit(self, value: Any, currency: str = "") -> str:
        return "" if value is None else str(formats.decimal_amount(int(value), currency or self._currency_of(value)))

    def in_major(self, value: Any) -> Decimal:
        """Return minor units as a number of major ones."""
        return formats.decimal_amount(int(value), self._currency_of(value))

    def beside(self, fields: Container[str]) -> str:
        """Return the field of a record that says of what currency its amount is; "" where the amount's own does."""
        return self.currency_field if self.currency_field in fields else ""

    def of_record(self, value: Any, currency: str) -> Any:
        """Return an amount as one of its record's currency."""
        return None if value is None else Amount(value, currency)

    def _currency_of(self, value: Any) -> str:
        return getattr(value, "currency", "") or self.currency
