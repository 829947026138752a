"""The board of orders on the screen: walked, moved on, arranged, parted into lanes, with others at work beside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.journal import Writer
from crm_tui.models.base import entities
from crm_tui.screens.board_screen import BoardScreen
from crm_tui.services import ordering, records
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import Crm, program

ORDER = entities["order"]


@pytest.fixture
def shop(companies_anywhere: str, open_at: Callable[[str], Workspace]) -> str:
    """Four new orders and one in review; the newest stand on top: ORD-4 ORD-3 ORD-2 ORD-1, and ORD-5."""
    workspace = open_at(companies_anywhere)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "operator", login="bo")
    for number, client in enumerate(("Alfreds Futterkiste", "Königlich Essen", "Bon app'", "Around the Horn"), 1):
        assignee = "ana" if number % 2 else "bo"
        business.add(workspace, ana, "order", client=client, title=f"job {number}", assignee=assignee, due="+3d")
    business.add(workspace, ana, "order", client="Bon app'", title="job 5", stage="review", due="+1d", priority="high")
    workspace.close()
    return companies_anywhere


def column(crm: Crm, heading: str) -> list[str]:
    """What stands in a column, cards by their numbers, from the top."""
    shown = crm.text().splitlines()[1:-1]
    screen = crm.screen
    assert isinstance(screen, BoardScreen)
    parts = [(span.x, span.x + span.width) for span in screen.records._spans]
    start, end = next((start, end) for start, end in parts if heading in shown[0][start:end])
    cells = [line[start:end] for line in shown[1:]]
    return [word for cell in cells for word in cell.replace("▌", " ").replace("✓", " ").split() if "ORD-" in word]


async def test_orders_open_as_a_board_and_say_what_matters(shop: str) -> None:
    async with program(shop, size=(160, 40)) as crm:
        await crm.press("g", "o")
        await crm.until_shown("5 open")
        crm.should_show("New 4", "Review 1", "Fulfilled 30 d: 0", "job 5", "tomorrow !high", "Bon app'", "@bo")
        assert column(crm, "New") == ["ORD-4", "ORD-3", "ORD-2", "ORD-1"]


async def test_a_card_is_moved_by_stages_and_by_a_number_of_them_and_back(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press("j", "L")
        await crm.until_shown("Confirmed 1")
        assert column(crm, "Confirmed") == ["ORD-3"] and column(crm, "New") == ["ORD-4", "ORD-2", "ORD-1"]
        await crm.press("3")
        crm.should_show("3 …", "H L")
        await crm.press("L")
        await crm.until_shown("Fulfilled 30 d: 1")
        crm.should_show("4 open")
        await crm.press("u")
        await crm.until_shown("Fulfilled 30 d: 0")
        assert column(crm, "Confirmed") == ["ORD-3"]
        await crm.press("H")
        await crm.until(lambda: column(crm, "New")[:1] == ["ORD-3"], "the card back where it came from")
        await crm.press("H")
        await crm.until_shown("There is no stage beyond this one.")


async def test_cards_are_arranged_by_hand_for_everybody(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press("J")
        await crm.until(lambda: column(crm, "New") == ["ORD-3", "ORD-4", "ORD-2", "ORD-1"], "the card one down")
        await crm.press("9", "J")
        await crm.until(lambda: column(crm, "New") == ["ORD-3", "ORD-2", "ORD-1", "ORD-4"], "the card at the end")
        await crm.press("J")
        await crm.until_shown("It is the last of the column.")
        await crm.press("K")
        await crm.until(lambda: column(crm, "New") == ["ORD-3", "ORD-2", "ORD-4", "ORD-1"], "the card one up")
        await crm.press("u", "u", "u")
        await crm.until(lambda: column(crm, "New") == ["ORD-4", "ORD-3", "ORD-2", "ORD-1"], "everything as it was")
        await crm.press("/", *"sort:due", "enter")
        await crm.until(lambda: "New 4" in crm.text() and len(column(crm, "New")) == 4, "the board sorted by the query")
        await crm.press("J")
        await crm.until_told("The cards are sorted by the query")


async def test_several_cards_are_moved_at_once_and_keep_their_order(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press(" ", " ")
        crm.should_show("2 selected")
        await crm.press("2", "L")
        await crm.until_shown("In progress 2")
        assert column(crm, "In progress") == ["ORD-4", "ORD-3"]
        await crm.press("esc", "*")
        crm.should_show("5 selected")


async def test_a_limit_that_is_passed_is_said_and_the_heading_shows_it(shop: str, open_at: Callable) -> None:
    workspace = open_at(shop)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "word", vocabulary="order.stage", value="review", meaning="open", limit="1")
    workspace.close()
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("Review 1/1")
        await crm.press("3", "L")
        await crm.until_shown("Review 2/1 ▲")
        crm.should_show("limit of review is 1: 2")
        await crm.press("/", *"assignee:bo", "enter")
        await crm.until_shown("Review 1 (2/1) ▲")


async def test_lanes_by_assignee_and_columns_folded_are_kept(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press("w", *"assi", "enter")
        await crm.until_shown("▸ bo  2")
        crm.should_show("▸ ana  2", "▸ without assignee  1")
        await crm.press("g", "g", "l", "c")
        await crm.until(lambda: "Confirmed" not in crm.text(), "the column as a strip")
        await crm.press("h", "@", *"bo", "enter")
        await crm.until_shown("▸ bo  3")
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("▸ bo  3")
        crm.should_not_show("Confirmed")
        await crm.press("w", *"no lanes", "enter")
        await crm.until(lambda: "▸ bo" not in crm.text(), "the board in one")


async def test_the_filter_narrows_the_board_and_the_list_shows_the_same(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press("/", *"assignee:bo", "enter")
        await crm.until_shown("New 2")
        assert column(crm, "New") == ["ORD-4", "ORD-2"]
        await crm.press("j", "b")
        await crm.until_shown("2 match")
        crm.should_show("assignee:bo", "ORD-2", "ORD-4")
        await crm.until(lambda: crm.screen.context().ids == (2,), "the cursor on the same order")
        await crm.press("b")
        await crm.until_shown("New 2")
        assert crm.screen.context().ids == (2,)
        await crm.press("L")
        await crm.until_shown("Confirmed 1")
        await crm.press("esc")
        await crm.until_shown("New 3")
        await crm.press("/", *"title:nothing", "enter")
        await crm.until_shown("Nothing matches title:nothing")


async def test_next_and_previous_walk_the_cards_of_the_board(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press("j", "enter")
        await crm.until_shown("2 of 5")
        crm.should_show("ORD-3")
        await crm.press("]")
        await crm.until_shown("ORD-2  job 2")
        await crm.press("esc")
        await crm.until_shown("New 4")
        assert crm.screen.context().ids == (2,)


async def test_what_others_do_appears_without_moving_the_cursor(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press("j", "j")
        workspace, bo = crm.app.session.workspace, sign_in(crm.app.session.workspace, "bo")
        await crm.screen.call(ordering.move, workspace, bo, [4], 2)
        await crm.until_shown("In progress 1")
        assert crm.screen.context().ids == (2,)
        await crm.screen.call(records.add, workspace, bo, ORDER, {"client": "Bon app'", "title": "urgent"})
        await crm.until_shown("ORD-6")
        assert crm.screen.context().ids == (2,)
        await crm.screen.call(ordering.move, workspace, bo, [2], 1)
        await crm.until_shown("Confirmed 1")
        assert crm.screen.context().ids == (2,), "the cursor goes where its card goes"
        await crm.screen.call(records.archive_many, workspace, bo, ORDER, [2])
        await crm.until_shown("Confirmed 0")


async def test_a_new_order_from_the_board_is_where_the_cursor_is_afterwards(shop: str) -> None:
    async with program(shop, size=(160, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        await crm.press("a", *"Bon app'", "tab", *"fresh", "ctrl+s")
        await crm.until_shown("Nothing is ordered yet")
        await crm.press("esc")
        await crm.until_shown("New 5")
        assert crm.screen.context().ids == (6,)


async def test_a_small_terminal_shows_one_stage_and_its_neighbours_as_strips(shop: str) -> None:
    async with program(shop, size=(80, 24), screen="orders") as crm:
        await crm.until_shown("New 4")
        crm.should_not_show("Review 1")
        await crm.press("l", "l", "l")
        await crm.until_shown("Review 1")
        crm.should_show("ORD-5 Bon app'", "tomorrow !high")
        crm.should_not_show("New 4")


async def test_a_viewer_sees_and_moves_nothing(shop: str, open_at: Callable) -> None:
    workspace = open_at(shop)
    viewer = business.operator(workspace, sign_in(workspace, "ana"), "eve", "viewer")
    workspace.close()
    async with program(shop, size=(160, 40), screen="orders", login=viewer.login) as crm:
        await crm.until_shown("New 4")
        await crm.press("L")
        await crm.until_told("viewers only read")
        assert Writer.read_many(ORDER, [4])[4]["stage"] == "new"


async def test_help_names_the_keys_that_a_command_has_here(shop: str) -> None:
    async with program(shop, size=(120, 40), screen="orders") as crm:
        await crm.until_shown("New 4")
        keys = {command.id: command.keys for command in crm.screen.usable_commands()}
        assert keys["board.right"] == ("l", "right") and keys["order.open"] == ("enter",)
        assert "list.columns" not in keys
    async with program(shop, size=(120, 40)) as crm:
        keys = {command.id: command.keys for command in crm.screen.usable_commands()}
        assert keys["client.open"] == ("enter", "l", "right")
