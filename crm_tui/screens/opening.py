"""Opening a screen so that it is painted once: what it shows is read before, and painted when it is laid out."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from crm_tui.db import Superseded
from crm_tui.screens.base import CrmScreen
from crm_tui.session import Session

OPENS_WITHIN = 0.15
"""Seconds for which a screen waits for what it shows, before it opens without it."""


class Opening(CrmScreen):
    """A screen that is read before it is opened. Subclasses say how, and call ``placed`` once they know their size."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._just_read = False
        self._placed = asyncio.Event()

    async def read(self) -> None:
        """Read what the screen shows."""

    async def open(self) -> None:
        """Read, and put the screen on top of the others. Raises what reading raises.

        A database that is held up keeps nobody waiting: the screen then opens empty.
        """
        reading = asyncio.ensure_future(self.read())
        done, _waiting = await asyncio.wait({reading}, timeout=OPENS_WITHIN)
        if done:
            with suppress(Superseded):  # another screen reads the same meanwhile: this one reads once it is open
                await reading
                self._just_read = True
        else:
            reading.cancel()
        with self.crm.batch_update():
            await self.crm.push_screen(self)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._placed.wait(), OPENS_WITHIN)
        self.check_idle()  # Textual paints what was held back with the next message to the screen: here is one

    def placed(self) -> None:
        """Say that everything stands where it will be seen."""
        self._placed.set()

    def read_already(self) -> bool:
        """Whether what the screen shows was read for it to be opened, and not since; true once."""
        already, self._just_read = self._just_read, False
        return already
