"""Whether somebody may be contacted. Whatever contacts people, or prepares to, asks here first.

A person may not be who is flagged ``do_not_contact``; a client may not be when its point of contact is flagged, or
everybody there is. What they write or call of themselves is no contact of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crm_tui import places
from crm_tui.db import among, batches
from crm_tui.derived import NOTE
from crm_tui.errors import CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.models.base import Entity, entities

FROM_THEM = "in"
"""The direction of what came from them."""


ANYWAY = "anyway"
"""The argument, yes or no, by which whoever knows better does it all the same."""


class DoNotContact(CrmError):
    """Somebody wants no contact. Exit code 1."""

    def __init__(self, reason: str) -> None:
        """``reason`` is who, as ``why_not`` has it."""
        super().__init__(
            _(
                "Not logged: {reason}. "
                "What came from them is logged with direction=in; anyway=yes logs it all the same."
            ).format(reason=reason)
        )
        self.reason = reason


def why_not(entity: Entity, ids: Collection[int]) -> dict[int, str]:
    """Return why people (contacts) or clients may not be contacted, by id; who may be is left out."""
    if entity.name == "contact":
        return _why_not_people(ids)
    return _why_not_clients(ids) if entity.name == "client" else {}


def words() -> str:
    """Return the words that stand beside somebody who may not be contacted."""
    return _("do not contact")


def _why_not_people(ids: Iterable[int]) -> dict[int, str]:
    contact: Any = entities["contact"].model
    found: dict[int, str] = {}
    for batch in batches(list(ids)):
        query = contact.select(contact.id, contact.name).where(among(contact.id, batch) & contact.do_not_contact)
        found |= {record: _("{name} wants no contact").format(name=name) for record, name in query.tuples()}
    return found


def _why_not_clients(ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for client, people in _people_of(ids).items():
        flagged = [name for name, _primary, flag in people if flag]
        point = next((name for name, primary, flag in people if primary and flag), "")
        if point:
            found[client] = _("{name}, the point of contact, wants no contact").format(name=point)
        elif len(flagged) == len(people):
            words = ngettext(
                "{names} wants no contact, and nobody else is there",
                "{names} want no contact, and nobody else is there",
                len(flagged),
            )
            found[client] = words.format(names=", ".join(flagged[:3]))
    return found


def _people_of(clients: Iterable[int]) -> dict[int, list[tuple[str, bool, bool]]]:
    """Return of the live people of clients, by client, their name, whether they are the point of contact, and whether
    they want no contact; only of clients where somebody wants none."""
    contact: Any = entities["contact"].model
    found: dict[int, list[tuple[str, bool, bool]]] = {}
    for batch in batches(list(clients)):
        there = places.people(batch)
        flagged: set[int] = set()
        for some in batches(sorted({place.contact for place in there})):
            query = contact.select(contact.id).where(among(contact.id, some) & contact.do_not_contact)
            flagged |= {row[0] for row in query.tuples()}
        concerned = {place.client for place in there if place.contact in flagged}
        those = [place for place in there if place.client in concerned]
        names = _names({place.contact for place in those})
        for place in those:
            person = (names[place.contact], place.primary, place.contact in flagged)
            found.setdefault(place.client, []).append(person)
    return found


def _names(people: Iterable[int]) -> dict[int, str]:
    contact: Any = entities["contact"].model
    found: dict[int, str] = {}
    for batch in batches(sorted(people)):
        found |= dict(contact.select(contact.id, contact.name).where(among(contact.id, batch)).tuples())
    return found


def require_contactable(values: Mapping[str, Any]) -> None:
    """Raise DoNotContact, saying why, where an interaction with these values contacts somebody who wants none: one
    from us or both ways, and no note."""
    kind = entities["interaction"].fields["channel"]
    if values.get("direction") == FROM_THEM or (values.get("channel") or kind.initial) == NOTE:
        return
    named = [("contact", values["contact"])] if values.get("contact") else [("client", values.get("client"))]
    for name, record in named:
        reason = why_not(entities[name], [record]).get(record, "") if record else ""
        if reason:
            raise DoNotContact(reason)
