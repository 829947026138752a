"""How fast rows come in, go out and are changed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench import report
from tests.bench.budgets.registry import BULK, MANY, budget
from tests.bench.programs import BENCH, CrmTui, NotMeasured, remove_workspace
from tests.bench.report import Line


@budget
def exporting(crm: CrmTui, runs: int) -> Iterator[Line]:
    """All clients into a CSV file."""
    rows, _seconds = _export(crm)  # the first one warms the disk
    seconds = median(_export(crm)[1] for _turn in range(3))
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
    seconds = median(_import(crm, alone, rows) for _turn in range(3))
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
def demo(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A workspace of plausible clients, with their people and what was said to them."""
    times = []
    for _turn in range(min(runs, 3)):
        workspace = BENCH / "demo.db"
        remove_workspace(workspace)
        try:
            times.append(crm.run(workspace, "demo", "--clients", str(MANY), "--no-open")[1])
        finally:
            remove_workspace(workspace)
    yield report.at_most(f"demo of {MANY:,} clients", median(times), 20, "s", 1)


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
