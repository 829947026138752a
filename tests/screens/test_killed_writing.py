"""kill -9 while somebody writes: what was typed until two seconds before comes back."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from crm_tui import writings
from crm_tui.config import state_folder
from crm_tui.db import Workspace
from crm_tui.services import documenting
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program
from tests.terminal import Terminal


async def test_what_was_typed_comes_back(sqlite_location: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    business.client(workspace, ana)
    documenting.begin(workspace, ana, {"title": "Website", "client": "ACME Studio"}, "business requirements")
    section = next(one.id for one in writings.read(1) if one.heading == "Summary")
    workspace.close()
    command = [sys.executable, "-m", "crm_tui", "--workspace", sqlite_location, "--operator", "ana", "documents"]
    with Terminal(command, 120, 40) as terminal:
        terminal.wait_for("Website", 20)
        terminal.press("enter")
        terminal.wait_for("Glossary", 20)
        terminal.press("enter")
        terminal.wait_for("ctrl+s save", 20)
        terminal.type("Nothing of this may be lost")
        terminal.wait_for("may be lost", 20)

        def kept() -> bool:
            files = (state_folder() / "drafts").glob(f"*-section-{section}-*.json")
            return any('"Nothing of this may be lost"' in file.read_text() for file in files)

        terminal.wait_until(kept, "the draft on the disk", 20)
        terminal.type(" but this")
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit(20)
    async with program(sqlite_location, size=(120, 40), screen="documents") as crm:
        await crm.until_shown("Website")
        await crm.press("enter")
        await crm.until_shown("is back, not saved yet: Summary")
        crm.should_show("Nothing of this may be lost", "not saved")
        await crm.press("enter", "ctrl+s")
        await crm.until(lambda: writings.read(1)[0].body.startswith("Nothing of this may be lost"), "it saved")
