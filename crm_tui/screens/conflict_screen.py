"""Two people changed the same field: mine, theirs or both, field by field."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.screen import ModalScreen

from crm_tui.i18n import _
from crm_tui.services.records import EditConflict
from crm_tui.session import Session
from crm_tui.widgets.conflict import ConflictView


class ConflictScreen(ModalScreen[dict[str, Any] | None]):
    """Asks which values to keep; returns them by field name, or None to go on editing."""

    CSS = """
    ConflictScreen { align: center middle; background: $background 60%; }
    ConflictScreen ConflictView { width: 96%; max-width: 120; height: auto; max-height: 90%; background: $surface; padding: 1 2; }
    """

    def __init__(self, session: Session, conflict: EditConflict) -> None:
        super().__init__()
        self.session, self.conflict = session, conflict

    def compose(self) -> ComposeResult:
        """The fields in conflict."""
        yield ConflictView(self.conflict)

    def on_mount(self) -> None:
        """Say what happened."""
        self.notify(_("{who} changed the same while you typed.").format(who=self.conflict.who), markup=False)

    def on_conflict_view_resolved(self, event: ConflictView.Resolved) -> None:
        """Every field is chosen."""
        self.dismiss(dict(event.typed))

    def on_conflict_view_dismissed(self, _event: ConflictView.Dismissed) -> None:
        """Back to the form."""
        self.dismiss(None)
