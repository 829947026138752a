"""A dashboard as it is given away: its numbers with their parts, as text that is drawn, as a paper, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crm_tui import clock, formats
from crm_tui.dashboards import answers, pictures, wording
from crm_tui.dashboards.answers import Answer
from crm_tui.dashboards.cards import HEAT, STACKED, Card, Dashboard, Meaning, meaning
from crm_tui.dashboards.figures import Figure
from crm_tui.dashboards.grid import arranged, composed
from crm_tui.documents import layout
from crm_tui.documents.html import Paper
from crm_tui.documents.kinds import LIST, TABLE, TEXT
from crm_tui.documents.sections import Section
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.kpis import periods
from crm_tui.kpis.periods import Period
from crm_tui.models.base import entities
from crm_tui.scope import Actor

WIDTH = 78
"""Characters of a line of plain text."""

BEFORE, YEAR, NOTHING = "before", "year", "no"
AGAINST = (BEFORE, YEAR, NOTHING)
"""What numbers are compared with: the period before, the same time a year before, nothing."""


_WEEK = 10
"""Lines of a heat map: a heading, the days, what is at the cursor, and the gap to the next card."""


class Told(NamedTuple):
    """A card, what it means, and its answer or why there is none."""

    card: Card
    meaning: Meaning
    answer: Answer | None
    problem: str = ""


def earlier(period: Period, against: str) -> Period | None:
    """Return the period that one is compared with. Raises BadInput past the years there are."""
    return {BEFORE: lambda: period.step(-1), YEAR: period.year_before}.get(against, lambda: None)()


def height(card: Card, answer: Answer | None) -> int:
    """Return the lines of a card: one of a few bars takes no more than it needs, a week has seven days."""
    if card.picture == HEAT:
        return max(card.height, _WEEK)
    if card.picture not in pictures.IN_ROWS or answer is None:
        return card.height
    return min(card.height, max(1, len(answer.parts)) + 2 + (card.picture == STACKED))


def tell(actor: Actor, board: Dashboard, period: Period, filter: str = "", against: str = BEFORE) -> list[Told]:
    """Return every card of a dashboard with its answer; one that cannot be answered says why, the others stand."""
    return [told(actor, card, meaning(card), period, filter, against) for card in board.cards]


def told(actor: Actor, card: Card, meant: Meaning, period: Period, filter: str, against: str) -> Told:
    """Return a card with its answer, of its own period and against what it says if it does, or what is the matter."""
    if meant.asked is None:
        return Told(card, meant, None, meant.problem)
    try:
        period = periods.read(card.period) if card.period else period
        before = earlier(period, card.compared or against)
        return Told(card, meant, answers.answer(actor, meant.asked, period, filter, before=before))
    except CrmError as error:
        return Told(card, meant, None, str(error))


def title(board: Dashboard, period: Period) -> str:
    """Return what a report is called."""
    return _("{name}, {period}").format(name=board.title.capitalize(), period=period.title)


def text(board: Dashboard, period: Period, told: list[Told]) -> str:
    """Return a report as plain text, drawn in lines of 78 characters."""
    places = arranged([(one.card.width, height(one.card, one.answer)) for one in told], WIDTH)
    drawn = []
    for one, place in zip(told, places, strict=True):
        if one.answer is None:
            lines = pictures.said(one.problem, one.meaning.title, place.width, here=False)
        else:
            lines = pictures.drawn(one.answer, one.meaning.title, one.card.picture, place.width, place.height - 1)
        drawn.append((place, lines))
    heading = title(board, period)
    body = "\n".join(layout.text_of(line).rstrip() for line in composed(drawn))
    return f"{heading}\n{'=' * len(heading)}\n\n{body.rstrip()}\n"


def paper(board: Dashboard, period: Period, told: list[Told]) -> Paper:
    """Return a report as a paper: a table for each number, and what the numbers mean."""
    sections = [_section(one) for one in told]
    meanings = "\n".join(f"- **{one.meaning.title}**: {one.meaning.definition}" for one in told)
    sections.append(Section(_("What the numbers mean"), LIST, meanings))
    facts = [(_("Period"), period.title), ("", formats.long_day(clock.today()))]
    return Paper(title(board, period), sections, facts)


def _section(one: Told) -> Section:
    if one.answer is None:
        return Section(one.meaning.title, TEXT, one.problem)
    question, whole = one.answer.question, one.answer.whole
    said = [wording.shown(question, whole), wording.change(one.answer)]
    heading = f"{one.meaning.title}: {'  '.join(text for text in said if text)}"
    if not one.answer.parts:
        return Section(heading, TEXT, wording.records(whole))
    rows = [(part.label, wording.shown(question, part), formats.whole(part.counted)) for part in one.answer.parts]
    head = f"| | {_('Value')} | {_('Records')} |\n| --- | ---: | ---: |"
    return Section(heading, TABLE, "\n".join([head, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows)]))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def rows(told: list[Told]) -> Iterator[tuple[str, ...]]:
    """Yield a report as rows: number, part, value, currency, unit, records, entity and the query that proves it."""
    yield "number", "part", "value", "currency", "unit", "records", "entity", "query"
    for one in told:
        if one.answer is None:
            yield one.meaning.called, "", "", "", one.problem, "", "", ""
            continue
        question = one.answer.question
        for part in (one.answer.whole, *one.answer.parts):
            for figure in part.figures:
                yield (
                    one.meaning.called, part.label, written(figure), figure.currency, question.unit, str(part.counted),
                    entities[question.entity].plural, part.query,
                )  # fmt: skip


def written(figure: Figure) -> str:
    """Return a number as programs read it: exact, amounts in their currency's major unit; "" for none."""
    if figure.value is None:
        return ""
    return str(formats.decimal_amount(round(figure.value), figure.currency)) if figure.currency else str(figure.value)
