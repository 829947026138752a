"""Custom fields on the screen: added in a form, there at once in forms, lists and records, of other sessions too."""

from __future__ import annotations

from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.screens.list_screen import ListScreen
from crm_tui.services import records
from tests.screens.crm import program

ANA = Actor(1, "ana", "admin")


def add_field(workspace: Workspace, name: str, **typed: str) -> int:
    return records.add(workspace, ANA, entities["custom_field"], {"entity": "client", "name": name, **typed})


async def test_an_admin_adds_a_field_and_fills_it_in(companies_anywhere: str) -> None:
    async with program(companies_anywhere) as crm:
        await crm.press("g", "s", *"custom", "enter")
        crm.should_show("Custom fields", "No custom fields yet")
        await crm.press("a", "c", "tab", *"industry", "tab", *"Line of work", "ctrl+s")
        await crm.until_shown("industry")
        crm.should_show("Line of work")
        await crm.press("g", "c", "e")
        await crm.until_shown("Line of work")
        await crm.press("shift+tab", *"Brewery", "ctrl+s")
        await crm.until_shown("Saved")
        await crm.press("/", *"industry:brewery", "enter", "enter")
        await crm.until_shown("line of work: – → Brewery")
        await crm.press("shift+tab")
        await crm.until_shown("Line of work")
        await crm.press("u")
        await crm.until_shown("undid: edit client Alfreds Futterkiste: line of work")


async def test_what_another_session_does_to_the_fields_is_seen(companies: str) -> None:
    async with program(companies, size=(160, 40)) as crm:
        workspace = crm.app.session.workspace
        field = await crm.app.session.database.call(lambda: add_field(workspace, "industry", label="Branche"))
        acme = await crm.app.session.database.call(
            lambda: records.add(workspace, ANA, entities["client"], {"name": "AAA", "industry": "Brewery"})
        )
        assert isinstance(crm.screen, ListScreen)
        crm.screen.change_list("industry:brewery sort:industry", ("name", "industry"))
        await crm.settle()
        crm.should_show("Branche", "AAA", "Brewery")
        await crm.app.session.database.call(
            lambda: records.save(workspace, ANA, entities["custom_field"], field, {"label": "Trade"})
        )
        await crm.until_shown("Trade")
        await crm.app.session.database.call(
            lambda: records.archive_many(workspace, ANA, entities["custom_field"], [field])
        )
        await crm.until_shown("Bon app'")
        await crm.until(lambda: "Brewery" not in crm.text(), "the record at the right without the field")
        crm.should_not_show("Trade")
        assert crm.screen.columns == ("name",) and acme
        await crm.press("g", "g", "enter")
        crm.should_show("AAA")
        crm.should_not_show("Trade")


async def test_several_choices_are_offered_while_one_types(companies: str) -> None:
    async with program(companies) as crm:
        workspace = crm.app.session.workspace
        await crm.app.session.database.call(
            lambda: add_field(workspace, "channels", kind="choices", options="mail, phone, post")
        )
        await crm.press("e", "shift+tab")
        crm.should_show("with commas between them: mail, phone, post")
        await crm.type("m")
        await crm.until_shown("mail")
        await crm.press("down", "enter", *", po")
        await crm.until_shown("post")
        await crm.press("ctrl+u", *"phone, mail", "ctrl+s", "enter")
        crm.should_show("mail, phone")
