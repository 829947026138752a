"""The app: the screens there are, the theme, and a dignified end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.filter import ANSIToTruecolor, LineFilter, NoColor

from crm_tui import clock, garbage
from crm_tui.commands.context import Asked
from crm_tui.commands.keymap import Keymap
from crm_tui.config import Config
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError
from crm_tui.following import Follower
from crm_tui.i18n import _, ngettext
from crm_tui.models.base import Entity, entities, find_entity
from crm_tui.scope import Actor
from crm_tui.screens.base import CrmScreen, clock_text
from crm_tui.screens.listed import ListedScreen
from crm_tui.screens.listings import FORM, form_of, listed_as, next_form
from crm_tui.screens.themes import DARK, LIGHT, theme_name
from crm_tui.session import Session
from crm_tui.widgets.glyphs import ASCII, UNICODE
from crm_tui.widgets.guard import TerminalGuard
from crm_tui.widgets.thrift import thrifty

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen

TERMINAL_EVERY = 0.7
"""Seconds between two looks whether the terminal is still there: gone with it within one."""

TODAY = "today"
"""The first screen that is no list: what needs the operator."""


class CrmApp(Follower):
    """The full-screen program."""

    TITLE = "crm-tui"
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar = []
    CSS = """
    CrmScreen { background: $background; overflow: hidden; }
    Toast { max-width: 90; }
    """

    def __init__(self, session: Session, start: Callable[[CrmApp], CrmScreen]) -> None:
        """``start`` makes the first screen."""
        self._guarded: list[LineFilter] = []
        self.glyphs = ASCII if session.config.ascii else UNICODE
        # Textual picks its colour filter before the theme is set: without colours it must begin with an ansi one.
        super().__init__(session, ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.no_color = self.no_color or session.config.theme == "mono"
        self._start = start
        self._lists: dict[str, ListedScreen] = {}
        self._today: CrmScreen | None = None
        self.dashboard: CrmScreen | None = None
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        # Set as it is, before there is anything to be drawn anew: the style sheet would be read once more.
        self.set_reactive(CrmApp.theme, theme_name(session.config.theme))
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Every line drawn passes the guard last.

        The filter that turns the sixteen colours into others is left out: our true-colour themes use none of them, and
        it would look at every line of every frame.
        """
        if not self._guarded:
            kept = [known for known in super().get_line_filters() if not isinstance(known, ANSIToTruecolor | NoColor)]
            if self.no_color and self.native_ansi_color:
                kept.append(NoColor())
            self._guarded = [*kept, TerminalGuard()]
        return self._guarded

    def get_driver_class(self) -> type[Driver]:
        """What goes to the terminal goes in as few bytes as say it: it may be far away."""
        return thrifty(super().get_driver_class())

    async def on_mount(self) -> None:
        """Open the first screen; listen for changes and for the end."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(name, self._end)
        if not self.is_headless:
            self._end_with_terminal(loop)
        self.listen(loop)
        await self.push_screen(self._start(self))
        self.call_after_refresh(garbage.collect_from_now_on)
        self.follow()

    def _fatal_error(self) -> None:
        """What nobody foresaw ends the program with one line; what a programmer needs goes to the log."""
        from crm_tui.screens.mishaps import told

        assert self._exception is not None
        self.problem = told(self._exception, "the screen")
        self._end(return_code=1)
        self._close_messages_no_wait()

    def _end_with_terminal(self, loop: asyncio.AbstractEventLoop) -> None:
        """End once the terminal is gone. Where another program stands between, such as ``make`` or ``sudo``, no signal
        says so, and whoever reads the end of its input over and over keeps a processor busy."""
        if sys.stdin.isatty():
            loop.call_later(TERMINAL_EVERY, self._end_with_terminal, loop)
        else:
            self._end()

    def _end(self, return_code: int = 0) -> None:
        """End with what is being typed kept."""
        for screen in self.screen_stack:
            keep = getattr(screen, "keep_draft", None)
            if keep is not None:
                keep()
        self.exit(return_code=return_code)

    def news_texts(self) -> list[str]:
        """Return what stands at the right of the first line: read-only, who is here, what is new, the time."""
        texts = []
        if self.timer is not None:
            minutes = int((clock.now() - self.timer.since).total_seconds() // 60)
            texts.append(f"{self.glyphs.crumb} {self.timer.what} {minutes // 60}:{minutes % 60:02}".replace("  ", " "))
        if self.session.actor.readonly:
            texts.append(_("read-only"))
        if len(self.here) > 1:
            texts.append(ngettext("{n} online", "{n} online", len(self.here)).format(n=len(self.here)))
        if self.unread:
            texts.append(ngettext("{n} new", "{n} new", self.unread).format(n=self.unread))
        return [*texts, clock_text()]

    # Going places

    def kept_screens(self) -> Iterable[Screen[Any] | None]:
        """Return the screens that stay when another is shown."""
        return (*self._lists.values(), self._today, self.dashboard)

    def list_of(self, entity: Entity, query: str | None = None) -> ListedScreen:
        """Return the list or board of an entity as it was left, or with another query."""
        form = form_of(self.session, entity)
        name = f"{form}-{entity.name}"
        found = self._lists.get(name)
        if found is None or not found.is_running:
            found = self._lists[name] = listed_as(form, self.session, entity, query)
            self.install_screen(found, name)
        elif query is not None:
            found.show_query(query)
        return found

    async def open_list(self, entity: Entity, query: str | None = None) -> None:
        """Show the list of an entity as the first screen."""
        await self.show_first(self.list_of(entity, query))

    def today(self) -> CrmScreen:
        """Return the queue of what needs the operator."""
        if self._today is None:
            from crm_tui.screens.today_screen import TodayScreen

            self._today = TodayScreen(self.session)
            self.install_screen(self._today, TODAY)  # kept: who leaves it comes back
        return self._today

    async def open_today(self) -> None:
        """Show what needs the operator as the first screen."""
        await self.show_first(self.today())

    async def show_first(self, wanted: CrmScreen) -> None:
        """Show a screen as the first one."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if self.screen is not wanted:
            await self.switch_screen(wanted)

    async def show_as(self, entity: Entity, form: str = "", query: str | None = None) -> None:
        """Show what is listed in another form, the next one unless it is named, with the same query unless there is
        another one, and the cursor on the same record."""
        kept = self.session.screens.setdefault(entity.plural, {})
        former = self.screen.records.cursor_id if isinstance(self.screen, ListedScreen) else None
        kept[FORM] = form or next_form(self.session, entity)
        await self.open_list(entity, str(kept.get("query", "")) if query is None else query)
        if former is not None and isinstance(self.screen, ListedScreen):
            self.screen.record_saved(entity, former)

    async def open_record(self, entity: Entity, record: int) -> None:
        """Show everything about one record; a document is worked on."""
        from crm_tui.screens.others import open_record

        await open_record(self, entity, record)

    async def open_form(
        self,
        entity: Entity,
        record: int | None,
        given: Mapping[str, str] | None = None,
        asked: Asked | None = None,
    ) -> None:
        """Open the form of a record, or of a new one."""
        from crm_tui.screens.others import form_of

        await self.push_screen(form_of(entity)(self.session, entity, record, given, asked))

    async def open_screen(self, name: str, given: Mapping[str, str] | None = None) -> None:
        """Open a screen that is not a list."""
        from crm_tui.screens.others import open_other

        await open_other(self, name, given or {})

    def close_screen(self) -> None:
        """Close the screen on top; the first one asks before leaving."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
        elif isinstance(self.screen, CrmScreen):
            self.screen.background(self._leave(self.screen))

    async def _leave(self, screen: CrmScreen) -> None:
        if await screen.confirm(_("Leave crm-tui?")):
            self.exit()

    def use_theme(self, name: str) -> None:
        """Use another theme, now; ``mono`` also takes the sixteen colours away."""
        self.no_color, self._guarded = name == "mono", []
        self.theme = theme_name(name)
        for widget in self.screen.walk_children():
            widget.refresh()


def first_screen(session: Session, screen: str, query: str | None) -> Callable[[CrmApp], CrmScreen]:
    """Return what makes the first screen: the list of an entity, or where none is named, what needs the operator today;
    before there is a client, the list in which the first is added. Raises BadInput."""
    if screen == TODAY or (not screen and query is None and _clients(session)):
        return lambda app: app.today()
    entity = find_entity(screen) if screen else entities["client"]

    def start(app: CrmApp) -> CrmScreen:
        return app.list_of(entity, query)

    if query:
        from crm_tui.queries import lists

        lists.listing(session.actor, entity, query)  # a malformed one is said on the command line, not on the screen
    return start


def _clients(session: Session) -> int:
    """How many clients the operator sees."""
    from crm_tui.queries import lists

    return lists.total(session.actor, entities["client"])


def run_app(
    workspace: Workspace,
    actor: Actor,
    config: Config,
    *,
    keymap: Keymap,
    screen: str = "",
    filter: str | None = None,
) -> int:
    """Open the full-screen program and return its exit code.

    Raises BadInput where there is no terminal, or for a screen or query that makes no sense.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput(_("The full-screen program needs a terminal; use crm-tui list, show or export in scripts."))
    if config.theme == "mono":
        os.environ["NO_COLOR"] = "1"
    session = Session(workspace, actor, config, keymap)
    app = CrmApp(session, first_screen(session, screen, filter))
    try:
        app.run()
    finally:
        _goodbye(session)
    if app.return_code:
        print(app.problem, file=sys.stderr)
    return app.return_code or 0


def _goodbye(session: Session) -> None:
    with contextlib.suppress(CrmError):  # who is gone is forgotten after a minute anyway
        session.leave()
    session.database.close()
    session.workspace.close()
