"""Everything about one record: its values, what its references are called, the people that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crm_tui import contacting, places, scope
from crm_tui.db import among
from crm_tui.errors import NotFound
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities
from crm_tui.places import Place
from crm_tui.queries import checklists, tasks, times, written
from crm_tui.queries.lists import ListRow, rows, titles_of, with_currencies
from crm_tui.queries.orders import Worth, lines, of_client, open_of, worth
from crm_tui.queries.scores import Points, why
from crm_tui.queries.stages import Stay, history
from crm_tui.queries.talk import comments, files
from crm_tui.queries.teams import members
from crm_tui.scope import Actor


@dataclass(frozen=True, slots=True)
class Detail:
    """One record, whole."""

    entity: Entity
    id: int
    version: int
    title: str
    values: Values
    """Python values by field name, with ``created_at``, ``updated_at`` and ``archived_at``."""
    titles: dict[str, str]
    """What each reference field leads to is called."""
    contacts: tuple[ListRow, ...] = ()
    """The people of a client, as what they are there: cells as ``CONTACT_COLUMNS``."""
    clients: tuple[ListRow, ...] = ()
    """The clients that a person is at, their own first: cells as ``CLIENT_COLUMNS``."""
    places: tuple[Place, ...] = ()
    """What each of ``contacts``, or the person at each of ``clients``, is there."""
    members: tuple[ListRow, ...] = ()
    """Who is in a team, as memberships: cells as ``teams.MEMBER_COLUMNS``."""
    orders: tuple[ListRow, ...] = ()
    """The newest orders of a client, open ones first: cells as ``orders.ORDER_COLUMNS``."""
    open_orders: tuple[int, int] = (0, 0)
    """How many orders of a client are open, and how many of those are late."""
    lines: tuple[ListRow, ...] = ()
    """What was ordered: cells as ``orders.LINE_COLUMNS``."""
    worth: Worth | None = None
    """What an order comes to."""
    checklist: tuple[ListRow, ...] = ()
    """What is to be seen to, of an order or a task: cells as ``checklists.ITEM_COLUMNS``."""
    tasks: tuple[ListRow, ...] = ()
    """The tasks of an order, the open ones of a client, the parts of a task: cells as ``tasks.TASK_COLUMNS``."""
    needs: tuple[ListRow, ...] = ()
    """The tasks that a task waits for: cells as ``tasks.TASK_COLUMNS``."""
    needed_by: int = 0
    """How many open tasks wait for a task."""
    documents: tuple[ListRow, ...] = ()
    """What was written with a client or for an order: cells as ``documents.DOCUMENT_COLUMNS``."""
    times: tuple[ListRow, ...] = ()
    """What was booked on a client, an order or a task: cells as ``times.TIME_COLUMNS``."""
    minutes: int = 0
    """How much that is."""
    comments: tuple[ListRow, ...] = ()
    """What was said about it: cells as ``talk.COMMENT_COLUMNS``."""
    files: tuple[ListRow, ...] = ()
    """The files attached to it: cells as ``talk.FILE_COLUMNS``."""
    score_why: tuple[Points, ...] = ()
    """What a client's score is the sum of."""
    stages: tuple[Stay, ...] = ()
    """The stages a client or an order went through, the first one first."""
    do_not_contact: str = ""
    """Why this person or client may not be contacted, if so."""

    def shown(self, name: str) -> str:
        """Return a field as a person reads it."""
        kind = self.entity.fields[name]
        return self.titles[name] if name in self.titles else kind.show(self.values.get(name, kind.empty))


CONTACT_COLUMNS = ("name", "role", "title", "email", "phone", "primary")
CLIENT_COLUMNS = ("client", "role", "title", "primary")


def detail(actor: Actor, entity: Entity, record: int) -> Detail:
    """Return one record whole. Raises NotFound when there is none that the actor may see."""
    found = brief(actor, entity, record, contacts=None)
    found = replace(found, comments=comments(entity, record), files=files(entity, record))
    if entity.name in ("order", "task"):
        found = replace(found, checklist=checklists.items(entity, record))
    if entity.name in ("client", "order", "task"):
        found = replace(found, tasks=tasks.of_record(entity, record))
        found = replace(found, times=times.of_record(entity, record), minutes=times.total(entity, record))
    if entity.name in ("client", "order"):
        found = replace(found, stages=tuple(history(entity, record)), documents=written.of_record(entity, record))
    return replace(found, orders=of_client(record)) if entity.name == "client" else found


def brief(actor: Actor, entity: Entity, record: int, contacts: int | None = 1) -> Detail:
    """Return of one record what is shown beside a list: its values; of a team who is in it; of a client also its
    people, the point of contact first and by default no other, and what its score is the sum of. Raises NotFound when
    there is none that the actor may see."""
    values = Writer.read_all(entity, [record])[record]
    if not scope.sees(actor, entity, values):
        raise NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))
    titles: dict[str, str] = {}
    for name in entity.references:
        if values[name] is not None:
            titles[name] = titles_of(entity, name, [values[name]]).get(values[name], f"#{values[name]}")
    title = _line(str(values.get(entity.title) or f"#{record}"))
    found = Detail(entity, record, values["version"], title, with_currencies(entity, values), titles)
    if reason := contacting.why_not(entity, [record]).get(record, ""):
        found = replace(found, do_not_contact=reason)
    if entity.name == "team":
        return replace(found, members=members(record))
    if entity.name == "contact":
        return replace(found, **_clients(record))
    if entity.name == "task":
        return replace(found, needs=tasks.needs(record), needed_by=tasks.needed_by(record))
    if entity.name == "order":
        return replace(found, lines=lines(record), worth=worth(record, values["currency"]))
    if entity.name != "client":
        return found
    ordered = open_of(record) if values["order_count"] else (0, 0)
    return replace(found, **_contacts(record, contacts), score_why=why(record), open_orders=ordered)


def _line(title: str) -> str:
    """A comment is called by its text: as much of it as a heading holds."""
    line = " ".join(title[:2000].split()) if "\n" in title or len(title) > 200 else title
    return line if len(line) <= 200 else line[:199] + "…"


def _contacts(client: int, most: int | None = None) -> dict[str, Any]:
    """The people of a client, its point of contact first; only the first ``most`` of them."""
    contact = entities["contact"]
    there = {place.contact: place for place in places.people([client])}
    model: Any = contact.model
    by_name = model.select(model.id).where(among(model.id, there)).order_by(model.name_key, model.id)
    order = sorted((row[0] for row in by_name.tuples()), key=lambda one: not there[one].primary)
    shown = []
    for row in rows(contact, order[:most], CONTACT_COLUMNS):
        own = dict(zip(CONTACT_COLUMNS, row.cells, strict=True)) | _as_what(contact, there[row.id])
        shown.append(ListRow(row.id, tuple(own.values())))
    return {"contacts": tuple(shown), "places": tuple(there[row.id] for row in shown)}


def _clients(contact: int) -> dict[str, Any]:
    """The clients that a person is at."""
    there = places.clients([contact])
    titles = titles_of(entities["contact"], "client", [place.client for place in there])
    shown = [(titles.get(one.client, ""), *_as_what(entities["contact"], one).values()) for one in there]
    found = [ListRow(place.client, cells) for place, cells in zip(there, shown, strict=True)]
    return {"clients": tuple(found), "places": tuple(there)}


def _as_what(contact: Entity, place: Place) -> dict[str, str]:
    """What somebody is at a client, as a person reads it."""
    return {name: contact.fields[name].show(getattr(place, name)) for name in ("role", "title", "primary")}
