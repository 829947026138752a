"""Tasks by keyboard: added in one line from anywhere, done, put off, waiting for each other."""

from __future__ import annotations

import re
from typing import Any

from crm_tui.commands import asking
from crm_tui.commands.context import CalendarView, Choice, Context, needs_record_to_change
from crm_tui.commands.making import doubtful
from crm_tui.commands.registry import command
from crm_tui.errors import ANYWAY, BadInput, CrmError
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.scope import why_not_change

_FOR = {"client": "client", "order": "order", "task": "parent"}
"""What a task may be for, by the entity, and the field that says so."""


def _is_task(entity: Entity) -> bool:
    return entity.name == "task"


def _may_add(context: Context) -> str:
    return why_not_change(context.actor, entities["task"])


@command("go.tasks", N_("tasks"), keys=("g k",), scope="list record rows dashboard", in_program=True, rank=105)
async def go_tasks(context: Context) -> None:
    """Go to the tasks, as you left them."""
    await context.screen.open_list(entities["task"])


@command("task.quick_add", N_("task"), keys=("t",), scope="list record rows dashboard", why_not=_may_add, rank=17,
         takes=("line", "client", "order", "parent"))  # fmt: skip
async def quick_add(context: Context) -> None:
    """Add a task in one line: what is to be done, a day and a time at its end, !priority, @operator or @team, #order or
    #client, ~1h30 how long it takes. Where a client, an order or a task is shown it is for that one; # alone is for
    none."""
    about, name = await _about(context)
    calendar = context.ui.calendar_view if context.ui is not None else None
    if calendar is not None:
        about = {**about, "due_on": calendar.day}
    if "line" in context.arguments:
        context.say(await _add(context, context.arguments["line"], about))
        return
    title = _("Add a task for {name}").format(name=name) if name else _("Add a task")
    help = _("call Ana tomorrow 10:00 !high @bo #acme ~1h30; empty ends")
    await asking.lines(context, title, help, lambda typed: _add(context, typed, about))


async def _add(context: Context, line: str, about: dict[str, Any]) -> str:
    from crm_tui.services import tasking  # start-up is budgeted

    record, said = await context.call(tasking.add_line, context.workspace, context.actor, line, about)
    context.found = [{"id": record}]
    return str(said)


async def _about(context: Context) -> tuple[dict[str, Any], str]:
    """What a task that is added here is for, and what that is called: named, the record shown, or the client or order
    at the cursor of a list."""
    for name, entity in (("order", "order"), ("client", "client"), ("parent", "task")):
        if text := context.arguments.get(name):
            return {name: await asking.named(context, entity, text, name)}, ""
    at = context.shown
    if at is None and context.entity is not None and context.entity.name in ("client", "order"):
        at = (context.entity, context.ids[0]) if len(context.ids) == 1 and not context.several else None
    if at is None or at[0].name not in _FOR:
        return {}, ""
    found = await context.brief(*at)
    return {_FOR[at[0].name]: at[1]}, found.title


@command(
    "{entity}.finish", N_("done"), keys=("x",), scope="list record", of=_is_task, why_not=needs_record_to_change,
    rank=12, takes=("parts", ANYWAY),
)  # fmt: skip
async def finish(context: Context) -> None:
    """Finish the task, or all selected; which tasks waited for it and can go on is said. Where parts of it are still to
    be done it asks, in scripts parts=yes finishes them, too."""
    from crm_tui.fields import Flag
    from crm_tui.services import tasking

    ids = await context.records()
    with_parts = bool(Flag().parse(context.arguments.get("parts", "no")))
    try:
        said = await doubtful(context, tasking.finish, ids, with_parts=with_parts)
    except tasking.PartsOpen as error:
        if context.ui is None:
            raise
        if not await context.ui.confirm(_("{reason}. Finish them, too?").format(reason=error)):
            return
        said = await doubtful(context, tasking.finish, ids, with_parts=True)
    context.say(said or _("Nothing to change: they are so already."))


