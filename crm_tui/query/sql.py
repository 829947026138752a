"""A query as SQL. Every condition is true or false, never NULL, so that NOT gives the complement on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial, reduce
from operator import and_, or_
from typing import Any

import peewee as pw

from crm_tui import db, formats, scope, search
from crm_tui.errors import BadInput
from crm_tui.fields import Decimals, Kind, Money
from crm_tui.i18n import _
from crm_tui.models.base import Entity
from crm_tui.query import values
from crm_tui.query.asked import Query
from crm_tui.query.columns import TEXTS, Condition, identity, may_be_null
from crm_tui.query.tree import (
    And,
    Changed,
    Count,
    During,
    Empty,
    Field,
    Holds,
    Hop,
    Lasting,
    Node,
    Not,
    OneOf,
    Or,
    Referrer,
    Some,
    Target,
    Test,
    Was,
    Within,
    Words,
    scaled,
)

_LARGEST = 2**63 - 1


Limit = Callable[[Any], Condition]
"""Gives the condition that a column holds the id of one of the records that are asked about at all."""


def compile(  # noqa: A001  # what it is called in every language of queries
    query: Query, within: Limit | None = None
) -> Condition | None:
    """Return the query as a condition on its entity's model, or None when every record fulfils it.

    ``within`` is for whoever asks it of a few known records: subqueries then look at what belongs to those only.

    Archived records are the caller's business: leave them out unless ``query.mentions("archived")``. Raises BadInput
    for ``was`` and ``changed``, which ask about a change.
    """
    check_no_change(query)
    return None if query.where is None else condition(query, query.where, within=within)


def check_no_change(query: Query) -> None:
    """Raise BadInput if the query asks what changed."""
    if asked := query.change:
        message = _("was and changed: ask what a change did, so they only work in automations.")
        raise BadInput(message, position=asked.position)


def condition(
    query: Query, node: Node, recur: Callable[[Node], Condition] | None = None, *, within: Limit | None = None
) -> Condition:
    """Return one node as a condition; ``recur`` compiles what is under ``and``, ``or`` and ``not``."""
    recur = recur or partial(condition, query, within=within)
    match node:
        case And(parts) | Or(parts):
            return joined(node, [recur(part) for part in parts])
        case Not(where):
            return ~recur(where)
        case Field(target, test):
            return field(target, test)
        case Words(entity, phrase):
            return search.condition(entity, phrase, within=within)
        case Hop(target, entity, where):
            return hop(query, target, entity, where)
        case Some(referrer, where):
            return identity(referrer.entity).in_(referring(query, referrer, where, within=within))
        case Count(counted, test):
            return _counted(query, counted, test, within)
        case Was() | Changed():
            raise AssertionError("check_no_change was not called")


def balanced(join: Callable[[Any, Any], Any], parts: Sequence[Condition]) -> Condition:
    """Join conditions as a flat tree: neither Python nor the databases like one that is 200 deep."""
    found = list(parts)
    while len(found) > 1:
        found = [join(*found[at : at + 2]) if at + 1 < len(found) else found[at] for at in range(0, len(found), 2)]
    return found[0]


def joined(node: And | Or, parts: Sequence[Condition]) -> Condition:
    """Join conditions as a node does."""
    if isinstance(node, And):
        return balanced(and_, parts) if parts else pw.Value(1) == 1
    return balanced(or_, parts) if parts else pw.Value(1) == 0


def field(target: Target, test: Test) -> Condition:
    """Return the condition that a value passes a test."""
    if target.name == "id":
        column = identity(target.entity)
        return column.is_null() if isinstance(test, Empty | During) else _tested(column, "number", test)
    kind = target.kind
    column = kind.expression()
    if isinstance(test, Empty):
        return empty(column, kind)
    lasting = resolved(test, kind.family) if isinstance(test, During) else test
    if isinstance(kind, Decimals):
        lasting = scaled(lasting, kind.digits)
    money = kind.family == "money"
    found = _money(column, target, lasting) if money else _tested(column, kind.family, lasting)
    return column.is_null(False) & found if may_be_null(kind) else found


def _money(column: Any, target: Target, test: Lasting) -> Condition:
    """Amounts are kept in minor units, of which a currency has none, a hundred or a thousand to the major one."""
    code = _currency(target)
    if code is None:
        return _tested(column, "money", scaled(test, _own_digits(target)))
    currency = target.entity.fields[code].expression()
    by_digits: dict[int, list[str]] = {}
    for name, digits in formats.MINOR_DIGITS.items():
        by_digits.setdefault(digits, []).append(name.lower())
    odd = [name for names in by_digits.values() for name in names]
    parts = [currency.not_in(odd) & _tested(column, "money", scaled(test, 2))]
    for digits, names in by_digits.items():
        parts.append(currency.in_(names) & _tested(column, "money", scaled(test, digits)))
    return balanced(or_, parts)


def _currency(target: Target) -> str | None:
    """The field of the same record that says of which currency its amount is."""
    kind = target.kind
    return (kind.beside(target.entity.fields) if isinstance(kind, Money) else "") or None


def digits_of(target: Target, currency: Any) -> int:
    """Return how many digits a record's amount has after the point, by what its currency field holds."""
    name = _currency(target)
    return formats.minor_digits(str(currency(name) or "").upper()) if name else _own_digits(target)


