"""The budgets for clients, one function each; the name of the function is what ``--only`` takes."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from tests.bench import measure, report
from tests.bench.programs import BENCH, LINE_LIST, CrmTui, NotMeasured, Program, remove_workspace
from tests.bench.report import Line
from tests.terminal import Terminal

Budget = Callable[[CrmTui, int], Iterator[Line]]

MANY = 100_000
FEW = 100
BULK = 10_000

IN_PAGE = ["j"] * 30 + ["k"] * 30
PAGES = (["pagedown"] * 4 + ["pageup"] * 4) * 4
KEY_REST = 0.1  # seconds between keys that are not timed

COMPARISON = re.compile("[:<=>]")
INDEXED = ("stage:active", "kind:client", "owner:me", "score>=70")
WORDS = 4  # names typed for the full-text search

INTERACTIONS = 5_000
CROWDED = 7
"""The client with whom all of them were."""
SAID = "talked about the offer"
RULES = ("stage:qualified", "stage:active", "kind:client", "country:germany", "has:phone", "has:email", "no:owner",
         "last_contact>-90d", "tag:vip", "city:berlin")  # fmt: skip

BUDGETS: dict[str, Budget] = {}
"""Every budget by its name, in the order they are measured."""

ON_DEMAND: set[str] = set()
"""Budgets that take minutes: measured only when ``--only`` names them."""


def budget(function: Budget) -> Budget:
    BUDGETS[function.__name__] = function
    return function


def on_demand(function: Budget) -> Budget:
    ON_DEMAND.add(function.__name__)
    return budget(function)


@budget
def start(crm: CrmTui, runs: int) -> Iterator[Line]:
    """From the command to a quiet screen, in turns with the bare list."""
    clients = crm.screen(crm.workspace(MANY))
    found = measure.starts([LINE_LIST, clients], runs)
    ours, bare = found[clients.name], found[LINE_LIST.name]
    yield report.against("start, CPU", ours.cpu * 1000, bare.cpu * 1000, 1.5, "ms", 0)
    yield report.noted("start, first paint", f"{ours.first_paint * 1000:.0f} ms (bare {bare.first_paint * 1000:.0f})")
    yield report.at_most("memory after the start", ours.rss, 65, "MiB", 1)


@budget
def cursor(crm: CrmTui, runs: int) -> Iterator[Line]:
    """j and k inside the page, one pane."""
    ours, bare = _beside_the_bare_list(crm.screen(crm.workspace(MANY)), IN_PAGE, runs)
    yield report.against("cursor key, CPU", ours.cpu, bare.cpu, 1.2, "ms")
    yield report.at_most("cursor key, bytes", ours.sent, 400, "B")


@budget
def preview(crm: CrmTui, runs: int) -> Iterator[Line]:
    """The same with the preview pane beside the list."""
    ours, bare = _beside_the_bare_list(crm.screen(crm.workspace(MANY)), IN_PAGE, runs, cols=160)
    yield report.against("cursor key with preview (160 columns), CPU", ours.cpu, bare.cpu, 1.8, "ms")
    yield report.noted("cursor key with preview, bytes", f"{ours.sent} B (bare {bare.sent})")


@budget
def page(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A page down and up."""
    ours, bare = _beside_the_bare_list(crm.screen(crm.workspace(MANY)), PAGES, runs)
    yield report.against("page key, CPU", ours.cpu, bare.cpu, 1.3, "ms")
    yield report.noted("page key, bytes", f"{ours.sent} B (bare {bare.sent})")


