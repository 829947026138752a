"""Comparisons of one value: what was typed after a field and an operator, as a test of that field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_tui.errors import BadInput
from crm_tui.fields import DATED, Choice, Kind
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.query import values
from crm_tui.query.grammar import Unfinished
from crm_tui.query.tokens import Item, Token, Value
from crm_tui.query.tree import During, Empty, Field, Holds, Hop, Node, Not, OneOf, Or, Referrer, Some, Target, Within
from crm_tui.scope import Actor
from crm_tui.text import record_id

UNORDERED = ("tags", "flag", "reference")
"""Families whose values do not come before or after each other."""
ARCHIVED = "archived_at"
MINE = "mine"
"""The teams of whoever asks: ``team:mine``."""


def compared(target: Target, operator: str, value: Value, token: Token, me: Actor | None) -> Node:
    """Return the condition that a value of the record compares so with what was typed. Raises BadInput."""
    family, kind = target.family, None if target.name == "id" else target.kind
    first, plain = value.first, operator in (":", "=") and value.last is None
    if family in UNORDERED and not plain:
        label = kind.label if kind else target.name
        message = _("{field}: there is no order here; compare with : or = or !=.").format(field=label)
        raise BadInput(message, field=target.name, position=(token.operator_start, token.end))
    if plain and first.quoted and not first.text:
        return Field(target, Empty())
    if family == "reference":
        return _referred(target, operator, first, me)
    if target.name == ARCHIVED and plain and (archived := _yes_or_no(first)) is not None:
        return Field(target, Within() if archived else Empty())
    if kind is None:
        return Field(target, bounds(None, operator, value))
    if family == "flag":
        yes = Field(target, OneOf((True,)))
        return yes if _read(first, kind, values.flag, first.text) else Not(yes)
    if family == "tags":
        return Field(target, Holds(_read(first, kind, values.tag_key, kind, first)))
    if isinstance(kind, Choice):
        return Field(target, _options(kind, operator, value))
    if family in DATED:
        return Field(target, _during(kind, operator, value))
    if family == "text" and plain and operator == ":":
        return Field(target, Holds(_read(first, kind, values.text_key, kind, first)))
    return Field(target, bounds(kind, operator, value))


def named(entity: Entity, operator: str, item: Item, me: Actor | None) -> Node:
    """Return the condition that an item names a record of an entity: by its id, by its title, by what is unique about
    it. Raises BadInput."""
    if not item.quoted:
        if entity is entities["operator"] and item.text.lower() == "me":
            if me is None:
                raise BadInput(_('"me" means nothing here: nobody is signed in.'), position=(item.start, item.end))
            return Field(Target(entity, "id"), OneOf((me.operator_id,)))
        if entity is entities["team"] and item.text.lower() == MINE:
            return _teams_of(item, me)
        record = record_id(item.text)
        if record is not None:
            return Field(Target(entity, "id"), OneOf((record,)))
    parts: list[Node] = []
    called = [name for name in dict.fromkeys((entity.title, *entity.unique)) if name in entity.fields]
    if not called:
        message = _("{plural} have no names; write the number of one, like #12")
        raise BadInput(message.format(plural=_(entity.label_plural).capitalize()), position=(item.start, item.end))
    for name in called:
        kind = entity.fields[name]
        key = _read(item, kind, values.text_key, kind, item)
        exact = operator == "=" or name != entity.title
        parts.append(Field(Target(entity, name), OneOf((key.strip(),)) if exact else Holds(key)))
    return Or(tuple(parts))


def _teams_of(item: Item, me: Actor | None) -> Node:
    """The teams that whoever asks is a member of."""
    if me is None:
        raise BadInput(_('"mine" means nothing here: nobody is signed in.'), position=(item.start, item.end))
    member = entities["membership"]
    return Some(Referrer(entities["team"], member, "team"), Field(Target(member, "operator"), OneOf((me.operator_id,))))


def bounds(kind: Kind | None, operator: str, value: Value) -> OneOf | Within:
    """Return the test of an ordered value against one bound or a range; without a kind, of an id or a count. Raises
    BadInput."""

    def read(item: Item) -> Any:
        return _read(item, kind, values.comparable, kind, item)

    if value.last is not None:
        low = None if value.first.missing else read(value.first)
        return Within(low, None if value.last.missing else read(value.last))
    bound = read(value.first)
    if operator in (":", "="):
        return OneOf((bound,))
    if operator.startswith("<"):
        return Within(high=bound, below=operator == "<")
    return Within(low=bound, above=operator == ">")


def _referred(target: Target, operator: str, item: Item, me: Actor | None) -> Node:
    """A reference compares by id where the value is one, else through the record it leads to."""
    other = target.entity.references[target.name]
    node = named(other, operator, item, me)
    if isinstance(node, Field) and isinstance(node.test, OneOf) and node.target.name == "id":
        return Field(target, node.test)
    return Hop(target, other, node)


def _options(kind: Choice, operator: str, value: Value) -> OneOf:
    """Choices compare by the order they are listed in: ``stage>=active``."""
    options = [option.value for option in kind.options]

    def place(item: Item) -> int:
        return options.index(_read(item, kind, kind.check, item.text))

    if value.last is not None:
        low = 0 if value.first.missing else place(value.first)
        return OneOf(tuple(options[low : None if value.last.missing else place(value.last) + 1]))
    at = place(value.first)
    kept = {"<": options[:at], "<=": options[: at + 1], ">": options[at + 1 :], ">=": options[at:]}
    return OneOf(tuple(kept.get(operator, [options[at]])))


def _during(kind: Kind, operator: str, value: Value) -> During:
    """Time words are read now, to tell what is wrong with them, and again whenever the query is asked."""
    first, last = value.first, value.last
    for item in (first, last):
        if item is not None and not item.missing:
            _read(item, kind, values.stretch, item.text, kind.family)
    if last is not None:
        return During("=", None if first.missing else first.text, None if last.missing else last.text)
    return During("=", first.text, first.text) if operator in (":", "=") else During(operator, first.text, None)


def _yes_or_no(item: Item) -> bool | None:
    try:
        return values.flag(item.text)
    except ValueError:
        return None


def _read(item: Item, kind: Kind | None, reader: Callable[..., Any], *arguments: Any) -> Any:
    """Read a value, telling where it stands if it cannot be."""
    try:
        return reader(*arguments)
    except ValueError as error:
        reason = str(error)
        message = reason if reason.endswith((".", "?")) else reason + "."
        sort = Unfinished if values.may_become_valid(kind, item) else BadInput
        field = kind.name if kind else ""
        raise sort(message[:1].upper() + message[1:], field=field, position=(item.start, item.end)) from error
