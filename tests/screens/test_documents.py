"""Documents on the screen: from the notes of a talk to what was approved, changed again and is worked on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_tui import drafts, writings
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.queries import documents as found
from crm_tui.screens.document_screen import DocumentScreen
from crm_tui.screens.section_texts import KEEP_EVERY
from crm_tui.services import documenting, records, revising
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import Crm, program

SECTION = entities["section"]


@pytest.fixture
def agency(companies_anywhere: str, open_at: Callable[[str], Workspace]) -> str:
    """Ana's workspace: a client with people, an order, and the business requirements of a website."""
    workspace = open_at(companies_anywhere)
    ana = sign_in(workspace, "ana")
    business.operator(workspace, ana, "bo")
    business.add(workspace, ana, "order", client="#1", title="Website")
    typed = {"title": "Website: requirements", "client": "#1"}
    documenting.begin(workspace, ana, typed, "business requirements")
    workspace.close()
    return companies_anywhere


def shown(crm: Crm) -> DocumentScreen:
    screen = crm.app.screen
    assert isinstance(screen, DocumentScreen)
    return screen


async def open_document(crm: Crm, title: str = "requirements") -> None:
    await crm.press("g", "r")
    await crm.until_shown("Documents")
    await crm.until_shown(title)
    await crm.press("enter")
    await crm.until(lambda: isinstance(crm.app.screen, DocumentScreen) and shown(crm).found, "the document")
    await crm.until_shown("Summary")


async def go_to(crm: Crm, heading: str) -> None:
    held = shown(crm).found
    assert held is not None
    section = next(one.id for one in held.sections if one.heading == heading and one.id)
    await shown(crm).go_to(section)
    await crm.settle()


async def paste(crm: Crm, text: str) -> None:
    from textual import events

    crm.app.screen.focused.post_message(events.Paste(text))  # type: ignore[union-attr]  # the text has the focus
    await crm.settle()


def body(document: int, heading: str) -> str:
    return next(one.body for one in writings.read(document) if one.heading == heading)


NOTES = "\n".join(
    [
        "they come from a system of 2014", "! Editors publish without a developer ~3h", "nobody knows the password",
        "! Old addresses redirect ~1h30", "? who owns the photos", "! Pages load in a second",
        "the office is in Porto and in Lyon", "> send the offer tomorrow", "! Three languages ~8h",
        "? which three", "they like the blue of the old one", "! A form for support ~4h",
        *(f"and something else {number}" for number in range(8)),
    ]
)  # fmt: skip


async def test_from_the_notes_of_a_talk_to_work_of_an_order(agency: str) -> None:
    async with program(agency, size=(160, 45)) as crm:
        await crm.until_shown("Alfreds Futterkiste")
        await crm.press("n")
        await crm.until(lambda: isinstance(crm.app.screen, DocumentScreen), "the notes")
        await crm.until(lambda: shown(crm).writing, "the cursor in the text")
        await paste(crm, NOTES)
        assert NOTES.count("\n") == 19
        await crm.press("esc")
        await crm.until(lambda: not shown(crm).texts.typed, "the notes saved")
        await crm.press("L")
        await crm.until_shown("Into which document?")
        await crm.press("enter")
        await crm.until_shown("Lifted: 5 requirements, 2 questions, 1 task")
        requirements = body(1, "Functional requirements").split("\n")
        assert len(requirements) == 5
        assert requirements[0] == "- [ ] Editors publish without a developer ~3h ← D-2"
        assert "→ D-1" in body(2, "Notes")

        await crm.press("f")
        await crm.until_shown("Open what?")
        await crm.press("enter")
        await crm.until_shown("2 open questions")
        await crm.press("enter")
        await crm.type("A new site")
        await crm.press("ctrl+down")
        await crm.type("All pages of **today**")
        await crm.press("esc")
        await crm.until(lambda: body(1, "Project scope") == "All pages of **today**", "the scope")
        assert body(1, "Summary") == "A new site"

        await crm.press("n")  # one field added ...
        await crm.until_shown("What is the section called?")
        await crm.type("Languages")
        await crm.press("enter")
        await crm.until_shown("What does it hold?")
        await crm.type("list")
        await crm.press("enter")
        await crm.until(lambda: shown(crm).writing, "the new section")
        await crm.type("Portuguese")
        await crm.press("enter")
        await crm.type("French")
        await crm.press("esc")
        await crm.until(lambda: body(1, "Languages") == "- Portuguese\n- French", "the languages")
        await go_to(crm, "Glossary")
        await crm.press("d")  # ... and one removed
        await crm.until(lambda: "Glossary" not in [one.heading for one in writings.read(1)], "it gone")

        await crm.press("A")
        await crm.until_shown("Who is to approve it?")
        await crm.press("space", "enter")
        await crm.until_shown("in review · rev 1")
        await crm.press("D")
        await crm.until_shown("say?")
        await crm.press("enter")
        await crm.until_shown("In their words?")
        await crm.type("go on")
        await crm.press("enter")
        await crm.until_shown("approved · rev 1")

        await go_to(crm, "Summary")
        await crm.press("enter")
        await crm.type(" and a shop")
        await crm.press("esc")
        await crm.until_shown("is approved (revision 1)")
        await crm.press("y")
        await crm.until_shown("draft · rev 2")
        assert body(1, "Summary") == "A new site and a shop"

        await crm.press("c")
        await crm.until_shown("Compare which revision?")
        await crm.type("1  approved")
        await crm.press("enter")
        await crm.until_shown("With which?")
        await crm.press("enter")
        await crm.until_shown("1 section differs")
        crm.should_show("~ Summary", "A new site", "and a shop")
        await crm.press("esc")

        await crm.press("L")
        await crm.until_shown("Work of which order?")
        await crm.press("enter")
        await crm.until_shown("Which of them?")
        await crm.press("enter")
        await crm.until_shown("As what?")
        await crm.press("enter")
        await crm.until_shown("5 tasks added to ORD-1")
        await crm.until_shown("5 of 5 have work")
        task = business.held("task", 2)
        assert (task["title"], task["estimate"], task["order"], task["document"]) == (
            "Editors publish without a developer", 180, 1, 1,
        )  # fmt: skip


