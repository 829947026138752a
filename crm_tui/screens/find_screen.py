"""``ctrl+k``: find anything by a few words, whatever it is, and open it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from crm_tui.db import Superseded
from crm_tui.errors import StorageFailed
from crm_tui.i18n import _
from crm_tui.queries.find import Found, find
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from textual.binding import BindingType


class FindScreen(ModalScreen[Found | None]):
    """A line to type in, and what it finds."""

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    FindScreen { align: center top; background: $background 40%; }
    FindScreen #box { width: 100%; max-width: 100; height: 80%; margin: 2 2; background: $surface; padding: 1 1; }
    FindScreen Input { border: none; height: 1; padding: 0 1; background: $panel; }
    FindScreen RecordList { height: 1fr; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss(None)", ""),
        ("down,ctrl+n,ctrl+j", "move(1)", ""),
        ("up,ctrl+p,ctrl+k", "move(-1)", ""),
        ("pagedown", "move(10)", ""),
        ("pageup", "move(-10)", ""),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.generation = 0
        self.found: list[Found] = []
        columns = [
            Column("what", _("What"), width=10, min_width=8, priority=5),
            Column("title", _("Name"), width=30, min_width=18, flex=2, priority=9),
            Column("detail", "", width=30, min_width=10, flex=3, priority=1),
        ]
        self._results = RecordList(columns, empty=_("Type a few letters: names, people, e-mails, cities, notes"))

    def compose(self) -> ComposeResult:
        """The line and the results."""
        with Vertical(id="box"):
            yield Input(placeholder=_("find anything"), select_on_focus=False)
            yield self._results

    def on_mount(self) -> None:
        """Nothing is found yet."""
        self._results.can_focus = False
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A letter was typed."""
        self.run_worker(self._find(event.value), exclusive=True)

    async def _find(self, text: str) -> None:
        try:
            self.found = await self.session.database.newest("find", find, self.session.actor, text)
        except Superseded:
            return
        except StorageFailed as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._results.empty = _("Nothing is called so") if text.strip() else self._results.empty
        self._show()

    def _show(self) -> None:
        self.generation += 1
        self._results.reset(self.generation)
        rows = [Row(at, (_(found.entity.label), found.title, found.detail)) for at, found in enumerate(self.found)]
        self._results.set_window(self.generation, 0, rows)
        self._results.set_count(len(rows))

    def action_move(self, rows: int) -> None:
        """Move in the results while the line keeps the keys."""
        self._results.move(rows)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Enter opens what the cursor is on."""
        at = self._results.cursor_id
        if at is not None and at < len(self.found):
            self.dismiss(self.found[at])

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A double click opens too."""
        self.dismiss(self.found[event.row_id])

    def on_click(self, event: events.Click) -> None:
        """A click beside the box leaves."""
        if event.widget is self:
            self.dismiss(None)
