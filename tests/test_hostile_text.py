"""Text from anywhere may try to steer the terminal: none of it reaches one, read from the raw stream of a real pty."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import pytest

from crm_tui.db import Workspace
from tests.terminal import Terminal

TITLE = "\x1b]0;pwned\x07"
CORPUS = {
    "title": f"A{TITLE}cme",
    "clipboard": "A\x1b]52;c;cHduZWQ=\x07cme",
    "colour": "A\x1b[41mcme\x1b[0m",
    "c1": "A\x9b41mcme\x9d0;pwned\x9c",
    "clear": "A\x1b[2J\x1b[Hcme",
    "bidi": "A\u202etxt.exe\u2066cme",
    "tags": "A\U000e0041\U000e0042cme",
    "marks": "A" + "\u0301" * 400 + "cme",
    "markup": "A[red]cme[/red][/x]",
    "action": "A[@click=app.quit]cme[/]",
    "lines": "A\ncme\r\nB\x0bC\x0c",
    "megabyte": "A" * 1_000_000,
    "bell": "A\x07\x08cme",
    "joiners": "A👩‍👩‍👧‍👦" * 40,
}
"""Names that reached the database by another way than our own, which cleans them."""

FORBIDDEN = (b"\x1b]0;pwned", b"\x1b]52;", b"\x1b[41m", b"\xc2\x9b", b"\xc2\x9d", b"\xe2\x80\xae", b"\xe2\x81\xa6",
             b"\xf3\xa0\x81\x81", b"\x07", b"\x08", b"\xcc\x81" * 5)  # fmt: skip


POINTER = b"\x1b]22;default\x07"
"""Textual's own: the shape of the mouse pointer."""


@pytest.fixture
def hostile(sqlite_location: str, open_at: Callable[[str], Workspace]) -> str:
    """A workspace whose clients' every text is hostile, written past the journal as a foreign program would."""
    workspace = open_at(sqlite_location)
    now = datetime(2026, 11, 1)
    texts = ("name", "email", "phone", "website", "street", "city", "notes", "tags", "source", "external_id")
    keys = tuple(f"{name}_key" for name in texts)
    columns = ("created_at", "updated_at", "kind", "stage", *texts, *keys)
    with workspace.write():
        rows = [
            (now, now, "client", "lead", *([text] * len(texts)), *([text.lower()] * len(keys)))
            for text in CORPUS.values()
        ]
        workspace.insert_rows("client", columns, rows)
    workspace.close()
    return sqlite_location


def test_no_hostile_byte_reaches_the_terminal(hostile: str) -> None:
    command = [sys.executable, "-m", "crm_tui", "--workspace", hostile, "--operator", "ana", "clients"]
    with Terminal(command, 160, 45) as terminal:
        terminal.wait_for("cme[/red]", 20)
        for _row in CORPUS:
            terminal.press("enter")
            terminal.wait_for("Timeline", 20)
            terminal.press("tab", "tab", "tab", "shift+tab", "shift+tab", "shift+tab")  # and back to the timeline
            terminal.settle(0.05)
            terminal.press("e")
            terminal.wait_for("save", 20)
            terminal.press("escape")
            terminal.wait_gone("ctrl+s", 20)
            terminal.press("q")
            terminal.wait_gone("Timeline", 20)
            terminal.press("j")
        for keys in ("/", "a", "escape", "escape", "ctrl+k", "a", "escape", "s", "escape", "?", "escape", "g", "j"):
            terminal.press(keys)
            terminal.settle(0.15)  # longer than a terminal's escape sequence may take
        raw = bytes(terminal.raw)
        assert terminal.exit_code is None, "the program did not survive"
    found = [harm for harm in FORBIDDEN if harm in raw.replace(POINTER, b"")]
    assert not found, f"these reached the terminal: {found}"


@pytest.mark.parametrize("verb", [("list", "clients"), ("show", "client", "1"), ("list", "clients", "--format", "csv")])
def test_no_hostile_byte_reaches_a_terminal_from_the_command_line(hostile: str, verb: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "crm_tui", "--workspace", hostile, "--operator", "ana", *verb]
    with Terminal(command, 120, 40) as terminal:
        terminal.wait_exit()
        raw = bytes(terminal.raw)
    assert not [harm for harm in FORBIDDEN if harm in raw]
