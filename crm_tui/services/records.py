"""Adding, changing and archiving records of any entity: what a person typed becomes valid values, written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.fields import Kind
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity
from crm_tui.scope import Actor, require_change
from crm_tui.services import attachments, comments, people, rules, teams  # noqa: F401  # their rules are registered
from crm_tui.services.merging import EditConflict, Saved, changed_since_version, merge
from crm_tui.services.typed import TagEdits, Typed, read_typed, require_filled, take_tag_edits

__all__ = [
    "EditConflict",
    "Progress",
    "Saved",
    "Typed",
    "add",
    "archive_many",
    "change_by_rule",
    "change_many",
    "changed_since_version",
    "default_of",
    "delete",
    "read_typed",
    "require_filled",
    "save",
    "title_of",
    "write_new",
]

Progress = Callable[[int, int], None]
"""Called with how many of how many are done; raising from it stops the operation, with nothing written."""

_BATCH = 1000


def title_of(entity: Entity, values: Mapping[str, Any]) -> str:
    """Return what a record is called."""
    return str(values.get(entity.title) or f"#{values.get('id', '?')}")


def add(workspace: Workspace, actor: Actor, entity: Entity, typed: Typed) -> int:
    """Add one record and return its id.

    Raises InvalidRecord, NotAllowed, and DoNotContact for an interaction with somebody who wants none, unless
    ``typed`` says ``anyway``.
    """
    _require_by_hand(actor, entity)
    plain, anyway = rules.take_anyway(entity, typed)
    values = read_typed(actor, entity, plain)
    require_filled(entity, values)
    if not anyway:
        rules.be_cautious(entity.name, values)
    summary = _("add {label} {title}").format(label=_(entity.label), title=title_of(entity, values))
    with operation(workspace, actor, f"{entity.name}.add", summary=summary) as op:
        return write_new(op, entity, values)


def write_new(op: Writer, entity: Entity, values: Values) -> int:
    """Write one new record inside an operation, by the entity's rules."""
    full = {name: kind.initial for name, kind in entity.entered.items()} | values
    rules.apply(op, entity.name, None, full)
    record = op.create(entity, full)
    rules.follow(op, entity.name, record, None, full)
    return record


def _require_by_hand(actor: Actor, entity: Entity) -> None:
    """Raise NotAllowed or CrmError, saying why, unless ``actor`` may change records of ``entity``."""
    require_change(actor, entity)
    if not entity.by_hand:
        raise CrmError(_("{plural} are made by the program alone.").format(plural=_(entity.label_plural).capitalize()))


def default_of(kind: Kind) -> Any:
    """Return the value of a field nobody filled in."""
    return kind.initial


def save(
    workspace: Workspace, actor: Actor, entity: Entity, record: int, typed: Typed, *, seen: int | None = None
) -> Saved:
    """Change one record. ``seen`` is the version the change was made against: fields that others changed since are
    kept where they do not collide with these. ``+tag`` and ``-tag`` add to and take from what the record has.

    Raises InvalidRecord, NotFound, NotAllowed, EditConflict, and Doubtful unless ``typed`` says ``anyway``.
    """
    _require_by_hand(actor, entity)
    wanted, anyway = rules.take_anyway(entity, typed)
    plain = dict(wanted)
    tag_edits = take_tag_edits(entity, plain)
    values = read_typed(actor, entity, plain, record=lambda: Writer.read_all(entity, [record])[record])
    with operation(workspace, actor, f"{entity.name}.edit") as op:
        op.anyway = anyway
        current = op.read(entity, record)
        op.refuse_erased(entity, record, values)
        merged = merge(entity, record, values, current, seen)
        full = current | values
        if tag_edits:
            full[tag_edits.field] = tag_edits.applied(full[tag_edits.field])
        rules.require_reason(entity.name, values, [full])
        rules.apply(op, entity.name, record, full)
        version = op.update(entity, record, {name: full[name] for name in entity.entered})
        rules.follow(op, entity.name, record, current, full)
        changed = ", ".join(kind.label.lower() for name, kind in entity.entered.items() if current[name] != full[name])
        op.summary = _("edit {label} {title}: {fields}").format(
            label=_(entity.label), title=title_of(entity, full), fields=changed
        )
        return Saved(version, merged)


