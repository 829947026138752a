"""The verb ``completion``: prints a static script for a shell, and answers what the script asks while someone types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.models.base import Entity
    from crm_tui.scope import Actor

PERSON = "person"
"""The word for one person, where a list of people is something else."""

FILES = ":files"
"""What is answered where the shell should offer files."""

Offer = tuple[str, str]
"""What may be typed, and a few words about it."""


def complete(request: Request) -> None:
    """Print the script of a shell, or what may follow a line that is being typed. A mistake offers nothing."""
    options = request.options
    if options.words is not None:
        try:
            offers = list(_offers(request, options.words))
        except CrmError:
            offers = []
        if request.json:
            printing.write_json([{"word": word, "help": help} for word, help in offers])
        else:
            printing.write("".join(f"{_one_line(word)}\t{_one_line(help)}\n" for word, help in offers))
    elif options.shell:
        from crm_tui.asset_files import asset

        printing.write(asset("completion", f"crm-tui.{options.shell}").read_text("utf-8"))
    else:
        raise BadInput(_("Name the shell: bash, zsh or fish."))


def _one_line(text: str) -> str:
    return " ".join(printing.plain(text).split())


def split_line(line: str) -> list[str]:
    """Return the words of an unfinished shell line, the last one (maybe "") as far as it was typed.

    Quotes and backslashes are undone as shells do; one that is still open is forgiven.
    """
    words: list[str] = []
    word: str | None = None
    quote = ""
    characters = iter(line)
    for character in characters:
        if quote:
            if character == quote:
                quote = ""
                continue
            if character == "\\" and quote == '"':
                character = next(characters, "")
        elif character in "'\"":
            quote, word = character, word or ""
            continue
        elif character == "\\":
            character = next(characters, "")
        elif character.isspace():
            if word is not None:
                words.append(word)
            word = None
            continue
        word = (word or "") + character
    return [*words, word or ""]


def _offers(request: Request, line: str) -> Iterator[Offer]:
    from crm_tui.cli import parser_of, split_verb
    from crm_tui.verbs.arguments import VERBS

    words = split_line(line)
    while len(words) > 1 and re.match(r"\w+=", words[0]):
        words = words[1:]  # variables set for this one command
    typed, current = words[1:-1], words[-1]
    name, rest = split_verb(typed)
    parser: Any = parser_of(name)
    _take_shared(request, rest)
    given, pending = _positionals(parser, rest)
    if pending is not None:
        yield from _values(request, pending, given, current, list(pending.choices or ()))
    elif current.startswith("--"):
        named = [(flag, action.help or "") for action in parser._actions for flag in action.option_strings]
        yield from _beginning(current, [offer for offer in named if offer[0].startswith("--")])
    else:
        if not name:
            yield from _beginning(current, [(verb, _(about.help)) for verb, about in VERBS.items()])
        places = parser._get_positional_actions()
        if places:
            action = places[min(len(given), len(places) - 1)]
            full = len(given) >= len(places) and action.nargs not in ("*", "+")
            if not full:
                yield from _values(request, action, given, current, list(action.choices or ()))


def _take_shared(request: Request, words: Sequence[str]) -> None:
    """Let the workspace and operator named on the line be those that completions are read from."""
    for option in ("workspace", "operator"):
        flags = ("--workspace", "-w") if option == "workspace" else ("--operator",)
        for at, word in enumerate(words[:-1]):
            if word in flags:
                setattr(request.options, option, words[at + 1])
        for word in words:
            if word.startswith(f"--{option}="):
                setattr(request.options, option, word.partition("=")[2])


def _positionals(parser: Any, words: Sequence[str]) -> tuple[list[str], Any]:
    """Return the words that are no options, and the option that still waits for its value, if any."""
    given: list[str] = []
    pending = None
    for word in words:
        if pending is not None:
            pending = None
            continue
        action = parser._option_string_actions.get(word)
        if action is None:
            if not word.startswith("--"):
                given.append(word)
        elif action.nargs != 0:
            pending = action
    return given, pending


def _beginning(current: str, offers: Iterable[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer[0].startswith(current)]


def _values(
    request: Request, action: Any, given: Sequence[str], current: str, choices: Sequence[str]
) -> Iterator[Offer]:
    """Yield what may be typed for one argument, by what it ``completes``."""
    if choices:
        yield from _beginning(current, [(str(choice), "") for choice in choices])
        return
    if action.completes == "file":
        yield (FILES, "")
    elif action.completes == "entity":
        import crm_tui.models  # noqa: F401  # registers every entity
        from crm_tui.models.base import entities

        yield from _beginning(current, [(one.plural, _(one.label_plural)) for one in entities.values()])
    elif action.completes == "template":
        from crm_tui.asset_files import asset

        yield from _beginning(current, [(path.stem, "") for path in sorted(asset("templates").glob("*.toml"))])
        yield (FILES, "")
    elif action.completes == "person":
        yield from _beginning(current, [(PERSON, _("for good"))])
    elif action.completes == "command":
        yield from _commands(current)
    elif action.completes:
        yield from _from_workspace(request, action.completes, given, current)


def _commands(current: str) -> list[Offer]:
    from crm_tui.commands.registry import registry

    return _beginning(current, [(one.id, _(one.title)) for one in registry.all() if not one.in_program])


def _from_workspace(request: Request, completes: str, given: Sequence[str], current: str) -> Iterator[Offer]:
    """Yield what depends on a workspace that is there; none is made for it, and nothing is written to it."""
    from crm_tui.drivers import is_postgres

    if not is_postgres(request.location) and not Path(request.location).expanduser().exists():
        return
    request.options.readonly = True
    with request.opened() as (_workspace, actor):
        if completes == "operator":
            yield from _known(actor, "operator", "login", current)
        elif completes == "arguments":
            yield from _arguments(actor, given[0], current)
        elif given:
            yield from _of_entity(actor, completes, given, current)


def _known(actor: Actor, entity: str, name: str, current: str) -> list[Offer]:
    from crm_tui.models.base import entities
    from crm_tui.queries.known_values import known_values

    return [(value, "") for value in known_values(actor, entities[entity], name, current)]


def _of_entity(actor: Actor, completes: str, given: Sequence[str], current: str) -> Iterator[Offer]:
    from crm_tui.models.base import find_entity

    entity = find_entity(given[0])
    if completes == "columns":
        before, comma, last = current.rpartition(",")
        names = ["id", *entity.fields]
        yield from ((before + comma + name, "") for name in names if name.startswith(last))
    elif completes == "field":
        yield from _beginning(current, [(name, kind.label) for name, kind in entity.entered.items()])
    elif completes == "record" or (completes == "query" and given[0].lower() == PERSON):
        yield from _known(actor, entity.name, entity.title, current)
    elif completes == "pairs" or (completes == "query or pairs" and len(given) > 1):
        yield from _pairs(actor, entity, current, list(entity.entered))
    else:
        yield from _query(actor, entity, current)


def _arguments(actor: Actor, command: str, current: str) -> Iterator[Offer]:
    """Yield what a command takes besides its records."""
    from crm_tui.commands.registry import registry
    from crm_tui.models.base import entities

    found = registry.get(command)
    entity = entities.get(found.entity)
    if entity is None:
        yield from _beginning(current, [(f"{name}=", "") for name in found.takes if name != "*"])
    else:
        yield from _pairs(actor, entity, current, list(entity.entered) if "*" in found.takes else found.takes)


def _query(actor: Actor, entity: Entity, current: str) -> Iterator[Offer]:
    from crm_tui import query
    from crm_tui.queries.known_values import known_values

    def known(of: Entity, name: str, prefix: str) -> list[str]:
        return known_values(actor, of, name, prefix)

    for found in query.complete(current, len(current), entity, values=known):
        word = current[: found.start] + found.text + current[found.end :]
        if word.replace('"', "").casefold().startswith(current.replace('"', "").casefold()):  # shells want no other
            yield (word, found.help)


def _pairs(actor: Actor, entity: Entity, current: str, names: Sequence[str]) -> Iterator[Offer]:
    """Yield ``field=``, and once a field is named, the values it has elsewhere."""
    from crm_tui.queries.known_values import known_values

    name, equals, value = current.partition("=")
    if not equals:
        labels = {one: entity.fields[one].label if one in entity.fields else "" for one in names}
        yield from _beginning(current, [(f"{one}=", label) for one, label in labels.items()])
    elif asked.is_pair(current):
        kind = entity.kind(name)
        values = ["yes", "no"] if kind.family == "flag" else known_values(actor, entity, kind.name, value)
        yield from ((f"{name}={one}", "") for one in values if one.casefold().startswith(value.casefold()))
