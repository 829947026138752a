"""Drives a program in a real pseudo-terminal, as the person in front of it would, and keeps every byte it sent.

    with Terminal(["crm-tui", "--workspace", "acme.db"], cols=100, rows=30) as terminal:
        terminal.wait_for("Clients")
        terminal.press("/").type("acme").press("enter")
        terminal.wait_for("ACME Studio")
        assert b"\\x1b]52" not in terminal.raw

Nothing here sleeps: every wait reads the terminal until what was waited for is there or the time is up.
"""

from __future__ import annotations

import fcntl
import os
import platform
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil
import pyte
from wcwidth import wcwidth

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    **{f"f{number}": f"\x1bO{letter}" for number, letter in enumerate("PQRS", 1)},
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
"""What a terminal sends for a key that is not simply a character, by Textual's name for it."""

# What a program asks of a terminal: its kind, the cursor's place, whether it knows a private mode.
_QUERY = re.compile(rb"\x1b\[(?:0?(?P<kind>c)|(?P<cursor>6n)|\?(?P<mode>\d+)\$p)")
_SYNCHRONIZED_OUTPUT = b"2026"

# Sequences pyte would print as text: answers about the keyboard, the mode queries above, and the start of a sequence
# whose end has not been read yet.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>?][0-9;]*u|\x1b\[\?\d+\$p")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:?<=>$]*)?\Z")


class TerminalError(AssertionError):
    """What a test waited for did not come; the message shows the screen as it stood."""


