"""What every record has, and the registry of entities that lists, forms, queries and commands are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import peewee as pw

from crm_tui.db import proxy
from crm_tui.errors import BadInput, nearest
from crm_tui.fields import Inherited, Kind, Moment, Number, Reference, Stored, Text
from crm_tui.i18n import N_, _

if TYPE_CHECKING:
    _TextField = pw.TextField[Any]
else:
    _TextField = pw.TextField


class _Id(Inherited, pw.BigAutoField):
    pass


class _Json(Inherited, _TextField):
    pass


class Row(pw.Model):
    """A table of this workspace."""

    id: Any = _Id()

    class Meta:
        database = proxy
        legacy_table_names = False


class Record(Row):
    """A row that people know: versioned, journalled, archived instead of deleted."""

    version: Any = Number(N_("Version"), readonly=True, null=False, default=1)
    created_at: Any = Moment(N_("Created"), readonly=True, null=False, aliases=("created",))
    updated_at: Any = Moment(N_("Updated"), readonly=True, null=False, aliases=("updated",))
    archived_at: Any = Moment(N_("Archived"), readonly=True, aliases=("archived",))
    custom: Any = _Json(default="{}")
    """JSON object of the custom fields' stored values."""


class KeyField(_TextField):
    """The folded companion of a keyed field: found and sorted without case and accents. Filled by the journal."""

    def __init__(self, source: Kind, **options: Any) -> None:
        self.source = source
        super().__init__(default="", **options)

    def of(self, value: Any) -> str:
        """Return what the companion of a value holds."""
        return self.source.key(value)


class AlikeField(KeyField):
    """The companion by which likely equal values are found (``queries.duplicates``). Filled by the journal too."""

    def of(self, value: Any) -> str:
        return self.source.alike(value) if value and isinstance(self.source, Text) else ""


class Facet(NamedTuple):
    """What matters of the records of one kind: a client's account manager, the team that serves a customer."""

    columns: tuple[str, ...]
    """The columns of a list of this kind alone."""
    first: tuple[str, ...] = ()
    """The fields that are asked and told before all others, in their order."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What fields are called of this kind, untranslated, where that is not their own label."""

    def label(self, kind: Kind) -> str:
        """Return what a field is called of this kind, in the session's language."""
        return _(self.labels[kind.name]) if kind.name in self.labels else kind.label


BOOKKEEPING = ("id", "version", "created_at", "updated_at", "archived_at", "custom")
"""Columns the journal keeps; they are not part of a change's before and after."""
_KEPT_LAST = ("created_at", "updated_at", "archived_at", "version")


class Further(NamedTuple):
    """What makes each record of an entity one more value of a reference that another entity has once: a person has a
    client of their own, and an affiliation for every further one."""

    of: str
    """Its reference to the record that has one more value: ``contact``."""
    value: str
    """The reference that it is one more value of; both entities have it: ``client``."""
    there: tuple[str, ...] = ()
    """Fields of both that hold of that one value: the role somebody has at that client."""


