"""Orders on the screen: begun from the client's record, lines typed as one, moved, fulfilled, undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


@pytest.fixture
def shop(companies_anywhere: str, open_at: Callable[[str], Workspace]) -> str:
    """The six companies and two products."""
    workspace = open_at(companies_anywhere)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "product", name="Chai", price="18", tax="19")
    business.add(workspace, ana, "product", name="Chai masala", price="20")
    workspace.close()
    return companies_anywhere


async def test_an_order_from_the_clients_record_to_the_stage_that_is_done(shop: str) -> None:
    async with program(shop, size=(80, 24)) as crm:
        await crm.press("enter", "o", *"Spring campaign", "ctrl+s")
        await crm.until_shown("ORD-1  Spring campaign")
        crm.should_show("Alfreds Futterkiste", "new · normal", "[Lines 0]", "Nothing is ordered yet")
        await crm.press("a", *"2 x chai -10%", "enter")
        await crm.until_shown("Added: 2 x Chai, €32.40")
        await crm.press(*"chai m", "enter")
        await crm.until_shown("Added: 1 x Chai masala, €20.00")
        await crm.press(*"coffee", "enter")
        crm.should_show("The catalogue has no coffee", "coffee @80")
        await crm.press(*" @4.50", "enter")
        await crm.until_shown("Added: 1 x coffee, €4.50")
        await crm.press("enter")
        await crm.until(lambda: "Add a line" not in crm.text(), "the end of the lines")
        await crm.until_shown("net €56.90   19 % tax €6.16   total €63.06")
        await crm.press("u")
        await crm.until_shown("net €52.40")
        await crm.press("shift+tab", "L", "L")
        await crm.until_shown("in progress · normal")
        await crm.press("x")
        await crm.until_shown("fulfilled · normal")
        await crm.press("u")
        await crm.until_shown("in progress · normal")
        await crm.press("esc", "tab", "tab")
        crm.should_show("[Orders 1]", "ORD-1", "1 open order")


async def test_the_keys_of_the_order_work_beside_its_lines_too(shop: str) -> None:
    async with program(shop) as crm:
        await crm.press("enter", "o", *"Spring campaign", "ctrl+s")
        await crm.until_shown("Nothing is ordered yet")
        await crm.press("a", *"2 x chai", "enter", "enter")
        await crm.until(lambda: "Add a line" not in crm.text(), "the end of the lines")
        await crm.press("C", *"before Easter", "enter")
        await crm.until_shown("Comments 1")
        await crm.press("L")
        await crm.until_shown("confirmed since")
        await crm.press("e")
        crm.should_show("Order lines ▸ edit Chai")
        await crm.press("esc", ":", *"order.comment", "enter")
        crm.should_show("Comment")
        await crm.press(*"twice", "enter")
        await crm.until_shown("Comments 2")
        await crm.press("?", *"next stage")
        crm.should_show("order.move_right")


async def test_orders_in_their_list_are_moved_assigned_and_ranked_together(shop: str) -> None:
    async with program(shop) as crm:
        await crm.press("g", "o")
        crm.should_show("Orders", "a new order")
        for client in ("Alfreds Futterkiste", "Königlich Essen"):
            await crm.press("a", *client, "ctrl+s")
            await crm.until_shown("Nothing is ordered yet")
            await crm.press("esc")
        crm.should_show("ORD-1", "ORD-2")
        await crm.press("b")
        await crm.until_shown("Number")
        await crm.press("*", "L")
        await crm.until_shown("2 orders moved to confirmed")
        await crm.press("!", *"urgent", "enter")
        crm.should_show("2 orders changed", "urgent")
        await crm.press("@", *"ana", "enter")
        crm.should_show("2 orders changed", "ana")
        await crm.press("v", *"Open", "enter")
        await crm.until_shown("2 match")
        await crm.press("u", "u", "u")
        await crm.until(lambda: " confirmed " not in crm.text(), "the move undone")


async def test_what_cannot_be_is_said_at_its_field(shop: str) -> None:
    async with program(shop) as crm:
        await crm.press("g", "o", "a", *"Nobody", "ctrl+s")
        crm.should_show("there is no client")
        await crm.press("esc")


async def test_an_order_with_all_that_belongs_to_it_takes_fewer_than_forty_keys(shop: str) -> None:
    """Two lines, a checklist, a task with three parts, fulfilled: counted are the keys besides the text."""
    async with program(shop, size=(80, 24)) as crm:
        pressed = 0

        async def keys(*named: str) -> None:
            nonlocal pressed
            pressed += len(named)
            await crm.press(*named)

        await keys("enter", "o")
        await crm.type("Spring campaign")
        await keys("ctrl+s")
        await crm.until_shown("Nothing is ordered yet")
        await keys("a")
        await crm.type("200 x chai -5%")
        await keys("enter")
        await crm.until_shown("Added: 200 x Chai")
        await crm.type("3 hours of advice @80")
        await keys("enter")
        await crm.until_shown("Added: 3 x hours of advice")
        await keys("enter")
        await crm.until(lambda: "Add a line" not in crm.text(), "the end of the lines")
        await keys("shift+tab", "i")
        await crm.until_shown("Which checklist?")
        await crm.type("print")
        await keys("enter")
        await crm.until_shown("Checklist 0/5")
        await keys("t")
        await crm.type("make the flyer +3d @me")
        await keys("enter")
        await crm.until_shown("Added:")
        await keys("enter")
        await crm.until(lambda: "Add a task" not in crm.text(), "the end of adding")
        await crm.until_shown("Tasks 1")
        await keys("tab", "tab", "tab", "enter")
        await crm.until_shown("▸ make the flyer")
        await crm.until_shown("[Timeline]")
        await keys("t")
        for part in ("draft tomorrow", "proof +2d", "print +3d"):
            await crm.type(part)
            await keys("enter")
            await crm.until_shown(f'Added: "{part.split()[0]}"')
        await keys("enter")
        await crm.until(lambda: "Add a task" not in crm.text(), "the end of adding")
        await crm.until_shown("Tasks 3")
        await keys("esc")
        await crm.until_shown("Tasks 4")
        await keys("shift+tab", "shift+tab", "shift+tab", "x")
        await crm.until_shown("has open items")
        await keys("y")
        await crm.until_shown("fulfilled · normal")
        assert pressed < 40
