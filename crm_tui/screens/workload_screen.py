"""Who has too much to do: everybody's weeks against the hours they have, with the tasks of one week to move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from crm_tui import clock, formats
from crm_tui.commands.context import Choice
from crm_tui.dashboards import charts
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.kpis import periods
from crm_tui.models.base import entities
from crm_tui.queries import workload
from crm_tui.queries.workload import NOBODY, Load, Todo, Week
from crm_tui.screens.whole_rows_screen import About, WholeRowsScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.record_list import RecordList

WEEKS = 5
"""So many weeks stand beside each other."""

_BAR = 12
_CONCERNED = frozenset({"task", "operator", "membership", "team", "recurring_rule", "setting"})


class WorkloadScreen(WholeRowsScreen):
    """Operators with their weeks, and below each what is due in the first of them; every record command works."""

    scopes: ClassVar[tuple[str, ...]] = ("workload", "rows", "record")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Workload")
        self.week = periods.of("week", clock.today())
        self._loads: list[Load] = []
        self._todo: dict[int, Todo] = {}
        columns = [
            Column("what", _("Who, what"), width=38, min_width=20, flex=2, priority=10),
            Column("load", _("Hours, of those there are"), width=28, min_width=26, priority=9),
            Column("said", _("In words"), width=22, min_width=14, flex=1, priority=8),
            *(Column(f"week{at}", "", width=9, min_width=9, align="right", priority=7 - at) for at in range(1, WEEKS)),
        ]
        self.records = RecordList(columns, empty=_("Nobody works here yet"))

    def crumbs(self) -> Sequence[str]:
        """Workspace, workload, of which week, and which weeks stand beside it."""
        further = [formats.long_day(self.week.step(at).first) for at in range(1, WEEKS)]
        return (self.session.name, _("Workload"), self.week.title, _("then {days}").format(days=", ".join(further)))

    @property
    def workload_view(self) -> Self:
        """The workload commands act on."""
        return self

    def concerns(self, changed: Changed) -> bool:
        """Whether somebody may have more or less to do, or other hours."""
        return not _CONCERNED.isdisjoint(changed.records)

    async def read_whole(self) -> None:
        """Count everybody's weeks."""
        weeks = [self.week.step(at) for at in range(WEEKS)]
        actor = self.session.actor

        def read() -> tuple[list[Load], list[Todo]]:
            return workload.loads(actor, weeks), workload.todo(actor, weeks[0])

        self._loads, todo = await self.session.database.newest("workload", read)
        self._todo = {one.id: one for one in todo}
        over = [one for one in self._loads if one.operator and one.weeks[0].free < 0]
        said = _("nobody has too much") if not over else _("{n} have too much").format(n=formats.whole(len(over)))
        self.show_whole([row for load in self._loads for row in _of(load, todo)], said)

    @property
    def todo_here(self) -> Todo | None:
        """The task at the cursor."""
        return self._todo.get(self.about.record) if self.about is not None and self.about.entity == "task" else None

    def people(self, task: Todo) -> list[Choice]:
        """Who may take a task, the one with most time first, with what they would have left."""
        held = [one for one in self._loads if one.operator and one.weeks[0].capacity and one.operator != task.whose]
        held.sort(key=lambda one: (-one.weeks[0].free, one.login))
        takes = task.estimate or 0
        return [Choice(str(one.operator), one.login, left(one.weeks[0].free - takes)) for one in held]

    def show_week(self, step: int) -> None:
        """Show another week. Raises BadInput."""
        self.week = self.week.step(step)
        self.show_place()
        self.restart()

    async def open_counted(self) -> None:
        """Open the list of the tasks that the hours at the cursor count."""
        if self.about is None:
            raise CrmError(_("There is nothing at the cursor."))
        from crm_tui.screens.others import open_found

        operator = self.todo_here.whose if self.todo_here is not None else self.about.record
        await open_found(self.crm, entities["task"], f"{workload.terms(self.week)} {workload.whose(operator)}")


def _of(load: Load, todo: Sequence[Todo]) -> list[About]:
    """The row of somebody, and those of what is due in the first week."""
    first, *further = load.weeks
    cells = (load.login or _("nobody"), _bar(first), _said(load, first), *(_cell(week) for week in further))
    rows = [About("operator", load.operator, cells, "alert" if load.operator and first.free < 0 else "")]
    for one in todo:
        if one.whose == load.operator:
            took = formats.duration(one.estimate) if one.estimate is not None else _("not estimated")
            due = formats.near_day(one.due) if one.due else ""
            what = f"  {one.title}" + (f" · {one.about}" if one.about else "")
            late = one.due is not None and one.due < clock.today()
            told = (what, took, due, *("" for _week in further))
            rows.append(About("task", one.id, told, "alert" if late else ""))
    return rows


def left(minutes: int) -> str:
    """Return in words how much time is left, or how much is too much."""
    if minutes < 0:
        return _("{time} too much").format(time=formats.duration(-minutes))
    return _("{time} free").format(time=formats.duration(minutes)) if minutes else _("just full")


def _bar(week: Week) -> str:
    most = max(week.capacity, week.total, 1)
    full = round(week.total * _BAR / most)
    end = round(week.capacity * _BAR / most)
    drawn = charts.BAR * min(full, end) + "▓" * max(0, full - end) + "▁" * max(0, end - full)
    return f"{drawn:<{_BAR}} {formats.duration(week.total)} / {formats.duration(week.capacity)}"


def _said(load: Load, week: Week) -> str:
    if load.operator == NOBODY:
        said = _("to be taken")
    elif not week.capacity and week.total:
        said = _("has no hours here")
    else:
        said = left(week.free)
    if week.unestimated:
        return _("{said}, {n} not estimated").format(said=said, n=formats.whole(week.unestimated))
    return said


def _cell(week: Week) -> str:
    if not week.total:
        return "·"
    return formats.duration(week.total) + ("!" if week.free < 0 and week.capacity else "")
