"""Records as files hold them, many at a time: what ``lists.presenter`` gives, without the detour over Python values."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any, cast

import peewee as pw

from crm_tui import places
from crm_tui.db import Workspace
from crm_tui.fields import Kind, Money, Reference
from crm_tui.formats import decimal_amount, iso_moment
from crm_tui.models.base import Entity, entities
from crm_tui.queries import extra_columns
from crm_tui.queries.lists import presenter, titles_of

PERSON = "contact."
"""Before the fields of a client's point of contact."""

PERSON_FIELDS = ("id", "name", "role", "title", "email", "phone", "external_id")

_AS_THEY_ARE = frozenset({"text", "number", "percent", "choice"})
"""Families whose values the database keeps as JSON does."""

Convert = Callable[[Any], object]


class WholeRows:
    """Reads records as lists of values in the order of ``names``: fields, ``id``, extra columns, ``contact.name``."""

    def __init__(self, workspace: Workspace, entity: Entity, names: Sequence[str]) -> None:
        self._workspace, self._entity = workspace, entity
        self._own = [name for name in names if name in entity.fields or name == "id"]
        money = {name: kind for name in self._own if isinstance(kind := entity.fields.get(name), Money)}
        beside = {name: code for name, kind in money.items() if (code := kind.beside(entity.fields))}
        self._own += dict.fromkeys(code for code in beside.values() if code not in self._own)
        self._persons = [name.removeprefix(PERSON) for name in names if name.startswith(PERSON)]
        extras = extra_columns.of(entity)
        self._extras = [extras[name] for name in names if name in extras]
        self._converts = _converts(entity, self._own, at=1, without=beside)
        self._amounts = [(1 + self._own.index(name), 1 + self._own.index(code)) for name, code in beside.items()]
        """The places of amounts, each with that of the currency it is of."""
        self._person_converts = _converts(entities["contact"], self._persons, at=1)
        self._references = [(at, name) for at, name in enumerate(self._own, 1) if name in entity.references]
        read = [*self._own, *(f"{PERSON}{name}" for name in self._persons), *(extra.name for extra in self._extras)]
        order = [1 + read.index(name) for name in names]
        self._order = None if order == list(range(1, 1 + len(read))) else order

    def read(self, ids: Sequence[int]) -> Iterator[list[object]]:
        """Yield the rows of records in the order of their ids; those that are gone are left out."""
        if not ids:
            return
        found = self._read(self._entity, self._entity.model.id, ids, self._own, self._converts)
        self._name_references(found)
        for row in found.values() if self._amounts else ():
            for at, code in self._amounts:
                row[at] = None if row[at] is None else str(decimal_amount(row[at], row[code]))
        people = self._people(ids) if self._persons else {}
        nobody: list[object] = [None] * len(self._persons)
        extras = [extra.read(ids) for extra in self._extras]
        for record in ids:
            if record not in found:
                continue
            row = found[record]
            if self._persons:
                row += people.get(record, nobody)
            row += [extra.get(record) for extra in extras]
            yield row[1:] if self._order is None else [row[at] for at in self._order]

    def _people(self, clients: Sequence[int]) -> dict[int, list[object]]:
        """Return the fields of each client's point of contact, who may be at other clients besides."""
        people = entities["contact"]
        model: Any = people.model
        there = model.primary & model.archived_at.is_null()
        own = self._read(people, model.client, clients, self._persons, self._person_converts, there)
        found = {client: row[1:] for client, row in own.items()}
        without = [client for client in clients if client not in found]
        besides = [place for place in places.people(without, primary=True) if place.affiliation is not None]
        if besides:
            ids = sorted({place.contact for place in besides})
            persons = self._read(people, model.id, ids, self._persons, self._person_converts)
            for place in besides:
                values = zip(self._persons, persons[place.contact][1:], strict=True)
                found[place.client] = [
                    getattr(place, name) if name in ("role", "title") else value for name, value in values
                ]
        return found

    def _read(
        self,
        entity: Entity,
        key: Any,
        keys: Sequence[int],
        names: Sequence[str],
        converts: Sequence[tuple[int, Convert]],
        condition: Any = None,
    ) -> dict[int, list[Any]]:
        """Return rows by ``key``, which also is their first value; of several the one with the lowest id."""
        model: Any = entity.model
        fields = [model.id if name == "id" else entity.fields[name] for name in names]
        # Ids are numbers; as parameters they would take longer than the query.
        listed = pw.SQL(f"({', '.join(map(str, keys))})")
        query = model.select(key, *fields).where(key.in_(listed))
        if condition is not None:
            query = query.where(condition).order_by(model.id.desc())
        found: dict[int, list[Any]] = {}
        for values in self._workspace.database.execute(query).fetchall():
            row = list(values)
            for at, convert in converts:
                if row[at] is not None:
                    row[at] = convert(row[at])
            found[row[0]] = row
        return found

    def _name_references(self, found: dict[int, list[Any]]) -> None:
        for at, name in self._references:
            titles = titles_of(self._entity, name, [row[at] for row in found.values()])
            for row in found.values():
                if row[at] is not None:
                    row[at] = {"id": row[at], "name": titles.get(row[at], f"#{row[at]}")}


def _converts(entity: Entity, names: Sequence[str], at: int, without: Container[str] = ()) -> list[tuple[int, Convert]]:
    """Return what makes the file's form of a database value, for the columns where they differ but for some."""
    found: list[tuple[int, Convert]] = []
    for place, name in enumerate(names, at):
        kind = entity.fields.get(name)
        if name in without or kind is None or isinstance(kind, Reference):
            continue
        if kind.family not in _AS_THEY_ARE:
            found.append((place, _convert(entity, kind)))
    return found


def _convert(entity: Entity, kind: Kind) -> Convert:
    if kind.family == "day":
        return lambda value: value if isinstance(value, str) else value.isoformat()
    if kind.family == "moment":
        return lambda value: _iso(value) if isinstance(value, str) else iso_moment(value)
    if kind.family == "flag":
        return bool
    present, python_value = presenter(entity, kind.name), cast(Convert, kind.python_value)
    return lambda value: present(python_value(value))


def _iso(text: str) -> str:
    """Return a moment as SQLite keeps it, ``2026-11-22 14:02:00.500000``, in the form of ``formats.iso_moment``."""
    return f"{text[:10]}T{text[11:23]}Z"
