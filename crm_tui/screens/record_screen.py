"""Everything about one record: its head, its facts, its people or members, what was done to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult

from crm_tui import formats
from crm_tui.commands.context import Context
from crm_tui.commands.registry import Command
from crm_tui.db.thread import Superseded
from crm_tui.errors import CrmError, NotFound
from crm_tui.i18n import _
from crm_tui.journal import DEFINING, Changed
from crm_tui.models.base import Entity, entities
from crm_tui.queries import details
from crm_tui.queries.details import Detail
from crm_tui.queries.story import Story, Told
from crm_tui.query import Query, parse
from crm_tui.screens import record_lines, record_tabs
from crm_tui.screens.filtering import Filtering
from crm_tui.screens.list_moves import ListMoves
from crm_tui.screens.opening import Opening
from crm_tui.screens.record_tabs import LISTED
from crm_tui.session import Session
from crm_tui.widgets.loaded_rows import WINDOW
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_view import RecordView

if TYPE_CHECKING:
    from crm_tui.screens.listed import ListedScreen

WIDE = 140
"""Columns from which on the facts stand beside the timeline."""


class RecordScreen(ListMoves, Filtering, Opening):
    """One record."""

    DEFAULT_CSS = """
    RecordScreen #head { height: 5; }
    RecordScreen #tabs { height: 1; }
    RecordScreen #facts { width: 60; height: 1fr; display: none; }
    RecordScreen RecordList { width: 1fr; height: 1fr; }
    RecordScreen.-wide {
        layout: grid;
        grid-size: 2;
        grid-columns: 60 1fr;
        grid-rows: 1 5 1 1fr 1 1 1;
        & #facts { display: block; }
        & StatusLine, & #head, & #tabs, & KeyBar, & EntryLine, & ProgressLine { column-span: 2; }
    }
    """

    records: RecordList

    def __init__(self, session: Session, entity: Entity, record: int, came_from: ListedScreen | None = None) -> None:
        """``came_from`` is the list that next and previous walk."""
        super().__init__(session)
        self._entity, self.record, self.came_from = entity, record, came_from
        self._walk = came_from.walk() if came_from is not None else None
        self.place: tuple[int, int] | None = None
        self._stepping = asyncio.Lock()
        self.found: Detail | None = None
        self.tab = record_tabs.OPENS_ON.get(entity.name, record_tabs.TIMELINE)
        self.generation = 0
        self.text = ""
        self._asked: Query | None = None
        """The query that the timeline is narrowed by, as it was typed and as it was read."""
        self._index = 0
        self._reads = f"record {id(self)}"
        """One record's reads supersede each other, not those of another that stands above or below it."""
        self._told: list[Told] = []
        self._told_count = 0
        self._head, self._tabs, self._facts = RecordView(id="head"), RecordView(id="tabs"), RecordView(id="facts")
        self.records = RecordList()

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]  # a class attribute in the base
        """Records, and lists too: the tabs are lists."""
        return ("record", "list")

    @property
    def entity(self) -> Entity:
        """The entity acted on: people, clients, comments or files where their tab is open, else the record's own."""
        return entities[LISTED[self.tab].lists] if self.tab in LISTED else self._entity

    @property
    def filtered(self) -> Entity:
        """The filter bar narrows what was said."""
        return entities["interaction"]

    def crumbs(self) -> Sequence[str]:
        """Workspace, list, record."""
        title = self.found.title if self.found else f"#{self.record}"
        return (self.session.name, _(self._entity.label_plural).capitalize(), title)

    def show_place(self) -> None:
        """Show which of how many of the list this is."""
        super().show_place()
        counts = ""
        if self.place is not None:
            counts = _("{n} of {of}").format(n=formats.whole(self.place[0] + 1), of=formats.whole(self.place[1]))
        self._status.update(counts=counts)

    # Layout

    def compose_body(self) -> ComposeResult:
        """Head, tabs, and below them the list of the open tab; facts beside it where there is room."""
        yield self._head
        yield self._tabs
        yield self._facts
        yield self.records

    def on_mount(self) -> None:
        """Begin."""
        super().on_mount()
        self.focus_body()

    def on_resize(self, event: events.Resize) -> None:
        """Put the facts beside the timeline where there is room."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.draw()
        self.placed()

    def on_screen_resume(self) -> None:
        """Come up to date, unless the record was read just now, for this screen to be opened."""
        super().on_screen_resume()
        self.focus_body()
        if not self.read_already():
            self.background(self.reload())

    def data_changed(self, changed: Changed) -> None:
        """Read the record again when it, a person at it, or what was said about it may have changed."""
        defining = bool(DEFINING & changed.records.keys())
        for name in {self._entity.name, *(tab.lists for tab in LISTED.values()), "affiliation", "interaction"}:
            ids = changed.records.get(name, frozenset() if defining else None)
            if ids is not None and (not ids or name != self._entity.name or self.record in ids):
                self.background(self.reload())
                return

    # Reading

    async def reload(self) -> None:
        """Read the record, its timeline and its place in the list, and show them."""
        try:
            await self.read()
        except NotFound:
            self.say(_("This record is no longer there."), problem=True)
            self.close()
            return
        self.draw()
        self.show_place()
        self.show_keys()

    async def read(self) -> None:
        """Read the record, its timeline and its place in the list. Raises NotFound."""
        record = self.record
        found = await self.session.database.newest(self._reads, self._read, self.story())
        if record != self.record:
            raise Superseded  # it was stepped on meanwhile: what is shown next is read already
        self.found, self._told, self._told_count, self.place = found
        if self.place is not None:
            self._index = self.place[0]

    def story(self) -> Story:
        """Return what the timeline tells."""
        return Story(self._entity, self.record, self._asked)

    def _read(self, story: Story) -> tuple[Detail, list[Told], int, tuple[int, int] | None]:
        actor = self.session.actor
        found = details.detail(actor, self._entity, self.record)
        told, count = story.window(0, WINDOW), story.count()
        place = None
        if self._walk is not None:
            place = self._walk.place(self.record)
        return found, told, count, place

    def on_record_list_window_wanted(self, event: RecordList.WindowWanted) -> None:
        """Read more of the timeline; the other tabs are whole."""
        if self.tab == record_tabs.TIMELINE and event.offset and event.generation == self.generation:
            self.background(self._read_window(self.story(), event.generation, event.offset, event.limit))

    async def _read_window(self, story: Story, generation: int, offset: int, limit: int) -> None:
        told = await self.call(story.window, offset, limit)
        self.records.set_window(generation, offset, record_tabs.told_rows(told))

    # Narrowing the timeline

    def start_filter(self) -> None:
        """Open the filter bar over the timeline."""
        if self._entity.name not in ("client", "contact"):
            raise CrmError(_("Only the timeline of clients and contacts is filtered."))
        if self.tab != record_tabs.TIMELINE:
            self.show_tab(record_tabs.TIMELINE)
        super().start_filter()

    def show_query(self, text: str, *, keep_cursor: bool = False, lenient: bool = False) -> None:
        """Show what was said and matches a query. Raises BadInput for one that makes no sense."""
        self._asked = parse(text, self.filtered, me=self.session.actor, lenient=lenient)
        self.text = text
        self.background(self._narrow(self.story()))

    async def _narrow(self, story: Story) -> None:
        def read() -> tuple[list[Told], int]:
            return story.window(0, WINDOW), story.count()

        self._told, self._told_count = await self.session.database.newest(self._reads, read)
        self.draw()
        self.show_place()

    def draw(self) -> None:
        """Show what was read."""
        if self.found is None or not self.is_attached:
            return
        if self.tab == record_tabs.FACTS and self.has_class("-wide"):
            self.tab = record_tabs.TIMELINE
        self._head.show(record_lines.head(self.found, self.key_of("client.dormant")))
        self._facts.show(record_lines.fact_lines(self.found, 60))
        self._tabs.show([record_tabs.tab_line(self.tabs(), self.tab, self.size.width)])
        columns, rows, empty = self._shown(self.found)
        self.generation += 1
        self.records.empty = empty
        self.records.set_columns(columns)
        self.records.reset(self.generation, keep_cursor=True)
        self.records.set_window(self.generation, 0, rows)
        self.records.set_count(self._told_count if self.tab == record_tabs.TIMELINE else len(rows))

    def tabs(self) -> list[tuple[str, str]]:
        """Return the tabs there are: name and heading."""
        assert self.found is not None
        return record_tabs.tabs(self._entity, self.found, self.has_class("-wide"))

    def _shown(self, found: Detail) -> record_tabs.Shown:
        if self.tab == record_tabs.TIMELINE:
            return record_tabs.timeline(self._told, self.text)
        return record_tabs.facts(found) if self.tab == record_tabs.FACTS else record_tabs.listed(self.tab, found)

    # Commands

    def context(self) -> Context:
        """Commands act on the record, or on the person, client, comment or file at the cursor where those are shown."""
        context = super().context()
        if self.tab in LISTED:
            selected = self.records.selection
            if selected.ids or selected.all_matching:
                context.ids = tuple(record for record in self._listed_ids() if record in selected)
                context.several = True
            elif self.records.cursor_id is not None:
                context.ids = (self.records.cursor_id,)
            context.given = (
                {LISTED[self.tab].field_of(self._entity): f"#{self.record}"}
                if LISTED[self.tab].belongs
                else {"about": self._entity.name, "record": str(self.record)}
            )
        else:
            context.ids = (self.record,)
        context.shown = (self._entity, self.record)
        return context

    def context_of(self, command: Command, here: Context | None = None) -> Context:
        """What only the record has acts on the record, whatever is listed of it."""
        if command.entity != self._entity.name or self.entity is self._entity:
            return here or self.context()
        context = super().context()
        context.entity, context.ids, context.shown = self._entity, (self.record,), (self._entity, self.record)
        return context

    def find_command(self, keys: str) -> Command | None:
        """What the keys do to what is listed, else to the record."""
        found = super().find_command(keys)
        return found or self.session.keymap.lookup(keys, ("record",), self._entity.name)

    def usable_commands(self) -> list[Command]:
        """Return what is usable with what is listed, then what is with the record, by the keys that are free. The last
        line tells the former only."""
        found = super().usable_commands()
        if self.entity is self._entity:
            return found
        taken = {key for command in found for key in command.keys}
        further = [
            replace(command, keys=tuple(key for key in command.keys if key not in taken), rank=max(command.rank, 99))
            for command in self.session.keymap.commands
            if "record" in command.scopes and command.entity == self._entity.name
        ]
        return [*found, *further]

    def _listed_ids(self) -> list[int]:
        if self.found is None:
            return []
        return [row.id for row in LISTED[self.tab].found(self.tab, self.found)]

    async def open_record(self, entity: Entity, record: int) -> None:
        """Open what the tab lists, what was said, or the form at a fact; a change is as open as it gets."""
        if self.tab in LISTED or entity is not self._entity:
            await super().open_record(entity, record)
        elif self.tab == record_tabs.TIMELINE:
            told = self.records.cursor_id
            if told is not None and not told % 2:
                await super().open_record(entities["interaction"], told // 2)
        elif self.tab == record_tabs.FACTS and self.found is not None:
            await self.open_form(self._entity, self.record)

    async def step(self, rows: int) -> None:
        """Show the record ``rows`` further in the list this one was opened from; of steps in a row each is one further
        than the one before."""
        async with self._stepping:
            await self._step(rows)

    async def _step(self, rows: int) -> None:
        if self.came_from is None or self._walk is None:
            raise CrmError(_("This record was not opened from a list."))
        # A record that has left the list meanwhile (it is no longer due) has left its place to the one after it.
        place = self._index + rows if self.place is not None or rows < 0 else self._index + rows - 1
        found = await self.call(self._walk.at, place)
        if found is None:
            self.say(_("This is the last of the list.") if rows > 0 else _("This is the first of the list."))
            return
        self.record, self._index = found, place
        self.came_from.walked(place, found)
        await self.reload()

    def toggle(self) -> None:
        """Select a person, client, comment or file."""
        if self.tab in LISTED:
            super().toggle()

    def toggle_all(self) -> None:
        """Select all of them, or none."""
        if self.tab in LISTED:
            super().toggle_all()

    def next_tab(self, step: int) -> None:
        """Open the next tab, or the one before."""
        names = [name for name, _label in self.tabs()]
        self.show_tab(names[(names.index(self.tab) + step) % len(names)])

    def show_tab(self, name: str) -> None:
        """Open a tab."""
        self.tab = name
        self.records.clear_selection()
        self.draw()
        self.records.home()
        self.show_keys()

    def listed(self) -> tuple[str, tuple[str, ...]]:
        """The columns of the list that the tab shows."""
        if self.tab not in LISTED or LISTED[self.tab].laid_out_as:
            return "", self.entity.columns
        return "", LISTED[self.tab].columns

    def on_record_list_cursor_moved(self, event: RecordList.CursorMoved) -> None:
        """Another person: other keys."""
        self.show_keys()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A row was double-clicked."""
        self.background(self.open_record(self.entity, event.row_id))

    def escape(self) -> None:
        """Clear the filter of the timeline; without one, back to where this was opened from."""
        if self.text:
            self.show_query("")
        else:
            self.close()
