"""Asking the operator and answering commands: dialogs, the keys typed ahead of them, and what a screen cannot do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from textual import events
from textual.screen import Screen

from crm_tui.commands.context import BoardView, CalendarView, Choice, FieldChoices, ListView, Progress
from crm_tui.commands.shown import CompareView, DashboardView, DocumentView, GoalsView, WorkloadView
from crm_tui.errors import CrmError
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.app import CrmApp
    from crm_tui.screens.base import CrmScreen

Answer = TypeVar("Answer")

HELD_AT_MOST = 0.5
"""Seconds that keys wait for the question they may be meant for."""


class Asking(Screen[None]):
    """A screen that commands may ask for things (``commands.context.Ui``)."""

    _held: list[events.Key] | None = None
    _patience: asyncio.TimerHandle | None = None

    def _hold_keys(self) -> None:
        """Keys typed in one burst with the one that asks a question belong to the answer: hold them until it is put.

        Not for long: a database that is slow to answer must not stop the cursor.
        """
        if self._held is None:
            self._held = []
            self._patience = asyncio.get_running_loop().call_later(HELD_AT_MOST, self.release_keys)

    def release_keys(self) -> None:
        """Let the keys held go on to whatever is on top now."""
        held, self._held = self._held, None
        if self._patience is not None:
            self._patience.cancel()  # it would end the next hold before its time
            self._patience = None
        for event in held or ():
            self.app.post_message(events.Key(event.key, event.character))

    async def show_dialog(self, dialog: Screen[Answer]) -> Answer | None:
        """Show a dialog and return its answer; the keys held are its first."""
        answered: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

        def answer(result: Answer | None) -> None:
            if not answered.done():
                answered.set_result(result)

        await self.app.push_screen(dialog, answer)
        self.release_keys()
        return await answered

    # What only some screens can do

    @property
    def list_view(self) -> ListView | None:
        """The list with the cursor, if this screen shows one."""
        return None

    @property
    def board_view(self) -> BoardView | None:
        """The board with the cursor, if this screen is one."""
        return None

    @property
    def calendar_view(self) -> CalendarView | None:
        """The month with the cursor, if this screen is one."""
        return None

    @property
    def document_view(self) -> DocumentView | None:
        """The document with the cursor, if this screen shows one."""
        return None

    @property
    def compare_view(self) -> CompareView | None:
        """What is compared, if this screen compares something."""
        return None

    @property
    def dashboard_view(self) -> DashboardView | None:
        """The cards of numbers, if this screen shows some."""
        return None

    @property
    def workload_view(self) -> WorkloadView | None:
        """Everybody's weeks, if this screen shows them."""
        return None

    @property
    def goals_view(self) -> GoalsView | None:
        """The goals of a quarter, if this screen shows them."""
        return None

    async def step(self, rows: int) -> None:
        """Only records stand in a list."""
        raise CrmError(_("There is no list to step through here."))

    async def save_form(self) -> None:
        """Only forms are saved."""

    async def leave_form(self) -> None:
        """Only forms are left so."""

    async def edit_field_outside(self) -> None:
        """Only forms have fields."""

    def next_tab(self, step: int) -> None:
        """Only records have tabs."""

    def start_filter(self) -> None:
        """Only lists are filtered."""
        raise CrmError(_("There is no list to filter here."))

    def listed(self) -> tuple[str, tuple[str, ...]]:
        """Return query and columns of the list shown."""
        raise CrmError(_("There is no list here."))

    def change_list(self, query: str | None = None, columns: Sequence[str] | None = None) -> None:
        """Give the list another query or other columns."""
        raise CrmError(_("There is no list here."))

    # Dialogs and the world outside

    async def choose(self, title: str, choices: Sequence[Choice], *, several: bool = False) -> list[str] | None:
        """Let the operator choose from a list."""
        from crm_tui.widgets.chooser import Chooser

        why_not = {choice.value: choice.why_not for choice in choices if choice.why_not}
        return await self.show_dialog(Chooser(title, choices, several=several, ordered=several, why_not=why_not))

    async def choose_fields(self, choices: FieldChoices) -> dict[str, str] | None:
        """Let the operator choose what stays of each field of two records that become one."""
        from crm_tui.screens.merge_screen import MergeScreen

        return await self.show_dialog(MergeScreen(choices))

    async def ask(self, title: str, value: str = "", *, help: str = "") -> str | None:
        """Let the operator type one line."""
        from crm_tui.widgets.dialogs import Ask

        return await self.show_dialog(Ask(title, value, help=help))

    async def confirm(self, question: str, key: str = "y") -> bool:
        """Ask a question that only ``key`` answers with yes."""
        from crm_tui.widgets.dialogs import Confirm

        answer: bool | None = await self.show_dialog(Confirm(question, key=key))
        return answer is True

    def copy(self, text: str) -> None:
        """Put text on the operator's own clipboard (OSC 52)."""
        self.app.copy_to_clipboard(text)

    async def edit_outside(self, text: str, suffix: str) -> str | None:
        """Let the operator edit text in ``$EDITOR``."""
        from crm_tui.screens.outside import edit_outside

        return edit_outside(cast("CrmApp", self.app), text, suffix)

    @asynccontextmanager
    async def progress(self, title: str) -> AsyncIterator[Progress]:
        """Show a bar while a long operation runs."""
        from crm_tui.screens.progress import shown_progress

        async with shown_progress(cast("CrmScreen", self), title) as progress:
            yield progress
