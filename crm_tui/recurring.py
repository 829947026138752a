"""When recurring rules come due next: it follows from the rules, from what they made and from what of that is done.

Nobody types it and the journal does not tell it: undoing a change of a rule counts it anew. Editing a rule, or letting
it go on after a pause, never replays what is past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import peewee as pw

from crm_tui import clock, db
from crm_tui.models.base import entities
from crm_tui.models.orders import DONE
from crm_tui.models.recurring import Occurrence, RecurringRule
from crm_tui.models.tasks import still_open, task_statuses
from crm_tui.models.workspace import setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_tui.worktime import WorkTime

HOLIDAYS, WORKING_DAYS, WORKING_HOURS = "holidays", "working_days", "working_hours"
"""The settings that say when people work: ``2026-12-25`` or ``12-25`` for every year, ``mon-fri``, ``9:00-17:00``."""

T = TypeVar("T")

_FIELDS = ("id", "schedule", "starts_on", "zone", "paused", "archived_at", "basis", "since", "next_at", "last_at")


def refresh(workspace: db.Workspace, touched: Mapping[str, set[int]]) -> set[int]:
    """Bring up to date when rules come due that changed, or of which a task did. Return those that differ now. Inside
    ``Workspace.write`` only."""
    wanted = set(touched.get("recurring_rule", ()))
    if tasks := touched.get("task"):
        wanted |= _completed_rules(tasks)
    if "setting" in touched:
        model: Any = RecurringRule
        avoiding = model.schedule.contains("X-HOLIDAY") & model.next_at.is_null(False)
        wanted |= {row[0] for row in model.select(model.id).where(avoiding).tuples()}
    return settle(workspace, wanted) if wanted else set()


def settle(workspace: db.Workspace, rules: Iterable[int]) -> set[int]:
    """Find out anew when rules come due; return those that differ now. Inside ``Workspace.write`` only."""
    model: Any = RecurringRule
    now, changed, rows = clock.now(), set(), []
    work = work_time() if rules else None
    for batch in db.batches(sorted(rules)):
        for row in (
            model.select(*(model._meta.fields[name] for name in _FIELDS)).where(db.among(model.id, batch)).namedtuples()
        ):
            basis = f"{row.schedule}|{row.starts_on}|{row.zone}|{int(row.paused)}|{int(row.archived_at is None)}"
            since = now if basis != row.basis or row.since is None else min(row.since, now)
            stopped = row.paused or row.archived_at is not None
            last = _last(row.id, now)
            due = None if stopped else _next(row, since, last, work)
            if (due, last, basis, since) != (row.next_at, row.last_at, row.basis, row.since):
                rows.append((due, last, basis, since, row.id))
                changed.add(row.id)
    if rows:
        workspace.update_rows("recurring_rule", ["next_at", "last_at", "basis", "since"], rows)
    return changed


def count_from(workspace: db.Workspace, rule: int, moment: datetime) -> None:
    """Let a rule count from a moment on: what it missed until then is let go. Inside ``Workspace.write`` only."""
    workspace.update_rows("recurring_rule", ["since"], [(moment, rule)])


def due(now: datetime, limit: int) -> list[int]:
    """Return the rules that are due, the longest first."""
    model: Any = RecurringRule
    query = model.select(model.id).where(model.archived_at.is_null() & (model.next_at <= now))
    return [row[0] for row in query.order_by(model.next_at, model.id).limit(limit).tuples()]


def next_due() -> datetime | None:
    """Return the moment at which a rule comes due next."""
    model: Any = RecurringRule

    def query() -> Any:
        due = model.select(model.next_at).where(model.archived_at.is_null() & model.next_at.is_null(False))
        return due.order_by(model.next_at, model.id).limit(1)

    found = db.ask("next rule", query)
    return found[0][0] if found else None


def ahead_of_the_clock(now: datetime) -> list[int]:
    """Return the rules that were carried out later than it is: the clock was set back."""
    model: Any = Occurrence
    query = model.select(model.rule).where(model.made_at > now + timedelta(minutes=1)).distinct()
    return [row[0] for row in query.tuples()]


def moments_of(rule: Any, after: datetime, work: WorkTime | None = None) -> Any:
    """Yield the moments (naive UTC) after one at which a rule on a schedule comes due; ``rule`` has its ``schedule``,
    ``starts_on`` and ``zone``."""
    from crm_tui import recurrence

    start = datetime.combine(rule.starts_on or clock.today(), time())
    zone = zone_of(rule)
    work = work_time() if work is None else work
    return recurrence.occurrences(recurrence.parse(rule.schedule), start, zone, after=after, work=work)


def zone_of(rule: Any) -> tzinfo | None:
    """Return the time zone of a rule, None for that of the business. Raises ValueError."""
    return clock.zone_named(rule.zone) if rule.zone else None


def _next(row: Any, since: datetime, last: datetime | None, work: WorkTime | None) -> datetime | None:
    from crm_tui import recurrence

    try:
        rule = recurrence.parse(row.schedule)
        if rule.after:
            return _next_after_completion(row, rule)
        floor = max(since, last) if last else since
        if last is None and not rule.timed:
            # Whoever makes a rule for every day means this day, too.
            zone = zone_of(row)
            local = since.replace(tzinfo=UTC).astimezone(zone) if zone else clock.local(since)
            floor = clock.to_utc(local.replace(hour=0, minute=0, second=0, microsecond=0)) - timedelta(milliseconds=1)
        # Made already are those that came due by a clock that was ahead.
        made = {one for (one,) in _made_after(row.id, floor)}
        found: datetime | None = next((one for one in moments_of(row, floor, work) if one not in made), None)
    except (ValueError, OverflowError):  # of a later version, or past the end of time: it is not carried out
        return None
    return found


def _next_after_completion(row: Any, rule: Any) -> datetime | None:
    """The first time at its start; then as long after what it made last was done, while nothing of it is open."""
    task: Any = entities["task"].model
    of_rule = (task.rule == row.id) & task.archived_at.is_null()
    if task.select().where(of_rule & still_open()).exists():
        return None
    occurrences: Any = Occurrence
    times = occurrences.select(pw.fn.COUNT(occurrences.id)).where(occurrences.rule == row.id).scalar()
    if "COUNT" in rule.parts and times >= int(rule.parts["COUNT"]):
        return None
    done = (
        task.select(pw.fn.MAX(task.done_at))
        .where(of_rule & task.status.in_(list(task_statuses().meant(DONE))))
        .scalar()
    )
    if done is None:
        if times:
            return None  # what it made was taken away: nothing was completed
        start = datetime.combine(row.starts_on or clock.today(), rule.at or time())
        zone = zone_of(row)
        return clock.to_utc(start.replace(tzinfo=zone) if zone else start)
    from crm_tui import recurrence

    if isinstance(done, str):
        done = datetime.fromisoformat(done)
    found = recurrence.after_completion(rule, clock.local(done).date(), zone_of(row))
    there = (
        found is not None
        and occurrences.select().where((occurrences.rule == row.id) & (occurrences.due_at == found)).exists()
    )
    return None if there else found


def _made_after(rule: int, moment: datetime) -> Any:
    model: Any = Occurrence
    return model.select(model.due_at).where((model.rule == rule) & (model.due_at > moment)).tuples()


def _last(rule: int, now: datetime) -> datetime | None:
    """The moment a rule was carried out for last; what was done while the clock was ahead does not count."""
    model: Any = Occurrence
    query = model.select(model.due_at).where((model.rule == rule) & (model.made_at <= now + timedelta(minutes=1)))
    row = query.order_by(model.due_at.desc()).limit(1).tuples().first()
    found: datetime | None = row[0] if row else None
    return found


def _completed_rules(tasks: Iterable[int]) -> set[int]:
    """The rules of these tasks, and those that lost one of them: what recurs after completion follows from it."""
    task: Any = entities["task"].model
    found: set[int] = set()
    for batch in db.batches(sorted(tasks)):
        query = task.select(task.rule).where(db.among(task.id, batch) & task.rule.is_null(False)).distinct()
        found.update(row[0] for row in query.tuples())
    if not found:
        return found
    model: Any = RecurringRule
    return {row[0] for row in model.select(model.id).where(
        db.among(model.id, sorted(found)) & model.schedule.contains("X-AFTER")).tuples()}  # fmt: skip


def work_time() -> WorkTime:
    """Return when people work, as it is written in the settings."""
    from crm_tui import worktime  # most sessions look after no rule

    days, hours = _read(WORKING_DAYS, worktime.read_days), _read(WORKING_HOURS, worktime.read_hours)
    holidays = frozenset(_read(HOLIDAYS, worktime.read_holidays))
    return worktime.WorkTime(frozenset(days) or worktime.USUAL_DAYS, tuple(hours) or worktime.USUAL_HOURS, holidays)


def _read(key: str, read: Callable[[str], list[T]]) -> list[T]:
    """What a setting says, nothing where it says nothing: it may be older than what is asked of it."""
    text = setting(key)
    try:
        return read(text) if text else []
    except ValueError:
        return []
