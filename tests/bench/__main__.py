"""Measure the budgets and print them. Always ends with 0: a number is for a person to judge."""

from __future__ import annotations

import argparse
import sys

from tests.bench import measure, report
from tests.bench.budgets import BUDGETS, IN_PAGE, MANY, ON_DEMAND, PAGES
from tests.bench.programs import DATATABLE, LINE_LIST, CrmTui, NotMeasured
from tests.bench.report import Line
from tests.terminal import TerminalError

REFERENCE_START = 0.30
"""Seconds of processor time that the bare list took to start on the machine the budgets were set on."""

PROGRAMS = "programs"
"""The table of whole programs side by side, among the names ``--only`` takes."""


def main() -> None:
    """Measure what the command line asks for."""
    chosen, runs, fresh = _arguments()
    crm = CrmTui(fresh=fresh)
    lines: list[Line] = []
    try:
        print(_this_machine(), end="\n\n", flush=True)
        if PROGRAMS in chosen:
            print(_side_by_side(crm, runs), end="\n\n", flush=True)
        for name in chosen:
            if name != PROGRAMS:
                lines += _measured(name, crm, runs)
                crm.fresh = False
    except KeyboardInterrupt:
        print("stopped; what was measured until now:", file=sys.stderr)
    if lines:
        print(report.table(report.HEADINGS, [line.cells() for line in lines]))
        if missed := sum(line.verdict == "MISSED" for line in lines):
            print(f"\n{missed} missed.")


def _arguments() -> tuple[list[str], int, bool]:
    """The budgets to measure, in order; how many runs; whether workspaces are made anew."""
    names = [PROGRAMS, *BUDGETS]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the speed and memory budgets.")
    parser.add_argument("--only", metavar="ROWS", help=f"comma-separated: {', '.join(names)}")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="turns whose median counts (5)")
    parser.add_argument("--fresh", action="store_true", help="make the workspaces in .bench/ anew")
    given = parser.parse_args()
    if given.only is None:
        return [name for name in names if name not in ON_DEMAND], given.runs, given.fresh
    asked = given.only.split(",")
    if unknown := sorted(set(asked) - set(names)):
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(names)}")
    return [name for name in names if name in asked], given.runs, given.fresh


def _this_machine() -> str:
    """How fast this machine is beside the one the budgets in seconds and rows were set on."""
    took = measure.starts([LINE_LIST], 3)[LINE_LIST.name].cpu
    return (
        f"The bare list takes {took * 1000:.0f} ms of processor time to start here, {REFERENCE_START * 1000:.0f} where "
        f"the budgets were set: what is not a ratio may be {took / REFERENCE_START:.2f} x as slow."
    )


def _measured(name: str, crm: CrmTui, runs: int) -> list[Line]:
    """The lines of one budget; a line that says why when it could not be measured."""
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    lines: list[Line] = []
    try:
        lines.extend(BUDGETS[name](crm, runs))
    except (NotMeasured, TerminalError) as problem:
        lines.append(report.not_measured(name, str(problem).splitlines()[0]))
    return lines


def _side_by_side(crm: CrmTui, runs: int) -> str:
    """The bare programs and crm-tui in one table: what each costs to start, by key and by page."""
    print("measuring programs ...", file=sys.stderr, flush=True)
    programs = [LINE_LIST, DATATABLE]
    try:
        programs.append(crm.screen(crm.workspace(MANY)))
    except NotMeasured as problem:
        print(f"crm-tui is left out: {problem}", file=sys.stderr)
    started = measure.starts(programs, runs)
    terminals = {program.name: measure.open_painted(program) for program in programs}
    try:
        keys = measure.key_costs(terminals, IN_PAGE, runs)
        pages = measure.key_costs(terminals, PAGES, runs)
    finally:
        for terminal in terminals.values():
            terminal.close()
    headings = ("120 x 40", "first paint", "start CPU", "RSS", "CPU/key", "bytes/key", "CPU/page", "bytes/page")
    bare_cpu, bare_key, bare_page = started[LINE_LIST.name].cpu, keys[LINE_LIST.name].cpu, pages[LINE_LIST.name].cpu
    rows = [
        (
            name,
            f"{started[name].first_paint:.2f} s",
            f"{started[name].cpu:.2f} s ({started[name].cpu / bare_cpu:.2f} x)",
            f"{started[name].rss:.1f} MiB",
            f"{keys[name].cpu:.1f} ms ({keys[name].cpu / bare_key:.2f} x)",
            f"{keys[name].sent:,}",
            f"{pages[name].cpu:.1f} ms ({pages[name].cpu / bare_page:.2f} x)",
            f"{pages[name].sent:,}",
        )
        for name in started
    ]
    return report.table(headings, rows)


if __name__ == "__main__":
    main()
