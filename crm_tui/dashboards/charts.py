"""The charts of cards, as lines of spans: bars, stacked bars, columns, a line, a heat map of days, a funnel."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.cells import cell_len, set_cell_size

from crm_tui import formats
from crm_tui.dashboards import wording
from crm_tui.dashboards.answers import Answer, Part
from crm_tui.dashboards.cards import BARS, FUNNEL, STACKED
from crm_tui.documents.layout import DIM, PLAIN, STRONG, Line, Span
from crm_tui.i18n import _

MARK, BETTER, WORSE, CURSOR = "mark", "better", "worse", "cursor"
EIGHTHS = " ▁▂▃▄▅▆▇█"
BAR = "▇"
LABEL = 3
"""A third of the width is for what the bars are called."""
FILLS = "█▓▒░▪·"
"""What segments are drawn with: told apart in one colour, too, and in a mail."""
_SHADES = "·░▒▓█"
_WEEK = 7


def level(size: Decimal, most: Decimal) -> str:
    """Return the block that is as high as a size is of the most; what is there at all is seen."""
    if most <= 0 or size <= 0:
        return EIGHTHS[0 if size <= 0 else 1]
    return EIGHTHS[max(1, min(8, round(size * 8 / most)))]


def rows(answer: Answer, width: int, height: int, at: int | None, picture: str) -> list[Line]:
    """Return the parts below each other, each with its number: what does not fit is said to be there."""
    legend = [_legend(answer, width)] if picture == STACKED else []
    height = max(1, height - len(legend))
    parts = answer.parts[:height]
    values = [_value(answer, place, picture) for place in range(len(parts))]
    label = min(max(cell_len(part.label) for part in parts), max(4, width // LABEL))
    if picture not in (BARS, STACKED, FUNNEL):
        label = max(label, width - max(cell_len(value) for value in values) - 2)
    beside = min(max(cell_len(value) for value in values), max(0, width - label - 2))
    room = max(0, width - label - beside - 2)
    most = max((max(answer.size(part), Decimal(part.limit or 0)) for part in answer.parts), default=Decimal())
    lines: list[Line] = []
    for place, (part, value) in enumerate(zip(parts, values, strict=True)):
        here = place == at
        text = value.rjust(beside - cell_len(value) + len(value))
        lines.append((
            Span(set_cell_size(part.label, max(0, label)), CURSOR if here else PLAIN), Span(" "),
            Span(_bar(answer, part, room, most, picture), MARK), Span(" "),
            Span(text, STRONG if here else WORSE if wording.too_much(answer, part) else PLAIN),
        ))  # fmt: skip
    left = len(answer.parts) - height
    if left > 0:
        lines[-1] = (Span(set_cell_size(_("… {n} more").format(n=left + 1), width), DIM),)
    return [*lines, *legend]


def _value(answer: Answer, place: int, picture: str) -> str:
    """What stands beside a bar: its number, in a funnel also how many of the step before come so far."""
    shown = wording.against(answer, answer.parts[place])
    if picture != FUNNEL or not place:
        return shown
    before, here = answer.size(answer.parts[place - 1]), answer.size(answer.parts[place])
    if before <= 0:
        return shown
    return _("{amount}  {n} %").format(amount=shown, n=formats.whole(round(here * 100 / before)))


def _bar(answer: Answer, part: Part, room: int, most: Decimal, picture: str) -> str:
    def cells(size: Decimal) -> int:
        return max(int(size > 0), round(size * room / most)) if most > 0 and size > 0 else 0

    if picture == STACKED:
        drawn, end, total = "", Decimal(), cells(answer.size(part))
        for fill, segment in zip(FILLS, part.segments, strict=False):
            end += max(Decimal(), answer.size(segment))
            drawn += fill * (round(end * room / most) - len(drawn) if most > 0 else 0)
        return set_cell_size(drawn[:total], room)
    if picture == FUNNEL:
        return set_cell_size((BAR * cells(answer.size(part))).center(room), room)
    return set_cell_size(BAR * cells(answer.size(part)), room) if picture == BARS else " " * room


def _legend(answer: Answer, width: int) -> Line:
    kinds = zip(FILLS, *(part.segments for part in answer.parts), strict=False)
    said = "  ".join(f"{fill} {ones[0].label}" for fill, *ones in kinds if any(map(answer.size, ones)))
    return (Span(set_cell_size(said, width), DIM),)


def columns(answer: Answer, width: int, height: int, at: int | None) -> list[Line]:
    """Return upright bars, as wide as there is room for; below them what the one at the cursor is."""
    parts = answer.parts
    high = max(1, height - 1)
    wide = max(1, min(8, width // len(parts)))
    first = max(0, min((at or 0) - width // wide + 1, len(parts) - width // wide)) if len(parts) * wide > width else 0
    visible = parts[first : first + width // wide]
    most = max((answer.size(part) for part in parts), default=Decimal())
    lines: list[Line] = []
    for row in range(high, 0, -1):
        spans = []
        for place, part in enumerate(visible, first):
            size = answer.size(part)
            eighths = round(size * high * 8 / most) if most > 0 and size > 0 else 0
            filled = EIGHTHS[max(0, min(8, max(eighths, int(size > 0)) - (row - 1) * 8))] * max(1, wide - (wide > 1))
            spans.append(Span(set_cell_size(filled, wide), STRONG if place == at else MARK))
        spans.append(Span(" " * (width - wide * len(visible))))
        lines.append(tuple(spans))
    return [*lines, _below(answer, visible, width, at)]


def _below(answer: Answer, visible: Sequence[Part], width: int, at: int | None) -> Line:
    """The line under a chart: what the part at the cursor is, else where the chart begins and ends."""
    if at is not None and 0 <= at < len(answer.parts):
        said = f"{answer.parts[at].label}  {wording.shown(answer.question, answer.parts[at])}"
        return (Span(set_cell_size(said, width), CURSOR),)
    last = visible[-1].label
    room = max(0, width - cell_len(last) - 1)
    return Span(set_cell_size(visible[0].label, room), DIM), Span(" " + last if room else "", DIM)


def line(answer: Answer, width: int, height: int, at: int | None) -> list[Line]:
    """Return a line through the parts, of dots eight to a cell; where the cursor stands the line is stronger."""
    parts, high = answer.parts, max(1, height - 1)
    sizes = [answer.size(part) for part in parts]
    low, most = min(Decimal(), *sizes), max(Decimal(), *sizes)
    dots: list[list[int]] = [[0] * width for _row in range(high)]

    def y(size: Decimal) -> int:
        return round((size - low) * (high * 4 - 1) / (most - low)) if most > low else 0

    def x(place: int) -> int:
        return place * (width * 2 - 1) // max(1, len(parts) - 1)

    def dot(across: int, up: int) -> None:
        row, down = divmod(high * 4 - 1 - up, 4)
        dots[row][across // 2] |= _DOTS[across % 2][down]

    for place, size in enumerate(sizes):
        dot(x(place), y(size))
        if place + 1 < len(sizes):
            span, rise = x(place + 1) - x(place), y(sizes[place + 1]) - y(size)
            steps = max(span, abs(rise), 1)
            for step in range(steps):
                dot(x(place) + span * step // steps, y(size) + round(rise * step / steps))
    here = x(at) // 2 if at is not None and 0 <= at < len(parts) else -1
    lines: list[Line] = []
    for row in dots:
        text = "".join(chr(0x2800 + cell) if cell else " " for cell in row)
        if here < 0:
            lines.append((Span(text, MARK),))
        else:
            lines.append((Span(text[:here], MARK), Span(text[here], CURSOR), Span(text[here + 1 :], MARK)))
    return [*lines, _below(answer, parts, width, at)]


_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The dots of a Braille cell, from the top, in its left and in its right column."""


