"""A person's own data on the screen: exported, erased for good, and not contacted against their will."""

from __future__ import annotations

import json
from pathlib import Path

from crm_tui.models.base import entities
from crm_tui.services import comments, erasing
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business
from tests.screens.crm import program


def _flag_maria(location: str) -> None:
    workspace = open_workspace(location)
    ana = sign_in(workspace, "ana")
    business.save(workspace, ana, "contact", 1, do_not_contact="yes", email="maria@alfreds.example")
    workspace.close()


async def test_all_that_is_held_is_written_where_one_says(companies_anywhere: str, tmp_path: Path) -> None:
    file = tmp_path / "maria.json"
    async with program(companies_anywhere, screen="contacts", query="maria") as crm:
        await crm.press(":", *"contact.export_person", "enter")
        crm.should_show("Write all that is held of the person where?", "contact-1.json")
        await crm.press(*["backspace"] * 20, *str(file), "enter")
        await crm.until(file.exists, "the file")
        assert json.loads(file.read_text())["person"]["name"] == "Maria Anders"
        await crm.press(":", *f"contact.export_person to={file}", "enter")
        await crm.until_shown("Replace")
        await crm.press("n")


async def test_erasing_asks_first_then_shows_where_the_name_still_stands(companies_anywhere: str) -> None:
    workspace = open_workspace(companies_anywhere)
    comments.add(workspace, sign_in(workspace, "ana"), entities["client"], [1], "Call Maria Anders on Friday")
    workspace.close()
    async with program(companies_anywhere, screen="contacts", query="maria") as crm:
        await crm.press(":", *"contact.erase_person", "enter")
        await crm.until_shown("Erase Maria Anders for good?")
        crm.should_show("1 contact", "cannot be undone")
        await crm.press("n")
        crm.should_show("Maria Anders")
        await crm.press(":", *"contact.erase_person", "enter")
        await crm.until_shown("Erase Maria Anders for good?")
        await crm.press("y")
        await crm.until_shown("still name")
        crm.should_show("comment 1: text")
        await crm.press("enter")
        crm.should_show("Call Maria Anders on Friday")
        await crm.press("esc", "u")
        await crm.until_told("final and cannot be undone")


async def test_a_form_that_is_open_meanwhile_says_so_and_forgets(companies: str) -> None:
    async with program(companies, screen="contacts", query="maria") as crm:
        await crm.press("e", "end", *" jr")
        workspace = crm.app.session.workspace
        actor = sign_in(workspace, "ana")
        await crm.app.session.database.call(erasing.erase, workspace, actor, entities["contact"], 1)
        await crm.press("ctrl+s")
        await crm.until_told("of a person who was erased")
        crm.should_not_show("Maria Anders jr")
    async with program(companies, screen="contacts", query="has:archived") as crm:
        crm.should_show("erased person 1")
        await crm.press("e")
        await crm.until_told("nothing of them is written again")
        crm.should_not_show(" jr", "ctrl+s save")


async def test_whoever_wants_no_contact_is_told_of_in_words(companies: str) -> None:
    _flag_maria(companies)
    async with program(companies, size=(160, 45)) as crm:
        crm.should_show("do not contact:")
        await crm.until_shown("! do not contact")
        await crm.press("y")
        crm.should_show("copied; do not contact: Maria Anders, the point of contact, wants no contact")
        await crm.press("enter")
        await crm.until_shown("! Maria Anders")
        crm.should_show(
            "! Maria Anders, the point of contact, wants no contact", "do not contact: maria@alfreds.example"
        )
    async with program(companies, size=(160, 45), screen="contacts", query="maria") as crm:
        await crm.until_shown("! do not contact")
        crm.should_show("do not contact:")
        await crm.press("enter")
        await crm.until_shown("! do not contact")


async def test_logging_what_we_sent_asks_first_and_what_they_sent_does_not(companies: str) -> None:
    _flag_maria(companies)
    async with program(companies, size=(80, 24)) as crm:
        await crm.press("m")
        crm.should_show("log contact with Alfreds Futterkiste (do not contact)")
        await crm.press("ctrl+s")
        await crm.until_shown("all the same?")
        await crm.press("n")
        crm.should_show("log contact with Alfreds")
        await crm.press("ctrl+s")
        await crm.until_shown("all the same?")
        await crm.press("y")
        await crm.until_shown("Interaction added")
        await crm.press(":", *"client.log channel=email direction=in subject=hello", "enter")
        await crm.until_shown("1 interaction logged")
        await crm.press(":", *"client.log channel=email subject=hello", "enter")
        await crm.until_shown("all the same?")
        await crm.press("y")
    workspace = open_workspace(companies)
    model = entities["interaction"].model
    assert model.select().count() == 3
    workspace.close()
