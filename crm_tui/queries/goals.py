"""Objectives with their key results and what was said of them, as they are kept."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

import peewee as pw

from crm_tui.models.dashboards import Card
from crm_tui.models.goals import CheckIn, KeyResult, Objective
from crm_tui.models.people import Operator
from crm_tui.queries.dashboards import values_of


class Result(NamedTuple):
    """A key result as it is kept; values in thousandths."""

    id: int
    objective: int
    title: str
    start: int
    target: int
    current: int | None
    kpi: str
    card: int | None
    weight: int
    confidence: str
    owner: str
    history: tuple[tuple[date, int], ...] = ()
    """Its check-ins, the oldest first."""


class Goal(NamedTuple):
    """An objective and its key results."""

    id: int
    title: str
    owner: str
    ends: date
    results: tuple[Result, ...]


def goals(quarter: str) -> list[Goal]:
    """Return the objectives of a quarter (``2026-Q4``) in the order they were added."""
    objective: Any = Objective
    operator: Any = Operator
    wanted = (objective.quarter.expression() == quarter.lower()) & objective.archived_at.is_null()
    columns = (objective.id, objective.title, operator.login, objective.due_on)
    found = list(
        objective.select(*columns)
        .join(operator, pw.JOIN.LEFT_OUTER, on=objective.owner == operator.id)
        .where(wanted)
        .order_by(objective.id)
        .tuples()
    )
    results = _results([row[0] for row in found])
    return [Goal(id, title, owner or "", ends, tuple(results[id])) for id, title, owner, ends in found]


def _results(objectives: list[int]) -> dict[int, list[Result]]:
    result: Any = KeyResult
    operator: Any = Operator
    columns = (result.id, result.objective, result.title, result.start, result.target, result.current, result.kpi,
               result.card, result.weight, result.confidence, operator.login)  # fmt: skip
    rows = (
        result.select(*columns)
        .join(operator, pw.JOIN.LEFT_OUTER, on=result.owner == operator.id)
        .where(result.objective.in_(objectives) & result.archived_at.is_null())
        .order_by(result.id)
        .tuples()
    )
    held = [Result._make((*row[:10], row[10] or "", ())) for row in rows]
    said = _history([one.id for one in held])
    found: dict[int, list[Result]] = defaultdict(list)
    for one in held:
        found[one.objective].append(one._replace(history=tuple(said[one.id])))
    return found


def _history(results: list[int]) -> dict[int, list[tuple[date, int]]]:
    check: Any = CheckIn
    rows = check.select(check.key_result, check.day, check.value).where(
        check.key_result.in_(results) & check.archived_at.is_null()
    )
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for record, day, value in rows.order_by(check.day, check.id).tuples():
        found[record].append((day, value))
    return found


def card_values(card: int) -> dict[str, Any] | None:
    """Return the values of a card that a key result is taken from; None where it is gone."""
    model: Any = Card
    found = values_of((model.id == card) & model.archived_at.is_null())
    return found[0] if found else None
