"""Columns that are not fields of the record itself: what belongs to it elsewhere, read for a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import contacting
from crm_tui.db import among
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.models.people import Contact


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

    @property
    def label(self) -> str:
        """The heading, in the session's language."""
        return _(self._label)


def point_of_contact(client_ids: Sequence[int]) -> dict[int, str]:
    """Return the name of each client's primary contact."""
    query: Any = Contact.select(Contact.client, Contact.name).where(
        among(Contact.client, client_ids) & Contact.primary & Contact.archived_at.is_null()
    )
    return dict(query.order_by(Contact.id.desc()).tuples())


def whom_to_contact(client_ids: Sequence[int]) -> dict[int, str]:
    """Return the same, and in words where a client may not be contacted."""
    found = point_of_contact(client_ids)
    for client in contacting.why_not(entities["client"], client_ids):
        name = found.get(client, "")
        found[client] = f"{contacting.words()}: {name}" if name else contacting.words()
    return found


_columns = {"client": {"contact": ExtraColumn("contact", N_("Contact"), 18, point_of_contact, whom_to_contact)}}


def of(entity: Entity) -> dict[str, ExtraColumn]:
    """Return the extra columns of an entity by name."""
    return _columns.get(entity.name, {})
