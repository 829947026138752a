"""Keeping the numbers by the day: the days that changes touched are counted anew, and what is not kept yet is built,
a stretch of days at a time."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import peewee as pw

from crm_tui.dashboards.answers import matching
from crm_tui.dashboards.cards import meaning, of_values
from crm_tui.db import Workspace
from crm_tui.kpis import registry
from crm_tui.kpis.question import Question
from crm_tui.models.base import entities
from crm_tui.models.dashboards import Card as KeptCard
from crm_tui.models.journal import Change
from crm_tui.models.rollups import Rollup, RollupQuestion
from crm_tui.queries import rollups
from crm_tui.queries.dashboards import values_of
from crm_tui.queries.measured import Raw
from crm_tui.queries.rollups import Kept
from crm_tui.worker.numbers_due import last_change, many

STRETCH = 10
"""Days that are counted at a time."""

AT_ONCE = 0.05
"""Seconds after which a step ends: whatever else waits for the database comes in between."""

MOST_TOUCHED = 400
"""Days; where more are touched, all are built anew."""

_INSERTED = 500


def questions() -> list[Kept]:
    """Return what is worth keeping: what the numbers of the registry and the cards of dashboards ask, of entities with
    many records."""
    asked = [kpi.ask() for kpi in registry.every().values()]
    model: Any = KeptCard
    for values in values_of(model.archived_at.is_null()):
        meant = meaning(of_values(values))
        if meant.asked is not None:
            asked.append(meant.asked)
    return list(dict.fromkeys(what for one in asked for what in _kept(one) if many(what.entity)))


def _kept(asked: Question) -> Iterator[Kept]:
    for where in rollups.sides(asked, matching(asked)):
        for group in dict.fromkeys(("", "" if asked.in_time else asked.group)):
            if (what := rollups.kept(asked, where, group)) is not None:
                yield what


def step(workspace: Workspace) -> bool:
    """Do some of what is to be done, what was touched first, then some of what is not built; return whether any
    numbers are kept. Raises StorageFailed."""
    with workspace.write():
        if _unbuilt() is None:  # none is being built, or there is none
            _know(questions())
        last = last_change()
        for id, text, position, built in _states():
            if position < last:
                _bring_up_to_date(id, Kept(*json.loads(text)), position, built)
        until = time.perf_counter() + AT_ONCE
        while (found := _unbuilt()) is not None and time.perf_counter() < until:
            _build(*found)
        return bool(_states())


def _unbuilt() -> tuple[int, Kept, date | None] | None:
    """A question of which not all days are kept."""
    for id, text, _position, built in _states():
        if built is None or built > date.min:
            return id, Kept(*json.loads(text)), built
    return None


def _states() -> list[tuple[int, str, int, date | None]]:
    question: Any = RollupQuestion
    columns = (question.id, question.text, question.position, question.built_from)
    return list(question.select(*columns).order_by(question.id).tuples())


def _know(wanted: Iterable[Kept]) -> None:
    """Let there be a row for each question, and none for those nobody asks any more."""
    question: Any = RollupQuestion
    texts = {what.text for what in wanted}
    known = {text: id for id, text, _position, _built in _states()}
    gone = [id for text, id in known.items() if text not in texts]
    if gone:
        row: Any = Rollup
        row.delete().where(row.question.in_(gone)).execute()
        question.delete().where(question.id.in_(gone)).execute()
    for text in texts - set(known):
        question.insert(text=text, position=last_change(), built_from=None).execute()


def _bring_up_to_date(question: int, what: Kept, position: int, built: date | None) -> None:
    state: Any = RollupQuestion
    row: Any = Rollup
    upto = _some_changes_on(position)
    days = rollups.touched(what, position, upto)
    changes: dict[str, Any] = {"position": upto}
    if days is None or len(days) > MOST_TOUCHED:
        row.delete().where(row.question == question).execute()
        changes["built_from"] = None
    elif built is not None:
        for day in sorted(days):
            if day >= built:
                row.delete().where((row.question == question) & (row.day == day)).execute()
                _keep(question, rollups.counted(what, day, day))
    state.update(**changes).where(state.id == question).execute()


def _some_changes_on(position: int) -> int:
    """The last of the changes after a position that are looked through at a time."""
    change: Any = Change
    later = change.select(change.id).where(change.id > position).order_by(change.id)
    found = later.offset(rollups.MOST_CHANGES - 1).limit(1).tuples().first()
    return found[0] if found is not None else last_change()


def _build(question: int, what: Kept, built: date | None) -> None:
    """Count one more stretch of days, backwards from the last day there is."""
    state: Any = RollupQuestion
    model: Any = entities[what.entity].model
    day = getattr(model, what.dated)
    before = model.archived_at.is_null() & (day.is_null(False) if built is None else day < built)
    last = model.select(pw.fn.MAX(day)).where(before).scalar()
    if last is None:
        first = date.min
    else:
        first = last - timedelta(days=STRETCH - 1) if last.toordinal() > STRETCH else date.min
        _keep(question, rollups.counted(what, first, last))
    state.update(built_from=first).where(state.id == question).execute()


def _keep(question: int, found: Iterable[Raw]) -> None:
    row: Any = Rollup
    rows = [
        {"question": question, "day": one.day, "key": one.key, "label": one.label, "currency": one.code,
         "value": one.value, "counted": one.counted, "total": one.total}
        for one in found
    ]  # fmt: skip
    for at in range(0, len(rows), _INSERTED):
        row.insert_many(rows[at : at + _INSERTED]).execute()


def forget(workspace: Workspace) -> None:
    """Take everything that is kept away: it is built anew. Raises StorageFailed."""
    row: Any = Rollup
    state: Any = RollupQuestion
    with workspace.write():
        row.delete().execute()
        state.delete().execute()


def differences() -> list[str]:
    """Return the questions whose numbers are kept otherwise than counting from scratch says, and on how many days."""
    found = []
    row: Any = Rollup
    for id, text, position, built in _states():
        if built is None or position < last_change():
            continue  # what is not up to date is not believed either
        what = Kept(*json.loads(text))
        columns = (row.day, row.key, row.label, row.currency, row.value, row.counted, row.total)
        held = Counter(row.select(*columns).where(row.question == id).tuples())
        fresh = Counter(
            (one.day, one.key, one.label, one.code, one.value, one.counted, one.total)
            for one in rollups.counted(what, built, date.max)
        )
        if days := {one[0] for one in (held - fresh) + (fresh - held)}:
            plural = entities[what.entity].plural
            found.append(f"{plural} {what.where} ({len(days)})")
    return found
