"""Over a slow line keys come in bursts: those meant for a question or a line never run commands."""

from __future__ import annotations

import sys

from crm_tui.models.people import Client
from tests.screens.crm import program
from tests.terminal import Terminal


def test_a_burst_into_the_filter_runs_no_command(companies: str) -> None:
    command = [sys.executable, "-m", "crm_tui", "--workspace", companies, "--operator", "ana", "clients"]
    with Terminal(command, 100, 30) as terminal:
        terminal.wait_for("Königlich Essen", 20)
        terminal.type("/bad dave\r")
        terminal.wait_for("Nothing matches bad dave", 20)
        terminal.press("escape")
        terminal.wait_for("Königlich Essen", 20)
        terminal.type("VFrench\r")
        terminal.wait_for('View "French" saved', 20)
        terminal.type("eX\x13")
        terminal.wait_for("Saved", 20)
        terminal.wait_for("Alfreds FutterkisteX", 20)


async def test_several_undos_in_a_burst_happen_in_order(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("u", "u", "u", "u")
        await crm.until(lambda: Client.select().count() == 4, "four operations undone")
