"""Who is at which client: the one point of contact that each has, and people who are at several clients.

The client of their own is a field of the person; every further one is an affiliation (``places``). Nobody is at a
client twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_tui import places
from crm_tui.db import Workspace, among, batches
from crm_tui.errors import InvalidRecord
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity, entities
from crm_tui.models.people import Affiliation, Client, Contact
from crm_tui.places import Place
from crm_tui.scope import Actor, require_change
from crm_tui.services import rules
from crm_tui.services.typed import Typed, read_typed

THERE = ("role", "title", "primary")
"""What a person is at a client; of their own client a contact says it, of further ones an affiliation."""


@rules.rule("contact", "client", "primary")
def one_point_of_contact(writer: Writer, record: int | None, values: Values) -> None:
    """The first person at a client is its point of contact; making another primary takes it from the former. Whose own
    client becomes one that they were at besides is there once."""
    client = values.get("client")
    if client is None and record is not None and (besides := places.further([record])):
        # Who leaves their own client and is at another besides is there from now on.
        client, values["primary"] = besides[0].client, False
        values["client"] = client
    if client is None:
        values["primary"] = False
        return
    if record is not None:
        _take_up(writer, record, client, values)
    if values.get("primary"):
        step_down(writer, client, but=record)
    elif record is None and not places.people([client], primary=True):
        values["primary"] = True


@rules.rule("affiliation", "contact", "client", "primary")
def once_at_each_client(writer: Writer, record: int | None, values: Values) -> None:
    """Nobody is at a client twice, or comes to one that is archived; the client has one point of contact."""
    contact, client = values.get("contact"), values.get("client")
    missing = {name: _("it cannot be empty") for name in ("contact", "client") if values.get(name) is None}
    if contact is None or client is None:
        raise InvalidRecord(missing)
    if _place(contact, client, besides=record) is not None:
        message = _("{person} is at {client} already").format(
            person=name_of("contact", contact), client=name_of("client", client)
        )
        raise InvalidRecord({"client": message})
    _require_live(record, values)
    if values.get("primary"):
        step_down(writer, client, but=contact)
    elif record is None and not places.people([client], primary=True):
        values["primary"] = True


@rules.consequence("affiliation")
def _first_is_their_own(writer: Writer, _record: int, before: Values | None, values: Values) -> None:
    """The first client of somebody who has none is their own."""
    contact = entities["contact"]
    if before is None and not writer.command.endswith(".import"):
        person, client = name_of("contact", values["contact"]), name_of("client", values["client"])
        writer.summary = _("{person} is at {client}").format(person=person, client=client)
    held = writer.read(contact, values["contact"])
    if before is None and held["client"] is None:
        full = held | {"client": values["client"]}
        rules.apply(writer, "contact", values["contact"], full)
        writer.update(contact, values["contact"], {name: full[name] for name in contact.entered})


@rules.yields("contact")
def _person_yields(writer: Writer, record: int, values: Values) -> None:
    """Who comes back is not the point of contact again where another one has become it."""
    if values.get("primary") and places.people([values["client"]], primary=True):
        values["primary"] = False
    for place in places.further([record]):
        if place.primary and places.people([place.client], primary=True):
            writer.update(entities["affiliation"], place.affiliation or 0, {"primary": False})


@rules.yields("affiliation")
def _affiliation_yields(_writer: Writer, _record: int, values: Values) -> None:
    if values.get("primary") and places.people([values["client"]], primary=True):
        values["primary"] = False


def name_of(entity_name: str, record: int) -> str:
    """Return what a person or client is called."""
    model: Any = {"contact": Contact, "client": Client}[entity_name]
    row = model.select(model.name).where(model.id == record).tuples().first()
    return str(row[0]) if row else f"#{record}"


def step_down(writer: Writer, client: int, *, but: int | None) -> None:
    """Let nobody be the point of contact of a client but one person."""
    for place in places.people([client], primary=True):
        if place.contact != but:
            entity, record = said_by(place)
            writer.update(entities[entity], record, {"primary": False})


def said_by(place: Place) -> tuple[str, int]:
    """Return the entity and id of the record that says what somebody is at a client."""
    return ("contact", place.contact) if place.affiliation is None else ("affiliation", place.affiliation)


def _require_live(record: int | None, values: Values) -> None:
    """Raise InvalidRecord for a person or client that is archived, unless it is the one that it was."""
    held = Writer.read_many(entities["affiliation"], [record]).get(record, {}) if record else {}
    for name, model in (("contact", Contact), ("client", Client)):
        row: Any = model.select(model.name, model.archived_at).where(model.id == values[name]).tuples().first()
        if values[name] != held.get(name) and (row is None or row[1] is not None):
            title = row[0] if row else f"#{values[name]}"
            raise InvalidRecord({name: _("{name} is archived; bring it back first").format(name=title)})


def _take_up(writer: Writer, record: int, client: int, values: Values) -> None:
    """Let somebody's own client be one that they were at besides: as what they were there, unless that was changed in
    the same breath."""
    further = next((one for one in places.further([record]) if one.client == client), None)
    if further is None or further.affiliation is None:
        return
    held = writer.read(entities["contact"], record)
    for name in ("role", "title"):
        if values.get(name) == held[name] and getattr(further, name):
            values[name] = getattr(further, name)
    values["primary"] = values.get("primary") or further.primary
    writer.archive(entities["affiliation"], [further.affiliation])


def end_doubles(writer: Writer, contacts: Sequence[int]) -> None:
    """Archive what says that people are at a client besides which is their own by now: of many people at once."""
    both: Any = Affiliation.select(Affiliation.id, Affiliation.contact, Affiliation.primary)
    same = (Affiliation.client == Contact.client) & Affiliation.archived_at.is_null()
    found = both.join(Contact, on=(Affiliation.contact == Contact.id)).where(same)
    doubles = [row for batch in batches(contacts) for row in found.where(among(Contact.id, batch)).tuples()]
    writer.archive(entities["affiliation"], [row[0] for row in doubles])
    writer.update_many(entities["contact"], {row[1]: {"primary": True} for row in doubles if row[2]})


# What operators ask for


def join(workspace: Workspace, actor: Actor, side: Entity, ids: Sequence[int], typed: Typed) -> int:
    """Let people be at a client besides, or one person at clients: ``side`` is what ``ids`` are of, ``typed`` names the
    other and what they are there. Return how many places there are more. Raises InvalidRecord, NotFound, NotAllowed."""
    affiliation = entities["affiliation"]
    require_change(actor, affiliation)
    values = read_typed(actor, affiliation, typed)
    with operation(workspace, actor, f"{side.name}.join") as op:
        for record in ids:
            new = {name: kind.initial for name, kind in affiliation.entered.items()} | values | {side.name: record}
            rules.apply(op, affiliation.name, None, new)
            made = op.create(affiliation, new)
            rules.follow(op, affiliation.name, made, None, new)
        if len(ids) > 1:
            op.summary = ngettext("{n} affiliation", "{n} affiliations", len(ids)).format(n=len(ids))
    return len(ids)


def change(workspace: Workspace, actor: Actor, command: str, there: Sequence[Place], typed: Typed) -> None:
    """Change what somebody is at clients: the role, the title, whether they are the point of contact. Raises
    InvalidRecord, NotFound, NotAllowed."""
    require_change(actor, entities["contact"])
    values = read_typed(actor, entities["affiliation"], typed)
    own = any(place.affiliation is None for place in there)
    known = THERE if own else (*THERE, *entities["affiliation"].in_use)
    if strange := [name for name in values if name not in known]:
        raise InvalidRecord({name: _("here it stays what it is") for name in strange})
    with operation(workspace, actor, command) as op:
        for place in there:
            name, record = said_by(place)
            full = op.read(entities[name], record) | values
            rules.apply(op, name, record, full)
            op.update(entities[name], record, {field: full[field] for field in entities[name].entered})
            op.summary = _("{person} at {client}: {what}").format(
                person=name_of("contact", place.contact), client=name_of("client", place.client),
                what=", ".join(entities[name].fields[field].label.lower() for field in values),
            )  # fmt: skip


def leave(workspace: Workspace, actor: Actor, there: Sequence[Place]) -> str:
    """Take people from clients they are at; they stay in the workspace, and with the clients they are at besides.
    Return what was done, in words. Raises NotFound, NotAllowed."""
    contact = entities["contact"]
    require_change(actor, contact)
    with operation(workspace, actor, "contact.leave") as op:
        for place in there:
            if place.affiliation is not None:
                op.archive(entities["affiliation"], [place.affiliation])
            else:
                full = op.read(contact, place.contact) | {"client": None}
                rules.apply(op, contact.name, place.contact, full)
                op.update(contact, place.contact, {name: full[name] for name in contact.entered})
            op.summary = _("{person} is no longer at {client}").format(
                person=name_of("contact", place.contact), client=name_of("client", place.client)
            )
        if len(there) > 1:
            op.summary = _("{n} people are no longer at their client").format(n=len(there))
    return op.summary


def join_many(writer: Writer, pairs: Sequence[tuple[int, int]]) -> None:
    """Let people be at clients they are not at so far: pairs of a person and a client that are there."""
    clients = sorted({client for _contact, client in pairs})
    without = set(clients) - {place.client for place in places.people(clients, primary=True)}
    rows: list[Values] = []
    for contact, client in pairs:
        rows.append({"contact": contact, "client": client, "primary": client in without})
        without.discard(client)
    writer.create_many(entities["affiliation"], rows)


# Two records become one


def unite_places(writer: Writer, entity: Entity, kept: int, other: int) -> int:
    """Let what says that somebody is at a further client be about the person or client ``kept``, once ``other`` was
    merged into it and archived: what would say it twice is put together. Return how many moved or went."""
    moved = 0
    affiliation = entities["affiliation"]
    model: Any = affiliation.model
    reference = affiliation.fields[entity.name]
    rows = model.select(model.id, model.contact, model.client, model.archived_at.is_null())
    for record, contact, client, live in list(rows.where(reference == other).order_by(model.id).tuples()):
        pair = {"contact": contact, "client": client, entity.name: kept}
        if live and (there := _place(pair["contact"], pair["client"], besides=record)) is not None:
            _unite(writer, there, writer.read(affiliation, record))
            writer.archive(affiliation, [record])
        else:
            writer.update(affiliation, record, {entity.name: kept})
        moved += 1
    return moved


def keep_place(writer: Writer, person: int, place: Values) -> None:
    """Let somebody be at a client as what ``place`` says (``client`` and the fields of ``THERE``): as a further one,
    unless they are there."""
    there = _place(person, place["client"])
    if there is not None:
        _unite(writer, there, place)
    else:
        writer.create(entities["affiliation"], {"contact": person, **place})


def end_places_at(writer: Writer, client: int) -> None:
    """Put together what people are at a client where it has become their own: of what they were there besides is kept
    what their own record does not say."""
    for place in [one for one in places.people([client]) if one.affiliation is not None]:
        own = _place(place.contact, client, besides=place.affiliation)
        if own is not None:
            _unite(writer, own, {name: getattr(place, name) for name in THERE})
            writer.archive(entities["affiliation"], [place.affiliation or 0])


def _place(contact: int, client: int, besides: int | None = None) -> Place | None:
    """What somebody is at a client, by another record than the affiliation ``besides``."""
    found = (one for one in places.clients([contact]) if one.client == client)
    return next((one for one in found if one.affiliation is None or one.affiliation != besides), None)


def _unite(writer: Writer, place: Place, other: Values) -> None:
    """Fill in what is empty of what somebody is at a client."""
    filled = {name: other[name] for name in THERE if other.get(name) and not getattr(place, name)}
    if filled:
        entity, record = said_by(place)
        writer.update(entities[entity], record, filled)
