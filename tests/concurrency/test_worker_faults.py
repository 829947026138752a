"""Whatever dies and whatever the clock does: what comes due is made once, and none is missed (``storm``)."""

from __future__ import annotations

from datetime import timedelta

from crm_tui.db import Workspace
from crm_tui.scope import Actor
from tests.concurrency.test_killed_writers import check
from tests.worker import storm


def test_workers_that_are_killed_miss_nothing_and_repeat_nothing(
    location: str, workspace: Workspace, ana: Actor
) -> None:
    storm.prepare(workspace, ana, 10)
    end = storm.START + timedelta(days=20)
    assert storm.run(location, workspace, end, kills=6) >= 3
    assert storm.check(end) > 80
    check(workspace)
