"""One look at what is due: it is done, and it is said when to look again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_tui import clock, recurring, reminders
from crm_tui.automation.pending import pending
from crm_tui.db import Workspace
from crm_tui.mail import waiting
from crm_tui.scope import WORKER
from crm_tui.worker import lease, numbers_due

if TYPE_CHECKING:
    from crm_tui.journal import Values, Writer
    from crm_tui.mail.postman import Postman
    from crm_tui.services.recurring import Made

MOST = 100
"""Rules carried out in one tick: whoever works beside comes in between."""

CHANGES = 50
"""Changes looked at in one tick, at the least."""

LOOK_AGAIN = timedelta(seconds=5)
"""After which it is looked whether another worker, which had the lease, did what was due."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What one look found."""

    done: list[str] = field(default_factory=list)
    """What was made, in words."""
    next_at: datetime | None = None
    """When there is something to do again; None is not before something changes."""


class Background:
    """What a process does in the background of a workspace: rules and automations, and mail on its way."""

    def __init__(self, workspace: Workspace, holder: str) -> None:
        self.workspace, self.holder = workspace, holder
        self._postman: Postman | None = None

    @property
    def busy(self) -> bool:
        """Whether something is on its way that is to be looked after."""
        return self._postman is not None and self._postman.busy

    def step(self, most: int = MOST) -> Tick:
        """Do some of what is due. Raises StorageFailed."""
        found = tick(self.workspace, self.holder, most)
        done = found.done + self._carry_mail()
        mail_at = clock.now() if self.busy else waiting.next_due(self.workspace)
        return Tick(done, _first(found.next_at, mail_at, self._keep_numbers()))

    def _keep_numbers(self) -> datetime | None:
        """Keep the numbers by the day, a stretch of them at a time; return when to go on."""
        due = numbers_due.next_due()
        if due is None or due > clock.now():
            return due
        with lease.lease(self.workspace, self.holder) as mine:
            if not mine:
                return clock.now() + LOOK_AGAIN
            from crm_tui.worker import keeping  # small workspaces keep no numbers

            # Where nobody asks for what could be kept, there is nothing to come back for.
            return numbers_due.next_due() if keeping.step(self.workspace) else None

    def _carry_mail(self) -> list[str]:
        if self._postman is None and waiting.is_due(self.workspace):
            from crm_tui.mail.postman import Postman  # few sessions send anything

            self._postman = Postman(self.workspace, self.holder)
        return self._postman.step() if self._postman is not None else []

    def close(self, grace: float = 3.0) -> None:
        """Give up what is on its way, for others to do; a message that is being sent has ``grace`` seconds."""
        if self._postman is not None:
            self._postman.close(grace)


def tick(workspace: Workspace, holder: str, most: int = MOST) -> Tick:
    """Do what rules and automations have due, if no other worker does. Where nothing is due that costs one query.
    Raises StorageFailed."""
    coming = next_by_rules()
    now = clock.now()  # after that was asked: what is to be done at once is due now
    if coming is None or coming > now:
        return Tick(next_at=coming)
    from crm_tui.automation import engine  # a session where nothing is due needs none of it
    from crm_tui.services import notifications
    from crm_tui.services import recurring as rules

    rules.makers |= {"report": _report, "check-in": _check_in}
    done: list[str] = []
    with lease.lease(workspace, holder) as mine:
        if not mine:
            return Tick(next_at=now + LOOK_AGAIN)
        for at, rule in enumerate(recurring.due(now, most)):
            if at and not at % 20 and not lease.renew(workspace, holder):
                break  # it took too long, and another one went on
            if said := rules.carry_out(workspace, rule):
                done.append(said)
        done += engine.process(workspace, max(most, CHANGES))
        for task, due in reminders.due(clock.now()):
            if said := notifications.remind(workspace, WORKER, task, due):
                done.append(said)
    return Tick(done, next_by_rules())


def _report(op: Writer, held: Values, due: datetime) -> Made:
    """Make a report; the numbers are read in only where a rule tells them."""
    from crm_tui.mail import reporting

    return reporting.make(op, held, due)


def _check_in(op: Writer, held: Values, due: datetime) -> Made:
    """Check in on goals; the numbers are read in only where a rule asks for them."""
    from crm_tui.worker import check_ins

    return check_ins.make(op, held, due)


def next_by_rules() -> datetime | None:
    """Return when rules and automations have something to do, None where not before something changes."""
    return _first(recurring.next_due(), pending(), reminders.next_at())


def next_work(workspace: Workspace) -> datetime | None:
    """Return when there is something to do in the background, None where not before something changes."""
    return _first(next_by_rules(), waiting.next_due(workspace), numbers_due.next_due())


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
