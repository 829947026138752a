"""What the matches of a query come to: how many there are, what a field of theirs adds up to, by group and currency.

The query of each figure is text of the query language, so that a list can open with exactly the records counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import db, formats, scope
from crm_tui.errors import BadInput
from crm_tui.fields import Choice, Choices, Day, Kind, Money, Reference, Tags
from crm_tui.i18n import _
from crm_tui.kpis.question import grouping
from crm_tui.models.base import Entity
from crm_tui.queries import lists
from crm_tui.query import ways
from crm_tui.query.names import exactly, written
from crm_tui.scope import Actor


class Measured(NamedTuple):
    """One group's records of one currency and, where they were asked for one by one, of one value."""

    key: Any
    """What tells the group from others: a value, its folded text, or the id of the record it leads to."""
    label: str
    """What people call the group."""
    term: str
    """The term of the query language that means the group; "" where nothing is grouped."""
    currency: str
    """Of the field that is added up; "" where it is not money."""
    value: int | None
    """The field's value; None where values are added up."""
    counted: int
    total: int
    """What the field adds up to: minor units, minutes, or a number."""


class Raw(NamedTuple):
    """What a database says of one group: its key, what it is called there, the code of its currency, its value, how
    many records it has and what those add up to; and the day, where days stand apart."""

    key: Any
    label: Any
    code: str | None
    value: int | None
    counted: int
    total: int | None
    day: Any = None


REST = "\0rest"
"""The key of what does not stand by itself."""


class _Group(NamedTuple):
    of: Entity
    """Whose field it is."""
    column: Any
    label: Any
    kind: Kind
    name: str
    further: Any
    """The table that is read beside that of the entity, and how it is reached; None for a field of its own."""


def measured(
    actor: Actor,
    entity: Entity,
    text: str,
    *,
    field: str = "",
    group: str = "",
    each: bool = False,
    start: str = "",
    most: int = 0,
) -> list[Measured]:
    """Return what the matches of a query's text come to, by the field or ``reference.field`` named ``group``; with
    ``each`` the values of ``field`` stand apart, for medians. Records without a value of the field are counted, not
    added up. ``start`` names the field that leaves the fewest records; with ``most`` only so many of the greatest
    groups stand by themselves (and those as great as the last), the others are ``REST``. Raises BadInput."""
    rows = raw(actor, entity, text, field=field, group=group, each=each, start=start)
    return told(entity, field, group, _greatest(rows, most, counts=not field) if most else rows)


def least(text: Any) -> Any:
    """Return the first of texts by their characters, on both databases and as Python has it."""
    return pw.fn.MIN(pw.NodeList((text, pw.SQL('COLLATE "C"'))) if db.postgres() else text)


def by_use(found: Iterable[tuple[str, int]]) -> list[str]:
    """Return currencies in the order of how many records are in each, of (currency, how many)."""
    records: Counter[str] = Counter()
    for currency, count in found:
        records[currency] += count
    return sorted(records, key=lambda one: (-records[one], one))


def _greatest(rows: list[Raw], most: int, *, counts: bool) -> list[Raw]:
    """The rows of the greatest groups in the currency that most records are in, and all others as one for each
    currency: names are looked up for few of many."""
    codes = by_use((row.code or "", row.counted) for row in rows)
    code = codes[0] if codes else ""
    sizes: Counter[Any] = Counter()
    for row in rows:
        sizes[row.key] += (row.counted if counts else int(row.total or 0)) if (row.code or "") == code else 0
    if len(sizes) <= most:
        return rows
    least = sorted(sizes.values(), reverse=True)[most - 1]
    rest = [row for row in rows if sizes[row.key] < least]
    others = [Raw(REST, "", one, None, sum(row.counted for row in rest if (row.code or "") == one),
                  sum(int(row.total or 0) for row in rest if (row.code or "") == one)) for one in codes]  # fmt: skip
    return [row for row in rows if sizes[row.key] >= least] + others


