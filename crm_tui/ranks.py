"""Places in an order that people arrange by hand: texts between any two of which there is always room for another.

A rank is a number in base 62 of eight digits, with more digits after them where it stands between two neighbours
("fractional indexing"). Compared byte by byte, ranks are in order, and moving one record changes no other.
"""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_WIDTH = 8
_FIRST = _BASE**_WIDTH // 2
"""The rank of a list's first record: as much room before it as behind it."""


def between(before: str = "", after: str = "") -> str:
    """Return a rank behind ``before`` and in front of ``after``; "" is the end of the list.

    Raises ValueError when ``before`` does not come before ``after``, or either is no rank.
    """
    if before and after:
        return _middle(before, after)
    if after:
        return _text(_value(after[:_WIDTH]) - 1, _WIDTH)
    return _text(_value(before[:_WIDTH]) + 1 if before else _FIRST, _WIDTH)


def row(count: int, before: str = "") -> list[str]:
    """Return so many ranks in order, all behind ``before``."""
    first = _value(before[:_WIDTH]) + 1 if before else _FIRST
    return [_text(first + at, _WIDTH) for at in range(count)]


def _middle(before: str, after: str) -> str:
    width = max(len(before), len(after), _WIDTH)
    low, high = (_value(text.ljust(width, _DIGITS[0])) for text in (before, after))
    if low >= high:
        raise ValueError(f"{before} does not come before {after}")
    while high - low < 2:
        low, high, width = low * _BASE, high * _BASE, width + 1
    whole = _text((low + high) // 2, width)
    return whole[:_WIDTH] + whole[_WIDTH:].rstrip(_DIGITS[0])


def _value(text: str) -> int:
    number = 0
    for digit in text:
        if digit not in _VALUES:
            raise ValueError(f"{text} is no rank")
        number = number * _BASE + _VALUES[digit]
    return number


def _text(number: int, width: int) -> str:
    if not 0 <= number < _BASE**width:
        raise ValueError("there is no rank beyond the first or last")
    digits = []
    for _place in range(width):
        number, digit = divmod(number, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
