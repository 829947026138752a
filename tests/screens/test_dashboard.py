"""The dashboard: walked by keys, of any time, filtered; each number leads to its records and back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crm_tui.db import Workspace
from crm_tui.screens.card_grid import CardGrid
from crm_tui.screens.dashboard_screen import DashboardScreen
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import Crm, program


@pytest.fixture
def agency(location: str, open_at: Callable[[str], Workspace]) -> str:
    """Three clients in two countries, with orders of this quarter, of the last one and of last year."""
    workspace = open_at(location)
    ana = sign_in(workspace, "ana")
    for name, country in (("ACME Studio", "Germany"), ("Børge & Co", "Norway"), ("Café Süd", "Germany")):
        business.client(workspace, ana, name, country=country)
    for client, day, price, more in (
        (
            "ACME Studio",
            "2026-11-02",
            "100",
            {"due_on": "2026-11-10", "stage": "fulfilled", "fulfilled_on": "2026-11-09"},
        ),
        (
            "ACME Studio",
            "2026-10-05",
            "50",
            {"due_on": "2026-10-10", "stage": "fulfilled", "fulfilled_on": "2026-10-12"},
        ),
        ("Børge & Co", "2026-11-20", "300", {}),
        ("Café Süd", "2026-08-01", "80", {}),
        ("Café Süd", "2025-11-01", "1000", {"stage": "cancelled"}),
    ):
        order = business.add(workspace, ana, "order", client=client, ordered_on=day, **more)
        business.add(workspace, ana, "order_line", order=f"#{order}", title="Work", quantity="1", unit_price=price)
    workspace.close()
    return location


@asynccontextmanager
async def dashboard(location: str, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Crm]:
    """The program with the dashboard of the agency on it."""
    async with program(location, size=size) as crm:
        await crm.press("g", "d")
        await crm.until_shown("€450.00")
        yield crm


async def test_numbers_lead_to_their_records_and_back(agency: str) -> None:
    async with program(agency, size=(160, 45)) as crm:
        await crm.press("g", "d")
        await crm.until_shown("€450.00  ▲ 463 %")
        crm.should_show("Dashboard: owner", "Q4 2026", "against the time before", "3  ▲ 200 %", "50 %")
        await crm.press("enter")
        await crm.until_shown("3 match")
        crm.should_show('ordered-on:2026-10-01..2026-12-31 not stage:"cancelled"', "Børge & Co")
        crm.should_not_show("Café Süd")
        await crm.press("escape")
        await crm.until_shown("€450.00  ▲ 463 %")
        await crm.press("z", "l", "l", "l", "l", "l", "l")
        await crm.until_shown("€100.00")
        crm.should_show("cancelled ones not")
        await crm.press("enter")
        await crm.until_shown("1 match")
        await crm.press("escape", "escape")
        await crm.until_shown("Orders placed")


async def test_every_bar_is_reached_by_keys(agency: str) -> None:
    async with program(agency, size=(160, 45)) as crm:
        await crm.press("g", "d")
        await crm.until_shown("Børge & Co")
        for _n in range(40):
            await crm.press("tab")
            if "Value by country" in _at_cursor(crm):
                break
        assert "Value by country" in _at_cursor(crm)
        await crm.press("j")
        assert "Norway" in _at_cursor(crm)
        await crm.press("j")
        assert "Germany" in _at_cursor(crm)
        await crm.press("enter")
        await crm.until_shown("2 match")
        crm.should_show('client.country="Germany"')
        await crm.press("escape", "k", "k")
        assert "Value by country" in _at_cursor(crm)


def _at_cursor(crm: object) -> str:
    """What stands under the dashboard's cursor."""
    view = getattr(crm, "screen")._view  # noqa: B009  # the only place that knows
    return " ".join(span.text for line in view._content for span in line if span.how == "cursor")


def _grid(crm: Crm) -> CardGrid:
    """The cards on the screen."""
    assert isinstance(crm.screen, DashboardScreen)
    return crm.screen.grid


async def test_any_time_and_what_it_is_compared_with(agency: str) -> None:
    async with dashboard(agency) as crm:
        await crm.press("[")
        await crm.until_shown("Q3 2026")
        await crm.until_shown("€80.00")
        await crm.press("]", "{")
        await crm.until_shown("▸ 2026 ▸")
        await crm.until_shown("€530.00")
        await crm.press("}", "}")
        await crm.until_shown("Nov 2026")
        await crm.until_shown("€400.00  ▲ 700 %")
        await crm.press("c")
        await crm.until_shown("against a year before")
        await crm.press("p")
        await crm.until_shown("Which time?")
        await crm.type("someday")
        await crm.press("enter")
        await crm.until_told("is no period")
        await crm.press("p")
        await crm.until_shown("Which time?")
        await crm.type("2031")
        await crm.press("enter")
        await crm.until_shown("▸ 2031 ▸")
        await crm.until_shown("€0.00")


async def test_one_filter_for_all_and_a_card_that_it_does_not_fit_says_so(agency: str) -> None:
    async with dashboard(agency) as crm:
        await crm.press("/")
        await crm.until_shown("Count only what matches")
        await crm.type("client.country:norway")
        await crm.press("enter")
        await crm.until_shown("€300.00")
        await crm.until_shown('"client"')  # clients have no client: their cards say so, the others stand
        await crm.press("/")
        await crm.press(*["backspace"] * 25, "enter")
        await crm.until_shown("€450.00")


