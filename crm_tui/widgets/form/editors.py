"""What the text of a form is typed into: one editor for every field of one line, one for each of several lines.

Textual runs bindings only after a key has travelled up to the app, while characters typed behind it are inserted at
once: over a slow line, where keys arrive in bunches, ``Ana``, tab, ``Berlin`` would end up in one field. Both editors
therefore act on every key in the order it was typed, and one editor serves all fields of one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Protocol

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import Layout, WidgetPlacement
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.widgets.input import Selection

from crm_tui import formats
from crm_tui.fields import Text
from crm_tui.i18n import _
from crm_tui.text import clean
from crm_tui.widgets.form.fields import TEXT_AT_MOST, FormField, fits_editor

LINE_AT_MOST = 2_000
"""Characters an editor of one line takes; a field that takes more says so."""

_NOT_THEIRS = {"enter", "up", "down", "tab", "shift+tab", "ctrl+e", "ctrl+k"}
"""Keys of Textual's editors that are the form's or the screen's here: moving, ``$EDITOR``, finding anything."""


class Owner(Protocol):
    """The form, as its editors know it."""

    def pressed(self, editor: Widget, event: events.Key) -> bool:
        """Act on a key before its editor does; return whether that was all there is to do."""

    def pasted(self, editor: Widget, event: events.Paste) -> bool:
        """Return whether the paste was not meant for this editor."""


class TooLong(Message):
    """More was pasted than fits; nothing was taken."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__()
        self.words = _("{n} characters are too many, {most} fit: nothing was pasted").format(
            n=formats.whole(length), most=formats.whole(most)
        )
        """What the operator is told."""


def _actions(bindings: Iterable[BindingType]) -> dict[str, str]:
    """Return the actions of bindings by their keys, without the keys that mean something else here."""
    return {
        key: binding.action
        for binding in bindings
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
        if key not in _NOT_THEIRS
    }


class LineEditor(Input, inherit_bindings=False):
    """Edits one line of text. While a choice is made instead it holds the focus and shows the cursor's mark."""

    BINDINGS: ClassVar[list[BindingType]] = []
    _ACTIONS: ClassVar[dict[str, str]] = _actions(Input.BINDINGS)

    def __init__(self, owner: Owner) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._owner = owner
        self._most, self._joiner = LINE_AT_MOST, " "
        self.mark = ""
        """What stands here instead of text; "" while text is edited."""

    def begin(self, entry: FormField) -> None:
        """Edit the text of another field."""
        self.mark = ""
        longest = entry.kind.longest if isinstance(entry.kind, Text) else 0
        self._most = max(longest, LINE_AT_MOST)  # a little too long is for the field to say, so that nothing is lost
        self._joiner = ", " if entry.kind.family == "tags" else " "
        self.placeholder = _("required") if entry.kind.required else ""
        self.put(entry.text, len(entry.text))
        self.set_class(False, "-plain")

    def stand_by(self, mark: str) -> None:
        """Edit nothing, and show a mark."""
        self.mark = mark
        self.placeholder = ""
        self.put("", 0)
        self.set_class(True, "-plain")

    def put(self, text: str, cursor: int) -> None:
        """Show a text with the cursor at a place of it."""
        self.value = text
        self.selection = Selection.cursor(cursor)

    def render_line(self, y: int) -> Strip:
        """Return the line of text, or the mark."""
        if self.mark:
            return Strip([Segment(self.mark if y == 0 else " ", self.rich_style)], 1)
        return super().render_line(y)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.selection = Selection.cursor(self.cursor_position)

    async def _on_key(self, event: events.Key) -> None:
        if self._owner.pressed(self, event):
            event.stop()
            event.prevent_default()
        elif self.mark:
            event.prevent_default()
        elif (action := self._ACTIONS.get(event.key)) is not None:
            event.prevent_default()
            if await self.app.run_action(action, self):
                event.stop()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self._owner.pasted(self, event):
            self._take_in(event.text)

    def action_paste(self) -> None:
        """Insert what was copied or cut last."""
        self._take_in(self.app.clipboard)

    def _take_in(self, text: str) -> None:
        """Insert text; several lines become one."""
        if self.mark:
            return
        start, end = sorted(self.selection)
        room = self._most - len(self.value) + end - start
        if len(text) <= 2 * self._most:  # else not worth cleaning
            lines = clean(text).replace("\t", " ").split("\n")
            text = lines[0] if len(lines) == 1 else self._joiner.join(line.strip() for line in lines if line.strip())
        if len(text) > room:
            self.post_message(TooLong(len(text), self._most))
        else:
            self.replace(text, start, end)


class TextEditor(TextArea, inherit_bindings=False):
    """Edits text of several lines."""

    BINDINGS: ClassVar[list[BindingType]] = []
    _ACTIONS: ClassVar[dict[str, str]] = _actions(TextArea.BINDINGS) | {"up": "cursor_up", "down": "cursor_down"}

    def __init__(self, owner: Owner, text: str) -> None:
        super().__init__(text, compact=True, highlight_cursor_line=False, soft_wrap=True)
        self.cursor_blink = False
        self._owner = owner

    @property
    def on_first_line(self) -> bool:
        """Whether the cursor is on the first line as it is shown."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    @property
    def on_last_line(self) -> bool:
        """Whether the cursor is on the last line as it is shown."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y >= self.wrapped_document.height - 1

    def take(self, event: events.Key) -> bool:
        """Act on a key that means something else where text is of some kind; return whether it did."""
        return False

    async def _on_key(self, event: events.Key) -> None:
        if self._owner.pressed(self, event) or self.take(event):
            event.stop()
            event.prevent_default()
        elif (action := self._ACTIONS.get(event.key)) is not None:
            event.prevent_default()
            if await self.app.run_action(action, self):
                event.stop()

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self._owner.pasted(self, event):
            self._take_in(event.text)

    def action_paste(self) -> None:
        """Insert what was copied or cut last."""
        self._take_in(self.app.clipboard)

    def _take_in(self, text: str) -> None:
        start, end = sorted(self.selection)
        room = TEXT_AT_MOST - len(self.text) + len(self.get_text_range(start, end))
        if len(text) <= 2 * TEXT_AT_MOST:
            text = clean(text)
        if len(text) > room or not fits_editor(text):
            self.post_message(TooLong(len(text), TEXT_AT_MOST))
        else:
            self.replace(text, start, end, maintain_selection_offset=False)


class EditorLayout(Layout):
    """Puts the editors of a form where its plan has their field."""

    name = "record-form"

    def __init__(self, region_of: Callable[[Widget, Size], Region]) -> None:
        self._region_of = region_of

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> list[WidgetPlacement]:
        """Return where each editor stands in a form of ``size``."""
        return [WidgetPlacement(self._region_of(child, size), NULL_OFFSET, NULL_SPACING, child) for child in children]
