"""Lists of any entity: windows of rows to draw, counts, positions, and every match as values for scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import contacting, query, scope
from crm_tui.db import among_those, ask, batches
from crm_tui.fields import Amount, Decimals, Kind, Money, Reference
from crm_tui.formats import iso_moment
from crm_tui.journal import Values
from crm_tui.models.base import Entity
from crm_tui.queries import extra_columns
from crm_tui.query import Query, SortKey
from crm_tui.scope import Actor


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows: the matches of a query, in its order, as columns."""

    entity: Entity
    query: Query
    columns: tuple[str, ...]
    """Names of fields or extra columns (``queries.extra_columns``)."""

    @property
    def default_sort(self) -> tuple[SortKey, ...]:
        """The order of a list whose query names none: the entity's own, or by what records are called."""
        order = self.entity.order or self.entity.title
        return (SortKey(order.removeprefix("-"), order.startswith("-")),)

    def finds_the_same_as(self, other: Listing) -> bool:
        """Whether another listing shows the same records in the same order and columns, whatever its text."""
        one, two = self.query, other.query
        asked = (one.where, one.sort, one.mentioned) == (two.where, two.sort, two.mentioned)
        return asked and (self.entity, self.columns) == (other.entity, other.columns)


class ListRow(NamedTuple):
    """One row as it is drawn."""

    id: int
    cells: tuple[str, ...]


def listing(
    actor: Actor, entity: Entity, text: str = "", columns: Sequence[str] = (), *, lenient: bool = False
) -> Listing:
    """Return the listing of a query's text, where no columns are named with those that fit what it asks for. Raises
    BadInput for a query or column that makes no sense; ``lenient`` leaves out an unfinished last term (what is being
    typed)."""
    parsed = query.parse(text, entity, me=actor, lenient=lenient)
    return Listing(entity, parsed, tuple(column_name(entity, name) for name in columns) or _fitting_columns(parsed))


def _fitting_columns(asked: Query) -> tuple[str, ...]:
    """The columns of a list that asks for records of one kind alone are those that matter of that kind."""
    facet = asked.entity.facet({asked.entity.faceted: asked.pinned(asked.entity.faceted)})
    return facet.columns if facet else asked.entity.columns


def column_name(entity: Entity, word: str) -> str:
    """Return the name of a column that a person named. Raises BadInput naming the nearest."""
    wanted = word.strip().replace("-", "_").lower()
    if wanted == "id" or wanted in extra_columns.of(entity):
        return wanted
    return str(entity.kind(word).name)


def read_by(actor: Actor, shown: Listing) -> tuple[query.Listing, list[Any]]:
    """Return how the query is read, and what the actor may see of its entity. Every read of a list passes here."""
    limit = scope.visible(actor, shown.entity)
    return query.listing(shown.query, shown.default_sort), [] if limit is None else [limit]


def present(where: Any, limits: list[Any]) -> list[Any]:
    """Return the conditions of a read: what the actor may see, and the query's."""
    return [*limits, pw.Value(1) == 1] if where is None else [*limits, where]


class Reading:
    """A listing of which several things are read one after the other: how that is done best is found out once."""

    def __init__(self, actor: Actor, shown: Listing) -> None:
        self.shown = shown
        self._how, self._limits = read_by(actor, shown)
        self._model: Any = shown.entity.model

    def count(self) -> int:
        """Return how many records match."""
        if self._how.found is not None and not self._limits:
            return int(self._how.found.count(self._model._meta.database))
        query_ = self._model.select(pw.fn.COUNT(pw.SQL("*"))).where(*present(self._how.counted, self._limits))
        return int(query_.scalar())

    def ids(self, limit: int | None = None, offset: int = 0) -> list[int]:
        """Return the ids of the matches in the list's order."""
        found = self._model.select(self._model.id).where(*present(self._how.where, self._limits))
        found = found.order_by(*self._how.order_by).limit(limit)
        database = self._model._meta.database  # past Peewee's rows, which take longer than the query
        return [row[0] for row in database.execute(found.offset(offset) if offset else found).fetchall()]

    def window(self, offset: int, limit: int) -> list[ListRow]:
        """Return the rows ``offset`` to ``offset + limit`` as they are drawn."""
        return rows(self.shown.entity, self.ids(limit, offset), self.shown.columns)

    def position(self, record: int) -> int | None:
        """Return at which index of the list a record stands, or None when it is not in it."""
        model, order_by = self._model, self._how.order_by
        places = pw.fn.ROW_NUMBER().over(order_by=order_by).alias("place")
        numbered = model.select(model.id, places).where(*present(self._how.where, self._limits)).alias("numbered")
        query_ = pw.Select([numbered], [numbered.c.place]).where(numbered.c.id == record)
        row = query_.bind(model._meta.database).tuples().first()
        return int(row[0]) - 1 if row else None


