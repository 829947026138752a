"""What is asked of documents, their sections, revisions and approvals, and what follows when they change.

Marks in the text (``→ T-88``, ``documents.marks``) are links of this workspace and no part of what a document says: a
revision is kept without them, and setting one changes no approval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_tui import clock, ranks, writings
from crm_tui.documents import sections
from crm_tui.documents.sections import Section
from crm_tui.errors import CrmError, Doubtful, InvalidRecord, NotFound
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import entities
from crm_tui.models.documents import (
    APPROVED,
    ASKED,
    DRAFT,
    IN_REVIEW,
    SUPERSEDED,
    WANTED,
    Approval,
    Revision,
)
from crm_tui.models.documents import Section as SectionRow
from crm_tui.models.orders import Order
from crm_tui.services import records
from crm_tui.services.rules import consequence, leaving, rule
from crm_tui.text import quoted


class StillApproved(Doubtful):
    """A document that was approved is about to be changed. Exit code 1."""


@rule("document", "title", "client", "order", "kind", "status", "owner")
def belongs(writer: Writer, record: int | None, values: Values) -> None:
    """A document of an order is of the order's client; whoever writes it owns it."""
    values["owner"] = values.get("owner") or writer.actor.operator_id or None
    values["kind"] = (values.get("kind") or "").strip()
    if values.get("order") is not None:
        order: Any = Order.select(Order.client).where(Order.id == values["order"]).tuples().first()
        values["client"] = order[0] if order else values.get("client")
    if record is None:
        values["revision"] = 0
        if values["status"] in (IN_REVIEW, APPROVED):
            raise InvalidRecord({"status": _("a new document is a draft: write it first")})
    elif values["status"] == APPROVED and not writer.anyway:
        lacking = sections.missing(writings.read(record))
        if lacking and writer.read(entities["document"], record)["status"] != APPROVED:
            named = ", ".join(quoted(one.heading, 40) for one in lacking[:3])
            reason = _("{n} required sections are empty: {names}").format(n=len(lacking), names=named)
            raise StillApproved.because(reason)