async def test_lists_go_on_tables_are_aligned_and_a_problem_keeps_what_was_typed(agency: str) -> None:
    async with program(agency, size=(160, 45)) as crm:
        await open_document(crm)
        await go_to(crm, "Functional requirements")
        await crm.press("enter")
        assert shown(crm)._editor.text == "- [ ] "
        await crm.type("one")
        await crm.press("enter")
        await crm.type("two")
        await crm.press("enter", "enter")  # an empty item ends the list
        assert shown(crm)._editor.text == "- [ ] one\n- [ ] two\n"
        await crm.press("esc")
        await go_to(crm, "Risks")
        await crm.press("enter", "ctrl+home", "end", "enter")
        await crm.type("Nobody answers the phone")
        await crm.press("tab")
        await crm.type("often")
        await crm.press("esc")
        await crm.until(lambda: "phone" in body(1, "Risks"), "the table")
        assert body(1, "Risks").split("\n")[2].startswith("| Nobody answers the phone | often")
        await go_to(crm, "Timeline")
        await crm.press("enter")
        await crm.type("never")
        await crm.press("esc")
        await crm.until_told("line 1")
        crm.should_show("not saved", "never")
        await crm.press("q")
        await crm.until_shown("Not all of it can be saved")
        await crm.press("y")
        await crm.until(lambda: not isinstance(crm.app.screen, DocumentScreen), "the list")
        await crm.press("enter")
        await crm.until_shown("is back, not saved yet: Timeline")
        crm.should_show("- never")


ROUNDS = 20
"""Times that both write a word and save it."""


async def test_two_sessions_in_one_document_lose_nothing(agency: str) -> None:
    async with program(agency, size=(140, 40)) as mine, program(agency, size=(140, 40), login="bo") as theirs:
        for crm in (mine, theirs):
            await open_document(crm)
        for number in range(ROUNDS):
            for crm, heading in ((mine, "Summary"), (theirs, "Current process")):
                await go_to(crm, heading)
                await crm.press("enter")
                await paste(crm, f" word{number}")
                await crm.press("esc")
            for crm in (mine, theirs):
                await crm.until(lambda crm=crm: not shown(crm).texts.typed, "it saved")  # type: ignore[misc]
        wanted = " ".join(f"word{number}" for number in range(ROUNDS))
        assert body(1, "Summary") == wanted
        assert body(1, "Current process") == wanted


async def test_the_same_section_asks_and_nothing_is_overwritten(agency: str) -> None:
    async with program(agency, size=(140, 40)) as mine, program(agency, size=(140, 40), login="bo") as theirs:
        for crm in (mine, theirs):
            await open_document(crm)
            await crm.press("enter")
        await mine.type("mine")
        await theirs.type("theirs")
        await mine.press("esc")
        await mine.until(lambda: body(1, "Summary") == "mine", "mine saved")
        await theirs.press("esc")
        await theirs.until_shown("mine")
        theirs.should_show("theirs")
        assert body(1, "Summary") == "mine"
        held = shown_below(theirs)
        assert next(iter(held.texts.typed.values())).text == "theirs"


def shown_below(crm: Crm) -> DocumentScreen:
    return next(screen for screen in reversed(crm.app.screen_stack) if isinstance(screen, DocumentScreen))


