"""What a query means, once its names and values are resolved: a small frozen tree that SQL and snapshots both read.

Every leaf is true or false of a record, never unknown, so that ``not`` is the complement on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm_tui.fields import Kind
from crm_tui.models.base import Entity
from crm_tui.search import Phrase

Position = tuple[int, int]
"""Start and end of what is meant, in characters of the query's text."""


@dataclass(frozen=True, slots=True)
class Target:
    """A value of a record: one of its fields, or its ``id``."""

    entity: Entity = field(hash=False, repr=False)
    name: str

    @property
    def kind(self) -> Kind:
        """The field. Raises KeyError for ``id``, which is none."""
        return self.entity.kinds[self.name]

    @property
    def family(self) -> str:
        """Which comparisons make sense (``Kind.family``)."""
        return "number" if self.name == "id" else self.kind.family


@dataclass(frozen=True, slots=True)
class Referrer:
    """The records of ``other`` that refer to one record by their field ``via``."""

    entity: Entity = field(hash=False, repr=False)
    other: Entity = field(hash=False, repr=False)
    via: str
    archived: bool = False
    """Whether archived ones count too."""


@dataclass(frozen=True, slots=True)
class Empty:
    """There is no value."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """The value's text contains this (both folded, never empty)."""

    text: str


@dataclass(frozen=True, slots=True)
class Within:
    """The value lies between ``low`` and ``high``; None is open, ``above`` and ``below`` leave the bound itself out."""

    low: Any = None
    high: Any = None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class During:
    """The day or moment compares so with what time words cover; the words are read anew each time, because a query
    outlives the day it was typed on. ``first`` or ``last`` is None in an open range."""

    operator: str
    first: str | None
    last: str | None


Lasting = OneOf | Holds | Within
"""Tests that mean the same at any moment."""
Test = Empty | During | Lasting


def scaled(test: Lasting, digits: int) -> Lasting:
    """Return a test of a number as people write it as one of its smallest decimals, of which there are so many: of
    money in major units as one of minor units."""

    def minor(value: Any) -> Any:
        return None if value is None else Decimal(value).scaleb(digits)

    match test:
        case OneOf(wanted):
            return OneOf(tuple(minor(value) for value in wanted))
        case Within(low, high, above, below):
            return Within(minor(low), minor(high), above, below)
    return test


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the record passes a test."""

    target: Target
    test: Test


@dataclass(frozen=True, slots=True)
class Hop:
    """The record that a reference leads to fulfils a condition."""

    target: Target
    entity: Entity = field(hash=False, repr=False)
    """Of the record it leads to."""
    where: Node


@dataclass(frozen=True, slots=True)
class Some:
    """At least one record that refers to this one fulfils a condition."""

    referrer: Referrer
    where: Node


@dataclass(frozen=True, slots=True)
class Count:
    """How many records refer to this one, in one of these ways, passes a test."""

    counted: tuple[Some, ...]
    test: OneOf | Within


@dataclass(frozen=True, slots=True)
class Words:
    """The record's indexed text holds a phrase."""

    entity: Entity = field(hash=False, repr=False)
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Changed:
    """One of the fields differs from what it was before the change."""

    names: tuple[str, ...]
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Was:
    """A condition held before the change."""

    where: Node
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """A condition does not hold."""

    where: Node


@dataclass(frozen=True, slots=True)
class And:
    """All conditions hold; without any, every record does."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one condition holds; without any, no record does."""

    parts: tuple[Node, ...]


Node = Field | Hop | Some | Count | Words | Changed | Was | Not | And | Or


def walk(node: Node) -> Iterator[Node]:
    """Give a node and every node under it on the same record."""
    yield node
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from walk(part)
    elif isinstance(node, Not | Was):
        yield from walk(node.where)


def opposite(node: Node) -> Node:
    """Return the condition that ``node`` does not hold, in its plainest form."""
    if isinstance(node, Not):
        return node.where
    if isinstance(node, Field) and node.test == Within():
        return Field(node.target, Empty())
    return Not(node)


def either(nodes: list[Node]) -> Node:
    """Return the condition that one of ``nodes`` holds; equal values of one target become one list."""
    values: dict[str, list[Any]] = {}
    targets: dict[str, Target] = {}
    parts: list[Node] = []
    for node in nodes:
        if isinstance(node, Field) and isinstance(node.test, OneOf):
            targets[node.target.name] = node.target
            values.setdefault(node.target.name, []).extend(node.test.values)
        else:
            parts.append(node)
    merged = [Field(targets[name], OneOf(tuple(dict.fromkeys(found)))) for name, found in values.items()]
    parts = [*merged, *parts]
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
