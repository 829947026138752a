"""Some records are selected, or all that match except some."""

from __future__ import annotations

from crm_tui.widgets.selection import Selection


def test_records_are_put_in_and_taken_out() -> None:
    some = Selection().toggled(3).toggled(5).toggled(3)
    assert some == Selection(ids=frozenset({5}))
    assert 5 in some and 3 not in some and some.size(None) == 1


def test_all_that_match_but_some() -> None:
    all_but_two = Selection(all_matching=True).toggled(3).toggled(5).toggled(7).toggled(7)
    assert 3 not in all_but_two and 7 in all_but_two
    assert all_but_two.size(100) == 98
    assert all_but_two.size(None) is None
    assert all_but_two == Selection(all_matching=True, excluded=frozenset({3, 5}))


def test_an_empty_selection_is_false() -> None:
    assert not Selection()
    assert Selection(all_matching=True)
