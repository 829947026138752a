"""Which part of a board is seen: each column by itself, or all together where there are lanes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from crm_tui.widgets.board_cells import BoardCells
from crm_tui.widgets.board_text import LINES


@dataclass(frozen=True, slots=True)
class Spot:
    """What a column has on a line."""

    lane: int
    index: int | None
    """The place of the card in its cell; None below the last one."""
    part: int = 0
    """Which line of the card it is."""
    below: int = 0
    """How many lines below the last card it is."""


class BoardScroll:
    """Where columns are scrolled to, in lines. A lane has a heading of one line and is as high as its fullest cell."""

    def __init__(self, cells: BoardCells, former: BoardScroll | None = None) -> None:
        """``former`` is where the board was scrolled to before."""
        self._cells = cells
        self.laned = len(cells.lanes) != 1 or bool(cells.lanes[0][1])
        """Whether there are lanes; without, each column scrolls by itself."""
        many = len(cells.columns)
        kept = former._tops if former is not None and former.laned == self.laned else []
        self._tops: list[int] = [*kept, *([0] * many)][: 1 if self.laned else many]
        self._starts: list[int] | None = None

    def forget(self) -> None:
        """Cards came, went or moved: measure the lanes anew."""
        self._starts = None

    def top(self, column: int) -> int:
        """Return the first line in sight of a column."""
        if self.laned:
            return self._tops[0]
        return self._tops[column] if column < len(self._tops) else 0

    def show(self, column: int, lane: int, index: int, body: int) -> bool:
        """Scroll so that a card is among the ``body`` lines in sight; return whether anything moved.

        One that is not comes to the middle, so a key held down paints all anew once in half a screen.
        """
        if not self._tops or body < 1:
            return False
        before = list(self._tops)
        line, high = self.line(column, lane, index), min(LINES, body)
        place = 0 if self.laned else column
        top = self._tops[place]
        lead = 1 if self.laned and index == 0 and body > LINES else 0  # the heading of its lane
        if line - lead < top or line + high > top + body:
            top = line - body // 2
            if not self.laned:
                top -= top % LINES
        for at in range(len(self._tops)):
            wanted = top if at == place else self._tops[at]
            longest = self._height() if self.laned else LINES * self.held(at) + 1
            most = max(0, longest - body)
            if not self.laned:
                most += -most % LINES
            self._tops[at] = max(0, min(wanted, most))
        return self._tops != before

    def line(self, column: int, lane: int, index: int) -> int:
        """Return the line, of the whole column, at which a card begins."""
        return self._begins()[lane] + 1 + LINES * index if self.laned else LINES * index

    def at(self, column: int, y: int) -> Spot | None:
        """Return what is on line ``y`` of those in sight; None past the last lane."""
        line, lane = self.top(column) + y, 0
        if self.laned:
            starts = self._begins()
            if line >= self._height():
                return None
            lane = bisect_right(starts, line) - 1
            line -= starts[lane] + 1
        index, part = divmod(line, LINES)
        many = len(self._cells.cell(column, lane))
        if index < many:
            return Spot(lane, index, part)
        return Spot(lane, None, below=line - many * LINES)

    def heading(self, y: int) -> int | None:
        """Return the lane whose heading is on line ``y`` of those in sight, if one is."""
        starts, line = self._begins(), self._tops[0] + y
        lane = bisect_right(starts, line) - 1
        return lane if lane < len(self._cells.lanes) and starts[lane] == line else None

    def flat(self, column: int, lane: int, index: int) -> int:
        """Return how many cards of a column stand before one."""
        return index + sum(len(self._cells.cell(column, before)) for before in range(lane))

    def spot(self, column: int, at: int) -> tuple[int, int]:
        """Return the lane and the place in it of the card that ``at`` others of its column stand before; the nearest
        there is."""
        at = max(0, min(at, self.held(column) - 1))
        lane = last = 0
        for lane in range(len(self._cells.lanes)):
            many = len(self._cells.cell(column, lane))
            if at < many:
                return lane, at
            at -= many
            last = max(0, many - 1)
        return lane, last

    def held(self, column: int) -> int:
        """Return how many cards of a column are on the board."""
        return sum(len(self._cells.cell(column, lane)) for lane in range(len(self._cells.lanes)))

    def cards_of(self, lane: int) -> int:
        """Return how many cards a lane has."""
        return sum(len(self._cells.cell(column, lane)) for column in range(len(self._cells.columns)))

    def near(self, column: int, body: int) -> list[int]:
        """Return the cards of a column in sight, and as many again above and below."""
        many = body // LINES + 2
        found = []
        first = next((spot for y in range(body) if (spot := self.at(column, y)) and spot.index is not None), None)
        if first is None or first.index is None:
            return []
        start = self.flat(column, first.lane, first.index) - many
        cards = [card for lane in range(len(self._cells.lanes)) for _o, card in self._cells.cell(column, lane)]
        found += cards[max(0, start) : max(0, start) + 3 * many]
        return found

    def _begins(self) -> list[int]:
        """The line at which each lane begins, and that after the last."""
        if self._starts is None:
            self._starts, line = [], 0
            columns = range(len(self._cells.columns))
            for lane in range(len(self._cells.lanes)):
                self._starts.append(line)
                line += 1 + LINES * self._cells.tallest(lane, columns)
            self._starts.append(line)
        return self._starts

    def _height(self) -> int:
        return self._begins()[-1]
