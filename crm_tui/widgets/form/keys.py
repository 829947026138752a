"""What keys and the mouse do in a form: moving and choosing. Editing is the editors', commands are the screen's."""

from __future__ import annotations

from typing import Protocol

from textual import events

from crm_tui.widgets.form.completion import Completion
from crm_tui.widgets.form.editors import LineEditor, TextEditor
from crm_tui.widgets.form.fields import FormField, spelled, stepped, words_of
from crm_tui.widgets.form.state import FormState


class Form(Protocol):
    """The form, as far as keys and the mouse reach into it."""

    state: FormState
    completion: Completion
    editor: LineEditor | TextEditor

    def move(self, step: int, *, around: bool = False) -> None:
        """Go to another field."""

    def choose(self, text: str) -> None:
        """Give the current field a value."""

    def ask(self, *, anyway: bool = False) -> None:
        """Ask for values to offer."""

    def accept(self, value: str) -> None:
        """Fill in an offered value."""

    def draw(self) -> None:
        """Paint what looks different."""

    def offer_at(self, y: int) -> str | None:
        """Return the offered value on a line."""

    def field_at(self, x: int, y: int) -> int | None:
        """Return the field at a cell."""

    def word_at(self, x: int) -> str | None:
        """Return the value to choose that is drawn at a column."""

    def scroll_lines(self, lines: int) -> int:
        """Scroll; return the nearest field in view."""


ROUND = {"tab": 1, "shift+tab": -1}
"""Fields moved by, from the last to the first and back."""

ALONG = {"up": -1, "down": 1, "enter": 1, "pageup": -8, "pagedown": 8}
"""Fields moved by from a field of one line, no further than the ends."""

WHEEL_LINES = 3
"""Lines a turn of the wheel scrolls by."""

ASK = ("alt+down", "ctrl+space", "ctrl+@")
"""Offer values before anything is typed."""


def act(form: Form, event: events.Key) -> bool:
    """Act on a key; return whether that was all there is to do about it."""
    key, entry = event.key, form.state.entry
    if entry is None:
        return False
    if not event.is_printable:
        form.state.spelt = ""
    if form.completion.values and _in_offers(form, key):
        return True
    if key in ROUND:
        form.move(ROUND[key], around=True)
    elif isinstance(form.editor, TextEditor):
        return _out_of_text(form, form.editor, key)
    elif key in ALONG:
        form.move(ALONG[key])
    elif entry.is_choice:
        return _choose(form, entry, event)
    elif entry.multiline:
        return bool(event.is_printable)  # too long to be edited here, as the form says
    elif key in ASK and entry.completes:
        form.ask(anyway=True)
    else:
        return False
    return True


def _in_offers(form: Form, key: str) -> bool:
    """Move in the values offered, take one, or close them."""
    offers = form.completion
    if key in ("down", "up"):
        moved = offers.move(1 if key == "down" else -1)
        form.draw()
        return moved
    if key == "escape":
        offers.close()
        form.draw()
        return True
    if key in ("enter", "tab") and offers.value is not None:
        form.accept(offers.value)
        return key == "enter"
    return False


def _out_of_text(form: Form, editor: TextEditor, key: str) -> bool:
    """Leave a text upwards from its first line and downwards from its last, so that holding a key passes through."""
    at, last = form.state.at, len(form.state.fields) - 1
    if key == "up" and at > 0 and editor.on_first_line:
        form.move(-1)
    elif key == "down" and at < last and editor.on_last_line:
        form.move(1)
    else:
        return False
    return True


def _choose(form: Form, entry: FormField, event: events.Key) -> bool:
    """Choose another value: the next, the one before, the first, the last, none, or the one that letters spell."""
    chosen: str | None = None
    spelt, form.state.spelt = form.state.spelt, ""
    if spelt and event.key == "space" and (further := spelled(entry, f"{spelt} ")) is not None:
        chosen, form.state.spelt = further, f"{spelt} "
    elif event.key in ("right", "space"):
        chosen = stepped(entry, 1)
    elif event.key == "left":
        chosen = stepped(entry, -1)
    elif event.key in ("home", "end"):
        chosen = words_of(entry)[0 if event.key == "home" else -1].text
    elif event.key in ("delete", "backspace"):
        chosen = words_of(entry)[0].text if not entry.kind.required else entry.text
    elif event.is_printable:
        chosen = _spell(form, entry, spelt, event.character or "")
    if chosen is None:
        return False
    form.choose(chosen)
    return True


def _spell(form: Form, entry: FormField, spelt: str, letter: str) -> str:
    """Return the value that the letters typed so far spell with one more; else the next that begins with that one."""
    for letters in (spelt + letter, letter):
        chosen = spelled(entry, letters)
        if chosen is not None:
            form.state.spelt = letters
            return chosen
    return entry.text


def click(form: Form, x: int, y: int) -> None:
    """Take the offered value at a cell; else go to the field there and, if it was the current one, choose its word."""
    offered = form.offer_at(y)
    if offered is not None:
        form.accept(offered)
        return
    at = form.field_at(x, y)
    if at is None:
        return
    word = form.word_at(x) if at == form.state.at else None
    form.move(at - form.state.at)
    if word is not None:
        form.choose(word)


def scroll(form: Form, event: events.MouseEvent, turns: int) -> None:
    """Scroll by turns of the wheel; the cursor goes to the nearest field in view."""
    event.stop()
    form.move(form.scroll_lines(turns * WHEEL_LINES) - form.state.at)
