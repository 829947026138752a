"""What is read of documents: one whole, as it is worked on; its versions, compared; and as it is given away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crm_tui import clock, formats, places, writings
from crm_tui.documents import compare, marks, sections
from crm_tui.documents.compare import Difference
from crm_tui.documents.html import Paper
from crm_tui.documents.kinds import NOTES_KIND
from crm_tui.documents.sections import Section
from crm_tui.formats import iso_moment
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import entities
from crm_tui.models.documents import APPROVED, ASKED, SUPERSEDED, Approval, Document, Revision
from crm_tui.models.documents import Section as SectionRow
from crm_tui.models.people import Contact, Operator
from crm_tui.queries.details import brief
from crm_tui.queries.lists import titles_of
from crm_tui.queries.orders import of_client
from crm_tui.scope import Actor
from crm_tui.writings import Coverage, coverage


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is asked to approve a revision, and what they said."""

    id: int
    who: str
    number: int
    decision: str
    comment: str
    decided_at: datetime | None

    @property
    def shown(self) -> str:
        """Return it in words."""
        decision = entities["approval"].fields["decision"].show(self.decision)
        said = _("{who}: {decision} (rev {n})").format(who=self.who, decision=decision, n=self.number)
        return f"{said} {self.comment}".strip()


@dataclass(frozen=True, slots=True)
class Whole:
    """A document as it is worked on."""

    id: int
    version: int
    title: str
    kind: str
    status: str
    revision: int
    client: int | None
    order: int | None
    about: str
    """What it is of: the client's name, or the order's."""
    owner: str
    sections: tuple[Section, ...]
    versions: Mapping[int, int]
    """Of each section by its id."""
    approvals: tuple[Asked, ...]
    coverage: Coverage
    questions: int
    """Questions to the client that nobody answered."""
    changed: bool
    """Whether it says something else than the revision kept last."""
    people: tuple[str, ...] = ()
    """Who may be named in it: the client's people, then those who work here."""

    @property
    def words(self) -> int:
        """How many words it has."""
        return sections.words(self.sections)

    @property
    def status_shown(self) -> str:
        """Its status in words."""
        return entities["document"].fields["status"].show(self.status)


def whole(actor: Actor, record: int) -> Whole:
    """Return a document. Raises NotFound, CrmError where it was archived."""
    found = brief(actor, entities["document"], record)
    values = found.values
    writings.document_of(record)
    held = tuple(writings.read(record))
    model: Any = SectionRow
    versions = dict(model.select(model.id, model.version).where(
        (model.document == record) & model.archived_at.is_null()).tuples())  # fmt: skip
    about = found.titles.get("order" if values["order"] else "client", "") if values["client"] else ""
    if values["order"] and values["client"]:
        about = f"{found.titles['client']}, {found.titles['order']}"
    questions = marks.questions(one.body for one in held if one.kind == sections.NOTES)
    return Whole(
        record, found.version, found.title, values["kind"], values["status"], values["revision"] or 0,
        values["client"], values["order"], about, found.titles.get("owner", ""), held, versions,
        asked(record), coverage(held), questions, _changed(record, values, held), _people(values["client"]),
    )  # fmt: skip


def _people(client: int | None) -> tuple[str, ...]:
    theirs = [one.name for one in places.by_client([client]).get(client, ())] if client is not None else []
    who: Any = Operator
    ours = who.select(who.name, who.login).where(who.active & who.archived_at.is_null()).order_by(who.login).tuples()
    return tuple(dict.fromkeys([*theirs, *(name or login for name, login in ours)]))


def _changed(record: int, values: Values, held: tuple[Section, ...]) -> bool:
    """Whether a document says something else than the revision kept last."""
    one: Any = Revision
    row = one.select(one.content_hash).where((one.document == record) & (one.number == values["revision"]))
    last = row.tuples().first()
    text = writings.content(values["title"], held)
    return last is None or last[0] != writings.content_hash(text)


def asked(document: int) -> tuple[Asked, ...]:
    """Return who was asked to approve a document, the latest revision first."""
    one, person = Approval, Contact
    columns: Any = (one.id, person.name, one.number, one.decision, one.comment, one.decided_at)
    rows: Any = one.select(*columns).join(person, on=(one.contact == person.id))
    mine = rows.where((one.document == document) & one.archived_at.is_null()).order_by(one.number.desc(), one.id)
    return tuple(Asked(*row) for row in mine.tuples())


@dataclass(frozen=True, slots=True)
class Kept:
    """A revision, without what it says."""

    number: int
    status: str
    note: str
    author: str
    at: datetime
    content_hash: str

    @property
    def shown(self) -> str:
        """Return it in words."""
        status = entities["revision"].fields["status"].show(self.status)
        said = f"{self.number}  {status}  {formats.near_moment(self.at)}  {self.author}"
        return f"{said}  {self.note}".rstrip()

    def as_json(self) -> dict[str, object]:
        """Return it as scripts get it."""
        return {"number": self.number, "status": self.status, "note": self.note or None, "author": self.author or None,
                "at": iso_moment(self.at), "sha256": self.content_hash}  # fmt: skip


