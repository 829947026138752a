"""Questions over the screen: yes or no by one key, and one line of text. Both answer the screen that asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.widgets.glyphs import ASCII, glyphs_of
from crm_tui.widgets.guard import safe_content
from crm_tui.widgets.line_input import LONGEST_LINE, LineInput, Spans
from crm_tui.widgets.said_keys import keys_said

Answer = TypeVar("Answer")

FOR_THE_APP = frozenset({"ctrl+c", "ctrl+q", "ctrl+z"})
"""Keys whose meaning the app alone decides, whatever is on top."""

_OTHER_KEYS = "yYoO"
_LONGEST_TEXT = 4000


class Dialog(ModalScreen[Answer]):
    """A box over a screen. Subclasses yield what is in it from ``compose_box``."""

    AUTO_FOCUS = "LineInput"
    ESCAPE_TO_MINIMIZE = False
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > .dialog--box {
            width: 64;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            background: $surface;
            border: round $border;
        }
        &:ansi > .dialog--box { border: round $accent; }
        &.-ascii > .dialog--box { border: ascii $border; }
        & .dialog--title { width: 1fr; height: auto; text-style: bold; }
        & .dialog--text { width: 1fr; height: auto; color: $foreground; }
        & .dialog--foot { width: 1fr; height: auto; color: $foreground-muted; margin-top: 1; }
        & .dialog--problem { width: 1fr; height: auto; min-height: 1; color: $text-warning; }
        & .dialog--help { width: 1fr; height: auto; color: $foreground-muted; }
        & .dialog--input { width: 1fr; height: 1; margin-top: 1; background: $panel; }
        & .dialog--prompt { width: 2; height: 1; color: $text-primary; }
        &:ansi .dialog--foot, &:ansi .dialog--help { text-style: dim; }
        &:ansi .dialog--prompt { color: $text-accent; }
    }
    """

    def compose(self) -> ComposeResult:
        """The box with what is in it."""
        with Vertical(classes="dialog--box"):
            yield from self.compose_box()

    def compose_box(self) -> ComposeResult:
        """What is in the box."""
        yield Static("", markup=False)

    def leave(self) -> None:
        """End without an answer."""
        self.dismiss(None)

    async def take(self, event: events.Key) -> bool:
        """Use a key that was pressed before the dialog had the focus; return whether it meant anything here."""
        return False

    def on_click(self, event: events.Click) -> None:
        """Leave when something beside the box is clicked."""
        if event.widget is self:
            self.leave()

    def on_mount(self) -> None:
        """Draw with the characters the app draws with."""
        self.set_class(glyphs_of(self) == ASCII, "-ascii")


class Confirm(Dialog[bool]):
    """A question that one key answers with yes, and every other key with no.

    ``asked`` is the key that led here: it never says yes, whatever ``key`` is.
    """

    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, question: str, key: str = "y", *, yes: str = "", no: str = "", asked: str = "") -> None:
        """``yes`` and ``no`` say what the answers do, in a few words."""
        super().__init__()
        self._question = question
        self.key = key if key != asked else next(other for other in _OTHER_KEYS if other != asked)
        self._yes, self._no = yes or _("yes"), no or _("no")

    def compose_box(self) -> ComposeResult:
        """The question and both answers."""
        yield Static(safe_content(self._question[:_LONGEST_TEXT]), classes="dialog--text")
        answers = keys_said((self.key, self._yes), (_("esc or any other key"), self._no))
        yield Static(answers, classes="dialog--foot")

    async def on_key(self, event: events.Key) -> None:
        """Answer; what belongs to the app goes on to it."""
        if await self.take(event):
            event.stop()
            event.prevent_default()

    async def take(self, event: events.Key) -> bool:
        """Answer by a key."""
        if event.key in FOR_THE_APP:
            return False
        self.dismiss(self.key in (event.character, event.key))
        return True

    def leave(self) -> None:
        """Answer no."""
        self.dismiss(False)


class Ask(Dialog[str | None]):
    """One line of text; None when the operator left. What was typed is not lost by one ``esc``.

    ``check`` is called with each edit and raises CrmError for what will not do; its words are shown at once, and
    ``enter`` waits until there are none.
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        help: str = "",
        check: Callable[[str], object] | None = None,
        longest: int = LONGEST_LINE,
    ) -> None:
        super().__init__()
        self._title, self._help, self._check = title, help, check
        self._position: tuple[int, int] | None = None
        self._input = LineInput(value, edited=self._on_edit, pressed=self._on_press, spans=self._spans, longest=longest)
        self._seen = self._given = self._input.value
        self._problem = Static(classes="dialog--problem", markup=False)
        self._foot = Static(classes="dialog--foot", markup=False)
        self._leaving = False

    def compose_box(self) -> ComposeResult:
        """Title, the line, what is wrong with it, help."""
        yield Static(safe_content(self._title[:_LONGEST_TEXT]), classes="dialog--title")
        with Horizontal(classes="dialog--input"):
            yield Static(glyphs_of(self).crumb, classes="dialog--prompt", markup=False)
            yield self._input
        yield self._problem
        if self._help:
            yield Static(safe_content(self._help[:_LONGEST_TEXT]), classes="dialog--help")
        yield self._foot

    def on_mount(self) -> None:
        """Say which keys end this."""
        super().on_mount()
        self._say_keys()

    def _on_edit(self) -> None:
        self._leaving = False
        if self._input.value != self._seen:
            self._seen = self._input.value
            self._is_right()
        self._say_keys()

    def _on_press(self, key: str) -> bool:
        if key == "enter":
            if self._is_right():
                self.dismiss(self._input.value)
        elif key == "escape":
            self.leave()
        else:
            return False
        return True

    def leave(self) -> None:
        """Leave, if nothing typed is lost by it; else ask for it once more."""
        if self._leaving or self._input.value in ("", self._given):
            self.dismiss(None)
        else:
            self._leaving = True
            self._say_keys()

    async def take(self, event: events.Key) -> bool:
        """Type."""
        return await self._input.use(event)

    def _is_right(self) -> bool:
        """Check what is typed, show what is wrong with it, and tell whether nothing is."""
        problem, self._position = "", None
        if self._check is not None:
            try:
                self._check(self._input.value)
            except CrmError as error:
                problem = str(error)
                self._position = error.position if isinstance(error, BadInput) else None
        self._problem.update(safe_content(problem[:_LONGEST_TEXT]))
        self._input.refresh()
        return not problem

    def _say_keys(self) -> None:
        if self._leaving:
            said = keys_said(("enter", _("keep it")), ("esc", _("once more drops what you typed")))
        else:
            said = keys_said(("enter", _("accept")), ("esc", _("leave")))
        self._foot.update(said)

    def _spans(self, _text: str) -> Spans:
        return [(*self._position, "error")] if self._position else []
