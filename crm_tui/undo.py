"""Undo and redo of whole operations, whatever they were, refused with a reason when someone changed things since.

An operation that was done stays in the journal for good; undoing writes another one, and so does redoing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import peewee as pw

from crm_tui.db import Workspace, batches
from crm_tui.errors import Conflict, CrmError, NotFound
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity, entities, from_stored
from crm_tui.models.journal import Change, Operation
from crm_tui.scope import Actor


def undo(workspace: Workspace, actor: Actor, operation_id: int | None = None) -> str:
    """Undo an operation (the actor's last one that stands) and return what was undone, in words.

    Raises NotFound when there is none, Conflict when its records were changed since.
    """
    with operation(workspace, actor, "undo", kind="undo") as writer:
        subject = _subject(actor, operation_id, undone=False)
        _revert(writer, subject)
        return _finish(writer, subject, undone_by=writer.operation_id, words=_("undid: {what}"))


def redo(workspace: Workspace, actor: Actor, operation_id: int | None = None) -> str:
    """Do again an undone operation (the one the actor undid last) and return what was done, in words.

    Raises NotFound when there is none, Conflict when its records were changed since.
    """
    with operation(workspace, actor, "redo", kind="redo") as writer:
        subject = _subject(actor, operation_id, undone=True)
        _repeat(writer, subject)
        return _finish(writer, subject, undone_by=None, words=_("did again: {what}"))


def _finish(writer: Writer, subject: Any, *, undone_by: int | None, words: str) -> str:
    Operation.update(undone_by=undone_by).where(Operation.id == subject.id).execute()
    writer.summary = words.format(what=subject.summary or subject.command)
    Operation.update(subject=subject.id).where(Operation.id == writer.operation_id).execute()
    return writer.summary


def _subject(actor: Actor, operation_id: int | None, *, undone: bool) -> Any:
    if operation_id is not None:
        return _named(operation_id, undone)
    mine = (Operation.login == actor.login) & (Operation.kind == "do")
    if not undone:
        found = Operation.select().where(mine & Operation.undone_by.is_null()).order_by(Operation.id.desc()).first()
        if found is None:
            raise NotFound(_("There is nothing of yours to undo."))
        return found
    latest = Operation.select(pw.fn.MAX(Operation.id)).where(mine & Operation.undone_by.is_null()).scalar() or 0
    found = (
        Operation.select()
        .where(mine & (Operation.undone_by > latest))
        .order_by(Operation.undone_by.desc())
        .first()
    )
    if found is None:
        raise NotFound(_("There is nothing of yours to do again."))
    return found


def _named(operation_id: int, undone: bool) -> Any:
    found = Operation.get_or_none(Operation.id == operation_id)
    if found is None:
        raise NotFound(_("There is no operation {id}; crm-tui log lists them.").format(id=operation_id))
    if found.kind != "do":
        raise CrmError(
            _("Operation {id} is itself an undo; name the one it was of, {subject}.").format(
                id=operation_id, subject=found.subject_id
            )
        )
    if (found.undone_by is not None) != undone:
        state = _("is not undone") if undone else _("is undone already")
        raise CrmError(_("Operation {id} {state}.").format(id=operation_id, state=state))
    return found


EDITS = ("update", "archive", "restore")


def _entities(subject: Any) -> list[Entity]:
    """The entities the operation changed, in the order it first did."""
    first = pw.fn.MIN(Change.id)
    query = Change.select(Change.entity).where(Change.operation == subject.id).group_by(Change.entity).order_by(first)
    return [entities[name] for (name,) in query.tuples()]


def _ids(subject: Any, entity: Entity, *actions: str) -> list[int]:
    """The records the operation did any of ``actions`` (none: anything) to."""
    query = Change.select(Change.record).where((Change.operation == subject.id) & (Change.entity == entity.name))
    if actions:
        query = query.where(Change.action.in_(actions))
    return [record for (record,) in query.order_by(Change.id).tuples()]


def _pages(subject: Any, entity: Entity, *actions: str, backwards: bool = False) -> Iterator[list[Any]]:
    """The operation's changes in pages, so that undoing an import of any size fits in memory."""
    query = Change.select().where(
        (Change.operation == subject.id) & (Change.entity == entity.name) & Change.action.in_(actions)
    )
    query = query.order_by(Change.id.desc() if backwards else Change.id).limit(1000)
    page = list(query.namedtuples())
    while page:
        yield page
        last = page[-1].id
        page = list(query.where(Change.id < last if backwards else Change.id > last).namedtuples())


def _refuse_if_changed(subject: Any, since: int, entity: Entity, ids: Sequence[int]) -> None:
    """Raise Conflict when another standing operation touched any of the records after operation ``since``."""
    for batch in batches(sorted(ids)):
        later = (
            Operation.select(Operation.id, Operation.login, Operation.summary, Change.record)
            .join(Change, on=(Change.operation == Operation.id))
            .where(
                (Operation.id > since)
                & (Operation.id != subject.id)
                & (Operation.kind == "do")
                & Operation.undone_by.is_null()
                & (Change.entity == entity.name)
                & Change.record.in_(batch)
            )
            .order_by(Operation.id.desc())
            .tuples()
            .first()
        )
        if later:
            raise _conflict(subject, entity, later[3], _("{login} did since: {summary} (operation {id})").format(
                login=later[1], summary=later[2], id=later[0]
            ))  # fmt: skip


def _conflict(subject: Any, entity: Entity, record: int, reason: str) -> Conflict:
    return Conflict(
        _('"{what}" cannot be taken back or repeated: {label} {id} was changed. {reason}').format(
            what=subject.summary or subject.command, label=_(entity.label), id=record, reason=reason
        )
    )


def _revert(writer: Writer, subject: Any) -> None:
    for entity in reversed(_entities(subject)):
        _refuse_if_changed(subject, subject.id, entity, _ids(subject, entity))
        for page in _pages(subject, entity, *EDITS, backwards=True):
            _set_back(writer, subject, entity, page, expect="after", to="before")
        for page in _pages(subject, entity, "delete"):
            _bring_back(writer, entity, page, "before")
        _take_away(writer, subject, entity, _ids(subject, entity, "create"))


def _repeat(writer: Writer, subject: Any) -> None:
    for entity in _entities(subject):
        _refuse_if_changed(subject, subject.undone_by, entity, _ids(subject, entity))
        for page in _pages(subject, entity, "create"):
            _bring_back(writer, entity, page, "after", created_at=subject.at)
        for page in _pages(subject, entity, *EDITS):
            _set_back(writer, subject, entity, page, expect="before", to="after")
        _take_away(writer, subject, entity, _ids(subject, entity, "delete"))


def _set_back(writer: Writer, subject: Any, entity: Entity, edits: Sequence[Any], *, expect: str, to: str) -> None:
    """Give records the values of the other side of their changes, if they still hold this side's."""
    wanted: dict[int, Values] = {}
    expected: dict[int, Values] = {}
    for change in edits:
        wanted.setdefault(change.record, {}).update(_values(entity, getattr(change, to)))
        for name, value in _values(entity, getattr(change, expect)).items():
            expected.setdefault(change.record, {}).setdefault(name, value)
    current = writer.read_many(entity, list(wanted))
    for record in wanted:
        if record not in current:
            raise _conflict(subject, entity, record, _("It is no longer there."))
        for name, value in expected[record].items():
            if current[record][name] != value:
                label = entity.fields[name].label
                raise _conflict(subject, entity, record, _("Its {field} is another one now.").format(field=label))
    writer.update_many(entity, wanted)


def _bring_back(writer: Writer, entity: Entity, changes: Sequence[Any], side: str, **kept: Any) -> None:
    rows = [{**_values(entity, getattr(change, side)), "version": change.version, **kept} for change in changes]
    writer.create_many(entity, rows, ids=[change.record for change in changes])


def _take_away(writer: Writer, subject: Any, entity: Entity, ids: Sequence[int]) -> None:
    try:
        writer.delete(entity, ids)
    except pw.IntegrityError as error:
        raise Conflict(
            ngettext(
                '"{what}" cannot be taken back: something made since belongs to its record.',
                '"{what}" cannot be taken back: something made since belongs to one of its {n} records.',
                len(ids),
            ).format(what=subject.summary or subject.command, n=len(ids))
        ) from error


def _values(entity: Entity, text: str) -> Values:
    return from_stored(entity.model, json.loads(text))
