"""Ordering by keyboard: a line of an order typed as one line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.typed import read_typed

_QUANTITY = re.compile(r"^\s*(\d[\d.,]*)\s*(?:[x×*]\s*|\s+)(?=\S)", re.IGNORECASE)
_DISCOUNT = re.compile(r"(?:^|\s)-\s*(\d[\d.,]*)\s*%(?=\s|$)")
_PRICE = re.compile(r"(?:^|\s)@\s*(\d[\d.,]*)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class LineText:
    """A line of an order as it was typed: ``2 x Chai @18 -10%``."""

    what: str
    """The product, or what it is."""
    quantity: str = "1"
    price: str = ""
    discount: str = ""


def read_line(text: str) -> LineText:
    """Return the parts of a line that was typed. Raises BadInput where it does not say what is ordered."""
    found: dict[str, str] = {}
    for name, pattern in (("discount", _DISCOUNT), ("price", _PRICE)):
        if match := pattern.search(text):
            found[name] = match[1]
            text = text[: match.start()] + " " + text[match.end() :]
    if match := _QUANTITY.match(text):
        found["quantity"], text = match[1], text[match.end() :]
    what = " ".join(text.split())
    if not what:
        raise BadInput(_("Write what is ordered, like 2 x Chai, 3 hours of advice @80 or 10 paper -5%."), field="line")
    return LineText(what, **found)


def add_line(
    workspace: Workspace, actor: Actor, order: int, line: LineText, product: int | None
) -> tuple[int, dict[str, Any]]:
    """Add a line to an order; return its id and its values. Raises InvalidRecord, NotFound, NotAllowed."""
    entity = entities["order_line"]
    typed: dict[str, Any] = {"order": order, "quantity": line.quantity}
    typed |= {"product": product} if product is not None else {"title": line.what}
    typed |= {"unit_price": line.price} if line.price else {}
    typed |= {"discount": line.discount} if line.discount else {}
    values = read_typed(actor, entity, typed)
    with operation(workspace, actor, "order_line.add") as op:
        record = records.write_new(op, entity, values)
        made = op.read(entity, record)
        number = op.read(entities["order"], order)["number"]
        op.summary = _("add {what} to order {number}").format(what=made["title"], number=number)
    return record, made
