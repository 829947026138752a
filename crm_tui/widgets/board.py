"""A board of cards in columns: one widget that draws what is in sight, however many cards there are.

Data comes in by ``set_board``, ``change`` and ``set_cards``; what the user means goes out as messages. The cursor is
on a card and stays on it, wherever it is moved to by whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import events

from crm_tui.widgets import list_messages
from crm_tui.widgets.board_cells import BoardCells, CardPlace
from crm_tui.widgets.board_layout import spans
from crm_tui.widgets.board_lines import BoardLines
from crm_tui.widgets.board_scroll import BoardScroll
from crm_tui.widgets.board_text import BOARD_CSS, BOARD_PARTS, LINES, BoardCard
from crm_tui.widgets.rest import Rest
from crm_tui.widgets.selecting import Selecting
from crm_tui.widgets.selection import Selection

REST = 0.12
"""Seconds without a move after which the cursor rests."""

MOST_CARDS = 4000
"""Texts of cards that are kept; beyond, those out of sight are forgotten."""


class Board(Selecting, BoardLines, can_focus=True, inherit_bindings=False):
    """Cards in columns, with a cursor and a selection; knows nothing of the database and of keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = BOARD_PARTS
    DEFAULT_CSS = BOARD_CSS

    def __init__(self, *, empty: str = "") -> None:
        """``empty`` is what a board without cards says."""
        super().__init__(empty)
        self.folded: frozenset[int] = frozenset()
        """Columns that are strips because the user wants them to be."""
        self._asked: set[int] = set()
        self._wanting = False
        self._first = 0
        self._laid_out: tuple[int, int, frozenset[int], int, int] | None = None
        self._told: tuple[int, int, int, int | None] | None = None
        self._rest = Rest(REST, self._rested)

    # Cards in

    def set_board(self, cells: BoardCells, cards: Iterable[BoardCard] = (), *, keep_cursor: bool = False) -> None:
        """Show other cards, or the same in other places; with ``keep_cursor`` the cursor stays on its card, the
        scroll position where it is and the selection as far as it is still there."""
        record, begun = self.cursor_id, len(self.cells) > 0
        self.cells = cells
        self._sight = BoardScroll(cells, self._sight if keep_cursor else None)
        if keep_cursor and begun:
            self.select(Selection(frozenset(card for card in self._selection.ids if card in cells)))
            self._follow(record)
        else:
            self.clear_selection()
            self._lane = self._index = 0
            self._column = next((at for at in range(len(cells.columns)) if cells.cell(at, 0)), 0)
            self._first = 0
        self.set_cards(cards)

    def change(self, places: Mapping[int, CardPlace | None], cards: Iterable[BoardCard]) -> bool:
        """Let cards stand where they stand now; False, and nothing happens, when the board must be read anew."""
        if not self.cells.fits(places):
            return False
        record, begun = self.cursor_id, len(self.cells) > 0
        columns, first = {self._column, *self._columns_of(places)}, self._first_line(places)
        self.cells.take(places)
        self._sight.forget()
        gone = self._selection.ids - {card for card in self._selection.ids if card in self.cells}
        if gone:
            self.select(Selection(self._selection.ids - gone))
        self._follow(record)
        self._take_cards(cards)
        columns |= {self._column, *self._columns_of(places)}
        lines = (0, *range(max(1, min(first, self._first_line(places))), self.extent.height))
        if any(span.strip and span.column in columns for span in self._spans):
            lines = ()  # a strip with the cursor is marked from top to bottom
        others_stay = begun and len(self.cells) > 0 and not self._sight.laned
        self._settle(lines, columns if others_stay else None)
        return True

    def _first_line(self, cards: Iterable[int]) -> int:
        """The first line on the screen of the cursor and of these cards, above which none of them is seen."""
        lines = [self._spot_lines()[0]]
        for card in cards:
            if (found := self.cells.find(card)) is not None:
                lines.append(self._on_screen(*found))
        return min(lines)

    def _columns_of(self, cards: Iterable[int]) -> list[int]:
        return [found[0] for card in cards if (found := self.cells.find(card)) is not None]

    def set_cards(self, cards: Iterable[BoardCard]) -> None:
        """Say what is written on cards."""
        self._take_cards(cards)
        self._settle()

    def _take_cards(self, cards: Iterable[BoardCard]) -> None:
        for card in cards:
            self._asked.discard(card.id)
            if self._cards.get(card.id) != card:
                self._cards[card.id] = card
                self.forget(card.id)
        if len(self._cards) > MOST_CARDS:
            near = set(self.cards_near())
            self._cards = {known: card for known, card in self._cards.items() if known in near}
            self.forget()

    def cards_near(self) -> list[int]:
        """Return the cards in sight, and as many again above and below."""
        return [card for span in self._spans if not span.strip for card in self._sight.near(span.column, self._body)]

    def _follow(self, record: int | None) -> None:
        """Let the cursor go with its card; one that is gone leaves its place to the next."""
        found = None if record is None else self.cells.find(record)
        if found is not None:
            self._column, self._lane, self._index = found

    # Cursor

    @property
    def cursor_id(self) -> int | None:
        """The card under the cursor; None where there is none."""
        if not self._column < len(self.cells.columns) or not self._lane < len(self.cells.lanes):
            return None
        cell = self.cells.cell(self._column, self._lane)
        return cell[self._index][1] if self._index < len(cell) and self._column not in self.folded else None

    @property
    def column(self) -> int:
        """The column of the cursor."""
        return self._column

    @property
    def count(self) -> int:
        """How many cards stand on the board."""
        return len(self.cells)

    def beside(self, steps: int) -> tuple[int | None, int | None]:
        """Return between which cards of its cell the card under the cursor comes to stand when it goes ``steps`` down,
        or up by a negative number: the one above and the one below, None at an end."""
        cell = [card for _order, card in self.cells.cell(self._column, self._lane)]
        card = cell.pop(self._index)
        at = max(0, min(len(cell), self._index + steps))
        if at == self._index:
            return card, card
        return (cell[at - 1] if at else None), (cell[at] if at < len(cell) else None)

    def across(self, columns: int) -> int | None:
        """Return behind which card the one under the cursor comes to stand when it goes ``columns`` to the right, or
        left by a negative number, and stays at its height; None on top of the column."""
        wanted = max(0, min(len(self.cells.columns) - 1, self._column + columns))
        at = self._index
        if not self._sight.laned:
            at = self._beside(wanted)
        cell = self.cells.cell(wanted, self._lane)
        return cell[min(at, len(cell)) - 1][1] if cell and at > 0 else None

    def _beside(self, column: int) -> int:
        """The place in another column at the height of the cursor."""
        line = self._sight.line(self._column, 0, self._index) - self._sight.top(self._column)
        return (self._sight.top(column) + line) // LINES

    def move(self, cards: int) -> None:
        """Move the cursor down its column, or up by a negative number; from one lane into the next."""
        before = self._spot_lines()
        if cards > 0 and not self.cells.cell(self._column, self._lane):
            cards -= 1  # where a cell is empty the next card stands at its place
        at = self._sight.flat(self._column, self._lane, self._index)
        self._lane, self._index = self._sight.spot(self._column, at + cards)
        self._settle((*before, *self._spot_lines()), (self._column,))

    def sideways(self, columns: int) -> None:
        """Move to the next column, or back by a negative number: to the card on the same line."""
        wanted = max(0, min(len(self.cells.columns) - 1, self._column + columns))
        if wanted == self._column:
            return
        if not self._sight.laned:
            self._index = self._beside(wanted)
        left, self._column = self._column, wanted
        self._settle(columns=None if self._sight.laned else (left, wanted))

    def next_lane(self, lanes: int) -> None:
        """Move to the first card of the next lane, or back by a negative number."""
        self._lane, self._index = max(0, min(len(self.cells.lanes) - 1, self._lane + lanes)), 0
        self._settle()

    def page(self, pages: int) -> None:
        """Move by whole screens."""
        self.move(pages * max(1, self._body // LINES - 1))

    def half_page(self, halves: int) -> None:
        """Move by half screens."""
        self.move(halves * max(1, self._body // LINES // 2))

    def home(self) -> None:
        """Go to the first card of the column."""
        self.move(-len(self.cells))

    def end(self) -> None:
        """Go to the last card of the column."""
        self.move(len(self.cells))

    def go_to_card(self, card: int) -> None:
        """Go to a card; nothing happens when it is not on the board."""
        if card in self.cells:
            self._follow(card)
            self._settle()

    def fold(self, columns: Iterable[int]) -> None:
        """Show these columns as strips, the others whole where there is room."""
        self.folded = frozenset(columns)
        self._settle()

    def open(self) -> None:
        """Ask for the card under the cursor to be opened."""
        if (card := self.cursor_id) is not None:
            self.post_message(list_messages.Opened(self, card))

    def select_all(self) -> None:
        """Select every card on the board."""
        self.select(Selection(frozenset(self.cells.in_order())))

    def selection_changed(self) -> None:
        """Paint what is selected."""
        self.draw()

    def on_resize(self) -> None:
        """Lay the columns out anew; keep the cursor in view."""
        self.measure()
        self.forget()
        self._settle()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """Move the cursor; open on the second click."""
        span = next((span for span in self._spans if span.x <= event.x < span.x + span.width), None)
        if span is None:
            return
        event.stop()
        self._column = span.column
        spot = self._sight.at(span.column, event.y - 1) if event.y and not span.strip else None
        if spot is not None and spot.index is not None:
            self._lane, self._index = spot.lane, spot.index
        self._settle()
        if event.chain == 2:
            self.open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down in the column."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up in the column."""
        event.stop()
        self.move(-1)

    # Staying true to what there is

    def _spot_lines(self) -> tuple[int, ...]:
        """The lines on the screen of the card under the cursor."""
        first = self._on_screen(self._column, self._lane, self._index)
        return tuple(range(first, first + LINES))

    def _on_screen(self, column: int, lane: int, index: int) -> int:
        """The line on the screen at which a card begins, below the headings."""
        return 1 + self._sight.line(column, lane, index) - self._sight.top(column)

    def _settle(self, lines: tuple[int, ...] = (), columns: Iterable[int] | None = None) -> None:
        """Bring the cursor within bounds and in sight, paint, tell when it rests. As long as nothing scrolls, only
        ``columns`` can look different, and of them only ``lines`` if any are named."""
        if not self.cells.columns:
            return
        self._column = min(self._column, len(self.cells.columns) - 1)
        self._lane = min(self._lane, len(self.cells.lanes) - 1)
        self._index = max(0, min(self._index, len(self.cells.cell(self._column, self._lane)) - 1))
        laid_out = (self.extent.width, len(self.cells.columns), self.folded, self._column, self._first)
        same = laid_out == self._laid_out
        if not same:
            placed, self._first = spans(*laid_out)
            same = placed == self._spans
            self._spans, self._laid_out = placed, (*laid_out[:4], self._first)
        scrolled = self._sight.show(self._column, self._lane, self._index, self._body)
        if columns is not None and same and not scrolled:
            self.draw_only(columns, lines)
        else:
            self.draw()
        self._rest.disturb()

    def _rested(self) -> None:
        place = (self._column, self._lane, self._index, self.cursor_id)
        if place != self._told:
            self._told = place
            self.post_message(list_messages.CursorMoved(self, self._index, place[3]))

    def on_unmount(self) -> None:
        """Let go of the timer."""
        self._rest.cancel()

    def want(self, card: int) -> None:
        """Ask for what is written on a card, with others that are near."""
        if card not in self._asked and not self._wanting:
            self._wanting = True
            self.call_next(self._ask)

    def _ask(self) -> None:
        self._wanting = False
        lacking = tuple(card for card in self.cards_near() if card not in self._cards and card not in self._asked)
        if lacking:
            self._asked.update(lacking)
            self.post_message(list_messages.CardsWanted(self, lacking))

    def cards_failed(self, ids: Sequence[int]) -> None:
        """Say that what is written on cards will not come; it is asked for again when it is next needed."""
        self._asked.difference_update(ids)
