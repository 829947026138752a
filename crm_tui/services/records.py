"""Adding, changing and archiving records of any entity: what a person typed becomes valid values, written once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.db import Workspace
from crm_tui.errors import BadInput, Conflict, CrmError, InvalidRecord
from crm_tui.fields import Reference
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity, from_stored
from crm_tui.models.journal import Change, Operation
from crm_tui.scope import Actor, require_change
from crm_tui.services import rules
from crm_tui.services.references import find_reference

Typed = Mapping[str, Any]
"""What was typed by field name or alias: text, or JSON values from a script."""

Progress = Callable[[int, int], None]
"""Called with how many of how many are done; raising from it stops the operation, with nothing written."""


class EditConflict(Conflict):
    """The same fields were changed by someone else since the record was read; nothing was written."""

    def __init__(self, entity: Entity, record: int, mine: Values, theirs: Values, version: int, who: str) -> None:
        """``mine`` and ``theirs`` are the colliding fields only; ``version`` is the one that holds ``theirs``."""
        labels = ", ".join(entity.fields[name].label for name in theirs)
        super().__init__(
            _("{who} changed {fields} of {label} {id} since you read it; it is at version {version} now.").format(
                who=who, fields=labels, label=_(entity.label), id=record, version=version
            )
        )
        self.entity, self.record, self.mine, self.theirs, self.version, self.who = entity, record, mine, theirs, version, who


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a record came to: its version now, and the fields others had changed meanwhile (kept)."""

    version: int
    merged: tuple[str, ...] = ()


def read_typed(actor: Actor, entity: Entity, typed: Typed, *, by: Mapping[str, str] | None = None) -> Values:
    """Return valid Python values of what was typed. Raises InvalidRecord naming every field at fault.

    ``by`` says by which field of its target a reference is named (``{"client": "external_id"}``).
    """
    values: Values = {}
    problems: dict[str, str] = {}
    for word, given in typed.items():
        kind = entity.kind(word)
        if kind.readonly:
            problems[kind.name] = _("it is kept by the program")
            continue
        try:
            if isinstance(kind, Reference) and isinstance(given, str) and given.strip():
                target = entity.references[kind.name]
                values[kind.name] = find_reference(actor, target, given, by=(by or {}).get(kind.name, ""))
            elif isinstance(given, str):
                values[kind.name] = kind.parse(given)
            else:
                values[kind.name] = kind.empty if given is None else kind.check(given)
        except ValueError as error:
            problems[kind.name] = str(error)
            continue
        if kind.required and kind.is_empty(values[kind.name]) and kind.family != "flag":
            problems[kind.name] = _("it cannot be empty")
    if problems:
        raise InvalidRecord(problems)
    return values


def require_filled(entity: Entity, values: Values) -> None:
    """Raise InvalidRecord for the required fields of a new record that have neither value nor default."""
    missing = {
        name: _("it cannot be empty")
        for name, kind in entity.entered.items()
        if kind.required and not kind.default and kind.is_empty(values.get(name, kind.empty))
    }
    if missing:
        raise InvalidRecord(missing)


def title_of(entity: Entity, values: Mapping[str, Any]) -> str:
    """Return what a record is called."""
    return str(values.get(entity.title) or f"#{values.get('id', '?')}")


def add(workspace: Workspace, actor: Actor, entity: Entity, typed: Typed) -> int:
    """Add one record and return its id. Raises InvalidRecord, NotAllowed."""
    require_change(actor, entity)
    values = read_typed(actor, entity, typed)
    require_filled(entity, values)
    summary = _("add {label} {title}").format(label=_(entity.label), title=title_of(entity, values))
    with operation(workspace, actor, f"{entity.name}.add", summary=summary) as op:
        return write_new(op, entity, values)


def write_new(op: Writer, entity: Entity, values: Values) -> int:
    """Write one new record inside an operation, by the entity's rules."""
    full = {name: default_of(kind) for name, kind in entity.entered.items()} | values
    rules.apply(op, entity.name, None, full)
    return op.create(entity, full)


def default_of(kind: Any) -> Any:
    """Return the value of a field nobody filled in."""
    if kind.default is None:
        return kind.empty
    return kind.default() if callable(kind.default) else kind.default


def save(workspace: Workspace, actor: Actor, entity: Entity, record: int, typed: Typed, *, seen: int | None = None) -> Saved:
    """Change one record. ``seen`` is the version the change was made against: fields that others changed since are
    kept where they do not collide with these.

    Raises InvalidRecord, NotFound, EditConflict.
    """
    require_change(actor, entity)
    values = read_typed(actor, entity, typed)
    with operation(workspace, actor, f"{entity.name}.edit") as op:
        current = op.read(entity, record)
        merged = _merge(entity, record, values, current, seen)
        rules.apply(op, entity.name, record, full := current | values)
        version = op.update(entity, record, {name: full[name] for name in entity.entered})
        changed = ", ".join(entity.fields[name].label.lower() for name in values if current[name] != full[name])
        title = title_of(entity, full)
        op.summary = _("edit {label} {title}: {fields}").format(label=_(entity.label), title=title, fields=changed)
        return Saved(version, merged)


