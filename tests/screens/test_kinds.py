"""Clients and customers on the screen: views, columns, forms, flags, and how the one becomes the other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


@pytest.fixture
def agency(companies: str, open_at: Callable[[str], Workspace]) -> str:
    """The six companies, two of them clients, one of those gone quiet; a support team."""
    workspace = open_at(companies)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "team", name="Support")
    business.save(workspace, ana, "client", 1, kind="client", stage="active", owner="ana", acquired_on="2024-03-01")
    business.save(workspace, ana, "client", 3, kind="client", stage="active", cadence_days="10", team="Support",
                  acquired_on="2025-01-10")  # fmt: skip
    business.save(workspace, ana, "client", 2, team="Support", source="fair")
    workspace.close()
    return companies


async def test_columns_follow_the_view_until_they_are_chosen(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("v")
        crm.should_show("Views", "Clients", "Customers", "Without an account manager", "Gone quiet")
        await crm.press(*"customers", "enter")
        crm.should_show("kind:customer", "4 match", "Team", "Lifetime value", "Support")
        crm.should_not_show("Score", "Owner")
        await crm.press("v", *"Clients", "enter")
        crm.should_show("kind:client", "2 match", "Score", "Owner", "! team only")
        crm.should_not_show("Lifetime value")
        await crm.press("c", *"City", "space", "enter")
        crm.should_show("City", "Berlin")
        await crm.press("esc", "/", *"kind:customer", "enter")
        crm.should_show("4 match", "City", "Madrid", "Owner")
        crm.should_not_show("Lifetime value")
        await crm.press("v", *"customers", "enter")
        crm.should_show("Lifetime value")
        crm.should_not_show("City")


async def test_a_view_one_saved_stands_before_those_that_ship(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("v", *"customers", "enter", "V")
        await crm.type("Buyers")
        await crm.press("enter", "v")
        shown = crm.text()
        assert shown.index("Buyers") < shown.index("Without an account manager")
        await crm.press("enter", "v", *"clients", "enter")
        crm.should_show("kind:client", "Score")  # columns saved as they fitted go on fitting


async def test_a_form_is_put_in_order_by_the_kind_and_keeps_what_was_typed(agency: str) -> None:
    async with program(agency, size=(80, 40)) as crm:
        await crm.press("a", *"Chop-suey", "tab", "tab", "tab")
        await crm.type("Supp")
        await crm.press("tab", "shift+tab", "shift+tab", "shift+tab")
        lines = crm.text().splitlines()
        assert [line.split()[0] for line in lines[1:5]] == ["Name", "▌Kind", "Stage", "Team"]
        await crm.press("right")
        lines = [line.lstrip("▌ ") for line in crm.text().splitlines()]
        assert [line[:15].strip() for line in lines[1:5]] == ["Name", "Kind", "Stage", "Account manager"]
        crm.should_show("Chop-suey", "Supp", "Client since")
        await crm.until_shown("! team only")
        await crm.press("left")
        crm.should_show("Chop-suey", "Supp", "In charge")
        crm.should_not_show("Account manager")


async def test_a_client_without_a_manager_is_warned_of_and_saved_all_the_same(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("a", *"Chop-suey", "tab", "right")
        await crm.until_shown("! no manager")
        await crm.press("ctrl+s")
        crm.should_show("Client added", "! no manager")
        await crm.press("v", *"without", "enter")
        crm.should_show("2 match", "Chop-suey")
        await crm.press("G", "enter")
        crm.should_show("client · lead · ! no manager")


async def test_the_record_tells_first_what_matters_of_its_kind(agency: str) -> None:
    async with program(agency, size=(150, 45)) as crm:
        await crm.press("enter")
        crm.should_show("client · active · ana · since Mar 2024", "Account manager", "Client since")
        await crm.press("]")
        crm.should_show("client · active · since Jan 2025 · Support · ! team only", "! gone quiet: Z makes it dormant")
        await crm.press("]", "]", "]", "]")
        crm.should_show("customer · lead · Support · from fair")
        crm.should_not_show("Account manager", "Cadence")


async def test_steps_in_a_row_are_each_one_further_while_the_database_is_slow(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("enter")
        slow = threading.Event()
        waiting = asyncio.ensure_future(crm.app.session.database.call(slow.wait))
        for _step in range(3):
            await crm.pilot.press("]")
            crm.screen.release_keys()  # as after half a second
        slow.set()
        await waiting
        await crm.until_shown("4 of 6")


async def test_quiet_clients_become_dormant_together_and_come_back_with_one_undo(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("v", *"quiet", "enter")
        crm.should_show("1 match", "Around the Horn", "! team only, …")
        await crm.press("*", "Z")
        crm.should_show("1 client changed", "0 match")
        await crm.press("u")
        crm.should_show("1 match", "undid")


async def test_back_to_customer_offers_the_team_and_is_undone_at_once(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("enter", ":", *"client.demote", "enter")
        crm.should_show("Alfreds Futterkiste back to customer", "Support")
        await crm.press("ctrl+s")
        crm.should_show("customer · active · Support · since Mar 2024 · ana", "team: – → Support")
        await crm.press(":", *"client.demote", "enter")
        await crm.until_told("is a customer already")
        await crm.press("u")
        crm.should_show("client · active · ana · since Mar 2024")


async def test_assigning_offers_operators_and_teams(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("*", "@")
        crm.should_show("Give to", "ana", "Support", "support team", "nobody")
        await crm.press(*"support", "enter")
        crm.should_show("4 clients changed")
        await crm.press("esc", "/", *"team:support", "enter")
        crm.should_show("6 match")


async def test_a_team_and_its_members(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("g", "e")
        crm.should_show("Teams", "Support")
        await crm.press("M")
        crm.should_show("Who is in the team?")
        await crm.press("space", "enter")
        crm.should_show("1 came, 0 left", "ana")
        await crm.press("enter", "tab")
        crm.should_show("support", "Members 1", "ana")
        await crm.press("d")
        crm.should_show("No members yet")
        await crm.press("a")
        crm.should_show("Operator", "Support")
        await crm.type("ana")
        await crm.press("ctrl+s")
        crm.should_show("Members 1")
        await crm.press("esc", "d")
        await crm.until_told("Support serves 2 clients")


async def test_what_stands_beside_the_list_tells_the_story(agency: str) -> None:
    async with program(agency, size=(160, 45)) as crm:
        await crm.press("m", "tab", "tab", *"Spring offer", "ctrl+s")
        await crm.press("C", *"Call before noon", "enter", "j", "k")
        await crm.until_shown("commented: Call before noon")
        crm.should_show("client · active · ana", "call, Maria Anders · Spring offer", "added contact Maria Anders")
