"""The worker by itself: once, up to a moment, or as a service that goes on."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm_tui import clock
from crm_tui.automation.runs import runs
from crm_tui.db import Workspace
from crm_tui.errors import StorageFailed
from crm_tui.i18n import _
from crm_tui.models.outbox import SENT, Message
from crm_tui.models.recurring import Occurrence, RecurringRule
from crm_tui.services.recurring import after_clock_change
from crm_tui.services.scores import Slices
from crm_tui.text import quoted
from crm_tui.worker import lease
from crm_tui.worker.tick import Background, Tick, next_by_rules, tick

Say = Callable[[str], None]

LOOKS_EVERY = 0.5
"""Seconds between two looks at whether anything changed."""

_SET_BACK = timedelta(seconds=60)
"""A clock that shows less than it did by more than this was set back."""

_STORAGE_PAUSE = 5.0
_MOST_STEPS = 1_000_000
_BETWEEN_SLICES = 0.02


def name() -> str:
    """Return what this process is called as a worker: its machine and number."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run_once(workspace: Workspace, say: Say) -> int:
    """Do all that is due now; return how many things were done. Raises StorageFailed."""
    background = Background(workspace, name())
    try:
        return _run(workspace, say, background.step, lambda: background.busy)
    finally:
        background.close()


def _run(workspace: Workspace, say: Say, step: Callable[[], Tick], busy: Callable[[], bool] = lambda: False) -> int:
    """Do steps until nothing is due any more; return how many things were done."""
    after_clock_change(workspace)
    done = 0
    for _step in range(_MOST_STEPS):
        found = step()
        for said in found.done:
            say(said)
        done += len(found.done)
        if busy():
            time.sleep(_BETWEEN_SLICES)
        elif found.next_at is None or found.next_at > clock.now():
            break
    return done


def run_until(workspace: Workspace, until: datetime, say: Say) -> int:
    """Do all that comes due up to a moment, each at the moment it does, as if the time had passed: what is written
    depends on the workspace alone. No mail goes out, because its time has not come. Return how many things were done.
    Raises StorageFailed."""
    done, moment = 0, clock.now()
    for _step in range(_MOST_STEPS):
        with clock.at(moment):
            done += _run(workspace, say, lambda: tick(workspace, name()))
            coming = next_by_rules()
        if coming is None or coming > until:
            break
        moment = max(moment + timedelta(milliseconds=1), coming)  # what cannot be done now holds up nothing later
    return done


def serve(
    workspace: Workspace, say: Say, stopped: Callable[[], bool], wait: Callable[[float], object] = time.sleep
) -> None:
    """Work until ``stopped``; storage that fails is tried again."""
    last, version = clock.now(), -1
    look_at: datetime | None = last
    slices, background = Slices(workspace), Background(workspace, name())
    after_clock_change(workspace)
    while not stopped():
        try:
            now = clock.now()
            if now < last - _SET_BACK:
                after_clock_change(workspace)
                look_at = now
            last = now
            if not workspace.still() and (newer := workspace.data_version()) != version:
                version, look_at = newer, now
            if look_at is not None and look_at <= now:
                found: Tick = background.step()
                for said in found.done:
                    say(said)
                look_at = found.next_at
                while slices.step() and not stopped():
                    wait(_BETWEEN_SLICES)
        except StorageFailed as error:
            logging.getLogger("crm_tui").warning("the worker waits: %s", error)
            say(str(error))
            wait(_STORAGE_PAUSE)
        wait(_BETWEEN_SLICES if background.busy else LOOKS_EVERY)
    with suppress(StorageFailed):
        background.close()


@dataclass(frozen=True, slots=True)
class Status:
    """What the worker did and will do."""

    holder: str
    """Who works at this moment, "" for nobody: there is nothing to do."""
    done: list[tuple[datetime, str, str, int]]
    """What was done last: when, by which rule or automation, what it made and its id; the newest first."""
    coming: list[tuple[datetime, str]]
    """What comes next, and by which rule."""
    late: int
    """Rules that were due and are not carried out yet."""
    paused: int
    """Rules that are paused."""


def _sent(count: int) -> list[tuple[datetime, str, str, int]]:
    """The messages that went out last."""
    model: Any = Message
    sent = model.select(model.sent_at, model.subject, model.id).where(model.status == SENT)
    rows = sent.order_by(model.id.desc()).limit(count).tuples()
    return [
        (at, _("mail {subject}").format(subject=quoted(subject, 60)), "message", record) for at, subject, record in rows
    ]


def status(count: int = 10) -> Status:
    """Return what was done last and what comes next."""
    rule: Any = RecurringRule
    done: Any = Occurrence
    past = (
        done.select(done.made_at, rule.name, done.entity, done.record)
        .join(rule, on=(done.rule == rule.id))
        .order_by(done.made_at.desc(), done.id.desc())
        .limit(count)
    )
    live = rule.archived_at.is_null()
    ahead = rule.select(rule.next_at, rule.name).where(live & rule.next_at.is_null(False))
    late = rule.select().where(live & (rule.next_at < clock.now() - timedelta(minutes=1))).count()
    acted = [(run.at, run.automation, run.entity, run.record) for run in runs(count=count) if run.outcome == "done"]
    newest = sorted([*past.tuples(), *acted, *_sent(count)], key=lambda one: one[0], reverse=True)[:count]
    return Status(
        lease.holder(), newest, list(ahead.order_by(rule.next_at, rule.id).limit(count).tuples()),
        int(late), int(rule.select().where(live & rule.paused).count()),
    )  # fmt: skip
