"""Columns that are not fields of the record itself: what belongs to it elsewhere, read for a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.db import among
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity
from crm_tui.models.people import Contact
from crm_tui.queries import flags


@dataclass(frozen=True, slots=True)
class ExtraColumn:
    """A column computed from other records."""

    name: str
    _label: str
    width: int
    read: Callable[[Sequence[int]], dict[int, str]]
    """Text by record id, for the ids given."""
    least: int = 8
    """Cells it needs where there is little room."""

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


def _members(teams: Sequence[int]) -> dict[int, str]:
    from crm_tui.queries.teams import logins_of_teams  # it reads rows, which have extra columns

    return logins_of_teams(teams)


def _teams(operators: Sequence[int]) -> dict[int, str]:
    from crm_tui.queries.teams import teams_of_operators

    return teams_of_operators(operators)


_columns = {
    "client": {
        "contact": ExtraColumn("contact", N_("Contact"), 18, point_of_contact),
        "flag": ExtraColumn("flag", N_("Flag"), 14, flags.in_words, 12),
    },
    "team": {"members": ExtraColumn("members", N_("Members"), 40, _members)},
    "operator": {"teams": ExtraColumn("teams", N_("Teams"), 24, _teams)},
}


def of(entity: Entity) -> dict[str, ExtraColumn]:
    """Return the extra columns of an entity by name."""
    return _columns.get(entity.name, {})
