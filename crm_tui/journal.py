"""The one journal: every change of data happens inside ``operation`` and is recorded with its before and after.

The journal is the audit log, the record's timeline, undo and redo, and what tells other sessions to refresh.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crm_tui import clock, scope, search
from crm_tui.db import Workspace, batches
from crm_tui.errors import NotFound
from crm_tui.fields import Kind, Stored
from crm_tui.i18n import _
from crm_tui.models.base import Entity, stored
from crm_tui.models.journal import Change, Operation
from crm_tui.scope import Actor

Values = dict[str, Any]
"""Python values by field name; references are ids."""

MANY = 2000
"""More changed records than this are announced as "many of this entity" and not one by one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a committed operation changed: ids by entity name; an empty set means many of that entity."""

    operation: int
    records: Mapping[str, frozenset[int]]


CHANGE_COLUMNS = ("operation_id", "entity", "record", "action", "version", "before", "after")

listeners: list[Callable[[Changed], None]] = []
"""Called after commit, on the thread that committed, with what this process changed."""


def dump(values: Mapping[str, Stored]) -> str:
    """Return stored values as the journal keeps them."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


@dataclass
class Writer:
    """Writes records inside one operation; made by ``operation`` only."""

    workspace: Workspace
    actor: Actor
    operation_id: int
    summary: str = ""
    records: int = 0
    """How many changes there were."""
    touched: dict[str, set[int]] = field(default_factory=dict)
    """The ids changed so far, by entity name."""
    _unwritten: list[tuple[Any, ...]] = field(default_factory=list)

    def create(self, entity: Entity, values: Values) -> int:
        """Write one new record and return its id. ``values`` are valid Python values by field name."""
        return self.create_many(entity, [values])[0]

    def create_many(self, entity: Entity, rows: Sequence[Values], *, ids: Sequence[int] = ()) -> list[int]:
        """Write many new records and return their ids; ``ids`` brings deleted ones back (redo)."""
        scope.require_change(self.actor, entity)
        if not rows:
            return []
        taken = list(ids) or self.workspace.new_ids(entity.name, len(rows))
        fields = entity.model._meta.fields
        defaults = {name: _default(kind) for name, kind in entity.entered.items()}
        now, plain = clock.now(), []
        columns = [kind.column_name for kind in entity.entered.values()]
        keyed = [(name, kind) for name, kind in entity.entered.items() if kind.keyed]
        for row, record in zip(rows, taken, strict=True):
            full = {**defaults, **row}
            version, made = full.get("version", 1), full.get("created_at", now)
            out: list[Any] = [record, version, made, now, full.get("archived_at"), full.get("custom", "{}")]
            out += [kind.db_value(full[name]) for name, kind in entity.entered.items()]
            out += [kind.key(full[name]) for name, kind in keyed]
            plain.append(out)
            after = {name: kind.to_stored(full[name]) for name, kind in entity.entered.items()}
            self._note(entity, record, "create", version, {}, after)
        names = ["id", "version", "created_at", "updated_at", "archived_at", "custom", *columns]
        names += [fields[f"{name}_key"].column_name for name, _kind in keyed]
        self.workspace.insert_rows(entity.name, names, plain)
        return taken

    def update(self, entity: Entity, record: int, values: Values, *, action: str = "update") -> int:
        """Write the values that differ to one record and return its version. Raises NotFound."""
        self.update_many(entity, {record: values}, action=action)
        return int(self.read(entity, record)["version"])

    def update_many(self, entity: Entity, values: Mapping[int, Values], *, action: str = "update") -> int:
        """Write values to several records by id; return how many truly changed. Raises NotFound."""
        scope.require_change(self.actor, entity)
        touched, now = 0, clock.now()
        for batch in batches(list(values), 1000):
            current = self.read_many(entity, batch)
            by_shape: dict[tuple[str, ...], list[list[Any]]] = {}
            for record in batch:
                if record not in current:
                    raise _missing(entity, record)
                old = current[record]
                new = {name: value for name, value in values[record].items() if old[name] != value}
                if new:
                    version = old["version"] + 1
                    names, row = _row_of(entity, new)
                    by_shape.setdefault(names, []).append([*row, version, now, record])
                    before = _stored_with_archive(entity, {name: old[name] for name in new})
                    self._note(entity, record, action, version, before, _stored_with_archive(entity, new))
                    touched += 1
            for names, rows in by_shape.items():
                self.workspace.update_rows(entity.name, [*names, "version", "updated_at"], rows)
        return touched

    def archive(self, entity: Entity, ids: Sequence[int]) -> int:
        """Archive the records that are not; return how many that were. Raises NotFound."""
        live = [
            record
            for batch in batches(list(ids), 1000)
            for record, values in self.read_all(entity, batch).items()
            if values["archived_at"] is None
        ]
        return self.update_many(entity, {record: {"archived_at": clock.now()} for record in live}, action="archive")

    def restore(self, entity: Entity, ids: Sequence[int]) -> int:
        """Bring archived records back; return how many were archived."""
        return self.update_many(entity, {record: {"archived_at": None} for record in ids}, action="restore")

    def delete(self, entity: Entity, ids: Sequence[int]) -> None:
        """Take records away: only for what was made by mistake (undo) or is nobody's history (saved views)."""
        scope.require_change(self.actor, entity)
        for batch in batches(list(ids), 1000):
            for record, old in self.read_many(entity, batch).items():
                kept = {name: old[name] for name in ("created_at", "archived_at", *entity.entered)}
                before = _stored_with_archive(entity, kept)
                self._note(entity, record, "delete", old["version"], before, {})
            entity.model.delete().where(entity.model.id.in_(batch)).execute()

    def read(self, entity: Entity, record: int) -> Values:
        """Return one record's values with ``id``, ``version`` and ``archived_at``. Raises NotFound."""
        return self.read_all(entity, [record])[record]

    @classmethod
    def read_all(cls, entity: Entity, ids: Sequence[int]) -> dict[int, Values]:
        """Return what ``read_many`` does. Raises NotFound when one of the records is not there."""
        found = cls.read_many(entity, ids)
        for record in ids:
            if record not in found:
                raise _missing(entity, record)
        return found

    @staticmethod
    def read_many(entity: Entity, ids: Sequence[int]) -> dict[int, Values]:
        """Return records' values by id, each with ``id``, ``version`` and ``archived_at``."""
        model = entity.model
        names = ["id", "version", "created_at", "updated_at", "archived_at", *entity.entered]
        fields = [model._meta.fields[name] for name in names]
        return {row[0]: dict(zip(names, row, strict=True)) for row in model.select(*fields).where(model.id.in_(ids)).tuples()}

    def _note(
        self,
        entity: Entity,
        record: int,
        action: str,
        version: int,
        before: Mapping[str, Stored],
        after: Mapping[str, Stored],
    ) -> None:
        self.records += 1
        self.touched.setdefault(entity.name, set()).add(record)
        row = (self.operation_id, entity.name, record, action, version, dump(before), dump(after))
        self._unwritten.append(row)
        if len(self._unwritten) >= 5000:
            self.flush()

    def flush(self) -> None:
        """Write the journal's rows gathered so far, so that an import of any size fits in memory."""
        self.workspace.insert_rows("change", CHANGE_COLUMNS, self._unwritten)
        self._unwritten.clear()


