"""The fields that the columns of a file may go to, for any sort of record, and where each column goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.errors import BadInput, nearest
from crm_tui.fields import Kind, Reference, Text
from crm_tui.i18n import _
from crm_tui.importers import last_contacts
from crm_tui.importers.headers import REFERENCE_KEYS, SUB, FieldSpec, guess
from crm_tui.models.base import Entity, entities, further_values
from crm_tui.text import fold

ID = "id"
"""The record's own number: never written, but a key."""

KEPT = ("version", "created_at", "updated_at", "archived_at")
"""Columns of our own exports that the program keeps by itself."""

_OF_PERSON = ("client", "primary")
"""Fields of a contact that its place in a client's row says already."""

_SURE = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes."""

    name: str
    """As it is mapped: ``city``, ``contact.phone``, ``client.external_id``, ``id``."""
    field: str
    """The field of the record, or of the contact that comes with it."""
    kind: Kind | None
    """None for the record's own number."""
    person: bool = False
    """Whether it is a field of the contact in a client's row."""
    refers_to: Entity | None = None
    by: str = ""
    """By which of its fields the record referred to is found; "" is by any that names it."""
    several: bool = False
    """Whether a cell may name several, with semicolons between them: the clients that a person is at."""

    @property
    def label(self) -> str:
        """What a person calls it."""
        label = self.kind.label if self.kind is not None else _("Id")
        if self.several and self.refers_to is not None:
            label = _(self.refers_to.label_plural).capitalize()
        if self.person:
            return _("Contact: {field}").format(field=label.lower())
        if self.by and self.refers_to is not None:
            found_by = _("id") if self.by == ID else self.refers_to.fields[self.by].label.lower()
            return _("{field}, by its {key}").format(field=label, key=found_by)
        return label


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """A column of the file and where it goes."""

    name: str
    target: Target | None
    reason: str
    """Why it goes there, or why nowhere."""
    sure: float
    """0 to 1."""
    sample: str
    """The first cell with something in it."""


def people_of(entity: Entity) -> Entity | None:
    """Return the entity of the persons that come in an entity's own rows, if any."""
    return entities["contact"] if entity.name == "client" else None


def targets(entity: Entity, *, ids: bool = True) -> dict[str, Target]:
    """Return every field a column may go to, by name; ``ids`` includes the records' own numbers."""
    found: dict[str, Target] = {ID: Target(ID, ID, None)} if ids else {}
    for name, kind in entity.entered.items():
        if kind.ruled:
            continue
        if not isinstance(kind, Reference):
            found[name] = Target(name, name, kind)
            continue
        found |= _references(name, kind, entity.references[name])
    link = further_values(entity)
    if link is not None and link.further is not None:
        value = link.further.value
        other = entity.references[value]
        found |= _references(other.plural, entity.fields[value], other, several=True)
    if last_contacts.told_by(entity, (last_contacts.FIELD,)):
        found[last_contacts.FIELD] = Target(
            last_contacts.FIELD, last_contacts.FIELD, entity.fields[last_contacts.FIELD]
        )
    people = people_of(entity)
    if people is not None:
        if ids:
            found[f"{SUB}{ID}"] = Target(f"{SUB}{ID}", ID, None, person=True)
        for name, kind in people.entered.items():
            if name not in _OF_PERSON and not isinstance(kind, Reference):
                found[f"{SUB}{name}"] = Target(f"{SUB}{name}", name, kind, person=True)
    return found


def _references(name: str, kind: Kind, other: Entity, *, several: bool = False) -> dict[str, Target]:
    """Return the ways in which a column may name records of another entity, by name."""
    keys = ("", *(key for key in REFERENCE_KEYS if key == ID or key in other.unique))
    made = (Target(f"{name}.{key}".rstrip("."), name, kind, refers_to=other, by=key, several=several) for key in keys)
    return {target.name: target for target in made}


def specs(known: Mapping[str, Target]) -> list[FieldSpec]:
    """Return the fields as ``headers`` wants them."""
    made = []
    for target in known.values():
        family = "id" if target.kind is None else "key" if target.by else target.kind.family
        made.append((target.name, target.label, family))
    return made


def is_ours(columns: Sequence[str]) -> bool:
    """Whether the columns look like one of our own exports, in which ``id`` is the record's own number."""
    names = set(columns)
    return ID in names and (bool(names & {"version", "updated_at"}) or "external_id" in names)


def keys_of(entity: Entity) -> list[str]:
    """Return the fields by which rows may find records: the number, what names a record, and other single-line text."""
    others = (
        name for name, kind in entity.entered.items() if isinstance(kind, Text) and not (kind.multiline or kind.ruled)
    )
    return list(dict.fromkeys((ID, *entity.unique, *others)))


def key_named(entity: Entity, word: str) -> str:
    """Return the key a person names, "" for none. Raises BadInput, listing what can be one."""
    wanted = fold(word.strip()).replace("-", "_")
    known = keys_of(entity)
    for name in known:
        kind = entity.fields.get(name)
        if wanted in (name, *(kind.aliases if kind else ()), fold(kind.label) if kind else ID):
            return name
    if not wanted:
        return ""
    message = _('"{word}" cannot be the key; use one of {known}.').format(word=word, known=", ".join(known))
    raise BadInput(message + nearest(wanted, known), field="key")


def map_columns(
    entity: Entity, columns: Sequence[str], chosen: Mapping[str, str | None], key: str, samples: Mapping[str, str]
) -> tuple[PlannedColumn, ...]:
    """Return where each column goes: as ``chosen`` (None is nowhere), else as guessed from its heading."""
    known = targets(entity)
    ours = is_ours(columns) or key == ID
    taken = set(chosen.values())
    free = {name: target for name, target in targets(entity, ids=ours).items() if name not in taken}
    kept = set(KEPT) if ours else set()
    open_columns = [name for name in columns if name not in chosen and name not in kept]
    guesses = guess(open_columns, specs(free), entity.name)
    planned = []
    for name in columns:
        sample = samples.get(name, "")
        if name in chosen:
            wanted = chosen[name]
            reason = _("as you chose")
            planned.append(PlannedColumn(name, known[wanted] if wanted else None, reason, _SURE, sample))
        elif name in kept:
            planned.append(PlannedColumn(name, None, _("kept by the program"), _SURE, sample))
        else:
            guessed = guesses[name]
            target = known[guessed.target] if guessed.target else None
            planned.append(
                _without_idle_ids(PlannedColumn(name, target, guessed.reason, guessed.confidence, sample), key)
            )
    return tuple(planned)


def _without_idle_ids(column: PlannedColumn, key: str) -> PlannedColumn:
    """Leave numbers of records out unless rows are matched by them: in another workspace they mean other records."""
    if column.target is None or column.target.kind is not None or key == ID:
        return column
    reason = _("the record's own number; it counts when id is the key")
    return PlannedColumn(column.name, None, reason, column.sure, column.sample)
