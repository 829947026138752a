"""Numbers that are kept by the day: which questions are, what they come to, and how far that is still right.

What is kept is as of a change of the journal. Days that later changes touch are counted from the records, whenever it
is asked: an answer is right whether or not the background worker came to bring the days up to date.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import query, scope
from crm_tui.errors import BadInput
from crm_tui.fields import Choice, Day, Kind, Reference
from crm_tui.kpis.question import COUNT, PERCENTILE, RANGES, RECORDS, SHARE, Question, both, grouping
from crm_tui.models.base import Entity, entities
from crm_tui.models.journal import Change
from crm_tui.models.rollups import Rollup, RollupQuestion
from crm_tui.queries.measured import Raw, least, raw
from crm_tui.query.names import written
from crm_tui.query.tree import And, Empty, Field, Node, Not, OneOf, Or, Within
from crm_tui.scope import WORKER, Actor

MOST_DAYS = 60
"""Days that are counted anew while somebody waits; where more are touched, everything is counted."""

MOST_CHANGES = 2_000
"""Changes that are looked through while somebody waits."""

FEW = ("operator", "team")
"""Entities of which there are few enough to keep a number for each."""

_EVERYTHING = frozenset({"word", "setting", "custom_field", "erasure"})
"""A change of these may change any number."""


class Kept(NamedTuple):
    """What is kept: the matches of ``where`` by the day ``dated`` and by ``group``; what ``field`` adds up to, or with
    ``each`` its values."""

    entity: str
    where: str
    dated: str
    field: str
    group: str
    each: bool

    @property
    def text(self) -> str:
        """The question as it stands in the database."""
        return json.dumps(list(self))


def kept(asked: Question, where: str, group: str) -> Kept | None:
    """Return what is kept for a question of which one side matches ``where``, in groups; None for what is not: only
    what the records say themselves lasts, and only groups of which there are few."""
    entity = entities[asked.entity]
    if not asked.dated or scope.visible(WORKER, entity) is not None:
        return None
    day = entity.kind(asked.dated)
    if not isinstance(day, Day) or day.readonly:  # what follows from others: the journal tells of no former day
        return None
    if asked.group in (RANGES, RECORDS) or not _few(entity, group) or not lasts(entity, where):
        return None
    field = "" if asked.measure == COUNT else asked.field
    return Kept(asked.entity, where, asked.dated, field, group, asked.measure == PERCENTILE)


def sides(asked: Question, where: str) -> list[str]:
    """Return the queries of what a question reads: of a share those that are divided by, and those that count."""
    return [where] if asked.measure != SHARE else [where, both(where, asked.share)]


def _few(entity: Entity, group: str) -> bool:
    if not group:
        return True
    try:
        by = grouping(entity, group)
    except BadInput:
        return False
    if by.via:
        return isinstance(by.kind, Choice) or by.kind.name in ("country", "city")
    if isinstance(by.kind, Reference):
        return entity.references[by.name].name in FEW
    return isinstance(by.kind, Choice)


def lasts(entity: Entity, where: str) -> bool:
    """Whether a query asks only for values of the record itself: true of it until it is changed, whatever the day."""
    return _read_from(entity, where) is not None


def _read_from(entity: Entity, where: str) -> list[Kind] | None:
    """The fields that a query asks; None where it asks for more than values of the record itself."""
    try:
        node = query.parse(where, entity).where
        return [] if node is None else _own(node)
    except (BadInput, _Further):
        return None


class _Further(Exception):
    """A query asks for other records, for words, or for what is true for a time only."""


def _own(node: Node) -> list[Kind]:
    match node:
        case And(parts) | Or(parts):
            return [kind for part in parts for kind in _own(part)]
        case Not(where):
            return _own(where)
        case Field(target, OneOf() | Within() | Empty()) if target.name != "id" and not target.kind.custom:
            return [target.kind]
    raise _Further


def rows(actor: Actor, what: Kept, first: date, last: date, *, by_day: bool) -> list[Raw] | None:
    """Return what is kept of some days, in its groups or by the day; None where it is not, or where too much was
    changed since. Raises BadInput."""
    entity = entities[what.entity]
    if scope.visible(actor, entity) is not None:
        return None
    question: Any = RollupQuestion
    state = question.select(question.id, question.position, question.built_from).where(question.text == what.text)
    found = state.tuples().first()
    if found is None or found[2] is None or found[2] > first:
        return None
    days = touched(what, found[1])
    if days is None or len(stale := sorted(day for day in days if first <= day <= last)) > MOST_DAYS:
        return None
    held = list(_read(found[0], first, last, stale, by_day=by_day))
    for day in stale:
        held += [row._replace(key=day) if by_day else row for row in counted(what, day, day)]
    return list(_summed(held))


def _read(question: int, first: date, last: date, without: list[date], *, by_day: bool) -> Iterator[Raw]:
    row: Any = Rollup
    key = row.day if by_day else row.key
    wanted = (row.question == question) & row.day.between(first, last)
    if without:
        wanted &= row.day.not_in(without)
    columns = (key, least(row.label), row.currency, row.value, pw.fn.SUM(row.counted), pw.fn.SUM(row.total))
    for found in row.select(*columns).where(wanted).group_by(key, row.currency, row.value).tuples():
        yield Raw(*found)


def _summed(found: Iterable[Raw]) -> Iterator[Raw]:
    """Rows of one group, currency and value as one."""
    held: dict[tuple[Any, str, int | None], Raw] = {}
    for row in found:
        place = (row.key, row.code or "", row.value)
        before = held.get(place)
        if before is not None:
            row = row._replace(label=min(before.label, row.label), counted=before.counted + row.counted,
                               total=(before.total or 0) + (row.total or 0))  # noqa: PLW2901  # fmt: skip
        held[place] = row
    yield from held.values()


def counted(what: Kept, first: date, last: date) -> list[Raw]:
    """Return the same counted from the records, each day apart; keys, names and codes as they are kept: as text."""
    days = f"{written(what.dated)}:{first.isoformat()}..{last.isoformat()}"
    found = raw(
        WORKER, entities[what.entity], both(days, what.where),
        field=what.field, group=what.group, each=what.each, daily=what.dated, start=what.dated,
    )  # fmt: skip
    day: Any = entities[what.entity].kind(what.dated)
    return [
        row._replace(key=_text(row.key), label=_text(row.label), code=row.code or "", total=int(row.total or 0),
                     counted=int(row.counted), day=day.python_value(row.day))
        for row in found
    ]  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def keyed(what: Kept, found: Iterable[Raw]) -> list[Raw]:
    """Return kept rows with their groups as the database has them: references are ids again."""
    by = grouping(entities[what.entity], what.group) if what.group else None
    reference = by is not None and not by.via and isinstance(by.kind, Reference)
    nothing = None if reference or not what.group else ""
    return [row._replace(key=int(row.key) if reference and row.key else row.key or nothing) for row in found]


def touched(what: Kept, position: int, upto: int | None = None) -> set[date] | None:
    """Return the days whose numbers changes after a position of the journal may have changed, all of them or those up
    to another position; None where those are too many to say, or may have changed anything."""
    change: Any = Change
    columns = (change.entity, change.record, change.action, change.before, change.after)
    later = change.id > position if upto is None else change.id.between(position + 1, upto)
    found = list(change.select(*columns).where(later).order_by(change.id).limit(MOST_CHANGES + 1).tuples())
    if len(found) > MOST_CHANGES:
        return None
    entity = entities[what.entity]
    leading, led = _ways_to(entity, what), _way_from(entity, what)
    own: set[int] = set()
    days: set[date] = set()
    others: dict[str, set[int]] = defaultdict(set)
    for name, record, action, before, after in found:
        if name in _EVERYTHING or action == "erase":
            return None
        if name != what.entity and name not in leading and name not in led:
            continue
        told = [json.loads(before or "{}"), json.loads(after or "{}")]
        if name == what.entity:
            own.add(record)
            days |= {date.fromisoformat(one[what.dated]) for one in told if one.get(what.dated)}
        else:
            others[name].add(record)
            own |= {one[via] for via in leading.get(name, ()) for one in told if one.get(via)}
    for name, records in others.items():
        for via in leading.get(name, ()):
            own |= _led_to(name, records, via)
        for via in led.get(name, ()):
            days |= _days(entity, what, getattr(entity.model, via).in_(list(records)))
    if own:
        days |= _days(entity, what, entity.model.id.in_(list(own)))
    return days


def _ways_to(entity: Entity, what: Kept) -> dict[str, list[str]]:
    """The references by which records of other entities lead here, by entity: what is added up or asked may follow
    from them."""
    asked = [*(_read_from(entity, what.where) or ()), *([entity.kind(what.field)] if what.field else ())]
    found: dict[str, list[str]] = defaultdict(list)
    if any(kind.readonly for kind in asked):
        for other, via in entity.referrers:
            found[other.name].append(via)
    return found


def _way_from(entity: Entity, what: Kept) -> dict[str, list[str]]:
    """The reference that groups lead over, by the entity that it leads to."""
    by = grouping(entity, what.group) if what.group else None
    return {by.entity.name: [by.via]} if by is not None and by.via else {}


def _led_to(name: str, records: set[int], via: str) -> set[int]:
    model: Any = entities[name].model
    column = getattr(model, via)
    wanted = model.id.in_(list(records)) & column.is_null(False)
    return {row[0] for row in model.select(column).where(wanted).tuples()}


def _days(entity: Entity, what: Kept, which: Any) -> set[date]:
    day = getattr(entity.model, what.dated)
    model: Any = entity.model
    return {row[0] for row in model.select(day).where(which & day.is_null(False)).distinct().tuples()}
