"""Custom fields: which ones admins added to which entities. ``load`` gives them to the entities."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crm_tui.db import ask, contains
from crm_tui.fields import Choice, Currency, Kind, Number, Option, Text
from crm_tui.formats import whole
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, Record, entities, entity, find_entity
from crm_tui.text import quoted

KINDS = (
    Option("text", N_("text")),
    Option("number", N_("number")),
    Option("money", N_("money")),
    Option("day", N_("day")),
    Option("choice", N_("choice")),
    Option("choices", N_("several choices")),
    Option("flag", N_("yes/no")),
    Option("reference", N_("reference")),
    Option("percent", N_("percent")),
    Option("link", N_("link")),
)

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class EntityName(Choice):
    """The name of an entity that may have custom fields."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, options=(), **options)

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(Option(one.name, one.label) for one in entities.values() if one.name != "custom_field")

    def check(self, value: Any) -> Any:
        """Return an entity's name; its plural and other names do too."""
        known = entities.values()
        word = str(value).strip().lower().replace("-", "_").replace(" ", "_")
        found = next((one.name for one in known if word in (one.plural, *one.aliases)), value)
        return super().check(found)


class FieldName(Text):
    """What a custom field is called in queries and on the command line."""

    def check(self, value: Any) -> Any:
        name = super().check(value)
        if not NAME.fullmatch(name):
            plain = "_".join(re.findall(r"[a-z0-9]+", Text().key(name)))
            hint = plain if NAME.fullmatch(plain) else "industry"
            raise ValueError(
                _("{text} is not a plain name: small letters, digits and _ only, like {hint}").format(
                    text=quoted(name), hint=hint
                )
            )
        return name


@entity(
    "custom_field",
    "custom_fields",
    label=N_("custom field"),
    label_plural=N_("custom fields"),
    columns=("name", "label", "entity", "kind", "options", "target", "help"),
    unique=("name",),
    admin=True,
)
class CustomField(Record):
    """A field that an admin added to an entity."""

    entity: Any = EntityName(N_("Of"), required=True, width=12, help=N_("Which records have the field"))
    name: Any = FieldName(N_("Name"), required=True, longest=40, width=20, help=N_("In queries, files and commands"))
    label: Any = Text(N_("Label"), longest=60, width=20, help=N_("On the screen; made of the name unless given"))
    kind: Any = Choice(N_("Kind"), options=KINDS, default="text", required=True, width=15)
    options: Any = Text(
        N_("Options"), longest=5_000, width=30, help=N_("Of a choice, in their order, with commas between them")
    )
    target: Any = EntityName(N_("Leads to"), width=12, help=N_("Of a reference: to which records"))
    currency: Any = Currency(N_("Currency"), longest=3, width=8, help=N_("Of money; EUR unless given"))
    help: Any = Text(N_("Help"), longest=200, width=30, help=N_("One line on what belongs there"))
    position: Any = Number(N_("Position"), least=0, most=10_000, width=8, help=N_("Lower numbers come first"))


_READ = ("id", "entity", "name", "label", "kind", "options", "target", "currency", "help", "position", "archived_at")

_loaded: list[tuple[Any, ...]] = []
"""The custom fields that the entities have now, as they were read."""


def split_options(text: str) -> list[str]:
    """Return the options of a choice as they are written, with commas between them."""
    return [option for part in text.split(",") if (option := " ".join(part.split()))]


def load(*, anew: bool = False) -> None:
    """Read the custom fields of the open workspace and give them to the entities, unless nothing changed.

    A field whose definition was taken away counts as archived while this workspace is open, because somebody may just
    be looking at it; ``anew`` forgets all that was known, of another workspace.
    """
    model: Any = CustomField

    def query() -> Any:
        return model.select(*(model._meta.fields[name] for name in _READ)).order_by(model.id)

    found = ask("custom fields", query)
    if found == _loaded and not anew:
        return
    used: dict[str, dict[str, Kind]] = {}
    shelved: dict[str, dict[str, Kind]] = {}
    for row in sorted(found, key=lambda row: (row[9] is None, row[9] or 0, row[0])):
        values = dict(zip(_READ, row, strict=True))
        kind = make_kind(values)
        if kind is not None:
            side = used if values["archived_at"] is None else shelved
            side.setdefault(values["entity"], {})[values["name"]] = kind
    for one in entities.values():
        former = {} if anew else one.custom
        one.take_custom(used.get(one.name, {}), former | shelved.get(one.name, {}))
    _loaded[:] = found


def make_kind(values: dict[str, Any]) -> Kind | None:
    """Return the field that a custom field's values describe, or None where this version of the program has a field
    of that name itself, or knows nothing of its entity, target or kind."""
    from crm_tui.fields.custom import custom_kind  # few workspaces need it when they are opened

    owner, name = entities.get(values["entity"]), values["name"]
    target = entities.get(values["target"]) if values["kind"] == "reference" else None
    if owner is None or _is_declared(owner, name) or not NAME.fullmatch(name):
        return None
    if values["kind"] not in {option.value for option in KINDS} or (values["kind"] == "reference" and target is None):
        return None
    made = custom_kind(
        values["kind"],
        values["label"] or name,
        options=split_options(values["options"]),
        target=target.model if target else None,
        currency=values["currency"],
        help=values["help"],
    )
    return made.of(owner.model, name)


def _is_declared(owner: Entity, name: str) -> bool:
    kind = owner.fields.get(name)
    return kind is not None and not kind.custom


def holders(entity_name: str, name: str, *, among: Sequence[Any] = ()) -> int:
    """Return how many records, archived ones too, have a value in a custom field; ``among`` counts those that have
    one of these values."""
    owner = find_entity(entity_name)
    kind, model = owner.custom.get(name), owner.model
    if kind is None:
        return 0
    column = kind.expression()
    held = column.is_null(False)
    if among and kind.family == "tags":
        any_of: Any = None
        for value in among:
            one = contains(column, kind.key((value,)))
            any_of = one if any_of is None else any_of | one
        held &= any_of
    elif among:
        held &= column.in_(list(among))
    query: Any = model.select().where(held)
    return int(query.count())


LOSSLESS = {("percent", "number"), ("link", "text")}
"""Changes of kind that every value survives as it is kept."""


def in_the_way(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Return why a custom field cannot change so, by the name of what cannot: records have values that would no
    longer fit."""
    changed = [name for name in ("entity", "name", "kind", "target", "currency") if before[name] != after[name]]
    kinds = (before["kind"], after["kind"])
    if changed == ["kind"] and kinds in LOSSLESS:
        return {}
    if changed and (count := holders(before["entity"], before["name"])):
        reason = _("it holds a value in {records}; archive this field and add another").format(
            records=_records(before["entity"], count)
        )
        return {changed[0]: reason}
    kept = split_options(after["options"])
    gone = [option for option in split_options(before["options"]) if option not in kept]
    if gone and (count := holders(before["entity"], before["name"], among=gone)):
        reason = _("{options} is the value of {records}; choose another there first").format(
            records=_records(before["entity"], count), options=_(" or ").join(quoted(option) for option in gone)
        )
        return {"options": reason}
    return {}


def in_use(values: Mapping[str, Any]) -> str:
    """Return why a custom field cannot be taken away, "" when no record has a value in it."""
    count = holders(values["entity"], values["name"])
    if not count:
        return ""
    return _("it holds a value in {records}; archive it instead").format(records=_records(values["entity"], count))


def _records(entity_name: str, count: int) -> str:
    owner = entities[entity_name]
    return f"{whole(count)} {_(owner.label if count == 1 else owner.label_plural)}"
