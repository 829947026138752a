"""Talking about records: comments typed on the screen, and what those they mention see of it."""

from __future__ import annotations

from pathlib import Path

from crm_tui.db import Workspace
from crm_tui.following import POLL_EVERY
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business
from tests.screens.crm import program


def _with_bo(location: str) -> None:
    workspace: Workspace = open_workspace(location)
    business.operator(workspace, sign_in(workspace, "ana"), "bo")
    workspace.close()


async def test_a_mention_reaches_the_other_session_and_leads_to_the_record(companies_anywhere: str) -> None:
    _with_bo(companies_anywhere)
    assert POLL_EVERY < 1.0
    async with program(companies_anywhere) as ana, program(companies_anywhere, login="bo") as bo:
        await ana.press("C", *"@bo please call", "enter")
        ana.should_show("Comment saved")
        await bo.until_shown("1 new")
        await bo.press("g", "n")
        bo.should_show("Notifications", "ana on client Alfreds Futterkiste: @bo please call", "mark all read")
        await bo.press("enter")
        bo.should_show("Alfreds Futterkiste", "commented: @bo please call", "Comments 1")
        await bo.until(lambda: "1 new" not in bo.text(), "reading it")
        await ana.press("u")
        ana.should_show("undid: comment on client Alfreds Futterkiste")
        await bo.until_shown("Comments 0")
        await bo.press("esc")
        await bo.until_shown("No notifications yet")


async def test_marking_read_with_x_and_all_with_shift_x(companies: str) -> None:
    _with_bo(companies)
    async with program(companies) as ana, program(companies, login="bo", screen="notifications") as bo:
        for text in ("@bo one", "@bo two", "@bo three"):
            await ana.press("C", *text, "enter")
        await bo.until_shown("3 new")
        await bo.press("x")
        bo.should_show("1 marked as read")
        await bo.until_shown("2 new")
        await bo.press("X")
        bo.should_show("2 marked as read")
        await bo.until(lambda: " new" not in bo.text().splitlines()[0], "reading all")


async def test_a_mistyped_mention_keeps_the_text_in_the_line(companies: str) -> None:
    _with_bo(companies)
    async with program(companies) as crm:
        await crm.press("C", *"@boo please call", "enter")
        crm.should_show("there is no operator @boo", "@boo please call", 'mean "bo"?')
        await crm.press(*["backspace"] * 13, *" please call", "enter")
        crm.should_show("Comment saved")


async def test_comments_are_written_changed_and_deleted_in_their_tab(companies: str) -> None:
    async with program(companies, size=(80, 24)) as crm:
        await crm.press("enter", *["tab"] * 6)
        crm.should_show("[Comments 0]", "No comments yet")
        await crm.press("a", *"Call on Friday", "enter")
        crm.should_show("[Comments 1]", "Call on Friday", "ana")
        await crm.press("e", "end", *"!", "ctrl+s")
        crm.should_show("Call on Friday!")
        crm.should_not_show("About")
        await crm.press("d")
        crm.should_show("[Comments 0]")
        await crm.press("u")
        crm.should_show("[Comments 1]")


async def test_people_in_their_tab_are_edited_and_added_to_their_client(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("enter", "tab", "e", "end", *" jr", "ctrl+s")
        crm.should_show("Maria Anders jr")
        await crm.press("a", *"Hanna Moos", "ctrl+s")
        crm.should_show("Contacts 2", "Hanna Moos")


async def test_files_are_attached_and_saved_in_their_tab(companies_anywhere: str, tmp_path: Path) -> None:
    offer = tmp_path / "offer.pdf"
    offer.write_bytes(b"what we offer")
    async with program(companies_anywhere) as crm:
        await crm.press("enter", "F", *str(tmp_path / "ofer.pdf"), "enter")
        crm.should_show("There is no file", "ofer")
        await crm.press(*["backspace"] * 6, *"fer.pdf", "enter")
        crm.should_show("Files 1", "attached offer.pdf")
        await crm.press(*["tab"] * 7)
        crm.should_show("[Files 1]", "offer.pdf", "13")
        await crm.press("w", *["backspace"] * 20, *str(tmp_path / "copy.pdf"), "enter")
        await crm.until((tmp_path / "copy.pdf").exists, "the copy")
        assert (tmp_path / "copy.pdf").read_bytes() == b"what we offer"
        await crm.press("d")
        crm.should_show("[Files 0]", "No files yet")
        await crm.press("u")
        crm.should_show("[Files 1]")