async def test_others_changes_appear_by_themselves(agency: str) -> None:
    async with dashboard(agency) as crm:
        words = ("--workspace", agency, "--operator", "ana", "set", "order-lines", "#1", "unit_price=107")
        await asyncio.to_thread(subprocess.run, [sys.executable, "-m", "crm_tui", *words], check=True, timeout=60)
        await crm.until_shown("€457.00")


async def test_other_dashboards_and_the_one_it_was_left_at(agency: str) -> None:
    async with program(agency, size=(80, 24)) as crm:
        await crm.press("g", "d")
        await crm.until_shown("Dashboard: owner")
        await crm.press("D")
        await crm.until_shown("Which dashboard?")
        await crm.press("down", "down", "enter")
        await crm.until_shown("Dashboard: delivery")
        await crm.until_shown("Days to fulfil")
        await crm.press("g", "c")
        await crm.until_shown("ACME Studio")
        await crm.press("g", "d")
        await crm.until_shown("Dashboard: delivery")


async def test_a_report_of_what_is_shown(agency: str, tmp_path: Path) -> None:
    async with dashboard(agency, size=(120, 40)) as crm:
        await crm.press("R")
        await crm.until_shown("Write to which file?")
        await crm.type(str(tmp_path / "r.html"))
        await crm.press("enter")
        await crm.until_shown("Written to")
    assert "€450.00" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (240, 70)])
async def test_an_empty_workspace_and_every_width(location: str, size: tuple[int, int]) -> None:
    async with program(location, size=size) as crm:
        await crm.press("g", "d")
        await crm.until_shown("Orders value")
        for name in range(4):
            await crm.press("D")
            await crm.until_shown("Which dashboard?")
            await crm.press(*["down"] * name, "enter")
            await crm.press(*["tab"] * 12, *["j"] * 5, "h", "l", "z", "j", "z")
        crm.should_not_show("went wrong")


async def test_a_card_is_put_together_drawn_while_typing_and_moved(agency: str) -> None:
    async with dashboard(agency) as crm:
        await crm.press("a")
        await crm.until_shown("What shall the card show?")
        await crm.press("enter")
        await crm.until_shown("My owner")
        await crm.press("enter")
        await crm.until_shown("it is drawn here")
        crm.should_show("My owner")
        await crm.press("down", "down", "right")
        await crm.press("down", "down")
        await crm.type("total")
        await crm.press("down")
        await crm.type("orders")
        await crm.until_shown("The sum of total of orders")
        await crm.until_shown("€1,530.00")
        await crm.press("down")
        await crm.type("-stage:cancelled")
        await crm.until_shown("€530.00")
        await crm.press("ctrl+s")
        await crm.until_shown("Dashboard: My owner")
        await crm.until(lambda: _grid(crm).at == 13, "the cursor on the new card")
        assert "The sum of total" in _at_cursor(crm)
        await crm.press("H")
        await crm.until(lambda: _grid(crm).at == 12, "the grid")
        assert "The sum of total" in _at_cursor(crm)
        await crm.press(">", "+")
        await crm.until(lambda: _grid(crm).cards[12].card[2:4] == (2, 7), "the grid")
        await crm.press("enter")
        await crm.until_shown("4 match")
        await crm.press("escape")
        await crm.until_shown("Dashboard: My owner")
        await crm.press("x")
        await crm.until(lambda: len(_grid(crm).cards) == 13, "the grid")
        await crm.press("u")
        await crm.until(lambda: len(_grid(crm).cards) == 14, "the grid")
        await crm.press("D")
        await crm.until_shown("your own, or shared with you")
        await crm.press("enter")
        await crm.until_shown("Dashboard: owner")


async def test_segments_of_stacked_bars_and_days_are_reached_by_keys(
    agency: str, open_at: Callable[[str], Workspace]
) -> None:
    workspace = open_at(agency)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "dashboard", name="Mine")
    given = {"dashboard": "Mine", "entity": "orders", "dated": "ordered-on"}
    business.add(workspace, ana, "card", picture="stacked", group="year", split="stage", period="2025..2026", **given)
    business.add(workspace, ana, "card", picture="heat", period="2026-11", height="9", **given)
    workspace.close()
    async with program(agency, size=(160, 45)) as crm:
        await crm.press("g", "d", "D", "end", "enter")
        await crm.until_shown("Dashboard: Mine")
        await crm.until_shown("▓ fulfilled")
        await crm.press("j", "j", "l")
        await crm.until_shown("new  2  2 records")
        await crm.press("l", "enter")
        await crm.until_shown("2 match")
        crm.should_show('stage="fulfilled"')
        await crm.press("escape")
        await crm.until_shown("Dashboard: Mine")
        await crm.press("tab", "l", "j")
        assert "2 Nov 2026  1" in _at_cursor(crm)
        await crm.press("l", "enter")
        await crm.until_shown("0 match")


async def test_a_dashboard_of_somebody_else_is_copied_before_it_is_changed(
    agency: str, open_at: Callable[[str], Workspace]
) -> None:
    workspace = open_at(agency)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "operator", login="bo")
    business.add(workspace, ana, "dashboard", name="Ours", shared="yes")
    business.add(workspace, ana, "card", dashboard="Ours", kpi="orders-placed")
    workspace.close()
    async with program(agency, size=(100, 30), login="bo") as crm:
        await crm.press("g", "d", "D", "end", "enter")
        await crm.until_shown("Dashboard: Ours")
        await crm.press(">")
        await crm.until_shown("somebody else's")
        await crm.press("enter")
        await crm.until_shown("Dashboard: My Ours")
        await crm.until(lambda: _grid(crm).cards[0].card.width == 2, "a wider card")
