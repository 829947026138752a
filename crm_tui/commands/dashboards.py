"""Moving on the dashboard, choosing its time, and opening what is behind a number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.commands.context import Context
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError
from crm_tui.i18n import N_, _

if TYPE_CHECKING:
    from crm_tui.commands.shown import DashboardView


def view_of(context: Context) -> DashboardView:
    """Return the dashboard on the screen. Raises CrmError."""
    view = context.screen.dashboard_view
    if view is None:
        raise CrmError(_("There is no dashboard on the screen."))
    return view


@command("go.dashboard", N_("dashboard"), keys=("g d",), scope="list record rows dashboard", in_program=True, rank=102)
async def go_dashboard(context: Context) -> None:
    """Go to the dashboard: the numbers the business is run by."""
    await context.screen.open_screen("dashboard")


@command("cards.down", N_("down"), keys=("j", "down"), scope="dashboard", in_program=True, rank=101, instant=True)
async def down(context: Context) -> None:
    """Move to the bar below, or to the card below."""
    view_of(context).move(0, 1)


@command("cards.up", N_("up"), keys=("k", "up"), scope="dashboard", in_program=True, rank=101, instant=True)
async def up(context: Context) -> None:
    """Move to the bar above, or to the card above."""
    view_of(context).move(0, -1)


@command("cards.right", N_("right"), keys=("l", "right"), scope="dashboard", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def right(context: Context) -> None:
    """Move to the upright bar at the right, or to the card there."""
    view_of(context).move(1, 0)


@command("cards.left", N_("left"), keys=("h", "left"), scope="dashboard", in_program=True, rank=101, instant=True)
async def left(context: Context) -> None:
    """Move to the upright bar at the left, or to the card there."""
    view_of(context).move(-1, 0)


@command("cards.next", N_("next card"), keys=("tab",), scope="dashboard", in_program=True, rank=101, instant=True)
async def next_card(context: Context) -> None:
    """Move to the next card."""
    view_of(context).next_card(1)


@command("cards.previous", N_("card before"), keys=("shift+tab",), scope="dashboard", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def previous_card(context: Context) -> None:
    """Move to the card before."""
    view_of(context).next_card(-1)


@command("cards.open", N_("records"), keys=("enter",), scope="dashboard", in_program=True, rank=1)
async def open_records(context: Context) -> None:
    """Open the list of exactly the records that the number or bar at the cursor counts."""
    await view_of(context).open()


@command("cards.zoom", N_("zoom"), keys=("z",), scope="dashboard", in_program=True, rank=2)
async def zoom(context: Context) -> None:
    """Show the card at the cursor on the whole screen with its definition, or all cards again."""
    view_of(context).zoom()


@command("cards.earlier", N_("earlier"), keys=("[",), scope="dashboard", in_program=True, rank=3)
async def earlier(context: Context) -> None:
    """Show the period before."""
    view_of(context).show_step(-1)


@command("cards.later", N_("later"), keys=("]",), scope="dashboard", in_program=True, rank=4)
async def later(context: Context) -> None:
    """Show the period after."""
    view_of(context).show_step(1)


@command("cards.wider", N_("wider"), keys=("{",), scope="dashboard", in_program=True, rank=5)
async def wider(context: Context) -> None:
    """Show a longer time: of a month the quarter, of a quarter the year."""
    view_of(context).widen(1)


@command("cards.narrower", N_("narrower"), keys=("}",), scope="dashboard", in_program=True, rank=6)
async def narrower(context: Context) -> None:
    """Show a shorter time: of a year the quarter, of a quarter the month."""
    view_of(context).widen(-1)


@command("cards.period", N_("period"), keys=("p",), scope="dashboard", in_program=True, takes=("period",), rank=7)
async def period(context: Context) -> None:
    """Show the numbers of a time in words: this-quarter, last-month, 2026, 2026-Q3, 2026-10-01..2026-10-15."""
    text = context.arguments.get("period") or await context.screen.ask(
        _("Which time?"), help=_("this-quarter, last-month, 2026, 2026-Q3, 2026-10, 2026-10-01..2026-10-15")
    )
    if text and text.strip():
        view_of(context).show_period(text)


@command("cards.filter", N_("filter all"), keys=("/",), scope="dashboard", in_program=True, takes=("query",), rank=8)
async def filter_all(context: Context) -> None:
    """Count on every card only what matches a query, too; empty counts everything again. Fields of clients fit the
    cards of their orders and tasks as well."""
    view = view_of(context)
    text = context.arguments.get("query")
    if text is None:
        text = await context.screen.ask(
            _("Count only what matches"),
            view.filter,
            help=_("a query, like country:peru; cards it does not fit say so. Empty: everything"),
        )
    if text is not None:
        view.show_filter(text)


@command("cards.compare", N_("against"), keys=("c",), scope="dashboard", in_program=True, rank=9)
async def compare(context: Context) -> None:
    """Compare with the period before, with the same time a year before, or with nothing."""
    view_of(context).compare()


@command("cards.choose", N_("other dashboard"), keys=("D",), scope="dashboard", in_program=True,
         takes=("dashboard",), rank=10)  # fmt: skip
async def choose(context: Context) -> None:
    """Show another dashboard."""
    view = view_of(context)
    name = context.arguments.get("dashboard")
    if name is None:
        chosen = await context.screen.choose(_("Which dashboard?"), await view.choices())
        name = chosen[0] if chosen else None
    if name:
        await view.show_dashboard(name)


@command("cards.report", N_("report"), keys=("R",), scope="dashboard", in_program=True, takes=("file",),
         rank=11, outside=True)  # fmt: skip
async def report(context: Context) -> None:
    """Write what is shown to a file: plain text, HTML, PDF or CSV, as its ending says."""
    text = context.arguments.get("file") or await context.screen.ask(
        _("Write to which file?"), help=_("it ends with .txt, .html, .pdf or .csv")
    )
    if text and text.strip():
        written = await view_of(context).report(Path(text.strip()).expanduser())
        context.say(_("Written to {file}").format(file=written))
