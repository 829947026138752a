"""What the app does besides what its user asks for: it follows what other sessions change, and does what is due."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.screen import Screen

from crm_tui import journal
from crm_tui.errors import StorageFailed
from crm_tui.journal import Changed
from crm_tui.screens.base import CrmScreen
from crm_tui.services import presence
from crm_tui.session import Session

if TYPE_CHECKING:
    from crm_tui.queries.times import Running

POLL_EVERY = 0.6
"""Seconds between two looks for what other sessions changed: seen within a second, at a thousandth of a core."""

FIRST_NEWS = 0.3
"""Seconds after which notifications are counted first: the list comes before."""

_NEWS = frozenset({"notification", "comment"})
"""What may change how many notifications are new: a deleted comment takes its own out of the count."""

BETWEEN_SLICES = 0.02
"""Seconds between two slices of background work, so that keys and other sessions come first."""

QUIET = 0.5
"""Seconds without a key after which the session does what is due in the background: who types waits for none of it."""

NO_REST = 3.0
"""Seconds of typing without a rest, or since the program was opened, after which it does some of it all the same."""


class Follower(App[None]):
    """The part of the app that nobody asked for."""

    def __init__(self, session: Session, *, ansi_color: bool | None) -> None:
        self.session = session
        self.here: list[str] = [session.actor.login]
        self.timer: Running | None = None
        """What the operator's timer runs on."""
        self.unread = 0
        """Notifications that this operator has not read."""
        self._polling = self._scoring = self._working = False
        self._key_at, self._rested_at = 0.0, time.monotonic()
        self.problem = ""
        """Why the program ended by itself, if it did."""
        super().__init__(ansi_color=ansi_color)

    def kept_screens(self) -> Iterable[Screen[Any] | None]:
        """Return the screens that stay when another is shown."""
        return ()

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear what this session changes."""
        # Heard on the database thread: only what is thread-safe may be called there.
        context = contextvars.copy_context()
        journal.listeners.append(lambda changed: self._hear(loop, context, changed))

    def follow(self) -> None:
        """Look from now on for what others change and what is due."""
        self._key_at = time.monotonic() + NO_REST  # whoever opens the program is about to press a key
        self.set_interval(POLL_EVERY, self._poll)
        self.set_interval(presence.EVERY, self._say_here)
        self.set_timer(presence.FIRST, self._say_here)
        self.set_timer(FIRST_NEWS, self._look_for_news)

    async def on_event(self, event: events.Event) -> None:
        """Take note of keys: what is due waits until they rest."""
        if isinstance(event, events.Key):
            self._key_at = time.monotonic()
        await super().on_event(event)

    def _resting(self) -> bool:
        """Whether the user rests, or has not rested for too long."""
        now = time.monotonic()
        rests = now - self._key_at >= QUIET or now - self._rested_at >= NO_REST
        if rests:
            self._rested_at = now
        return rests

    def _hear(self, loop: asyncio.AbstractEventLoop, context: contextvars.Context, changed: Changed) -> None:
        if loop.is_closed():
            return
        try:
            if self.screen_stack and isinstance(shown := self.screen_stack[-1], CrmScreen):
                shown.look(changed)
        finally:
            loop.call_soon_threadsafe(self.data_changed, changed, context=context)

    # What changed

    def data_changed(self, changed: Changed) -> None:
        """Tell every screen, in view or not, what was changed."""
        self.session.changed_here()
        for screen in {*self.kept_screens(), *self.screen_stack}:
            if isinstance(screen, CrmScreen) and screen.is_running:
                screen.data_changed(changed)
        if _NEWS & changed.records.keys():
            self._look_for_news()
        if "time_entry" in changed.records:
            self.run_worker(self._look_at_timer(), group="timer", exclusive=True)

    async def _poll(self) -> None:
        resting = self._resting()
        if resting:
            self._work_if_due()
        if self._polling or not self.session.may_have_news(resting):
            return
        self._polling = True
        try:
            changed = await self.session.database.call(self.session.news, resting)
        except StorageFailed as error:
            if not self.problem:
                self.notify(str(error), severity="warning", markup=False)
            self.problem = str(error)
            return
        finally:
            self._polling = False
        self.problem = ""
        while self.session.notices:
            self.notify(self.session.notices.pop(0), timeout=15, markup=False)
        if changed is not None:
            self.data_changed(changed)
        if not resting:
            return
        self._work_if_due()
        if self.session.scores_behind and not self._scoring:
            self._scoring = True
            self.run_worker(self._catch_up_on_scores(), group="scores")

    def _work_if_due(self) -> None:
        if self.session.work_is_due() and not self._working:
            self._working = True
            self.run_worker(self._work(), group="work")

    async def _catch_up_on_scores(self) -> None:
        """Do slices of what is to be scored."""
        try:
            await self._while_there_is_more(self.session.score_some)
        finally:
            self._scoring = False

    async def _work(self) -> None:
        """Do what is due in the background."""
        try:
            await self._while_there_is_more(self.session.work)
        finally:
            self._working = False

    async def _while_there_is_more(self, step: Callable[[], bool]) -> None:
        """Do steps on the database thread; whatever else the session asks of its database comes in between."""
        try:
            while self.screen_stack:
                if not await self.session.database.call(step):
                    return
                await asyncio.sleep(BETWEEN_SLICES)
        except StorageFailed:
            return  # another look finds it still to be done; the next change that cannot be saved will say so

    def _look_for_news(self) -> None:
        self.run_worker(self._count_news(), group="news", exclusive=True)

    async def _count_news(self) -> None:
        with self._told():
            self.unread = await self.session.database.call(self.session.unread)

    async def _look_at_timer(self) -> None:
        with self._told():
            self.timer = await self.session.database.call(self.session.running_timer)

    def _say_here(self) -> None:
        self.run_worker(self._look_who_is_here(), group="presence", exclusive=True)

    async def _look_who_is_here(self) -> None:
        if not self.screen_stack:
            return  # the program is ending
        place = self.screen.title_of_place if isinstance(self.screen, CrmScreen) else ""
        with self._told():
            self.here = await self.session.database.call(self.session.here, place)
            self.timer = await self.session.database.call(self.session.running_timer)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Let the first line tell what is found out within. Where the storage fails it tells what it did: the screens,
        or the next change that cannot be saved, say so."""
        with suppress(StorageFailed):
            yield
            if self.screen_stack and isinstance(self.screen, CrmScreen):
                self.screen.show_place()
