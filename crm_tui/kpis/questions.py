"""A number asked of the records: what is counted, how it is measured, and in which groups; and its answer.

Every figure of an answer carries the query of the records it counted, so that a list can open with exactly those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any, NamedTuple

from crm_tui import formats
from crm_tui.errors import BadInput
from crm_tui.fields import Day, Minutes, Money
from crm_tui.i18n import _, ngettext
from crm_tui.kpis.periods import UNITS, Period
from crm_tui.models.base import Entity, entities
from crm_tui.queries.measured import Measured, measured
from crm_tui.query.names import written
from crm_tui.scope import Actor

COUNT, SUM, AVERAGE, PERCENTILE, SHARE = "count", "sum", "average", "percentile", "share"
MEASURES = (COUNT, SUM, AVERAGE, PERCENTILE, SHARE)

TIME = "time"
"""The group of what is drawn along the period, in its days, weeks or months."""


@dataclass(frozen=True)
class Question:
    """What is asked. Texts are of the query language."""

    entity: str
    where: str = ""
    measure: str = COUNT
    field: str = ""
    """What is added up, averaged ...; of a share, what is added up on both sides ("" counts)."""
    share: str = ""
    """Of a share, what those that count have beside ``where``."""
    percentile: int = 50
    dated: str = ""
    """The day or moment that is to be in the period; "" for how things stand now."""
    group: str = ""
    """A field, a ``reference.field``, ``time``, or a unit of time."""
    most: int = 0
    """So many of the greatest groups; 0 for all."""

    @property
    def in_time(self) -> bool:
        """Whether its parts are days, weeks, months ..."""
        return self.group == TIME or self.group in UNITS

    @property
    def unit(self) -> str:
        """What the number is of: ``records``, ``percent``, ``money``, ``minutes``, ``days``."""
        kind = entities[self.entity].kind(self.field) if self.field else None
        if self.measure == SHARE:
            return "percent"
        if self.measure == COUNT or kind is None:
            return "records"
        return "money" if isinstance(kind, Money) else "minutes" if isinstance(kind, Minutes) else "number"


class Figure(NamedTuple):
    """A number; of money in minor units of its currency. None where there is nothing to divide by."""

    value: Decimal | None
    currency: str = ""


class Part(NamedTuple):
    """One group of an answer."""

    label: str
    figures: tuple[Figure, ...]
    query: str
    """Of the records it counted."""
    counted: int
    """How many those are."""

    @property
    def size(self) -> Decimal:
        """How long its bar is, of parts of one currency."""
        return (self.figures[0].value or Decimal()) if self.figures else Decimal()


class Answer(NamedTuple):
    """What came out: the whole, its parts where it is grouped, and what the whole was in the period before."""

    question: Question
    whole: Part
    parts: tuple[Part, ...]
    before: Part | None


def answer(actor: Actor, asked: Question, period: Period, filter: str = "", *, before: Period | None = None) -> Answer:
    """Return the answer for a period; ``before`` is what it is compared with. Raises BadInput."""
    text = _text(asked, period, filter)
    in_time = asked.in_time
    if in_time and not asked.dated:
        raise BadInput(_("What stands as it is now has no course in time: name the day it goes by."), field="group")
    by_day = in_time and isinstance(entities[asked.entity].kind(asked.dated), Day)
    rows = _read(actor, asked, text, asked.dated if by_day else "" if in_time else asked.group)
    parts: Iterable[Part] = ()
    if by_day:
        parts = [
            _part(asked, _short(one), _text(asked, one, filter), rows.within(one)) for one in _parts(asked, period)
        ]
    elif in_time:  # moments: a day begins when it does in the workspace's zone, so each part asks for its own
        parts = [_whole(actor, asked, one, filter, _short(one)) for one in _parts(asked, period)]
    elif asked.group:
        parts = _grouped(asked, text, rows)
    earlier = _whole(actor, asked, before, filter) if before is not None and asked.dated else None
    return Answer(asked, _part(asked, "", text, rows), tuple(parts), earlier)


def _parts(asked: Question, period: Period) -> list[Period]:
    return period.parts("" if asked.group == TIME else asked.group)


def _text(asked: Question, period: Period, filter: str) -> str:
    dated = f"{written(asked.dated)}:{period.written}" if asked.dated else ""
    valued = f"has:{written(asked.field)}" if asked.measure in (AVERAGE, PERCENTILE) else ""
    # The days first: the way through them is the shortest when there are many records.
    return reduce(_with, (asked.where, filter, valued), dated)


def _with(text: str, more: str) -> str:
    """Both of two queries; one that is a choice of several stands in brackets."""
    return " ".join(f"({one})" if " or " in one.lower() else one for one in (text.strip(), more.strip()) if one)


def _whole(actor: Actor, asked: Question, period: Period, filter: str, label: str = "") -> Part:
    text = _text(asked, period, filter)
    return _part(asked, label, text, _read(actor, asked, text))


class _Rows(NamedTuple):
    """What was read: of a share ``all`` are what is divided by, ``some`` those that count."""

    all: Sequence[Measured]
    some: Sequence[Measured] = ()

    def within(self, days: Period) -> _Rows:
        """Those of some days, of rows that are grouped by the day."""
        return _Rows(*([row for row in rows if days.first <= row.key <= days.last] for rows in self))


def _read(actor: Actor, asked: Question, text: str, group: str = "") -> _Rows:
    entity, field = entities[asked.entity], "" if asked.measure == COUNT else asked.field
    each = asked.measure == PERCENTILE
    rows = measured(actor, entity, text, field=field, group=group, each=each)
    if asked.measure != SHARE:
        return _Rows(rows)
    return _Rows(rows, measured(actor, entity, _with(text, asked.share), field=field, group=group))


def _part(asked: Question, label: str, text: str, rows: _Rows) -> Part:
    if asked.measure == SHARE:
        return _shared(asked, label, _with(text, asked.share), rows)
    return Part(label, _figures(asked, rows.all), text, sum(row.counted for row in rows.all))


def _shared(asked: Question, label: str, text: str, rows: _Rows) -> Part:
    def size(found: Sequence[Measured]) -> int:
        return sum(row.total if asked.field else row.counted for row in found)

    base = size(rows.all)
    share = _rounded(Decimal(100 * size(rows.some)) / base, 1) if base else None
    return Part(label, (Figure(share),), text, sum(row.counted for row in rows.some))


def _figures(asked: Question, rows: Sequence[Measured]) -> tuple[Figure, ...]:
    """One number of each currency, the one of most records first; never added across."""
    by_currency: dict[str, list[Measured]] = defaultdict(list)
    for row in rows:
        by_currency[row.currency].append(row)
    found = sorted(by_currency.items(), key=lambda one: (-sum(row.counted for row in one[1]), one[0]))
    if not found:
        return (Figure(Decimal() if asked.measure in (COUNT, SUM) else None, _default_currency(asked)),)
    return tuple(Figure(_number(asked, held), currency) for currency, held in found)


def _default_currency(asked: Question) -> str:
    return formats.default_currency() if asked.unit == "money" else ""


def _number(asked: Question, rows: Sequence[Measured]) -> Decimal | None:
    count = sum(row.counted for row in rows)
    if asked.measure == COUNT:
        return Decimal(count)
    if asked.measure == PERCENTILE:
        return _percentile(rows, asked.percentile)
    total = Decimal(sum(row.total for row in rows))
    if asked.measure == SUM:
        return total
    return _rounded(total / count, 1) if count else None


def _percentile(rows: Sequence[Measured], percent: int) -> Decimal | None:
    """The smallest value that so many percent of the records do not pass (nearest rank); the median is the middle, of
    two middles their mean."""
    held = sorted((row.value, row.counted) for row in rows if row.value is not None)
    count = sum(many for _value, many in held)
    if not count:
        return None

    def at(place: int) -> int:
        for value, many in held:
            place -= many
            if place < 0:
                return value
        return held[-1][0]

    if percent == 50:  # noqa: PLR2004
        return Decimal(at((count - 1) // 2) + at(count // 2)) / 2
    return Decimal(at(max(0, -(-percent * count // 100) - 1)))


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _grouped(asked: Question, text: str, rows: _Rows) -> list[Part]:
    some = _by_group(rows.some)
    parts = []
    for key, held in _by_group(rows.all).items():
        parts.append(_part(asked, held[0].label, _with(text, held[0].term), _Rows(held, some.get(key, ()))))
    return _arranged(asked, parts)


def _by_group(rows: Iterable[Measured]) -> dict[Any, list[Measured]]:
    """The rows of each group: what is empty is one, whether nothing or no text."""
    found: dict[Any, list[Measured]] = defaultdict(list)
    for row in rows:
        found["" if row.key is None else row.key].append(row)
    return found


def _arranged(asked: Question, parts: list[Part]) -> list[Part]:
    """Choices in the order of their options, everything else the greatest first; beyond the most, none."""
    entity, name = _grouping(asked)
    options = getattr(entity.kind(name), "options", None)
    if options is not None and not asked.most:
        order = {entity.kind(name).show(option.value): place for place, option in enumerate(options)}
        return sorted(parts, key=lambda part: order.get(part.label, len(order)))
    parts.sort(key=lambda part: (-part.size, part.label))
    return parts[: asked.most] if asked.most else parts


def _grouping(asked: Question) -> tuple[Entity, str]:
    entity = entities[asked.entity]
    first, _dot, rest = asked.group.partition(".")
    return (entity.references[str(entity.kind(first).name)], rest) if rest else (entity, first)


def _short(part: Period) -> str:
    if part.unit == "month":
        return formats.month(part.first)
    return part.title if part.unit in ("quarter", "year") else formats.near_day(part.first)


def shown(asked: Question, part: Part, most: int = 0) -> str:
    """Return a part's number as people read it; amounts of several currencies beside each other, at most so many and
    how many there are besides."""
    figures = part.figures[: most or None]
    said = " · ".join(figure_shown(asked, figure) for figure in figures)
    left = len(part.figures) - len(figures)
    return _("{amounts} · +{n}").format(amounts=said, n=left) if left else said


def figure_shown(asked: Question, figure: Figure) -> str:
    """Return one number as people read it."""
    if figure.value is None:
        return "–"
    if asked.unit == "percent":
        return _("{n} %").format(n=formats.number(figure.value))
    if asked.unit == "money":
        return formats.amount(int(figure.value.to_integral_value(ROUND_HALF_UP)), figure.currency)
    if asked.unit == "minutes":
        return formats.duration(int(figure.value))
    return formats.number(figure.value if figure.value % 1 else int(figure.value))


def change(found: Answer) -> str:
    """Return how the whole differs from the period before: ``▲ 12 %``; "" where nothing can be said."""
    if found.before is None or len(found.whole.figures) != 1 or len(found.before.figures) != 1:
        return ""
    now, then = found.whole.figures[0], found.before.figures[0]
    if now.value is None or then.value is None or now.currency != then.currency or now.value == then.value:
        return ""
    sign = "▲" if now.value > then.value else "▼"
    if found.question.unit == "percent":
        points = formats.number(abs(now.value - then.value))
        return f"{sign} {points}"
    if not then.value:
        return sign
    percent = int(_rounded(abs(now.value - then.value) * 100 / abs(then.value), 0))
    return _("{sign} {n} %").format(sign=sign, n=formats.whole(percent))


def records(part: Part) -> str:
    """Return how many records a number is of."""
    return ngettext("{n} record", "{n} records", part.counted).format(n=formats.whole(part.counted))


def grouped_by(asked: Question, group: str) -> Question:
    """Return a question in other groups."""
    return replace(asked, group=group, most=0)
