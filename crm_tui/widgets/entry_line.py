"""What the filter bar and the command line share: a line at the bottom with suggestions, a history and a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.i18n import _
from crm_tui.widgets.entry_history import EntryHistory
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_input import LONGEST_LINE, LineInput, Spans, as_typed
from crm_tui.widgets.pick_list import PickList
from crm_tui.widgets.problem_line import ProblemLine
from crm_tui.widgets.said_keys import keys_said
from crm_tui.widgets.suggestions import Suggestion, Suggestions

_PROMPT_WIDTH = 2


class EntryLine(Widget, inherit_bindings=False):
    """One line to type into, hidden until ``open``. A subclass says what is suggested, and what enter and esc mean.

    Suggestions appear by themselves while a word is typed, else at ``tab``; with none shown, ``up`` and ``down`` bring
    back what was entered before. A problem in the word being completed is not shown: it is not finished.
    """

    PROMPT: ClassVar[str] = ""
    DEFAULT_CSS = """
    EntryLine {
        overlay: screen;
        constrain: none inside;
        layout: horizontal;
        width: 1fr;
        height: 1;
        background: $panel;
        & > .entry-line--prompt { width: 2; height: 1; color: $text-primary; text-style: bold; }
        & > .entry-line--keys { width: auto; height: 1; padding: 0 1; color: $foreground-muted; }
        &:ansi > .entry-line--prompt { color: $text-accent; }
        &:ansi > .entry-line--keys { text-style: dim; }
    }
    """

    class CompletionsWanted(Message):
        """The cursor rests in another text: whoever can suggest more than was suggested at once answers ``offer``."""

        def __init__(self, line: EntryLine, generation: int, text: str, cursor: int) -> None:
            super().__init__()
            self.line = line
            self.generation = generation
            self.text = text
            self.cursor = cursor

        @property
        def control(self) -> EntryLine:
            """The line typed into."""
            return self.line

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = LineInput(
            edited=self._on_edit, pressed=self._on_press, spans=self._spans, placeholder=placeholder
        )
        self._popup = Suggestions()
        self._problem_line = ProblemLine()
        keys = self.said_keys()
        self._keys, self._keys_width = Static(keys, classes="entry-line--keys", markup=False), cell_len(keys.plain)
        self.display = False
        self._problem: tuple[str, int, int] = ("", 0, 0)
        self._seen = ("", 0)
        self._generation = 0
        self._suggesting = False
        self._history = EntryHistory()
        self._waiting: str | None = None  # the text to open with once the line is mounted
        self._early: list[events.Key] = []

    def compose(self) -> ComposeResult:
        """Prompt and input; over them, the popup and the problem."""
        yield Static(self.PROMPT, classes="entry-line--prompt", markup=False)
        yield self._input
        yield self._keys
        yield self._problem_line
        yield self._popup

    # What the screen asks of the line

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self._input.value

    @property
    def history(self) -> Sequence[str]:
        """What was entered before, the newest last; the screen keeps it."""
        return self._history.entries

    @history.setter
    def history(self, entries: Sequence[str]) -> None:
        self._history.entries = entries

    @property
    def is_open(self) -> bool:
        """Whether the line is shown."""
        return self.display

    def open(self, text: str = "") -> None:
        """Show the line with a text, the cursor at its end, and let the operator type, at once."""
        self.display = True
        self._waiting = None
        if not self._input.is_mounted:
            self._waiting = text
            return
        self._history.begin()
        self._suggest(False)
        self._set(text)
        self.clear_problem()
        self._show_keys()
        self.screen.set_focus(self._input)

    async def take(self, event: events.Key) -> bool:
        """Use a key that reached the screen while the line is open; return whether it meant anything here.

        Keys typed in one burst with the one that opens the line come before the line has the focus: without this they
        would run commands.
        """
        if not self.is_open:
            return False
        if self._waiting is not None:
            self._early.append(event)
            return True
        return await self._input.use(event)

    async def on_mount(self) -> None:
        """Open, if that was asked for before the line was there, and type what was typed since."""
        if self._waiting is not None:
            self.open(self._waiting)
        early, self._early = self._early, []
        for event in early:
            await self._input.use(event)

    def close(self) -> None:
        """Hide the line, its suggestions and its problem."""
        self._waiting = None
        self._suggest(False)
        self.clear_problem()
        self.display = False

    def offer(self, generation: int, completions: Sequence[Suggestion]) -> None:
        """Suggest more, for a text whose ``CompletionsWanted`` had this generation; ignored when it is another now."""
        if generation != self._generation or not self.is_open:
            return
        known = {(kept.start, kept.end, kept.text) for kept in self._popup.offered}
        more = [new for new in self._useful(completions) if (new.start, new.end, new.text) not in known]
        if more:
            self._popup.offer([*self._popup.offered, *more], keep_cursor=True)
            self._show_popup()

    def show_problem(self, message: str, start: int, end: int) -> None:
        """Say what is wrong, and underline the characters from ``start`` to ``end``."""
        self._problem = (message, start, end)
        self._show_problem()

    def clear_problem(self) -> None:
        """Say no longer that something is wrong."""
        if self._problem[0]:
            self._problem = ("", 0, 0)
            self._show_problem()

    # What a subclass says

    def said_keys(self) -> Content:
        """Return the keys shown at the end of the line."""
        return keys_said(("tab", _("suggest")), ("enter", _("accept")), ("esc", _("leave")))

    def suggest(self, text: str, cursor: int) -> Sequence[Suggestion]:
        """Return what may be typed at the cursor."""
        return ()

    def colour(self, text: str) -> Spans:
        """Return what stands where in the text."""
        return ()

    def text_changed(self, text: str) -> None:
        """Something was typed."""

    def entered(self, text: str) -> None:
        """Enter was pressed."""

    def left(self) -> None:
        """Esc was pressed."""

    def abandoned(self) -> None:
        """Something else on the screen was clicked."""
        self.left()

    # Typing

    def _on_edit(self) -> None:
        """Follow the input: suggest, and tell the screen."""
        state = self._input.state
        if state == self._seen or not self.is_open:
            return
        changed, self._seen = state[0] != self._seen[0], state
        if changed:
            self.text_changed(state[0])
        self._suggest(self._in_word() if changed else self._popup.open)
        self._show_problem()
        self._show_keys()

    def _on_press(self, key: str) -> bool:
        """Use the keys that mean something here; return whether this one does."""
        if key in ("tab", "shift+tab"):
            self._tab(forward=key == "tab")
        elif key in ("up", "down"):
            if self._popup.open:
                self._popup.choose(1 if key == "down" else -1)
            else:
                self._recall(-1 if key == "down" else 1)
        elif key == "enter":
            if chosen := self._popup.highlighted:
                self._insert(chosen)
            else:
                self._suggest(False)
                self._history.begin()
                self.entered(self.text)
        elif key == "escape":
            if self._popup.open:
                self._suggest(False)
                self._show_problem()
            else:
                self._history.leave(self.text)
                self.left()
        else:
            return False
        return True

    def _suggest(self, suggesting: bool) -> None:
        """Show what may be typed where the cursor is, and ask the screen for more; or nothing any more."""
        self._suggesting = suggesting
        self._generation += 1
        self._popup.offer(self._useful(self.suggest(*self._input.state)) if suggesting else ())
        self._show_popup()
        if suggesting:
            self.post_message(self.CompletionsWanted(self, self._generation, *self._input.state))

    def _tab(self, forward: bool) -> None:
        """Insert the suggestion highlighted, or the first; where none are shown, show them."""
        if not self._popup.open:
            self._suggest(True)
            if len(self._popup.offered) == 1:
                self._insert(self._popup.offered[0])
        elif not forward:
            self._popup.choose(-1)
        elif chosen := self._popup.highlighted or self._popup.first:
            self._insert(chosen)

    def _insert(self, completion: Suggestion) -> None:
        self._popup.leave()
        self._input.replace(completion.text, completion.start, completion.end)

    def _recall(self, steps: int) -> None:
        """Put an older entry into the line, or by a negative number a newer one."""
        text = self._history.walk(steps, self.text)
        if text is not None:
            self._input.put(text)
            self._suggest(False)
            self._show_problem()

    def _set(self, text: str) -> None:
        """Put a text into the line that the screen knows of."""
        text = as_typed(text)[:LONGEST_LINE]
        self._seen = (text, len(text))
        self._input.put(text)

    def _useful(self, completions: Sequence[Suggestion]) -> list[Suggestion]:
        """Return the suggestions that would change something."""
        return [offered for offered in completions if self.text[offered.start : offered.end] != offered.text]

    def _in_word(self) -> bool:
        """Whether the cursor stands behind something typed, so that suggestions appear by themselves."""
        text, cursor = self._input.state
        return cursor > 0 and not text[cursor - 1].isspace()

    # Drawing

    @on(PickList.Picked)
    def _on_clicked(self, event: PickList.Picked) -> None:
        event.stop()
        if chosen := self._popup.at(event.index):
            self._insert(chosen)

    @on(LineInput.Blurred)
    def _on_blurred(self, event: LineInput.Blurred) -> None:
        event.stop()
        self._suggest(False)
        self.call_after_refresh(self._look_who_has_focus)

    def _look_who_has_focus(self) -> None:
        """Close when the operator went on elsewhere on this screen; a dialog over it, or another window, comes back."""
        if self.is_open and self.screen.focused not in (None, self._input):
            self._history.leave(self.text)
            self.abandoned()

    @on(PickList.Moved)
    @on(LineInput.Changed)
    @on(LineInput.Submitted)
    def _keep_to_itself(self, event: Message) -> None:
        event.stop()

    def on_resize(self) -> None:
        """Keep popup and problem where they belong."""
        self._show_problem()
        self._show_keys()

    def _show_popup(self) -> None:
        """Show the suggestions above the place they would go to, and above the problem if one is shown."""
        if not self._suggesting:
            self._popup.hide()
            return
        start = min((offered.start for offered in self._popup.offered), default=0)
        column = _PROMPT_WIDTH + cell_len(one_line(self.text[:start])) - round(self._input.scroll_x)
        problem = self._problem_line.lines
        room = (self.screen.size.width - self.region.x, self.region.y - problem)
        self._popup.place(column, -1 - problem, room)

    def _show_problem(self) -> None:
        """Show the problem just above the line, unless it is about what is being completed."""
        message, start, end = self._problem
        unfinished = _touch(self._popup.first, start, end)
        self._problem_line.say("" if unfinished or not self.is_open else message, self.size.width)
        self._show_popup()
        self._input.refresh()

    def _show_keys(self) -> None:
        """Show the keys at the end of the line while there is room for them."""
        room = self.size.width - _PROMPT_WIDTH - cell_len(self.text) - 2
        self._keys.display = room > self._keys_width

    def _spans(self, text: str) -> Spans:
        completed = self._popup.first
        for start, end, part in self.colour(text):
            if part != "error" or not _touch(completed, start, end):
                yield (start, end, part)
        if self._problem_line.display:
            yield (self._problem[1], self._problem[2], "error")


def _touch(completed: Suggestion | None, start: int, end: int) -> bool:
    """Whether what is being completed, if anything, meets these characters: nobody complains about it yet."""
    return completed is not None and start <= completed.end and completed.start <= max(start, end)
