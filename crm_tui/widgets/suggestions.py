"""What may be typed next: the popup over a line of text, at most eight lines, above the place it would go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from rich.cells import cell_len

from crm_tui.text import fold
from crm_tui.widgets.glyphs import ASCII, glyphs_of
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.pick_list import APART, MARKS, PickList, PickRow

MOST_LINES = 8
_LONGEST_LABEL, _LONGEST_HELP = 40, 80
_SIDES = MARKS + 1


class Suggestion(Protocol):
    """Something that may be typed: ``text`` in place of the characters from ``start`` to ``end``."""

    @property
    def start(self) -> int:
        """Where what it replaces begins."""

    @property
    def end(self) -> int:
        """Where what it replaces ends."""

    @property
    def text(self) -> str:
        """What is inserted."""

    @property
    def label(self) -> str:
        """What is shown."""

    @property
    def help(self) -> str:
        """A few words about it."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A suggestion, for those who have no class of their own for it."""

    start: int
    end: int
    text: str
    label: str
    help: str = ""


class Suggestions(PickList):
    """The popup. Nothing is highlighted until the operator moves into it, so that enter means the line itself."""

    DEFAULT_CSS: ClassVar[str] = """
    Suggestions {
        overlay: screen;
        position: absolute;
        width: auto;
        height: auto;
        box-sizing: content-box;
        background: $panel;
        &:ansi { background: ansi_default; border-left: solid $accent; border-right: solid $accent; }
        &.-ascii:ansi { border-left: ascii $accent; border-right: ascii $accent; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._offered: tuple[Suggestion, ...] = ()
        self._widest = 0
        self.display = False

    def on_mount(self) -> None:
        """Draw with the characters the app draws with."""
        self.set_class(glyphs_of(self) == ASCII, "-ascii")

    @property
    def open(self) -> bool:
        """Whether the popup is shown."""
        return self.display

    @property
    def highlighted(self) -> Suggestion | None:
        """The suggestion the operator moved to, if any."""
        return self._offered[self.cursor] if self.open and 0 <= self.cursor < len(self._offered) else None

    @property
    def first(self) -> Suggestion | None:
        """The first suggestion shown, if any."""
        return self._offered[0] if self.open and self._offered else None

    @property
    def offered(self) -> Sequence[Suggestion]:
        """All suggestions, shown or not."""
        return self._offered

    def at(self, index: int) -> Suggestion | None:
        """Return the suggestion on a line."""
        return self._offered[index] if 0 <= index < len(self._offered) else None

    def offer(self, completions: Sequence[Suggestion], *, keep_cursor: bool = False) -> None:
        """Take other suggestions; with ``keep_cursor`` the one highlighted stays so, if it is among them."""
        before = self.highlighted if keep_cursor else None
        self._offered = tuple(completions)
        cursor = self._offered.index(before) if before in self._offered else -1
        labels = [cell_len(one_line(completion.label[:_LONGEST_LABEL])) for completion in self._offered]
        self._widest = max(labels, default=0)
        self.show(len(self._offered), self._suggestion, cursor=cursor, label=self._widest)

    def place(self, column: int, bottom: int, room: tuple[int, int]) -> None:
        """Show the popup with its labels at ``column`` and its last line at ``bottom``, both relative to its parent.

        ``room`` is the width and height there is for it. Where there is none, it is hidden.
        """
        notes = [cell_len(one_line(_about(completion))) for completion in self._offered]
        across, frame = room[0] - self.gutter.width, self.gutter.left
        width = min(across, _SIDES + self._widest + APART + max(notes, default=0))
        height = min(MOST_LINES, len(self._offered), room[1])
        self.display = height > 0 and width > _SIDES
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (max(0, min(column - MARKS - frame, across - width)), bottom - height + 1)

    def hide(self) -> None:
        """Hide the popup and forget which suggestion was highlighted."""
        self.display = False
        self.leave()

    def choose(self, step: int) -> None:
        """Move to the next suggestion, or the one before; beyond the ends is the line itself, then the other end."""
        places = len(self._offered) + 1
        cursor = (self.cursor + 1 + step) % places - 1
        if cursor < 0:
            self.leave()
        else:
            self.go_to(cursor)

    def _suggestion(self, index: int) -> PickRow:
        completion = self._offered[index]
        return PickRow(completion.label, note=_about(completion))


def _about(completion: Suggestion) -> str:
    """Return what to say about a suggestion beside its label: nothing when that would say the same."""
    return "" if fold(completion.help) == fold(completion.label) else completion.help[:_LONGEST_HELP]
