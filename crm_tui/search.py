"""Full-text search: FTS5 on SQLite, ``tsvector`` on PostgreSQL, with the same words and the same answers on both.

Both indexes are given words that we folded and split ourselves (``text.tokens``), so that accents, case and CJK
behave alike, and queries are built from such words only: no user text ever reaches a query parser.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import db, places
from crm_tui.models.base import Entity, entities
from crm_tui.text import tokens

MOST_WORDS = 4000
"""Words of one record that are indexed."""

_BATCH = 500
"""Records indexed at once, with all their text in memory."""

_NONE: frozenset[int] = frozenset()


class Phrase(NamedTuple):
    """Words that must stand side by side; the last may be only the beginning of a word (what is being typed)."""

    words: tuple[str, ...]
    prefix: bool = True


def phrase(text: str, *, prefix: bool = True) -> Phrase:
    """Return the phrase that a person's text asks for; it has no words if the text has no letters or digits."""
    return Phrase(tuple(tokens(text)), prefix)


def condition(entity: Entity, wanted: Phrase, *, within: Callable[[Any], Any] | None = None) -> Any:
    """Return the SQL condition that a record of ``entity`` holds the phrase (an empty phrase holds everywhere);
    ``within`` gives the condition that an id is one of those that are asked about at all."""
    return entity.model.id.in_(matching(entity, wanted, within=within)) if wanted.words else pw.Value(1) == 1


def matching(
    entity: Entity, wanted: Phrase, *, without: Any | None = None, within: Callable[[Any], Any] | None = None
) -> Any:
    """Return the query of the ids of the records of ``entity`` that hold the phrase, which must have words; those that
    another query of ids gives are left out."""
    table = pw.Table(f"search_{entity.name}")
    if db.postgres():
        lexemes = [f"'{word}'" for word in wanted.words]
        if wanted.prefix:
            lexemes[-1] += ":*"
        match = pw.Expression(table.c.doc, "@@", pw.Cast(pw.Value(" <-> ".join(lexemes)), "tsquery"))
    else:
        quoted = '"' + " ".join(wanted.words) + '"' + ("*" if wanted.prefix else "")
        match = pw.Expression(pw.Entity(f"search_{entity.name}"), "MATCH", pw.Value(quoted))
    found = table.select(table.c.rowid).where(match)
    if within is not None:
        found = found.where(within(table.c.rowid))
    return found if without is None else found.where(table.c.rowid.not_in(without))


def holds(words: Sequence[str], wanted: Phrase) -> bool:
    """Return what ``condition`` means for one record's indexed words."""
    size = len(wanted.words)
    if not size:
        return True
    for start in range(len(words) - size + 1):
        found = words[start : start + size]
        if list(found[:-1]) == list(wanted.words[:-1]) and (
            found[-1].startswith(wanted.words[-1]) if wanted.prefix else found[-1] == wanted.words[-1]
        ):
            return True
    return False


def words_of(entity: Entity, values: Sequence[str], parts_of_it: Iterable[Sequence[str]] = ()) -> list[str]:
    """Return the words indexed for a record: its search fields' texts in order, then those of its people, or of its
    sections."""
    parts = [*values, *(text for part in parts_of_it for text in part)]
    return tokens(" \n ".join(parts))[:MOST_WORDS]


def concerned(entity: Entity, names: Collection[str]) -> bool:
    """Whether a change of these fields changes the indexed words of a record, or of what it is a part of."""
    if entity.name in _PARTS and not _PARTS[entity.name][1].isdisjoint(names):
        return True
    return any(name in names for name in entity.search)


_PARTS = {
    "contact": ("client", frozenset({"name", "email", "client", "archived_at"})),
    "affiliation": ("client", frozenset({"contact", "client", "archived_at"})),
    "section": ("document", frozenset({"heading", "body", "document", "rank", "archived_at"})),
}
"""What is found by parts of it, by their names, and by what of them: a client by its people, a document by what its
sections say."""


def has_wholes(entity: Entity) -> bool:
    """Whether records of an entity are parts by which others are found."""
    return entity.name in _PARTS


