"""Verbs on commands: do runs one without the screen, keys lists them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.errors import BadInput, CrmError, nearest
from crm_tui.i18n import _
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request
from crm_tui.verbs.table import Column

if TYPE_CHECKING:
    from crm_tui.commands.context import Context
    from crm_tui.commands.registry import Command
    from crm_tui.models.base import Entity


def run_command(request: Request) -> None:
    """Run one command on the records named. Raises CrmError when it cannot run now, saying why."""
    import asyncio

    from crm_tui.commands.context import Context
    from crm_tui.commands.registry import registry

    with request.opened() as (workspace, actor):
        command = registry.get(request.options.command)
        if command.in_program:
            raise CrmError(_("{id} works on the screen only: open crm-tui and choose it there.").format(id=command.id))
        ids, arguments = _read(command, request.options.words)
        entity = _entity(command, arguments)

        async def call(function: Any, *args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        context = Context(
            workspace, actor, call, entity, tuple(ids), several=len(ids) > 1, arguments=arguments, count=len(ids)
        )
        reason = command.why_not(context)
        if reason:
            raise CrmError(_("{id} cannot run: {reason}.").format(id=command.id, reason=reason.rstrip(".")))
        _confirm(request, command, context)
        asyncio.run(_run(command, context))
    if request.json:
        found = {} if context.found is None else {"found": context.found}
        printing.write_json({"command": command.id, "said": [] if found else context.said, **found})
    else:
        for said in context.said:
            printing.write(printing.plain(said) + "\n")


async def _run(command: Command, context: Context) -> None:
    await command.run(context)


def _read(command: Command, words: Sequence[str]) -> tuple[list[int], dict[str, str]]:
    """Return the ids and the arguments among words. Raises BadInput for what is neither, or no argument of it."""
    ids: list[int] = []
    pairs: list[str] = []
    for word in words:
        found = None if pairs else asked.read_ids(word)
        if found is None:
            pairs.append(word)
        else:
            ids += found
    if pairs and "=" not in pairs[0]:
        raise BadInput(_('"{word}" is neither an id nor name=value.').format(word=pairs[0]))
    arguments = asked.read_pairs(pairs)
    if "*" not in command.takes:
        for name in arguments:
            if name not in (*command.takes, *(() if command.entity else ("entity",))):
                message = _('{id} takes no argument "{name}".').format(id=command.id, name=name)
                raise BadInput(message + nearest(name, command.takes), field=name)
    return list(dict.fromkeys(ids)), arguments


def _entity(command: Command, arguments: dict[str, str]) -> Entity | None:
    """Return the entity the command is of; ``entity=clients`` names it where the command leaves it open."""
    from crm_tui.models.base import entities, find_entity

    if command.entity:
        return entities[command.entity]
    if "entity" in arguments and "entity" not in command.takes:
        return find_entity(arguments.pop("entity"))
    return None


def _confirm(request: Request, command: Command, context: Context) -> None:
    question = command.dangerous(context) if command.dangerous else ""
    if not question or request.options.yes:
        return
    if not printing.can_ask():
        raise CrmError(_("{question} Nothing was done: give --yes to confirm.").format(question=question))
    if not printing.confirmed(question, yes=False):
        raise CrmError(_("Nothing was changed."))


def list_commands(request: Request) -> None:
    """Print every command with its keys, the operator's own included. Raises BadInput for keys that do not work."""
    import crm_tui.models  # noqa: F401  # commands are made for the entities there are
    from crm_tui.commands import keymap

    commands = keymap.build(request.config.keys).commands
    if request.json:
        printing.write_json_list(
            {
                "id": command.id,
                "title": _(command.title),
                "keys": list(command.keys),
                "scope": sorted(command.scopes),
                "help": _(command.help),
                "entity": command.entity or None,
                "takes": list(command.takes),
                "do": not command.in_program,
            }
            for command in commands
        )
        return
    columns = [Column(_("Command")), Column(_("Title")), Column(_("Keys")), Column(_("Where")), Column(_("Help"))]
    printing.write_table(
        columns,
        (
            (command.id, _(command.title), ", ".join(command.keys), " ".join(sorted(command.scopes)), _(command.help))
            for command in commands
        ),
    )