@consequence("document")
def status_keeps_a_revision(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """Each change of status keeps the document as it was then."""
    if before is not None and before["status"] != values["status"]:
        note = entities["document"].fields["status"].show(values["status"])
        keep(writer, record, note=note, status=values["status"])


@rule("section", "heading", "kind", "body", "level", "document", "required", "hint")
def is_tidy(writer: Writer, record: int | None, values: Values) -> None:
    """What is written in a section is what its kind holds; an approved document asks before it is changed."""
    try:
        values["heading"] = sections.heading(values["heading"])
    except ValueError as error:
        raise InvalidRecord({"heading": str(error)}) from error
    try:
        values["body"] = sections.tidy(Section(values["heading"], values["kind"], values.get("body") or ""))
    except ValueError as error:
        raise InvalidRecord({"body": str(error)}) from error
    values["level"] = values.get("level") or 0
    document = writer.read_many(entities["document"], [values["document"]]).get(values["document"])
    if document is None or document["archived_at"] is not None:
        raise InvalidRecord({"document": _("the document is not there any more")})
    before = writer.read_many(entities["section"], [record]).get(record) if record is not None else None
    if before is not None and before["archived_at"] is not None:
        raise NotFound(_("The section {heading} was taken away meanwhile.").format(heading=quoted(before["heading"])))
    if document["status"] == APPROVED and not writer.anyway and _says(before) != _says(values):
        require_anyway(document)
    if record is None and not values.get("rank"):
        values["rank"] = last_rank(values["document"])


def require_anyway(document: Values) -> None:
    """Raise StillApproved: changing an approved document makes it a draft again."""
    reason = _("{title} is approved (revision {n}); changing it makes it a draft again, and the revision stays").format(
        title=quoted(document["title"]), n=document["revision"]
    )
    raise StillApproved.because(reason, _("Change it?"))


@consequence("section")
def document_follows(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """A document that was in review or approved is a draft again once it says something else."""
    if before is not None and _says(before) == _says(values):
        return
    for document in {values["document"], before["document"] if before else values["document"]}:
        draft_again(writer, document)


@leaving("section")
def asks_before_it_goes(writer: Writer, ids: Sequence[int]) -> None:
    """A section taken away changes its document, too."""
    for document in require_may_go(writer, ids):
        draft_again(writer, document)


def require_may_go(writer: Writer, ids: Sequence[int]) -> set[int]:
    """Return whose sections these are. Raises StillApproved for those of a document that is approved."""
    held = writer.read_all(entities["section"], list(ids))
    found = {values["document"] for values in held.values()}
    for document in writer.read_all(entities["document"], sorted(found)).values():
        if document["status"] == APPROVED and not writer.anyway:
            require_anyway(document)
    return found


def draft_again(writer: Writer, document: int) -> None:
    """A document in review or approved that says something else now is a draft again."""
    entity = entities["document"]
    if writer.read(entity, document)["status"] in (IN_REVIEW, APPROVED):
        records.change_by_rule(writer, entity, document, {"status": DRAFT})


def _says(values: Values | None) -> tuple[Any, ...]:
    """What a section says, without the marks in its text."""
    if values is None:
        return ()
    told = tuple(values.get(name) for name in ("heading", "kind", "level", "required", "hint", "rank", "document"))
    return (*told, writings.unmarked(values.get("body") or ""))


@rule("revision", "content", "number", "document", "content_hash", "note", "author")
def stays(writer: Writer, record: int | None, values: Values) -> None:
    """A revision is never changed."""
    if record is not None:
        raise CrmError(_("A revision stays as it was."))


@rule("approval", "document", "number", "contact", "decision", "comment")
def of_a_revision(writer: Writer, record: int | None, values: Values) -> None:
    """An approval is of a revision that was kept; who decided when is known."""
    document = writer.read_all(entities["document"], [values["document"]])[values["document"]]
    values["number"] = values.get("number") or document["revision"] or None
    if values["number"] is None:
        raise InvalidRecord({"document": _("nothing of it was put in review yet")})
    decided = values["decision"] != ASKED
    former = writer.read_many(entities["approval"], [record]).get(record) if record is not None else None
    if former is not None and former["decision"] == APPROVED and _changed_approval(former, values):
        raise CrmError(_("They approved it; a change of mind is about another revision."))
    if decided and not (former and former["decision"] == values["decision"]):
        values["decided_at"], values["operator"] = clock.now(), writer.actor.operator_id or None
    elif not decided:
        values["decided_at"] = values["operator"] = None


def _changed_approval(former: Values, values: Values) -> bool:
    return any(former[name] != values[name] for name in ("document", "number", "contact", "decision"))


@consequence("approval")
def decides(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """Once all who were asked approved the revision in review it is approved; where one wants changes it is a draft."""
    if values["decision"] == ASKED or (before is not None and before["decision"] == values["decision"]):
        return
    entity = entities["document"]
    document = writer.read(entity, values["document"])
    if document["owner"] is not None and document["owner"] != writer.actor.operator_id:
        _tell_owner(writer, document, values)
    if document["status"] != IN_REVIEW or document["revision"] != values["number"]:
        return
    if values["decision"] == WANTED:
        records.change_by_rule(writer, entity, values["document"], {"status": DRAFT})
        return
    one: Any = Approval
    those = (one.document == values["document"]) & (one.number == values["number"]) & one.archived_at.is_null()
    if not one.select().where(those & (one.decision != APPROVED)).exists():
        writer.anyway = True  # they saw what is empty
        records.change_by_rule(writer, entity, values["document"], {"status": APPROVED})


def _tell_owner(writer: Writer, document: Values, values: Values) -> None:
    from crm_tui.services import notifications  # most documents are decided on by whoever owns them

    who = writer.read_all(entities["contact"], [values["contact"]])[values["contact"]]["name"]
    said = entities["approval"].fields["decision"].show(values["decision"])
    text = _("{who}: {decision} ({title}, revision {n})").format(
        who=who, decision=said, title=document["title"], n=values["number"]
    )
    notifications.tell(writer, document["owner"], "assignment", "document", document["id"], text)


def last_rank(document: int) -> str:
    """Return a rank behind all sections of a document. Raises InvalidRecord where it is full."""
    model: Any = SectionRow
    rows = [row[0] for row in model.select(model.rank).where((model.document == document)
            & model.archived_at.is_null()).order_by(model.rank.desc()).tuples()]  # fmt: skip
    if len(rows) >= sections.MOST:
        raise InvalidRecord({"document": _("a document has {n} sections at most").format(n=sections.MOST)})
    return ranks.between(before=rows[0] if rows else "")


def keep(writer: Writer, document: int, *, note: str = "", status: str | None = None) -> int:
    """Keep a document as it is; return the number of the revision, which is the last one where that says the same."""
    entity = entities["document"]
    held = writer.read(entity, document)
    status = status or held["status"]
    text = writings.content(held["title"], writings.read(document))
    hashed = writings.content_hash(text)
    one: Any = Revision
    live = (one.document == document) & one.archived_at.is_null()
    query = one.select(one.id, one.number, one.content_hash, one.status).where(live)
    last = query.order_by(one.number.desc()).tuples().first()
    if last and last[2] == hashed and _goes_on(last[3], status):
        number = int(last[1])
        if last[3] != status:
            writer.update(entities["revision"], last[0], {"status": status})
    else:
        number = int(last[1]) + 1 if last else 1
        values = {"document": document, "number": number, "status": status, "note": note, "content": text,
                  "content_hash": hashed, "author": writer.actor.operator_id or None}  # fmt: skip
        writer.create(entities["revision"], values)
    if status == APPROVED:
        earlier = one.select(one.id).where(
            (one.document == document) & (one.status == APPROVED) & (one.number != number)).tuples()  # fmt: skip
        writer.update_many(entities["revision"], {row[0]: {"status": SUPERSEDED} for row in list(earlier)})
    if held["revision"] != number:
        writer.update(entity, document, {"revision": number})
    return number


_WAY = {DRAFT: 0, IN_REVIEW: 1, APPROVED: 2, SUPERSEDED: 3}


def _goes_on(former: str, status: str) -> bool:
    """Whether a revision may go on to a status: an approved one never becomes anything less."""
    return _WAY[status] >= _WAY[former] or former == IN_REVIEW
