"""What goes to the terminal in fewer bytes looks the same there."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.widgets.thrift import Thrift

COLOURS = st.sampled_from(
    ["38;2;1;2;3", "48;2;1;2;3", "38;5;99", "48;5;7", "31", "97", "42", "107", "39", "49", "1", "2", "3", "4", "5", "7",
     "9", "22", "23", "24", "25", "27", "29", "0", ""]
)  # fmt: skip
SET = st.lists(COLOURS, min_size=1, max_size=4).map(lambda codes: f"\x1b[{';'.join(codes)}m")
MOVE = st.builds(lambda y, x: f"\r\n\x1b[{y};{x}H", st.integers(1, 5), st.integers(1, 12))
OTHER = st.sampled_from(["\x1b[K", "\x1b[2J", "\x1b[?2026h", "\r\n", "\x1b[?25l"])
TEXT = st.text("abc é漢", min_size=1, max_size=6)
SAID = st.lists(st.lists(st.one_of(SET, SET, MOVE, TEXT, TEXT, OTHER)).map("".join), max_size=6)


def _screen(said: list[str]) -> object:
    screen = pyte.Screen(16, 200)  # a new line at the bottom would scroll it: Textual writes none there
    stream = pyte.Stream(screen)
    for one in said:
        stream.feed(one)
    cursor = screen.cursor
    cells = [[screen.buffer[y][x] for x in range(16)] for y in range(200)]
    return cells, (cursor.x, cursor.y), cursor.attrs


@given(SAID)
def test_a_terminal_shows_the_same_and_is_left_the_same(said: list[str]) -> None:
    thrift = Thrift()
    assert _screen([thrift.spare(one) for one in said]) == _screen(said)


def test_what_is_set_already_is_not_said_again() -> None:
    first = "\x1b[1;38;2;9;9;9;48;2;1;1;1mone\x1b[0m\r\n\x1b[2;1H\x1b[38;2;9;9;9;48;2;1;1;1mtwo\x1b[0m"
    assert Thrift().spare(first) == "\x1b[1;38;2;9;9;9;48;2;1;1;1mone\x1b[2H\x1b[22mtwo\x1b[0m"


def test_what_it_does_not_know_goes_out_as_it_is_and_all_is_said_after_it() -> None:
    said = Thrift().spare("\x1b[31ma\x1b[58;2;1;2;3mb\x1b[31mc\x1b[0md")
    assert said == "\x1b[31ma\x1b[58;2;1;2;3mb\x1b[31mc\x1b[0md"


@pytest.mark.parametrize("piece", ["\x1b[38;2;1mx", "\x1b[38mx", "\x1b[48;9;1mx"])
def test_a_colour_that_is_cut_short_is_no_colour_we_know(piece: str) -> None:
    thrift = Thrift()
    assert thrift.spare(f"\x1b[1m{piece}") == f"\x1b[1m{piece}"
    assert thrift.spare("\x1b[0my\x1b[3mz") == "\x1b[0my\x1b[3mz"
