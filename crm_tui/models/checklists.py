"""Checklists: what has to be seen to before something is done, and the lists that are used again and again."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import Flag, Moment, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity
from crm_tui.models.documents import Document
from crm_tui.models.orders import Checklist, Order, Rank
from crm_tui.models.people import Operator
from crm_tui.models.tasks import Task

__all__ = ["Checklist", "ChecklistItem"]


@entity(
    "checklist_item",
    "checklist_items",
    label=N_("checklist item"),
    label_plural=N_("checklist items"),
    title="text",
    order="rank",
    columns=("text", "done", "required", "order", "task", "done_by", "done_at"),
    indexed=("order", "task", "document"),
    aliases=("item", "items"),
    told_with=("order", "task"),
    discussed=False,
    impersonal=("rank",),
)
class ChecklistItem(Record):
    """One thing to be seen to, of an order or a task."""

    text: Any = Text(N_("Text"), required=True, longest=300, width=48)
    done: Any = Flag(N_("Done"), width=5)
    required: Any = Flag(N_("Required"), default=True, width=8, help=N_("Whether it is asked for before all is done"))
    order: Any = Reference(Order, N_("Order"), index=False, width=10)
    task: Any = Reference(Task, N_("Task"), index=False, width=24)
    checklist: Any = Reference(Checklist, N_("Checklist"), width=18, help=N_("Where it comes from"))
    document: Any = Reference(
        Document, N_("Document"), index=False, width=22, help=N_("Where it is written that this is wanted")
    )
    done_by: Any = Reference(Operator, N_("Done by"), ruled=True, index=False, width=9)
    done_at: Any = Moment(N_("Done at"), ruled=True, width=13)
    rank: Any = Rank(N_("Place"))
