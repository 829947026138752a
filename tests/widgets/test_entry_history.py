"""What was entered before comes back, and nothing that was typed is lost."""

from __future__ import annotations

from crm_tui.widgets.entry_history import EntryHistory


def test_the_walk_goes_from_the_newest_to_the_oldest_and_back() -> None:
    history = EntryHistory()
    history.entries = ["old", "new"]
    assert [history.walk(1, "typed"), history.walk(1, "new"), history.walk(1, "old")] == ["new", "old", None]
    assert [history.walk(-1, "old"), history.walk(-1, "new"), history.walk(-1, "typed")] == ["new", "typed", None]


def test_what_stands_in_the_line_already_is_passed_over() -> None:
    history = EntryHistory()
    history.entries = ["old", "new"]
    assert history.walk(1, "new") == "old"


def test_what_was_left_is_the_newest_until_it_is_entered() -> None:
    history = EntryHistory()
    history.entries = ["old"]
    history.leave("draft")
    assert history.walk(1, "") == "draft"
    history.begin()
    history.entries = ["draft", "old"]
    assert [history.walk(1, ""), history.walk(1, "old")] == ["old", "draft"]


def test_an_empty_history_changes_nothing() -> None:
    history = EntryHistory()
    assert history.walk(1, "typed") is None
    history.leave("")
    assert history.walk(-1, "typed") is None
