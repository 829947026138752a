"""How a board looks: its styles, and the text of its headings, cards and strips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.widgets.board_cells import BoardColumn
from crm_tui.widgets.columns import fit
from crm_tui.widgets.glyphs import Glyphs
from crm_tui.widgets.guard import one_line

LINES = 3
"""Lines of a card."""

Tone = Literal["", "warning", "alert"]

BOARD_PARTS = {
    "board--heading",
    "board--here",
    "board--over",
    "board--lane",
    "board--head",
    "board--title",
    "board--facts",
    "board--warning",
    "board--alert",
    "board--muted",
    "board--selected",
    "board--cursor",
}
BOARD_CSS = """
Board {
    width: 1fr;
    height: 1fr;
    & > .board--heading { color: $foreground-muted; text-style: bold; }
    & > .board--here { color: $text-accent; text-style: bold; }
    & > .board--over { color: $text-warning; text-style: bold; }
    & > .board--lane { color: $text-accent; text-style: bold; }
    & > .board--head { color: $foreground; text-style: bold; }
    & > .board--title { color: $foreground; }
    & > .board--facts { color: $foreground-muted; }
    & > .board--muted { color: $foreground-muted; }
    & > .board--warning { color: $text-warning; }
    & > .board--alert { color: $text-error; }
    & > .board--selected { background: $primary 20%; }
    & > .board--cursor {
        color: $block-cursor-blurred-foreground;
        background: $block-cursor-blurred-background;
    }
    &:focus > .board--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
    }
    &:ansi > .board--selected { background: ansi_default; }
    &:ansi > .board--muted { text-style: dim; }
    &:ansi > .board--facts { text-style: dim; }
    &:nocolor > .board--cursor { text-style: bold; }
    &:nocolor:focus > .board--cursor { text-style: reverse; }
}
"""

_PART = ("board--head", "board--title", "board--facts")
"""The part of each line of a card."""


@dataclass(frozen=True, slots=True)
class BoardCard:
    """What is written on a card."""

    id: int
    head: str
    title: str
    facts: tuple[str, ...] = ()
    """Short texts, the most important first."""
    tone: Tone = ""


def styles(part: int, tone: Tone, selected: bool, cursor: bool) -> tuple[str, ...]:
    """Return the parts whose styles are laid over each other for a line of a card. The cursor leaves the last line its
    tone, and has only a mark there: what is late stays seen, and a key costs fewer bytes."""
    last = part == LINES - 1
    name = f"board--{tone}" if tone and last else _PART[part]
    return (
        name,
        *(("board--selected",) if selected else ()),
        *(("board--cursor",) if cursor and not last else ()),
    )


class BoardText:
    """Makes the texts of a board; remembers those of cards until ``forget``."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._cards: dict[tuple[int, int], tuple[str, ...]] = {}

    def forget(self, card: int | None = None) -> None:
        """Make the lines of a card anew, or of all of them: something else is written on it."""
        if card is None:
            self._cards.clear()
        else:
            for known in [known for known in self._cards if known[0] == card]:
                del self._cards[known]

    def heading(self, column: BoardColumn, width: int) -> str:
        """Return the heading of a column: its stage, how many cards are in it, and of how many there may be."""
        count = whole(column.count)
        if column.limit is not None and column.others:
            count += f" ({whole(column.count + column.others)}/{whole(column.limit)})"
        elif column.limit is not None:
            count += f"/{whole(column.limit)}"
        if column.over:
            count += f" {self._glyphs.ascending}"
        if column.closed:
            count = _("30 d: {n}").format(n=count)
        label = column.label[:1].upper() + column.label[1:]
        room = max(0, width - len(count) - 2)
        label = fit(label, min(room, max(1, len(label))), ellipsis=self._glyphs.ellipsis) if room else ""
        return fit(f" {label} {count}", width, ellipsis=self._glyphs.ellipsis)

    def strip(self, column: BoardColumn, y: int, width: int) -> str:
        """Return a line of a column that is a strip: its count, and below it the letters of its stage."""
        if y == 0:
            return fit(short_count(column.count), width, "right")
        letters = one_line(column.label).upper()
        letter = letters[y - 2] if 2 <= y < len(letters) + 2 else ""
        return fit(f"  {letter}", width)

    def lane(self, label: str, count: int, width: int) -> str:
        """Return the heading of a lane, over the whole width."""
        return fit(f"{self._glyphs.crumb} {label}  {whole(count)}", width, ellipsis=self._glyphs.ellipsis)

    def mark(self, part: int, cursor: bool, selected: bool) -> str:
        """Return the one cell before a line of a card."""
        return self._glyphs.cursor if cursor else self._glyphs.selected if selected and part == 0 else " "

    def card(self, card: BoardCard | None, part: int, width: int) -> str:
        """Return a line of a card behind its mark, None standing for one whose text is still to come."""
        if card is None:
            return fit(self._glyphs.placeholder if part == 0 else "", width)
        lines = self._cards.get((card.id, width))
        if lines is None:
            lines = self._cards[card.id, width] = self._lines(card, width)
        return lines[part]

    def _lines(self, card: BoardCard, width: int) -> tuple[str, ...]:
        ellipsis = self._glyphs.ellipsis
        facts, room = "", width - 1
        for fact in card.facts:
            longer = f"{facts} {fact}" if facts else fact
            if facts and len(longer) > room:
                continue
            facts = longer
        return (
            fit(card.head, width, ellipsis=ellipsis),
            fit(f" {card.title}", width, ellipsis=ellipsis),
            fit(f" {facts}", width, ellipsis=ellipsis),
        )

    def more(self, column: BoardColumn, held: int, width: int) -> str:
        """Return the line below the last card of a column that holds only the newest of its cards."""
        text = _("{n} more in the list").format(n=whole(column.count - held))
        return fit(f" {self._glyphs.ellipsis} {text}", width, ellipsis=self._glyphs.ellipsis)


def short_count(count: int) -> str:
    """Return a count in at most four characters: ``122``, ``1.2k``, ``12k``, ``1.2m``."""
    for unit, factor in (("m", 1_000_000), ("k", 1_000)):
        if count >= 10 * factor:
            return f"{count // factor}{unit}"
        if count >= factor:
            return f"{count / factor:.1f}{unit}" if count < 9.95 * factor else f"10{unit}"
    return str(count)