def raw(
    actor: Actor,
    entity: Entity,
    text: str,
    *,
    field: str = "",
    group: str = "",
    each: bool = False,
    daily: str = "",
    start: str = "",
) -> list[Raw]:
    """Return the same as the database has it, by the days of the field named ``daily``, too. Raises BadInput."""
    model: Any = entity.model
    shown = lists.listing(actor, entity, text)
    if start:
        limit = scope.visible(actor, entity)
        wanted = lists.present(
            ways.started(shown.query, model.archived_at.is_null(), start), [] if limit is None else [limit]
        )
    else:
        how, limits = lists.read_by(actor, shown)
        wanted = lists.present(how.counted, limits)
    by = _group(entity, group) if group else None
    kind = entity.kind(field) if field else None
    value = None if kind is None else getattr(model, kind.name)
    beside = kind.beside(entity.kinds) if isinstance(kind, Money) else None
    code = getattr(model, beside) if beside else None
    nothing = pw.Value(None)
    # Walking through the index of the group would be reading every record, to find the few that match.
    apart = [ways.aside(by.column) if text and not isinstance(by.kind, Day) else by.column] if by else []
    apart += [code] if code is not None else []
    apart += [value] if each and value is not None else []
    apart += [getattr(model, daily)] if daily else []
    columns = [
        by.column if by else nothing,
        (least(by.label) if by.kind.keyed else by.label) if by else nothing,
        nothing if code is None else code,
        value if each and value is not None else nothing,
        pw.fn.COUNT(pw.SQL("*")),
        pw.Value(0) if value is None else pw.fn.SUM(value),
        getattr(model, daily) if daily else nothing,
    ]
    asked = model.select(*columns).where(*wanted)
    if by is not None and by.further is not None:
        other, reached = by.further
        asked = asked.join(other, pw.JOIN.LEFT_OUTER, on=reached)
    if apart:
        asked = asked.group_by(*apart)
    return [Raw(*row) for row in model._meta.database.execute(asked).fetchall()]


def told(entity: Entity, field: str, group: str, rows: Iterable[Raw]) -> list[Measured]:
    """Return rows of the database as people name them, with the terms that mean their groups. Raises BadInput."""
    by = _group(entity, group) if group else None
    money = bool(field) and isinstance(entity.kind(field), Money)
    return list(_told(by, money, list(rows)))


def _told(by: _Group | None, money: bool, rows: list[Raw]) -> Iterator[Measured]:
    titles: dict[int, str] = {}
    if by is not None and isinstance(by.kind, Reference):
        titles = lists.titles_of(by.of, str(by.kind.name), [row.key for row in rows if row.key != REST])
    for key, label, code, value, count, total, _day in rows:
        if not count:
            continue
        currency = (code or formats.default_currency()) if money else ""
        if key == REST:
            yield Measured(REST, "", "", currency, value, int(count), int(total or 0))
            continue
        if by is not None and not by.kind.keyed:
            key = label = by.kind.python_value(key)  # read past Peewee, days are still text
        name, term = ("", "") if by is None else _called(by, key, label, titles)
        yield Measured(key, name, term, currency, value, int(count), int(total or 0))


def _group(entity: Entity, group: str) -> _Group:
    """Return what to group by. Raises BadInput for what has no single value."""
    by = grouping(entity, group)
    if not by.via:
        return _Group(entity, *_columns(entity, entity.model, by.kind), by.kind, by.name, None)
    held: Any = by.entity.model.alias()
    reached = getattr(entity.model, by.via) == held.id
    return _Group(by.entity, *_columns(by.entity, held, by.kind), by.kind, by.name, (held, reached))


def _columns(entity: Entity, model: Any, kind: Kind) -> tuple[Any, Any]:
    if isinstance(kind, (Tags, Choices)) or kind.custom or kind.multiline:
        raise BadInput(
            _("Records cannot be grouped by {field}: it is not one short value.").format(field=kind.label),
            field="group",
        )
    column = getattr(model, str(kind.name))
    return (getattr(model, f"{kind.name}_key") if kind.keyed else column), column


def _called(by: _Group, key: Any, label: Any, titles: dict[int, str]) -> tuple[str, str]:
    name = written(by.name)
    if key is None or key == "":
        return _("none"), f"no:{name}"
    if isinstance(by.kind, Reference):
        return titles.get(key) or f"#{key}", f"{name}:#{key}"
    stored = by.kind.show(label)
    if isinstance(by.kind, Choice):
        return stored, f"{name}={exactly(str(key))}"
    return stored, f"{name}={exactly(by.kind.edit(label))}"
