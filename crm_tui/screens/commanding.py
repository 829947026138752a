"""The ``:`` line of every screen: a command with its arguments, or a list and what to look for in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.screen import Screen

from crm_tui.commands.registry import Command
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities, find_entity
from crm_tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from crm_tui.commands.context import Context
    from crm_tui.query.completion import Completion
    from crm_tui.screens.base import CrmScreen
    from crm_tui.widgets.command_line import CommandLine, KnownCommand

# What is only needed once somebody types a command is imported then: start-up is budgeted.

MOST_REMEMBERED = 50


class Commanding(Screen[None]):
    """A screen with a ``:`` line, made when it is first used."""

    _keys: KeyBar
    _command_line: CommandLine | None = None
    _entered: list[str]

    def open_command_line(self, screen: CrmScreen) -> None:
        """Show the line, with what can be entered now."""
        from crm_tui.widgets.command_line import CommandLine

        if self._command_line is None:
            self._entered = []
            self._command_line = CommandLine(complete_arguments=self._complete_arguments)
            self.mount(self._command_line, before=self._keys)
        self._command_line.set_commands([*known_commands(screen), *_lists()])
        self._command_line.history = self._entered
        self._command_line.open()

    def close_command_line(self) -> None:
        """Hide the line."""
        if self._command_line is not None:
            self._command_line.close()

    def _complete_arguments(self, text: str, cursor: int) -> Sequence[Completion]:
        from crm_tui.query.completion import Completion, complete
        from crm_tui.widgets.command_line import split_word

        word, _rest = split_word(text)
        entity = _entity_of(word)
        start = text.index(word) + len(word) + 1
        if entity is None or cursor < start:
            return ()
        if "." in word:  # the fields of the command's records, as name=value
            typed = text[:cursor].rpartition(" ")[2]
            return [
                Completion(cursor - len(typed), cursor, f"{name}=", f"{name}=", kind.label)
                for name, kind in entity.entered.items()
                if name.startswith(typed) and "=" not in typed
            ]
        found = complete(text[start:], cursor - start, entity, values=lambda *_arguments: ())
        return [Completion(start + c.start, start + c.end, c.text, c.label, c.help) for c in found]

    def remember_command(self, text: str) -> None:
        """Keep a line for ``up``."""
        self._entered = [*(kept for kept in self._entered if kept != text), text][-MOST_REMEMBERED:]


def known_commands(screen: CrmScreen) -> list[KnownCommand]:
    """Return the commands of a screen as help, palette and command line show them, the most useful first."""
    ranked = sorted(screen.usable_commands(), key=lambda command: command.rank)
    context = screen.context()
    return [_known(command, screen.context_of(command, context)) for command in ranked]


def _known(command: Command, context: Context) -> KnownCommand:
    from crm_tui.widgets.command_line import KnownCommand

    why_not = command.why_not(context)
    return KnownCommand(command.id, _(command.title), _(command.help), ", ".join(command.keys), why_not)


def _lists() -> list[KnownCommand]:
    from crm_tui.widgets.command_line import KnownCommand

    return [
        KnownCommand(entity.plural, _("list of {plural}").format(plural=_(entity.label_plural)))
        for entity in entities.values()
    ]


def _entity_of(word: str) -> Entity | None:
    name = word.partition(".")[0]
    return next((known for known in entities.values() if name in (known.name, known.plural)), None)


async def run_line(screen: CrmScreen, text: str) -> None:
    """Run what was entered: a command's id with arguments and ids, or a list's name with a query.

    Raises CrmError for what cannot be understood or run.
    """
    from crm_tui.widgets.command_line import read_command, split_word

    word, rest = split_word(text)
    usable = {command.id: command for command in screen.usable_commands()}
    if word in usable:
        _word, arguments = read_command(text)
        context = screen.context_of(usable[word])
        numbers = [text.removeprefix("#") for text in arguments.words]
        if not all(number.isdecimal() for number in numbers):
            raise BadInput(_("After a command stand ids and name=value; texts with spaces in quotes."))
        if numbers:
            context.ids, context.all_ids, context.several = tuple(map(int, numbers)), None, len(numbers) > 1
        context.arguments = {**context.arguments, **arguments.named}
        await screen.run(usable[word], given=context)
        return
    try:
        entity = find_entity(word)
    except BadInput:
        elsewhere = screen.session.keymap.by_id(word)
        if elsewhere is not None:
            raise CrmError(_("{id} does not work here.").format(id=word)) from None
        raise BadInput(_('There is no command "{id}"; ? lists what works here.').format(id=word)) from None
    await screen.open_list(entity, rest)
