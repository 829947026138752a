"""What a question that is asked of the records comes to.

Every figure of an answer carries the query of the records it counted, so that a list can open with exactly those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

from crm_tui import formats
from crm_tui.dashboards.figures import Figure, figures, plain, rounded
from crm_tui.dashboards.filters import fitted
from crm_tui.errors import BadInput
from crm_tui.fields import Day, Minutes, Money
from crm_tui.i18n import _
from crm_tui.kpis.periods import Period
from crm_tui.kpis.question import (
    AVERAGE,
    CAPACITY,
    COUNT,
    PERCENTILE,
    RANGES,
    RECORDS,
    SHARE,
    SUM,
    TIME,
    Question,
    both,
    grouped_by,
    grouping,
)
from crm_tui.models.base import entities
from crm_tui.queries import lists, rollups, workload
from crm_tui.queries.measured import REST, Measured, by_use, measured, told
from crm_tui.query.names import exactly, written
from crm_tui.scope import Actor


class Part(NamedTuple):
    """One group of an answer."""

    label: str
    figures: tuple[Figure, ...]
    query: str
    """Of the records it counted."""
    counted: int
    """How many those are."""
    term: str = ""
    """What of the query makes them this group."""
    key: Any = None
    """What tells the group from others, whatever it is called."""
    limit: int | None = None
    """What it is held against, in the same unit."""
    segments: tuple[Part, ...] = ()
    """What it is made up of, where it is split: the same ones in the same order in every part."""


class Answer(NamedTuple):
    """What came out: the whole, its parts where it is grouped, and what the whole was in the period before."""

    question: Question
    whole: Part
    parts: tuple[Part, ...]
    before: Part | None
    period: Period
    """What time it is about."""

    def size(self, part: Part) -> Decimal:
        """How long the bar of a part is."""
        return size_in(self.whole, part)


def size_in(whole: Part, part: Part) -> Decimal:
    """Return how much of a whole a part is. Amounts are never added up across currencies, nor compared: those of the
    currency that most records are in count."""
    currency = whole.figures[0].currency if whole.figures else ""
    found = (one.value for one in part.figures if one.currency == currency and one.value is not None)
    return next(found, Decimal())


def answer(actor: Actor, asked: Question, period: Period, filter: str = "", *, before: Period | None = None) -> Answer:
    """Return the answer for a period; ``before`` is what it is compared with, and a filter may ask for fields of the
    client the records are of. Raises BadInput."""
    if asked.in_time and not asked.dated:
        raise BadInput(_("What stands as it is now has no course in time: name the day it goes by."), field="group")
    filter = fitted(entities[asked.entity], filter) if filter else ""
    text = _text(asked, period, filter)
    whole, parts = _found(actor, asked, period, filter, text)
    if asked.against == CAPACITY:
        room = workload.capacities([period])[0]
        parts = [part._replace(limit=room.get(part.key)) for part in parts]
    if asked.split:
        parts = _split(actor, asked, period, filter, parts)
    earlier = _whole(actor, asked, before, filter) if before is not None and asked.dated else None
    return Answer(asked, whole, tuple(parts), earlier, period)


def whole(actor: Actor, asked: Question, period: Period) -> Part:
    """Return the whole of an answer, without its parts. Raises BadInput."""
    if asked.group == RANGES:
        return answer(actor, asked, period).whole
    return _whole(actor, grouped_by(asked, ""), period, "")


def _found(actor: Actor, asked: Question, period: Period, filter: str, text: str) -> tuple[Part, list[Part]]:
    """The whole and its parts."""
    if asked.group == RECORDS:
        return _whole(actor, asked, period, filter), _records(actor, asked, text)
    if asked.group == RANGES:
        return _ranges(actor, asked, text)
    by_day = asked.in_time and isinstance(entities[asked.entity].kind(asked.dated), Day)
    rows = _read(actor, asked, period, filter, asked.dated if by_day else "" if asked.in_time else asked.group)
    parts: list[Part] = []
    if by_day:
        parts = [
            _part(asked, _short(one), _text(asked, one, filter), rows.within(one)) for one in _parts(asked, period)
        ]
    elif asked.in_time:  # moments: a day begins when it does in the workspace's zone, so each part asks for its own
        parts = [_whole(actor, asked, one, filter, _short(one)) for one in _parts(asked, period)]
    elif asked.group:
        parts = _grouped(asked, text, rows)
    return _part(asked, "", text, rows), parts


def _records(actor: Actor, asked: Question, text: str) -> list[Part]:
    """Record by record, the greatest first where a field is named."""
    entity, field = entities[asked.entity], asked.field
    sort = f" sort:-{written(field)}" if field else ""
    kind = entity.kind(field) if field else None
    code = kind.beside(entity.kinds) if isinstance(kind, Money) else None
    names = [entity.title, *([field] if field else []), *([code] if code else [])]
    found = []
    for record, cells in lists.values(actor, lists.listing(actor, entity, text + sort, tuple(names)), asked.most):
        figures: tuple[Figure, ...] = ()
        if field:
            currency = (cells[2] if code else formats.default_currency()) if isinstance(kind, Money) else ""
            figures = (Figure(None if cells[1] is None else plain(asked, Decimal(int(cells[1]))), currency or ""),)
        found.append(Part(str(cells[0] or f"#{record}"), figures, f"id:{record}", 1))
    return found


def _ranges(actor: Actor, asked: Question, text: str) -> tuple[Part, list[Part]]:
    """How many records have how much, in ranges of a round size; of amounts those of the currency most are in."""
    entity = entities[asked.entity]
    kind: Any = entity.kind(asked.field)
    name = written(str(kind.name))
    rows = [row for row in measured(actor, entity, text, field=asked.field, each=True) if row.value is not None]
    currencies = by_use((row.currency, row.counted) for row in rows)
    if not currencies:
        return _counted("", f"{text} has:{name}".strip(), []), []
    currency = currencies[0]
    if isinstance(kind, Money) and (code := kind.beside(entity.kinds)):
        text = both(text, f"{written(code)}={exactly(currency)}")
    held = [row for row in rows if row.currency == currency]
    low, high = min(row.value or 0 for row in held), max(row.value or 0 for row in held)
    step = _round_step(high - low, isinstance(kind, Minutes))

    def shown(value: int) -> tuple[str, str]:
        if isinstance(kind, Money):
            return kind.show(value, currency), kind.edit(value, currency)
        return kind.show(value), kind.edit(value)

    parts, at = [], low // step * step
    while at <= high:
        (label, first), (_label, end) = shown(at), shown(at + step)
        query = both(text, f"{name}>={exactly(first)} {name}<{exactly(end)}")
        parts.append(_counted(label, query, [row for row in held if at <= (row.value or 0) < at + step]))
        at += step
    return _counted("", both(text, f"has:{name}"), held), parts


def _counted(label: str, query: str, rows: Sequence[Measured]) -> Part:
    count = sum(row.counted for row in rows)
    return Part(label, (Figure(Decimal(count)),), query, count)


def _round_step(span: int, minutes: bool) -> int:
    """A round size of which some ten cover the span."""
    wanted = max(1, span // _RANGES)
    if minutes:
        return next((step for step in _MINUTES if step >= wanted), -(-wanted // _WEEK) * _WEEK)
    power = int("1".ljust(len(str(wanted)), "0"))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= wanted), 10 * power)


_RANGES = 10
_MINUTES = (5, 10, 15, 30, 60, 120, 240, 480, 960, 1440, 2400)
_WEEK = 2400
"""Minutes of a working week."""


def _split(actor: Actor, asked: Question, period: Period, filter: str, parts: Sequence[Part]) -> list[Part]:
    """What each part is made up of: the greatest, and all others together."""
    whole = replace(asked, group=asked.split, split="", most=0)
    found = answer(actor, whole, period, filter)
    greatest = sorted(found.parts, key=found.size, reverse=True)[:MOST_SEGMENTS]
    kinds = [part for part in found.parts if part in greatest]
    columns: list[dict[Any, Part]] = []
    for kind in kinds:
        some = replace(asked, where=both(asked.where, kind.term), split="", most=0)
        columns.append({_key(part): part for part in answer(actor, some, period, filter).parts})
    made = []
    for part in parts:
        held = [column.get(_key(part), Part("", (), "", 0)) for column in columns]
        segments = [one._replace(label=kind.label, query=one.query or both(part.query, kind.term))
                    for kind, one in zip(kinds, held, strict=True)]  # fmt: skip
        segments.append(_others(part, segments, kinds))
        made.append(part._replace(segments=tuple(segments)))
    return made


def _key(part: Part) -> Any:
    """What a part is found by in other answers to the same groups: days, weeks and months by what they are called."""
    return part.label if part.key is None else part.key


def _others(part: Part, segments: Sequence[Part], kinds: Sequence[Part]) -> Part:
    """What is left of a part beside the segments that have a name."""
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for one in segments:
        for figure in one.figures:
            taken[figure.currency] += figure.value or 0
    left = tuple(figure._replace(value=(figure.value or Decimal()) - taken[figure.currency]) for figure in part.figures)
    without = " ".join(f"-{kind.term}" for kind in kinds)
    return Part(_("others"), left, both(part.query, without), part.counted - sum(one.counted for one in segments))


MOST_SEGMENTS = 5
"""A stacked bar shows so many kinds by name."""


def _parts(asked: Question, period: Period) -> list[Period]:
    return period.parts("" if asked.group == TIME else asked.group)


def _text(asked: Question, period: Period, filter: str) -> str:
    dated = f"{written(asked.dated)}:{period.written}" if asked.dated else ""
    # The days first: the way through them is the shortest when there are many records.
    return reduce(both, (matching(asked), filter), dated)


def matching(asked: Question) -> str:
    """Return the query of the records that a question reads, of any time: those that have a value where that is asked
    for."""
    valued = f"has:{written(asked.field)}" if asked.measure in (AVERAGE, PERCENTILE) else ""
    return both(asked.where, valued)


def _whole(actor: Actor, asked: Question, period: Period, filter: str, label: str = "") -> Part:
    text = _text(asked, period, filter)
    return _part(asked, label, text, _read(actor, asked, period, filter))


class _Rows(NamedTuple):
    """What was read: of a share ``all`` are what is divided by, ``some`` those that count."""

    all: Sequence[Measured]
    some: Sequence[Measured] = ()

    def within(self, days: Period) -> _Rows:
        """Those of some days, of rows that are grouped by the day."""
        return _Rows(*([row for row in rows if days.first <= row.key <= days.last] for rows in self))


def _read(actor: Actor, asked: Question, period: Period, filter: str, group: str = "") -> _Rows:
    wheres, entity = rollups.sides(asked, matching(asked)), entities[asked.entity]
    found = [None if filter else _kept(actor, asked, where, period, group) for where in wheres]
    if None in found:
        # Where all that is asked stands in the records themselves, going through the days is the shortest way.
        start = asked.dated if not filter and rollups.lasts(entity, wheres[-1]) else ""
        most = asked.most if group and asked.measure in (COUNT, SUM) else 0
        field, each = "" if asked.measure == COUNT else asked.field, asked.measure == PERCENTILE
        texts = rollups.sides(asked, _text(asked, period, filter))
        for at, rows in enumerate(found):
            if rows is None:
                found[at] = measured(
                    actor, entity, texts[at], field=field, group=group, each=each, start=start, most=most
                )
    return _Rows(*(rows or [] for rows in found))


def _kept(actor: Actor, asked: Question, where: str, period: Period, group: str) -> list[Measured] | None:
    """What is kept by the day, where it is."""
    by_day = bool(asked.dated) and group == asked.dated
    what = rollups.kept(asked, where, "" if by_day else group)
    rows = None if what is None else rollups.rows(actor, what, period.first, period.last, by_day=by_day)
    if what is None or rows is None:
        return None
    return told(entities[asked.entity], what.field, group, rows if by_day else rollups.keyed(what, rows))


def _part(asked: Question, label: str, text: str, rows: _Rows) -> Part:
    if asked.measure == SHARE:
        return _shared(asked, label, both(text, asked.share), rows)
    return Part(label, figures(asked, rows.all), text, sum(row.counted for row in rows.all))


def _shared(asked: Question, label: str, text: str, rows: _Rows) -> Part:
    def size(found: Sequence[Measured]) -> int:
        return sum(row.total if asked.field else row.counted for row in found)

    base = size(rows.all)
    share = rounded(Decimal(100 * size(rows.some)) / base, 1) if base else None
    return Part(label, (Figure(share),), text, sum(row.counted for row in rows.some))


def _grouped(asked: Question, text: str, rows: _Rows) -> list[Part]:
    some = _by_group(rows.some)
    parts = []
    for key, held in _by_group(row for row in rows.all if row.key != REST).items():
        named = min(held, key=lambda row: row.label)  # of several spellings one, whatever order the rows come in
        part = _part(asked, named.label, both(text, named.term), _Rows(held, some.get(key, ())))
        parts.append(part._replace(term=named.term, key=key))
    return _arranged(asked, _part(asked, "", text, rows), parts)


def _by_group(rows: Iterable[Measured]) -> dict[Any, list[Measured]]:
    """The rows of each group: what is empty is one, whether nothing or no text."""
    found: dict[Any, list[Measured]] = defaultdict(list)
    for row in rows:
        found["" if row.key is None else row.key].append(row)
    return found


def _arranged(asked: Question, whole: Part, parts: list[Part]) -> list[Part]:
    """Choices in the order of their options, everything else the greatest first; beyond the most, none."""
    kind = grouping(entities[asked.entity], asked.group).kind
    options = getattr(kind, "options", None)
    if options is not None and not asked.most:
        order = {kind.show(option.value): place for place, option in enumerate(options)}
        return sorted(parts, key=lambda part: order.get(part.label, len(order)))
    parts.sort(key=lambda part: (-size_in(whole, part), part.label))
    return parts[: asked.most] if asked.most else parts


def _short(part: Period) -> str:
    if part.unit == "month":
        return formats.month(part.first)
    return part.title if part.unit in ("quarter", "year") else formats.long_day(part.first)
