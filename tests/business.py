"""The people and companies that the tests' stories are about, and what is written down about them."""

from __future__ import annotations

import json
from typing import Any

from crm_tui.db import Workspace
from crm_tui.journal import Writer
from crm_tui.models.base import Entity, entities
from crm_tui.models.journal import Change, Operation
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import sign_in


def entity(name: str) -> Entity:
    """Return an entity by its singular name."""
    return entities[name]


def add(workspace: Workspace, actor: Actor, what: str, **typed: Any) -> int:
    """Add one record of ``what`` and return its id."""
    return records.add(workspace, actor, entities[what], typed)


def client(workspace: Workspace, actor: Actor, name: str = "ACME Studio", **typed: Any) -> int:
    """Add one client and return its id; ``last_contact`` is the moment of a call with it."""
    called = typed.pop("last_contact", None)
    record = add(workspace, actor, "client", name=name, **typed)
    if called:
        add(workspace, actor, "interaction", client=record, at=called)
    return record


def contact(workspace: Workspace, actor: Actor, client: int | None, name: str = "Maria Anders", **typed: Any) -> int:
    """Add one person at a client and return the person's id."""
    return add(workspace, actor, "contact", name=name, client=client, **typed)


def operator(workspace: Workspace, admin: Actor, login: str, role: str = "operator") -> Actor:
    """Let an admin add an operator, and sign in as that operator."""
    add(workspace, admin, "operator", login=login, role=role)
    return sign_in(workspace, login)


def save(workspace: Workspace, actor: Actor, what: str, record: int, **typed: Any) -> Any:
    """Change one record as a form does; ``seen`` is the version it was read at."""
    seen = typed.pop("seen", None)
    return records.save(workspace, actor, entities[what], record, typed, seen=seen)


def held(what: str, record: int) -> dict[str, Any]:
    """Return what a record holds now. Raises KeyError when it is not there."""
    return Writer.read_many(entities[what], [record])[record]


def rows(what: str) -> list[dict[str, Any]]:
    """Return the rows of an entity, archived ones too, in the order they were added."""
    model: Any = entities[what].model
    return list(model.select().order_by(model.id).dicts())


def exists(what: str, record: int) -> bool:
    """Whether there is a record, archived or not."""
    return record in Writer.read_many(entities[what], [record])


def operations() -> list[tuple[str, str, bool]]:
    """Return every operation in order: its command, its kind and whether it stands undone."""
    query: Any = Operation.select(Operation.command, Operation.kind, Operation.undone_by).order_by(Operation.id)
    return [(command, kind, undone_by is not None) for command, kind, undone_by in query.tuples()]


def last_operation_id() -> int:
    """Return the id of the newest operation."""
    newest: Any = Operation.select().order_by(Operation.id.desc()).get()
    return int(newest.id)


def changes(operation_id: int | None = None) -> list[dict[str, Any]]:
    """Return the changes of an operation (the newest), in order."""
    query: Any = Change.select().where(Change.operation == (operation_id or last_operation_id())).order_by(Change.id)
    return [
        {
            "entity": change.entity,
            "record": change.record,
            "action": change.action,
            "version": change.version,
            "before": json.loads(change.before),
            "after": json.loads(change.after),
        }
        for change in query
    ]


def replayed() -> dict[tuple[str, int], dict[str, Any]]:
    """Return what the journal says that there is today, by entity and id: stored values, empty ones left out."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for change in Change.select().order_by(Change.id):
        key = (change.entity, change.record)
        if change.action == "delete":
            del found[key]
            continue
        told = json.loads(change.after)
        values = {} if change.action == "create" else found[key]
        found[key] = {**values, **told, "version": change.version}
    return {key: _without_empty(values) for key, values in found.items()}


def present() -> dict[tuple[str, int], dict[str, Any]]:
    """Return what there is today in the form of ``replayed``."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for name, one in entities.items():
        model: Any = one.model
        ids = [row[0] for row in model.select(model.id).tuples()]
        for record, values in Writer.read_many(one, ids).items():
            told = {field: one.fields[field].to_stored(values[field]) for field in (*one.entered, "archived_at")}
            found[name, record] = _without_empty({**told, "version": values["version"]})
    return found


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], False)}