async def test_a_section_that_somebody_took_away_can_be_added_again(
    agency: str, open_at: Callable[[str], Workspace]
) -> None:
    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        await crm.press("enter")
        await crm.type("my words")
        workspace = crm.app.session.workspace
        section = next(one.id for one in writings.read(1) if one.heading == "Summary" and one.id)
        bo = sign_in(workspace, "bo")
        await crm.app.session.database.call(documenting.remove_section, workspace, bo, section)
        await crm.until_shown("taken away meanwhile")
        await crm.press("enter")
        await crm.until(lambda: "my words" in [one.body for one in writings.read(1)], "it there again")


async def test_a_document_approved_while_somebody_writes_asks(agency: str) -> None:
    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        await crm.press("enter")
        await crm.type("late words")
        workspace = crm.app.session.workspace
        bo = sign_in(workspace, "bo")

        def approve() -> None:
            records.save(workspace, bo, entities["document"], 1, {"status": "approved", "anyway": "yes"})

        await crm.app.session.database.call(approve)
        await crm.until_shown("approved · rev 1")
        await crm.press("esc")
        await crm.until_shown("is approved (revision 1)")
        await crm.press("n")
        await crm.until_shown("not saved")
        assert body(1, "Summary") == ""
        assert [one.number for one in found.revisions(1)] == [1]
        section = next(one.id for one in writings.read(1) if one.heading == "Summary")
        kept = drafts.find(workspace.location, "section", section)
        assert kept is not None
        assert kept.typed == {"body": "late words"}


