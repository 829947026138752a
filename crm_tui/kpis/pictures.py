"""How an answer is drawn with text: lines of spans that fill a card, the same on the screen and in a mail."""

from __future__ import annotations

from decimal import Decimal

from rich.cells import cell_len, set_cell_size

from crm_tui.documents.layout import DIM, HEADING, PLAIN, STRONG, Line, Span
from crm_tui.i18n import _
from crm_tui.kpis import questions
from crm_tui.kpis.dashboards import BARS, COLUMNS, GAUGE, NUMBER, TABLE
from crm_tui.kpis.questions import Answer, Part

BAR, BETTER, WORSE, CURSOR = "mark", "better", "worse", "cursor"
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_BAR, _TRACK = "▇", "▁"
_CURRENCIES = 2
"""So many currencies stand on a card; the list and the report have all."""
_LABEL = 3
"""A third of the width is for what the bars are called."""


def drawn(
    answer: Answer, title: str, picture: str, width: int, height: int, *, at: int | None = None, less: bool = False
) -> list[Line]:
    """Return the lines of a card in ``height`` lines of ``width`` cells. ``at`` is where the cursor stands: -1 on the
    number itself, else on a part; ``less`` is for numbers that had better be small."""
    lines: list[Line] = [_titled(answer if picture in (BARS, TABLE, COLUMNS) else None, title, width, here=at == -1)]
    if picture in (BARS, TABLE):
        lines += _rows(answer, width, height - 1, at, bars=picture == BARS)
    elif picture == COLUMNS:
        lines += _columns(answer, width, height - 1, at)
    else:
        lines.append(_number(answer, width, less=less))
        if picture == GAUGE:
            lines.append(_gauge(answer.whole, width))
        elif picture == NUMBER and len(answer.parts) > 1:
            lines.append(_spark(answer, width))
        lines.append((Span(set_cell_size(questions.records(answer.whole), width), DIM),))
    return [_cropped(line, width) for line in lines[:height]]


def _cropped(line: Line, width: int) -> Line:
    """A line that is no wider than its card, however narrow that is."""
    spans = []
    for span in line:
        size = cell_len(span.text)
        spans.append(span if size <= width else span._replace(text=set_cell_size(span.text, max(0, width))))
        width -= size
    return tuple(spans)


def parts_shown(answer: Answer, picture: str, height: int) -> int:
    """Return how many parts the cursor can stand on."""
    if picture in (BARS, TABLE):
        room = max(0, height - 1)
        return len(answer.parts) if len(answer.parts) <= room else room - 1
    return len(answer.parts) if picture == COLUMNS else 0


def _titled(answer: Answer | None, title: str, width: int, *, here: bool) -> Line:
    """The heading of a card, with the number at its right where the picture does not show it and there is room."""
    how = CURSOR if here else HEADING
    total = "" if answer is None else " " + questions.shown(answer.question, answer.whole, _CURRENCIES)
    room = max(0, width - cell_len(total))
    if not total or room < width // _LABEL:
        return (Span(set_cell_size(title, width), how),)
    return Span(set_cell_size(title, room), how), Span(total, STRONG)


def _number(answer: Answer, width: int, *, less: bool) -> Line:
    value, change = questions.shown(answer.question, answer.whole, _CURRENCIES), questions.change(answer)
    room = max(0, width - cell_len(value) - 2)
    how = PLAIN
    if change:
        how = BETTER if change.startswith("▲") is not less else WORSE
    return (
        Span(set_cell_size(value, min(width, cell_len(value))), STRONG),
        Span("  "),
        Span(set_cell_size(change, room), how),
    )


def _spark(answer: Answer, width: int) -> Line:
    sizes = [part.size for part in answer.parts]
    return (Span(set_cell_size("".join(_level(size, max(sizes)) for size in _fitted(sizes, width)), width), BAR),)


