"""What is sold and made: the catalogue of products and services, orders and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import peewee as pw

from crm_tui.fields import (
    Choice,
    Currency,
    Day,
    Kind,
    Markdown,
    Moment,
    Money,
    Number,
    Option,
    Quantity,
    Rate,
    Reference,
    Tags,
    Text,
)
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entities, entity
from crm_tui.models.people import Client, Contact, Operator, Team

if TYPE_CHECKING:
    _TextField = pw.TextField[Any]
else:
    _TextField = pw.TextField

OPEN, DONE, DROPPED = "open", "done", "dropped"
"""What stages of orders mean: of those that are to be made, that were fulfilled, that came to nothing."""

PRODUCT_KINDS = (Option("product", N_("product")), Option("service", N_("service")))
BILLING = (
    Option("one-off", N_("one-off")),
    Option("recurring", N_("recurring")),
    Option("time", N_("by time")),
    Option("milestone", N_("by milestone")),
)
ORDER_STAGES = (
    Option("new", N_("new"), OPEN),
    Option("confirmed", N_("confirmed"), OPEN),
    Option("in progress", N_("in progress"), OPEN),
    Option("review", N_("review"), OPEN),
    Option("fulfilled", N_("fulfilled"), DONE),
    Option("cancelled", N_("cancelled"), DROPPED),
)
PRIORITIES = (
    Option("low", N_("low")),
    Option("normal", N_("normal")),
    Option("high", N_("high")),
    Option("urgent", N_("urgent")),
)


class Rank(Kind, _TextField):
    """A place in an order arranged by hand (``crm_tui.ranks``); compared byte by byte on both databases."""

    empty = ""

    def __init__(self, label: str = "", **options: Any) -> None:
        options.setdefault("default", "")
        super().__init__(label, internal=True, **options)


@entity(
    "checklist",
    "checklists",
    label=N_("checklist"),
    label_plural=N_("checklists"),
    columns=("name", "items"),
    search=("name", "items"),
    unique=("name",),
    indexed=("name",),
    aliases=("checklist_template", "checklist_templates"),
)
class Checklist(Record):
    """A list that is used again and again: what an order of a kind, or a task, has to pass."""

    name: Any = Text(N_("Name"), required=True, longest=200, width=24)
    items: Any = Markdown(
        N_("Items"), required=True, width=60, help=N_("One a line; (optional) at its end does not hold anything up")
    )


@entity(
    "product",
    "products",
    label=N_("product"),
    label_plural=N_("products"),
    columns=("name", "sku", "kind", "price", "unit", "billing", "tax", "category"),
    search=("name", "sku", "category", "description"),
    unique=("external_id", "sku", "name"),
    indexed=("name", "sku", "external_id"),
    aliases=("catalogue", "service", "services"),
)
class Product(Record):
    """Something that clients buy: a product, or a service."""

    name: Any = Text(N_("Name"), required=True, longest=200, width=32)
    sku: Any = Text(N_("SKU"), longest=60, width=14, help=N_("The article number; empty is fine"))
    kind: Any = Choice(N_("Kind"), options=PRODUCT_KINDS, default="product", required=True, width=8)
    price: Any = Money(N_("Price"), width=12, help=N_("Of one unit, without tax"))
    currency: Any = Currency(N_("Currency"), longest=3, width=8, help=N_("Empty: that of the workspace"))
    tax: Any = Rate(N_("Tax"), width=7, help=N_("Percent on top of the price"))
    unit: Any = Text(N_("Unit"), longest=60, width=12, help=N_("piece, hour, month"))
    billing: Any = Choice(
        N_("Billing"), options=BILLING, words="product.billing", default="one-off", required=True, width=12
    )
    category: Any = Text(N_("Category"), longest=100, words="product.category", width=16)
    checklist: Any = Reference(
        Checklist, N_("Checklist"), width=18, help=N_("What an order of it has to pass; it comes with the first line")
    )
    description: Any = Markdown(N_("Description"), width=30)
    external_id: Any = Text(N_("External id"), longest=100, width=12)


@entity(
    "order",
    "orders",
    label=N_("order"),
    label_plural=N_("orders"),
    title="number",
    order="-ordered_on",
    columns=("number", "client", "title", "stage", "due_on", "priority", "assignee", "team", "total"),
    search=("number", "title", "notes"),
    unique=("number", "external_id"),
    indexed=("number", "external_id", "client", "stage", "ordered_on", "due_on", "fulfilled_on", "assignee", "team"),
    counted=("stage",),
    told_with=("client",),
    impersonal=("number", "currency", "external_id"),
)
class Order(Record):
    """What a client bought and how far it is."""

    number: Any = Text(N_("Number"), longest=60, width=10, help=N_("Empty: the next of the series"))
    client: Any = Reference(Client, N_("Client"), required=True, index=False, width=26)
    title: Any = Text(N_("Title"), longest=300, width=30, aliases=("subject",))
    contact: Any = Reference(Contact, N_("Contact"), width=22, help=N_("Whom to ask; empty is fine"))
    stage: Any = Choice(
        N_("Stage"), options=ORDER_STAGES, words="order.stage", needs=(OPEN, DONE), default="new", required=True,
        width=12,
    )  # fmt: skip
    priority: Any = Choice(
        N_("Priority"), options=PRIORITIES, words="order.priority", default="normal", required=True, width=8
    )
    team: Any = Reference(Team, N_("Team"), index=False, width=14)
    assignee: Any = Reference(Operator, N_("Assignee"), index=False, width=9, aliases=("owner", "assigned"))
    ordered_on: Any = Day(N_("Ordered"), width=12, aliases=("ordered",), help=N_("Empty: today"))
    due_on: Any = Day(N_("Due"), width=12, aliases=("due",))
    fulfilled_on: Any = Day(
        N_("Fulfilled"), width=12, aliases=("fulfilled",), help=N_("Set when it enters a stage that is done")
    )
    blocked: Any = Text(N_("Blocked"), longest=300, width=20, help=N_("Why it cannot go on; empty when it can"))
    tags: Any = Tags(N_("Tags"), width=18, aliases=("tag",))
    currency: Any = Currency(N_("Currency"), longest=3, width=8, help=N_("Empty: the client's, or the workspace's"))
    net: Any = Money(N_("Net"), readonly=True, width=12, help=N_("The sum of the lines, without tax"))
    total: Any = Money(N_("Total"), readonly=True, width=12, help=N_("The sum of the lines with tax"))
    days_late: Any = Number(
        N_("Days late"),
        readonly=True,
        width=9,
        help=N_("From the day it was due to when it was fulfilled; less is early"),
    )
    days_taken: Any = Number(N_("Days taken"), readonly=True, width=10, help=N_("From the day it was ordered"))
    notes: Any = Markdown(N_("Notes"), width=30)
    external_id: Any = Text(N_("External id"), longest=100, width=12)
    serial: Any = Number(N_("Serial"), internal=True, unique=True, least=0, most=2**62)
    """The number in the series, of those that were numbered by the program."""
    entered_at: Any = Moment(N_("In this stage since"), ruled=True, width=13, aliases=("entered",))
    rank: Any = Rank(N_("Place on the board"))

    class Meta:
        indexes = ((("stage", "rank"), False), (("stage", "fulfilled_on"), False), (("stage", "entered_at"), False))


_order: Any = Order
_whole = (_order.ordered_on, _order.stage, _order.client, _order.currency, _order.net, _order.archived_at)
Order.add_index(Order.index(*_whole, where=_order.archived_at.is_null(), name="order_by_day_whole"))
# What orders of some days come to is told by this index alone.


@entity(
    "order_line",
    "order_lines",
    label=N_("order line"),
    label_plural=N_("order lines"),
    title="title",
    order="order",
    columns=("order", "product", "title", "quantity", "unit_price", "discount", "tax", "amount"),
    search=("title",),
    unique=("external_id",),
    indexed=("order", "product", "external_id"),
    aliases=("line", "lines"),
    told_with=("order",),
    discussed=False,
)
class OrderLine(Record):
    """How much of what was ordered, and for how much."""

    order: Any = Reference(Order, N_("Order"), required=True, index=False, width=10, in_form=False)
    product: Any = Reference(
        Product, N_("Product"), index=False, width=30, help=N_("From the catalogue; or give a title")
    )
    title: Any = Text(N_("Title"), longest=300, width=30, help=N_("On the order; empty is the product's name"))
    quantity: Any = Quantity(N_("Quantity"), required=True, least="0.001", most="1000000", default=1000, width=9)
    unit_price: Any = Money(N_("Unit price"), width=12, aliases=("price",), help=N_("Empty: the product's"))
    discount: Any = Rate(N_("Discount"), width=8, help=N_("Percent off the price"))
    tax: Any = Rate(N_("Tax"), width=7, help=N_("Percent on top; empty is the product's"))
    amount: Any = Money(N_("Amount"), ruled=True, width=12, help=N_("After discount, without tax"))
    currency: Any = Currency(N_("Currency"), ruled=True, longest=3, width=8)
    position: Any = Number(N_("Position"), least=0, most=1_000_000, width=8, help=N_("Lower numbers come first"))
    external_id: Any = Text(N_("External id"), longest=100, width=12)


def order_stages() -> Choice:
    """Return the field whose options are the stages of orders."""
    kind: Any = entities["order"].fields["stage"]
    found: Choice = kind
    return found


def in_stages(stages: Sequence[str]) -> dict[str, int]:
    """Return how many orders count for the limit of each of these stages: all that are in it, whoever may see them.
    Empty ones are left out."""
    model: Any = Order
    live = model.stage.in_(stages) & model.archived_at.is_null()
    counted = model.select(model.stage, pw.fn.COUNT(pw.SQL("*"))).where(live).group_by(model.stage)
    return dict(counted.tuples()) if stages else {}
