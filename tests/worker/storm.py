"""Three workers on one workspace, killed at random, with clocks that jump and a mail server that falls silent: what
comes due is made once, none is missed, and every message arrives, twice only with the Message-ID it has.

python -m tests.worker.storm          10,000 occurrences, on both databases (``make soak``)
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crm_tui import clock, recurring
from crm_tui.db import Workspace
from crm_tui.mail import waiting
from crm_tui.models.automations import AutomationRun
from crm_tui.models.base import entities
from crm_tui.models.recurring import Occurrence, RecurringRule
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.recurring import after_clock_change
from crm_tui.worker import service
from crm_tui.worker.tick import Background
from crm_tui.workspaces import open_workspace
from tests import business
from tests.mail.conftest import name_server
from tests.mail.server import MailServer, at_random
from tests.processes import Crew, Say

START = datetime(2026, 10, 20)
"""Before the clocks go back in Berlin."""

WHEN = ("every day at 9:00", "every day at 2:30", "every working day at 17:00", "every 2 days", "every monday at 8:00")


def prepare(workspace: Workspace, ana: Actor, rules: int, port: int) -> None:
    """Make the rules, of which some send messages, and an automation that follows the tasks that the others make."""
    shipped = entities["automation"]
    records.archive_many(workspace, ana, shipped, [row["id"] for row in business.rows(shipped.name)])
    with clock.use(START):
        name_server(workspace, ana, port)
        client = business.client(workspace, ana, email="office@example.org")
        written = business.add(
            workspace, ana, "message_template", name="Storm", subject="{day} of {name}", body="It is {day}."
        )
        for number in range(rules):
            zone = ("Europe/Berlin", "America/New_York", "UTC")[number % 3]
            given = {"schedule": WHEN[number % len(WHEN)], "zone": zone, "missed": "all"}
            if number % 4 == 3:
                given |= {"makes": "message", "client": f"#{client}", "template": f"#{written}"}
            business.add(workspace, ana, "recurring_rule", name=f"Rule {number}", **given)
        business.add(
            workspace, ana, "automation", name="Follow", entity="tasks", event="is added", actions="tag +made"
        )  # fmt: skip


def work(location: str, number: int, say: Say) -> None:
    """Work on, by a clock of one's own that starts about where the last worker was and jumps now and then."""
    workspace = open_workspace(location)
    rnd = random.Random(f"{number} {time.time_ns()}")
    newest: Any = Occurrence.select(Occurrence.due_at).order_by(Occurrence.due_at.desc()).limit(1).tuples().first()
    now = max(START, (newest[0] if newest else START) - timedelta(hours=rnd.randrange(48)))
    background = Background(workspace, f"{number} {rnd.random()}")
    while True:
        now += timedelta(minutes=rnd.randrange(30, 600))
        jump = rnd.choice([0] * 18 + [3, -1])  # days, for one look
        with clock.use(max(START, now + timedelta(days=jump))):  # before there was a rule nothing is
            after_clock_change(workspace)
            background.step(7)
        say(now)


def run(location: str, workspace: Workspace, end: datetime, kills: int) -> int:
    """Let them work until ``end``, and kill one now and then; then do what is left. Return how many were killed."""
    rnd, killed, latest = random.Random(5), 0, START
    while latest < end:
        with Crew(3, work, location) as crew:
            crew.begin()
            victim = rnd.randrange(3)
            for _turn in range(rnd.randrange(5, 30) if killed < kills else 200):
                latest = max(latest, crew.heard(rnd.randrange(3)))
            crew.kill(victim)
            killed += 1
            for other in {0, 1, 2} - {victim}:
                latest = max(latest, crew.heard(other))
    with clock.use(end):
        after_clock_change(workspace)
        for _round in range(20):
            service.run_once(workspace, lambda said: None)
    deliver(workspace, end)
    return killed


def deliver(workspace: Workspace, end: datetime) -> None:
    """Let time pass until nothing waits to be sent."""
    moment: datetime | None = end
    while moment is not None:
        with clock.use(max(end, moment)):
            service.run_once(workspace, lambda said: None)
            moment = waiting.next_due(workspace)


def check_mail(server: MailServer) -> int:
    """See that every message arrived, and that one that came twice came with its own Message-ID; return how many came
    twice."""
    message: Any = entities["message"].model
    rows = list(message.select(message.message_id, message.subject, message.status).tuples())
    unsent = [row for row in rows if row[2] != "sent"]
    assert not unsent, unsent
    of: dict[str, str] = {f"<{uid}@crm-tui.invalid>": subject for uid, subject, _status in rows}
    came = list(zip(server.ids(), server.subjects(), strict=True))
    assert set(came) == set(of.items())
    said: Any = entities["interaction"].model
    assert said.select().count() == len(rows)  # each is told of once
    return len(came) - len(rows)


def check(end: datetime) -> int:
    """See that everything that came due up to ``end`` was made once, and nothing else; return how many there were."""
    total = 0
    for rule in RecurringRule.select():
        with clock.use(start := START):
            first = start - timedelta(days=1) if "BYHOUR" not in rule.schedule else start
            due = []
            for moment in recurring.moments_of(rule, first):
                if moment > end:
                    break
                due.append(moment)
        made: Any = Occurrence.select(Occurrence.due_at, Occurrence.record).where(Occurrence.rule == rule.id)
        found = [row for row in made.order_by(Occurrence.due_at).tuples() if row[0] <= end]
        assert [row[0] for row in found] == due, f"{rule.name}: {rule.schedule}"
        if rule.makes == "message":
            total += len(found)
            continue  # ``check_mail``
        tasks: Any = entities["task"].model
        of_rule = tasks.select().where(tasks.rule == rule.id).count()
        every: int = Occurrence.select().where(Occurrence.rule == rule.id).count()
        assert of_rule == every, f"{rule.name}: {of_rule} tasks of {every} occurrences"
        total += len(found)
    runs: Any = AutomationRun.select()
    model: Any = entities["task"].model
    outcomes = [(run.outcome, run.told) for run in runs if run.outcome != "done"]
    assert not outcomes
    assert runs.count() == model.select().count()
    assert model.select().where(model.tags_key == "").count() == 0
    messages = Occurrence.select().where(Occurrence.entity == "message").count()
    assert entities["message"].model.select().count() == messages
    return total


def soak(location: str, rules: int, days: int, kills: int) -> None:
    """Do it at length and say what came of it."""
    from crm_tui.services.operators import sign_in

    began = time.monotonic()
    workspace = open_workspace(location)
    with clock.use(START):
        ana = sign_in(workspace, "ana")
    end = START + timedelta(days=days)
    with MailServer(at_random(days)) as server:
        prepare(workspace, ana, rules, server.port)
        killed = run(location, workspace, end, kills)
        total, twice = check(end), check_mail(server)
    kind = "PostgreSQL" if workspace.postgres else "SQLite"
    sent = len(server.received) - twice
    print(f"{kind}: {total} occurrences, {killed} workers killed, 0 missed, 0 twice; {sent} messages, all arrived, "
          f"{twice} of them again with the same Message-ID; {time.monotonic() - began:.0f} s")  # fmt: skip
    workspace.close()


if __name__ == "__main__":
    from tests.postgres import database

    with tempfile.TemporaryDirectory() as folder:
        soak(str(Path(folder) / "soak.db"), 100, 180, 60)
    with database() as address:
        soak(address, 100, 180, 60)
    sys.exit(0)
