"""Writing records inside one operation: every change is noted with its before and after."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crm_tui import clock, derived, personal, scope, search
from crm_tui.db import Workspace, among, among_those, ask, batches
from crm_tui.errors import Conflict, Erased, NotFound
from crm_tui.fields import Choice, Stored
from crm_tui.i18n import _
from crm_tui.journal.new_rows import NewRows, new_rows
from crm_tui.journal.rows import KEPT, Values, dump, row_of, told
from crm_tui.models import custom, words
from crm_tui.models.base import BOOKKEEPING, Entity, entities
from crm_tui.models.journal import Operation
from crm_tui.scope import Actor
from crm_tui.text import clean_line, quoted

CHANGE_COLUMNS = ("operation_id", "entity", "record", "action", "version", "before", "after")

ERASE = "erase"
"""The action, and the kind of operation, that empties the records of a person for good: it tells no values before."""

_UNWRITTEN = 5000
_UNWRITTEN_TEXT = 4_000_000
"""Changes, and characters of them, gathered before they are written, so that an import of any size fits in memory."""

_BATCH = 1000
_MOST_HELD = 1000
"""Records read that are kept for the rest of the operation."""


class Writer:
    """Writes records inside one operation; made by ``operation`` only."""

    def __init__(
        self,
        workspace: Workspace,
        actor: Actor,
        command: str,
        *,
        summary: str = "",
        cause: str = "",
        subject: int | None = None,
        kind: str = "do",
        doubtful: bool = False,
    ) -> None:
        """``doubtful`` says that words were taken away which values may have been made valid by."""
        self.workspace, self.actor, self.command, self.kind = workspace, actor, command, kind
        self.summary, self.cause, self.subject = summary, cause, subject
        self.operation_id: int = workspace.new_ids("operation", 1)[0]
        self.records = 0
        """How many changes there were."""
        self.touched: dict[str, set[int]] = {}
        """The ids changed so far, by entity name."""
        self.indexed: dict[str, set[int]] = {}
        """The records to index anew, by entity name: their words changed, or those of a part of them."""
        self.created: dict[str, set[int]] = {}
        """Those of the records touched that were made here and are not in the search index, by entity name."""
        self.complete: dict[str, set[int]] = {}
        """Those that were made here with all that follows for them, and are in it, by entity name."""
        self.former: dict[str, set[int]] = {"client": set(), "order": set(), "task": set(), "document": set()}
        """The clients, orders and tasks that records written belonged to before: what follows of them changes."""
        self.assigned: dict[int, list[tuple[str, int]]] = {}
        """What was given to whom: entity names and ids by operator."""
        self._owner_fields: dict[str, list[tuple[str, str]]] = {}
        self.concerns_all = False
        """Whether what is derived of every client changes."""
        self._unwritten: list[tuple[Any, ...]] = []
        self._unwritten_text = 0
        self.whole_vocabularies: set[str] = set()
        """The vocabularies that get no other words than those written here."""
        self._doubtful = doubtful or kind in ("undo", "redo")
        self._words: set[tuple[Choice, str]] = set()
        """Where it is in doubt whether they are still there: the words written, each with its field."""
        self.merging = False
        """Whether what was said about a record goes over to another one, whoever said it."""
        self.felt: set[int] = set()
        """The orders of those touched from which something follows: others only moved, or say something else."""
        self._held: dict[tuple[str, int], Values] = {}
        self.anyway = False
        """Whether what is doubtful is done all the same."""
        self.begun = False
        """Whether anything was written: an operation that changes nothing leaves no trace."""

    def create(self, entity: Entity, values: Values) -> int:
        """Write one new record and return its id. ``values`` are valid Python values by field name."""
        return self.create_many(entity, [values])[0]

    def create_many(self, entity: Entity, rows: Sequence[Values], *, ids: Sequence[int] = ()) -> list[int]:
        """Write many new records and return their ids; ``ids`` brings deleted ones back (redo), and only then do
        ``rows`` hold a ``version``, ``created_at`` or ``archived_at`` of their own."""
        scope.require_change(self.actor, entity)
        if not rows:
            return []
        taken = list(ids) or self.workspace.new_ids(entity.name, len(rows))
        if self._doubtful:
            for row in rows:
                self._note_words(entity, row)
        self.write_new(new_rows(entity, rows, taken, clock.now()))
        return taken

    def write_new(self, rows: NewRows) -> None:
        """Write new records that are ready. Their values are valid by the words and fields that there are now, and
        their ids are free."""
        scope.require_change(self.actor, entities[rows.entity])
        self.workspace.expect(len(rows.ids))
        self._note_created(rows)
        self.workspace.insert_columns(rows.entity, rows.columns)
        if rows.parts is not None:
            search.put(self.workspace, rows.entity, rows.documents())

    def update(self, entity: Entity, record: int, values: Values, *, action: str = "update") -> int:
        """Write the values that differ to one record and return its version. Raises NotFound, NotAllowed."""
        return self._update(entity, {record: values}, action)[record][0]

    def update_many(self, entity: Entity, values: Mapping[int, Values], *, action: str = "update") -> int:
        """Write values to several records by id; return how many truly changed. Raises NotFound, NotAllowed."""
        changed = 0
        self.workspace.expect(len(values))
        for batch in batches(list(values), _BATCH):
            versions = self._update(entity, {record: values[record] for record in batch}, action)
            changed += sum(differs for _version, differs in versions.values())
        return changed

    def _update(self, entity: Entity, values: Mapping[int, Values], action: str) -> dict[int, tuple[int, bool]]:
        """Write a batch; return by id the version a record has now and whether it changed."""
        if self.kind != "note" or entity.by_hand:
            scope.require_change(self.actor, entity)
        now, found = clock.now(), {}
        current = (
            {record: self.read(entity, record) for record in values}
            if len(values) == 1
            else self.read_all(entity, list(values))
        )
        by_shape: dict[tuple[str, ...], list[list[Any]]] = {}
        emptied = set() if action == ERASE else personal.erased(entity.name, values)
        for record, wanted in values.items():
            old = current[record]
            if not wanted.keys() <= old.keys():
                raise Conflict(_("Nothing was saved: a field was taken away meanwhile."))
            new = {name: value for name, value in wanted.items() if old[name] != value}
            version = old["version"]
            if new:
                if record in emptied:
                    _refuse_erased(entity, record, new)
                if not (self.merging and new.keys() == {"record"}):
                    self._require_change_of(entity, record, old)
                version += 1
                self._note_words(entity, new)
                names, row = row_of(entity, new, old)
                by_shape.setdefault(names, []).append([*row, version, now, record])
                before = {} if action == ERASE else told(entity, {name: old[name] for name in new})
                # What was told before an erasing is wiped, so it tells all that is left.
                self._note(entity, record, action, version, before, told(entity, wanted if action == ERASE else new))
            found[record] = (version, bool(new))
        for names, rows in by_shape.items():
            self.workspace.update_rows(entity.name, [*names, "version", "updated_at"], rows)
        for record in values:
            self._held.pop((entity.name, record), None)
        return found

    @staticmethod
    def refuse_erased(entity: Entity, record: int, values: Values) -> None:
        """Raise Erased when values are to be written into a record that was emptied because a person was erased."""
        if personal.erased(entity.name, [record]):
            _refuse_erased(entity, record, values)

    def archive(self, entity: Entity, ids: Sequence[int]) -> int:
        """Archive the records that are not; return how many that were. Raises NotFound, NotAllowed."""
        now, archived = clock.now(), 0
        for batch in batches(list(ids), _BATCH):
            current = self.read_all(entity, batch)
            live = [record for record in batch if current[record]["archived_at"] is None]
            archived += self.update_many(entity, {record: {"archived_at": now} for record in live}, action="archive")
        return archived

    def restore(self, entity: Entity, ids: Sequence[int]) -> int:
        """Bring archived records back; return how many were archived. Raises NotFound, NotAllowed."""
        return self.update_many(entity, {record: {"archived_at": None} for record in ids}, action="restore")

    def delete(self, entity: Entity, ids: Sequence[int]) -> None:
        """Take records away: only for what was made by mistake (undo) or is nobody's history (saved views)."""
        scope.require_change(self.actor, entity)
        model: Any = entity.model
        for batch in batches(list(ids), _BATCH):
            for record, old in self.read_many(entity, batch).items():
                self._require_change_of(entity, record, old)
                before = told(entity, {name: old[name] for name in (*KEPT, *entity.entered, *entity.shelved)})
                self._note(entity, record, "delete", old["version"], before, {})
            for name, target in entity.references.items():
                if (
                    target is entity and name not in entity.custom
                ):  # of records that belong to each other none may go before the other
                    model.update({model._meta.fields[name]: None}).where(among(model.id, batch)).execute()
            model.delete().where(among(model.id, batch)).execute()
            for record in batch:
                self._held.pop((entity.name, record), None)

    def _note_words(self, entity: Entity, values: Values) -> None:
        if self._doubtful:
            for name, kind in entity.entered.items():
                if isinstance(kind, Choice) and kind.words and values.get(name):
                    self._words.add((kind, values[name]))

    def take_up(self) -> None:
        """Let the words and custom fields that were written so far count for what is written next."""
        words.load()
        custom.load()

    def require_words(self) -> None:
        """Raise Conflict when a word was written that is there no more: somebody took it away after it was typed, or
        since what is undone."""
        for kind, value in self._words:
            known = [option.value for option in kind.options]
            if value not in known:
                raise Conflict(
                    _("Nothing was saved: {field} {word} was taken away meanwhile; there are {known}.").format(
                        field=kind.label.lower(), word=quoted(value), known=", ".join(known)
                    )
                )

    def _require_change_of(self, entity: Entity, record: int, values: Values) -> None:
        if not entity.by_hand and self.kind in ("undo", "redo"):
            return  # it comes and goes with what made it, which is checked
        if not scope.sees(self.actor, entity, values):
            raise _missing(entity, record)
        scope.require_change_of(self.actor, entity, values)

    def read(self, entity: Entity, record: int) -> Values:
        """Return one record's values with ``id``, ``version``, ``created_at`` and ``archived_at``. Raises NotFound.

        Nobody else writes meanwhile, so what was read stands until it is written here.
        """
        held = self._held.get((entity.name, record))
        if held is None:
            held = self.read_all(entity, [record])[record]
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            self._held[entity.name, record] = held
        return dict(held)

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
        """Return records' values by id, each with ``id``, ``version``, ``created_at`` and ``archived_at``; where there
        are custom fields, archived ones too, and the JSON they are read from as ``custom``."""
        model: Any = entity.model
        custom: dict[str, Any] = entity.custom
        own = (name for name in entity.fields if name not in BOOKKEEPING and name not in custom)  # what is derived, too
        names = ["id", "version", "updated_at", *KEPT, *own]
        names += ["custom"] if custom else []

        def query() -> Any:
            return model.select(*(model._meta.fields[name] for name in names)).where(among_those(model.id))

        found: dict[int, Values] = {}
        for row in ask(("record", entity.name, bool(custom)), query, ids):
            values = found[row[0]] = dict(zip(names, row, strict=True))
            if custom:
                kept = json.loads(values["custom"])
                values.update({name: kind.take(kept) for name, kind in custom.items()})
        return found

    def mark(self, operation_id: int, *, undone: bool) -> None:
        """Note that this operation undid an earlier one, or did it again."""
        self._begin()
        standing = self.operation_id if undone else None
        Operation.update(undone_by=standing).where(Operation.id == operation_id).execute()

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
        if self.complete:
            self.complete.get(entity.name, set()).discard(record)
        if entity.name == "order" and (action != "update" or derived.follows_from_order(before, after)):
            self.felt.add(record)
        if action == "delete" or search.concerned(entity, after):
            self.indexed.setdefault(entity.name, set()).add(record)
            for whole, ids in search.wholes_of(entity, before, after):
                self.indexed.setdefault(whole, set()).update(ids)
        if before:
            for name, owner in self._to_owners(entity):
                if isinstance(belonged := before.get(name), int):
                    self.former[owner].add(belonged)
        self.concerns_all |= derived.concerns_all(entity.name, before, after)
        self._note_assigned(entity, record, after)
        told = dump(before), dump(after)
        self._unwritten.append((self.operation_id, entity.name, record, action, version, *told))
        self._unwritten_text += len(told[0]) + len(told[1])
        if len(self._unwritten) >= _UNWRITTEN or self._unwritten_text >= _UNWRITTEN_TEXT:
            self.flush()

    def _note_created(self, rows: NewRows) -> None:
        """Note records that were made."""
        entity, ids = rows.entity, rows.ids
        self.records += len(ids)
        complete = rows.parts is not None
        for noted in (self.touched, self.complete) if complete else (self.touched, self.created, self.indexed):
            noted.setdefault(entity, set()).update(ids)
        if entity == "order":
            self.felt.update(ids)
        for whole, wholes in () if complete else rows.wholes.items():
            self.indexed.setdefault(whole, set()).update(wholes)
        for operator, given in rows.assigned.items():
            self.assigned.setdefault(operator, []).extend(given)
        self.concerns_all |= rows.concerns_all
        made = (self.operation_id, entity)
        versions = rows.columns["version"]
        self._unwritten += [
            (*made, record, "create", version, "{}", told)
            for record, version, told in zip(ids, versions, rows.told, strict=True)
        ]
        self._unwritten_text += sum(map(len, rows.told))
        if len(self._unwritten) >= _UNWRITTEN or self._unwritten_text >= _UNWRITTEN_TEXT:
            self.flush()

    def _note_assigned(self, entity: Entity, record: int, after: Mapping[str, Stored]) -> None:
        if isinstance(operator := after.get("assignee"), int):
            self.assigned.setdefault(operator, []).append((entity.name, record))

    def _to_owners(self, entity: Entity) -> list[tuple[str, str]]:
        """The fields by which records of an entity belong to clients and orders, each with which of them it is."""
        found = self._owner_fields.get(entity.name)
        if found is None:
            leading = entity.references.items()
            found = [(name, target.name) for name, target in leading if target.name in self.former]
            self._owner_fields[entity.name] = found
        return found

    def flush(self) -> None:
        """Write the journal's rows gathered so far."""
        self._begin()
        self.workspace.insert_rows("change", CHANGE_COLUMNS, self._unwritten)
        self._unwritten.clear()
        self._unwritten_text = 0

    def _begin(self) -> None:
        """Write the operation's own row, once."""
        if not self.begun:
            self.begun = True
            made = {"id": self.operation_id, "at": clock.now(), "login": self.actor.login, "command": self.command}
            made |= {"kind": self.kind, **self._outcome()}
            made["subject_id"] = made.pop("subject")
            self.workspace.insert_rows("operation", list(made), [list(made.values())])

    def _outcome(self) -> dict[str, Any]:
        counts = {name: len(ids) for name, ids in self.touched.items()}
        told = {"summary": clean_line(self.summary), "cause": clean_line(self.cause), "subject": self.subject}
        return {**told, "records": self.records, "touched": dump(counts)}

    def finish(self) -> None:
        """Write what is left of the journal."""
        begun = self.begun
        if self._unwritten:
            self.flush()
        if begun:
            Operation.update(**self._outcome()).where(Operation.id == self.operation_id).execute()


def _missing(entity: Entity, record: int) -> NotFound:
    return NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))


def _refuse_erased(entity: Entity, record: int, values: Values) -> None:
    fields = personal.fields_of(entity)
    if any(name in fields and not fields[name].is_empty(value) for name, value in values.items()):
        told = _("{label} {id} is of a person who was erased; nothing of them is written again. Nothing was saved.")
        raise Erased(told.format(label=_(entity.label).capitalize(), id=record))
