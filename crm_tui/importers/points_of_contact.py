"""The point of contact of each client while many contacts are written: what ``services.rules`` asks of one, in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import places
from crm_tui.journal import Values
from crm_tui.places import Place

if TYPE_CHECKING:
    from crm_tui.importers.deciding import Intent

NEEDED = ("client", "primary")
"""Fields of contacts that exist which the rule must know."""


class PointsOfContact:
    """Who is the point of contact of each client a batch of contacts concerns, row after row."""

    def __init__(self, intents: Sequence[Intent]) -> None:
        """``intents`` are the rows of the batch that are not rejected."""
        self.demoted: dict[int, Values] = {}
        """Contacts that exist and no longer are their client's point of contact."""
        self.demoted_besides: set[int] = set()
        """The affiliations of which the same holds: who is at another client, too."""
        clients = {client for intent in intents for client in (_before(intent, "client"), _after(intent, "client"))}
        self._primary: dict[Any, int | Place | Values] = dict(_primaries(clients - {None}))

    def settle(self, intent: Intent) -> None:
        """Make a row's values what the rule makes of them, what rows before it did included."""
        assert intent.values is not None
        client = _after(intent, "client")
        if intent.record is not None:
            self._settle_known(intent, intent.record, client, intent.values)
        elif client is None:
            intent.values["primary"] = False
        elif intent.values.get("primary") or client not in self._primary:
            self._promote(client, intent.values)
            intent.values["primary"] = True

    def _settle_known(self, intent: Intent, record: int, client: int | None, values: Values) -> None:
        wish = intent.row.values.get("primary") if intent.row else None
        primary = wish if wish is not None else _before(intent, "primary") and record not in self.demoted
        left = _before(intent, "client")
        if left != client and self._primary.get(left) == record:
            del self._primary[left]
        if client is None:
            if primary:
                values["primary"] = False
        elif primary:
            self._promote(client, record)
        elif self._primary.get(client) == record:
            del self._primary[client]

    def _promote(self, client: int, person: int | Values) -> None:
        former = self._primary.get(client)
        self._primary[client] = person
        if isinstance(person, int):
            self.demoted.pop(person, None)
        if isinstance(former, Place):
            self.demoted_besides.add(former.affiliation or 0)
        elif isinstance(former, int):
            if former != person:
                self.demoted[former] = {"primary": False}
        elif former is not None:
            former["primary"] = False


def _before(intent: Intent, name: str) -> Any:
    """Return what a contact that exists has."""
    return (intent.before or {}).get(name)


def _after(intent: Intent, name: str) -> Any:
    """Return what a row's contact will have, as far as its own row says."""
    return {**(intent.before or {}), **(intent.values or {})}.get(name)


def _primaries(clients: set[int]) -> Iterator[tuple[int, int | Place]]:
    """Yield each client's point of contact: a contact whose own client it is, or who is there besides."""
    for place in reversed(places.people(sorted(clients), primary=True)):
        yield place.client, place.contact if place.affiliation is None else place
