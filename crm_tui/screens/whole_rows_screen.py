"""Rows that are read whole and are about records of several entities: today, goals, the workload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crm_tui.commands.context import Context
from crm_tui.journal import Changed
from crm_tui.models.base import Entity, entities
from crm_tui.screens.rows_screen import RowsScreen
from crm_tui.session import Session
from crm_tui.widgets.loaded_rows import Flag, Row
from crm_tui.widgets.record_list import RecordList

AGAIN = 0.25
"""Seconds in which changes are gathered before the rows are read again."""


class About(NamedTuple):
    """A row, and the record that it is about: its id is 0 where it is about none."""

    entity: str
    record: int
    cells: tuple[str, ...]
    flag: Flag = ""


class WholeRowsScreen(RowsScreen):
    """Every record command works on the record that the row at the cursor is about; changes are followed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.generation = 0
        self._about: dict[int, About] = {}
        self._due = False

    def concerns(self, changed: Changed) -> bool:
        """Whether what changed may change the rows."""
        return bool(changed.records)

    async def read_whole(self) -> None:
        """Read the rows and show them."""

    def restart(self) -> None:
        """Read the rows anew; the cursor stays on what it was on, or where that stood."""
        self._due = False
        self.background(self.read_whole())

    def show_whole(self, found: Sequence[About], counts: str) -> None:
        """Show these rows, and how many of what there are."""
        names = sorted({one.entity for one in found})
        keyed = {one.record * len(names) + names.index(one.entity) + 1: one for one in found}
        here = self._about.get(self.records.cursor_id or 0)
        self._about = keyed
        self.generation += 1
        rows = [Row(key, one.cells, one.flag) for key, one in keyed.items()]
        same = here[:2] if here is not None else None
        place = next((at for at, one in enumerate(keyed.values()) if one[:2] == same), None)
        self.records.refresh_rows(0, rows, len(rows), place, self.generation)
        self._status.update(counts=counts)
        self.show_keys()

    def on_record_list_window_wanted(self, _event: RecordList.WindowWanted) -> None:
        """All rows are read at once."""
        if self.generation == 0:
            self.restart()

    @property
    def about(self) -> About | None:
        """The row at the cursor."""
        return self._about.get(self.records.cursor_id or 0)

    @property
    def entity(self) -> Entity | None:
        """What the row at the cursor is about."""
        return entities[self.about.entity] if self.about is not None and self.about.record else None

    def context(self) -> Context:
        """Commands act on what the row at the cursor is about."""
        context = super().context()
        if self.about is not None and self.about.record:
            context.ids = (self.about.record,)
        return context

    def data_changed(self, changed: Changed) -> None:
        """Something was done: rows may have come, gone or changed."""
        if self.is_current and self.concerns(changed) and not self._due:  # else when it is come back to
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
