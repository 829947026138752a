"""Columns get their widths from what there is, and no text ever breaks them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.widgets.columns import Column, LineLayout, fit, share

NAME = Column("name", "Name", width=20, min_width=8, flex=2, priority=9)
STAGE = Column("stage", "Stage", width=9, min_width=6, priority=5)
SCORE = Column("score", "Score", width=5, min_width=5, align="right", flex=1, priority=3)
ALL = [NAME, STAGE, SCORE]

columns = st.lists(
    st.builds(
        Column,
        key=st.just("k"),
        label=st.text(max_size=5),
        width=st.integers(0, 30),
        min_width=st.integers(0, 20),
        align=st.sampled_from(["left", "right"]),
        flex=st.integers(0, 3),
        priority=st.integers(0, 3),
    ),
    max_size=8,
)


def test_each_column_gets_what_it_would_like_where_there_is_room() -> None:
    assert share([NAME, STAGE], 20 + 1 + 9) == {0: 20, 1: 9}


def test_space_left_over_goes_to_columns_by_their_flex() -> None:
    assert share(ALL, 20 + 1 + 9 + 1 + 5 + 30) == {0: 40, 1: 9, 2: 15}


def test_the_column_that_matters_least_vanishes_first() -> None:
    assert set(share(ALL, 21)) == {0, 1, 2}
    assert set(share(ALL, 20)) == {0, 1}
    assert set(share(ALL, 14)) == {0}


def test_the_last_column_shrinks_to_nothing_rather_than_overflow() -> None:
    assert share(ALL, 3) == {0: 3}
    assert share(ALL, 0) == {0: 0}


@given(columns, st.integers(0, 200))
def test_columns_never_take_more_than_there_is(some: list[Column], width: int) -> None:
    widths = share(some, width) if some else {}
    assert sum(widths.values()) + max(0, len(widths) - 1) <= max(width, 0)
    assert all(cells >= 0 for cells in widths.values())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ACME", "ACME    "),
        ("ACME Studio", "ACME St…"),
        ("株式会社", "株式会社"),
        ("株式会社アクメ", "株式会 …"),
        ("a\nb", "a b     "),
        ("\x1b[31mred", "[31mred "),
    ],
)
def test_text_is_padded_or_cut_to_cells(text: str, shown: str) -> None:
    assert fit(text, 8) == shown
    assert cell_len(shown) == 8


def test_numbers_stand_at_the_right() -> None:
    assert fit("42", 5, "right") == "   42"
    assert fit("€4", 5, "right") == "   €4"


@given(st.text(max_size=40), st.integers(0, 20), st.sampled_from(["left", "right"]))
def test_any_text_takes_exactly_the_cells_it_is_given(text: str, width: int, align) -> None:
    assert cell_len(fit(text, width, align)) == width


@given(columns, st.lists(st.text(max_size=20), max_size=9), st.integers(0, 120))
def test_a_line_is_exactly_as_wide_as_asked(some: list[Column], cells: list[str], width: int) -> None:
    assert cell_len(LineLayout(some, width, "…").line(cells)) == width


def test_a_megabyte_on_one_line_is_cut_like_any_other_text() -> None:
    assert fit("x" * 1_000_000, 6) == "xxxxx…"
    assert fit("é" * 1_000_000, 6) == "ééééé…"
