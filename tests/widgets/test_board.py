"""The board: cards in columns, drawn by one widget; what is in sight is asked for, the cursor stays on its card."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rich.cells import cell_len
from textual.app import App, ComposeResult

from crm_tui.widgets.board import Board
from crm_tui.widgets.board_cells import BoardCells, BoardColumn, CardPlace
from crm_tui.widgets.board_layout import GOOD, LEAST, STRIP, spans
from crm_tui.widgets.board_text import BoardCard, short_count
from crm_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from crm_tui.widgets.guard import TerminalGuard
from crm_tui.widgets.list_messages import CardsWanted, CursorMoved, Opened, SelectionChanged
from tests.widgets.desk import lines
from tests.widgets.test_guard import HOSTILE, acts_on_terminal

STAGES = ("new", "review", "fulfilled")


def cells(*counts: int, lanes: tuple[tuple[str, str], ...] = (("", ""),), limit: int | None = None) -> BoardCells:
    """So many cards in each stage; ids are 100 and more, 200 and more, 300 and more."""
    columns = [
        BoardColumn(name, name, count, limit if name == "review" else None, name == "fulfilled")
        for name, count in zip(STAGES, counts, strict=True)
    ]
    places = [
        CardPlace(100 * (at + 1) + number, STAGES[at], lanes[number % len(lanes)][0], f"{number:05}")
        for at, count in enumerate(counts)
        for number in range(count)
    ]
    return BoardCells(columns, lanes, places)


def card(number: int, **also: str) -> BoardCard:
    return BoardCard(number, f"ORD-{number} ACME", f"title {number}", ("tomorrow", "!high"), **also)  # type: ignore[arg-type]


class Desk(App[None]):
    """A board whose cards come at once."""

    CSS = "Board { width: 1fr; height: 1fr; }"

    def __init__(self, held: BoardCells, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.glyphs, self.held = glyphs, held
        self.board = Board(empty="No orders yet")
        self.asked: list[int] = []
        self.moved: list[int | None] = []
        self.opened: list[int] = []
        self.selected: list[int | None] = []

    def get_line_filters(self):
        return [*super().get_line_filters(), TerminalGuard()]

    def compose(self) -> ComposeResult:
        yield self.board

    def on_mount(self) -> None:
        self.board.focus()
        self.board.set_board(self.held)

    def on_board_cards_wanted(self, event: CardsWanted) -> None:
        self.asked += event.ids
        self.board.set_cards([card(number) for number in event.ids])

    def on_record_list_cursor_moved(self, event: CursorMoved) -> None:
        self.moved.append(event.row_id)

    def on_record_list_opened(self, event: Opened) -> None:
        self.opened.append(event.row_id)

    def on_record_list_selection_changed(self, event: SelectionChanged) -> None:
        self.selected.append(event.count)


def parted(desk: Desk, line: str) -> list[str]:
    """What each column has on a line."""
    return [line[span.x : span.x + span.width].strip() for span in desk.board._spans]


async def test_columns_stand_beside_each_other_with_their_counts_and_cards() -> None:
    desk = Desk(cells(2, 3, 1, limit=2))
    async with desk.run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        heading, first, second, third = lines(desk.board)[:4]
        assert parted(desk, heading) == ["New 2", "Review 3/2 ▲", "Fulfilled 30 d: 1"], "too many cards are said"
        assert parted(desk, first) == ["▌ORD-100 ACME", "ORD-200 ACME", "ORD-300 ACME"]
        assert parted(desk, second) == ["▌ title 100", "title 200", "title 300"]
        assert parted(desk, third)[1] == "tomorrow !high"
        assert {len(line) for line in lines(desk.board)} == {80}


async def test_only_cards_near_the_cursor_are_asked_for_and_the_last_ones_once_they_are_in_sight() -> None:
    desk = Desk(cells(5_000, 10, 0))
    async with desk.run_test(size=(100, 25)) as pilot:
        await pilot.pause()
        assert len(desk.asked) < 60 and max(desk.asked) < 300
        desk.board.end()
        await pilot.pause()
        await pilot.pause()
        assert desk.board.cursor_id == 5_099
        assert any("ORD-5099" in line for line in lines(desk.board))
        assert len(desk.asked) < 120


async def test_the_cursor_moves_down_a_column_and_across_to_the_card_beside_it() -> None:
    desk = Desk(cells(4, 2, 1))
    async with desk.run_test(size=(80, 20)) as pilot:
        desk.board.move(1)
        assert desk.board.cursor_id == 101
        desk.board.sideways(1)
        assert desk.board.cursor_id == 201
        desk.board.sideways(1)
        assert desk.board.cursor_id == 300, "where the column is shorter, its last card"
        desk.board.sideways(9)
        assert desk.board.cursor_id == 300
        desk.board.home()
        desk.board.open()
        await pilot.pause()
        assert desk.opened == [300]
        await asyncio.wait_for(_until(lambda: desk.moved[-1:] == [300]), 5)


async def _until(happened) -> None:
    while not happened():
        await asyncio.sleep(0.01)


async def test_a_card_moved_takes_the_cursor_along_and_the_counts_follow() -> None:
    desk = Desk(cells(3, 1, 0))
    async with desk.run_test(size=(80, 20)) as pilot:
        desk.board.move(1)
        assert desk.board.change({101: CardPlace(101, "review", "", "")}, [])
        assert desk.board.cursor_id == 101 and desk.board.column == 1
        assert [column.count for column in desk.board.cells.columns] == [2, 2, 0]
        await pilot.pause()
        assert "New 2" in lines(desk.board)[0] and "Review 2" in lines(desk.board)[0]


async def test_others_moves_leave_the_cursor_on_its_card() -> None:
    desk = Desk(cells(5, 0, 0))
    async with desk.run_test(size=(80, 20)):
        desk.board.move(3)
        assert desk.board.change({100: None, 101: CardPlace(101, "review", "", "")}, [])
        assert desk.board.cursor_id == 103
        assert desk.board.change({103: None}, [])
        assert desk.board.cursor_id == 104, "a card that is gone leaves its place to the next"


async def test_what_changes_in_a_way_that_the_board_cannot_take_is_refused() -> None:
    desk = Desk(cells(2, 0, 0))
    async with desk.run_test(size=(80, 20)):
        assert not desk.board.change({100: CardPlace(100, "nowhere", "", "a")}, [])
        assert not desk.board.change({100: CardPlace(100, "new", "bo", "a")}, [])
        assert desk.board.cells.find(100) == (0, 0, 0)
        desk.board.cells.columns[2] = BoardColumn("fulfilled", "fulfilled", 700, None, True)
        assert not desk.board.change({999: CardPlace(999, "fulfilled", "", "a")}, [])


async def test_between_which_cards_one_comes_to_stand() -> None:
    desk = Desk(cells(4, 1, 0))
    async with desk.run_test(size=(80, 20)):
        desk.board.move(1)
        assert desk.board.beside(1) == (102, 103)
        assert desk.board.beside(9) == (103, None)
        assert desk.board.beside(-1) == (None, 100)
        desk.board.sideways(1)
        assert desk.board.beside(1) == (200, 200), "it is alone"


async def test_lanes_are_walked_through_and_head_their_cards() -> None:
    desk = Desk(cells(4, 2, 0, lanes=(("1", "ana"), ("2", "bo"))))
    async with desk.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        shown = lines(desk.board)
        assert shown[1].startswith("▸ ana  3") and shown[8].startswith("▸ bo  3")
        desk.board.move(2)
        assert desk.board.cursor_id == 101, "the first of the second lane"
        desk.board.next_lane(-1)
        assert desk.board.cursor_id == 100
        desk.board.end()
        assert desk.board.cursor_id == 103


async def test_from_an_empty_cell_down_is_the_next_card() -> None:
    desk = Desk(cells(3, 1, 0, lanes=(("1", "ana"), ("2", "bo"), ("3", "carla"))))
    async with desk.run_test(size=(80, 30)) as pilot:
        desk.board.next_lane(1)
        desk.board.sideways(1)
        await pilot.pause()
        assert desk.board.cursor_id is None
        assert any(parted(desk, line)[1] == "▌" for line in lines(desk.board)), "the cursor is seen, too"
        desk.board.sideways(-1)
        desk.board.move(1)
        assert desk.board.cursor_id == 102


async def test_a_folded_column_is_a_strip_without_cards() -> None:
    desk = Desk(cells(2, 3, 1))
    async with desk.run_test(size=(80, 14)) as pilot:
        desk.board.fold([1])
        desk.board.sideways(1)
        await pilot.pause()
        assert desk.board.cursor_id is None
        strip = [parted(desk, line)[1] for line in lines(desk.board)]
        assert strip[0] == "3" and "".join(strip[1:]) == "REVIEW"


async def test_selecting_one_and_all() -> None:
    desk = Desk(cells(2, 2, 0))
    async with desk.run_test(size=(80, 14)) as pilot:
        desk.board.toggle()
        await pilot.pause()
        assert lines(desk.board)[1].startswith("▌ORD-100")
        desk.board.move(1)
        await pilot.pause()
        assert lines(desk.board)[1].startswith("✓ORD-100")
        desk.board.select_all()
        assert desk.board.selection.ids == {100, 101, 200, 201}
        desk.board.change({101: None}, [])
        assert desk.board.selection.ids == {100, 200, 201}
        desk.board.clear_selection()
        await pilot.pause()
        assert desk.selected == [1, 4, 3, 0]


async def test_a_board_read_anew_keeps_cursor_selection_and_place() -> None:
    desk = Desk(cells(60, 2, 0))
    async with desk.run_test(size=(80, 24)) as pilot:
        desk.board.move(40)
        desk.board.toggle()
        await pilot.pause()
        shown = lines(desk.board)
        desk.board.set_board(cells(60, 2, 0), keep_cursor=True)
        await pilot.pause()
        assert desk.board.cursor_id == 140 and desk.board.selection.ids == {140}
        assert lines(desk.board) == shown
        desk.board.set_board(cells(60, 2, 0))
        assert desk.board.cursor_id == 100 and not desk.board.selection


async def test_an_empty_board_says_what_it_is_for() -> None:
    desk = Desk(cells(0, 0, 0))
    async with desk.run_test(size=(80, 14)) as pilot:
        await pilot.pause()
        assert any("No orders yet" in line for line in lines(desk.board))
        desk.board.move(1)
        desk.board.toggle()
        desk.board.open()
        assert desk.board.cursor_id is None and not desk.opened


async def test_hostile_text_reaches_no_terminal() -> None:
    desk = Desk(cells(len(HOSTILE), 0, 0, lanes=(("", "\x1b]0;lane\x07"),)))
    async with desk.run_test(size=(90, 40)) as pilot:
        desk.board.set_cards([BoardCard(100 + at, text, text, (text,)) for at, text in enumerate(HOSTILE)])
        await pilot.pause()
        assert not any(acts_on_terminal(character) for line in lines(desk.board) for character in line)
        assert {cell_len(line) for line in lines(desk.board)} == {90}


async def test_ascii_terminals_get_ascii_marks() -> None:
    desk = Desk(cells(2, 1, 0), glyphs=ASCII)
    async with desk.run_test(size=(80, 14)) as pilot:
        await pilot.pause()
        assert all(line.isascii() for line in lines(desk.board))


async def test_a_click_goes_to_a_card_and_a_second_opens_it() -> None:
    desk = Desk(cells(3, 3, 0))
    async with desk.run_test(size=(80, 20)) as pilot:
        await pilot.click(Board, offset=(35, 4))
        assert desk.board.cursor_id == 201
        await pilot.click(Board, offset=(35, 4), times=2)
        assert desk.opened == [201]


@pytest.mark.parametrize(
    ("width", "columns", "at", "wide"),
    [
        (160, 6, 0, [0, 1, 2, 3, 4, 5]),
        (80, 6, 0, [0]),
        (80, 6, 3, [3]),
        (100, 6, 5, [4, 5]),
        (100, 5, 2, [0, 1, 2, 3, 4]),
    ],
)
def test_how_many_columns_are_whole(width: int, columns: int, at: int, wide: list[int]) -> None:
    placed, _first = spans(width, columns, frozenset(), at, 0)
    assert [span.column for span in placed if not span.strip] == wide
    assert placed[-1].x + placed[-1].width == width


@given(
    width=some.integers(1, 300), columns=some.integers(1, 14), folded=some.frozensets(some.integers(0, 13)),
    at=some.integers(0, 13), first=some.integers(0, 13),
)  # fmt: skip
def test_columns_never_overlap_nor_leave_the_screen(
    width: int, columns: int, folded: frozenset[int], at: int, first: int
) -> None:
    placed, begin = spans(width, columns, folded, min(at, columns - 1), first)
    assert placed and placed[0].x == 0
    for one, other in zip(placed, placed[1:], strict=False):
        assert one.x + one.width + 1 == other.x
    assert all(span.width > 0 and span.x + span.width <= width for span in placed)
    whole = [span for span in placed if not span.strip]
    assert not folded & {span.column for span in whole}
    cursor = min(at, columns - 1)
    if width >= 40 and cursor not in folded:
        assert cursor in [span.column for span in whole], "the column at the cursor is whole"
    if len(placed) == columns and len(whole) > 1 and len(whole) < columns - len(folded & set(range(columns))):
        assert min(span.width for span in whole) >= GOOD
    assert begin >= 0 and STRIP < LEAST


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (999, "999"), (1_000, "1.0k"), (9_999, "10k"), (12_345, "12k"), (2_000_000, "2.0m")]
)
def test_counts_of_strips_have_four_characters_at_most(count: int, text: str) -> None:
    assert short_count(count) == text


def test_cells_keep_their_order_whatever_moves() -> None:
    held = cells(5, 5, 0)
    held.take({102: CardPlace(102, "review", "", "00001x"), 203: None})
    assert held.find(102) == (1, 0, 2)
    assert [found for _order, found in held.cell(1, 0)] == [200, 201, 102, 202, 204]
    assert 203 not in held and held.find(203) is None
    assert held.in_order()[:4] == [100, 101, 103, 104]


async def test_keys_that_come_before_the_cards_do_nothing() -> None:
    board = Board()
    board.move(1)
    board.move(-1)
    board.sideways(1)
    board.next_lane(1)
    assert board.cells.cell(0, 0) == []
