"""What is asked of products, orders and their lines before they are written, and what follows from where they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

import peewee as pw

from crm_tui import clock, places, ranks, totals
from crm_tui.db import ask
from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.fields import Choice, spelled
from crm_tui.formats import default_currency, long_day, whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer
from crm_tui.models.base import entities
from crm_tui.models.orders import DONE, Order, OrderLine, Product, order_stages
from crm_tui.models.people import Client, Contact
from crm_tui.models.workspace import setting
from crm_tui.services import checklists
from crm_tui.services.rules import consequence, rule
from crm_tui.text import fold, quoted

SERIES = "order.number"
"""The setting that says how orders are numbered."""
USUAL_SERIES = "ORD-{n}"

LARGEST_LINE = 10**15
"""Minor units of one line; so many lines of it can be added up."""
MOST_LINES = 1_000
"""Lines of one order."""


@rule("product", "name", "sku", "price", "currency")
def in_the_catalogue(writer: Writer, record: int | None, values: Values) -> None:
    """A product has a currency where it has a price, and an article number of its own."""
    if values.get("price") is not None and not values.get("currency"):
        values["currency"] = default_currency()
    if values.get("sku"):
        model: Any = Product
        same = (model.sku_key == fold(values["sku"])) & model.archived_at.is_null() & (model.id != (record or 0))
        other: Any = model.select(model.name).where(same).tuples().first()
        if other:
            raise InvalidRecord(
                {"sku": _("{name} has the SKU {sku} already").format(name=quoted(other[0]), sku=values["sku"])}
            )


@rule(
    "order", "number", "client", "contact", "stage", "ordered_on", "due_on", "fulfilled_on", "currency", "team",
    "assignee", "priority", "title",
)  # fmt: skip
def stands(writer: Writer, record: int | None, values: Values) -> None:
    """An order has a number, a client and a place on the board; its days are in their order, and it is fulfilled from
    the day on that it enters a stage that is done."""
    former = None if record is None else writer.read(entities["order"], record)
    values["ordered_on"] = values.get("ordered_on") or clock.today()
    _with_client(values, former)
    _enter_stage(values, former)
    if record is not None and former and former["stage"] != values["stage"] and _is_done(values["stage"]):
        checklists.require_done(writer, entities["order"], record)
    _require_days(values)
    _keep_currency(values, former)
    if not values.get("number"):
        values["serial"], values["number"] = _next_number(values["ordered_on"])
    elif former is None or former["number"] != values["number"]:
        _require_free(record, values["number"])
    if former is None or former["stage"] != values["stage"]:
        values["entered_at"] = clock.now()
        if not values.get("rank") or (former is not None and former["rank"] == values["rank"]):
            values["rank"] = first_rank(values["stage"])


def _is_done(stage: str) -> bool:
    return order_stages().meaning(stage) == DONE


@consequence("order")
def tasks_follow(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """The tasks of an order go to its client."""
    if before is not None and before["client"] != values["client"]:
        from crm_tui.services.tasks import follow_order  # few changes need it

        follow_order(writer, record, values["client"])


def first_rank(stage: str) -> str:
    """Return a rank in front of all orders of a stage."""
    model: Any = Order

    def query() -> Any:
        return model.select(pw.fn.MIN(model.rank)).where((model.stage == stage) & (model.rank != ""))

    ((first,),) = ask("first rank", query, values=[stage, ""])
    return ranks.between(after=first or "")


def _with_client(values: Values, former: Values | None) -> None:
    """The contact is one of the client's; whom an order was given with stays when they have left."""
    contact, client = values.get("contact"), values.get("client")
    if contact is None or (former and (former["contact"], former["client"]) == (contact, client)):
        return
    there = [place.client for place in places.clients([contact])]
    if client is None and there:
        values["client"] = there[0]
    elif client not in there:
        person: Any = Contact.get(Contact.id == contact)
        raise InvalidRecord({"contact": _("{name} is not a contact of this client").format(name=person.name)})


def _enter_stage(values: Values, former: Values | None) -> None:
    """Fulfilled means a stage that is done, and a day; whichever of the two is new brings the other."""
    stages = order_stages()
    fulfilled, before = values.get("fulfilled_on"), (former or {}).get("fulfilled_on")
    moved = former is None or former["stage"] != values["stage"]
    done = stages.meaning(values["stage"]) == DONE
    if done and fulfilled is None:
        if not moved and before is not None:
            raise InvalidRecord(
                {"fulfilled_on": _("a fulfilled order has a day; move it to another stage to open it again")}
            )
        values["fulfilled_on"] = max(clock.today(), values["ordered_on"])
    elif not done and fulfilled is not None:
        if fulfilled == before and moved:
            values["fulfilled_on"] = None  # it was opened again
        else:
            values["stage"] = stages.meant(DONE)[0]
    if former is None or former["stage"] != values["stage"]:
        _require_filled(stages, values)


