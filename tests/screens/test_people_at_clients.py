"""People who are at several clients, told by the keys of the record screen."""

from __future__ import annotations

from tests.screens.crm import program


async def test_somebody_existing_comes_to_a_client_with_a_role(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("/", *"königlich", "enter", "enter", "tab")
        crm.should_show("[Contacts 1]", "Philip Cramer")
        await crm.press("A")
        crm.should_show("somebody to add to Königlich Essen", "Person", "Role", "Primary")
        crm.should_not_show("External id")
        await crm.type("Maria Anders")
        await crm.press("tab", "b", "ctrl+s")
        crm.should_show("Affiliation added", "[Contacts 2]", "Maria Anders", "billing")
        await crm.press("u")
        crm.should_show("undid: Maria Anders is at Königlich Essen", "[Contacts 1]")


async def test_a_role_is_changed_there_the_point_of_contact_passes_on_and_somebody_leaves(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("/", *"königlich", "enter", "enter", "tab", "A")
        await crm.type("Maria Anders")
        await crm.press("ctrl+s", "end", "R")
        crm.should_show("Maria Anders at Königlich Essen", "Role", "Primary")
        await crm.press("i", "ctrl+s")
        crm.should_show("Saved", "influencer")
        await crm.press("!")
        crm.should_show("Maria Anders, influencer", "Now the point of contact")
        await crm.press("x")
        crm.should_show("Take this person from the client? They stay, without it.")
        await crm.press("y")
        crm.should_show("[Contacts 1]", "Maria Anders is no longer at Königlich Essen")
        await crm.press("u")
        crm.should_show("[Contacts 2]", "Maria Anders, influencer")


async def test_the_clients_of_a_person_are_opened_from_there_and_logging_asks_which(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("g", "P", "/", *"maria anders", "enter", "enter", "A")
        crm.should_show("another client of Maria Anders")
        await crm.type("Königlich Essen")
        await crm.press("ctrl+s")
        crm.should_show("Clients 2", "at Alfreds Futterkiste", "· Königlich Essen")
        await crm.press("m")
        crm.should_show("About which client?", "Alfreds Futterkiste", "Königlich Essen")
        await crm.press("down", "enter", "tab", "tab", *"Invoice", "ctrl+s")
        crm.should_show("Interaction added", "Invoice")
        await crm.press("tab", "down", "enter")
        crm.should_show("Clients ▸ Königlich Essen", "call, Maria Anders · Invoice")
