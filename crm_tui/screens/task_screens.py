"""The tasks by their days: as an agenda, and as a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self

from crm_tui import clock
from crm_tui.commands.context import Context
from crm_tui.formats import month, whole
from crm_tui.i18n import _
from crm_tui.models.base import Entity
from crm_tui.queries import agenda, recurring
from crm_tui.queries.agenda import MonthDay
from crm_tui.queries.lists import Listing, Reading
from crm_tui.queries.recurring import Coming
from crm_tui.screens.columns import list_columns
from crm_tui.screens.list_screen import ListScreen
from crm_tui.screens.listed import ListedScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.month import Day, DaysWanted, Entry, Month
from crm_tui.widgets.record_view import Part, TextLine


class AgendaScreen(ListScreen):
    """What is still to be done, day by day: what is late first, what has no day last."""

    def listing(self, text: str, *, lenient: bool = False) -> Listing:
        """Return the tasks of a query that are still to be done, by their days."""
        return agenda.listing(self.session.actor, text, lenient=lenient)

    def list_columns(self) -> list[Column]:
        """The day stands before the first task of each."""
        day = Column("due_on", _("Day"), width=14, min_width=12, priority=900)
        return [day, *list_columns(self.entity, agenda.COLUMNS, self.preview_shown)]

    def read_rows(self, reading: Reading, offset: int, limit: int) -> Sequence[Row]:
        """Read a window of the agenda."""
        found = agenda.window(reading, offset, limit)
        return [Row(row.id, (row.day, *row.cells), "alert" if row.late else "") for row in found]

    def empty_text(self) -> str:
        """Return what is said where nothing is to be done."""
        if self.text:
            return super().empty_text()
        return _("Nothing is to be done\n\nt adds a task in one line, from anywhere")


class CalendarScreen(ListedScreen):
    """A month, with the tasks of each day and what recurs on it."""

    scopes: ClassVar[tuple[str, ...]] = ("calendar", "list")

    records: Month

    def __init__(self, session: Session, entity: Entity, text: str | None = None) -> None:
        """``text`` is a query; None opens the month as it was left."""
        super().__init__(session, entity, Month(clock.today()), text)
        self._days: dict[date, MonthDay] = {}
        self._coming: dict[date, list[Coming]] = {}
        self._narrowed = ("", "")
        """The query of a day that was opened from here, and the one that the month had."""

    async def open_day(self) -> None:
        """Show the tasks of the day at the cursor as a list."""
        on_day = f"due:{self.day.isoformat()}"
        query = f"({self.text}) {on_day}" if self.text else on_day
        self._narrowed = (query, self.text)
        await self.show_as("list", query)

    def show_query(self, text: str, *, keep_cursor: bool = False, lenient: bool = False) -> None:
        """Show the tasks of a query; back from a day that was opened, those that were shown before."""
        opened, before = self._narrowed
        super().show_query(before if opened and text == opened else text, keep_cursor=keep_cursor, lenient=lenient)

    @property
    def calendar_view(self) -> Self:
        """This calendar."""
        return self

    @property
    def day(self) -> date:
        """The day at the cursor."""
        return self.records.day

    def sideways(self, columns: int) -> None:
        """Move by days."""
        self.records.sideways(columns)

    def context(self) -> Context:
        """What is added here is due on the day at the cursor."""
        context = super().context()
        context.given = {**context.given, "due_on": self.day.isoformat()}
        return context

    def restart(self, *, keep_cursor: bool = False) -> None:
        """Read the month anew."""
        self.records.want()

    def refresh_window(self) -> None:
        """Read the month again."""
        self.stale = self._refresh_due = False
        self.records.today = clock.today()
        self.records.want()

    def on_month_days_wanted(self, event: DaysWanted) -> None:
        """Read what falls on the days in sight."""
        self.background(self._read_days(event.first, event.last))

    async def _read_days(self, first: date, last: date) -> None:
        shown, actor = self.shown, self.session.actor
        asked = bool(self.text)

        def read() -> tuple[dict[date, MonthDay], list[Coming]]:
            # A query asks for tasks that are there.
            return agenda.month(actor, shown, first, last), [] if asked else recurring.coming_between(first, last)

        found, coming = await self.session.database.newest("month", read)
        self._days, self._coming = found, {}
        for one in coming:
            self._coming.setdefault(one.day, []).append(one)
        mark = glyphs_of(self).again
        nothing = MonthDay(0, 0, ())
        self.records.set_days(
            {
                day: _drawn(day, found.get(day, nothing), self._coming.get(day, ()), mark)
                for day in {*found, *self._coming}
            }
        )
        self.show_place()
        self._show_preview(None)

    def _show_preview(self, record: int | None) -> None:
        """Beside the month stand all tasks of the day at the cursor."""
        if not self.preview_shown:
            return
        from crm_tui.formats import long_day

        held = self._days.get(self.day)
        lines: list[TextLine] = [[Part(long_day(self.day), "title")], []]
        for task in held.tasks if held else ():
            lines.append([Part(f"{task.time:<6}", "label"), Part(task.title, "text" if task.open else "label")])
        for one in (coming := self._coming.get(self.day, [])):
            lines.append([Part(f"{one.time:<6}", "label"), Part(f"{glyphs_of(self).again} {one.name}", "label")])
        if not held and not coming:
            lines.append([Part(_("nothing"), "label")])
        self._preview.show(lines)

    def show_place(self) -> None:
        """Show the month in the first line, and how much of it is still to be done."""
        super().show_place()
        shown = (self.day.year, self.day.month)
        in_month = [held for day, held in self._days.items() if (day.year, day.month) == shown]
        count, still = sum(held.count for held in in_month), sum(held.still_open for held in in_month)
        counts = _("{month}: {n} tasks, {open} to do").format(month=month(self.day), n=whole(count), open=whole(still))
        self._status.update(counts=counts, query=self.text)


def _drawn(day: date, held: MonthDay, coming: Sequence[Coming], mark: str) -> Day:
    late = day < clock.today()
    entries = [
        Entry(f"{task.time} {task.title}".strip(), "muted" if not task.open else "alert" if late else "text")
        for task in held.tasks[:40]
    ]
    entries += [Entry(f"{one.time} {mark} {one.name}".strip(), "muted") for one in coming[:40]]
    return Day(held.count + len(coming), tuple(entries))
