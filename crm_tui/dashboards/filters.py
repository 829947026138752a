"""One filter for cards of different records: what some of them do not have is looked for at their client."""

from __future__ import annotations

from crm_tui import query
from crm_tui.errors import BadInput
from crm_tui.models.base import Entity
from crm_tui.query import names
from crm_tui.query.tree import Target

_CLIENT = "client"


def fitted(entity: Entity, text: str) -> str:
    """Return a filter as records of an entity understand it: ``country:norway`` of orders is ``client.country:norway``,
    and ``client.country:norway`` of clients is ``country:norway``. What cannot be understood stays as it is."""
    found, done = text, 0
    while True:
        try:
            query.parse(found, entity)
            return found
        except BadInput as error:
            start, end = getattr(error, "position", None) or (0, 0)
            name = found[start:end]
            other = _other_name(entity, name) if start >= done else ""
            if not other:
                return text
            found, done = found[:start] + other + found[end:], start + len(other)


def _other_name(entity: Entity, name: str) -> str:
    """What a field that the records do not have is called where they do; "" where it is nowhere."""
    of, _dot, field = name.partition(".")
    if entity.name == _CLIENT:
        return field if of == _CLIENT and _is_field(entity, field) else ""
    client = entity.references.get(_CLIENT)
    return f"{_CLIENT}.{name}" if client is not None and _is_field(client, name) else ""


def _is_field(entity: Entity, name: str) -> bool:
    return isinstance(names.find(entity, name), Target)
