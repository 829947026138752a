"""From notes to requirements, and from requirements to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.commands import asking
from crm_tui.commands.context import Choice, Context, needs_record_to_change
from crm_tui.commands.documents import is_document, one
from crm_tui.commands.making import doubtful
from crm_tui.commands.registry import command
from crm_tui.errors import ANYWAY, BadInput, CrmError
from crm_tui.i18n import N_, _
from crm_tui.models.base import entities

if TYPE_CHECKING:
    from crm_tui.writings import Line


@command("document.lift", N_("lift / to work"), keys=("L",), scope="record document", of=is_document,
         why_not=needs_record_to_change, rank=13, takes=("to", "order", "items", ANYWAY))  # fmt: skip
async def lift(context: Context) -> None:
    """Of notes, lift what is marked: ! and ? into the document to= names, > to tasks. Of requirements, make those that
    have no work yet tasks of order=, or with items=yes items of its checklist: those of the list at the cursor, or
    all. The links stay on both sides."""
    from crm_tui import writings

    record = await one(context)
    raised = await context.call(writings.raised, record)
    if raised and "order" not in context.arguments:
        await _lift_notes(context, record, raised)
    else:
        await _to_work(context, record)


async def _lift_notes(context: Context, record: int, raised: list[Line]) -> None:
    from crm_tui.queries import documents
    from crm_tui.services import documenting, requirements

    target: int | None = None
    if any(line.mark != ">" for line in raised):
        if context.ui is None and "to" not in context.arguments:
            raise BadInput(_("Name the document that the requirements belong into: to=#12"), field="to")
        if "to" in context.arguments:
            target = await asking.named(context, "document", context.arguments["to"], "to")
        else:
            values = (await context.brief(entities["document"], record)).values
            there = await context.call(documents.targets, record)
            choices = [Choice(str(found), title, kind) for found, title, kind in there]
            begin = Choice("new", _("new business requirements"))
            chosen = await context.screen.choose(_("Into which document?"), [*choices, begin])
            if not chosen:
                return
            if chosen[0] == "new":
                target = await context.call(documenting.begin_requirements, context.workspace, context.actor, values)
            else:
                target = int(chosen[0])
    context.say(await doubtful(context, requirements.lift, record, target))


async def _to_work(context: Context, record: int) -> None:
    from crm_tui import writings
    from crm_tui.queries import documents
    from crm_tui.services import requirements

    view = context.ui.document_view if context.ui is not None else None
    lines = await context.call(writings.open_requirements, record, view.section if view is not None else None)
    if not lines:
        raise CrmError(_("All that is wanted has work already, or nothing is: write requirements as a checklist."))
    as_items = context.arguments.get("items", "no") in ("yes", "1", "true")
    if "order" in context.arguments:
        order = await asking.named(context, "order", context.arguments["order"], "order")
    elif context.ui is None:
        raise BadInput(_("Name the order that the work belongs to: order=ORD-12"), field="order")
    else:
        found = await context.call(documents.orders_for, record)
        if not found:
            raise CrmError(_("This client has no order the work could belong to: o on the client begins one."))
        choices = [Choice(str(id), f"{number} {title}".strip()) for id, number, title in found]
        chosen = await context.screen.choose(_("Work of which order?"), choices)
        if not chosen:
            return
        order = int(chosen[0])
        picked = await context.screen.choose(
            _("Which of them? (none chosen: all)"), [Choice(str(at), line.text) for at, line in enumerate(lines)],
            several=True,
        )  # fmt: skip
        if picked is None:
            return
        lines = [lines[int(at)] for at in picked] or lines
        form = await context.screen.choose(
            _("As what?"), [Choice("tasks", _("tasks")), Choice("items", _("items of its checklist"))]
        )
        if not form:
            return
        as_items = form[0] == "items"
    context.say(
        await context.call(
            requirements.to_work, context.workspace, context.actor, record, order, lines, as_items=as_items
        )
    )
