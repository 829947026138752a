"""Whatever dies and whatever the clock does: what comes due is made once, and none is missed (``storm``)."""

from __future__ import annotations

from datetime import timedelta

from crm_tui.db import Workspace
from crm_tui.scope import Actor
from tests.concurrency.test_killed_writers import check
from tests.mail.server import MailServer, at_random
from tests.worker import storm


def test_workers_that_are_killed_miss_nothing_and_repeat_nothing(
    location: str, workspace: Workspace, ana: Actor
) -> None:
    end = storm.START + timedelta(days=20)
    with MailServer(at_random(20)) as server:
        storm.prepare(workspace, ana, 10, server.port)
        assert storm.run(location, workspace, end, kills=6) >= 3
    assert storm.check(end) > 80
    storm.check_mail(server)
    assert len(server.received) > 20
    check(workspace)
