"""Undo and redo of whole operations, whatever they were, refused with a reason when someone changed things since.

An operation that was done stays in the journal for good; undoing writes another one, and so does redoing. Records of a
person who was erased meanwhile are left as they are: what was erased does not come back, and the rest does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import peewee as pw

from crm_tui import db, personal, scoring
from crm_tui.db import Workspace, among, batches
from crm_tui.errors import Conflict, CrmError, Erased, NotFound
from crm_tui.fields import Tags
from crm_tui.i18n import _, ngettext
from crm_tui.journal import ERASE, Values, Writer, operation
from crm_tui.models import custom
from crm_tui.models.base import Entity, about_others, entities, from_stored
from crm_tui.models.journal import Change, Operation
from crm_tui.scope import Actor

EDITS = ("update", "archive", "restore")
OPPOSITE = {"update": "update", "archive": "restore", "restore": "archive"}

_PAGE = 1000


def undo(workspace: Workspace, actor: Actor, operation_id: int | None = None) -> str:
    """Undo an operation (the actor's last one that stands) and return what was undone, in words.

    Raises NotFound when there is none, Conflict when its records were changed since.
    """
    with operation(workspace, actor, "undo", kind="undo") as writer:
        subject = _subject(actor, operation_id, undone=False)
        erased = _erased(subject)
        _refuse_if_all_erased(subject, erased)
        _revert(writer, subject)
        writer.mark(subject.id, undone=True)
        return _told(writer, subject, erased, _("undid: {what}"))


def redo(workspace: Workspace, actor: Actor, operation_id: int | None = None) -> str:
    """Do again an undone operation (the one the actor undid last) and return what was done, in words.

    Raises NotFound when there is none, Conflict when its records were changed since.
    """
    with operation(workspace, actor, "redo", kind="redo") as writer:
        subject = _subject(actor, operation_id, undone=True)
        erased = _erased(subject)
        _refuse_if_all_erased(subject, erased)
        _repeat(writer, subject)
        writer.mark(subject.id, undone=False)
        return _told(writer, subject, erased, _("did again: {what}"))


def _told(writer: Writer, subject: Any, erased: dict[str, set[int]], words: str) -> str:
    writer.subject = subject.id
    writer.summary = words.format(what=subject.summary or subject.command)
    left = sum(len(writer.read_many(entities[name], sorted(ids))) for name, ids in erased.items())
    if not left:
        return writer.summary
    words = ngettext(
        "{what}; {n} record of an erased person stays as it is",
        "{what}; {n} records of erased people stay as they are",
        left,
    )
    return words.format(what=writer.summary, n=left)


def _erased(subject: Any) -> dict[str, set[int]]:
    """Return the records of the operation that were emptied since because a person was erased, by entity name."""
    found: dict[str, set[int]] = {}
    query: Any = Change.select(Change.entity, Change.record).where(Change.operation == subject.id)
    emptied = query.where(personal.was_erased(Change.entity, Change.record))
    for name, record in emptied.tuples():
        found.setdefault(name, set()).add(record)
    return found


def _refuse_if_all_erased(subject: Any, erased: dict[str, set[int]]) -> None:
    """Raise Erased when the operation is of nothing but records that were emptied since."""
    count = sum(map(len, erased.values()))
    if count and count == _how_many(subject):
        raise Erased(
            _(
                '"{what}" cannot be taken back or repeated: it is of a person who was erased since, which is final.'
            ).format(what=subject.summary or subject.command)
        )


def _how_many(subject: Any) -> int:
    query: Any = Change.select(Change.entity, Change.record).where(Change.operation == subject.id).distinct()
    return int(query.count())


def _subject(actor: Actor, operation_id: int | None, *, undone: bool) -> Any:
    if operation_id is not None:
        return _named(operation_id, undone)
    by_me = Operation.login == actor.login
    mine = by_me & (Operation.kind == "do")
    standing = mine & Operation.undone_by.is_null()
    if not undone:
        final: Any = Operation.select().where(standing | (by_me & (Operation.kind == ERASE)))
        found = final.order_by(Operation.id.desc()).first()
        if found is not None and found.kind == ERASE:
            raise CrmError(
                _(
                    "Your last operation erased a person: that is final and cannot be undone. An earlier one is undone "
                    "by its number, which the journal tells: undo operation=N."
                )
            )
        if found is None:
            raise NotFound(_("There is nothing of yours to undo."))
        return found
    # What was undone before the newest operation that stands cannot be done again: history has gone another way.
    latest = Operation.select(pw.fn.MAX(Operation.id)).where(standing).scalar() or 0
    found = Operation.select().where(mine & (Operation.undone_by > latest)).order_by(Operation.undone_by.desc()).first()
    if found is None:
        raise NotFound(_("There is nothing of yours to do again."))
    return found


def _named(operation_id: int, undone: bool) -> Any:
    found: Any = Operation.get_or_none(Operation.id == operation_id)
    if found is None:
        raise NotFound(_("There is no operation {id}; crm-tui log lists them.").format(id=operation_id))
    if found.kind == "setup":
        raise CrmError(_("Operation {id} made this workspace and cannot be undone.").format(id=operation_id))
    if found.kind == "note":
        raise CrmError(_("Operation {id} noted what was read; there is nothing to take back.").format(id=operation_id))
    if found.kind == ERASE:
        raise CrmError(_("Operation {id} erased a person: that is final and cannot be undone.").format(id=operation_id))
    if found.kind != "do":
        raise CrmError(
            _("Operation {id} is itself an undo or redo; name the one it was of, {subject}.").format(
                id=operation_id, subject=found.subject_id
            )
        )
    if (found.undone_by is not None) != undone:
        words = _("Operation {id} is not undone.") if undone else _("Operation {id} is undone already.")
        raise CrmError(words.format(id=operation_id))
    return found


def _entities(subject: Any) -> list[Entity]:
    """The entities the operation changed, in the order it first did."""
    first = pw.fn.MIN(Change.id)
    query: Any = Change.select(Change.entity).where(Change.operation == subject.id)
    return [entities[name] for (name,) in query.group_by(Change.entity).order_by(first).tuples()]


def _pages(
    subject: Any, entity: Entity, *actions: str, backwards: bool = False, standing: bool = True
) -> Iterator[list[Any]]:
    """The operation's changes (with no ``actions``: all) in pages, so that undoing an import of any size fits in
    memory; with ``standing``, without those of records that were emptied since."""
    query = Change.select().where((Change.operation == subject.id) & (Change.entity == entity.name))
    if standing:
        query = query.where(~personal.was_erased(Change.entity, Change.record))
    if actions:
        query = query.where(Change.action.in_(actions))
    query = query.order_by(Change.id.desc() if backwards else Change.id).limit(_PAGE)
    page = list(query.namedtuples())
    while page:
        yield page
        last = page[-1].id
        page = list(query.where(Change.id < last if backwards else Change.id > last).namedtuples())


def _revert(writer: Writer, subject: Any) -> None:
    for entity in reversed(_entities(subject)):
        _refuse_if_changed(subject, subject.id, entity)
        for page in _pages(subject, entity, *EDITS, backwards=True):
            _set_back(writer, subject, entity, page, expect="after", to="before")
        for page in _pages(subject, entity, "delete"):
            _bring_back(writer, subject, entity, page, "before")
        for page in _pages(subject, entity, "create", backwards=True, standing=False):
            _take_away(writer, subject, entity, page)


def _repeat(writer: Writer, subject: Any) -> None:
    for entity in _entities(subject):
        _refuse_if_changed(subject, subject.undone_by, entity)
        for page in _pages(subject, entity, "create"):
            _bring_back(writer, subject, entity, page, "after", created_at=subject.at)
        for page in _pages(subject, entity, *EDITS):
            _set_back(writer, subject, entity, page, expect="before", to="after")
        for page in _pages(subject, entity, "delete", backwards=True, standing=False):
            _take_away(writer, subject, entity, page)


def _refuse_if_changed(subject: Any, since: int, entity: Entity) -> None:
    """Raise Conflict when a standing operation after ``since`` touched any of the records of this one."""
    theirs: Any = Change.alias()
    ours: Any = Change.alias()
    later = (
        Operation.select(Operation.id, Operation.login, Operation.summary, theirs.record)
        .join(theirs, on=(theirs.operation == Operation.id))
        .where(
            (Operation.id > since)
            & (Operation.id != subject.id)
            & (Operation.kind == "do")
            & Operation.undone_by.is_null()
            & (theirs.entity == entity.name)
            & theirs.record.in_(
                ours.select(ours.record).where((ours.operation == subject.id) & (ours.entity == entity.name))
            )
        )
        .order_by(Operation.id.desc())
        .tuples()
        .first()
    )
    if later:
        reason = _("{login} did since: {summary} (operation {id})").format(
            login=later[1], summary=later[2], id=later[0]
        )
        raise _conflict(subject, entity, later[3], reason)


def _conflict(subject: Any, entity: Entity, record: int, reason: str) -> Conflict:
    return Conflict(
        _('"{what}" cannot be taken back or repeated: {label} {id} was changed. {reason}').format(
            what=subject.summary or subject.command, label=_(entity.label), id=record, reason=reason
        )
    )


def _set_back(writer: Writer, subject: Any, entity: Entity, edits: Sequence[Any], *, expect: str, to: str) -> None:
    """Give records the values of the other side of their changes, if they still hold this side's."""
    wanted: dict[int, Values] = {}
    expected: dict[int, Values] = {}
    actions: dict[int, str] = {}
    for change in edits:
        wanted.setdefault(change.record, {}).update(_values(entity, getattr(change, to)))
        for name, value in _values(entity, getattr(change, expect)).items():
            expected.setdefault(change.record, {}).setdefault(name, value)
        # Several changes of one record in one operation are told as one edit.
        action = change.action if to == "after" else OPPOSITE[change.action]
        actions[change.record] = action if actions.get(change.record, action) == action else "update"
    if scoring.kept(entity.name, {name for values in expected.values() for name in values}):
        for values in (*wanted.values(), *expected.values()):  # it follows from the rules, whatever it was
            values.pop("score", None)
    current = writer.read_many(entity, list(wanted))
    for record, values in wanted.items():
        if record not in current:
            raise _conflict(subject, entity, record, _("It is no longer there."))
        for name, value in expected[record].items():
            if current[record][name] != value:
                label = entity.kinds[name].label.lower()
                raise _conflict(subject, entity, record, _("Its {field} is another one now.").format(field=label))
        if entity.name == "custom_field":
            _refuse_if_values(subject, entity, record, custom.in_the_way(current[record], current[record] | values))
    writer.merging = subject.command.endswith(".merge")
    for action in EDITS:
        chosen = {record: values for record, values in wanted.items() if actions[record] == action}
        writer.update_many(entity, chosen, action=action)


def _bring_back(writer: Writer, subject: Any, entity: Entity, changes: Sequence[Any], side: str, **kept: Any) -> None:
    if entity.name == "tag":  # one that was in use stayed, or somebody has made it anew
        changes = [change for change in changes if not _tag_exists(json.loads(getattr(change, side))["name"])]
    rows = [{**_values(entity, getattr(change, side)), "version": change.version, **kept} for change in changes]
    try:
        writer.create_many(entity, rows, ids=[change.record for change in changes])
    except pw.IntegrityError as error:
        raise Conflict(
            _('"{what}" cannot be repeated: what its records belonged to is gone, or their names are taken.').format(
                what=subject.summary or subject.command
            )
        ) from error


def _tag_exists(name: str) -> bool:
    tag: Any = entities["tag"].model
    return bool(tag.select().where(tag.name_key == entities["tag"].fields["name"].key(name)).exists())


def _take_away(writer: Writer, subject: Any, entity: Entity, changes: Sequence[Any]) -> None:
    ids = [change.record for change in changes]
    if entity.name == "tag":
        ids = [record for record, values in writer.read_many(entity, ids).items() if not _in_use(values["name"])]
    if entity.name == "custom_field":
        for record, values in writer.read_many(entity, ids).items():
            _refuse_if_values(subject, entity, record, {"": reason} if (reason := custom.in_use(values)) else {})
    try:
        _require_nothing_about(entity, ids)
        writer.delete(entity, ids)
    except pw.IntegrityError as error:
        raise Conflict(
            ngettext(
                '"{what}" cannot be taken back: something made since belongs to its record.',
                '"{what}" cannot be taken back: something made since belongs to one of its {n} records.',
                len(ids),
            ).format(what=subject.summary or subject.command, n=len(ids))
        ) from error


def _refuse_if_values(subject: Any, entity: Entity, record: int, problems: Mapping[str, str]) -> None:
    """Raise Conflict when records have values that a custom field would no longer take."""
    if reason := next(iter(problems.values()), ""):
        raise _conflict(subject, entity, record, reason[:1].upper() + reason[1:] + ".")


def _require_nothing_about(entity: Entity, ids: Sequence[int]) -> None:
    """Raise IntegrityError, as a reference does, when something is about one of the records: those are named by their
    entity and id, of which the database knows nothing."""
    for other in about_others():
        if other.by_hand:
            model: Any = other.model
            for batch in batches(ids):
                if model.select().where((model.about == entity.name) & among(model.record, batch)).exists():
                    raise pw.IntegrityError(f"{other.name} about {entity.name}")


def _in_use(tag: str) -> bool:
    """Whether a record has the tag: tags are made on first use, so another operation may rely on this one's."""
    for entity in entities.values():
        model: Any = entity.model
        for kind in entity.fields.values():
            if (
                isinstance(kind, Tags)
                and model.select().where(db.contains(kind.expression(), kind.key((tag,)))).exists()
            ):
                return True
    return False


def _values(entity: Entity, text: str) -> Values:
    return from_stored(entity.model, json.loads(text))