@budget
def sizes(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A cursor key costs the same however long the list is."""
    with ExitStack() as stack:
        terminals = {
            str(clients): stack.enter_context(measure.open_painted(crm.screen(crm.workspace(clients))))
            for clients in (FEW, MANY)
        }
        costs = measure.key_costs(terminals, IN_PAGE, runs)
    many, few = costs[str(MANY)], costs[str(FEW)]
    kept = many.cpu <= few.cpu * 1.1
    yield Line(
        f"cursor key at {MANY:,} rows, CPU",
        f"as at {FEW}",
        f"{many.cpu:.1f} ms (at {FEW}: {few.cpu:.1f})",
        ratio=f"{many.cpu / few.cpu:.2f} x",
        verdict="ok" if kept else "MISSED",
    )


@budget
def letter(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A letter typed in the filter bar, to the last byte of its results: terms on indexed fields.

    Until its comparison is typed a term is a word like any other, looked up in the full text: that is ``search``.
    """
    times = [took for text, took in _typed(crm, INDEXED, runs) if COMPARISON.search(text)]
    yield report.at_most("letter typed, indexed terms, p95", measure.percentile(times, 95), 50, "ms")
    yield report.noted("letter typed, indexed terms, median", f"{median(times):.0f} ms")


@budget
def search(crm: CrmTui, runs: int) -> Iterator[Line]:
    """The same for bare words, which search the full text."""
    listed, _ = crm.run(crm.workspace(MANY), "list", "clients", "--limit", "500", "--json")
    words = {word.lower() for client in json.loads(listed) for word in client["name"].split() if word.isalpha()}
    chosen = sorted((word for word in words if len(word) >= 5), key=lambda word: (len(word), word))[-WORDS:]
    times = [took for text, took in _typed(crm, [*chosen, *INDEXED], runs) if not COMPARISON.search(text)]
    yield report.at_most("letter typed, full text, p95", measure.percentile(times, 95), 80, "ms")
    yield report.noted("letter typed, full text, median", f"{median(times):.0f} ms ({', '.join(chosen)})")


@budget
def idle(crm: CrmTui, runs: int) -> Iterator[Line]:
    """Twenty seconds of nobody touching it."""
    seconds = 20
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as terminal:
        terminal.settle(2.0)
        used = measure.share(terminal, seconds)
    yield report.at_most("idle, of one core", used * 100, 0.3, "%", 2)


@budget
def memory(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A session that has filtered, paged and seen every screen."""
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as terminal:
        terminal.press("/").type("stage:active").press("escape")
        for key in ["pagedown"] * 50 + [key for screen in "ctpokrimdasc" for key in ("g", screen)]:
            terminal.press(key)
            terminal.read(1.0)
            terminal.settle(KEY_REST)
        yield report.at_most("memory after every screen", terminal.rss(), 65, "MiB", 1)


@budget
def exporting(crm: CrmTui, runs: int) -> Iterator[Line]:
    """All clients into a CSV file."""
    rows, seconds = _export(crm)
    yield report.at_least(f"export of {rows:,} clients to CSV", rows / seconds, 20_000, "rows/s")


@budget
def importing(crm: CrmTui, runs: int) -> Iterator[Line]:
    """The same file into an empty workspace, with journal and search index; then the clients without their contacts
    and what was said to them."""
    rows, _ = _export(crm)
    alone = BENCH / "clients-alone.csv"
    for known in ("operators", "teams"):
        crm.run(crm.workspace(MANY), "export", known, "--to", str(BENCH / f"{known}.csv"))
    _without_contacts(BENCH / "clients.csv", alone)
    seconds = _import(crm, alone, rows)
    yield report.at_least(f"import of {rows:,} clients from CSV", rows / seconds, 5_000, "rows/s")
    seconds = _import(crm, BENCH / "clients.csv", rows)
    yield report.noted("import with a contact and a last contact in each row", f"{rows / seconds:,.0f} rows/s")


@budget
def bulk(crm: CrmTui, runs: int) -> Iterator[Line]:
    """One field of every client changed, as one operation."""
    workspace = crm.workspace(BULK)
    times = []
    for turn in range(runs):
        _, seconds = crm.run(workspace, "set", "clients", "has:name", f"cadence={30 + turn}")
        crm.run(workspace, "undo")
        times.append(seconds)
    yield report.at_most(f"bulk edit of {BULK:,}", median(times), 3, "s", 2)


@budget
def story(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A client with thousands of interactions opened from the list, to the last byte of its record."""
    with measure.open_painted(crm.screen(_crowded(crm))) as terminal:
        terminal.press("/").type(f"id:{CROWDED}").press("enter")
        terminal.settle(measure.LETTER_QUIET)
        times = []
        for turn in range(3 * runs + 1):  # the first time imports the screen
            pressed = time.perf_counter()
            terminal.press("enter")
            took = (terminal.settle(measure.LETTER_QUIET) - pressed) * 1000
            if turn:
                times.append(took)
            if terminal.text.count(SAID) < 10:
                raise NotMeasured("the record with what was said is not on the screen")
            terminal.press("escape")
            terminal.settle(measure.LETTER_QUIET)
    yield report.at_most(f"opening a client with {INTERACTIONS:,} interactions, median", median(times), 60, "ms")


@budget
def scores(crm: CrmTui, runs: int) -> Iterator[Line]:
    """Keys pressed while every client is scored by ten rules in the background, and the same keys at rest."""
    workspace = BENCH / "scores.db"
    remove_workspace(workspace)
    shutil.copyfile(crm.workspace(MANY), workspace)
    try:
        for points, query in enumerate(RULES, 1):
            crm.run(workspace, "add", "score_rule", f"name={query}", f"query={query}", f"points={points}")
        with measure.open_painted(crm.screen(workspace)) as terminal:
            began = terminal.cpu()
            busy = measure.key_times(terminal, IN_PAGE)
            used = terminal.cpu() - began
            while measure.share(terminal, 1.0) > 0.05:
                pass
            rest = measure.key_times(terminal, IN_PAGE)
    finally:
        remove_workspace(workspace)
    if used < len(IN_PAGE) * 0.02:
        raise NotMeasured("the clients had been scored before the keys were pressed")
    yield report.noted(
        f"a key while {MANY:,} clients are scored, p95 and median",
        f"{measure.percentile(busy, 95):.0f} and {median(busy):.0f} ms "
        f"(at rest {measure.percentile(rest, 95):.0f} and {median(rest):.0f})",
    )


@on_demand
def growth(crm: CrmTui, runs: int) -> Iterator[Line]:
    """Memory over 10,000 keys."""
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as terminal:
        _hold_down(terminal, 500)
        before = terminal.rss()
        _hold_down(terminal, 10_000)
        yield report.at_most("growth of memory over 10,000 keys", terminal.rss() - before, 1, "MiB", 1)


def _beside_the_bare_list(
    program: Program, keys: list[str], runs: int, cols: int = 120
) -> tuple[measure.KeyCost, measure.KeyCost]:
    """What ``keys`` cost in ``program`` and in the bare list, pressed in turns."""
    with measure.open_painted(program, cols) as ours, measure.open_painted(LINE_LIST, cols) as bare:
        costs = measure.key_costs({"ours": ours, "bare": bare}, keys, runs)
    return costs["ours"], costs["bare"]


def _typed(crm: CrmTui, texts: Sequence[str], runs: int) -> list[tuple[str, float]]:
    """What stood in the filter bar after every letter of ``texts``, and the milliseconds that the letter took.

    Each text is typed into an empty bar, ``runs`` times, after a first time that warms the program.
    """
    times: list[tuple[str, float]] = []
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as terminal:
        for turn, text in enumerate([texts[0], *list(texts) * runs]):
            terminal.press("/")
            terminal.settle(measure.LETTER_QUIET)
            took = measure.letter_times(terminal, text)
            if turn:
                times += [(text[: end + 1], seconds) for end, seconds in enumerate(took)]
            terminal.press("escape")
            terminal.settle(measure.LETTER_QUIET)
    return times


def _export(crm: CrmTui) -> tuple[int, float]:
    """Export all clients to ``.bench/clients.csv``; how many rows, and the seconds."""
    path = BENCH / "clients.csv"
    path.unlink(missing_ok=True)
    _, seconds = crm.run(crm.workspace(MANY), "export", "clients", "--to", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1, seconds


def _without_contacts(source: Path, to: Path) -> None:
    with source.open(encoding="utf-8-sig", newline="") as file, to.open("w", encoding="utf-8", newline="") as out:
        rows = csv.reader(file)
        headings = next(rows)
        kept = [at for at, heading in enumerate(headings) if not heading.startswith(("contact.", "last_contact"))]
        csv.writer(out).writerows([row[at] for at in kept] for row in (headings, *rows))


def _import(crm: CrmTui, clients: Path, expected: int) -> float:
    """Import clients into an empty workspace that knows their owners and teams; the seconds. NotMeasured if some are
    missing."""
    workspace = BENCH / "import.db"
    remove_workspace(workspace)
    try:
        crm.run(workspace, "import", "operators", str(BENCH / "operators.csv"), "--key", "login", "--both")
        crm.run(workspace, "import", "teams", str(BENCH / "teams.csv"), "--key", "name", "--both")
        _, seconds = crm.run(workspace, "import", "clients", str(clients))
        arrived = len(crm.run(workspace, "list", "clients", "--format", "ids")[0].split())
    finally:
        remove_workspace(workspace)
    if arrived != expected:
        raise NotMeasured(f"only {arrived:,} of {expected:,} rows were imported")
    return seconds


def _crowded(crm: CrmTui) -> Path:
    """A workspace of a few clients, with one of whom there were thousands of interactions; made when there is none."""
    few, workspace = crm.workspace(FEW), BENCH / "story.db"
    if not workspace.exists() or workspace.stat().st_mtime < few.stat().st_mtime:
        print(f"making a client with {INTERACTIONS:,} interactions ...", file=sys.stderr)
        remove_workspace(workspace)
        shutil.copyfile(few, workspace)
        (client,) = json.loads(crm.run(workspace, "list", "clients", f"id:{CROWDED}", "--columns", "name", "--json")[0])
        said = BENCH / "said.csv"
        with said.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["client", "channel", "at", "subject", "body"])
            for number in range(INTERACTIONS):
                at = datetime(2026, 1, 1, 9) - timedelta(hours=7 * number)
                said_then = [f"{SAID} {number}", "It went well. " * 20]
                rows.writerow([client["name"], "call", f"{at:%Y-%m-%d %H:%M}", *said_then])
        crm.run(workspace, "import", "interactions", str(said), timeout=1800)
        workspace.touch()
    return workspace


def _hold_down(terminal: Terminal, keys: int) -> None:
    for burst in range(keys // 100):
        terminal.press(*(["j"] * 100 if burst % 2 == 0 else ["k"] * 100))
        terminal.settle(KEY_REST)
