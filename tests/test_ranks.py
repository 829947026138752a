"""Ranks: whatever is moved where, the order is the one that people arranged, and no other record changes."""

from __future__ import annotations

from random import Random

import pytest

from crm_tui import ranks


def test_moving_at_random_keeps_the_order_that_was_arranged() -> None:
    roll = Random(7)
    arranged = ranks.row(50)
    assert arranged == sorted(arranged)
    assert len(set(arranged)) == 50
    for _turn in range(2_000):
        moved = arranged.pop(roll.randrange(len(arranged)))
        place = roll.randrange(len(arranged) + 1)
        before = arranged[place - 1] if place else ""
        after = arranged[place] if place < len(arranged) else ""
        arranged.insert(place, ranks.between(before, after))
        assert arranged == sorted(set(arranged)), f"{moved} moved to {place}"


def test_there_is_always_room_in_front_behind_and_between() -> None:
    low, high = ranks.between(), ranks.between(ranks.between())
    for _turn in range(200):
        middle = ranks.between(low, high)
        assert low < middle < high
        high = middle
    first = last = ranks.between()
    for _turn in range(200):
        assert ranks.between(after=first) < first
        first = ranks.between(after=first)
        assert ranks.between(last) > last
        last = ranks.between(last)
    assert len(first) == len(last) == 8, "adding at the ends makes no rank longer"
    assert ranks.row(3, last)[0] > last


@pytest.mark.parametrize(("before", "after"), [("V0000001", "V0000000"), ("V0000000", "V0000000"), ("V-", "V0000001")])
def test_what_is_not_in_order_is_refused(before: str, after: str) -> None:
    with pytest.raises(ValueError, match="does not come before|is no rank"):
        ranks.between(before, after)
