"""What is held of a person: which records are theirs, and which fields of those tell something of them.

A person is a contact, or a client who is one (a sole trader). It all follows from the models: of the person's own
record every field goes that is not declared ``impersonal``; of a record that belongs to them (it refers to theirs, or
is about it) what was written freely goes, custom fields, and what is declared ``personal``. An entity that is added
later is covered without a line of code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import peewee as pw

from crm_tui.db import among, among_those, ask, batches
from crm_tui.fields import Choice, Choices, Currency, Email, Kind, Phone, Reference, Tags, Text
from crm_tui.i18n import _
from crm_tui.models.base import Entity, about_others, entities
from crm_tui.models.distinctions import Distinction
from crm_tui.models.erasures import ErasedRecord
from crm_tui.models.journal import Change, Operation
from crm_tui.text import fold

Belongings = dict[str, set[int]]
"""Ids by entity name."""

SHORTEST_NAME = 3
"""Characters of a name that is looked for in texts: shorter ones are found everywhere."""


def people() -> list[Entity]:
    """Return the entities whose records are, or may be, people."""
    return [entity for entity in entities.values() if entity.person]


# Which fields


def fields_of(entity: Entity) -> dict[str, Kind]:
    """Return the fields of a record that go when the person is erased whose it is, archived custom ones too."""
    telling = _tells_of_oneself if entity.person else _is_written_freely
    kinds = {**entity.entered, **entity.shelved}
    return {
        name: kind
        for name, kind in kinds.items()
        if name in entity.personal or (name not in _staying(entity) and (kind.custom or telling(kind)))
    }


def _staying(entity: Entity) -> set[str]:
    return {*entity.impersonal, *(("about", "record") if entity in about_others() else ())}


def _tells_of_oneself(kind: Kind) -> bool:
    # To whom or what somebody belongs stays, so that the records of others keep leading somewhere.
    return not isinstance(kind, Reference) and not (isinstance(kind, Choice) and kind.required)


def _is_written_freely(kind: Kind) -> bool:
    return isinstance(kind, Text | Tags | Choices) and not isinstance(kind, Currency)


def emptied(entity: Entity, record: int) -> dict[str, Any]:
    """Return what the fields that go hold afterwards: nothing, or a word that says nothing where there must be one."""
    values = {name: kind.empty for name, kind in fields_of(entity).items()}
    if entity.person:
        values[entity.title] = neutral_name(record)
        if "do_not_contact" in values:
            values["do_not_contact"] = True
    elif entity.title in values and entity.fields[entity.title].required:
        values[entity.title] = _("erased")
    return values


def neutral_name(record: int) -> str:
    """Return what the record of an erased person is called."""
    return _("erased person {id}").format(id=record)


# Which records


def same_person(entity: Entity, record: int) -> Belongings:
    """Return the records that are this person: the one named, those merged with it, and of a client who is a person
    the contact there of the same name. An e-mail is no proof: families and offices share theirs."""
    found: Belongings = {entity.name: _merged(entity, {record})}
    if entity.name != "client":
        return found
    client: Any = entity.model
    contact: Any = entities["contact"].model
    named = client.select(client.name_key).where(among(client.id, found["client"]))
    further: Any = entities["affiliation"].model
    besides = further.select(further.contact).where(among(further.client, found["client"]))
    there = (among(contact.client, found["client"]) | contact.id.in_(besides)) & contact.name_key.in_(named)
    if same := {row[0] for row in contact.select(contact.id).where(there).tuples()}:
        found["contact"] = _merged(entities["contact"], same)
    return found


_TWO_IDS = re.compile(r"\(#(\d+)\)")


def _merged(entity: Entity, ids: set[int]) -> set[int]:
    """Return these records with all that were merged with one of them: two that were one person."""
    pairs: list[set[int]] = []
    archived = (Change.entity == entity.name) & (Change.action == "archive")
    merging = (Operation.command == f"{entity.name}.merge") & Operation.undone_by.is_null() & (Operation.kind == "do")
    query: Any = Change.select(Change.record, Operation.summary).join(Operation, on=(Change.operation == Operation.id))
    for other, summary in query.where(archived & merging).tuples():
        named = {int(one) for one in _TWO_IDS.findall(summary)}
        if len(named) == 2 and other in named:
            pairs.append(named)
    found, before = set(ids), 0
    while len(found) != before:
        before = len(found)
        found.update(*(pair for pair in pairs if pair & found))
    return found


def belongings(who: Mapping[str, Iterable[int]]) -> Belongings:
    """Return the records that belong to people: those that refer to them, what is about them or about those, and what
    says that somebody else is somebody else."""
    found: Belongings = {}
    for name, ids in who.items():
        for referrer, field in belonging(entities[name]):
            _add(found, referrer, referrer.fields[field], ids)
    for name, ids in [*who.items(), *[(name, set(ids)) for name, ids in found.items()]]:
        for about in about_others():
            model: Any = about.model
            _add(found, about, model.record, ids, model.about == name)
    for about in about_others():
        for referrer, field in belonging(about):
            _add(found, referrer, referrer.fields[field], found.get(about.name, ()))
    for part, whole in _parts():
        _add(found, part, part.fields[part.part_of], found.get(whole, ()))
    for name, ids in who.items():
        for record in ids:
            told: Any = Distinction.select(Distinction.id, Distinction.pair).where(Distinction.pair.startswith(name))
            apart = {row[0] for row in told.tuples() if str(record) in row[1].split()[1:]}
            if apart:
                found.setdefault("distinction", set()).update(apart)
    return found


def may_belong() -> list[Entity]:
    """Return the entities whose records may belong to a person, in the order they are declared."""
    wholes = [*people(), *about_others()]
    found = {referrer.name for whole in wholes for referrer, _field in belonging(whole)}
    found |= {about.name for about in about_others()} | {"distinction"}
    found |= {part.name for part, whole in _parts() if whole in found}
    return [entity for entity in entities.values() if entity.name in found]


def _parts() -> list[tuple[Entity, str]]:
    """Return the entities whose records are parts of others', each with the name of those."""
    return [(entity, entity.references[entity.part_of].name) for entity in entities.values() if entity.part_of]


