"""What several commands ask in the same way: which record is meant, lines typed one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crm_tui.commands.context import Context
from crm_tui.errors import BadInput, CrmError
from crm_tui.models.base import entities


async def named(context: Context, entity: str, text: str, argument: str) -> int:
    """Return the record of an entity that an argument names. Raises BadInput where it names none or several."""
    from crm_tui.services.references import find_reference  # start-up is budgeted

    try:
        found: int = await context.call(find_reference, context.actor, entities[entity], text)
    except ValueError as error:
        raise BadInput(str(error), field=argument) from error
    return found


async def lines(
    context: Context, title: str, help: str, take: Callable[[str], Awaitable[str]], *, once: bool = False
) -> None:
    """Ask for lines until an empty one, or for ``once`` one that ``take`` accepts; what it says of each stands below
    the next. A line that is refused stays, with the reason: nothing that was typed is lost."""
    text, said = "", help
    while True:
        typed = await context.screen.ask(title, text, help=said)
        if typed is None or not typed.strip():
            return
        try:
            text, said = "", await take(typed)
        except CrmError as error:
            text, said = typed, str(error)
            continue
        if once:
            context.say(said)
            return
