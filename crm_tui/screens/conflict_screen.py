"""Two people changed the same field: mine, theirs or both, field by field."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.screen import ModalScreen

from crm_tui.widgets.conflict import ConflictData, ConflictView


class ConflictScreen(ModalScreen[dict[str, Any] | None]):
    """Asks which values to keep; returns them by field name, or None to go on editing."""

    DEFAULT_CSS = """
    ConflictScreen { align: center middle; background: $background 60%; }
    ConflictScreen ConflictView {
        width: 96%; max-width: 120; height: auto; max-height: 90%; background: $surface;
    }
    """

    def __init__(self, conflict: ConflictData) -> None:
        super().__init__()
        self.conflict = conflict

    def compose(self) -> ComposeResult:
        """The fields in conflict."""
        yield ConflictView(self.conflict)

    def on_mount(self) -> None:
        """Give it the keys."""
        self.query_one(ConflictView).focus()

    def on_conflict_view_resolved(self, event: ConflictView.Resolved) -> None:
        """Every field is chosen."""
        self.dismiss(dict(event.typed))

    def on_conflict_view_dismissed(self, _event: ConflictView.Dismissed) -> None:
        """Back to the form."""
        self.dismiss(None)
