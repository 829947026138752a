"""The one line that every typing widget types into: Textual's input, with its owner told of each edit and key at once.

Messages would come late: of ``s``, ``t`` and ``tab`` typed in one burst, ``tab`` would reach the owner before the text
did. The owner is therefore called, in order. Keys that edit the line stop here, so no screen runs a command for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input
from textual.widgets.input import Selection

from crm_tui.text import clean

LONGEST_LINE = 2000
"""Characters a line may have unless its owner says otherwise: each key draws all of them."""

_FOR_THE_SCREEN = frozenset({"enter", "ctrl+k"})
"""Keys of Textual's input that are left to the owner and, after it, to the screen."""

_EDITING = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
    if key not in _FOR_THE_SCREEN
}

Spans = Iterable[tuple[int, int, str]]
"""Parts of a text: start, end, and the name of what stands there; names that have no colour may be given too."""


class LineInput(Input):
    """One line of text without a frame.

    ``edited`` is called after each change of text or cursor, ``pressed`` with each key before it is used; it returns
    whether it has taken the key. ``spans`` says what stands where in a text; names in ``PARTS`` have a colour.
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """How wide the text is. Textual lays out the whole screen when it changes: with every letter, for nothing."""

    PARTS = ("field", "operator", "error")
    COMPONENT_CLASSES = {f"line-input--{part}" for part in PARTS}
    DEFAULT_CSS = """
    LineInput, LineInput:focus, LineInput:ansi {
        width: 1fr;
        height: 1;
        padding: 0;
        border: none;
        background: transparent;
        background-tint: transparent;
        color: $foreground;
    }
    LineInput > .line-input--field { color: $text-primary; }
    LineInput > .line-input--operator { color: $foreground-muted; }
    LineInput > .line-input--error { color: $text-warning; text-style: underline; }
    LineInput:ansi > .line-input--field { color: $text-accent; }
    LineInput:ansi > .line-input--operator { text-style: dim; }
    LineInput:ansi > .input--cursor {
        background: $input-cursor-background;
        color: $input-cursor-foreground;
        text-style: reverse;
    }
    """

    def __init__(
        self,
        value: str = "",
        *,
        edited: Callable[[], None],
        pressed: Callable[[str], bool],
        spans: Callable[[str], Spans] | None = None,
        placeholder: str = "",
        longest: int = LONGEST_LINE,
        id: str | None = None,
    ) -> None:
        self._edited = edited
        self._pressed = pressed
        self._longest = longest
        self._early: list[events.Key] | None = []  # keys pressed before the line is mounted
        super().__init__(
            as_typed(value)[:longest],
            placeholder,
            highlighter=_Colours(self, spans) if spans else None,
            select_on_focus=False,
            id=id,
        )
        self.cursor_blink = False  # a blinking cursor costs bytes for nothing, also in an idle session

    @property
    def state(self) -> tuple[str, int]:
        """The text and the place of the cursor in it."""
        return self.value, self.cursor_position

    def put(self, text: str) -> None:
        """Replace the whole text and go to its end; the owner is told if that changes anything."""
        self.value = as_typed(text)[: self._longest]
        self.cursor_position = len(self.value)
        self._edited()

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace the text between two places, as far as there is room; the owner is told."""
        start, end = sorted((start, end))
        room = self._longest - len(self.value) + max(0, min(end, len(self.value)) - max(0, start))
        super().replace(as_typed(text)[: max(0, room)], start, end)
        self._edited()

    def watch_selection(self, _selection: Selection) -> None:
        """Tell the owner that the cursor moved."""
        if self.is_mounted:
            self._edited()

    async def on_mount(self) -> None:
        """Use the keys that were pressed before the line was there."""
        early, self._early = self._early or [], None
        for event in early:
            await self.use(event)

    async def on_key(self, event: events.Key) -> None:
        """Use the key; what neither the owner nor the line wants goes on to the screen."""
        event.prevent_default()
        if await self.use(event):
            event.stop()

    async def use(self, event: events.Key) -> bool:
        """Offer a key to the owner, else edit by it; return whether it meant anything here.

        Also for keys that were pressed before this line had the focus, in their order.
        """
        if self._early is not None:
            self._early.append(event)
            return True
        typed = event.character if event.is_printable else None
        if self._pressed(event.key if typed in (None, " ") else str(typed)):
            return True
        if typed is not None:
            self.replace(typed, *self.selection)
            return True
        action = _EDITING.get(event.key)
        return action is not None and await self.app.run_action(action, self)

    def on_paste(self, event: events.Paste) -> None:
        """Insert what is pasted as one line; Textual's input would drop all lines but the first."""
        event.stop()
        event.prevent_default()
        self.replace(event.text.strip("\r\n"), *self.selection)


class _Colours(Highlighter):
    """Colours a text for Textual's input; asked for several times a key, so it remembers the last answer."""

    def __init__(self, line: LineInput, spans: Callable[[str], Spans]) -> None:
        self._line = line
        self._spans = spans

    def highlight(self, text: Text) -> None:
        """Give the parts of ``text`` their styles; one that has no length is drawn on the character before it."""
        length = len(text.plain)
        for start, end, part in self._spans(text.plain):
            if part in LineInput.PARTS and length:
                start = max(0, min(start, length - 1))
                text.stylize(self._style(part), start, max(end, start + 1))

    def _style(self, part: str) -> Style:
        return self._line.get_component_rich_style(f"line-input--{part}", partial=True)


def as_typed(text: str) -> str:
    """Return ``text`` as one line that could have been typed; spaces at its ends are kept."""
    if text.isascii() and text.isprintable():
        return text
    return clean(text).replace("\n", " ").replace("\t", " ")
