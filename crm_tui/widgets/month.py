"""A month of days, week by week, each with what falls on it; one widget, with the cursor on a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from rich.segment import Segment
from textual import events

from crm_tui.formats import weekday, whole
from crm_tui.widgets import list_messages
from crm_tui.widgets.columns import fit
from crm_tui.widgets.glyphs import UNICODE, glyphs_of
from crm_tui.widgets.line_widget import Line, LineWidget
from crm_tui.widgets.selection import Selection

WEEKS = 6
"""Weeks that a month has at most: all are always shown, so that nothing jumps."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a day."""

    text: str
    tone: str = "text"
    """``text``, ``muted`` for what is done, ``alert`` for what is late."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a day shows: how many there are, and the first of them."""

    count: int = 0
    entries: tuple[Entry, ...] = ()


class DaysWanted(list_messages.ListMessage, namespace="month"):
    """The days from ``first`` to ``last`` came into sight: answer with ``set_days``."""

    def __init__(self, sender: Month, first: date, last: date) -> None:
        super().__init__(sender)
        self.first, self.last = first, last


class Month(LineWidget, can_focus=True, inherit_bindings=False):
    """The days of a month; knows nothing of the database and of keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "month--heading", "month--day", "month--today", "month--other", "month--text", "month--muted", "month--alert",
        "month--between", "month--cursor",
    }  # fmt: skip
    DEFAULT_CSS = """
    Month {
        width: 1fr;
        height: 1fr;
        & > .month--heading { color: $foreground-muted; text-style: bold; }
        & > .month--day { color: $foreground; text-style: bold; }
        & > .month--today { color: $text-accent; text-style: bold; }
        & > .month--other { color: $foreground-muted; }
        & > .month--text { color: $foreground; }
        & > .month--muted { color: $foreground-muted; }
        & > .month--alert { color: $text-error; }
        & > .month--between { color: $foreground 30%; }
        & > .month--cursor { color: $block-cursor-blurred-foreground; background: $block-cursor-blurred-background; }
        &:focus > .month--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
        &:ansi > .month--muted { text-style: dim; }
        &:ansi > .month--other { text-style: dim; }
        &:nocolor > .month--cursor { text-style: bold; }
        &:nocolor:focus > .month--cursor { text-style: reverse; }
    }
    """

    def __init__(self, today: date) -> None:
        super().__init__()
        self.day = self.today = today
        self.empty = ""
        self.selection = Selection()
        self.count = 0
        self._days: dict[date, Day] = {}
        self._glyphs = UNICODE

    # What is shown

    @property
    def first(self) -> date:
        """The first day in sight: the Monday of the week that the month begins in."""
        begin = self.day.replace(day=1)
        return begin - timedelta(days=begin.weekday())

    def want(self) -> None:
        """Ask for what falls on the days in sight."""
        self.post_message(DaysWanted(self, self.first, self.first + timedelta(days=7 * WEEKS - 1)))

    def set_days(self, days: Mapping[date, Day]) -> None:
        """Show what falls on the days in sight; those not named are empty."""
        self._days = dict(days)
        self.count = sum(day.count for day in days.values())
        self.draw()

    @property
    def cursor_id(self) -> None:
        """No record: the cursor is on a day."""

    def go_to_day(self, day: date) -> None:
        """Put the cursor on a day, whichever month that is in."""
        if not date(1900, 1, 1) <= day <= date(2199, 12, 31) or day == self.day:
            return
        month, self.day = (self.day.year, self.day.month), day
        self.draw()
        if month != (day.year, day.month):
            self.want()
        self.post_message(list_messages.CursorMoved(self, day.toordinal(), None))

    def move(self, weeks: int) -> None:
        """Move by weeks."""
        self.go_to_day(self.day + timedelta(weeks=max(-5000, min(5000, weeks))))

    def sideways(self, days: int) -> None:
        """Move by days."""
        self.go_to_day(self.day + timedelta(days=days))

    def page(self, months: int) -> None:
        """Move by months; the cursor stays on the day of the month where that is there."""
        year, month = divmod(self.day.year * 12 + self.day.month - 1 + months, 12)
        self.go_to_day(date(year, month + 1, min(self.day.day, monthrange(year, month + 1)[1])))

    def half_page(self, halves: int) -> None:
        """Move by two weeks."""
        self.move(2 * halves)

    def home(self) -> None:
        """Go to today."""
        self.go_to_day(self.today)

    def end(self) -> None:
        """Go to the last day of the month."""
        self.go_to_day(self.day.replace(day=monthrange(self.day.year, self.day.month)[1]))

    def toggle(self) -> None:
        """Days are not selected."""

    def select_all(self) -> None:
        """Days are not selected."""

    def clear_selection(self) -> None:
        """Days are not selected."""

    def on_click(self, event: events.Click) -> None:
        """Move the cursor."""
        week, _line = divmod(max(0, event.y - 1), self._high)
        column = next((at for at, (x, width) in enumerate(self._columns()) if x <= event.x < x + width), None)
        if column is not None and event.y > 0 and week < WEEKS:
            event.stop()
            self.go_to_day(self.first + timedelta(days=7 * week + column))

    # Drawing

    def on_mount(self) -> None:
        """Take up the characters the app draws with."""
        self._glyphs = glyphs_of(self)

    def on_resize(self) -> None:
        """Lay the days out anew."""
        self.measure()
        self.draw()

    @property
    def _high(self) -> int:
        """Lines of a day."""
        return max(1, (self.extent.height - 1) // WEEKS)

    def _columns(self) -> list[tuple[int, int]]:
        """Where each day of the week begins, and how wide it is."""
        room, x, found = max(0, self.extent.width - 6), 0, []
        for at in range(7):
            width = room // (7 - at)
            found.append((x, width))
            room -= width
            x += width + 1
        return found

    def line(self, y: int) -> Line:
        """Return the names of the days, or what the days of a week have on a line."""
        between = Segment(self._glyphs.between, self.style_of(("month--between",)))
        line: Line = []
        for at, (x, width) in enumerate(self._columns()):
            if x:
                line.append(between)
            line.append(self._label(at, width) if y == 0 else self._piece(at, y, width))
        return line

    def _label(self, at: int, width: int) -> Segment:
        return Segment(fit(f" {weekday(at)}", width), self.style_of(("month--heading",)))

    def _piece(self, at: int, y: int, width: int) -> Segment:
        week, part = divmod(y - 1, self._high)
        if week >= WEEKS:
            return Segment(" " * width, self.style_of(("month--text",)))
        day = self.first + timedelta(days=7 * week + at)
        held, cursor = self._days.get(day, Day()), day == self.day
        mark = self._glyphs.cursor if cursor else " "
        if part == 0:
            name = "today" if day == self.today else "day" if day.month == self.day.month else "other"
            text = f"{mark}{day.day}" + (f"  {whole(held.count)}" if held.count else "")
        else:
            entry = held.entries[part - 1] if part <= len(held.entries) else Entry("")
            name, text = entry.tone, f"{mark}{entry.text}"
            if part == self._high - 1 and held.count > part and len(held.entries) >= part:
                name, text = "muted", f"{mark}+{whole(held.count - part + 1)}"
        style = self.style_of((f"month--{name}", *(("month--cursor",) if cursor else ())))
        return Segment(fit(text, width, ellipsis=self._glyphs.ellipsis), style)