def heat(answer: Answer, width: int, height: int, at: int | None) -> list[Line]:
    """Return the days in weeks, one column each, the darker the more; the last that fit. Below, what the day at the
    cursor is."""
    offset = answer.period.first.weekday()
    weeks = -(-(offset + len(answer.parts)) // _WEEK)
    names = [formats.weekday(day)[:2] for day in range(_WEEK)]
    label = max(map(cell_len, names)) + 1
    wide = 2 if weeks * 2 <= width - label else 1
    shown = max(1, min(weeks, (width - label) // wide))
    first = weeks - shown
    if at is not None and at >= 0:
        first = min(first, (at + offset) // _WEEK)
    most = max((answer.size(part) for part in answer.parts), default=Decimal())
    lines: list[Line] = []
    for day in range(min(_WEEK, max(1, height - 1))):
        spans = [Span(set_cell_size(names[day], label), DIM)]
        for week in range(first, first + shown):
            place = week * _WEEK + day - offset
            inside = 0 <= place < len(answer.parts)
            shade = _shade(answer.size(answer.parts[place]), most) if inside else " "
            spans.append(Span(shade * wide, CURSOR if place == at and inside else MARK))
        lines.append(tuple(spans))
    return [*lines, _below(answer, answer.parts, width, at)]


def _shade(size: Decimal, most: Decimal) -> str:
    if most <= 0 or size <= 0:
        return _SHADES[0]
    return _SHADES[max(1, min(4, -int(-(size * 4 / most) // 1)))]
