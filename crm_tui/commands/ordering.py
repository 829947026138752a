"""Ordering: a new order for a client, its lines in one line of text each, the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_tui.commands import asking
from crm_tui.commands.context import Asked, Choice, Context, needs_change, needs_record
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.queries import lists
from crm_tui.scope import why_not_change

HELP = N_("2 x Chai, 3 hours of advice @80, 10 paper -5%; empty ends")

_ASKED = ("title", "contact", "due_on", "priority", "assignee", "team")


def _buys(entity: Entity) -> bool:
    return entity.name in ("client", "contact")


def _is_order(entity: Entity) -> bool:
    return entity.name == "order"


def _is_line(entity: Entity) -> bool:
    return entity.name == "order_line"


def _may_order(context: Context) -> str:
    return why_not_change(context.actor, entities["order"]) or needs_record(context)


@command(
    "{entity}.order", N_("new order"), keys=("o",), scope="list record", of=_buys, why_not=_may_order, rank=16,
    takes=("*",),
)  # fmt: skip
async def new_order(context: Context) -> None:
    """Begin an order of this client; once it is saved its record opens, where a adds lines."""
    ids = await context.records()
    if len(ids) > 1:
        raise BadInput(_("Choose one: an order is of one client."))
    await _begin(context, await context.call(_who, context, ids[0]), _ASKED)


@command(
    "order.add", N_("new order"), keys=("a",), scope="list record", of=_is_order, why_not=needs_change, rank=10,
    takes=("*",),
)  # fmt: skip
async def add_order(context: Context) -> None:
    """Begin an order; once it is saved its record opens, where a adds lines."""
    await _begin(context, context.given, _ASKED if context.given.get("client") else ("client", *_ASKED))


async def _begin(context: Context, given: Mapping[str, str], asked: tuple[str, ...]) -> None:
    from crm_tui.services import records  # start-up is budgeted

    if context.ui is not None:
        await context.ui.open_form(entities["order"], None, given, Asked(_("new order"), asked, opens=True))
        return
    typed = {**given, **context.arguments}
    new = await context.call(records.add, context.workspace, context.actor, entities["order"], typed)
    context.found = [{"id": new}]
    context.say(_("Order #{id} added").format(id=new))


def _who(context: Context, record: int) -> dict[str, str]:
    """The client, and whom it is ordered with."""
    if context.of.name == "client":
        return {"client": f"#{record}"}
    from crm_tui.queries import details

    found = details.brief(context.actor, context.of, record)
    if found.values["client"] is None:
        raise CrmError(_("{name} is at no client: an order is of one.").format(name=found.title))
    return {"client": f"#{found.values['client']}", "contact": f"#{record}"}


@command(
    "{entity}.add", N_("add lines"), keys=("a",), scope="record", of=_is_line, why_not=needs_change, rank=10,
    takes=("order", "line"),
)  # fmt: skip
async def add_lines(context: Context) -> None:
    """Add lines to the order, each typed as one: how many, what, and where it differs from the catalogue the price
    after @ and a discount as -10%. Several products that are meant are offered; what is in no catalogue needs a
    price."""
    given = {**context.given, **context.arguments}
    if not given.get("order"):
        raise BadInput(_("Name the order: order=ORD-12."), field="order")
    order = await asking.named(context, "order", given["order"], "order")
    if "line" in given:
        context.say(await _add(context, order, given["line"]))
        return
    await asking.lines(context, _("Add a line"), _(HELP), lambda typed: _add(context, order, typed))


async def _add(context: Context, order: int, text: str) -> str:
    from crm_tui.services import ordering

    line = ordering.read_line(text)
    product = await _product(context, line)
    _record, made = await context.call(ordering.add_line, context.workspace, context.actor, order, line, product)
    shown = lists.with_currencies(entities["order_line"], made)
    fields = entities["order_line"].fields
    return _("Added: {quantity} x {what}, {amount}").format(
        quantity=fields["quantity"].show(shown["quantity"]), what=shown["title"],
        amount=fields["amount"].show(shown["amount"]),
    )  # fmt: skip


async def _product(context: Context, line: Any) -> int | None:
    """The product that is meant; None for what is in no catalogue and has a price."""
    from crm_tui.queries import orders

    found = await context.call(orders.products, context.actor, line.what)
    if len(found) == 1:
        return int(found[0][0])
    if found and context.ui is not None:
        choices = [Choice(str(record), name, price) for record, name, price in found]
        choices.append(Choice("", _("None of them: {text}").format(text=line.what)))
        chosen = await context.ui.choose(_("Which product?"), choices)
        if chosen is None:
            raise CrmError(_("Nothing was added."))
        if chosen[0]:
            return int(chosen[0])
    elif found:
        names = ", ".join(name for _record, name, _price in found[:5])
        raise BadInput(_("Several products are called so: {names}").format(names=names), field="line")
    if not line.price:
        raise BadInput(
            _("The catalogue has no {what}; add it there, or give the price: {what} @80").format(what=line.what),
            field="line",
        )
    return None


@command("go.products", N_("catalogue"), keys=("g C",), scope="list record rows dashboard", in_program=True, rank=110)
async def go_products(context: Context) -> None:
    """Go to the catalogue: the products and services that clients buy."""
    await context.screen.open_list(entities["product"])
