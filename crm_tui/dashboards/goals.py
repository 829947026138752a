"""How far the goals are: of each key result where it stands and where it should be today, by hand or from a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from crm_tui import clock, formats
from crm_tui.dashboards import answers
from crm_tui.dashboards.cards import Card, meaning, of_values
from crm_tui.dashboards.figures import Figure
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.kpis.periods import Period, quarter_named
from crm_tui.kpis.progress import WHOLE, mean, way
from crm_tui.models.base import entities
from crm_tui.queries import goals as kept
from crm_tui.queries.goals import Goal, Result
from crm_tui.scope import Actor

BEHIND = 15
"""Percentage points that a key result may be behind its pace and still be near it."""

_MINUTES = 60


class State(NamedTuple):
    """How far a key result, or an objective, is."""

    current: Decimal | None
    """None where its number cannot be told."""
    progress: int
    """Percent of the way; less than 0 where it went the other way, more than 100 beyond the target."""
    pace: int
    """Percent of the way that it should be today."""
    problem: str = ""
    query: str = ""
    """Of the records that its number counted."""
    entity: str = ""

    @property
    def said(self) -> str:
        """Where it stands, in a word or two."""
        if self.problem:
            return self.problem
        if self.progress >= WHOLE:
            return _("reached")
        if self.progress >= self.pace:
            return _("on pace")
        return _("a little behind") if self.progress >= self.pace - BEHIND else _("behind")

    @property
    def behind(self) -> bool:
        """Whether something is to be done."""
        return bool(self.problem) or self.progress < self.pace - BEHIND


class Told(NamedTuple):
    """An objective with how far it and its key results are."""

    goal: Goal
    state: State
    results: tuple[tuple[Result, State], ...]


def told(actor: Actor, quarter: Period) -> list[Told]:
    """Return the objectives of a quarter with how far they are."""
    pace = elapsed(quarter, clock.today())
    found = []
    for goal in kept.goals(quarter_named(quarter.first)):
        results = [(one, state(actor, one, quarter, pace)) for one in goal.results]
        done = mean((stands.progress, one.weight) for one, stands in results)
        missing = "" if results else _("no key results yet")
        found.append(Told(goal, State(None, done, pace, missing), tuple(results)))
    return found


def elapsed(quarter: Period, today: date) -> int:
    """Return how much of a quarter is over at the end of a day, in percent."""
    days = (min(max(today, quarter.first), quarter.last) - quarter.first).days + 1
    return 0 if today < quarter.first else days * WHOLE // quarter.days


def state(actor: Actor, one: Result, quarter: Period, pace: int) -> State:
    """Return how far a key result is."""
    start, target = _number(one.start), _number(one.target)
    current, problem, query, entity = _current(actor, one, quarter)
    if current is None or start == target:
        return State(current, 0, pace, problem or _("nothing to reach"), query, entity)
    return State(current, way(start, target, current), pace, "", query, entity)


def _number(stored: int) -> Decimal:
    kind: Any = entities["key_result"].fields["target"]
    number: Decimal = kind.as_decimal(stored)
    return number


def _current(actor: Actor, one: Result, quarter: Period) -> tuple[Decimal | None, str, str, str]:
    """Where it stands; or what is the matter; and what proves it."""
    if not one.kpi and one.card is None:
        return _number(one.start if one.current is None else one.current), "", "", ""
    card = Card(one.kpi)
    if one.card is not None:
        values = kept.card_values(one.card)
        if values is None:
            return None, _("its card is gone"), "", ""
        card = of_values(values)
    meant = meaning(card)
    if meant.asked is None:
        return None, meant.problem, "", ""
    try:
        whole = answers.whole(actor, meant.asked, quarter)
    except CrmError as error:
        return None, str(error), "", ""
    entity = entities[meant.asked.entity].name
    if len(whole.figures) != 1:
        return None, _("it is of several currencies"), whole.query, entity
    value = in_units(meant.asked.unit, whole.figures[0])
    return value, "" if value is not None else _("there is nothing to count yet"), whole.query, entity


def in_units(unit: str, figure: Figure) -> Decimal | None:
    """Return a number as targets are written: amounts in major units, time in hours."""
    if figure.value is None:
        return None
    if unit == "money":
        return formats.decimal_amount(int(figure.value), figure.currency)
    return figure.value / _MINUTES if unit == "minutes" else figure.value