def _require_filled(stages: Choice, values: Values) -> None:
    option, entity = stages.option(values["stage"]), entities["order"]
    missing = {}
    for name in option.requires if option else ():
        kind = entity.fields.get(spelled(name).replace(" ", "_"))  # as earlier versions took it
        if kind is not None and kind.is_empty(values.get(kind.name, kind.empty)):
            missing[kind.name] = _("needed to enter {stage}").format(stage=stages.show(values["stage"]))
    if missing:
        raise InvalidRecord(missing)


def _require_days(values: Values) -> None:
    ordered: date = values["ordered_on"]
    problems = {}
    if values.get("due_on") and values["due_on"] < ordered:
        problems["due_on"] = _("that is before it was ordered, on {day}").format(day=long_day(ordered))
    if values.get("fulfilled_on") and values["fulfilled_on"] < ordered:
        problems["fulfilled_on"] = _("that is before it was ordered, on {day}").format(day=long_day(ordered))
    if problems:
        raise InvalidRecord(problems)


def _keep_currency(values: Values, former: Values | None) -> None:
    """An order is of one currency: the client's unless it is said, and the lines' once there are any."""
    if not values.get("currency"):
        client: Any = Client.select(Client.currency).where(Client.id == values.get("client")).tuples().first()
        values["currency"] = (client and client[0]) or default_currency()
    if former and former["currency"] != values["currency"]:
        count = OrderLine.select().where((OrderLine.order == values["id"]) & OrderLine.archived_at.is_null()).count()
        if count:
            raise InvalidRecord(
                {
                    "currency": ngettext(
                        "it has {n} line in {currency}", "it has {n} lines in {currency}", count
                    ).format(n=whole(count), currency=former["currency"])
                }
            )


def _next_number(day: date) -> tuple[int, str]:
    """Return the next number of the series; one that somebody has typed already is passed over."""
    model: Any = Order
    last: Any = model.select(pw.fn.MAX(model.serial)).tuples().first()
    pattern = setting(SERIES, USUAL_SERIES)
    serial = int(last[0] or 0) + 1
    while _taken(None, number := numbered(pattern, serial, day)):
        serial += 1
    return serial, number


def numbered(pattern: str, serial: int, day: date) -> str:
    """Return a number of a series: ``{n}`` is the number, ``{n:5}`` with so many digits, ``{year}`` that of the day."""
    import re

    with_year = pattern.replace("{year}", str(day.year))
    return re.sub(r"\{n(?::(\d{1,2}))?\}", lambda match: str(serial).zfill(int(match[1] or 0)), with_year)


def _taken(record: int | None, number: str) -> bool:
    model: Any = Order
    same = (model.number_key == fold(number)) & (model.id != (record or 0))
    # The index by number holds those that are not archived; a number of an archived order stays taken, too.
    return any(model.select().where(same & model.archived_at.is_null(live)).exists() for live in (True, False))


def _require_free(record: int | None, number: str) -> None:
    if _taken(record, number):
        raise InvalidRecord({"number": _("there is already an order {number}").format(number=quoted(number))})


@rule("order_line", "order", "product", "title", "quantity", "unit_price", "discount", "tax")
def comes_to(writer: Writer, record: int | None, values: Values) -> None:
    """A line is of a product or says what it is; price and tax are the product's unless given; its amount follows."""
    order: Any = Order.select(Order.currency, Order.archived_at).where(Order.id == values.get("order")).tuples().first()
    if order is None:
        raise InvalidRecord({"order": _("name the order that the line belongs to")})
    values["currency"] = order[0]
    product: Any = None
    if values.get("product") is not None:
        product = Product.get_or_none(Product.id == values["product"])
    if product is None and not values.get("title"):
        raise InvalidRecord({"product": _("name a product, or say in the title what it is")})
    if product is not None:
        _take_from_product(values, product)
    if values.get("unit_price") is None:
        raise InvalidRecord({"unit_price": _("it needs a price")})
    amount = totals.amount(values["quantity"], values["unit_price"], values.get("discount") or 0)
    if abs(amount) >= LARGEST_LINE:
        raise InvalidRecord({"quantity": _("that is more money than an order line can hold")})
    values["amount"] = amount
    if record is None:
        _place(values)


def _take_from_product(values: Values, product: Any) -> None:
    if values.get("unit_price") is None:
        if product.price is not None and product.currency and product.currency != values["currency"]:
            raise InvalidRecord(
                {
                    "unit_price": _(
                        "{product} is priced in {currency}, the order is in {other}: give the price"
                    ).format(product=quoted(product.name), currency=product.currency, other=values["currency"])
                }
            )
        values["unit_price"] = product.price
    if values.get("tax") is None:
        values["tax"] = product.tax
    values["title"] = values.get("title") or product.name


def _place(values: Values) -> None:
    model: Any = OrderLine
    live = (model.order == values["order"]) & model.archived_at.is_null()
    count, last = model.select(pw.fn.COUNT(model.id), pw.fn.MAX(model.position)).where(live).tuples().first()
    if count >= MOST_LINES:
        raise CrmError(_("An order holds {n} lines; this one is full.").format(n=whole(MOST_LINES)))
    if values.get("position") is None:
        values["position"] = int(last or 0) + 1
