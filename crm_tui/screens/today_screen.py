"""Today: one queue of what needs the operator, in which everything can be done without going back."""

from __future__ import annotations

from typing import ClassVar

from crm_tui.commands.context import Context
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.models.base import Entity, entities
from crm_tui.queries import today
from crm_tui.queries.today import Needed
from crm_tui.screens.rows_screen import RowsScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList

_CONCERNED = frozenset({"task", "client", "order", "notification", "interaction", "dependency", "comment", "word"})

AGAIN = 0.25
"""Seconds in which changes are gathered before the queue is read again."""


class TodayScreen(RowsScreen):
    """What needs the operator, what is late first."""

    scopes: ClassVar[tuple[str, ...]] = ("today", "rows", "record")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Today")
        self.generation = 0
        self._queue: dict[int, Needed] = {}
        self._due = False
        columns = [
            Column("when", _("Due"), width=20, min_width=12, priority=8),
            Column("what", _("What"), width=44, min_width=24, flex=2, priority=9),
            Column("client", _("Client"), width=24, min_width=14, priority=5),
            Column("why", _("Why"), width=44, min_width=28, flex=1, priority=7),
        ]
        self.records = RecordList(columns, empty=_("Nothing needs you now\n\nt adds a task in one line, from anywhere"))

    def restart(self) -> None:
        """Read the queue anew; the cursor stays on what it was on, or where that stood."""
        self._due = False
        self.background(self._read())

    async def _read(self) -> None:
        found = await self.call(today.queue, self.session.actor)
        self._queue = {_key(one): one for one in found}
        self.generation += 1
        rows = [Row(_key(one), (one.when, one.what, one.client, one.why), "alert" if one.late else "") for one in found]
        ids = [row.id for row in rows]
        place = ids.index(self.records.cursor_id) if self.records.cursor_id in ids else None
        self.records.refresh_rows(0, rows, len(rows), place, self.generation)
        late = sum(one.late for one in found)
        self._status.update(counts=_("{n} for you · {late} late").format(n=len(found), late=late))
        self.show_keys()

    def on_record_list_window_wanted(self, _event: RecordList.WindowWanted) -> None:
        """The queue is read whole."""
        if self.generation == 0:
            self.restart()

    @property
    def entity(self) -> Entity | None:
        """What the row at the cursor is about."""
        one = self._queue.get(self.records.cursor_id or 0)
        return entities[one.entity] if one is not None else None

    def context(self) -> Context:
        """Commands act on what the row at the cursor is about."""
        context = super().context()
        one = self._queue.get(self.records.cursor_id or 0)
        if one is not None:
            context.ids = (one.record,)
        return context

    def data_changed(self, changed: Changed) -> None:
        """Something was done: it may have left the queue, or come into it."""
        if self.is_current and _CONCERNED & set(changed.records) and not self._due:  # else when it is come back to
            self._due = True
            self.set_timer(AGAIN, self.restart)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A row was double-clicked: as if opened by its key."""
        command = self.session.keymap.by_id("entry.open")
        if command is not None and self.records.cursor_id == event.row_id:
            self.background(self.run(command))

    def on_screen_resume(self) -> None:
        """Come back up to date: a day may have passed."""
        super().on_screen_resume()
        self.focus_body()
        if self.generation:
            self.restart()


_SORTS = ("task", "client", "order", "notification")


def _key(one: Needed) -> int:
    """A number that is this one's alone."""
    return one.record * len(_SORTS) + _SORTS.index(one.entity) + 1
