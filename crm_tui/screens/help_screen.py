"""The ``?`` screen: what can be done where it was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.screen import ModalScreen

from crm_tui.widgets.help_view import HelpGroup, HelpView


class HelpScreen(ModalScreen[str | None]):
    """Answers the id of the command to run, None when the help was only read."""

    DEFAULT_CSS = "HelpScreen { background: $background; }"

    def __init__(self, groups: Sequence[HelpGroup]) -> None:
        super().__init__()
        self._groups = groups

    def compose(self) -> ComposeResult:
        """The list of commands."""
        yield HelpView(self._groups)

    def on_help_view_run(self, event: HelpView.Run) -> None:
        """A command was chosen."""
        self.dismiss(event.command_id)

    def on_help_view_closed(self, _event: HelpView.Closed) -> None:
        """Enough read."""
        self.dismiss(None)
