"""Messages and what happens by itself, on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crm_tui.db import Workspace
from crm_tui.models.outbox import OutboxState
from crm_tui.services.operators import sign_in
from crm_tui.widgets.record_form import RecordForm
from tests import business
from tests.mail.conftest import name_server
from tests.mail.server import MailServer
from tests.screens.crm import program


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def office(companies_anywhere: str, open_at: Callable[[str], Workspace], server: MailServer) -> str:
    workspace = open_at(companies_anywhere)
    ana = sign_in(workspace, "ana")
    name_server(workspace, ana, server.port)
    business.save(workspace, ana, "client", 1, email="maria@example.org")
    workspace.close()
    return companies_anywhere


async def test_a_message_is_written_and_goes_out_while_one_works_on(office: str, server: MailServer) -> None:
    async with program(office, size=(120, 30)) as crm:
        await crm.until_shown("Alfreds Futterkiste")
        await crm.press("W")
        await crm.until_shown("new message")
        crm.app.screen.query_one(RecordForm).go_to("template")
        await crm.press(*"Checking in")
        await crm.press("ctrl+s")
        await crm.until_shown("Message added")
        await crm.until(lambda: bool(server.received), "the mail")
        await crm.press("g", "y")
        await crm.until(lambda: crm.text().count("just now") == 2, "that it was sent")
        await crm.press("R")
        await crm.until_told("It was sent")
    (to, mail), = server.received  # fmt: skip
    assert to == "maria@example.org"
    assert mail["Subject"] == "How are things at Alfreds Futterkiste?"


async def test_what_nobody_let_out_waits_and_says_why(
    office: str, open_at: Callable[[str], Workspace], server: MailServer
) -> None:
    workspace = open_at(office)
    with workspace.write():
        OutboxState.delete().execute()  # as in a copy
    business.add(workspace, sign_in(workspace, "ana"), "message", client="#1", subject="Hello", body="Hello")
    workspace.close()
    async with program(office, size=(120, 30)) as crm:
        await crm.until_told("1 message waits")
        await crm.press("g", "y")
        await crm.until_shown("to be sent")
        await crm.press("L")
        await crm.until_told("Look through what waits")
        assert server.received == []
        await crm.press(":", *"message.release", "enter")
        await crm.until_shown("1 message is sent")
        await crm.press("y")
        await crm.until(lambda: bool(server.received), "the mail")


async def test_the_form_says_what_is_filled_in(office: str) -> None:
    async with program(office, size=(120, 30)) as crm:
        await crm.press("g", "u")
        await crm.until_shown("Recurring rules")
        await crm.press("a")
        await crm.until_shown("new recurring rule")
        crm.app.screen.query_one(RecordForm).go_to("schedule")
        await crm.press(*"first monday of the quarter at 9:00")
        await crm.until_shown("Next: Mon 2027-01-04 09:00")
