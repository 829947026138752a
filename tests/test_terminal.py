"""The pty driver, tried on programs small enough to see through."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal, TerminalError

ECHO = """
import os, sys, termios, tty
tty.setraw(0)
print("ready", end="\\r\\n", flush=True)
while (key := os.read(0, 100)) not in (b"q", b""):
    print(repr(key), end="\\r\\n", flush=True)
print("bye", end="", flush=True)
"""


def program(source: str, cols: int = 60, rows: int = 12, env: dict[str, str] | None = None) -> Terminal:
    return Terminal([sys.executable, "-c", source], cols, rows, env)


def test_keys_arrive_and_what_is_drawn_is_read() -> None:
    with program(ECHO, rows=7) as terminal:
        terminal.wait_for("ready")
        for key, expected in {
            "j": "b'j'",
            "ctrl+s": "x13",
            "alt+x": "x1bx",
            "pagedown": "[6~",
            "enter": "b'\\r'",
        }.items():
            terminal.press(key).wait_for(expected)
        terminal.type("Bólido").wait_for("B\\xc3\\xb3lido")
        assert terminal.press("q").wait_exit() == 0
        assert terminal.lines[-1] == "bye"
        assert bytes(terminal.raw).startswith(b"ready\r\n")


def test_a_wide_letter_overwritten_by_half_leaves_a_blank_as_on_a_real_terminal() -> None:
    with program(r"print('\u4e2d\u6587|\x1b[1G\x1b[1Ca\x1b[3G \x1b[Kend', end='', flush=True)", rows=3) as terminal:
        terminal.wait_for("end")
        assert terminal.lines[0] == " a end"
        terminal.wait_exit()


def test_waiting_in_vain_shows_the_screen() -> None:
    with program(ECHO) as terminal:
        terminal.wait_for("ready")
        with pytest.raises(TerminalError, match=r"(?s)'Clients', which did not come in 0.05 s.*ready"):
            terminal.wait_for("Clients", timeout=0.05)
        terminal.press("q")
        with pytest.raises(TerminalError, match="before the program ended"):
            terminal.wait_for("Clients")


def test_the_questions_a_program_asks_its_terminal_are_answered() -> None:
    ask = """
import os, tty
tty.setraw(0)
for question in (b"\\x1b[c", b"ab\\x1b[6n", b"\\x1b[?2026$p", b"\\x1b[?2048$p"):
    os.write(1, question)
    print(repr(os.read(0, 100)), end="\\r\\n", flush=True)
"""
    with program(ask) as terminal:
        assert terminal.wait_exit() == 0
        for answer in ("[?62;22c", "[2;3R", "[?2026;2$y", "[?2048;0$y"):
            assert answer in terminal.text


def test_the_size_is_the_windows_and_follows_it() -> None:
    size = """
import os, signal
def show(*_): print(*os.get_terminal_size(), end="\\r\\n", flush=True)
signal.signal(signal.SIGWINCH, show)
show()
while True: signal.pause()
"""
    with program(size, cols=70, rows=9) as terminal:
        terminal.wait_for("70 9")
        terminal.resize(100, 20).wait_for("100 20")
        assert len(terminal.lines) == 20


def test_closing_the_window_hangs_up() -> None:
    with program("import signal; print('ready', flush=True); signal.pause()") as terminal:
        terminal.wait_for("ready")
        assert 0 < terminal.cpu() < 5
        assert 1 < terminal.rss() < 100
        terminal.hangup()
        assert terminal.wait_exit() == -1


def test_a_program_that_ignores_being_asked_is_ended_all_the_same() -> None:
    stubborn = (
        "import signal; signal.signal(15, signal.SIG_IGN); print('ready', flush=True)\nwhile True: signal.pause()"
    )
    with program(stubborn) as terminal:
        terminal.wait_for("ready")
    assert terminal.exit_code == -9


def test_a_program_that_is_not_there_says_so(tmp_path: Path) -> None:
    with Terminal([tmp_path / "nothing"]) as terminal:
        assert terminal.wait_exit() == 127
        assert "No such file" in terminal.text


def test_a_misspelt_key_is_refused() -> None:
    with program(ECHO) as terminal, pytest.raises(ValueError, match="'ctrl\\+enter'"):
        terminal.press("ctrl+enter")
