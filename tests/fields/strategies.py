"""Values of every kind of field, as they may be held."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from crm_tui import clock
from crm_tui.fields import (
    Choice,
    Currency,
    Day,
    Email,
    Flag,
    Kind,
    Language,
    Link,
    Moment,
    Money,
    Number,
    Phone,
    Reference,
    Tags,
)
from crm_tui.text import LONGEST_TEXT, clean

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120)
"""Every character there is, lone surrogates included."""

TEXT = ANY_TEXT
WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


def value_of(kind: Kind) -> st.SearchStrategy[Any]:
    """Return values that a kind may hold, the empty one among them."""
    return st.one_of(st.just(kind.empty), _filled(kind))


def _filled(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case Currency():
            return st.sampled_from(["EUR", "USD", "BRL", "PLN", "JPY"])
        case Language():
            return st.sampled_from(["de", "fil", "pt-BR", "en-GB"])
        case Email():
            return st.builds("{}.{}@{}.example".format, WORD, WORD, WORD)
        case Phone():
            codes = r"\+(1|33|44|48|49|55|351|420)"  # of countries there are: others are refused
            return st.from_regex(codes + r" [0-9]{2,4} [0-9]{4,8}( ext\. [0-9]{1,4})?", fullmatch=True)
        case Link():
            return st.builds("https://{}.example/{}?q={}".format, WORD, WORD, WORD)
        case Choice():
            return st.sampled_from([option.value for option in kind.options])
        case Flag():
            return st.booleans()
        case Tags():
            return st.lists(TEXT.map(lambda text: text[:60]), max_size=5).map(kind.check)
        case Number():
            return st.integers(kind.least, kind.most)
        case Money():
            return st.integers(-(2**62) + 1, 2**62 - 1)
        case Day():
            return st.dates(date(1900, 1, 1), date(2199, 12, 31))
        case Moment():
            return st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)).map(clock.whole_milliseconds)
        case Reference():
            return st.integers(1, 2**63 - 1)
    longest = min(getattr(kind, "longest", LONGEST_TEXT), 120)
    return TEXT.map(lambda text: kind.check(clean(text)[:longest]))
