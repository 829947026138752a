"""Selecting records in a list or on a board."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget

from crm_tui.widgets import list_messages
from crm_tui.widgets.selection import Selection


class Selecting(Widget, inherit_bindings=False):
    """A widget of records of which some are selected."""

    _selection = Selection()

    @property
    def selection(self) -> Selection:
        """What is selected."""
        return self._selection

    @property
    def count(self) -> int | None:
        """How many records there are; None while that is not known."""
        return None

    @property
    def cursor_id(self) -> int | None:
        """The id of the record under the cursor; None if there is none."""
        return None

    def toggle(self, row_id: int | None = None) -> None:
        """Select a record, or no longer; the one under the cursor if none is named."""
        chosen = self.cursor_id if row_id is None else row_id
        if chosen is not None:
            self.select(self._selection.toggled(chosen))

    def clear_selection(self) -> None:
        """Select nothing."""
        self.select(Selection())

    def select(self, selection: Selection) -> None:
        """Select other records, and tell of it."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed()
            self.tell_selection()

    def selection_changed(self) -> None:
        """Called when something else is selected: paint it."""

    def tell_selection(self) -> None:
        """Tell how many are selected."""
        message: Message = list_messages.SelectionChanged(self, self._selection.size(self.count))
        self.post_message(message)