class Terminal:
    """A program running in a terminal of ``cols`` x ``rows``.

    ``env`` is laid over the environment of the test; ``started`` is the `time.perf_counter` of the start.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        cols: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.raw = bytearray()
        """Every byte the program has sent so far."""
        self.exit_code: int | None = None
        """The exit code once the program has ended (minus the signal's number if one ended it), else None."""
        self._screen = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._drawn = 0
        self._answered = 0
        self._open = True
        environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        environment = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _become([str(word) for word in command], cols, rows, environment | dict(env or {}), cwd)
        os.set_inheritable(self._fd, False)

    # ---- what the person sees

    @property
    def lines(self) -> list[str]:
        """The lines on the screen, blanks at their ends removed."""
        self._draw()
        return [self._line(row).rstrip() for row in range(self._screen.lines)]

    @property
    def text(self) -> str:
        """The screen as one string."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        self._draw()
        return self._screen.cursor.x, self._screen.cursor.y

    # ---- what the person does

    def press(self, *keys: str) -> Terminal:
        """Press keys one after the other: characters, or names such as ``enter``, ``ctrl+s``, ``alt+x``."""
        self._send("".join(_sequence(key) for key in keys).encode())
        return self

    def type(self, text: str) -> Terminal:
        """Type ``text`` letter by letter."""
        self._send(text.encode())
        return self

    def paste(self, text: str) -> Terminal:
        """Paste ``text`` the way terminals do, marked as pasted."""
        self._send(b"\x1b[200~" + text.encode() + b"\x1b[201~")
        return self

    def resize(self, cols: int, rows: int) -> Terminal:
        """Change the size of the window; the program is told by SIGWINCH."""
        self._draw()
        self._screen.resize(rows, cols)
        _set_size(self._fd, cols, rows)
        return self

    def hangup(self) -> None:
        """Close the window: the program gets SIGHUP and reads the end of its input."""
        self._close_window()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    # ---- waiting

    def wait_for(self, text: str, timeout: float = 10.0) -> float:
        """Wait until ``text`` is on the screen; return the seconds since the start. TerminalError if it never is."""
        return self.wait_until(lambda: text in self.text, f"{text!r}", timeout)

    def wait_gone(self, text: str, timeout: float = 10.0) -> float:
        """Wait until ``text`` is no longer on the screen; otherwise as `wait_for`."""
        return self.wait_until(lambda: text not in self.text, f"{text!r} to go", timeout)

    def wait_until(self, condition: Callable[[], bool], what: str, timeout: float = 10.0) -> float:
        """Wait until ``condition()`` holds, asking after everything the program sends; otherwise as `wait_for`."""
        end = time.perf_counter() + timeout
        while not condition():
            left = end - time.perf_counter()
            if left <= 0 or (not self.read(left) and not self._open):
                why = f"in {timeout:g} s" if self._open else "before the program ended"
                raise TerminalError(f"Waited for {what}, which did not come {why}. The screen:\n{self.text}")
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.1, timeout: float = 10.0) -> float:
        """Read until nothing has come for ``quiet`` seconds; return the `time.perf_counter` of the last byte.

        The time of the call when nothing came at all. A program that never falls quiet is read for ``timeout``.
        """
        last = time.perf_counter()
        end = last + timeout
        while self._open and time.perf_counter() < end and self.read(quiet):
            last = time.perf_counter()
        return last

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Wait for the end of the program and return its exit code. TerminalError if it is still running."""
        end = time.perf_counter() + timeout
        while self.exit_code is None:
            left = end - time.perf_counter()
            if left <= 0:
                raise TerminalError(f"The program is still running after {timeout:g} s. The screen:\n{self.text}")
            self._read_or_reap(min(left, 0.02))
        while self.read(0):
            pass
        return self.exit_code

    def read(self, timeout: float) -> int:
        """Read what is there, waiting up to ``timeout`` seconds for it; return how many bytes came.

        0 when nothing came or the program has closed its end.
        """
        if not self._open:
            return 0
        ready, _, _ = select.select([self._fd], [], [], timeout)
        if not ready:
            return 0
        try:
            received = os.read(self._fd, 1 << 16)
        except OSError:  # Linux's way to say that nobody holds the other end any more
            received = b""
        if not received:
            self._close_window()
            return 0
        self.raw += received
        self._answer()
        return len(received)

    # ---- what it costs

    def processes(self) -> list[psutil.Process]:
        """Return the program and its children; TerminalError when it has ended."""
        if self._reap():
            raise TerminalError(f"The program has ended with {self.exit_code}. The screen:\n{self.text}")
        program = psutil.Process(self.pid)
        return [program, *program.children(recursive=True)]

    def cpu(self) -> float:
        """Seconds of processor time that the program and its children have used; TerminalError when it has ended."""
        return sum(_cpu(process) for process in self.processes())

    def rss(self) -> float:
        """Resident memory of the program and its children, in MiB; TerminalError when it has ended."""
        return sum(int(process.memory_info().rss) for process in self.processes()) / 2**20

    # ---- the end

    def close(self) -> None:
        """End the program, by force if it does not go within two seconds of being asked."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._reap():
                break
            self.signal(number)
            end = time.perf_counter() + 2.0
            while self.exit_code is None and time.perf_counter() < end:
                self._read_or_reap(0.02)
        self._close_window()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # ---- inside

    def _line(self, row: int) -> str:
        """One line as a terminal shows it: of a wide letter that was overwritten by half, the other half is blank.

        pyte's own ``display`` fails there: the second cell of a wide letter is an empty string to it.
        """
        cells = self._screen.buffer[row]
        texts = [cells[column].data for column in range(self._screen.columns)]
        shown = []
        for text, before, after in zip(texts, ["", *texts], [*texts[1:], ""], strict=False):
            second = not text and before and wcwidth(before[0]) == 2
            first = text and (wcwidth(text[0]) != 2 or not after)
            shown.append(text if first or second else " ")
        return "".join(shown)

    def _send(self, keys: bytes) -> None:
        """Write all of ``keys``, reading meanwhile: a program that is drawing does not read until somebody reads it."""
        end = time.perf_counter() + 10.0
        while keys:
            if not self._open or time.perf_counter() > end:
                raise TerminalError(f"The program reads no keys any more. The screen:\n{self.text}")
            _, writable, _ = select.select([], [self._fd], [], 0.05)
            if writable:
                # In pieces that fit a terminal's line buffer, so that the write cannot block.
                keys = keys[os.write(self._fd, keys[:1024]) :]
            self.read(0)

    def _draw(self) -> None:
        """Bring the screen up to date with what was read. Done when somebody looks: drawing costs more than reading."""
        fresh = bytes(self.raw[self._drawn :])
        if unfinished := _UNFINISHED.search(fresh):
            fresh = fresh[: unfinished.start()]
        self._drawn += len(fresh)
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", fresh))

    def _answer(self) -> None:
        """Answer what the program asked of its terminal since the last time."""
        for query in _QUERY.finditer(self.raw, self._answered):
            self._answered = query.end()
            if query["kind"]:
                self._reply(b"\x1b[?62;22c")
            elif query["cursor"]:
                column, row = self.cursor
                self._reply(b"\x1b[%d;%dR" % (row + 1, column + 1))
            else:
                known = query["mode"] == _SYNCHRONIZED_OUTPUT
                self._reply(b"\x1b[?%b;%d$y" % (query["mode"], 2 if known else 0))
        # A query may be cut in two by the end of a read: the last bytes are looked at again.
        self._answered = max(self._answered, len(self.raw) - 16)

    def _reply(self, answer: bytes) -> None:
        os.write(self._fd, answer)

    def _read_or_reap(self, timeout: float) -> None:
        if self._open:
            self.read(timeout)
        else:
            select.select([], [], [], timeout)
        self._reap()

    def _reap(self) -> bool:
        """Whether the program has ended; takes note of its exit code."""
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is not None

    def _close_window(self) -> None:
        if self._open:
            self._open = False
            os.close(self._fd)


def _become(command: list[str], cols: int, rows: int, env: dict[str, str], cwd: Path | None) -> None:
    """Turn the forked child into the program; never returns."""
    try:
        _set_size(0, cols, rows)
        for number in (signal.SIGINT, signal.SIGHUP):  # a suite that runs in the background has them ignored
            signal.signal(number, signal.SIG_DFL)
        if cwd is not None:
            os.chdir(cwd)
        os.execvpe(command[0], command, env)
    except OSError as error:
        os.write(2, f"{command[0]}: {error}\r\n".encode())
    os._exit(127)


def _cpu(process: psutil.Process) -> float:
    """Seconds of processor time. On Linux from the process's own clock (what clock_getcpuclockid(3) gives, which Python
    does not offer): exact to the microsecond, where ``cpu_times`` counts ticks of ten milliseconds.
    """
    if platform.system() == "Linux":
        return time.clock_gettime((~process.pid << 3) | 2)
    times = process.cpu_times()
    return float(times.user + times.system)


def _set_size(descriptor: int, cols: int, rows: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))


def _sequence(key: str) -> str:
    """The bytes of one key. ValueError for a name no keyboard has, so that a misspelt key fails at once."""
    if key in KEYS:
        return KEYS[key]
    if len(key) == 1:
        return key
    if key.startswith("alt+"):
        return "\x1b" + _sequence(key.removeprefix("alt+"))
    raise ValueError(f"There is no key {key!r}: use one character or one of {', '.join(KEYS)}.")
