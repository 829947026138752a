"""What a section is written in: Markdown, coloured as far as it goes, with lists that go on by themselves.

Colouring is by line and only of the lines that are painted: a document of ten thousand words is typed into as fast as
an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets.text_area import TextAreaTheme

from crm_tui import clock
from crm_tui.documents import tables
from crm_tui.documents.kinds import CHECKLIST, LIST, MONEY, NOTES, PERSON, RANGE, TABLE, TEXT
from crm_tui.widgets.form.editors import Owner, TextEditor
from crm_tui.widgets.line_widget import differing

_LOOKS = (
    (re.compile(r"^\s{0,3}#{1,6}\s.*$"), "heading"),
    (re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])(?=\s)(?:\s+\[[ xX]\])?"), "marker"),
    (re.compile(r"^\s*(?:\d{1,2}:\d{2}\s+)?[!?>]\s"), "raised"),
    (re.compile(r"^\s*\d{1,2}:\d{2}(?=\s)"), "dim"),
    (re.compile(r"^\s*>.*$"), "dim"),
    (re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__"), "strong"),
    (re.compile(r"(?<![*\w])\*[^*\s][^*\n]*\*(?!\*)"), "emphasis"),
    (re.compile(r"`[^`\n]+`"), "code"),
    (re.compile(r"(?:→|←|->|<-)\s*[TCD]-\d+"), "mark"),
    (re.compile(r"(?<![\w&#])#(?:\"[^\"\n]+\"|\w[\w-]*)"), "mark"),
    (re.compile(r"\|"), "dim"),
)
_CONTINUED = re.compile(
    r"^(?P<indent>\s*)(?P<time>\d{1,2}:\d{2}\s+)?"
    r"(?P<bullet>[-*+•]|(?P<number>\d{1,3})(?P<dot>[.)]))?(?P<tick>\s+\[[ xX]\])?(?P<space>\s+)?"
)
"""What a line begins with that the next one begins with, too."""
LONGEST_LINE = 2_000
"""Characters of a line that are coloured."""


@lru_cache(maxsize=4_096)
def looks_of(line: str) -> tuple[tuple[int, int, str], ...]:
    """Return what is coloured in a line: from which byte to which (UTF-8), and as what."""
    found = []
    for pattern, name in _LOOKS:
        for match in pattern.finditer(line[:LONGEST_LINE]):
            start = len(line[: match.start()].encode())
            found.append((start, start + len(match[0].encode()), name))
    return tuple(found)


class _ByLine(dict[int, Any]):
    """What Textual asks for the colours of a line, told when it is asked."""

    def __init__(self, line_of: Callable[[int], str]) -> None:
        super().__init__()
        self._line_of = line_of

    def __bool__(self) -> bool:
        return True

    def __missing__(self, line: int) -> tuple[tuple[int, int, str], ...]:
        return looks_of(self._line_of(line))


class SectionEditor(TextEditor):
    """Edits the text of one section."""

    def __init__(self, owner: Owner, text: str = "") -> None:
        self._painted: dict[int, Strip] = {}
        """The lines as they were painted last, by their place on the screen."""
        super().__init__(owner, text)
        self.kind = TEXT
        self.timestamps = False
        """Whether each new line begins with the time."""
        self.names: Sequence[str] = ()
        """What tab completes in a section of people."""
        self.show_line_numbers = False
        self._begun = self._completed = ""
        self._to_paint = False
        self._highlights = _ByLine(self._line_at)

    def _line_at(self, line: int) -> str:
        return self.document.get_line(line) if line < self.document.line_count else ""

    def _build_highlight_map(self) -> None:
        self._line_cache.clear()

    def colour(self, variables: dict[str, str]) -> None:
        """Take the colours of the app's theme."""
        ansi = self.app.current_theme.name.startswith("ansi")
        primary: dict[str, Any] = {} if ansi else {"color": _hex(variables.get("primary", ""))}
        dim: dict[str, Any] = {"dim": True} if ansi else {"color": _hex(variables.get("foreground-muted", ""))}
        styles = {
            "heading": Style(bold=True, **primary),
            "marker": Style(**primary),
            "raised": Style(bold=True, **primary),
            "dim": Style(**dim),
            "strong": Style(bold=True),
            "emphasis": Style(italic=True),
            "code": Style(**primary),
            "mark": Style(**primary),
        }
        self.register_theme(TextAreaTheme(name="crm", syntax_styles=styles))
        self.theme = "css"
        self.theme = "crm"

    # Painting: Textual's TextArea paints all of itself for each letter; here only what looks different is sent

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> SectionEditor:
        """Paint what looks different, once the edit that asked for it is done."""
        if regions or layout or recompose or not repaint or not self._painted or not self.is_attached:
            super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        elif not self._to_paint:
            self._to_paint = True
            self.call_next(self._paint)
        return self

    def _paint(self) -> None:
        self._to_paint = False
        if not self.is_attached:
            return
        width, left, top = self.size.width, self.gutter.left, self.gutter.top
        regions = []
        for y in range(self.size.height):
            new, old = super().render_line(y), self._painted.get(y)
            if old is None or old.cell_length != new.cell_length:
                regions.append(Region(left, top + y, width, 1))
            elif old != new:
                first, end = differing(list(old), list(new), width)
                regions.append(Region(left + first, top + y, max(1, end - first), 1))
        if regions:
            super().refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Return a line, and remember how it looked."""
        strip = self._painted[y] = super().render_line(y)
        return strip

    def notify_style_update(self) -> None:
        """Colours or focus changed: paint all."""
        self._painted.clear()
        super().notify_style_update()

    def on_resize(self) -> None:
        """Paint all at another size."""
        self._painted.clear()

    def begin(self, text: str, kind: str) -> None:
        """Edit another text."""
        self.kind = kind
        self.load_text(text)

    def go_on(self) -> None:
        """Put the cursor where one goes on writing, unless it was put somewhere."""
        if not self.text:
            self.begin_list()
        elif self.cursor_location == (0, 0):
            self.move_cursor(self.document.end)

    def take(self, event: events.Key) -> bool:
        """Enter goes on with a list or table, tab indents."""
        if event.key == "enter":
            self.new_line()
        elif event.key == "tab" and self.kind == PERSON and self._complete():
            pass
        elif event.key in ("tab", "shift+tab"):
            self.indent_lines(2 if event.key == "tab" else -2)
        else:
            return False
        return True

    # What the kind of the section makes of keys

    def new_line(self) -> None:
        """Begin a line: a list goes on, an empty item ends it; a table is aligned; notes get the time."""
        row, column = self.cursor_location
        line = self._line_at(row)
        if self.selection.start != self.selection.end:
            self.replace("\n", *sorted(self.selection), maintain_selection_offset=False)
            return
        if self.kind == TABLE or (self.kind == TEXT and line.lstrip().startswith("|")):
            self._new_row(row, line)
            return
        match = _continued(line)
        before = self._before(match, line)
        item = bool(match["bullet"]) and bool(match["space"])
        if item and not line[match.end() :].strip():  # an empty item ends the list
            self.replace("", (row, 0), (row, len(line)), maintain_selection_offset=False)
            return
        if column < match.end() and item:
            before = ""
        self.replace(f"\n{before}", (row, column), (row, column), maintain_selection_offset=False)

    def _before(self, match: re.Match[str], line: str) -> str:
        """What the line after another one begins with."""
        time = f"{clock.local(clock.now()):%H:%M} " if self.timestamps and self.kind == NOTES else ""
        if match["bullet"] and match["space"]:
            bullet = f"{int(match['number']) + 1}{match['dot']}" if match["number"] else match["bullet"]
            return f"{match['indent']}{bullet}{' [ ]' if match['tick'] else ''} "
        if self.kind in (LIST, MONEY, RANGE, PERSON):
            return f"{match['indent']}- "
        if self.kind == CHECKLIST:
            return f"{match['indent']}- [ ] "
        return time or (match["indent"] if self.kind == TEXT and line.strip() else "")

    def begin_list(self) -> None:
        """Begin the first line of a section whose lines all begin alike."""
        before = self._before(_continued(""), "")
        if before:
            self.insert(before)

    def _new_row(self, row: int, line: str) -> None:
        """Below a row of a table begins another; those of the table are aligned."""
        first, last = row, row
        while first > 0 and self._is_row(first - 1):
            first -= 1
        while last + 1 < self.document.line_count and self._is_row(last + 1):
            last += 1
        if not line.strip(" |"):
            self.replace("\n" if self.kind == TEXT else "", (row, 0), (row, len(line)), maintain_selection_offset=False)
            return
        rows = [self._line_at(at) for at in range(first, last + 1)]
        rows.insert(row - first + 1, "|" * (len(tables.cells(rows[0])) + 1))
        try:
            aligned = tables.aligned("\n".join(rows)).split("\n")
        except ValueError:
            self.replace("\n| ", (row, len(line)), (row, len(line)), maintain_selection_offset=False)
            return
        self.replace("\n".join(aligned), (first, 0), (last, len(self._line_at(last))), maintain_selection_offset=False)
        added = len(aligned) - (last - first + 1)
        self.move_cursor((row + added, 2))

    def _is_row(self, row: int) -> bool:
        return self._line_at(row).lstrip().startswith("|")

    def _complete(self) -> bool:
        """Complete the name that was begun on the line, or go on to the next one that begins so; return whether there
        is one."""
        row, _column = self.cursor_location
        line = self._line_at(row)
        before = _continued(line).end()
        typed = line[before:].casefold()
        if typed in (self._completed.casefold(), "") and self._begun:
            begun, last = self._begun, self._completed
        else:
            begun, last = typed, ""
        found = [name for name in self.names if name.casefold().startswith(begun)]
        if not begun or not found:
            return False
        name = found[(found.index(last) + 1) % len(found)] if last in found else found[0]
        self._begun, self._completed = begun, name
        self.replace(name, (row, before), (row, len(line)), maintain_selection_offset=False)
        return True

    def indent_lines(self, by: int) -> None:
        """Indent the lines of the selection, or the one at the cursor; a cell of a table leads to the next one."""
        start, end = sorted(self.selection)
        if self.kind == TABLE or self._is_row(start[0]):
            self._next_cell(by)
            return
        for row in range(start[0], end[0] + 1):
            line = self._line_at(row)
            if by > 0:
                self.insert(" " * by, (row, 0))
            else:
                spaces = min(-by, len(line) - len(line.lstrip(" ")))
                self.delete((row, 0), (row, spaces))

    def _next_cell(self, by: int) -> None:
        row, column = self.cursor_location
        line = self._line_at(row)
        pipes = [at for at, char in enumerate(line) if char == "|" and (not at or line[at - 1] != "\\")]
        wanted = [at for at in pipes if (at >= column if by > 0 else at < column - 2)]
        if by > 0 and wanted and wanted[0] != pipes[-1]:
            self.move_cursor((row, min(len(line), wanted[0] + 2)))
        elif by < 0 and wanted:
            self.move_cursor((row, min(len(line), wanted[-1] + 2)))
        elif by > 0 and row + 1 < self.document.line_count:
            self.move_cursor((row + 1, min(2, len(self._line_at(row + 1)))))
        elif by > 0:
            self.new_line()

    def stamp(self) -> None:
        """Begin the line at the cursor with the time, unless it does already."""
        row, _column = self.cursor_location
        if not re.match(r"^\s*\d{1,2}:\d{2}\s", self._line_at(row)):
            self.insert(f"{clock.local(clock.now()):%H:%M} ", (row, 0))

    def find(self, text: str, *, back: bool = False) -> bool:
        """Select the next place where a text stands, whatever its case, from the cursor on and around; return whether
        there is one."""
        wanted = text.casefold()
        places = list(self._places(wanted))
        if not places or not wanted:
            return False
        here = self.selection.end
        after = [place for place in places if place > here] if not back else [
            place for place in places if (place[0], place[1] + len(text)) < here]  # fmt: skip
        row, column = (after or places)[-1 if back else 0]
        self.selection = type(self.selection)((row, column), (row, column + len(text)))
        self.scroll_cursor_visible()
        return True

    def _places(self, wanted: str) -> Iterator[tuple[int, int]]:
        for row in range(self.document.line_count):
            line = self._line_at(row).casefold()
            at = line.find(wanted) if wanted else -1
            while at >= 0:
                yield row, at
                at = line.find(wanted, at + 1)


def _continued(line: str) -> re.Match[str]:
    match = _CONTINUED.match(line)
    assert match is not None  # it may match nothing
    return match


def _hex(colour: str) -> str | None:
    return colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else None
