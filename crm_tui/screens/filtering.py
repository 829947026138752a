"""The filter bar of a list: each letter queries, what cannot be understood is said under it, esc takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.errors import BadInput
from crm_tui.queries.known_values import known_values
from crm_tui.screens.base import CrmScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_tui.models.base import Entity
    from crm_tui.query.completion import Completion
    from crm_tui.widgets.entry_line import EntryLine
    from crm_tui.widgets.filter_bar import FilterBar

MOST_REMEMBERED = 50


class Filtering(CrmScreen):
    """A screen whose list a filter bar narrows."""

    text: str
    _lacks_values = False
    """Whether the completions shown go without values that only the database knows."""
    _coloured: tuple[str, Sequence[tuple[int, int, str]]] | None = None
    """The text coloured last, with its colours."""

    if TYPE_CHECKING:

        @property
        def filtered(self) -> Entity: ...

        def show_query(self, text: str, *, keep_cursor: bool = False, lenient: bool = False) -> None: ...

    def start_filter(self) -> None:
        """Open the filter bar with the present query."""
        from crm_tui.widgets.filter_bar import FilterBar  # start-up is budgeted

        if self._filter is None:
            self._filter = FilterBar(complete=self._complete, highlight=self._highlight)
            self.mount(self._filter, before=self._keys)
        self._filter.history = self.remembered()
        self._filter.open(self.text)

    @property
    def is_filtering(self) -> bool:
        """Whether the filter bar is open."""
        return self._filter is not None and self._filter.is_open

    def remembered(self) -> list[str]:
        """Return the queries this operator used here, newest last."""
        kept = self.session.screens.get(self.filtered.plural, {}).get("history", [])
        return [str(text) for text in kept] if isinstance(kept, list) else []

    def _complete(self, text: str, cursor: int) -> Sequence[Completion]:
        from crm_tui.query.completion import complete

        self._lacks_values = False
        return complete(text, cursor, self.filtered, values=self._values_later)

    def _values_later(self, *_asked: object) -> Sequence[str]:
        self._lacks_values = True
        return ()

    def _highlight(self, text: str) -> Sequence[tuple[int, int, str]]:
        if self._coloured is None or self._coloured[0] != text:  # drawing asks several times for each letter
            from crm_tui.query.marks import highlight

            self._coloured = (text, highlight(text, self.filtered))
        return self._coloured[1]

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """A letter was typed: show what matches so far."""
        assert self._filter is not None
        try:
            self.show_query(event.text, lenient=True)
        except BadInput as error:
            start, end = error.position or (0, len(event.text))
            self._filter.show_problem(str(error), start, end)
        else:
            self._filter.clear_problem()

    def on_entry_line_completions_wanted(self, event: EntryLine.CompletionsWanted) -> None:
        """Completion wants values that only the database knows."""
        if event.line is self._filter and self._lacks_values:
            self.background(self._offer(event.generation, event.text, event.cursor))

    async def _offer(self, generation: int, text: str, cursor: int) -> None:
        from crm_tui.query.completion import complete

        actor, entity = self.session.actor, self.filtered

        def read() -> Sequence[Completion]:
            return complete(text, cursor, entity, values=lambda of, name, prefix: known_values(actor, of, name, prefix))

        offered = await self.session.database.newest("completion", read)
        if self._filter is not None:
            self._filter.offer(generation, offered)

    def on_filter_bar_accepted(self, event: FilterBar.Accepted) -> None:
        """Enter: keep the query, back to the list; one that cannot be understood stays open."""
        assert self._filter is not None
        try:
            self.show_query(event.text)
        except BadInput as error:
            start, end = error.position or (0, len(event.text))
            self._filter.show_problem(str(error), start, end)
            return
        if event.text.strip():
            history = [kept for kept in self.remembered() if kept != event.text] + [event.text]
            self.session.screens.setdefault(self.filtered.plural, {})["history"] = history[-MOST_REMEMBERED:]
        self._leave_filter()

    def on_filter_bar_cancelled(self, event: FilterBar.Cancelled) -> None:
        """Esc: show again what was shown before."""
        self.show_query(event.former)
        self._leave_filter()

    def on_filter_bar_left(self, _event: FilterBar.Left) -> None:
        """Something else was clicked: the bar has closed, the query stays."""
        self.show_keys()

    def _leave_filter(self) -> None:
        assert self._filter is not None
        self._filter.close()
        self.focus_body()
        self.show_keys()
