"""The one registry of commands: key bindings, footer, palette, ``:`` line, help, ``do`` and the docs all read it.

A command is an async function with a decorator. Its docstring is its help; nothing repeats a key or text by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crm_tui.errors import NotFound, nearest
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.scope import why_not_outside

if TYPE_CHECKING:
    from crm_tui.commands.context import Context

Run = Callable[["Context"], Awaitable[None]]
WhyNot = Callable[["Context"], str]


def _always(_context: Context) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person or a script can ask for."""

    id: str
    """Stable: scripts and key maps name it."""
    title: str
    """A few untranslated words, as the key bar shows them."""
    help: str
    """One or more untranslated sentences."""
    keys: tuple[str, ...]
    """Default keys, each a sequence such as ``g c``."""
    scope: str
    """Where its keys work: ``everywhere``, ``list``, ``record``, ``form``, ``picker``; several by space."""
    run: Run
    why_not: WhyNot = _always
    """Returns why it cannot run now, or ""."""
    dangerous: Callable[[Context], str] | None = None
    """Returns the question to confirm, or "" when none is needed."""
    in_program: bool = False
    """Whether it needs the screen, so that ``do`` cannot run it."""
    takes: tuple[str, ...] = ()
    """Names of the arguments ``do`` accepts (``name=value``)."""
    rank: int = 50
    """Place in the key bar: small is first; 100 and more stay out of it."""
    entity: str = ""
    """The entity whose records it acts on; "" is none or whatever is shown."""
    instant: bool = False
    """Whether it neither waits nor asks, so that a key press may run it at once."""

    @property
    def scopes(self) -> frozenset[str]:
        """The places where its keys work."""
        return frozenset(self.scope.split())


@dataclass(frozen=True)
class Registry:
    """Commands by id, in the order they were declared."""

    commands: dict[str, Command] = field(default_factory=dict)

    def add(self, command: Command) -> None:
        """Register a command. A second one of the same id is a programming error."""
        if command.id in self.commands:
            raise ValueError(f"command {command.id} is declared twice")
        self.commands[command.id] = command

    def get(self, command_id: str) -> Command:
        """Return a command by its id. Raises NotFound naming the nearest."""
        load()
        found = self.commands.get(command_id)
        if found is None:
            message = _('There is no command "{id}"; crm-tui keys lists them.').format(id=command_id)
            raise NotFound(message + nearest(command_id, self.commands))
        return found

    def all(self) -> list[Command]:
        """Return every command, in declared order."""
        load()
        return list(self.commands.values())

    def for_scopes(self, scopes: Iterable[str], entity: Entity | None) -> list[Command]:
        """Return the commands that may run where ``scopes`` hold and ``entity`` is shown."""
        wanted = set(scopes)
        name = entity.name if entity else ""
        return [command for command in self.all() if command.scopes & wanted and command.entity in ("", name)]


registry = Registry()


def command(
    id: str,
    title: str,
    *,
    keys: Sequence[str] = (),
    scope: str = "everywhere",
    why_not: WhyNot = _always,
    dangerous: Callable[[Context], str] | None = None,
    in_program: bool = False,
    takes: Sequence[str] = (),
    rank: int = 50,
    instant: bool = False,
    outside: bool = False,
    of: Callable[[Entity], bool] | None = None,
) -> Callable[[Run], Run]:
    """Register a function as a command. With ``of``, ``{entity}`` in the id is filled in for each entity it accepts;
    one that reaches ``outside``, to other programs or files, is none of restricted sessions."""
    if outside:
        allowed = why_not

        def why_not(context: Context) -> str:
            return why_not_outside(context.actor) or allowed(context)

    def register(run: Run) -> Run:
        made = Command(
            id, title, " ".join((run.__doc__ or "").split()), tuple(keys), scope, run, why_not, dangerous, in_program,
            tuple(takes), rank, instant=instant,
        )  # fmt: skip
        if of is None:
            registry.add(made)
        else:
            for known in entities.values():
                if of(known):
                    registry.add(replace(made, id=id.format(entity=known.name), entity=known.name))
        return run

    return register


_loaded = False


def load() -> None:
    """Import every module of commands once, so that all are registered."""
    global _loaded
    if _loaded:
        return
    _loaded = True
    import crm_tui.commands as package
    import crm_tui.models  # noqa: F401  # commands are made for the entities there are

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"crm_tui.commands.{module.name}")
