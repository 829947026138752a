"""Objectives and key results: what is asked of one, and what a check-in changes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crm_tui import clock
from crm_tui.errors import BadInput, InvalidRecord
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.kpis import periods, registry
from crm_tui.kpis.progress import mean, way, within
from crm_tui.models.base import entities
from crm_tui.models.goals import CheckIn, KeyResult
from crm_tui.services.rules import consequence, leaving, rule


@rule("objective", "quarter")
def of_a_quarter(writer: Writer, record: int | None, values: Values) -> None:
    """An objective is of one quarter, and ends with it."""
    try:
        period = periods.read(values["quarter"] or "this-quarter")
    except BadInput as error:
        raise InvalidRecord({"quarter": str(error)}) from error
    if period.unit != "quarter":
        raise InvalidRecord({"quarter": _("that is no quarter; write one like 2026-Q4")})
    values["quarter"] = periods.quarter_named(period.first)
    values["due_on"] = period.last


@rule("key_result", "objective", "start", "target", "current", "kpi", "card")
def can_be_reached(writer: Writer, record: int | None, values: Values) -> None:
    """A key result goes somewhere, and its number comes from one place."""
    if values.get("start") is not None and values["start"] == values.get("target"):
        raise InvalidRecord({"target": _("it starts where it is to be: there is nothing to reach")})
    if values["kpi"]:
        try:
            values["kpi"] = registry.named(values["kpi"]).name
        except BadInput as error:
            raise InvalidRecord({"kpi": str(error)}) from error
        if values.get("card") is not None:
            raise InvalidRecord({"card": _("it is a number with a name already; leave one of the two empty")})
    values["progress"] = progress(values.get("start"), values.get("target"), values.get("current"))


def progress(start: int | None, target: int | None, current: int | None) -> int:
    """Return how far it is from the start to the target, in percent from 0 to 100."""
    if start is None or target is None or current is None or start == target:
        return 0
    return within(way(Decimal(start), Decimal(target), Decimal(current)))


@consequence("key_result")
def counted(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """The objective is as far as its key results are."""
    for objective in {values.get("objective"), before.get("objective") if before else None}:
        if objective is not None:
            refresh(writer, objective)


@leaving("key_result")
def no_longer_counted(writer: Writer, ids: Sequence[int]) -> None:
    """What is taken away counts no more."""
    for objective in {one["objective"] for one in Writer.read_many(entities["key_result"], ids).values()}:
        refresh(writer, objective, without=ids)


def refresh(writer: Writer, objective: int, *, without: Sequence[int] = ()) -> None:
    """Note how far an objective is now."""
    result: Any = KeyResult
    live = (result.objective == objective) & result.archived_at.is_null() & result.id.not_in(list(without))
    rows = result.select(result.progress, result.weight).where(live).tuples()
    writer.update(
        entities["objective"], objective, {"progress": mean((done or 0, weight or 1) for done, weight in rows)}
    )


@rule("check_in", "day", "value")
def on_a_day(writer: Writer, record: int | None, values: Values) -> None:
    """A check-in is of today unless it says otherwise, and of whoever makes it."""
    values["day"] = values.get("day") or clock.today()
    if values["day"] > clock.today():
        raise InvalidRecord({"day": _("that day has not come yet")})
    values["by"] = values.get("by") or writer.actor.operator_id or None
    if values.get("key_result") is not None and not values.get("confidence"):
        values["confidence"] = writer.read(entities["key_result"], values["key_result"])["confidence"]


@consequence("check_in")
def brought_up_to_date(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """The newest check-in is how far the key result is."""
    check: Any = CheckIn
    newest = (
        check.select(check.value, check.confidence)
        .where((check.key_result == values["key_result"]) & check.archived_at.is_null())
        .order_by(check.day.desc(), check.id.desc())
        .limit(1)
        .tuples()
        .first()
    )
    if newest is not None:
        note(writer, values["key_result"], newest[0], newest[1])


def note(writer: Writer, record: int, value: int, confidence: str = "") -> None:
    """Let a key result be so far, and its objective with it."""
    entity = entities["key_result"]
    held = writer.read(entity, record)
    changes: dict[str, Any] = {"current": value, "progress": progress(held["start"], held["target"], value)}
    if confidence:
        changes["confidence"] = confidence
    if any(held[name] != changed for name, changed in changes.items()):
        writer.update(entity, record, changes)
        refresh(writer, held["objective"])
