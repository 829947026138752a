"""How an answer is drawn with text: lines of spans that fill a card, the same on the screen and in a mail."""

from __future__ import annotations

from decimal import Decimal

from rich.cells import cell_len, set_cell_size

from crm_tui.dashboards import charts, wording
from crm_tui.dashboards.answers import Answer, Part
from crm_tui.dashboards.cards import BARS, FUNNEL, GAUGE, HEAT, LINE, LIST, NUMBER, STACKED, TABLE
from crm_tui.documents.layout import DIM, HEADING, PLAIN, STRONG, Line, Span
from crm_tui.i18n import _

IN_ROWS = (BARS, STACKED, TABLE, FUNNEL, LIST)
"""Pictures whose parts stand below each other; those of others stand beside each other."""

_TRACK = "▁"
_CURRENCIES = 2
"""So many currencies stand on a card; the list and the report have all."""


def drawn(
    answer: Answer, title: str, picture: str, width: int, height: int, *, at: int | None = None, less: bool = False
) -> list[Line]:
    """Return the lines of a card in ``height`` lines of ``width`` cells. ``at`` is where the cursor stands: -1 on the
    number itself, else on a part; ``less`` is for numbers that had better be small."""
    alone = picture in (NUMBER, GAUGE)
    lines: list[Line] = [_titled(None if alone else answer, title, width, here=at == -1)]
    if not alone and not answer.parts:
        lines.append((Span(set_cell_size(_("nothing to show"), width), DIM),))
    elif picture in IN_ROWS:
        lines += charts.rows(answer, width, height - 1, at, picture)
    elif picture == HEAT:
        lines += charts.heat(answer, width, height - 1, at)
    elif picture == LINE:
        lines += charts.line(answer, width, height - 1, at)
    elif not alone:
        lines += charts.columns(answer, width, height - 1, at)
    else:
        lines.append(_number(answer, width, less=less))
        if picture == GAUGE:
            lines.append(_gauge(answer.whole, width))
        elif picture == NUMBER and len(answer.parts) > 1:
            lines.append(_spark(answer, width))
        lines.append((Span(set_cell_size(wording.records(answer.whole), width), DIM),))
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
    if picture in IN_ROWS:
        room = max(0, height - 1 - (picture == STACKED))
        return len(answer.parts) if len(answer.parts) <= room else max(0, room - 1)
    return 0 if picture in (NUMBER, GAUGE) else len(answer.parts)


def _titled(answer: Answer | None, title: str, width: int, *, here: bool) -> Line:
    """The heading of a card, with the number at its right where the picture does not show it and there is room."""
    how = charts.CURSOR if here else HEADING
    total = "" if answer is None else " " + wording.shown(answer.question, answer.whole, _CURRENCIES)
    room = max(0, width - cell_len(total))
    if not total or room < width // charts.LABEL:
        return (Span(set_cell_size(title, width), how),)
    return Span(set_cell_size(title, room), how), Span(total, STRONG)


def _number(answer: Answer, width: int, *, less: bool) -> Line:
    value, change = wording.shown(answer.question, answer.whole, _CURRENCIES), wording.change(answer)
    room = max(0, width - cell_len(value) - 2)
    how = PLAIN
    if change:
        how = charts.BETTER if change.startswith("▲") is not less else charts.WORSE
    return (
        Span(set_cell_size(value, min(width, cell_len(value))), STRONG),
        Span("  "),
        Span(set_cell_size(change, room), how),
    )


def _spark(answer: Answer, width: int) -> Line:
    sizes = [answer.size(part) for part in answer.parts]
    return (
        Span(
            set_cell_size("".join(charts.level(size, max(sizes)) for size in _fitted(sizes, width)), width), charts.MARK
        ),
    )


def _fitted(sizes: list[Decimal], width: int) -> list[Decimal]:
    """So many that they fit: of more, the mean of those that fall on one cell."""
    if len(sizes) <= width:
        return sizes
    bounds = [place * len(sizes) // width for place in range(width + 1)]
    return [sum(sizes[one:two], Decimal()) / max(1, two - one) for one, two in zip(bounds, bounds[1:], strict=False)]


def _gauge(whole: Part, width: int) -> Line:
    value = whole.figures[0].value if whole.figures else None
    length = min(width, 40)
    full = 0 if value is None else max(0, min(length, round(value * length / 100)))
    return (Span(charts.BAR * full, charts.MARK), Span(_TRACK * (length - full), DIM), Span(" " * (width - length)))


def said(text: str, title: str, width: int, *, here: bool, wrong: bool = True) -> list[Line]:
    """Return the lines of a card without an answer: what is the matter, or that it is on its way."""
    from crm_tui.documents.layout import wrapped

    return [_titled(None, title, width, here=here), *wrapped([Span(text, charts.WORSE if wrong else DIM)], width)]
