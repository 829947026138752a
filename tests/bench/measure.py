"""How a full-screen program is measured: starts, keys, letters. Programs are measured in turns, so that drift of the
machine meets all of them alike, and the median of the turns counts.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from crm_tui.following import NO_REST
from tests.bench.programs import NotMeasured, Program
from tests.terminal import Terminal

START_QUIET = 0.5  # seconds without output after which a program has started
KEY_QUIET = 0.03  # ... after which a redraw is over: the rate of a key held down
LETTER_QUIET = 0.4  # ... after which no result is on its way: just under the blink of a cursor in an input, 0.5 s
RESTING = 0.02  # of a core: what a program uses at most that has nothing to do
RESTS = 4  # seconds of that, one after the other: it looks for something to do now and then


@dataclass(frozen=True)
class Start:
    """What it costs to start: seconds to the first full screen, seconds of processor time, MiB resident."""

    first_paint: float
    cpu: float
    rss: float


@dataclass(frozen=True)
class KeyCost:
    """What one key costs: milliseconds of processor time, and bytes sent to the terminal."""

    cpu: float
    sent: int


def wait_painted(terminal: Terminal, timeout: float = 60.0) -> float:
    """Wait until a list fills three quarters of the screen; return the seconds since the start."""
    enough = len(terminal.lines) * 3 // 4
    return terminal.wait_until(lambda: sum(map(bool, terminal.lines)) >= enough, "a screen full of rows", timeout)


def open_painted(program: Program, cols: int = 120, rows: int = 40) -> Terminal:
    """Start ``program`` and wait until it has painted and fallen quiet. The caller closes it."""
    terminal = program.open(cols, rows)
    try:
        wait_painted(terminal)
        terminal.settle(START_QUIET)
    except BaseException:
        terminal.close()
        raise
    return terminal


def starts(programs: Sequence[Program], runs: int) -> dict[str, Start]:
    """Start each of ``programs`` ``runs`` times, in turns; the medians, by name. A first start warms the disk."""
    found: dict[str, list[Start]] = {program.name: [] for program in programs}
    for turn in range(runs + 1):
        for program in programs:
            with program.open() as terminal:
                first_paint = wait_painted(terminal)
                terminal.settle(START_QUIET)
                if turn:
                    found[program.name].append(Start(first_paint, terminal.cpu(), terminal.rss()))
    return {
        name: Start(median(s.first_paint for s in all_), median(s.cpu for s in all_), median(s.rss for s in all_))
        for name, all_ in found.items()
    }


def key_costs(
    terminals: Mapping[str, Terminal],
    keys: Sequence[str] | Mapping[str, Sequence[str]],
    runs: int,
    patience: float = 1.0,
) -> dict[str, KeyCost]:
    """Press ``keys`` one by one in each of ``terminals``, ``runs`` times in turns; the medians, by name. ``keys`` are
    the same for all, or each one's own by its name.

    ``patience`` are the seconds until the first byte of a key at most. What a program does once the keys rest (a
    preview, a query run ahead) counts into its processor time. NotMeasured when most of the keys paint nothing.
    """
    its = keys if isinstance(keys, Mapping) else dict.fromkeys(terminals, keys)
    cpu: dict[str, list[float]] = {name: [] for name in terminals}
    sent: dict[str, list[int]] = {name: [] for name in terminals}
    for turn in range(runs + 1):
        for name, terminal in terminals.items():
            cpu_before, sizes = terminal.cpu(), []
            for key in its[name]:
                before = len(terminal.raw)
                terminal.press(key)
                terminal.read(patience)
                terminal.settle(KEY_QUIET)
                sizes.append(len(terminal.raw) - before)
            terminal.settle(START_QUIET)
            if not median(sizes):
                raise NotMeasured(f"{name} paints nothing on {its[name][0]!r}")
            if turn:
                cpu[name].append((terminal.cpu() - cpu_before) * 1000 / len(its[name]))
                sent[name].extend(sizes)
    return {name: KeyCost(median(cpu[name]), round(median(sent[name]))) for name in terminals}


def letter_times(terminal: Terminal, text: str) -> list[float]:
    """Type ``text`` into the input that has the focus; milliseconds from each letter to the last byte it caused.

    NotMeasured when the text does not stand on the screen in the end: then no input had the focus.
    """
    times = []
    for letter in text:
        pressed = time.perf_counter()
        terminal.type(letter)
        times.append((terminal.settle(LETTER_QUIET) - pressed) * 1000)
    if text not in terminal.text:
        raise NotMeasured(f"{text!r} was typed, but is not on the screen")
    return times


def key_times(terminal: Terminal, keys: Sequence[str]) -> list[float]:
    """Press ``keys`` one by one; milliseconds from each to the first byte it caused. NotMeasured when one paints
    nothing."""
    times = []
    for key in keys:
        terminal.settle(KEY_QUIET)
        pressed = time.perf_counter()
        terminal.press(key)
        if not terminal.read(5.0):
            raise NotMeasured(f"{key!r} paints nothing")
        times.append((time.perf_counter() - pressed) * 1000)
    return times


def share(terminal: Terminal, seconds: float) -> float:
    """The share of one core that the program uses for so many seconds of nobody touching it."""
    before = terminal.cpu()
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        terminal.settle(left, left)
    return (terminal.cpu() - before) / seconds


def rest(terminal: Terminal, patience: float = 60.0) -> None:
    """Wait until the program has done what it does once: a workspace just made has automations and numbers to catch up
    on, which are no part of what a key costs. It begins with that when it has been open for a while."""
    share(terminal, NO_REST + 1)
    end, quiet = time.perf_counter() + patience, 0
    while quiet < RESTS and time.perf_counter() < end:
        quiet = quiet + 1 if share(terminal, 1.0) <= RESTING else 0


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of ``values`` that at least ``percent`` of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]
