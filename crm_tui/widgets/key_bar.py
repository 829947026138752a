"""The last line of every screen: the keys that work now, most useful first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message

from crm_tui.i18n import _
from crm_tui.widgets.columns import fit
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line, LineWidget

_APART = 2


class KeyHint(NamedTuple):
    """A key and what it does here; ``why`` says why it does nothing now, where it does not."""

    key: str
    title: str
    enabled: bool = True
    why: str = ""


class KeyBar(LineWidget):
    """One line of keys. As many are shown as fit; the key for help always is, at the end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "key-bar--key",
        "key-bar--title",
        "key-bar--disabled",
        "key-bar--message",
    }
    DEFAULT_CSS = """
    KeyBar {
        width: 1fr;
        height: 1;
        background: $panel;
        & > .key-bar--key { color: $text-primary; text-style: bold; }
        & > .key-bar--title { color: $foreground; }
        & > .key-bar--disabled { color: $text-disabled; }
        & > .key-bar--message { color: $foreground; text-style: bold; }
        &:ansi > .key-bar--key { color: $text-accent; }
        &:ansi > .key-bar--disabled { text-style: dim; }
    }
    """

    class Chosen(Message):
        """A key was clicked; the screen does what pressing it does, or says why not."""

        def __init__(self, key_bar: KeyBar, hint: KeyHint) -> None:
            super().__init__()
            self.key_bar = key_bar
            self.hint = hint

        @property
        def control(self) -> KeyBar:
            """The bar that was clicked."""
            return self.key_bar

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._hints: tuple[KeyHint, ...] = ()
        self._help = KeyHint("?", _("help"))
        self._message = ""
        self._following: tuple[KeyHint, ...] = ()
        self._spans: list[tuple[int, int, KeyHint]] = []

    def show(self, hints: Sequence[KeyHint], help_key: str = "?") -> None:
        """Show these keys, the most useful first, and at the end the one for help."""
        self._hints = tuple(hint for hint in hints if hint.key != help_key)
        self._help = KeyHint(help_key, _("help"))
        self.draw()

    def say(self, message: str, hints: Sequence[KeyHint] = ()) -> None:
        """Show a message in place of the keys, such as a prefix with the keys that may follow; "" shows them again."""
        self._message = one_line(message)
        self._following = tuple(hints)
        self.draw()

    def on_click(self, event: events.Click) -> None:
        """Pass on which key was clicked."""
        for first, end, hint in self._spans:
            if first <= event.x < end:
                event.stop()
                self.post_message(self.Chosen(self, hint))

    def line(self, y: int) -> Line:
        """Return the message or the keys, in the room there is."""
        width = self.extent.width
        ellipsis = glyphs_of(self).ellipsis
        line: Line = [Segment(" ", self._style("title"))][:width]
        used = len(line)
        self._spans = []
        if self._message:
            text = fit(self._message, min(cell_len(self._message), width - used), ellipsis=ellipsis)
            line.append(Segment(text, self._style("message")))
            used += cell_len(text)
        for hint in self._fitting(width - used):
            parts = self._parts(hint)
            if len(line) > 1:
                line.append(Segment(" " * _APART, self._style("title")))
                used += _APART
            start, used = used, used + sum(cell_len(part.text) for part in parts)
            self._spans.append((start, used, hint))
            line += parts
        line.append(Segment(" " * (width - used), self._style("title")))
        return [segment for segment in line if segment.text]

    def _fitting(self, room: int) -> list[KeyHint]:
        """Return the hints that fit into ``room`` cells: the first ones, and help last."""
        wanted = self._following if self._message else self._hints
        last = [] if self._message else [self._help]
        room += 0 if self._message else _APART
        shown: list[KeyHint] = []
        for hint in [*last, *wanted]:
            room -= _APART + self._width(hint)
            if room < 0:
                break
            shown.append(hint)
        return shown[1:] + shown[:1] if last else shown

    def _width(self, hint: KeyHint) -> int:
        return sum(cell_len(part.text) for part in self._parts(hint))

    def _parts(self, hint: KeyHint) -> Line:
        """Return a hint as segments; one that does nothing now stands in brackets, since a tone alone says little."""
        key, title = one_line(hint.key), one_line(hint.title)
        if hint.enabled:
            return [Segment(key, self._style("key")), Segment(f" {title}", self._style("title"))]
        return [Segment(f"({key} {title})", self._style("disabled"))]

    def _style(self, kind: str) -> Style:
        return self.style_of((f"key-bar--{kind}",))
