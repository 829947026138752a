"""What the background worker costs: a look where nothing is due, and many rules due at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from tests.bench import report
from tests.bench.budgets.registry import budget
from tests.bench.programs import BENCH, CrmTui, NotMeasured, remove_workspace
from tests.bench.report import Line

FEW_RULES, MANY_RULES, DUE = 1_000, 100_000, 1_000

# In a process of its own, as the worker is one; the rules not due are years ahead.
_MEASURE = """
import sys, time
from datetime import datetime, timedelta
from crm_tui import clock
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.services.operators import sign_in
from crm_tui.worker import service
from crm_tui.worker.tick import tick
from crm_tui.workspaces import open_workspace

workspace, rules, due = open_workspace(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
actor = sign_in(workspace, "bench")
entity = entities["recurring_rule"]
yearly = {"makes": "task", "assignment": "fixed", "missed": "latest", "priority": "normal", "zone": ""}
with clock.use(datetime(2026, 11, 22, 14)), operation(workspace, actor, "recurring_rule.import") as op:
    op.create_many(entity, [
        {**yearly, "name": f"Rule {n}", "schedule": "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1", "starts_on": clock.today()}
        for n in range(rules)
    ] + [
        {**yearly, "name": f"Due {n}", "schedule": "FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "starts_on": clock.today()}
        for n in range(due)
    ])
with clock.use(datetime(2026, 11, 23, 8)):
    tick(workspace, "bench")
    begun = time.perf_counter()
    for _turn in range(200):
        tick(workspace, "bench")
    idle = (time.perf_counter() - begun) / 200
with clock.use(datetime(2026, 11, 23, 9, 0, 1)):
    begun = time.perf_counter()
    done = service.run_once(workspace, lambda said: None)
    print(idle, time.perf_counter() - begun, done)
"""


@budget
def rules(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A look at the rules where none is due, and 1,000 carried out at once, beside 1,000 and 100,000 that are not."""
    few_idle, few_due = _measured(FEW_RULES)
    many_idle, many_due = _measured(MANY_RULES)
    yield report.at_most(f"tick, {MANY_RULES:,} rules not due / {FEW_RULES:,}", many_idle / few_idle, 1.3, "x", 2)
    yield report.at_most(f"{DUE:,} due, {MANY_RULES:,} rules not due / {FEW_RULES:,}", many_due / few_due, 1.3, "x", 2)
    yield report.noted(f"tick, {MANY_RULES:,} rules not due", f"{many_idle * 1e6:,.0f} us")
    yield report.noted(f"{DUE:,} rules due at once", f"{many_due:.1f} s")


def _measured(count: int) -> tuple[float, float]:
    """Seconds of a tick where nothing is due, and of carrying out those that are; the median of three."""
    found = []
    for _turn in range(3):
        workspace = BENCH / "rules.db"
        remove_workspace(workspace)
        words = [sys.executable, "-c", _MEASURE, str(workspace), str(count), str(DUE)]
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
        remove_workspace(workspace)
        if ran.returncode:
            raise NotMeasured(ran.stderr.strip().splitlines()[-1])
        idle, due, done = map(float, ran.stdout.split())
        if done < DUE:
            raise NotMeasured(f"only {done:,.0f} of {DUE:,} rules were carried out")
        found.append((idle, due))
    return median(one[0] for one in found), median(one[1] for one in found)
