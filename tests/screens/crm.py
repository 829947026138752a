"""Driving the program as its user does: keys in, what stands on the screen out.

async with program(location) as crm:
    await crm.press("/", *"city:berlin", "enter")
    crm.should_show("Alfreds Futterkiste")
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from textual import _wait, events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from crm_tui import config
from crm_tui.app import CrmApp, first_screen
from crm_tui.commands import keymap
from crm_tui.db import Workspace
from crm_tui.scope import Actor
from crm_tui.screens.base import CrmScreen
from crm_tui.services.operators import sign_in
from crm_tui.session import Session
from crm_tui.workspaces import open_workspace

PATIENCE = 30.0
"""Seconds after which what should have happened has not."""

IDLE = (0.005, 0.001)
"""Seconds looked at, and those of them that a program uses at most that has nothing to do. Textual looks at twenty
milliseconds; as ``settle`` waits for the database and for the screen in turns, each look may be shorter, which saves a
fifth of a second for every key."""


class Crm:
    """The running program."""

    def __init__(self, app: CrmApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self) -> CrmScreen:
        """The screen on top."""
        assert isinstance(self.app.screen, CrmScreen), f"{self.app.screen} is on top"
        return self.app.screen

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and let what they cause happen. Letters of a text come as fast as over a slow
        line, in one bunch; after any other key it is waited until the program rests."""
        for bunch in _bunches(keys):
            driver = self.app._driver
            assert driver is not None
            for key in bunch[:-1]:
                event = events.Key(_character_to_key(key), key)
                event.set_sender(self.app)
                driver.send_message(event)
            key = bunch[-1]
            await self.pilot.press(_NAMES.get(key, key) if len(key) > 1 or key == " " else _character_to_key(key))
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text letter by letter."""
        await self.press(*text)

    async def settle(self) -> None:
        """Wait until the database thread and the screen have nothing left to do."""
        for _round in range(4):
            await self.pilot.pause()
            await self.app.session.database.call(lambda: None)
            await self.pilot.pause()
        while getattr(self.app.screen, "_held", None) is not None:  # keys typed ahead; not for long
            await self.pilot.pause(0.01)
            await self.pilot.pause()

    def text(self) -> str:
        """Return what stands on the screen, line by line."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in lines)

    def should_show(self, *texts: str) -> None:
        """Fail with the screen unless every text stands on it."""
        shown = self.text()
        for text in texts:
            assert text in shown, f"{text!r} is not on the screen:\n{shown}"

    def should_not_show(self, *texts: str) -> None:
        """Fail with the screen if any of the texts stands on it."""
        shown = self.text()
        for text in texts:
            assert text not in shown, f"{text!r} is on the screen:\n{shown}"

    async def until(self, happened: Callable[[], Any], what: str) -> None:
        """Wait for something that another session or a timer brings."""
        import asyncio

        end = asyncio.get_running_loop().time() + PATIENCE
        while not happened():
            assert asyncio.get_running_loop().time() < end, f"{what} never happened:\n{self.text()}"
            await self.pilot.pause(0.02)

    async def until_told(self, text: str) -> None:
        """Wait until a message above the last line says so."""
        await self.until(lambda: any(text in message.message for message in self.app._notifications), repr(text))

    async def until_shown(self, text: str) -> None:
        """Wait until a text stands on the screen."""
        await self.until(lambda: text in self.text(), f"{text!r} on the screen")


LETTERS = 4
"""From so many letters behind each other on they are a text."""


def _bunches(keys: Sequence[str]) -> Iterator[list[str]]:
    """Yield the keys one by one, but the letters of a text together."""
    text: list[str] = []
    for key in (*keys, ""):
        if len(key) == 1:
            text.append(key)
            continue
        if len(text) >= LETTERS:  # the first may be a command that asks for the others
            yield text[:1]
            yield text[1:]
        else:
            yield from ([letter] for letter in text)
        text = []
        if key:
            yield [key]


_NAMES = {
    " ": "space",
    "esc": "escape",
    "pgdn": "pagedown",
    "pgup": "pageup",
}
"""Keys whose names differ between our notation and Textual's; a character is its own name."""


_open: dict[str, Workspace] = {}
"""Two sessions of one test share the workspace: models are bound to one database a process."""


@asynccontextmanager
async def program(
    location: str,
    *,
    size: tuple[int, int] = (120, 40),
    login: str = "ana",
    query: str | None = None,
    screen: str = "clients",
    settings: config.Config | None = None,
    actor: Actor | None = None,
) -> AsyncIterator[Crm]:
    """Run the program on a workspace, as ``login``."""
    workspace = _open.get(location) or open_workspace(location)
    alone = location not in _open
    _open[location] = workspace
    settings = settings or config.Config()
    session = Session(workspace, actor or sign_in(workspace, login), settings, keymap.build(settings.keys))
    app = CrmApp(session, first_screen(session, screen, query))
    before = _wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE
    _wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = IDLE
    try:
        async with app.run_test(size=size) as pilot:
            crm = Crm(app, pilot)
            await crm.settle()
            yield crm
    finally:
        _wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = before
        session.leave()
        session.database.close()
        if alone:
            del _open[location]
            workspace.close()
