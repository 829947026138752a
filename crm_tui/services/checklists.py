"""What is asked of checklists and their items, and of what has a checklist before it is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import clock, ranks
from crm_tui.errors import BadInput, Doubtful, InvalidRecord
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities
from crm_tui.models.checklists import ChecklistItem
from crm_tui.models.orders import Checklist, Product
from crm_tui.services.rules import consequence, rule
from crm_tui.text import clean, quoted

MOST_ITEMS = 500
"""Items of one order or task."""

_TOLD = 3
_BULLET = re.compile(r"^\s*(?:[-*+\u2022]|\d{1,3}[.)])?\s*(?:\[(?P<tick>[ xX]?)\])?\s*")
_OPTIONAL = re.compile(r"\s*\(optional\)\s*$", re.IGNORECASE)


class StillOpen(Doubtful):
    """Required items of a checklist are still to be done. Exit code 1."""


class Item(NamedTuple):
    """An item as a line says it."""

    text: str
    required: bool = True
    done: bool = False


def read_items(text: str) -> list[Item]:
    """Return the items that lines of text name: ``- [x] Proof is approved``, ``Sample is kept (optional)``. Raises
    BadInput for one that is too long."""
    found = []
    for line in clean(text).splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        bullet = _BULLET.match(line)
        assert bullet is not None  # it may be empty
        rest = line[bullet.end() :].strip()
        required = not _OPTIONAL.search(rest)
        rest = _OPTIONAL.sub("", rest).strip()
        if len(rest) > 300:
            raise BadInput(
                _("an item of {n} characters is too long: {text}").format(n=whole(len(rest)), text=quoted(rest, 40)),
                field="items",
            )
        if rest:
            found.append(Item(rest, required, (bullet["tick"] or "").lower() == "x"))
    return found


@rule("checklist", "name", "items")
def has_items(writer: Writer, record: int | None, values: Values) -> None:
    """A checklist has a name of its own, and items."""
    model: Any = Checklist
    key = entities["checklist"].fields["name"].key(values["name"])
    if (
        model.select()
        .where((model.name_key == key) & model.archived_at.is_null() & (model.id != (record or 0)))
        .exists()
    ):
        raise InvalidRecord({"name": _("there is already a checklist {name}").format(name=quoted(values["name"]))})
    if not read_items(values.get("items") or ""):
        raise InvalidRecord({"items": _("write the items, one a line")})


@rule("checklist_item", "text", "done", "order", "task", "required")
def is_of_one(writer: Writer, record: int | None, values: Values) -> None:
    """An item is of one order or one task; whoever ticked it off is known."""
    if (values.get("order") is None) == (values.get("task") is None):
        raise InvalidRecord({"order": _("an item is of an order or of a task: name one of them")})
    if values["done"] and not values.get("done_at"):
        values["done_at"], values["done_by"] = clock.now(), writer.actor.operator_id
    elif not values["done"]:
        values["done_at"] = values["done_by"] = None
    if record is None and not values.get("rank"):
        name = "order" if values.get("order") is not None else "task"
        values["rank"] = last_rank(name, values[name])


def of(name: str, record: int) -> Any:
    """The condition of the items of an order or a task."""
    model: Any = ChecklistItem
    return (model._meta.fields[name] == record) & model.archived_at.is_null()


def last_rank(name: str, record: int) -> str:
    """Return a rank behind all items of an order or a task. Raises BadInput when there are too many."""
    model: Any = ChecklistItem
    query = model.select(pw.fn.COUNT(model.id), pw.fn.MAX(model.rank)).where(of(name, record))
    count, last = query.tuples().first()
    if count >= MOST_ITEMS:
        raise BadInput(_("A checklist holds {n} items; this one is full.").format(n=whole(MOST_ITEMS)))
    return ranks.between(before=last or "")


@consequence("order_line")
def bring_checklist(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """The first line of a product that has a checklist brings it."""
    if values.get("product") is None or (before is not None and before.get("product") == values["product"]):
        return
    model: Any = Product
    row = model.select(model.checklist).where(model.id == values["product"]).tuples().first()
    if row and row[0] is not None:
        add_from(writer, "order", values["order"], row[0])


def add_from(writer: Writer, name: str, record: int, checklist: int) -> int:
    """Add the items of a checklist to an order or a task, once; return how many."""
    model: Any = ChecklistItem
    if model.select().where((model._meta.fields[name] == record) & (model.checklist == checklist)).exists():
        return 0
    held: Any = Checklist.select(Checklist.items).where(Checklist.id == checklist).tuples().first()
    return add_items(writer, name, record, read_items(held[0]) if held else [], checklist)


def add_items(writer: Writer, name: str, record: int, items: Sequence[Item], checklist: int | None = None) -> int:
    """Add items to an order or a task, behind those it has; return how many."""
    if not items:
        return 0
    entity = entities["checklist_item"]
    places = ranks.row(len(items), last_rank(name, record))
    rows = []
    for item, rank in zip(items, places, strict=True):
        who = {"done_at": clock.now(), "done_by": writer.actor.operator_id} if item.done else {}
        rows.append(
            {"text": item.text, "required": item.required, "done": item.done, name: record, "checklist": checklist,
             "rank": rank, **who}
        )  # fmt: skip
    writer.create_many(entity, rows)
    return len(rows)


def require_done(writer: Writer, entity: Entity, record: int) -> None:
    """Raise StillOpen where required items of an order or task are still to be done, unless it is done anyway."""
    if writer.anyway:
        return
    model: Any = ChecklistItem
    query = model.select(model.text).where(of(entity.name, record) & model.required & ~model.done)
    left = [row[0] for row in query.order_by(model.rank, model.id).tuples()]
    if not left:
        return
    title: Any = entity.model.select(entity.fields[entity.title]).where(entity.model.id == record)
    named = ", ".join(quoted(text, 40) for text in left[:_TOLD])
    if len(left) > _TOLD:
        named = _("{names} and {n} more").format(names=named, n=whole(len(left) - _TOLD))
    reason = _("The checklist of {title} has open items: {names}").format(title=title.tuples().first()[0], names=named)
    raise StillOpen.because(reason)