def _merge(entity: Entity, record: int, values: Values, current: Values, seen: int | None) -> tuple[str, ...]:
    """Return the fields others changed since version ``seen``; raise EditConflict where they collide with ours."""
    if seen is None or seen >= current["version"]:
        return ()
    theirs, who = changed_since_version(entity, record, seen)
    colliding = [name for name in values if name in theirs and values[name] != current[name]]
    if colliding:
        raise EditConflict(
            entity,
            record,
            {name: values[name] for name in colliding},
            {name: current[name] for name in colliding},
            current["version"],
            who,
        )
    return tuple(name for name in theirs if name not in values)


def changed_since_version(entity: Entity, record: int, version: int) -> tuple[set[str], str]:
    """Return the fields of a record changed after a version, and the login that changed it last."""
    query = (
        Change.select(Change.after, Operation.login)
        .join(Operation, on=(Change.operation == Operation.id))
        .where((Change.entity == entity.name) & (Change.record == record) & (Change.version > version))
        .order_by(Change.id)
    )
    names: set[str] = set()
    who = ""
    for after, login in query.tuples():
        names.update(from_stored(entity.model, json.loads(after)))
        who = login
    return names, who


def change_many(
    workspace: Workspace, actor: Actor, entity: Entity, ids: Sequence[int], typed: Typed, progress: Progress | None = None
) -> int:
    """Give several records the same values in one operation; return how many changed.

    ``+tag`` and ``-tag`` under ``tags`` add to and take from what each record has.
    """
    require_change(actor, entity)
    edits = dict(typed)
    tag_edits = _tag_edits(entity, edits)
    values = read_typed(actor, entity, edits)
    labels = ", ".join(entity.kind(word).label.lower() for word in typed)
    with operation(workspace, actor, f"{entity.name}.edit") as op:
        changed = 0
        for start in range(0, len(ids), 1000):
            batch = list(ids[start : start + 1000])
            changed += op.update_many(entity, _edited(op, entity, batch, values, tag_edits))
            if progress:
                progress(min(start + 1000, len(ids)), len(ids))
        op.summary = ngettext("change {fields} of {n} {label}", "change {fields} of {n} {plural}", changed).format(
            fields=labels, n=changed, label=_(entity.label), plural=_(entity.label_plural)
        )
    return changed


def _edited(
    op: Writer, entity: Entity, batch: list[int], values: Values, tag_edits: tuple[set[str], set[str]] | None
) -> dict[int, Values]:
    current = op.read_many(entity, batch)
    wanted: dict[int, Values] = {}
    for record in batch:
        full = current.get(record, {}) | values
        if tag_edits:
            kind = entity.fields["tags"]
            full["tags"] = kind.check((set(full["tags"]) | tag_edits[0]) - tag_edits[1])
        if rules.has(entity.name) and record in current:
            rules.apply(op, entity.name, record, full)
            wanted[record] = {name: full[name] for name in entity.entered}
        else:
            wanted[record] = {**values, **({"tags": full["tags"]} if tag_edits else {})}
    added = (tag_edits[0] if tag_edits else set()) | set(values.get("tags", ()))
    if added:
        rules.ensure_tags(op, added)
    return wanted


def _tag_edits(entity: Entity, typed: dict[str, Any]) -> tuple[set[str], set[str]] | None:
    """Take ``tags=+vip,-cold`` out of what was typed: the tags to add and those to take away."""
    word = next((word for word in typed if word.replace("-", "_") in ("tags", "tag")), None)
    text = typed.get(word) if word else None
    if not isinstance(text, str) or not text.lstrip().startswith(("+", "-")):
        return None
    kind = entity.kind(str(word))
    parts = [part.strip() for part in typed.pop(str(word)).split(",") if part.strip()]
    if not all(part[0] in "+-" for part in parts):
        raise BadInput(_("Write either tags that replace all others (a,b), or +a,-b."), field=kind.name)
    return (
        set(kind.check([part[1:] for part in parts if part[0] == "+"])),
        set(kind.check([part[1:] for part in parts if part[0] == "-"])),
    )


def archive_many(workspace: Workspace, actor: Actor, entity: Entity, ids: Sequence[int], *, back: bool = False) -> int:
    """Archive records, or with ``back`` bring them back; return how many changed. Raises NotFound, CrmError."""
    require_change(actor, entity)
    command = f"{entity.name}.{'restore' if back else 'archive'}"
    with operation(workspace, actor, command) as op:
        if entity.name == "operator" and not back:
            for record in ids:
                rules.apply(op, "operator", record, op.read(entity, record) | {"active": False})
        changed = op.restore(entity, ids) if back else op.archive(entity, ids)
        title = f" {title_of(entity, op.read(entity, ids[0]))}" if len(ids) == 1 else ""
        words = _("bring back {n} {what}{title}") if back else _("archive {n} {what}{title}")
        what = ngettext(entity.label, entity.label_plural, changed)
        op.summary = words.format(n=changed, what=what, title=title)
    return changed


def delete(workspace: Workspace, actor: Actor, entity: Entity, record: int) -> None:
    """Take away what is nobody's history: a saved view."""
    require_change(actor, entity)
    if entity.name != "saved_view":
        raise CrmError(_("{plural} are archived, never deleted.").format(plural=_(entity.label_plural).capitalize()))
    with operation(workspace, actor, f"{entity.name}.delete") as op:
        op.summary = _("delete {label} {title}").format(
            label=_(entity.label), title=title_of(entity, op.read(entity, record))
        )
        op.delete(entity, [record])
