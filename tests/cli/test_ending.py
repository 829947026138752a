"""The program in a terminal that is closed, or asked to end: it goes, and what was being typed is kept."""

from __future__ import annotations

import signal
from collections.abc import Callable

import psutil
import pytest

from crm_tui.config import state_folder
from tests.terminal import Terminal

# As ``make`` and ``sudo`` do: it stands between the terminal and the program, is told that the terminal was closed,
# tells nobody, and waits for the program.
BETWEEN = ["sh", "-c", 'trap : HUP; "$@"; exit 0', "between"]


def _ask(terminal: Terminal) -> None:
    terminal.signal(signal.SIGTERM)


@pytest.mark.parametrize(
    ("between", "end"),
    [([], Terminal.hangup), (BETWEEN, Terminal.hangup), ([], _ask)],
    ids=["closed", "closed behind another", "asked"],
)
def test_it_ends_with_its_terminal_and_keeps_what_was_typed(
    sqlite_location: str, terminal_command: list[str], between: list[str], end: Callable[[Terminal], None]
) -> None:
    command = [*between, *terminal_command, "--workspace", sqlite_location, "--operator", "ana", "clients"]
    with Terminal(command, cols=100, rows=30) as terminal:
        terminal.wait_for("No clients yet", 20)
        terminal.press("a")
        terminal.wait_for("new client", 20)
        terminal.type("Half a na")
        terminal.wait_for("Half a na")
        processes = terminal.processes()
        end(terminal)
        assert terminal.wait_exit() == 0
        _gone, left = psutil.wait_procs(processes, timeout=10)
    assert not left
    assert any("Half a na" in draft.read_text() for draft in (state_folder() / "drafts").iterdir())
