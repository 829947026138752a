"""All that is held of one person, as one JSON document: what to hand out when somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_tui import clock, personal, places, scope
from crm_tui.db import Workspace, among
from crm_tui.errors import BadInput
from crm_tui.formats import iso_moment
from crm_tui.i18n import _
from crm_tui.journal import Writer
from crm_tui.models.base import Entity, entities
from crm_tui.models.journal import Change
from crm_tui.queries import as_json, mentions, timeline
from crm_tui.queries.lists import titles_of
from crm_tui.scope import Actor


@dataclass(frozen=True, slots=True)
class File:
    """A file of the person's."""

    id: int
    name: str
    stored: str
    """The name its contents are kept under."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is held of one person."""

    entity: Entity
    id: int
    title: str
    content: dict[str, Any]
    """The document, ready for JSON."""
    files: tuple[File, ...]


def dossier(workspace: Workspace, actor: Actor, entity: Entity, record: int) -> Dossier:
    """Return all that is held of a person. Raises NotFound, NotAllowed, BadInput for what is no person.

    By name of the entity in the plural stands what belongs to the person, whatever it is. ``mentions`` are the places
    where others wrote the person's name, e-mail or telephone number.
    """
    scope.require_export_person(actor)
    if not entity.person:
        raise BadInput(_("{plural} are no people.").format(plural=_(entity.label_plural).capitalize()))
    with workspace.snapshot():
        values = Writer.read_all(entity, [record])[record]
        who = personal.same_person(entity, record)
        belongs = personal.belongings(who)
        everything = {**belongs, **{name: {*ids, *belongs.get(name, ())} for name, ids in who.items()}}
        content: dict[str, Any] = {
            "exported_at": iso_moment(clock.now()),
            "exported_by": actor.login,
            "entity": entity.name,
            "person": _records(entity, [record])[0],
            "same_person": [
                {"entity": name, **shown}
                for name, ids in who.items()
                for shown in _records(entities[name], sorted(ids - {record} if name == entity.name else ids))
            ],
            "clients": _clients(entity, record),
        }
        content |= {one.plural: _records(one, sorted(belongs.get(one.name, ()))) for one in personal.may_belong()}
        named = mentions.find(personal.names_of(who), without=everything)
        content["mentions"] = [
            {"entity": one.entity, "id": one.record, "field": one.field, "operation": one.operation, "text": one.text}
            for one in named
        ]
        content["journal"] = _journal({**everything, **_with(everything, personal.vanished(who, belongs))})
    title = str(values.get(entity.title) or f"#{record}")
    return Dossier(entity, record, title, content, _files(belongs.get("attachment", set())))


def _with(one: personal.Belongings, other: personal.Belongings) -> personal.Belongings:
    return {name: {*one.get(name, ()), *other.get(name, ())} for name in {*one, *other}}


def _records(entity: Entity, ids: list[int]) -> list[dict[str, Any]]:
    found = Writer.read_many(entity, ids)
    titles = {name: titles_of(entity, name, [values[name] for values in found.values()]) for name in entity.references}
    return [
        as_json.record_json(
            entity,
            record,
            found[record],
            {name: known[found[record][name]] for name, known in titles.items() if found[record][name] in known},
        )
        for record in ids
        if record in found
    ]


def _clients(entity: Entity, record: int) -> list[dict[str, Any]]:
    """The clients that the person is at."""
    if entity.name != "contact":
        return []
    ids = [place.client for place in places.clients([record])]
    client: Any = entities["client"].model
    query = client.select(client.id, client.name).where(among(client.id, ids)).order_by(client.id)
    return [{"id": one, "name": name} for one, name in query.tuples()]


def _files(ids: set[int]) -> tuple[File, ...]:
    attachment = entities["attachment"]
    found = Writer.read_many(attachment, sorted(ids))
    return tuple(File(one, values["name"], values["stored"]) for one, values in sorted(found.items()))


def _journal(records: personal.Belongings) -> list[dict[str, Any]]:
    """What was done to all this, the oldest first."""
    ids: list[int] = []
    for name, those in records.items():
        query: Any = Change.select(Change.id).where((Change.entity == name) & among(Change.record, those))
        ids += [row[0] for row in query.tuples()]
    present = as_json.stored_presenter()
    return [as_json.entry_json(entry, present) for entry in timeline.entries(sorted(ids))]
