"""Rows that are about records of several entities: the journal, what needs the operator."""

from __future__ import annotations

from textual.app import ComposeResult

from crm_tui.screens.base import CrmScreen
from crm_tui.screens.list_moves import ListMoves
from crm_tui.widgets.record_list import RecordList


class RowsScreen(ListMoves, CrmScreen):
    """One list over the whole screen; commands act on what the row at the cursor is about."""

    records: RecordList
    DEFAULT_CSS = "RowsScreen RecordList { height: 1fr; }"

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield self.records

    def on_mount(self) -> None:
        """Show the first rows."""
        super().on_mount()
        self.focus_body()
        self.restart()

    def restart(self) -> None:
        """Read the rows anew."""

    def on_record_list_cursor_moved(self, _event: RecordList.CursorMoved) -> None:
        """Something else at the cursor: other keys."""
        self.show_keys()
