"""Keeping in touch, told by its keys: logging, cadences for many, who is due, and walking them."""

from __future__ import annotations

from tests.screens.crm import program


async def test_three_interactions_are_logged_from_the_keyboard_alone(companies_anywhere: str) -> None:
    async with program(companies_anywhere) as crm:
        for channel, subject in (((), "Spring offer"), (("e",), "Price list"), (("m",), "Fair in May")):
            await crm.press("m", *channel, "tab", "tab", *subject, "ctrl+s")
            crm.should_show("Interaction added")
        crm.should_show("just now")
        await crm.press("enter")
        crm.should_show(
            "call, Maria Anders · Spring offer", "e-mail, Maria Anders · Price list", "meeting, Maria Anders"
        )
        await crm.press("/", *"channel:call", "enter")
        crm.should_show("Spring offer")
        crm.should_not_show("Price list", "added client")
        await crm.press("enter")
        crm.should_show("Interactions", "Spring offer")
        await crm.press("esc", "esc")
        crm.should_show("Price list")
        await crm.press("u")
        crm.should_show("undid: add interaction Fair in May", "last contact just now, e-mail")
        crm.should_not_show("meeting, Maria Anders")


async def test_a_cadence_for_many_shows_who_is_due_and_they_are_walked(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("*", "e", *"cadence", "enter")
        await crm.type("30")
        await crm.press("enter")
        crm.should_show("6 clients changed")
        await crm.press("esc", "*", "e", *"follow-up", "enter")
        await crm.type("-2d")
        await crm.press("enter", "esc", "g", "f")
        crm.should_show("6 match", "2 days late")
        await crm.press("enter")
        crm.should_show("1 of 6", "Alfreds Futterkiste", "follow-up 2 days late")
        await crm.press("m", "tab", "tab", *"All well", "ctrl+s")
        crm.should_show("Interaction added", "All well", "next contact in 30 days")
        await crm.press("]")
        crm.should_show("1 of 5", "Königlich Essen")
        await crm.press("z", "enter")
        crm.should_show("follow-up tomorrow")
        await crm.press("]")
        crm.should_show("1 of 4")
        await crm.press("esc")
        crm.should_show("4 match")


async def test_a_customer_becomes_a_client_in_one_dialog_and_one_undo(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("enter", "P")
        crm.should_show("promote Alfreds Futterkiste to client", "Account manager", "Follow-up", "Cadence")
        crm.should_not_show("Postal code")
        await crm.press("ctrl+s")
        crm.should_show("client · active", "ana", "follow-up in 14 days")
        await crm.press("P")
        await crm.until_told("is a client already")
        await crm.press("u")
        crm.should_show("customer", "no team")


async def test_who_leaves_is_asked_why(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press(":", *"client.churn", "enter")
        crm.should_show("Why did they leave?")
        await crm.type("no budget")
        await crm.press("enter")
        crm.should_show("1 client changed", "churned")