def _fitted(sizes: list[Decimal], width: int) -> list[Decimal]:
    """So many that they fit: of more, the mean of those that fall on one cell."""
    if len(sizes) <= width:
        return sizes
    bounds = [place * len(sizes) // width for place in range(width + 1)]
    return [sum(sizes[one:two], Decimal()) / max(1, two - one) for one, two in zip(bounds, bounds[1:], strict=False)]


def _level(size: Decimal, most: Decimal) -> str:
    if most <= 0 or size <= 0:
        return _EIGHTHS[0 if size <= 0 else 1]
    return _EIGHTHS[max(1, min(8, round(size * 8 / most)))]


def _gauge(whole: Part, width: int) -> Line:
    value = whole.figures[0].value if whole.figures else None
    length = min(width, 40)
    full = 0 if value is None else max(0, min(length, round(value * length / 100)))
    return (Span(_BAR * full, BAR), Span(_TRACK * (length - full), DIM), Span(" " * (width - length)))


def _rows(answer: Answer, width: int, height: int, at: int | None, *, bars: bool) -> list[Line]:
    if not answer.parts:
        return [(Span(set_cell_size(_("nothing to show"), width), DIM),)]
    most = max((part.size for part in answer.parts), default=Decimal())
    values = [questions.shown(answer.question, part, 1) for part in answer.parts[:height]]
    label = min(max(cell_len(part.label) for part in answer.parts[:height]), max(4, width // _LABEL))
    beside = min(max((cell_len(value) for value in values), default=0), max(0, width - label - 2))
    room = max(0, width - label - beside - 2)
    lines: list[Line] = []
    for place, (part, value) in enumerate(zip(answer.parts, values, strict=False)):
        size = round(part.size * room / most) if most > 0 and part.size > 0 else 0
        drawn_bar = set_cell_size(_BAR * max(size, int(part.size > 0)), room) if bars else " " * room
        text = value.rjust(beside - cell_len(value) + len(value))
        here = place == at
        lines.append((
            Span(set_cell_size(part.label, label), CURSOR if here else PLAIN), Span(" "), Span(drawn_bar, BAR),
            Span(" "), Span(text, STRONG if here else PLAIN),
        ))  # fmt: skip
    left = len(answer.parts) - height
    if left > 0 and lines:
        lines[-1] = (Span(set_cell_size(_("… {n} more").format(n=left + 1), width), DIM),)
    return lines


def _columns(answer: Answer, width: int, height: int, at: int | None) -> list[Line]:
    """Upright bars, as wide as there is room for; below them what the one at the cursor is."""
    parts = answer.parts
    if not parts:
        return [(Span(set_cell_size(_("nothing to show"), width), DIM),)]
    rows = max(1, height - 1)
    wide = max(1, min(8, width // len(parts)))
    first = max(0, min((at or 0) - width // wide + 1, len(parts) - width // wide)) if len(parts) * wide > width else 0
    visible = parts[first : first + width // wide]
    most = max((part.size for part in parts), default=Decimal())
    lines: list[Line] = []
    for row in range(rows, 0, -1):
        spans = []
        for place, part in enumerate(visible, first):
            eighths = round(part.size * rows * 8 / most) if most > 0 and part.size > 0 else 0
            level = max(0, min(8, max(eighths, int(part.size > 0)) - (row - 1) * 8))
            filled = _EIGHTHS[level] * max(1, wide - (1 if wide > 1 else 0))
            spans.append(Span(set_cell_size(filled, wide), STRONG if place == at else BAR))
        spans.append(Span(" " * (width - wide * len(visible))))
        lines.append(tuple(spans))
    if at is not None and 0 <= at < len(parts):
        said = f"{parts[at].label}  {questions.shown(answer.question, parts[at])}"
        lines.append((Span(set_cell_size(said, width), CURSOR),))
    else:
        last = visible[-1].label
        room = max(0, width - cell_len(last) - 1)
        lines.append((Span(set_cell_size(visible[0].label, room), DIM), Span(" " + last if room else "", DIM)))
    return lines


def said(problem: str, title: str, width: int, *, here: bool) -> list[Line]:
    """Return the lines of a card that cannot be answered: what is the matter."""
    from crm_tui.documents.layout import wrapped

    return [_titled(None, title, width, here=here), *wrapped([Span(problem, WORSE)], width)]
