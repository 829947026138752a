"""Ordering by keyboard: a line of an order typed as one line of text; orders moved from stage to stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.models.orders import DONE
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.orders import order_stages
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


def move(workspace: Workspace, actor: Actor, ids: Sequence[int], steps: int) -> str:
    """Move orders so many stages on, or back, as far as there are stages; return what was done in words, "" for
    nothing. Raises InvalidRecord where a stage requires what is missing, NotFound, NotAllowed."""
    stages = [option.value for option in order_stages().options]

    def wanted(stage: str) -> str:
        at = stages.index(stage) if stage in stages else 0
        return stages[max(0, min(len(stages) - 1, at + steps))]

    return _move_each(workspace, actor, "order.move", ids, wanted)


def fulfil(workspace: Workspace, actor: Actor, ids: Sequence[int]) -> str:
    """Move orders to the first stage that is done, unless they are in one; return what was done in words, "" for
    nothing. Raises as ``move`` does."""
    stages = order_stages()
    done = stages.meant(DONE)
    return _move_each(workspace, actor, "order.fulfil", ids, lambda stage: stage if stage in done else done[0])


def _move_each(
    workspace: Workspace, actor: Actor, command: str, ids: Sequence[int], wanted: Callable[[str], str]
) -> str:
    entity, entered = entities["order"], dict[str, int]()
    with operation(workspace, actor, command) as op:
        number = ""
        for record in dict.fromkeys(ids):
            current = op.read(entity, record)
            stage = wanted(current["stage"])
            if stage == current["stage"]:
                continue
            records.change_by_rule(op, entity, record, {"stage": stage})
            entered[stage] = entered.get(stage, 0) + 1
            number = current["number"]
        if not entered:
            return ""
        moved, where = sum(entered.values()), ", ".join(order_stages().show(stage) for stage in entered)
        op.summary = _("move {what} to {stage}").format(
            what=_("order {number}").format(number=number) if moved == 1 else _("{n} orders").format(n=whole(moved)),
            stage=where,
        )
        over = [text for stage in entered if (text := over_limit(stage))]
    said = _("{number} is {stage} now").format(number=number, stage=where)
    if moved > 1:
        said = _("{n} orders moved to {stage}").format(n=whole(moved), stage=where)
    return "; ".join([said, *over])


def over_limit(stage: str) -> str:
    """Return that more orders are in a stage than its limit, in words; "" when they are not, or it has none."""
    option = order_stages().option(stage)
    if option is None or option.limit is None:
        return ""
    model: Any = entities["order"].model
    count = model.select().where((model.stage == stage) & model.archived_at.is_null()).count()
    if count <= option.limit:
        return ""
    return _("limit {limit} in {stage}: {n}").format(limit=whole(option.limit), stage=_(option.label), n=whole(count))
