"""Which cards stand in which cell of a board: by column and lane, each in its order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column: a stage that cards pass through."""

    key: str
    label: str
    count: int = 0
    """How many cards are in it, also those that are not on the board."""
    limit: int | None = None
    """More cards than this are too many."""
    closed: bool = False
    """Whether it holds only the newest of its cards."""
    others: int = 0
    """How many more count for the limit, because they are in it but not shown here."""

    @property
    def over(self) -> bool:
        """Whether more cards are in it than there may be."""
        return self.limit is not None and self.count + self.others > self.limit


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where a card stands; ``order`` sorts the cards of one cell."""

    id: int
    column: str
    lane: str
    order: str


Cell = list[tuple[str, int]]


class BoardCells:
    """The places of all cards, kept as they change."""

    def __init__(
        self,
        columns: Sequence[BoardColumn] = (),
        lanes: Sequence[tuple[str, str]] = (("", ""),),
        places: Iterable[CardPlace] = (),
    ) -> None:
        self.columns = list(columns)
        self.lanes = list(lanes)
        self._column_at = {column.key: at for at, column in enumerate(columns)}
        self._lane_at = {key: at for at, (key, _label) in enumerate(lanes)}
        self._cells: list[list[Cell]] = [[[] for _column in columns] for _lane in lanes]
        self._where: dict[int, tuple[int, int, str]] = {}
        for place in places:
            at = self._column_at.get(place.column), self._lane_at.get(place.lane)
            if at[0] is not None and at[1] is not None:
                self._cells[at[1]][at[0]].append((place.order, place.id))
                self._where[place.id] = (at[0], at[1], place.order)
        for lane in self._cells:
            for cell in lane:
                cell.sort()

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, card: int) -> bool:
        return card in self._where

    def cell(self, column: int, lane: int) -> Cell:
        """Return the cards of a cell, (order, id) each."""
        return self._cells[lane][column] if lane < len(self._cells) and column < len(self._cells[lane]) else []

    def find(self, card: int) -> tuple[int, int, int] | None:
        """Return the column, the lane and the place in the cell of a card; None when it is not there."""
        found = self._where.get(card)
        if found is None:
            return None
        column, lane, order = found
        return column, lane, bisect_left(self.cell(column, lane), (order, card))

    def tallest(self, lane: int, columns: Iterable[int]) -> int:
        """Return how many cards the fullest of some cells of a lane has."""
        return max((len(self._cells[lane][column]) for column in columns), default=0)

    def in_order(self) -> list[int]:
        """Return all cards, lane by lane and column by column."""
        return [card for lane in self._cells for cell in lane for _order, card in cell]

    def fits(self, changed: Mapping[int, CardPlace | None]) -> bool:
        """Whether changes can be taken as they are: each goes to a lane there is, and none to a column that does not
        hold all of its cards, unless it was on the board."""
        for card, place in changed.items():
            if place is None:
                continue
            column = self._column_at.get(place.column)
            if column is None or place.lane not in self._lane_at:
                return False
            if card not in self._where and self._holds(column) < self.columns[column].count:
                return False
        return True

    def take(self, changed: Mapping[int, CardPlace | None]) -> None:
        """Let cards stand where they stand now, None being nowhere; ``fits`` must hold."""
        for card, place in changed.items():
            if (found := self.find(card)) is not None:
                column, lane, at = found
                del self.cell(column, lane)[at]
                del self._where[card]
                self._count(column, -1)
            if place is not None:
                column, lane = self._column_at[place.column], self._lane_at[place.lane]
                insort(self.cell(column, lane), (place.order, card))
                self._where[card] = (column, lane, place.order)
                self._count(column, 1)

    def _holds(self, column: int) -> int:
        return sum(len(lane[column]) for lane in self._cells)

    def _count(self, column: int, by: int) -> None:
        self.columns[column] = replace(self.columns[column], count=self.columns[column].count + by)
