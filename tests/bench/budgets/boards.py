"""The board of orders beside the nearest peer: kanban-tui, installed from pip for the measurement."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench import measure, report
from tests.bench.budgets.registry import IN_PAGE, budget
from tests.bench.programs import BENCH, LINE_LIST, CrmTui, NotMeasured, Program, remove_workspace
from tests.bench.report import Line
from tests.terminal import Terminal

CARDS = (30, 1_000, 10_000)
BESIDE = (30, 1_000)
"""How many cards the peer is measured with: with 10,000 it does not open in a minute."""
PEER = "kanban-tui==0.21.*"

CURSOR = (["j"] * 4 + ["k"] * 4) * 4
MOVES = ["L", "H"] * 10
MIDDLE = 5
"""Cards above the one that is moved: it stands in the middle of the screen."""
FEWER = (["j", "k"] * 2, ["L", "H"])
"""The keys that the peer is given: it takes twenty seconds for some."""
PATIENCE, SLOWEST = 120.0, 45.0
"""Seconds until a board has opened, and until a key is answered, at most."""


@budget
def board(crm: CrmTui, runs: int) -> Iterator[Line]:
    """The board opened, walked and moved on, with few cards and with many."""
    for cards in CARDS:
        ours = _measured(crm.screen(_orders(crm, cards), "orders"), runs, beside_bare_list=True)
        peer = _measured(_peer(cards), 1, FEWER) if cards in BESIDE else None
        name = f"board of {cards:,} cards"
        yield _beside(f"{name}, first paint", ours.first_paint, peer.first_paint if peer else None, "s", 2)
        yield _beside(f"{name}, memory", ours.rss, peer.rss if peer else None, "MiB", 1)
        yield report.against(f"{name}, cursor key, CPU", ours.cursor.cpu, ours.bare_cursor, 1.2, "ms")
        yield report.at_most(f"{name}, cursor key, bytes", ours.cursor.sent, 400, "B")
        yield report.against(f"{name}, card moved, CPU", ours.move.cpu, ours.bare_move, 2.5, "ms")
        yield report.at_most(f"{name}, card moved, bytes", ours.move.sent, 2_048, "B")
        if peer is not None:
            yield _beside(f"{name}, cursor key, CPU beside kanban-tui", ours.cursor.cpu, peer.cursor.cpu, "ms", 1)
            yield _beside(f"{name}, card moved, CPU beside kanban-tui", ours.move.cpu, peer.move.cpu, "ms", 1)
            yield _beside(f"{name}, card moved, bytes beside kanban-tui", ours.move.sent, peer.move.sent, "B", 0)


class _Board(NamedTuple):
    """What a board costs, and what a cursor key costs in the bare list, pressed in turns with each of its keys."""

    first_paint: float
    rss: float
    cursor: measure.KeyCost
    move: measure.KeyCost
    bare_cursor: float
    bare_move: float


def _measured(
    program: Program,
    runs: int,
    keys: tuple[list[str], list[str]] = (CURSOR, MOVES),
    *,
    beside_bare_list: bool = False,
) -> _Board:
    """What a board costs; the first start warms the disk."""
    paints, sizes = [], []
    for turn in range(runs + 1):
        with program.open() as terminal:
            paint = _wait_for_cards(terminal)
            terminal.settle(1.0)
            if turn:
                paints.append(paint)
                sizes.append(terminal.rss())
    with ExitStack() as stack:
        terminal = stack.enter_context(program.open())
        _wait_for_cards(terminal)
        measure.rest(terminal)
        terminals = {"board": terminal}
        if beside_bare_list:
            terminals["bare"] = stack.enter_context(measure.open_painted(LINE_LIST))
        costs = [
            measure.key_costs(terminals, {"board": some, "bare": IN_PAGE}, runs, patience=SLOWEST) for some in keys
        ]
    cursor, move = (cost["board"] for cost in costs)
    bare = [cost["bare"].cpu if beside_bare_list else 0.0 for cost in costs]
    return _Board(median(paints), median(sizes), cursor, move, *bare)


def _wait_for_cards(terminal: Terminal) -> float:
    """Wait until cards stand on the board; return the seconds since the start."""
    return terminal.wait_until(lambda: terminal.text.count("job ") >= 5, "a board of cards", PATIENCE)


def _beside(what: str, ours: float, peer: float | None, unit: str, digits: int) -> Line:
    """A figure of ours, and of the peer the figure and how many times ours it is."""
    measured = f"{ours:,.{digits}f} {unit}"
    if peer is None:
        return Line(what, "", measured)
    return Line(what, "", measured, f"kanban-tui {peer:,.{digits}f} {unit}", f"1 / {peer / ours:.1f}" if ours else "–")


def _orders(crm: CrmTui, cards: int) -> Path:
    """A workspace with so many open orders, made when there is none."""
    workspace = BENCH / f"orders-{cards}.db"
    if crm.is_stale(workspace):
        print(f"making a workspace of {cards:,} open orders ...", file=sys.stderr)
        remove_workspace(workspace)
        some = str(cards + 50)
        crm.run(workspace, "demo", "--clients", "100", "--orders", some, "--open", str(cards), "--no-open")
        crm.run(workspace, "set", "orders", "has:number", "title=job ")
        workspace.touch()
    return workspace


def _peer(cards: int) -> Program:
    """kanban-tui with so many cards in its first three columns. NotMeasured where it cannot be installed."""
    environment = BENCH / "kanban-tui"
    executable = environment / "bin" / "ktui"
    if not executable.exists():
        print(f"installing {PEER} into {environment} ...", file=sys.stderr)
        _run([sys.executable, "-m", "venv", str(environment)])
        _run([str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", PEER])
    home = BENCH / f"kanban-{cards}"
    env = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}
    database = home / "data" / "kanban_tui" / "kanban_tui.db"
    if not database.exists():
        home.mkdir(parents=True, exist_ok=True)
        for words in (("board", "create", "--set-active", "Bench"), ("task", "create", "job 0")):
            _run([str(executable), *words], env)
        with sqlite3.connect(database) as connection:
            columns = [row[0] for row in connection.execute("SELECT column_id FROM columns ORDER BY position LIMIT 3")]
            connection.executemany(
                "INSERT INTO tasks (title, column, description, creation_date, position) VALUES (?, ?, ?, ?, ?)",
                [(f"job {at}", columns[at % 3], "Website", "2026-11-01 10:00:00", at) for at in range(1, cards)],
            )
    return Program(f"kanban-tui, {cards:,} cards", [str(executable)], env)


def _run(command: list[str], env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=os.environ | (env or {}), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasured(f"`{' '.join(command[:3])}` failed: {done.stderr.strip().splitlines()[-1:]}")
