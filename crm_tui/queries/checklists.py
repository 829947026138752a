"""What is read of checklists: the items of an order or a task, and how many of them are done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee as pw

from crm_tui.db import among_those, ask
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.models.checklists import ChecklistItem
from crm_tui.queries.lists import ListRow, titles_of

ITEM_COLUMNS = ("done", "text", "done_by", "done_at")

TICKED, OPEN = "[x]", "[ ]"


def items(entity: Entity, record: int) -> tuple[ListRow, ...]:
    """Return the items of an order or a task in their order: cells as ``ITEM_COLUMNS``."""
    model: Any = ChecklistItem
    item = entities["checklist_item"]
    field = model._meta.fields[entity.name]
    query = model.select(model.id, model.done, model.text, model.required, model.done_by, model.done_at)
    rows = list(query.where((field == record) & model.archived_at.is_null()).order_by(model.rank, model.id).tuples())
    names = titles_of(item, "done_by", [row[4] for row in rows])
    return tuple(
        ListRow(
            number,
            (
                TICKED if done else OPEN,
                text if required else _("{text} (optional)").format(text=text),
                names.get(who, "") if who is not None else "",
                item.fields["done_at"].show(at),
            ),
        )
        for number, done, text, required, who, at in rows
    )


def progress(entity: Entity, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return how many items of orders or tasks are done, and how many there are; those without any are left out."""
    model: Any = ChecklistItem
    field = model._meta.fields[entity.name]

    def query() -> Any:
        done = pw.fn.SUM(pw.Case(None, [(model.done, 1)], 0))
        counted = model.select(field, done, pw.fn.COUNT(model.id))
        return counted.where(among_those(field) & model.archived_at.is_null()).group_by(field)

    rows = ask(("checklist progress", entity.name), query, ids)
    return {record: (int(some), int(every)) for record, some, every in rows}
