"""The point of contact of each client while many contacts are written: what ``services.rules`` asks of one, in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.journal import Values
from crm_tui.models.base import Entity

if TYPE_CHECKING:
    from crm_tui.importers.deciding import Intent

NEEDED = ("client", "primary")
"""Fields of contacts that exist which the rule must know."""


class PointsOfContact:
    """Who is the point of contact of each client a batch of contacts concerns, row after row."""

    def __init__(self, people: Entity, intents: Sequence[Intent]) -> None:
        """``intents`` are the rows of the batch that are written."""
        self.demoted: dict[int, Values] = {}
        """Contacts that exist and no longer are their client's point of contact."""
        clients = {_full(intent).get("client") for intent in intents} - {None}
        self._primary: dict[Any, int | Values] = dict(_primaries(people, clients))

    def settle(self, intent: Intent) -> None:
        """Make a row's values what the rule makes of them, those of rows before it included."""
        values, full = intent.values, _full(intent)
        assert values is not None
        client = full.get("client")
        if client is None:
            if full.get("primary"):
                values["primary"] = False
        elif intent.record is None:
            if values.get("primary") or client not in self._primary:
                self._demote(client)
                values["primary"] = True
                self._primary[client] = values
        elif full.get("primary") and not values.keys().isdisjoint(NEEDED):
            if self._primary.get(client) != intent.record:
                self._demote(client)
            self._primary[client] = intent.record
            self.demoted.pop(intent.record, None)
        elif values.get("primary") is False and self._primary.get(client) == intent.record:
            del self._primary[client]

    def _demote(self, client: int) -> None:
        former = self._primary.get(client)
        if isinstance(former, int):
            self.demoted[former] = {"primary": False}
        elif former is not None:
            former["primary"] = False


def _full(intent: Intent) -> Mapping[str, Any]:
    """Return what a row's contact will be, as far as the rule needs it."""
    return {**(intent.before or {}), **(intent.values or {})}


def _primaries(people: Entity, clients: set[Any]) -> Any:
    """Return each client's point of contact, as pairs."""
    model: Any = people.model
    query = model.select(model.client, model.id).where(
        model.client.in_(list(clients)) & model.primary & model.archived_at.is_null()
    )
    return query.order_by(model.id.desc()).tuples() if clients else ()
