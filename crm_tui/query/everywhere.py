"""Conditions on what a record has once and further records say more of: the clients of a person, and what the person
is at each.

They are put together from the other conditions, so that SQL and snapshots mean the same by them.
"""

from __future__ import annotations

from dataclasses import replace

from crm_tui.models.base import Entity, Further, further_values
from crm_tui.query.comparisons import ARCHIVED
from crm_tui.query.tree import (
    And,
    Count,
    Empty,
    Field,
    Hop,
    Node,
    Not,
    OneOf,
    Or,
    Referrer,
    Some,
    Target,
    Within,
    opposite,
)


def anywhere(target: Target, node: Node) -> Node:
    """Return a condition on one field of a record as one that it, or a further value of it, fulfils: ``client:acme`` of
    somebody who is there besides. What is empty is so everywhere."""
    link, further = _link(target.entity)
    if link is None or further is None or target.name not in (further.value, *further.there):
        return node
    if isinstance(node, Not):
        return opposite(anywhere(target, node.where))
    if isinstance(node, Field) and isinstance(node.test, Empty):
        some: OneOf | Within = OneOf((True,)) if target.family == "flag" else Within()
        return Not(anywhere(target, Field(target, some)))
    return Or((node, Some(Referrer(target.entity, link, further.of), _moved(node, link))))


def referring(referrer: Referrer, last: Target | None, node: Node) -> tuple[Some, ...]:
    """Return the conditions one of which holds where a record that refers to this one fulfils ``node``, which is about
    its field ``last``; somebody who is at a client besides refers to it as well, and has a role of their own there."""
    own = last is not None and last.name in _there(referrer)
    found = Some(referrer, node if own or last is None else anywhere(last, node))
    link, further = _link(referrer.other)
    if link is None or further is None or further.value != referrer.via:
        return (found,)
    person = Target(link, further.of)
    parts: list[Node] = []
    if node != And(()):
        parts.append(_moved(node, link) if own else Hop(person, referrer.other, found.where))
    if not referrer.archived:
        gone = Field(Target(referrer.other, ARCHIVED), Within())
        parts.append(Not(Hop(person, referrer.other, gone)))
    where = parts[0] if len(parts) == 1 else And(tuple(parts))
    return found, Some(Referrer(referrer.entity, link, further.value), where)


def referred(referrer: Referrer, last: Target | None, node: Node) -> Node:
    """Return the condition that one of ``referring`` holds."""
    ways = referring(referrer, last, node)
    return ways[0] if len(ways) == 1 else Or(ways)


def counted(referrer: Referrer, test: OneOf | Within) -> Count:
    """Return the condition on how many refer to a record, in whichever way."""
    return Count(referring(referrer, None, And(())), test)


def _link(entity: Entity) -> tuple[Entity | None, Further | None]:
    link = further_values(entity)
    return link, link.further if link else None


def _there(referrer: Referrer) -> tuple[str, ...]:
    further = _link(referrer.other)[1]
    return further.there if further and further.value == referrer.via else ()


def _moved(node: Node, link: Entity) -> Node:
    """The same condition on the field of the same name of what a further value is said by."""
    if isinstance(node, Not):
        return Not(_moved(node.where, link))
    assert isinstance(node, Field | Hop)  # as conditions on one field are, but for their opposites
    return replace(node, target=Target(link, node.target.name))
