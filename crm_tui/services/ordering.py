"""Ordering by keyboard: a line of an order typed as one line of text; orders moved from stage to stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import ranks
from crm_tui.db import Workspace, ask
from crm_tui.errors import BadInput, CrmError, NotFound
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.journal import Writer, operation
from crm_tui.models.base import entities
from crm_tui.models.orders import DONE, OPEN, in_stages, order_stages
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.typed import read_typed

BETWEEN = "; "
"""Between what was done and what is to be minded."""

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


def move(
    workspace: Workspace,
    actor: Actor,
    ids: Sequence[int],
    steps: int,
    *,
    after: int | None = None,
    anyway: bool = False,
) -> str:
    """Move orders so many stages on, or back, as far as there are stages; return what was done in words, "" for
    nothing. They come to stand on top; a single one right behind ``after``, if that is in its new stage. Raises
    InvalidRecord where a stage requires what is missing, StillOpen where one that is done is entered with open items,
    unless ``anyway``, NotFound, NotAllowed."""
    stages = [option.value for option in order_stages().options]

    def wanted(stage: str) -> str:
        at = stages.index(stage) if stage in stages else 0
        return stages[max(0, min(len(stages) - 1, at + steps))]

    return _move_each(workspace, actor, "order.move", ids, wanted, anyway, after)


def fulfil(workspace: Workspace, actor: Actor, ids: Sequence[int], *, anyway: bool = False) -> str:
    """Move orders to the first stage that is done, unless they are in one; return what was done in words, "" for
    nothing. Raises as ``move`` does."""
    stages = order_stages()
    done = stages.meant(DONE)
    return _move_each(workspace, actor, "order.fulfil", ids, lambda stage: stage if stage in done else done[0], anyway)


def _move_each(
    workspace: Workspace,
    actor: Actor,
    command: str,
    ids: Sequence[int],
    wanted: Callable[[str], str],
    anyway: bool,
    after: int | None = None,
) -> str:
    entity, entered = entities["order"], dict[str, int]()
    with operation(workspace, actor, command) as op:
        op.anyway = anyway
        number = ""
        currents = {record: op.read(entity, record) for record in dict.fromkeys(ids)}
        # Each goes to the top of its stage: from the last to the first they keep their order.
        for record, current in sorted(currents.items(), key=lambda one: (one[1]["rank"], one[0]), reverse=True):
            stage = wanted(current["stage"])
            if stage == current["stage"]:
                continue
            place = _place_behind(op, record, after, stage) if len(currents) == 1 else {}
            records.change_by_rule(op, entity, record, {"stage": stage, **place})
            entered[stage] = entered.get(stage, 0) + 1
            number = current["number"]
        if not entered:
            return ""
        kind = order_stages()
        reached = [option.value for option in kind.options if option.value in entered]
        moved, where = sum(entered.values()), ", ".join(kind.show(stage) for stage in reached)
        op.summary = _("move {what} to {stage}").format(
            what=_("order {number}").format(number=number) if moved == 1 else _("{n} orders").format(n=whole(moved)),
            stage=where,
        )
        over = [text for stage in entered if (text := over_limit(stage))]
    said = _("{number} is {stage} now").format(number=number, stage=where)
    if moved > 1:
        said = _("{n} orders moved to {stage}").format(n=whole(moved), stage=where)
    return BETWEEN.join([said, *over])


def _place_behind(op: Writer, record: int, after: int | None, stage: str) -> dict[str, str]:
    """The rank behind another order, if that is in the stage: somebody may just have moved it."""
    if after is None or order_stages().meaning(stage) != OPEN:
        return {}
    try:
        there = op.read(entities["order"], after)
    except NotFound:
        return {}
    if there["stage"] != stage or there["archived_at"] is not None:
        return {}
    return {"rank": _rank_beside(op, record, after, behind=True)}


def over_limit(stage: str) -> str:
    """Return that more orders are in a stage than its limit, in words; "" when they are not, or it has none."""
    option = order_stages().option(stage)
    if option is None or option.limit is None:
        return ""
    count = in_stages([stage]).get(stage, 0)
    if count <= option.limit:
        return ""
    return _("limit of {stage} is {limit}: {n}").format(
        stage=_(option.label), limit=whole(option.limit), n=whole(count)
    )


def place(
    workspace: Workspace, actor: Actor, record: int, *, after: int | None = None, before: int | None = None
) -> str:
    """Let an order stand on the board right behind another of its stage, or right in front of one; return what was
    done in words. Raises BadInput where neither or the order itself is named, CrmError where the other one has left the
    stage, NotFound, NotAllowed."""
    anchor = before if after is None else after
    if anchor is None or anchor == record:
        raise BadInput(_("Name another order of the same stage: after=ORD-12, or before=ORD-12."))
    entity = entities["order"]
    with operation(workspace, actor, "order.place") as op:
        current, there = op.read(entity, record), op.read(entity, anchor)
        if there["stage"] != current["stage"]:
            raise CrmError(
                _("{other} is in another stage than {number} now.").format(
                    other=there["number"], number=current["number"]
                )
            )
        rank = _rank_beside(op, record, anchor, behind=after is not None)
        if rank != current["rank"]:
            records.change_by_rule(op, entity, record, {"rank": rank})
        word = _("behind {other}") if after is not None else _("in front of {other}")
        where = word.format(other=there["number"])
        op.summary = _("place order {number} {where}").format(number=current["number"], where=where)
    return _("{number} stands {where} now").format(number=current["number"], where=where)


def _rank_beside(op: Writer, record: int, anchor: int, *, behind: bool) -> str:
    """Return the rank between an order and the one next to it in its stage. Where both have the same, which undoing can
    bring about, all of the stage are ranked anew first."""
    entity = entities["order"]
    model: Any = entity.model
    there = op.read(entity, anchor)

    def others() -> Any:
        return (model.stage == there["stage"]) & (model.id != record) & model.archived_at.is_null()

    def query() -> Any:
        same = model.rank == there["rank"]
        if behind:
            beyond, nearest = (model.rank > there["rank"]) | (same & (model.id > anchor)), (model.rank, model.id)
        else:
            beyond = (model.rank < there["rank"]) | (same & (model.id < anchor))
            nearest = (model.rank.desc(), model.id.desc())
        return model.select(model.rank).where(others() & beyond).order_by(*nearest).limit(1)

    values = (there["stage"], record, there["rank"], there["rank"], anchor, 1)
    found = ask(("rank beside an order", behind), query, values=values)
    other = found[0][0] if found else ""
    if there["rank"] and other != there["rank"] and not (found and not other):
        return ranks.between(there["rank"], other) if behind else ranks.between(other, there["rank"])
    ordered = [row[0] for row in model.select(model.id).where(others()).order_by(model.rank, model.id).tuples()]
    for one, rank in zip(ordered, ranks.row(len(ordered)), strict=True):
        records.change_by_rule(op, entity, one, {"rank": rank})
    return _rank_beside(op, record, anchor, behind=behind)
