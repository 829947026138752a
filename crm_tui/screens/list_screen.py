"""The list of any entity: windows of rows, a filter bar, and at the right, where there is room, the record itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextvars import copy_context
from time import perf_counter

from crm_tui.errors import StorageFailed
from crm_tui.models.base import Entity
from crm_tui.queries.lists import Listing, Reading
from crm_tui.screens.columns import list_columns
from crm_tui.screens.listed import ListedScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList

QUICK = 0.012
"""Seconds for which rows wait to be painted together with their count: less than a frame."""


class ListScreen(ListedScreen):
    """The list of an entity."""

    records: RecordList

    def __init__(self, session: Session, entity: Entity, text: str | None = None) -> None:
        """``text`` is a query; None opens the list as it was left."""
        super().__init__(session, entity, RecordList(), text)
        self.generation = self._read_generation = 0
        self._counting_took = QUICK
        self._sought: int | None = None
        """The record to go to when the rows have been read again."""

    # Rows

    def restart(self, *, keep_cursor: bool = False) -> None:
        """Show the listing from its first row on."""
        self.generation, self._sought = self.generation + 1, None
        self.records.set_columns(self.list_columns())
        sort = self.shown.query.sort or self.shown.default_sort
        self.records.set_sort(sort[0].name, sort[0].descending)
        self.records.empty = self.empty_text()
        self.records.reset(self.generation, keep_cursor)

    def list_columns(self) -> list[Column]:
        """Return the columns as they are laid out."""
        return list_columns(self._entity, self.shown.columns, self.preview_shown)

    def read_rows(self, reading: Reading, offset: int, limit: int) -> Sequence[Row]:
        """Read a window of rows. On the database thread."""
        return [Row(row.id, row.cells) for row in reading.window(offset, limit)]

    def _rows(self, shown: Listing, offset: int, limit: int) -> Sequence[Row]:
        return self.read_rows(Reading(self.session.actor, shown), offset, limit)

    def on_record_list_window_wanted(self, event: RecordList.WindowWanted) -> None:
        """Read the rows the list lacks."""
        if event.control is self.records:
            self.background(self._read_window(event.generation, event.offset, event.limit))

    async def _read_window(self, generation: int, offset: int, limit: int) -> None:
        first = generation != self._read_generation
        self._read_generation = generation
        shown = self.shown
        try:
            if first:
                await self._read_and_count(generation, offset, limit)
            else:
                rows = await self.session.database.call(self._rows, shown, offset, limit)
                self.records.set_window(generation, offset, rows)
        except StorageFailed:
            self.records.window_failed(generation, offset)
            raise

    async def _read_and_count(self, generation: int, offset: int, limit: int) -> None:
        """Read the first rows of a listing and count it in one go.

        The rows are shown while it is being counted, unless counting was quick the last time: then they wait for it,
        and rows and count are painted in one frame and not in two.
        """
        loop, context, shown, actor = asyncio.get_running_loop(), copy_context(), self.shown, self.session.actor
        count_first = self._counting_took < QUICK

        def read() -> tuple[int, Sequence[Row]]:
            reading = Reading(actor, shown)
            rows = self.read_rows(reading, offset, limit)
            if not count_first and not loop.is_closed():  # the program may be ending
                loop.call_soon_threadsafe(self.records.set_window, generation, offset, rows, context=context)
            begun = perf_counter()
            matching = reading.count()
            self._counting_took = perf_counter() - begun
            return matching, rows

        # Of this list's own reads only the newest matters; another list, out of sight, may be reading too.
        matching, rows = await self.session.database.newest(f"rows of {self._entity.plural}", read)
        if count_first:
            self.records.set_window(generation, offset, rows)
        if generation == self.generation:
            self.records.set_count(matching)
        if self.total is None or shown.query.where is None:
            self.total = matching if shown.query.where is None else await self.count_all()
        self.show_place()

    def refresh_window(self) -> None:
        """Read the rows in sight again, without moving the cursor off its record."""
        self.stale = self._refresh_due = False
        self.background(self._refresh_window())

    async def _refresh_window(self) -> None:
        offset, limit = self.records.window_in_view()
        record, sought = self.records.cursor_id, self._sought
        self.generation += 1
        self._read_generation = generation = self.generation
        shown = self.shown
        rows, matching, places = await self.call(self._read_again, shown, offset, limit, (record, sought))
        if generation != self.generation:
            return  # whoever has begun anew meanwhile goes on seeking, too
        # Where the cursor has gone elsewhere meanwhile it is not known how far that has moved.
        place = places[record] if record == self.records.cursor_id else None
        self.records.refresh_rows(offset, rows, matching, place, generation)
        if sought is not None and sought == self._sought:
            self._sought, target = None, places[sought]
            if target is not None:
                self.records.go_to(target)
        self.total = await self.count_all()
        self.show_place()
        self._show_preview(self.records.cursor_id)

    def _read_again(
        self, shown: Listing, offset: int, limit: int, records: Iterable[int | None]
    ) -> tuple[Sequence[Row], int, dict[int | None, int | None]]:
        """Return rows, how many match, and the places of records, None where one is not among them."""
        reading = Reading(self.session.actor, shown)
        rows = self.read_rows(reading, offset, limit)
        matching = reading.count()
        places: dict[int | None, int | None] = {}
        for record in records:
            place = next((offset + index for index, row in enumerate(rows) if row.id == record), None)
            places[record] = reading.position(record) if place is None and record is not None else place
        return rows, matching, places

    def record_saved(self, entity: Entity, record: int) -> None:
        """Go to the record, which may be new."""
        if entity is self._entity and self.records.cursor_id != record:
            self._sought = record
            self.refresh_window()

    def walked(self, place: int, record: int) -> None:
        """Put the cursor there."""
        self.records.go_to(place)
