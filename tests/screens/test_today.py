"""Today on the screen: done, put off and opened where it stands; what others and the worker do appears by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from tests import business
from tests.conftest import NOW
from tests.screens.crm import program


@pytest.fixture
def office(companies_anywhere: str, open_at: Callable[[str], Workspace]) -> str:
    workspace = open_at(companies_anywhere)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "order", client="Alfreds Futterkiste", title="Site", assignee="ana", due_on="today")
    business.add(workspace, ana, "task", title="Call about the colours", due="-2d", assignee="ana")
    business.add(workspace, ana, "task", title="Send the proof", due="today", assignee="ana")
    workspace.close()
    return companies_anywhere


async def test_it_is_the_first_screen_and_everything_is_done_on_it(office: str) -> None:
    async with program(office, size=(140, 30), screen="") as crm:
        await crm.until_shown("3 for you · 1 late")
        crm.should_show("2 days late", "Call about the colours", "order in new")
        await crm.press("x")
        await crm.until_shown("2 for you · 0 late")
        crm.should_not_show("2 days late")
        await crm.press("u")
        await crm.until_shown("3 for you · 1 late")
        await crm.press("g", "g", "z")
        await crm.until_shown("Due when?")
        await crm.press("down", "enter")
        await crm.until_shown("3 for you · 0 late")
        await crm.press("g", "c")
        await crm.until_shown("Alfreds Futterkiste")
        await crm.press("g", "t")
        await crm.until_shown("3 for you")
        await crm.press("G", "enter")
        await crm.until_shown("status to do")
        await crm.press("esc")
        await crm.until_shown("3 for you")


async def test_by_another_day_it_is_another_queue(office: str) -> None:
    async with program(office, size=(140, 30), screen="") as crm:
        await crm.until_shown("3 for you · 1 late")
        with clock.use(NOW + timedelta(days=1)):
            await crm.until_shown("3 for you · 3 late")
            crm.should_show("3 days late", "1 day late")


async def test_what_an_automation_makes_appears_by_itself(office: str) -> None:
    async with program(office, size=(140, 30), screen="orders") as crm:
        await crm.until_shown("ORD-1")
        await crm.press("x")
        await crm.until_shown("Fulfilled")
        await crm.press("g", "t")
        await crm.until_shown("Invoice ORD-1 for Alfreds Futterkiste")
        crm.should_show("in 2 days", "task of ORD-1, nobody's yet")


async def test_where_nothing_is_to_be_done_it_says_so(companies_anywhere: str) -> None:
    async with program(companies_anywhere, size=(80, 24), screen="today") as crm:
        await crm.until_shown("Nothing needs you now")
