"""Erasing a person for good: what their records and the journal hold of them goes, a tombstone stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm_tui import clock, drafts, file_store, memory, personal, scope, scoring
from crm_tui.db import Workspace, among
from crm_tui.errors import BadInput, CrmError, NotFound
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.journal import ERASE, Writer, operation, wiping
from crm_tui.models.base import Entity, about_others, entities
from crm_tui.models.journal import Change
from crm_tui.models.scores import TypedScore
from crm_tui.personal import Belongings
from crm_tui.scope import Actor
from crm_tui.services import tombstones
from crm_tui.services.records import title_of
from crm_tui.services.tombstones import Tombstone
from crm_tui.text import clean_line

COMMAND = "person.erase"


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing a person takes away. ``who`` are the records that are this person, ``belongs`` what is theirs."""

    title: str
    who: Belongings
    belongs: Belongings
    gone: Belongings
    """Of what belonged to them, what only the journal knows, because it was undone."""
    changes: int
    """How many changes the journal tells of all this."""

    def counts(self) -> dict[str, int]:
        """How many records of which entity are emptied."""
        return {name: len(ids) for name, ids in [*self.who.items(), *self.belongs.items()]}

    def question(self) -> str:
        """Return what is asked first, with exactly what goes."""
        emptied = ", ".join(
            f"{whole(n)} {_(entities[name].label if n == 1 else entities[name].label_plural)}"
            for name, n in self.counts().items()
        )
        return _(
            "Erase {title} for good? What is held in {records} goes, with the files, and the values in {n} entries of "
            "the journal. This cannot be undone."
        ).format(title=self.title, records=emptied, n=whole(self.changes))


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing came to."""

    entity: Entity
    record: int
    summary: str
    counts: Mapping[str, int]
    changes: int
    names: tuple[str, ...]
    """What the person was called and reached by: to look where it still stands. Kept nowhere."""
    warnings: list[str] = field(default_factory=list)
    """What a person should know, one sentence each."""

    def in_words(self) -> str:
        """Return what was done, without the name."""
        return _('{label} {id} is erased for good; it is called "{name}" from now on.').format(
            label=_(self.entity.label).capitalize(), id=self.record, name=personal.neutral_name(self.record)
        )


def plan(actor: Actor, entity: Entity, record: int) -> Plan:
    """Return what erasing a person would take away. Raises NotFound, NotAllowed, CrmError for who was erased."""
    scope.require_erase(actor)
    return _plan(entity, record)


def _plan(entity: Entity, record: int) -> Plan:
    if not entity.person:
        raise CrmError(_("{plural} are no people.").format(plural=_(entity.label_plural).capitalize()))
    held = Writer.read_many(entity, [record])
    if not held and not _in_journal(entity, record):
        raise NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))
    who = personal.same_person(entity, record)
    if record in personal.erased(entity.name, [record]):
        raise CrmError(_("{label} {id} was erased already.").format(label=_(entity.label).capitalize(), id=record))
    belongs = personal.belongings(who)
    gone = personal.vanished(who, belongs)
    title = title_of(entity, held.get(record, {"id": record}))
    return Plan(title, who, belongs, gone, sum(_changes(one) for one in (who, belongs, gone)))


def _in_journal(entity: Entity, record: int) -> bool:
    return bool(Change.select().where((Change.entity == entity.name) & (Change.record == record)).exists())


def _changes(records: Mapping[str, Iterable[int]]) -> int:
    model: Any = Change
    return sum(
        int(model.select().where((model.entity == name) & among(model.record, ids)).count())
        for name, ids in records.items()
    )


def erase(
    workspace: Workspace,
    actor: Actor,
    entity: Entity,
    record: int,
    *,
    reason: str = "",
    again: Tombstone | None = None,
) -> Erased:
    """Erase a person, in one operation that cannot be undone; ``again`` is the tombstone by which a restored workspace
    is put right.

    Raises NotFound, NotAllowed, StorageFailed, BadInput for a reason that names the person, CrmError for who was erased
    already.
    """
    scope.require_erase(actor)
    cause = _("restore") if again else ""
    with operation(workspace, actor, COMMAND, kind=ERASE, cause=cause) as op:
        scope.require_erase(op.actor)
        planned = _plan(entity, record)
        names = tuple(personal.names_of(planned.who))
        if personal.mention(names)(reason):
            raise BadInput(_("The reason is kept: write it without the name."))
        every_name = personal.names_of(planned.who, shortest=1)
        files = _files(planned)
        everything = _united(planned.who, planned.belongs, planned.gone)
        wiping.wipe(workspace, everything, personal.mention(every_name))
        _empty(op, planned)
        file_store.erase(files)
        TypedScore.delete().where(among(TypedScore.client, planned.who.get("client", ()))).execute()
        _remember(op, planned, clean_line(reason), again)
        rows = [(name, one) for name, ids in everything.items() for one in sorted(ids - personal.erased(name, ids))]
        workspace.insert_rows("erased_record", ("entity", "record"), rows)
        op.summary = _("erase person: {label} {id}").format(label=_(entity.label), id=record)
    done = Erased(entity, record, op.summary, planned.counts(), planned.changes, names)
    _forget(workspace, planned, files, done)
    return done


def _united(*parts: Belongings) -> Belongings:
    found: Belongings = {}
    for part in parts:
        for name, ids in part.items():
            found.setdefault(name, set()).update(ids)
    return found


def _files(planned: Plan) -> list[str]:
    """The names under which the contents of the person's files are kept, of those too that undo took away."""
    ids = {*planned.belongs.get("attachment", ()), *planned.gone.get("attachment", ())}
    query: Any = Change.select(Change.before, Change.after).where(
        (Change.entity == "attachment") & among(Change.record, ids)
    )
    sides = [json.loads(side) for row in query.tuples() for side in row]
    return sorted({str(side["stored"]) for side in sides if side.get("stored")})