def _own_digits(target: Target) -> int:
    return formats.minor_digits(target.kind.currency if isinstance(target.kind, Money) else "")


def _tested(column: Any, family: str, test: Lasting) -> Condition:
    match test:
        case OneOf(wanted):
            return column.in_([_plain(value) for value in wanted]) if len(wanted) != 1 else column == _plain(wanted[0])
        case Holds(text):
            # Greater than "" lets the databases find the column's index, which is far narrower than the table.
            return (column > "") & db.contains(column, text)
        case Within():
            return _within(column, family, test)


def resolved(test: During, family: str) -> Within:
    """Return what time words cover at this moment. Raises BadInput when a day is no longer one (29 February)."""
    try:
        return values.during(test, family)
    except ValueError as error:
        raise BadInput(str(error)) from error


def empty(column: Any, kind: Kind) -> Condition:
    """Return the condition that there is no value."""
    if kind.custom:  # what is empty leaves no trace in the JSON
        return column.is_null()
    if kind.family == "flag":
        found = column == False  # noqa: E712  # SQL
    elif kind.family in TEXTS:
        found = column == ""
    else:
        return column.is_null()
    return column.is_null() | (column.is_null(False) & found) if may_be_null(kind) else found


def _within(column: Any, family: str, test: Within) -> Condition:
    """A range; where it is open, an empty text still does not count."""
    low, high = test.low, test.high
    parts = []
    if low is not None:
        parts.append(column > _plain(low) if test.above else column >= _plain(low))
    elif family in TEXTS:
        parts.append(column > "")
    if high is not None:
        parts.append(column < _plain(high) if test.below else column <= _plain(high))
    return balanced(and_, parts) if parts else pw.Value(1) == 1


def _plain(value: Any) -> Any:
    """A number as both databases take it: what a column of whole numbers would round or refuse goes as a float."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if isinstance(value, Decimal) or (isinstance(value, int) and abs(value) > _LARGEST):
        return pw.Value(float(value), converter=False)
    return value


def seen(query: Query, entity: Entity) -> list[Condition]:
    """The condition that the asker may see records of another entity: what they may not see must not count."""
    visible = scope.visible(query.me, entity) if query.me else None
    return [] if visible is None else [visible]


def hop(query: Query, target: Target, entity: Entity, where: Node) -> Condition:
    """Return the condition that the record a reference leads to fulfils ``where``."""
    column: Any = target.kind.expression()
    found = identity(entity)
    inner = balanced(and_, [condition(query, where), *seen(query, entity)])
    return column.is_null(False) & column.in_(entity.model.select(found).where(inner))


def referring(query: Query, referrer: Referrer, where: Node, *, within: Limit | None = None) -> Any:
    """The subquery of the ids of the records that are referred to by what fulfils ``where``."""
    model: Any = referrer.other.model
    column = referrer.other.kinds[referrer.via].expression()
    parts = [column.is_null(False), *seen(query, referrer.other)]
    if within is not None:
        # By their ids, which SQLite prefers to any other index: it does not know how few of them there are.
        alias: Any = model.alias()
        parts.append(model.id.in_(alias.select(alias.id).where(within(getattr(alias, referrer.via)))))
    if not referrer.archived:
        parts.append(model.archived_at.is_null())
    if where != And(()):
        parts.append(condition(query, where))
    return model.select(column).where(balanced(and_, parts))


def _counted(query: Query, counted: Sequence[Some], test: OneOf | Within, within: Limit | None) -> Condition:
    """Counts without a correlated subquery: the records with none are those that do not appear."""
    passed = _tested(pw.fn.COUNT(pw.SQL("*")), "number", test)
    of_none = passes(0, test)
    having = ~passed if of_none else passed
    ways = [referring(query, some.referrer, some.where, within=within) for some in counted]
    if len(ways) == 1:
        referrer = counted[0].referrer
        grouped = ways[0].group_by(referrer.other.kinds[referrer.via].expression()).having(having)
    else:
        together = reduce(lambda one, other: one.union_all(other), ways).alias("referring")
        column = together.c[counted[0].referrer.other.kinds[counted[0].referrer.via].column_name]
        grouped = pw.Select([together], [column]).group_by(column).having(having)
    found = identity(counted[0].referrer.entity).in_(grouped)
    return ~found if of_none else found


def passes(value: Any, test: Lasting) -> bool:
    """Return whether a value that is not empty passes a test."""
    match test:
        case OneOf(wanted):
            return value in wanted
        case Holds(text):
            return text in value
        case Within(low, high, above, below):
            enough = low is None or (value > low if above else value >= low)
            return bool(enough and (high is None or (value < high if below else value <= high)))
