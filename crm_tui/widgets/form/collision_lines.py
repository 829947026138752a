"""How fields that two people changed look: side by side where there is room, else one below the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from crm_tui.i18n import N_, _, ngettext
from crm_tui.widgets.columns import fit
from crm_tui.widgets.form.collisions import BOTH, MINE, THEIRS, WORDS, Collision, Wording
from crm_tui.widgets.glyphs import Glyphs
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line

WIDE = 96
"""Cells from which the values stand side by side."""

MOST_LINES = 8
"""Lines shown of one value."""

WAS = "was"
_WAS_TITLE = N_("it was")
_LABEL = 16


class CollisionLines:
    """Makes the lines of a conflict in ``width`` cells: values side by side where there is room, else below."""

    def __init__(
        self,
        width: int,
        collisions: Sequence[Collision],
        glyphs: Glyphs,
        style: Callable[[str], Style],
        wording: Wording | None = None,
    ) -> None:
        """``wording`` replaces what is said of two people's edits."""
        self._width, self._glyphs, self._style = width, glyphs, style
        self._collisions = collisions
        self._wide = width >= WIDE
        self._ask = (
            wording.ask if wording else _("Choose what stays in each of these fields; all other changes are kept.")
        )
        self._words = wording.words if wording else {way: _(word) for way, word in WORDS.items()}
        self._remembers = wording.remembers if wording else True

    def blank(self) -> Line:
        """Return a line with nothing on it."""
        return [self._cell("text", "", self._width)]

    def title(self, said: str) -> list[Line]:
        """Return what stands above the fields."""
        head = [
            [self._cell("title", f" {said}", self._width)],
            [self._cell("hint", f" {self._ask}", self._width)],
            self.blank(),
        ]
        if self._wide:
            line: Line = [self._cell("hint", "", _LABEL + 2)]
            for way, cells in self._columns():
                title = _(_WAS_TITLE) if way == WAS else f"{way[0]} {self._words[way]}"
                line.append(self._cell("hint", f"  {title}", cells))
            head.append(self._filled(line))
        return head

    def help(self, at: int) -> Line:
        """Return the last line: the keys, and how many fields are open."""
        ways = self._collisions[at].ways if self._collisions else ()
        keys = [f"{way[0]} {_(WORDS[way])}" for way in ways] + [_("A all mine"), _("T all theirs")]
        count = sum(not collision.chosen for collision in self._collisions)
        right = ngettext("{n} to decide", "{n} to decide", count).format(n=count) if count else _("all decided")
        room = self._width - cell_len(right) - 4
        left = fit(", ".join(keys), max(0, room), ellipsis=self._glyphs.ellipsis)
        return [self._cell("hint", f" {left}  {right} ", self._width)]

    def block(self, collision: Collision, current: bool) -> list[Line]:
        """Return the lines of one field."""
        return self._beside(collision, current) if self._wide else self._below(collision, current)

    def _below(self, collision: Collision, current: bool) -> list[Line]:
        lines = [self._filled([self._mark(current), self._label(collision, current, self._width - 1)])]
        word = min(20, max(cell_len(text) for text in (*self._words.values(), _(_WAS_TITLE))))
        room = self._width - word - 8
        for way in (*collision.ways, *([WAS] if self._remembers else [])):
            chosen = way == collision.chosen
            part = "hint" if way == WAS else "chosen" if chosen else "text"
            key, title = (" ", _(_WAS_TITLE)) if way == WAS else (way[0], self._words[way])
            for at, text in enumerate(self._wrapped(collision, way, room)):
                sign = self._glyphs.selected if chosen and at == 0 else ""
                lines.append(self._filled([
                    self._cell("chosen", f" {sign}", 3),
                    self._cell("hint", key if at == 0 else "", 2),
                    self._cell("hint" if part != "chosen" else part, title if at == 0 else "", word + 2),
                    self._cell(part, text, room),
                ]))  # fmt: skip
        return lines

    def _beside(self, collision: Collision, current: bool) -> list[Line]:
        columns = self._columns()
        texts = {
            way: self._wrapped(collision, way, cells - 3) if way == WAS or way in collision.ways else []
            for way, cells in columns
        }
        lines: list[Line] = []
        for at in range(max(len(text) for text in texts.values())):
            head = [self._mark(current), self._label(collision, current, _LABEL)] if at == 0 else [
                self._cell("text", "", _LABEL + 1)]  # fmt: skip
            line = [*head, self._cell("text", "", 1)]
            for way, cells in columns:
                chosen = way == collision.chosen
                sign = self._glyphs.selected if chosen and at == 0 else ""
                text = texts[way][at] if at < len(texts[way]) else ""
                line.append(self._cell("chosen", sign, 2))
                line.append(self._cell("hint" if way == WAS else "chosen" if chosen else "text", text, cells - 2))
            lines.append(self._filled(line))
        return lines

    def _columns(self) -> list[tuple[str, int]]:
        """Return the columns of values, and their cells."""
        ways = [MINE, THEIRS, *([BOTH] if any(BOTH in collision.ways for collision in self._collisions) else [])]
        ways += [WAS] if self._remembers else []
        room = self._width - _LABEL - 2
        return [(way, room // len(ways)) for way in ways]

    def _wrapped(self, collision: Collision, way: str, width: int) -> list[str]:
        """Return a value in lines, the last of them marked when there would be more."""
        text = collision.text_was() if way == WAS else collision.text(way)
        lines: list[str] = []
        for paragraph in text[: MOST_LINES * 400].split("\n")[: MOST_LINES + 1]:
            lines += wrap(one_line(paragraph), max(1, width)) or [""]
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], self._glyphs.ellipsis]
        return lines

    def _mark(self, current: bool) -> Segment:
        return self._cell("mark", self._glyphs.cursor if current else "", 1)

    def _label(self, collision: Collision, current: bool, width: int) -> Segment:
        return self._cell("current" if current else "label", collision.label, width)

    def _cell(self, part: str, text: str, width: int) -> Segment:
        return Segment(fit(one_line(text), max(0, width), ellipsis=self._glyphs.ellipsis), self._style(part))

    def _filled(self, line: Line) -> Line:
        """Return a line in exactly the width."""
        kept, used = [], 0
        for part in line:
            size = cell_len(part.text)
            if used + size <= self._width:
                kept.append(part)
                used += size
        return [*kept, self._cell("text", "", self._width - used)]
