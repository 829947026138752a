"""The workload by keys: who has too much in words, a task given away and put off, undone, and proved by its list."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


async def test_a_task_is_given_away_and_put_off_and_it_is_undone(
    location: str, open_at: Callable[[str], Workspace]
) -> None:
    workspace = open_at(location)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "operator", login="bo")
    for title, hours in (("Draw the plans", "30h"), ("Write the offer", "12h")):
        business.add(workspace, ana, "task", title=title, assignee="ana", due_on="2026-11-22", estimate=hours)
    workspace.close()
    async with program(location, size=(160, 40)) as crm:
        await crm.press("g", "H")
        await crm.until_shown("2h too much")
        crm.should_show("42h / 40h", "40h free", "1 have too much")
        await crm.press("O")
        await crm.until_told("Put the cursor on a task.")
        await crm.press("j", "j", "O")
        await crm.until_shown("Who takes Write the offer?")
        crm.should_show("28h free")
        await crm.press("enter")
        await crm.until_shown("12h / 40h")
        crm.should_show("10h free", "nobody has too much")
        await crm.press("u")
        await crm.until_shown("42h / 40h")
        await crm.press("home", "j", ">")
        await crm.until_shown("28h free")
        await crm.press("l")
        await crm.until_shown("30h / 40h")
        crm.should_show("Draw the plans", "week of 23 Nov 2026")
        await crm.press("home", "j", "<")
        await crm.until_shown("40h free")
        await crm.press("h")
        await crm.until_shown("2h too much")
        await crm.press("home", "r")
        await crm.until_shown("2 match")
        crm.should_show("due-on<=2026-11-22")
