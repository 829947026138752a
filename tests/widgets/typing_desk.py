"""A small app round what is typed into: it remembers what it is told, and which keys reached the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.widgets.glyphs import UNICODE, Glyphs
from crm_tui.widgets.guard import TerminalGuard
from tests.widgets.desk import sent
from tests.widgets.test_guard import HOSTILE

THEMES = ("textual-dark", "textual-light", "ansi-dark", "ansi-light")

EVIL = [*HOSTILE, "[red]x", "[/x]", "[@click=app.quit]x", "[b]x[/b]", "\\[x", "$text", "%s {0} {x}", "x" * 3000]


class Typed(Static, can_focus=True):
    """What has the focus before something is typed into."""


@dataclass(frozen=True)
class Told:
    """A message by its name, with what it says."""

    name: str
    text: str = ""


class TypingDesk(App[None]):
    """A screen of ``widgets``, the last of them at the bottom, and a list in the place of the screen's own."""

    CSS = "Typed { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget, theme: str = "textual-dark", glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.widgets = widgets
        self.glyphs = glyphs
        self.guard = TerminalGuard()
        self.told: list[Told] = []
        self.reached: list[str] = []
        self.answers: list[Any] = []
        self.list = Typed("the list")
        self.theme = theme

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self.guard]

    def compose(self) -> ComposeResult:
        yield self.list
        yield from self.widgets

    def on_mount(self) -> None:
        self.list.focus()

    async def on_key(self, event: events.Key) -> None:
        """A key that nobody used: a screen would run its command."""
        self.reached.append(event.key)

    def tell(self, message: Message, text: str = "") -> None:
        self.told.append(Told(type(message).__name__, text))

    @property
    def names(self) -> list[str]:
        return [told.name for told in self.told]

    def ask(self, screen: Screen[Any]) -> None:
        """Open a dialog; its answer is the next of ``answers``."""
        self.push_screen(screen, self.answers.append)


def screen_lines(app: App[Any]) -> list[str]:
    """What stands on the screen, line by line."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def screen_text(app: App[Any]) -> str:
    """What stands on the screen."""
    return "\n".join(screen_lines(app))


def harmless(app: App[Any]) -> bool:
    """Whether nothing that is sent to the terminal acts on it, besides colours and styles."""
    return not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", re.sub("\x1b\\[[0-9;]*[mHK]", "", sent(app))
    )
