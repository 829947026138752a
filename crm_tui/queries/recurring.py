"""When recurring rules come due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice, takewhile
from typing import Any

from crm_tui import clock, recurrence, recurring
from crm_tui.errors import NotFound
from crm_tui.i18n import _
from crm_tui.models.recurring import RecurringRule
from crm_tui.worktime import WorkTime


def coming(record: int, count: int = 5) -> list[datetime]:
    """Return the moments (naive UTC) at which a rule comes due next. Raises NotFound."""
    rule: Any = RecurringRule.get_or_none(RecurringRule.id == record)
    if rule is None:
        raise NotFound(_("There is no recurring rule with the id {id}.").format(id=record))
    if rule.next_at is None:
        return []
    return list(islice(_moments(rule), count))


def _moments(rule: Any, work: WorkTime | None = None) -> Iterator[datetime]:
    """The moments at which a rule that comes due at ``next_at`` does from then on."""
    yield rule.next_at
    if "X-AFTER" not in rule.schedule:
        yield from recurring.moments_of(rule, rule.next_at, work)


MOST_RULES, MOST_COMING = 300, 2000
"""Rules of which it is told when they come due within some days, and how often in all."""


@dataclass(frozen=True, slots=True)
class Coming:
    """That a rule comes due on a day."""

    day: date
    time: str
    """Of that day, "" where the rule names none."""
    rule: int
    name: str


def coming_between(first: date, last: date) -> list[Coming]:
    """Return what comes due by rules on the days from one to another, in order: of the rules that come due first."""
    model: Any = RecurringRule
    end = clock.to_utc(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    live = model.archived_at.is_null() & ~model.paused & (model.next_at < end)
    rules = list(model.select().where(live).order_by(model.next_at, model.id).limit(MOST_RULES))
    if not rules:
        return []
    work = recurring.work_time()
    each = [_told(rule, takewhile(lambda moment: moment < end, _moments(rule, work))) for rule in rules]
    found = islice(merge(*each, key=lambda one: (one[0], one[1].rule)), MOST_COMING)
    return [one for _moment, one in found if one.day >= first]


def _told(rule: Any, moments: Iterable[datetime]) -> Iterator[tuple[datetime, Coming]]:
    timed = recurrence.parse(rule.schedule).timed
    for moment in moments:
        local = clock.local(moment)
        yield moment, Coming(local.date(), f"{local:%H:%M}" if timed else "", rule.id, rule.name)
