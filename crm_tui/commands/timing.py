"""Time by keyboard: a timer started and stopped, time booked in one line; the next of the team's queue taken."""

from __future__ import annotations

from crm_tui.commands import asking
from crm_tui.commands.context import Context, needs_change, needs_record
from crm_tui.commands.making import doubtful
from crm_tui.commands.registry import command
from crm_tui.errors import ANYWAY, BadInput
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.scope import why_not_change


def _is_worked_on(entity: Entity) -> bool:
    return entity.name in ("order", "task", "client")


def _is_taken(entity: Entity) -> bool:
    return entity.name in ("order", "task")


def _may_book(context: Context) -> str:
    return why_not_change(context.actor, entities["time_entry"]) or needs_record(context)


def _may_stop(context: Context) -> str:
    return why_not_change(context.actor, entities["time_entry"])


async def _one(context: Context) -> dict[str, int]:
    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Choose one: time is booked on one thing."))
    return {context.of.name: ids[0]}


@command("go.time", N_("time"), keys=("g b",), scope="list record rows dashboard", in_program=True, rank=110)
async def go_time(context: Context) -> None:
    """Go to the time that was booked."""
    await context.screen.open_list(entities["time_entry"])


@command(
    "{entity}.timer", N_("start timer"), keys=("T",), scope="list record", of=_is_worked_on, why_not=_may_book, rank=29,
    takes=(ANYWAY,),
)  # fmt: skip
async def start(context: Context) -> None:
    """Let your timer run on the order, task or client; one that runs on something else is stopped and booked. It goes
    on when you leave; the first line shows it."""
    from crm_tui.services import timing  # start-up is budgeted

    context.say(await doubtful(context, timing.start, await _one(context)))


@command("time.stop", N_("stop timer"), keys=("ctrl+t",), scope="list record rows dashboard", why_not=_may_stop,
         rank=90, takes=("minutes", ANYWAY))  # fmt: skip
async def stop(context: Context) -> None:
    """Stop your timer, whatever it runs on, and book its time; minutes=1h30 books another one."""
    from crm_tui.services import timing

    minutes = None
    if text := context.arguments.get("minutes"):
        try:
            minutes = entities["time_entry"].fields["minutes"].check(text)
        except ValueError as error:
            raise BadInput(str(error), field="minutes") from error
    context.say(await doubtful(context, timing.stop, minutes=minutes) or _("No timer runs."))


@command(
    "{entity}.book", N_("book time"), keys=("B",), scope="list record", of=_is_worked_on, why_not=_may_book, rank=30,
    takes=("line",),
)  # fmt: skip
async def book(context: Context) -> None:
    """Book time on the order, task or client in one line: how long it was, and what was done; (not billable) where it
    is not to be paid."""
    from crm_tui.services import timing

    about = await _one(context)

    async def add(text: str) -> str:
        return str(await context.call(timing.book, context.workspace, context.actor, about, text))

    if "line" in context.arguments:
        context.say(await add(context.arguments["line"]))
        return
    help = _("1h30 first draft, or 45m call (not billable)")
    await asking.lines(context, _("Book time"), help, add, once=True)


@command("{entity}.take", N_("take next"), keys=("Q",), scope="list", of=_is_taken, why_not=needs_change, rank=31)
async def take(context: Context) -> None:
    """Take the next order, or task, of your teams that nobody has: the most pressing, then what is due first."""
    from crm_tui.services import queueing

    record, said = await context.call(queueing.take, context.workspace, context.actor, context.of)
    context.found = [{"id": record}]
    context.say(said)
    if context.ui is not None:
        await context.ui.open_record(context.of, record)