def _empty(op: Writer, planned: Plan) -> None:
    """Empty the records, and put away those that are nothing without what they held."""
    about = {entity.name for entity in about_others()}
    for name, ids in _united(planned.who, planned.belongs).items():
        entity = entities[name]
        current = op.read_many(entity, sorted(ids))
        values = {record: personal.emptied(entity, record) for record in current}
        for record, left in values.items():
            if scoring.kept(name, left):
                del left["score"]
            if (entity.person or name in about) and current[record]["archived_at"] is None:
                left["archived_at"] = clock.now()
        op.update_many(entity, values, action=ERASE)


def _remember(op: Writer, planned: Plan, reason: str, again: Tombstone | None) -> None:
    """Put up the tombstone of each record that was this person."""
    tombs = []
    for name, ids in planned.who.items():
        found = op.read_many(entities[name], sorted(ids))
        for one in sorted(ids):
            added_at = found[one]["created_at"] if one in found else _added_at(entities[name], one)
            erased_at, login = (again.erased_at, again.login) if again else (clock.now(), op.actor.login)
            told = Tombstone("", name, one, added_at, erased_at, login, again.reason if again else reason)
            tombs.append(_as_values(told))
    op.create_many(entities["erasure"], tombs)


def _added_at(entity: Entity, record: int) -> datetime | None:
    """When a record was made of which only the journal knows."""
    model: Any = Change
    query = model.select(model.before).where((model.entity == entity.name) & (model.record == record))
    row = query.where(model.action == "delete").order_by(model.id.desc()).tuples().first()
    told = json.loads(row[0]).get("created_at") if row else None
    return entity.fields["created_at"].from_stored(told) if told else None


def _forget(workspace: Workspace, planned: Plan, files: list[str], done: Erased) -> None:
    """Once it is committed: let go of what is kept outside the tables, and of what the storage still holds."""
    if problem := tombstones.keep_beside(workspace):
        done.warnings.append(_("Restoring an older backup would not erase again: {reason}").format(reason=problem))
    left = file_store.erase_files(workspace, files)
    if left:
        done.warnings.append(
            _("The disk would not give up these files; delete them by hand: {files}.").format(files=", ".join(left))
        )
    for name, ids in _united(planned.who, planned.belongs).items():
        for record in ids:
            drafts.forget(workspace.location, name, record)
    memory.forget(workspace.location, personal.mention(done.names))
    touched = [*_united(planned.who, planned.belongs), "change", "operation"]
    indexes = [f"search_{name}" for name in {*touched, "client"} & entities.keys() if entities[name].search]
    try:
        clean = workspace.forget_deleted(touched, indexes)
    except CrmError as error:
        done.warnings.append(_("The storage could not be cleaned up: {reason}").format(reason=error))
        return
    if not clean:
        done.warnings.append(
            _("Another session is reading: the log beside the workspace is cleaned up when that has ended.")
        )


def erase_again(workspace: Workspace, known: Iterable[Tombstone]) -> int:
    """Erase those who are in the open workspace, which was restored, and were erased since it was like this; return
    how many."""
    here, again = tombstones.identity(), 0
    for one in sorted(known, key=lambda tombstone: tombstone.erased_at):
        if one.workspace == here and _is_there(one):
            actor = Actor(0, one.login, "admin")  # who erased may not be known to a workspace that is older
            erase(workspace, actor, entities[one.entity], one.record, again=one)
            again += 1
    _put_up(workspace, [one for one in known if one.workspace == here])
    return again


def _put_up(workspace: Workspace, known: Iterable[Tombstone]) -> None:
    """Put up the tombstones that a restored workspace lacks, of people too who came after it: a backup between the two
    may be restored next."""
    there = {tombstones.key(one) for one in tombstones.standing()}
    lacking = {tombstones.key(one): one for one in known if tombstones.key(one) not in there}
    if not lacking:
        return
    actor = Actor(0, next(iter(lacking.values())).login, "admin")
    summary = _("remember who was erased")
    with operation(workspace, actor, COMMAND, kind=ERASE, cause=_("restore"), summary=summary) as op:
        op.create_many(entities["erasure"], [_as_values(one) for one in lacking.values()])


def _as_values(one: Tombstone) -> dict[str, Any]:
    return {
        "name": personal.neutral_name(one.record), "entity": one.entity, "record": one.record,
        "added_at": one.added_at, "erased_at": one.erased_at, "login": one.login, "reason": one.reason,
    }  # fmt: skip


def _is_there(one: Tombstone) -> bool:
    """Whether the very record that was erased is in the open workspace as it was."""
    entity = entities.get(one.entity)
    if entity is None or not entity.person:
        return False
    held = Writer.read_many(entity, [one.record]).get(one.record)
    return held is not None and held["created_at"] == one.added_at and not personal.erased(one.entity, [one.record])
