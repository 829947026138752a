"""The journal of the whole workspace: what was done, by whom, newest first."""

from __future__ import annotations

from typing import ClassVar

from crm_tui import formats
from crm_tui.commands.context import Context
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.models.base import entities
from crm_tui.queries import timeline
from crm_tui.screens.rows_screen import RowsScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList


class LogScreen(RowsScreen):
    """What was done in this workspace."""

    scopes: ClassVar[tuple[str, ...]] = ("log", "rows")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Journal")
        self.generation = 0
        self._entries: dict[int, timeline.Entry] = {}
        columns = [
            Column("when", _("When"), width=16, min_width=12, priority=5),
            Column("who", _("Who"), width=10, min_width=6, priority=4),
            Column("record", _("Record"), width=18, min_width=10, priority=2),
            Column("what", _("What"), width=60, min_width=20, flex=1, priority=9),
            Column("operation", _("Operation"), width=9, min_width=9, align="right", priority=1),
        ]
        self.records = RecordList(columns, empty=_("Nothing was done in this workspace yet"))

    def restart(self) -> None:
        """Read from the newest on."""
        self.generation += 1
        self.records.reset(self.generation, keep_cursor=True)
        self.background(self._count())

    async def _count(self) -> None:
        self.records.set_count(await self.call(timeline.count, self.session.actor))

    def on_record_list_window_wanted(self, event: RecordList.WindowWanted) -> None:
        """Read the entries the list lacks."""
        self.background(self._read(event.generation, event.offset, event.limit))

    async def _read(self, generation: int, offset: int, limit: int) -> None:
        entries = await self.call(timeline.page, self.session.actor, offset, limit)
        self._entries.update({entry.id: entry for entry in entries})
        rows = [
            Row(
                entry.id,
                (
                    formats.near_moment(entry.at),
                    entry.login,
                    f"{_(entities[entry.entity].label)} #{entry.record}",
                    entry.text(),
                    str(entry.operation),
                ),
            )
            for entry in entries
        ]
        self.records.set_window(generation, offset, rows)

    def context(self) -> Context:
        """Commands act on the record that the entry at the cursor is about."""
        context = super().context()
        entry = self._entries.get(self.records.cursor_id or 0)
        if entry is not None:
            context.entity, context.ids = entities[entry.entity], (entry.record,)
        return context

    def data_changed(self, changed: Changed) -> None:
        """Something was done: it stands on top now."""
        self.restart()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Open the record the entry is about."""
        entry = self._entries[event.row_id]
        self.background(self.open_record(entities[entry.entity], entry.record))

    def escape(self) -> None:
        """Back."""
        self.close()
