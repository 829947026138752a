"""Working on documents: begun from templates, their sections arranged, versions kept and brought back, approved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crm_tui import clock, ranks, writings
from crm_tui.db import Workspace
from crm_tui.documents import markdown, sections
from crm_tui.documents.kinds import NOTES_KIND
from crm_tui.documents.markdown import Written
from crm_tui.documents.sections import Section
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import entities
from crm_tui.models.documents import DRAFT, Document
from crm_tui.scope import Actor
from crm_tui.services import document_templates, documents, records
from crm_tui.services.typed import Typed, read_typed, require_filled
from crm_tui.text import fold, quoted

_FACTS = ("title", "client", "order", "kind", "status", "owner", "held_on", "tags")
"""What the front matter of a file says of a document, besides its sections."""


def begin(workspace: Workspace, actor: Actor, typed: Typed, template: str = "") -> int:
    """Make a document with the sections of a template; return its id. Raises InvalidRecord, NotFound, NotAllowed."""
    written = document_templates.find(template)[1] if template else Written()
    values = dict(typed)
    values.setdefault("kind", written.facts.get("kind", ""))
    return add_written(workspace, actor, values, written.sections)


def add_written(workspace: Workspace, actor: Actor, typed: Typed, found: Sequence[Section]) -> int:
    """Make a document of sections; return its id. Raises InvalidRecord, NotAllowed."""
    entity = entities["document"]
    values = read_typed(actor, entity, typed)
    require_filled(entity, values)
    with operation(workspace, actor, "document.add") as op:
        op.anyway = True
        status = values.pop("status", DRAFT)
        record = records.write_new(op, entity, values)
        write_sections(op, record, found)
        if status != DRAFT:
            records.change_by_rule(op, entity, record, {"status": status})
        op.summary = _("add document {title}").format(title=quoted(values["title"], 60))
    return record


def write_sections(op: Writer, document: int, found: Sequence[Section]) -> list[int]:
    """Add sections behind those of a document; return their ids. Raises InvalidRecord."""
    if len(found) > sections.MOST:
        message = _("{n} sections are too many for one document, {most} fit")
        raise BadInput(message.format(n=len(found), most=sections.MOST))
    made = []
    for one, rank in zip(found, ranks.row(len(found), documents.last_rank(document) if found else ""), strict=True):
        made.append(records.write_new(op, entities["section"], {**one.as_dict(), "document": document, "rank": rank}))
    return made


def add_section(
    workspace: Workspace, actor: Actor, document: int, heading: str, *, kind: str = sections.TEXT,
    after: int | None = None, anyway: bool = False,
) -> int:  # fmt: skip
    """Add a section behind another one and those indented below it, or behind all; return its id. Raises InvalidRecord,
    StillApproved."""
    with operation(workspace, actor, "section.add") as op:
        op.anyway = anyway
        held = writings.read(document)
        at = next((number for number, one in enumerate(held) if one.id == after), None)
        level = held[at].level if at is not None else 0
        end = _end_of(held, at) if at is not None else len(held)
        values = {"document": document, "heading": heading, "kind": kind, "level": level,
                  "rank": _rank_between(document, end - 1, end)}  # fmt: skip
        made = records.write_new(op, entities["section"], values)
        op.summary = _("add section {heading}").format(heading=quoted(heading, 60))
    return made


def remove_section(workspace: Workspace, actor: Actor, section: int, *, anyway: bool = False) -> None:
    """Take a section away; those indented below it move up to where it stood. Raises StillApproved, NotFound."""
    entity = entities["section"]
    with operation(workspace, actor, "section.archive") as op:
        op.anyway = anyway
        held = op.read(entity, section)
        current = writings.read(held["document"])
        at = next((number for number, one in enumerate(current) if one.id == section), None)
        if at is None:
            raise CrmError(_("The section was taken away already."))
        documents.require_may_go(op, [section])
        for one in current[at + 1 : _end_of(current, at)]:
            assert one.id is not None  # it was read from the database
            records.change_by_rule(op, entity, one.id, {"level": one.level - 1})
        op.archive(entity, [section])
        documents.draft_again(op, held["document"])
        op.summary = _("remove section {heading}").format(heading=quoted(held["heading"], 60))


def replace_text(
    workspace: Workspace, actor: Actor, document: int, wanted: str, new: str, *, anyway: bool = False
) -> int:
    """Replace a text in all sections of a document, whatever its case; return how many times. Raises BadInput,
    InvalidRecord, StillApproved."""
    if not wanted:
        raise BadInput(_("Say what is to be replaced."))
    pattern = re.compile(re.escape(wanted), re.IGNORECASE)
    with operation(workspace, actor, "document.replace") as op:
        op.anyway = anyway
        count = 0
        for one in writings.read(document):
            body, many = pattern.subn(lambda _found: new, one.body)
            if many and one.id is not None:
                records.change_by_rule(op, entities["section"], one.id, {"body": body})
                count += many
        op.summary = _("replace {wanted} by {new}").format(wanted=quoted(wanted, 40), new=quoted(new, 40))
    return count


def _rank_between(document: int, first: int, last: int) -> str:
    """A rank between the sections at two places, those outside of the document being its ends."""
    model: Any = entities["section"].model
    live = (model.document == document) & model.archived_at.is_null()
    found = [row[0] for row in model.select(model.rank).where(live).order_by(model.rank, model.id).tuples()]
    before = found[first] if 0 <= first < len(found) else ""
    after = found[last] if 0 <= last < len(found) else ""
    return ranks.between(before, after)


def move(workspace: Workspace, actor: Actor, section: int, steps: int, *, anyway: bool = False) -> None:
    """Move a section with those indented below it down, or up by a negative number. Raises CrmError at the ends."""
    entity = entities["section"]
    with operation(workspace, actor, "section.arrange") as op:
        op.anyway = anyway
        document = op.read(entity, section)["document"]
        held = writings.read(document)
        start = next(number for number, one in enumerate(held) if one.id == section)
        end = _end_of(held, start)
        order = _moved(held, start, end, steps)
        if order is None:
            raise CrmError(_("It is the last one.") if steps > 0 else _("It is the first one."))
        moved = {one.id for one in held[start:end]}
        at = next(number for number, one in enumerate(order) if one.id in moved)
        before = order[at - 1].id if at else None
        after = order[at + len(moved)].id if at + len(moved) < len(order) else None
        ranked = {one: op.read(entity, one)["rank"] for one in (before, after) if one is not None}
        first = ranked[before] if before is not None else ""
        last = ranked[after] if after is not None else ""
        for one in held[start:end]:
            assert one.id is not None  # it was read from the database
            first = ranks.between(first, last)
            records.change_by_rule(op, entity, one.id, {"rank": first})
        op.summary = _("move section {heading}").format(heading=quoted(held[start].heading, 60))


def _end_of(held: Sequence[Section], start: int) -> int:
    """Where a section with those indented below it ends."""
    end = start + 1
    while end < len(held) and held[end].level > held[start].level:
        end += 1
    return end


def _moved(held: Sequence[Section], start: int, end: int, steps: int) -> list[Section] | None:
    block, others = list(held[start:end]), [*held[:start], *held[end:]]
    at = start
    for _step in range(abs(steps)):
        if steps > 0:
            if at >= len(others):
                break
            at = _end_of(others, at)
        else:
            if not at:
                break
            at -= 1
            while at and others[at].level > held[start].level:
                at -= 1
    return None if at == start else [*others[:at], *block, *others[at:]]


def indent(workspace: Workspace, actor: Actor, section: int, by: int, *, anyway: bool = False) -> None:
    """Indent a section with those below it, or the other way by a negative number. Raises CrmError at the ends."""
    entity = entities["section"]
    with operation(workspace, actor, "section.indent") as op:
        op.anyway = anyway
        held = writings.read(op.read(entity, section)["document"])
        start = next(number for number, one in enumerate(held) if one.id == section)
        level = held[start].level + by
        if level < 0:
            raise CrmError(_("It is not indented."))
        if level > (held[start - 1].level + 1 if start else 0):
            raise CrmError(_("It is indented below the section above it already."))
        block = held[start : _end_of(held, start)]
        if max(one.level for one in block) + by >= sections.DEEPEST:
            raise CrmError(_("Sections are indented {n} times at most.").format(n=sections.DEEPEST - 1))
        for one in block:
            assert one.id is not None  # it was read from the database
            records.change_by_rule(op, entity, one.id, {"level": one.level + by})
        op.summary = _("indent section {heading}").format(heading=quoted(held[start].heading, 60))


def replace_sections(op: Writer, document: int, wanted: Sequence[Section]) -> None:
    """Let a document have these sections instead: those that are the same records, or have the same heading, are
    changed, the others come and go."""
    entity = entities["section"]
    current = writings.read(document)
    partners = _partners(current, wanted)
    gone = [one.id for one in current if one.id not in partners.values() and one.id is not None]
    if gone:
        documents.require_may_go(op, gone)
        op.archive(entity, gone)
        documents.draft_again(op, document)
    in_order = [partners.get(at) for at in range(len(wanted))]
    places = [one.id for one in current if one.id in partners.values()]
    stays = [record for record in in_order if record is not None] == places and None not in in_order
    row = ranks.row(len(wanted)) if wanted else []
    for at, one in enumerate(wanted):
        record = partners.get(at)
        values = one.as_dict() if stays else {**one.as_dict(), "rank": row[at]}
        if record is None:
            records.write_new(op, entity, {**values, "document": document})
        else:
            records.change_by_rule(op, entity, record, values)


def _partners(current: Sequence[Section], wanted: Sequence[Section]) -> dict[int, int]:
    """Which record each wanted section is, by its place: by its id, else the first of its heading that is left."""
    left = {one.id: one for one in current if one.id is not None}
    found: dict[int, int] = {}
    for at, one in enumerate(wanted):
        if one.id in left:
            found[at] = one.id
            del left[one.id]
    for at, one in enumerate(wanted):
        if at not in found:
            record = next((id for id, held in left.items() if held.heading.casefold() == one.heading.casefold()), None)
            if record is not None:
                found[at] = record
                del left[record]
    return found


def replace_document(
    workspace: Workspace, actor: Actor, document: int, text: str, seen: Mapping[int, str], *, anyway: bool = False
) -> list[str]:
    """Let a document say what a file says that it was written to; ``seen`` is what each section said then, by its id.
    Return the headings of sections that somebody else changed meanwhile: theirs stays, and what the file says of them
    comes behind it as a section of its own. Raises BadInput, InvalidRecord, StillApproved."""
    written = read_file(text)
    with operation(workspace, actor, "document.edit_text") as op:
        op.anyway = anyway
        current = {one.id: one for one in writings.read(document) if one.id is not None}
        both: list[str] = []
        wanted: list[Section] = []
        for one in written.sections:
            held = current.get(one.id) if one.id is not None else None
            mine = sections.tidy(one)
            if held is None or one.id is None or held.body == seen.get(one.id, ""):
                wanted.append(replace(one, body=mine))
            elif mine in (seen.get(one.id, ""), held.body):
                wanted.append(held)
            else:
                both.append(one.heading)
                wanted += [held, replace(one, body=mine, id=None, heading=_("{heading} (yours)").format(
                    heading=one.heading[: sections.LONGEST_HEADING - 10]))]  # fmt: skip
        named = {one.id for one in written.sections}
        wanted += [one for record, one in current.items()
                   if record not in named and (record not in seen or seen[record] != one.body)]  # fmt: skip
        replace_sections(op, document, wanted)
        facts = {name: value for name, value in written.facts.items() if name in ("title", "kind") and value}
        if facts:
            records.change_by_rule(op, entities["document"], document, read_typed(actor, entities["document"], facts))
        op.summary = _("edit document {title}").format(title=quoted(writings.document_of(document).title, 60))
    return both


def read_file(text: str) -> Written:
    """Return what a file says. Raises BadInput with a plain reason."""
    try:
        return markdown.read(text)
    except ValueError as error:
        raise BadInput(str(error)) from error


def from_file(workspace: Workspace, actor: Actor, text: str, typed: Typed, *, name: str = "") -> int:
    """Make a document of a Markdown file; ``typed`` counts for more than its front matter. Raises BadInput,
    InvalidRecord, NotAllowed."""
    written = read_file(text)
    facts = {key: value for key, value in written.facts.items() if key in _FACTS and value}
    facts.setdefault("title", name)
    return add_written(workspace, actor, {**facts, **typed}, written.sections)


def make_template(workspace: Workspace, actor: Actor, document: int, name: str, *, empty: bool = True) -> int:
    """Make a template of a document, without what is written in it unless ``empty`` says otherwise; return its id."""
    held = writings.document_of(document)
    found = [replace(one, body="" if empty and one.kind != sections.TABLE else _without_rows(one)) for one in
             writings.read(document)]  # fmt: skip
    text = markdown.write({"kind": held.kind}, found)
    return records.add(workspace, actor, entities["document_template"], {"name": name, "text": text})


def _without_rows(one: Section) -> str:
    return "\n".join(one.body.split("\n")[:2]) if one.kind == sections.TABLE else one.body


def notes_of_today(workspace: Workspace, actor: Actor, client: int, order: int | None, title: str = "") -> int:
    """Return the discovery notes of a client, or of an order, that this operator took today, or begin them."""
    one: Any = Document
    mine = (one.client == client) & (one.held_on == clock.today()) & one.archived_at.is_null()
    mine &= (one.kind_key == fold(NOTES_KIND)) & (one.owner == (actor.operator_id or None))
    row = one.select(one.id).where(mine & ((one.order == order) if order else one.order.is_null())).tuples().first()
    if row is not None and not title:
        return int(row[0])
    called = Writer.read_all(entities["client"], [client])[client]["name"]
    title = title or _("{name}, notes of {day}").format(name=called, day=clock.today().isoformat())
    typed = {"title": title, "client": f"#{client}", "held_on": clock.today().isoformat()}
    return begin(workspace, actor, typed | ({"order": f"#{order}"} if order else {}), NOTES_KIND)


def begin_requirements(workspace: Workspace, actor: Actor, notes: Values) -> int:
    """Begin the business requirements of whom notes are of; return their id."""
    typed = {name: f"#{notes[name]}" for name in ("client", "order") if notes.get(name) is not None}
    called = ""
    if notes.get("client") is not None:
        called = Writer.read_all(entities["client"], [notes["client"]])[notes["client"]]["name"]
    title = _("{name}: business requirements").format(name=called).lstrip(": ")
    return begin(workspace, actor, {**typed, "title": title}, "business requirements")
