"""Two people changed the same fields of a record: shows what each wrote and lets the operator say what stays."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message

from crm_tui import formats
from crm_tui.i18n import _
from crm_tui.widgets.form.collision_lines import CollisionLines
from crm_tui.widgets.form.collisions import BOTH, MINE, THEIRS, ConflictData, Wording
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.line_widget import Line, LineWidget

__all__ = ["ConflictData", "ConflictView", "Wording"]

_KEYS = {"m": MINE, "t": THEIRS, "b": BOTH}
_ALL_KEYS = {"A": MINE, "T": THEIRS, "B": BOTH}
_WHEEL_LINES = 3
_MOVES = {"up": -1, "down": 1, "k": -1, "j": 1, "shift+tab": -1, "tab": 1}


class ConflictView(LineWidget, can_focus=True, inherit_bindings=False):
    """The colliding fields, one below the other; nothing is decided before the operator decides it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "conflict-view--title",
        "conflict-view--text",
        "conflict-view--label",
        "conflict-view--current",
        "conflict-view--mark",
        "conflict-view--chosen",
        "conflict-view--hint",
    }
    DEFAULT_CSS = """
    ConflictView {
        width: 1fr;
        height: 1fr;
        & > .conflict-view--title, & > .conflict-view--current { color: $foreground; text-style: bold; }
        & > .conflict-view--text, & > .conflict-view--label { color: $foreground; }
        & > .conflict-view--mark { color: $primary; }
        & > .conflict-view--chosen { color: $primary; text-style: bold; }
        & > .conflict-view--hint { color: $foreground-muted; }
        &:ansi > .conflict-view--hint { text-style: dim; }
    }
    """

    class Resolved(Message):
        """What stays is decided for every field.

        ``typed`` are the Python values that stay, by field name, theirs too: laid over what was submitted, they are
        what to save. ``version`` is the one to save them over.
        """

        def __init__(self, view: ConflictView, typed: dict[str, Any], version: int) -> None:
            super().__init__()
            self.view, self.typed, self.version = view, typed, version

        @property
        def control(self) -> ConflictView:
            """The view that was decided in."""
            return self.view

    class Dismissed(Message):
        """The operator does not want to decide now: nothing is saved, and the form is as it was."""

        def __init__(self, view: ConflictView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> ConflictView:
            """The view that was left."""
            return self.view

    def __init__(
        self,
        data: ConflictData | None = None,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._data = data
        self.collisions = data.collisions() if data else []
        self._at = 0
        self._top = 0
        self._follows = True  # whether the current field is kept in view
        self._laid: tuple[Size, list[Line]] | None = None

    # What it is about

    def load(self, data: ConflictData) -> None:
        """Ask about another conflict; nothing is decided about it yet."""
        self._data, self.collisions = data, data.collisions()
        self._at = self._top = 0
        self._follows = True
        self.refresh(layout=True)
        self.draw()

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by field name: ``mine``, ``theirs``, ``both`` or ""."""
        return {collision.name: collision.chosen for collision in self.collisions}

    def submit(self) -> None:
        """Tell the screen what was decided; where something is open yet, go there."""
        open_at = next((at for at, collision in enumerate(self.collisions) if not collision.chosen), None)
        if open_at is not None:
            self.move(open_at - self._at)
        elif self._data is not None:
            kept = {collision.name: collision.value(collision.chosen) for collision in self.collisions}
            self.post_message(self.Resolved(self, kept, self._data.version))

    def dismiss(self) -> None:
        """Tell the screen that the operator wants to leave."""
        self.post_message(self.Dismissed(self))

    # Deciding

    def choose(self, way: str) -> None:
        """Keep ``mine``, ``theirs`` or ``both`` of the current field, and go on; what it does not have is ignored."""
        if self.collisions and way in self.collisions[self._at].ways:
            self.collisions[self._at].chosen = way
            self.move(1)

    def choose_all(self, way: str) -> None:
        """Keep ``mine``, ``theirs`` or ``both`` of every field that has it."""
        for collision in self.collisions:
            if way in collision.ways:
                collision.chosen = way
        self.draw()

    def move(self, step: int) -> None:
        """Go to another field; at the ends stay."""
        self._follows = True
        self._at = max(0, min(self._at + step, len(self.collisions) - 1))
        self.draw()

    def scroll_lines(self, lines: int) -> None:
        """Look further down, or up, than where the current field begins."""
        self._follows = False
        self._top += lines
        self.draw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look further down."""
        event.stop()
        self.scroll_lines(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look further up."""
        event.stop()
        self.scroll_lines(-_WHEEL_LINES)

    def on_key(self, event: events.Key) -> None:
        """Move and decide; ``enter`` or ``ctrl+s`` is done, ``esc`` leaves."""
        letter = event.character or ""
        if letter in _KEYS:
            self.choose(_KEYS[letter])
        elif letter in _ALL_KEYS:
            self.choose_all(_ALL_KEYS[letter])
        elif event.key in _MOVES:
            self.move(_MOVES[event.key])
        elif event.key in ("left", "right", "space") and self.collisions:
            self.collisions[self._at].step(-1 if event.key == "left" else 1)
            self.draw()
        elif event.key in ("pagedown", "pageup"):
            self.scroll_lines((1 if event.key == "pagedown" else -1) * max(1, self.extent.height // 2))
        elif event.key in ("enter", "ctrl+s"):
            self.submit()
        elif event.key == "escape":
            self.dismiss()
        else:
            return
        event.stop()
        event.prevent_default()

    # Drawing

    def draw(self, *places: int) -> None:
        """Paint what looks different."""
        self._laid = None
        super().draw(*places)

    def on_resize(self) -> None:
        """Lay out anew."""
        self.measure()
        self.draw()

    def line(self, y: int) -> Line:
        """Return a line: what happened, the fields below it, and at the bottom which keys decide."""
        if self._laid is None or self._laid[0] != self.extent:
            self._laid = (self.extent, self._lay_out())
        lines = self._laid[1]
        return lines[y] if y < len(lines) else [Segment(" " * self.extent.width, self._style("text"))]

    def _lay_out(self) -> list[Line]:
        """Return all lines of the widget, scrolled so that the current field is in view."""
        width, height = self.extent
        looks = self._looks(width)
        head = looks.title(self._said())
        blocks = [looks.block(collision, at == self._at) for at, collision in enumerate(self.collisions)]
        body = max(0, height - 1 - len(head))
        start = sum(len(block) + 1 for block in blocks[: self._at])
        end = start + (len(blocks[self._at]) if blocks else 0)
        if self._follows:
            self._top = max(0, min(max(self._top, end - body), start))
        lines = [line for block in blocks for line in (*block, looks.blank())]
        self._top = max(0, min(self._top, len(lines) - body))
        lines = lines[self._top : self._top + body]
        lines += [looks.blank()] * (body - len(lines))
        return [*head, *lines, looks.help(self._at)][-height:] if height > 0 else []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that everything takes in ``width`` cells, for a view as high as what it shows."""
        looks = self._looks(width)
        return len(looks.title("")) + 1 + sum(len(looks.block(collision, False)) + 1 for collision in self.collisions)

    def _looks(self, width: int) -> CollisionLines:
        wording = self._data.wording if self._data else None
        return CollisionLines(width, self.collisions, glyphs_of(self), self._style, wording)

    def _said(self) -> str:
        """Return what happened, in a sentence."""
        if self._data is None:
            return ""
        if self._data.wording is not None:
            return self._data.wording.said
        what = _(self._data.entity.label)
        if self._data.when is None:
            return _("{who} changed this {what} while you did.").format(who=self._data.who, what=what)
        when = formats.near_moment(self._data.when)
        return _("{who} changed this {what} while you did, {when}.").format(who=self._data.who, what=what, when=when)

    def _style(self, part: str) -> Style:
        return self.style_of((f"conflict-view--{part}",))
