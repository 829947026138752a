"""Columns that are not fields of the record itself: what belongs to it elsewhere, read for a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import contacting, places
from crm_tui.db import among, batches
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity
from crm_tui.models.people import Client
from crm_tui.queries import flags


@dataclass(frozen=True, slots=True)
class ExtraColumn:
    """A column computed from other records."""

    name: str
    _label: str
    width: int
    read: Callable[[Sequence[int]], dict[int, str]]
    """Text by record id, for the ids given."""
    draw: Callable[[Sequence[int]], dict[int, str]] | None = None
    """The same as a person reads it in a list, where that says more than the value."""
    least: int = 8
    """Cells it needs where there is little room."""

    @property
    def label(self) -> str:
        """The heading, in the session's language."""
        return _(self._label)


def point_of_contact(client_ids: Sequence[int]) -> dict[int, str]:
    """Return the name of each client's primary contact."""
    return {client: _point(people) for client, people in places.by_client(client_ids).items()}


def whom_to_contact(client_ids: Sequence[int]) -> dict[int, str]:
    """Return the same, and in words where a client may not be contacted."""
    found: dict[int, str] = {}
    for client, people in places.by_client(client_ids).items():
        name = _point(people)
        if contacting.why_not_among(people):
            name = f"{contacting.words()}: {name}" if name else contacting.words()
        found[client] = name
    return found


def _point(people: Sequence[places.Person]) -> str:
    return next((person.name for person in people if person.primary), "")


def clients(contact_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of all the clients that each person is at, their own first, as an import reads them."""
    there = places.clients(contact_ids)
    names = _names(Client, [place.client for place in there])
    found: dict[int, list[str]] = {}
    for place in there:
        found.setdefault(place.contact, []).append(names.get(place.client, f"#{place.client}"))
    return {contact: "; ".join(those) for contact, those in found.items()}


def _names(model: Any, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for batch in batches(sorted(set(ids))):
        found |= dict(model.select(model.id, model.name).where(among(model.id, batch)).tuples())
    return found


def _members(teams: Sequence[int]) -> dict[int, str]:
    from crm_tui.queries.teams import logins_of_teams  # it reads rows, which have extra columns

    return logins_of_teams(teams)


def _teams(operators: Sequence[int]) -> dict[int, str]:
    from crm_tui.queries.teams import teams_of_operators

    return teams_of_operators(operators)


def _capacities(teams: Sequence[int]) -> dict[int, str]:
    from crm_tui.queries.teams import capacities

    return capacities(teams)


def _queues(teams: Sequence[int]) -> dict[int, str]:
    from crm_tui.queries.teams import queues

    return queues(teams)


_columns = {
    "client": {
        "contact": ExtraColumn("contact", N_("Contact"), 18, point_of_contact, whom_to_contact, least=12),
        "flag": ExtraColumn("flag", N_("Flag"), 14, flags.in_words, least=12),
    },
    "contact": {"clients": ExtraColumn("clients", N_("Clients"), 36, clients)},
    "team": {
        "members": ExtraColumn("members", N_("Members"), 40, _members),
        "capacity": ExtraColumn("capacity", N_("A week"), 8, _capacities),
        "queue": ExtraColumn("queue", N_("In the queue"), 12, _queues),
    },
    "operator": {"teams": ExtraColumn("teams", N_("Teams"), 24, _teams)},
}


def of(entity: Entity) -> dict[str, ExtraColumn]:
    """Return the extra columns of an entity by name."""
    return _columns.get(entity.name, {})
