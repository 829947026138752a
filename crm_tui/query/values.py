"""What a value typed after a field means: the words people write, read by the kind of field they are compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crm_tui import clock, moments
from crm_tui.fields import DECIMALS, Flag, Kind, Rate, read_number
from crm_tui.i18n import _
from crm_tui.query.tokens import Item
from crm_tui.query.tree import During, Within
from crm_tui.text import clean, fold, quoted

_UNFINISHED_NUMBER = re.compile(r"[€$£¥]?[+-]?[\d.,_' ]*[km%]?", re.IGNORECASE)
_TIME = re.compile(r"\d:\d|\d\s?[ap]\.?m\b|\b\d{1,2}h", re.IGNORECASE)
_SECONDS = re.compile(r":\d\d:\d\d")
_YES_NO = Flag()

NUMERIC = frozenset({"number", "money"}) | DECIMALS
"""Families of which a value is typed as a number."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a time word covers: days ``first`` to ``last``, moments from ``start`` to before ``end`` (naive UTC).

    ``end`` is None for an instant, which covers only itself.
    """

    first: date
    last: date
    start: datetime
    end: datetime | None


def text_key(kind: Kind, item: Item) -> str:
    """Return the folded form a text is compared by. Raises ValueError when nothing of it is left to compare."""
    text = clean(item.text)
    key = kind.key(text if kind.multiline else text.replace("\n", " ").replace("\t", " "))
    if not key.strip():
        raise _nothing(item)
    return key


def tag_key(kind: Kind, item: Item) -> str:
    """Return a tag as the companion column holds it, with its bars. Raises ValueError."""
    names = kind.check([item.text])
    if not names:
        raise _nothing(item)
    return kind.key(names)


def _nothing(item: Item) -> ValueError:
    return ValueError(_("there is nothing in {text} to compare with").format(text=quoted(item.text)))


def flag(text: str) -> bool:
    """Return what a yes or no says. Raises ValueError."""
    return bool(_YES_NO.check(text))


def number(text: str) -> int | Decimal:
    """Return a number; of money in major units. Raises ValueError."""
    found = read_number(text)
    return int(found) if found == found.to_integral_value() else found


def stretch(text: str, family: str) -> Stretch:
    """Return what a time word or a written day covers; times of day only where moments are compared. Raises
    ValueError."""
    try:
        if family == "moment" and _TIME.search(text) and not text.lstrip().startswith(("+", "-")):
            start = moments.read_moment(text)
            day = clock.local(start).date()
            return Stretch(day, day, start, None if _SECONDS.search(text) else start + timedelta(minutes=1))
        span = moments.read_span(text)
        if span is None:
            message = _("{text} is not a day; write 2026-11-22, today, -30d, this-month or next-quarter")
            raise ValueError(message.format(text=quoted(text)))
        return Stretch(span.first, span.last, span.start, None if span.instant else span.end)
    except (OverflowError, OSError) as error:
        raise ValueError(_("that is outside the years 1 to 9999")) from error


def during(test: During, family: str) -> Within:
    """Return what a comparison with time words means at this moment, in days or in moments. Raises ValueError."""
    first = stretch(test.first, family) if test.first is not None else None
    last = stretch(test.last, family) if test.last is not None else None
    if family == "day":
        return _days(test.operator, first, last)
    return _moments(test.operator, first, last)


def _days(operator: str, first: Stretch | None, last: Stretch | None) -> Within:
    low, high = first.first if first else None, last.last if last else None
    if first and operator != "=":
        return {
            "<": Within(high=first.first, below=True),
            "<=": Within(high=first.last),
            ">": Within(low=first.last, above=True),
            ">=": Within(low=first.first),
        }[operator]
    return Within(low, high)


def _moments(operator: str, first: Stretch | None, last: Stretch | None) -> Within:
    """An instant's end is itself, and belongs to it; the end of a longer stretch does not."""
    if first and operator != "=":
        return {
            "<": Within(high=first.start, below=True),
            "<=": Within(high=first.end or first.start, below=first.end is not None),
            ">": Within(low=first.end or first.start, above=first.end is None),
            ">=": Within(low=first.start),
        }[operator]
    high = (last.end or last.start) if last else None
    return Within(first.start if first else None, high, below=bool(last and last.end))


def may_become_valid(kind: Kind | None, item: Item) -> bool:
    """Whether a value that cannot be read yet may be once more of it is typed."""
    if not item.closed or not item.text:
        return True
    begun, family = fold(item.text), kind.family if kind else "number"
    if family == "choice":
        words = [fold(word) for option in getattr(kind, "options", ()) for word in (option.value, _(option.label))]
        return any(word.startswith(begun.replace(mark, " ")) for word in words for mark in ("-", "_"))
    if family == "flag":
        return any(word.startswith(begun) for word in ("yes", "no", "true", "false", "on", "off"))
    if family in NUMERIC:
        return bool(_UNFINISHED_NUMBER.fullmatch(item.text.strip()) or item.text == "#")
    return True


def comparable(kind: Kind | None, item: Item) -> Any:
    """Return the Python value that an ordered kind (numbers, money, text, ...) compares with; without a kind, that of
    an id or a count. Raises ValueError."""
    if kind is None or kind.family in NUMERIC:
        if isinstance(kind, Rate):
            return number(item.text.strip().removesuffix("%"))
        return number(item.text if kind else item.text.removeprefix("#"))
    return text_key(kind, item).strip() if kind.family == "text" else kind.check(item.text)
