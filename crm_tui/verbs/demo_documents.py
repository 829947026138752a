"""Writing what the demo's clients want: the requirements of some open orders, and the notes they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_tui import clock, ranks
from crm_tui.asset_files import asset
from crm_tui.documents import markdown, marks, sections
from crm_tui.documents.marks import Mark
from crm_tui.documents.sections import Section
from crm_tui.models.base import entities
from crm_tui.verbs.demo_work import OpenOrder

if TYPE_CHECKING:
    from crm_tui.journal import Writer

MOST = 8
"""Orders whose requirements are written down."""

_STATUSES = ("in review", "draft", "approved", "draft")


def write(writer: Writer, orders: Sequence[OpenOrder]) -> None:
    """Write the requirements of some of these orders; some of them are in review or approved."""
    from crm_tui.services import documents

    written = markdown.read(asset("demo", "requirements.md").read_text(encoding="utf-8"))
    tidied = [replace(one, body=sections.tidy(one)) for one in written.sections]
    chosen = [order for order in orders if order.assignee is not None][:MOST]
    for number, order in enumerate(chosen):
        held = writer.read(entities["order"], order.id)
        contact = writer.read(entities["contact"], held["contact"])["name"] if held["contact"] else ""
        found = [_filled(one, order, contact) for one in tidied]
        values = {
            "title": f"{held['title']}: requirements", "client": order.client, "order": order.id,
            "owner": order.assignee,
            "kind": written.facts["kind"], "status": "draft", "revision": 0, "tags": (),
        }  # fmt: skip
        record = writer.create(entities["document"], values)
        rows: list[dict[str, Any]] = [
            {**one.as_dict(), "document": record, "rank": rank}
            for one, rank in zip(found, ranks.row(len(found)), strict=True)
        ]
        writer.create_many(entities["section"], rows)
        status = _STATUSES[number % len(_STATUSES)]
        if status == "draft":
            continue
        documents.keep(writer, record, note=status, status=status)
        writer.update(entities["document"], record, {"status": status})
        if held["contact"]:
            decided = status == "approved"
            approval = {
                "document": record, "number": 1, "contact": held["contact"], "comment": "",
                "decision": "approved" if decided else "asked", "decided_at": clock.now() if decided else None,
                "operator": order.assignee if decided else None,
            }  # fmt: skip
            writer.create(entities["approval"], approval)


def _filled(one: Section, order: OpenOrder, contact: str) -> Section:
    """A section with what differs from order to order."""
    if one.kind == sections.PERSON and contact:
        return replace(one, body=f"- {contact}")
    if one.kind == sections.CHECKLIST:
        model: Any = entities["task"].model
        tasks = model.select(model.id).where((model.order == order.id) & model.parent.is_null()).order_by(model.id)
        lines = one.body.split("\n")
        for at, (task,) in enumerate(tasks.limit(4).tuples()):
            lines[at] = marks.marked(lines[at], Mark(marks.TASK, task, True))
        return replace(one, body="\n".join(lines))
    return one
