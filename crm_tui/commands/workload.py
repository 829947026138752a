"""The workload of everybody: other weeks, and tasks moved to another week or another person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_tui import clock
from crm_tui.commands.context import Context, needs_change
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError
from crm_tui.i18n import N_, _
from crm_tui.models.base import entities

if TYPE_CHECKING:
    from crm_tui.commands.shown import WorkloadView
    from crm_tui.queries.workload import Todo

_WEEK = timedelta(days=7)


def _view(context: Context) -> WorkloadView:
    view = context.screen.workload_view
    if view is None:
        raise CrmError(_("There is no workload on the screen."))
    return view


def _task(context: Context) -> Todo:
    task = _view(context).todo_here
    if task is None:
        raise CrmError(_("Put the cursor on a task."))
    return task


@command("go.workload", N_("workload"), keys=("g H",), scope="list record rows dashboard", in_program=True, rank=103)
async def go_workload(context: Context) -> None:
    """Go to the workload: who has how much to do in which week, against the hours they have."""
    await context.screen.open_screen("workload")


@command("workload.earlier", N_("week before"), keys=("h", "left"), scope="workload", in_program=True, rank=5)
async def earlier(context: Context) -> None:
    """Show the week before."""
    _view(context).show_week(-1)


@command("workload.later", N_("week after"), keys=("l", "right"), scope="workload", in_program=True, rank=6)
async def later(context: Context) -> None:
    """Show the week after."""
    _view(context).show_week(1)


@command("workload.give", N_("give"), keys=("O",), scope="workload", in_program=True, why_not=needs_change, rank=1)
async def give(context: Context) -> None:
    """Give the task at the cursor to somebody else: whoever has most time stands first."""
    task = _task(context)
    chosen = await context.screen.choose(_("Who takes {title}?").format(title=task.title), _view(context).people(task))
    if chosen:
        await _change(context, task, {"assignee": f"#{chosen[0]}"})


@command("workload.put_off", N_("a week later"), keys=(">",), scope="workload", in_program=True, why_not=needs_change,
         rank=2)  # fmt: skip
async def put_off(context: Context) -> None:
    """Put the task at the cursor off by a week."""
    await _shift(context, _WEEK)


@command("workload.bring_forward", N_("a week earlier"), keys=("<",), scope="workload", in_program=True,
         why_not=needs_change, rank=3)  # fmt: skip
async def bring_forward(context: Context) -> None:
    """Bring the task at the cursor forward by a week, not before today."""
    await _shift(context, -_WEEK)


async def _shift(context: Context, step: timedelta) -> None:
    task = _task(context)
    day = (task.due or clock.today()) + step
    if step < timedelta():
        day = max(day, min(clock.today(), task.due or clock.today()))
    await _change(context, task, {"due_on": day.isoformat()})


async def _change(context: Context, task: Todo, values: dict[str, Any]) -> None:
    from crm_tui.services import records

    await context.call(records.save, context.workspace, context.actor, entities["task"], task.id, values)
    context.say(_("Moved {title}; u undoes it").format(title=task.title))


@command("workload.records", N_("tasks"), keys=("r",), scope="workload", in_program=True, rank=4)
async def open_counted(context: Context) -> None:
    """Open the list of exactly the tasks that the planned hours of this person and week count."""
    await _view(context).open_counted()