def _missing(entity: Entity, record: int) -> NotFound:
    return NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))


def _row_of(entity: Entity, values: Values) -> tuple[tuple[str, ...], list[Any]]:
    """Return the columns, companions included, and the plain values that write ``values``."""
    names, row = [], []
    fields = entity.model._meta.fields
    for name, value in values.items():
        names.append(fields[name].column_name)
        row.append(fields[name].db_value(value))
        if isinstance(fields[name], Kind) and fields[name].keyed:
            names.append(fields[f"{name}_key"].column_name)
            row.append(fields[name].key(value))
    return tuple(names), row


def _default(kind: Kind) -> Any:
    if kind.default is None:
        return kind.empty
    return kind.default() if callable(kind.default) else kind.default


def _stored_with_archive(entity: Entity, values: Values) -> dict[str, Stored]:
    kept = stored(entity.model, values)
    for name in ("archived_at", "created_at"):
        if name in values:
            kept[name] = entity.fields[name].to_stored(values[name])
    return kept


@contextmanager
def operation(
    workspace: Workspace, actor: Actor, command: str, *, summary: str = "", cause: str = "", subject: Any = None, kind: str = "do"
) -> Iterator[Writer]:
    """Do one thing: a write transaction whose changes are journalled, searchable and announced after commit.

    Nothing is written, and no operation recorded, when the block raises or changes nothing.
    """
    scope.require_change(actor)
    with workspace.write():
        operation_id = workspace.new_ids("operation", 1)[0]
        Operation.insert(
            id=operation_id, at=clock.now(), login=actor.login, command=command, summary=summary, cause=cause,
            subject=subject, kind=kind,
        ).execute()  # fmt: skip
        writer = Writer(workspace, actor, operation_id, summary)
        yield writer
        if not writer.records and kind == "do":
            Operation.delete().where(Operation.id == operation_id).execute()
            return
        writer.flush()
        search.reindex(workspace, writer.touched)
        Operation.update(records=writer.records, summary=writer.summary).where(Operation.id == operation_id).execute()
    # Outside the transaction: what hears of the change may read the database.
    announce(Changed(operation_id, _shrunk(writer.touched)))


def _shrunk(touched: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    return {name: frozenset(ids) if len(ids) <= MANY else frozenset() for name, ids in touched.items()}


def _grouped(pairs: Any) -> dict[str, frozenset[int]]:
    grouped: dict[str, set[int]] = {}
    for name, record in pairs:
        grouped.setdefault(name, set()).add(record)
    return _shrunk(grouped)


def announce(changed: Changed) -> None:
    """Tell this process's listeners what was changed."""
    for listener in list(listeners):
        listener(changed)


def changed_since(operation_id: int) -> Changed | None:
    """Return what operations after ``operation_id`` changed, whoever did them, or None."""
    operations = Operation.select(Operation.id, Operation.records).where(Operation.id > operation_id).order_by(Operation.id)
    found = list(operations.tuples())
    if not found:
        return None
    total = sum(records for _id, records in found)
    query = Change.select(Change.entity, Change.record).where(Change.operation > operation_id)
    if total > MANY:
        names = Change.select(Change.entity).where(Change.operation > operation_id).distinct().tuples()
        return Changed(found[-1][0], {name: frozenset() for (name,) in names})
    return Changed(found[-1][0], _grouped(query.tuples()))


def last_operation() -> int:
    """Return the id of the newest operation, 0 when there is none."""
    row = Operation.select(Operation.id).order_by(Operation.id.desc()).limit(1).tuples().first()
    return row[0] if row else 0