async def test_an_editor_outside_that_fails_or_leaves_nothing_loses_nothing(
    agency: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from textual.app import App

    monkeypatch.setattr(App, "suspend", lambda self: _nothing())

    def editor(script: str) -> None:
        path = tmp_path / "editor.sh"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        monkeypatch.setenv("EDITOR", str(path))
        monkeypatch.delenv("VISUAL", raising=False)

    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        editor("printf 'typed outside' > \"$1\"")
        await crm.press("E")
        await crm.until(lambda: body(1, "Summary") == "typed outside", "the section")
        editor("printf 'lost?' > \"$1\"; exit 3")
        await crm.press("E")
        await crm.until_told("ended with an error (3)")
        (told,) = [one.message for one in crm.app._notifications if "error (3)" in one.message]
        assert Path(told.rpartition(" ")[2].rstrip(".")).read_text() == "lost?"
        editor(': > "$1"')
        await crm.press("ctrl+e")
        await crm.until_told("left nothing")
        assert body(1, "Summary") == "typed outside"
        editor("sed -i 's/^## Glossary/## Words/; s/typed outside/typed again/' \"$1\"")
        await crm.press("ctrl+e")
        await crm.until(lambda: body(1, "Summary") == "typed again", "the whole")
        assert "Words" in [one.heading for one in writings.read(1)]
        editor("sed -i '1s/.*/---/; 2s/.*/broken/' \"$1\"")
        await crm.press("ctrl+e")
        await crm.until_told("front matter")
        assert body(1, "Summary") == "typed again"


class _nothing:  # noqa: N801  # stands in for a context manager of Textual's
    def __enter__(self) -> None:
        """Step aside."""

    def __exit__(self, *_error: Any) -> None:
        """Come back."""


async def test_finding_replacing_folding_and_the_page(agency: str) -> None:
    async with program(agency, size=(100, 30)) as crm:
        await open_document(crm)
        await crm.press("enter")
        await crm.type("The shop and the SHOP")
        await crm.press("ctrl+f")
        await crm.until_shown("Find")
        await crm.type("shop")
        await crm.press("enter")
        await crm.until(lambda: shown(crm)._editor.selected_text.lower() == "shop", "the place")
        await crm.press("esc")
        await crm.press("%")
        await crm.until_shown("Replace what?")
        await crm.type("shop")
        await crm.press("enter")
        await crm.until_shown("it stands there 2 times")
        await crm.type("market")
        await crm.press("enter")
        await crm.until(lambda: body(1, "Summary") == "The market and the market", "it replaced")
        await crm.press("v")
        await crm.until_shown("What is part of it, in the client's words (still")
        await crm.press("v")
        await crm.press("j", "z")
        await crm.until(lambda: "Out of scope" not in crm.text(), "it folded")
        crm.should_show("Project scope …")
        await crm.press("z", "u")
        await crm.until(lambda: body(1, "Summary") == "The shop and the SHOP", "it undone")


async def test_a_revision_is_brought_back_and_the_record_is_a_key_away(agency: str) -> None:
    async with program(agency, size=(120, 34)) as crm:
        await open_document(crm)
        await crm.press("s")
        await crm.until_shown("Why is it kept?")
        await crm.type("as sent")
        await crm.press("enter")
        await crm.until_shown("Revision 1 kept")
        await crm.press("enter")
        await crm.type("other words")
        await crm.press("esc", "R")
        await crm.until_shown("as sent")
        await crm.press("enter")
        await crm.until_shown("It says again what revision 1 said")
        assert body(1, "Summary") == ""
        await crm.press("o")
        await crm.until_shown("[Timeline]")
        crm.should_show("Comments 0", "Files 0")


async def test_who_only_reads_reads(agency: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(agency)
    ana = sign_in(workspace, "ana")
    viewer = business.operator(workspace, ana, "vera", "viewer")
    revising.keep_revision(workspace, ana, 1)
    workspace.close()
    async with program(agency, size=(120, 34), login=viewer.login) as crm:
        await open_document(crm)
        await crm.press("enter")
        await crm.until_told("viewers only read")
        assert not shown(crm).writing
        await crm.press("c")
        await crm.until_shown("Compare which revision?")


def test_what_is_typed_is_on_the_disk_within_two_seconds() -> None:
    assert KEEP_EVERY <= 2


async def test_saving_while_one_writes_takes_no_space_away(agency: str) -> None:
    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        await crm.press("enter")
        await crm.type("one ")
        await crm.press("ctrl+s")
        await crm.until(lambda: body(1, "Summary") == "one", "it saved")
        await crm.settle()
        await crm.type("two")
        await crm.press("esc")
        await crm.until(lambda: body(1, "Summary") == "one two", "the rest")


async def test_a_restricted_session_reaches_no_program_and_no_file(
    agency: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_at: Callable[[str], Workspace]
) -> None:
    from dataclasses import replace

    workspace = open_at(agency)
    actor = replace(sign_in(workspace, "ana"), restricted=True)
    workspace.close()
    monkeypatch.setenv("EDITOR", f"touch {tmp_path / 'reached'}; false")
    async with program(agency, size=(120, 40), actor=actor) as crm:
        await open_document(crm)
        for key in ("E", "ctrl+e", "w"):
            crm.app.clear_notifications()
            await crm.press(key)
            await crm.until_told("this session is restricted")
        await crm.press("enter")
        await crm.type("written all the same")
        await crm.press("esc")
        await crm.until(lambda: body(1, "Summary") == "written all the same", "it saved")
        await crm.press("q", "g", "c", "F")
        await crm.until_told("this session is restricted")
    assert list(tmp_path.glob("reached*")) == []


async def test_typing_on_while_it_is_saved_loses_no_letter(agency: str) -> None:
    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        await crm.press("enter")
        words = "nothing of what is typed is lost "
        for letter in words:  # saved after each letter, and typed on at once
            await crm.pilot.press("space" if letter == " " else letter, "ctrl+s")
        await crm.type("at all")
        await crm.press("esc")
        await crm.until(lambda: body(1, "Summary") == words + "at all", "all of it")


async def test_names_are_completed_where_people_are_named(agency: str) -> None:
    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        await go_to(crm, "Stakeholders")
        await crm.press("enter")
        await crm.type("mar")
        await crm.press("tab")
        assert shown(crm)._editor.text == "- Maria Anders"
        await crm.press("enter", "b", "tab", "esc")
        await crm.until(lambda: body(1, "Stakeholders") == "- Maria Anders\n- bo", "both named")


async def test_a_paste_that_is_far_too_long_is_refused_in_words(agency: str) -> None:
    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        await crm.press("enter")
        await crm.type("before")
        await paste(crm, "x" * 5_000_000)
        await crm.until_told("nothing was pasted")
        await paste(crm, " \x1b[31mred\x07 <b>bold</b>")
        await crm.press("esc")
        await crm.until(lambda: body(1, "Summary").startswith("before"), "it saved")
        assert body(1, "Summary").endswith("red <b>bold</b>")
        assert "\x1b" not in body(1, "Summary")


async def test_a_list_at_the_cursor_becomes_work(agency: str) -> None:
    async with program(agency, size=(140, 40)) as crm:
        await open_document(crm)
        await go_to(crm, "Out of scope")
        await crm.press("enter")
        await crm.type("Print a folder ~2h")
        await crm.press("esc")
        await crm.until(lambda: body(1, "Out of scope") == "- Print a folder ~2h", "the list")
        await crm.press("L")
        await crm.until_shown("Work of which order?")
        await crm.press("enter")
        await crm.until_shown("Which of them?")
        await crm.press("enter")
        await crm.until_shown("As what?")
        await crm.press("down", "enter")
        await crm.until_shown("1 item added to ORD-1")
        await crm.until_shown("1 of 1 have work")
        assert business.held("checklist_item", 1)["text"] == "Print a folder"
