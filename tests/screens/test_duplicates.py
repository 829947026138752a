"""What is twice there is looked through, merged field by field or told apart, told by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import Crm, program


@pytest.fixture
def twice(sqlite_location: str, open_at: Callable[[str], Workspace]) -> str:
    """The path of a workspace where ACME is twice, with a person at the second."""
    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    business.client(workspace, ana, "ACME Studio", phone="+49 30 1234567", tags="a")
    other = business.client(workspace, ana, "Acme Studio GmbH", phone="030-1234567", country="Germany", tags="b")
    business.client(workspace, ana, "Northwind", phone="(5) 555-4729")
    business.contact(workspace, ana, other, "Maria Anders")
    workspace.close()
    return sqlite_location


async def test_a_likely_pair_is_merged_field_by_field_and_undone(twice: str) -> None:
    async with program(twice, size=(160, 45)) as crm:
        await crm.press("=")
        crm.should_show("Clients that look alike", "ACME Studio #1", "Acme Studio GmbH #2", "same phone, same name")
        await crm.press("enter")
        crm.should_show("Merge client Acme Studio GmbH #2 into ACME Studio #1", "a, b", "all decided")
        await crm.press("right", "ctrl+s")  # the name of the other one
        crm.should_show("No two clients look alike")
        await crm.press("esc")
        crm.should_show("Acme Studio GmbH", "Maria Anders", "Northwind")
        assert crm.screen.context().ids == (1,), "the older one was kept"
        crm.should_show("Clients   2")
        await crm.press("u")
        crm.should_show("ACME Studio", "Acme Studio GmbH", "undid: merge client")


async def test_leaving_merges_nothing(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("=", "enter", "esc")
        crm.should_show("same phone, same name")
        await crm.press("esc")
        crm.should_show("ACME Studio", "Acme Studio GmbH")


async def test_told_apart_they_are_no_longer_a_pair(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("=", "N")
        crm.should_show("No two clients look alike")
        await crm.press("u")
        crm.should_show("same phone, same name")


async def test_two_selected_rows_are_merged_the_older_one_is_kept(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("space", "space", "M")
        crm.should_show("Merge client Acme Studio GmbH #2 into ACME Studio #1")
        await crm.press("m", "ctrl+s")
        await crm.until_shown("1 record moved along")
        assert (await _held(crm, 2))["archived_at"] is not None


async def test_one_record_is_merged_with_a_likely_duplicate(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("j", "j", "M")
        crm.should_show("Nothing here looks like it")
        await crm.press("k", "M")
        crm.should_show("Merge which one into it?", "ACME Studio #1", "same phone, same name")
        await crm.press("enter")
        crm.should_show("Merge client ACME Studio #1 into Acme Studio GmbH #2")
        await crm.press("ctrl+s")
        assert (await _held(crm, 1))["archived_at"] is not None


async def test_what_someone_changes_while_one_chooses_is_not_lost(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("=", "enter")
        bo = await crm.app.session.database.call(
            business.operator, crm.app.session.workspace, crm.app.session.actor, "bo"
        )
        await crm.app.session.database.call(
            records.save, crm.app.session.workspace, bo, entities["client"], 2, {"city": "Porto"}
        )
        await crm.press("ctrl+s")
        await _told(crm, "bo changed City of Acme Studio GmbH")
        assert (await _held(crm, 2))["archived_at"] is None


async def test_three_are_too_many(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("*", "M")
        await _told(crm, "Merging takes two records")


async def test_a_new_client_like_one_there_is_is_told_while_it_is_typed(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("a", *"Northwind Ltd")
        await crm.until_shown("Like Northwind #3: same name")
        await crm.press(*" of another kind")
        await crm.until(lambda: "Like Northwind" not in crm.text(), "the line goes")
        await crm.press("ctrl+s")
        crm.should_show("Northwind Ltd of another kind", "Client added")


async def test_an_edited_client_is_not_told_what_it_is_like(twice: str) -> None:
    async with program(twice) as crm:
        await crm.press("e", "end", "X", "backspace", "ctrl+s")
        crm.should_not_show("Like Acme")


async def test_narrow_terminals_have_room_for_it(twice: str) -> None:
    async with program(twice, size=(80, 24)) as crm:
        await crm.press("=", "enter")
        crm.should_show("ctrl+s merges", "m ACME Studio #1", "t Acme Studio GmbH #2")


async def _told(crm: Crm, text: str) -> None:
    await crm.until(lambda: any(text in message.message for message in crm.app._notifications), repr(text))


async def _held(crm: Crm, record: int) -> dict[str, object]:
    held: dict[str, object] = await crm.app.session.database.call(business.held, "client", record)
    return held
