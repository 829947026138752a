"""What of a board is painted: only what looks different, and it looks as if all were painted."""

from __future__ import annotations

from random import Random

import pytest
from textual.geometry import Region

from crm_tui.widgets.board_cells import CardPlace
from tests.widgets.test_board import STAGES, Desk, card, cells


async def test_a_cursor_key_paints_two_cards_of_one_column() -> None:
    desk = Desk(cells(10, 10, 10))
    async with desk.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        regions: list[Region] = []
        desk.board.refresh = lambda *places, **_options: regions.extend(places)  # type: ignore[assignment,method-assign]
        desk.board.move(1)
        assert sum(region.height for region in regions) == 6
        whole = [region for region in regions if (region.x, region.width) == (0, 39)]
        assert sum(region.height for region in whole) == 4, "of the last line of each only the mark"


@pytest.mark.parametrize("lanes", [(("", ""),), (("ana", "Ana"), ("bo", "Bo"))])
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_what_is_painted_in_part_looks_as_if_all_were_painted(
    lanes: tuple[tuple[str, str], ...], size: tuple[int, int]
) -> None:
    app = Desk(cells(30, 6, 9, lanes=lanes))
    random = Random(5)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        board = app.board
        for step in range(150):
            deed = random.choice(["move", "move", "sideways", "change", "change", "fold", "select"])
            if deed == "move":
                board.move(random.choice([1, -1, 3, -5, 12]))
            elif deed == "sideways":
                board.sideways(random.choice([1, -1]))
            elif deed == "fold":
                board.fold(random.sample(range(3), random.choice([0, 1, 1])))
            elif deed == "select":
                board.toggle()
            elif held := board.cells.in_order():
                chosen = random.sample(held, min(len(held), random.choice([1, 1, 2])))
                if board.cursor_id is not None and random.random() < 0.5:
                    chosen = [board.cursor_id]
                places = {
                    one: None
                    if random.random() < 0.1
                    else CardPlace(one, random.choice(STAGES), random.choice(lanes)[0], f"{random.randrange(40):05}")
                    for one in chosen
                }
                board.change(places, [card(one) for one, place in places.items() if place])
            await pilot.pause()
            assert board._lines == [board.line(y) for y in range(board.extent.height)], (step, deed)


async def test_a_strip_that_a_card_takes_the_cursor_to_is_marked_from_top_to_bottom() -> None:
    app = Desk(cells(30, 6, 9))
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        board = app.board
        board.fold([1])
        board.move(4)
        await pilot.pause()
        board.change({104: CardPlace(104, "review", "", "00003x")}, [])
        await pilot.pause()
        assert board.column == 1 and board._lines == [board.line(y) for y in range(board.extent.height)]
