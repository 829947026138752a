"""Records and the journal in the form that ``--json`` and files give them (``lists.presenter`` has the shapes)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm_tui.formats import iso_moment
from crm_tui.models.base import Entity, entities
from crm_tui.queries import lists
from crm_tui.queries.timeline import Entry


def record_json(entity: Entity, record: int, values: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    """Return one whole record; ``titles`` says what its references are called."""
    shown: dict[str, Any] = {"id": record}
    values = lists.with_currencies(entity, dict(values))
    for name in entity.fields:
        value = values[name]
        if name in entity.references and value is not None:
            value = (value, titles.get(name, f"#{value}"))
        shown[name] = lists.presenter(entity, name)(value)
    return shown


def entry_json(entry: Entry, present: Callable[[str, dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Return one entry of the journal; ``present`` is a ``stored_presenter``."""
    return {
        "id": entry.id, "operation": entry.operation, "at": iso_moment(entry.at), "login": entry.login,
        "command": entry.command, "summary": entry.summary, "kind": entry.kind, "entity": entry.entity,
        "record": entry.record, "action": entry.action, "version": entry.version,
        "before": present(entry.entity, entry.before), "after": present(entry.entity, entry.after),
    }  # fmt: skip


def stored_presenter() -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """Return a function that gives the journal's values of an entity as a record's are given."""
    titles: dict[tuple[str, int], str] = {}

    def title(target: Entity, record: int) -> str:
        if (target.name, record) not in titles:
            model: Any = target.model
            row = model.select(target.fields[target.title]).where(model.id == record).tuples().first()
            titles[target.name, record] = str(row[0]) if row else f"#{record}"
        return titles[target.name, record]

    def present(name: str, stored: dict[str, Any]) -> dict[str, Any]:
        entity = entities[name]
        shown: dict[str, Any] = {}
        for field, given in stored.items():
            kind = entity.kinds.get(field)
            value = given if kind is None else kind.from_stored(given)
            if field in entity.references and value is not None:
                value = (value, title(entity.references[field], value))
            shown[field] = lists.presenter(entity, field)(value)
        return shown

    return present
