"""Tables as text."""

from __future__ import annotations

from crm_tui.verbs.table import Column, cells, cut, lines

COLUMNS = [Column("Name"), Column("Score", right=True), Column("City")]


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    rows = [("ACME", "7", "Porto"), ("Around the Horn", "61", "")]
    assert list(lines(COLUMNS, rows)) == [
        "Name             Score  City",
        "ACME                 7  Porto",
        "Around the Horn     61",
    ]


def test_a_terminal_that_is_too_narrow_cuts_the_widest() -> None:
    rows = [("A very long name of a client indeed", "7", "Porto")]
    assert list(lines(COLUMNS, rows, 30))[1] == "A very long nam…      7  Porto"
    assert all(cells(line) <= 30 for line in lines(COLUMNS, rows, 30))


def test_a_pipe_cuts_nothing_however_far_down() -> None:
    rows = [("a", "1", "x")] * 600 + [("b" * 300, "1", "x")]
    assert list(lines(COLUMNS, rows))[-1] == "b" * 300 + "      1  x"


def test_wide_letters_and_marks_line_up() -> None:
    assert (cells("東京"), cells("e\u0301"), cells("ab")) == (4, 1, 2)
    assert cut("東京都庁", 5) == "東京…"
    assert [cells(line.split("  1")[0]) for line in lines(COLUMNS, [("東京", "1", ""), ("abcd", "1", "")])][1:] == [
        8,
        8,
    ]


def test_what_acts_on_a_terminal_is_left_out() -> None:
    assert list(lines([Column("a\x1b[31m")], [("x\x1b]0;t\x07\ny",)])) == ["a[31m", "x]0;t y"]
