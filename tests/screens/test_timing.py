"""Time on the screen: a timer in the first line, time booked in one line, the next of the queue taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


@pytest.fixture
def shop(companies_anywhere: str, open_at: Callable[[str], Workspace]) -> str:
    workspace = open_at(companies_anywhere)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "order", client="Alfreds Futterkiste", title="Site")
    workspace.close()
    return companies_anywhere


async def test_a_timer_runs_in_the_first_line_until_it_is_stopped(shop: str) -> None:
    async with program(shop, size=(120, 30), screen="orders") as crm:
        await crm.until_shown("ORD-1")
        await crm.press("T")
        await crm.until_shown("▸ ORD-1 0:00")
        crm.should_show("The timer runs on ORD-1")
    with clock.use(clock.now() + timedelta(minutes=75)):
        async with program(shop, size=(120, 30)) as crm:
            await crm.until_shown("▸ ORD-1 1:15")  # it went on while nobody was there
            await crm.press("ctrl+t")
            await crm.until_shown("1h15 booked on ORD-1")
            await crm.until(lambda: "▸ ORD-1 1:15" not in crm.text(), "the timer gone from the first line")
            await crm.press("ctrl+t")
            await crm.until_shown("No timer runs.")


async def test_time_is_booked_on_the_record(shop: str) -> None:
    async with program(shop, size=(120, 30), screen="orders") as crm:
        await crm.until_shown("ORD-1")
        await crm.press("B", *"draft", "enter")
        await crm.until_shown("Begin with how long it was")
        await crm.press("home", *"1h30 ", "enter")
        await crm.until_shown("1h30 booked on ORD-1")
        await crm.press("enter")
        await crm.until_shown("Time 1h30")


async def test_nobody_takes_anything_where_nothing_waits(shop: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(shop)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "team", name="Studio")
    business.add(workspace, ana, "membership", operator="ana", team="Studio")
    business.save(workspace, ana, "order", 1, team="Studio")
    workspace.close()
    async with program(shop, size=(120, 30), screen="orders") as crm:
        await crm.until_shown("ORD-1")
        await crm.press("Q")
        await crm.until_shown("ORD-1  Site")
        crm.should_show("ana")
        await crm.press("esc")
        await crm.until_shown("@ana")
        await crm.press("Q")
        await crm.until_told("Nothing waits in the queue of your teams.")
