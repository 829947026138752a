"""Checklists by keyboard: items typed one after the other, ticked off, arranged; lists applied to orders and tasks."""

from __future__ import annotations

from crm_tui.commands import asking
from crm_tui.commands.context import Choice, Context, needs_change, needs_record_to_change
from crm_tui.commands.making import steps_of
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities


def _is_item(entity: Entity) -> bool:
    return entity.name == "checklist_item"


def _is_checklist(entity: Entity) -> bool:
    return entity.name == "checklist"


def _has_checklist(entity: Entity) -> bool:
    return entity.name in ("order", "task")


@command(
    "go.checklists", N_("checklists"), keys=("g x",), scope="list record rows dashboard", in_program=True, rank=110
)
async def go_checklists(context: Context) -> None:
    """Go to the checklists that are used again and again."""
    await context.screen.open_list(entities["checklist"])


@command(
    "{entity}.add", N_("add items"), keys=("a",), scope="record", of=_is_item, why_not=needs_change, rank=10,
    takes=("order", "task", "items"),
)  # fmt: skip
async def add_items(context: Context) -> None:
    """Add items to the checklist of the order or task, one after the other; (optional) at the end of one keeps it from
    holding anything up."""
    from crm_tui.services import checklisting

    given = {**context.given, **context.arguments}
    name = next((one for one in ("order", "task") if given.get(one)), None)
    if name is None:
        raise BadInput(_("Name the order or the task: order=ORD-12."), field="order")
    record = await asking.named(context, name, given[name], name)

    async def add(text: str) -> str:
        said = await context.call(checklisting.add, context.workspace, context.actor, entities[name], record, text)
        return str(said)

    if "items" in context.arguments:
        context.say(await add(context.arguments["items"]))
        return
    await asking.lines(context, _("Add an item"), _("proof is approved, or one (optional); empty ends"), add)


@command(
    "{entity}.tick", N_("done"), keys=("x",), scope="list record", of=_is_item, why_not=needs_record_to_change, rank=9
)
async def tick(context: Context) -> None:
    """Tick the item off, or all selected; where they are ticked off already, take the ticks away."""
    from crm_tui.services import checklisting

    ids = await context.records()
    context.say(await context.call(checklisting.tick, context.workspace, context.actor, ids))


@command(
    "{entity}.lower", N_("item down"), keys=("J",), scope="record", of=_is_item, why_not=needs_record_to_change,
    takes=("steps",), rank=18,
)  # fmt: skip
async def lower(context: Context) -> None:
    """Move the item down its checklist, or by so many steps."""
    await _arrange(context, steps_of(context, 1000))


@command(
    "{entity}.raise", N_("item up"), keys=("K",), scope="record", of=_is_item, why_not=needs_record_to_change,
    takes=("steps",), rank=19,
)  # fmt: skip
async def raise_item(context: Context) -> None:
    """Move the item up its checklist, or by so many steps."""
    await _arrange(context, -steps_of(context, 1000))


async def _arrange(context: Context, steps: int) -> None:
    from crm_tui.services import checklisting

    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Items are arranged one at a time."))
    await context.call(checklisting.arrange, context.workspace, context.actor, ids[0], steps)


@command(
    "{entity}.checklist", N_("checklist"), keys=("i",), scope="list record", of=_has_checklist,
    why_not=needs_record_to_change, takes=("checklist",), rank=28,
)  # fmt: skip
async def apply(context: Context) -> None:
    """Add the items of a checklist to the order or task, or to all selected; those it has already are not added
    twice."""
    from crm_tui.services import checklisting

    ids = await context.records()
    name = context.arguments.get("checklist")
    if name is None:
        offered = await context.call(checklisting.offered)
        choices = [Choice(one, one, "" if own else _("comes with crm-tui")) for one, own in offered]
        chosen = await context.screen.choose(_("Which checklist?"), choices)
        if not chosen:
            return
        name = chosen[0]
    said = await context.call(checklisting.apply, context.workspace, context.actor, context.of, ids, name)
    context.say(said or _("Nothing to change: they are so already."))


@command(
    "{entity}.take_over", N_("take over one"), keys=("A",), scope="list", of=_is_checklist,
    why_not=needs_change, takes=("name",), rank=60,
)  # fmt: skip
async def take_over(context: Context) -> None:
    """Make a checklist that comes with crm-tui one of your own: change it, and give it to products."""
    from crm_tui.services import checklisting

    name = context.arguments.get("name")
    if name is None:
        choices = [Choice(one, one) for one in await context.call(checklisting.shipped)]
        chosen = await context.screen.choose(_("Which checklist?"), choices)
        if not chosen:
            return
        name = chosen[0]
    record = await context.call(checklisting.take_over, context.workspace, context.actor, name)
    context.say(_("Checklist #{id} added").format(id=record))
