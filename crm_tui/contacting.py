"""Whether somebody may be contacted. Whatever contacts people, or prepares to, asks here first.

A person may not be who is flagged ``do_not_contact``; a client may not be when its point of contact is flagged, or
everybody there is. What they write or call of themselves is no contact of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from crm_tui import places
from crm_tui.db import among, batches
from crm_tui.derived import NOTE
from crm_tui.errors import Doubtful
from crm_tui.i18n import _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.places import Person

FROM_THEM = "in"
"""The direction of what came from them."""


class DoNotContact(Doubtful):
    """Somebody wants no contact. Exit code 1."""

    def __init__(self, reason: str) -> None:
        """``reason`` is who, as ``why_not`` has it."""
        super().__init__(
            _(
                "Not logged: {reason}. "
                "What came from them is logged with direction=in; anyway=yes logs it all the same."
            ).format(reason=reason),
            _("{reason}. Log it all the same?").format(reason=reason),
        )


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
    found = {client: why_not_among(people) for client, people in places.by_client(list(ids)).items()}
    return {client: reason for client, reason in found.items() if reason}


def why_not_among(people: Sequence[Person]) -> str:
    """Return why a client with these people may not be contacted, "" when it may be."""
    flagged = [person.name for person in people if person.do_not_contact]
    if not flagged:
        return ""
    point = next((person.name for person in people if person.primary and person.do_not_contact), "")
    if point:
        return _("{name}, the point of contact, wants no contact").format(name=point)
    if len(flagged) < len(people):
        return ""
    words = ngettext(
        "{names} wants no contact, and nobody else is there",
        "{names} want no contact, and nobody else is there",
        len(flagged),
    )
    return words.format(names=", ".join(flagged[:3]))


def require_contactable(values: Mapping[str, Any]) -> None:
    """Raise DoNotContact, saying why, where an interaction with these values contacts somebody who wants none: one
    from us or both ways, and no note."""
    channel: Any = entities["interaction"].fields["channel"]
    if values.get("direction") == FROM_THEM or channel.meaning(values.get("channel") or channel.initial) == NOTE:
        return
    named = [("contact", values["contact"])] if values.get("contact") else [("client", values.get("client"))]
    for name, record in named:
        reason = why_not(entities[name], [record]).get(record, "") if record else ""
        if reason:
            raise DoNotContact(reason)
