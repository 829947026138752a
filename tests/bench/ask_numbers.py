"""Asks the owner's dashboard in a process of its own: ``ask_numbers.py WORKSPACE build|ask|without|order [PERIOD]``."""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main(location: str, what: str, period: str = "this-quarter") -> dict[str, float]:
    """Return milliseconds, and seconds for all that is built."""
    import crm_tui.commands.registry  # noqa: F401  # as a session has it
    from crm_tui.dashboards import finding, reports
    from crm_tui.dashboards.cards import meaning
    from crm_tui.kpis import periods
    from crm_tui.models.people import Operator
    from crm_tui.queries import rollups
    from crm_tui.services.operators import sign_in
    from crm_tui.worker import keeping
    from crm_tui.workspaces import open_workspace

    workspace = open_workspace(location)
    operator: Any = Operator
    admin = operator.select(operator.login).where(operator.role == "admin").order_by(operator.id).limit(1).scalar()
    actor = sign_in(workspace, admin)
    when = periods.read(period)

    def ask() -> float:
        begun = time.perf_counter()
        for card in finding.named(actor, "owner").cards:
            told = reports.told(actor, card, meaning(card), when, "", reports.BEFORE)
            assert told.answer is not None, told.problem
        return (time.perf_counter() - begun) * 1000

    if what == "build":
        return _built(workspace)
    if what == "without":
        rollups.rows = lambda *_args, **_named: None
        return {"cold": ask()}
    if what == "ask":
        return {"cards": len(finding.named(actor, "owner").cards), "cold": ask(), "again": ask()}
    ask()
    return {**_ordered(workspace, actor), "asked": ask(), **_timed("keep", lambda: keeping.step(workspace))}


def _timed(name: str, do: Any) -> dict[str, float]:
    begun = time.perf_counter()
    do()
    return {name: (time.perf_counter() - begun) * 1000}


def _built(workspace: Any) -> dict[str, float]:
    from crm_tui import clock
    from crm_tui.worker import keeping, numbers_due

    begun, longest = time.perf_counter(), 0.0
    while (due := numbers_due.next_due()) is not None and due <= clock.now():
        longest = max(longest, _timed("step", lambda: keeping.step(workspace))["step"])
    return {"built": time.perf_counter() - begun, "longest": longest}


def _ordered(workspace: Any, actor: Any) -> dict[str, float]:
    from crm_tui.models.base import entities
    from crm_tui.services import records

    records.add(workspace, actor, entities["order"], {"client": "#1"})  # what is read in once
    return _timed("add", lambda: records.add(workspace, actor, entities["order"], {"client": "#1"}))


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