def belonging(entity: Entity) -> list[tuple[Entity, str]]:
    """Return the entities whose records belong to those of ``entity``, with the field they refer by.

    A custom field that leads to a person makes nobody theirs, and people belong to themselves.
    """
    return [
        (referrer, field)
        for referrer, field in entity.referrers
        if not referrer.person and not referrer.admin and not referrer.fields[field].custom
    ]


def _add(found: Belongings, entity: Entity, column: Any, ids: Iterable[int], also: Any = None) -> None:
    model: Any = entity.model
    for batch in batches(sorted(ids)):
        query = model.select(model.id).where(among(column, batch))
        query = query if also is None else query.where(also)
        if more := {row[0] for row in query.tuples()}:
            found.setdefault(entity.name, set()).update(more)


def vanished(who: Mapping[str, Iterable[int]], found: Mapping[str, Iterable[int]]) -> Belongings:
    """Return the records that belonged to people and are gone, because what made them was undone: of those only the
    journal knows."""
    wholes = {name: set(ids) for name, ids in [*who.items(), *found.items()]}
    leading = {(referrer.name, field): name for name in who for referrer, field in belonging(entities[name])}
    gone = _gone(wholes, leading, {entity.name for entity in about_others()})
    parts = {(part.name, part.part_of): whole for part, whole in _parts() if whole in wholes or whole in gone}
    for name, ids in gone.items():
        wholes.setdefault(name, set()).update(ids)
    for name, ids in (_gone(wholes, parts, set()) if parts else {}).items():
        gone.setdefault(name, set()).update(ids)
    return gone


def _gone(wholes: Belongings, leading: Mapping[tuple[str, str], str], about: Collection[str]) -> Belongings:
    """Return the records that are gone and led to some of ``wholes``: by a field, named with its entity, or because
    they were ``about`` one."""
    gone: Belongings = {}
    names = {*about, *(name for name, _field in leading)}
    query: Any = Change.select(Change.entity, Change.record, Change.before).where(
        (Change.action == "delete") & Change.entity.in_(sorted(names))
    )
    for entity, record, before in query.order_by(Change.id).tuples().iterator():
        told = json.loads(before)
        theirs = any(
            told.get(field) in wholes[name] for (referrer, field), name in leading.items() if referrer == entity
        )
        theirs |= entity in about and told.get("record") in wholes.get(str(told.get("about")), ())
        if theirs and record not in wholes.get(entity, ()):
            gone.setdefault(entity, set()).add(record)
    return gone


# What they are called


def names_of(who: Mapping[str, Iterable[int]], *, shortest: int = SHORTEST_NAME) -> list[str]:
    """Return what people are or were called and reached by: their names, e-mails and telephone numbers."""
    found: dict[str, None] = {}
    for name, ids in who.items():
        entity = entities[name]
        reached = [one for one, kind in entity.fields.items() if isinstance(kind, Email | Phone)]
        query: Any = Change.select(Change.before, Change.after).where(
            (Change.entity == name) & among(Change.record, ids)
        )
        sides = [json.loads(side) for row in query.order_by(Change.id.desc()).tuples() for side in row]
        found.update(
            (text, None)
            for one in (entity.title, *reached)
            for values in sides
            if (text := str(values.get(one) or "").strip())
        )
    return [text for text in found if len(text) >= shortest]


def mention(names: Iterable[str]) -> Callable[[str], bool]:
    """Return whether a text names somebody: one of the names as whole words, whatever the case and accents."""
    keys = sorted({re.escape(fold(name)) for name in names}, key=len, reverse=True)
    if not keys:
        return lambda _text: False
    found = re.compile(rf"(?<!\w)(?:{'|'.join(keys)})(?!\w)")
    return lambda text: found.search(fold(text)) is not None


# Who was erased


def was_erased(entity_name: Any, record: Any) -> Any:
    """Return the SQL condition that the record these columns name was emptied because a person was erased."""
    one: Any = ErasedRecord.alias()
    return pw.fn.EXISTS(one.select(one.id).where((one.entity == entity_name) & (one.record == record)))


def erased(entity_name: str, ids: Iterable[int]) -> set[int]:
    """Return which of these records were emptied because a person was erased."""
    model: Any = ErasedRecord

    def query() -> Any:
        return model.select(model.record).where((model.entity == entity_name) & among_those(model.record))

    return {row[0] for row in ask("erased", query, ids, [entity_name])}
