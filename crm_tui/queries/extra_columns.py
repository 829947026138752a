"""Columns that are not fields of the record itself: what belongs to it elsewhere, read for a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.db import among
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity
from crm_tui.models.people import Contact


@dataclass(frozen=True, slots=True)
class ExtraColumn:
    """A column computed from other records."""

    name: str
    _label: str
    width: int
    read: Callable[[Sequence[int]], dict[int, str]]
    """Text by record id, for the ids given."""

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


_columns = {"client": {"contact": ExtraColumn("contact", N_("Contact"), 18, point_of_contact)}}


def of(entity: Entity) -> dict[str, ExtraColumn]:
    """Return the extra columns of an entity by name."""
    return _columns.get(entity.name, {})
