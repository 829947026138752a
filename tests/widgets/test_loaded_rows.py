"""A few windows stand for a result of any length; each is asked for once, and old answers are refused."""

from __future__ import annotations

from crm_tui.widgets.loaded_rows import MOST_WINDOWS, WINDOW, LoadedRows, RowWindows
from tests.widgets.desk import client


def window(offset: int, length: int = WINDOW):
    return [client(index) for index in range(offset, offset + length)]


def loaded(count: int | None = 10_000) -> LoadedRows:
    rows = LoadedRows()
    rows.await_generation(1)
    rows.set_count(count)
    rows.add(1, 0, window(0))
    return rows


def test_the_window_not_looked_at_longest_is_forgotten() -> None:
    windows = RowWindows()
    for place in range(MOST_WINDOWS):
        windows.add(place * WINDOW, window(place * WINDOW))
    assert windows.get(0) == client(0)
    windows.add(5000, window(5000))
    assert windows.get(0) == client(0)
    assert windows.get(WINDOW) is None


def test_each_window_is_asked_for_once() -> None:
    rows = loaded()
    assert rows.lacking(2 * WINDOW + 50) == 2 * WINDOW
    assert rows.lacking(3 * WINDOW - 1) is None
    assert rows.lacking(10) is None
    rows.add(1, 2 * WINDOW, window(2 * WINDOW))
    assert rows.lacking(2 * WINDOW + 50) is None


def test_a_window_that_failed_may_be_asked_for_again() -> None:
    rows = loaded()
    assert rows.lacking(2 * WINDOW + 50) == 2 * WINDOW
    rows.give_up(0, 2 * WINDOW)
    assert rows.lacking(2 * WINDOW + 50) is None
    rows.give_up(1, 2 * WINDOW)
    assert rows.lacking(2 * WINDOW + 50) == 2 * WINDOW


def test_a_window_that_came_short_is_not_asked_for_again_and_again() -> None:
    rows = loaded()
    rows.add(1, 2 * WINDOW, window(2 * WINDOW, 10))
    assert rows.lacking(2 * WINDOW + 50) is None


def test_a_result_that_is_being_counted_is_drawn_as_long_as_the_one_before() -> None:
    rows = loaded()
    rows.await_generation(2)
    rows.add(2, 0, window(0))
    assert rows.reach() == WINDOW + 1 and rows.length() == 10_000
    rows.set_count(300)
    assert rows.length() == rows.reach() == 300


def test_answers_to_an_older_question_are_refused() -> None:
    rows = loaded()
    rows.await_generation(2)
    assert not rows.add(1, 200, window(200))
    assert rows.row(200) is None


def test_rows_stay_until_those_of_the_next_generation_come() -> None:
    rows = loaded()
    rows.await_generation(2)
    rows.set_count(3)
    assert rows.row(7) == client(7) and rows.reach() == 10_000
    rows.add(2, 0, window(50, 3))
    assert rows.row(0) == client(50) and rows.reach() == 3 and rows.row(7) is None


def test_a_count_of_none_at_all_needs_no_rows() -> None:
    rows = loaded()
    rows.await_generation(2)
    rows.set_count(0)
    assert rows.reach() == 0 and not rows.awaiting and rows.row(0) is None


def test_while_rows_are_counted_the_result_reaches_one_past_what_is_loaded() -> None:
    rows = loaded(None)
    assert rows.reach() == WINDOW + 1
    assert rows.lacking(WINDOW) == WINDOW
    rows.add(1, WINDOW, window(WINDOW, 30))
    assert rows.count == rows.reach() == WINDOW + 30


def test_after_a_change_rows_that_did_not_come_along_show_as_before_at_their_new_places() -> None:
    rows = loaded()
    rows.add(1, 200, window(200))
    rows.replace(1, 201, window(200, 5), 10_001, moved=1)
    assert rows.row(201) == client(200)
    assert rows.row(11) == client(10)
    assert rows.lacking(11) == 0