def count(actor: Actor, shown: Listing) -> int:
    """Return how many records match."""
    return Reading(actor, shown).count()


def total(actor: Actor, entity: Entity) -> int:
    """Return how many live records the actor sees."""
    return count(actor, Listing(entity, query.parse("", entity, me=actor), entity.columns))


def ids(actor: Actor, shown: Listing, limit: int | None = None, offset: int = 0) -> list[int]:
    """Return the ids of the matches in the list's order."""
    return Reading(actor, shown).ids(limit, offset)


def position(actor: Actor, shown: Listing, record: int) -> int | None:
    """Return at which index of the list a record stands, or None when it is not in it."""
    return Reading(actor, shown).position(record)


@dataclass(frozen=True, slots=True)
class ListWalk:
    """The matches of a listing one after the other, as they are each time they are asked for."""

    actor: Actor
    shown: Listing

    def place(self, record: int) -> tuple[int, int] | None:
        """Return at which index a record stands, and of how many matches; None when it is none of them."""
        reading = Reading(self.actor, self.shown)
        at = reading.position(record)
        return None if at is None else (at, reading.count())

    def at(self, place: int) -> int | None:
        """Return the match at an index; None past the ends."""
        found = ids(self.actor, self.shown, 1, place) if place >= 0 else []
        return found[0] if found else None


def rows(entity: Entity, wanted: Sequence[int], columns: Sequence[str]) -> list[ListRow]:
    """Return records as rows to draw, in the order of ``wanted``; ids that are gone are left out. Of who wants no
    contact that is said in words."""
    read, shows = _reader(entity, columns, drawn=True), [_show(entity, name) for name in columns]
    found = [
        ListRow(record, tuple(show(value) for show, value in zip(shows, values, strict=True)))
        for record, values in read(wanted)
    ]
    where = _where_said(entity, columns)
    if where is None:
        return found
    flagged, at = contacting.why_not(entity, wanted), list(columns).index(where)
    return [_marked(row, at, behind=where == entity.title) if row.id in flagged else row for row in found]


def _where_said(entity: Entity, columns: Sequence[str]) -> str | None:
    """Return the column that says in words who wants no contact: where one reads how to reach them, else the name; the
    point of contact of a client says so itself."""
    if entity.name == "client":
        wanted: tuple[str, ...] = () if "contact" in columns else ("email", "phone", entity.title)
    else:
        wanted = ("email", "phone", entity.title) if entity.name == "contact" else ()
    return next((name for name in wanted if name in columns), None)


def _marked(row: ListRow, at: int, *, behind: bool) -> ListRow:
    text, words = row.cells[at], contacting.words()
    said = f"{text} ({words})" if behind else f"{words}: {text}" if text else words
    return ListRow(row.id, (*row.cells[:at], said, *row.cells[at + 1 :]))


def _show(entity: Entity, name: str) -> Callable[[Any], str]:
    kind = entity.kinds.get(name)
    if kind is None or isinstance(kind, Reference):
        return lambda value: "" if value is None else str(value[1] if isinstance(value, tuple) else value)
    if kind.multiline:
        return lambda value: " ".join(value[:500].split())
    return kind.show