@dataclass(frozen=True, eq=False)
class Entity:
    """A sort of record, as people and scripts name it."""

    name: str
    plural: str
    model: type[Record]
    label: str
    """Untranslated singular, as in a heading."""
    label_plural: str
    title: str = "name"
    """The field that names a record."""
    order: str = ""
    """The field a list is sorted by unless its query says so, ``-`` before it for the other way; "" is the title."""
    columns: tuple[str, ...] = ("name",)
    """The list's columns unless an operator chose others."""
    search: tuple[str, ...] = ()
    """Text fields in the full-text index."""
    unique: tuple[str, ...] = ()
    """Fields whose text finds one record: references, import keys."""
    alike: tuple[str, ...] = ()
    """Fields with a companion by which likely duplicates are found; the entity can then be merged."""
    alike_within: str = ""
    """The reference that records of one name must share to be likely the same: people of one name are many."""
    aliases: tuple[str, ...] = ()
    faceted: str = ""
    """The choice by which lists, forms and records of the entity differ."""
    facets: Mapping[str, Facet] = field(default_factory=dict)
    """What matters of each value of that choice that sets records apart."""
    part_of: str = ""
    """The reference to what its records are parts of: they go with it when a person is erased whose it is."""
    further: Further | None = None
    """Set where its records are further values of another entity's reference."""
    fields: dict[str, Kind] = field(default_factory=dict)
    """Every kind by name, in declared order; the record's own moments last."""
    shelved: dict[str, Kind] = field(default_factory=dict)
    """Custom fields that are archived: they appear nowhere, but records keep their values and the journal knows
    them."""
    told_with: tuple[str, ...] = ()
    """References to records whose timelines tell its changes, too."""
    admin: bool = False
    """Whether only admins change it."""
    managed: bool = False
    """Whether only admins and managers change it."""
    discussed: bool = True
    """Whether people comment on its records and attach files to them."""
    by_hand: bool = True
    """Whether people add and change its records; the program alone makes the others."""
    bound: bool = False
    """Whether its records make no sense in a file by themselves: a comment, a file, a setting of this workspace."""
    person: bool = False
    """Whether its records are people, or may be: they can be exported whole and erased (``personal``)."""
    personal: tuple[str, ...] = ()
    """Fields that go when a person is erased to whom a record belongs, besides its texts and custom fields."""
    impersonal: tuple[str, ...] = ()
    """Fields that stay when a person is erased: they say nothing of whom the record is or belongs to."""

    def take_custom(self, custom: Mapping[str, Kind], shelved: Mapping[str, Kind]) -> None:
        """Let these be the custom fields, those in use and those archived, instead of what they were. Whoever walks
        through ``fields`` meanwhile, on another thread, goes on with the former ones."""
        own = {name: kind for name, kind in self.fields.items() if not kind.custom}
        last = {name: own.pop(name) for name in _KEPT_LAST if name in own}
        object.__setattr__(self, "shelved", {name: kind for name, kind in shelved.items() if name not in custom})
        object.__setattr__(self, "fields", {**own, **custom, **last})

    @property
    def kinds(self) -> dict[str, Kind]:
        """Every field by name, archived custom ones too: what the journal may speak of."""
        return self.fields | self.shelved if self.shelved else self.fields

    @property
    def custom(self) -> dict[str, Kind]:
        """The custom fields by name, archived ones too."""
        return {name: kind for name, kind in self.kinds.items() if kind.custom}

    @property
    def in_use(self) -> tuple[str, ...]:
        """The names of the custom fields that are not archived."""
        return tuple(name for name, kind in self.fields.items() if kind.custom)

    @property
    def exchanged(self) -> bool:
        """Whether its records are imported and exported."""
        return self.by_hand and not self.bound

    @property
    def entered(self) -> dict[str, Kind]:
        """The fields a person fills in."""
        return {name: kind for name, kind in self.fields.items() if not kind.readonly}

    def kind(self, name: str) -> Kind:
        """Return a field by its name or alias (``last-contact`` is ``last_contact``). Raises BadInput."""
        wanted = name.strip().replace("-", "_").lower()
        found = self.fields.get(wanted)
        if found is None:
            found = next((kind for kind in self.fields.values() if wanted in kind.aliases), None)
        if found is None:
            message = _("{plural} have no field {name}.").format(plural=_(self.label_plural), name=name)
            raise BadInput(message + nearest(wanted, self.fields), field=name)
        return found

    def facet(self, values: Mapping[str, Any]) -> Facet | None:
        """Return what matters of a record with these values, None where nothing sets it apart."""
        value = str(values.get(self.faceted) or "") if self.faceted else ""
        return self.facets.get(value) if value else None

    @property
    def references(self) -> dict[str, Entity]:
        """The entities this one's reference fields lead to, by field name."""
        return {name: entity_of(kind.rel_model) for name, kind in self.kinds.items() if isinstance(kind, Reference)}

    @property
    def referrers(self) -> list[tuple[Entity, str]]:
        """The entities that refer to this one, each with the name of its reference field."""
        return [
            (other, name)
            for other in entities.values()
            for name, target in other.references.items()
            if target is self and name in other.fields
        ]


entities: dict[str, Entity] = {}
"""Every entity by its singular name."""


