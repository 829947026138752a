"""How a board is drawn: what each of its lines shows of each column."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment

from crm_tui.widgets.board_cells import BoardCells
from crm_tui.widgets.board_layout import Span
from crm_tui.widgets.board_scroll import BoardScroll, Spot
from crm_tui.widgets.board_text import LINES, BoardCard, BoardText, styles
from crm_tui.widgets.glyphs import UNICODE, glyphs_of
from crm_tui.widgets.line_widget import Line, LineWidget
from crm_tui.widgets.list_lines import empty_lines
from crm_tui.widgets.selection import Selection

_NOTHING = Segment("")

_MOST_PIECES = 1000
"""Cards of which pieces are kept as they were drawn."""


class BoardLines(LineWidget, inherit_bindings=False):
    """Draws cards in columns, and the cursor among them; which cards and where is said by ``Board``."""

    _selection: Selection

    def __init__(self, empty: str) -> None:
        """``empty`` is what a board without cards says."""
        super().__init__()
        self.empty = empty
        self.cells = BoardCells()
        self._cards: dict[int, BoardCard] = {}
        self._sight = BoardScroll(self.cells)
        self._column = self._lane = self._index = 0
        self._spans: list[Span] = []
        self._only: list[int] | None = None
        """The places among the spans of the only columns that can look different while lines are drawn."""
        self._glyphs = UNICODE
        self._text = BoardText(UNICODE)
        self._pieces: dict[int, dict[tuple[int, int, bool, bool, bool], list[Segment]]] = {}
        """What was drawn of cards: by the part, the width, and whether there is a gap, the cursor, a selection."""

    def want(self, card: int) -> None:
        """Ask for what is written on a card."""

    def forget(self, card: int | None = None) -> None:
        """Draw a card anew, or all of them: something else is written there."""
        self._text.forget(card)
        if card is None:
            self._pieces.clear()
        else:
            self._pieces.pop(card, None)

    def notify_style_update(self) -> None:
        """Draw all in the styles there are now."""
        self._pieces.clear()
        super().notify_style_update()

    def draw_only(self, columns: Iterable[int], lines: tuple[int, ...] = ()) -> None:
        """Paint what looks different in these columns, where no other can look so."""
        wanted = set(columns)
        self._only = [at for at, span in enumerate(self._spans) if span.column in wanted]
        self.draw(*lines)
        self._only = None

    @property
    def _body(self) -> int:
        """Lines for cards, below the headings."""
        return max(0, self.extent.height - 1)

    def on_mount(self) -> None:
        """Take up the characters the app draws with."""
        self._glyphs = glyphs_of(self)
        self._text = BoardText(self._glyphs)
        self._pieces.clear()

    def line(self, y: int) -> Line:
        """Return a line of the board: headings, or what every column has there."""
        width = self.extent.width
        if y and not len(self.cells):
            text = empty_lines(self.empty, width, self._body)[y - 1] if self.cells.columns else " " * width
            return [Segment(text, self.style_of(("board--muted",)))]
        if y and self._sight.laned and (lane := self._sight.heading(y - 1)) is not None:
            label, count = self.cells.lanes[lane][1], self._sight.cards_of(lane)
            return [Segment(self._text.lane(label, count, width), self.style_of(("board--lane",)))]
        if y and self._only is not None and self._lines is not None:
            line = list(self._lines[y])
            for at in self._only:
                line[3 * at : 3 * at + 3] = self._piece(self._spans[at], y)
            return line
        line = []
        for span in self._spans:
            line += self._heading(span) if y == 0 else self._piece(span, y)
        if self._spans and (rest := width - self._spans[-1].x - self._spans[-1].width - 1) > 0:
            line.append(Segment(" " * rest, self.style_of(("board--title",))))
        return line

    def _heading(self, span: Span) -> list[Segment]:
        column, here = self.cells.columns[span.column], span.column == self._column
        text = self._text.strip(column, 0, span.width) if span.strip else self._text.heading(column, span.width)
        name = "board--here" if here else "board--over" if column.over else "board--heading"
        return self._parted(span, text, (name,))

    def _piece(self, span: Span, y: int) -> list[Segment]:
        """What a column has on a line, in three segments: a part of a card or nothing, and the gap behind the column,
        which looks like it, so that what looks alike is sent as one."""
        here = span.column == self._column
        if span.strip:
            text = self._text.strip(self.cells.columns[span.column], y, span.width)
            return self._parted(span, text, ("board--muted",), ("board--cursor",) if here else ())
        spot = self._sight.at(span.column, y - 1)
        if spot is None or spot.index is None:
            return self._parted(span, self._beyond(span, spot), ("board--muted",))
        number = self.cells.cell(span.column, spot.lane)[spot.index][1]
        card = self._cards.get(number)
        cursor = here and spot.index == self._index and spot.lane == self._lane
        selected = number in self._selection
        if card is None:
            self.want(number)
            return self._part(span, None, spot.part, cursor, selected)
        key = (spot.part, span.width, self._has_gap(span), cursor, selected)
        kept = self._pieces.get(number)
        if kept is None:
            if len(self._pieces) >= _MOST_PIECES:
                self._pieces.clear()
            kept = self._pieces[number] = {}
        found = kept.get(key)
        if found is None:
            found = kept[key] = self._part(span, card, spot.part, cursor, selected)
        return found

    def _part(self, span: Span, card: BoardCard | None, part: int, cursor: bool, selected: bool) -> list[Segment]:
        """A line of a card."""
        name, *laid_over = styles(part, card.tone if card else "", selected, cursor)
        mark, text = self._text.mark(part, cursor, selected), self._text.card(card, part, span.width - 1)
        if part < LINES - 1:
            return self._parted(span, mark + text, (name,), tuple(laid_over))
        _none, text_, gap = self._parted(span, text, (name,), tuple(laid_over))
        return [Segment(mark, text_.style), text_, gap]  # only the mark differs: only that is painted

    def _has_gap(self, span: Span) -> bool:
        return span.x + span.width < self.extent.width

    def _parted(self, span: Span, text: str, names: tuple[str, ...], laid_over: tuple[str, ...] = ()) -> list[Segment]:
        gap = " " if self._has_gap(span) else ""
        return [
            _NOTHING,
            Segment(text, self.style_of((*names, *laid_over))),
            Segment(gap, self.style_of(names)) if gap else _NOTHING,
        ]

    def _beyond(self, span: Span, spot: Spot | None) -> str:
        """Below the last card of a cell: how many more there are, the cursor where a cell is empty, or nothing."""
        column, text = self.cells.columns[span.column], " " * span.width
        held = self._sight.held(span.column)
        if spot is not None and spot.below == 0:
            here = (span.column, spot.lane) == (self._column, self._lane)
            if here and not self.cells.cell(span.column, spot.lane):
                text = (self._glyphs.cursor + text)[: span.width]
            elif column.closed and held < column.count and not self._sight.laned:
                text = self._text.more(column, held, span.width)
        return text
