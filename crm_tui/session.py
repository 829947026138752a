"""A session: one operator at work in one workspace, with what every screen of it shares."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm_tui import clock, journal, memory, scoring
from crm_tui.commands.keymap import Keymap
from crm_tui.config import Config
from crm_tui.db import DatabaseThread, Workspace
from crm_tui.formats import whole
from crm_tui.i18n import ngettext
from crm_tui.journal import Changed
from crm_tui.mail import waiting
from crm_tui.queries.settings import workspace_name
from crm_tui.scope import Actor
from crm_tui.services import presence
from crm_tui.worker.tick import Background, next_work

if TYPE_CHECKING:
    from crm_tui.queries.times import Running
    from crm_tui.services.scores import Slices


SCORES_EVERY = 25
"""Looks for news between two at whether clients are to be scored where nothing was changed (a day has passed): each of
those is a query, and idling is budgeted."""


WORK_AT_ONCE = 5
"""Recurring rules carried out before other things of the session come in between."""

_BY_THE_DAY = ("client", "order", "task")
"""What is due or late by another day."""

WORK_AGAIN = timedelta(seconds=10)
"""After which work that could not be done is tried again."""

CLOCK_SET_BACK = timedelta(seconds=60)
"""A clock that shows less than it did by more than this was set back."""


@dataclass
class Session:
    """What the app and its screens need besides Textual."""

    workspace: Workspace
    actor: Actor
    config: Config
    keymap: Keymap
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    screens: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each screen was left with, by its name."""
    name: str = ""
    """The workspace's own name."""
    seen: int = 0
    """The last operation this session has shown."""
    data_version: int = -1
    scores_moved: int = 0
    """The last time that scores changed by themselves which this session has shown."""
    scores_behind: bool = False
    """Whether, when ``news`` was asked last, there were clients to be scored."""

    def __post_init__(self) -> None:
        self.database = DatabaseThread(self.workspace)
        self._slices: Slices | None = None
        self._background = Background(self.workspace, self.id)
        self._asked = 0
        self._scores_due = True
        self._day = clock.today()
        self._mail_seen = False
        self.notices: list[str] = []
        """What is to be said to the operator, on the UI thread."""
        self._work_at: datetime | None = None
        self._clock_showed = clock.now()
        self._works = not (self.workspace.readonly or self.actor.readonly)
        self.name = workspace_name(self.workspace.location)
        self.seen = journal.last_operation()
        self.scores_moved = scoring.moved()
        self.screens = memory.recall(self.workspace.location, self.actor.login)

    def may_have_news(self, resting: bool = True) -> bool:
        """Whether ``news`` is worth asking. On the UI thread, where it costs a hundredth of asking."""
        self._asked += 1
        self._scores_due = self._scores_due or self._asked % SCORES_EVERY == 0
        return not self.workspace.still() or (resting and self._scores_due) or self._day != clock.today()

    def work_is_due(self) -> bool:
        """Whether there is something for the background worker to do, which runs in any open session. On the UI
        thread, where it costs nothing."""
        now = clock.now()
        back, self._clock_showed = now < self._clock_showed - CLOCK_SET_BACK, now
        if back:
            self._work_at = now
        return self._works and self._work_at is not None and self._work_at <= now

    def work(self) -> bool:
        """Do some of what is due; return whether there is more. On the database thread."""
        from crm_tui.services.recurring import after_clock_change

        self._work_at = clock.now() + WORK_AGAIN  # if it cannot be done now
        after_clock_change(self.workspace)
        found = self._background.step(WORK_AT_ONCE)
        self._work_at = found.next_at
        return bool(found.done) and self.work_is_due()

    def changed_here(self) -> None:
        """Note that this session changed something, which does not show as news: clients may be to be scored."""
        self._scores_due = True

    def news(self, resting: bool = True) -> Changed | None:
        """Return what other sessions changed since this was last asked; while the user is not ``resting``, what this
        session's own changes make due is not looked at. On the database thread."""
        version = self.workspace.data_version()
        # What this session changed itself does not show in the version, so the scores are looked at now and then too.
        if version != self.data_version or (resting and self._scores_due):
            self.scores_behind = scoring.behind() and not (self.workspace.readonly or self.actor.readonly)
            self._scores_due = False
            self._work_at = next_work(self.workspace) if self._works else None
            self._look_after_mail()
        day, self._day = self._day, clock.today()
        changed = None if version == self.data_version else self._changed_by_others(version)
        if day != self._day:
            records = {} if changed is None else changed.records
            changed = Changed(self.seen, {**records, **dict.fromkeys(_BY_THE_DAY, frozenset())})
        return changed

    def _look_after_mail(self) -> None:
        """Once in a session, say that mail waits which nobody let out."""
        if self._mail_seen or not self._works:
            return
        self._mail_seen = True
        if held := waiting.held_back(self.workspace):
            words = ngettext(
                "{n} message waits: this workspace was copied, moved or restored. g y shows it, L there says more.",
                "{n} messages wait: this workspace was copied, moved or restored. g y shows them, L there says more.",
                held,
            )
            self.notices.append(words.format(n=whole(held)))

    def _changed_by_others(self, version: int) -> Changed | None:
        self.data_version = version
        changed = journal.changed_since(self.seen)
        if changed is not None:
            self.seen = changed.operation
        moved = scoring.moved()
        if moved != self.scores_moved:
            self.scores_moved = moved
            records = {} if changed is None else changed.records
            changed = Changed(self.seen, {**records, "client": frozenset()})
        return changed

    def unread(self) -> int:
        """Return how many notifications the operator has not read. On the database thread."""
        from crm_tui.queries import talk

        return talk.unread(self.actor)

    def running_timer(self) -> Running | None:
        """Return what the operator's timer runs on, if it does. On the database thread."""
        from crm_tui.queries import times

        return times.running(self.actor.operator_id)

    def score_some(self) -> bool:
        """Score some clients, in a few milliseconds; return whether there may be more. On the database thread."""
        if self._slices is None:
            from crm_tui.services.scores import Slices  # start-up is budgeted

            self._slices = Slices(self.workspace)
        return self._slices.step()

    def here(self, screen: str) -> list[str]:
        """Say that this session is here, and return the logins present. On the database thread."""
        return presence.here(self.workspace, self.actor, self.id, screen)

    def leave(self) -> None:
        """Keep what the screens looked like and say goodbye. On the database thread."""
        memory.remember(self.workspace.location, self.actor.login, self.screens)
        self._background.close()
        presence.leave(self.workspace, self.actor, self.id)
