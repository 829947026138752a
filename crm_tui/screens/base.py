"""What every screen has: the frame, the keys (one place that runs every command), and the way data reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from crm_tui import clock
from crm_tui.commands import keymap
from crm_tui.commands.context import Asked, Context
from crm_tui.commands.registry import Command, registry
from crm_tui.db import Superseded
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.models.base import Entity
from crm_tui.screens.asking import Asking
from crm_tui.screens.commanding import Commanding, run_line
from crm_tui.session import Session
from crm_tui.widgets.key_bar import KeyBar, KeyHint
from crm_tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from crm_tui.app import CrmApp
    from crm_tui.screens.progress import ShownProgress
    from crm_tui.widgets.command_line import CommandLine
    from crm_tui.widgets.filter_bar import FilterBar

T = TypeVar("T")

SAY_FOR = 5.0
"""Seconds a short message stays in the last line."""


class CrmScreen(Asking, Commanding):
    """A screen of the program. Subclasses yield their body and say where they are."""

    AUTO_FOCUS = ""
    scopes: ClassVar[tuple[str, ...]] = ("everywhere",)
    """Where this screen's keys are looked up, nearest first."""
    title_of_place: str = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.pending, self._say_until = "", 0.0
        self._status, self._keys = StatusLine(), KeyBar()
        self.running_progress: ShownProgress | None = None
        self._filter: FilterBar | None = None
        self._going_on: set[asyncio.Task[None]] = set()

    @property
    def key_bar(self) -> KeyBar:
        """The last line."""
        return self._keys

    @property
    def crm(self) -> CrmApp:
        """The app, as what it is."""
        return cast("CrmApp", self.app)

    @property
    def is_current(self) -> bool:
        """Whether some of it can be seen. Textual also counts the screen under one that hides it, and whenever the
        hidden one changed it would paint the whole screen anew."""
        return super().is_current and (self.app.screen is self or self.app.screen.is_modal)

    # Layout

    def compose(self) -> ComposeResult:
        """The frame: first line, body, last line."""
        yield self._status
        yield from self.compose_body()
        yield self._keys

    def compose_body(self) -> ComposeResult:
        """What stands between the first and the last line."""
        yield Widget()

    @property
    def entity(self) -> Entity | None:
        """The entity whose records commands act on here."""
        return None

    def crumbs(self) -> Sequence[str]:
        """Where this screen is, from the workspace on."""
        return (self.session.name, self.title_of_place)

    def show_place(self) -> None:
        """Bring the first line up to date."""
        self._status.update(crumbs=self.crumbs(), right=self.crm.news_texts())

    def on_mount(self) -> None:
        """Show where this is and what can be done."""
        self.show_place()
        self.show_keys()

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        self.show_place()
        self.show_keys()

    def look(self, changed: Changed) -> None:
        """Read what ``data_changed`` will need of what this session has just changed. On the database thread, where it
        costs a fraction of asking for it afterwards."""

    def data_changed(self, changed: Changed) -> None:
        """Called when records changed, here or in another session."""

    def record_saved(self, entity: Entity, record: int) -> None:
        """Called when a form that was opened from here saved a record."""

    # Keys: the one place that runs every command

    def context(self) -> Context:
        """What a command run here acts on."""
        return Context(self.session.workspace, self.session.actor, self.session.database.call, self.entity, ui=self)

    def show_keys(self) -> None:
        """Show in the last line the keys that work now; after a prefix, those that may follow."""
        if not self.is_attached:
            return
        if self.pending:
            following = sorted(self._following(self.pending), key=lambda one: one[1].rank)
            self._keys.say(f"{self.pending} …", [KeyHint(keys, _(command.title)) for keys, command in following])
            return
        context = self.context()
        hints: list[tuple[int, KeyHint]] = []
        for command in self.usable_commands():
            if command.rank < 99 and command.keys:
                why = command.why_not(context)
                hints.append((command.rank, KeyHint(command.keys[0], _(command.title), not why, why)))
        self._keys.show([hint for _rank, hint in sorted(hints, key=lambda hint: hint[0])])
        if not self._say_until:
            self._keys.say("")

    def usable_commands(self) -> list[Command]:
        """Return the commands that belong here, in declared order, with the keys that they have here: one that means
        something else nearer by is left out."""
        name = self.entity.name if self.entity else ""
        wanted = (*self.scopes, "everywhere")
        found = [
            command
            for command in self.session.keymap.commands
            if not command.scopes.isdisjoint(wanted) and command.entity in ("", name)
        ]
        nearest = self.scopes[0]
        taken = {key for command in found if nearest in command.scopes for key in command.keys}
        return [
            command
            if nearest in command.scopes or taken.isdisjoint(command.keys)
            else replace(command, keys=tuple(key for key in command.keys if key not in taken))
            for command in found
        ]

    def key_of(self, command_id: str) -> str:
        """Return the key of a command as it is mapped here, or how to type it where it has none."""
        command = self.session.keymap.by_id(command_id)
        return command.keys[0] if command is not None and command.keys else f":{command_id}"

    def _following(self, keys: str) -> list[tuple[str, Command]]:
        named = self.entity.name if self.entity else ""
        return self.session.keymap.continuations(keys, (*self.scopes, "everywhere"), named)

    def find_command(self, keys: str) -> Command | None:
        """Return the command that keys run here."""
        return self.session.keymap.lookup(keys, (*self.scopes, "everywhere"), self.entity.name if self.entity else "")

    def context_of(self, command: Command, here: Context | None = None) -> Context:
        """What this command acts on when it is run here; ``here`` is ``context()`` where that is known already."""
        return here or self.context()

    async def on_key(self, event: events.Key) -> None:
        """Run the command of a key, or wait for what follows a prefix."""
        for line in (self._filter, self._command_line):
            if line is not None and await line.take(event):
                event.stop()
                return
        if self._typing(event):
            return
        if self._held is not None:
            event.stop()
            event.prevent_default()
            self._held.append(event)
            return
        key = keymap.name_of(event.key, event.character)
        if self._say_until:
            self._forget_message()
        if self.pending:
            event.stop()
            event.prevent_default()
            sequence, self.pending = f"{self.pending} {key}", ""
            command = self.find_command(sequence)
            if command is None and self._following(sequence):
                self.pending = sequence
            self.show_keys()
            if command is not None:
                await self.run_key(command)
            elif not self.pending and key != "esc":
                self.say(_("{keys} does nothing here").format(keys=sequence))
            return
        if self.take_key(key):
            event.stop()
            event.prevent_default()
            return
        command = self.find_command(key)
        if command is not None:
            event.stop()
            event.prevent_default()
            await self.run_key(command)
        elif self._following(key):
            event.stop()
            event.prevent_default()
            self.pending = key
            self.show_keys()
        elif key == "esc":
            event.stop()
            if self.running_progress is not None:
                self.running_progress.stop()
            else:
                self.escape()

    def take_key(self, key: str) -> bool:
        """Take a key that is no command by itself; return whether it was one: a number before a key on boards."""
        return False

    async def run_key(self, command: Command) -> None:
        """Run the command of a key that was pressed."""
        await self.run(command)

    def _typing(self, event: events.Key) -> bool:
        """Whether the key belongs to a text being typed and not to a command."""
        return self.focused is not None and self.focused.check_consume_key(event.key, event.character)

    def escape(self) -> None:
        """What ``esc`` does when nothing is open in the screen."""

    async def run(
        self, command: Command, arguments: Mapping[str, str] | None = None, *, given: Context | None = None
    ) -> None:
        """Run a command: refuse with its reason, confirm what is dangerous, tell what went wrong."""
        context = given or self.context_of(command)
        if arguments:
            context.arguments = dict(arguments)
        if command.instant:
            try:
                await command.run(context)
            except CrmError as error:
                self.say(str(error), problem=True)
            return
        why = command.why_not(context)
        if why:
            self.say(_("{title}: {why}").format(title=_(command.title).capitalize(), why=why), problem=True)
            return
        self._hold_keys()
        self.background(self._run(command, context))

    async def _run(self, command: Command, context: Context) -> None:
        try:
            question = command.dangerous(context) if command.dangerous else ""
            if not question or await self.confirm(question):
                await command.run(context)
        finally:
            self.release_keys()

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on beside the keys, until the screen is gone; what goes wrong is said here. Textual's workers do
        the same and send three messages each, which takes as long as painting a card."""
        task = asyncio.create_task(self._explained(work))
        self._going_on.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._going_on.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self.app._handle_exception(error)

    def on_unmount(self) -> None:
        """End what goes on."""
        for task in self._going_on:
            task.cancel()

    async def _explained(self, work: Awaitable[None]) -> None:
        try:
            with self.app._context():
                await work
        except Superseded:
            return
        except CrmError as error:
            self.say(str(error), problem=True)
        except Exception as error:
            from crm_tui.screens.mishaps import told

            self.say(told(error, self.title_of_place), problem=True)

    async def call(self, function: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Run a query or service on the session's database thread."""
        return await self.session.database.call(function, *arguments, **options)

    # What commands may ask of the screen (commands.context.Ui)

    async def open_list(self, entity: Entity, query: str | None = None) -> None:
        """Show the list of an entity."""
        await self.crm.open_list(entity, query)

    async def show_as(self, form: str = "", query: str | None = None) -> None:
        """Show what is listed in another form, the next one unless it is named."""
        if self.entity is not None:
            await self.crm.show_as(self.entity, form, query)

    async def open_record(self, entity: Entity, record: int) -> None:
        """Show everything about one record."""
        await self.crm.open_record(entity, record)

    async def open_form(
        self,
        entity: Entity,
        record: int | None,
        given: Mapping[str, str] | None = None,
        asked: Asked | None = None,
    ) -> None:
        """Open the form of a record or of a new one."""
        await self.crm.open_form(entity, record, given, asked)

    async def open_screen(self, name: str, given: Mapping[str, str] | None = None) -> None:
        """Open a screen that is not a list."""
        await self.crm.open_screen(name, given)

    def start_command_line(self) -> None:
        """Let the operator type a command."""
        self.open_command_line(self)

    def on_command_line_entered(self, event: CommandLine.Entered) -> None:
        """Run what was typed; what is wrong with it is said in the line, which stays open."""
        self.background(self._run_line(event.text))

    async def _run_line(self, text: str) -> None:
        assert self._command_line is not None
        try:
            await run_line(self, text)
        except CrmError as error:
            start, end = getattr(error, "position", None) or (0, len(text))
            self._command_line.show_problem(str(error), start, end)
            return
        self.remember_command(text)
        self.close_command_line()
        self.focus_body()

    def on_command_line_cancelled(self, _event: CommandLine.Cancelled) -> None:
        """Back to what was worked on."""
        self.focus_body()

    def focus_body(self) -> None:
        """Give the keys back to what this screen is for."""

    def say(self, text: str, *, problem: bool = False) -> None:
        """Show a message: a short one in the last line, a problem or a long one above it."""
        if problem or len(text) > max(20, self.size.width - 4) or "\n" in text or not self.is_current:
            self.app.notify(text, severity="error" if problem else "information", markup=False, timeout=8)
            return
        self._keys.say(text)
        self._say_until = asyncio.get_running_loop().time() + SAY_FOR
        self.set_timer(SAY_FOR, self._message_ends)

    def _message_ends(self) -> None:
        if self._say_until and asyncio.get_running_loop().time() >= self._say_until - 0.1:
            self._forget_message()

    def _forget_message(self) -> None:
        self._say_until = 0.0
        self.show_keys()

    def close(self) -> None:
        """Close this screen; the first one asks before leaving."""
        self.crm.close_screen()

    def set_theme(self, name: str) -> None:
        """Use another theme."""
        self.crm.use_theme(name)

    def on_key_bar_chosen(self, event: KeyBar.Chosen) -> None:
        """A key was clicked in the last line."""
        found = self.find_command(f"{self.pending} {event.hint.key}".strip())
        self.pending = ""
        self.show_keys()
        if found is not None:
            self.background(self.run(found))
        elif event.hint.key == "?":
            self.background(self.run(registry.get("program.help")))


def clock_text() -> str:
    """Return the time of day for the first line."""
    return f"{clock.local(clock.now()):%H:%M}"
