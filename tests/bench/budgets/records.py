"""What it costs to open a client of whom much is known, and to score all of them."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from crm_tui.following import NO_REST
from tests.bench import measure, report
from tests.bench.budgets.registry import FEW, IN_PAGE, MANY, budget
from tests.bench.programs import BENCH, CrmTui, NotMeasured, remove_workspace
from tests.bench.report import Line

INTERACTIONS = 5_000
CROWDED = 7
"""The client with whom all of them were."""
SAID = "talked about the offer"
RULES = ("stage:qualified", "stage:active", "kind:client", "country:germany", "has:phone", "has:email", "no:owner",
         "last_contact>-90d", "tag:vip", "city:berlin")  # fmt: skip


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
            measure.share(terminal, NO_REST + 0.5)  # it begins to score when it has been open for a while
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
