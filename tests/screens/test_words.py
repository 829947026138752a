"""Words and templates on the screen: chosen when there is nothing yet, changed, moved, replaced, seen by others."""

from __future__ import annotations

from crm_tui import templates
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from tests.screens.crm import program

ANA = Actor(1, "ana", "admin")


async def test_an_empty_workspace_offers_templates_and_one_undo_takes_one_back(location: str) -> None:
    async with program(location) as crm:
        crm.should_show("No clients yet", "g W chooses a template")
        await crm.press("g", "W")
        crm.should_show("Begin with a template", "Law office", "conflict checks, matters, limitation")
        await crm.press(*"law", "enter")
        await crm.until_shown("Law office adds")
        crm.should_show("Add all of this", "client stage (8)", "enquiry, conflict check")
        await crm.press("enter")
        await crm.until_shown("u takes them back")
        await crm.press("a", *"ACME", "ctrl+s")
        await crm.until_shown("enquiry")
        await crm.press("v")
        await crm.until_shown("Open matters")
        await crm.press("escape", "u", "u")
        await crm.until_shown("undid: begin with the template Law office")
        await crm.press("v")
        await crm.until_shown("Customers")
        crm.should_not_show("Open matters")


async def test_an_admin_makes_words_their_own_and_changes_them(companies_anywhere: str) -> None:
    async with program(companies_anywhere) as crm:
        await crm.press("g", "w", *"client stage", "enter")
        await crm.until_shown("Make them yours")
        await crm.press("y")
        await crm.until_shown("Posit")
        crm.should_show("churned", "Words", "qualified", "won", "gone")
        await crm.press("J")
        await crm.until(lambda: crm.text().index("qualified") < crm.text().index("lead"), "the first word moved down")
        await crm.press("a", "tab", *"on ice", "tab", "tab", *"q", "ctrl+s")
        await crm.until_shown("on ice")
        await crm.press("g", "g", "j", "R")
        await crm.until_shown("Replace lead by")
        await crm.press("escape", "d")
        await crm.until_shown("client")
        await crm.press("u", "u", "u")
        await crm.until_shown("undid: the words of client stage, to be changed")


async def test_a_word_changed_elsewhere_is_shown_at_once(companies: str) -> None:
    async with program(companies) as crm:
        workspace = crm.app.session.workspace
        await crm.app.session.database.call(
            lambda: records.add(
                workspace, ANA, entities["word"], {"vocabulary": "client.stage", "value": "lead", "label": "Anfrage"}
            )
        )
        await crm.until_shown("Anfrage")
        await crm.press("/", *"stage:anf")
        await crm.until_shown("lead")


async def test_who_only_reads_is_shown_the_words(companies: str) -> None:
    for actor in (Actor(1, "ana", "admin", readonly=True), Actor(1, "ana", "viewer")):
        async with program(companies, actor=actor) as crm:
            crm.should_not_show("chooses a template")
            await crm.press("g", "w", *"client stage", "enter")
            await crm.until_shown("churned")
            crm.should_show("Client stage", "gone")
            await crm.press("escape", "g", "W")
            await crm.until(lambda: crm.app._notifications, "a reason why not")


async def test_a_template_applied_elsewhere_is_there_at_once(companies_anywhere: str) -> None:
    async with program(companies_anywhere, size=(160, 40), query="stage:lead") as crm:
        workspace = crm.app.session.workspace
        await crm.app.session.database.call(lambda: templates.apply(workspace, ANA, templates.find("law-office")))
        await crm.until_shown("enquiry")
        await crm.press("g", "w")
        await crm.until_shown("standing client")
        await crm.press(*"role", "enter")
        await crm.until_shown("instructing person")
        await crm.press("g", "c", "P")
        await crm.until_shown("promote Alfreds")
        crm.should_show("open matter")