def wholes_of(entity: Entity, *sides: Mapping[str, Any]) -> Iterator[tuple[str, set[int]]]:
    """Yield the records, by entity name, whose indexed words a record is or was a part of: a contact's own client, and
    the further one that an affiliation says; a section's document.

    ``sides`` are the stored values before and after a change.
    """
    if entity.name in _PARTS:
        whole = _PARTS[entity.name][0]
        ids = {side[whole] for side in sides if side.get(whole)}
        if ids:
            yield whole, ids


def reindex(
    workspace: db.Workspace,
    changed: Mapping[str, Collection[int]],
    created: Mapping[str, Collection[int]] | None = None,
) -> None:
    """Index anew the records that changed, by entity name, and the clients of people; those that were just ``created``
    are not in the index yet. Inside ``Workspace.write`` only."""
    made = {name: frozenset(ids) for name, ids in (created or {}).items()}
    # Those of what was made are among the changed ones already: ``wholes_of`` has told them.
    people, sections = (sorted({*changed.get(name, ())} - made.get(name, _NONE)) for name in ("contact", "section"))
    clients = {*changed.get("client", ()), *places.clients_of(people)}
    documents = {*changed.get("document", ()), *_documents_of(sections)}
    for name, ids in {**changed, "client": clients, "document": documents}.items():
        if ids and entities[name].search:
            new = made.get(name, _NONE)
            for batch in db.batches(sorted(ids), _BATCH):
                _index(workspace, entities[name], batch, [record for record in batch if record not in new])


def _index(workspace: db.Workspace, entity: Entity, ids: Sequence[int], indexed: Sequence[int]) -> None:
    """Index records; those that are ``indexed`` already are taken out first."""
    model: Any = entity.model
    table = f"search_{entity.name}"
    if indexed:
        listed = ", ".join(map(str, indexed))
        workspace.database.execute_sql(f'DELETE FROM "{table}" WHERE rowid IN ({listed})')
    fields = [model._meta.fields[name] for name in entity.search]
    # Past Peewee's rows: texts are what the database has, and indexing is a fifth of an import.
    rows = workspace.database.execute(model.select(model.id, *fields).where(db.among(model.id, ids))).fetchall()
    parts = parts_said(entity, ids)
    put(workspace, entity.name, ((row[0], document(words_of(entity, row[1:], parts.get(row[0], ())))) for row in rows))


def put(workspace: db.Workspace, entity: str, documents: Iterable[tuple[int, str]]) -> None:
    """Put records that are not in the index of an entity into it: ids with what ``document`` made of their words.
    Inside ``Workspace.write`` only."""
    if not entities[entity].search:
        return
    workspace.insert_rows(f"search_{entity}", ("rowid", "doc"), documents)


def parts_said(entity: Entity, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return what the parts of each record say by which it is found, too, in the order they are indexed: the names and
    e-mails of a client's people, the headings and texts of a document's sections."""
    if entity.name == "client":
        people = places.by_client(ids)
        return {client: [(one.name, one.email) for one in there] for client, there in people.items()}
    return _sections_said(ids) if entity.name == "document" else {}


def _sections_said(documents: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    model: Any = entities["section"].model
    found: dict[int, list[tuple[str, str]]] = {}
    columns = (model.document, model.heading, model.body)
    live = db.among(model.document, documents) & model.archived_at.is_null()
    for record, heading, body in model.select(*columns).where(live).order_by(model.rank, model.id).tuples():
        found.setdefault(record, []).append((heading, body))
    return found


def _documents_of(sections: Sequence[int]) -> set[int]:
    model: Any = entities["section"].model
    return {
        row[0]
        for batch in db.batches(sections)
        for row in model.select(model.document).where(db.among(model.id, batch)).tuples()
        if row[0] is not None
    }


def document(words: Sequence[str]) -> str:
    """Return words as the open workspace's index takes them."""
    if db.postgres():
        return " ".join(f"'{word}':{position}" for position, word in enumerate(words, 1))
    return " ".join(words)
