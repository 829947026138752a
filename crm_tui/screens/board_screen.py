"""The board of orders: stages across, cards in the order that people gave them, moved by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

from crm_tui.commands.registry import Command
from crm_tui.errors import StorageFailed
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.models.base import Entity
from crm_tui.queries import board
from crm_tui.screens.listed import ListedScreen, Walk
from crm_tui.session import Session
from crm_tui.widgets.board import Board
from crm_tui.widgets.board_cells import BoardCells, BoardColumn, CardPlace
from crm_tui.widgets.board_text import BoardCard
from crm_tui.widgets.glyphs import UNICODE, Glyphs, glyphs_of
from crm_tui.widgets.key_bar import KeyHint
from crm_tui.widgets.list_messages import CardsWanted

MOST_REPEATED = 1000
"""Times that a movement is done after a number."""


@dataclass(frozen=True, slots=True)
class CardWalk:
    """The cards of a board one after the other, as they stood when one of them was opened."""

    cards: tuple[int, ...]

    def place(self, record: int) -> tuple[int, int] | None:
        """Return where a card stood, and of how many; None for one that was not there."""
        return (self.cards.index(record), len(self.cards)) if record in self.cards else None

    def at(self, place: int) -> int | None:
        """Return the card at a place; None past the ends."""
        return self.cards[place] if 0 <= place < len(self.cards) else None


class _Stood(NamedTuple):
    """Where cards stand, and what is written on them."""

    reading: int
    """How often the board had been read when they stood there."""
    places: dict[int, board.Place]
    cards: list[BoardCard]


class BoardScreen(ListedScreen):
    """The orders as a board."""

    scopes: ClassVar[tuple[str, ...]] = ("board", "list")
    wide: ClassVar[int] = 190

    records: Board

    def __init__(self, session: Session, entity: Entity, text: str | None = None) -> None:
        """``text`` is a query; None opens the board as it was left."""
        super().__init__(session, entity, Board(), text)
        self._kept = session.screens.setdefault("board", {})
        kept = self._kept.get("lanes")
        self._lanes = str(kept) if kept in board.LANES else ""
        folded = self._kept.get("folded")
        self._folded = {str(stage) for stage in folded} if isinstance(folded, list) else set()
        self._late: set[int] = set()
        self._wanted: int | None = None
        """The card to go to once the board is read."""
        self._count = ""
        self._reading = 0
        self._glyphs = UNICODE
        self._looked: tuple[Changed, _Stood] | None = None
        """What was read of cards as soon as they were moved here."""

    # Moving on it

    @property
    def board_view(self) -> Self:
        """This board."""
        return self

    def sideways(self, columns: int) -> None:
        """Move the cursor to the next column."""
        self.records.sideways(columns)

    def next_lane(self, lanes: int) -> None:
        """Move the cursor to the next lane."""
        self.records.next_lane(lanes)

    def beside(self, steps: int) -> tuple[int | None, int | None]:
        """Return between which cards the one at the cursor comes to stand."""
        if not board.sorted_by_hand(self.shown):
            from crm_tui.errors import CrmError

            raise CrmError(_("The cards are sorted by the query; without sort: they are arranged by hand."))
        return self.records.beside(steps)

    def across(self, columns: int) -> int | None:
        """Return behind which card the one at the cursor comes to stand when it goes straight across."""
        return self.records.across(columns) if board.sorted_by_hand(self.shown) else None

    def fold(self) -> None:
        """Make a strip of the column at the cursor, or a column of the strip."""
        columns = self.records.cells.columns
        if not columns:
            return
        self._folded ^= {columns[self.records.column].key}
        self._kept["folded"] = sorted(self._folded)
        self._fold()
        self.show_keys()

    def _fold(self) -> None:
        columns = self.records.cells.columns
        self.records.fold(at for at, column in enumerate(columns) if column.key in self._folded)

    @property
    def lanes(self) -> str:
        """The field by which the board is parted into lanes."""
        return self._lanes

    def part(self, lanes: str) -> None:
        """Part the board into lanes by a field, or no more."""
        self._lanes = self._kept["lanes"] = lanes
        self.restart(keep_cursor=True)

    # Numbers before a key

    def take_key(self, key: str) -> bool:
        """A number says how often what follows is done: ``3 L`` moves a card three stages."""
        if key.isascii() and key.isdigit() and (self._count or key != "0") and len(self._count) < 6:
            self._count += key
            self.show_keys()
            return True
        if self._count and key == "esc":
            self._count = ""
            self.show_keys()
            return True
        return False

    def show_keys(self) -> None:
        """Show what follows a number, also when something is read meanwhile."""
        if not self._count:
            super().show_keys()
            return
        hints = [KeyHint(keys, title) for keys, title in (("H L", _("move")), ("J K", _("arrange")), ("j k", _("go")))]
        self.key_bar.say(f"{self._count} …", hints)

    async def run_key(self, command: Command) -> None:
        """Run a command as often as the number before its key says."""
        count, self._count = self._count, ""
        if not count:
            await self.run(command)
        elif "steps" in command.takes:
            self.show_keys()
            await self.run(command, {"steps": count})
        else:
            self.show_keys()
            times = min(int(count), MOST_REPEATED) if command.instant and command.rank == 101 else 1
            for _time in range(times):
                await self.run(command)

    def usable_commands(self) -> list[Command]:
        """Return the commands that belong here: a board has other columns than a list."""
        return [command for command in super().usable_commands() if command.id != "list.columns"]

    # Cards

    def restart(self, *, keep_cursor: bool = False) -> None:
        """Read the board anew."""
        self.background(self._read_board(keep_cursor))

    def refresh_window(self) -> None:
        """Read the board again, without moving the cursor off its card."""
        self.stale = self._refresh_due = False
        self.background(self._read_board(keep_cursor=True))

    async def _read_board(self, keep_cursor: bool) -> None:
        shown, lanes, actor = self.shown, self._lanes, self.session.actor
        near, glyphs = self.records.cards_near(), glyphs_of(self)
        self._glyphs = glyphs

        def read() -> tuple[BoardCells, list[BoardCard], set[int]]:
            found = board.board(actor, shown, lanes)
            cells = BoardCells(
                [_column_of(one) for one in found.stages],
                found.lanes,
                _placed(found.places),
            )
            return cells, _written(near or _first_of(cells), glyphs), _late_of(found.places)

        self._reading += 1
        reading = self._reading
        cells, cards, late = await self.session.database.newest("board", read)
        if reading == self._reading:
            self._late = late
            self.records.empty = self.empty_text()
            self.records.set_board(cells, cards, keep_cursor=keep_cursor)
            self._fold()
            if self._wanted is not None:
                self.records.go_to_card(self._wanted)
                self._wanted = None
            self.show_place()
            if not self.is_filtering:
                self.show_keys()
            if keep_cursor:
                self._show_preview(self.records.cursor_id)

    def on_board_cards_wanted(self, event: CardsWanted) -> None:
        """Read what is written on the cards that came into sight."""
        self.background(self._read_cards(event.ids))

    async def _read_cards(self, ids: Sequence[int]) -> None:
        try:
            self.records.set_cards(await self.call(_written, ids, self._glyphs))
        except StorageFailed:
            self.records.cards_failed(ids)
            raise

    def look(self, changed: Changed) -> None:
        """Read where cards stand that were moved here."""
        self._looked = None
        if moved := self._moved(changed):
            self._looked = (changed, self._reader(moved)())

    def data_changed(self, changed: Changed) -> None:
        """Move the cards that were moved; read all anew where more may have changed than that."""
        moved, looked, self._looked = self._moved(changed), self._looked, None
        fresh = self.is_current or self in self.app.screen_stack
        if not (moved and fresh) or self._refresh_due:
            super().data_changed(changed)
        elif looked is not None and looked[0] is changed:
            self._place_cards(moved, looked[1])
        else:
            self.background(self._move_cards(moved))

    def _moved(self, changed: Changed) -> list[int]:
        """The cards that were moved, if nothing else was changed that can be seen here."""
        moved = changed.records.get(self.entity.name, frozenset())
        alone = changed.records.keys() <= _OF_CARDS and "." not in self.text and board.sorted_by_hand(self.shown)
        return sorted(moved) if alone else []

    def _reader(self, ids: Sequence[int]) -> Callable[[], _Stood]:
        shown, lanes, actor = self.shown, self._lanes, self.session.actor
        reading, glyphs = self._reading, self._glyphs
        return lambda: _Stood(reading, board.places(actor, shown, lanes, ids), _written(ids, glyphs))

    async def _move_cards(self, ids: Sequence[int]) -> None:
        self._place_cards(ids, await self.call(self._reader(ids)))

    def _place_cards(self, ids: Sequence[int], found: _Stood) -> None:
        reading, places, cards = found
        if reading != self._reading:
            return  # what is being read now, or was meanwhile, is newer
        there = {place.id: place for place in _placed(places.values())}
        self._late.difference_update(ids)
        self._late |= _late_of(places.values())
        if self.records.change({record: there.get(record) for record in ids}, cards):
            self._show_preview(self.records.cursor_id)
            self.show_place()
        else:
            self.refresh_window()

    def record_saved(self, entity: Entity, record: int) -> None:
        """Go to the card, which may be new."""
        if entity is self.entity:
            self._wanted = record
            self.restart(keep_cursor=True)

    def walk(self) -> Walk:
        """Return the cards as they stand now, column by column."""
        return CardWalk(tuple(self.records.cells.in_order()))

    def walked(self, place: int, record: int) -> None:
        """Put the cursor on the card that was walked to."""
        self.records.go_to_card(record)

    # The frame

    def counts(self) -> list[str]:
        """Return how many orders are open, and how many of those are late."""
        opened = sum(column.count for column in self.records.cells.columns if not column.closed)
        parts = [_("{n} open").format(n=whole(opened))]
        if self._late:
            parts.append(_("{n} late").format(n=whole(len(self._late))))
        if chosen := self.records.selection.size(None):
            parts.append(_("{n} selected").format(n=whole(chosen)))
        return parts


_OF_CARDS = frozenset({"order", "order_line", "client"})
"""What changes where an order is moved, and changes nothing else on the board: the client follows its orders."""


def _placed(places: Iterable[board.Place]) -> list[CardPlace]:
    return [CardPlace(place.id, place.stage, place.lane, place.key) for place in places]


def _column_of(stage: board.Stage) -> BoardColumn:
    return BoardColumn(stage.value, stage.label, stage.count, stage.limit, stage.closed, stage.others)


def _late_of(places: Iterable[board.Place]) -> set[int]:
    return {place.id for place in places if place.late}


def _written(ids: Iterable[int], glyphs: Glyphs) -> list[BoardCard]:
    """Read what is written on cards. On the database thread."""
    return [
        BoardCard(card.id, card.head, card.title, _facts(card, glyphs), card.tone)
        for card in board.cards(list(ids)).values()
    ]


def _facts(card: board.Card, glyphs: Glyphs) -> tuple[str, ...]:
    """How much of the checklist is done stands behind until when, which is the first."""
    if card.checked is None:
        return card.facts
    done, every = card.checked
    return (*card.facts[:1], f"{glyphs.ticked} {done}/{every}", *card.facts[1:])


def _first_of(cells: BoardCells, most: int = 20) -> list[int]:
    """The cards that are seen first."""
    columns = range(len(cells.columns)) if cells.lanes else ()
    return [card for column in columns for _order, card in cells.cell(column, 0)[:most]]
