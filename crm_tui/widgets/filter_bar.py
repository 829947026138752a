"""The ``/`` line: a query typed letter by letter, with suggestions, and what is wrong with it said at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.message import Message

from crm_tui.i18n import _
from crm_tui.widgets.entry_line import EntryLine
from crm_tui.widgets.line_input import Spans
from crm_tui.widgets.suggestions import Suggestion


class BarMessage(Message):
    """What the bar tells the screen, with the ``text`` in it."""

    def __init__(self, bar: FilterBar, text: str) -> None:
        super().__init__()
        self.bar = bar
        self.text = text

    @property
    def control(self) -> FilterBar:
        """The bar typed into."""
        return self.bar


class FilterBar(EntryLine):
    """The line for queries. Knows no query language: the screen passes what completes and colours one."""

    PROMPT = "/"

    class Changed(BarMessage):
        """The query is another, with each letter: show its matches; the latest wins."""

    class Accepted(BarMessage):
        """Enter: the query stays. The bar stays open until ``close``, so that a wrong query can be put right."""

    class Left(BarMessage):
        """Something else on the screen was clicked: the bar has closed, and the query stays as it is shown."""

    class Cancelled(BarMessage):
        """Esc: the bar has closed, and the query to show again is ``former``. ``up`` brings back what was typed."""

        def __init__(self, bar: FilterBar, text: str, former: str) -> None:
            super().__init__(bar, text)
            self.former = former

    def __init__(
        self,
        *,
        complete: Callable[[str, int], Sequence[Suggestion]] | None = None,
        highlight: Callable[[str], Spans] | None = None,
        history: Sequence[str] = (),
        id: str | None = None,
    ) -> None:
        """``complete`` is given text and cursor, ``highlight`` a text; both are called with every letter."""
        super().__init__(placeholder=_("stage:active owner:me, or words"), id=id)
        self.complete = complete
        self.highlight = highlight
        self.history = history
        self._former = ""

    def open(self, text: str = "") -> None:
        """Show the bar with the query of the list; that is what esc returns to."""
        self._former = text
        super().open(text)

    def suggest(self, text: str, cursor: int) -> Sequence[Suggestion]:
        """Ask the screen."""
        return self.complete(text, cursor) if self.complete else ()

    def colour(self, text: str) -> Spans:
        """Ask the screen."""
        return self.highlight(text) if self.highlight else ()

    def text_changed(self, text: str) -> None:
        """Tell the screen with each letter."""
        self.post_message(self.Changed(self, text))

    def entered(self, text: str) -> None:
        """Tell the screen that the query stays."""
        self.post_message(self.Accepted(self, text))

    def left(self) -> None:
        """Close, and tell the screen which query to show again."""
        text = self.text
        self.close()
        self.post_message(self.Cancelled(self, text, self._former))

    def abandoned(self) -> None:
        """Close, and leave the query as it is."""
        text = self.text
        self.close()
        self.post_message(self.Left(self, text))
