"""Only what looks different is sent while somebody writes; what stands on the terminal is what a full paint shows."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.services import documenting
from crm_tui.services.operators import sign_in
from tests.terminal import Terminal

KEYS = ("enter", "backspace", "delete", "up", "down", "left", "right", "home", "end", "pagedown", "pageup", "tab",
        "ctrl+z", "ctrl+y")  # fmt: skip
WORDS = ("word ", "**bold** ", "- item", "| a | b |", "さくら ", "# head", "→ T-1 ", "ünï ", "x" * 150)


@pytest.mark.parametrize("seed", range(3))
def test_the_terminal_shows_what_a_full_paint_shows(
    sqlite_location: str, open_at: Callable[[str], Workspace], seed: int
) -> None:
    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    text = "\n\n".join(f"Paragraph {number} with **some** words and #links that wrap " * 3 for number in range(20))
    documenting.from_file(workspace, ana, f"---\ntitle: Long\n---\n## Text\n<!-- section: text -->\n\n{text}\n", {})
    workspace.close()
    drawn = random.Random(seed)
    command = [sys.executable, "-m", "crm_tui", "--workspace", sqlite_location, "--operator", "ana", "documents"]
    with Terminal(command, 100, 30) as terminal:
        terminal.wait_for("Long", 20)
        terminal.press("enter")
        terminal.wait_for("Paragraph 0", 20)
        terminal.press("Z", "enter")
        terminal.wait_for("ctrl+s save", 20)
        for _step in range(40):
            if drawn.random() < 0.5:
                terminal.type(drawn.choice(WORDS))
            else:
                terminal.press(*drawn.choices(KEYS, k=3))
        terminal.type("the-end")  # every key before it was acted on once it stands there
        terminal.wait_for("the-end", 30)
        terminal.settle(0.3)
        before = terminal.lines[1:-3]
        terminal.resize(100, 31)
        terminal.wait_until(lambda: "ctrl+s save" in terminal.lines[-1], "the larger screen", 30)
        terminal.resize(100, 30)
        terminal.wait_until(lambda: terminal.lines[1:-3] == before, "the same text, painted as a whole", 20)
