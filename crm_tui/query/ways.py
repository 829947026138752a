"""The ways a database finds what a query asks for, and the choice between them; fast on 100,000 rows and more.

SQLite reads a wide table a hundred times slower than an index on one column, and knows too little about how values
are spread to choose well. So we look first: a condition that leaves few records is read at once, and the list starts
from those. Else the list either starts from its smallest condition, or walks the index of its order: what an index
answers is then looked up in a set of ids made from that index, and what holds of very many records is read off the
rows, few of which are read in vain. PostgreSQL keeps statistics and chooses for itself, except that it, too, is better
off with the few records of a condition that it believes to leave many.
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

import peewee as pw

from crm_tui import db, search
from crm_tui.query import sql
from crm_tui.query.asked import Query
from crm_tui.query.columns import Condition, identity
from crm_tui.query.from_indexes import column_of, condition, ids_of, leaves
from crm_tui.query.tree import And, Field, Holds, Node, Not, Or, Some, Words

FEW = 1000
"""Records so few that a list starts from their ids."""
MANY = 30_000
"""Records so many that they are not counted any further."""

READ = 10_000
"""Ids that are kept rather than found again, where finding them means reading a whole index."""

_ROW = 2.0
_SET = 0.45
"""Microseconds to read one row by its id, and to put one id into a set (measured at 100,000 wide rows)."""


def chosen(query: Query, alive: Condition, order: str, walked: Condition | None) -> tuple[Condition, Condition]:
    """Return how to select the rows of a window, and how to count them.

    ``alive`` leaves out archived records; ``walked`` has the index walked that the list's ``order`` has, if any. Raises
    BadInput.
    """
    plain = sql.compile(query)
    assert plain is not None  # a query without conditions leaves nothing to choose
    parts = _parts(query)
    first = _few(parts)
    if first is not None or db.postgres():
        where = alive & plain if first is None else reduce(and_, (part.aside for part in parts), alive & first)
        return where, where
    if len(parts) > 1 or parts[0].effort != _BY_WORDS:
        for part in parts:
            part.measure()
    counted = alive & _counted(parts)
    return (counted if walked is None else alive & _windowed(parts, walked, order)), counted


def started(query: Query, alive: Condition, column: str) -> Condition:
    """Return how to count the matches starting from what the query asks of one field: nothing is read to find out
    whether that is best. Raises BadInput."""
    sql.compile(query)  # what is wrong is said
    return reduce(and_, (part.plain if part.column == column else part.aside for part in _parts(query)), alive)


def _parts(query: Query) -> list[_Part]:
    assert query.where is not None
    return [_Part(query, part) for part in (query.where.parts if isinstance(query.where, And) else (query.where,))]


def by_words_alone(query: Query) -> Any | None:
    """Return the query of the ids of the live records that a phrase is found in, where that is all that is asked.

    Only the full text and the few archived records are read: a tenth of what looking up every record would cost.
    """
    if not isinstance(query.where, Words) or query.where.entity is not query.entity or db.postgres():
        return None
    model: Any = query.entity.model
    archived = model.select(model.id).where(model.archived_at.is_null(False))
    return search.matching(query.entity, query.where.phrase, without=archived).bind(model._meta.database)


_BY_INDEX, _BY_WORDS, _BY_READING, _UNKNOWN = range(4)


class _Part:
    """One of the conditions that must all hold."""

    def __init__(self, query: Query, node: Node) -> None:
        self.query, self.node = query, node
        self.negated = isinstance(node, Not)
        inner = node.where if isinstance(node, Not) else node
        self.ids = ids_of(query, query.entity, inner)
        self.effort = _effort(inner) if self.ids is not None else _UNKNOWN
        """What it takes to find the ids: a look into an index, into the full text, or reading a whole index."""
        self.column = column_of(query.entity, inner)
        self.size: int | None = None
        """Records that the condition (without its ``not``) holds of, as far as they were counted."""
        self.found: list[int] | None = None
        """Their ids, where they were not too many to read."""

    @property
    def plain(self) -> Condition:
        """The condition for the database to start from."""
        return condition(self.query, self.node)

    @property
    def aside(self) -> Condition:
        """The condition as it is checked of one row."""
        return aside(self.plain)

    @property
    def first(self) -> Condition:
        """The condition (without its ``not``) as the set of ids that the list starts from."""
        return identity(self.query.entity).in_(self.ids) if self.found is None else self._these()

    @property
    def in_set(self) -> Condition:
        """The condition as a lookup in a set of ids, as far as indexes give one."""
        if self.found is None:
            return _in_set(self.query, self.node)
        return ~aside(self._these()) if self.negated else aside(self._these())

    @property
    def set_cost(self) -> float:
        """Microseconds that making the set takes."""
        return _SET * (self.size or 0)

    def look(self) -> None:
        """Read the ids, unless they are more than it makes sense to."""
        if self.ids is not None and not (self.negated and self.effort == _BY_INDEX):
            most = READ if self.effort == _BY_READING and not db.postgres() else FEW
            database = self.query.entity.model._meta.database
            found = [row[0] for row in database.execute(self.ids.limit(most + 1)).fetchall()]
            if len(found) <= most:
                self.found, self.size = found, len(found)

    def measure(self) -> None:
        """Count the records; full text only as far as a list may start from it."""
        if self.ids is not None and self.size is None:
            model: Any = self.query.entity.model
            most = 5 * FEW if self.effort == _BY_WORDS else MANY
            counted = self.ids.limit(most + 1).count(model._meta.database)
            self.size = counted if counted <= most else 2 * MANY

    def _these(self) -> Condition:
        if not self.found:
            return pw.Value(1) == 0
        listed = ", ".join(map(str, self.found))
        return pw.Expression(identity(self.query.entity), "IN", pw.SQL(f"({listed})"))


def _effort(node: Node) -> int:
    if isinstance(node, Words):
        return _BY_WORDS
    reading = any(
        isinstance(leaf, Some) or (isinstance(leaf, Field) and isinstance(leaf.test, Holds)) for leaf in leaves(node)
    )
    return _BY_READING if reading else _BY_INDEX


def _few(parts: list[_Part]) -> Condition | None:
    """The ids of the records that one of the conditions leaves, if they are so few that the list starts from them."""
    for part in sorted(parts, key=lambda part: part.effort):
        part.look()
        if part.found is not None and len(part.found) <= FEW and not part.negated:
            return part.first
    return None


def _smallest(parts: list[_Part]) -> _Part | None:
    drivers = [part for part in parts if not part.negated and part.size is not None]
    return min(drivers, key=lambda part: part.size or 0, default=None)


def _windowed(parts: list[_Part], walked: Condition, order: str) -> Condition:
    """Of the two ways to a window, the cheaper: from the smallest condition, or along the index of the order."""
    sets = [part for part in parts if part.ids is not None and part.column != order]
    sets = [part for part in sets if (part.size or 0) <= MANY or _only_set(part.node)]
    driver = _smallest(parts)
    if driver and _ROW * (driver.size or 0) < sum(part.set_cost for part in sets):
        return reduce(and_, (part.aside for part in parts if part is not driver), driver.first)
    return reduce(and_, (part.in_set if part in sets or part.ids is None else part.aside for part in parts), walked)


def _counted(parts: list[_Part]) -> Condition:
    """A count starts from the smallest condition, then reads its rows or looks up its ids, which costs less."""
    driver = _smallest(parts) or next((part for part in parts if part.effort == _BY_WORDS and not part.negated), None)
    if driver is None:
        return reduce(and_, (part.in_set for part in parts))
    others = [part for part in parts if part is not driver]
    rows = any(part.ids is None for part in others) or _ROW * (driver.size or 0) < sum(part.set_cost for part in others)
    # Of "a or b" SQLite makes a walk through the table, unless it is told to look into both indexes.
    either = isinstance(driver.node, Or) and driver.ids is not None and not db.postgres()
    start = driver.first if either or driver.found is not None else driver.plain
    return reduce(and_, (part.aside if rows else part.in_set for part in others), start)


def _only_set(node: Node) -> bool:
    """Whether a condition cannot be read off one row."""
    return isinstance(node.where if isinstance(node, Not) else node, Words | Some)


def _in_set(query: Query, node: Node) -> Condition:
    ids = ids_of(query, query.entity, node)
    if ids is not None:
        return aside(identity(query.entity).in_(ids))
    if isinstance(node, Not):
        return ~_in_set(query, node.where)
    if isinstance(node, And | Or) and node.parts:
        return sql.joined(node, [_in_set(query, part) for part in node.parts])
    return aside(condition(query, node))


def aside(found: Condition) -> Condition:
    """Return a condition, or a column, by which SQLite does not start to read: the unary + keeps it from that."""
    return found if db.postgres() else pw.Expression(pw.SQL("+"), "", found)
