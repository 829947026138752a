"""What lists and boards have in common: the records of an entity that a query finds, and the one at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events
from textual.app import ComposeResult

from crm_tui.commands.context import Context
from crm_tui.errors import BadInput
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.journal import DEFINING, Changed
from crm_tui.models.base import Entity, entities
from crm_tui.queries import extra_columns, lists
from crm_tui.queries.lists import Listing
from crm_tui.scope import why_not_change
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.filtering import Filtering
from crm_tui.screens.list_moves import ListMoves
from crm_tui.session import Session
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_view import RecordView, TextLine

if TYPE_CHECKING:
    from crm_tui.widgets.board import Board
    from crm_tui.widgets.month import Month

LINES_ABOVE_STORY, LINES_A_STORY = 2, 2
"""Lines of the preview before what happened, and at least for each thing that did."""

REFRESH_EVERY = 0.25
"""Seconds between two re-readings of the window, however often others save."""


class Walk(Protocol):
    """The records of a list, one after the other, for who has one of them open."""

    def place(self, record: int) -> tuple[int, int] | None:
        """Return where a record stands, from 0, and of how many; None when it has left. On the database thread."""

    def at(self, place: int) -> int | None:
        """Return the record at a place; None past the ends. On the database thread."""


class ListedScreen(ListMoves, Filtering, CrmScreen):
    """Records of an entity: those that a query finds."""

    scopes: ClassVar[tuple[str, ...]] = ("list",)
    # No container round list and preview: each would be drawn, line by line, with every key.
    DEFAULT_CSS = """
    ListedScreen RecordView { width: 44; height: 1fr; display: none; }
    ListedScreen.-wide {
        layout: grid;
        grid-size: 2;
        grid-columns: 1fr 44;
        grid-rows: 1 1fr 1 1 1;
        & RecordView { display: block; }
        & StatusLine, & KeyBar, & EntryLine, & ProgressLine { column-span: 2; }
    }
    """
    wide: ClassVar[int] = 140
    """Columns from which on the record at the cursor is shown beside the others."""

    def __init__(
        self, session: Session, entity: Entity, records: RecordList | Board | Month, text: str | None = None
    ) -> None:
        """``text`` is a query; None opens the list as it was left."""
        super().__init__(session)
        self._entity = entity
        kept = session.screens.get(entity.plural, {})
        self.text = str(kept.get("query", "")) if text is None else text
        self.columns = self._valid_columns(kept.get("chosen", ()))
        """The columns the operator chose; none as long as they follow what is asked for."""
        self.total: int | None = None
        self.stale = False
        self.passing = False
        """Whether it stands over another screen for once: it goes with esc, and is not how the list was left."""
        self._refresh_due = False
        self.shown = self._listing_of(self.text)
        self.records = records
        records.empty = self.empty_text()
        self._preview = RecordView()

    @property
    def entity(self) -> Entity:
        """The entity listed."""
        return self._entity

    @property
    def filtered(self) -> Entity:
        """The entity whose records the filter bar narrows."""
        return self._entity

    @property
    def title_of_place(self) -> str:  # type: ignore[override]  # a class attribute in the base
        return _(self._entity.label_plural).capitalize()

    def _valid_columns(self, names: object) -> tuple[str, ...]:
        try:
            return tuple(lists.column_name(self._entity, str(name)) for name in names)  # type: ignore[attr-defined]
        except (BadInput, TypeError):
            return ()

    def _listing_of(self, text: str) -> Listing:
        """The listing of a query that was kept; one that no longer makes sense (a field is gone) is dropped."""
        try:
            return self.listing(text)
        except BadInput:
            self.text = ""
            return self.listing("")

    def listing(self, text: str, *, lenient: bool = False) -> Listing:
        """Return what a query's text finds here, in the columns chosen. Raises BadInput."""
        return lists.listing(self.session.actor, self._entity, text, self.columns, lenient=lenient)

    def empty_text(self) -> str:
        """Return what is said where there is nothing."""
        if self.text:
            return _("Nothing matches {query}\n\n/ changes the filter, esc clears it").format(query=self.text)
        what = _(self._entity.label_plural)
        if not self._entity.by_hand:
            return _("No {what} yet").format(what=what)
        text = _("No {what} yet\n\na adds the first, ctrl+p import a file brings a whole list").format(what=what)
        template = self.session.keymap.by_id("workspace.template") if self._entity.name == "client" else None
        if template is None or why_not_change(self.session.actor, entities["word"]):
            return text
        key = template.keys[0] if template.keys else "ctrl+p"
        return text + "\n" + _("{key} chooses a template: the stages, fields and views of your trade").format(key=key)

    # Layout

    def compose_body(self) -> ComposeResult:
        """What is listed, and the record at its right."""
        yield self.records
        yield self._preview

    def on_mount(self) -> None:
        """Show the first rows."""
        super().on_mount()
        self.focus_body()
        self.restart()

    def on_resize(self, event: events.Resize) -> None:
        """Show the record beside the list where there is room."""
        self.set_class(event.size.width >= self.wide, "-wide")

    @property
    def preview_shown(self) -> bool:
        """Whether the record at the cursor is shown beside the list."""
        return self.has_class("-wide")

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        super().on_screen_resume()
        self.focus_body()
        if self.stale:
            self.refresh_window()

    def show_place(self) -> None:
        """Show counts and query in the first line."""
        self._status.update(
            crumbs=self.crumbs(), right=self.crm.news_texts(), counts=" · ".join(self.counts()), query=self.text
        )

    def counts(self) -> list[str]:
        """Return what the first line says of how much there is."""
        matching = self.records.count
        parts = [] if self.total is None else [whole(self.total)]
        if matching is not None and (self.text or self.total is None) and self.shown.query.where is not None:
            parts.append(_("{n} match").format(n=whole(matching)))
        selected = self.records.selection.size(matching)
        if selected or self.records.selection:
            parts.append(_("{n} selected").format(n=whole(selected) if selected is not None else "…"))
        return parts

    # Rows

    def restart(self, *, keep_cursor: bool = False) -> None:
        """Show what the query finds from its first row on."""

    def refresh_window(self) -> None:
        """Read what is in sight again, without moving the cursor off its record."""

    def walk(self) -> Walk:
        """Return the records one after the other, as they are found each time it is asked, for who opens one."""
        return lists.ListWalk(self.session.actor, self.shown)

    def walked(self, place: int, record: int) -> None:
        """Put the cursor on the record that was walked to."""

    def data_changed(self, changed: Changed) -> None:
        """Re-read the window when something in it may have changed, now or when this is seen again."""
        if not DEFINING.isdisjoint(changed.records):
            self._take_fields()
        concerned = {self._entity.name, *(other.name for other, _name in self._entity.referrers)}
        concerned |= {target.name for target in self._entity.references.values()}
        if not concerned & set(changed.records):
            if self._entity.discussed and self.is_current and {"comment", "attachment"} & set(changed.records):
                self._show_preview(self.records.cursor_id)
            return
        if not self.is_current and self not in self.app.screen_stack:
            self.stale = True
        elif not self._refresh_due:
            self._refresh_due = True
            self.set_timer(REFRESH_EVERY if self.stale else 0.01, self.refresh_window)

    def _take_fields(self) -> None:
        """Fields came or went: go on without what names one that is gone, and show what each is called now."""
        known = {"id", *extra_columns.of(self._entity), *self._entity.fields}
        self.columns = tuple(name for name in self.columns if name in known)
        self.shown = self._listing_of(self.text)
        self.restart(keep_cursor=True)
        self._show_preview(self.records.cursor_id)

    async def count_all(self) -> int:
        """Return how many records of the entity there are."""
        return await self.session.database.call(lists.total, self.session.actor, self._entity)

    # The record at the cursor

    def on_record_list_cursor_moved(self, event: RecordList.CursorMoved) -> None:
        """The cursor rests: show its record, and which keys work on it."""
        if event.control is self.records:
            if not self.is_filtering:  # the filter bar lies over the keys
                self.show_keys()
            self._show_preview(event.row_id)

    def _show_preview(self, record: int | None) -> None:
        if record is None:
            self._preview.clear()
        elif self.preview_shown:
            self.background(self._read_preview(record))

    async def _read_preview(self, record: int) -> None:
        size, entity, actor, key = self._preview.size, self._entity, self.session.actor, self.key_of("client.dormant")

        def read() -> list[TextLine]:
            from crm_tui.queries import details  # narrow terminals have no preview
            from crm_tui.queries.story import Story
            from crm_tui.screens import record_lines

            lines = record_lines.preview(details.brief(actor, entity, record), size.width, key)
            room = (size.height - len(lines) - LINES_ABOVE_STORY) // LINES_A_STORY
            told = Story(entity, record).window(0, room) if room > 0 else []
            return [*lines, *record_lines.story(told, size.width)]

        lines = await self.session.database.newest(f"preview of {self._entity.plural}", read)
        if self.records.cursor_id == record:
            self._preview.show(lines)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A row was double-clicked: as if opened by its key."""
        command = self.session.keymap.by_id(f"{self._entity.name}.open")
        assert command is not None  # every entity has one
        context = super().context()
        context.ids = (event.row_id,)
        self.background(self.run(command, given=context))

    def on_record_list_selection_changed(self, event: RecordList.SelectionChanged) -> None:
        """Say how many are selected."""
        self.show_place()
        self.show_keys()

    # Commands

    def context(self) -> Context:
        """Commands act on the selection, or on the record at the cursor."""
        context = super().context()
        context.given = self.shown.query.chosen
        selection = self.records.selection
        if selection.all_matching:
            shown, actor, excluded = self.shown, self.session.actor, selection.excluded

            async def all_ids() -> Sequence[int]:
                found = await self.call(lists.ids, actor, shown)
                return [record for record in found if record not in excluded]

            context.all_ids, context.count = all_ids, selection.size(self.records.count) or 0
            context.several = True
        elif selection.ids:
            context.ids, context.several = tuple(sorted(selection.ids)), True
        elif self.records.cursor_id is not None:
            context.ids = (self.records.cursor_id,)
        return context

    def listed(self) -> tuple[str, tuple[str, ...]]:
        """Return the query's text and the columns."""
        return self.text, self.shown.columns

    def change_list(self, query: str | None = None, columns: Sequence[str] | None = None) -> None:
        """Show another query or other columns; no columns are those that fit the query."""
        text = self.text if query is None else query
        if columns is not None:
            fitting = lists.listing(self.session.actor, self._entity, text).columns
            chosen = self._valid_columns(columns)
            self.columns = () if chosen == fitting else chosen
        self.show_query(text, keep_cursor=query is None)

    def show_query(self, text: str, *, keep_cursor: bool = False, lenient: bool = False) -> None:
        """Show the matches of a query. Raises BadInput for one that makes no sense."""
        former = self.shown
        self.shown = self.listing(text, lenient=lenient)
        self.text = text
        if lenient and self.shown.finds_the_same_as(former):  # the letter belongs to a term that is not whole yet
            self.records.empty = self.empty_text()
        else:
            self.restart(keep_cursor=keep_cursor)
        if not lenient:  # while it is typed it stands in the filter bar, and here once its rows have come
            self.show_place()
        if self.passing:
            return
        kept = self.session.screens.setdefault(self._entity.plural, {})  # with the queries used before
        kept.update(query=self.text, chosen=list(self.columns))

    def escape(self) -> None:
        """Drop the selection, else the filter; then there is nothing left to go back from."""
        if self.records.selection:
            self.records.clear_selection()
        elif self.passing:
            self.crm.close_screen()
        elif self.text:
            self.show_query("")
