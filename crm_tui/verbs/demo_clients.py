"""The demo's clients with their people and conversations, as new records of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_tui import clock, derived
from crm_tui.demo import DemoClient, clients
from crm_tui.demo.people import besides
from crm_tui.derived import Said
from crm_tui.journal import NewRows, new_rows
from crm_tui.models.base import entities

if TYPE_CHECKING:
    from crm_tui.db import Workspace

AT_ONCE = 1000
"""Clients made at a time."""


class Agency(NamedTuple):
    """Who works in the demo agency, in the order of its files."""

    operators: list[int]
    teams: list[int]
    members: list[list[int]]
    """The operators in each team."""


class Buyer(NamedTuple):
    """A client that may order: its id, the currency, who and which team look after it, its first contact."""

    id: int
    currency: str
    owner: int | None
    team: int | None
    contact: int | None


class Batch(NamedTuple):
    """Some clients and all about them, ready to be written."""

    tags: set[str]
    """The tags they have."""
    rows: list[NewRows]
    """In the order in which they refer to each other: the clients first."""
    firsts: list[int]
    """The first contact of each client."""

    def buyers(self) -> list[Buyer]:
        """Return the clients as those who order."""
        made = self.rows[0]
        known = (made.columns[name] for name in ("currency", "owner_id", "team_id"))
        return list(map(Buyer, made.ids, *known, self.firsts))


Ids = Callable[[str, int], Sequence[int]]
"""Takes so many ids of an entity, by its name."""


def ids_of(workspace: Workspace) -> Ids:
    """Return what takes ids. Of a SQLite file it counts on by itself, and asks the workspace no more than once of each
    entity, here. Inside ``Workspace.write`` only, as long as nobody else takes some of these."""
    if workspace.postgres:
        return workspace.new_ids
    free = {name: workspace.new_ids(name, 1)[0] for name in ("client", "contact", "interaction", "affiliation")}

    def take(name: str, count: int) -> Sequence[int]:
        first = free[name]
        free[name] += count
        return range(first, first + count)

    return take


class Making:
    """Makes new records of demo clients. It knows what of the workspace they depend on and reads it no more."""

    def __init__(self, agency: Agency, take: Ids) -> None:
        """``take`` is what ``ids_of`` gives."""
        self._agency, self._take = agency, take
        self._now = clock.now()
        self._cadences = derived.stage_cadences()

    def batches(self, count: int, seed: int) -> Generator[Batch, None, None]:
        """Yield so many clients. Raises BadInput when a file of the demo was edited and cannot be understood."""
        made = clients(count, seed, clock.today())
        while batch := list(islice(made, AT_ONCE)):
            yield self._batch(batch)

    def _batch(self, batch: Sequence[DemoClient]) -> Batch:
        rows = in_words_of_its_own("client", [self._client(client) for client in batch])
        ids = self._take("client", len(rows))
        persons: list[dict[str, Any]] = [
            {**contact, "client": record}
            for record, client in zip(ids, batch, strict=True)
            for contact in client.contacts
        ]
        in_words_of_its_own("contact", persons)
        contacts = self._take("contact", len(persons))
        firsts = _first_places(batch)
        further = in_words_of_its_own("affiliation", _affiliations(ids, batch, contacts, firsts))
        with_whom = [contacts[first] for first in firsts]
        said = self._said(ids, batch, rows, with_whom)
        told = in_words_of_its_own("interaction", [one for there in said for one in there])
        people = self._new("contact", persons, contacts)
        found = _people_of(ids, batch, firsts, people, further)
        made = self._new("client", rows, ids, found)
        made.columns.update(
            derived.of_new(rows, [list(map(_as_said, there)) for there in said], self._now, self._cadences)
        )
        beside = [
            self._new(name, those, taken)
            for name, those, taken in (
                ("interaction", told, self._take("interaction", len(told))),
                ("affiliation", further, self._take("affiliation", len(further))),
            )
        ]
        return Batch({tag for row in rows for tag in row["tags"]}, [made, people, *beside], with_whom)

    def _new(
        self, name: str, rows: list[dict[str, Any]], ids: Sequence[int], parts: Mapping[int, Any] | None = None
    ) -> NewRows:
        return new_rows(entities[name], rows, ids, self._now)._replace(parts=parts or {})

    def _client(self, client: DemoClient) -> dict[str, Any]:
        owner, team = client.values["owner"], client.values["team"]
        in_charge = {
            "owner": self._agency.operators[owner] if isinstance(owner, int) else None,
            "team": self._agency.teams[team] if isinstance(team, int) else None,
        }
        return {**client.values, **in_charge}

    def _said(
        self, ids: Sequence[int], batch: Sequence[DemoClient], rows: Sequence[Mapping[str, Any]], firsts: Sequence[int]
    ) -> list[list[dict[str, Any]]]:
        """What was said with each client's first contact."""
        said: list[list[dict[str, Any]]] = []
        for record, client, row, contact in zip(ids, batch, rows, firsts, strict=True):
            with_whom = {"client": record, "contact": contact, "operator": self._talker(client, row["owner"])}
            said.append([{**with_whom, **one} for one in client.conversations])
        return said

    def _talker(self, client: DemoClient, owner: int | None) -> int | None:
        """Who talks to a client: its owner, else one of the team that serves it."""
        team = client.values["team"]
        if owner is not None or not isinstance(team, int):
            return owner
        members = self._agency.members[team]
        return members[len(str(client.values["name"])) % len(members)]


def _as_said(row: Mapping[str, Any]) -> Said:
    return Said(row["at"], row["operator"], row["channel"], row["direction"])


def _first_places(batch: Sequence[DemoClient]) -> list[int]:
    """Return the place of each client's first contact among all contacts."""
    places, place = [], 0
    for client in batch:
        places.append(place)
        place += len(client.contacts)
    return places


def _people_of(
    ids: Sequence[int],
    batch: Sequence[DemoClient],
    firsts: Sequence[int],
    people: NewRows,
    further: Sequence[Mapping[str, Any]],
) -> dict[int, list[tuple[str, str]]]:
    """Return by which people each client is found, as ``search.parts_said`` does: its own, then ``further`` ones."""
    said = list(zip(people.said("name"), people.said("email"), strict=True))
    by_person = dict(zip(people.ids, said, strict=True))
    found = {
        record: said[first : first + len(client.contacts)]
        for record, first, client in zip(ids, firsts, batch, strict=True)
    }
    for one in further:
        found[one["client"]].append(by_person[one["contact"]])
    return found


def _affiliations(
    ids: Sequence[int], batch: Sequence[DemoClient], contacts: Sequence[int], firsts: Sequence[int]
) -> list[dict[str, Any]]:
    """Let some people be at another client of their own one's country, too."""
    rows: list[dict[str, Any]] = []
    latest: dict[object, int] = {}
    for place, (client, first) in enumerate(zip(batch, firsts, strict=True)):
        country = client.values["country"]
        if (role := besides(place)) and country in latest:
            title = client.contacts[0]["title"]
            rows.append({"contact": contacts[first], "client": latest[country], "role": role, "title": title})
        latest[country] = ids[place]
    return rows


def in_words_of_its_own(entity: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in which words that the workspace does not have are those that mean the same there."""
    for name, kind in entities[entity].entered.items():
        known = {option.value for option in getattr(kind, "options", ())} if getattr(kind, "words", "") else set()
        if not known or {row.get(name) for row in rows} <= {*known, None, ""}:
            continue
        for row in rows:
            if row.get(name) and row[name] not in known:
                row[name] = kind.counterpart(row[name])  # type: ignore[attr-defined]  # a choice
    return rows
