"""The ``:`` line: a command by its id with what it needs, ``:client.archive 12 reason="moved away"``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from textual.message import Message

from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.widgets.entry_line import EntryLine
from crm_tui.widgets.fuzzy import Finder
from crm_tui.widgets.line_input import Spans
from crm_tui.widgets.suggestions import Completion, Suggestion

_MOST_SUGGESTED = 100
_NAME = re.compile(r"[^\W\d][\w.\-]*=")
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class KnownCommand:
    """A command as people look for it; all texts are shown as they are."""

    id: str
    title: str
    help: str = ""
    keys: str = ""
    why_not: str = ""
    """Why it cannot run now, or ""."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What follows the word of a command, without quotes."""

    words: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    """What was written as ``name=value``."""


def split_word(text: str) -> tuple[str, str]:
    """Return the first word of a command line and what follows it as it was typed, such as a query. Never raises."""
    word, *rest = text.strip().removeprefix(":").lstrip().split(None, 1) or [""]
    return word, rest[0] if rest else ""


def read_command(text: str) -> tuple[str, Arguments]:
    """Return the word of a command line and its arguments.

    Quotes, single or double, group words where they open a word or a value; elsewhere they are letters (``O'Brien``).
    In double quotes a backslash takes away the meaning of a quote or a backslash. Raises BadInput with the position.
    """
    word, rest = split_word(text)
    if not word:
        raise BadInput(_("Type the name of a command; tab shows them."), position=(0, len(text)))
    offset = len(text.rstrip()) - len(rest) if rest else len(text)
    words: list[str] = []
    named: dict[str, str] = {}
    at = offset
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        start = at
        match = _NAME.match(text, at)
        value, at = _read_value(text, match.end() if match else at)
        if match is None:
            words.append(value)
        elif (name := match.group()[:-1]) in named:
            message = _('"{name}" is given twice; leave one of them out.').format(name=name)
            raise BadInput(message, field=name, position=(start, at))
        else:
            named[name] = value
    return word, Arguments(tuple(words), named)


def _read_value(text: str, at: int) -> tuple[str, int]:
    """Return the value that begins at a place, and where it ends."""
    quote = text[at : at + 1]
    if not quote or quote not in _QUOTES:
        end = at
        while end < len(text) and not text[end].isspace():
            end += 1
        return text[at:end], end
    start, value = at, ""
    at += 1
    while at < len(text) and text[at] != quote:
        if quote == '"' and text[at] == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            at += 1
        value += text[at]
        at += 1
    if at >= len(text):
        message = _(
            "The quotation mark at character {place} is not closed: write {quote} at the end of what it groups."
        )
        raise BadInput(message.format(place=start + 1, quote=quote), position=(start, len(text)))
    end = at + 1
    if end < len(text) and not text[end].isspace():
        message = _("Leave a space after the quotation mark at character {place}.").format(place=end)
        raise BadInput(message, position=(start, end + 1))
    return value, end


class LineMessage(Message):
    """What the line tells the screen, with the ``text`` in it."""

    def __init__(self, line: CommandLine, text: str) -> None:
        super().__init__()
        self.line = line
        self.text = text

    @property
    def control(self) -> CommandLine:
        """The line typed into."""
        return self.line


class CommandLine(EntryLine):
    """The line for commands. Runs nothing: the screen is told what was entered, and closes the line."""

    PROMPT = ":"

    class Entered(LineMessage):
        """Enter: run it, then ``close`` the line; or ``show_problem``, and it can be put right."""

    class Cancelled(LineMessage):
        """Esc, or enter in an empty line: the line has closed. ``up`` brings back what was typed."""

    def __init__(
        self,
        *,
        complete_arguments: Callable[[str, int], Sequence[Suggestion]] | None = None,
        history: Sequence[str] = (),
        id: str | None = None,
    ) -> None:
        """``complete_arguments`` is given the whole text and the cursor once the word of a command is typed."""
        super().__init__(placeholder=_("a command, or clients country:france"), id=id)
        self.complete_arguments = complete_arguments
        self.history = history
        self._commands: tuple[KnownCommand, ...] = ()
        self._finder = Finder(())

    def set_commands(self, commands: Sequence[KnownCommand]) -> None:
        """Say what may be entered here: commands, and words of screens and entities."""
        self._commands = tuple(commands)
        self._finder = Finder([(known.id, known.title, known.keys) for known in self._commands])

    def suggest(self, text: str, cursor: int) -> Sequence[Suggestion]:
        """Suggest commands for the first word, after it what the screen knows."""
        start = len(text) - len(text.lstrip())
        end = start + len(text[start:].split(None, 1)[0]) if text[start:] else start
        if cursor > end:
            return self.complete_arguments(text, cursor) if self.complete_arguments else ()
        found = [self._commands[at] for at in self._finder.find(text[start:cursor])[:_MOST_SUGGESTED]]
        return [self._offer(known, start, end) for known in found]

    def _offer(self, known: KnownCommand, start: int, end: int) -> Completion:
        about = f"{known.title}  {known.keys}" if known.keys else known.title
        help = _("not now: {why}").format(why=known.why_not) if known.why_not else about
        return Completion(start, end, known.id, known.id, help)

    def colour(self, text: str) -> Spans:
        """Show which first words are commands, and the names of arguments."""
        word, rest = split_word(text)
        if any(known.id == word for known in self._commands):
            at = text.index(word)
            yield (at, at + len(word), "field")
        for match in re.finditer(rf"(?<=\s){_NAME.pattern}", text):
            yield (match.start(), match.end() - 1, "field")
            yield (match.end() - 1, match.end(), "operator")

    def entered(self, text: str) -> None:
        """Tell the screen; an empty line is left."""
        if text.strip():
            self.post_message(self.Entered(self, text))
        else:
            self.left()

    def left(self) -> None:
        """Close, and tell the screen."""
        text = self.text
        self.close()
        self.post_message(self.Cancelled(self, text))

    def text_changed(self, text: str) -> None:
        """What was wrong is being put right."""
        self.clear_problem()
