"""Checklists on the screen: items typed one after the other, ticked off, asked for before an order is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


@pytest.fixture
def shop(companies_anywhere: str, open_at: Callable[[str], Workspace]) -> str:
    workspace = open_at(companies_anywhere)
    business.add(workspace, sign_in(workspace, "ana"), "order", client="Alfreds Futterkiste", title="Site")
    workspace.close()
    return companies_anywhere


async def test_from_the_first_item_to_the_order_that_is_done(shop: str) -> None:
    async with program(shop, size=(100, 30), screen="orders") as crm:
        await crm.until_shown("ORD-1")
        await crm.press("enter", "tab")
        await crm.until_shown("[Checklist 0]")
        crm.should_show("No checklist yet")
        await crm.press("a", *"proof is approved", "enter")
        await crm.until_shown('Added: "proof is approved"')
        await crm.press(*"sample (optional)", "enter", "enter")
        await crm.until(lambda: "Add an item" not in crm.text(), "the end of adding")
        await crm.until_shown("[Checklist 0/2]")
        crm.should_show("[ ]", "proof is approved", "sample (optional)")
        await crm.press("shift+tab", "shift+tab", "x")
        await crm.until_shown("has open items")
        await crm.press("n")
        await crm.until_told("Nothing was changed.")
        await crm.press("x")
        await crm.until_shown("has open items")
        await crm.press("y")
        await crm.until_shown("fulfilled")
        await crm.press("u")
        await crm.until_shown("new · normal")
        await crm.press("tab", "tab")
        await crm.until_shown("[Checklist 0/2]")
        await crm.press("x")
        await crm.until_shown("[Checklist 1/2]")
        crm.should_show("[x]", "ana")
        await crm.press("J")
        await crm.until(lambda: crm.text().index("sample") < crm.text().index("proof"), "the item one down")
        await crm.press("esc")
        await crm.until_shown("☑ 1/2")
        await crm.press("L", "L", "L", "L")
        await crm.until_shown("Fulfilled 30 d: 1")


async def test_a_list_that_comes_with_the_program_is_chosen(shop: str) -> None:
    async with program(shop, size=(120, 30), screen="orders") as crm:
        await crm.until_shown("ORD-1")
        await crm.press("i", *"print", "enter")
        await crm.until_shown('5 items of "print job" added')
        await crm.until_shown("☑ 0/5")
        await crm.press("g", "x", "A", *"website", "enter")
        await crm.until_shown("Checklist #1 added")
        await crm.until_shown("Texts and pictures are final")
