"""Versions of documents: kept, brought back, put in review, approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crm_tui import writings
from crm_tui.db import Workspace
from crm_tui.documents import marks
from crm_tui.documents.sections import Section
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import entities
from crm_tui.models.documents import APPROVED, IN_REVIEW
from crm_tui.scope import Actor
from crm_tui.services import documenting, documents, records
from crm_tui.services.typed import read_typed


def keep_revision(workspace: Workspace, actor: Actor, document: int, note: str = "") -> tuple[int, bool]:
    """Keep a document as it is; return the revision's number, and whether it is a new one."""
    with operation(workspace, actor, "document.keep") as op:
        before = op.read(entities["document"], document)["revision"]
        number = documents.keep(op, document, note=note)
        op.summary = _("keep revision {n}").format(n=number)
    return number, number != before


def restore(workspace: Workspace, actor: Actor, document: int, number: int, *, anyway: bool = False) -> int:
    """Make a document say again what it said in a revision; return the number of the new revision. What it says now
    is kept before. Links to work stay on lines that are the same. Raises CrmError, StillApproved."""
    title, wanted = writings.revision_sections(document, number)
    with operation(workspace, actor, "document.restore_revision") as op:
        op.anyway = anyway
        documents.keep(op, document)
        current = writings.read(document)
        linked = [replace(one, body=_linked(one.body, current)) for one in wanted]
        documenting.replace_sections(op, document, linked)
        records.change_by_rule(op, entities["document"], document, {"title": title})
        made = documents.keep(op, document, note=_("as revision {n}").format(n=number))
        op.summary = _("bring back revision {n}").format(n=number)
    return made


def _linked(body: str, current: Sequence[Section]) -> str:
    """A text with the marks that the same lines have now."""
    held = {marks.without(line): line for one in current for line in one.body.split("\n") if marks.marks(line)}
    return "\n".join(held.get(line, line) for line in body.split("\n"))


def ask(workspace: Workspace, actor: Actor, document: int, contacts: Sequence[int]) -> str:
    """Put a document in review, and ask people to approve the revision; return what was done in words."""
    if not contacts:
        raise BadInput(_("Name at least one person who is to approve it."))
    with operation(workspace, actor, "document.ask") as op:
        held = op.read(entities["document"], document)
        if held["status"] == APPROVED:
            raise CrmError(_("It is approved. Change it first; that makes a new revision."))
        if held["status"] != IN_REVIEW:
            records.change_by_rule(op, entities["document"], document, {"status": IN_REVIEW})
        number = op.read(entities["document"], document)["revision"]
        asked = {row["contact"] for row in approvals(document) if row["number"] == number}
        new = [contact for contact in dict.fromkeys(contacts) if contact not in asked]
        for contact in new:
            records.write_new(op, entities["approval"], {"document": document, "contact": contact, "number": number})
        op.summary = _("ask for approval of revision {n}").format(n=number)
    return ngettext(
        "Revision {n} is in review: {many} person is asked", "Revision {n} is in review: {many} people are asked",
        len(new),
    ).format(n=number, many=len(new))  # fmt: skip


def decide(workspace: Workspace, actor: Actor, approval: int, decision: str, comment: str = "") -> str:
    """Note what somebody who was asked said; return what that means in words. Raises CrmError, InvalidRecord."""
    entity = entities["approval"]
    with operation(workspace, actor, "approval.decide") as op:
        held = op.read(entity, approval)
        values = read_typed(actor, entity, {"decision": decision, "comment": comment or held["comment"]})
        records.change_by_rule(op, entity, approval, values)
        document = op.read(entities["document"], held["document"])
        who = op.read(entities["contact"], held["contact"])["name"]
        shown = entity.fields["decision"].show(values["decision"])
        op.summary = _("{who}: {decision}, revision {n}").format(who=who, decision=shown, n=held["number"])
    status = entities["document"].fields["status"].show(document["status"])
    return _("{said}; the document is {status}").format(said=op.summary, status=status)


def approvals(document: int) -> list[Values]:
    """Return who was asked about a document, and what they said, the latest first."""
    model: Any = entities["approval"].model
    query = model.select(model.id).where((model.document == document) & model.archived_at.is_null())
    ids = [row[0] for row in query.order_by(model.id.desc()).tuples()]
    held = Writer.read_all(entities["approval"], ids)
    return [{**held[record], "id": record} for record in ids]
