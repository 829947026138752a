"""The goals by keys: added, checked in on, opened into what they count, of another quarter, undone."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


async def test_goals_are_added_and_checked_in_on(location: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(location)
    ana = sign_in(workspace, "ana")
    business.client(workspace, ana, "ACME", acquired_on="2026-10-05")
    business.client(workspace, ana, "Børge", acquired_on="2026-09-05")
    workspace.close()
    async with program(location, size=(160, 40)) as crm:
        await crm.press("g", "O")
        await crm.until_shown("No goals in this quarter yet")
        await crm.press("O")
        await crm.until_shown("2026-Q4")
        await crm.type("Be known")
        await crm.press("ctrl+s")
        await crm.until_shown("no key results yet")
        await crm.press("b")
        await crm.until_shown("new key result")
        await crm.until_shown("Be known")
        await crm.type("Press")
        await crm.press("down", "down")
        await crm.type("0")
        await crm.press("down")
        await crm.type("10")
        await crm.press("ctrl+s")
        await crm.until_shown("0 → 10")
        crm.should_show("57 % of the quarter is over", "behind")
        await crm.press("j", "I")
        await crm.until_shown("Where does Press stand?")
        await crm.press("ctrl+u")
        await crm.type("7")
        await crm.press("enter")
        await crm.until_shown("How sure are you")
        await crm.press("down", "enter")
        await crm.until_shown("What is there to say about it?")
        await crm.type("two papers")
        await crm.press("enter")
        await crm.until_shown("70 %")
        crm.should_show("on pace", "at risk")
        await crm.press("r")
        await crm.until_told("It is kept by hand")
        await crm.press("u")
        await crm.until_shown("on track")
        crm.should_not_show("70 %")


async def test_a_counted_result_opens_and_other_quarters_are_shown(
    location: str, open_at: Callable[[str], Workspace]
) -> None:
    workspace = open_at(location)
    ana = sign_in(workspace, "ana")
    business.client(workspace, ana, "ACME", acquired_on="2026-10-05")
    business.add(workspace, ana, "objective", title="Grow")
    business.add(workspace, ana, "objective", title="Before", quarter="2026-Q3")
    business.add(workspace, ana, "key_result", title="New", objective="Grow", start="0", target="4", kpi="new-clients")
    workspace.close()
    async with program(location, size=(100, 24)) as crm:
        await crm.press("g", "O")
        await crm.until_shown("25 %")
        await crm.press("j", "r")
        await crm.until_shown("1 match")
        crm.should_show("ACME")
        await crm.press("escape")
        await crm.until_shown("25 %")
        await crm.press("h")
        await crm.until_shown("Before")
        crm.should_show("Q3 2026", "100 % of the quarter is over")
        await crm.press("l")
        await crm.until_shown("25 %")