def revisions(document: int) -> list[Kept]:
    """Return the revisions of a document, the latest first."""
    one, who = Revision, Operator
    columns: Any = (one.number, one.status, one.note, who.login, one.created_at, one.content_hash)
    rows: Any = one.select(*columns).left_outer_join(who, on=(one.author == who.id))
    mine = rows.where((one.document == document) & one.archived_at.is_null()).order_by(one.number.desc())
    return [Kept(number, status, note, login or "", at, hashed) for number, status, note, login, at, hashed
            in mine.tuples()]  # fmt: skip


def compared(document: int, before: int, after: int) -> list[Difference]:
    """Return how two revisions differ; 0 is the document as it is now. Raises CrmError."""
    _title, former = writings.revision_sections(document, before)
    _title, later = writings.revision_sections(document, after)
    return compare.compare(_unmarked(former), _unmarked(later))


def _unmarked(found: Iterable[Section]) -> list[Section]:
    return [replace(one, body=writings.unmarked(one.body)) for one in found]


def paper(actor: Actor, record: int, number: int = 0) -> Paper:
    """Return a document as it is given away, as it is now or as it was in a revision. Raises NotFound, CrmError."""
    found = whole(actor, record)
    title, held = writings.revision_sections(record, number)
    kept = {one.number: one for one in revisions(record)}
    shown = kept.get(number or (0 if found.changed else found.revision))
    status = entities["revision"].fields["status"].show(shown.status if shown else found.status)
    version = _("{n}, {status}").format(n=shown.number, status=status) if shown else _("not kept yet")
    day = clock.local(shown.at).date() if shown else clock.today()
    facts = [
        (_("For"), found.about), ("", found.kind), (_("Revision"), version), ("", formats.long_day(day)),
    ]  # fmt: skip
    signed = [
        _("{who} approved revision {n} on {day}").format(
            who=one.who, n=one.number, day=formats.long_day(clock.local(one.decided_at).date())
        )
        for one in found.approvals
        if shown and one.number == shown.number and one.decision == APPROVED and one.decided_at
    ]
    footer = _("Revision {n}, SHA-256 {hash}").format(n=shown.number, hash=shown.content_hash) if shown else ""
    return Paper(title, held, facts, signed, footer)


def facts(record: int) -> dict[str, str]:
    """Return what the front matter of a document's file says."""
    entity = entities["document"]
    values = Writer.read_all(entity, [record])[record]
    found = {"title": values["title"], "kind": values["kind"]}
    for name in ("client", "order", "owner"):
        if values[name] is not None:
            found[name] = titles_of(entity, name, [values[name]]).get(values[name], "")
    found["status"] = values["status"]
    for name in ("held_on", "tags"):
        found[name] = entity.fields[name].edit(values[name])
    return {name: value for name, value in found.items() if value}


def waiting_for(document: int) -> int:
    """Return how many people are asked about a document's last revision and have not answered."""
    one: Any = Approval
    last = Document.select(Document.revision).where(Document.id == document)
    those = (one.document == document) & (one.decision == ASKED) & one.archived_at.is_null() & (one.number == last)
    return int(one.select().where(those).count())


def targets(notes: int) -> list[tuple[int, str, str]]:
    """Return the documents that what was noted may belong into, those changed last first: id, title and kind. They are
    of the same client, and no notes themselves."""
    one: Any = Document
    of = one.select(one.client).where(one.id == notes)
    those = (one.client == of) & (one.id != notes) & one.archived_at.is_null() & (one.kind_key != NOTES_KIND)
    query = one.select(one.id, one.title, one.kind).where(those & (one.status != SUPERSEDED))
    return list(query.order_by(one.updated_at.desc(), one.id.desc()).limit(50).tuples())


def orders_for(document: int) -> list[tuple[int, str, str]]:
    """Return the orders that what a document wants may be work of: its own first, then the client's open ones, the
    newest first; id, number and title."""
    row = Document.select(Document.client, Document.order).where(Document.id == document).tuples().first()
    if row is None or row[0] is None:
        return []
    found = [(one.id, str(one.cells[0]), str(one.cells[1])) for one in of_client(row[0])]
    return sorted(found, key=lambda one: one[0] != row[1])


def count_of(document: int, text: str) -> int:
    """Return how many times a text stands in a document, whatever its case."""
    wanted = text.lower()
    return sum(one.body.lower().count(wanted) for one in writings.read(document)) if wanted else 0
