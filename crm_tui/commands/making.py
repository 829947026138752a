"""How far orders are: moved from stage to stage, fulfilled, by priority; on lists and on the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from crm_tui.commands.context import Choice, Context, needs_record_to_change
from crm_tui.commands.records import apply_to_all, say_changed
from crm_tui.commands.registry import command
from crm_tui.errors import ANYWAY, BadInput, CrmError, Doubtful
from crm_tui.fields import Flag
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities

T = TypeVar("T")


def _is_order(entity: Entity) -> bool:
    return entity.name == "order"


def _has_priority(entity: Entity) -> bool:
    return "priority" in entity.fields


@command("go.orders", N_("orders"), keys=("g o",), scope="list record rows dashboard", in_program=True, rank=104)
async def go_orders(context: Context) -> None:
    """Go to the orders, as you left them."""
    await context.screen.open_list(entities["order"])


@command(
    "{entity}.move_right", N_("next stage"), keys=("L",), scope="list record", of=_is_order,
    why_not=needs_record_to_change, rank=12, takes=("steps", ANYWAY),
)  # fmt: skip
async def move_right(context: Context) -> None:
    """Move the order, or all selected, to the next stage, or so many stages on; a stage that is fuller than its limit
    is said."""
    await _move(context, 1)


@command(
    "{entity}.move_left", N_("stage before"), keys=("H",), scope="list record", of=_is_order,
    why_not=needs_record_to_change, rank=13, takes=("steps", ANYWAY),
)  # fmt: skip
async def move_left(context: Context) -> None:
    """Move the order, or all selected, back to the stage before, or so many stages."""
    await _move(context, -1)


async def _move(context: Context, way: int) -> None:
    from crm_tui.services import ordering  # start-up is budgeted

    steps = steps_of(context, 100)
    ids = await context.records()
    board = context.ui.board_view if context.ui is not None else None
    after = board.across(way * steps) if board is not None and len(ids) == 1 and not context.several else None
    moved = await doubtful(context, ordering.move, ids, way * steps, after=after)
    if moved and len(ids) == 1 and board is not None:
        moved = moved.partition(ordering.BETWEEN)[2]  # the card is seen to move: only what is to be minded is said
        if not moved:
            return
    context.say(moved or _("There is no stage beyond this one."))


async def doubtful(context: Context, act: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Call a service that takes ``anyway``: on the screen it is asked whether to do what is doubtful all the same, in
    scripts anyway=yes says so. Raises CrmError when the operator would rather not."""
    anyway = bool(Flag().parse(context.arguments.get(ANYWAY, "no")))
    try:
        return cast(T, await context.call(act, context.workspace, context.actor, *arguments, **options, anyway=anyway))
    except Doubtful as error:
        if context.ui is None:
            raise
        if not await context.ui.confirm(error.question):
            raise CrmError(_("Nothing was changed.")) from error
    return cast(T, await context.call(act, context.workspace, context.actor, *arguments, **options, anyway=True))


def steps_of(context: Context, most: int) -> int:
    """Return by how many steps something is to be moved. Raises BadInput."""
    steps = context.arguments.get("steps", "1").strip()
    if not steps.isdecimal() or not 1 <= int(steps) <= most:
        raise BadInput(_("Say how many steps, like steps=2."), field="steps")
    return int(steps)


@command(
    "{entity}.fulfil", N_("fulfil"), keys=("x",), scope="list record", of=_is_order, why_not=needs_record_to_change,
    rank=14, takes=(ANYWAY,),
)  # fmt: skip
async def fulfil(context: Context) -> None:
    """Move the order, or all selected, to the stage that is done: fulfilled today."""
    from crm_tui.services import ordering

    ids = await context.records()
    moved = await doubtful(context, ordering.fulfil, ids)
    context.say(moved or _("Nothing to change: they are so already."))


@command(
    "{entity}.priority", N_("priority"), keys=("!",), scope="list record", of=_has_priority, rank=24,
    why_not=needs_record_to_change, takes=("priority",),
)  # fmt: skip
async def set_priority(context: Context) -> None:
    """Give the order or task, or all selected, another priority."""
    given = context.arguments.get("priority")
    if given is None:
        kind = context.of.fields["priority"]
        options = getattr(kind, "options", ())
        chosen = await context.screen.choose(_("Priority"), [Choice(one.value, _(one.label)) for one in options])
        if not chosen:
            return
        given = chosen[0]
    say_changed(context, await apply_to_all(context, {"priority": given}, _("Changing")))
