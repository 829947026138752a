"""Two records that are the same client or person become one; or somebody says that they are two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_tui import places
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, Conflict, CrmError, InvalidRecord, nearest
from crm_tui.fields import Kind, Markdown, Tags, both_of
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity, about_others, entities
from crm_tui.models.distinctions import pair_text
from crm_tui.scope import Actor, require_change
from crm_tui.services import people, rules
from crm_tui.services.merging import changed_since_version
from crm_tui.services.records import title_of, write_new

MINE, THEIRS, BOTH = "mine", "theirs", "both"
"""What stays of a field: of the record that is kept, of the one merged into it, or both put together."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the records to merge. ``version`` is the one that was looked at when it was decided, if it was."""

    entity: Entity
    id: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging came to."""

    record: int
    """The record that was kept."""
    moved: int
    """How many records that belonged to the other one belong to it now."""
    summary: str
    """What was done, in words."""


def merge(workspace: Workspace, actor: Actor, kept: Side, other: Side, choices: Mapping[str, str]) -> Merged:
    """Merge a record into another, in one operation: the fields as chosen, everything that refers to it moved, and
    itself archived.

    ``choices`` are ``mine``, ``theirs`` or ``both`` by field name or alias. A field nobody chose for stays as it is in
    the record kept, or is filled from the other where it is empty; tags and notes are put together. Raises NotFound,
    NotAllowed, BadInput for a choice that makes no sense, Conflict when somebody changed one of the two since its
    version, and CrmError for two that cannot be merged.
    """
    entity = kept.entity
    require_change(actor, entity)
    _refuse_misfits(kept, other)
    chosen = _read_choices(entity, choices)
    with operation(workspace, actor, f"{entity.name}.merge") as op:
        found = op.read_all(entity, [kept.id, other.id])
        mine, theirs = found[kept.id], found[other.id]
        for side, values in ((kept, mine), (other, theirs)):
            _refuse_archived(side, values)
            _refuse_changed(side, values)
        full = mine | _decided(kept, other, mine, theirs, chosen)
        op.summary = _("merge {label} {other} (#{other_id}) into {kept} (#{kept_id})").format(
            label=_(entity.label), other=title_of(entity, theirs), other_id=other.id,
            kept=title_of(entity, mine), kept_id=kept.id,
        )  # fmt: skip
        op.archive(entity, [other.id])  # first: it takes no part any more in what the rule of its entity sees
        rules.apply(op, entity.name, kept.id, full)
        op.update(entity, kept.id, {name: full[name] for name in entity.entered})
        moved = sum(_move(op, *referrer, kept, other) for referrer in entity.referrers)
        moved += _move_places(op, kept, other, mine, theirs, full)
        moved += _move_what_is_about(op, kept, other)
        return Merged(kept.id, moved, op.summary)


def tell_apart(workspace: Workspace, actor: Actor, entity: Entity, one: int, other: int) -> None:
    """Remember that two records are not the same. Saying it again changes nothing. Raises NotFound, NotAllowed."""
    distinction = entities["distinction"]
    require_change(actor, distinction)
    _refuse_misfits(Side(entity, one), Side(entity, other))
    with operation(workspace, actor, f"{entity.name}.tell_apart") as op:
        found = op.read_all(entity, [one, other])
        names = " / ".join(title_of(entity, found[record]) for record in (one, other))
        op.summary = _("{names} are not the same").format(names=names)
        kind: Any = distinction.fields["names"]
        values = {"pair": pair_text(entity.name, one, other), "names": names[: kind.longest]}
        try:
            write_new(op, distinction, values)
        except InvalidRecord:
            return  # it was said before


# What cannot be merged


def _refuse_misfits(kept: Side, other: Side) -> None:
    if kept.entity is not other.entity:
        raise CrmError(
            _("A {one} and a {other} cannot be merged.").format(one=_(kept.entity.label), other=_(other.entity.label))
        )
    if not kept.entity.alike:
        raise CrmError(_("{plural} are not merged.").format(plural=_(kept.entity.label_plural).capitalize()))
    if kept.id == other.id:
        raise CrmError(_("These are one and the same record, #{id}: there is nothing to merge.").format(id=kept.id))


def _refuse_archived(side: Side, values: Values) -> None:
    if values["archived_at"] is not None:
        raise CrmError(
            _("{title} (#{id}) is archived: bring it back first, or merge another one.").format(
                title=title_of(side.entity, values), id=side.id
            )
        )


def _refuse_changed(side: Side, values: Values) -> None:
    if side.version is None or side.version >= values["version"]:
        return
    names, who = changed_since_version(side.entity, side.id, side.version)
    labels = ", ".join(side.entity.fields[name].label for name in side.entity.fields if name in names)
    raise Conflict(
        _("{who} changed {fields} of {title} (#{id}) since you looked; nothing was merged. Look again.").format(
            who=who, fields=labels or _("something"), title=title_of(side.entity, values), id=side.id
        )
    )


# What stays of each field


def _read_choices(entity: Entity, choices: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word, given in choices.items():
        kind = entity.kind(word)
        way = given.strip().lower()
        if kind.readonly:
            raise BadInput(_("{field} is kept by the program.").format(field=kind.label), field=kind.name)
        if way not in (MINE, THEIRS, BOTH):
            message = _('{field}: choose mine, theirs or both, not "{given}".').format(field=kind.label, given=given)
            raise BadInput(message + nearest(way, (MINE, THEIRS, BOTH)), field=kind.name)
        found[kind.name] = way
    return found


def _decided(kept: Side, other: Side, mine: Values, theirs: Values, chosen: Mapping[str, str]) -> Values:
    entity, values = kept.entity, Values()
    for name, kind in entity.entered.items():
        way = chosen.get(name) or way_by_default(kind, mine[name], theirs[name])
        values[name] = _value(kind, way, mine[name], theirs[name])
        if entity.references.get(name) is entity and values[name] in (kept.id, other.id):
            values[name] = None  # a record does not belong to itself
    if entity.name == "contact" and None not in (mine["client"], theirs["client"]):
        # What somebody is at one client does not become what they are at another by the way.
        side = mine if values["client"] == mine["client"] else theirs
        if mine["client"] != theirs["client"]:
            values |= {name: side[name] for name in people.THERE if name not in chosen}
    return values


def way_by_default(kind: Kind, mine: Any, theirs: Any) -> str:
    """Return what stays of a field that nobody chose for: nothing that one of the two has is lost where that can be."""
    if kind.is_empty(mine):
        return MINE if kind.is_empty(theirs) else THEIRS
    united = isinstance(kind, Tags | Markdown) and both_of(kind, mine, theirs) is not None
    return BOTH if united else MINE


def _value(kind: Kind, way: str, mine: Any, theirs: Any) -> Any:
    if way == BOTH and mine != theirs:
        both = both_of(kind, mine, theirs)
        if both is not None:
            return both
        if not kind.is_empty(mine) and not kind.is_empty(theirs) and not isinstance(kind, Tags | Markdown):
            raise BadInput(_("{field}: two values make none; choose mine or theirs.").format(field=kind.label),
                           field=kind.name)  # fmt: skip
        return theirs if kind.is_empty(mine) or _holds(kind, theirs, mine) else mine
    return theirs if way == THEIRS else mine


def _holds(kind: Kind, whole: Any, part: Any) -> bool:
    """Whether one value has all there is in another: putting them together then makes that one."""
    return set(part) <= set(whole) if isinstance(kind, Tags) else part in whole


# What belonged to the other


def _move(op: Writer, referrer: Entity, name: str, kept: Side, other: Side) -> int:
    """Let every record that refers to ``other`` by a field refer to ``kept``, archived ones too; return how many."""
    if referrer.further:
        return 0  # people are at a client once: ``_move_places``
    model: Any = referrer.model
    field = referrer.fields[name]
    ids = [row[0] for row in model.select(model.id).where(field == other.id).order_by(model.id).tuples()]
    ids = [record for record in ids if referrer is not kept.entity or record not in (kept.id, other.id)]
    changes: dict[int, Values] = {record: {name: kept.id} for record in ids}
    if referrer.name == "contact" and name == "client":
        for record in _second_primaries(kept.id, ids):
            changes[record]["primary"] = False
    return op.update_many(referrer, changes)


def _move_what_is_about(op: Writer, kept: Side, other: Side) -> int:
    """Let the comments on ``other``, its files and what operators are told of it be about ``kept``; return how many."""
    op.merging, moved = True, 0
    for about in about_others():
        model: Any = about.model
        found = model.select(model.id).where((model.about == other.entity.name) & (model.record == other.id))
        moved += op.update_many(about, {row[0]: {"record": kept.id} for row in found.order_by(model.id).tuples()})
    op.merging = False
    return moved


def _move_places(op: Writer, kept: Side, other: Side, mine: Values, theirs: Values, full: Values) -> int:
    """Let people be at every client that either of two merged people was at, and a client have everybody who was at
    either of two; return how many affiliations moved."""
    if kept.entity.name not in ("contact", "client"):
        return 0
    standing = places.people([kept.id], primary=True) if kept.entity.name == "client" else []
    moved = people.unite_places(op, kept.entity, kept.id, other.id)
    if kept.entity.name == "client":
        people.end_places_at(op, kept.id)
        for place in standing:
            people.step_down(op, kept.id, but=place.contact)
    else:
        for side in (mine, theirs):
            if side["client"] not in (None, full["client"]):
                people.keep_place(op, kept.id, {name: side[name] for name in ("client", *people.THERE)})
    return moved


def _second_primaries(client: int, coming: list[int]) -> list[int]:
    """Return who of those coming to a client cannot stay its point of contact: it has one already."""
    if not places.people([client], primary=True):
        return []
    values = Writer.read_many(entities["contact"], coming)
    return [record for record, held in values.items() if held["primary"] and held["archived_at"] is None]
