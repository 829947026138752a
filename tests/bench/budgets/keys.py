"""What a start and a key cost, beside the bare list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench import measure, report
from tests.bench.budgets.registry import FEW, IN_PAGE, MANY, PAGES, budget
from tests.bench.programs import LINE_LIST, CrmTui, Program
from tests.bench.report import Line


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


def _beside_the_bare_list(
    program: Program, keys: list[str], runs: int, cols: int = 120
) -> tuple[measure.KeyCost, measure.KeyCost]:
    """What ``keys`` cost in ``program`` and in the bare list, pressed in turns."""
    with measure.open_painted(program, cols) as ours, measure.open_painted(LINE_LIST, cols) as bare:
        costs = measure.key_costs({"ours": ours, "bare": bare}, keys, runs)
    return costs["ours"], costs["bare"]
