"""Moving in the list of a screen: what the moving commands are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from crm_tui.widgets.board import Board
    from crm_tui.widgets.month import Month
    from crm_tui.widgets.record_list import RecordList


class ListMoves:
    """A screen with one list that has the cursor."""

    records: RecordList | Board | Month

    @property
    def list_view(self) -> Self:
        """This list."""
        return self

    def focus_body(self) -> None:
        """Give the keys to the list."""
        self.records.focus()

    def move(self, rows: int) -> None:
        """Move the cursor."""
        self.records.move(rows)

    def page(self, pages: float) -> None:
        """Move by pages or halves of one."""
        if pages == int(pages):
            self.records.page(int(pages))
        else:
            self.records.half_page(int(pages * 2))

    def go_to(self, end: str) -> None:
        """Move to the first or last row."""
        (self.records.home if end == "first" else self.records.end)()

    def toggle(self) -> None:
        """Select the row at the cursor, or not, and go on to the next."""
        self.records.toggle()
        self.records.move(1)

    def toggle_all(self) -> None:
        """Select every match, or nothing."""
        if self.records.selection:
            self.records.clear_selection()
        else:
            self.records.select_all()