def further_values(entity: Entity) -> Entity | None:
    """Return the entity whose records are further values of a reference of ``entity``, if there is one."""
    return next((one for one in entities.values() if one.further and one.references[one.further.of] is entity), None)


M = TypeVar("M", bound=type[Record])


def entity(
    name: str,
    plural: str,
    *,
    indexed: Sequence[str] = (),
    alike: Sequence[str] = (),
    counted: Sequence[str] = (),
    **about: Any,
) -> Callable[[M], M]:
    """Register a model as an entity and give its keyed fields their companions; ``indexed`` companions, and those of
    ``alike`` fields, get an index of the records that are not archived, in the order lists show them; that of
    ``counted`` ones says so itself, for SQLite to count by it without reading the records."""

    def register(model: M) -> M:
        if name in entities:
            raise ValueError(f"entity {name} is declared twice")
        meta: Any = model._meta
        kinds = {key: kind for key, kind in meta.fields.items() if isinstance(kind, Kind)}
        for key, kind in kinds.items():
            if kind.keyed:
                meta.add_field(f"{key}_key", KeyField(kind))
        for key in alike:
            meta.add_field(f"{key}_alike", AlikeField(kinds[key]))
        within = about.get("alike_within", "")
        for key in (*indexed, *(f"{key}_alike" for key in alike)):
            column = meta.fields.get(f"{key}_key", meta.fields[key])
            also = [meta.fields[within]] if within and key == f"{about.get('title', 'name')}_alike" else []
            model.add_index(
                model.index(
                    column,
                    *also,
                    meta.fields["id"],
                    *([meta.fields["archived_at"]] if key in counted else []),
                    where=meta.fields["archived_at"].is_null(),
                    name=f"{name}_by_{key}",
                )
            )
        archived = meta.fields["archived_at"]
        model.add_index(model.index(archived, where=archived.is_null(False), name=f"{name}_archived"))
        own = {key: kind for key, kind in kinds.items() if key not in BOOKKEEPING}
        kept = {key: kinds[key] for key in _KEPT_LAST}
        entities[name] = Entity(name, plural, model, fields={**own, **kept}, alike=tuple(alike), **about)
        return model

    return register


@cache
def companions(model: type[Record]) -> dict[str, tuple[KeyField, ...]]:
    """Return the companions of each field that has any, by its name."""
    found: dict[str, tuple[KeyField, ...]] = {}
    for companion in model._meta.sorted_fields:
        if isinstance(companion, KeyField):
            name = companion.source.name
            found[name] = (*found.get(name, ()), companion)
    return found


def about_others() -> list[Entity]:
    """Return the entities whose records are ``about`` a ``record`` of any other: comments, files, notifications."""
    return [known for known in entities.values() if {"about", "record"} <= known.fields.keys()]


def find_entity(word: str) -> Entity:
    """Return the entity a person names, singular or plural. Raises BadInput naming the nearest."""
    wanted = word.strip().lower().replace("-", "_").replace(" ", "_")
    for known in entities.values():
        if wanted in (known.name, known.plural, *known.aliases):
            return known
    names = [known.plural for known in entities.values()]
    message = _('There is nothing called "{word}" here; there are {known}.').format(word=word, known=", ".join(names))
    raise BadInput(message + nearest(wanted, names))


def entity_of(model: type[pw.Model]) -> Entity:
    """Return the entity of a model."""
    return next(known for known in entities.values() if known.model is model)


def stored(model: type[Record], values: dict[str, Any]) -> dict[str, Stored]:
    """Return Python values by field name as their stored forms; companions and bookkeeping are left out."""
    fields = _columns_and_custom(model)
    return {
        name: fields[name].to_stored(value)
        for name, value in values.items()
        if isinstance(fields.get(name), Kind) and name not in BOOKKEEPING
    }


def from_stored(model: type[Record], values: dict[str, Stored]) -> dict[str, Any]:
    """Return stored forms by field name as Python values."""
    fields = _columns_and_custom(model)
    return {name: fields[name].from_stored(value) for name, value in values.items() if name in fields}


def _columns_and_custom(model: type[Record]) -> dict[str, Any]:
    columns: dict[str, Any] = model._meta.fields
    custom = entity_of(model).custom
    return {**columns, **custom} if custom else columns