def _reader(
    entity: Entity, columns: Sequence[str], *, drawn: bool = False
) -> Callable[[Sequence[int]], Iterator[tuple[int, list[Any]]]]:
    """Return a function that reads ids to (id, values): references as (id, title), extra columns as text; ``drawn`` is
    for people."""
    model: Any = entity.model
    kinds = entity.kinds  # a custom field may have been archived since these columns were chosen
    plain = {name: kinds[name] for name in columns if name in kinds}
    own = [name for name in columns if name in plain]
    beside = {name: kind.beside(kinds) for name, kind in plain.items() if isinstance(kind, Money)}
    codes = sorted({field for field in beside.values() if field} - set(own))
    extras = extra_columns.of(entity)
    fields = [*(plain[name] for name in own), *(kinds[name] for name in codes)]
    # What a custom field is may change.
    key = None if any(kind.custom for kind in fields) else ("list rows", entity.name, *own, *codes)

    def query_() -> Any:
        return model.select(model.id, *fields).where(among_those(model.id))

    def read(wanted: Sequence[int]) -> Iterator[tuple[int, list[Any]]]:
        for batch in batches(wanted, 1000):
            found: dict[int, Any] = {row[0]: row for row in ask(key, query_, batch)}
            by_name: dict[str, Any] = {}
            for index, name in enumerate((*own, *codes), 1):
                by_name[name] = index
            titles = {
                name: titles_of(entity, name, [row[by_name[name]] for row in found.values()])
                for name in own
                if isinstance(plain[name], Reference)
            }
            extra = {
                name: ((drawn and extras[name].draw) or extras[name].read)(list(batch))
                for name in columns
                if name in extras
            }
            for record in batch:
                row = found.get(record)
                if row is not None:
                    if any(beside.values()):
                        row = _with_currencies(row, by_name, beside)
                    yield record, [_cell(name, record, row, by_name, titles, extra) for name in columns]

    return read


def _cell(name: str, record: int, row: Any, at: dict[str, int], titles: Any, extra: Any) -> Any:
    if name == "id":
        return record
    if name in extra:
        return extra[name].get(record)
    value = row[at[name]]
    if name in titles:
        return None if value is None else (value, titles[name].get(value, f"#{value}"))
    return value


def _with_currencies(row: Any, at: dict[str, int], beside: dict[str, str]) -> list[Any]:
    """Return a row in which amounts know of what currency their record is."""
    found = list(row)
    for name, code in beside.items():
        if code and found[at[name]] is not None:
            found[at[name]] = Amount(found[at[name]], found[at[code]] or "")
    return found


def with_currencies(entity: Entity, values: Values) -> Values:
    """Return a record's values in which amounts know of what currency the record is."""
    found = dict(values)
    for name, kind in entity.kinds.items():
        if isinstance(kind, Money) and found.get(name) is not None and (code := kind.beside(entity.kinds)):
            found[name] = Amount(found[name], str(found.get(code) or ""))
    return found


def as_json_number(number: Decimal) -> int | float:
    """Return an exact number as JSON has it: whole ones without a point."""
    return int(number) if number == number.to_integral_value() else float(number)


def titles_of(entity: Entity, name: str, wanted: Sequence[int | None]) -> dict[int, str]:
    """Return what the records a reference leads to are called."""
    target = entity.references[name]
    model: Any = target.model
    title = target.fields[target.title]
    unique = sorted({record for record in wanted if record is not None})

    def query() -> Any:
        return model.select(model.id, title).where(among_those(model.id))

    return {record: text for record, text in ask(("titles", target.name), query, unique)}


def values(actor: Actor, shown: Listing, limit: int | None = None) -> Iterator[tuple[int, list[Any]]]:
    """Return every match in order as (id, values of the columns); references are (id, title) or None."""
    return _reader(shown.entity, shown.columns)(ids(actor, shown, limit))


def presenter(entity: Entity, name: str) -> Callable[[Any], Any]:
    """Return the function that gives a column's value as ``--json`` and exports do (``interface.md``)."""
    kind: Kind | None = entity.fields.get(name)
    if isinstance(kind, Reference):
        return lambda value: None if value is None else {"id": value[0], "name": value[1]}
    if isinstance(kind, Money):
        return lambda value: None if value is None else str(kind.in_major(value))
    if kind is not None and kind.family == "moment":
        return lambda value: None if value is None else iso_moment(value)
    if isinstance(kind, Decimals):
        return lambda value: None if value is None else as_json_number(kind.as_decimal(value))
    return kind.to_stored if kind is not None else lambda value: value