@command(
    "{entity}.put_off", N_("put off"), keys=("z",), scope="list record", of=_is_task, why_not=needs_record_to_change,
    rank=13, takes=("until", "dependents"),
)  # fmt: skip
async def put_off(context: Context) -> None:
    """Give the task, or all selected, another due day; what waits for it can be put off by as many days."""
    from crm_tui.fields import Flag
    from crm_tui.services import tasking

    ids = await context.records()
    until = context.arguments.get("until") or await _which_day(context)
    if not until:
        return
    day = tasking.day_of(until)
    along = bool(Flag().parse(context.arguments.get("dependents", "no")))
    if context.ui is not None and not along:
        waiting = await context.call(tasking.dependents, ids)
        if waiting:
            along = await context.ui.confirm(_them_too(len(waiting)))
    said = await context.call(tasking.put_off, context.workspace, context.actor, ids, day, with_dependents=along)
    context.say(said or _("Nothing to change: they are so already."))


@command(
    "{entity}.shift", N_("shift what waits"), scope="list record", of=_is_task, why_not=needs_record_to_change,
    rank=110, takes=("days",),
)  # fmt: skip
async def shift(context: Context) -> None:
    """Put off what waits for the task by so many days (days=3), or bring it forward (days=-3); it is asked where a
    task was given another due day."""
    from crm_tui.services import tasking

    text = context.arguments.get("days", "")
    if not re.fullmatch(r"[+-]?\d{1,4}", text):
        raise BadInput(_("Say how many days, like days=3 or days=-3."), field="days")
    ids = await context.records()
    waiting = await context.call(tasking.dependents, ids)
    if not waiting:
        if context.ui is None:
            context.say(_("Nothing waits for it."))
        return
    if context.ui is not None and not await context.ui.confirm(_them_too(len(waiting))):
        return
    context.say(await context.call(tasking.shift_dependents, context.workspace, context.actor, ids, int(text)))


def _them_too(waiting: int) -> str:
    """Ask whether so many tasks that wait for another go with it."""
    return ngettext(
        "{n} task waits for it. Put it off by as many days, too?",
        "{n} tasks wait for it. Put them off by as many days, too?",
        waiting,
    ).format(n=waiting)


async def _which_day(context: Context) -> str | None:
    choices = [
        Choice("today", _("today")),
        Choice("tomorrow", _("tomorrow")),
        Choice("+3d", _("in 3 days")),
        Choice("+1w", _("in a week")),
        Choice("+2w", _("in 2 weeks")),
        Choice("other", _("another day")),
    ]
    chosen = await context.screen.choose(_("Due when?"), choices)
    if chosen and chosen[0] == "other":
        return await context.screen.ask(_("Due when?"), help=_("friday, +10d, 24.12.2026"))
    return chosen[0] if chosen else None


@command(
    "{entity}.wait", N_("waits for"), keys=("w",), scope="list record", of=_is_task, why_not=needs_record_to_change,
    rank=27, takes=("needs",),
)  # fmt: skip
async def wait(context: Context) -> None:
    """Let the task wait for another one, which has to be done first; choosing none lets it wait for nothing."""
    from crm_tui.services import tasking

    ids = await context.records()
    text = context.arguments.get("needs")
    if text is None:
        from crm_tui.queries import tasks

        offered = await context.call(tasks.candidates, ids[0])
        choices = [Choice("", _("for nothing"))]
        choices += [Choice(f"#{record}", title) for record, title in offered if record not in ids]
        chosen = await context.screen.choose(_("Waits for which task?"), choices)
        if chosen is None:
            return
        text = chosen[0]
    if not text:
        said = await context.call(tasking.free, context.workspace, context.actor, ids)
        context.say(said or _("Nothing to change: they are so already."))
        return
    needed = await asking.named(context, "task", text, "needs")
    context.say(await context.call(tasking.wait_for, context.workspace, context.actor, ids, needed))


def _calendar(context: Context) -> CalendarView:
    view = context.screen.calendar_view
    if view is None:
        raise CrmError(_("There is no calendar here."))
    return view


@command("calendar.left", N_("day before"), keys=("h", "left"), scope="calendar", in_program=True, instant=True,
         rank=101)  # fmt: skip
async def day_before(context: Context) -> None:
    """Move to the day before."""
    _calendar(context).sideways(-1)


@command("calendar.right", N_("next day"), keys=("l", "right"), scope="calendar", in_program=True, instant=True,
         rank=101)  # fmt: skip
async def next_day(context: Context) -> None:
    """Move to the next day."""
    _calendar(context).sideways(1)


@command("calendar.open", N_("the day's tasks"), keys=("enter",), scope="calendar", in_program=True, rank=1)
async def open_day(context: Context) -> None:
    """Show the tasks of the day at the cursor as a list; esc shows all again, b the month."""
    await _calendar(context).open_day()