def change_many(
    workspace: Workspace,
    actor: Actor,
    entity: Entity,
    ids: Sequence[int],
    typed: Typed,
    progress: Progress | None = None,
) -> int:
    """Give several records the same values in one operation; return how many changed.

    ``+tag`` and ``-tag`` under ``tags`` add to and take from what each record has. Raises InvalidRecord, NotFound,
    NotAllowed, and Doubtful unless ``typed`` says ``anyway``.
    """
    _require_by_hand(actor, entity)
    wanted, anyway = rules.take_anyway(entity, typed)
    plain = dict(wanted)
    tag_edits = take_tag_edits(entity, plain)
    values = read_typed(actor, entity, plain)
    labels = ", ".join(entity.kind(word).label.lower() for word in wanted)
    with operation(workspace, actor, f"{entity.name}.edit") as op:
        op.anyway = anyway
        changed = 0
        if values.get("tags") or tag_edits:
            rules.ensure_tags(op, {*values.get("tags", ()), *(tag_edits.added if tag_edits else ())})
        for start in range(0, len(ids), _BATCH):
            batch = list(dict.fromkeys(ids[start : start + _BATCH]))
            if rules.asks_reason(entity.name, values):
                rules.require_reason(entity.name, values, [row | values for row in op.read_all(entity, batch).values()])
            if rules.concerned(entity.name, values):
                changed += sum(change_by_rule(op, entity, record, values, tag_edits) for record in batch)
            else:
                changed += op.update_many(entity, _edited(op, entity, batch, values, tag_edits))
            if progress:
                progress(min(start + _BATCH, len(ids)), len(ids))
        op.summary = ngettext("change {fields} of {n} {label}", "change {fields} of {n} {plural}", changed).format(
            fields=labels, n=changed, label=_(entity.label), plural=_(entity.label_plural)
        )
    return changed


def change_by_rule(op: Writer, entity: Entity, record: int, values: Values, tag_edits: TagEdits | None = None) -> bool:
    """Change one record inside an operation by its entity's rule, which may look at the records changed before it.
    Return whether it is another now."""
    current = op.read(entity, record)
    full = current | values
    if tag_edits:
        full[tag_edits.field] = tag_edits.applied(full[tag_edits.field])
    rules.apply(op, entity.name, record, full)
    version = op.update(entity, record, {name: full[name] for name in entity.entered})
    rules.follow(op, entity.name, record, current, full)
    return bool(version != current["version"])


def _edited(
    op: Writer, entity: Entity, batch: list[int], values: Values, tag_edits: TagEdits | None
) -> dict[int, Values]:
    if tag_edits is None:
        return dict.fromkeys(batch, values)
    field = tag_edits.field
    current = op.read_all(entity, batch)
    return {record: {**values, field: tag_edits.applied(current[record][field])} for record in batch}


def archive_many(workspace: Workspace, actor: Actor, entity: Entity, ids: Sequence[int], *, back: bool = False) -> int:
    """Archive records, or with ``back`` bring them back; return how many changed. Raises NotFound, NotAllowed,
    CrmError."""
    _require_by_hand(actor, entity)
    command = f"{entity.name}.{'restore' if back else 'archive'}"
    wanted = list(dict.fromkeys(ids))
    with operation(workspace, actor, command) as op:
        if back and rules.has(entity.name):
            changed = sum(_bring_back(op, entity, record) for record in wanted)
        elif back:
            changed = op.restore(entity, wanted)
        else:
            rules.leave(op, entity.name, wanted)
            changed = op.archive(entity, wanted)
        title = f" {title_of(entity, op.read(entity, wanted[0]))}" if len(wanted) == 1 else ""
        words = _("bring back {n} {what}{title}") if back else _("archive {n} {what}{title}")
        what = _(entity.label if changed == 1 else entity.label_plural)
        op.summary = words.format(n=changed, what=what, title=title)
    return changed


def _bring_back(op: Writer, entity: Entity, record: int) -> int:
    """Bring back one record where its entity has a rule on what may be there; return whether it was archived."""
    current = op.read(entity, record)
    if current["archived_at"] is None:
        return 0
    full = current.copy()
    rules.apply_to_returning(op, entity.name, record, full)
    op.update(entity, record, {name: full[name] for name in entity.entered})
    return op.restore(entity, [record])


def delete(workspace: Workspace, actor: Actor, entity: Entity, record: int) -> None:
    """Take away what is nobody's history: a saved view. Raises NotFound, NotAllowed, CrmError."""
    require_change(actor, entity)
    if entity.name != "saved_view":
        raise CrmError(_("{plural} are archived, never deleted.").format(plural=_(entity.label_plural).capitalize()))
    with operation(workspace, actor, f"{entity.name}.delete") as op:
        op.summary = _("delete {label} {title}").format(
            label=_(entity.label), title=title_of(entity, op.read(entity, record))
        )
        op.delete(entity, [record])
