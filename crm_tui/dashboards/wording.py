"""Numbers as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from crm_tui import formats
from crm_tui.dashboards.answers import Answer, Part
from crm_tui.dashboards.figures import Figure, rounded
from crm_tui.i18n import _, ngettext
from crm_tui.kpis.question import Question


def shown(asked: Question, part: Part, most: int = 0) -> str:
    """Return a part's number as people read it; amounts of several currencies beside each other, at most so many and
    how many there are besides."""
    figures = part.figures[: most or None]
    said = " · ".join(figure_shown(asked, figure) for figure in figures)
    left = len(part.figures) - len(figures)
    return _("{amounts} · +{n}").format(amounts=said, n=left) if left else said


def against(answer: Answer, part: Part) -> str:
    """Return a part's number, and what it is held against where there is such a thing: too much is said in words."""
    said = shown(answer.question, part, 1)
    if part.limit is None:
        return said
    whole = figure_shown(answer.question, Figure(Decimal(part.limit)))
    over = figure_shown(answer.question, Figure(answer.size(part) - part.limit))
    text = _("{amount} / {whole}, {over} too much") if too_much(answer, part) else _("{amount} / {whole}")
    return text.format(amount=said, whole=whole, over=over)


def too_much(answer: Answer, part: Part) -> bool:
    """Whether a part is more than there is room for."""
    return part.limit is not None and answer.size(part) > part.limit


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
    percent = int(rounded(abs(now.value - then.value) * 100 / abs(then.value), 0))
    return _("{sign} {n} %").format(sign=sign, n=formats.whole(percent))


def records(part: Part) -> str:
    """Return how many records a number is of."""
    return ngettext("{n} record", "{n} records", part.counted).format(n=formats.whole(part.counted))
