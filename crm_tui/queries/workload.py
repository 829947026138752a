"""Who has how much to do in which week: estimates of open tasks by their due days and what rules will make, against
the hours that people have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import clock, recurring
from crm_tui.kpis.periods import Period
from crm_tui.kpis.words import meant
from crm_tui.models.base import entities
from crm_tui.models.people import Membership, Operator
from crm_tui.models.recurring import FIXED, RecurringRule
from crm_tui.queries import lists
from crm_tui.queries.measured import Measured, measured
from crm_tui.queries.recurring import coming_between
from crm_tui.scope import Actor

NOBODY = 0
"""In the place of an operator: what nobody has taken."""

_DAY = timedelta(days=1)
_HOUR = 60
MOST = 500
"""Tasks of a week that are told one by one."""


class Week(NamedTuple):
    """How much somebody has to do in a week, in minutes."""

    capacity: int
    planned: int = 0
    """Estimates of open tasks that are due; in this week also of those that are late."""
    coming: int = 0
    """What recurring rules will make."""
    unestimated: int = 0
    """Tasks nobody has estimated."""

    @property
    def total(self) -> int:
        """All that is to be done."""
        return self.planned + self.coming

    @property
    def free(self) -> int:
        """Minutes that are left; less than 0 is too much."""
        return self.capacity - self.total


class Load(NamedTuple):
    """An operator's weeks."""

    operator: int
    login: str
    weeks: tuple[Week, ...]


class Todo(NamedTuple):
    """A task of a week."""

    id: int
    title: str
    whose: int
    due: date | None
    estimate: int | None
    about: str


def terms(week: Period) -> str:
    """Return the query for what is to be done in a week; what is late is to be done in this one."""
    today = clock.today()
    days = f"due-on<={week.last}" if week.first <= today <= week.last else f"due-on:{week.written}"
    return f"{meant('task', 'status', 'open')} {days}"


def whose(operator: int) -> str:
    """Return the term for the tasks of an operator, or of nobody."""
    return f"assignee:#{operator}" if operator else "no:assignee"


def loads(actor: Actor, weeks: Sequence[Period]) -> list[Load]:
    """Return what everybody who works here has to do in some weeks in a row, and what nobody has taken."""
    operator: Any = Operator
    here = operator.active & operator.archived_at.is_null()
    people = dict(
        operator.select(operator.id, operator.login).where(here).order_by(operator.login.expression()).tuples()
    )
    room = capacities(weeks)
    coming = _coming(weeks[0].first, weeks[-1].last)
    planned = [_by_assignee(actor, terms(week), "estimate") for week in weeks]
    bare = [_by_assignee(actor, f"{terms(week)} no:estimate") for week in weeks]
    # Whoever left may have work that nobody took over.
    left = {one for held in planned for one in held} - {*people, NOBODY}
    gone = operator.select(operator.id, operator.login).where(operator.id.in_(list(left))).order_by(operator.id)
    found = []
    for one, login in [*people.items(), *(gone.tuples() if left else ()), (NOBODY, "")]:
        held = []
        for at, week in enumerate(weeks):
            row = planned[at].get(one)
            capacity = room[at].get(one, 0)
            without = bare[at].get(one)
            held.append(
                Week(capacity, row.total if row else 0, coming[one, week.first], without.counted if without else 0)
            )
        if one or any(week.total or week.unestimated for week in held):
            found.append(Load(one, login, tuple(held)))
    return found


def _by_assignee(actor: Actor, text: str, field: str = "") -> dict[int, Measured]:
    return {row.key or NOBODY: row for row in measured(actor, entities["task"], text, field=field, group="assignee")}


def capacities(weeks: Sequence[Period]) -> list[dict[int, int]]:
    """Return the minutes that everybody has in some weeks: what they have for their teams, or the working hours where
    that is not said; holidays and days off are taken away."""
    work = recurring.work_time()
    usual = sum((end.hour - begin.hour) * _HOUR + end.minute - begin.minute for begin, end in work.hours) * len(
        work.days
    )
    member: Any = Membership
    operator: Any = Operator
    mine = (member.operator == operator.id) & member.archived_at.is_null()
    rows = (
        operator.select(operator.id, pw.fn.SUM(member.capacity))
        .join(member, pw.JOIN.LEFT_OUTER, on=mine)
        .where(operator.active & operator.archived_at.is_null())
        .group_by(operator.id)
    )
    a_week = {one: int(minutes or usual) for one, minutes in rows.tuples()}
    found = []
    for week in weeks:
        days = [week.first + _DAY * at for at in range(week.days)]
        open_days = sum(not work.closed(day) for day in days)
        found.append({one: minutes * open_days // max(1, len(work.days)) for one, minutes in a_week.items()})
    return found


def _coming(first: date, last: date) -> Mapping[tuple[int, date], int]:
    """Minutes that rules will make, by operator and the Monday of the week; what goes to one of a team is
    shared out."""
    found: Counter[tuple[int, date]] = Counter()
    ahead = coming_between(max(first, clock.today()), last)
    rules = _rules({one.rule for one in ahead})
    for one in ahead:
        minutes, people, days = rules.get(one.rule, (0, (), 0))
        due = one.day + _DAY * days
        for person in people if minutes else ():
            found[person, due - _DAY * due.weekday()] += minutes // len(people)
    return found


def _rules(wanted: set[int]) -> dict[int, tuple[int, tuple[int, ...], int]]:
    """Of each rule that makes tasks: how long one takes, who may do it, and how many days later it is due."""
    rule: Any = RecurringRule
    member: Any = Membership
    teams: dict[int, list[int]] = defaultdict(list)
    for team, operator in member.select(member.team, member.operator).where(member.archived_at.is_null()).tuples():
        teams[team].append(operator)
    columns = (rule.id, rule.estimate, rule.assignment, rule.assignee, rule.team, rule.due_in)
    found = {}
    for id, estimate, how, assignee, team, days in (
        rule.select(*columns).where(rule.id.in_(list(wanted)) & (rule.makes == "task")).tuples()
    ):
        people = (assignee or NOBODY,) if how == FIXED else tuple(teams[team]) or (NOBODY,)
        found[id] = (estimate or 0, people, days or 0)
    return found


def todo(actor: Actor, week: Period) -> list[Todo]:
    """Return the tasks of a week, the first due first, so many as can be told."""
    task = entities["task"]
    columns = ("title", "assignee", "due_on", "estimate", "order", "client")
    shown = lists.listing(actor, task, f"{terms(week)} sort:due-on", columns)
    found = []
    for record, (title, assignee, due, estimate, order, client) in lists.values(actor, shown, MOST):
        about = (client or order or (0, ""))[1] or ""
        found.append(Todo(record, title, assignee[0] if assignee else NOBODY, due, estimate, about))
    return found
